from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from holdfire.agreement.zones import Zone, ZoneKind
from holdfire.answers import Answer
from holdfire.protecting.check import Touch, check
from holdfire.times import Interval

LOCAL = ZoneInfo("Europe/Chisinau")
NOON = datetime(2031, 5, 2, 12, tzinfo=UTC)
HOUR = Interval(NOON, NOON + timedelta(hours=1))


def a_zone(kind: ZoneKind = ZoneKind.PROTECTED_ZONE, starts: str = "", until: str = "") -> Zone:
    return Zone("mill", kind, {"en": "Mill"}, box(30, 11, 31, 12), "Art. 7", starts, until)


def test_an_area_that_touches_is_told_so_and_one_that_does_not_is_not() -> None:
    assert [t.zone for t in check([a_zone()], box(30.9, 11.9, 32, 13), HOUR, LOCAL)] == ["mill"]
    assert [t.zone for t in check([a_zone()], box(31, 12, 32, 13), HOUR, LOCAL)] == ["mill"], (
        "a corner touches"
    )
    assert check([a_zone()], box(31.1, 12.1, 32, 13), HOUR, LOCAL) == []


def test_an_area_where_strikes_are_coordinated_is_no_shelter() -> None:
    assert check([a_zone(ZoneKind.DESIGNATED_AREA)], box(30, 11, 31, 12), HOUR, LOCAL) == []


def test_a_zone_known_to_start_that_day_may_be_in_force() -> None:
    inside = box(30.4, 11.4, 30.5, 11.5)
    assert check([a_zone(starts="2031-05-03")], inside, HOUR, LOCAL) == []
    assert [t.in_force for t in check([a_zone(starts="2031-05-02")], inside, HOUR, LOCAL)] == [Answer.UNCLEAR]
    assert [t.in_force for t in check([a_zone(starts="2031-05-01")], inside, HOUR, LOCAL)] == [Answer.YES]
    assert check([a_zone(until="2031-05-01")], inside, HOUR, LOCAL) == []


@given(st.floats(30.01, 30.98), st.floats(11.01, 11.98))
def test_the_answer_is_the_same_wherever_in_the_zone_one_asks(lon: float, lat: float) -> None:
    """So a grid of questions finds the zone's published edge and nothing inside it."""
    found = check([a_zone()], box(lon, lat, lon + 0.01, lat + 0.01), HOUR, LOCAL)
    assert found == check([a_zone()], box(30.5, 11.5, 30.51, 11.51), HOUR, LOCAL)


def test_the_answer_has_no_place_for_a_distance_or_a_count() -> None:
    assert {f.name for f in fields(Touch)} == {"zone", "name", "in_force"}
