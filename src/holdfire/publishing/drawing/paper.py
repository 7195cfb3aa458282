"""The sheet a map is drawn on: where a place lies on it, and the ground under the incidents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, cos, pi, radians, sin

import shapely
from shapely.geometry.base import BaseGeometry

from holdfire.publishing.drawing.captions import Words, figure, say
from holdfire.publishing.drawing.outlines import Outline, Polygon, Ring, country_name
from holdfire.publishing.drawing.svg import Stroke, label, length, number, strokes, tag

WIDTH, TALLEST = 720.0, 760.0
"""Width of the drawing, and how tall it may become [units]."""

DEGREE = 111_195.0
"""Metres a degree of latitude is long, on the sphere of mean radius."""

SIZES = {"wide": 12.0, "narrow": 21.0}
"""Font size of names [units], where the drawing is shown at full size and on a telephone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A town to find one's way by; of two whose names would overlap, the one given first is named."""

    label: str
    lat: float
    lon: float


class Paper:
    """Where a place lies on the drawing: plate carree, true along the middle parallel.

    Over the width of a country a circle stays a circle to within a few parts in a hundred.
    """

    def __init__(self, frame: tuple[float, float, float, float]) -> None:
        self.west, south, east, self.north = frame
        narrowing = cos(radians((south + self.north) / 2))
        wide, high = (east - self.west) * narrowing, self.north - south
        self.up = min(WIDTH / wide, TALLEST / high)
        self.along = self.up * narrowing
        self.width, self.height = wide * self.up, high * self.up

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Return the place on the drawing [units]."""
        return (lon - self.west) * self.along, (self.north - lat) * self.up

    def shows(self, line: Ring) -> bool:
        """Return whether any point of a line lies on the drawing."""
        places = (self.at(*position) for position in line)
        return any(0 <= x <= self.width and 0 <= y <= self.height for x, y in places)

    def long(self, metres: float) -> float:
        """Return a distance on the drawing [units]."""
        return metres / DEGREE * self.up

    def path(self, area: Sequence[Polygon]) -> str:
        """Return polygons as path data; holes stay holes under the even-odd rule."""
        return "".join(self.line(ring[:-1]) + "z" for polygon in area for ring in polygon)

    def line(self, ring: Ring) -> str:
        """Return a line as path data, without points that fall on the one before."""
        points = [tuple(number(v) for v in self.at(*position)) for position in ring]
        kept = [p for i, p in enumerate(points) if i == 0 or p != points[i - 1]]
        return "M" + "L".join(f"{x} {y}" for x, y in kept)


def ground_of(ground: Outline, paper: Paper) -> str:
    """Return sea, neighbours, home, and the borders in dispute."""
    lines = "".join(paper.line(each) for each in ground.lines if paper.shows(each))
    around = "".join(paper.path(n.area) for n in ground.around)
    return (
        tag("rect", class_="sea", width=paper.width, height=paper.height)
        + (tag("path", class_="under", d=paper.path(ground.under)) if ground.under else "")
        + (tag("path", class_="around", d=around, fill_rule="evenodd") if around else "")
        + tag("path", class_="home", d=paper.path(ground.home), fill_rule="evenodd")
        + (tag("path", class_="in-dispute", d=lines) if lines else "")
    )


def slice_of(x: float, y: float, r: float, start: float, end: float) -> str:
    """Return a slice of a disc from one share of the turn to another, clockwise from the top."""
    (x1, y1), (x2, y2) = ((x + r * sin(2 * pi * t), y - r * cos(2 * pi * t)) for t in (start, end))
    turn = f"A{number(r)} {number(r)} 0 {int(end - start > 0.5)} 1 {number(x2)} {number(y2)}"
    return f"M{number(x)} {number(y)}L{number(x1)} {number(y1)}{turn}z"


def sector(x: float, y: float, r: float, start: float, end: float) -> BaseGeometry:
    """Return the same slice as a shape, its arc as straight pieces of a seventy-second of a turn."""
    steps = max(ceil((end - start) * 72), 2)
    turns = [2 * pi * (start + (end - start) * i / steps) for i in range(steps + 1)]
    arc = [(x + r * sin(t), y - r * cos(t)) for t in turns]
    return shapely.Polygon(arc if end - start >= 1 else [(x, y), *arc])


def chords(kind: str, area: BaseGeometry) -> list[Stroke]:
    """Return the lines of a kind that lie over a shape."""
    lines = strokes(kind, *area.bounds)
    if not lines:
        return []
    cut = shapely.get_parts(shapely.intersection(shapely.MultiLineString(lines), area))
    found = [tuple((float(a), float(b)) for a, b in piece.coords) for piece in cut if piece.length > 1]
    return sorted((piece[0], piece[-1]) for piece in found)


class Names:
    """Puts names of one size where none lies on another; what finds no free place is not named."""

    def __init__(self, paper: Paper, size: float) -> None:
        self.paper, self.size = paper, size
        self._taken: list[tuple[float, float, float, float]] = []

    def keep(self, x: float, y: float, width: float) -> bool:
        """Take the room of a text of one line around a middle, if it is free."""
        half = self.size * 0.65
        spot = (x - width / 2, y - half, x + width / 2, y + half)
        for left, top, right, bottom in self._taken:
            if left < spot[2] and spot[0] < right and top < spot[3] and spot[1] < bottom:
                return False
        self._taken.append(spot)
        return True

    def put(self, text: str, kind: str, spots: Iterable[tuple[float, float]]) -> str:
        """Return the text at the first of some middles that is free and on the drawing; else nothing."""
        half, rise = length(text, self.size) / 2 + 2, self.size * 0.8
        for x, y in spots:
            across = half <= x <= self.paper.width - half
            if across and rise <= y <= self.paper.height - rise and self.keep(x, y, half * 2):
                return self.write(text, kind, x, y)
        return ""

    def write(self, text: str, kind: str, x: float, y: float) -> str:
        """Return the text around a middle, whether it is free or not."""
        return label(text, class_=kind, x=x, y=y + self.size * 0.35, text_anchor="middle")


def towns_of(towns: Sequence[Town], names: Names) -> str:
    """Return the towns that can be named."""
    drawn = []
    for town in towns:
        x, y = names.paper.at(town.lon, town.lat)
        aside, above = length(town.label, names.size) / 2 + 7, names.size
        spots = ((x + aside, y), (x - aside, y), (x, y - above), (x, y + above))
        if text := names.put(town.label, "town-name", spots):
            drawn.append(tag("rect", class_="town", x=x - 2, y=y - 2, width=4, height=4) + text)
    return "".join(drawn)


def countries_named(ground: Outline, words: Words, names: Names) -> str:
    """Return the names of the neighbours that have room for one."""
    drawn = []
    for neighbour in (n for n in ground.around if n.area):
        text = country_name(words.get("language", "en"), neighbour.code, neighbour.name)
        x, y = names.paper.at(*neighbour.middle)
        spread = [names.paper.at(*p)[0] for polygon in neighbour.area for p in polygon[0]]
        half = length(text, names.size) / 2 + 4
        if text and max(spread) - min(spread) > half * 2:
            x = min(max(x, half), names.paper.width - half)
            drawn.append(names.put(text, "country", ((x, y),)))
    return "".join(drawn)


def scale_of(names: Names, words: Words, rtl: bool) -> str:
    """Return a scale bar of a round length, about a sixth of the drawing wide."""
    paper = names.paper
    steps = [unit * 10**power for power in range(4) for unit in (1, 2, 5)]
    km = max((s for s in steps if paper.long(s * 1000) <= paper.width / 5), default=1)
    long, y = paper.long(km * 1000), paper.height - 14
    left = paper.width - 14 - long if rtl else 14
    bar = tag("path", class_="scale", d=f"M{number(left)} {number(y - 5)}v5h{number(long)}v-5")
    text = say(words, "km", count=figure(words, km))
    return bar + names.write(text, "scale-name", left + long / 2, y - 5 - names.size * 0.7)
