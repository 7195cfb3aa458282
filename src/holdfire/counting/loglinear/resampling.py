"""How sure a choice of model is: choose again for tables drawn from what was estimated.

As many people as were estimated are drawn, each of a pattern or of none with its share (Buckland and
Garthwaite 1991, Biometrics 47:255-268), so that who turns up at all varies too; each table goes through the
whole choice again. Intervals are bias-corrected and accelerated (Efron 1987, JASA 82:171-185), the
acceleration from leaving out one person of each pattern, as Chan, Silverman and Vincent 2021 do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import default_rng
from scipy.special import ndtr, ndtri

from holdfire.counting.loglinear.models import Floats

Choose = Callable[[Floats], Floats]
"""People in all for each of some tables (tables, 2^lists)."""


@dataclass(frozen=True)
class Bootstrap:
    """What came of choosing again.

    Attributes:
        totals: People in all of each table drawn, ascending (tables,); those with no answer are left out.
        lost: Tables drawn that had no answer.
        bias: Normal deviate of the share of totals below the estimate.
        acceleration: How fast the spread grows with the number.
    """

    totals: Floats
    lost: int
    bias: float
    acceleration: float

    def quantile(self, shares: Floats) -> Floats:
        """Return numbers in all below which the number is with these confidences (BCa)."""
        at = self.bias + ndtri(np.clip(shares, 1e-9, 1 - 1e-9))
        # Where the correction turns over, the end is as far as draws reach.
        scale = np.maximum(1 - self.acceleration * at, 1e-6)
        found: Floats = np.quantile(self.totals, ndtr(self.bias + at / scale))
        return found


def bootstrap(counts: Floats, total: float, choose: Choose, many: int, seed: int) -> Bootstrap:
    """Return what comes of choosing again.

    Args:
        counts: People of each pattern (2^lists,); the first is 0.
        total: Estimated number in all.
        choose: The whole choice.
        many: Tables to draw.
        seed: Of the draws.
    """
    people = round(total)
    shares = counts.astype(np.float64) / people
    shares[0] = max(0.0, 1 - shares[1:].sum())
    drawn = default_rng(seed).multinomial(people, shares, size=many).astype(np.float64)
    drawn[:, 0] = 0
    totals = choose(drawn)
    held = np.sort(totals[np.isfinite(totals)])
    there = np.flatnonzero(counts)
    without = np.tile(counts, (len(there), 1)).astype(np.float64)
    without[np.arange(len(there)), there] -= 1
    left = choose(without)
    known = np.isfinite(left)
    weight, left = counts[there][known], left[known]
    away = (weight * left).sum() / weight.sum() - left
    cube, square = (weight * away**3).sum(), (weight * away**2).sum()
    share = ((held < total).sum() + 0.5 * (held == total).sum() + 0.5) / (len(held) + 1)
    return Bootstrap(
        held,
        int(many - len(held)),
        float(ndtri(share)),
        float(cube / (6 * square**1.5)) if square > 0 else 0.0,
    )
