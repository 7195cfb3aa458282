"""Whether blocks that go on and off would show which way a group went.

A group on the move is one block, declared beforehand, for its whole window. Where a block was on and is not
any more, and another, that came on after it, is on, whoever takes the two for one group learns that it
crossed from one to the other: places near both are few. Both on for a while between, or neither, mends it
little. So it is found out here, of all releases. One who sees only that a block came on beside another, or
that both went off together, learns nothing of the kind.
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
    """A block that was on and is not any more, while another, that came on after it, is on.

    Attributes:
        left: Code of the block that is not on any more.
        entered: Code of the other.
        since: Which release was the first in which `left` was on, from 0.
    """

    left: str
    entered: str
    since: int


def trails(past: Sequence[Lit], now: Lit, named: frozenset[str] = frozenset()) -> Iterator[Trail]:
    """Yield the trails that a release would leave and the one before did not, by code.

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
    lit = {code: [_lit(land, each) for each in past] for code, land in lands.items()}
    gone = [code for code, land in lands.items() if any(lit[code]) and not _lit(land, now)]
    for left in sorted(gone):
        first = lit[left].index(True)
        for other in groups(now, named):
            came = _since(lit[other])
            if first < came and (lit[left][-1] or came == len(past)):
                yield Trail(left, other, first)


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


def _since(lit: Sequence[bool]) -> int:
    """Return since which release a block has been on without a gap; as many as there are: it was not on."""
    first = len(lit)
    while first and lit[first - 1]:
        first -= 1
    return first


def _lit(land: Land, lit: Lit) -> bool:
    """Return whether all cells are on that a block is under some partition."""
    partition, on = lit
    try:
        return cells_for(land, partition) <= on
    except BadInput:  # it does not reach so far, so the block cannot be on
        return False
