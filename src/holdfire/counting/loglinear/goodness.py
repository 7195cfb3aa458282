"""Whether a fitted model could have made the table: its deviance beside those of tables that it makes itself.

Counts are small, so the deviance is not held against the chi-square but against tables drawn from the fitted
model and fitted again (Cormack and Jupp 1991, Biometrika 78:911-916, condition on those documented, as here).
A model that does not fit those on some list has nothing to say of those on none; one that fits may still be
wrong.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from scipy.special import xlogy

from holdfire.counting.loglinear.fitting import fit
from holdfire.counting.loglinear.models import Floats, design
from holdfire.counting.loglinear.selecting import Fitted

TABLES = 200
"""Tables drawn."""
LEAST = 0.01
"""Chance of a deviance as great below which a model does not fit."""


def chance_of(counts: Floats, fitted: Fitted, chance: Generator) -> float:
    """Return how likely the model makes a table that it fits as badly.

    Args:
        counts: People of each pattern (2^lists,); the first is 0.
        fitted: The model, fitted to it.
        chance: Where tables are drawn from.
    """
    rows, ground = design(fitted.model.lists), fitted.ground
    one = fit(rows, counts[None], ground.terms[None], ground.cells[None]).expected
    shares = one[0] / one[0].sum()
    drawn = chance.multinomial(int(counts.sum()), shares, size=TABLES).astype(np.float64)
    terms, cells = np.tile(ground.terms, (TABLES, 1)), np.tile(ground.cells, (TABLES, 1))
    again = fit(rows, drawn, terms, cells).expected
    # A drawn table on the border of the model is fitted with numbers near 0, and as closely as can be.
    return as_great(float(deviance(counts[None], one)[0]), deviance(drawn, again))


def deviance(counts: Floats, expected: Floats) -> Floats:
    """Return the deviance of each table from what is expected (tables,)."""
    held = np.maximum(expected, 1e-300)
    found: Floats = 2 * (xlogy(counts, counts) - xlogy(counts, held) - counts + expected).sum(axis=1)
    return found


def as_great(seen: float, drawn: Floats) -> float:
    """Return the share of figures at least as great as one, itself among them."""
    return float((1 + (drawn >= seen - 1e-9).sum()) / (1 + len(drawn)))
