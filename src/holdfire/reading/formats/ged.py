"""UCDP GED: one claim a row, in the columns of release 19.1 or 23.1.

Four choices a reader should know (codebook: layouts/ged.yaml):

* Two sides that fought (types 1 and 2) are not an attack by one on the other: `directed` is false.
* `best` is kept as it stands. `low` and `high` are widened to hold it where a release has them out of
  order (101 of 16,566 rows for Syria), and the rule `ged.bounds_widened` marks those claims.
* Deaths by kind break down the best figure. So civilians were at least `deaths_civilians`, less what
  `best` exceeds `low` by; at most is known only where no death is of unknown kind and `high` adds none.
* Independence rests on `source_office`, not on `number_of_sources`, which counts items.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from holdfire.places import GeoPrecision
from holdfire.reading.cells import Cells, bare, code, iso_day, whole
from holdfire.reading.dataset import Dataset
from holdfire.reading.rows import WHEN, WHERE, WHO, Meaning, Said, located, meaning, plain, widened
from holdfire.records.actor import CIVILIANS
from holdfire.times import Precision

Row = tuple[Any, ...]


class UcdpGed(Dataset):
    """The format `ucdp-ged`."""

    name = "ucdp-ged"
    version = "1"
    dataset = "ged"
    key = "id"
    missing = ("NA",)  # as R writes it

    def meanings(self, columns: frozenset[str], said: Said) -> list[Meaning]:
        """Return what the cells of a row mean."""
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

        def office(offices: str | None) -> Row:
            return said.root((offices or "").split(";"))

        place = ("where_prec", "latitude", "longitude")
        return [
            meaning(("type_of_violence", "side_a", "side_b"), who, *WHO),
            meaning(("date_start", "date_end", "date_prec"), when, *WHEN),
            meaning(place, located(place, nearest), *WHERE),
            meaning(("source_office",), office, "root", "voice"),
            meaning(DEATH_COLUMNS, deaths, *DEATHS),
            plain("where_coordinates", str.strip, "place"),
            plain("adm_1", said.area, "admin1"),
            plain("event_clarity", clarity),
            plain("deaths_a", whole),
            plain("deaths_b", whole),
        ]


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
