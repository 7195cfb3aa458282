"""Outlines of countries, and what of them a map shows.

The outlines are Natural Earth's at 1:50 million (public domain), as npm's `world-atlas` packs them: who
holds a place, not whose it is. A case that has an outline of its own hands it in, and borders known to be
in dispute are drawn dashed (docs/decisions/0004-what-a-map-shows.md).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Point
from shapely.geometry.base import BaseGeometry

from holdfire.errors import BadInput, nearest

Position = tuple[float, float]
"""Longitude and latitude [degrees], WGS 84."""

Ring = Sequence[Position]
Polygon = Sequence[Ring]

MARGIN = 0.05
"""How much of its width a map shows around the country it is of."""


SAME = 0.9
"""The share of a country that lies in a territory from which the two are held to be one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """What a map shows of a country beside the one it is of.

    Attributes:
        code: ISO 3166 numeric; empty: it has none.
        name: In English, as `world-atlas` spells it.
        area: Its polygons, cut to the frame; empty: it lies only beyond.
        beyond: The same, cut to a frame three times as wide, for a map that can be moved.
        middle: Where its name has most room.
    """

    code: str
    name: str
    area: tuple[Polygon, ...]
    beyond: tuple[Polygon, ...]
    middle: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """The ground a map is drawn on.

    Attributes:
        frame: West, south, east and north of what is shown [degrees].
        home: The country or territory of the case.
        around: The neighbours, by name.
        under: Countries that lie almost wholly in a territory; they are filled, so that no sea shows
            where two outlines of one border differ, and neither edged nor named.
        lines: Borders within the frame that are in dispute.
    """

    frame: tuple[float, float, float, float]
    home: tuple[Polygon, ...]
    around: tuple[Neighbour, ...] = ()
    under: tuple[Polygon, ...] = ()
    lines: tuple[Ring, ...] = ()


def outline(countries: Sequence[str] = (), territory: BaseGeometry | None = None) -> Outline:
    """Return the ground of a map of some countries, or of a territory with the countries around it.

    Args:
        countries: English names as `world-atlas` spells them, or ISO 3166 numeric codes.
        territory: The case's own outline; it is drawn in place of the countries'.

    Raises:
        BadInput: A country is not known, or neither a country nor a territory is given.
    """
    world = _world()
    chosen = [_find(name, world) for name in countries]
    if territory is None and not chosen:
        raise BadInput("a map needs a country or a territory", hint='outline(["Syria"])')
    home = shapely.union_all([c.shape for c in chosen]) if territory is None else territory
    frame = _widened(home.bounds)
    within = [c for c in world if _lies_in(c.shape, home)]
    beside = [c for c in world if c not in within]
    return Outline(
        frame=frame,
        home=polygons(home),
        around=tuple(n for c in beside if (n := _neighbour(c, frame))),
        under=tuple(p for c in within if c not in chosen for p in polygons(c.shape)),
        lines=tuple(line for line in _disputed() if shapely.LineString(line).intersects(_thrice(frame))),
    )


def country_name(language: str, code: str, english: str) -> str:
    """Return a country's name in a language; empty if it is not known, for a guess would be worse."""
    return english if language == "en" else _names(language).get(code, "")


def countries_of(positions: Iterable[Position]) -> list[str]:
    """Return the countries that hold at least a tenth of some positions, by name."""
    points = [Point(position) for position in positions]
    if not points:
        return []
    world = _world()
    _, found = _tree().query(points, predicate="within")
    counts = Counter(int(index) for index in found)
    return sorted(world[index].name for index, count in counts.items() if count * 10 >= len(points))


def polygons(geometry: BaseGeometry) -> tuple[Polygon, ...]:
    """Return the polygons of a shape, each as its rings; lines and points of it are left out."""
    if geometry.geom_type == "Polygon":
        rings = () if geometry.is_empty else (geometry.exterior, *geometry.interiors)
        found = tuple(tuple((float(x), float(y)) for x, y, *_ in ring.coords) for ring in rings)
        return (found,) if found else ()
    return tuple(p for part in getattr(geometry, "geoms", ()) for p in polygons(part))


@dataclass(frozen=True, slots=True, eq=False)
class _Country:
    code: str
    name: str
    shape: BaseGeometry
    arcs: frozenset[int]


def _lies_in(country: BaseGeometry, home: BaseGeometry) -> bool:
    shared = shapely.intersection(country, home).area if country.intersects(home) else 0.0
    return bool(shared >= SAME * country.area)


def _thrice(frame: tuple[float, float, float, float]) -> BaseGeometry:
    west, south, east, north = frame
    more = max(east - west, north - south)
    return shapely.box(west - more, south - more, east + more, north + more)


def _neighbour(country: _Country, frame: tuple[float, float, float, float]) -> Neighbour | None:
    beyond = shapely.clip_by_rect(country.shape, *_thrice(frame).bounds)
    if not polygons(beyond):
        return None
    seen = shapely.clip_by_rect(country.shape, *frame)
    area = polygons(seen)
    [middle, *_] = shapely.maximum_inscribed_circle(seen if area else beyond, 0.02).coords
    return Neighbour(
        code=country.code,
        name=country.name,
        area=area,
        beyond=polygons(beyond),
        middle=(middle[0], middle[1]),
    )


def _find(name: str, world: Sequence[_Country]) -> _Country:
    for country in world:
        if name in (country.name, country.code):
            return country
    raise BadInput(f'no country is called "{name}"', hint=nearest(name, [c.name for c in world]))


def _widened(bounds: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    west, south, east, north = bounds
    more = max(east - west, north - south, 0.2) * MARGIN
    return (
        max(round(west - more, 3), -180.0),
        max(round(south - more, 3), -89.0),
        min(round(east + more, 3), 180.0),
        min(round(north + more, 3), 89.0),
    )


@cache
def _names(language: str) -> dict[str, str]:
    folder = files("holdfire.publishing") / "assets" / "vendor" / "i18n-iso-countries"
    numeric = {alpha2: code for alpha2, _, code, *_ in json.loads((folder / "codes.json").read_text("utf-8"))}
    names = json.loads((folder / f"{language}.json").read_text("utf-8"))["countries"]
    return {numeric[alpha2]: name for alpha2, name in names.items() if alpha2 in numeric}


@cache
def _topology() -> dict[str, Any]:
    folder = files("holdfire.publishing") / "assets" / "vendor" / "world-atlas"
    found: dict[str, Any] = json.loads((folder / "countries-50m.json").read_text("utf-8"))
    return found


@cache
def _arcs() -> list[list[Position]]:
    """Return the arcs of the topology, which holds each as steps on a grid (TopoJSON 1, section 2.1.4)."""
    topology = _topology()
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        positions = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            positions.append((round(x * sx + tx, 4), round(y * sy + ty, 4)))
        found.append(positions)
    return found


@cache
def _world() -> tuple[_Country, ...]:
    found = []
    for geometry in _topology()["objects"]["countries"]["geometries"]:
        parts = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        shape = MultiPolygon([(_ring(rings[0]), [_ring(r) for r in rings[1:]]) for rings in parts])
        used = frozenset(i if i >= 0 else ~i for rings in parts for ring in rings for i in ring)
        code = str(geometry.get("id") or "")
        # A ring may touch itself at 1:50 million; only what is drawn depends on it, never a determination.
        found.append(_Country(code, geometry["properties"]["name"], shapely.make_valid(shape), used))
    return tuple(sorted(found, key=lambda c: c.name))


def _ring(indices: Sequence[int]) -> list[Position]:
    positions: list[Position] = []
    for index in indices:
        arc = _arcs()[index] if index >= 0 else _arcs()[~index][::-1]
        positions += arc[1:] if positions else arc
    return positions


@cache
def _tree() -> shapely.STRtree:
    return shapely.STRtree([country.shape for country in _world()])


@cache
def _disputed() -> tuple[Ring, ...]:
    text = (files("holdfire.publishing") / "assets" / "disputed.json").read_text("utf-8")
    world = _world()
    found = []
    for entry in json.loads(text)["lines"]:
        one, other = (_find(name, world) for name in entry["between"])
        west, south, east, north = entry.get("within", (-180, -90, 180, 90))
        for index in sorted(one.arcs & other.arcs):
            arc = _arcs()[index]
            if all(west <= x <= east and south <= y <= north for x, y in arc):
                found.append(tuple(arc))
    return tuple(found)
