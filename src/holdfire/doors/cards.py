"""Cards on a terminal: text and claim side by side, one key a judgement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer
from rich.console import Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from holdfire.doors.walking import LEAVE, walk
from holdfire.reading.types import event_types
from holdfire.records.claim import Kind, Modality, Stance
from holdfire.records.correction import Act
from holdfire.reviewing import Card, Review, before

ASIDE = 400
"""Characters of the text shown before and after a claim."""

FIELDS: dict[str, tuple[str, Callable[[], list[str]]]] = {
    "t": ("event_type", lambda: list(event_types())),
    "s": ("stance", lambda: list(map(str, Stance))),
    "m": ("modality", lambda: list(map(str, Modality))),
    "n": ("negated", lambda: ["true", "false"]),
    "k": ("kind", lambda: list(map(str, Kind))),
    "w": ("actors", lambda: ["actor ids apart by spaces, or none"]),
    "o": ("targets", lambda: ["actor ids apart by spaces, or none"]),
    "d": ("time", lambda: ["2016-03-01, 2016-03, 2016-03-01/2016-03-04, or none"]),
    "p": ("place", lambda: ["id or name of a place of the case, or none"]),
    "i": ("killed", lambda: ["12, 8-12, 8+ or none"]),
    "q": ("quantity", lambda: ["12, 8-12, 8+ or none"]),
}
"""Keys that set a field: its name, and what may be written."""

KEYS = (
    "a accept   r reject   u undo   space next   b back   x leave\n"
    "t type   s stance   m modality   n negated   k kind   w who   o on whom   d date   p place   i killed   "
    "q number\n"
    "l name for actors.yaml   c test of a cue"
)
MISSED = "+ a claim is missing here   i nothing is   space next   b back   x leave"


def look(review: Review, cards: list[Card], getkey: Callable[[], str] = typer.getchar) -> int:
    """Show the cards until they end or the reviewer leaves; return how many were judged."""
    return walk(
        len(cards),
        lambda at: _shown(cards[at], at, len(cards)),
        lambda at, key: _judge(review, cards[at], key),
        getkey,
        leave=tuple(key for key in LEAVE if key not in FIELDS),
    )


def _judge(review: Review, card: Card, key: str) -> bool | None:
    """Judge a card; True: go on to the next; False: stay; None: the key means nothing here."""
    if key == "u":
        review.judge(card, Act.UNDO)
        return False
    if card.claim is None:
        return _of_missed(review, card, key)
    if key in ("a", "r"):
        review.judge(card, Act.ACCEPT if key == "a" else Act.REJECT, why=_why() if key == "r" else "")
        return True
    if key in FIELDS:
        name, values = FIELDS[key]
        listed = values()
        typer.echo(f"{name}: {', '.join(listed)}")
        after = typer.prompt(name, default=before(card.claim, name))
        review.judge(card, Act.SET, field=name, after=after)
        return False
    return _proposed(review, card, key)


def _proposed(review: Review, card: Card, key: str) -> bool | None:
    """Propose a name or a test of a rule."""
    claim = card.claim or {}
    if key == "l":
        name = typer.prompt("name as the text has it", default=claim["actors_text"] or "")
        made = review.propose_name(card, name, typer.prompt("actor id"))
        typer.echo(f"proposed in {made.name}")
        return False
    if key == "c":
        expected = {"type": card.type, "stance": typer.prompt("stance it should have")}
        made = review.propose_rule(card, expected)
        typer.echo(f"a test is in {made.name}; write the sentence anew before you share it")
        return False
    return None


def _of_missed(review: Review, card: Card, key: str) -> bool | None:
    if key == "i":
        review.judge(card, Act.IGNORE)
        return True
    if key == "+":
        review.judge(card, Act.ADD, type_=typer.prompt("event type", default=card.type))
        return True
    return None


def _why() -> str:
    return str(typer.prompt("why, naming no person", default="", show_default=False))


def _shown(card: Card, at: int, count: int) -> Group:
    side = Table.grid(expand=True, padding=(0, 1))
    side.add_column(ratio=3)
    side.add_column(ratio=2)
    side.add_row(
        Panel(_text(card), title=card.report.name), Panel(_claim(card), title=f"{at + 1} of {count}")
    )
    return Group(side, Text(KEYS if card.claim else MISSED, style="dim"))


def _text(card: Card) -> Text:
    """Return the words around a claim, its content and trigger marked."""
    spans = (
        [tuple(span) for span in card.claim["spans"]]
        if card.claim
        else [card.missed.sentence]
        if card.missed
        else []
    )
    start = max(0, min([card.trigger[0], *(a for a, _ in spans)]) - ASIDE)
    end = min(len(card.text), max([card.trigger[1], *(b for _, b in spans)]) + ASIDE)
    made = Text(card.text[start:end])
    for a, b in spans:
        made.stylize("bold", a - start, b - start)
    for link in (card.claim or {}).get("chain") or ():
        for span in [link["span"], *link["cues"]]:
            if span:
                made.stylize("italic", span[0] - start, span[1] - start)
    made.stylize("reverse", card.trigger[0] - start, card.trigger[1] - start)
    return made


def _claim(card: Card) -> Text:
    if card.claim is None:
        return Text(f"no claim was read here\n\nthe marked word may tell of\n{card.type}")
    claim = card.claim
    chain = " → ".join(link["text"] or link["source"] or "?" for link in claim["chain"])
    told: list[tuple[str, Any]] = [
        ("type", claim["event_type"]), ("says", chain), ("stance", claim["stance"]),
        ("modality", claim["modality"] + (", negated" if claim["negated"] else "")), ("kind", claim["kind"]),
        ("who", claim["actors_text"] or "-"), ("on", claim["targets_text"] or "-"),
        ("when", f"{claim['time_native'] or '-'} ({claim['time_precision']}) {before(claim, 'time')}"),
        ("where", f"{claim['place'] or '-'} ({claim['geo_precision']})"), ("killed", before(claim, "killed")),
        ("number", before(claim, "quantity")), ("rules", ", ".join(claim["rules"] or ())),
    ]  # fmt: skip
    made = Text("\n".join(f"{name:>8}  {value}" for name, value in told))
    if card.differs:
        made.append(f"\n\na second reader differs in {', '.join(card.differs)}", style="bold")
    return made
