"""Whether blocks that go on and off would show which way a group went.

A group on the move is one block, declared beforehand, for its whole window. Where a block goes off and
another, that came on after it, stays on, whoever takes the two for one group learns that it crossed from one
to the other: places near both are few. So it is found out here, of all releases since the first of the two
came on, and also where both were on for a while between. One who sees only that a block came on beside
another, or that both went off together, learns nothing of the kind.
tests/unit/test_trails.py draws each of these up; holdfire.testing.attackers.moving says how much they give.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from holdfire.errors import BadInput
from holdfire.protecting.carrying import Land, cells_for
from holdfire.protecting.cells import Partition

Lit = tuple[Partition, frozenset[str]]
"""A partition, and the codes of its cells that are on."""


@dataclass(frozen=True, slots=True)
class Trail:
    """A block that goes off while another, that came on after it, is on.

    Attributes:
        left: Code of the block that goes off.
        entered: Code of the other.
        since: Which release was the first of those without a gap in which `left` was on, from 0.
    """

    left: str
    entered: str
    since: int


def trails(past: Sequence[Lit], now: Lit, named: frozenset[str] = frozenset()) -> Iterator[Trail]:
    """Yield the trails that a release would leave, by code.

    A block counts where all its cells are on, whether a group is there or not: that is what an outsider sees.
    One that is a single cell looks like any place that stays, and counts as entered only if it was named.

    Args:
        past: Of the releases before, in order; none left out between.
        now: Of the release that is to be.
        named: Codes of blocks that were asked for as blocks.
    """
    if not past:
        return
    known = {each.digest: each for each, _ in (*past, now)}
    lands: Mapping[str, Land] = {
        block.code: (each, block) for each in known.values() for block in each.blocks
    }
    since = {code: _since(land, past) for code, land in lands.items()}
    gone = [code for code, land in lands.items() if since[code] < len(past) and not _lit(land, now)]
    for left in sorted(gone):
        for other in groups(now, named):
            if since[other] > since[left]:
                yield Trail(left, other, since[left])


def groups(lit: Lit, named: frozenset[str] = frozenset()) -> list[str]:
    """Return the codes of blocks that look like a group: all cells are on, more than one unless named."""
    partition, on = lit
    cells: dict[str, list[str]] = {block.code: [] for block in partition.blocks}
    for cell in partition.cells:
        cells[cell.block].append(cell.code)
    return [
        code
        for code, held in sorted(cells.items())
        if on.issuperset(held) and (len(held) > 1 or code in named)
    ]


def _since(land: Land, past: Sequence[Lit]) -> int:
    """Return since which release a block has been on without a gap; as many as there are: it is not on."""
    first = len(past)
    while first and _lit(land, past[first - 1]):
        first -= 1
    return first


def _lit(land: Land, lit: Lit) -> bool:
    """Return whether all cells are on that a block is under some partition."""
    partition, on = lit
    try:
        return cells_for(land, partition) <= on
    except BadInput:  # it does not reach so far, so the block cannot be on
        return False
