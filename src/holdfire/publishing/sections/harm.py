"""Sections 6 and 7: civilian harm, zones."""

from __future__ import annotations

import numpy as np

from holdfire.agreement.zones import ZoneKind
from holdfire.publishing.figures import Figure
from holdfire.publishing.issue import VERDICTS, Issue
from holdfire.publishing.redaction import REASONS
from holdfire.publishing.sections.allegations import table_of
from holdfire.publishing.sections.onlists import on_lists
from holdfire.publishing.sections.precaution import precaution
from holdfire.publishing.sections.status import as_written
from holdfire.publishing.tolls import Toll
from holdfire.publishing.values import (
    Block,
    Code,
    Facts,
    Heading,
    Line,
    Said,
    Section,
    Table,
    Text,
    Value,
    label,
)
from holdfire.records.sheltered import LEAST


def harm(issue: Issue) -> Section:
    """Return section 6: deaths as wide as the claims, tolls quoted whole, and what is not counted."""
    silent = [issue.table.ids[i] for i in issue.now if issue.table.value("killed_low", int(i)) is None]
    blocks: list[Block] = [Line("harm_nothing") if issue.nothing else Line("harm_lead", tone="note")]
    if issue.listed:
        blocks.append(
            Line("harm_silent", {"incidents": issue.figures.count("harm.silent", silent)})
            if silent
            else Line("harm_none_silent")
        )
    if not issue.nothing:
        blocks += [_by_people(issue), _by_verdict(issue)]
    blocks += on_lists(issue)
    blocks += _tolls(issue)
    blocks.append(Heading(label("not_counted"), "not-counted"))
    blocks += [Line(f"not_counted_{n}") for n in (1, 2, 3, 4, 5)]
    undated = issue.table.undated()
    if len(undated):
        blocks.append(Line("undated", {"incidents": issue.number("harm.undated", undated)}))
    return Section(6, "harm", tuple(blocks))


def _by_people(issue: Issue) -> Table:
    rows: list[tuple[Value, ...]] = [
        (
            label(f"{what}_all"),
            issue.harm("harm.now", issue.now, what),
            issue.harm("harm.before", issue.before, what),
        )
        for what in ("killed", "civilians", "injured")
    ]
    return Table("harm", (label("people"), label("now"), label("before")), tuple(rows))


def _by_verdict(issue: Issue) -> Table:
    rows: list[tuple[Value, ...]] = []
    for verdict in VERDICTS:
        here, earlier = issue.chosen(issue.now, [verdict]), issue.chosen(issue.before, [verdict])
        if not len(here) and not len(earlier):
            continue
        key = f"harm.{verdict}"
        rows.append(
            (
                Code("verdict", verdict),
                issue.harm(f"{key}.now", here),
                issue.harm(f"{key}.before", earlier),
                issue.harm(f"{key}.now", here, "civilians"),
                issue.harm(f"{key}.before", earlier, "civilians"),
            )
        )
    heads = ("verdict", "killed", "killed_before", "civilians_all", "civilians_before")
    return Table("harm_by_verdict", tuple(label(h) for h in heads), tuple(rows))


def _tolls(issue: Issue) -> list[Block]:
    """Return each toll by itself: tolls of different populations are never set on one line."""
    material = issue.material
    alike = any(count.alike(toll) for count in material.list_counts for toll in material.tolls)
    found: list[Block] = [
        Heading(label("tolls"), "tolls"),
        Line("tolls_apart_save" if alike else "tolls_apart", tone="note"),
    ]
    quoted = [s for s in issue.sayings.counts if s.of_a_toll and s.day and s.day >= issue.material.first]
    if quoted:
        found.append(table_of(issue, "quoted_tolls", quoted, None))
    if not quoted and not issue.material.tolls:
        found.append(Line("no_toll"))
    for number, toll in enumerate(issue.material.tolls, 1):
        found.append(_toll(issue, toll, number))
    return found


def _toll(issue: Issue, toll: Toll, number: int) -> Facts:
    basis = toll.claims or (f"toll:{number}",)

    def figure(name: str, value: int | None) -> Figure | None:
        if value is None:
            return None
        return issue.figures.of(f"toll.{number}.{name}", value, basis, measure="quoted")

    rows: list[tuple[str, Value]] = [
        ("toll_kind", Code("toll", toll.kind)),
        ("whose_deaths", Text(toll.population)),
        ("where", Text(toll.place) if toll.place else None),
        ("from", as_written(toll.start, issue.material)),
        ("until", as_written(toll.end, issue.material)),
        ("at_least", figure("low", toll.low)),
        ("its_figure", figure("best", toll.best)),
        ("at_most", figure("high", toll.high)),
        ("source", toll.cite or None),
    ]
    return Facts(
        tuple(row for row in rows if row[1] is not None),
        Said("counted_by", {"who": Text(toll.who)}),
        f"toll-{number}",
    )


def zones(issue: Issue) -> Section:
    """Return section 7: zones as wholes, never what lies in them; and what was withheld, with why."""
    agreement = issue.material.agreement
    rows: list[tuple[Value, ...]] = []
    withheld: list[str] = []
    area = issue.table.table["d_area"].to_pylist()
    term_of = issue.table.table["d_term"].to_pylist()
    for zone in sorted(agreement.zones, key=lambda z: (z.kind.value, z.id)):
        terms = {t.id for t in agreement.terms if t.zone == zone.id}
        here = np.array([i for i in issue.now if term_of[i] in terms and area[i] is True], np.int64)
        unclear = np.array([i for i in issue.now if term_of[i] in terms and area[i] is None], np.int64)
        inside: Value = issue.number(f"zones.{zone.id}.inside", here)
        if zone.kind is ZoneKind.PROTECTED_ZONE and 0 < len(here) < LEAST:
            inside = label("withheld_small")
            withheld.append(zone.id)
        rows.append(
            (
                Text(zone.name),
                Code("zone_kind", zone.kind.value),
                as_written(zone.starts, issue.material),
                as_written(zone.until, issue.material),
                inside,
                issue.number(f"zones.{zone.id}.unclear", unclear),
                zone.cite,
            )
        )
    blocks: list[Block] = [Line("zones_lead", tone="note")]
    if rows:
        heads = ("zone", "zone_kind", "from", "until", "inside", "inside_unclear", "clause")
        blocks.append(Table("zones", tuple(label(h) for h in heads), tuple(rows)))
    else:
        blocks.append(Line("no_zone"))
    blocks += precaution(issue)
    figure = issue.figures.count("zones.withheld", [f"zone:{name}" for name in withheld])
    blocks.append(Line("zones_withheld", {"number": figure}))
    return Section(7, "zones", (*blocks, *_withheld(issue)))


def _withheld(issue: Issue) -> list[Block]:
    rows: list[tuple[Value, ...]] = []
    for reason in REASONS:
        if found := issue.evidence.withheld.get(reason, {}):
            number = issue.figures.of(f"withheld.{reason}", sum(found.values()), found, measure="withheld")
            rows.append((Code("reason", reason), number))
    if not rows:
        return [Heading(label("withheld"), "withheld"), Line("withheld_none")]
    return [
        Heading(label("withheld"), "withheld"),
        Line("withheld_lead"),
        Table("withheld", (label("reason_code"), label("times_withheld")), tuple(rows)),
    ]
