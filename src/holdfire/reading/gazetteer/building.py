"""Places of several sources become one gazetteer: units are filled in, the same place twice is one.

Sources are taken in the order given: of two that speak of one place, the first keeps its position, its id
and its name to show, and takes over the names, the people and the units of the other. Two places are one if
they are of one kind, lie within `NEAR` of each other (units: within their radii), and share a folded name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import shapely

from holdfire.places import distance
from holdfire.reading.gazetteer.atlas import SIZES, written
from holdfire.reading.gazetteer.countries import also, given
from holdfire.reading.gazetteer.rows import Given, named
from holdfire.reading.gazetteer.spelling import bones, distance_of_sounds, key, sounds

NEAR = 8_000.0
"""Farthest apart two settlements of one name are taken for one [m]."""
ALIKE = 0.35
"""Farthest apart in sound two names of one place of two sources may lie, where they lie within 2 km."""

_UNITS = ("country", "governorate", "district", "subdistrict")


def gazetteer(
    sources: Sequence[Sequence[Given]],
    alternates: Iterable[tuple[str, str, str]] = (),
    learned: Mapping[str, Any] | None = None,
) -> bytes:
    """Return the bytes of a gazetteer file.

    Args:
        sources: The places of each source, the most trusted first.
        alternates: Id, name and language of further names, as `geonames.alternate_names` yields them.
        learned: What a file of `holdfire gazetteer learn` says.
    """
    listed = [place for source in sources for place in source]
    _name(listed, alternates)
    _fill(listed)
    listed += _units_of_places(listed)
    merged = merge(listed)
    _centre(merged)
    _also(merged)
    ids: set[str] = set()
    for place in merged:
        while place.id in ids:
            place.id += "'"
        ids.add(place.id)
    return written((place.row() for place in merged), learned)


def _name(places: Sequence[Given], alternates: Iterable[tuple[str, str, str]]) -> None:
    by_id = {place.id: place for place in places if place.id.startswith("gn")}
    extra: dict[str, list[tuple[object, str]]] = defaultdict(list)
    for place, text, language in alternates:
        if place in by_id:
            extra[place].append((text, language))
    for place, pairs in extra.items():
        by_id[place].names = named(*by_id[place].names, *pairs)


def _centre(places: Sequence[Given]) -> None:
    """Give countries the centre and the names of our own list, which is the same whatever the sources."""
    own = {each.country: each for each in given() if each.level == "country"}
    for place in places:
        if place.level == "country" and place.country in own:
            ours = own[place.country]
            place.lat, place.lon, place.radius = ours.lat, ours.lon, ours.radius
            place.names = named(*ours.names, *place.names)


def _also(places: Sequence[Given]) -> None:
    """Give places their other names in use, where a source knows one of them."""
    others = {(country, key(name)): more for country, known, more in also() for name in (*known, *more)}
    for place in places:
        if place.level in ("settlement", "district", "subdistrict"):
            more = [n for text, _ in place.names for n in others.get((place.country, key(text)), ())]
            place.names = named(*place.names, *((n, "") for n in more))


def _fill(places: Sequence[Given]) -> None:
    """Give each place the units whose outlines hold it, and each unit the country."""
    for level, field in (("country", "country"), ("governorate", "admin1"), ("district", "admin2")):
        outlines = [p for p in places if p.level == level and p.shape is not None]
        wanting = [p for p in places if not getattr(p, field) and _UNITS.index(level) < _depth(p.level)]
        if not outlines or not wanting:
            continue
        tree = shapely.STRtree([p.shape for p in outlines])
        points = shapely.points([[p.lon, p.lat] for p in wanting])
        which, held = tree.query(points, predicate="within")
        for k, unit in zip(which.tolist(), held.tolist(), strict=True):
            found = outlines[unit]
            setattr(wanting[k], field, found.country if field == "country" else found.names[0][0])


def _depth(level: str) -> int:
    """Return how deep a level lies, a country 0."""
    return _UNITS.index(level) if level in _UNITS else len(_UNITS) * (level != "region")


def _units_of_places(places: Sequence[Given]) -> list[Given]:
    """Return first-level units that no source outlines, from the towns that name them."""
    known = {(p.country, key(n)) for p in places if p.level == "governorate" for n, _ in p.names}
    known |= {(p.country, key(n)) for p in given() if p.level == "governorate" for n, _ in p.names}
    outlined = {p.country for p in places if p.level == "governorate" and p.shape is not None}
    towns: dict[tuple[str, str], list[Given]] = defaultdict(list)
    for p in places:
        if p.admin1 and p.source == "Natural Earth" and p.level == "settlement":
            towns[p.country, p.admin1].append(p)
    found = []
    for (country, name), inside in sorted(towns.items()):
        if country in outlined or (country, key(name)) in known or not named((name, "")):
            continue
        lat, lon = (float(np.mean([getattr(p, axis) for p in inside])) for axis in ("lat", "lon"))
        far = max(float(distance(lat, lon, p.lat, p.lon)) for p in inside)
        found.append(
            Given(
                f"ne-{country}-{name}", named((name, "")), "governorate", lat, lon, "Natural Earth",
                max(far * 1.3, 50_000.0), country, licence="public domain",
                population=sum(p.population for p in inside),
            )
        )  # fmt: skip
    return found


def merge(places: Sequence[Given]) -> list[Given]:
    """Return the places, those that are the same joined; the first of them stands."""
    out: list[Given] = []
    by_key: dict[tuple[str, str], list[Given]] = defaultdict(list)
    by_cell: dict[tuple[str, int, int], list[Given]] = defaultdict(list)
    for place in places:
        first = _same(place, by_key, by_cell)
        if first is None:
            out.append(place)
            first = place
        else:
            _join(first, place)
        for text, _ in place.names:
            held = by_key[first.level, key(text)]
            if first not in held[-64:]:
                held.append(first)
        cell = by_cell[first.level, *_cell(first)]
        if first not in cell[-64:]:
            cell.append(first)
    return out


def _cell(place: Given) -> tuple[int, int]:
    return int(place.lat // 0.05), int(place.lon // 0.05)


def _same(
    place: Given,
    by_key: Mapping[tuple[str, str], list[Given]],
    by_cell: Mapping[tuple[str, int, int], list[Given]],
) -> Given | None:
    reach = NEAR if place.level in ("settlement", "neighbourhood") else SIZES.get(place.level, NEAR)
    for text, _ in place.names[:8]:
        for other in by_key.get((place.level, key(text)), ()):
            if place.level == "country" and place.country == other.country:
                return other
            if float(distance(place.lat, place.lon, other.lat, other.lon)) <= reach:
                return other
    if place.level != "settlement":
        return None
    y, x = _cell(place)
    nearby = [p for i in (-1, 0, 1) for j in (-1, 0, 1) for p in by_cell.get((place.level, y + i, x + j), ())]
    mine = {(bones(t), sounds(t)) for t, _ in place.names[:8]}
    for other in nearby:
        if float(distance(place.lat, place.lon, other.lat, other.lon)) > NEAR / 4:
            continue
        theirs = {(bones(t), sounds(t)) for t, _ in other.names[:8]}
        if any(b and b == c and distance_of_sounds(s, t) <= ALIKE for b, s in mine for c, t in theirs):
            return other
    return None


def _join(first: Given, other: Given) -> None:
    first.names = named(*first.names, *other.names)
    first.population = max(first.population, other.population)
    first.admin1 = first.admin1 or other.admin1
    first.admin2 = first.admin2 or other.admin2
    first.country = first.country or other.country
    if first.shape is None and other.shape is not None:
        first.shape, first.radius = other.shape, max(first.radius, other.radius)
