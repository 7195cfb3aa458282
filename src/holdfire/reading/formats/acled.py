"""ACLED: one claim a row, in the columns of its three kinds of export.

Four choices a reader should know (codebook: layouts/acled.yaml):

* The order of Actor 1 and Actor 2 says nothing of who acted, save in `Violence against civilians`. An act
  is `directed` there; where exactly one side is unarmed (civilians, protesters), since it cannot have
  acted; and where one side alone is named. Otherwise two sides fought.
* ACLED records the lowest figure reported: `fatalities` is `killed_low` and `killed_best`, and no one said
  how many at most. A 0 also stands for "not said", so it gives no best figure.
* A row that is no act of force (a protest, an agreement) is a claim all the same, of its own type.
* Independence rests on the names in `source`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from holdfire.places import GeoPrecision
from holdfire.reading.cells import (
    CellError,
    Cells,
    bare,
    code,
    iso_day,
    shown,
    slashed_day,
    spoken_day,
    whole,
)
from holdfire.reading.dataset import Dataset
from holdfire.reading.rows import WHEN, WHERE, WHO, Meaning, Said, located, meaning, plain, widened
from holdfire.records.actor import CIVILIANS
from holdfire.times import Precision

Row = tuple[Any, ...]
Side = tuple[list[str] | None, str | None, bool]
"""Actor ids, their names as written, and whether they are unarmed."""

MIDDLE = timedelta(days=4)
"""A week is given by its middle, Wednesday or Thursday: it reaches this far on either side."""


class Acled(Dataset):
    """The format `acled`."""

    name = "acled"
    version = "1"
    dataset = "acled"
    key = "event_id_cnty"
    missing = ("NA",)  # as R writes it

    def meanings(self, columns: frozenset[str], said: Said) -> list[Meaning]:
        """Return what the cells of a row mean."""
        values = self.layout.values
        day = slashed_day if "ally_actor_1" in columns else either_day
        ally = "ally_actor_" if "ally_actor_1" in columns else "assoc_actor_"
        finest = code({key: Precision(meant) for key, meant in values["time_precision"].items()})
        classes = code({key: GeoPrecision(meant) for key, meant in values["geo_precision"].items()})
        place = ("geo_precision", "latitude", "longitude")

        def office(sources: str | None) -> Row:
            return said.root((sources or "").split(";"))

        return [
            meaning(
                (
                    "event_type",
                    "sub_event_type",
                    "actor1",
                    f"{ally}1",
                    "inter1",
                    "actor2",
                    f"{ally}2",
                    "inter2",
                ),
                _who(values, said),
                *WHO,
            ),
            meaning(("event_date", "year", "time_precision"), _when(day, finest, said), *WHEN),
            meaning(place, located(place, classes), *WHERE),
            meaning(("source",), office, "root", "voice"),
            meaning(("fatalities",), deaths, "killed_low", "killed_best"),
            plain("location", str.strip, "place"),
            plain("admin1", said.area, "admin1"),
            plain("civilian_targeting", code(values["civilian_targeting"])),
        ]


def either_day(cell: str) -> date:
    """Return a day as exports (`27 February 2016`) or the API (`2016-02-27`) write it."""
    try:
        return iso_day(cell) if cell[:4].isdigit() else spoken_day(cell)
    except CellError as error:
        if error.faults[0][0].endswith("a date is expected"):
            hint = "27 February 2016 or 2016-02-27"
            raise CellError(f"is {shown(cell)}; a date is expected", hint) from None
        raise


def deaths(figure: str | None) -> Row:
    """Return the least number of deaths and the best figure.

    >>> deaths("3"), deaths("0")
    ((3, 3), (0, None))
    """
    cells = Cells()
    number = cells.read("fatalities", whole, figure)
    cells.done()
    return number, number or None


def _who(values: dict[str, Any], said: Said) -> Callable[..., Row]:
    readers = {
        kind: (code({k: v for k, v in subs.items() if k != "any"}), subs["any"])
        for kind, subs in values["event_type"].items()
    }
    kinds = code(readers)
    inter = code(values["inter"])

    def side(cells: Cells, number: int, name: str | None, allies: str | None, armed: str | None) -> Side:
        status = cells.optional(f"inter{number}", inter, armed)
        if name is None:
            return None, None, False
        if status == "unarmed":
            return [CIVILIANS], name, True
        names = [name, *(allies or "").split(";")]
        return said.actors(names), "; ".join(n.strip() for n in names if n.strip()), False

    def read(
        kind: str | None,
        sub: str | None,
        actor1: str | None,
        ally1: str | None,
        inter1: str | None,
        actor2: str | None,
        ally2: str | None,
        inter2: str | None,
    ) -> Row:
        cells = Cells()
        of_kind, any_of_it = cells.read("event_type", kinds, kind) or (None, None)
        finer = cells.optional("sub_event_type", of_kind, sub) if of_kind else None
        meant = str(finer or any_of_it)
        first, second = side(cells, 1, actor1, ally1, inter1), side(cells, 2, actor2, ally2, inter2)
        if actor1 is None and actor2 is None:
            cells.note("actor1 and actor2 are empty")
        cells.done()
        if (kind or "").casefold() == "violence against civilians":
            return meant, first[0], first[1], [CIVILIANS], second[1], True
        return meant, *_sides(meant.partition(".")[0] in ("attack", "detention"), first, second)

    return read


def _sides(force: bool, first: Side, second: Side) -> Row:
    """Return actors, their names, targets, their names, and whether the row says who acted."""
    if force and first[2] and not second[2]:
        first, second = second, first
    alone = first[0] is None or second[0] is None
    return *first[:2], *second[:2], alone or (force and second[2] and not first[2])


def _when(day: Callable[[str], date], finest: Callable[[str], Precision], said: Said) -> Callable[..., Row]:
    def read(written: str | None, year: str | None, precision: str | None) -> Row:
        cells = Cells()
        on = cells.read("event_date", day, written)
        stated = cells.read("time_precision", finest, precision)
        if on and year and str(on.year) != bare(year):
            cells.note(f"event_date is in {on.year} and year is {shown(year)}", "one of them is wrong")
        cells.done()
        first, last = widened(on, on, stated)
        if stated is Precision.WEEK:
            first, last = on - MIDDLE, on + MIDDLE
        return *said.days(first, last), stated.value, bare(precision)

    return read
