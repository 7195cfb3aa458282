"""The cutting of a daily series into levels, so that a negative binomial with one mean a level fits best.

Exact optimal partitioning (Jackson et al. 2005, IEEE Signal Process. Lett. 12:105), less Schwarz's price of
two numbers a cut, its day and the new mean. Days of war scatter more than Poisson, and the price must be paid
in units of that scatter, so the dispersion is estimated from neighbouring days, which seldom straddle a
change. Nothing is fitted to any one conflict; the choices are argued, and the rates of false alarms and of
dips found are given, in docs/decisions/0005-change-points.md and tests/calibration/test_trend.py.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

SHORTEST = 5
"""Fewest days of a level. Shorter runs of good or bad days are too common to be a change."""

HIGHEST = 8
"""Most times the median of the days about it that one day counts, so that one massacre is no level."""

PRICE = 2
"""Numbers a cut adds: its day and a mean. Each costs the logarithm of the number of days (Schwarz 1978)."""

DISPERSION = (0.05, 1e6)
"""Bounds of the dispersion: from wilder than any record to Poisson."""

Floats = npt.NDArray[np.float64]


def cut(counts: Floats, price: float = PRICE) -> list[int]:
    """Return where each level begins, in order, the first at 0; an empty series has none."""
    n = len(counts)
    if n < 2 * SHORTEST:
        return [0] if n else []
    kept = held(counts)
    cost = _Cost(kept, dispersion(kept))
    each = price * float(np.log(n))
    best, before = np.full(n + 1, np.inf), np.zeros(n + 1, dtype=np.int64)
    best[0] = 0.0
    for after in range(SHORTEST, n + 1):
        starts = np.arange(after - SHORTEST + 1)
        sums = best[starts] + cost.between(starts, after) + each
        before[after] = int(np.argmin(sums))  # of equal sums the earliest, on any machine
        best[after] = sums[before[after]]
    cuts = [n]
    while cuts[-1]:
        cuts.append(int(before[cuts[-1]]))
    return cuts[:0:-1]


class _Cost:
    """Twice the loss of log-likelihood of any run of days, when one mean is given to all of them."""

    def __init__(self, counts: Floats, dispersion: float) -> None:
        self.dispersion = dispersion
        self._sums = np.concatenate([[0.0], np.cumsum(counts)])

    def between(self, starts: npt.NDArray[np.int64], after: int) -> Floats:
        """Return the cost of each run from a start up to `after`, but for terms no cut changes."""
        days, k = after - starts, self.dispersion
        total = self._sums[after] - self._sums[starts]
        mean = total / days
        spread = (total + days * k) * np.log1p(mean / k)
        own = total * np.log(np.where(mean > 0, mean / k, 1.0))
        cost: Floats = 2.0 * (spread - own)
        return cost


def held(counts: Floats) -> Floats:
    """Return the counts with each day held to `HIGHEST` times the median of the days about it."""
    wide = np.pad(counts, SHORTEST, mode="reflect")
    medians = np.median(np.lib.stride_tricks.sliding_window_view(wide, 2 * SHORTEST + 1), axis=1)
    kept: Floats = np.minimum(counts, HIGHEST * np.maximum(medians, 1.0))
    return kept


def dispersion(counts: Floats) -> float:
    """Return k of a negative binomial with variance m + m^2 / k, by moments of neighbouring days.

    For two days of one mean m, half the squared difference has the mean m + m^2 / k, and the squared
    half-sum less half of that has the mean m^2. Only pairs that straddle a change are wrong.
    """
    low, high = DISPERSION
    one, other = counts[:-1], counts[1:]
    mean, variance = (one + other) / 2, (one - other) ** 2 / 2
    square, excess = float(np.sum(mean**2 - variance / 2)), float(np.sum(variance - mean))
    if excess <= 0:
        return high
    return min(max(square / excess, low), high)
