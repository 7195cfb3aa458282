"""Which areas points lie in: a grid over all areas, refined by their outlines.

A cell that no edge of an area comes near lies wholly inside it or outside. In the others a ray is cast, past
the few edges of that area which span the point's row. The answer is that of the outline, whatever the grid; a
point on an outline is on one side of it by rule (loops.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from shapely.geometry.base import BaseGeometry

from holdfire.areas.loops import Held, Places, Points, Strips
from holdfire.areas.outlines import Edges, Grid, Reals, Wholes, edges, grid
from holdfire.compiling import compiled

CELL = 0.01
"""Size of a cell [degrees]: about a kilometre."""

CHUNK = 1 << 19
"""Points looked at by one thread at once."""

_LOOPS = "holdfire.areas.loops"


@dataclass(frozen=True, slots=True)
class Cells:
    """What a grid knows of areas.

    Attributes:
        grid: Its cells.
        told: The outlines.
        strips: Their edges by the rows they span.
        near: Area, cell and edge of each cell that an edge comes near (near, 3), by area, cell and edge.
        full: Area and cell of each cell that lies wholly inside an area (full, 2).
    """

    grid: Grid
    told: Edges
    strips: Strips
    near: Wholes
    full: Wholes


def lay(told: Edges, over: Grid, reach: tuple[float, float] = (0.0, 0.0)) -> Cells:
    """Return what a grid knows of areas.

    Args:
        told: Outlines of the areas.
        over: The grid.
        reach: How far from an edge a cell still counts as near it, in x and y [degrees].
    """
    run = compiled(_LOOPS)
    keys = _written(lambda out: run.stripped(told, over, out), 2)
    order = np.argsort(keys[0], kind="stable")
    counts = np.bincount(keys[0], minlength=told.areas * over.rows)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    strips = Strips(starts, keys[1][order], told.ends)
    near = _written(lambda out: run.crossed(told, over, reach, out), 3)
    near = near[:, np.lexsort((near[2], near[1], near[0]))].T
    once = near[np.concatenate([[True], (near[1:, :2] != near[:-1, :2]).any(axis=1)])] if len(near) else near
    first = np.searchsorted(once[:, 0], np.arange(told.areas + 1)).astype(np.int64)
    cells = np.ascontiguousarray(once[:, 1])
    full = _written(lambda out: run.filled(over, first, cells, strips, out), 2)
    return Cells(over, told, strips, near, full.T)


def _written(loop: Callable[[Wholes], int], columns: int) -> Wholes:
    """Return what a loop writes, which is run once to count and once to write (columns, found)."""
    made = np.empty((columns, loop(np.empty((columns, 0), np.int64))), np.int64)
    loop(made)
    return made


def by_cell(cells: int, *entries: Wholes) -> tuple[Wholes, Wholes]:
    """Return where the entries of each cell begin (cells + 1,), and the order that puts them so.

    Args:
        cells: How many cells there are.
        entries: Cell of each entry, and what else they are ordered by.
    """
    order = np.lexsort(entries[::-1])
    counts = np.bincount(entries[0], minlength=cells)
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), order


class Cover:
    """Areas, asked which of many points lie in them."""

    def __init__(self, areas: Sequence[BaseGeometry]) -> None:
        """Lay a grid over areas.

        Args:
            areas: Polygons, or several as one; longitude first [degrees], WGS 84.

        Raises:
            HoldfireError: An area is empty, no polygon, or crosses itself.
        """
        told = edges(areas)
        self._cells = laid = lay(told, grid(told, CELL, CELL))
        met = laid.near[:, :2]
        some = np.unique(met, axis=0)
        area = np.concatenate([some[:, 0], laid.full[:, 0]])
        cell = np.concatenate([some[:, 1], laid.full[:, 1]])
        tile = np.concatenate([np.zeros(len(some), np.int8), np.full(len(laid.full), -1, np.int8)])
        starts, order = by_cell(laid.grid.rows * laid.grid.columns, cell, area)
        self._held = Held(starts, area[order].astype(np.int32), tile[order])

    def locate(self, lon: Reals, lat: Reals, threads: int = 1) -> Places:
        """Return each point with each area that it lies in.

        Args:
            lon: Longitudes [degrees] (points,); not a number: in no area.
            lat: Latitudes [degrees] (points,).
            threads: How many work at once; the answer is the same for any number.
        """
        laid, run = self._cells, compiled(_LOOPS)

        def part(first: int) -> Places:
            x, y = (np.ascontiguousarray(each[first : first + CHUNK], np.float64) for each in (lon, lat))
            asked = (Points(x, y, first), laid.grid, self._held, laid.strips)
            found = run.located(*asked, Places(np.empty(0, np.int64), np.empty(0, np.int32)))
            made = Places(np.empty(found, np.int64), np.empty(found, np.int32))
            run.located(*asked, made)
            return made

        parts = spread(part, len(lon), threads)
        return Places(np.concatenate([p.point for p in parts]), np.concatenate([p.area for p in parts]))


Part = TypeVar("Part")


def spread(part: Callable[[int], Part], points: int, threads: int) -> list[Part]:
    """Return what each chunk of points gives, in order."""
    firsts = range(0, max(points, 1), CHUNK)
    if threads < 2:
        return [part(first) for first in firsts]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(part, firsts))
