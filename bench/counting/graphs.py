"""Averages over decomposable graphs beside figures of dga 2.0.2, which were recorded and are not run here.

dga was given numbers undocumented from 1 to 30 times the documented in some 20,000 steps, delta 2^-lists, and
lets the complete graph in. The first line of each table is the same sum on the same numbers; the second is
our answer, which leaves that graph out and neither skips numbers nor stops at 30 times. Then what it takes.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bench.counting.shared import overlaps
from bench.figures import Figure
from holdfire.counting.graphs import DecomposableGraphs
from holdfire.counting.graphs.chordal import chordal
from holdfire.counting.graphs.marginal import Terms
from holdfire.counting.overlaps import Overlaps

RECORDED = {
    "kosovo_1999_4lists": (12597, 9825, 16545),
    "uk_slavery_2013_4lists": (11363, 9536, 13550),
    "uk_slavery_2013_5lists": (22989, 10389, 33509),
    "netherlands_trafficking_5lists": (50379, 41667, 203391),
    "new_orleans_5lists": (869, 511, 1762),
    "western_us_5lists": (2133, 1343, 3871),
    "australia_slavery_4lists": (2253, 1189, 7309),
}
"""Median and ends of 95 % by dga 2.0.2."""
RUNS = 9


def measure(shared: Path) -> Iterator[Figure]:
    """Yield figures of each table, then what it takes."""
    for name, recorded in RECORDED.items():
        table = overlaps(shared, name)
        middle, low, high = _as_given(table)
        reach = "{:,} ({:,} to {:,})".format(*recorded)
        note = "to the unit" if (middle, low, high) == recorded else "differs"
        yield Figure(
            f"{name}: dga's numbers", middle, low, high, table.documented, f"{reach}, recorded", note
        )
        found = DecomposableGraphs().estimate(table, 1)
        beside = ", ".join(f"{each.total:,.0f}" for each in found.models if each.facts["kind"] == "delta")
        yield Figure(
            f"{name}: ours", found.middle, found.low, found.high, table.documented, "", f"by delta: {beside}"
        )
    for name in ("kosovo_1999_4lists", "uk_slavery_2013_5lists"):
        yield _took(name, overlaps(shared, name), "50 ms")
    yield _took("uk_slavery_2013_6lists", overlaps(shared, "uk_slavery_2013_6lists"), "")
    philippines = overlaps(shared, "philippines_manila_police").keep(range(7)).usable()
    yield _took("philippines_manila_police, 7 lists", philippines, "", runs=1)


def _as_given(table: Overlaps) -> tuple[int, ...]:
    """Return median and ends by summing over the numbers that dga was given, complete graph let in."""
    lists, top = len(table.lists), 30 * table.documented
    numbers = np.arange(1, top + 1, max(1, top // 20000))
    curves = Terms.of(table, 2.0**-lists).curves(chordal(lists), numbers.astype(float))
    sums = np.cumsum(np.exp(curves - curves.max()).sum(axis=0))
    return tuple(
        int(table.documented + numbers[np.searchsorted(sums, q * sums[-1])]) for q in (0.5, 0.025, 0.975)
    )


def _took(name: str, table: Overlaps, reach: str, runs: int = RUNS) -> Figure:
    """Return the least processor time of a few runs, three deltas and ten graphs with their intervals."""
    estimator = DecomposableGraphs()
    chordal(len(table.lists))
    took = []
    for _ in range(runs):
        before = time.process_time()
        estimator.estimate(table, 1)
        took.append(time.process_time() - before)
    graphs = chordal(len(table.lists)).shape[0]
    return Figure(
        f"{name}: CPU ms", 1000 * min(took), count=graphs, reach=reach, note=f"{graphs:,} graphs, 3 deltas"
    )
