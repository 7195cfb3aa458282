"""Which incident a denial or a plea answers, what a claim alone comes to, and who says that two are one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from builders import a_claim, an_incident
from holdfire.digests import digest
from holdfire.engine import Engine
from holdfire.fusing.incidents.alone import alone
from holdfire.fusing.incidents.answering import answers
from holdfire.fusing.incidents.linking import same_as
from holdfire.fusing.incidents.selecting import PLEA
from holdfire.fusing.parameters import parameters
from holdfire.records.claim import CLAIM
from holdfire.records.incident import INCIDENT
from holdfire.records.link import Decided, Said, Settled

START = datetime(2031, 5, 1, tzinfo=UTC)
DAY = {"start": START, "end": START + timedelta(days=1)}


def answered(claim: dict[str, Any], *incidents: dict[str, Any]) -> list[dict[str, Any]]:
    with Engine(threads=1, memory=256).session() as session:
        session.give("claims", CLAIM.table([claim]))
        session.give("incidents", INCIDENT.table(incidents))
        found: list[dict[str, Any]] = answers(session).to_pylist()
    return found


def denial(**said: Any) -> dict[str, Any]:
    return a_claim(1, **{**DAY, "stance": "denies", **said})


def told(number: int = 1, **said: Any) -> dict[str, Any]:
    return an_incident(number, **{**DAY, **said})


def test_a_denial_joins_the_incident_it_fits_and_says_so() -> None:
    (found,) = answered(denial(), told())
    assert (found["incident_id"], found["part"]) == (told()["incident_id"], "denies")
    (found,) = answered(denial(stance="asserts", negated=True), told())
    assert found["part"] == "denies"


@pytest.mark.parametrize(
    "said",
    [
        {"start": START + timedelta(days=2), "end": START + timedelta(days=3)},
        {"start": START - timedelta(days=2), "end": START - timedelta(days=1)},
        {"place": "Beta", "lat": None, "lon": None},
        {"place": "Beta", "lat": 33.9, "lon": 36.2765},
        {"actors": ["third"], "targets": ["fourth"]},
        {"event_type": "detention.arrest"},
        {"place": None, "lat": None, "lon": None, "actors": None, "targets": None},
        {"start": None, "end": None},
    ],
)
def test_a_denial_that_does_not_fit_is_listed_and_in_no_incident(said: dict[str, Any]) -> None:
    (found,) = answered(denial(**said), told())
    assert found["incident_id"] is None


@pytest.mark.parametrize(
    "said",
    [
        {"place": None, "lat": None, "lon": None},
        {"actors": None, "targets": None},
        {"place": "ALPHA", "lat": None, "lon": None},
        {"place": "another name", "lat": 33.55},
        {"actors": ["south"], "targets": None},
    ],
)
def test_what_a_denial_leaves_out_or_words_otherwise_does_not_part_it(said: dict[str, Any]) -> None:
    (found,) = answered(denial(**said), told())
    assert found["incident_id"] == told()["incident_id"]


def test_of_several_the_nearest_is_answered_then_the_one_closest_in_time() -> None:
    near, far = told(1, lat=33.52), told(2, lat=33.53)
    for listed in ((near, far), (far, near)):
        (found,) = answered(denial(radius=20_000.0), *listed)
        assert found["incident_id"] == near["incident_id"]
    early = told(1, start=START - timedelta(hours=9), end=START + timedelta(hours=2))
    late = told(2, start=START + timedelta(hours=1), end=START + timedelta(hours=2))
    (found,) = answered(denial(), early, late)
    assert found["incident_id"] == late["incident_id"]


def test_a_plea_answers_an_act_of_any_family_and_makes_no_denial() -> None:
    (found,) = answered(denial(stance="asserts", event_type=PLEA), told())
    assert (found["incident_id"], found["part"]) == (told()["incident_id"], "pleads")


@pytest.mark.parametrize("said", [{"stance": "asserts"}, {"modality": "proposed"}, {"cumulative": True}])
def test_what_neither_denies_nor_happened_answers_nothing(said: dict[str, Any]) -> None:
    assert answered(denial(**said), told()) == []


def lone(**said: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    with Engine(threads=1, memory=256).session() as session:
        session.give("makes", CLAIM.table([a_claim(1, **said)]))
        session.give("grouped", pa.table({"claim_id": pa.array([], pa.string())}))
        incidents, members = alone(session)
    return incidents.to_pylist()[0], members.to_pylist()[0]


def test_a_claim_alone_says_at_least_what_it_says_best_and_no_more_than_it_says() -> None:
    best, _ = lone(killed_low=None, killed_best=4, killed_high=None)
    assert [best[f"killed_{each}"] for each in ("low", "best", "high")] == [4, 4, None]
    most, _ = lone(killed_low=None, killed_best=None, killed_high=6)
    assert [most[f"killed_{each}"] for each in ("low", "best", "high")] == [0, None, 6]
    silent, _ = lone(killed_low=None, killed_best=None, killed_high=None)
    assert silent["killed_low"] is None


def test_a_claim_alone_keeps_its_roots_its_sides_in_order_and_no_radius_without_a_place() -> None:
    found, member = lone(
        root="a + b", actors=["south", "north", "south"], targets=[], lat=None, stance="admits"
    )
    assert (found["roots"], found["claims"], found["reports"]) == (2, 1, 1)
    assert (found["actors"], found["targets"], found["radius"]) == (["north", "south"], None, None)
    assert (member["incident_id"], member["part"]) == (found["incident_id"], "admits")


def test_what_people_decided_stands_in_place_of_the_weight_and_names_them() -> None:
    weights = parameters("incident")
    said = {
        ("c-0", "c-1"): Decided(Said.DIFFERENT, "ana", "2031-05-03T00:00Z"),
        ("c-2", "c-3"): Decided(Said.SAME, "ben", "2031-05-04T00:00Z"),
    }
    kept = pa.table({"a": [0, 0], "b": [1, 2], "weight": pa.array([9000, -weights.offset], pa.int32())})
    with Engine(threads=1, memory=256).session() as session:
        table = {
            "record": [0, 1, 2, 3],
            "claim_id": ["c-1", "c-0", "c-2", "c-3"],
            "source": [0, 1, 2, 3],
            "apart": [False] * 4,
        }
        session.give("features", pa.table(table))
        found = same_as(session, kept, weights, Settled(said)).to_pylist()
    rule = digest(weights.text().encode())
    assert [tuple(row.values()) for row in found] == [
        ("c-0", "c-1", 0, 9000, "ana", "2031-05-03T00:00Z"),
        ("c-1", "c-2", 500, -weights.offset, rule, None),
        ("c-2", "c-3", 1000, None, "ben", "2031-05-04T00:00Z"),
    ]
