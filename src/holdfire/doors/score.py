"""Door to marking against a simulated world: `score`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from holdfire.doors.options import Json


def score(
    case: Annotated[Path, typer.Argument(help="Case folder of a simulated world, after a run.", exists=True)],
    truth: Annotated[Path, typer.Option(help="Folder `truth` of the world.", exists=True)],
    as_json: Json = False,
) -> None:
    """Mark what a run found of a simulated world against the world's truth."""
    from holdfire.case import Case
    from holdfire.scoring import score as marked

    found = marked(Case.open(case), truth)
    if as_json:
        typer.echo(json.dumps(found.json, ensure_ascii=False))
        return
    for line in found.lines():
        typer.echo(line)
