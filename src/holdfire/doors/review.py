"""Doors of people who look again: `review determination`, `claims`, `links` and `agreement`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from holdfire.doors.options import HERE, Json, Where
from holdfire.doors.record import Keys, pass_on

if TYPE_CHECKING:
    from holdfire.links.review import Card, Compared, Effect, LinkReview

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Look again at what was determined, at what was read, or at what was joined.",
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


@app.command()
def links(  # noqa: PLR0913, PLR0917 - each is an option
    pair: Annotated[
        list[str] | None, typer.Argument(metavar="[ONE OTHER]", help="Two ids: this pair alone.")
    ] = None,
    people: Annotated[
        bool, typer.Option("--people", help="Entries of lists of the dead, instead of claims.")
    ] = False,
    by: Annotated[str, typer.Option(help="Who judges; without it, HOLDFIRE_BY.")] = "",
    audit: Annotated[
        bool, typer.Option("--audit", help="Only the sample over all weights, which odds are calibrated on.")
    ] = False,
    disputed: Annotated[
        bool, typer.Option("--disputed", help="Only pairs that people differ on, to settle them.")
    ] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Leave out what anyone else judged.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Show what you judged before as well.")] = False,
    seed: Annotated[
        int, typer.Option(min=0, help="What the sample is drawn by; reviewers who compare share it.")
    ] = 0,
    as_list: Annotated[
        bool, typer.Option("--list", help="List what there is to look at, and ask nothing.")
    ] = False,
    case: Where = HERE,
    as_json: Json = False,
) -> None:
    """Look at pairs that may be one, side by side, without their score; one key a judgement.

    What would move published numbers most comes first. Judgements are added to hand/links.jsonl; the next
    run joins or parts what was decided. Nobody sees what another said until both have.
    """
    from holdfire.doors.linkcards import look
    from holdfire.errors import BadInput
    from holdfire.links.review import Wanted

    if pair and len(pair) != 2:
        raise BadInput("a pair has two ids", hint="holdfire review links c-… c-…")
    review = _link_review(case, by, people)
    for each in review.pairs.lost:
        typer.echo(f"{each.by} judged a pair on {each.at} that is no pair any more; look again", err=True)
    only = review.pairs.pair(*pair) if pair else None
    cards = review.cards(Wanted(audit, again, fresh, disputed, seed, only))
    if as_list or as_json:
        _list(cards, as_json, people)
        return
    if not sys.stdin.isatty():
        raise BadInput("a review needs a terminal", hint="--list prints what there is to look at")
    if review.by == "unnamed":
        raise BadInput("nobody says who judges", hint="--by NAME, or set HOLDFIRE_BY")
    done = look(review, cards)
    typer.echo(f"{done:,} judged, {len(cards) - done:,} left")


def _link_review(case: Path, by: str, people: bool) -> LinkReview:
    from holdfire.case import Case
    from holdfire.links.claims import ClaimPairs
    from holdfire.links.people import PeoplePairs
    from holdfire.links.review import LinkReview

    opened = Case.open(case)
    return LinkReview(opened, PeoplePairs(opened) if people else ClaimPairs(opened), by)


def _effect(effect: Effect, people: bool) -> dict[str, int]:
    """Return what a verdict would move; of two entries, one person more or fewer and nothing else."""
    if people:
        return {"people": effect.incidents}
    return {"incidents": effect.incidents, "deaths": effect.deaths, "breaches": effect.breaches}


def _moved(effect: Effect, people: bool) -> str:
    single = {"people": "person", "incidents": "incident", "deaths": "death", "breaches": "breach"}
    told = _effect(effect, people).items()
    return ", ".join(f"{number:,} {single[what] if number == 1 else what}" for what, number in told)


def _list(cards: list[Card], as_json: bool, people: bool) -> None:
    for card in cards:
        one, other = card.pair
        if as_json:
            typer.echo(json.dumps({"one": one, "other": other, **_effect(card.effect, people)}))
        else:
            typer.echo(f"{one}  {other}  would move {_moved(card.effect, people)}")


@app.command()
def agreement(case: Where = HERE, as_json: Json = False) -> None:
    """Say how far reviewers of links agree, and on which pairs they differ."""
    from holdfire.folder import Folder
    from holdfire.links.review import compared
    from holdfire.records.link import Linked, settle

    listed = Folder.find(case).judgements
    found = compared(listed)
    if as_json:
        typer.echo(json.dumps([_agreed(each) for each in found], indent=2))
        return
    for each in found:
        typer.echo(_said(each))
    for kind in Linked:
        settled = settle(each for each in listed if each.kind is kind)
        for what, pairs in (
            ("differ on", settled.disputed),
            ("cannot all be right on", settled.contradicted),
        ):
            for one, other in pairs:
                typer.echo(f"reviewers {what} {kind} {one[:8]}{one[64:]} and {other[:8]}{other[64:]}")
        if settled.disputed or settled.contradicted:
            option = " --people" if kind is Linked.PERSON else ""
            typer.echo(f"none of these joins or parts anything: `holdfire review links{option} --disputed`")
    if not found:
        typer.echo("no pair was judged by two people")


def _agreed(each: Compared) -> dict[str, object]:
    found = each.agreement
    told = {"kind": str(each.kind), "one": each.one, "other": each.other, "both": found.both}
    return {**told, "alike": found.alike, "unsure": each.unsure, "raw": found.raw, "kappa": found.kappa}


def _said(each: Compared) -> str:
    found = each.agreement
    who = f"{each.kind}s: {each.one} and {each.other}"
    if found.raw is None:
        return f"{who} have no pair that both were sure of; {each.unsure} that one was unsure of"
    share, low, high = (round(100 * value) for value in found.raw)
    told = f"{who} agree on {found.alike} of {found.both} ({share} %, 95 % interval {low} to {high} %)"
    if found.kappa is None:
        return f"{told}; both gave one answer throughout, so that kappa says nothing; {each.unsure} unsure"
    kappa, least, most = found.kappa
    return f"{told}; Cohen's kappa {kappa:.2f} ({least:.2f} to {most:.2f}); {each.unsure} unsure"
