"""The sum of several strata, draw by draw: never a sum of interval ends.

Two rules hold, and tests/unit/test_pooling.py tries to break each: what is refused is never in the sum, and
stands beside it as documented only; the order of strata changes nothing.

Strata are other people on the same kind of lists, so their draws are taken as independent: those of each are
shuffled by a seed of its own before they are added, or a method that gives its draws in order would add the
low to the low. If what is wrong in one stratum is wrong in all, the sum is less sure than its interval says.

A range of models is no interval: which model is right is the same question in every stratum of the same
lists, and no draw answers it. So how far the ends of a range lie beyond those of its draws is added whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.random import SeedSequence, default_rng

from holdfire.counting.assessing import RANGE_OF_MODELS
from holdfire.counting.estimate import LEVEL, Draws, Estimate, interval

DRAWS = 12_000
"""Draws of a sum: those of a stratum that has fewer are used several times, in other orders."""


@dataclass(frozen=True)
class Pooled:
    """A sum of strata.

    Attributes:
        documented: People on any list in the strata that are in the sum.
        beside: People on any list in the strata that are not: documented only, and never added in.
        middle: Median of the sum; with no stratum in it, nan.
        low: Lower end of its interval, or of the range.
        high: Upper end.
        level: Share that the interval is to hold.
        draws: Draws of the sum (draws,).
        strata: Names of the strata in it, in order.
        left_out: Names of those that are not.
        ranged: Whether the ends are those of a range, as some stratum has three lists.
    """

    documented: int
    beside: int
    middle: float
    low: float
    high: float
    level: float
    draws: Draws
    strata: tuple[str, ...]
    left_out: tuple[str, ...]
    ranged: bool = False


def pool(
    stated: Mapping[str, Estimate],
    refused: Mapping[str, int],
    seed: int,
    level: float = LEVEL,
    floors: Mapping[str, int] | None = None,
) -> Pooled:
    """Return the sum of the strata that have a number.

    Args:
        stated: Their estimates, by the name of the stratum; one without draws counts as left out.
        refused: Documented people of the others.
        seed: Of the shuffles; each stratum has one of its own made from it.
        level: Of the interval.
        floors: Documented people of stated strata where more are than the estimate's own: those on lists
            that were left out.
    """
    added = {
        name: each for name, each in sorted(stated.items()) if each.draws is not None and each.draws.size
    }
    documented = {name: (floors or {}).get(name, each.documented) for name, each in added.items()}
    others = dict(refused) | {name: each.documented for name, each in stated.items() if name not in added}
    if not added:
        nothing = float("nan")
        return Pooled(
            0, sum(others.values()), nothing, nothing, nothing, level, np.empty(0), (), tuple(sorted(others))
        )
    size = max(DRAWS, *(each.draws.size for each in added.values() if each.draws is not None))
    total, under, over = np.zeros(size), 0.0, 0.0
    for name, each in added.items():
        drawn = np.maximum(_shuffled(each, size, seed, name), documented[name])
        total += drawn
        if each.method == RANGE_OF_MODELS:
            _, least, most = interval(drawn, level)
            under += max(0.0, least - max(each.low, documented[name]))
            over += max(0.0, each.high - most)
    middle, low, high = interval(total, level)
    return Pooled(
        sum(documented.values()), sum(others.values()), middle, low - under, high + over, level, total,
        tuple(added), tuple(sorted(others)), any(e.method == RANGE_OF_MODELS for e in added.values()),
    )  # fmt: skip


def _shuffled(estimate: Estimate, size: int, seed: int, name: str) -> Draws:
    """Return so many of an estimate's draws in an order of their own, all as often as can be."""
    drawn = np.ravel(np.asarray(estimate.draws, np.float64))
    chance = default_rng(SeedSequence([seed, *name.encode()]))
    rounds = -(-size // len(drawn))
    mixed: Draws = np.concatenate([chance.permutation(drawn) for _ in range(rounds)])[:size]
    return mixed
