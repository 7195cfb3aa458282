"""The estimator: the average over decomposable graphs, and what it would be with more prior people.

Three rules hold, and tests/properties/test_graphs.py tries to break each: the order of lists changes nothing;
the ends of the interval are whole people, at least those documented; a wider level is wider. Nothing is
sampled but `draws`. More prior people are always shown beside the answer, since it moves with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.random import default_rng

from holdfire.counting.estimate import LEVEL, Check, Estimate, Model, Reason, Value
from holdfire.counting.graphs.chordal import MOST_LISTS, chordal, cliques, named
from holdfire.counting.graphs.goodness import LEAST, chance_of
from holdfire.counting.graphs.law import FAR, Law
from holdfire.counting.graphs.marginal import Terms
from holdfire.counting.graphs.posterior import Posterior, alone, average
from holdfire.counting.overlaps import Overlaps
from holdfire.counting.refusing import of_draws, taken
from holdfire.errors import BadInput

TIMES = (1, 2, 4)
"""The prior weight asked for, and the multiples of it that are always shown."""
EDGE = 1e-4
"""Most probability near the end of what is thought of: more than 250,000 undocumented for each documented."""
COMPLETE = 0.05
"""Most probability that the graph that says nothing of the undocumented may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecomposableGraphs:
    """Average over all decomposable graphs of 3 to 7 lists, exactly.

    Attributes:
        delta: Prior people in each cell of the table, above 0; None: 2^-lists, one person in all.
        complete: Whether the graph in which every list depends on every other has a vote. It says nothing of
            people on no list, so what it answers is the prior: left out, with the weight it would have.
        draws: How many draws of the number in all, to be pooled with others.
        shown: How many graphs to show, greatest weight first.
        level: Share that the interval is to hold.

    Assumes:
        The population is closed, records are linked rightly, and everyone of the population has the same
        chances of being on each list, dependent as a decomposable graph says.

    References:
        Madigan and York 1997, Biometrika 84:19-31. Johndrow, Lum and Ball 2015: dga, an R package for 3 to 5
        lists, which lets the complete graph in.

    Examples:
        >>> counts = dict(enumerate([27, 37, 19, 4, 4, 1, 1, 97, 22, 37, 25, 2, 1, 3, 5], 1))
        >>> found = DecomposableGraphs().estimate(Overlaps.of("ABCD", counts), 1)
        >>> found.documented, found.low <= found.middle <= found.high
        (285, True)
    """

    delta: float | None = None
    complete: bool = False
    draws: int = 4000
    shown: int = 10
    level: float = LEVEL
    name: str = "decomposable_graphs"
    least_lists: int = 3
    most_lists: int = MOST_LISTS

    def estimate(self, overlaps: Overlaps, seed: int) -> Estimate:
        """Return the estimate of one table; only its draws depend on the seed.

        Raises:
            BadInput: The table has fewer or more lists than are enumerated, or delta is not above 0.
        """
        overlaps = taken(overlaps, self)
        lists = len(overlaps.lists)
        delta = 2.0**-lists if self.delta is None else self.delta
        if not 0 < delta < np.inf:
            raise BadInput(f"delta is {delta}; it is a number of prior people, above 0")
        graphs = chordal(lists)
        each = [average(Terms.of(overlaps, delta * k), graphs, complete=self.complete) for k in TIMES]
        found, n = each[0], overlaps.documented
        low, middle, high = self._ends(found.law)
        edge = found.law.beyond(FAR / 4 * n)
        terms, shown = Terms.of(overlaps, delta), found.graphs[: max(self.shown, 1)]
        laws = alone(terms, graphs[shown], found.nodes)
        missing = float(laws[0].quantile(np.array([0.5]))[0])
        cube = overlaps.cube().astype(np.float64)
        fits = chance_of(cube, missing, graphs[shown[:1]], default_rng([seed, 1]))
        drawn = n + found.law.draw(self.draws, default_rng(seed))[None, :]
        estimate = Estimate(
            self.name, n, middle, low, high, self.level, drawn,
            (*self._graphs(overlaps.lists, graphs, found, laws), *self._deltas(each, delta)),
            (
                Check("predictive", fits, LEAST, fits >= LEAST),
                Check("grid_edge", edge, EDGE, edge < EDGE),
                Check("complete_graph", found.complete, COMPLETE, found.complete <= COMPLETE),
            ),
            notes=(Reason("closed_population"), Reason("right_links"), Reason("same_chances")),
            settings={"delta": delta, "complete": int(self.complete), "draws": self.draws, "seed": seed},
        )  # fmt: skip
        return replace(estimate, refused=(*_refusals(estimate), *of_draws(estimate)))

    def _ends(self, law: Law) -> tuple[float, float, float]:
        """Return lower end, median and upper end of the number in all."""
        tail = (1 - self.level) / 2
        low, middle, high = law.documented + law.quantile(np.array([tail, 0.5, 1 - tail]))
        return float(low), float(middle), float(high)

    def _graphs(
        self, lists: Sequence[str], graphs: Any, found: Posterior, laws: list[Law]
    ) -> Iterator[Model]:
        """Yield the graphs of the greatest weight."""
        for k, law in enumerate(laws[: self.shown]):
            low, middle, high = self._ends(law)
            name = named(cliques(graphs[[found.graphs[k]]]), lists)
            yield Model(name, middle, low, high, float(found.weights[k]), {"kind": "graph"})

    def _deltas(self, each: list[Posterior], delta: float) -> Iterator[Model]:
        """Yield what would be said with other numbers of prior people."""
        for times, found in zip(TIMES, each, strict=True):
            low, middle, high = self._ends(found.law)
            facts: dict[str, Value] = {
                "kind": "delta",
                "delta": delta * times,
                "complete_graph": found.complete,
            }
            yield Model(f"delta {delta * times:g}", middle, low, high, None, facts)


def _refusals(estimate: Estimate) -> Iterator[Reason]:
    """Yield why the number must not be used, by its own checks."""
    for check in estimate.checks:
        if not check.passed and check.name != "predictive":  # of_draws tells that one
            yield Reason(check.name, {"share": check.value, "limit": check.limit})
