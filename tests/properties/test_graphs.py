"""What holds of the average over graphs for every table."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.counting.graphs import DecomposableGraphs
from holdfire.counting.overlaps import Overlaps


def on(counts: list[int], j: int) -> int:
    """How many people are on a list; an empty one would be left out."""
    return sum(n for pattern, n in enumerate(counts, 1) if pattern >> j & 1)


COUNTS = st.lists(st.integers(0, 400), min_size=15, max_size=15).filter(
    lambda counts: all(on(counts, j) for j in range(4))
)
QUICK = DecomposableGraphs(draws=0, shown=0)


def table(counts: list[int]) -> Overlaps:
    on = (np.arange(1, 16)[:, None] >> np.arange(4) & 1).astype(bool)
    return Overlaps.of_cells("ABCD", on, np.array(counts, np.int64))


@settings(max_examples=25)
@given(COUNTS, st.permutations(range(4)))
def test_the_order_of_lists_changes_nothing(counts: list[int], order: list[int]) -> None:
    one = QUICK.estimate(table(counts), 1)
    other = QUICK.estimate(table(counts).keep(order), 1)
    for a, b in zip((one.low, one.middle, one.high), (other.low, other.middle, other.high), strict=True):
        assert abs(a - b) <= 1 + 1e-9 * a  # sums in another order, so the last bit of a share may fall


@settings(max_examples=25)
@given(COUNTS)
def test_nobody_documented_is_lost_and_the_ends_are_in_order(counts: list[int]) -> None:
    found = QUICK.estimate(table(counts), 1)
    assert found.documented <= found.low <= found.middle <= found.high < np.inf
    assert found.low == int(found.low)


@settings(max_examples=15)
@given(COUNTS)
def test_a_wider_level_is_wider(counts: list[int]) -> None:
    half, most = (
        DecomposableGraphs(draws=0, shown=0, level=level).estimate(table(counts), 1) for level in (0.5, 0.95)
    )
    assert most.low <= half.low <= half.high <= most.high
    assert most.middle == half.middle
