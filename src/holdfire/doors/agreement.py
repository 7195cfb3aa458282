"""`holdfire agreement`: hold a stack to account, say who is bound on a day, say what changed for whom."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from holdfire.doors.options import HERE, Json, Where

if TYPE_CHECKING:
    from holdfire.case import Case

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Look at the agreement of a case.")


@app.command("check")
def check(case: Where = HERE, as_json: Json = False) -> None:
    """Check what people wrote, and the stack: contradictions, gaps in time, undefined words, bare clauses."""
    from holdfire import agreed, agreedshown

    opened = _open(case)
    found = agreed.check(opened)
    if as_json:
        _print(agreedshown.checked_json(found, opened.agreement))
    else:
        _say(agreedshown.checked(found, opened.agreement))
    if found.problems:
        raise typer.Exit(1)


@app.command("show")
def show(
    on: Annotated[str, typer.Option("--on", help="The local day asked about: 2016-08-01.")],
    actor: Annotated[
        str,
        typer.Option("--actor", help="Whose standing: an id, or a name borne on that day; left out: all."),
    ] = "",
    case: Where = HERE,
    as_json: Json = False,
) -> None:
    """Say who is bound on a day, to what, and by which clause; what no text settles reads unclear."""
    from holdfire import agreed, agreedshown

    opened = _open(case)
    found = agreed.show(opened, agreed.day_of(on), actor)
    if as_json:
        _print(agreedshown.on_day_json(found, opened.agreement, on))
    else:
        _say(agreedshown.on_day(found, opened.agreement, opened.folder.names, on, brief=not actor))


@app.command("duties")
def duties(
    on: Annotated[str, typer.Option("--on", help="The local day asked about: 2016-08-01.")],
    actor: Annotated[str, typer.Option("--actor", help="Whose duties; left out: everyone bound.")] = "",
    case: Where = HERE,
    as_json: Json = False,
) -> None:
    """Say of each duty to do something whether it was met by that day: met, not met or unknown, and why."""
    from holdfire import agreed, agreedshown

    opened = _open(case)
    claims = (table for _, table in opened.claims())
    found = agreed.duties(opened, claims, agreed.day_of(on), actor)
    if as_json:
        _print(agreedshown.owed_json(found, opened.agreement))
    else:
        _say(agreedshown.owed(found, opened.agreement, opened.folder.names))


@app.command("diff")
def diff(
    first: Annotated[str, typer.Argument(help="A day, an instrument of the case, or another case folder.")],
    second: Annotated[str, typer.Argument(help="Another of the same sort.")],
    actor: Annotated[str, typer.Option("--actor", help="Only what changed for this actor.")] = "",
    case: Where = HERE,
    as_json: Json = False,
) -> None:
    """Say what changed for whom on which day: between two days, two texts of the stack, or two agreements."""
    from holdfire import agreed, agreedshown

    folders = Path(first), Path(second)
    if all(each.is_dir() for each in folders):
        found = agreed.parted(_open(folders[0]), _open(folders[1]), actor)
    else:
        found = agreed.changed(_open(case), first, second, actor)
    if as_json:
        _print(agreedshown.changed_json(found))
    else:
        _say(agreedshown.changed(found, everyone=not actor))


def _open(path: Path) -> Case:
    from holdfire.case import Case

    return Case.open(path)


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)


def _print(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
