"""Dates and spans of time in a sentence, in its tokens.

The grammar is `reading.time`, one for all languages; here its answers are laid over the tokens of a sentence.
No day is ever given that the text does not give.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from holdfire.reading.prose.words.tokens import Sentence
from holdfire.reading.time.days import Anchor
from holdfire.reading.time.expression import Expression, Kind
from holdfire.reading.time.finding import find
from holdfire.reading.time.vocabulary import LANGUAGES, vocabulary
from holdfire.times import Interval, Precision


@dataclass(frozen=True, slots=True)
class When:
    """An expression of time.

    Attributes:
        start: First token.
        end: The token after the last.
        interval: What it names, in UTC; None: it cannot be said without a date of publication.
        precision: How fine it is.
        kind: at, since, until or as_of.
        total: Whether it names a span that things are counted over.
        anchor: What it rests on, of records.claim.ANCHORS; empty: nothing.
    """

    start: int
    end: int
    interval: Interval | None
    precision: Precision
    kind: str = "at"
    total: bool = False
    anchor: str = ""


def dates(s: Sentence, where: Anchor, language: str = "") -> list[When]:
    """Return the expressions of time in a sentence, in order, none overlapping another.

    Args:
        s: The sentence.
        where: The days on which the text may have been published.
        language: Its code; empty: as the sentence says, else English. Of one without words of time only
            what reads alike in English is found.
    """
    code = language or getattr(s, "code", "en")
    if code not in LANGUAGES:
        code = "en"
    seeds = vocabulary(code).seeds
    if code == "en" and not any(w in seeds or (w[0].isdigit() and len(w) >= 4) for w in s.words):
        return []
    found = find(_line(s), code, where)
    return [_laid(s, each) for each in found if each.kind != Kind.DURATION]


def _line(s: Sentence) -> str:
    """Return the sentence as one line, each token as far from its start as in the text."""
    parts: list[str] = []
    at = s.start
    for raw, start, end in zip(s.raws, s.starts, s.ends, strict=True):
        if start > at:
            parts.append(" " * (start - at))
        parts.append(raw)
        at = end
    return "".join(parts)


def _laid(s: Sentence, each: Expression) -> When:
    i = max(0, bisect_right(s.starts, each.start + s.start) - 1)
    j = bisect_left(s.starts, each.end + s.start)
    counted = each.kind in (Kind.SPAN, Kind.SINCE)
    kind = Kind.AT if each.kind == Kind.SPAN else each.kind
    return When(i, max(i + 1, j), each.interval, each.precision, kind, counted, each.anchor or "")
