"""One bulletin of one period: gather what publishing is handed, number it, and say what changed.

Publishing reads nothing by itself: words of reports, rows of datasets, what people decided and what the
previous issue said all come from here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel

from holdfire import documents, times
from holdfire.agreement.document import Agreement
from holdfire.agreement.instruments import WindowKind
from holdfire.counting.tallies import tally
from holdfire.digests import Digest
from holdfire.folder import Folder
from holdfire.fusing.fuse import Fused
from holdfire.intake import Held
from holdfire.judging.daily import daily
from holdfire.judging.trend import stretches
from holdfire.ledger.log import Ledger
from holdfire.method import method
from holdfire.publishing import material as stuff
from holdfire.publishing.site import publish
from holdfire.readings import Readings
from holdfire.records import decided
from holdfire.records.determination import Coverage
from holdfire.records.spell import Stretch
from holdfire.version import VERSION

BEFORE = timedelta(weeks=8)
"""How long before the agreement the trend begins: what a truce is held against. Further back a change is
oftener one of sources than of fighting."""

Model = TypeVar("Model", bound=BaseModel)


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

    def entry(self, now: str, manifest: Digest, run: Digest) -> dict[str, str | int]:
        """Return what the ledger keeps of it: its manifest, and the key of the run that made it."""
        return {
            "kind": "bulletin",
            "period": self.name,
            "number": self.material.number,
            "version": self.material.version,
            "manifest": manifest,
            "at": now,
            "run": run,
        }


def period_name(first: date, last: date) -> str:
    """Return the name of a period, which is that of its bulletin's folder."""
    return f"{first}" if first == last else f"{first}_{last}"


@dataclass(frozen=True)
class Found:
    """What the rooms made of a case's reports.

    Attributes:
        held: Reports, in order of entry.
        claims: CLAIM rows of all of them.
        fused: Incidents and their members.
        determinations: DETERMINATION rows.
        ledger: Size and head of the ledger they were made of.
    """

    held: tuple[Held, ...]
    claims: pa.Table
    fused: Fused
    determinations: pa.Table
    ledger: tuple[int, Digest]


@dataclass(frozen=True)
class Desk:
    """What a bulletin needs of the case besides what was found."""

    folder: Folder
    agreement: Agreement
    readings: Readings


def issue(desk: Desk, found: Found, first: date, last: date, ledger: Ledger, now: datetime) -> Issue:
    """Return the bulletin of a period.

    Args:
        desk: The case.
        found: What the rooms made of its reports.
        first: First local day.
        last: Last local day, included.
        ledger: The case's ledger, open; read only.
        now: The cut-off of a case without reports.
    """
    folder = desk.folder
    name = period_name(first, last)
    before = [e.value for e in ledger.entries("bulletin")]
    number, version = _number(before, name, first.year)
    settings = folder.head.settings.model_dump()
    received = [h.report.received for h in found.held]
    return Issue(
        stuff.Material(
            title=folder.head.title,
            languages=tuple(folder.head.languages),
            zone=folder.zone,
            agreement=desk.agreement,
            names=folder.names,
            sources=folder.sources,
            reports=tuple(h.report for h in found.held),
            claims=found.claims,
            incidents=found.fused.incidents,
            members=found.fused.members,
            determinations=found.determinations,
            first=first,
            last=last,
            cutoff=times.instant(max(received), folder.zone) if received else now.astimezone(UTC),
            number=number,
            version=version,
            quotes=lambda ids: _quotes(desk, found, ids),
            rows=lambda wanted: desk.readings.rows(found.held, wanted),
            tally=tally,
            counts=_counts(found),
            ledger=stuff.Ledger(*found.ledger),
            software=VERSION,
            method=method()[:16],
            settings=settings,
            grid=int(settings["grid"]),
            segments=_segments(desk, found, last),
            restrictions=_restrictions(folder),
            obligations=_obligations(folder),
            tolls=_tolls(folder),
            replies=_replies(folder),
            corrections=_corrections(folder, name, found) if version > 1 else (),
            known=frozenset(name for name, _ in folder.gazetteer.spellings()),
            areas=folder.gazetteer.areas(),
            unquotable=frozenset(h.report.digest for h in found.held if not h.reprint),
            landmarks=folder.gazetteer.landmarks(),
        )
    )


def _number(before: Sequence[Mapping[str, object]], name: str, year: int) -> tuple[int, int]:
    """Return the number in its year of the bulletin of this period, and which version of it this is."""
    for entry in before:
        if entry["period"] == name:
            same = [e for e in before if e["period"] == name]
            return int(str(entry["number"])), len(same) + 1
    periods = {str(e["period"]) for e in before if str(e["period"]).startswith(str(year))}
    return len(periods) + 1, 1


def _counts(found: Found) -> tuple[stuff.Counts, ...]:
    """Return what came of each report; rows are counted by record number, claims one by one."""
    table = found.claims.select(["report", "row", "claim_id"])
    joined = table.append_column(
        "inside", pc.is_in(table["claim_id"], value_set=found.fused.members["claim_id"])
    )
    by_report = {
        row["report"]: row
        for row in joined.group_by("report")
        .aggregate([("row", "max"), ("claim_id", "count"), ("inside", "sum")])
        .to_pylist()
    }
    none = {"row_max": None, "claim_id_count": 0, "inside_sum": 0}
    counts = []
    for held in found.held:
        row = by_report.get(held.report.digest, none)
        within = row["inside_sum"] or 0
        counts.append(
            stuff.Counts(
                report=held.report.digest,
                rows=row["row_max"],
                claims=row["claim_id_count"],
                in_incidents=within,
                other=row["claim_id_count"] - within,
            )
        )
    return tuple(counts)


def _quotes(desk: Desk, found: Found, ids: Sequence[str]) -> dict[str, stuff.Quote]:
    words = desk.readings.quotes(found.held, found.claims, ids)
    return {name: stuff.Quote(*parts) for name, parts in words.items()}


def _segments(desk: Desk, found: Found, last: date) -> tuple[Stretch, ...]:
    """Return the levels and quiet spells of the record up to a day, fighting with excluded groups left out.

    Deaths a day by best figures where any are known, else incidents a day.
    """
    excluded = found.determinations.filter(
        pc.equal(found.determinations["coverage"], Coverage.EXCLUDED_GROUP.value)
    )["incident_id"]
    incidents = found.fused.incidents
    between = incidents.filter(pc.invert(pc.is_in(incidents["incident_id"], value_set=excluded)))
    began = pc.min(between["start"]).as_py()
    if began is None or began.astimezone(desk.folder.zone).date() > last:
        return ()
    first = max(began.astimezone(desk.folder.zone).date(), _start(desk.agreement) - BEFORE)
    if first > last:
        return ()
    series = daily(between, desk.folder.zone, first, last, desk.readings.engine)
    basis: Literal["deaths", "incidents"] = "deaths" if pc.sum(series["killed_best"]).as_py() else "incidents"
    return tuple(stretches(series, basis))


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


def _corrections(folder: Folder, name: str, found: Found) -> tuple[stuff.Correction, ...]:
    """Return what the issue of this period that stands there said otherwise."""
    file = folder.path / "bulletins" / name / "annex" / "incidents.json"
    try:
        before = {
            row["determination_id"]: row["verdict"]
            for row in json.loads(file.read_text("utf-8"))["incidents"]
        }
    except (OSError, ValueError, KeyError, TypeError):
        return ()
    now = dict(
        zip(
            found.determinations["determination_id"].to_pylist(),
            found.determinations["verdict"].to_pylist(),
            strict=True,
        )
    )
    changed = []
    for each in sorted(before):
        if now.get(each, "") != before[each]:
            why = {
                "en": "new or changed reports, names or terms",
                "ar": "تقارير أو أسماء أو أحكام جديدة أو معدَّلة",
            }
            changed.append(stuff.Correction(id=each, old=before[each], new=now.get(each, ""), why=why))
    return tuple(changed)


def _read(folder: Folder, model: type[Model], name: str) -> Model:
    text = folder.hand(name)
    return documents.read(model, text, f"hand/{name}") if text.strip() else model()


def _day(text: str, folder: Folder, *, last: bool = False) -> date:
    interval = times.parse(text, folder.zone)[0]
    instant = (interval.end if last and interval.end != interval.start else interval.start) or datetime.min
    if last and interval.end != interval.start:
        return (instant.astimezone(folder.zone) - datetime.resolution).date()
    return instant.astimezone(folder.zone).date()


def _restrictions(folder: Folder) -> tuple[stuff.Restriction, ...]:
    return tuple(
        stuff.Restriction(
            kind=note.kind,
            start=_day(note.starts, folder),
            end=_day(note.until, folder, last=True),
            area=note.area,
            source=note.source,
            note=note.note,
            cite=note.cite,
            added_by=note.by,
        )
        for note in _read(folder, decided.Restrictions, "restrictions.yaml").restrictions
    )


def _obligations(folder: Folder) -> tuple[stuff.ObligationFinding, ...]:
    return tuple(
        stuff.ObligationFinding(
            term=note.term,
            finding=note.answer,
            start=_day(note.starts, folder),
            end=_day(note.until, folder, last=True),
            claims_for=tuple(note.claims_for),
            claims_against=tuple(note.claims_against),
            note=note.reason,
            added_by=note.by,
        )
        for note in _read(folder, decided.Obligations, "obligations.yaml").obligations
    )


def _tolls(folder: Folder) -> tuple[stuff.Toll, ...]:
    return tuple(
        stuff.Toll(
            kind=note.kind,
            low=note.low,
            best=note.best,
            high=note.high,
            who=note.who,
            population=note.population,
            place=note.place,
            start=note.starts,
            end=note.until,
            cite=note.cite,
        )
        for note in _read(folder, decided.Tolls, "tolls.yaml").tolls
    )


def _replies(folder: Folder) -> tuple[stuff.Reply, ...]:
    def at(text: str | None) -> datetime | None:
        return times.instant(text, folder.zone) if text else None

    return tuple(
        stuff.Reply(
            incident_id=note.incident,
            actor=note.actor,
            asked=times.instant(note.asked, folder.zone),
            deadline=at(note.deadline),
            answered=at(note.answered),
        )
        for note in _read(folder, decided.Replies, "replies.yaml").replies
    )
