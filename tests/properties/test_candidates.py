"""Rows become places: order and repeats change nothing, near ones and namesakes are one, towns are pieces."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.errors import BadInput
from holdfire.protecting.candidates import Gathering, gather
from holdfire.protecting.towns import pieces
from protecting import scattered


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_order_and_repeats_change_nothing(seed: int) -> None:
    lon, lat, weights = scattered(seed, 120)
    draw = np.random.default_rng(seed)
    again = draw.permutation(np.append(np.arange(120), draw.integers(0, 120, 40)))
    one = gather(lon, lat, {"people": weights})
    two = gather(lon[again], lat[again], {"people": weights[again]})
    assert one.digest == two.digest
    heavier = np.append(weights, 2 * weights[0])
    other = gather(np.append(lon, lon[0]), np.append(lat, lat[0]), {"people": heavier})
    assert len(other) == len(one)  # one place, of the larger weight
    assert other.digest != one.digest


def test_rows_of_one_place_count_once_and_others_do_not() -> None:
    lon, lat = np.array([36.2, 36.2002, 36.21, 36.5]), np.array([34.1234] * 4)
    assert len(gather(lon, lat)) == 3  # 18 m, 0.9 km, 28 km
    assert len(gather(lon, lat, how=Gathering(apart=0))) == 4
    assert len(gather(lon, lat, names=["a", "a", "a", "a"])) == 2
    assert len(gather(lon, lat, names=["", "", "", ""])) == 3


def test_places_of_a_very_common_name_stay_apart() -> None:
    lon = 36 + np.arange(1200) * 0.01
    assert len(gather(lon, np.full(1200, 34.1234), names=["mosque"] * 1200)) == 1200


def test_either_side_of_the_180th_meridian_is_near() -> None:
    assert len(gather(np.array([179.9999, -179.9999]), np.array([66.1234, 66.1234]))) == 1
    assert len(gather(np.array([180.0, -180.0]), np.array([66.1234, 66.1234]), how=Gathering(apart=0))) == 1


def test_a_town_is_told_as_pieces_that_hold_its_people_together() -> None:
    place, lon, lat = pieces(
        np.array([37.15, 38.0]), np.array([36.2, 35.0]), np.array([1e6, 900.0]), 5000, 1000
    )
    counts = np.bincount(place)
    assert counts[1] == 1
    assert (lon[place == 1], lat[place == 1]) == (38.0, 35.0)
    land = counts[0] * np.sqrt(3) / 2  # of hexagons a kilometre apart [km2]
    assert land == pytest.approx(200, rel=0.05)
    spread = gather(np.array([37.15, 38.0]), np.array([36.2, 35.0]), {"people": np.array([1e6, 900.0])},
                    how=Gathering(spread="people"))  # fmt: skip
    mass = spread.priors["people"]
    assert len(mass) == counts[0] + 1
    assert mass.max() < 5 * mass[spread.lon == 38.0].min()  # 4,300 people of a town, and a village of 900


BAD = [
    ([np.nan, 36.1], [35.0, 35.1], None, "no finite number"),
    ([36.1, 36.2], [35.1, 135.0], None, "are the two swapped?"),
    ([36.1, 361.0], [35.1, 35.0], None, "is not on Earth"),
    ([36.1, 0.0], [35.1, 0.0], None, "a position not known"),
    ([36.1, 36.2], [35.1, 35.0], {"people": [1.0, -2.0]}, "is negative"),
    ([36.1, 36.2], [35.1, 35.0], {"people": [1.0, np.inf]}, "no finite number"),
    ([36.1, 36.2], [35.1, 35.0], {"people": [0.0, 0.0]}, "no place has any"),
    ([36.1, 36.2], [35.1, 35.0], {"count": [1.0, 1.0]}, 'may not be called "count"'),
    ([], [], None, "there is no candidate place"),
]


@pytest.mark.parametrize(("lon", "lat", "weights", "said"), BAD)
def test_what_is_wrong_with_rows_is_said(lon: list, lat: list, weights: dict | None, said: str) -> None:
    with pytest.raises(BadInput) as raised:
        gather(np.array(lon), np.array(lat), {n: np.array(w) for n, w in (weights or {}).items()})
    assert said in str(raised.value)


def test_all_that_is_wrong_is_said_at_once_with_its_row() -> None:
    lon, lat, weights = scattered(1, 60)
    lon[3], lat[7], weights[9] = np.nan, 99.0, -1
    with pytest.raises(BadInput) as raised:
        gather(lon, lat, {"people": weights})
    assert [p.where for p in raised.value.problems] == [f"candidates, row {n}" for n in (4, 8, 10)]


def test_swapped_rows_stand_out_among_others() -> None:
    lon, lat, _ = scattered(2, 200, middle=(45.0, 15.0))
    gather(lon, lat)
    lon[5], lat[5] = lat[5], lon[5]
    with pytest.raises(BadInput, match="swapped") as raised:
        gather(lon, lat)
    assert [p.where for p in raised.value.problems] == ["candidates, row 6"]


def test_positions_of_one_decimal_are_refused_and_of_whole_minutes_are_not() -> None:
    lon, lat, _ = scattered(3, 200)
    gather(np.round(lon * 60) / 60, np.round(lat * 60) / 60)
    gather(np.round(lon, 2), np.round(lat, 2))
    with pytest.raises(BadInput, match="no more than one decimal"):
        gather(np.round(lon, 1), np.round(lat, 1))
