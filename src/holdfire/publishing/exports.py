"""The annexes: the same record as tables and a map, for machines.

CSV is RFC 4180 with LF line ends, UTF-8, a header row, null as an empty cell; a list is joined by ` | `.
GeoJSON is RFC 7946 with coordinates rounded to the case's grid and never finer than the incident's disc.
Names of people do not leave: text columns are the redacted ones, and claims go without their words.
Manifests are in the form of `sha256sum`, so that `sha256sum --check manifest.txt` verifies a copy.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import shapely
from shapely.geometry import mapping

from holdfire.digests import digest
from holdfire.publishing.entries import QUESTIONS, Entry
from holdfire.publishing.issue import Issue
from holdfire.publishing.partings import QUESTIONS as ASKED
from holdfire.publishing.partings import ours, own, partings, theirs
from holdfire.publishing.redaction import cell, coarse, spelled
from holdfire.publishing.sayings import Saying
from holdfire.records.incident import HARM
from holdfire.records.sheltered import Sheltered
from holdfire.times import utc

WITHHELD = "withheld"
"""Stands for the cells of an incident where too few lie in them."""

INCIDENT_COLUMNS = (
    "incident_id",
    "determination_id",
    "area",
    "place_public",
    "geo_precision",
    "precaution_cells",
    "inside_precaution_area",
    "start",
    "end",
    "time_precision",
    "wider_than_period",
    "act",
    "actor_claimed",
    "actor_assessed",
    "target",
    "directed",
    "occurrence",
    "occurrence_strength",
    "attribution_strength",
    "attribution_contested",
    *(f"asked_{name}" for name in QUESTIONS),
    "coverage",
    "verdict",
    "rule",
    "term",
    "clause",
    "change",
    "n_claims",
    "n_reports",
    "n_independent",
    "n_denials",
    "n_admissions",
    *HARM,
    "mixed_side",
    "status",
)
"""Columns of the incident table, in the order of the annex."""

CLAIM_COLUMNS = (
    "claim_id",
    "determination_id",
    "part",
    "report",
    "record",
    "source",
    "root",
    "voice",
    "kind",
    "stance",
    "modality",
    "negated",
    "act",
    "actors",
    "targets",
    "directed",
    "start",
    "end",
    "time_precision",
    "area",
    "geo_precision",
    *HARM,
    "quantity",
    "quantity_bound",
    "counting_rule",
    "cumulative",
)

REPLY_COLUMNS = (
    "incident_id",
    "determination_id",
    "actor",
    "asked",
    "deadline",
    "answered",
    "position",
    "late",
    "cite",
)
"""Columns of the table of replies: one row a request."""

RULING_COLUMNS = (
    "incident_id",
    "determination_id",
    "by",
    "at",
    "question",
    "answer",
    "clause",
    "parts",
    "cite",
)
"""Columns of the table of rulings, one row an answer; ours have no `by`. `parts`: not all answer so."""


def incident_rows(issue: Issue) -> list[dict[str, Any]]:
    """Return the incidents of the period as rows of `INCIDENT_COLUMNS`."""
    return [_incident(issue, entry) for entry in issue.listed]


def annexes(issue: Issue, rows: Sequence[Mapping[str, Any]]) -> dict[str, bytes]:
    """Return the annex files by path, without their manifest."""
    material = issue.material
    claims = [_claim(issue, saying) for saying in issue.sayings.all()]
    replies, rulings = _replies(issue), _rulings(issue)
    return {
        **({"annex/replies.csv": table(REPLY_COLUMNS, replies)} if replies else {}),
        **({"annex/rulings.csv": table(RULING_COLUMNS, rulings)} if rulings else {}),
        "annex/incidents.csv": table(INCIDENT_COLUMNS, rows),
        "annex/incidents.json": document(
            {"period": [material.first.isoformat(), material.last.isoformat()], "incidents": rows}
        ),
        "annex/incidents.geojson": document(_collection(issue, rows)),
        "annex/claims.csv": table(CLAIM_COLUMNS, claims),
    }


def table(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Return rows as CSV; a cell that begins like a formula gets an apostrophe."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row[name]) for name in columns])
    return written.getvalue().encode()


def document(value: Any) -> bytes:
    """Return a value as JSON, keys in the order given, ending in a line end."""
    return json.dumps(value, ensure_ascii=False, indent=None, separators=(",", ":")).encode() + b"\n"


def manifest(files: Iterable[tuple[str, str]]) -> bytes:
    """Return `digest  path` lines in order of path, as `sha256sum` writes and checks them."""
    return "".join(f"{name}  {path}\n" for path, name in sorted(files)).encode()


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the digest of each file by path."""
    return {path: digest(content) for path, content in sorted(files.items())}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return cell(" | ".join(str(v) for v in value))
    return cell(str(value))


def _incident(issue: Issue, entry: Entry) -> dict[str, Any]:
    answers = dict(zip(QUESTIONS, entry.questions, strict=True))
    near = issue.material.sheltered.get(entry.incident_id)
    return {
        "incident_id": entry.incident_id,
        "determination_id": entry.id,
        "area": entry.area or None,
        "place_public": spelled(issue.evidence.places[entry.id]) or None,
        "geo_precision": entry.geo_precision,
        "precaution_cells": _cells(near),
        "inside_precaution_area": near.inside.value if near else None,
        "start": entry.start and utc(entry.start),
        "end": entry.end and utc(entry.end),
        "time_precision": entry.time_precision,
        "wider_than_period": entry.wide,
        "act": entry.act,
        "actor_claimed": _names(issue, entry.actors),
        "actor_assessed": _names(issue, entry.attribution),
        "target": _names(issue, entry.targets),
        "directed": entry.directed,
        "occurrence": _answer(entry.occurrence),
        "occurrence_strength": entry.occurrence_strength,
        "attribution_strength": entry.attribution_strength,
        "attribution_contested": entry.contested,
        **{f"asked_{name}": _answer(value) for name, value in answers.items()},
        "coverage": entry.coverage,
        "verdict": entry.verdict,
        "rule": entry.rule,
        "term": entry.term or None,
        "clause": list(dict.fromkeys(c for c in entry.clauses if c)),
        "change": entry.change,
        "n_claims": entry.claims,
        "n_reports": entry.reports,
        "n_independent": entry.roots,
        "n_denials": entry.denials,
        "n_admissions": entry.admissions,
        **dict(zip(HARM, entry.harm, strict=True)),
        "mixed_side": entry.mixed,
        "status": issue.material.status(entry.id),
    }


def _cells(near: Sheltered | None) -> list[str]:
    """Return the codes of the cells an incident may lie in, or that they are withheld."""
    if near is None:
        return []
    return [WITHHELD] if near.few else [code for code, _ in near.cells]


def _answer(value: bool | None) -> str:
    return "unclear" if value is None else "yes" if value else "no"


def _names(issue: Issue, actors: Iterable[str]) -> list[str]:
    return [spelled(issue.printable(actor)) for actor in actors]


def _claim(issue: Issue, said: Saying) -> dict[str, Any]:
    return {
        "claim_id": said.id,
        "determination_id": said.determination or None,
        "part": said.part or None,
        "report": said.report,
        "record": said.row,
        "source": said.source,
        "root": said.root,
        "voice": spelled(issue.speaker(said)) or None,
        "kind": said.kind,
        "stance": said.stance,
        "modality": said.modality,
        "negated": said.negated,
        "act": said.act or None,
        "actors": _names(issue, said.actors),
        "targets": _names(issue, said.targets),
        "directed": said.directed,
        "start": said.start and utc(said.start),
        "end": said.end and utc(said.end),
        "time_precision": said.time_precision,
        "area": said.area or None,
        "geo_precision": said.geo_precision,
        "killed_low": said.killed[0],
        "killed_best": said.killed[1],
        "killed_high": said.killed[2],
        "civilians_low": said.civilians[0],
        "civilians_high": said.civilians[1],
        "injured_low": said.injured[0],
        "injured_high": said.injured[1],
        "quantity": said.quantity,
        "quantity_bound": said.bound or None,
        "counting_rule": said.rule or None,
        "cumulative": said.cumulative,
    }


def _collection(issue: Issue, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "holdfire": "Positions are rounded; the incident lies within radius_m or in the cells drawn, never at"
        " the point.",
        "features": [
            _feature(entry, row, issue.material.grid, _cells_drawn(issue, entry))
            for entry, row in zip(issue.listed, rows, strict=True)
        ],
    }


def _feature(entry: Entry, row: Mapping[str, Any], grid: int, drawn: dict[str, Any] | None) -> dict[str, Any]:
    geometry: dict[str, Any] | None = None
    reach: int | None = None
    if row["precaution_cells"]:
        geometry = drawn
    elif entry.lat is not None and entry.lon is not None and entry.radius is not None:
        lat, lon, reach = coarse(entry.lat, entry.lon, entry.radius, grid)
        geometry = {"type": "Point", "coordinates": [float(lon), float(lat)]}
    kept = (
        *("area", "place_public", "geo_precision", "precaution_cells", "inside_precaution_area"),
        *("start", "end", "act", "coverage", "verdict", "rule"),
    )
    properties = {name: row[name] for name in (*kept, *HARM[:3])}
    return {
        "type": "Feature",
        "id": entry.id,
        "geometry": geometry,
        "properties": {**properties, "radius_m": reach},
    }


def _cells_drawn(issue: Issue, entry: Entry) -> dict[str, Any] | None:
    """Return the whole cells that an incident in a precaution area may lie in (RFC 7946 section 3.1.7)."""
    said = issue.material.sheltered.get(entry.incident_id)
    if said is None or said.few:
        return None
    zones = {(cell.code, cell.partition): cell.zone for cell in issue.material.cells}
    parts = [part for each in said.cells if each in zones for part in shapely.get_parts(zones[each])]
    if not parts:
        return None
    return dict(mapping(shapely.transform(shapely.MultiPolygon(parts), lambda degrees: degrees.round(7))))


def _replies(issue: Issue) -> list[dict[str, Any]]:
    cutoff, by_incident = issue.material.cutoff, {e.incident_id: e.id for e in issue.listed}
    return [
        {
            "incident_id": r.incident_id,
            "determination_id": by_incident[r.incident_id],
            "actor": issue.printable(r.actor),
            "asked": utc(r.asked),
            "deadline": utc(r.deadline) if r.deadline else None,
            "answered": utc(r.answered) if r.answered and r.answered <= cutoff else None,
            "position": r.position(cutoff),
            "late": r.late and r.position(cutoff) not in ("awaited", "no_reply"),
            "cite": r.cite or None,
        }
        for r in sorted(issue.material.replies, key=lambda r: (r.incident_id, r.asked, r.actor))
        if r.incident_id in by_incident
    ]


def _rulings(issue: Issue) -> list[dict[str, Any]]:
    """Return every answer that others gave of incidents of the period, ours beside them, a row each."""
    rows = []
    for entry in issue.listed:
        rulings = [r for r in issue.material.rulings if r.incident_id == entry.incident_id]
        mine = ours(own(entry)) if rulings else {}
        parted = {each.question for each in partings(mine, rulings)}
        said = [(None, mine), *((r, theirs(r)) for r in sorted(rulings, key=lambda r: (r.at, r.by)))]
        rows += [
            {
                "incident_id": entry.incident_id,
                "determination_id": entry.id,
                "by": ruling.by if ruling else None,
                "at": utc(ruling.at) if ruling else None,
                "question": question,
                "answer": given[question].value or None,
                "clause": given[question].clause or None,
                "parts": question in parted,
                "cite": ruling.cite if ruling else None,
            }
            for ruling, given in said
            for question in ASKED
            if question in given
        ]
    return rows
