"""Read files for someone who wants to look at their claims, or to draft a mapping; write nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from holdfire import plugins, times
from holdfire.case import Case
from holdfire.digests import digest_of
from holdfire.documents import read
from holdfire.engine import Engine
from holdfire.errors import BadInput, HoldfireError, nearest
from holdfire.folder import Folder
from holdfire.intake import CHUNK, HEAD, front_matter, recognised
from holdfire.reading.drafting import draft
from holdfire.reading.format import Content, Context
from holdfire.reading.unpacking import content
from holdfire.records.actor import Names
from holdfire.records.casefile import About, Gazetteer
from holdfire.records.report import Report
from holdfire.tables import rows

LIMIT = 4 << 30
"""Most bytes a file may unpack to outside a case."""


@dataclass(frozen=True)
class Said:
    """One claim, for a person or a machine."""

    row: dict[str, Any]

    @property
    def json(self) -> dict[str, Any]:
        """Return the claim as JSON holds it; docs/look-up/claims.md documents each field."""
        row = self.row
        return {
            "id": row["claim_id"],
            "report": row["report"],
            "row": row["row"],
            "content_spans": row["spans"],
            "chain": [
                {
                    "entity": link["source"],
                    "text": link["text"],
                    "source_span": link["span"],
                    "cue_spans": [link["cue"]] if link["cue"] else [],
                    "implicit": link["implicit"],
                }
                for link in row["chain"]
            ],
            "voice": row["voice"],
            "root": row["root"],
            "kind": row["kind"],
            "stance": row["stance"],
            "modality": row["modality"],
            "polarity": "negative" if row["negated"] else "positive",
            "event": {
                "type": row["event_type"],
                "actors": row["actors"],
                "actors_text": row["actors_text"],
                "targets": row["targets"],
                "targets_text": row["targets_text"],
                "directed": row["directed"],
            },
            "time": {
                "start": _utc(row["start"]),
                "end": _utc(row["end"]),
                "precision": row["time_precision"],
                "words": row["time_native"],
            },
            "places": [
                {
                    "name": row["place"],
                    "admin1": row["admin1"],
                    "lat": row["lat"],
                    "lon": row["lon"],
                    "radius_m": row["radius"],
                    "precision": row["geo_precision"],
                }
            ]
            if row["place"] or row["lat"] is not None
            else [],
            "killed": {k: row[f"killed_{k}"] for k in ("low", "best", "high")},
            "quantity": {
                "value": row["quantity"],
                "bound": row["quantity_bound"],
                "counting_rule": row["counting_rule"],
                "cumulative": row["cumulative"],
            },
            "rules": row["rules"],
        }

    def __str__(self) -> str:
        """Return a few lines a person reads."""
        row = self.row
        chain = " → ".join(link["text"] or link["source"] or "?" for link in row["chain"]) or row["source"]
        act = " ".join(
            part
            for part in (
                "not" if row["negated"] else "",
                row["event_type"] or "no event",
                f"by {row['actors_text'] or ', '.join(row['actors'] or ())}" if row["actors"] else "",
                f"on {row['targets_text'] or ', '.join(row['targets'] or ())}" if row["targets"] else "",
            )
            if part
        )
        when = f"{_utc(row['start']) or '…'} to {_utc(row['end']) or '…'} ({row['time_precision']})"
        where = f"{row['place'] or 'no place'} ({row['geo_precision']})"
        at = f"row {row['row']}" if row["row"] else f"words {row['spans']}"
        number = ""
        if row["quantity"] is not None:
            number = f"\n  {row['quantity_bound']} {row['quantity']} {row['counting_rule'] or ''}"
        return (
            f"{row['claim_id']}  {row['stance']} / {row['modality']} / {row['kind']}\n"
            f"  {chain}\n  {act}\n  {when}; {where}{number}\n  {at}"
        )


def _utc(when: datetime | None) -> str | None:
    return times.utc(when) if when else None


def of_inbox(case: Case) -> Iterator[Said]:
    """Yield the claims of every report in a case's inbox."""
    for table in case.claims():
        yield from map(Said, rows(table))


def of_files(files: list[Path], source: str, published: str, form: str, where: Path) -> Iterator[Said]:
    """Yield the claims of files, read with the names of the case at `where`, if one is there.

    Raises:
        BadInput: A file cannot be read, or the case has no such source.
    """
    try:
        folder: Folder | None = Folder.find(where)
    except HoldfireError:
        folder = None
    for file in files:
        yield from _claims(file, About(source=source or "unnamed", published=published, format=form), folder)


def _claims(file: Path, given: About, folder: Folder | None) -> Iterator[Said]:
    found = content(file.name, lambda: file.open("rb"), file.stat().st_size, LIMIT)
    front = front_matter(found.head(HEAD))
    about = read(About, front, file.name) if front else given
    if folder and about.source not in folder.sources and about.source != "unnamed":
        raise BadInput(
            f'no source is called "{about.source}"', file.name, nearest(about.source, folder.sources)
        )
    formats = plugins.formats()
    name = about.format or _format(file, found)
    if name not in formats:
        raise BadInput(f'no format is called "{name}"', file.name, nearest(name, formats))
    with file.open("rb") as stream:
        digest = digest_of(iter(lambda: stream.read(CHUNK), b""))
    report = Report(
        id=digest, source=about.source, published=about.published, format=name,
        language=about.language,
    )  # fmt: skip
    for table in formats[name].claims(report, found, _context(folder, about)):
        yield from map(Said, rows(table))


def _format(file: Path, found: Content) -> str:
    if name := recognised(file.name, found.head(HEAD), plugins.formats()):
        return name
    raise BadInput(
        "no format reads this file", file.name, f"`holdfire mapping suggest {file.name}` drafts a mapping"
    )


def _context(folder: Folder | None, about: About) -> Context:
    if folder is None:
        return Context(
            zone=ZoneInfo("UTC"), names=Names([]), sources={}, gazetteer=Gazetteer(), engine=Engine()
        )
    return Context(
        zone=folder.zone,
        names=folder.names,
        sources=folder.sources,
        gazetteer=folder.gazetteer,
        engine=Engine(),
        mapping=folder.mapping(about.mapping),
    )


def suggested(file: Path) -> str:
    """Return a draft of a mapping file for a table."""
    return draft(content(file.name, lambda: file.open("rb"), file.stat().st_size, LIMIT))
