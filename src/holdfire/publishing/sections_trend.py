"""Section 10: the last seven days, since the start, the daily chart, and what the trend found.

Incidents of every verdict are counted, covered or not: the question here is whether fighting rose or fell.
A day on which other sources spoke than the day before is marked, since more reports are not more violence.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from holdfire.agreement.instruments import Window, WindowKind
from holdfire.publishing.entries import EPOCH, Indices
from holdfire.publishing.figures import Figure
from holdfire.publishing.issue import VERDICTS, Issue
from holdfire.publishing.material import Segment
from holdfire.publishing.values import (
    Block,
    Code,
    Counted,
    Drawing,
    Line,
    Rate,
    Section,
    Span,
    Table,
    Text,
    Value,
    label,
)
from holdfire.records.determination import Coverage

EXCLUDED = Coverage.EXCLUDED_GROUP.value

BESIDE = 28
"""Days shown before and after a window, to compare with [days]."""


def trend(issue: Issue) -> Section:
    """Return section 10."""
    material = issue.material
    heard = Heard(issue)
    blocks: list[Block] = [_seven(issue, heard)]
    start = issue.start
    if start and start <= material.last:
        rows = issue.table.within(start, material.last)
        values: dict[str, Value] = {
            "day": start,
            "incidents": Counted(issue.number("trend.since", rows), "incident"),
            "killed": issue.harm("trend.since", rows),
        }
        blocks.append(Line("since_start", values))
        blocks.append(_since(issue, rows))
    blocks.append(_chart(issue, heard))
    blocks.append(Line("no_report_is_not_no_incident", tone="note"))
    blocks += _coarse(issue)
    blocks += _segments(issue)
    blocks += _windows(issue)
    return Section(10, "trend", tuple(blocks))


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


def _seven(issue: Issue, heard: Heard) -> Table:
    rows: list[tuple[Value, ...]] = []
    for back in range(6, -1, -1):
        day = issue.material.last - timedelta(days=back)
        here = issue.table.known_to_a_week(day, day)
        key = f"trend.{day}"
        changed = heard.on(day) != heard.on(day - timedelta(days=1))
        rows.append(
            (
                day,
                issue.number(f"{key}.all", here),
                issue.number(f"{key}.breach", issue.chosen(here, ["breach"])),
                issue.number(f"{key}.not_covered", issue.chosen(here, ["not_covered"])),
                issue.harm(key, here),
                issue.figures.count(f"{key}.sources", [f"source:{s}" for s in heard.on(day)]),
                label("effort_changed") if changed else label("effort_same"),
            )
        )
    heads = ("day", "incidents", "breaches", "not_covered", "killed", "sources_active", "effort")
    return Table("seven_days", tuple(label(h) for h in heads), tuple(rows))


def _since(issue: Issue, rows: Indices) -> Table:
    """Return the incidents since the start, by verdict."""
    body: list[tuple[Value, ...]] = []
    for verdict in VERDICTS:
        here = issue.chosen(rows, [verdict])
        key = f"trend.since.{verdict}"
        body.append((Code("verdict", verdict), issue.number(key, here), issue.harm(key, here)))
    return Table("since_start", (label("verdict"), label("incidents"), label("killed")), tuple(body))


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


def _coarse(issue: Issue) -> list[Block]:
    """Return what is in no day of the chart, because it is known only more coarsely than a week."""
    rows = issue.table.within(*chart_days(issue))
    coarse = rows[~issue.table.fine[rows]]
    if not len(coarse):
        return []
    values: dict[str, Value] = {
        "incidents": Counted(issue.number("trend.coarse", coarse), "incident"),
        "killed": issue.harm("trend.coarse", coarse),
    }
    return [Line("coarse", values, "note")]


def _apart(issue: Issue, rows: Indices, *, excluded: bool) -> Indices:
    """Return the incidents with an excluded group as a side, or those without.

    The charts and rates of this section set these apart rather than all that is not covered: what lies
    before a window is not covered either, and the comparison across its edge must be of like with like.
    """
    kept = [i for i in rows if (issue.table.coverages[i] == EXCLUDED) == excluded]
    return np.array(kept, np.int64)


def _chart(issue: Issue, heard: Heard) -> Drawing:
    first, last = chart_days(issue)
    days: list[dict[str, Any]] = []
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        rows = issue.table.known_to_a_week(day, day)
        inside, apart = _apart(issue, rows, excluded=False), _apart(issue, rows, excluded=True)
        days.append(
            {
                "day": day,
                "by_verdict": _split(issue, rows),
                "killed_low": _known(issue, "killed_low", inside),
                "killed_best": _known(issue, "killed_best", inside),
                "killed_high": _known(issue, "killed_high", inside, whole=True),
                "not_covered_best": _known(issue, "killed_best", apart),
                "reports": len(heard.reports_on(day)),
                "sources": len(heard.on(day)),
                "figure": issue.number(f"trend.{day}.all", rows) if len(rows) else None,
            }
        )
    data = {"days": days, "windows": _bands(issue), "segments": _shown(issue)}
    return Drawing("daily", "daily", data)


def _split(issue: Issue, rows: Indices) -> dict[str, int]:
    found: dict[str, int] = {}
    for i in rows:
        verdict = issue.table.verdicts[i]
        if verdict == "not_covered" and issue.table.coverages[i] != EXCLUDED:
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
    for title, window in _each_window(issue):
        start, end = _local(issue, window)
        if start is None or start > issue.material.last:
            continue
        found.append({"kind": window.kind.value, "start": start, "end": end, "title": title})
    return found


def _each_window(issue: Issue) -> Iterable[tuple[Text, Window]]:
    for instrument in issue.material.agreement.instruments:
        for window in instrument.windows:
            yield Text(instrument.title), window


def _local(issue: Issue, window: Window) -> tuple[date | None, date | None]:
    """Return the first and the last local day of a window, both included."""
    zone = issue.material.zone
    start, end = window.start(issue.material.agreement.zone).start, window.end(issue.material.agreement.zone)
    last = None
    if end and end.end:
        # A window until noon of a day, or until a day, has that day in it; until midnight, the day before.
        last = (end.end - timedelta(microseconds=1)).astimezone(zone).date()
    return (start.astimezone(zone).date() if start else None), last


def _shown(issue: Issue) -> list[Segment]:
    return [s for s in issue.material.segments if s.start <= issue.material.last]


def _rate(number: int, days: int) -> int:
    """Return a number a day, in hundredths, half away from zero."""
    return (number * 200 + days) // (2 * days)


def _segments(issue: Issue) -> list[Block]:
    """Return the spells that were found, with the incidents each rests on."""
    found = _shown(issue)
    if not found:
        return [Line("no_segment")]
    rows: list[tuple[Value, ...]] = []
    for segment in found:
        rows_of = issue.table.known_to_a_week(segment.start, segment.end)
        here = _apart(issue, rows_of, excluded=False)
        figure = issue.number(f"trend.segment.{segment.start}", here)
        rows.append(
            (
                Span(segment.start, segment.end),
                Code("segment", segment.kind),
                str((segment.end - segment.start).days + 1),
                Rate(round(segment.incidents_per_day * 100), figure),
                Rate(round(segment.deaths_per_day * 100), figure),
                Code("basis", segment.basis),
            )
        )
    heads = ("days_of", "kind", "length", "incidents_a_day", "deaths_a_day", "found_in")
    blocks: list[Block] = [Table("segments", tuple(label(h) for h in heads), tuple(rows))]
    quiet = (Span(s.start, s.end) for s in found if s.kind == "quiet")
    blocks.append(Line("segments_note", tone="note"))
    return [*blocks, *(Line("segment_quiet", {"when": span}) for span in quiet)]


def _windows(issue: Issue) -> list[Block]:
    """Return each window of the agreement beside the days before and after it, with their figures."""
    rows: list[tuple[Value, ...]] = []
    material = issue.material
    earliest = issue.table.first_day()
    failed = _failures(issue)
    for title, window in _each_window(issue):
        start, end = _local(issue, window)
        if window.kind is not WindowKind.IN_FORCE or start is None or start > material.last:
            continue
        stop = min(
            [d for d in (end, material.last) if d] + [d - timedelta(days=1) for d in failed if d > start]
        )
        stretches = [
            ("before_window", start - timedelta(days=BESIDE), start - timedelta(days=1)),
            ("during_window", start, stop),
            ("after_window", stop + timedelta(days=1), min(stop + timedelta(days=BESIDE), material.last)),
        ]
        for kind, first, last in stretches:
            if last < first or earliest is None or last < earliest:
                continue
            rows.append(_stretch(issue, title, kind, max(first, earliest), last))
    if not rows:
        return []
    heads = (
        "window",
        "stretch",
        "days_of",
        "length",
        "incidents",
        "incidents_a_day",
        "deaths",
        "deaths_a_day",
        "with_excluded",
    )
    return [
        Table("windows_compared", tuple(label(h) for h in heads), tuple(rows)),
        Line("windows_compared_note", tone="note"),
    ]


def _failures(issue: Issue) -> list[date]:
    """Return the local days on which a failure of the arrangement was reported."""
    found = [_local(issue, w)[0] for _, w in _each_window(issue) if w.kind is WindowKind.BREAKDOWN]
    return sorted(d for d in found if d)


def _stretch(issue: Issue, title: Text, kind: str, first: date, last: date) -> tuple[Value, ...]:
    rows = issue.table.known_to_a_week(first, last)
    here, apart = _apart(issue, rows, excluded=False), _apart(issue, rows, excluded=True)
    days = (last - first).days + 1
    key = f"trend.window.{first}.{last}"
    incidents = issue.number(key, here)
    deaths, silent = issue.table.total("killed_best", here)
    killed: Figure = issue.figures.of(
        key, deaths, issue.table.names(here), measure="killed_best", at_least=bool(silent)
    )
    return (
        title,
        label(kind),
        Span(first, last),
        str(days),
        incidents,
        Rate(_rate(incidents.value, days), incidents),
        killed,
        Rate(_rate(deaths, days), killed),
        issue.number(f"{key}.apart", apart),
    )
