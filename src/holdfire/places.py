"""Places as wide as the source leaves them, and whether they lie in an area.

A place is a point with a radius: the true point lies somewhere in the disc. A radius is never zero,
since no source is exact. Whether a disc lies in an area has three answers: yes wholly inside, no
wholly outside, unclear in part or unknown. Distances are on the WGS 84 sphere of mean radius; areas
are tested in an azimuthal equidistant projection centred on the area, whose error within 500 km of the
centre is below 0.11 % of a distance (Snyder 1987, USGS PP 1395, p. 191), so discs are widened by that.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from holdfire.answers import Answer

if TYPE_CHECKING:
    from pyproj import Transformer

EARTH = 6_371_008.8
"""Mean radius of the Earth [m] (IUGG)."""

KILOMETRES_A_DEGREE = 111.195
"""Length of a degree of a great circle of that Earth [km]."""

STRETCH = 1.0011

Numbers = npt.NDArray[np.float64]


class GeoPrecision(StrEnum):
    """How finely a source places something, finest first."""

    POINT = "point"
    SETTLEMENT = "settlement"
    NEAR = "near"
    DISTRICT = "district"
    GOVERNORATE = "governorate"
    LINE = "line"
    COUNTRY = "country"
    UNKNOWN = "unknown"


RADIUS: dict[GeoPrecision, float] = {
    GeoPrecision.POINT: 500.0,
    GeoPrecision.SETTLEMENT: 2_500.0,
    GeoPrecision.NEAR: 25_000.0,
    GeoPrecision.DISTRICT: 35_000.0,
    GeoPrecision.GOVERNORATE: 120_000.0,
    GeoPrecision.LINE: 120_000.0,
}
"""Radius [m] that a class stands for where the source gives none; country and unknown have none.

UCDP codebook 19.1, where_prec 2: "within 25 km"; the others are wide enough to hold 95 % of the
settlements of their unit in the countries tried (docs/decisions/0006).
"""


UCDP: dict[GeoPrecision, int] = {
    GeoPrecision.POINT: 1,
    GeoPrecision.SETTLEMENT: 1,
    GeoPrecision.NEAR: 2,
    GeoPrecision.DISTRICT: 3,
    GeoPrecision.GOVERNORATE: 4,
    GeoPrecision.LINE: 5,
    GeoPrecision.COUNTRY: 6,
}
"""`where_prec` of UCDP GED (codebook 19.1): 1 exact, 2 within about 25 km, 3 second-level unit, 4 first-level
unit, 5 a line or a polygon that is no unit, 6 the country; 7, international waters, is never given."""

ACLED: dict[GeoPrecision, int] = {
    GeoPrecision.POINT: 1,
    GeoPrecision.SETTLEMENT: 1,
    GeoPrecision.NEAR: 2,
    GeoPrecision.DISTRICT: 2,
    GeoPrecision.GOVERNORATE: 3,
    GeoPrecision.LINE: 3,
    GeoPrecision.COUNTRY: 3,
}
"""`geo_precision` of ACLED (codebook 2021): 1 the town, 2 a small part of a region, 3 a larger one."""


def codes(precision: GeoPrecision) -> tuple[int | None, int | None]:
    """Return the codes that UCDP GED and ACLED give a class; None: they have none for it.

    >>> codes(GeoPrecision.NEAR), codes(GeoPrecision.UNKNOWN)
    ((2, 2), (None, None))
    """
    return UCDP.get(precision), ACLED.get(precision)


@dataclass(frozen=True, slots=True)
class Place:
    """A named place and the disc it may lie in.

    Attributes:
        name: As the source wrote it.
        lat: Latitude of the disc's centre [degrees], WGS 84; None: not located.
        lon: Longitude [degrees].
        radius: Of the disc [m].
        precision: The class it came from.
    """

    name: str
    lat: float | None = None
    lon: float | None = None
    radius: float | None = None
    precision: GeoPrecision = GeoPrecision.UNKNOWN


def distance(lat1: Any, lon1: Any, lat2: Any, lon2: Any) -> Any:
    """Return the great-circle distance between points [m]; takes numbers or arrays.

    >>> round(distance(33.5, 36.3, 36.2, 37.15) / 1000)
    310
    """
    p1, p2 = np.radians(lat1), np.radians(lat2)
    half_p, half_l = (p2 - p1) / 2, np.radians(np.asarray(lon2) - np.asarray(lon1)) / 2
    a = np.sin(half_p) ** 2 + np.cos(p1) * np.cos(p2) * np.sin(half_l) ** 2
    return 2 * EARTH * np.arcsin(np.sqrt(np.clip(a, 0, 1)))


class Area:
    """A polygon in degrees (lon, lat; WGS 84), asked whether discs lie inside it."""

    def __init__(self, polygon: BaseGeometry) -> None:
        self.polygon = polygon
        centre = polygon.centroid
        self._to_metres = _projection(round(centre.x, 6), round(centre.y, 6))
        self._flat = shapely.transform(polygon, self._project)
        self._edge = self._flat.boundary
        shapely.prepare(self._flat)
        shapely.prepare(self._edge)

    def _project(self, lonlat: Numbers) -> Numbers:
        x, y = self._to_metres.transform(lonlat[:, 0], lonlat[:, 1])
        return np.column_stack([x, y])

    def contains(self, lat: Numbers, lon: Numbers, radius: Numbers) -> list[bool | None]:
        """Return, for each disc, true if wholly inside, false if wholly outside, else None.

        Args:
            lat: Latitudes [degrees] (places,); nan: not located.
            lon: Longitudes [degrees] (places,).
            radius: Radii [m] (places,); nan: no bound is known.

        Returns:
            One answer a place (places,); a place that is not located is None.
        """
        triples = np.column_stack([lat, lon, radius]).astype(np.float64)
        distinct, back = np.unique(triples, axis=0, return_inverse=True, equal_nan=True)
        answers = self._contains(distinct)
        return [answers[i] for i in back.ravel()]

    def _contains(self, discs: Numbers) -> list[bool | None]:
        known = np.isfinite(discs).all(axis=1)
        answers: list[bool | None] = [None] * len(discs)
        if not known.any():
            return answers
        flat = self._project(discs[known][:, [1, 0]])
        points = shapely.points(flat)
        inside = shapely.contains(self._flat, points)
        crossed = shapely.dwithin(self._edge, points, discs[known][:, 2] * STRETCH)
        for where, within, cut in zip(np.flatnonzero(known), inside, crossed, strict=True):
            answers[int(where)] = None if cut else bool(within)
        return answers

    def holds(self, place: Place) -> Answer:
        """Return whether one place lies in the area."""
        if place.lat is None or place.lon is None or place.radius is None:
            return Answer.UNCLEAR
        cell = self.contains(np.array([place.lat]), np.array([place.lon]), np.array([place.radius]))[0]
        return Answer.of(cell)


@lru_cache(maxsize=64)
def _projection(lon: float, lat: float) -> Transformer:
    from pyproj import Transformer  # slow to load, and few commands project

    return Transformer.from_crs(
        "EPSG:4326", f"+proj=aeqd +lat_0={lat} +lon_0={lon} +datum=WGS84 +units=m", always_xy=True
    )
