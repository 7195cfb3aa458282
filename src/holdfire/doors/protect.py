"""Doors to zones: `holdfire protect partition`, `propose`, `attest`, `verify`, `check`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from holdfire.doors import fixing, partition
from holdfire.doors.options import HERE, Json, Where

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Shelter places without pointing at them, and ask about published zones.",
)
app.command("partition")(partition.partition)
for _command in (fixing.propose, fixing.attest, fixing.verify):
    app.command()(_command)


@app.command("check")
def check(
    area: Annotated[
        Path, typer.Argument(help="GeoJSON of the area asked about.", exists=True, dir_okay=False)
    ],
    start: Annotated[str, typer.Option("--from", help="Start of the time asked about, ISO 8601.")],
    end: Annotated[str, typer.Option("--to", help="End of it.")],
    case: Where = HERE,
    as_json: Json = False,
) -> None:
    """Say which published zones an area touches; never a distance, a count or a nearest zone."""
    from holdfire.case import Case
    from holdfire.protecting.check import CLEARANCE

    touched = Case.open(case).touched(area.read_text(encoding="utf-8"), area.name, start, end)
    if as_json:
        typer.echo(
            json.dumps(
                {"touches": [{"zone": t.zone, "name": t.name, "in_force": t.in_force} for t in touched]},
                ensure_ascii=False,
                indent=2,
            )
        )
    elif touched:
        for touch in touched:
            name = touch.name.get("en", touch.zone)
            typer.echo(f"touches zone {touch.zone} ({name}); in force then: {touch.in_force}")
    else:
        typer.echo(CLEARANCE)
    if touched:
        raise typer.Exit(1)
