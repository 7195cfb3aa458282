"""Door to placing: `place`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from holdfire.doors.options import HERE, Json, Where


def place(
    files: Annotated[list[Path], typer.Argument(help="Reports that the case does not hold.", exists=True)],
    source: Annotated[str, typer.Option(help="Source id of the publisher.")] = "",
    published: Annotated[str, typer.Option(help="When it was published, ISO 8601.")] = "",
    form: Annotated[str, typer.Option("--format", help="Format to read it with.")] = "",
    case: Where = HERE,
    as_json: Json = False,
) -> None:
    """Print which incident each claim of a report would join or make, and change nothing.

    The first time after a run it makes ready, which takes about as long as reading the claims; after that
    only what the report touches is looked at.
    """
    from holdfire.case import Case
    from holdfire.placements import place_files

    found = place_files(
        Case.open(case), files, source=source, dated=published, form=form, tell=_notice, notice=_notice
    )
    if as_json:
        typer.echo(json.dumps(found.json, ensure_ascii=False))
        return
    for line in found.lines():
        typer.echo(line)


def _notice(text: str) -> None:
    typer.echo(text, err=True)
