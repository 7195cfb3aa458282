"""Small tables to read: rows of known datasets with plain defaults, and what is needed to read them.

A test names only the cells it is about. Every row here is invented.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from holdfire import times
from holdfire.digests import digest
from holdfire.reading import layout
from holdfire.reading.format import Content, Context, Format
from holdfire.reading.unpacking import content
from holdfire.records.actor import Actor, ActorKind, Alias, Names
from holdfire.records.casefile import Gazetteer, PlaceNote
from holdfire.records.claim import CLAIM
from holdfire.records.report import Report
from holdfire.records.source import Affiliation, Source
from holdfire.tables import rows, stack
from holdfire.testing import plain_context
from holdfire.times import Interval

LIMIT = 1 << 31
ZONE = times.zone("Asia/Damascus")

PLAIN = """
claims:
  event_type: {column: Type, values: {strike: attack.airstrike, shelling: attack.shelling}}
  start: {column: Date, format: "%d/%m/%Y"}
  place: Place
  lat: Lat
  lon: Lon
  geo_precision: {value: settlement}
  killed_low: Low
  killed_best: Best
  killed_high: High
"""
"""Mapping of a table of events."""

GED = {
    "id": "1", "year": "2031", "active_year": "1", "type_of_violence": "1", "side_a": "Government of North",
    "side_b": "South Front", "number_of_sources": "1", "source_office": "Strip Watch",
    "source_headline": "a headline", "where_prec": "1", "where_coordinates": "Marrow town",
    "adm_1": "Strip Governorate", "latitude": "30.5", "longitude": "11.25", "event_clarity": "1",
    "date_prec": "1", "date_start": "2031-05-02", "date_end": "2031-05-02", "deaths_a": "1",
    "deaths_b": "2", "deaths_civilians": "0", "deaths_unknown": "0", "low": "3", "best": "3", "high": "3",
}  # fmt: skip
ACLED = {
    "event_id_cnty": "STR1", "event_date": "02 May 2031", "year": "2031", "time_precision": "1",
    "disorder_type": "Political violence", "event_type": "Battles", "sub_event_type": "Armed clash",
    "actor1": "Military Forces of North", "inter1": "State forces", "actor2": "South Front",
    "inter2": "Rebel group", "admin1": "Strip", "location": "Marrow", "latitude": "30.5",
    "longitude": "11.25", "geo_precision": "1", "source": "Strip Watch", "notes": "a note",
    "fatalities": "3",
}  # fmt: skip
AIRWARS = {
    "code": "RS1", "date": "2031-05-02", "date_type": "date", "loc_en": "Marrow", "region": "Strip",
    "lat": "30.5", "lon": "11.25", "geo_precision": "town", "belligerent": "Northern Military",
    "strike_type": "Airstrike", "evidence_grade": "Fair", "civ_killed_min": "2.0",
    "civ_killed_max": "5.0", "coords_coarsened": "0",
}  # fmt: skip


def ged(*changes: Mapping[str, str], release: str = "19.1") -> bytes:
    """Return a GED file of one row for each set of changes; ids run from 1."""
    numbered = [{"id": str(n), **change} for n, change in enumerate(changes, 1)]
    return table(layout.load("ged").layouts[release], [{**GED, **change} for change in numbered])


def acled(*changes: Mapping[str, str], release: str = "since 2023") -> bytes:
    """Return an ACLED file of one row for each set of changes."""
    header = layout.load("acled").layouts[release]
    numbered = [{"event_id_cnty": f"STR{n}", **change} for n, change in enumerate(changes, 1)]
    return table(header, [{**ACLED, **change} for change in numbered])


def airwars(*changes: Mapping[str, str]) -> bytes:
    """Return an Airwars file of one row for each set of changes."""
    return table(layout.load("airwars").layouts["2026"], [{**AIRWARS, **change} for change in changes])


def table(header: Sequence[str], given: Sequence[Mapping[str, str]], separator: str = ",") -> bytes:
    """Return rows as CSV; cells of no column of the header are left out."""
    text = io.StringIO()
    writer = csv.DictWriter(text, header, extrasaction="ignore", lineterminator="\n", delimiter=separator)
    writer.writeheader()
    writer.writerows(given)
    return text.getvalue().encode()


def held(sample: bytes, name: str = "table.csv", mapping: str = "", limit: int = LIMIT) -> Content:
    """Return bytes as a format is handed them."""
    return replace(content(name, lambda: io.BytesIO(sample), len(sample), limit), mapping=mapping)


def stored(file: Path) -> Content:
    """Return a file as a format is handed it."""
    return content(file.name, lambda: file.open("rb"), file.stat().st_size, LIMIT)


def report(sample: bytes = b"", published: str = "2031-06-01") -> Report:
    """Return the report that the bytes are."""
    return Report(id=digest(sample), source="sample", format="x", published=published)


def read(form: Format, sample: bytes, context: Context | None = None, name: str = "table.csv") -> pa.Table:
    """Return the claims of a file."""
    given = replace(context or plain_context("Asia/Damascus"), file=name)
    return stack(CLAIM, list(form.claims(report(sample), held(sample, name), given)))


def one(form: Format, sample: bytes, context: Context | None = None) -> dict[str, Any]:
    """Return the only claim of a file."""
    (claim,) = rows(read(form, sample, context))
    return claim


def packed(sample: bytes) -> bytes:
    """Return the bytes in gzip, the same each time."""
    return gzip.compress(sample, mtime=0)


def day(first: date, last: date | None = None) -> tuple[Any, Any]:
    """Return local days as two instants."""
    span = times.days(first, last or first, ZONE)
    return span.start, span.end


def context(**given: Any) -> Context:
    """Return a context that knows a few invented actors, sources and places."""
    ever = Interval(None, None)
    named = Interval(times.instant("2031-05-10", ZONE), None)
    actors = [
        Actor("north", {"en": "North"}, ActorKind.STATE, (Alias("Government of North", ever),)),
        Actor("south", {"en": "South"}, ActorKind.GROUP, (Alias("South Front", ever),)),
        Actor("raiders", {"en": "Raiders"}, ActorKind.GROUP, (Alias("New Raiders", named),)),
    ]
    watch = Source(
        id="watch", name={"en": "Strip Watch"}, affiliation=Affiliation.CIVIL_SOCIETY, aliases=("SW",)
    )
    fields = {
        "names": Names(actors),
        "sources": {"watch": watch},
        "gazetteer": Gazetteer(PLACES),
        **given,
    }
    return plain_context("Asia/Damascus", **fields)


PLACES = [
    PlaceNote(
        id="strip", name={"en": "The Strip"}, level="governorate", lat=30.5, lon=11.2, spellings=["Strip"]
    ),
    *(
        PlaceNote(
            id=f"town-{n}", name={"en": f"Town {n}"}, level="settlement", lat=30.0 + n / 10, lon=11.0 + n / 10
        )
        for n in range(5)
    ),
]
