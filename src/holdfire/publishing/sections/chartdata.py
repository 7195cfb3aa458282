"""The data of the daily chart: incidents, deaths and effort by day, with the windows of the agreement.

Plain values in no language; drawings hand them to what draws. Only incidents known to within a week are on
a day, and fighting with excluded groups is set apart, so that days before and within a window compare.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from holdfire.agreement.instruments import Window
from holdfire.publishing.entries import EPOCH, Indices
from holdfire.publishing.issue import Issue
from holdfire.publishing.values import Drawing, Text
from holdfire.records.spell import Stretch

BESIDE = 28
"""Days shown before and after a window, to compare with [days]."""


class Heard:
    """Who spoke on which day: sources and reports by local day of the incident."""

    def __init__(self, issue: Issue) -> None:
        material = issue.material
        days = pa.table(
            {"incident_id": issue.table.table["incident_id"], "day": pa.array(issue.table.day, pa.int32())}
        )
        claims = material.claims.select(["claim_id", "source", "report"])
        members = material.members.select(["incident_id", "claim_id"])
        at = pc.index_in(members["incident_id"], value_set=days["incident_id"].combine_chunks())
        said = pc.index_in(members["claim_id"], value_set=claims["claim_id"].combine_chunks())
        day = days["day"].combine_chunks().take(at.combine_chunks())
        self.sources: dict[int, set[str]] = {}
        self.reports: dict[int, set[str]] = {}
        for name, found in (("source", self.sources), ("report", self.reports)):
            spoke = claims[name].combine_chunks().take(said.combine_chunks())
            pairs = pa.table({"day": day, "who": spoke}).group_by(["day", "who"]).aggregate([])
            for number, who in zip(pairs["day"].to_pylist(), pairs["who"].to_pylist(), strict=True):
                found.setdefault(number, set()).add(who)

    def on(self, day: date) -> set[str]:
        """Return the sources that spoke of a day."""
        return self.sources.get((day - EPOCH).days, set())

    def reports_on(self, day: date) -> set[str]:
        """Return the reports that spoke of a day."""
        return self.reports.get((day - EPOCH).days, set())


def chart_days(issue: Issue) -> tuple[date, date]:
    """Return the days of the chart: from four weeks before the agreement, or its period, to the last day."""
    material = issue.material
    first = min(material.previous[0], material.last - timedelta(days=27))
    if issue.start and issue.start <= material.last:
        first = min(first, issue.start - timedelta(days=BESIDE))
    earliest = issue.table.first_day()
    if earliest and earliest <= material.last:
        first = max(first, earliest)
    return min(first, material.last), material.last


def apart(issue: Issue, rows: Indices, *, excluded: bool) -> Indices:
    """Return the incidents with an excluded group as a side, or those without.

    The charts and rates of this section set these apart rather than all that is not covered: what lies
    before a window is not covered either, and the comparison across its edge must be of like with like.
    """
    kept = [i for i in rows if (int(i) in issue.apart) == excluded]
    return np.array(kept, np.int64)


def chart(issue: Issue, heard: Heard) -> Drawing:
    """Return the chart's days, windows and stretches."""
    first, last = chart_days(issue)
    days: list[dict[str, Any]] = []
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        rows = issue.table.known_to_a_week(day, day)
        inside, outside = apart(issue, rows, excluded=False), apart(issue, rows, excluded=True)
        days.append(
            {
                "day": day,
                "by_verdict": _split(issue, rows),
                "killed_low": _known(issue, "killed_low", inside),
                "killed_best": _known(issue, "killed_best", inside),
                "killed_high": _known(issue, "killed_high", inside, whole=True),
                "not_covered_best": _known(issue, "killed_best", outside),
                "reports": len(heard.reports_on(day)),
                "sources": len(heard.on(day)),
                "figure": issue.number(f"trend.{day}.all", rows) if len(rows) else None,
            }
        )
    data = {"days": days, "windows": _bands(issue), "segments": segments_shown(issue)}
    return Drawing("daily", "daily", data)


def _split(issue: Issue, rows: Indices) -> dict[str, int]:
    found: dict[str, int] = {}
    for i in rows:
        verdict = issue.table.verdicts[i]
        if verdict == "not_covered" and int(i) not in issue.apart:
            verdict = "outside"
        found[verdict] = found.get(verdict, 0) + 1
    return dict(sorted(found.items()))


def _known(issue: Issue, name: str, rows: Indices, *, whole: bool = False) -> int | None:
    """Return a sum; None where every incident is silent, or any if the sum must be whole."""
    if not len(rows):
        return 0
    value, silent = issue.table.total(name, rows)
    return None if silent == len(rows) or (whole and silent) else value


def _bands(issue: Issue) -> list[dict[str, Any]]:
    """Return the windows that have begun, with local days; an open end stays open."""
    found = []
    for title, window in each_window(issue):
        start, end = local_days(issue, window)
        if start is None or start > issue.material.last:
            continue
        found.append({"kind": window.kind.value, "start": start, "end": end, "title": title})
    return found


def each_window(issue: Issue) -> Iterable[tuple[Text, Window]]:
    """Yield each window of the agreement with its instrument's title."""
    for instrument in issue.material.agreement.instruments:
        for window in instrument.windows:
            yield Text(instrument.title), window


def local_days(issue: Issue, window: Window) -> tuple[date | None, date | None]:
    """Return the first and the last local day of a window, both included."""
    zone = issue.material.zone
    start, end = window.start(issue.material.agreement.zone).start, window.end(issue.material.agreement.zone)
    last = None
    if end and end.end:
        # A window until noon of a day, or until a day, has that day in it; until midnight, the day before.
        last = (end.end - timedelta(microseconds=1)).astimezone(zone).date()
    return (start.astimezone(zone).date() if start else None), last


def segments_shown(issue: Issue) -> list[Stretch]:
    """Return the stretches that have begun by the end of the period."""
    return [s for s in issue.material.segments if s.start <= issue.material.last]
