"""UCDP GED: one claim a row, in the columns of release 19.1 or 23.1.

Four choices a reader should know (codebook: layouts/ged.yaml):

* Two sides that fought (types 1 and 2) are not an attack by one on the other: `directed` is false.
* `best` is kept as it stands. `low` and `high` are widened to hold it where a release has them out of
  order (94 of 16,566 rows for Syria), and the rule `ged.bounds_widened` marks those claims.
* Deaths by kind break down the best figure. So civilians were at least `deaths_civilians`, less what
  `best` exceeds `low` by; at most is known only where no death is of unknown kind and `high` adds none.
* Independence rests on `source_office`, not on `number_of_sources`, which counts items.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa

from holdfire.places import GeoPrecision
from holdfire.reading.cells import Cells, bare, code, iso_day, latitude, longitude, whole
from holdfire.reading.dataset import Dataset, Meaning
from holdfire.reading.rows import Said, disc, widened
from holdfire.reading.tabular import Batch
from holdfire.records.actor import CIVILIANS
from holdfire.tables import BOOLEAN, INSTANT, INTEGER, NUMBER, TEXT, TEXTS
from holdfire.times import Precision

Row = tuple[Any, ...]


class UcdpGed(Dataset):
    """The format `ucdp-ged`."""

    name = "ucdp-ged"
    version = "1"
    dataset = "ged"
    key = "id"
    missing = ("NA",)  # as R writes it

    def meaning(self, columns: frozenset[str], said: Said) -> Meaning:
        """Return what makes CLAIM columns of a batch."""
        values = self.layout.values
        kinds = code(values["type_of_violence"])
        clarity = code(values["event_clarity"])
        finest = code({key: Precision(meant) for key, meant in values["date_prec"].items()})
        nearest = code({key: GeoPrecision(meant) for key, meant in values["where_prec"].items()})

        def who(kind: str | None, first: str | None, second: str | None) -> Row:
            cells = Cells()
            of_kind = cells.read("type_of_violence", kinds, kind)
            one, other = cells.read("side_a", str, first), cells.read("side_b", str, second)
            cells.done()
            targets = [CIVILIANS] if of_kind["directed"] else said.actors(other.split(", "))
            return of_kind["type"], said.actors(one.split(", ")), one, targets, other, of_kind["directed"]

        def when(start: str | None, end: str | None, precision: str | None) -> Row:
            cells = Cells()
            first, last = cells.read("date_start", iso_day, start), cells.read("date_end", iso_day, end)
            stated = cells.read("date_prec", finest, precision)
            if first and last and last < first:
                cells.note(f"date_end is {last}, before date_start {first}", "swap them, if they are swapped")
            cells.done()
            return *said.days(*widened(first, last, stated)), _stated(stated, first, last), bare(precision)

        def where(precision: str | None, north: str | None, east: str | None) -> Row:
            cells = Cells()
            stated = cells.read("where_prec", nearest, precision)
            lat, lon = (
                cells.optional("latitude", latitude, north),
                cells.optional("longitude", longitude, east),
            )
            if (north is None or east is None) and stated not in (
                None,
                GeoPrecision.COUNTRY,
                GeoPrecision.UNKNOWN,
            ):
                cells.note(f"latitude or longitude is empty, though where_prec is {precision}")
            cells.done()
            return *disc(lat, lon, stated), bare(precision)

        def office(offices: str | None) -> Row:
            return said.root((offices or "").split(";"))

        def claim(batch: Batch) -> dict[str, pa.Array]:
            batch.column("event_clarity", clarity, TEXT)
            batch.column("deaths_a", whole, INTEGER)
            batch.column("deaths_b", whole, INTEGER)
            named = {
                WHO: batch.joint(
                    ("type_of_violence", "side_a", "side_b"), who, (TEXT, TEXTS, TEXT, TEXTS, TEXT, BOOLEAN)
                ),
                WHEN: batch.joint(
                    ("date_start", "date_end", "date_prec"), when, (INSTANT, INSTANT, TEXT, TEXT)
                ),
                WHERE: batch.joint(
                    ("where_prec", "latitude", "longitude"), where, (NUMBER, NUMBER, NUMBER, TEXT, TEXT)
                ),
                DEATHS: batch.joint(DEATH_COLUMNS, deaths, (*(INTEGER,) * 5, TEXTS)),
                ("root", "voice"): batch.joint(("source_office",), office, (TEXT, TEXT)),
                ("place",): [batch.column("where_coordinates", str.strip, TEXT)],
                ("admin1",): [batch.column("adm_1", said.area, TEXT)],
            }
            return {n: c for names, made in named.items() for n, c in zip(names, made, strict=True)}

        return claim


WHO = ("event_type", "actors", "actors_text", "targets", "targets_text", "directed")
WHEN = ("start", "end", "time_precision", "time_native")
WHERE = ("lat", "lon", "radius", "geo_precision", "geo_native")
DEATHS = ("killed_low", "killed_best", "killed_high", "civilians_low", "civilians_high", "rules")
DEATH_COLUMNS = ("low", "best", "high", "deaths_civilians", "deaths_unknown")


def deaths(*figures: str | None) -> Row:
    """Return the bounds of one row's deaths, from the figures of `DEATH_COLUMNS` as written.

    >>> deaths("1", "5", "9", "5", "0")
    (1, 5, 9, 1, None, None)
    >>> deaths("4", "3", "4", "3", "0")
    (3, 3, 4, 3, None, ['ged.bounds_widened'])
    """
    cells = Cells()
    read = [cells.read(name, whole, figure) for name, figure in zip(DEATH_COLUMNS, figures, strict=True)]
    cells.done()
    low, best, high, civilians, unknown = (figure or 0 for figure in read)
    least, most = min(low, best, high), max(low, best, high)
    rules = None if (least, most) == (low, high) else ["ged.bounds_widened"]
    at_most = civilians if unknown == 0 and most == best else None
    return least, best, most, max(0, civilians - (best - least)), at_most, rules


def _stated(precision: Precision, first: date, last: date) -> str:
    """Return the precision of a row; one that calls itself exact and spans days is a range."""
    return (Precision.RANGE if precision is Precision.DAY and last > first else precision).value
