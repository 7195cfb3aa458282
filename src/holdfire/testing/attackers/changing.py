"""Attack a change of partition: a site that stays lies in its old cell and in its new one.

The carry rule publishes, for a site that stays, every new cell that meets its old one: a function of the old
cell alone. The control publishes the new cell that the site lies in.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from holdfire.protecting.grid import Integers
from holdfire.protecting.partition import Partition
from holdfire.testing.attackers.world import World, numbered


def carried(old: Partition, new: Partition) -> list[tuple[int, ...]]:
    """Return which cells of a new partition are on for each cell of an old one, as numbers (old cells,)."""
    place = {cell.code: n for n, cell in enumerate(new.cells)}
    return [tuple(place[each.code] for each in new.cells_meeting(cell.box)) for cell in old.cells]


def told_over_changes(world: World, partitions: Sequence[Partition], carry: bool) -> Integers:
    """Return labels of what is published of a site that stays through partitions (places,).

    Args:
        world: Candidates; those outside a partition are published as outside.
        partitions: In order of time.
        carry: Whether the carry rule is kept: what is on is every cell that meets the first one.
    """
    first = partitions[0].numbers_of(world.lon, world.lat)
    columns = [first]
    for new in partitions[1:]:
        if carry:
            sets = [*carried(partitions[0], new), ()]
            labels = numbered(sets)
            columns.append(labels[first])
        else:
            columns.append(new.numbers_of(world.lon, world.lat))
    return np.unique(np.column_stack(columns), axis=0, return_inverse=True)[1].ravel()


def kept(
    old: Partition, on: frozenset[str], new: Partition, next_on: frozenset[str]
) -> dict[str, bool | None]:
    """Return for each old cell that was on whether new cells carry it on.

    Returns:
        By code: true where every cell that meets it is on, none where no such cell is, false where some are:
        then whoever knows that the site stays can cut what lies in the others.
    """
    found: dict[str, bool | None] = {}
    for code in sorted(on):
        meeting = {cell.code for cell in new.cells_meeting(old.by_code[code].box)}
        found[code] = True if meeting <= next_on else (False if meeting & next_on else None)
    return found
