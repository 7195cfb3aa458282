"""What an outsider may believe of a candidate once cells are on, and how many places that allows.

With many places cells fill up: that a cell is on says ever less, and belief in its likeliest candidate rises.
Two outsiders are thought of. One knows how many places there are, and takes them to be spread as the prior is
(`belief`); the other knows besides that all of them lie in the cells that are on (`counted`), and is surer
where many crowd into few. tests/properties/test_release.py draws places over and over and counts.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from holdfire.protecting.cells import PARTS, Block, Cell

IDENTIFIED = 0.5
"""A candidate that is believed in more than this is identified, whatever the limit."""


def belief(land: Cell | Block, sites: int) -> float:
    """Return the belief in the likeliest candidate of a cell that is on, under the prior that is worst.

    It is the chance that at least one of n places, each at candidate i with p_i, is there, given that at
    least one is in the cell: (1 - exp(-n p_i)) / (1 - exp(-n P)), with P the cell's mass. With many places
    cells fill up, and it rises. It takes places to be spread as the prior is: who knows n and sees that fewer
    cells are on than n would switch on knows more: `counted`.

    Args:
        land: Its own numbers are rounded up, so belief is too.
        sites: How many places are sheltered in all.
    """
    return max(_belief(sites, held.mass / PARTS, held.largest / PARTS) for held in land.numbers.values())


def counted(lands: Sequence[Cell | Block], sites: int) -> dict[str, float]:
    """Return by code the belief of one who knows how many places there are, and that all lie in these lands.

    Each land holds at least one. Places are taken to be independent, their number about n: the rate at which
    lands, each holding one at least, hold n as expected, takes the place of n. Under the prior that is worst.

    Args:
        lands: That are on; all have the same priors.
        sites: How many places they hold in all; no more than one each: then nothing is known besides.
    """
    found: dict[str, float] = {}
    for prior in lands[0].numbers if lands else ():
        rate = _rate([each.numbers[prior].mass / PARTS for each in lands], sites)
        for each in lands:
            held = each.numbers[prior]
            told = _belief(rate, held.mass / PARTS, held.largest / PARTS)
            found[each.code] = max(found.get(each.code, 0.0), told)
    return found


def _rate(masses: Sequence[float], sites: int) -> float:
    """Return how many places in all a prior takes, for lands that each hold one at least to hold so many."""
    if sites <= len(masses):
        return 0.0

    def held(rate: float) -> float:
        return math.fsum(rate * mass / -math.expm1(-rate * mass) for mass in masses if mass > 0)

    low, high = 0.0, 1.0
    while held(high) < sites and high < 1e15:
        low, high = high, high * 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if held(middle) < sites else (low, middle)
    return high


def _belief(sites: float, mass: float, largest: float) -> float:
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
