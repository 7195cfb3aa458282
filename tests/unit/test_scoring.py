"""Weights are exact sums of what levels weigh, and those that Splink gives."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

import recounting
from holdfire.engine import Engine
from holdfire.errors import BadInput
from holdfire.fusing.comparing.scoring import pairs
from holdfire.fusing.parameters import BORROWED, Weight, millibits, weights

ENGINE = Engine(1, 512)


@pytest.fixture(scope="module")
def world() -> tuple[pa.Table, np.ndarray]:
    return recounting.events(3000, 11)


def test_weight_is_the_sum_of_its_levels_by_hand() -> None:
    columns = {"source": [0, 1], "day": [5, 5], "x": [1, 1], "y": [1, 1], "place": [7, 7], "type": [1, 2]}
    table = recounting.features(
        {name: np.array(values) for name, values in {**columns, "who": [-1, 3], "killed": [2, 2]}.items()}
    )
    parameters = recounting.plain_parameters()
    with ENGINE.session() as session:
        session.give("features", table)
        found = pairs(session, recounting.made_up(), parameters, -(10**9))
    # two of two records bear the place; training counts for BORROWED more, of which 2 in a thousand do
    steps = int(2 * np.log2((2 + BORROWED) / (2 + BORROWED * 0.002)))
    place = millibits(0.6 / 0.002) + millibits(0.002) + 250 + 500 * steps
    expected = (
        parameters.prior(2) + place + millibits(0.7 / 0.001) + millibits(0.2 / 0.8) + millibits(0.7 / 0.2)
    )
    assert found.pairs.to_pylist() == [{"a": 0, "b": 1, "weight": expected}]


def test_silence_weighs_nothing() -> None:
    known = weights(recounting.made_up(), recounting.plain_parameters())
    assert known["who_"][0] == Weight(0)
    assert known["killed_"][0] == Weight(0)


def test_floor_only_leaves_out(world: tuple[pa.Table, np.ndarray]) -> None:
    with ENGINE.session() as session:
        session.give("features", world[0])
        low = pairs(session, recounting.made_up(), recounting.plain_parameters(), -(10**9))
        high = pairs(session, recounting.made_up(), recounting.plain_parameters(), 1000)
    mask = np.asarray(low.pairs["weight"]) >= 1000
    assert 0 < mask.sum() < len(mask)
    assert high.pairs.equals(low.pairs.filter(pa.array(mask)))


def test_pairs_of_one_event_weigh_more(world: tuple[pa.Table, np.ndarray]) -> None:
    table, event = world
    with ENGINE.session() as session:
        session.give("features", table)
        found = pairs(session, recounting.made_up(), recounting.plain_parameters(), -(10**9)).pairs
    same = event[np.asarray(found["a"])] == event[np.asarray(found["b"])]
    weight = np.asarray(found["weight"])
    assert np.median(weight[same]) > np.median(weight[~same]) + 5000


def test_one_more_record_rarely_moves_a_weight(world: tuple[pa.Table, np.ndarray]) -> None:
    table = world[0]
    with ENGINE.session() as session:
        session.give("features", table)
        session.give("fewer", table.slice(0, len(table) - 1))
        args = (session, recounting.made_up(), recounting.plain_parameters(), -(10**9))
        whole, fewer = pairs(*args), pairs(*args, features="fewer")
    weight = {(p["a"], p["b"]): p["weight"] for p in whole.pairs.to_pylist()}
    moved = [p for p in fewer.pairs.to_pylist() if weight[p["a"], p["b"]] != p["weight"]]
    assert whole.prior == fewer.prior
    assert len(moved) < 0.01 * fewer.pairs.num_rows


def test_records_that_are_not_numbered_from_nought_are_refused(world: tuple[pa.Table, np.ndarray]) -> None:
    with ENGINE.session() as session:
        session.give("features", world[0].slice(1))
        with pytest.raises(BadInput, match="numbered"):
            pairs(session, recounting.made_up(), recounting.plain_parameters(), 0)
