"""Pairs are found once, whatever the order, threads and chunks, and bad input makes no explosion of them."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import recounting
from holdfire.engine import Engine
from holdfire.fusing.comparing.blocking import Bounds
from holdfire.fusing.comparing.scoring import Scored, pairs

NEVER = -(10**9)
"""A floor below every weight: all pairs that meet are kept."""


def scored(table: pa.Table, engine: Engine = Engine(1, 512), **more: Any) -> Scored:  # noqa: B008
    with engine.session() as session:
        session.give("features", table)
        given = {"floor": NEVER, **more}
        return pairs(session, recounting.made_up(), recounting.plain_parameters(), **given)


def met(found: Scored) -> list[tuple[int, int]]:
    return list(zip(found.pairs["a"].to_pylist(), found.pairs["b"].to_pylist(), strict=True))


@pytest.fixture(scope="module")
def world() -> pa.Table:
    return recounting.events(3000, 5)[0]


def test_pairs_are_those_that_share_every_key_of_a_rule(world: pa.Table) -> None:
    few = world.slice(0, 400)
    rows = few.to_pylist()

    def days(row: dict[str, Any]) -> set[int]:
        return {row["day"] // 8, (row["day"] + 4) // 8 + 1_000_000}

    def across(row: dict[str, Any]) -> set[int]:
        return {row["x"] // 20_000, (row["x"] + 10_000) // 20_000 + 1_000_000}

    expected = []
    for one, other in itertools.combinations(rows, 2):
        in_time = days(one) & days(other)
        in_space = across(one) & across(other) and one["y"] // 40_000 == other["y"] // 40_000
        same = one["place"] is not None and one["place"] == other["place"]
        if in_time and (in_space or same):
            expected.append((one["record"], other["record"]))
    assert len(expected) > 50
    assert met(scored(few)) == expected


def test_order_of_rows_threads_and_chunks_change_no_byte(world: pa.Table) -> None:
    crowded = Bounds(block=20, near=5, chunk=10**9)
    plain = scored(world, bounds=crowded)
    assert plain.crowded
    assert len(plain.pairs) > 1000
    mixed = world.take(np.random.default_rng(1).permutation(len(world)))
    seven = Bounds(block=20, near=5, chunk=max(1, 2 * plain.compared // 7))
    for table, engine, bounds in (
        (mixed, Engine(1, 512), crowded),
        (world, Engine(2, 512), crowded),
        (mixed, Engine(2, 512), seven),
    ):
        again = scored(table, engine, bounds=bounds)
        assert again.pairs.equals(plain.pairs)
        assert (again.found, again.crowded, again.compared) == (plain.found, plain.crowded, plain.compared)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 60), st.booleans(), st.integers(1, 6))
def test_no_pair_comes_twice_nor_of_one_source_whose_records_are_apart(
    seed: int, records: int, apart: bool, near: int
) -> None:
    table, _ = recounting.events(records, seed, apart=apart)
    found = met(scored(table, bounds=Bounds(block=4, near=near, chunk=50)))
    assert len(set(found)) == len(found)
    assert all(a < b for a, b in found)
    assert found == sorted(found)
    source = table["source"].to_pylist()
    if apart:
        assert all(source[a] != source[b] for a, b in found)


@pytest.mark.parametrize("block", [300, 4])
def test_each_need_of_a_rule_is_met_by_one_of_the_two(world: pa.Table, block: int) -> None:
    few = world.slice(0, 400)
    plain = recounting.made_up()
    needs = ["killed IS NULL", "type = 1"]
    rules = [rule.model_copy(update={"needs": needs}) for rule in plain.blocking]
    profile = plain.model_copy(update={"blocking": rules})
    bounds, found = Bounds(block=block, near=1000), []
    for each in (plain, profile):
        with Engine(1, 512).session() as session:
            session.give("features", few)
            found.append(met(pairs(session, each, recounting.plain_parameters(), NEVER, bounds=bounds)))
    killed, kind = few["killed"].to_pylist(), few["type"].to_pylist()

    def fit(a: int, b: int) -> bool:
        return (killed[a] is None or killed[b] is None) and 1 in (kind[a], kind[b])

    assert found[1] == [pair for pair in found[0] if fit(*pair)]
    assert 5 < len(found[1]) < len(found[0]) / 2


def _alike(records: int, sources: int, **other: np.ndarray) -> pa.Table:
    plain = {name: np.full(records, 3) for name in ("day", "x", "y", "place", "type", "who", "killed")}
    given = {**plain, "source": np.arange(records) * sources // records, **other}
    return recounting.features(given)


SPREAD = np.random.default_rng(2).permutation(10_000)
BAD = {
    "10,000 records in one block": _alike(10_000, 3),
    "a source that repeats itself 1,000 times": _alike(1000, 1),
    "all dates equal": _alike(10_000, 3, x=SPREAD, y=SPREAD, place=SPREAD),
    "all coordinates the capital's": _alike(10_000, 3, day=SPREAD % 40),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_makes_no_more_pairs_than_is_bounded(name: str) -> None:
    table, bounds = BAD[name], Bounds()
    found = scored(table, bounds=bounds)
    entries = 6 * len(table)  # two days by two cells under the first rule, two days under the second
    assert sum(found.crowded.values()) <= entries
    assert found.compared <= entries * max(bounds.near, bounds.block // 2)
    assert found.crowded  # said, not hidden
    partners = np.bincount(np.concatenate([found.pairs["a"], found.pairs["b"]]), minlength=len(table))
    assert partners.min() >= bounds.near  # a crowded record still meets its neighbours
    assert partners.max() <= 6 * 2 * max(bounds.near, bounds.block)


def test_in_a_crowded_block_records_of_every_source_still_meet() -> None:
    found = scored(_alike(9000, 3))
    source = np.arange(9000) * 3 // 9000
    across = [source[a] != source[b] for a, b in met(found)]
    assert 0.5 < np.mean(across) < 0.8  # two thirds, as in a random order


def test_a_larger_block_than_is_bounded_loses_pairs_and_says_so(world: pa.Table) -> None:
    whole = scored(world, bounds=Bounds(block=10**6))
    bounded = scored(world, bounds=Bounds(block=10, near=2))
    assert not whole.crowded
    assert bounded.compared < whole.compared
    assert set(met(bounded)) < set(met(whole))


def test_no_record_and_one_record_make_no_pair(world: pa.Table) -> None:
    for few in (world.slice(0, 0), world.slice(0, 1)):
        found = scored(few)
        assert found.pairs.num_rows == found.compared == 0
