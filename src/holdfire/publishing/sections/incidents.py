"""Sections 3 and 4: incidents by area, and, apart with its own total, what the agreement does not cover.

Every incident of the period is in exactly one of the two. Past `INLINE` rows each area has a page of its
own, so that the bulletin itself stays short.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from holdfire.publishing.entries import Entry, Indices
from holdfire.publishing.issue import VERDICTS, Issue
from holdfire.publishing.redaction import coarse
from holdfire.publishing.values import (
    Between,
    Block,
    Code,
    Counted,
    Drawing,
    Elsewhere,
    Heading,
    Line,
    Listing,
    Own,
    OwnRange,
    Paragraph,
    Said,
    Section,
    Several,
    Table,
    Value,
    Verbatim,
    label,
)
from holdfire.records.determination import Coverage

INLINE = 400
"""Most incidents a section lists by itself; more are listed on a page for each area."""

COVERED = tuple(verdict for verdict in VERDICTS if verdict != "not_covered")
OUTSIDE = tuple(
    c.value
    for c in (Coverage.EXCLUDED_GROUP, Coverage.NOT_A_PARTY, Coverage.OUTSIDE_WINDOW, Coverage.OUTSIDE_AREA)
)


def incidents(issue: Issue) -> Section:
    """Return section 3: a table by area, then a paragraph for each breach and disputed case."""
    now = issue.chosen(issue.now, COVERED)
    before = issue.chosen(issue.before, COVERED)
    lead: Block = Line(
        "incidents_lead",
        {
            "incidents": Counted(issue.number("incidents.now", now), "incident"),
            "before": Counted(issue.number("incidents.before", before), "incident"),
        },
    )
    if not len(now) and not len(before):
        return Section(3, "incidents", (Line("incidents_none"), *([_map(issue)] if issue.listed else [])))
    blocks: list[Block] = [
        lead,
        _by_area(issue, now, before),
        _map(issue),
        Line("counted_by_start", tone="note"),
    ]
    entries = [e for e in issue.listed if e.verdict in COVERED]
    blocks += _listings(entries, "incidents")
    if len(entries) <= INLINE:
        blocks += paragraphs(issue, entries)
    return Section(3, "incidents", tuple(blocks))


def not_covered(issue: Issue) -> Section:
    """Return section 4: what the agreement does not cover, why, and cases of mixed sides apart."""
    now = issue.chosen(issue.now, ["not_covered"])
    before = issue.chosen(issue.before, ["not_covered"])
    if not len(now) and not len(before):
        mixed = [] if issue.nothing else _mixed(issue)
        return Section(4, "not_covered", (Line("not_covered_none"), *mixed))
    blocks: list[Block] = [
        Line(
            "not_covered_lead",
            {
                "incidents": Counted(issue.number("not_covered.now", now), "incident"),
                "before": Counted(issue.number("not_covered.before", before), "incident"),
            },
        )
    ]
    entries = [e for e in issue.listed if e.verdict == "not_covered"]
    blocks += [_by_reason(issue, now, before), _by_group(issue, entries)]
    blocks += [*_listings(entries, "not_covered"), *_mixed(issue)]
    return Section(4, "not_covered", tuple(blocks))


def _by_area(issue: Issue, now: Indices, before: Indices) -> Table:
    rows: list[tuple[Value, ...]] = []
    for area in [*issue.areas, None]:
        here, earlier = issue.chosen(now, area=area), issue.chosen(before, area=area)
        if not len(here) and not len(earlier):
            continue
        key = f"areas.{'all' if area is None else area}"
        split = [issue.number(f"{key}.{verdict}", issue.chosen(here, [verdict])) for verdict in COVERED]
        rows.append(
            (
                label("all_areas") if area is None else issue.area(area),
                issue.number(f"{key}.now", here),
                issue.number(f"{key}.before", earlier),
                *split,
                issue.harm(f"{key}.now", here),
                issue.harm(f"{key}.before", earlier),
            )
        )
    heads = ("area", "now", "before")
    columns = (
        *(label(h) for h in heads),
        *(Code("verdict", verdict) for verdict in COVERED),
        label("killed"),
        label("killed_before"),
    )
    return Table("by_area", columns, tuple(rows), total=True)


def _by_reason(issue: Issue, now: Indices, before: Indices) -> Table:
    coverage = issue.table.table["d_coverage"].to_pylist()

    def rows_of(rows: Indices, reason: str) -> Indices:
        return np.array([i for i in rows if coverage[i] == reason], np.int64)

    reasons = [*OUTSIDE, *sorted({coverage[i] for r in (now, before) for i in r} - set(OUTSIDE))]
    rows: list[tuple[Value, ...]] = []
    for reason in reasons:
        here, earlier = rows_of(now, reason), rows_of(before, reason)
        rows.append(
            (
                Code("coverage", reason),
                issue.number(f"not_covered.{reason}.now", here),
                issue.number(f"not_covered.{reason}.before", earlier),
                issue.harm(f"not_covered.{reason}.now", here),
                issue.harm(f"not_covered.{reason}.before", earlier),
            )
        )
    rows.append(
        (
            label("all_reasons"),
            issue.number("not_covered.now", now),
            issue.number("not_covered.before", before),
            issue.harm("not_covered.now", now),
            issue.harm("not_covered.before", before),
        )
    )
    heads = ("reason", "now", "before", "killed", "killed_before")
    return Table("by_reason", tuple(label(h) for h in heads), tuple(rows), total=True)


def _by_group(issue: Issue, entries: Sequence[Entry]) -> Table:
    """Return the incidents outside the agreement in which each excluded group is a side."""
    found: dict[str, list[str]] = {}
    for entry in entries:
        for actor in {*entry.actors, *entry.targets}:
            if issue.excluded.holds(actor, entry.start):
                found.setdefault(actor, []).append(entry.id)
    rows: list[tuple[Value, ...]] = [
        (issue.actor(actor), issue.figures.count(f"not_covered.group.{actor}", found[actor]))
        for actor in sorted(found)
    ]
    return Table("by_group", (label("excluded_group"), label("incidents")), tuple(rows))


def _mixed(issue: Issue) -> list[Block]:
    entries = [entry for entry in issue.listed if entry.mixed]
    figure = issue.figures.count("not_covered.mixed", [e.id for e in entries])
    anchor = Heading(label("mixed"), "mixed")
    if not entries:
        return [anchor, Line("mixed_none")]
    values = {"incidents": Counted(figure, "incident")}
    return [anchor, Line("mixed_lead", values), *_listings(entries, "mixed")]


def _listings(entries: Sequence[Entry], key: str) -> list[Block]:
    """Return the incidents by area, on this page or, where they are many, each area on its own."""
    areas: dict[str, list[str]] = {}
    for entry in entries:
        areas.setdefault(entry.area, []).append(entry.id)
    split = len(entries) > INLINE
    found = [
        Listing(key, area, tuple(areas[area]), f"areas/{key}-{number:02d}.html" if split else "")
        for number, area in enumerate(sorted(areas, key=lambda a: (not a, a)), 1)
    ]
    return [Elsewhere(tuple(found))] if split else list(found)


def paragraphs(issue: Issue, entries: Sequence[Entry]) -> list[Block]:
    """Return a short paragraph for each breach and each disputed case."""
    told = [e for e in entries if e.verdict in ("breach", "disputed")]
    if not told:
        return [Line("no_breach_or_dispute")]
    found: list[Block] = []
    for verdict in ("breach", "disputed"):
        chosen = [e for e in told if e.verdict == verdict]
        if chosen:
            found.append(Heading(label(f"each_{verdict}")))
            found += [Paragraph(e.id, told_of(issue, e)) for e in chosen]
    return found


def told_of(issue: Issue, entry: Entry) -> tuple[Line, ...]:
    """Return a case in fixed sentences: what, who, how many died, what follows, who answered."""
    said = {
        "act": Code("act", entry.act),
        "place": where(issue, entry),
        "when": Between(entry.start, entry.end),
    }
    lines = [Line("case_what", said), told_by(issue, entry)]
    if entry.killed_low is None and entry.killed_high is None:
        lines.append(Line("case_no_deaths_said"))
    else:
        lines.append(Line("case_deaths", {"killed": own_range(entry, "killed")}))
    lines.append(
        Line(
            f"case_{entry.verdict}",
            {"rule": entry.rule, "clauses": Several(tuple(_clauses(entry)))},
        )
    )
    lines.append(
        Line(
            "case_evidence",
            {
                "claims": Own(entry.claims, "claim", entry.id),
                "roots": Own(entry.roots, "root", entry.id),
                "strength": Code("strength", entry.occurrence_strength),
                "attribution": Code("strength", entry.attribution_strength),
            },
        )
    )
    lines.append(_answered(entry))
    lines.append(Line("case_change", {"change": Code("change", entry.change)}))
    return tuple(lines)


def _clauses(entry: Entry) -> list[str]:
    return list(dict.fromkeys(c for c in entry.clauses[:5] if c))


def told_by(issue: Issue, entry: Entry) -> Line:
    """Return who is said to have acted against whom, as one sentence."""
    actors, targets = sides(issue, entry)
    if not entry.actors:
        return Line("case_no_author", {"targets": targets})
    if not entry.directed:
        return Line("case_undirected", {"actors": actors, "targets": targets})
    return Line("case_directed", {"actors": actors, "targets": targets})


def sides(issue: Issue, entry: Entry) -> tuple[Value, Value]:
    """Return who is said to have acted and who was acted on; not said is None."""
    told = issue.evidence.sides[entry.id]
    found: list[Value] = []
    for names, text in ((entry.actors, told[0]), (entry.targets, told[1])):
        if names:
            found.append(Several(tuple(issue.actor(name, entry.start) for name in names)))
        else:
            found.append(Verbatim(text) if text else None)
    return found[0], found[1]


def _answered(entry: Entry) -> Line:
    if not entry.denials and not entry.admissions:
        return Line("case_unanswered")
    values: dict[str, Value] = {
        "denials": Own(entry.denials, "denial", entry.id),
        "admissions": Own(entry.admissions, "admission", entry.id),
    }
    return Line("case_answered", values)


def where(issue: Issue, entry: Entry) -> Value:
    """Return the public place of an incident: its place, its area, and how finely it is known."""
    place, area = issue.evidence.places[entry.id], entry.area
    if said := issue.material.sheltered.get(entry.incident_id):
        cells = Said("in_areas", {"areas": Several(tuple(code for code, _ in said.cells))})
        near = Said("in_area_withheld") if said.few else cells
        return Several((near, issue.area(area)) if area else (near,))
    shown: list[Value] = [Verbatim(place)] if place else []
    if area and area not in place:
        shown.append(issue.area(area))
    return Several(tuple(shown)) if shown else label("area_unknown")


def own_range(entry: Entry, what: str) -> OwnRange:
    """Return the deaths or injuries of one incident, which lead to that incident's page."""
    best = entry.killed_best if what == "killed" else None
    return OwnRange(getattr(entry, f"{what}_low"), best, getattr(entry, f"{what}_high"), entry.id)


def _map(issue: Issue) -> Drawing:
    """Return the public map's dots: rounded, never finer than the claims, none where nothing is known."""
    dots: list[dict[str, Any]] = []
    for entry in issue.listed:
        lat: str | None = None
        lon: str | None = None
        radius: int | None = None
        if entry.lat is not None and entry.lon is not None and entry.radius is not None:
            lat, lon, radius = coarse(entry.lat, entry.lon, entry.radius, issue.material.grid)
        dots.append({"id": entry.id, "lat": lat, "lon": lon, "radius": radius, "verdict": entry.verdict})
    return Drawing("map", "map", {"dots": dots})
