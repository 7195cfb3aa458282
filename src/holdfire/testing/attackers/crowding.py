"""Attack the load: who knows how many sites there are can tell how full the cells that are on must be.

Two attackers. The first knows the number n of all sites: a candidate that has p of all likelihood, in a cell
that has P, holds a site with belief (1 - exp(-n p)) / (1 - exp(-n P)). The second knows in addition that all
n lie in the cells that are on, as they do. Where sites crowd into fewer cells than chance would fill it knows
more than the first: n is replaced by the rate that makes the expected number in these cells n, each holding
at least one. Both are posteriors of independent sites to within the fluctuation of a Poisson number about n;
tests/attacks/test_attackers.py compares them with worlds that were drawn and counted.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq

from holdfire.protecting.grid import Reals


def belief(share: Reals, cell: Reals, sites: float) -> Reals:
    """Return the belief that a candidate holds a site, its cell being on.

    Args:
        share: The candidate's part of all likelihood (any,).
        cell: Its cell's part (any,).
        sites: Expected number of sites in all.
    """
    if sites <= 0:
        few: Reals = share / cell
        return few
    found: Reals = np.expm1(-sites * share) / np.expm1(-sites * cell)
    return found


def rate(cells: Reals, sites: int) -> float:
    """Return the expected number of sites in all, under which cells that are on hold so many.

    Args:
        cells: Each one's part of all likelihood (cells on,).
        sites: How many sites there are in them, at least one in each.
    """
    if sites <= len(cells):
        return 0.0

    def more(tried: float) -> float:
        full = tried * cells
        return float((full / -np.expm1(-full)).sum()) - sites

    high = 1.0
    while more(high) < 0:
        high *= 2
    return float(brentq(more, high * 1e-9, high))


def guessed(cells: Reals, on: int) -> float:
    """Return how many sites someone will guess who sees how many cells of all are on.

    Args:
        cells: Every cell's part of all likelihood (cells,).
        on: How many are on; all: no number is large enough, and ten times as many as cells is taken.
    """
    if on >= len(cells):
        return 10.0 * len(cells)
    high = 1.0
    while float(-np.expm1(-high * cells).sum()) < on and high < 1e9:
        high *= 2
    return float(brentq(lambda n: float(-np.expm1(-n * cells).sum()) - on, 0.0, high))
