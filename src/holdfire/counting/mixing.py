"""Draws of one number under several imputations, linkages and models become one law, with whence its width.

Five rules hold, and tests/properties/test_mixing.py tries to break each:

* every combination counts alike, however many draws it has;
* ends of intervals are never averaged: the interval is that of all draws together;
* the shares of the variance are of 1, and none is below 0;
* the order and the names of imputations, linkages and models change nothing;
* where linkages change nothing, their share is what chance alone gives.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from holdfire.counting.estimate import LEVEL, Draws, Reason
from holdfire.counting.refusing import RANGE
from holdfire.errors import BadInput


class Under(NamedTuple):
    """What draws of a number rest on.

    Attributes:
        imputation: Which imputation of what was missing.
        linkage: Which linkage of the lists.
        model: Which model.
    """

    imputation: int
    linkage: int
    model: str


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of the variance of a mixture, of 1 together: the law of total variance over a crossed design.

    Attributes:
        within: Of what a model leaves open, linkage and imputation given.
        imputations: Of what imputations make, averaged over linkages and models.
        linkages: Of what linkages make, averaged over imputations and models.
        models: Of what models make, averaged over imputations and linkages.
        together: The rest: what they make only in combination, such as a linkage that moves one model and
            leaves another.
    """

    within: float
    imputations: float
    linkages: float
    models: float
    together: float


@dataclass(frozen=True)
class Mixture:
    """One number under all that it may rest on.

    Attributes:
        middle: Median of the mixture.
        low: Lower end of its interval.
        high: Upper end.
        level: Share that the interval holds.
        shares: Whence the variance.
        by_imputation: Median and ends of the mixture over the rest, for each imputation.
        by_linkage: The same for each linkage.
        by_model: The same for each model.
    """

    middle: float
    low: float
    high: float
    level: float
    shares: Shares
    by_imputation: Mapping[int, tuple[float, float, float]]
    by_linkage: Mapping[int, tuple[float, float, float]]
    by_model: Mapping[str, tuple[float, float, float]]

    @property
    def refused(self) -> tuple[Reason, ...]:
        """Return why the number may not be used: linkages move it far more than models do.

        What is compared is greatest over least median, of linkages and of models.
        """
        linkages, models = _times(self.by_linkage), _times(self.by_model)
        if linkages <= RANGE * models:
            return ()
        medians = [each[0] for each in self.by_linkage.values()]
        facts = {"least": min(medians), "most": max(medians), "linkages": linkages, "models": models}
        return (Reason("linkage_first", {**facts, "times": RANGE}),)


def mix(draws: Mapping[Under, Draws], level: float = LEVEL) -> Mixture:
    """Return the equal mixture of the draws of every combination.

    Args:
        draws: Draws of the number under each imputation, linkage and model; of any shape and length.
        level: Share that the interval is to hold.

    Raises:
        BadInput: There are none, a combination is missing, or one has no draws.

    References:
        Draws of each completed data set are mixed: Zhou and Reiter 2010, The American Statistician 64(2).
        Draws of each linkage likewise: Sadinle 2018, Annals of Applied Statistics 12(2).
    """
    given = {under: np.ravel(each).astype(np.float64) for under, each in draws.items()}
    sides = [
        sorted({under[side] for under in given}, key=lambda each: (str(type(each)), each))
        for side in range(3)
    ]
    wanted = [Under(*each) for each in product(*sides)]  # type: ignore[arg-type]
    missing = [under for under in wanted if not given.get(under, np.empty(0)).size]
    if missing or not given:
        which = f": {missing[0].imputation}, {missing[0].linkage}, {missing[0].model}" if missing else ""
        raise BadInput(
            f"{len(missing) or 'all'} combinations of imputation, linkage and model have no draws{which}",
            hint="leave out what could not be estimated throughout, and say so",
        )
    shape = tuple(len(side) for side in sides)
    means = np.array([given[under].mean() for under in wanted]).reshape(shape)
    spreads = np.array([given[under].var() for under in wanted]).reshape(shape)
    middle, low, high = _ends(list(given.values()), level)
    by = [
        {
            value: _ends([each for under, each in given.items() if under[side] == value], level)
            for value in sides[side]
        }
        for side in range(3)
    ]
    return Mixture(middle, low, high, level, _shares(means, spreads), *by)  # type: ignore[arg-type]


def _shares(means: npt.NDArray[np.float64], spreads: npt.NDArray[np.float64]) -> Shares:
    """Return shares of the variance of an equal mixture, given mean and variance of each combination."""
    within, between = float(spreads.mean()), float(means.var())
    alone = [float(means.mean(axis=tuple({0, 1, 2} - {side})).var()) for side in range(3)]
    whole = within + between
    # As far as floats can tell, all draws are one number.
    if whole <= 1e-18 * float(np.square(means).mean()):
        return Shares(1.0, 0.0, 0.0, 0.0, 0.0)
    first, imputations, linkages, models = (each / whole for each in (within, *alone))
    together = max(0.0, 1.0 - first - imputations - linkages - models)
    return Shares(first, imputations, linkages, models, together)


def _ends(cells: list[npt.NDArray[np.float64]], level: float) -> tuple[float, float, float]:
    """Return median and ends of the mixture in which each cell has the same weight."""
    draws = np.concatenate(cells)
    weights = np.concatenate([np.full(len(each), 1 / len(each) / len(cells)) for each in cells])
    order = np.lexsort((weights, draws))
    draws, weights = draws[order], weights[order]
    # Each draw stands in the middle of its own weight, so that as many lie below a median as above it.
    at = np.cumsum(weights) - weights / 2
    low, middle, high = np.interp([(1 - level) / 2, 0.5, (1 + level) / 2], at, draws)
    return float(middle), float(low), float(high)


def _times(
    ends: Mapping[int, tuple[float, float, float]] | Mapping[str, tuple[float, float, float]],
) -> float:
    medians = [each[0] for each in ends.values()]
    return max(medians) / min(medians) if min(medians) > 0 else 1.0
