"""Fit the models of a table that have an answer, and choose among them or weigh them.

Stepwise is the rule of Chan, Silverman and Vincent 2021 (JASA 116:1297-1306, and the manual of SparseMSE):
from independence, add again and again the pair of lists whose number of shared people is least likely by
chance, while that chance (one-sided, Poisson, given what the present model expects) is below a threshold, and
the model that comes of it exists and is identified. All tables of a bootstrap go through it side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from scipy.stats import poisson

from holdfire.counting.loglinear.existence import FINE, Ground, ground
from holdfire.counting.loglinear.fitting import fit
from holdfire.counting.loglinear.models import Floats, Hierarchy, design

THRESHOLD = 0.02
"""Chance below which stepwise choice adds a pair, unless asked otherwise (that of SparseMSE)."""


@dataclass(frozen=True)
class Fitted:
    """One model fitted to one table.

    Attributes:
        model: The model.
        ground: What of it could be fitted.
        documented: People on at least one list.
        missing: People expected on none.
        error: Standard error of the number in all.
        spread: Standard error of the logarithm of `missing`.
        loglik: Poisson log-likelihood.
    """

    model: Hierarchy
    ground: Ground
    documented: int
    missing: float
    error: float
    spread: float
    loglik: float

    @property
    def total(self) -> float:
        """Return the number in all."""
        return self.documented + self.missing

    @cached_property
    def size(self) -> int:
        """Return the number of its terms: those at minus infinity were chosen too."""
        return len(self.model.terms) + 1

    @property
    def bic(self) -> float:
        """Return Schwarz's criterion, people on at least one list being the sample."""
        return -2 * self.loglik + self.size * float(np.log(self.documented))

    @property
    def aicc(self) -> float:
        """Return Akaike's criterion for small samples (Hurvich and Tsai 1989, Biometrika 76:297-307)."""
        free = max(self.documented - self.size - 1, 1)
        return -2 * self.loglik + 2 * self.size + 2 * self.size * (self.size + 1) / free


def bits(counts: Floats) -> int:
    """Return which patterns somebody carries, as bits."""
    return sum(1 << int(c) for c in np.flatnonzero(counts))


def fits(counts: Floats, models: Sequence[Hierarchy]) -> tuple[list[Fitted], dict[Hierarchy, str]]:
    """Return the models of a table that could be fitted, in the order given, and why the others could not.

    Args:
        counts: People of each pattern (2^lists,); the first is 0.
        models: Models of its lists.
    """
    carried = bits(counts)
    grounds = [(model, ground(model, carried)) for model in models]
    fine = [(model, each) for model, each in grounds if each.fate == FINE]
    failed = {model: each.fate for model, each in grounds if each.fate != FINE}
    if not fine:
        return [], failed
    terms, cells = (np.array([getattr(each, name) for _, each in fine]) for name in ("terms", "cells"))
    found = fit(design(fine[0][0].lists), np.tile(counts, (len(fine), 1)), terms, cells)
    documented = int(counts.sum())
    errors, spreads = found.error, np.sqrt(found.variance)
    numbers = zip(
        found.missing.tolist(), errors.tolist(), spreads.tolist(), found.loglik.tolist(), strict=True
    )
    done = [
        Fitted(model, each, documented, *figures)
        for (model, each), figures, arrived in zip(fine, numbers, found.arrived, strict=True)
        if arrived
    ]
    failed |= {model: "did_not_settle" for k, (model, _) in enumerate(fine) if not found.arrived[k]}
    return done, failed


def weights(scores: Sequence[float]) -> Floats:
    """Return what models weigh by a criterion: e to the minus half of it, summing to 1."""
    each = np.exp(-(np.array(scores) - min(scores)) / 2)
    found: Floats = each / each.sum()
    return found


@dataclass(frozen=True)
class Steps:
    """What stepwise choice came to for each of some tables.

    Attributes:
        models: The models passed through, from independence on, the last being chosen (tables,).
        missing: People expected on no list (tables,); nan where even independence has no answer.
    """

    models: list[list[Hierarchy]]
    missing: Floats


def stepwise(counts: Floats, threshold: float = THRESHOLD) -> Steps:
    """Choose stepwise for each of some tables.

    Args:
        counts: People of each pattern (tables, 2^lists).
        threshold: Chance below which a pair is added.
    """
    tables, size = counts.shape
    lists = size.bit_length() - 1
    rows = design(lists)
    pairs = [1 << i | 1 << j for i, j in combinations(range(lists), 2)]
    shared = counts @ rows[:, pairs]
    carried = [bits(each) for each in counts]
    paths = [[Hierarchy.of(lists, [])] for _ in range(tables)]
    missing = np.full(tables, np.nan)
    going = [k for k in range(tables) if ground(paths[k][0], carried[k]).fate == FINE]
    while going:
        grounds = [ground(paths[k][-1], carried[k]) for k in going]
        terms, cells = (np.array([getattr(each, name) for each in grounds]) for name in ("terms", "cells"))
        found = fit(rows, counts[going], terms, cells)
        missing[going] = np.where(found.arrived, found.missing, np.nan)
        expected = np.einsum("bi,ij->bj", found.expected, rows[:, pairs])
        chances = np.minimum(poisson.cdf(shared[going], expected), poisson.sf(shared[going] - 1, expected))
        more = []
        for k, chance in zip(going, chances, strict=True):
            added = _next(paths[k][-1], carried[k], pairs, chance, threshold)
            if added is not None:
                paths[k].append(added)
                more.append(k)
        going = more
    return Steps(paths, missing)


def _next(
    model: Hierarchy, carried: int, pairs: Sequence[int], chances: Floats, threshold: float
) -> Hierarchy | None:
    """Return the model with the least likely pair that can be added, or None."""
    has = set(model.terms)
    for k in np.argsort(chances, kind="stable").tolist():
        if not chances[k] < threshold:
            return None
        if pairs[k] not in has:
            wider = Hierarchy.of(model.lists, [*has, pairs[k]])
            if ground(wider, carried).fate == FINE:
                return wider
    return None
