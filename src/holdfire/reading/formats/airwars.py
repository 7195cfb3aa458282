"""Airwars: one claim a row, undated rows included.

Choices a reader should know (value lists: layouts/airwars.yaml):

* A row alleges that its belligerents acted; where it names several, any of them may have. It does not say
  whom they aimed at. A blank type of strike stays unspecified: the belligerent does not tell it.
* 1970-01-01 is a placeholder, so the day is not said. A range whose ends are the wrong way round is read
  as all it spans, and marked with the rule `airwars.dates_swapped`.
* A place off the globe (one row has a longitude of 4239) is not located, and marked with the rule
  `airwars.off_the_globe`.
* Civilians are as given. All deaths are at least those of civilians and, where given, of fighters; at most
  is known only where both are given, because the file is silent on fighters in most rows.
* The grade of the evidence is kept as a rule, `airwars.grade.fair`. Where it is `discounted`, Airwars holds
  that the dead were fighters or another cause killed them: then civilians were at least none.
* Two rows may bear one code; they stay two claims.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from holdfire.places import GeoPrecision
from holdfire.reading.cells import CellError, Cells, bare, code, degrees, iso_day, whole
from holdfire.reading.dataset import Dataset
from holdfire.reading.rows import WHEN, WHERE, WHO, Meaning, Said, disc, meaning, plain
from holdfire.times import Precision

Row = tuple[Any, ...]

PLACEHOLDER = date(1970, 1, 1)
NIGHT = timedelta(hours=6)
"""How far a night reaches into the day after."""
FROM_AFAR = {"attack.airstrike", "attack.shelling", "attack.bombardment"}
KILLED = tuple(f"{who}_killed_{end}" for who in ("civ", "mil") for end in ("min", "max"))
INJURED = tuple(f"{who}_injured_{end}" for who in ("civ", "mil") for end in ("min", "max"))


class Airwars(Dataset):
    """The format `airwars`."""

    name = "airwars"
    version = "1"
    dataset = "airwars"

    def meanings(self, columns: frozenset[str], said: Said) -> list[Meaning]:
        """Return what the cells of a row mean."""
        values = self.layout.values
        grades = several(code(values["evidence_grade"]))

        def who(strike: str | None, belligerent: str | None) -> Row:
            cells = Cells()
            types = cells.optional("strike_type", several(code(values["strike_type"])), strike)
            cells.done()
            # "Unknown" beside names leaves the set open, so it stays in it; alone it names no one.
            names = [] if belligerent == "Unknown" else (belligerent or "").split(",")
            return kind_of(types or []), said.actors(names), belligerent, None, None, True

        def place(english: str | None, arabic: str | None) -> Row:
            return (english or arabic,)

        def area(governorate: str | None, region: str | None) -> Row:
            return (said.area(governorate or region),)

        def killed(grade: str | None, *figures: str | None) -> Row:
            cells = Cells()
            stated = cells.optional("evidence_grade", grades, grade) or []
            numbers = _figures(cells, KILLED, figures)
            cells.done()
            least, civilians_most = numbers[:2]
            if least is not None and "discounted" in stated:
                least = 0
            return *_total(numbers), least, civilians_most

        def injured(*figures: str | None) -> Row:
            cells = Cells()
            numbers = _figures(cells, INJURED, figures)
            cells.done()
            low, _, high = _total(numbers)
            return low, high

        def rules(grade: str | None, start: str | None, end: str | None, *point: str | None) -> Row:
            found = [f"airwars.grade.{name}" for name in _quietly(grades, grade)]
            if start and end and end < start:
                found.append("airwars.dates_swapped")
            if off_the_globe(*point):
                found.append("airwars.off_the_globe")
            return (found or None,)

        return [
            meaning(("strike_type", "belligerent"), who, *WHO),
            meaning(("date", "date_type", "date_end", "time_local"), _when(values, said), *WHEN),
            meaning(("geo_precision", "lat", "lon", "coords_coarsened"), _where(values), *WHERE),
            meaning(("loc_en", "loc_ar"), place, "place"),
            meaning(("governorate", "region"), area, "admin1"),
            meaning(
                ("evidence_grade", *KILLED),
                killed,
                *("killed_low", "killed_best", "killed_high", "civilians_low", "civilians_high"),
            ),
            meaning(INJURED, injured, "injured_low", "injured_high"),
            meaning(("evidence_grade", "date", "date_end", "lat", "lon"), rules, "rules"),
            plain("strike_status", code(values["strike_status"])),
        ]


def several(read: Callable[[str], Any]) -> Callable[[str], list[Any]]:
    """Return a reader of a cell that holds several values of a closed list, commas between."""
    return lambda cell: sorted({read(part.strip()) for part in cell.split(",")})


def kind_of(types: list[str]) -> str:
    """Return the one event type that holds for all of these.

    >>> kind_of(["attack.airstrike", "attack.shelling"]), kind_of([])
    ('attack.bombardment', 'attack.unspecified')
    """
    if len(types) == 1:
        return types[0]
    return "attack.bombardment" if types and FROM_AFAR.issuperset(types) else "attack.unspecified"


def off_the_globe(lat: str | None = None, lon: str | None = None) -> bool:
    """Return whether a place as written lies nowhere on Earth."""
    try:
        return bool(lat and lon) and (abs(float(lat or 0)) > 90 or abs(float(lon or 0)) > 180)
    except ValueError:
        return False


def _quietly(read: Callable[[str], list[str]], cell: str | None) -> list[str]:
    """Return the values of a cell whose faults are noted elsewhere."""
    try:
        return read(cell) if cell else []
    except CellError:
        return []


def _figures(cells: Cells, names: tuple[str, ...], figures: tuple[str | None, ...]) -> list[int | None]:
    numbers = [cells.optional(name, whole, figure) for name, figure in zip(names, figures, strict=True)]
    for at in (0, 2):
        low, high = numbers[at], numbers[at + 1]
        if low is not None and high is not None and low > high:
            cells.note(f"{names[at]} is {low}, more than {names[at + 1]} {high}")
    return numbers


def _total(numbers: list[int | None]) -> tuple[int | None, int | None, int | None]:
    """Return low, best and high of civilians and fighters together.

    >>> _total([2, 5, None, None]), _total([2, 2, 1, 1])
    ((2, None, None), (3, 3, 3))
    """
    civ_low, civ_high, mil_low, mil_high = numbers
    known = [n for n in (civ_low, mil_low) if n is not None]
    low = sum(known) if known else None
    high = civ_high + mil_high if civ_high is not None and mil_high is not None else None
    return low, low if low is not None and low == high else None, high


def _when(values: dict[str, Any], said: Said) -> Callable[..., Row]:
    types, hours = code(values["date_type"]), code(values["time_local"])

    def clock(cell: str) -> str:
        return "same_day" if re.fullmatch(r"[0-2]\d:[0-5]\d(:[0-5]\d)?", cell) else hours(cell)

    def read(written: str | None, kind: str | None, until: str | None, hour: str | None) -> Row:
        cells = Cells()
        on, last = cells.optional("date", iso_day, written), cells.optional("date_end", iso_day, until)
        ranged = cells.optional("date_type", types, kind) == "date_range"
        part = cells.optional("time_local", clock, hour)
        cells.done()
        native = " ".join(word for word in (kind, hour) if word) or None
        if on is None or on == PLACEHOLDER:
            return None, None, Precision.UNKNOWN.value, written or native
        first, last = min(on, last or on), max(on, last or on)
        start, end = said.days(first, last)
        if ranged and until is None:
            return start, None, Precision.RANGE.value, native
        if part == "night" and end is not None:
            end += NIGHT
        return start, end, (Precision.RANGE if last > first else Precision.DAY).value, native

    return read


def _where(values: dict[str, Any]) -> Callable[..., Row]:
    classes, coarse = code(values["geo_precision"]), code(values["coords_coarsened"])

    def read(precision: str | None, north: str | None, east: str | None, coarsened: str | None) -> Row:
        cells = Cells()
        stated = cells.optional("geo_precision", classes, precision) or {"class": GeoPrecision.UNKNOWN}
        lat, lon = cells.optional("lat", degrees, north), cells.optional("lon", degrees, east)
        least = cells.optional("coords_coarsened", coarse, coarsened) or 0
        if (north is None) != (east is None):
            cells.note("one of lat and lon is empty", "give both or neither")
        cells.done()
        lost = lat is None or off_the_globe(north, east)
        kind = GeoPrecision.UNKNOWN if lost else GeoPrecision(stated["class"])
        return *disc(lat, lon, kind, max(least, stated.get("radius", 0))), bare(precision)

    return read
