"""How surely linked entries are one person: rivals count, judgements stand, threads change nothing."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from holdfire.fusing.comparing.scoring import Scored
from holdfire.fusing.grouping.clustering import Joining, Judged, Pairs, group
from holdfire.fusing.people.doubt import CERTAIN, surely
from holdfire.fusing.people.link import Linked
from holdfire.records.source import Repeats

LISTS = [Repeats.DISTINCT] * 3


def linked(
    count: int, source: list[int], *pairs: tuple[int, int, int], apart: tuple[int, int] | None = None
) -> Linked:
    a, b, weight = (list(column) for column in zip(*pairs, strict=True)) if pairs else ([], [], [])
    table = pa.table(
        {"a": pa.array(a, pa.int64()), "b": pa.array(b, pa.int64()), "weight": pa.array(weight, pa.int32())}
    )
    told = np.array([apart] if apart else [], np.int64).reshape(-1, 2)
    ruled = Judged(np.empty((0, 2), np.int64), told)
    groups = group(Pairs.of(table), np.array(source), LISTS, ruled, Joining(floor=-6000, offset=3000)).groups
    return Linked(groups, table, told, Scored(table, -15_000, count, len(a), {}, {}))


def test_a_pair_with_an_equal_rival_in_a_distinct_list_is_half_as_sure() -> None:
    alone = linked(2, [0, 1], (0, 1, 6000))
    rivals = linked(3, [0, 1, 1], (0, 1, 6000), (0, 2, 6000))
    assert surely(alone, [0, 1], LISTS).pairs[0] >= 990
    assert surely(rivals, [0, 1, 1], LISTS).pairs == pytest.approx(CERTAIN / 2, abs=200)


def test_two_that_share_little_are_one_where_both_are_sure_of_a_third() -> None:
    alone = surely(linked(2, [0, 1], (0, 1, -5000)), [0, 1], LISTS).pairs[0]
    third = surely(
        linked(3, [0, 1, 2], (0, 1, -5000), (0, 2, 9000), (1, 2, 9000)), [0, 1, 2], LISTS
    ).pairs.tolist()
    assert third[0] > alone
    assert min(third) >= 950


def test_what_was_told_apart_is_never_drawn_together_and_what_was_judged_the_same_always_is() -> None:
    source = [0, 1, 2]
    told = linked(3, source, (0, 2, 9000), (1, 2, 9000), apart=(0, 1))
    found = surely(told, source, LISTS)
    assert found.pairs.sum() <= CERTAIN
    judged = Judged(np.array([[0, 2]]), np.empty((0, 2), np.int64))
    assert surely(told, source, LISTS, judged).pairs.tolist() == [CERTAIN, 0]


def test_a_group_is_no_surer_than_its_pairs_and_an_entry_alone_is_whole() -> None:
    found = linked(5, [0, 1, 2, 0, 1], (0, 1, 9000), (1, 2, -2000), (0, 2, -2000), (3, 4, -6000))
    sure = surely(found, [0, 1, 2, 0, 1], LISTS)
    inside = found.groups[found.pairs["a"].to_numpy()] == found.groups[found.pairs["b"].to_numpy()]
    for a, share in zip(found.pairs["a"].to_numpy()[inside], sure.pairs[inside], strict=True):
        assert sure.whole[a] <= share
    alone = [k for k in range(5) if (found.groups == found.groups[k]).sum() == 1]
    assert all(sure.whole[k] == CERTAIN for k in alone)


def test_no_pairs_and_a_pair_that_draws_left_out_are_answered() -> None:
    assert surely(linked(2, [0, 1]), [0, 1], LISTS).pairs.tolist() == []
    one_list = linked(2, [0, 1], (0, 1, 4392))
    assert surely(one_list, [0, 0], LISTS).pairs.tolist() == [955]  # a distinct list: as its weight says


def test_threads_change_nothing() -> None:
    pairs = [(2 * k, 2 * k + 1, 500 * (k % 9) - 6000) for k in range(400)]
    source = [0, 1] * 400
    found = linked(800, source, *pairs)
    one, two = (surely(found, source, LISTS, threads=threads) for threads in (1, 2))
    assert one.pairs.tolist() == two.pairs.tolist()
    assert one.whole.tolist() == two.whole.tolist()
    assert len(set(one.pairs.tolist())) > 5
