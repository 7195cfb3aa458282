"""What weighs by chance: records moved to where they can be of no event beside them are decoys.

Two sources that tell of one war agree on much by chance: one fights in the same towns, and most strikes kill
one or two. How much is seen, without one labelled pair, when all dates of one source are moved by some weeks:
what still agrees then is of two events. What true pairs look like is what is left of the pairs that meet
when those that would meet by chance are taken away.

Elias, J. E. and Gygi, S. P. (2007), Target-decoy search strategy, Nature Methods 4 (decoys count the false);
Kall, L. et al. (2007), Percolator, Nature Methods 4 (what is sure by the rest teaches what one part weighs).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from holdfire.fusing.parameters import Parameters, weights
from holdfire.fusing.profile import Profile

LEAST = 3_000
"""Weight of the rest at which a pair teaches what one comparison weighs [millibits]: odds of eight to one."""

LOW = -8_000
"""Weight up to which as good as no pair is of one event [millibits]."""

ENOUGH = 50
"""Pairs beyond chance that must be left for their levels to be believed."""

Levels = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Met:
    """Pairs that met.

    Attributes:
        weights: Of each pair [millibits].
        levels: Of each comparison: the number of the level of each pair.
    """

    weights: Levels
    levels: dict[str, Levels]


@dataclass(frozen=True)
class Excess:
    """What one comparison shows among pairs that the rest makes likely.

    Attributes:
        m: Share of each level among pairs of one event; 0 where it means silence.
        u: Likewise among pairs of two.
        pairs: How many of one event it rests on.
    """

    m: npt.NDArray[np.float64]
    u: npt.NDArray[np.float64]
    pairs: float


def inflation(real: Met, decoys: Sequence[Met]) -> float:
    """Return how many more pairs meet by chance than among decoys: war is denser on some days than weeks off.

    It is measured where as good as no pair is of one event, at the lowest weights.
    """
    seen = int((real.weights <= LOW).sum())
    moved = float(np.mean([(each.weights <= LOW).sum() for each in decoys]))
    return max(1.0, seen / moved) if seen and moved else 1.0


def excess(
    name: str, real: Met, decoys: Sequence[Met], profile: Profile, parameters: Parameters
) -> Excess | None:
    """Return what the levels of a comparison show beyond chance; None: too little is left to tell.

    Args:
        name: Of the comparison.
        real: Pairs of records of two sources, at all weights.
        decoys: The same after dates were moved, each by another time.
        profile: What was compared.
        parameters: What the other comparisons weigh.
    """
    comparison = next(each for each in profile.comparisons if each.name == name)
    own = np.array([weight.plain for weight in weights(profile, parameters)[name]])
    silent = np.array([level.silent for level in comparison.levels])

    def counted(met: Met) -> npt.NDArray[np.float64]:
        levels = met.levels[name]
        likely = levels[met.weights - own[levels] >= LEAST]
        return np.where(silent, 0.0, np.bincount(likely, minlength=len(own)).astype(float))

    by_chance = inflation(real, decoys) * np.mean([counted(each) for each in decoys], axis=0)
    left = np.maximum(counted(real) - by_chance, 0)
    if left.sum() < ENOUGH or by_chance.sum() <= 0:
        return None
    half = np.where(silent, 0.0, 0.5)
    m, u = left + half, by_chance + half
    return Excess(m / m.sum(), u / u.sum(), float(left.sum()))


def chance(real: Met, decoys: Sequence[Met], least: int) -> tuple[int, float]:
    """Return how many pairs weigh so much at least, and how many of them chance alone would make.

    Args:
        real: Pairs of records of two sources.
        decoys: The same after dates were moved.
        least: Weight [millibits].
    """
    seen = int((real.weights >= least).sum())
    moved = float(np.mean([(each.weights >= least).sum() for each in decoys]))
    return seen, min(float(seen), inflation(real, decoys) * moved)
