"""`holdfire lists`: the lists of the dead in a case, in numbers; no name is printed."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from holdfire.doors.options import HERE, Json, Where
from holdfire.errors import BadInput

if TYPE_CHECKING:
    from holdfire.keeping import Summary
    from holdfire.listed import Listed

HEADS = ("list", "entries", "named", "age", "day", "again", "shared", "people")

Names = Annotated[bool, typer.Option("--names", help="Show names of list entries: on a terminal only.")]


def lists(case: Where = HERE, as_json: Json = False) -> None:
    """Show each list of the dead: its entries, what can be compared, what repeats, and its people."""
    from holdfire.case import Case
    from holdfire.listed import of_case

    found = of_case(Case.open(case))
    if as_json:
        typer.echo(json.dumps([asdict(each) for each in found], ensure_ascii=False, indent=2))
        return
    if not found:
        typer.echo("no list of the dead is in this case")
        return
    table = [HEADS, *(_row(each) for each in found)]
    widths = [max(len(row[at]) for row in table) for at in range(len(HEADS))]
    for row in table:
        cells = [
            row[0].ljust(widths[0]),
            *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True)),
        ]
        typer.echo("  ".join(cells))
    for each in found:
        typer.echo(f"{each.name}: {each.scope or 'who is on it is not said: `scope:` of its mapping'}")
        if each.copies:
            typer.echo(f"  nearly all of it stands word for word in {each.copies}: the two are one witness")


def _row(each: Listed) -> tuple[str, ...]:
    numbers = (
        each.entries, each.named, each.aged, each.dated, each.again, each.shared, each.people,
    )  # fmt: skip
    return each.name, *(f"{number:,}" for number in numbers)


def told(found: Summary) -> list[str]:
    """Return what `run` says of lists and people; of a case without lists, nothing."""
    if not found.entries:
        return []
    span = f" ({found.people_low:,} to {found.people_high:,})" if found.people_low is not None else ""
    said = [f"{found.entries:,} list entries, {found.people:,} people{span}"]
    if found.alone:
        said.append(f"  {found.alone:>9,}  entries name no one; each stands alone")
    if found.crowded_entries:
        said.append(f"  {found.crowded_entries:>9,}  entries or more were compared with their nearest only")
    if found.unheeded:
        said.append(
            f"  {found.unheeded:>9,}  pairs judged the same stay apart: a list that repeats nobody has both"
        )
    return said


def shown(names: bool, as_json: bool) -> bool:
    """Return whether names may be shown.

    Raises:
        BadInput: They are asked for, and the output is no terminal: it may be a file or a log.
    """
    if names and (as_json or not sys.stdout.isatty()):
        raise BadInput(
            "names are shown on a terminal only, and this output is none",
            hint="without --names, ids and rows are shown; the list itself is in the vault",
        )
    return names
