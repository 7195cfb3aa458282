"""Which of several places of one name a text means, or none: never by chance.

What the text says decides: the level a word beside the name gives, a unit or a country named in the same
breath, then in the same text, nearness to its other places, and how many people live there. A lead too
small to tell leaves the name unresolved, unless all that are left lie so near each other that a disc over
them says where it was.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from holdfire.places import distance
from holdfire.reading.gazetteer.atlas import Spot
from holdfire.reading.gazetteer.spelling import bones, key, unlikeness

LEAD = 0.75
"""Least lead in score of a place over the next; a tenfold population is 1."""
UNLIKE = 5.0
"""What a name whose sounds are off by 1 loses against one that is spelled so."""
OVER = 25_000.0
"""Greatest radius of a disc laid over several candidates [m]."""

_LARGE = {"country": 8.2, "region": 6.5, "governorate": 6.0, "district": 4.0, "subdistrict": 3.4}


@dataclass(frozen=True)
class Setting:
    """What the rest of a text says of where it is.

    Attributes:
        countries: How strongly each country (ISO code) is spoken of, from 0 to 1.
        units: Folded names of first- and second-level units that are named.
        near: Positions of places already known, with their weights: lat, lon, weight [degrees, degrees, 1].
        home: The country of the case, where one place of a name is meant unless something else is said.
        within: Folded names of units that a dataset's own column gives: nothing outside them is meant.
    """

    countries: Mapping[str, float] = field(default_factory=dict)
    units: frozenset[str] = frozenset()
    near: tuple[tuple[float, float, float], ...] = ()
    home: str = ""
    within: frozenset[str] = frozenset()


NOWHERE = Setting()


@dataclass(frozen=True, slots=True)
class Chosen:
    """A place chosen, or several that a disc covers.

    Attributes:
        spot: The place; of several, the largest.
        lat: Centre of the disc [degrees].
        lon: Centre [degrees].
        radius: Of the disc [m].
        over: How many candidates it covers; 1: one was chosen.
    """

    spot: Spot
    lat: float
    lon: float
    radius: float
    over: int = 1


def chosen(
    candidates: Sequence[tuple[float, Spot]], setting: Setting = NOWHERE, said: str = ""
) -> Chosen | None:
    """Return the place meant, or a disc over those it may be, or None.

    Args:
        candidates: Places of the name, each with how far its spelling is off.
        setting: What the text says of where it is.
        said: The level that a word beside the name gives; empty: none.
    """
    held = [(off, spot) for off, spot in candidates if off == 0 or _plausible(spot, setting)]
    held = list(_inner(held, setting))
    listed = [(off, spot) for off, spot in held if _of_level(spot, said)] or held
    listed = [(off, spot) for off, spot in listed if off == 0] or listed  # the exact spelling comes first
    if not listed:
        return None
    listed = _seats(listed, said)
    scored = sorted(
        ((score(spot, setting) - UNLIKE * off, spot) for off, spot in listed),
        key=lambda pair: (-round(pair[0], 9), pair[1].id),
    )
    best, spot = scored[0]
    apart = max(spot.radius, 2_500.0)
    rivals = [
        other for mark, other in scored
        if best - mark < LEAD and float(distance(spot.lat, spot.lon, other.lat, other.lon)) > apart
    ]  # fmt: skip
    if not rivals:
        return Chosen(spot, spot.lat, spot.lon, spot.radius)
    return _over([spot, *rivals])


def _plausible(spot: Spot, setting: Setting) -> bool:
    """Return whether a place may be meant by a name that is only like its own: in a country spoken of."""
    return not (setting.home or setting.countries) or spot.country in (setting.home, *setting.countries)


def _inner(listed: Sequence[tuple[float, Spot]], setting: Setting) -> Sequence[tuple[float, Spot]]:
    """Return the places in the units a dataset's row names; one outside only if it alone is called so."""
    if not setting.within:
        return listed
    inside = [(off, spot) for off, spot in listed if _inside(spot, setting)]
    if inside:
        return inside
    outside = [
        (off, s) for off, s in listed if off <= 0.1 and s.country == setting.home and len(bones(s.name)) > 3
    ]
    return outside if len({spot.admin1 for _, spot in outside}) == 1 else []


def _inside(spot: Spot, setting: Setting) -> bool:
    if spot.level in ("country", "region"):
        return True
    if setting.home and spot.country != setting.home:
        return False
    own = spot.name if spot.level == "governorate" else spot.admin1
    return _is_unit(own, setting.within) or (bool(spot.admin2) and _is_unit(spot.admin2, setting.within))


def _seats(listed: Sequence[tuple[float, Spot]], said: str) -> list[tuple[float, Spot]]:
    """Leave out a district that bears its seat's name, which is the town's, and what bears its country's."""
    if not said:
        states = {spot.country for _, spot in listed if spot.level == "country"}
        listed = [(off, s) for off, s in listed if s.level == "country" or s.country not in states]
    towns = [spot for _, spot in listed if spot.level == "settlement"]
    return [
        (off, spot) for off, spot in listed
        if spot.level not in ("district", "subdistrict") or said == "district"
        or not any(float(distance(spot.lat, spot.lon, t.lat, t.lon)) <= spot.radius for t in towns)
    ]  # fmt: skip


def _of_level(spot: Spot, said: str) -> bool:
    if not said:
        return True
    if said == "settlement":
        return spot.level in ("settlement", "neighbourhood")
    if said == "town":
        return spot.level == "settlement"
    if said == "district":
        return spot.level in ("district", "subdistrict")
    return spot.level == said


def score(spot: Spot, setting: Setting) -> float:
    """Return how likely a place is meant: people tenfold are worth 1, and so is what the text says."""
    people = spot.population or {"settlement": 800, "neighbourhood": 2_000}.get(spot.level, 0)
    mark = max(_LARGE.get(spot.level, 0.0), math.log10(max(people, 1)))
    mark += 2.5 * setting.countries.get(spot.country, 0.0)
    mark += 1.5 if setting.home and spot.country == setting.home else 0.0
    if setting.units and any(_is_unit(unit, setting.units) for unit in (spot.admin1, spot.admin2) if unit):
        mark += 3.0
    if setting.near and spot.level not in ("country", "region"):
        mark += 2.0 * max(
            weight * math.exp(-float(distance(spot.lat, spot.lon, lat, lon)) / 60_000)
            for lat, lon, weight in setting.near
        )
    return mark


def _is_unit(unit: str, named: frozenset[str]) -> bool:
    """Return whether a unit is among those named, in another spelling too."""
    if not unit:
        return False
    folded = _plain(unit)
    if folded in named or key(unit) in named or folded in {_plain(each) for each in named}:
        return True
    return any(bones(each) == bones(unit) and unlikeness(each, unit) <= 0.8 for each in named)


def _plain(unit: str) -> str:
    """Return a unit without the word that sets the country around a city apart from it."""
    return key(unit).removeprefix("rural ").removeprefix("rif ").removeprefix("ريف ")


def _over(spots: Sequence[Spot]) -> Chosen | None:
    """Return the disc over several places; None: they lie too far apart for one to say anything."""
    lat = math.fsum(s.lat for s in spots) / len(spots)
    lon = math.fsum(s.lon for s in spots) / len(spots)
    far = max(float(distance(lat, lon, s.lat, s.lon)) + s.radius for s in spots)
    if far > OVER:
        return None
    return Chosen(spots[0], round(lat, 5), round(lon, 5), math.ceil(far), len(spots))


def inside(spot: Spot, wider: Spot, reach: float) -> bool:
    """Return whether a place lies in a wider one that is named beside it, or near a town that is.

    Args:
        spot: The finer place.
        wider: The wider.
        reach: Farthest from the centre of a town [m].
    """
    if wider.level == "region" or spot.id == wider.id:
        return wider.level == "region"
    if wider.level == "country":
        return spot.country == wider.country
    far = float(distance(spot.lat, spot.lon, wider.lat, wider.lon))
    if wider.level == "governorate" and spot.admin1 and spot.country == wider.country:
        return _is_unit(spot.admin1, frozenset({key(wider.name)}))
    return far <= (wider.radius if wider.level in ("governorate", "district", "subdistrict") else reach)
