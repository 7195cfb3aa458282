"""Numbers refuse to be added across rules; restated ones are one; conversions carry their rule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from holdfire.engine import Engine
from holdfire.errors import BadInput
from holdfire.judging.recounting import converted, numbers, restated
from holdfire.records.counting import EACH_OBSERVATION, SHELLING, Ruled, by_kind, total

UNITS = ("each observation", "shelling incident", "complaint", "ruling", "arrest")
OPENED = datetime(2031, 5, 1, tzinfo=UTC)
INSTANT = pa.timestamp("us", tz="UTC")


def count(rule: str, low: int, high: int | None = None) -> Ruled:
    return Ruled(rule=rule, low=low, high=low if high is None else high)


def test_the_running_total_of_july_to_october_2020_is_one_number_under_one_rule() -> None:
    """The mission to Ukraine since the recommitment, as quoted by Promote Ukraine."""
    kinds = {
        "explosions": 398,
        "projectiles": 17,
        "muzzle flashes": 7,
        "flares": 21,
        "bursts and shots": 1177,
    }
    found = by_kind(EACH_OBSERVATION, 1620, kinds)
    assert (found.low, found.high, found.rule) == (1620, 1620, "each observation")
    assert total(Ruled(rule=EACH_OBSERVATION, low=n, high=n) for n in kinds.values()) == found
    with pytest.raises(BadInput, match="the parts come to 1619, and the total is 1620"):
        by_kind(EACH_OBSERVATION, 1620, kinds | {"flares": 20})


@pytest.mark.parametrize("one", UNITS)
@pytest.mark.parametrize("other", UNITS)
def test_a_sum_across_rules_is_refused_and_names_both(one: str, other: str) -> None:
    if one == other:
        assert (count(one, 3) + count(other, 4)).low == 7
        return
    with pytest.raises(BadInput) as caught:
        count(one, 3) + count(other, 4)
    assert f'"{one}"' in str(caught.value)
    assert f'"{other}"' in str(caught.value)
    with pytest.raises(BadInput, match="2 counting rules, and are not added"):
        total([count(one, 3), count(other, 4)])


def test_bounds_are_kept_and_a_number_of_nothing_is_refused() -> None:
    assert (count("complaint", 3, 5) + Ruled(rule="complaint", low=1, high=None)).high is None
    for wrong in ({"rule": " "}, {"low": -1}, {"low": 9, "high": 8}):
        with pytest.raises(BadInput):
            Ruled(**({"rule": "complaint", "low": 1, "high": 2} | wrong))
    with pytest.raises(BadInput, match="no number is given"):
        total([])
    with pytest.raises(TypeError):
        count("complaint", 3) + 4  # type: ignore[operator]


def a_claim(number: int, report: int, hours: float, quantity: int = 5, **more: Any) -> dict[str, Any]:
    start = OPENED + timedelta(hours=hours)
    return {
        "claim_id": f"c-{number:03}",
        "report": f"r{report}",
        "seq": number,
        "source": "mission",
        "event_type": "attack.shelling",
        "start": start,
        "end": start + timedelta(minutes=5),
        "place": "Ashford",
        "lat": None,
        "lon": None,
        "quantity": quantity,
        "quantity_bound": "exact",
        "counting_rule": EACH_OBSERVATION,
        "cumulative": False,
    } | more


def claims(*rows: dict[str, Any]) -> pa.Table:
    types = {"start": INSTANT, "end": INSTANT, "lat": pa.float64(), "lon": pa.float64(), "seq": pa.int64()}
    return pa.table({n: pa.array([row[n] for row in rows], types.get(n)) for n in rows[0]})


def reports(*days: int) -> pa.Table:
    """Return reports r1, r2 and so on, published on these days."""
    published = pa.array([OPENED + timedelta(days=day) for day in days], INSTANT)
    return pa.table({"report": [f"r{n}" for n in range(1, len(days) + 1)], "published": published})


def counted(rows: pa.Table, published: pa.Table) -> list[tuple[str, str, int, int | None, int, int]]:
    return [tuple(row.values()) for row in numbers(rows, published, Engine()).to_pylist()]


def test_rounds_seen_in_three_successive_daily_reports_are_one() -> None:
    rows = claims(a_claim(1, 1, 2), a_claim(2, 2, 2), a_claim(3, 3, 2), a_claim(4, 3, 9, 7))
    assert counted(rows, reports(1, 2, 3)) == [("mission", EACH_OBSERVATION, 12, 12, 2, 2)]
    found = restated(rows, reports(1, 2, 3), Engine()).to_pylist()
    assert [row["stands_for"] for row in found] == ["c-001", "c-001", "c-001", "c-004"]
    weekend = reports(1, 4, 5)
    assert counted(rows, weekend)[0][2] == 12, "reports may skip days and still follow each other"


@pytest.mark.parametrize(
    "other",
    [
        {"hours": 3},
        {"quantity": 6},
        {"place": "Brookside"},
        {"event_type": "attack.armed_clash"},
        {"counting_rule": "shelling incident"},
        {"quantity_bound": "lower"},
        {"source": "observers"},
        {"report": 3},
        {"report": 1},
    ],
)
def test_what_differs_in_anything_is_another_observation(other: dict[str, Any]) -> None:
    given = {"number": 2, "report": 2, "hours": 2} | other
    rows = claims(a_claim(1, 1, 2), a_claim(**given), a_claim(9, 2, 30, 1))
    assert sum(row["restated"] for row in numbers(rows, reports(1, 2, 3), Engine()).to_pylist()) == 0


def test_two_bursts_in_one_report_are_two_however_often_restated() -> None:
    rows = claims(a_claim(1, 1, 2), a_claim(2, 1, 2), a_claim(3, 2, 2), a_claim(4, 2, 2))
    assert counted(rows, reports(1, 2)) == [("mission", EACH_OBSERVATION, 10, 10, 2, 2)]


def test_running_totals_are_not_added_and_rules_are_kept_apart() -> None:
    rows = claims(
        a_claim(1, 1, 2),
        a_claim(2, 1, 2, 900, cumulative=True),
        a_claim(3, 1, 4, 2, counting_rule="complaint", quantity_bound="lower"),
        a_claim(4, 1, 6, 3, counting_rule="complaint", quantity_bound="upper"),
    )
    assert counted(rows, reports(1)) == [
        ("mission", "complaint", 2, None, 2, 0),
        ("mission", EACH_OBSERVATION, 5, 5, 1, 0),
    ]


def test_a_new_shelling_incident_begins_after_an_hours_gap() -> None:
    minutes = (0, 30, 80, 145, 400)  # 145 lies an hour after 85, the end of what began at 80
    rows = claims(
        *(a_claim(n, 1, m / 60) for n, m in enumerate(minutes, 1)),
        a_claim(7, 1, 0, place="Brookside"),
        a_claim(8, 2, 0),  # restated the day after
    )
    found = converted(rows, reports(1, 2), SHELLING, Engine())
    assert found.number == Ruled(rule="shelling incident by hour-gap", low=4, high=4)
    assert (found.of, found.unplaced) == (6, 0)
    with pytest.raises(BadInput, match="not added"):
        total([found.number, count("shelling incident", 3)])


def test_what_cannot_be_placed_in_time_is_not_guessed() -> None:
    day = a_claim(2, 1, 0, end=OPENED + timedelta(days=1))
    found = converted(claims(a_claim(1, 1, 2), day), reports(1), SHELLING, Engine())
    assert (found.number.low, found.number.high, found.unplaced) == (1, None, 1)


def test_a_conversion_of_another_rule_is_refused() -> None:
    rows = claims(a_claim(1, 1, 2), a_claim(2, 1, 3, counting_rule="arrest"))
    with pytest.raises(BadInput, match='"hour-gap" is not for numbers counted as "arrest"'):
        converted(rows, reports(1), SHELLING, Engine())
