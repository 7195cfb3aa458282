"""How probably an uncertain place lies in each area, where its error is normal in both directions.

Far from an outline the answer is nought or one. Near it the probability is worked out exactly at the corners
of a fine grid, by Owen's function of each edge (`exact`), and between corners on straight lines. It is off by
0.01 at most and by 0.0015 on average (tests/properties/test_areas.py): 0.007 for the straight lines, the rest
for outlines told by fewer edges and for tails cut off.
Distances are those of the tangent plane at the place, which a standard deviation of some tens of kilometres
allows.

Owen, D. B. (1956), Tables for computing bivariate normal probabilities, Ann. Math. Stat. 27, 1075.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from shapely.geometry.base import BaseGeometry

from holdfire.areas.cover import by_cell, lay, spread
from holdfire.areas.loops import Held, Points, Shares, Tiles
from holdfire.areas.outlines import Reals, edges, grid
from holdfire.compiling import compiled
from holdfire.places import KILOMETRES_A_DEGREE

STEP = 1 / 3
"""Distance of two corners [standard deviations]."""

SIDE = 8
"""Steps from one side of a tile to the other, or more where the land is wide."""

REACH = 3.5
"""Beyond this an area is wholly in, or wholly out [standard deviations]: the tail is 0.0002."""

LEAST = 0.001
"""Least probability that is told."""

MOVED = 1 / 200
"""How far an outline may be moved to be told by fewer edges [standard deviations]."""

_LOOPS = "holdfire.areas.loops"


class Blur:
    """Areas, asked how probably each of many uncertain places lies in them."""

    def __init__(self, areas: Sequence[BaseGeometry], deviation: float) -> None:
        """Work out the probabilities along the outlines.

        Args:
            areas: Polygons, or several as one; longitude first [degrees], WGS 84.
            deviation: Standard deviation of a place's error in each direction [km].

        Raises:
            HoldfireError: An area is empty, no polygon, or crosses itself.
            ValueError: The deviation is not above nought.
        """
        if not deviation > 0:
            raise ValueError(f"a standard deviation of {deviation} km")
        degrees = deviation / KILOMETRES_A_DEGREE
        told = edges(areas, degrees * MOVED)
        north = float(np.abs(told.ends[:, 1::2]).max()) + REACH * degrees
        narrow = math.cos(math.radians(min(north, 85.0)))  # a degree of longitude is shortest there
        reach = (REACH * degrees / narrow, REACH * degrees)
        over = grid(told, SIDE * STEP * degrees, SIDE * STEP * degrees, reach)
        laid = lay(told, over, reach)
        steps = max(SIDE, math.ceil(over.high / (STEP * degrees) - 1e-9))
        pairs, first = np.unique(laid.near[:, :2], axis=0, return_index=True)
        starts = np.append(first, len(laid.near)).astype(np.int64)
        values = np.empty((len(pairs), steps + 1, steps + 1), np.float32)
        cells, owner = np.ascontiguousarray(pairs[:, 1]), np.ascontiguousarray(pairs[:, 0])
        edge = np.ascontiguousarray(laid.near[:, 2])
        for n in range(0, len(cells), _TILES):
            here = slice(n, n + _TILES)
            tiles = Tiles(cells[here], owner[here], starts[n:], edge)
            compiled(_LOOPS).tiled(tiles, over, 1 / degrees, laid.strips, values[here])
        self._grid, self._values = over, values
        area = np.concatenate([owner, laid.full[:, 0]])
        cell = np.concatenate([cells, laid.full[:, 1]])
        tile = np.concatenate([np.arange(len(cells)), np.full(len(laid.full), -1)])
        held, order = by_cell(over.rows * over.columns, cell, area)
        self._held = Held(held, area[order].astype(np.int32), tile[order].astype(np.int64))

    def shares(self, lon: Reals, lat: Reals, threads: int = 1, least: float = LEAST) -> Shares:
        """Return each place with each area that it may lie in, and how probably.

        Args:
            lon: Longitudes [degrees] (points,); not a number: in no area.
            lat: Latitudes [degrees] (points,).
            threads: How many work at once; the answer is the same for any number.
            least: Least probability that is told.
        """
        run = compiled(_LOOPS)

        def part(first: int) -> Shares:
            x, y = (np.ascontiguousarray(each[first : first + _POINTS], np.float64) for each in (lon, lat))
            asked = (Points(x, y, first), self._grid, self._held, self._values, least)
            made = _room(run.weighed(*asked, _room(0)))
            run.weighed(*asked, made)
            return made

        parts = spread(part, len(lon), threads)
        return Shares(*(np.concatenate(each) for each in zip(*parts, strict=True)))


def _room(found: int) -> Shares:
    return Shares(np.empty(found, np.int64), np.empty(found, np.int32), np.empty(found, np.float32))


_TILES = 1 << 14
_POINTS = 1 << 19


def exact(area: BaseGeometry, lon: float, lat: float, deviation: float) -> float:
    """Return the probability that one uncertain place lies in one area, to 1e-7.

    Args:
        area: A polygon, or several as one [degrees].
        lon: Longitude of the place [degrees].
        lat: Its latitude [degrees].
        deviation: Standard deviation of its error in each direction [km].
    """
    from scipy.special import owens_t  # slow to load

    told = edges([area])
    scale = KILOMETRES_A_DEGREE / deviation
    plane = (told.ends - [lon, lat, lon, lat]) * ([scale * math.cos(math.radians(lat)), scale] * 2)
    a, b = plane[:, :2], plane[:, 2:]
    cross, length = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0], np.linalg.norm(b - a, axis=1)
    # Seen from the place an edge that it lies on, or in line with, spans a triangle of no area.
    a, b, cross, length = (each[cross != 0] for each in (a, b, cross, length))
    along = (b - a) / length[:, None]
    ta, tb = (a * along).sum(axis=1), (b * along).sum(axis=1)
    angle = np.arctan2(cross, (a * b).sum(axis=1)).sum() / (2 * np.pi)
    size = np.maximum(np.abs(cross) / length, 1e-12)
    taken = np.sign(cross) * (owens_t(size, tb / size) - owens_t(size, ta / size))
    return float(np.clip(angle - taken.sum(), 0, 1))
