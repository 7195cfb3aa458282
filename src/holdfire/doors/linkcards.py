"""Two records side by side on a terminal, with nothing that says how likely they were held to be one."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

import typer
from rich.console import Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from holdfire.doors.walking import LEAVE, walk
from holdfire.links.review import Card, LinkReview, Shown
from holdfire.records.link import Linked, Said

KEYS = {"s": Said.SAME, "d": Said.DIFFERENT, "u": Said.UNSURE}

HELP = "s same   d different   u unsure   n with a note   ? what counts   space next   b back   q leave"

MEANS = {
    Linked.INCIDENT: (
        "Same: both speak of one thing that happened once, at one place, in one stretch of time, however much"
        " they differ on numbers, names or who did it. A day's total and one strike of it are different."
        " A denial of a strike speaks of that strike. If the texts leave it open, you are unsure."
    ),
    Linked.PERSON: (
        "Same: both entries are of one person. A name may be spelt otherwise, an age be off, a day be that of"
        " the funeral. Brothers and sisters who died together share all but the given name: different."
        " If two people could be called so, died then and there, you are unsure."
    ),
}
"""What counts, said before anyone judges: reviewers who read it otherwise cannot agree."""


def look(review: LinkReview, cards: list[Card], getkey: Callable[[], str] = typer.getchar) -> int:
    """Show the pairs until they end or the reviewer leaves; return how many were judged."""

    def act(at: int, key: str) -> bool | None:
        if key == "?":
            typer.echo(f"\n{MEANS[review.pairs.kind]}\n\nany key goes on")
            getkey()
            return None
        why = ""
        if key == "n":
            why = str(typer.prompt("note, naming no person", default="", show_default=False))[:200]
            typer.echo("s same   d different   u unsure")
            key = getkey()
        if key not in KEYS:
            return None
        review.judge(cards[at], KEYS[key], why)
        return True

    return walk(len(cards), lambda at: _shown(review, cards[at], at, len(cards)), act, getkey, LEAVE)


def _shown(review: LinkReview, card: Card, at: int, count: int) -> Group:
    one, other = review.shown(card)
    side = Table.grid(expand=True, padding=(0, 1))
    side.add_column(ratio=1)
    side.add_column(ratio=1)
    side.add_row(*(Panel(_record(a, b), title=a.title) for a, b in ((one, other), (other, one))))
    what = "incident" if review.pairs.kind is Linked.INCIDENT else "person"
    asked = Text(f"one {what}, or two?   {at + 1} of {count}   {review.by}", style="bold")
    return Group(side, asked, Text(HELP, style="dim"))


def _record(mine: Shown, other: Shown) -> Group:
    """Return one record, its fields in the order of both, so that the same field stands on the same line."""
    names = list(dict.fromkeys(chain(mine.fields, other.fields)))
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right", style="dim")
    table.add_column(overflow="fold")
    for name in names:
        said = mine.fields.get(name, "")
        # Weight, not colour: what differs must be seen by everyone, and on paper.
        differs = bool(said) and bool(other.fields.get(name)) and said != other.fields[name]
        table.add_row(name, Text(said or "-", style="bold" if differs else ""))
    if mine.words is None:
        return Group(table)
    before, words, after = mine.words
    return Group(table, Text(), Text.assemble((before, "dim"), (words, "bold"), (after, "dim")))
