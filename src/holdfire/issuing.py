"""One bulletin of one period: gather what publishing is handed, number it, and say what changed.

In two steps. `extracts` reads the words that the bulletin prints from the bytes of the reports and masks
them. `issue` makes the bulletin of a prefix of the log, those words and what people wrote, and of nothing
else: no vault, no clock, no file. So whoever has the log and its exhibits makes the same bytes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from holdfire import agreed, handwritten, times
from holdfire.agreement.document import Agreement
from holdfire.agreement.instruments import WindowKind
from holdfire.agreement.parties import Role
from holdfire.counting.tallies import tally
from holdfire.engine import Engine
from holdfire.folder import Folder
from holdfire.fusing.incidents.fuse import Fused
from holdfire.holdings import Held
from holdfire.judging.changes import courses
from holdfire.judging.daily import daily
from holdfire.judging.recounting import converted, numbers, sums
from holdfire.judging.sighting import of_excluded, rates, sights, within
from holdfire.judging.trend import explained, stretches
from holdfire.ledger.log import Ledger
from holdfire.method import method
from holdfire.peopling import NOBODY, People
from holdfire.periods import period_name
from holdfire.precaution import findings
from holdfire.precaution.atcells import AtCells
from holdfire.precaution.held import Areas
from holdfire.publishing import issue as published
from holdfire.publishing import material as stuff
from holdfire.publishing.entries import Entries
from holdfire.publishing.extracts import Citation, Extracts
from holdfire.publishing.site import publish
from holdfire.readings import Readings
from holdfire.recording import State, state
from holdfire.records.counting import CONVERSIONS, Converted
from holdfire.records.determination import Coverage
from holdfire.records.report import Report
from holdfire.records.spell import Stretch
from holdfire.version import VERSION
from holdfire.versions import amending
from holdfire.versions.succession import Succession

BEFORE = timedelta(weeks=8)
"""How long before the agreement the trend begins: what a truce is held against. Further back a change is
oftener one of sources than of fighting."""


@dataclass(frozen=True)
class Issue:
    """A bulletin about to be written."""

    material: stuff.Material

    @property
    def name(self) -> str:
        """Return the name of its folder: its period."""
        return period_name(self.material.first, self.material.last)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield the files of its site."""
        yield from publish(self.material)


@dataclass(frozen=True)
class Found:
    """What the rooms made of a case's reports, words and exact places included; none of it is published.

    Attributes:
        held: Reports whose bytes are there, in order of entry.
        reports: All reports, in order of entry.
        claims: CLAIM rows of all of them.
        fused: Incidents and their members.
        determinations: DETERMINATION rows.
        people: Who the entries of lists of the dead are about, by ids.
    """

    held: tuple[Held, ...]
    reports: tuple[Report, ...]
    claims: pa.Table
    fused: Fused
    determinations: pa.Table
    people: People = NOBODY


@dataclass(frozen=True)
class Desk:
    """What a bulletin needs of the case besides what was found: what people wrote, and the engine.

    Attributes:
        folder: What people wrote.
        agreement: The agreement.
        engine: How to run SQL.
        areas: The precaution areas in the folder, parsed once.
    """

    folder: Folder
    agreement: Agreement
    engine: Engine
    areas: Areas


def extracts(
    desk: Desk, found: Found, near: AtCells, readings: Readings, first: date, last: date
) -> Extracts:
    """Return the words that the bulletin of a period prints, from the bytes of the reports.

    Args:
        desk: What people wrote.
        found: What the rooms made of the reports.
        near: Which incidents and claims are published at the cell; their words are not.
        readings: Gives words and rows.
        first: First local day.
        last: Last local day, included.
    """

    def quotes(ids: Sequence[str]) -> dict[str, stuff.Quote]:
        words = readings.quotes(found.held, found.claims, ids)
        return {name: stuff.Quote(*parts) for name, parts in words.items()}

    tables = (found.claims, found.fused.incidents, found.fused.members, found.determinations)
    material = _material(desk, found.reports, tables, (first, last))
    material = replace(
        material,
        quotes=quotes,
        rows=lambda wanted: readings.rows(found.held, wanted),
        sheltered={each.incident: each for each in near.sheltered},
        kept_back=near.kept_back,
    )
    return published.Issue(material).extracts


def issue(desk: Desk, then: State, words: Extracts, first: date, last: date, ledger: Ledger) -> Issue:
    """Return the bulletin of a period: a function of a prefix of the log and its exhibits.

    Args:
        desk: What people wrote.
        then: What the prefix comes to.
        words: The words it prints.
        first: First local day.
        last: Last local day, included.
        ledger: The log; nothing after the prefix is read.
    """
    before = [e.value for e in ledger.entries("bulletin", upto=then.size)]
    number, version = _number(before, period_name(first, last), first.year)
    reports = [_cited(report, words.citations.get(report.id)) for report in then.reports.values()]
    received = max((report.received for report in reports), default=then.at)
    tables = (then.claims, then.incidents, then.members, then.determinations)
    succession = Succession(ledger, desk.engine, then.size)
    plain = _material(desk, reports, tables, (first, last))
    material = replace(
        plain,
        number=number,
        version=version,
        ledger=stuff.Ledger(then.size, then.head),
        cutoff=times.instant(received, desk.folder.zone),
        corrections=_corrections(desk, before, succession, (first, last)),
        **_held(succession, then, desk.folder),
        **_sheltered(desk, ledger, then.size, (first, last)),
        versions=amending.versions(succession, verdicts(then, desk.folder.zone, first, last)),
        **_sums(desk, then.claims, reports, (first, last)),
        duties=_duties(desk, then.claims, last),
        duties_before=_duties(desk, then.claims, plain.previous[1]),
        **_standing(desk, plain),
        reviewed={name: (r.status, r.editors) for name, r in then.reviews.items()},
        grid=0,  # the log holds coordinates that are rounded already
        extracts=words,
    )
    if material.courses:
        marked = explained(material.segments, material.courses[0].changes)
        material = replace(material, segments=tuple(marked))
    return Issue(material)


def _held(succession: Succession, then: State, folder: Folder) -> dict[str, Any]:
    """Return replies and rulings under the ids that their incidents have now."""
    replies, rulings = handwritten.replies(folder), handwritten.rulings(folder)
    named = {reply.incident_id for reply in replies} | {ruling.incident_id for ruling in rulings}
    homes = amending.homes(succession, then, named)
    return {
        "replies": tuple(replace(r, incident_id=home) for r in replies for home in homes[r.incident_id]),
        "rulings": tuple(replace(r, incident_id=home) for r in rulings for home in homes[r.incident_id]),
    }


def _sheltered(desk: Desk, ledger: Ledger, size: int, period: tuple[date, date]) -> dict[str, Any]:
    """Return what the log says of incidents in public precaution areas, and the cells it names."""
    said = findings.read(ledger, size)
    days = times.days(*period, desk.folder.zone)
    return {
        "sheltered": said,
        "cells": findings.public_cells(desk.areas, said, days),
    }


def _cited(report: Report, citation: Citation | None) -> Report:
    return replace(report, cite=citation.cite, licence=citation.licence) if citation else report


Tables = tuple[pa.Table, pa.Table, pa.Table, pa.Table]
"""Claims, incidents, members, determinations."""


def _material(
    desk: Desk, reports: Sequence[Report], tables: Tables, period: tuple[date, date]
) -> stuff.Material:
    """Return what every bulletin of a case is made of, before it has words and a number."""
    folder, (claims, incidents, members, determinations) = desk.folder, tables
    settings = folder.head.settings.model_dump()
    excluded = _outside(desk, incidents, determinations)
    return stuff.Material(
        title=folder.head.title,
        languages=tuple(folder.head.languages),
        zone=folder.zone,
        agreement=desk.agreement,
        names=folder.names,
        sources=folder.sources,
        reports=tuple(reports),
        claims=claims,
        incidents=incidents,
        members=members,
        determinations=determinations,
        first=period[0],
        last=period[1],
        cutoff=datetime.max.replace(tzinfo=UTC),
        number=1,
        version=1,
        quotes=lambda ids: {},
        rows=lambda wanted: {},
        tally=tally,
        counts=_counts(reports, claims, members),
        ledger=stuff.Ledger(0, ""),
        software=VERSION,
        method=method()[:16],
        settings=settings,
        grid=int(settings["grid"]),
        segments=_segments(desk, incidents, excluded, period[1]),
        apart=frozenset(excluded),
        restrictions=handwritten.restrictions(folder),
        obligations=handwritten.obligations(folder),
        tolls=handwritten.tolls(folder),
        list_counts=handwritten.list_counts(folder),
        replies=handwritten.replies(folder),
        rulings=handwritten.rulings(folder),
        ruling_counts=handwritten.ruling_counts(folder),
        known=frozenset(name for name, _ in folder.gazetteer.spellings()),
        areas=folder.gazetteer.areas(),
        unquotable=frozenset(r.id for r in reports if not r.reprint),
        redacted=frozenset(r.id for r in reports if r.redacted),
        landmarks=folder.gazetteer.landmarks(),
    )


def _number(before: Sequence[Mapping[str, object]], name: str, year: int) -> tuple[int, int]:
    """Return the number in its year of the bulletin of this period, and which version of it this is."""
    for entry in before:
        if entry["period"] == name:
            same = [e for e in before if e["period"] == name]
            return int(str(entry["number"])), len(same) + 1
    periods = {str(e["period"]) for e in before if str(e["period"]).startswith(str(year))}
    return len(periods) + 1, 1


def _counts(reports: Sequence[Report], claims: pa.Table, members: pa.Table) -> tuple[stuff.Counts, ...]:
    """Return what came of each report; rows are counted by record number, claims one by one."""
    table = claims.select(["report", "row", "claim_id"])
    joined = table.append_column("inside", pc.is_in(table["claim_id"], value_set=members["claim_id"]))
    by_report = {
        row["report"]: row
        for row in joined.group_by("report")
        .aggregate([("row", "max"), ("claim_id", "count"), ("inside", "sum")])
        .to_pylist()
    }
    none = {"row_max": None, "claim_id_count": 0, "inside_sum": 0}
    counts = []
    for report in reports:
        row = by_report.get(report.id, none)
        within = row["inside_sum"] or 0
        counts.append(
            stuff.Counts(
                report=report.id,
                rows=row["row_max"],
                claims=row["claim_id_count"],
                in_incidents=within,
                other=row["claim_id_count"] - within,
            )
        )
    return tuple(counts)


def _outside(desk: Desk, incidents: pa.Table, determinations: pa.Table) -> set[str]:
    """Return the incidents with an excluded group as a side, before the agreement as within it."""
    excluded = pc.equal(determinations["coverage"], Coverage.EXCLUDED_GROUP.value)
    judged = set(determinations.filter(excluded)["incident_id"].to_pylist())
    groups = {held.actor for held in desk.agreement.holdings() if held.role is Role.EXCLUDED}
    return judged | of_excluded(incidents, groups, desk.engine)


def _shown(desk: Desk, incidents: pa.Table, last: date) -> tuple[date, date] | None:
    """Return the days of the trend up to a day; None: nothing is recorded by then."""
    began = pc.min(incidents["start"]).as_py()
    if began is None:
        return None
    first = max(began.astimezone(desk.folder.zone).date(), _start(desk.agreement) - BEFORE)
    return (first, last) if first <= last else None


def _segments(desk: Desk, incidents: pa.Table, excluded: Collection[str], last: date) -> tuple[Stretch, ...]:
    """Return the levels and quiet spells of the record up to a day, fighting with excluded groups left out.

    Deaths a day by best figures where any are known, else incidents a day.
    """
    between = _between(incidents, excluded)
    if (span := _shown(desk, between, last)) is None:
        return ()
    series = daily(between, desk.folder.zone, *span, desk.engine)
    basis: Literal["deaths", "incidents"] = "deaths" if pc.sum(series["killed_best"]).as_py() else "incidents"
    return tuple(stretches(series, basis))


def _between(incidents: pa.Table, excluded: Collection[str]) -> pa.Table:
    """Return the incidents in which no excluded group is a side."""
    outside = pc.is_in(incidents["incident_id"], value_set=pa.array(sorted(excluded), pa.string()))
    return incidents.filter(pc.invert(outside))


def _standing(desk: Desk, plain: stuff.Material) -> dict[str, Any]:
    """Return where fighting stands on the last day, and how much of what others tell each source tells."""
    period, zone = (plain.first, plain.last), desk.folder.zone
    seen = sights(plain.incidents, plain.members, plain.claims, plain.apart, zone, desk.engine)
    held = within(seen, *period)
    areas = ["", *sorted(set(held["area"].to_pylist()) - {""})]
    shares = [each for area in areas for each in rates(within(held, *period, area), area)]
    if (span := _shown(desk, _between(plain.incidents, plain.apart), plain.last)) is None:
        return {"shares": tuple(shares)}
    return {
        "shares": tuple(shares),
        "courses": tuple(
            courses(plain.incidents, seen, plain.apart, span, zone, desk.engine, plain.restrictions)
        ),
    }


def _sums(
    desk: Desk, claims: pa.Table, reports: Sequence[Report], period: tuple[date, date]
) -> dict[str, Any]:
    """Return what each source counts under each rule of what began in a period, and that in other units."""
    days = times.days(*period, desk.folder.zone)
    start = claims["start"]
    kept = claims.filter(pc.and_(pc.greater_equal(start, days.start), pc.less(start, days.end)))
    if not pc.any(pc.is_valid(kept["quantity"])).as_py():
        return {}
    published = pa.table(
        {
            "report": [report.id for report in reports],
            "published": pa.array([report.published or report.received for report in reports], pa.string()),
        }
    )
    found: list[Converted] = []
    for by in (CONVERSIONS[name] for name in desk.folder.head.conversions):
        mine = kept.filter(pc.is_in(kept["counting_rule"], value_set=pa.array(sorted(by.of))))
        sources = sorted(set(mine["source"].to_pylist()))
        found += [converted(mine, published, by, desk.engine, [source]) for source in sources]
    return {"sums": tuple(sums(numbers(kept, published, desk.engine))), "converted": tuple(found)}


def _duties(desk: Desk, claims: pa.Table, day: date) -> tuple[stuff.Duty, ...]:
    """Return what was owed on a day and whether it was met, as `holdfire agreement duties` finds it."""
    found = agreed.duties(desk, [claims], day)
    return tuple(
        stuff.Duty(
            term=each.term,
            actor=each.actor,
            bound=each.bound.value,
            due=(each.due.start, each.due.end) if each.due else None,
            finding=each.finding,
            why=each.why,
            claims_for=each.claims_for,
            claims_against=each.claims_against,
            claims_interested=each.claims_interested,
        )
        for each in found
    )


def _start(agreement: Agreement) -> date:
    """Return the local day on which the agreement first came into force; none ever did: the first day."""
    zone = agreement.zone
    starts = [
        window.start(zone).start
        for instrument in agreement.instruments
        for window in instrument.windows
        if window.kind is WindowKind.IN_FORCE
    ]
    known = [start for start in starts if start is not None]
    return min(known).astimezone(zone).date() if known else date.min + BEFORE


def _corrections(
    desk: Desk, before: Sequence[Mapping[str, Any]], succession: Succession, period: tuple[date, date]
) -> tuple[stuff.Correction, ...]:
    """Return what the previous issue of this period, or else every period issued, said otherwise."""
    same = [e for e in before if e["period"] == period_name(*period)]
    if not before or not amending.changed_since(succession, size := int((same or before)[-1]["size"])):
        return ()
    then = state(succession.ledger, desk.engine, size)
    days = [period] if same else sorted({_days(str(e["period"])) for e in before})
    listed = {name for each in days for name in verdicts(then, desk.folder.zone, *each)}
    return amending.corrections(succession, size, listed)


def _days(name: str) -> tuple[date, date]:
    first, _, last = name.partition("_")
    return date.fromisoformat(first), date.fromisoformat(last or first)


def verdicts(then: State, zone: ZoneInfo, first: date, last: date) -> dict[str, str]:
    """Return the verdict of each determination whose incident belongs to a period."""
    entries = Entries(then.incidents, then.determinations, zone)
    return {entries.ids[i]: entries.verdicts[i] for i in entries.within(first, last)}
