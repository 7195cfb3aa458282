"""The promises of fusing, each attacked with claims we make up."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.engine import Engine
from holdfire.fusing.incidents.background import Background
from holdfire.fusing.incidents.fuse import Fused, fuse
from holdfire.fusing.incidents.merging import merge
from holdfire.records.claim import CLAIM
from holdfire.records.incident import INCIDENT
from holdfire.records.source import Repeats
from holdfire.tables import rows

ENGINE = Engine(threads=1, memory=256)
START = datetime(2031, 5, 1, tzinfo=UTC)


@st.composite
def claim_rows(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Claims crowded into few days and places, so that many of them meet."""
    count = draw(st.integers(1, 12))
    return [draw(claim_row(number)) for number in range(count)]


@st.composite
def claim_row(draw: st.DrawFn, number: int) -> dict[str, Any]:
    start = START + timedelta(hours=draw(st.integers(0, 96)))
    located = draw(st.booleans())
    low = draw(st.none() | st.integers(0, 9))
    return {
        "claim_id": f"c-{number:016x}",
        "report": draw(st.sampled_from("ab")) * 64,
        "seq": number,
        "source": draw(st.sampled_from(["set", "paper", "wire"])),
        "root": draw(st.sampled_from(["r1", "r2"])),
        "chain": [],
        "kind": "reported",
        "stance": draw(st.sampled_from(["asserts", "asserts", "accuses", "admits", "denies", "pledges"])),
        "modality": draw(st.sampled_from(["actual", "actual", "actual", "proposed"])),
        "negated": draw(st.sampled_from([False, False, True])),
        "event_type": draw(st.sampled_from(["attack.shelling", "attack.unspecified", "attack.airstrike"])),
        "actors": draw(st.none() | st.lists(st.sampled_from(["north", "south"]), min_size=1, max_size=2)),
        "targets": draw(st.none() | st.just(["south"])),
        "directed": draw(st.booleans()),
        "start": draw(st.sampled_from([start, start, None])),
        "end": start + timedelta(hours=draw(st.sampled_from([0, 24, 200]))),
        "time_precision": "day",
        "lat": 33.0 + draw(st.integers(0, 8)) / 40 if located else None,
        "lon": 36.0 if located else None,
        "radius": draw(st.sampled_from([500.0, 2500.0, 40000.0])) if located else None,
        "geo_precision": "point" if located else "unknown",
        "killed_low": low,
        "killed_high": None if low is None else draw(st.none() | st.integers(low, low + 5)),
        "cumulative": False,
        "spans": [],
        "rules": [],
    }


def run(listed: list[dict[str, Any]], distinct: set[str] | None = None) -> Fused:
    behaviour = dict.fromkeys(distinct or {"set"}, Repeats.DISTINCT)
    return fuse(CLAIM.table(listed), Background(behaviour), ENGINE)


def partition(fused: Fused) -> set[tuple[str, frozenset[str]]]:
    homes: dict[str, set[str]] = {}
    for row in rows(fused.members):
        homes.setdefault(row["incident_id"], set()).add(row["claim_id"])
    return {(home, frozenset(claims)) for home, claims in homes.items()}


def makes(claim: dict[str, Any]) -> bool:
    return (
        claim["stance"] in ("asserts", "accuses", "admits")
        and claim["modality"] == "actual"
        and not claim["negated"]
    )


@given(claim_rows(), st.integers(0, 1000))
@settings(max_examples=15, deadline=None)
def test_promises_of_one_run_hold(listed: list[dict[str, Any]], seed: int) -> None:
    """Fusing takes most of the time of an example, so what holds of one result is asked of one."""
    fused = run(listed)
    every_claim_of_an_occurrence_is_in_exactly_one_incident(listed, fused)
    an_incident_is_as_wide_as_claims_that_disagree(listed, fused)
    one_more_claim_removes_none(listed, fused)
    the_order_of_arrival_changes_nothing(listed, fused, seed)


def every_claim_of_an_occurrence_is_in_exactly_one_incident(
    listed: list[dict[str, Any]], fused: Fused
) -> None:
    members = [row["claim_id"] for row in rows(fused.members)]
    assert len(members) == len(set(members))
    assert {c["claim_id"] for c in listed if makes(c)} <= set(members)
    assert {row["incident_id"] for row in rows(fused.members)} == set(
        fused.incidents["incident_id"].to_pylist()
    )
    assert not {c["claim_id"] for c in listed if c["modality"] != "actual"} & set(members)


def an_incident_is_as_wide_as_claims_that_disagree(listed: list[dict[str, Any]], fused: Fused) -> None:
    by_id = {c["claim_id"]: c for c in listed}
    incidents = {row["incident_id"]: row for row in rows(fused.incidents)}
    for home, claims in partition(fused):
        supporting = [by_id[c] for c in claims if makes(by_id[c])]
        incident = incidents[home]
        lows = [c["killed_low"] for c in supporting if c["killed_low"] is not None]
        assert incident["killed_low"] == (min(lows) if lows else None)
        highs = [c["killed_high"] for c in supporting if c["killed_low"] is not None]
        assert incident["killed_high"] == (max(highs) if highs and None not in highs else None)
        for claim in supporting:
            if claim["start"] is None:
                continue
            apart = claim["end"] <= incident["start"] or claim["start"] >= incident["end"]
            assert not apart or claim["start"] == claim["end"]


def one_more_claim_removes_none(listed: list[dict[str, Any]], fused: Fused) -> None:
    before = {row["claim_id"] for row in rows(run(listed[:-1]).members)} if len(listed) > 1 else set()
    after = {row["claim_id"] for row in rows(fused.members)}
    answers = {c["claim_id"] for c in listed if not makes(c)}
    assert before - answers <= after


def the_order_of_arrival_changes_nothing(listed: list[dict[str, Any]], one: Fused, seed: int) -> None:
    shuffled = list(listed)
    random.Random(seed).shuffle(shuffled)
    other = run(shuffled)
    assert one.incidents.equals(other.incidents)
    assert one.members.equals(other.members)


@given(claim_rows())
@settings(max_examples=13, deadline=None)  # each fuses
def test_a_source_that_keeps_its_records_distinct_never_joins_two(listed: list[dict[str, Any]]) -> None:
    fused = run(listed, {"set", "paper"})
    source = {c["claim_id"]: c["source"] for c in listed if makes(c)}
    for _, claims in partition(fused):
        named = [source[c] for c in claims if source.get(c) in ("set", "paper")]
        assert len(named) == len(set(named))


@given(claim_row(1))
@settings(max_examples=13, deadline=None)  # each fuses
def test_a_claim_alone_is_the_same_by_sql_and_by_merging(row: dict[str, Any]) -> None:
    row |= {"stance": "asserts", "modality": "actual", "negated": False}
    whole = CLAIM.table([row])
    by_sql = run([row]).incidents
    by_hand = INCIDENT.table([merge(whole.to_pylist())])
    assert by_sql.to_pylist() == by_hand.to_pylist()


def test_a_silent_claim_widens_nothing() -> None:
    told = {
        "claim_id": "c-1", "report": "a", "root": "r", "source": "x", "event_type": "attack.shelling",
        "actors": ["north"], "targets": None, "actors_text": None, "targets_text": None, "directed": True,
        "start": START, "end": START + timedelta(days=1), "time_precision": "day", "place": "Mill",
        "admin1": "West", "lat": 33.0, "lon": 36.0, "radius": 500.0, "geo_precision": "point",
        "killed_low": 2, "killed_best": 2, "killed_high": 2, "civilians_low": None, "civilians_high": None,
        "injured_low": None, "injured_high": None,
    }  # fmt: skip
    silent = {
        **told, "claim_id": "c-2", "killed_low": None, "killed_best": None, "killed_high": None,
        "lat": None, "lon": None, "radius": None, "start": None, "end": None, "place": None, "admin1": None,
    }  # fmt: skip
    merged = merge([told, silent])
    assert {k: merged[k] for k in ("killed_low", "killed_high", "start", "end", "radius", "place")} == {
        k: told[k] for k in ("killed_low", "killed_high", "start", "end", "radius", "place")
    }
    assert merged["claims"] == 2
