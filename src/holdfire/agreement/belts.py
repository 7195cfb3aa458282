"""The belts along a withdrawal line: for each distance a term names, the area nearer to the line than that.

"Behind a line, at 25 km" is a number in a text and no outline. The belt is made here from the line as drawn
and the term's dated parameter `distance`, so that another distance from another day is another belt, in force
from that day. A belt is a zone like any other; nothing else knows that it was made.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from holdfire.agreement.force import dated
from holdfire.agreement.terms import Term
from holdfire.agreement.zones import Zone, ZoneKind
from holdfire.times import utc

DISTANCE = "distance"
"""The parameter of a term that says how far from the line [m]."""

STEPS = 16
"""Segments a quarter circle: an arc is off by less than one part in two hundred of the distance."""


def belts(lines: Sequence[Zone], terms: Sequence[Term], zone: ZoneInfo) -> list[Zone]:
    """Return the belt of each distance that a term names from a line, and when it holds."""
    found: dict[tuple[str, str, str], Zone] = {}
    for term in terms:
        for line in (each for each in lines if each.id == term.zone):
            for span, day in dated(term.parameters.get(DISTANCE, {}), zone):
                metres = term.parameters[DISTANCE][day].value
                if isinstance(metres, bool) or not isinstance(metres, int) or metres <= 0:
                    continue  # `references` says so to the person who wrote it
                until = span.end.start if span.end else None
                belt = Zone(
                    id=belt_id(line.id, term.id),
                    kind=ZoneKind.WITHDRAWAL_LINE,
                    name={language: _named(name, language, metres) for language, name in line.name.items()},
                    polygon=around(line.polygon, metres),
                    cite=f"{line.cite}; {term.parameters[DISTANCE][day].cite}",
                    starts=day if span.end or len(term.parameters[DISTANCE]) > 1 else line.starts,
                    until=utc(until) if until else line.until,
                    accuracy=line.accuracy,
                )
                found[belt.id, day, line.starts] = belt
    return list(found.values())


def belt_id(line: str, term: str) -> str:
    """Return the id of the belt that a term makes along a line."""
    return f"{line}-{term}"


def around(line: BaseGeometry, metres: int) -> BaseGeometry:
    """Return the area nearer to a line than so many metres, in degrees.

    Made in an azimuthal equidistant projection about the middle of the line: a line of 500 km is off by less
    than one part in two hundred at its ends.
    """
    from pyproj import Transformer  # slow to load, and few agreements draw a line

    middle = line.centroid
    flat = f"+proj=aeqd +lat_0={middle.y:.6f} +lon_0={middle.x:.6f} +datum=WGS84 +units=m"
    there = Transformer.from_crs("EPSG:4326", flat, always_xy=True)

    def flatten(points: np.ndarray) -> np.ndarray:
        return np.column_stack(there.transform(points[:, 0], points[:, 1]))

    def back(points: np.ndarray) -> np.ndarray:
        degrees = there.transform(points[:, 0], points[:, 1], direction="INVERSE")
        return np.round(np.column_stack(degrees), 6)

    drawn = shapely.segmentize(shapely.transform(line, flatten), 5000.0)
    return shapely.transform(shapely.buffer(drawn, float(metres), quad_segs=STEPS), back)


def _named(name: str, language: str, metres: int) -> str:
    kilometres = f"{metres / 1000:g}"
    return f"{name}: أقرب من {kilometres} كم" if language == "ar" else f"{name}: nearer than {kilometres} km"


def parts(zones: Iterable[Zone], lines: Sequence[Zone], term: Term) -> list[int]:
    """Return the numbers of the zones in which a term holds: its own, or the belts along its line."""
    along = any(line.id == term.zone for line in lines)
    name = belt_id(term.zone, term.id) if along else term.zone
    return [number for number, zone in enumerate(zones) if zone.id == name]
