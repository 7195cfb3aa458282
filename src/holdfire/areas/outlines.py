"""Outlines of areas as plain arrays of edges, and where a grid over them lies.

Exteriors run against the clock and holes with it, so what edges add is signed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from holdfire.errors import HoldfireError

Reals = npt.NDArray[np.float64]
Wholes = npt.NDArray[np.int64]

MOST_CELLS = 1 << 24
"""Most cells of a grid; a wider land gets larger cells."""


class Edges(NamedTuple):
    """Edges of all areas, those of one area together, in the shape that loops take.

    Attributes:
        ends: x and y of where each begins and ends (edges, 4) [degrees].
        area: Number of its area (edges,).
        areas: How many areas there are.
    """

    ends: Reals
    area: Wholes
    areas: int


def edges(areas: Sequence[BaseGeometry], tolerance: float = 0.0) -> Edges:
    """Return the edges of areas.

    Args:
        areas: Polygons, or several as one; longitude first [degrees].
        tolerance: How far an outline may be moved to be told by fewer edges [degrees]; 0: not at all.

    Raises:
        HoldfireError: One is empty, no polygon, or crosses itself; all are named.
    """
    held = np.array(areas, dtype=object)
    wrong = [n for n, each in enumerate(held) if each is None or each.is_empty or not each.is_valid or
             each.geom_type not in {"Polygon", "MultiPolygon"}]  # fmt: skip
    if wrong:
        named = ", ".join(str(n) for n in wrong[:10])
        raise HoldfireError(f"areas that are no valid polygons: {named}", hint="mend their outlines first")
    if tolerance > 0:
        held = shapely.simplify(held, tolerance, preserve_topology=True)
    held = shapely.orient_polygons(held, exterior_cw=False)
    parts, of_area = shapely.get_parts(held, return_index=True)
    rings, of_part = shapely.get_rings(parts, return_index=True)
    points, of_ring = shapely.get_coordinates(rings, return_index=True)
    here = np.flatnonzero(of_ring[:-1] == of_ring[1:])
    ends = np.column_stack([points[here], points[here + 1]])
    owner = of_area[of_part[of_ring[here]]].astype(np.int64)
    moved = (ends[:, 0] != ends[:, 2]) | (ends[:, 1] != ends[:, 3])
    return Edges(np.ascontiguousarray(ends[moved]), owner[moved], len(held))


class Grid(NamedTuple):
    """Cells of one size, in the shape that loops take.

    Attributes:
        x: Western end [degrees].
        y: Southern end [degrees].
        wide: Width of a cell [degrees].
        high: Its height [degrees].
        columns: How many there are.
        rows: How many.
    """

    x: float
    y: float
    wide: float
    high: float
    columns: int
    rows: int


def grid(told: Edges, wide: float, high: float, more: tuple[float, float] = (0.0, 0.0)) -> Grid:
    """Return a grid over outlines, its cells made larger where there would be too many.

    Args:
        told: Of which areas.
        wide: Least width of a cell [degrees].
        high: Least height [degrees].
        more: How far it goes beyond them, in x and in y [degrees].
    """
    x, y = told.ends[:, 0::2], told.ends[:, 1::2]
    west, east, south, north = x.min() - more[0], x.max() + more[0], y.min() - more[1], y.max() + more[1]
    times = max(1.0, float(np.sqrt((east - west) / wide * (north - south) / high / MOST_CELLS)))
    wide, high = wide * times, high * times
    # a cell beyond each end, so that what lies on the end is inside
    return Grid(float(west - wide), float(south - high), wide, high,
                int((east - west) / wide) + 3, int((north - south) / high) + 3)  # fmt: skip
