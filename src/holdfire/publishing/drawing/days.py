"""Days as a chart takes them, and the bins it draws them in.

A day that was not handed in is a day without a report, not a day without incidents. Past a number of days
they are drawn by week, each week as the mean of its days, so that a level "a day" stays true on either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

GROUPS = ("breach", "disputed", "insufficient_evidence", "other", "not_covered")
"""How verdicts are stacked, from the axis up; what the agreement does not cover lies on top, apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One local day of the record.

    Attributes:
        date: Of the case's own time zone.
        by_verdict: Incidents by verdict (a value of `Verdict`).
        killed_low: Deaths the incidents other than "not covered" sum to, at least; None: not known.
        killed_best: The same, best figure.
        killed_high: The same, at most; None: no one said how many at most.
        not_covered_best: Deaths of the incidents that the agreement does not cover, best figure.
        reports: Reports that speak of the day; none is drawn hatched, as "no report is not no incident".
        sources: Sources they come from.
        href: Where the day's incidents are listed.
    """

    date: date
    by_verdict: Mapping[str, int]
    killed_low: int | None = None
    killed_best: int | None = None
    killed_high: int | None = None
    not_covered_best: int | None = None
    reports: int = 0
    sources: int = 0
    href: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A stretch or a moment of the agreement.

    Attributes:
        kind: `in_force`, `suspension`, `recommitment` or `breakdown`; the last two are lines.
        start: Its first day.
        end: Its last day, included; None: still open, or a line.
        label: In the words of the page.
    """

    kind: str
    start: date
    end: date | None = None
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A change that was found in the figures: a level held from one day to another.

    Attributes:
        start: First day of the level.
        end: Last day, included.
        level: Mean of the days [a day].
        kind: `before`, `quieter`, `fiercer` or `after`; only the look follows from it.
        label: As "quieter from 29 Feb to 30 Mar: 19.4 a day".
        of: The panel the level belongs to, `incidents` or `killed`.
    """

    start: date
    end: date
    level: float
    kind: str = "quieter"
    label: str = ""
    of: str = "incidents"


@dataclass(frozen=True, slots=True)
class Bin:
    """One column of a chart: a day, or a week as the mean of its days.

    Attributes:
        start: Its first day.
        days: How many days it holds; the last week may hold fewer than seven.
        groups: Incidents a day, in the order of GROUPS (groups,).
        low, best, high, apart: Deaths a day; None: no day of it is known.
        reports, sources: A day.
        silent: Days of it without any report.
        total: Incidents, all told.
        href: Of its first day that has one.
    """

    start: date
    days: int
    groups: tuple[float, ...]
    low: float | None
    best: float | None
    high: float | None
    apart: float | None
    reports: float
    sources: float
    silent: int
    total: int
    href: str | None


def span(days: Sequence[Day]) -> list[Day]:
    """Return the days in order, with a day without reports wherever one is missing.

    Raises:
        ValueError: There is no day, or one date is given twice.
    """
    if not days:
        raise ValueError("a chart needs at least one day")
    given = {day.date: day for day in days}
    if len(given) < len(days):
        raise ValueError("a date is given twice")
    first = min(given)
    dates = [first + timedelta(days=n) for n in range((max(given) - first).days + 1)]
    return [given.get(d) or Day(date=d, by_verdict={}) for d in dates]


def bins(days: Sequence[Day], width: int) -> list[Bin]:
    """Return columns of `width` days each; the last may hold fewer."""
    whole = span(days)
    return [_bin(whole[i : i + width]) for i in range(0, len(whole), width)]


def grouped(day: Day) -> tuple[int, ...]:
    """Return the day's incidents in the order of GROUPS; a verdict of no group is among the others."""
    counts = dict.fromkeys(GROUPS, 0)
    for verdict, count in day.by_verdict.items():
        counts[verdict if verdict in counts else "other"] += count
    return tuple(counts.values())


def _bin(days: Sequence[Day]) -> Bin:
    stacks = [sum(column) for column in zip(*(grouped(day) for day in days), strict=True)]
    return Bin(
        start=days[0].date,
        days=len(days),
        groups=tuple(count / len(days) for count in stacks),
        low=_mean([day.killed_low for day in days]),
        best=_mean([day.killed_best for day in days]),
        high=_mean([day.killed_high for day in days]),
        apart=_mean([day.not_covered_best for day in days]),
        reports=sum(day.reports for day in days) / len(days),
        sources=sum(day.sources for day in days) / len(days),
        silent=sum(day.reports == 0 for day in days),
        total=sum(stacks),
        href=next((day.href for day in days if day.href), None),
    )


def _mean(values: Sequence[int | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
