"""Boxes of whole arc-minutes: what a partition is made of, and what a zone is.

A box holds its western and southern sides and not the others, so boxes side by side share no point and leave
none out. Its sides are whole minutes, read as integers: no arithmetic here rounds, but for areas. A box that
crosses the 180th meridian has an eastern side beyond 10,800; nothing is normalised in silence.

Widening by some metres is snapped outward to whole minutes, and no place in the box is nearer than those
metres to the outside of the widened one on the WGS 84 ellipsoid: a path of m metres that stays within
latitude f changes longitude by at most m over the length of a radian of longitude at f, and latitude by at
most m over the least radius of curvature. tests/properties/test_grid.py asks another library.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from holdfire.errors import BadInput

Integers = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]

ROUND = 21_600
"""Minutes of longitude round the Earth."""

POLE = 5_400
"""Latitude of the north pole [minutes]."""

HALF = ROUND // 2
"""The 180th meridian [minutes]."""

UNITS = 10**7
"""Units in a degree that positions are rounded to: a unit is at most 1.1 cm."""

MAJOR = 6_378_137.0
"""Equatorial radius of the WGS 84 ellipsoid [m]."""

SQUARED = 6.694379990141e-3
"""Square of its first eccentricity."""


@dataclass(frozen=True, slots=True, order=True)
class Box:
    """An area between two meridians and two parallels, in whole arc-minutes, half-open.

    Attributes:
        west: Western side, in the box [minutes], from -10,800 to 10,799.
        south: Southern side, in the box [minutes], from -5,400.
        east: Eastern side, not in the box; above 10,800 where the box crosses the 180th meridian.
        north: Northern side, not in the box but for the pole itself; to 5,400.
    """

    west: int
    south: int
    east: int
    north: int

    def __post_init__(self) -> None:
        if not (-HALF <= self.west < HALF and self.west < self.east <= self.west + ROUND):
            raise BadInput(f"a box from {self.west} to {self.east} minutes of longitude is none")
        if not -POLE <= self.south < self.north <= POLE:
            raise BadInput(f"a box from {self.south} to {self.north} minutes of latitude is none")

    def holds(self, lon: Reals | float, lat: Reals | float) -> npt.NDArray[np.bool_]:
        """Return whether positions [degrees] lie in the box (places,)."""
        x, y = minutes(np.atleast_1d(lon), np.atleast_1d(lat))
        return ((x - self.west) % ROUND < self.east - self.west) & (self.south <= y) & (y < self.north)

    def meets(self, other: Box) -> bool:
        """Return whether the two have a point in common."""
        if self.south >= other.north or other.south >= self.north:
            return False
        ahead = (other.west - self.west) % ROUND
        return ahead < self.east - self.west or ROUND - ahead < other.east - other.west

    def widened(self, metres: float) -> Box:
        """Return the box with so many metres more on each side [m], snapped outward to whole minutes.

        What reaches a pole goes round the Earth.
        """
        if metres <= 0:
            return self
        up = math.ceil(metres / _LEAST_MINUTE)
        south, north = max(-POLE, self.south - up), min(POLE, self.north + up)
        wide = self.east - self.west
        narrow = _minute_of_longitude(max(abs(south), abs(north)))
        more = math.ceil(metres / narrow) if narrow > 1.0 else ROUND
        if wide + 2 * more >= ROUND:
            return Box(-HALF, south, HALF, north)
        west = (self.west - more + HALF) % ROUND - HALF
        return Box(west, south, west + wide + 2 * more, north)

    @property
    def area(self) -> float:
        """Return its area on the WGS 84 ellipsoid [km2]."""
        strip = _strip(self.north) - _strip(self.south)
        return math.radians((self.east - self.west) / 60) * strip / 1e6

    def shape(self) -> BaseGeometry:
        """Return its outline [degrees], longitude first, cut in two at longitude 180 (RFC 7946, 3.1.9)."""
        south, north = self.south / 60, self.north / 60
        if self.east <= HALF:
            return shapely.box(self.west / 60, south, self.east / 60, north)
        return shapely.MultiPolygon(
            [
                shapely.box(self.west / 60, south, 180.0, north),
                shapely.box(-180.0, south, (self.east - ROUND) / 60, north),
            ]
        )


def minutes(lon: Reals, lat: Reals) -> tuple[Integers, Integers]:
    """Return the whole minutes that positions lie in, west and south of them.

    Positions are rounded to `UNITS` first, so 36.05 degrees is minute 2,163 on every machine. The north pole
    lies in the last row, and longitude 180 is longitude -180.

    Args:
        lon: Longitudes [degrees], finite, from -180 to 180 (places,).
        lat: Latitudes [degrees], finite, from -90 to 90 (places,).
    """
    x, y = (units(each) * 60 // UNITS for each in (lon, lat))
    return np.where(x == HALF, -HALF, x), np.minimum(y, POLE - 1)


def units(degrees: Reals) -> Integers:
    """Return degrees in whole units of a ten-millionth."""
    return np.rint(np.asarray(degrees, np.float64) * UNITS).astype(np.int64)


_LEAST_MINUTE = MAJOR * (1 - SQUARED) * math.pi / 10_800
"""Length of a minute of latitude where it is shortest, at the equator [m]: 1,842.9."""


@lru_cache(maxsize=16_384)
def _minute_of_longitude(latitude: int) -> float:
    """Return its length at a latitude [m]."""
    sine = math.sin(math.radians(latitude / 60))
    if latitude >= POLE:
        return 0.0
    across = MAJOR / math.sqrt(1 - SQUARED * sine * sine)
    return across * math.cos(math.radians(latitude / 60)) * math.pi / 10_800


@lru_cache(maxsize=16_384)
def _strip(latitude: int) -> float:
    """Return the area from the equator to a latitude, a radian wide [m2] (Snyder 1987, eq. 3-12)."""
    sine, e = math.sin(math.radians(latitude / 60)), math.sqrt(SQUARED)
    both = sine / (1 - SQUARED * sine * sine) + math.atanh(e * sine) / e
    return MAJOR * MAJOR * (1 - SQUARED) / 2 * both
