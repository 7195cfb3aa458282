"""Section 10: the last seven days, since the start, the daily chart, and what the trend found.

Incidents of every verdict are counted, covered or not: the question here is whether fighting rose or fell.
A day on which other sources spoke than the day before is marked, since more reports are not more violence.
"""

from __future__ import annotations

from datetime import date, timedelta

from holdfire.agreement.instruments import WindowKind
from holdfire.publishing.entries import Indices
from holdfire.publishing.figures import Figure
from holdfire.publishing.issue import VERDICTS, Issue
from holdfire.publishing.sections.allegations import unit
from holdfire.publishing.sections.changes import changes
from holdfire.publishing.sections.chartdata import (
    BESIDE,
    Heard,
    apart,
    chart,
    chart_days,
    each_window,
    local_days,
    segments_shown,
)
from holdfire.publishing.values import (
    Block,
    Code,
    Counted,
    Line,
    Rate,
    Section,
    Span,
    Table,
    Text,
    Value,
    label,
)
from holdfire.records.spell import Stretch


def trend(issue: Issue) -> Section:
    """Return section 10."""
    material = issue.material
    heard = Heard(issue)
    blocks: list[Block] = [_seven(issue, heard) or _none_in_seven(issue)]
    start = issue.start
    if start and start <= material.last:
        rows = issue.table.within(start, material.last)
        values: dict[str, Value] = {
            "day": start,
            "incidents": Counted(issue.number("trend.since", rows), "incident"),
            "killed": issue.harm("trend.since", rows),
        }
        blocks.append(Line("since_start", values))
        if len(rows):
            blocks.append(_since(issue, rows))
    drawn = chart_days(issue)
    blocks.append(
        chart(issue, heard) if len(issue.table.within(*drawn)) else Line("chart_none", {"days": Span(*drawn)})
    )
    blocks.append(Line("no_report_is_not_no_incident", tone="note"))
    blocks += _coarse(issue)
    blocks += changes(issue)
    blocks += _segments(issue)
    blocks += _windows(issue)
    blocks += _sums(issue)
    return Section(10, "trend", tuple(blocks))


def _none_in_seven(issue: Issue) -> Line:
    last = issue.material.last
    return Line("seven_none", {"days": Span(last - timedelta(days=6), last)})


def _seven(issue: Issue, heard: Heard) -> Table | None:
    """Return the last seven days; None: no incident is known to be of them."""
    rows: list[tuple[Value, ...]] = []
    if not len(issue.table.known_to_a_week(issue.material.last - timedelta(days=6), issue.material.last)):
        return None
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


def _rate(number: int, days: int) -> int:
    """Return a number a day, in hundredths, half away from zero."""
    return (number * 200 + days) // (2 * days)


def _segments(issue: Issue) -> list[Block]:
    """Return the spells that were found, with the incidents each rests on."""
    found = segments_shown(issue)
    if not found:
        return [Line("no_segment")]
    rows: list[tuple[Value, ...]] = []
    rates: list[Rate] = []
    for segment in found:
        rows_of = issue.table.known_to_a_week(segment.start, segment.end)
        here = apart(issue, rows_of, excluded=False)
        figure = issue.number(f"trend.segment.{segment.start}", here)
        chosen = segment.deaths_per_day if segment.basis == "deaths" else segment.incidents_per_day
        rates.append(Rate(round(chosen * 100), figure))
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
    blocks.append(Line("segments_note", tone="note"))
    for place, segment in enumerate(found):
        if segment.kind == "quiet":
            beside = [rates[n] if 0 <= n < len(rates) else None for n in (place - 1, place + 1)]
            blocks += _quiet(segment, rates[place], *beside)
    return blocks


def _quiet(segment: Stretch, rate: Rate, before: Rate | None, after: Rate | None) -> list[Block]:
    """Return what is said of a quiet spell: its figure beside its neighbours', and its empty days."""
    span = Span(segment.start, segment.end)
    said: list[Block] = []
    if before and after:
        values: dict[str, Value] = {"when": span, "rate": rate, "before": before, "after": after}
        said.append(Line(f"segment_quiet_{segment.basis}", values))
    else:
        said.append(Line("segment_quiet_so_far", {"when": span}))
    if segment.empty:
        said.append(Line("segment_empty", {"when": span, "days": str(segment.empty)}))
    return said


def _windows(issue: Issue) -> list[Block]:
    """Return each window of the agreement beside the days before and after it, with their figures."""
    rows: list[tuple[Value, ...]] = []
    material = issue.material
    earliest = issue.table.first_day()
    failed = _failures(issue)
    for title, window in each_window(issue):
        start, end = local_days(issue, window)
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


def _sums(issue: Issue) -> list[Block]:
    """Return what each source counts under each rule; numbers of two rows are never added."""
    if not issue.material.sums:
        return []
    rows: list[tuple[Value, ...]] = [
        (
            issue.source(each.source),
            unit(issue, each.number.rule),
            str(each.number.low),
            label("no_bound") if each.number.high is None else str(each.number.high),
            str(each.claims),
            str(each.restated),
        )
        for each in issue.material.sums
    ]
    heads = ("source", "counting_rule", "at_least", "at_most", "claims", "restated")
    table = Table("sums", tuple(label(h) for h in heads), tuple(rows))
    return [table, Line("sums_note", tone="note")]


def _failures(issue: Issue) -> list[date]:
    """Return the local days on which a failure of the arrangement was reported."""
    found = [local_days(issue, w)[0] for _, w in each_window(issue) if w.kind is WindowKind.BREAKDOWN]
    return sorted(d for d in found if d)


def _stretch(issue: Issue, title: Text, kind: str, first: date, last: date) -> tuple[Value, ...]:
    rows = issue.table.known_to_a_week(first, last)
    here, outside = apart(issue, rows, excluded=False), apart(issue, rows, excluded=True)
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
        issue.number(f"{key}.apart", outside),
    )
