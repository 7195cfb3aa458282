"""`holdfire actors`: what a name meant on a date, and why; who held an office then."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from holdfire.doors.options import HERE, Json, Where

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Look up names of actors, as they were borne on a date.",
)

On = Annotated[str, typer.Option("--on", help="The day a text was published: 2016-07-01.")]


@app.command("look")
def look(
    name: Annotated[str, typer.Argument(help="As a text writes it.")],
    on: On,
    case: Where = HERE,
    as_json: Json = False,
) -> None:
    """Say whom NAME meant on a day: first in the case, if one is here, then in the public dictionaries."""
    from holdfire.reading.looking import look as looked

    day = _day(on)
    found = looked(name, day)
    own = _of_case(case, name, day)
    if as_json:
        typer.echo(json.dumps({**found.json, "case": own}, indent=2, ensure_ascii=False))
    else:
        if own:
            typer.echo(f"in this case: {own}")
        typer.echo(str(found))
    if not own and found.meant is None and not found.label:
        raise typer.Exit(1)


@app.command("holder")
def holder(
    state: Annotated[str, typer.Argument(help="A state or an organisation.")],
    office: Annotated[str, typer.Argument(help='Such as "secretary of state".')],
    on: On,
) -> None:
    """Say who held an office of a state or an organisation on a day."""
    from holdfire.reading.looking import held

    found = held(state, office, _day(on))
    typer.echo(found or "not known to us")
    if found is None:
        raise typer.Exit(1)


def _day(text: str) -> date:
    from holdfire.errors import BadInput

    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f'"{text[:40]}" is not a day', hint="a day of the calendar: 2016-07-01") from None


def _of_case(case: Path, name: str, day: date) -> str | None:
    """Return the actor of the case here that the name meant that day; None: no case is here, or no one."""
    from holdfire.errors import HoldfireError
    from holdfire.folder import Folder

    try:
        folder = Folder.find(case)
    except HoldfireError:
        return None
    return folder.names.find(name, datetime(day.year, day.month, day.day, 12, tzinfo=folder.zone))
