"""A belt is as wide as the text says, from the day it says so, and as sure as the line was drawn."""

from __future__ import annotations

import json

import numpy as np
import pytest

from builders import AGREEMENT, an_agreement
from holdfire.agreement.belts import around
from holdfire.agreement.document import Agreement
from holdfire.agreement.zones import read_zones
from holdfire.errors import BadInput, HoldfireError
from holdfire.places import Area, distance

LINE = {"type": "LineString", "coordinates": [[38.0, 48.0], [38.0, 49.0]]}


def drawn(geometry: object, **properties: object) -> str:
    given = {"id": "line", "kind": "withdrawal_line", "name": {"en": "Line"}, "cite": "Map 1", **properties}
    return json.dumps({"type": "Feature", "properties": given, "geometry": geometry})


def with_line(distance: str) -> Agreement:
    term = AGREEMENT["terms/aid.yaml"] + f"zone: line\nparameters:\n  distance: {distance}\n"
    return an_agreement(**{"terms/aid.yaml": term, "zones/line.geojson": drawn(LINE, accuracy=2000)})


@pytest.mark.parametrize("metres", [15_000, 25_000, 70_000])
def test_a_belt_holds_what_is_nearer_and_nothing_else(metres: int) -> None:
    polygon = around(read_zones(drawn(LINE), "zone")[0].polygon, metres)
    east = np.linspace(0.0, 1.5, 301)
    there = distance(48.5, 38.0, 48.5, 38.0 + east)
    inside = Area(polygon).contains(np.full(301, 48.5), 38.0 + east, np.zeros(301))
    far = [abs(d - metres) > metres / 200 for d in there]
    assert all(i == (d < metres) for i, d, sure in zip(inside, there, far, strict=True) if sure)
    assert {True, False} <= set(inside)


def test_another_distance_from_another_day_is_another_belt() -> None:
    agreement = with_line('{2031-05-01: {value: 15000, cite: "A"}, 2031-06-01: {value: 25000, cite: "B"}}')
    assert [(z.starts, z.until[:10], z.accuracy) for z in agreement.zones] == [
        ("2031-05-01", "2031-05-31", 2000.0),
        ("2031-06-01", "", 2000.0),
    ]
    narrow, wide = (zone.polygon for zone in agreement.zones)
    assert wide.contains(narrow)
    assert agreement.places(agreement.terms[0]) == [0, 1]
    assert [line.id for line in agreement.lines] == ["line"]


def test_a_line_without_a_distance_is_refused() -> None:
    term = AGREEMENT["terms/aid.yaml"] + "zone: line\n"
    with pytest.raises(HoldfireError, match="is a line"):
        an_agreement(**{"terms/aid.yaml": term, "zones/line.geojson": drawn(LINE)})
    with pytest.raises(HoldfireError, match="no whole number of metres"):
        with_line('{2031-05-01: {value: "15 km", cite: "A"}}')


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (drawn(LINE, kind="protected_zone"), "not a Polygon"),
        (drawn(LINE, accuracy=-1), "accuracy"),
        (drawn({"type": "LineString", "coordinates": [[38.0, 48.0]]}), "cannot be read"),
        (drawn({"type": "LineString", "coordinates": [[38.0, 148.0], [38.0, 149.0]]}), "outside -90..90"),
    ],
)
def test_a_line_that_cannot_be_is_refused(text: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        read_zones(text, "zone")


def test_a_zone_changes_its_shape_by_date_and_never_has_two_at_once() -> None:
    square = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    first = drawn(square, kind="protected_zone", **{"from": "2031-05-01", "until": "2031-06-01"})
    then = drawn(square, kind="protected_zone", **{"from": "2031-06-01"})
    shapes = {"zones/a.geojson": first, "zones/b.geojson": then}
    assert len(an_agreement(**shapes).zones) == 2
    with pytest.raises(HoldfireError, match='two zones are called "line"'):
        an_agreement(**{**shapes, "zones/b.geojson": then.replace("2031-06-01", "2031-05-20")})
