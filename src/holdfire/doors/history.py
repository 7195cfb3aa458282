"""The door to `history`: what became of an incident or determination."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from holdfire.doors.options import HERE, Json, Where


def history(
    name: Annotated[str, typer.Argument(help="Id of an incident or determination, or its beginning.")],
    case: Where = HERE,
    as_json: Json = False,
) -> None:
    """Tell each version of a determination: what it said, what it superseded, and why."""
    from holdfire.case import Case
    from holdfire.versions.history import history as story

    opened = Case.open(case)
    with opened.ledger() as ledger:
        events = story(ledger, opened.engine, name)
    if as_json:
        typer.echo(json.dumps([each.json for each in events], ensure_ascii=False, indent=2))
        return
    for each in events:
        typer.echo(f"{each.at}  {each.text}")
