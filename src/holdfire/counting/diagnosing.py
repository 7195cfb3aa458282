"""Whether draws may be trusted: chains that agree, enough of them, and the modes that they fall into.

R-hat and effective sample sizes are those of Vehtari, A. et al. 2021, Bayesian Analysis 16(2),
rank-normalised and split, by arviz-stats. Chains that agree may still all have missed something: passing is
not enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from arviz_stats import base
from scipy.stats import gaussian_kde

from holdfire.counting.estimate import LEVEL, Check, Draws, interval

RHAT = 1.05
"""Most that chains may differ; above it their number is refused."""
GOOD_RHAT = 1.01
"""What is aimed at; above it the sampler tries harder."""
LEAST_DRAWS = 400.0
"""Fewest effective draws, of the middle and of the tails."""
FITS = 0.005
"""Least chance, either way, of a pair of lists sharing as many people as it does."""
VALLEY = 0.7
"""Two heights of the density are two modes where it falls below this share of the lower between them."""
SLIGHT = 0.01
"""Modes of less weight than that are not told apart from the tail."""
_AXES = {"chain_axis": 0, "draw_axis": 1}
_stats: Any = base.array_stats  # type: ignore[attr-defined]  # it has no types


def rhat(draws: Draws) -> float:
    """Return the rank-normalised split R-hat of draws (chains, draws); constant draws have 1."""
    return 1.0 if np.ptp(draws) == 0 else float(_stats.rhat(draws, **_AXES))


def ess(draws: Draws, level: float | None = None) -> float:
    """Return the effective number of draws of the middle, or of the ends of an interval of a level."""
    if np.ptp(draws) == 0:
        return float(draws.size)
    if level is None:
        return float(_stats.ess(draws, method="bulk", **_AXES))
    ends = ((1 - level) / 2, (1 + level) / 2)
    return float(_stats.ess(draws, method="tail", prob=ends, **_AXES))


def checks(total: Draws, likelihood: Draws, level: float = LEVEL) -> tuple[Check, ...]:
    """Return whether chains agree on the number of people and on how well they fit, and how many draws count.

    Args:
        total: People in all (chains, draws).
        likelihood: Log likelihood of the same draws.
        level: Of the interval whose ends are looked at.
    """
    figures = (
        ("rhat", rhat(np.log(total)), RHAT),
        ("rhat_likelihood", rhat(likelihood), RHAT),
    )
    sizes = (("ess_bulk", ess(np.log(total))), ("ess_tail", ess(np.log(total), level)))
    return (
        *(Check(name, value, limit, value <= limit) for name, value, limit in figures),
        *(Check(name, value, LEAST_DRAWS, value >= LEAST_DRAWS) for name, value in sizes),
    )


@dataclass(frozen=True, slots=True)
class Mode:
    """A height of the density of draws, and what lies around it.

    Attributes:
        middle: Median of its draws [people].
        low: Lower end of their interval.
        high: Upper end.
        weight: Share of all draws.
        likelihood: Mean log likelihood of its draws.
        classes: Mean number of classes of its draws that hold anyone.
    """

    middle: float
    low: float
    high: float
    weight: float
    likelihood: float
    classes: float


def modes(
    total: Draws, likelihood: Draws, classes: npt.NDArray[np.float64], level: float = LEVEL
) -> tuple[Mode, ...]:
    """Return the modes of draws, greatest weight first, by the valleys of their density on a log scale.

    Args:
        total: People in all (chains, draws).
        likelihood: Log likelihood of the same draws.
        classes: Classes that hold anyone.
        level: Of each mode's interval.
    """
    logs = np.log(total).ravel()
    cuts = _valleys(logs) if np.ptp(logs) > 0 else []
    part = np.searchsorted(cuts, logs)
    found = []
    for number in range(len(cuts) + 1):
        inside = part == number
        if inside.mean() < SLIGHT:
            continue
        middle, low, high = interval(total.ravel()[inside], level)
        found.append(
            Mode(
                middle,
                low,
                high,
                float(inside.mean()),
                float(likelihood.ravel()[inside].mean()),
                float(classes.ravel()[inside].mean()),
            )
        )
    return tuple(sorted(found, key=lambda mode: (-mode.weight, mode.middle)))


def _valleys(logs: npt.NDArray[np.float64]) -> list[float]:
    thinned = np.sort(logs)[:: max(1, len(logs) // 4000)]
    grid = np.linspace(thinned[0], thinned[-1], 400)
    # A bandwidth by the width of the middle half: that by the spread would wash out two modes far apart.
    spread = min(float(np.std(thinned)), float(np.subtract(*np.quantile(thinned, [0.75, 0.25]))) / 1.34)
    density = gaussian_kde(thinned, max(spread, 1e-9) / float(np.std(thinned)) * len(thinned) ** -0.2)(grid)
    peaks = [
        i
        for i in range(len(grid))
        if density[i] == density[max(0, i - 8) : i + 9].max() and density[i] > 0.01 * density.max()
    ]
    kept: list[int] = []
    for i in peaks:
        while kept:
            floor = density[kept[-1] : i + 1].min()
            if floor < VALLEY * min(density[kept[-1]], density[i]):
                break
            if density[kept[-1]] >= density[i]:
                break
            kept.pop()
        if not kept or density[kept[-1] : i + 1].min() < VALLEY * min(density[kept[-1]], density[i]):
            kept.append(i)
    return [float(grid[one + int(np.argmin(density[one : other + 1]))]) for one, other in pairwise(kept)]
