"""Dates of running text in four languages, on the reader's own set; tests/dates/README.md says what is right.

An invented day is an answer of a day or finer where the words give none, or a wrong day. The control is a
reader that answers the first day where a text says a month or less: the measure must catch it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.figures import Figure, share
from holdfire import times
from holdfire.reading.time import LANGUAGES, Expression, anchor, find
from holdfire.times import Interval, Precision

SET = Path(__file__).resolve().parents[2] / "tests" / "dates"
ZONE = ZoneInfo("Asia/Damascus")
PUBLISHED = {"A": "2016-03-02", "B": "2016-06-30", "C": "2016-09-20", "D": "2017-01-04", "N": ""}
FINE = (Precision.DAY, Precision.HOUR, Precision.MINUTE)
EXACT = (*FINE, Precision.MONTH, Precision.YEAR)

Finder = Callable[[str, str, str], Sequence[Expression]]


@dataclass(frozen=True)
class Wanted:
    """What one expression of the set means.

    Attributes:
        span: Its code points.
        interval: None: cannot be said.
        precision: How fine.
        kind: How it bounds.
        anchor: What it rests on; None: nothing.
        vague: An answer may be much wider.
    """

    span: tuple[int, int]
    interval: Interval | None
    precision: str
    kind: str
    anchor: str | None
    vague: bool


@dataclass(frozen=True)
class Line:
    """One sentence of the set."""

    language: str
    number: int
    published: str
    text: str
    wanted: tuple[Wanted, ...]

    @property
    def hidden(self) -> bool:
        """Whether it belongs to the half that rules were not written on."""
        return self.number % 2 == 0


@dataclass(frozen=True)
class Mark:
    """How one expression, or one sentence without any, was answered."""

    line: Line
    found: bool
    right: bool
    anchored: bool
    invented: bool
    wanted: Wanted | None
    answer: Expression | None


def lines(language: str) -> Iterator[Line]:
    """Yield the sentences of a language."""
    for number, row in enumerate((SET / f"{language}.txt").read_text(encoding="utf-8").splitlines(), 1):
        letter, marked, answers = row.split(" | ")
        spans, text = [], ""
        for part in re.split(r"(\[[^\]]*\])", marked):
            if part.startswith("["):
                spans.append((len(text), len(text) + len(part) - 2))
            text += part.strip("[]")
        given = [] if answers == "-" else answers.split("; ")
        wanted = tuple(_wanted(span, answer) for span, answer in zip(spans, given, strict=True))
        yield Line(language, number, PUBLISHED[letter], text, wanted)


def _wanted(span: tuple[int, int], answer: str) -> Wanted:
    days, precision, *rest = answer.split()
    kind = rest[0] if rest and rest[0] not in ("stated", "text", "published") else "at"
    rests = next((word for word in rest if word in ("stated", "text", "published", "none")), "published")
    vague, days = days.startswith("~"), days.lstrip("~")
    return Wanted(span, _interval(days), precision, kind, None if rests == "none" else rests, vague)


def _interval(days: str) -> Interval | None:
    if days == "?":
        return None
    if "/" not in days:
        return times.parse(days, ZONE)[0]
    first, last = (times.parse(part, ZONE)[0] if part else None for part in days.split("/"))
    return Interval(first.start if first else None, last.end if last else None)


def marks(found: Finder, language: str) -> Iterator[Mark]:
    """Yield how each expression of a language is answered."""
    for line in lines(language):
        answers = list(found(line.text, language, line.published))
        for wanted in line.wanted:
            over = [a for a in answers if a.start < wanted.span[1] and wanted.span[0] < a.end]
            answers = [a for a in answers if a not in over]
            best = max(over, key=lambda a: _right(a, wanted), default=None)
            yield Mark(
                line,
                best is not None,
                best is not None and _right(best, wanted),
                best is not None and (best.anchor or None) == wanted.anchor,
                any(_invented(a, wanted) for a in over),
                wanted,
                best,
            )
        for extra in answers:
            given = next((w for w in line.wanted if _right(extra, w)), None)
            made_up = extra.precision in FINE and extra.interval is not None and given is None
            stray = not _names_other(line, extra)
            yield Mark(line, True, not stray, True, made_up and stray, None, extra)
        if not line.wanted and not answers:
            yield Mark(line, False, True, True, False, None, None)


def _names_other(line: Line, extra: Expression) -> bool:
    """Return whether an answer is the date that a relative expression of the set is counted from."""
    return any(w.anchor == "text" for w in line.wanted) and extra.anchor == "stated"


def _right(given: Expression, wanted: Wanted) -> bool:
    if given.precision != wanted.precision or given.kind != wanted.kind:
        return False
    one, other = given.interval, wanted.interval
    if one is None or other is None:
        return one is other
    if wanted.precision in ("hour", "minute"):
        return one.start == other.start
    if wanted.precision in EXACT:
        return one == other
    return _holds(one, other, vague=wanted.vague)


def _holds(one: Interval, other: Interval, *, vague: bool) -> bool:
    """Return whether one range holds the other, and is not needlessly wide."""
    if (one.start is None) != (other.start is None) or (one.end is None) != (other.end is None):
        return False
    if one.start and other.start and one.start > other.start:
        return False
    if one.end and other.end and one.end < other.end:
        return False
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return (one.start or one.end) == (other.start or other.end)
    return vague or _length(one) <= 2 * _length(other) + timedelta(days=4)


def _length(span: Interval) -> timedelta:
    start, end = span.start or datetime.min, span.end or datetime.max
    return end - start


def _invented(given: Expression, wanted: Wanted) -> bool:
    """Return whether an answer gives a day that the words do not."""
    if given.precision not in FINE or given.interval is None:
        return False
    return not _right(given, wanted)


def read(text: str, language: str, published: str) -> list[Expression]:
    """Return what our grammar finds."""
    return find(text, language, anchor(published, ZONE))


def first_days(text: str, language: str, published: str) -> list[Expression]:
    """Return what a reader finds that answers the first day of a month or a week: the control."""
    return [
        each
        if each.interval is None or each.interval.start is None or each.precision in FINE
        else replace(
            each,
            precision=Precision.DAY,
            interval=Interval(each.interval.start, each.interval.start + timedelta(days=1)),
        )
        for each in read(text, language, published)
    ]


def measure(shared: Path) -> Iterator[Figure]:
    """Yield, by language: right answers, expressions found, days invented; and that the control is caught."""
    for language in LANGUAGES:
        every = list(marks(read, language))
        for half in ("open half", "hidden half"):
            some = [m for m in every if m.line.hidden == (half == "hidden half")]
            asked = [m for m in some if m.wanted is not None]
            name = f"dates {language}, {half}"
            yield share(f"{name}, precision and days right", [m.right for m in asked], "0.95")
            yield share(f"{name}, found", [m.found for m in asked])
            yield share(f"{name}, anchor right, of those found", [m.anchored for m in asked if m.found])
            yield Figure(
                f"{name}, days invented", sum(m.invented for m in some), count=len(some), reach="0",
                note=f"{sum(m.wanted is None and not m.right for m in some)} found where there is none",
            )  # fmt: skip
        control = sum(m.invented for m in marks(first_days, language))
        yield Figure(f"dates {language}, control: first days, days invented", control, reach="above 0")
