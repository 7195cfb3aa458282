"""Two expressions that make one: from A to B, between A and B, A-B."""

from __future__ import annotations

import re
from datetime import date, timedelta

from holdfire.reading.time.days import whole_month
from holdfire.reading.time.expression import Anchored, Meaning
from holdfire.reading.time.items import Items

_CLOCK = re.compile("(?<=[k-])@?[cd]C?Z?,?z?$")
"""The time of day of the second day: "from 2 p.m. Friday to 6 a.m. Saturday"."""


def joined(made: Items, i: int, j: int, other: int, bound: str) -> bool:
    """Return whether an expression from word `i` to before `j` makes a range with one at `other`."""
    between = _CLOCK.sub("", made.letters[j:other].rstrip("tzfUr"))
    if len(between) != 1:
        return False
    opened = bound or made.letters[i - 1 : i]
    if between == "&":
        return opened == "v" or "v" in made.letters[max(0, i - 3) : i]
    if between == "-":
        return made.starts[other] - made.ends[j - 1] <= 3
    if between == "@":
        return opened in tuple("rf")
    return between in ("k", "u")


def lent(one: Meaning, other: Meaning) -> None:
    """Give the first date of a range the year that the second states, or the year before it."""
    if one.loose is None or other.anchor != Anchored.STATED or other.days is None:
        return
    day, month = one.loose
    for year in (other.days[1].year, other.days[1].year - 1):
        try:
            days = (date(year, month, day),) * 2 if day else whole_month(year, month)
        except ValueError:
            continue
        if days[0] <= other.days[0]:
            one.days, one.anchor = (days[0], days[1]), Anchored.STATED
            return


def weeks_apart(one: Meaning, other: Meaning) -> None:
    """Put the first weekday of a range before the second: "between Monday and Wednesday", on a Tuesday."""
    if one.days is None or other.days is None or one.days[0] != one.days[1]:
        return
    if timedelta() < one.days[0] - other.days[0] < _WEEK:
        one.days = one.days[0] - _WEEK, one.days[1] - _WEEK


_WEEK = timedelta(days=7)
