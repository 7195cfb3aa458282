"""Days counted from the days on which a text may have been published.

Publication may be known to the minute or only to a month; what is counted from it is as wide as that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from holdfire import times
from holdfire.errors import HoldfireError
from holdfire.times import Precision

Days = tuple[date, date]
"""First and last day, both included."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """The days on which the text may have been published, and the zone they are days of."""

    first: date | None
    last: date | None
    zone: ZoneInfo


def anchor(published: str, zone: ZoneInfo) -> Anchor:
    """Return the anchor that a date of publication gives; a date that is none gives none."""
    if not published:
        return Anchor(None, None, zone)
    try:
        span, precision = times.parse(published, zone)
    except HoldfireError:
        return Anchor(None, None, zone)
    if span.start is None or span.end is None:
        return Anchor(None, None, zone)
    first = span.start.astimezone(zone).date()
    instant = precision in (Precision.MINUTE, Precision.HOUR)
    last = first if instant else (span.end.astimezone(zone) - timedelta(seconds=1)).date()
    return Anchor(first, max(first, last), zone)


def over(where: Anchor, make: Callable[[date], Days | None]) -> tuple[Days | None, bool]:
    """Return what an expression means over every day the text may be of, and whether all agree."""
    if where.first is None or where.last is None:
        return None, True
    one, other = make(where.first), make(where.last)
    if one is None or other is None:
        return None, True
    return (min(one[0], other[0]), max(one[1], other[1])), one == other


def within(where: Anchor, month: int, day: int) -> tuple[Days | None, bool]:
    """Return the day if it lies in the few weeks in which the text may have been published."""
    if where.first is None or where.last is None or not 0 < (where.last - where.first).days <= 62:
        return None, True
    for year in {where.first.year, where.last.year}:
        try:
            when = date(year, month, day)
        except ValueError:
            continue
        if where.first <= when <= where.last:
            return (when, when), True
    return None, True


def yearless(anchored: date, month: int, day: int, tense: str) -> Days | None:
    """Return the day of a month nearest to an anchor, on the side its tense says.

    Args:
        anchored: A day the text may be of.
        month: From 1.
        day: From 1.
        tense: past, future, near (either side) or empty (no verb tells).
    """
    candidates = []
    for year in (anchored.year - 1, anchored.year, anchored.year + 1):
        try:
            candidates.append(date(year, month, day))
        except ValueError:
            continue
    return _choose(candidates, anchored, tense)


def _choose(candidates: list[date], anchored: date, tense: str) -> Days | None:
    if not candidates:
        return None
    if tense != "future" and _close_ahead(candidates, anchored):
        # A writer gives the year of what lies most of a year back: the verb belongs to something else.
        best = min(candidates, key=lambda d: abs(d - anchored))
        return None if tense == "past" else (best, best)
    if tense == "near":
        best = min(candidates, key=lambda d: abs(d - anchored))
        return (best, best) if abs(best - anchored).days <= CLOSE else None
    chosen = [d for d in candidates if (d >= anchored if tense == "future" else d <= anchored)]
    if not chosen:
        return None
    best = min(chosen) if tense == "future" else max(chosen)
    return best, best


CLOSE = 45
"""How far from publication a date that "would" or "could" speaks of is still sure [days]."""


def _close_ahead(candidates: list[date], anchored: date) -> bool:
    """Return whether a date that no verb places lies a month ahead at most, or else most of a year back."""
    ahead = [d - anchored for d in candidates if d > anchored]
    behind = [anchored - d for d in candidates if d <= anchored]
    return bool(ahead) and min(ahead).days <= 31 and (not behind or min(behind).days > 300)


def whole_month(year: int, month: int) -> Days:
    """Return the first and last day of a month."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), following - timedelta(days=1)


def nearest_month(anchored: date, month: int, part: str, tense: str) -> Days | None:
    """Return the month of that number nearest to an anchor, on the side its tense says."""
    if part == "next":
        tense = "future"
    firsts = [date(anchored.year + n, month, 1) for n in (-1, 0, 1)]
    if tense == "future" and month == anchored.month:
        return whole_month(anchored.year, month)
    if part == "last" and month == anchored.month:
        return whole_month(anchored.year - 1, month)
    chosen = _choose(firsts, anchored, tense)
    return whole_month(chosen[0].year, month) if chosen else None


def back(d: date, days: int) -> date:
    """Return the day that lies some days before another."""
    return date.fromordinal(max(1, d.toordinal() - days))
