"""Incidents as a map takes them, and the circles it draws of them.

A circle is never narrower than LEAST, whatever the record says, and never narrower than the record is
uncertain: the incident lies somewhere in it. Positions arrive rounded; nothing here makes one finer.
Incidents whose circles would lie on each other become one circle that says how many it holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor, fsum

from holdfire.places import distance
from holdfire.publishing.drawing.days import GROUPS

LEAST = 8_000.0
"""The narrowest circle's radius [m]: about a cell of the default grid, a tenth of a degree."""

SOFT = 12_000.0
"""A radius past which a circle is drawn faintly [m], so that the coarse does not cover the fine."""

WIDE = 34_000.0
"""A radius from which a circle is only an outline [m]: the place is a district (35 km) or more.

"Near a place" (25 km) stays below it when its centre is moved to a cell of a tenth of a degree.
"""

MOST = {"fine": 60, "soft": 40, "wide": 25}
"""Circles that may be told apart on one map; past that they are gathered in coarser cells."""

CELLS = (0.0, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6)
"""Sides of the cells tried [degrees]; 0 gathers only what lies in one and the same disc."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One incident on a map.

    Attributes:
        id: Of its determination or incident.
        lat, lon: Centre of the disc it lies in [degrees], already rounded; None: not located.
        radius: Of the disc [m]; None: no bound is known, so it is not drawn.
        verdict: A value of `Verdict`.
        label: What a reader is told, as "Aleppo: shelling, 3 to 5 killed".
        where, when: Place and day, as the page writes them.
        href: The page of its determination.
    """

    id: str
    lat: float | None
    lon: float | None
    radius: float | None
    verdict: str
    label: str
    where: str = ""
    when: str = ""
    href: str | None = None

    @property
    def group(self) -> str:
        """Return the group of verdicts it is drawn with."""
        return self.verdict if self.verdict in GROUPS else "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """One circle of a map.

    Attributes:
        id: Stable within one map: "c1" is the northernmost, then the westernmost.
        lat, lon: Its centre [degrees].
        radius: [m].
        dots: The incidents that lie somewhere in it.
        wide: Whether each of them is placed only to a district or wider; it is then an outline only. A circle
            that has grown by gathering finer places is not.
    """

    id: str
    lat: float
    lon: float
    radius: float
    dots: tuple[Dot, ...]
    wide: bool

    def shares(self) -> list[tuple[str, int]]:
        """Return how many incidents of each group it holds, in the order of GROUPS."""
        counts = [(group, sum(dot.group == group for dot in self.dots)) for group in GROUPS]
        return [(group, count) for group, count in counts if count]


def circles(dots: Iterable[Dot]) -> list[Circle]:
    """Return the circles of the incidents that can be drawn, widest first, then from north to south."""
    ranks: dict[str, list[Dot]] = {rank: [] for rank in MOST}
    for dot in dots:
        if drawable(dot):
            ranks[_rank(dot.radius or 0.0)].append(dot)
    found = [
        (*_circle(cell), rank == "wide")
        for rank, some in ranks.items()
        for cell in _gathered(some, MOST[rank])
    ]
    found.sort(key=lambda c: (-c[1], c[2], -c[0], c[3][0].id))
    named = [
        Circle(id=f"c{i}", lat=lat, lon=lon, radius=radius, dots=dots, wide=wide)
        for i, (radius, lat, lon, dots, wide) in enumerate(found, 1)
    ]
    return sorted(named, key=lambda c: (-c.radius, -c.lat, c.lon))


def drawable(dot: Dot) -> bool:
    """Return whether the incident is placed more finely than the country."""
    return dot.lat is not None and dot.lon is not None and dot.radius is not None


def _rank(radius: float) -> str:
    return "fine" if radius <= SOFT else "soft" if radius < WIDE else "wide"


def _gathered(dots: Sequence[Dot], most: int) -> list[list[Dot]]:
    """Return the incidents in the finest cells that are few enough."""
    cells: list[list[Dot]] = []
    for side in CELLS:
        cells = _cells(dots, side)
        if len(cells) <= most:
            break
    return cells


def _cells(dots: Sequence[Dot], side: float) -> list[list[Dot]]:
    cells: dict[tuple[float, ...], list[Dot]] = {}
    for dot in dots:
        lat, lon = dot.lat or 0.0, dot.lon or 0.0
        cell = (floor(lat / side), floor(lon / side)) if side else (lat, lon, dot.radius or 0.0)
        cells.setdefault(cell, []).append(dot)
    return [cells[cell] for cell in sorted(cells)]


def _circle(dots: Sequence[Dot]) -> tuple[float, float, float, tuple[Dot, ...]]:
    """Return the circle that holds the whole disc of every incident given."""
    lats, lons = [dot.lat or 0.0 for dot in dots], [dot.lon or 0.0 for dot in dots]
    lat, lon = round(fsum(lats) / len(dots), 3), round(fsum(lons) / len(dots), 3)
    reach = max(
        float(distance(lat, lon, dot.lat or 0.0, dot.lon or 0.0)) + (dot.radius or 0.0) for dot in dots
    )
    ordered = tuple(sorted(dots, key=lambda d: (GROUPS.index(d.group), d.when, d.id)))
    # Up to a hundred metres: the mean of equal positions must not move for a rounding of the last digit.
    return max(round(reach, -2), LEAST), lat, lon, ordered
