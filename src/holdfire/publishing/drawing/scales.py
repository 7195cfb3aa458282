"""From days and figures to places on paper.

The layout is thought of in one direction, from where a line of text begins; `Frame` turns it round for a
script that runs from right to left, time included, so that "before" is where a reader begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from holdfire.publishing.drawing.svg import box, length

WIDEST = 64
"""The widest a bar is drawn [units]."""

FEW = 14
"""Figures below which an axis reaches the highest, however far it stands out."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The width of a chart, and where time lies in it.

    Attributes:
        width: Of the whole drawing [units].
        lead: Room kept for the figures of the axis, where a line begins.
        tail: Room kept at the other end.
        first: The first day drawn.
        days: How many days are drawn.
        rtl: Whether a line begins on the right.
    """

    width: float
    lead: float
    tail: float
    first: date
    days: int
    rtl: bool

    @property
    def inner(self) -> float:
        """Return the width on which time lies [units]."""
        return self.width - self.lead - self.tail

    def flow(self, days: float) -> float:
        """Return how far along a line a moment lies, from where the line begins [units]."""
        return self.lead + self.inner * days / self.days

    def since(self, when: date) -> int:
        """Return the days from the first day drawn, held within the drawing."""
        return min(max((when - self.first).days, 0), self.days)

    def turn(self, along: float) -> float:
        """Return the place on paper of a distance along a line."""
        return self.width - along if self.rtl else along

    def x(self, days: float) -> float:
        """Return the place on paper of a moment [days since the first]."""
        return self.turn(self.flow(days))

    def box(self, start: float, end: float, y: float, height: float) -> str:
        """Return the rectangle from one moment to another as path data."""
        left, right = sorted((self.x(start), self.x(end)))
        return box(left, y, max(right - left, 0.4), height)

    def slot(self, start: float, end: float) -> tuple[float, float]:
        """Return where the figure of a column is drawn: a few days do not fill a wide sheet."""
        left, right = sorted((self.x(start), self.x(end)))
        spare = max(right - left - WIDEST, 0) / 2
        return left + spare, right - spare

    def bar(self, start: float, end: float, y: float, height: float) -> str:
        """Return the bar of a column as path data, a little apart from the next where there is room."""
        left, right = self.slot(start, end)
        gap = min((right - left) * 0.16, 3) if right - left >= 4 else 0
        return box(left + gap / 2, y, max(right - left - gap, 0.4), height)


def ticks(highest: float, most: int, whole: bool) -> list[float]:
    """Return round figures from 0 up to the first that is not below `highest`.

    Args:
        highest: The largest figure drawn.
        most: How many steps there may be.
        whole: Whether steps below 1 make no sense, as for a count.

    >>> ticks(41, 4, True), ticks(0, 4, True), ticks(0.8, 4, False)
    ([0, 20, 40, 60], [0, 1], [0, 0.2, 0.4, 0.6, 0.8])
    """
    if highest <= 0:
        return [0, 1]
    for power in range(-3, 16):
        for unit in (1, 2, 5):
            step = unit * 10.0**power
            if (step >= 1 or not whole) and highest / step <= most:
                count = int(-(-highest // step))
                return [int(v) if v == int(v) else round(v, 3) for v in (step * i for i in range(count + 1))]
    raise ValueError("a figure is too large to draw")


def ceiling(figures: Iterable[float]) -> float:
    """Return the figure an axis has to reach: the highest, unless a few would flatten all the rest.

    A figure more than four times that of 19 days in 20 is left to be cut, and must then be written out.

    >>> ceiling([3, 5, 4, 6]), ceiling([5] * 40 + [9000])
    (6, 5)
    """
    found = sorted(v for v in figures if v > 0)
    if len(found) < FEW:
        return max(found, default=0)
    usual = found[(len(found) - 1) * 19 // 20]
    return max(v for v in found if v <= 4 * usual)


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on the time axis: `days` since the first, its label, and whether it names a middle."""

    days: float
    text: str
    middle: bool = False


DAYS_OF_MONTH: tuple[frozenset[int], ...] = (
    frozenset(range(1, 32)),
    frozenset({1, 5, 10, 15, 20, 25}),
    frozenset({1, 8, 15, 22}),
    frozenset({1, 15}),
)


def day_ticks(frame: Frame, size: float) -> list[Tick]:
    """Return the days of the month that can be labelled with room to spare; none if too many."""
    room = length("30", size) + 6
    dates = [frame.first + timedelta(days=n) for n in range(frame.days)]
    for chosen in DAYS_OF_MONTH:
        shown = [d for d in dates if d.day in chosen] or dates[:1]
        gap = min((b - a).days for a, b in pairwise(shown)) if len(shown) > 1 else frame.days
        if gap * frame.inner / frame.days >= room:
            return [Tick((d - frame.first).days + 0.5, str(d.day), middle=True) for d in shown]
    return []


def month_ticks(frame: Frame, names: Sequence[str], size: float, years: bool) -> list[Tick]:
    """Return the months (or every second, third, sixth) that can be labelled; the year where `years`."""
    starts = _firsts(frame)
    for step in (1, 2, 3, 6, 12):
        shown = [d for d in starts if (d.month - 1) % step == 0]
        found = [Tick((d - frame.first).days, _month(d, names, years)) for d in shown]
        if all(
            (b.days - a.days) * frame.inner / frame.days >= length(a.text, size) + 8
            for a, b in pairwise(found)
        ):
            return found
    return []


def stretch_ticks(frame: Frame, starts: Iterable[date], texts: Iterable[str], size: float) -> list[Tick]:
    """Return a label for each stretch (a month, a year) that has room for it inside the drawing."""
    edges = [(max((d - frame.first).days, 0), text) for d, text in zip(starts, texts, strict=True)]
    found = []
    for i, (start, text) in enumerate(edges):
        end = edges[i + 1][0] if i + 1 < len(edges) else frame.days
        if (end - start) * frame.inner / frame.days >= length(text, size) + 4 or len(edges) == 1:
            found.append(Tick(start, text))
    return found


def _firsts(frame: Frame) -> list[date]:
    last = frame.first + timedelta(days=frame.days - 1)
    months = range(frame.first.year * 12 + frame.first.month - 1, last.year * 12 + last.month)
    return [d for m in months if (d := date(m // 12, m % 12 + 1, 1)) >= frame.first]


def _month(when: date, names: Sequence[str], years: bool) -> str:
    return f"{names[when.month - 1]} {when.year}" if years else names[when.month - 1]


def rows(items: Iterable[tuple[float, float]]) -> list[int]:
    """Return the row each stretch is put on, 0 the lowest, so that none overlaps another.

    Stretches come in order of their start. The later of two is put lower, so that what hangs from its
    start crosses no stretch above it.

    >>> rows([(0, 10), (5, 8), (12, 20)])
    [1, 0, 0]
    """
    starts: list[float] = []
    chosen = []
    for start, end in reversed(list(items)):
        row = next((i for i, taken in enumerate(starts) if end <= taken), len(starts))
        starts[row : row + 1] = [start]
        chosen.append(row)
    return chosen[::-1]
