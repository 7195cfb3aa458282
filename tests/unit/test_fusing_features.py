"""What features say of claims: units, silence, precision, two scripts, the edges of the map and of time."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from builders import a_claim
from holdfire.engine import Engine
from holdfire.fusing.incidents.background import Background
from holdfire.fusing.incidents.features import LONGEST, NEAR, features
from holdfire.places import distance
from holdfire.records.claim import CLAIM
from holdfire.records.source import Repeats

START = datetime(2031, 5, 1, tzinfo=UTC)
MINUTES = int(START.timestamp()) // 60


def made(*claims: dict[str, Any], known: Background | None = None) -> list[dict[str, Any]]:
    with Engine(threads=1, memory=256).session() as session:
        session.give("makes", CLAIM.table(claims))
        features(session, known or Background())
        found: list[dict[str, Any]] = session.sql("SELECT * FROM features ORDER BY record").to_pylist()
    return found


def one(**said: Any) -> dict[str, Any]:
    (found,) = made(a_claim(1, **said))
    return found


def two(first: dict[str, Any], second: dict[str, Any], **both: Any) -> list[dict[str, Any]]:
    return made(a_claim(1, seq=1, **{**both, **first}), a_claim(2, seq=2, **{**both, **second}))


def lasting(**length: float) -> dict[str, Any]:
    return {"start": START, "end": START + timedelta(**length)}


def point(lat: float, lon: float, radius: float | None = 500.0) -> dict[str, Any]:
    return {"lat": lat, "lon": lon, "radius": radius, "geo_precision": "point"}


def test_times_are_minutes_and_hold_the_seconds_they_were_given() -> None:
    found = one(start=START + timedelta(seconds=59), end=START + timedelta(minutes=1, seconds=1))
    assert (found["first"], found["last"], found["span"]) == (MINUTES, MINUTES + 2, 2)


@pytest.mark.parametrize(("hours", "known"), [(0, True), (24, True), (36, True), (36.1, False), (168, False)])
def test_a_claim_has_a_day_only_if_it_is_known_to_about_one(hours: float, known: bool) -> None:
    day = one(**lasting(hours=hours))["day"]
    assert (day is not None) is known
    assert day in (None, MINUTES // 1440)


def test_a_local_day_is_the_day_that_holds_its_middle() -> None:
    local = {"start": START - timedelta(hours=3), "end": START + timedelta(hours=21)}
    assert one(**local)["day"] == one(**lasting(days=1))["day"] == MINUTES // 1440
    assert (
        one(start=START + timedelta(hours=13), end=START + timedelta(hours=37))["day"] == MINUTES // 1440 + 1
    )


@pytest.mark.parametrize("open_", ["start", "end"])
def test_a_time_that_is_open_at_one_end_is_not_compared(open_: str) -> None:
    found = one(**{**lasting(days=1), open_: None})
    assert (found["span"], found["day"], found["times"]) == (None, None, None)
    assert found["last" if open_ == "start" else "first"] is not None


@pytest.mark.parametrize("offset", range(0, 6 * 24, 7))
def test_claims_up_to_three_days_apart_share_a_stretch_of_days(offset: int) -> None:
    start = START + timedelta(hours=offset)
    near = {"start": start + timedelta(days=NEAR), "end": start + timedelta(days=NEAR)}
    first, second = two({"start": start, "end": start}, near)
    assert set(first["times"]) & set(second["times"])
    far = {"start": start + timedelta(days=10), "end": start + timedelta(days=11)}
    first, second = two({"start": start, "end": start}, far)
    assert not set(first["times"]) & set(second["times"])


def test_a_time_of_more_than_a_month_meets_no_one_by_time() -> None:
    assert one(**lasting(days=LONGEST))["times"]
    assert one(**lasting(days=LONGEST, minutes=1))["times"] is None


PLACES = [(33.5, 36.3), (0.0, 0.0), (-45.0, 179.99), (61.0, -179.99), (89.9, 10.0), (-89.9, -170.0)]


@pytest.mark.parametrize(("lat", "lon"), PLACES)
@pytest.mark.parametrize("bearing", [0, 90, 180, 270])
def test_metres_along_the_axes_give_the_distance_at_poles_and_date_line_too(
    lat: float, lon: float, bearing: int
) -> None:
    other = moved(lat, lon, bearing, 10_000)
    first, second = two(point(lat, lon), point(*other))
    chord = math.dist(*([each[axis] for axis in "xyz"] for each in (first, second)))
    assert chord == pytest.approx(float(distance(lat, lon, *other)), abs=3)
    assert chord == pytest.approx(10_000, abs=20)


@pytest.mark.parametrize(("lat", "lon"), PLACES[:4])
@pytest.mark.parametrize("bearing", [0, 45, 90, 200, 270])
def test_points_within_eleven_kilometres_share_a_cell_and_far_ones_none(
    lat: float, lon: float, bearing: int
) -> None:
    first, second = two(point(lat, lon), point(*moved(lat, lon, bearing, 10_900)))
    assert set(first["cells"]) & set(second["cells"])
    first, second = two(point(lat, lon), point(*moved(lat, lon, bearing, 100_000)))
    assert not set(first["cells"]) & set(second["cells"])


@pytest.mark.parametrize(("lat", "lon"), PLACES[:4])
@pytest.mark.parametrize("bearing", [0, 45, 90, 200, 270])
def test_points_within_six_kilometres_share_a_square_and_those_far_off_none(
    lat: float, lon: float, bearing: int
) -> None:
    first, second = two(point(lat, lon), point(*moved(lat, lon, bearing, 5_900)))
    assert set(first["squares"]) & set(second["squares"])
    first, second = two(point(lat, lon), point(*moved(lat, lon, bearing, 45_000)))
    assert not set(first["squares"]) & set(second["squares"])


def test_days_are_those_that_a_claim_may_lie_on_and_its_end_is_not_of_it() -> None:
    first = MINUTES // 1440
    assert one(**lasting(days=1))["days"] == [first]
    assert one(**lasting(days=1, minutes=1))["days"] == [first, first + 1]
    assert one(**lasting(days=0))["days"] == [first]
    assert one(**lasting(days=LONGEST, minutes=1))["days"] is None


@pytest.mark.parametrize(("wide", "narrow"), [((0.0, -179.99), 179.85), ((0.0, 179.99), -179.85)])
def test_a_wide_place_reaches_over_the_date_line_on_both_sides(
    wide: tuple[float, float], narrow: float
) -> None:
    first, second = two(point(*wide, 30_000.0), point(0.0, narrow))
    assert set(first["cells"]) & set(second["cells"])


def test_a_place_as_wide_as_a_governorate_meets_others_by_name_alone() -> None:
    found = one(**point(33.0, 36.0, 36_001.0))
    assert found["cells"] is None
    assert found["x"] is not None
    assert one(**point(33.0, 36.0, 36_000.0))["cells"]


@pytest.mark.parametrize("said", [{"lat": None}, {"lon": None}, {"lat": None, "lon": None}])
def test_half_a_place_is_no_place(said: dict[str, Any]) -> None:
    found = one(**said)
    assert [found[name] for name in ("x", "y", "z", "reach", "cells", "squares")] == [None] * 6


def test_a_radius_is_whole_metres_and_none_is_no_bound() -> None:
    assert one(**point(33.0, 36.0, 1234.6))["reach"] == 1235
    unbound = one(**point(33.0, 36.0, None))
    assert unbound["reach"] is None
    assert unbound["cells"]


@pytest.mark.parametrize(
    ("precision", "unit"),
    [("point", None), ("settlement", None), ("near", None), ("unknown", None)]
    + [(each, each) for each in ("district", "governorate", "line", "country")],
)
def test_a_unit_is_what_a_point_only_stands_for(precision: str, unit: str | None) -> None:
    assert one(geo_precision=precision)["unit"] == unit


def test_one_name_in_two_scripts_is_one_and_none_is_none() -> None:
    latin, arabic = two(
        {"place": "Kafr Zayta town, Hama", "admin1": "Hama"}, {"place": "كفر زيتا", "admin1": "حماة"}
    )
    assert latin["named"] == arabic["named"] == "kfrzt"
    assert latin["parts"] == ["kfrzt", "hm"]
    assert latin["area"] == arabic["area"] == "hm"
    silent = one(place=None, admin1=None)
    assert (silent["named"], silent["parts"], silent["area"]) == (None, None, None)
    assert one(place="town")["named"] is None


def test_no_letter_but_ascii_reaches_a_comparison() -> None:
    found = one(place="حي الوعر - حمص", admin1="محافظة حمص", targets=["~قوات"], actors=["north"])
    compared = {name: value for name, value in found.items() if name not in ("whom", "dyad")}
    assert str(compared).isascii()
    assert found["parts"] == ["wr", "hms"]


@pytest.mark.parametrize(
    ("said", "dead"),
    [
        ({"killed_low": 2, "killed_best": 3, "killed_high": 9}, (3, [2, 3], [9])),
        ({"killed_low": 2, "killed_best": None, "killed_high": None}, (2, [2], [])),
        ({"killed_low": None, "killed_best": None, "killed_high": None, "civilians_low": 4}, (4, [4], [])),
        ({"killed_low": 0, "killed_best": 0, "killed_high": 0, "civilians_high": 0}, (0, [0], [0])),
        ({"killed_low": None, "killed_best": None, "killed_high": 7}, (None, [], [7])),
        ({"killed_low": None, "killed_best": None, "killed_high": None}, (None, [], [])),
    ],
)
def test_numbers_of_dead_are_the_best_said_and_nought_is_a_number(
    said: dict[str, Any], dead: tuple[int | None, list[int], list[int]]
) -> None:
    found = one(**said)
    assert (found["dead"], sorted(found["least"]), sorted(found["most"])) == dead


def test_injured_are_at_least_else_at_most() -> None:
    assert one(injured_low=3, injured_high=5)["injured"] == 3
    assert one(injured_high=5)["injured"] == 5
    assert one()["injured"] is None


def test_a_row_names_its_table_and_prose_none() -> None:
    assert one(row=7)["sheet"] == one(row=8)["sheet"] is not None
    assert one()["sheet"] is None


def test_records_are_numbered_by_source_and_place_in_it_not_by_salted_ids() -> None:
    listed = [
        a_claim(n, source=source, seq=seq, claim_id=f"c-{99 - n:016x}")
        for n, (source, seq) in enumerate([("b", 2), ("a", 10), ("b", 1), ("a", 9)])
    ]
    order = [f"c-{99 - n:016x}" for n in (3, 1, 2, 0)]
    for seed in range(4):
        random.Random(seed).shuffle(listed)
        found = made(*listed, known=Background({"b": Repeats.DISTINCT, "a": Repeats.MOSTLY}))
        assert [each["claim_id"] for each in found] == order
        assert [each["record"] for each in found] == [0, 1, 2, 3]
        assert [(each["source"], each["apart"]) for each in found] == [(0, False)] * 2 + [(1, True)] * 2


def test_sources_that_have_a_number_keep_it() -> None:
    with Engine(threads=1, memory=256).session() as session:
        session.give("makes", CLAIM.table([a_claim(1, source="a"), a_claim(2, source="c")]))
        assert features(session, Background(), ["c", "b"]) == ["c", "b", "a"]
        numbers = session.sql("SELECT source FROM features ORDER BY record")["source"].to_pylist()
    assert sorted(numbers) == [0, 2]


def moved(lat: float, lon: float, bearing: float, metres: float) -> tuple[float, float]:
    """Return the point some way off, on the sphere of places.distance."""
    p, b, d = math.radians(lat), math.radians(bearing), metres / 6_371_008.8
    to = math.asin(math.sin(p) * math.cos(d) + math.cos(p) * math.sin(d) * math.cos(b))
    along = math.atan2(math.sin(b) * math.sin(d) * math.cos(p), math.cos(d) - math.sin(p) * math.sin(to))
    return math.degrees(to), (lon + math.degrees(along) + 540) % 360 - 180
