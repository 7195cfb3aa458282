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
import numpy.typing as npt
from shapely.geometry.base import BaseGeometry

from holdfire.areas.outlines import Edges, Grid, Reals, Wholes, edges, grid
from holdfire.compiling import compiled

CELL = 0.01
"""Size of a cell [degrees]: about a kilometre."""

CHUNK = 1 << 19
"""Points looked at by one thread at once."""

_LOOPS = "holdfire.areas.loops"
_NONE = np.empty(0, np.int64)

Places = tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]
"""Points (places,) and the areas they lie in (places,), in order of both."""


@dataclass(frozen=True, slots=True)
class Cells:
    """What a grid knows of areas.

    Attributes:
        grid: Its cells.
        told: The outlines.
        starts: Where the edges of each area and row begin in `strip` (areas * rows + 1,).
        strip: Edges by area and row that they span.
        near: Area, cell and edge of each cell that an edge comes near (near, 3), by area, cell and edge.
        full: Area and cell of each cell that lies wholly inside an area (full, 2).
    """

    grid: Grid
    told: Edges
    starts: Wholes
    strip: Wholes
    near: Wholes
    full: Wholes


def lay(told: Edges, over: Grid, reach: tuple[float, float] = (0.0, 0.0)) -> Cells:
    """Return what a grid knows of areas.

    Args:
        told: Outlines of the areas.
        over: The grid.
        reach: How far from an edge a cell still counts as near it, in x and y [degrees].
    """
    run, (ends, area) = compiled(_LOOPS), (told.ends, told.area)
    place = (over.x, over.y, over.wide, over.high)
    asked = (ends, area, over.rows, over.y, over.high)
    keys = np.empty((2, run.stripped(*asked, _NONE, _NONE)), np.int64)
    run.stripped(*asked, keys[0], keys[1])
    order = np.argsort(keys[0], kind="stable")
    strip = keys[1][order]
    counts = np.bincount(keys[0], minlength=told.areas * over.rows)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    met = (ends, area, over.rows, *place, *reach)
    near = np.empty((3, run.crossed(*met, _NONE, _NONE, _NONE, over.columns)), np.int64)
    run.crossed(*met, near[0], near[1], near[2], over.columns)
    near = near[:, np.lexsort((near[2], near[1], near[0]))].T
    once = near[np.concatenate([[True], (near[1:, :2] != near[:-1, :2]).any(axis=1)])] if len(near) else near
    first = np.searchsorted(once[:, 0], np.arange(told.areas + 1)).astype(np.int64)
    inner = (told.areas, over.rows, over.columns, *place, first, np.ascontiguousarray(once[:, 1]))
    full = np.empty((2, run.filled(*inner, starts, strip, ends, _NONE, _NONE)), np.int64)
    run.filled(*inner, starts, strip, ends, full[0], full[1])
    return Cells(over, told, starts, strip, near, full.T)


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
        full = np.concatenate([np.zeros(len(some), bool), np.ones(len(laid.full), bool)])
        self._start, order = by_cell(laid.grid.rows * laid.grid.columns, cell, area)
        self._area, self._full = area[order].astype(np.int32), full[order]

    def locate(self, lon: Reals, lat: Reals, threads: int = 1) -> Places:
        """Return each point with each area that it lies in.

        Args:
            lon: Longitudes [degrees] (points,); not a number: in no area.
            lat: Latitudes [degrees] (points,).
            threads: How many work at once; the answer is the same for any number.
        """
        laid, run = self._cells, compiled(_LOOPS)
        over = laid.grid
        known = (over.rows, over.columns, over.x, over.y, over.wide, over.high, self._start, self._area,
                 self._full, laid.starts, laid.strip, laid.told.ends)  # fmt: skip

        def part(first: int) -> Places:
            x, y = (np.ascontiguousarray(each[first : first + CHUNK], np.float64) for each in (lon, lat))
            found = run.located(x, y, *known, _NONE, np.empty(0, np.int32), first)
            point, area = np.empty(found, np.int64), np.empty(found, np.int32)
            run.located(x, y, *known, point, area, first)
            return point, area

        parts = spread(part, len(lon), threads)
        return np.concatenate([p for p, _ in parts]), np.concatenate([a for _, a in parts])


Part = TypeVar("Part")


def spread(part: Callable[[int], Part], points: int, threads: int) -> list[Part]:
    """Return what each chunk of points gives, in order."""
    firsts = range(0, max(points, 1), CHUNK)
    if threads < 2:
        return [part(first) for first in firsts]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(part, firsts))
