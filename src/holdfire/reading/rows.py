"""What the rows of a dataset share on their way to claims: names, days, roots, and the claims themselves.

A row of a dataset asserts that something happened: it is reported, actual, not denied. Names are looked
up as of the day the dataset was published; one that no one has described keeps its own words after `~`
and is never matched by likeness. An interval is as wide as the row leaves it.
"""

from __future__ import annotations

import hashlib
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from holdfire import times
from holdfire.places import RADIUS, GeoPrecision
from holdfire.reading.cells import Cells, bare, latitude, longitude
from holdfire.reading.format import Context
from holdfire.reading.tabular import Part, Rows, single
from holdfire.records.actor import UNDESCRIBED, fold
from holdfire.records.claim import CLAIM, LINK, Kind, Modality, Stance
from holdfire.records.report import Report
from holdfire.tables import Schema
from holdfire.times import Precision

Meaning = tuple[Part, tuple[str, ...]]
Disc = tuple[float | None, float | None, float | None, str]
"""Latitude, longitude, radius, precision: the last four of a row's place."""

WHO = ("event_type", "actors", "actors_text", "targets", "targets_text", "directed")
WHEN = ("start", "end", "time_precision", "time_native")
WHERE = ("lat", "lon", "radius", "geo_precision", "geo_native")
"""Columns of CLAIM that are told together."""

CONSTANT: dict[str, Any] = {
    "kind": Kind.REPORTED.value,
    "stance": Stance.ASSERTS.value,
    "modality": Modality.ACTUAL.value,
    "negated": False,
    "cumulative": False,
}
"""What a row of a dataset says unless its columns say otherwise."""


class Said:
    """What the words of one report mean in one case."""

    def __init__(self, report: Report, context: Context) -> None:
        self._report, self._context = report, context
        self._when = times.instant(report.published, context.zone) if report.published else None
        self._offices: dict[str, str] = {}
        for source in context.sources.values():
            for name in {fold(n) for n in (source.id, *source.name.values(), *source.aliases)}:
                # Two sources of one name are not told apart.
                self._offices[name] = "" if name in self._offices else source.id

    def actor(self, name: str) -> str:
        """Return the id of an actor by the name the report gives it."""
        return self._context.names.find(name, self._when) or UNDESCRIBED + fold(name)

    def actors(self, names: Iterable[str]) -> list[str] | None:
        """Return the ids of several actors, each once, in their order; None if there are none."""
        return list(dict.fromkeys(self.actor(n) for name in names if (n := name.strip()))) or None

    def root(self, offices: Iterable[str]) -> tuple[str, str | None]:
        """Return the independence group of a row that rests on these offices, and its voice.

        Rows that rest on one office share a root, whichever dataset they stand in; a row that rests on
        several joins theirs by ` + `. The voice is known where there is one office and we know it.
        """
        known = {self._offices.get(fold(name)) or name for name in offices if name.strip()}
        parts = sorted({f"source:{n}" if n in self._context.sources else f"office:{fold(n)}" for n in known})
        if not parts:
            return f"source:{self._report.source}", None
        voice = parts[0].removeprefix("source:") if parts[0].startswith("source:") else None
        return " + ".join(parts), voice if len(parts) == 1 else None

    def days(self, first: date, last: date) -> tuple[datetime | None, datetime | None]:
        """Return the local days, both included, as two instants."""
        interval = times.days(first, last, self._context.zone)
        return interval.start, interval.end

    def area(self, name: str | None) -> str | None:
        """Return the governorate that the report's own spelling means."""
        return self._context.gazetteer.area(name)


def widened(first: date, last: date, precision: Precision) -> tuple[date, date]:
    """Return the days an event may lie in, given the days and the precision a dataset states.

    A span at least as long as its precision stands as it is. A shorter one is widened to every day that
    the precision allows: whichever six days or week may be meant, the whole month, the whole year.

    >>> widened(date(2016, 2, 10), date(2016, 2, 10), Precision.MONTH)
    (datetime.date(2016, 2, 1), datetime.date(2016, 2, 29))
    """
    length = (last - first).days + 1
    if precision is Precision.RANGE and length < 2:
        return first - timedelta(days=5), last + timedelta(days=5)
    if precision is Precision.WEEK and length < 7:
        return last - timedelta(days=6), first + timedelta(days=6)
    if precision is Precision.MONTH and length < 8:
        return first.replace(day=1), last.replace(day=monthrange(last.year, last.month)[1])
    if precision is Precision.YEAR and length < 31:
        return date(first.year, 1, 1), date(last.year, 12, 31)
    return first, last


def located(names: Sequence[str], classes: Callable[[str], GeoPrecision]) -> Callable[..., tuple[Any, ...]]:
    """Return what reads a precision code, a latitude and a longitude into the columns `WHERE`.

    Args:
        names: Of the three columns, for messages.
        classes: Reads the code.
    """

    def read(precision: str | None, north: str | None, east: str | None) -> tuple[Any, ...]:
        cells = Cells()
        stated = cells.read(names[0], classes, precision)
        lat = cells.optional(names[1], latitude, north)
        lon = cells.optional(names[2], longitude, east)
        if stated in RADIUS:
            for name, cell in zip(names[1:], (north, east), strict=True):
                if cell is None:
                    cells.note(f"{name} is empty, though {names[0]} is {precision}")
        cells.done()
        return *disc(lat, lon, stated), bare(precision)

    return read


def disc(lat: float | None, lon: float | None, precision: GeoPrecision, least: float = 0) -> Disc:
    """Return the disc of a class of place; one that is only a country, or nowhere, has none.

    Args:
        lat: Latitude as given [degrees].
        lon: Longitude as given [degrees].
        precision: The class.
        least: Smallest radius the source allows for [m].
    """
    radius = RADIUS.get(precision)
    if lat is None or lon is None or radius is None:
        return None, None, None, precision.value
    return lat, lon, max(radius, least), precision.value


def meaning(
    columns: Sequence[str], read: Callable[..., tuple[Any, ...]], *gives: str, of: Schema = CLAIM
) -> Meaning:
    """Return a part of a row's meaning, and the columns of a noun it gives, whose types it takes."""
    return Part(tuple(columns), read, tuple(of.arrow.field(name).type for name in gives)), gives


def plain(column: str, read: Callable[[str], Any], *gives: str) -> Meaning:
    """Return the meaning of a column that stands alone; it may give nothing, and is then only checked."""
    return single(column, read, *(CLAIM.arrow.field(name).type for name in gives)), gives


def claims(report: Report, numbers: Rows, columns: Mapping[str, pa.Array]) -> pa.Table:
    """Return a CLAIM table of some rows.

    Args:
        report: The report they stand in.
        numbers: Their record numbers (rows,).
        columns: CLAIM columns by name, as far as the dataset has them; the rest are as for any row.
    """
    count = len(numbers)
    stem = hashlib.sha256(f"{report.id}:".encode())
    table: dict[str, Any] = {
        "claim_id": pa.array([_claim_id(stem, number) for number in numbers.tolist()], pa.string()),
        "seq": pa.array(numbers, pa.int64()),
        "row": pa.array(numbers, pa.int64()),
        "chain": pa.ListArray.from_arrays(pa.array(np.zeros(count + 1, dtype=np.int32)), pa.array([], LINK)),
        "report": pa.repeat(pa.scalar(report.id), count),
        "source": pa.repeat(pa.scalar(report.source), count),
        "root": pa.repeat(pa.scalar(f"source:{report.source}"), count),
    }
    for column in CLAIM.columns:
        if column.name in columns:
            table[column.name] = columns[column.name]
        elif column.name in CONSTANT:
            table[column.name] = pa.repeat(pa.scalar(CONSTANT[column.name], column.type), count)
        elif column.name not in table:
            table[column.name] = pa.nulls(count, column.type)
    return CLAIM.check(pa.table({name: table[name] for name in CLAIM.names}))


def _claim_id(stem: Any, number: int) -> str:
    digest = stem.copy()
    digest.update(str(number).encode())
    return f"c-{digest.hexdigest()[:16]}"
