"""Marks of a grouping against counting by hand, pair by pair."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.errors import BadInput
from holdfire.fusing.grouping.marking import mark, pattern_error

GROUPINGS = st.integers(0, 12).flatmap(
    lambda n: st.tuples(*[st.lists(st.integers(-2, 9), min_size=n, max_size=n) for _ in range(2)])
)


def by_hand(made: list[int], true: list[int]) -> dict[str, float]:
    ours = {p for p in combinations(range(len(made)), 2) if made[p[0]] == made[p[1]]}
    theirs = {p for p in combinations(range(len(true)), 2) if true[p[0]] == true[p[1]]}
    sets = [{frozenset(i for i, g in enumerate(x) if g == k) for k in set(x)} for x in (made, true)]

    def of(x: list[int], i: int) -> set[int]:
        return {j for j, g in enumerate(x) if g == x[i]}

    shared = [len(of(made, i) & of(true, i)) for i in range(len(made))]

    def share(part: float, whole: float) -> float:
        return part / whole if whole else 1.0

    return {
        "pair_precision": share(len(ours & theirs), len(ours)),
        "pair_recall": share(len(ours & theirs), len(theirs)),
        "record_precision": share(sum(s / len(of(made, i)) for i, s in enumerate(shared)), len(made)),
        "record_recall": share(sum(s / len(of(true, i)) for i, s in enumerate(shared)), len(made)),
        "group_precision": share(len(sets[0] & sets[1]), len(sets[0])),
        "group_recall": share(len(sets[0] & sets[1]), len(sets[1])),
        "count": share(len(sets[0]), len(sets[1])),
    }


@given(GROUPINGS)
def test_marks_are_those_counted_by_hand(groupings: tuple[list[int], list[int]]) -> None:
    made, true = groupings
    got = mark(np.array(made, np.int64), np.array(true, np.int64))
    assert {
        "pair_precision": got.pairs.precision,
        "pair_recall": got.pairs.recall,
        "record_precision": got.records.precision,
        "record_recall": got.records.recall,
        "group_precision": got.groups.precision,
        "group_recall": got.groups.recall,
        "count": got.count,
    } == pytest.approx(by_hand(made, true))


def test_a_perfect_grouping_has_full_marks_and_a_wrong_one_none() -> None:
    true = np.array([7, 7, 3, 3])
    full, none = mark(np.array([0, 0, 1, 1]), true), mark(np.array([0, 1, 0, 1]), true)
    assert (full.pairs.f1, full.records.f1, full.groups.f1, full.count) == (1, 1, 1, 1)
    assert (none.pairs.f1, none.groups.f1) == (0, 0)


def test_the_pattern_error_counts_groups_in_wrong_cells() -> None:
    source: Any = np.array([0, 1, 0, 1])
    true = np.array([0, 0, 1, 1])
    assert pattern_error(true, true, source) == 0
    # Two groups known to both sources, taken for three: one known to both, one to each.
    assert pattern_error(np.array([0, 0, 1, 2]), true, source) == (1 + 1 + 1) / 2 / 2


def test_groupings_of_other_records_are_refused() -> None:
    with pytest.raises(BadInput, match="of 1 records and the other of 2"):
        mark(np.array([0]), np.array([0, 1]))
    with pytest.raises(BadInput, match="numbered to 70"):
        pattern_error(np.array([0]), np.array([0]), np.array([70]))
