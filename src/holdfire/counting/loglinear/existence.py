"""Whether a log-linear model has an answer for a table, and only one: asked before it is fitted.

Three steps (Fienberg and Rinaldo 2012, Annals of Statistics 40:996-1023; Chan, Silverman and Vincent 2021,
JASA 116:1297-1306):

* a term whose lists share nobody is minus infinity at best: the patterns that hold it are expected to be
  empty, and both fall out (the extended maximum-likelihood estimate);
* a maximum exists where some table with no empty pattern among the rest has the same totals: a linear
  programme;
* it is the only one, and tells the undocumented, where the columns of the rest are independent: a rank.

All of it depends only on which patterns somebody carries, so tables of the same patterns are asked about
once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from scipy.optimize import linprog

from holdfire.counting.loglinear.models import Floats, Hierarchy, Mask, design

FINE = "fine"
NO_MAXIMUM = "no_maximum"
"""The likelihood rises without end: some expected number wants to be 0."""
NOT_IDENTIFIED = "not_identified"
"""Many answers fit equally well."""
LEAST = 1e-7
"""What counts as above 0 in the linear programme, whose numbers are of the order of 1."""


@dataclass(frozen=True)
class Ground:
    """What of a model can be fitted to a table.

    Attributes:
        fate: `fine`, `no_maximum` or `not_identified`.
        terms: The terms that stay, as a mask over all subsets of the lists, the constant among them.
        cells: The patterns that stay, as a mask over all patterns; that of nobody never does.
        gone: Terms that are minus infinity.
    """

    fate: str
    terms: Mask
    cells: Mask
    gone: tuple[int, ...]


def ground(model: Hierarchy, carried: int) -> Ground:
    """Return what of a model can be fitted.

    Args:
        model: The model.
        carried: Which patterns somebody carries: bit c is pattern c.
    """
    gone = tuple(t for t in model.terms if not carried & _above(model.lists, t))
    rest = _rest(model, gone)
    if not rest.independent:
        return Ground(NOT_IDENTIFIED, rest.terms, rest.cells, gone)
    return Ground(FINE if rest.has_maximum(carried) else NO_MAXIMUM, rest.terms, rest.cells, gone)


@cache
def _above(lists: int, term: int) -> int:
    """Return the patterns that hold a term, as bits."""
    return sum(1 << c for c in range(1 << lists) if c & term == term)


class _Rest:
    """What is left of a model without some terms, and the tables for which it is known to have a maximum.

    More patterns that somebody carries only help, so one table that has a maximum speaks for all tables that
    have somebody wherever it has; and the other way round.
    """

    def __init__(self, model: Hierarchy, gone: tuple[int, ...]) -> None:
        size = 1 << model.lists
        self.cells = np.array([c > 0 and not any(c & t == t for t in gone) for c in range(size)])
        self.terms = np.zeros(size, bool)
        self.terms[[0, *(t for t in model.terms if t not in gone)]] = True
        self.places = np.flatnonzero(self.cells)
        self.rows = design(model.lists)[np.ix_(self.cells, self.terms)]
        self.all = sum(1 << int(c) for c in self.places)
        self.independent = bool(np.linalg.matrix_rank(self.rows) == self.rows.shape[1])
        self.good: list[int] = [self.all]
        self.bad: list[int] = []

    def has_maximum(self, carried: int) -> bool:
        """Return whether there is a maximum where somebody carries these patterns."""
        carried &= self.all
        if any(known & ~carried == 0 for known in self.good):
            return True
        if any(carried & ~known == 0 for known in self.bad):
            return False
        found = _inside(self.rows, np.array([bool(carried >> int(c) & 1) for c in self.places]))
        (self.good if found else self.bad).append(carried)
        return found


@lru_cache(maxsize=1 << 14)
def _rest(model: Hierarchy, gone: tuple[int, ...]) -> _Rest:
    return _Rest(model, gone)


def _inside(rows: Floats, there: Mask) -> bool:
    """Return whether some table without empty patterns has the totals of one person in each carried pattern.

    The totals lie within the model's cone, not on its border, and where they lie depends only on who is
    there.
    """
    patterns = len(rows)
    totals = rows.T @ there
    same = np.hstack([rows.T, np.zeros((rows.shape[1], 1))])
    least = np.hstack([-np.eye(patterns), np.ones((patterns, 1))])
    cost = np.zeros(patterns + 1)
    cost[-1] = -1
    found = linprog(
        cost, A_ub=least, b_ub=np.zeros(patterns), A_eq=same, b_eq=totals,
        bounds=[(0, None)] * patterns + [(0, 1)], method="highs",
    )  # fmt: skip
    return bool(found.status == 0 and -found.fun > LEAST)
