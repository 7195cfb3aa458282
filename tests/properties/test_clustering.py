"""Try to break each rule that fusing.clustering and fusing.drawing promise, on made pairs of every shape."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire import compiling
from holdfire.errors import BadInput
from holdfire.fusing.grouping.clustering import Joining, Judged, Pairs, group
from holdfire.records.source import Repeats
from linking import KINDS, ROOMY, cases, made, repeated, rows, shuffled


@settings(deadline=None, max_examples=500)
@given(cases())
def test_every_rule_of_clustering_holds(case: tuple[Pairs, np.ndarray[Any, Any], Judged]) -> None:
    pairs, source, judged = case
    found = group(pairs, source, KINDS, judged, ROOMY)
    groups = found.groups
    # Each record is in one group, named by its smallest record.
    assert all(groups[g] == g and g <= x for x, g in enumerate(groups.tolist()))
    assert repeated(groups, source) == 0
    assert all(groups[a] != groups[b] for a, b in judged.different)
    refused = {(int(a), int(b)) for a, b in found.refused}
    assert all(groups[a] != groups[b] for a, b in refused)
    forbidden = {(min(e), max(e)) for e in judged.different.tolist()}
    for a, b in ((min(e), max(e)) for e in judged.same.tolist()):
        assert groups[a] == groups[b] or (a, b) in refused or (a, b) in forbidden


@settings(deadline=None, max_examples=150)
@given(cases(), st.integers(0, 9))
def test_the_order_in_which_pairs_are_given_changes_nothing(
    case: tuple[Pairs, np.ndarray[Any, Any], Judged], seed: int
) -> None:
    pairs, source, judged = case
    again, rejudged = shuffled(pairs, judged, seed)
    first, second = group(pairs, source, KINDS, judged, ROOMY), group(again, source, KINDS, rejudged, ROOMY)
    assert first.groups.tolist() == second.groups.tolist()
    assert first.refused.tolist() == second.refused.tolist()


@settings(deadline=None, max_examples=100)
@given(cases())
def test_pairs_below_the_floor_and_threads_change_nothing(
    case: tuple[Pairs, np.ndarray[Any, Any], Judged],
) -> None:
    pairs, source, judged = case
    kept = pairs.weight >= ROOMY.floor
    above = Pairs(pairs.a[kept], pairs.b[kept], pairs.weight[kept])
    wanted = group(pairs, source, KINDS, judged, ROOMY).groups.tolist()
    assert group(above, source, KINDS, judged, ROOMY).groups.tolist() == wanted
    assert group(pairs, source, KINDS, judged, ROOMY, threads=3).groups.tolist() == wanted


def test_both_ways_of_running_the_loops_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plain Python and compiled, with components so large that they are cut."""
    for seed in range(40):
        pairs, source, judged = made(seed, 60, 150)
        for rules in (ROOMY, replace(ROOMY, largest=7)):
            plain = group(pairs, source, KINDS, judged, rules)
            monkeypatch.setattr(compiling, "LITTLE", -1)
            compiled = group(pairs, source, KINDS, judged, rules, threads=2)
            monkeypatch.undo()
            assert plain.groups.tolist() == compiled.groups.tolist()
            assert (plain.refused.tolist(), plain.cut) == (compiled.refused.tolist(), compiled.cut)
            assert (plain.cut > 0) == (rules.largest == 7)


def test_controls_components_and_single_links_break_the_rules() -> None:
    """What we do not do, on the same pairs, breaks what the tests above check: they can fail."""
    source = np.array([0, 1, 0])
    chain = Pairs(np.array([0, 1]), np.array([1, 2]), np.array([5000, 5000]))
    assert repeated(np.zeros(3, np.int64), source) == 1  # connected components
    assert group(chain, source, KINDS).groups.tolist() == [0, 0, 2]
    assert group(chain, source, [Repeats.REPEATS] * 2, settings=Joining(offset=3000)).groups.tolist() == [
        0,
        0,
        0,
    ]
    ways = {tuple(first_come(chain, order)) for order in ([0, 1], [1, 0])}
    assert len(ways) == 2  # joining in the order given depends on it


def first_come(pairs: Pairs, order: list[int]) -> list[int]:
    taken: list[int] = [0, 1, 2]
    used: set[int] = set()
    for k in order:
        a, b = int(pairs.a[k]), int(pairs.b[k])
        if not used & {a, b}:
            taken[b] = a
            used |= {a, b}
    return taken


def test_a_source_that_mostly_keeps_apart_needs_more() -> None:
    source = np.array([0, 0])
    pair = Pairs(np.array([0]), np.array([1]), np.array([5000]))
    joined = {kind: group(pair, source, [kind]).groups.tolist() == [0, 0] for kind in Repeats}
    assert joined == {Repeats.DISTINCT: False, Repeats.MOSTLY: False, Repeats.REPEATS: True}
    strong = replace(pair, weight=np.array([6001]))
    assert group(strong, source, [Repeats.MOSTLY]).groups.tolist() == [0, 0]


def test_what_the_mostly_distinct_cost_waits_its_turn() -> None:
    """0 and 1 are of one such source; 2 is nearer to 1 once the cost is counted, and takes it first."""
    source = np.array([0, 0, 1])
    pairs = Pairs(np.array([0, 1]), np.array([1, 2]), np.array([12000, 7000]))
    kinds = [Repeats.MOSTLY, Repeats.DISTINCT]
    assert group(pairs, source, kinds, settings=Joining(absent=-9000)).groups.tolist() == [0, 1, 1]


def test_a_judgement_that_cannot_be_kept_is_named() -> None:
    source = np.array([0, 1, 0])
    judged = Judged(rows([(0, 1), (1, 2)]), rows([]))
    none = Pairs(*(np.empty(0, np.int64) for _ in range(3)))
    found = group(none, source, KINDS, judged)
    assert found.groups.tolist() == [0, 0, 2]
    assert found.refused.tolist() == [[1, 2]]
    against = Judged(rows([(0, 1), (1, 3)]), rows([(3, 0)]))
    assert group(none, np.array([0, 1, 0, 2]), KINDS, against).refused.tolist() == [[1, 3]]
    both = Judged(rows([(0, 1)]), rows([(1, 0)]))
    assert group(none, source, KINDS, both).refused.tolist() == [[0, 1]]


def test_a_source_that_repeats_itself_a_thousand_times_is_one_group() -> None:
    ends = np.array([(a, b) for a in range(1000) for b in range(a + 1, min(1000, a + 200))])
    pairs = Pairs(ends[:, 0], ends[:, 1], np.full(len(ends), 8000))
    groups = group(pairs, np.zeros(1000, np.int64), [Repeats.REPEATS], settings=Joining(absent=0)).groups
    assert not groups.any()


def test_a_chain_of_a_hundred_thousand_is_taken_in_bounded_work() -> None:
    n = 100_000
    pairs = Pairs(np.arange(n - 1), np.arange(1, n), np.full(n - 1, 5000))
    groups = group(pairs, np.arange(n) % 2, [Repeats.DISTINCT] * 2).groups
    assert np.bincount(groups).max() == 2
    star = Pairs(np.zeros(n - 1, np.int64), np.arange(1, n), np.full(n - 1, 5000))
    assert np.bincount(group(star, np.arange(n) % 2, [Repeats.REPEATS] * 2).groups).max() < 5


def test_equal_weights_are_taken_in_order_of_record() -> None:
    ends = np.array([(a, b) for a in range(4) for b in range(4, 8)])
    ends = np.random.default_rng(1).permutation(ends)
    pairs = Pairs(ends[:, 0], ends[:, 1], np.full(len(ends), 3000))
    source = np.array([0] * 4 + [1] * 4)
    assert group(pairs, source, [Repeats.DISTINCT] * 2).groups.tolist() == [0, 1, 2, 3, 0, 1, 2, 3]


def test_nothing_and_one_record_are_well() -> None:
    none = Pairs(*(np.empty(0, np.int64) for _ in range(3)))
    assert group(none, np.empty(0, np.int64), []).groups.tolist() == []
    assert group(none, np.array([0]), [Repeats.REPEATS]).groups.tolist() == [0]


@pytest.mark.parametrize(
    ("a", "b", "weight", "source", "says"),
    [
        ([0], [0], [1], [0, 0], "paired with itself"),
        ([0], [2], [1], [0, 0], "does not exist"),
        ([0], [1], [1], [0, 9], "numbered to 9"),
        ([0], [1], [1, 2], [0, 0], "columns of 1, 1 and 2 rows"),
        ([0], [1], [2_000_000], [0, 0], "beyond 1000000 millibits"),
    ],
)
def test_what_cannot_be_is_refused(
    a: list[int], b: list[int], weight: list[int], source: list[int], says: str
) -> None:
    with pytest.raises(BadInput, match=says):
        group(Pairs(np.array(a), np.array(b), np.array(weight)), np.array(source), [Repeats.REPEATS])


def test_a_judgement_against_one_holds_against_all_that_it_was_joined_with() -> None:
    pairs = Pairs(np.array([0]), np.array([1]), np.array([5000]))
    judged = Judged(rows([(1, 2)]), rows([(0, 2)]))
    assert group(pairs, np.array([0, 1, 2]), KINDS, judged).groups.tolist() == [0, 1, 1]
