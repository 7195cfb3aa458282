"""Loops over edges, cells and points, to be compiled (holdfire.compiling).

A point is inside if a ray to the west crosses the outline an odd number of times; an edge holds its lower end
and not its upper, so a point on a vertex is counted once (Shimrat 1962, CACM 5(8), algorithm 112).
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from holdfire.areas.outlines import Edges, Grid, Reals, Wholes

Array = npt.NDArray[Any]


class Strips(NamedTuple):
    """The edges of each area that span each row of a grid.

    Attributes:
        starts: Where the edges of each area and row begin in `strip` (areas * rows + 1,).
        strip: Edges by area and row that they span.
        ends: x and y of where each edge begins and ends (edges, 4) [degrees].
    """

    starts: Wholes
    strip: Wholes
    ends: Reals


class Points(NamedTuple):
    """Some of the points that are asked about.

    Attributes:
        lon: Longitudes [degrees] (points,).
        lat: Latitudes [degrees] (points,).
        first: Number of the first.
    """

    lon: Reals
    lat: Reals
    first: int


class Held(NamedTuple):
    """What each cell of a grid holds of areas: entries side by side by cell, and by area in a cell.

    Attributes:
        starts: Where the entries of each cell begin (cells + 1,).
        area: Area of each entry (entries,).
        tile: Its tile (entries,); -1: the cell is wholly inside. A `Cover` has no tiles: with 0 the outline
            is asked.
    """

    starts: Wholes
    area: npt.NDArray[np.int32]
    tile: npt.NDArray[np.signedinteger[Any]]


class Tiles(NamedTuple):
    """Cells near the outline of an area, one row an area and cell, with the edges near each.

    Attributes:
        cell: Of the grid (tiles,).
        area: Whose outline it is (tiles,).
        starts: Where the edges near each begin in `edge` (tiles + 1,).
        edge: Those edges.
    """

    cell: Wholes
    area: Wholes
    starts: Wholes
    edge: Wholes


class Places(NamedTuple):
    """Points (places,) and the areas they lie in (places,), in order of both."""

    point: Wholes
    area: npt.NDArray[np.int32]


class Shares(NamedTuple):
    """Points (shares,), the areas they may lie in (shares,), and how probably (shares,), in order of both."""

    point: Wholes
    area: npt.NDArray[np.int32]
    share: npt.NDArray[np.float32]


def crossed(told: Edges, over: Grid, reach: tuple[float, float], out: Wholes) -> int:
    """Write area, cell and edge of the cells that come near each edge, and return how many.

    Args:
        told: The edges.
        over: The grid.
        reach: How far from an edge a cell still counts as near it, in x and y [degrees].
        out: What is written (3, found); if it is empty they are only counted.
    """
    ends, (reach_x, reach_y) = told.ends, reach
    x, y, wide, high, columns, rows = over
    found = 0
    keep = out.shape[1] > 0
    for e in range(len(ends)):
        x0, y0, x1, y1 = ends[e, 0], ends[e, 1], ends[e, 2], ends[e, 3]
        if y0 > y1:
            x0, y0, x1, y1 = x1, y1, x0, y0
        first = max(0, math.floor((y0 - reach_y - y) / high))
        last = min(rows - 1, math.floor((y1 + reach_y - y) / high))
        for row in range(first, last + 1):
            low = max(y0, y + row * high - reach_y)
            top = min(y1, y + (row + 1) * high + reach_y)
            if y1 > y0 and top >= low:
                a = x0 + (x1 - x0) * (low - y0) / (y1 - y0)
                b = x0 + (x1 - x0) * (top - y0) / (y1 - y0)
            else:
                a, b = x0, x1
            slack = 1e-9 * wide
            west = max(0, math.floor((min(a, b) - reach_x - x - slack) / wide))
            east = min(columns - 1, math.floor((max(a, b) + reach_x - x + slack) / wide))
            for column in range(west, east + 1):
                if keep:
                    out[0, found] = told.area[e]
                    out[1, found] = row * columns + column
                    out[2, found] = e
                found += 1
    return found


def stripped(told: Edges, over: Grid, out: Wholes) -> int:
    """Write area and row of each row that an edge spans, as one key, with the edge, and return how many.

    Args:
        told: The edges.
        over: The grid.
        out: What is written (2, found); if it is empty they are only counted.
    """
    ends, y, high, rows = told.ends, over.y, over.high, over.rows
    found = 0
    keep = out.shape[1] > 0
    for e in range(len(ends)):
        low, top = min(ends[e, 1], ends[e, 3]), max(ends[e, 1], ends[e, 3])
        first = max(0, math.floor((low - y) / high))
        last = min(rows - 1, math.floor((top - y) / high))
        for row in range(first, last + 1):
            if keep:
                out[0, found] = told.area[e] * rows + row
                out[1, found] = e
            found += 1
    return found


def within(px: float, py: float, key: int, starts: Wholes, strip: Wholes, ends: Reals) -> bool:
    """Return whether a point is in the area and row of a key, by the arrays of `Strips`."""
    odd = False
    for k in range(starts[key], starts[key + 1]):
        e = strip[k]
        x0, y0, x1, y1 = ends[e, 0], ends[e, 1], ends[e, 2], ends[e, 3]
        if (y0 <= py) != (y1 <= py) and px > x0 + (x1 - x0) * (py - y0) / (y1 - y0):
            odd = not odd
    return odd


def filled(over: Grid, starts: Wholes, near: Wholes, by: Strips, out: Wholes) -> int:
    """Write area and cell of the cells that lie wholly inside each area, and return how many.

    Args:
        over: The grid.
        starts: Where the cells near each area's outline begin (areas + 1,).
        near: Those cells, in order.
        by: The edges.
        out: What is written (2, found); if it is empty they are only counted.
    """
    x, y, wide, high, columns, rows = over
    by_row, strip, ends = by
    found = 0
    keep = out.shape[1] > 0
    for area in range(len(starts) - 1):
        k, after = starts[area], starts[area + 1]
        while k < after - 1:
            cell, following = near[k], near[k + 1]
            row = cell // columns
            if following // columns == row and following > cell + 1:
                px = x + (cell % columns + 1.5) * wide
                py = y + (row + 0.5) * high
                if within(px, py, area * rows + row, by_row, strip, ends):
                    for inner in range(cell + 1, following):
                        if keep:
                            out[0, found] = area
                            out[1, found] = inner
                        found += 1
            k += 1
    return found


def located(given: Points, over: Grid, held: Held, by: Strips, out: Places) -> int:
    """Write each point with each area that it lies in, and return how many; with empty arrays only count."""
    (lon, lat, first), (cells, areas, tiles) = given, held
    x, y, wide, high, columns, rows = over
    starts, strip, ends = by
    found = 0
    keep = len(out.point) > 0
    for p in range(len(lon)):
        px, py = lon[p], lat[p]
        if not (px >= x and py >= y):  # nor if it is not a number
            continue
        column, row = int((px - x) / wide), int((py - y) / high)
        if column >= columns or row >= rows:
            continue
        cell = row * columns + column
        for k in range(cells[cell], cells[cell + 1]):
            area = areas[k]
            if tiles[k] < 0 or within(px, py, area * rows + row, starts, strip, ends):
                if keep:
                    out.point[found] = first + p
                    out.area[found] = area
                found += 1
    return found


def owens_t(h: float, a: float) -> float:
    """Return Owen's T (Owen 1956, Ann. Math. Stat. 27)."""
    if a == 0.0:
        return 0.0
    sign = 1.0
    if a < 0.0:
        sign, a = -1.0, -a
    h = abs(h)
    if h > 8.0:
        return 0.0
    if a > 1.0:  # to a slope of less than one (Patefield and Tandy 2000, J. Stat. Softw. 5(5), eq. 2)
        one = 0.5 * math.erfc(-h / math.sqrt(2.0))
        other = 0.5 * math.erfc(-a * h / math.sqrt(2.0))
        return sign * (0.5 * (one + other) - one * other - _flat(a * h, 1.0 / a))
    return sign * _flat(h, a)


def _flat(h: float, a: float) -> float:
    """Return Owen's T for a slope up to one: six points of Gauss and Legendre."""
    if h > 8.0:
        return 0.0
    total = 0.0
    half = 0.5 * h * h
    for k in range(3):
        for way in (-1.0, 1.0):
            t = 0.5 * a * (1.0 + way * NODES[k])
            total += WEIGHTS[k] * math.exp(-half * (1.0 + t * t)) / (1.0 + t * t)
    return total * 0.5 * a / (2.0 * math.pi)


def beside(
    px: float,
    py: float,
    scale_x: float,
    scale_y: float,
    ends: Array,
    chosen: Array,
    first: int,
    last: int,
) -> float:
    """Return what edges take from the probability that a point with a normal error is inside.

    For an edge seen from the point, the density integrated over the wedge behind it (Owen 1956; the angle
    itself, summed over all edges, is whether the point is inside).

    Args:
        px: Longitude [degrees].
        py: Latitude [degrees].
        scale_x: Standard deviations in a degree of longitude there.
        scale_y: Likewise of latitude.
        ends: Of edges.
        chosen: Which edges count.
        first: Where in `chosen` they begin.
        last: Where they end.
    """
    total = 0.0
    for k in range(first, last):
        e = chosen[k]
        ax, ay = (ends[e, 0] - px) * scale_x, (ends[e, 1] - py) * scale_y
        bx, by = (ends[e, 2] - px) * scale_x, (ends[e, 3] - py) * scale_y
        dx, dy = bx - ax, by - ay
        length = math.sqrt(dx * dx + dy * dy)
        if length == 0.0:
            continue
        h = (ax * dy - ay * dx) / length
        if abs(h) > FAR:
            continue
        ta, tb = (ax * dx + ay * dy) / length, (bx * dx + by * dy) / length
        if ta > FAR or tb < -FAR:
            continue
        side = 1.0 if h > 0.0 else -1.0
        h = max(abs(h), 1e-12)
        total += side * (owens_t(h, tb / h) - owens_t(h, ta / h))
    return total


def tiled(tiles: Tiles, over: Grid, scale: float, by: Strips, values: Array) -> None:
    """Fill the corners of each tile with the probability of being inside its area.

    Args:
        tiles: Some tiles.
        over: The grid.
        scale: Standard deviations in a degree of latitude.
        by: The edges.
        values: What is filled (tiles, steps + 1, steps + 1), for so many steps from side to side.
    """
    x, y, wide, high, columns, rows = over
    cells, areas, near, edge = tiles
    starts, strip, ends = by
    side = values.shape[1] - 1
    for t in range(len(cells)):
        row, column = cells[t] // columns, cells[t] % columns
        for j in range(side + 1):
            py = y + (row + j / side) * high
            across = scale * math.cos(math.radians(py))
            key = areas[t] * rows + min(rows - 1, math.floor((py - y) / high))
            for i in range(side + 1):
                px = x + (column + i / side) * wide
                p = 1.0 if within(px, py, key, starts, strip, ends) else 0.0
                p -= beside(px, py, across, scale, ends, edge, near[t], near[t + 1])
                values[t, j, i] = min(1.0, max(0.0, p))


def weighed(given: Points, over: Grid, held: Held, values: Array, least: float, out: Shares) -> int:
    """Write each point, each area it may lie in and how probably, and return how many; or only count."""
    x, y, wide, high, columns, rows = over
    (lon, lat, first), (starts, areas, tiles) = given, held
    side = values.shape[1] - 1
    found = 0
    keep = len(out.point) > 0
    for p in range(len(lon)):
        px, py = lon[p], lat[p]
        if not (px >= x and py >= y):
            continue
        fx, fy = (px - x) / wide, (py - y) / high
        column, row = int(fx), int(fy)
        if column >= columns or row >= rows:
            continue
        cell = row * columns + column
        gx, gy = (fx - column) * side, (fy - row) * side
        i, j = min(int(gx), side - 1), min(int(gy), side - 1)
        u, v = gx - i, gy - j
        for k in range(starts[cell], starts[cell + 1]):
            tile = tiles[k]
            share = 1.0
            if tile >= 0:
                low = values[tile, j, i] * (1 - u) + values[tile, j, i + 1] * u
                top = values[tile, j + 1, i] * (1 - u) + values[tile, j + 1, i + 1] * u
                share = low * (1 - v) + top * v
            if share >= least:
                if keep:
                    out.point[found] = first + p
                    out.area[found] = areas[k]
                    out.share[found] = share
                found += 1
    return found


FAR = 4.2
"""Standard deviations beyond which an edge takes nothing from a probability: less than 0.00001."""

_ROOTS = np.polynomial.legendre.leggauss(6)
NODES = _ROOTS[0][3:]
WEIGHTS = _ROOTS[1][3:]

LOOPS = [
    "within",
    "_flat",
    "owens_t",
    "beside",
    "crossed",
    "stripped",
    "filled",
    "located",
    "tiled",
    "weighed",
]
