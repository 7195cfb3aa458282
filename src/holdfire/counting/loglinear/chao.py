"""At least how many: Chao's lower bound, for lists that differ in size.

People differ, and lists differ. Let a person with odds e^(a + b_j) to be on list j be on no list with a
chance q that depends on a. Then of N people e^b_j ∫e^a q are expected on list j alone and e^(b_j + b_k) ∫e^2a
q on j and k alone; as (∫e^a q)² is at most ∫e^2a q times ∫q (Cauchy and Schwarz), those on no list are at
least the sum over pairs of singles of j times singles of k, over all who are on just two lists. With lists
alike it is the bound of Chao 1987 (Biometrics 43:783-791) with the factor (lists - 1) / lists; with two lists
it is Chapman's estimate. Lists may be of any size; lists that shun one another break it, as they break any
such bound.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import default_rng
from scipy.special import ndtri

from holdfire.counting.estimate import LEVEL, Estimate, Model, Reason
from holdfire.counting.overlaps import MOST_LISTS, Overlaps
from holdfire.errors import BadInput


@dataclass(frozen=True, slots=True, kw_only=True)
class LowerBound:
    """Estimate at least how many people there are.

    Attributes:
        draws: How many draws of the bound.
        level: Share that the interval is to hold. It is an interval of the bound, not of the number.

    Assumes:
        The population is closed, links are right, and no list shuns the people of another. How people differ
        is free.

    References:
        Chao 1987, Biometrics 43:783-791. Rivest and Baillargeon 2007, Biometrics 63:999-1006 (lists that
        differ). The log-normal interval is that of Chao 1987; 1 is added to those on two lists, so that none
        there gives a number and the bias falls.

    Examples:
        >>> found = LowerBound().estimate(Overlaps.of("AB", {1: 40, 2: 30, 3: 9}), 1)
        >>> found.documented, found.middle
        (79, 199.0)
    """

    draws: int = 4000
    level: float = LEVEL
    name: str = "lower_bound"
    least_lists: int = 2
    most_lists: int = MOST_LISTS

    def estimate(self, overlaps: Overlaps, seed: int) -> Estimate:
        """Return the bound of one table; only its draws depend on the seed.

        Raises:
            BadInput: There is one list.
        """
        if len(overlaps.lists) < self.least_lists:
            raise BadInput("one list says nothing of those who are on none", hint="give at least two lists")
        singles = overlaps.on.T.astype(np.float64) @ np.where(
            overlaps.on.sum(axis=1) == 1, overlaps.counts, 0
        )
        twice, once = float(overlaps.captured[2]), float(singles.sum())
        pairs = (once**2 - float((singles**2).sum())) / 2
        missing = pairs / (twice + 1)
        slope = (once - singles) / (twice + 1)
        variance = missing + float((singles * slope**2).sum()) + missing**2 * twice / (twice + 1) ** 2
        spread = float(np.sqrt(np.log1p(variance / missing**2))) if missing > 0 else 0.0
        reach = float(np.exp(ndtri((1 + self.level) / 2) * spread))
        n = overlaps.documented
        drawn = n + missing * np.exp(spread * default_rng(seed).standard_normal(self.draws))[None, :]
        t = len(overlaps.lists)
        alike = n + (t - 1) / t * once * (once - 1) / (2 * (twice + 1))
        return Estimate(
            self.name, n, n + missing, n + missing / reach, n + missing * reach, self.level, drawn,
            (Model("lists alike", alike, facts={"kind": "bound", "once": int(once), "twice": int(twice)}),),
            notes=(Reason("lower_bound"), Reason("closed_population"), Reason("right_links")),
            settings={"draws": self.draws, "seed": seed},
        )  # fmt: skip
