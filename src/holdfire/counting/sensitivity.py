"""How far an answer rests on what no table can say, and on each list.

Whatever model is fitted to the people on some list, those on none may be any multiple of what it says: a term
of all lists together changes their number alone, and no list saw it (Aleshin-Guendel, Sadinle and Wakefield
2024, Biometrics 80: "The central role of the identifying assumption in population size estimation"). So every
answer is shown times e^xi over a stated range, with the xi at which another figure would be right. What lists
do say can be asked of them: without each in turn, the answer should stay; and the people of each are a
population of known size, which the others should find (Whitehead et al. 2019; Binette and Steorts 2022,
JRSS A 185).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log
from typing import Any

import numpy as np
from numpy.random import SeedSequence, default_rng

from holdfire.counting.estimate import LEVEL, Estimate, Estimator, Model, Reason, interval
from holdfire.counting.overlaps import Overlaps
from holdfire.counting.refusing import of_draws, taken
from holdfire.errors import BadInput

XIS = (-log(4), -log(2), -log(1.5), 0.0, log(1.5), log(2), log(4))
"""Logarithms of the factors shown: from a fourth of the undocumented to four times as many."""
PRIOR = 0.5
"""Prior people of each pattern: Jeffreys'."""
MOST = 1e15
"""Most undocumented that can be drawn."""


def multiplied(estimate: Estimate, xis: Sequence[float] = XIS) -> tuple[Model, ...]:
    """Return an answer with its undocumented times e^xi.

    Any model without a term of all lists fits the people on some list exactly as well with one. With J lists
    a term of size t makes the undocumented e^((-1)^J t) times as many.

    Args:
        estimate: The answer at xi = 0.
        xis: Logarithms of the factors.
    """
    return tuple(_times(estimate, xi) for xi in xis)


def _times(estimate: Estimate, xi: float) -> Model:
    n, factor = estimate.documented, float(np.exp(xi))
    total, low, high = (n + (end - n) * factor for end in (estimate.middle, estimate.low, estimate.high))
    return Model(f"undocumented × {factor:.3g}", total, low, high, facts={"kind": "xi", "xi": float(xi)})


def tipping(estimate: Estimate, total: float) -> float:
    """Return the xi at which an answer would be this number in all.

    >>> answer = Estimate("any", 100, 300.0, 200.0, 500.0)
    >>> round(tipping(answer, 500.0), 3), round(tipping(answer, 200.0), 3)
    (0.693, -0.693)

    Raises:
        BadInput: The number is not above the documented, or the answer has nobody undocumented.
    """
    n = estimate.documented
    if not total > n or not estimate.middle > n:
        raise BadInput(
            f"{total:,.0f} in all and {estimate.middle:,.0f} estimated; {n:,} are documented",
            hint="ask for a number above the documented",
        )
    return log((total - n) / (estimate.middle - n))


@dataclass(frozen=True, slots=True, kw_only=True)
class HighestInteraction:
    """Estimate from the one assumption that needs no model of the lists: the size of the term of all of them.

    Attributes:
        xi: Logarithm of what that term multiplies the undocumented by; 0: there is no such term.
        xis: Logarithms of the factors shown beside the answer.
        draws: Draws of the number in all.
        level: Share that the interval is to hold.

    Assumes: The population is closed, records are linked rightly, and xi is as given, which no table can say.
    Shares of patterns have a Dirichlet prior of half a person each, so a pattern that nobody carries makes
    the answer uncertain, not impossible.

    References:
        Aleshin-Guendel, Sadinle and Wakefield 2024, Biometrics 80. Fienberg 1972, Biometrika 59:591-603.

    Examples:
        >>> gaza = Overlaps.of("ABC", {1: 19048, 2: 5104, 3: 1929, 4: 1469, 5: 1173, 6: 351, 7: 197})
        >>> round(HighestInteraction().plugin(gaza))
        64696
    """

    xi: float = 0.0
    xis: tuple[float, ...] = XIS
    draws: int = 4000
    level: float = LEVEL
    name: str = "highest_interaction"
    least_lists: int = 3
    most_lists: int = 6

    def plugin(self, overlaps: Overlaps) -> float:
        """Return the number in all that counts alone give; infinite or nan where a pattern is not carried."""
        counts = overlaps.cube()[1:].astype(np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            return float(overlaps.documented + np.exp(self.xi + _signs(overlaps) @ np.log(counts)))

    def estimate(self, overlaps: Overlaps, seed: int) -> Estimate:
        """Return the estimate of one table.

        Raises:
            BadInput: The table has fewer than 3 or more than 6 lists.
        """
        table = taken(overlaps, self)
        n, chance = table.documented, default_rng(seed)
        weights = chance.gamma(table.cube()[1:] + PRIOR, size=(self.draws, (1 << len(table.lists)) - 1))
        # Of each pattern as a share of the documented, so the odds are those of being on no list.
        shares = weights / weights.sum(axis=1, keepdims=True)
        odds = np.exp(self.xi + np.einsum("dc,c->d", np.log(shares), _signs(table)))
        # With p(N) ∝ 1/N, those missed when n are seen are negative binomial: a Poisson of a gamma.
        missed = chance.poisson(np.minimum(odds * chance.gamma(n, size=self.draws), MOST))
        drawn = (n + missed)[None, :].astype(np.float64)
        middle, low, high = interval(drawn, self.level)
        found = Estimate(
            self.name, n, middle, low, high, self.level, drawn,
            notes=(Reason("closed_population"), Reason("right_links"), Reason("xi_given", {"xi": self.xi})),
            settings={"xi": self.xi, "draws": self.draws, "seed": seed},
        )  # fmt: skip
        return replace(found, models=multiplied(found, self.xis), refused=of_draws(found))


def of_three(**given: Any) -> HighestInteraction:
    """Return the estimator for exactly three lists, where it takes every dependence of two of them as it is.

    With more, most terms rest on cells with hardly anyone, and models that leave some out say more.
    """
    return HighestInteraction(most_lists=3, **given)


def _signs(overlaps: Overlaps) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return +1 for each pattern of an odd number of lists and -1 for the others, from pattern 1 on."""
    size = 1 << len(overlaps.lists)
    return np.array([1.0 if pattern.bit_count() % 2 else -1.0 for pattern in range(1, size)])


@dataclass(frozen=True)
class Without:
    """What is said without one list.

    Attributes:
        list: The list left out.
        estimate: What the others say of the whole population; None: they are too few for the estimator.
    """

    list: str
    estimate: Estimate | None


def without_each(estimator: Estimator, overlaps: Overlaps, seed: int) -> tuple[Without, ...]:
    """Return what an estimator says without each list in turn, all else the same.

    People on the list left out alone are undocumented then: all answers are of the same population.

    Args:
        estimator: Any.
        overlaps: Who was on which lists.
        seed: Each list has one of its own made from it.
    """
    lists = range(len(overlaps.lists))
    return tuple(
        Without(name, _tried(estimator, overlaps.keep([k for k in lists if k != j]), seed, name))
        for j, name in enumerate(overlaps.lists)
    )


@dataclass(frozen=True)
class Predicted:
    """The people of one list as a population whose size is known.

    Attributes: list: The list. known: People on it. found: Of them, people on another list as well. estimate:
    How many there are by the others; None: they are too few for the estimator, or none is found.
    """

    list: str
    known: int
    found: int
    estimate: Estimate | None

    @property
    def stands(self) -> bool:
        """Return whether there is an estimate and nothing speaks against it."""
        return self.estimate is not None and not self.estimate.refused

    @property
    def held(self) -> bool:
        """Return whether the interval holds the number known."""
        return self.estimate is not None and self.estimate.low <= self.known <= self.estimate.high


def predict_each(estimator: Estimator, overlaps: Overlaps, seed: int) -> tuple[Predicted, ...]:
    """Return, for the people of each list, how many there are by the other lists.

    An interval that does not hold the size of a list says that the lists, or the estimator, would not do for
    a population of which this was known. Holding them all proves nothing of those on no list.

    Args:
        estimator: Any.
        overlaps: Who was on which lists.
        seed: Each list has one of its own made from it.
    """
    return tuple(_predict(estimator, overlaps, j, seed) for j in range(len(overlaps.lists)))


def inside(overlaps: Overlaps, j: int) -> Overlaps | None:
    """Return who of the people of list `j` is on which other lists; None: nobody is on any."""
    on = overlaps.on[:, j]
    others = [k for k in range(len(overlaps.lists)) if k != j]
    rows, counts = overlaps.on[on][:, others], overlaps.counts[on]
    if not rows.any():
        return None
    return Overlaps.of_cells([overlaps.lists[k] for k in others], rows, counts)


def _predict(estimator: Estimator, overlaps: Overlaps, j: int, seed: int) -> Predicted:
    name, known, table = overlaps.lists[j], int(overlaps.sizes[j]), inside(overlaps, j)
    if table is None:
        return Predicted(name, known, 0, None)
    return Predicted(name, known, table.documented, _tried(estimator, table, seed, name))


def _tried(estimator: Estimator, table: Overlaps, seed: int, name: str) -> Estimate | None:
    """Return the estimate of a table without empty lists, or None where too few are left."""
    used = table.usable()
    if not estimator.least_lists <= len(used.lists) <= estimator.most_lists:
        return None
    own = SeedSequence([seed, *name.encode()]).generate_state(1)  # of the list's name, not of its place
    return estimator.estimate(used, int(own[0]))
