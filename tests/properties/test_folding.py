"""A source that repeats itself a thousand times is one voice: attack the folding of its equal claims."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from holdfire.engine import Engine
from holdfire.fusing.comparing.folding import fold
from holdfire.fusing.incidents import fuse as fusing
from holdfire.fusing.incidents.background import Background
from holdfire.fusing.incidents.fuse import Fused, fuse
from holdfire.fusing.incidents.placing import place as placing
from holdfire.fusing.incidents.standing import build
from holdfire.fusing.parameters import parameters
from holdfire.fusing.profile import profile
from holdfire.records.claim import CLAIM
from holdfire.records.link import Decided, Said, Settled
from holdfire.records.source import Repeats
from holdfire.tables import rows
from placed import compared, standing

ENGINE = Engine(threads=1, memory=512)
START = datetime(2031, 5, 1, 9, tzinfo=UTC)
MANY = 1000


def told(count: int, first: int = 0, **other: Any) -> list[dict[str, Any]]:
    """Equal claims, each of a report of its own."""
    return [
        {
            "claim_id": f"c-{n:016x}", "report": f"{n:064x}", "seq": 1, "source": "paper", "root": "r",
            "chain": [], "kind": "reported", "stance": "asserts", "modality": "actual", "negated": False,
            "event_type": "attack.shelling", "actors": ["north"], "targets": ["south"], "directed": True,
            "start": START, "end": START + timedelta(hours=2), "time_precision": "hour", "place": "Tall Zed",
            "admin1": "West", "lat": 33.0, "lon": 36.0, "radius": 500.0, "geo_precision": "point",
            "killed_low": 3, "killed_high": 3, "cumulative": False, "spans": [], "rules": [], **other,
        }
        for n in range(first, first + count)
    ]  # fmt: skip


def elsewhere(count: int) -> list[dict[str, Any]]:
    """Claims of other days and places, which have nothing to do with the rest."""
    listed = told(count, first=1_000_000)
    for n, each in enumerate(listed):
        days = timedelta(days=20 * (n + 1))
        each |= {"start": START + days, "end": START + days + timedelta(hours=2), "lat": 34.0 + n / 50}
        each |= {"place": f"Kafr {n}", "killed_low": n, "killed_high": n}
    return listed


def run(listed: list[dict[str, Any]], settled: Settled | None = None, **behaviour: Repeats) -> Fused:
    return fuse(CLAIM.table(listed), Background(behaviour), ENGINE, settled=settled)


def sizes(fused: Fused) -> list[int]:
    """How many claims each incident has, the most first."""
    return sorted(fused.incidents["claims"].to_pylist(), reverse=True)


def test_told_a_thousand_times_it_is_one_incident_and_few_pairs() -> None:
    fused = run([*told(MANY), *elsewhere(30)])
    assert sizes(fused) == [MANY] + [1] * 30
    assert fused.crowded == 0
    assert len(fused.links) == MANY - 1
    assert len(fused.sure) == MANY
    assert sizes(run(told(MANY))) == [MANY]  # a case of nothing else does not take it for common either


def test_control_unfolded_they_are_a_crowd_and_fall_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fusing, "repeating", lambda sources, background: [])
    fused = run(told(MANY))
    assert fused.crowded == MANY
    assert len(fused.links) > 10 * MANY or len(fused.incidents) > 1
    assert sizes(run([*told(MANY), *elsewhere(30)]))[0] < MANY


def test_of_one_date_or_of_the_capital_they_are_not_one_for_that() -> None:
    """What a careless reader fills in: one date for all, or the middle of the capital for all."""
    dated = told(MANY)
    for n, each in enumerate(dated):
        each |= {"lat": 30.0 + n % 40 / 4, "lon": 30.0 + n // 40 / 4, "place": f"Kafr {n}", "admin1": f"A{n}"}
    placed = told(MANY)
    for n, each in enumerate(placed):
        days = timedelta(days=10 * n)
        each |= {"start": START + days, "end": START + days + timedelta(hours=2)}
    both = told(300)
    for n, each in enumerate(both):
        each |= {
            "killed_low": n * n,
            "killed_high": n * n,
            "actors": [f"group {n}"],
            "targets": [f"town {n}"],
        }
    for listed in (dated, placed):
        assert set(sizes(run(listed))) == {1}
    assert sizes(run(both))[0] < 30  # not for the date and the place; those of like numbers may still meet


def test_equal_but_so_vague_that_chance_explains_it_they_are_not_folded() -> None:
    vague = {"start": START - timedelta(days=9), "end": START + timedelta(days=21), "time_precision": "month"}
    silent = {"place": None, "lat": None, "lon": None, "radius": None, "geo_precision": "unknown"}
    little = {"actors": None, "targets": None, "killed_low": None, "killed_high": None}
    listed = [*told(200, **vague, **silent, **little), *elsewhere(400)]
    fused = run(listed)
    assert set(sizes(fused)) == {1}
    assert sizes(run([*told(200), *elsewhere(400)]))[0] == 200  # control: precise ones are


def test_only_claims_of_a_source_that_repeats_itself_are_folded() -> None:
    for behaviour in (Repeats.DISTINCT, Repeats.MOSTLY):
        fused = run(told(20), paper=behaviour)
        assert fused.links.num_rows != 19
    assert set(sizes(run(told(20), paper=Repeats.DISTINCT))) == {1}
    two = [*told(20), *told(1, first=20, source="wire")]
    assert sizes(run(two)) == [21]


def test_a_claim_that_people_judged_stands_where_they_say() -> None:
    listed = told(50)
    apart, other = listed[7]["claim_id"], listed[0]["claim_id"]
    said = {(other, apart): Decided(Said.DIFFERENT, "A", "2031-05-02T00:00:00Z")}
    fused = run(listed, Settled(said))
    homes = {row["claim_id"]: row["incident_id"] for row in rows(fused.members)}
    assert homes[apart] != homes[other]
    assert sum(home == homes[other] for home in homes.values()) == 49


@pytest.mark.parametrize("first", [0, 1, 2])
def test_the_order_and_the_ids_of_equal_claims_change_nothing(first: int) -> None:
    listed = [*told(60), *told(5, first=100, source="wire", killed_low=4, killed_high=4), *elsewhere(10)]
    again = np.random.default_rng(first).permutation(len(listed))
    mine, other = run(listed), run([listed[k] for k in again])
    assert mine.members.equals(other.members)
    assert mine.links.equals(other.links)


def test_another_claim_is_placed_among_folded_ones_as_a_full_run_places_it() -> None:
    stand = CLAIM.table([*told(40), *told(40, first=50, killed_low=9, killed_high=9), *elsewhere(300)])
    behaviour = Background({"wire": Repeats.DISTINCT})
    for dead in (3, 4, 9):
        new = CLAIM.table(told(1, first=200, source="wire", killed_low=dead, killed_high=dead + 1))
        assert compared(stand, new, behaviour) == []


def test_a_full_run_is_due_where_equal_claims_come_to_be_apart() -> None:
    """Where the value that they share becomes a step commoner, and that was all they stood on."""
    stand = CLAIM.table([*told(40), *elsewhere(300)])
    new = CLAIM.table(told(1, first=200, source="wire"))
    with ENGINE.session() as session:
        session.give("makes", stand)
        features = fusing.features(session, Background())
        shipped = parameters("incident")
        (weight, *_) = fusing.fold_claims(session, features, Background(), shipped)["weight"].to_pylist()
    edge = shipped.model_copy(update={"offset": 1 - weight})
    behaviour = Background({"wire": Repeats.DISTINCT})
    fused = fuse(stand, behaviour, ENGINE, weights=edge)
    assert sizes(fused)[0] == 40
    with ENGINE.session() as session:
        session.run("ATTACH ':memory:' AS standing")
        build(session, stand, fused, behaviour, weights=edge)
        placed = placing(session, new, behaviour, weights=edge)
    assert placed.due == "whether equal claims are one for that has changed"


def test_a_full_run_is_due_where_an_equal_claim_arrives() -> None:
    stand = CLAIM.table([*told(10), *elsewhere(40)])
    with standing(stand, Background()) as (session, _):
        assert "equal in all that is compared" in placing(session, CLAIM.table(told(1, 99)), Background()).due
    pair = CLAIM.table(told(2, first=300, killed_low=8, killed_high=8))
    with standing(stand, Background()) as (session, _):
        assert "equal in all that is compared" in placing(session, pair, Background()).due


def test_shared_values_count_once_and_lists_are_compared_whole() -> None:
    """Directly: equal in plain columns and other in a list, they are two."""
    chosen, weighed = profile("incident"), parameters("incident")
    names = {**chosen.columns, "record": "BIGINT", "source": "INTEGER", "apart": "BOOLEAN"}
    with ENGINE.session() as session:
        columns = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in names.items())
        said = "0 AS source, false AS apart, 5 AS dead, 7 AS spot"
        session.make(
            "features",
            f"""SELECT n AS record, [n % 2] AS most, {said},
                * EXCLUDE (record, source, apart, dead, spot, most)
            FROM range(6) AS r(n), (SELECT {columns}) ORDER BY n""",
        )
        folded = fold(session, chosen, weighed, [0], prior=-1_000_000)
        assert folded.num_rows == 0  # equal, and too little for one
        assert session.sql("SELECT record, head FROM alike ORDER BY record").to_pylist() == [
            {"record": n, "head": n % 2} for n in range(2, 6)
        ]
        assert session.sql("SELECT record FROM once ORDER BY 1")["record"].to_pylist() == [0, 1]
        folded = fold(session, chosen, weighed, [0], judged=[4], prior=1_000_000)
        assert folded["record"].to_pylist() == [2, 3, 5]
        assert folded["head"].to_pylist() == [0, 1, 1]
        assert folded.schema.types == [pa.int64(), pa.int64(), pa.int32()]
        assert session.sql("SELECT record FROM single ORDER BY 1")["record"].to_pylist() == [0, 1, 4]
