from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from holdfire.counting.tallies import tally
from holdfire.records.count import UNKNOWN, Count
from holdfire.records.tally import Tally

COLUMNS = ("killed_low", "killed_best", "killed_high")


@st.composite
def harm(draw: st.DrawFn) -> dict[str, int | None]:
    """An incident's figures: silent, open above, or bounded with its best inside."""
    if draw(st.booleans()):
        return dict.fromkeys(COLUMNS)
    low = draw(st.integers(0, 50))
    high = draw(st.none() | st.integers(low, low + 50))
    best = draw(st.none() | st.integers(low, high if high is not None else low + 9))
    return dict(zip(COLUMNS, (low, best, high), strict=True))


HARMS = st.lists(harm(), max_size=12)


def told(listed: list[dict[str, int | None]]) -> Tally:
    return tally(pa.table({c: pa.array([row[c] for row in listed], pa.int64()) for c in COLUMNS}))


@given(HARMS)
def test_a_total_is_as_wide_as_its_parts(listed: list[dict[str, int | None]]) -> None:
    total = Count(0, 0)
    for row in listed:
        total += UNKNOWN if row["killed_low"] is None else Count(row["killed_low"], row["killed_high"])
    assert told(listed).count == total


@given(HARMS, HARMS)
def test_two_parts_add_up_to_the_whole(
    one: list[dict[str, int | None]], other: list[dict[str, int | None]]
) -> None:
    assert told(one + other).count == told(one).count + told(other).count
    assert told(one + other) == told(other + one)


@given(HARMS)
def test_the_best_figure_is_never_outside_nor_partial(listed: list[dict[str, int | None]]) -> None:
    found = told(listed)
    if found.best is not None:
        assert found.low <= found.best
        assert found.high is None or found.best <= found.high
        assert all(row["killed_best"] is not None for row in listed if row["killed_low"] is not None)


def test_silence_is_not_zero() -> None:
    nothing = dict.fromkeys(COLUMNS)
    assert told([nothing]) == Tally(1, 0, None, None, 1, 0)
    assert told([]) == Tally(0, 0, None, 0, 0, 0)
