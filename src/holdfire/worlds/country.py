"""A made-up country: towns in districts in governorates, on a sea where no country is.

Towns are ordered by governorate and district, so that a district is a run of towns. A district and a
governorate bear the name of their largest town, as many do, and some towns share a name. The gazetteer
knows each town to within some error; every source has its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.spatial import cKDTree

from holdfire.places import KILOMETRES_A_DEGREE
from holdfire.worlds import toponymy
from holdfire.worlds.preset import Country as Land
from holdfire.worlds.preset import Feature
from holdfire.worlds.streams import Floats, Whole, stream

NEAR = 5
"""How many neighbours a town or a district has."""


@dataclass(frozen=True, slots=True)
class Country:
    """Places by number.

    Attributes:
        records: How many records the world is made for.
        size: Width and height [km]. `wider`: how much wider features are than the preset says.
        centre: Latitude and longitude of the middle [degrees].
        east, north: Of each town from the middle [km] (towns,).
        people: Population of each town (towns,).
        district: District of each town (towns,). `first`: first town of each district, then their number.
        governorate: Governorate of each district (districts,).
        near: Towns nearest to each, nearest first (towns, NEAR). `beside`: the same of districts.
        namesake: Another town of the same name; -1: none (towns,).
        names: Names of towns, by hand. `seat`: largest town of each district. `capital`: of each governorate.
    """

    records: int
    size: float
    wider: float
    centre: tuple[float, float]
    east: Floats
    north: Floats
    people: Whole
    district: Whole
    first: Whole
    governorate: Whole
    near: Whole
    beside: Whole
    namesake: Whole
    names: toponymy.Names
    seat: Whole
    capital: Whole

    @property
    def towns(self) -> int:
        """Return how many towns there are."""
        return len(self.east)

    @property
    def districts(self) -> int:
        """Return how many districts there are."""
        return len(self.governorate)

    @property
    def governorates(self) -> int:
        """Return how many governorates there are."""
        return len(self.capital)

    def degrees(self, east: Floats, north: Floats) -> tuple[Floats, Floats]:
        """Return latitude and longitude [degrees] of points given from the middle [km]."""
        lat = self.centre[0] + north / KILOMETRES_A_DEGREE
        lon = self.centre[1] + east / (KILOMETRES_A_DEGREE * math.cos(math.radians(self.centre[0])))
        return lat, lon

    def distance(self, feature: Feature) -> Floats:
        """Return how far each town lies from a feature, in widths of it (towns,)."""
        return self._apart(feature) / (feature.width * self.wider)

    def _apart(self, feature: Feature) -> Floats:
        """Return how far each town lies from a feature [km] (towns,)."""
        corners = (np.array(feature.line) - 0.5) * self.size
        towns = np.column_stack([self.east, self.north])
        if len(corners) == 1:
            return np.asarray(np.hypot(*(towns - corners[0]).T))
        apart = np.full(self.towns, np.inf)
        for one, other in pairwise(corners):
            along = other - one
            share = np.clip((towns - one) @ along / max(float(along @ along), 1e-9), 0, 1)
            apart = np.minimum(apart, np.hypot(*(towns - one - share[:, None] * along).T))
        return apart

    def gazetteer(self, error: float, seed: int, who: str) -> tuple[Floats, Floats]:
        """Return where a source holds each town to lie, from the middle [km]; `error` is typical [km]."""
        chance = stream(seed, "gazetteer", who)
        return (
            self.east + chance.normal(0, error, self.towns),
            self.north + chance.normal(0, error, self.towns),
        )


def make(land: Land, records: int, seed: int) -> Country:
    """Return the country of a world of so many records."""
    count = max(3, round(land.towns * (records / land.at) ** land.grow))
    size = math.sqrt(count) * land.spacing
    chance = stream(seed, "land")
    places = chance.uniform(-size / 2, size / 2, (count, 2))
    middles = chance.uniform(-size / 2, size / 2, (max(1, round(count / land.districts)), 2))
    capitals = chance.uniform(-size / 2, size / 2, (max(1, round(len(middles) / land.governorates)), 2))
    district = cKDTree(middles).query(places)[1]
    over = cKDTree(capitals).query(middles)[1][district]
    order = np.lexsort((district, over))
    places, district, over = places[order], district[order], over[order]
    starts = np.flatnonzero(np.r_[True, np.diff(district) != 0])
    governorate = np.unique(over[starts], return_inverse=True)[1]
    district = np.repeat(np.arange(len(starts)), np.diff(np.r_[starts, count]))
    people = _people(land, places, size, chance)
    names, namesake = _named(land, count, seed)
    seat = _largest(people, district, len(starts))
    return Country(
        records=records,
        size=size,
        wider=(size / (math.sqrt(land.towns) * land.spacing)) ** land.stretch,
        centre=land.centre,
        east=places[:, 0].copy(),
        north=places[:, 1].copy(),
        people=people,
        district=district,
        first=np.r_[starts, count],
        governorate=governorate,
        near=_near(places),
        beside=_near(places[seat]),
        namesake=namesake,
        names=names,
        seat=seat,
        capital=_largest(people, governorate[district], int(governorate.max()) + 1),
    )


def _people(land: Land, places: Floats, size: float, chance: np.random.Generator) -> Whole:
    """Return populations by rank; the largest town is the one nearest to the feature `capital`, if any."""
    rank = chance.permutation(len(places))
    if "capital" in land.features:
        spot = (np.array(land.features["capital"].line[0]) - 0.5) * size
        nearest = int(np.argmin(np.hypot(*(places - spot).T)))
        rank[np.flatnonzero(rank == 0)[0]], rank[nearest] = rank[nearest], 0
    return np.maximum(50, land.people / (rank + 1.0) ** land.primacy).astype(np.int64)


def _named(land: Land, count: int, seed: int) -> tuple[toponymy.Names, Whole]:
    """Return the names of towns, and for each another one of the same name."""
    drawn = toponymy.towns(count, seed)
    chance = stream(seed, "namesakes")
    bearer = np.arange(count)
    twins = np.flatnonzero(chance.random(count) < land.namesakes)
    bearer[twins] = chance.integers(0, count, len(twins))
    names = toponymy.Names(tuple([hand[at] for at in bearer.tolist()] for hand in drawn.written))
    inverse = np.unique(np.array(names.arabic), return_inverse=True)[1]
    order = np.argsort(inverse, kind="stable")
    after = np.roll(order, -1)
    other = np.full(count, -1)
    other[order] = np.where(inverse[order] == inverse[after], after, -1)
    other[after] = np.where((other[after] < 0) & (inverse[order] == inverse[after]), order, other[after])
    other[other == np.arange(count)] = -1
    return names, other


def _largest(people: Whole, group: Whole, groups: int) -> Whole:
    """Return the most populous member of each group."""
    order = np.lexsort((-people, group))
    starts = np.searchsorted(group[order], np.arange(groups))
    return np.asarray(order[starts])


def _near(places: Floats) -> Whole:
    found = cKDTree(places).query(places, k=min(NEAR + 1, len(places)))[1]
    found = found.reshape(len(places), -1)[:, 1:]
    if found.shape[1] < NEAR:  # a land of few places: the nearest, or the place itself, again
        found = np.column_stack([found, *[np.arange(len(places))] * (NEAR - found.shape[1])])
    return np.asarray(found, dtype=np.int64)
