"""Names of places in two scripts meet, and two places do not."""

from __future__ import annotations

import pyarrow as pa
import pytest

from holdfire.engine import Engine
from holdfire.fusing.comparing.scoring import pairs
from holdfire.fusing.parameters import parameters
from holdfire.fusing.places.features import features
from holdfire.fusing.places.naming import place_keys
from holdfire.fusing.profile import profile


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tall Rif'at", "تل رفعت"), ("Aleppo", "حلب"), ("Deir ez-Zor", "دير الزور"),
        ("Homs city", "مدينة حمص"), ("Khan Shaykhun", "Khan Cheikhoun"), ("Hamra (Hamra)", "الحمرا"),
        ("Eastern Ghariyeh", "الغارية الشرقية"),
    ],
)  # fmt: skip
def test_one_place_in_two_spellings_meets(one: str, other: str) -> None:
    first, second = place_keys(pa.array([one, other])).to_pylist()
    assert sorted(first) == sorted(second)


def test_a_governorate_and_the_countryside_around_its_city_are_two() -> None:
    first, second = place_keys(pa.array(["Damascus", "ريف دمشق"])).to_pylist()
    assert first != second


def _weights(rows: list[dict[str, object]]) -> dict[int, int]:
    table = features(pa.Table.from_pylist(rows), [0] + [1] * (len(rows) - 1), [True] * len(rows))
    with Engine(threads=1, memory=256).session() as session:
        session.give("features", table)
        found = pairs(session, profile("place"), parameters("place"), -60_000).pairs.to_pylist()
    return {row["b"]: row["weight"] for row in found}


def test_coordinates_speak_only_as_far_as_they_are_known() -> None:
    asked = {
        "name": "Tell Safsaf",
        "name_other": None,
        "admin1": None,
        "lat": 35.0,
        "lon": 37.0,
        "radius": 500,
    }
    near = asked | {"lat": 35.005}
    far = asked | {"lat": 35.6}
    silent = asked | {"lat": None, "lon": None}
    wide = far | {"radius": 80_000}
    found = _weights([asked, near, far, silent, wide])
    assert found[1] > found[3] > found[2]
    assert found[4] == found[1]


def test_names_of_nothing_meet_nothing() -> None:
    rows = [{"name": name, "admin1": "x"} for name in ("--", "--", "7", "")]
    assert _weights(rows) == {}
