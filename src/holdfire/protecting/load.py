"""What an outsider may believe of a candidate once cells are on, and how many places that allows.

With many places cells fill up: that a cell is on says ever less, and belief in its likeliest candidate rises.
tests/properties/test_release.py draws places over and over and counts.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from holdfire.protecting.cells import PARTS, Block, Cell


def belief(land: Cell | Block, sites: int) -> float:
    """Return the belief in the likeliest candidate of a cell that is on, under the prior that is worst.

    It is the chance that at least one of n places, each at candidate i with p_i, is there, given that at
    least one is in the cell: (1 - exp(-n p_i)) / (1 - exp(-n P)), with P the cell's mass. With many places
    cells fill up, and it rises. It takes places to be spread as the prior is: who knows n and sees that fewer
    cells are on than n would switch on knows more, and `holdfire protect attack --sites` says how much.

    Args:
        land: Its own numbers are rounded up, so belief is too.
        sites: How many places are sheltered in all.
    """
    return max(_belief(sites, held.mass / PARTS, held.largest / PARTS) for held in land.numbers.values())


def _belief(sites: int, mass: float, largest: float) -> float:
    if sites <= 0 or mass <= 0:
        return largest
    return math.expm1(-sites * mass * largest) / math.expm1(-sites * mass)


def most_sites(lands: Iterable[Cell | Block], limit: float) -> int:
    """Return the largest number of places under which belief stays within a limit in all these; 0: none."""
    held = list(lands)
    low, high = 0, 1
    while high < 10**7 and all(belief(land, high) <= limit for land in held):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if all(belief(land, middle) <= limit for land in held) else (low, middle)
    return low
