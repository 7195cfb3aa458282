"""Whether a graph could have made the table: its deviance beside those of tables that it makes itself.

A decomposable graph's best fit to a whole table is a product of the tables of its cliques over those of its
separators (Lauritzen 1996, Graphical Models, 4.4), so with the undocumented at what the graph says, tables
are drawn and fitted again at no cost. People on no list are drawn too and then left out of the deviance.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.random import Generator

from holdfire.counting.graphs.marginal import Floats
from holdfire.counting.loglinear.goodness import LEAST, TABLES, as_great, deviance

__all__ = ["LEAST", "chance_of"]


def chance_of(counts: Floats, missing: float, graph: Any, chance: Generator) -> float:
    """Return how likely a graph makes a table that it fits as badly.

    Args:
        counts: People of each pattern (2^lists,); the first is 0.
        missing: How many the graph says are on no list.
        graph: A row of `chordal`.
        chance: Where tables are drawn from.
    """
    whole = counts.copy()
    whole[0] = max(1.0, round(missing))
    expected = _fitted(whole[None], graph)
    drawn = chance.multinomial(int(whole.sum()), expected[0] / expected[0].sum(), size=TABLES).astype(
        np.float64
    )
    seen = deviance(whole[None, 1:], expected[:, 1:])[0]
    return as_great(float(seen), deviance(drawn[:, 1:], _fitted(drawn, graph)[:, 1:]))


def _fitted(tables: Floats, graph: Any) -> Floats:
    """Return the graph's fit to whole tables (tables, 2^lists)."""
    row = graph.tocoo()
    patterns = np.arange(tables.shape[1])
    # Signs sum to 0, as each step of `chordal` multiplies and divides once: what is left is a share.
    log = np.repeat(np.log(tables.sum(axis=1, keepdims=True)), len(patterns), axis=1)
    empty = np.zeros(tables.shape, bool)
    for subset, sign in zip(row.coords[-1].tolist(), row.data.tolist(), strict=True):
        same = (patterns[:, None] & subset) == (patterns[None, :] & subset)
        sums = np.einsum("tc,cd->td", tables, same.astype(np.float64))
        empty |= (sums == 0) & (sign > 0)
        log += sign * np.log(np.maximum(sums, 1.0))
    return np.where(empty, 0.0, np.exp(log))
