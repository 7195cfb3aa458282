"""How many are undocumented, averaged over graphs.

Looks at fewer and fewer graphs, closer and closer, until what is left is all that has any weight: a graph
whose highest point is e^-60 below the highest falls out. Numbers are thought of as far as there is weight, at
most a million undocumented for each documented. tests/unit/test_graphs.py holds the outcome against every
graph at every whole number: the ends of intervals are the same people.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from holdfire.counting.graphs.law import FAR, Law, Nodes
from holdfire.counting.graphs.marginal import Floats, Terms

LOOK = 96
"""Nodes of one look for where the weight lies."""
BELOW = 60.0
"""What is e^-60 below the highest point has no weight in double precision, however wide or many."""
ROWS = 1 << 13
"""Graphs worked out in one go."""

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Posterior:
    """Probabilities of the number undocumented.

    Attributes:
        law: Probability of each whole number.
        nodes: Where curves were worked out.
        graphs: Rows of `chordal` that have any weight, greatest first.
        weights: Their probabilities (graphs,).
        complete: Probability that the complete graph has, or would have had it been let in.
    """

    law: Law
    nodes: Nodes
    graphs: Numbers
    weights: Floats
    complete: float


def average(terms: Terms, graphs: Any, *, complete: bool = False) -> Posterior:
    """Return the average over graphs, each as likely as any other before the table is seen.

    Args:
        terms: The table's.
        graphs: All rows of `chordal`; the last is the complete graph.
        complete: Whether the complete graph is let in. Nothing in a table speaks for or against its number of
            undocumented people.
    """
    among = np.arange(graphs.shape[0] - (0 if complete else 1))
    low, high, among = _around(terms, graphs, among)
    nodes = Nodes.of(low, high, terms.documented)
    mixed = np.full(len(nodes.numbers), -np.inf)
    heights = np.empty(len(among))
    for rows in _chunks(len(among)):
        curves = terms.curves(graphs[among[rows]], nodes.numbers)
        tops = curves.max(axis=0)
        curves -= tops
        np.exp(curves, out=curves)
        mixed = np.logaddexp(mixed, tops + np.log(curves.sum(axis=0)))
        top = tops.max()
        with np.errstate(divide="ignore"):  # weights below e^-745 are 0
            heights[rows] = top + np.log(np.einsum("ij,j->i", curves, nodes.widths * np.exp(tops - top)))
    weights = np.exp(heights - heights.max())
    order = np.argsort(-weights, kind="stable")
    law = Law.of(nodes, mixed)
    alone = float(np.exp(np.clip(terms.complete() - law.sum, -700, 700)))
    share = min(1.0, alone) if complete else alone / (1 + alone)
    return Posterior(law, nodes, among[order], weights[order] / weights.sum(), share)


def alone(terms: Terms, graphs: Any, nodes: Nodes) -> list[Law]:
    """Return what each of some graphs says by itself.

    Args:
        terms: The table's.
        graphs: Rows of `chordal` that have weight in an average.
        nodes: Where that average was worked out: all that has weight in it lies there.
    """
    return [Law.of(nodes, curve) for curve in terms.curves(graphs, nodes.numbers)]


def _around(terms: Terms, graphs: Any, among: Numbers) -> tuple[float, float, Numbers]:
    """Return the ends of a stretch of the scale that has all the weight, and the graphs that have any."""
    n = terms.documented
    low, high = 0.0, float(np.arcsinh(np.sqrt(FAR)))
    while True:
        t = np.linspace(low, high, LOOK)
        step = t[1] - t[0]
        top, peak, held = _look(terms, graphs[among], np.sinh(t) ** 2 * n)
        # The parabola through three nodes misses what the third power adds.
        least = top.max() - BELOW - n * step**3
        among, peak = among[top >= least], peak[top >= least]
        inside = np.flatnonzero(held >= least)
        first = max(0, min(inside.min(initial=LOOK), peak.min()) - 1)
        last = min(LOOK - 1, max(inside.max(initial=0), peak.max()) + 1)
        shrunk = last - first <= LOOK // 2
        low, high = float(t[first]), float(t[last])
        if not shrunk or step * np.sqrt(n) < 1:
            return low, high, among


def _look(terms: Terms, graphs: Any, numbers: Floats) -> tuple[Floats, Numbers, Floats]:
    """Return each graph's highest point, the node nearest it, and the highest of all graphs at each node."""
    tops, peaks, held = [], [], np.full(len(numbers), -np.inf)
    for rows in _chunks(graphs.shape[0]):
        curves = terms.curves(graphs[rows], numbers)
        peak = curves.argmax(axis=1)
        middle = np.clip(peak, 1, len(numbers) - 2)
        each = np.arange(len(peak))
        before, at, after = (curves[each, middle + k] for k in (-1, 0, 1))
        bend = np.maximum(2 * at - before - after, 1e-300)
        rise = np.where((peak == middle) & (bend > 1e-9), (after - before) ** 2 / (8 * bend), 0)
        tops.append(curves[each, peak] + rise)
        peaks.append(peak)
        np.maximum(held, curves.max(axis=0), out=held)
    return np.concatenate(tops), np.concatenate(peaks), held


def _chunks(count: int) -> Iterator[slice]:
    for at in range(0, count, ROWS):
        yield slice(at, min(count, at + ROWS))
