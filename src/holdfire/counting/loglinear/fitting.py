"""Fit many Poisson log-linear models at once, each to its own table.

Iteratively reweighted least squares (McCullagh and Nelder 1989, chapter 2), a batch at a time. Nothing here
asks whether there is a maximum: `existence` has. Sums are taken in one order by one thread, so the same batch
gives the same bytes whatever the machine has to spare.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, xlogy

from holdfire.counting.loglinear.models import Floats, Mask

ROUNDS = 60
CLOSE = 1e-11
"""Relative change of the deviance at which a fit has arrived."""
BATCH = 4096


@dataclass(frozen=True)
class Fits:
    """What came of each fit.

    Attributes:
        coefficients: Of each term, 0 where a model has it not (fits, terms).
        expected: People expected to carry each pattern (fits, patterns).
        loglik: Poisson log-likelihood (fits,).
        variance: Of the constant (fits,).
        arrived: Whether it came to rest (fits,).
    """

    coefficients: Floats
    expected: Floats
    loglik: Floats
    variance: Floats
    arrived: Mask

    @property
    def missing(self) -> Floats:
        """Return how many people are expected on no list (fits,)."""
        found: Floats = np.exp(self.coefficients[:, 0])
        return found

    @property
    def error(self) -> Floats:
        """Return the standard error of the number in all (fits,): of the constant, and of who turns up."""
        found: Floats = np.sqrt(self.missing + self.missing**2 * self.variance)
        return found


def fit(rows: Floats, counts: Floats, terms: Mask, cells: Mask) -> Fits:
    """Return the maximum-likelihood fits.

    Args:
        rows: Which term is part of which pattern (patterns, terms); the first term is the constant.
        counts: People of each pattern (fits, patterns).
        terms: Which terms each model has (fits, terms).
        cells: Which patterns each fit looks at (fits, patterns).
    """
    used = np.flatnonzero(terms.any(axis=0))
    cuts = [slice(at, at + BATCH) for at in range(0, max(len(counts), 1), BATCH)]
    parts = [_fit(rows[:, used], counts[cut], terms[cut][:, used], cells[cut]) for cut in cuts]
    some, expected, loglik, variance, arrived = (np.concatenate(each) for each in zip(*parts, strict=True))
    coefficients = np.zeros((len(counts), rows.shape[1]))
    coefficients[:, used] = some
    return Fits(coefficients, expected, loglik, variance, arrived.astype(bool))


def _fit(rows: Floats, counts: Floats, terms: Mask, cells: Mask) -> tuple[Floats, ...]:
    products = (rows[:, :, None] * rows[:, None, :]).reshape(len(rows), -1)
    width = rows.shape[1]
    idle = np.eye(width)[None] * ~terms[:, None, :]  # a term that is not there is held at 0
    both = terms[:, :, None] & terms[:, None, :]
    counts = np.where(cells, counts, 0.0)
    expected = np.where(cells, counts + 0.5, 0.0)
    log = np.log(np.where(cells, expected, 1.0))
    coefficients = np.zeros((len(counts), width))
    spread = np.empty((len(counts), width, width))
    deviance = np.full(len(counts), np.inf)
    resting = np.zeros(len(counts), bool)
    for _ in range(ROUNDS):
        going = np.flatnonzero(~resting)
        if not len(going):
            break
        weight = expected[going]
        work = weight * log[going] + counts[going] - weight
        square = np.einsum("bi,ij->bj", weight, products).reshape(-1, width, width)
        square = np.where(both[going], square, idle[going])
        right = np.where(terms[going], np.einsum("bi,ij->bj", work, rows), 0.0)
        inverse = _inverse(square)
        spread[going] = inverse
        coefficients[going] = np.einsum("bij,bj->bi", inverse, right)
        log[going] = np.clip(np.einsum("bj,ij->bi", coefficients[going], rows), -300, 300)
        expected[going] = np.where(cells[going], np.exp(log[going]), 0.0)
        now = 2 * (xlogy(counts[going], counts[going]) - counts[going] * log[going]).sum(axis=1)
        now += 2 * (expected[going] - counts[going]).sum(axis=1)
        resting[going] = np.abs(now - deviance[going]) <= CLOSE * (np.abs(now) + 1)
        deviance[going] = now
    full = (xlogy(counts, counts) - counts - gammaln(counts + 1)).sum(axis=1)
    return coefficients, expected, full - deviance / 2, spread[:, 0, 0], resting


def _inverse(square: Floats) -> Floats:
    """Return the inverse of each matrix; of one that rounding has made singular, its pseudo-inverse."""
    try:
        return np.asarray(np.linalg.inv(square), np.float64)
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.pinv(square, hermitian=True), np.float64)
