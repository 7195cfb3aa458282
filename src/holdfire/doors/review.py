"""Doors of people who look again: `review determination`, `review claims`."""

from __future__ import annotations

import sys
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


@app.command()
def claims(
    only: Annotated[
        str, typer.Argument(metavar="{only}", help="Start of an event type, or of a report's id.")
    ] = "",
    again: Annotated[bool, typer.Option(help="Show what was judged before as well.")] = False,
    as_list: Annotated[
        bool, typer.Option("--list", help="List what there is to look at, and ask nothing.")
    ] = False,
    case: Where = HERE,
) -> None:
    """Look at claims one after another, text and claim side by side, one key a judgement.

    Judgements are added to hand/claims.jsonl; the next run takes them in, and so does any better reader.
    """
    from holdfire.case import Case
    from holdfire.doors.cards import look
    from holdfire.errors import BadInput
    from holdfire.reviewing import Review

    review = Review(Case.open(case))
    for line in review.lost():
        typer.echo(f"{line}; look again", err=True)
    cards = review.cards(only, again=again)
    if as_list:
        for card in cards:
            a, b = card.trigger
            what = "no claim" if card.claim is None else ", ".join(card.differs) or "claim"
            typer.echo(f"{card.report.name}  {a}-{b}  {card.type}  {what}")
        return
    if not sys.stdin.isatty():
        raise BadInput("a review needs a terminal", hint="--list prints what there is to look at")
    done = look(review, cards)
    typer.echo(f"{done:,} judged, {len(cards) - done:,} left")
