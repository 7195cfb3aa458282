"""Events of earlier years that an article brings up beside its news: history, which makes no incident.

An article of 2032 that tells of a strike "on Monday" and adds that one of 2029 "killed forty" reports the
first alone. Where most of what a text tells is of earlier years, they are what it is about, and they stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from holdfire import times
from holdfire.reading.prose.rows import Row
from holdfire.reading.time.days import Anchor
from holdfire.records.claim import OCCURRENCES, ONE_OFF, Kind, Modality
from holdfire.times import Precision

_LONG_AGO = timedelta(days=300)
"""From here on an event is no news: a report of a year that has ended comes out within its first months."""


def set_back(found: Sequence[Row], where: Anchor) -> None:
    """Mark what a text only brings up from earlier years as presupposed.

    Args:
        found: The claims of the text.
        where: The days on which it may have been published; without them nothing is marked.
    """
    told = [row for row in found if _occurs(row)]
    if where.first is None or not told:
        return
    published = times.day(where.first, where.zone).start
    if published is None:
        return
    past = [row for row in told if row["end"] is not None and _past(row, published)]
    others = len(told) - len(past)
    news = any(row["end"] is not None and row["end"] > published - _LONG_AGO for row in found)
    for row in past:
        if len(past) <= others or (news and row["time_precision"] == Precision.YEAR):
            row["kind"] = Kind.PRESUPPOSED
            row["rules"].append("earlier-years")


def _past(row: Row, published: datetime) -> bool:
    """Return whether an event ended long before a text, or is dated by no more than a year that was over."""
    coarse = row["time_precision"] == Precision.YEAR
    return bool(row["end"] <= (published if coarse else published - _LONG_AGO))


def _occurs(row: Row) -> bool:
    family = row["event_type"].split(".")[0] in OCCURRENCES or row["event_type"] in ONE_OFF
    told = row["kind"] not in (Kind.PRESUPPOSED, Kind.ATTRIBUTIVE)
    return family and told and row["modality"] == Modality.ACTUAL
