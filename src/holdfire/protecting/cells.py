"""A partition and what it is made of: cells, blocks, their own numbers, and the settings decided before.

All are values. `partition.py` says what holds of them, and makes and reads them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from holdfire.digests import Digest, canonical, digest
from holdfire.errors import BadInput
from holdfire.protecting.candidates import Gathering, Layer, out_of_range
from holdfire.protecting.grid import ROUND, Box, Integers, Reals, minutes

FORM = "holdfire-partition/v1"
"""What the text says of itself, so that no other text passes for a partition."""

PARTS = 10**9
"""Shares are whole numbers of parts: a billion is everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What is decided before a partition is made, and published with it.

    Attributes:
        k: A cell holds at least k places, and no place more than 1/k of its mass under any prior.
        block_k: A block, which shelters a group on the move, holds at least so many places.
        block_share: No place has more than one over this of a block's mass under any prior.
        ball: Radius of a disc that someone might hit blindly [m].
        beta: Largest part of a cell's mass in one such disc.
        margin: By how much a cell is widened to be its zone [m].
        epoch_days: How long an epoch lasts [days]: no release says when within it something changed.
        epochs_from: First day of an epoch (ISO 8601); the others follow without gaps, before it too.
    """

    k: int = 10
    block_k: int = 80
    block_share: int = 80
    ball: int = 1000
    beta: Fraction = Fraction(1, 5)
    margin: int = 1000
    epoch_days: int = 28
    epochs_from: str = "2024-01-01"

    def wrong(self) -> list[str]:
        """Return everything that is wrong with the settings, in words."""
        found = out_of_range(self, _RANGES)
        if not found and min(self.block_k, self.block_share) < self.k:
            found.append(f"block_k or block_share is below k, {self.k}; a block holds whole cells")
        if not isinstance(self.beta, Fraction) or not 0 < self.beta <= 1:
            found.append(f"beta is {self.beta}; it is above 0, and 1 at most")
        if not _is_day(self.epochs_from):
            found.append("epochs_from is no day such as 2024-01-01")
        return found


_RANGES = {
    "k": (2, 10_000),
    "block_k": (2, 100_000),
    "block_share": (2, 100_000),
    "ball": (1, 100_000),
    "margin": (0, 100_000),
    "epoch_days": (1, 366),
}
"""Least and most of each setting that is a whole number."""


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except (ValueError, TypeError):
        return False


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a cell or block holds under one prior, in parts of a billion, rounded up.

    Attributes:
        mass: Its part of the whole partition's mass.
        largest: The largest place's part of its mass.
        ball: The heaviest disc's part of its mass.
    """

    mass: int
    largest: int
    ball: int

    @property
    def effective(self) -> float:
        """Return one over the largest share: among how many alike places it is like being hidden."""
        return PARTS / self.largest


@dataclass(frozen=True, slots=True)
class Cell:
    """Land that is switched on and off as a whole.

    Attributes:
        code: Name of the partition and a number, in order of south and west, such as SYR-0001.
        box: Its sides.
        zone: The box widened by the margin: what is published.
        block: Code of the block it is part of.
        candidates: How many places it holds.
        numbers: By prior.
    """

    code: str
    box: Box
    zone: Box
    block: str
    candidates: int
    numbers: Mapping[str, Numbers]


@dataclass(frozen=True, slots=True)
class Block:
    """Neighbouring cells that are switched on together for a whole window, for a group on the move.

    Attributes:
        code: Such as SYR-B001.
        box: Its sides.
        zone: The box widened by the margin.
        candidates: How many places it holds.
        numbers: By prior.
    """

    code: str
    box: Box
    zone: Box
    candidates: int
    numbers: Mapping[str, Numbers]


@dataclass(frozen=True)
class Partition:
    """Cells and blocks of one extent, and what they rest on.

    Attributes:
        name: Short name that codes begin with, such as SYR.
        settings: What was decided.
        extent: What the cells tile.
        priors: Names of the priors; "count" is first.
        places: How many distinct candidate places there are.
        candidates: Digest of exactly these places and weights.
        gathering: How rows became places.
        layers: The files that they were taken from, as whoever made the partition says.
        cells: In order of their codes.
        blocks: In order of their codes.
    """

    name: str
    settings: Settings
    extent: Box
    priors: tuple[str, ...]
    places: int
    candidates: Digest
    gathering: Gathering
    layers: tuple[Layer, ...]
    cells: tuple[Cell, ...]
    blocks: tuple[Block, ...]

    def cell_of(self, lon: float, lat: float) -> Cell:
        """Return the cell that a position [degrees] lies in.

        Raises:
            BadInput: It is not on Earth or lies outside the partition; the position is not told.
        """
        number = int(self.numbers_of(np.array([lon]), np.array([lat]))[0])
        if number < 0:
            raise BadInput(
                f"the position lies outside partition {self.name}",
                hint="longitude comes first; are the two swapped? else choose a partition that holds it",
            )
        return self.cells[number]

    def cells_of(self, lons: Reals, lats: Reals) -> npt.NDArray[np.str_]:
        """Return the code of the cell that each position [degrees] lies in; empty: outside (places,)."""
        codes = np.array([*(cell.code for cell in self.cells), ""])
        return codes[self.numbers_of(lons, lats)]

    def numbers_of(self, lons: Reals, lats: Reals) -> Integers:
        """Return where in `cells` the cell of each position [degrees] stands; -1: outside (places,)."""
        lon, lat = np.asarray(lons, np.float64), np.asarray(lats, np.float64)
        known = (np.abs(lon) <= 180) & (np.abs(lat) <= 90)  # false of what is no number
        found = np.full(len(lon), -1, np.int64)
        x, y = minutes(lon[known], lat[known])
        x = (x - self.extent.west) % ROUND
        y = y - self.extent.south
        inside = (
            (x < self.extent.east - self.extent.west) & (y >= 0) & (y < self.extent.north - self.extent.south)
        )
        inner = np.full(len(x), -1, np.int64)
        inner[inside] = self._located(x[inside], y[inside])
        found[known] = inner
        return found

    def _located(self, x: Integers, y: Integers) -> Integers:
        columns, rows, table = self._table
        return table[np.searchsorted(rows, y, "right") - 1, np.searchsorted(columns, x, "right") - 1]

    @cached_property
    def _table(self) -> tuple[Integers, Integers, Integers]:
        """Return the distinct western and southern sides, and which cell lies at each pair of them."""
        west = np.array([(cell.box.west - self.extent.west) % ROUND for cell in self.cells])
        south = np.array([cell.box.south - self.extent.south for cell in self.cells])
        east = west + [cell.box.east - cell.box.west for cell in self.cells]
        north = south + [cell.box.north - cell.box.south for cell in self.cells]
        columns, rows = np.unique(west), np.unique(south)
        table = np.full((len(rows), len(columns)), -1, np.int64)
        for n in range(len(self.cells)):
            left, right = np.searchsorted(columns, (west[n], east[n]))
            low, high = np.searchsorted(rows, (south[n], north[n]))
            table[low:high, left:right] = n
        return columns, rows, table

    def order(self, box: Box) -> tuple[int, int]:
        """Return by what boxes are put in order: south, then how far east of the extent's western side."""
        return box.south, (box.west - self.extent.west) % ROUND

    def cells_meeting(self, box: Box) -> tuple[Cell, ...]:
        """Return the cells that have a point in common with a box, such as a cell of another partition."""
        return tuple(cell for cell in self.cells if cell.box.meets(box))

    @cached_property
    def by_code(self) -> Mapping[str, Cell]:
        """Return the cells by code."""
        return {cell.code: cell for cell in self.cells}

    @cached_property
    def digest(self) -> Digest:
        """Return the name of exactly this partition."""
        return digest(self.text())

    def text(self) -> bytes:
        """Return the partition as it is published: canonical JSON."""
        return canonical(_value(self))


_NAME = re.compile(r"[A-Z][A-Z0-9]{1,11}")


def checked_name(name: str) -> str:
    """Return a partition's name as it is.

    Raises:
        BadInput: It is not 2 to 12 capital letters and digits, that can be read over a radio.
    """
    if not _NAME.fullmatch(name):
        raise BadInput(
            f'"{name[:20]}" cannot name a partition',
            "name",
            "2 to 12 capital Latin letters and digits, a letter first, such as SYR or SYR2",
        )
    return name


def _value(partition: Partition) -> dict[str, Any]:
    """Return what a partition says, as strings and integers."""
    asked = partition.settings
    return {
        "form": FORM,
        "name": partition.name,
        "settings": {
            **{name: getattr(asked, name) for name in asked.__slots__ if name != "beta"},
            "beta": str(asked.beta),
        },
        "extent": _sides(partition.extent),
        "priors": list(partition.priors),
        "places": partition.places,
        "candidates": partition.candidates,
        "gathering": {name: getattr(partition.gathering, name) for name in Gathering.__slots__},
        "layers": [
            {"file": each.file, "digest": each.digest, "rows": each.rows, "taken": dict(each.taken)}
            for each in partition.layers
        ],
        "cells": [{**_land(each), "block": each.block} for each in partition.cells],
        "blocks": [_land(each) for each in partition.blocks],
    }


def _land(each: Cell | Block) -> dict[str, Any]:
    return {
        "code": each.code,
        "box": _sides(each.box),
        "zone": _sides(each.zone),
        "candidates": each.candidates,
        "numbers": {name: [held.mass, held.largest, held.ball] for name, held in each.numbers.items()},
    }


def _sides(box: Box) -> list[int]:
    return [box.west, box.south, box.east, box.north]
