"""From a cell or block to the cells that are on for it, under its own partition or a later one."""

from __future__ import annotations

from holdfire.errors import BadInput
from holdfire.protecting.cells import Block, Cell, Partition
from holdfire.protecting.grid import ROUND

Land = tuple[Partition, Cell | Block]
"""A cell or block, and the partition that it is of."""


def cells_for(land: Land, into: Partition) -> frozenset[str]:
    """Return the codes of the cells that are on for a cell or block.

    Of the same partition: the cell, or all cells of the block. Of an earlier one: every cell that meets it,
    a function of the old cell alone, so nothing is learnt from which of them the place now lies in. After
    several changes it is the first cell that counts: what was on in between meets it too.

    Raises:
        BadInput: The new partition does not reach as far as the old cell does.
    """
    of, each = land
    if of.digest == into.digest:
        if isinstance(each, Cell):
            return frozenset({each.code})
        return frozenset(cell.code for cell in into.cells if cell.block == each.code)
    found = into.cells_meeting(each.box)
    covered = sum(_shared(cell, each, into) for cell in found)
    if covered != (each.box.east - each.box.west) * (each.box.north - each.box.south):
        raise BadInput(
            f"partition {into.name} does not cover all of {each.code}",
            "codes",
            f"make a partition that reaches as far as {of.name}: a place may lie in what it leaves out",
        )
    return frozenset(cell.code for cell in found)


def _shared(cell: Cell, other: Cell | Block, into: Partition) -> int:
    """Return how many square minutes a cell shares with a cell of another partition."""
    high = min(cell.box.north, other.box.north) - max(cell.box.south, other.box.south)
    wide = 0
    for turn in (-ROUND, 0, ROUND):
        west, east = other.box.west + turn, other.box.east + turn
        wide += max(0, min(cell.box.east, east) - max(cell.box.west, west))
    return max(0, high) * wide
