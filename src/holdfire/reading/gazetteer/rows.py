"""One place as a source gives it, before places of several sources are merged."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from holdfire.places import distance
from holdfire.reading.gazetteer.atlas import SIZES
from holdfire.reading.gazetteer.spelling import key

DENSE = 5_000.0
"""People a square kilometre of a town, from which its radius follows where no shape is given."""


@dataclass(slots=True)
class Given:
    """A place of one source.

    Attributes:
        id: With its prefix, unique in its source.
        names: Each with its language; the first is the one to show.
        level: As in the gazetteer.
        lat: Centre [degrees].
        lon: Centre [degrees].
        source: Where it was taken from.
        radius: Of its disc [m]; 0: by its level and people.
        country: ISO 3166-1 alpha-2; empty: not known.
        admin1: Name of its first-level unit; empty: not known.
        admin2: Name of its second-level unit.
        population: People; 0: not said.
        licence: What its source allows; empty: not said.
        shape: Its outline; None: a point.
    """

    id: str
    names: list[tuple[str, str]]
    level: str
    lat: float
    lon: float
    source: str
    radius: float = 0.0
    country: str = ""
    admin1: str = ""
    admin2: str = ""
    population: int = 0
    licence: str = ""
    shape: BaseGeometry | None = field(default=None, repr=False)

    def row(self) -> dict[str, Any]:
        """Return the place as a row of PLACE, without keys and bones."""
        return {
            "id": self.id,
            "name": self.names[0][0],
            "names": [{"text": text, "language": language} for text, language in self.names],
            "level": self.level,
            "lat": round(self.lat, 5),
            "lon": round(self.lon, 5),
            "radius": round(self.radius or size(self.level, self.population)),
            "country": self.country or None,
            "admin1": self.admin1 or None,
            "admin2": self.admin2 or None,
            "population": self.population or None,
            "source": self.source,
            "licence": self.licence or None,
        }


def size(level: str, population: int) -> float:
    """Return the radius that a place stands for [m], where its source gives no shape.

    >>> size("settlement", 0), round(size("settlement", 2_000_000))
    (2500.0, 11284)
    """
    if level == "settlement" and population:
        return max(SIZES[level], 1000 * math.sqrt(population / (math.pi * DENSE)))
    return SIZES[level]


def named(*pairs: tuple[object, str]) -> list[tuple[str, str]]:
    """Return the names that are there, each once, with their languages."""
    found: dict[str, tuple[str, str]] = {}
    for text, language in pairs:
        each = re.sub(r"\s+", " ", str(text or "")).strip()
        if each and each.casefold() not in ("<null>", "none", "nan", "-99") and len(key(each)) > 1:
            found.setdefault(each, (each, language or script(each)))
    return list(found.values())


def script(text: str) -> str:
    """Return the language that a script betrays: "ar", "ru"; else empty."""
    if re.search("[\u0621-\u064a]", text):
        return "ar"
    return "ru" if re.search("[\u0400-\u04ff]", text) else ""


def disc(shape: BaseGeometry) -> tuple[float, float, float]:
    """Return the centre of an outline [degrees] and the radius that holds all of it [m]."""
    centre = shape.centroid
    if not shape.contains(centre):
        centre = shape.representative_point()
    edge = shapely.get_coordinates(shape.convex_hull)
    far = float(np.max(distance(centre.y, centre.x, edge[:, 1], edge[:, 0])))
    return float(centre.y), float(centre.x), float(math.ceil(far / 100) * 100)


def number(value: object) -> int:
    """Return a count of people; what is none is 0."""
    try:
        return max(0, int(float(str(value))))
    except (ValueError, OverflowError):
        return 0


def first(row: Mapping[str, Any], *columns: str) -> str:
    """Return the first of some columns that says something."""
    for column in columns:
        value = row.get(column)
        if value not in (None, "", "-99"):
            return str(value).strip()
    return ""
