"""Corners become an area, or every reason why they cannot.

tests/unit/test_areas.py tries each reason, in each form of file.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import shapely
from shapely.geometry.base import BaseGeometry

from holdfire.errors import Problems
from holdfire.protecting.areas.positions import Position, coarse

Ring = Sequence[Position]


@dataclass(frozen=True, slots=True)
class Area:
    """What is asked about.

    Attributes:
        name: As the file has it; else where in the file it stands.
        shape: Polygon or MultiPolygon in degrees, longitude first, WGS 84.
    """

    name: str
    shape: BaseGeometry


def area(
    name: str, polygons: Sequence[Sequence[Ring]], problems: Problems, exact: bool, *, closed: bool = True
) -> Area | None:
    """Return an area; None where something is wrong, which `problems` is told.

    Args:
        name: What to call it.
        polygons: Each an outer ring and its holes.
        problems: Told of every reason.
        exact: Whether coordinates with few decimals are meant as they stand.
        closed: Whether a ring has to end where it began; else the last side is understood.
    """
    before = len(problems)
    shapes = []
    for number, polygon in enumerate(polygons, 1):
        where = name if len(polygons) == 1 else f"{name}, part {number}"
        rings = [_ring(ring, where, problems, exact, closed) for ring in polygon]
        if rings and all(rings):
            shapes.append(shapely.Polygon(rings[0], rings[1:]))
    if not polygons:
        problems.add("it has no corners", name)
    if len(problems) > before:
        return None
    whole: BaseGeometry = shapes[0] if len(shapes) == 1 else shapely.MultiPolygon(shapes)
    if not whole.is_valid:
        why = shapely.is_valid_reason(whole)
        kind, _, at = why.rstrip("]").partition("[")
        place = f" near longitude {at.replace(' ', ', latitude ')}" if at else ""
        problems.add(
            f"the outline crosses or touches itself{place}"
            if "ntersection" in kind
            else f"the outline is not simple: {kind.lower()}{place}",
            name,
            "put the corners in order round the area; are two of them changed over?",
        )
        return None
    return Area(name, whole)


def _ring(ring: Ring, where: str, problems: Problems, exact: bool, closed: bool) -> list[tuple[float, float]]:
    before = len(problems)
    for number, corner in enumerate(ring, 1):
        _corner(corner, f"{where}, corner {number}", problems, exact)
    points = [(corner.lon, corner.lat) for corner in ring]
    if closed and (len(points) < 4 or points[0] != points[-1]):
        problems.add(
            "an outline is not closed, or has fewer than three corners", where, "repeat the first corner last"
        )
    elif not closed:
        points = [*points, points[0]] if points and points[0] != points[-1] else points
        if len(points) < 4:
            problems.add("it has fewer than three corners", where)
    if ring and not exact and all(corner.plain and coarse(corner) for corner in ring):
        problems.add(
            "no coordinate has three decimals or more: a hundredth of a degree is 1.1 km",
            where,
            "write 36.250 for 36.25; if they are meant as they stand, --exact",
        )
    if len(problems) == before:
        turns = [n for n, (a, b) in enumerate(pairwise(points), 1) if abs(a[0] - b[0]) > 180]
        if turns:
            problems.add(
                f"the side after corner {turns[0]} runs over longitude 180",
                where,
                "cut the area there in two parts, one to 180 and one from -180 (RFC 7946, 3.1.9)",
            )
    return points if len(problems) == before else []


def _corner(corner: Position, where: str, problems: Problems, exact: bool) -> None:
    if not (math.isfinite(corner.lon) and math.isfinite(corner.lat)):
        problems.add("a coordinate is no finite number", where)
    elif abs(corner.lat) > 90 or abs(corner.lon) > 180:
        swapped = abs(corner.lon) <= 90 and abs(corner.lat) <= 180
        problems.add(
            f"latitude {corner.lat:g}, longitude {corner.lon:g} is not on Earth",
            where,
            "are the two swapped?"
            if swapped
            else "degrees, WGS 84; cut an area that crosses longitude 180 in two",
        )
    if not exact and not corner.plain and coarse(corner):
        problems.add(
            f"it is written in steps of {corner.step:,.0f} m",
            where,
            "give tenths of a minute, whole seconds, or six digits of MGRS; or --exact, if it is meant so",
        )
