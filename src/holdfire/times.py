"""Instants and intervals, as vague as the source.

An interval is half open, `start <= t < end`, in UTC; a day is the day of a named zone, so "27 February
in Damascus" starts at 22:00 UTC on the 26th. Either end may be open (None). Nothing here reads a clock.
Daylight saving comes from the zone database, so a local day may last 23 or 25 hours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from holdfire.answers import Answer
from holdfire.errors import BadInput


class Precision(StrEnum):
    """How finely a source places something in time, finest first."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    RANGE = "range"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """The time in which something lies: `start <= t < end`, UTC; None is an open end."""

    start: datetime | None
    end: datetime | None

    def __post_init__(self) -> None:
        for instant in (self.start, self.end):
            if instant is not None and instant.utcoffset() is None:
                raise ValueError("an instant needs a zone")
        if self.start is not None and self.end is not None and self.end < self.start:
            raise ValueError("an interval ends before it starts")

    def contains(self, other: Interval) -> Answer:
        """Return whether `other` lies inside: yes wholly, no not at all, unclear in part.

        An interval of one instant lies wherever that instant lies.
        """
        after = self.start is None or (other.start is not None and other.start >= self.start)
        before = self.end is None or (other.end is not None and other.end <= self.end)
        if other.start is not None and other.start == other.end and self.end is not None:
            before = other.start < self.end
        if after and before:
            return Answer.YES
        past = self.end is not None and other.start is not None and other.start >= self.end
        future = self.start is not None and other.end is not None and other.end <= self.start
        if other.start is not None and other.start == other.end and self.start is not None:
            future = other.start < self.start
        return Answer.NO if past or future else Answer.UNCLEAR

    def hull(self, other: Interval) -> Interval:
        """Return the smallest interval that holds both."""
        start = None if self.start is None or other.start is None else min(self.start, other.start)
        end = None if self.end is None or other.end is None else max(self.end, other.end)
        return Interval(start, end)


def zone(name: str) -> ZoneInfo:
    """Return the named zone of the IANA database.

    Raises:
        BadInput: There is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInput(
            f'no time zone is called "{name}"', hint="a name of the IANA database, such as Asia/Damascus"
        ) from None


def day(when: date, where: ZoneInfo) -> Interval:
    """Return the local day as an interval in UTC.

    >>> day(date(2016, 2, 27), ZoneInfo("Asia/Damascus")).start.isoformat()
    '2016-02-26T22:00:00+00:00'
    """
    return days(when, when, where)


def days(first: date, last: date, where: ZoneInfo) -> Interval:
    """Return the local days from `first` to `last`, both included, as an interval in UTC."""
    start = datetime.combine(first, time(), where).astimezone(UTC)
    end = datetime.combine(last + timedelta(days=1), time(), where).astimezone(UTC)
    return Interval(start, end)


_PARTIAL = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)(?:[T ](?P<hour>\d\d):(?P<minute>\d\d)"
    r"(?::(?P<second>\d\d)(?:\.\d+)?)?(?P<offset>Z|[+-]\d\d:?\d\d)?)?)?)?"
)


def parse(text: str, where: ZoneInfo) -> tuple[Interval, Precision]:
    """Return the interval an ISO 8601 date or time names, and how fine it is.

    A time without an offset is local to `where`. A year, a month or a day is the whole of it: no
    day is given that the text does not give. `A/B` spans both.

    Raises:
        BadInput: The text is not ISO 8601, or names a day that does not exist.

    >>> interval, precision = parse("2016-02", ZoneInfo("Asia/Damascus"))
    >>> interval.end.isoformat(), precision.value
    ('2016-02-29T22:00:00+00:00', 'month')
    """
    if "/" in text:
        first, second = (parse(part.strip(), where) for part in text.split("/", 1))
        if first[0].start and second[0].end and second[0].end < first[0].start:
            raise BadInput(f'"{text}" ends before it starts', hint="write the earlier date first")
        return first[0].hull(second[0]), Precision.RANGE
    found = _PARTIAL.fullmatch(text.strip())
    if not found:
        raise BadInput(f'"{text[:40]}" is not a date', hint="2016-02-27, 2016-02, or 2016-02-27T00:00Z")
    try:
        return _interval(found, where)
    except ValueError as error:
        raise BadInput(f'"{text}" is not a date: {error}', hint="2016-02-27") from None


def _interval(found: re.Match[str], where: ZoneInfo) -> tuple[Interval, Precision]:
    year, month = int(found["year"]), int(found["month"] or 1)
    if not found["month"]:
        return days(date(year, 1, 1), date(year, 12, 31), where), Precision.YEAR
    if not found["day"]:
        following = date(year + month // 12, month % 12 + 1, 1)
        return days(date(year, month, 1), following - timedelta(days=1), where), Precision.MONTH
    when = date(year, month, int(found["day"]))
    if not found["hour"]:
        return day(when, where), Precision.DAY
    local = datetime.combine(when, time(int(found["hour"]), int(found["minute"]), int(found["second"] or 0)))
    if found["offset"]:
        instant = datetime.fromisoformat(local.isoformat() + found["offset"].replace("Z", "+00:00"))
    else:
        instant = local.replace(tzinfo=where)
    start = instant.astimezone(UTC)
    return Interval(start, start), Precision.MINUTE


def instant(text: str, where: ZoneInfo) -> datetime:
    """Return the one instant a text names: a day stands for its first moment."""
    start = parse(text, where)[0].start
    assert start is not None  # noqa: S101 - parse never gives an open end
    return start


def utc(when: datetime) -> str:
    """Return an instant as ISO 8601 in UTC, seconds left out when zero."""
    shown = when.astimezone(UTC)
    return shown.strftime("%Y-%m-%dT%H:%M:%SZ" if shown.second else "%Y-%m-%dT%H:%MZ")
