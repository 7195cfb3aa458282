"""Section 9: who spoke, who was silent, and what kept monitors from seeing.

"No report is not no incident" is printed whatever the figures are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from holdfire.publishing.figures import Figure
from holdfire.publishing.issue import Issue
from holdfire.publishing.sayings import Saying
from holdfire.publishing.values import (
    Anchor,
    Block,
    Code,
    Heading,
    Line,
    Section,
    Span,
    Table,
    Text,
    Value,
    label,
)

DAILY, WEEKLY = 14, 98
"""Longest periods shown by day and by week [days]; longer ones are shown by month."""


def spoken(issue: Issue) -> dict[str, list[Saying]]:
    """Return the claims of the period by source, those of no occurrence among them."""
    found: dict[str, list[Saying]] = {name: [] for name in issue.material.sources}
    for group in (*issue.sayings.inside.values(), issue.sayings.outside):
        for saying in group:
            found.setdefault(saying.source, []).append(saying)
    return {name: found[name] for name in sorted(found)}


def active(issue: Issue) -> tuple[Figure, Figure, Figure]:
    """Return how many sources spoke, how many were silent, and how many the case has."""
    said = spoken(issue)
    return (
        issue.figures.count("effort.active", [f"source:{name}" for name, group in said.items() if group]),
        issue.figures.count("effort.silent", [f"source:{name}" for name, group in said.items() if not group]),
        issue.figures.count("effort.sources", [f"source:{name}" for name in said]),
    )


def effort(issue: Issue) -> Section:
    """Return section 9."""
    said = spoken(issue)
    spoke, silent, sources = active(issue)
    blocks: list[Block] = [
        Line("no_report_is_not_no_incident", tone="warning"),
        Line("effort_lead", {"active": spoke, "silent": silent, "sources": sources}),
        *_by_source(issue, said),
        *_by_day(issue),
        *_shares(issue),
        Heading(label("restrictions"), "restrictions"),
        *_restrictions(issue),
    ]
    return Section(9, "effort", tuple(blocks))


def _by_source(issue: Issue, said: Mapping[str, Sequence[Saying]]) -> list[Block]:
    """Return the sources that spoke in this period or the one before; the annex lists all, once."""
    earlier = spoken_before(issue)
    rows: list[tuple[Value, ...]] = []
    heard = {name: group for name, group in said.items() if group or earlier.get(name)}
    for name, group in heard.items():
        source = issue.material.sources.get(name)
        cases = {s.determination for s in group if s.determination}
        rows.append(
            (
                issue.source(name),
                Code("affiliation", source.affiliation.value) if source else None,
                source.reliability.value if source else None,
                issue.figures.count(f"effort.{name}.claims", [s.id for s in group]),
                issue.figures.count(f"effort.{name}.before", earlier.get(name, [])),
                issue.figures.count(f"effort.{name}.incidents", cases),
                label("active") if group else label("silent"),
            )
        )
    heads = ("source", "affiliation", "grade", "claims", "claims_before", "incidents", "state")
    silent = issue.figures.count("effort.silent_twice", [f"source:{n}" for n in said if n not in heard])
    where = Anchor("#sources", label("annex_c"))
    told: list[Block] = [Line("effort_silent", {"silent": silent, "where": where})] if silent.value else []
    return [Table("by_source", tuple(label(h) for h in heads), tuple(rows)), *told] if rows else told


def spoken_before(issue: Issue) -> dict[str, list[str]]:
    """Return the claims of the previous period by source, those of no occurrence among them."""
    material = issue.material
    chosen = issue.table.table["incident_id"].take(pa.array(issue.before)).combine_chunks()
    members = material.members.filter(pc.is_in(material.members["incident_id"], value_set=chosen))
    claims = material.claims.select(["claim_id", "source"])
    told = claims.filter(pc.is_in(claims["claim_id"], value_set=members["claim_id"].combine_chunks()))
    found: dict[str, list[str]] = {}
    for name, claim in zip(told["source"].to_pylist(), told["claim_id"].to_pylist(), strict=True):
        found.setdefault(name, []).append(claim)
    for saying in issue.sayings.earlier:
        found.setdefault(saying.source, []).append(saying.id)
    return found


def spans(first: date, last: date) -> list[tuple[date, date]]:
    """Return the period in days, weeks or months, whichever a reader can take in."""
    length = (last - first).days + 1
    if length <= DAILY:
        return [(d, d) for d in (first + timedelta(days=n) for n in range(length))]
    found, start = [], first
    while start <= last:
        if length <= WEEKLY:
            following = start + timedelta(days=7)
        else:
            following = date(start.year + start.month // 12, start.month % 12 + 1, 1)
        found.append((start, min(last, following - timedelta(days=1))))
        start = following
    return found


def _by_day(issue: Issue) -> list[Block]:
    """Return, for each area and day, how many sources spoke of it; none is written as silence."""
    material = issue.material
    bins = spans(material.first, material.last)
    heard: dict[tuple[str, int], set[str]] = {}
    for entry in issue.listed:
        place = next(n for n, (first, last) in enumerate(bins) if entry.day and first <= entry.day <= last)
        for saying in issue.sayings.inside[entry.id]:
            heard.setdefault((entry.area, place), set()).add(f"source:{saying.source}")
    areas = sorted({entry.area for entry in issue.listed} | set(issue.areas), key=lambda a: (not a, a))
    if not areas:
        return []
    rows: list[tuple[Value, ...]] = []
    for area in areas:
        cells: list[Value] = []
        for place in range(len(bins)):
            names = heard.get((area, place), set())
            key = f"effort.area.{area}.{place}"
            cells.append(issue.figures.count(key, names) if names else label("silent"))
        rows.append((issue.area(area), *cells))
    columns: tuple[Value, ...] = (label("area"), *(Span(first, last) for first, last in bins))
    return [Table("by_area_and_day", columns, tuple(rows))]


def _shares(issue: Issue) -> list[Block]:
    """Return, by area, how much of what others tell of each source of the case tells of too."""
    kept = [
        rate
        for rate in issue.material.shares
        if rate.others and rate.root.removeprefix("source:") in issue.material.sources
    ]
    if not kept:
        return []
    rows: list[tuple[Value, ...]] = []
    for rate in kept:
        name = rate.root.removeprefix("source:")
        where = issue.area(rate.area) if rate.area else label("all_areas")
        rows.append((where, issue.source(name), str(rate.told), str(rate.others), str(rate.both)))
    heads = ("area", "source", "told_of", "others_tell", "both_tell")
    table = Table("shares", tuple(label(h) for h in heads), tuple(rows))
    return [table, Line("shares_note", tone="note")]


def _restrictions(issue: Issue) -> list[Block]:
    material = issue.material
    found = [r for r in material.restrictions if r.start <= material.last and r.end >= material.first]
    if not found:
        return [Line("no_restriction")]
    rows: list[tuple[Value, ...]] = [
        (
            Code("restriction", r.kind),
            Span(r.start, r.end),
            issue.area(r.area) if r.area else label("everywhere"),
            issue.source(r.source) if r.source else label("all_sources"),
            Text(r.note) if r.note else None,
            r.cite or None,
        )
        for r in sorted(found, key=lambda r: (r.start, r.area, r.kind))
    ]
    heads = ("restriction", "when", "area", "source", "note", "read_in")
    return [Table("restrictions", tuple(label(h) for h in heads), tuple(rows))]
