"""Doors of people who look again: `review determination`, `review claims`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from holdfire.doors.options import HERE, Where
from holdfire.doors.record import Keys, pass_on

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Look again at what was determined, or at what was read.",
)


@app.command()
def determination(
    name: Annotated[
        str, typer.Argument(metavar="{determination}", help="Id of the determination, or its beginning.")
    ],
    status: Annotated[str, typer.Option(help="verified, suspended, withdrawn or under_review.")] = "verified",
    reason: Annotated[str, typer.Option(help="Why; it is published.")] = "",
    out: Annotated[Path, typer.Option(help="File to write the draft to.")] = Path("review.draft"),
    key: Keys = None,
    case: Where = HERE,
) -> None:
    """Draw up what an editor finds of a determination, to sign and enter; two who agree make it verified."""
    from holdfire import reviews, signing
    from holdfire.case import Case
    from holdfire.errors import BadInput, nearest
    from holdfire.times import utc

    known = [each.value for each in reviews.SAID]
    if status not in known:
        raise BadInput(
            f'"{status}" is no finding of a review', hint=nearest(status, known) or ", ".join(known)
        )
    opened = Case.open(case)
    with opened.ledger() as ledger:
        found = reviews.one(ledger, name)
    drawn = signing.draft_review(
        of=found.value["determination_id"],
        entry=found.leaf,
        status=status,
        at=utc(opened.now()),
        by=opened.by,
        reason=reason,
    )
    pass_on(drawn, out, key, case)
