"""Hijri months and days as days of the Gregorian calendar, as unsure as they are.

A Hijri month begins when the new moon is seen, which differs from place to place by a day, and a Hijri day
begins at sunset of the day before. So a day is given with one more to either side, and never as a sure day.
The middle is that of the Umm al-Qura calendar of Saudi Arabia, by the library hijridate (1343 to 1500 AH).
"""

from __future__ import annotations

from datetime import date, timedelta

from holdfire.reading.time.days import Days

FIRST, LAST = 1343, 1500
"""Years of the calendar that the tables reach."""


def hijri_day(year: int, month: int, day: int) -> Days | None:
    """Return the days that a Hijri day may be; None: there is none such, or the tables do not reach it.

    >>> [each.isoformat() for each in hijri_day(1437, 9, 10)]
    ['2016-06-14', '2016-06-16']
    """
    from hijridate import Hijri

    if not FIRST <= year < LAST:
        return None
    try:
        middle = Hijri(year, month, day).to_gregorian()
    except (ValueError, OverflowError):
        return None
    when = date(middle.year, middle.month, middle.day)
    return when - timedelta(days=1), when + timedelta(days=1)


def hijri_month(year: int, month: int) -> Days | None:
    """Return the days of a Hijri month, one more to either side; None: the tables do not reach it."""
    first = hijri_day(year, month, 1)
    following = hijri_day(year + month // 12, month % 12 + 1, 1)
    return (first[0], following[1] - timedelta(days=1)) if first and following else None


def hijri_year(when: date) -> int | None:
    """Return the Hijri year a day lies in; None: the tables do not reach it."""
    from hijridate import Gregorian

    try:
        return int(Gregorian(when.year, when.month, when.day).to_hijri().year)
    except (ValueError, OverflowError):
        return None
