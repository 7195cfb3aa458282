"""Times of day that stand beside a day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from holdfire.reading.time.grammar import CLOCK_AFTER, CLOCK_BEFORE
from holdfire.reading.time.items import Items
from holdfire.times import Interval, Precision

REACH = 8
"""How many words before a day its time may begin."""


@dataclass(frozen=True, slots=True)
class Clocked:
    """A time of day.

    Attributes:
        i: First of its words.
        j: After the last.
        hour: From 0 to 23.
        minute: None: only the hour is said.
        zone: The zone it names; None: that of the case.
    """

    i: int
    j: int
    hour: int
    minute: int | None
    zone: str | None

    def at(self, day: date, where: ZoneInfo) -> tuple[Interval, Precision]:
        """Return the instant, or the hour, on a day."""
        local = datetime.combine(day, time(self.hour, self.minute or 0))
        start = local.replace(tzinfo=ZoneInfo(self.zone) if self.zone else where).astimezone(UTC)
        if self.minute is None:
            return Interval(start, start + timedelta(hours=1)), Precision.HOUR
        return Interval(start, start), Precision.MINUTE


def clock(made: Items, i: int, j: int, first: int, last: int) -> Clocked | None:
    """Return the time of day beside the words from `i` to before `j`, between two other expressions."""
    after = CLOCK_AFTER.match(made.letters, j, last)
    if after:
        return _clocked(made, after, 0)
    offset = max(first, i - REACH)
    before = CLOCK_BEFORE.search(made.letters[offset:i])
    return _clocked(made, before, offset) if before else None


def _clocked(made: Items, found: re.Match[str], offset: int) -> Clocked | None:
    group = next(name for name in ("c", "u", "d") if name in found.re.groupindex and found[name])
    at = offset + found.start(group)
    value = made.values[at]
    hour, minute = value if group == "c" else (value, None)
    halves = [k for k in range(at, offset + found.end()) if made.letters[k] == "C"]
    if halves:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if made.values[halves[0]] == "pm" else 0)
    if not 0 <= hour < 24:
        return None
    named = found["z"]
    zone = str(made.values[offset + found.start("z")]) if named else None
    return Clocked(offset + found.start(group), offset + found.end(group) + bool(halves), hour, minute, zone)
