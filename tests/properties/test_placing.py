"""A claim placed among claims that were fused stands where a full run puts it, ties included."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire import worlds
from holdfire.errors import BadInput
from holdfire.fusing.incidents import arriving
from holdfire.fusing.incidents.background import Background
from holdfire.fusing.incidents.fuse import fuse
from holdfire.fusing.incidents.placing import place
from holdfire.records.claim import CLAIM
from holdfire.records.link import Decided, Said, Settled
from holdfire.records.source import Repeats
from placed import ENGINE, after, compared, continued, differing, records, standing

START = datetime(2031, 5, 1, tzinfo=UTC)
KNOWN = Background({"set": Repeats.DISTINCT, "wire": Repeats.MOSTLY})


@st.composite
def claim_row(draw: st.DrawFn, number: int) -> dict[str, Any]:
    """A claim of few days and places, with what may be silent often silent."""
    start = START + timedelta(hours=12 * draw(st.integers(0, 4)))
    located = draw(st.booleans())
    low = draw(st.none() | st.integers(0, 3))
    return {
        "claim_id": f"c-{draw(st.integers(0, 999)):03}{number:013x}",
        "report": draw(st.sampled_from("ab")) * 64,
        "seq": draw(st.integers(1, 3)),
        "source": draw(st.sampled_from(["set", "paper", "wire"])),
        "root": draw(st.sampled_from(["r1", "r2"])),
        "chain": [],
        "kind": "reported",
        "stance": draw(st.sampled_from(["asserts", "asserts", "accuses", "admits", "denies", "pledges"])),
        "modality": "actual",
        "negated": draw(st.sampled_from([False, False, False, True])),
        "event_type": draw(st.sampled_from(["attack.shelling", "attack.airstrike"])),
        "actors": draw(st.none() | st.lists(st.sampled_from(["north", "south"]), min_size=1, max_size=2)),
        "targets": draw(st.none() | st.just(["south"])),
        "directed": draw(st.booleans()),
        "start": draw(st.sampled_from([start, start, start, None])),
        "end": start + timedelta(hours=draw(st.sampled_from([1, 24, 200]))),
        "time_precision": "day",
        "place": draw(st.sampled_from([None, "Tall Zed", "Kafr Wye"])),
        "lat": 33.0 + draw(st.integers(0, 2)) / 40 if located else None,
        "lon": 36.0 if located else None,
        "radius": draw(st.sampled_from([500.0, 2500.0])) if located else None,
        "geo_precision": "point" if located else "unknown",
        "killed_low": low,
        "killed_high": low,
        "cumulative": False,
        "spans": [],
        "rules": [],
    }


@st.composite
def two_lots(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Claims that stand, and claims that arrive."""
    before, new = draw(st.integers(1, 14)), draw(st.integers(1, 4))
    made = [draw(claim_row(number)) for number in range(before + new)]
    return made[:before], made[before:]


@given(two_lots())
@settings(max_examples=8, deadline=None)  # each fuses twice and places
def test_few_claims_are_placed_as_a_full_run_places_them(
    lots: tuple[list[dict[str, Any]], list[dict[str, Any]]],
) -> None:
    before, new = lots
    assert compared(CLAIM.table(before), CLAIM.table(new), KNOWN) == []


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[pa.Table, Background]:
    folder: Path = tmp_path_factory.mktemp("world") / "hard"
    worlds.make("hard", 3, 2_500, folder)
    return records(folder, "hard")


@pytest.mark.parametrize(("seed", "count"), [(1, 1), (2, 5), (3, 60)])
def test_reports_of_a_world_are_placed_as_a_full_run_places_them(
    world: tuple[pa.Table, Background], seed: int, count: int
) -> None:
    claims, known = world
    chosen = sorted(random.Random(seed).sample(range(len(claims)), count))
    rest = sorted(set(range(len(claims))) - set(chosen))
    assert compared(claims.take(rest), claims.take(chosen), known) == []


def crowd(count: int, seed: int) -> list[dict[str, Any]]:
    """Claims of one day and place, far more than are compared with each other, of several sources."""
    pick = random.Random(seed)
    return [
        {
            "claim_id": f"c-{pick.getrandbits(60):015x}{n % 10}",
            "report": f"{n % 7}" * 64,
            "seq": n,
            "source": pick.choice(["set", "paper", "wire"]),
            "root": "r",
            "chain": [],
            "kind": "reported",
            "stance": "asserts",
            "modality": "actual",
            "negated": False,
            "event_type": pick.choice(["attack.shelling", "attack.airstrike"]),
            "actors": [pick.choice(["north", "south"])],
            "directed": True,
            "start": START + timedelta(minutes=pick.randrange(60)),
            "end": START + timedelta(hours=2),
            "time_precision": "hour",
            "place": pick.choice(["Tall Zed", "Kafr Wye", "Ayn Ecks"]),
            "lat": 33.0 + pick.randrange(9) / 1000,
            "lon": 36.0,
            "radius": 500.0,
            "geo_precision": "point",
            "killed_low": pick.randrange(6),
            "killed_high": 6,
            "cumulative": False,
            "spans": [],
            "rules": [],
        }
        for n in range(count)
    ]


@pytest.mark.parametrize(("count", "new"), [(420, 1), (420, 7), (300, 1), (298, 5)])
def test_a_claim_in_a_crowded_block_is_placed_as_a_full_run_places_it(count: int, new: int) -> None:
    made = crowd(count + new, seed=count + new)
    assert compared(CLAIM.table(made[new:]), CLAIM.table(made[:new]), KNOWN) == []


def test_without_the_neighbours_in_a_crowded_block_it_would_not_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "_shift", lambda session, bounds: False)
    made = crowd(427, seed=427)
    assert compared(CLAIM.table(made[7:]), CLAIM.table(made[:7]), KNOWN) != []


def test_without_the_steps_of_values_it_would_not_be(
    world: tuple[pa.Table, Background], monkeypatch: pytest.MonkeyPatch
) -> None:
    claims, known = world
    chosen = sorted(random.Random(3).sample(range(len(claims)), 60))
    rest = sorted(set(range(len(claims))) - set(chosen))

    def untouched(session: Any, *others: Any) -> None:
        retell(session, *others)
        session.make("touched", "SELECT CAST(NULL AS BIGINT) AS record WHERE false")

    retell = arriving._retell
    monkeypatch.setattr(arriving, "_retell", untouched)
    assert compared(claims.take(rest), claims.take(chosen), known) != []


def test_one_by_one_in_any_order_gives_what_all_at_once_gives() -> None:
    made = crowd(330, seed=5)
    pick = random.Random(8)
    whole = fuse(CLAIM.table(made), KNOWN, ENGINE)
    for _ in range(2):
        waiting = pick.sample(range(330), 3)
        here = [n for n in range(330) if n not in waiting]
        end = None  # what a full run made of those that are here is what the next one is placed among
        for n in waiting:
            table = CLAIM.table([made[k] for k in here])
            found, end = continued(table, CLAIM.table([made[n]]), KNOWN, fused=end)
            assert found == []
            here.append(n)
        assert end is not None
        assert differing((end.incidents, end.members), whole) == []


def test_what_people_decided_of_claims_that_stand_holds_when_another_arrives() -> None:
    made = crowd(40, seed=6)
    ids = sorted(each["claim_id"] for each in made[1:])
    said = {(ids[0], ids[1]): Said.SAME, (ids[2], ids[3]): Said.DIFFERENT, (ids[4], ids[9]): Said.SAME}
    settled = Settled({pair: Decided(each, "A", "2031-05-02T00:00:00Z") for pair, each in said.items()})
    assert compared(CLAIM.table(made[1:]), CLAIM.table(made[:1]), KNOWN, settled) == []


def test_a_full_run_is_due_where_the_prior_moves() -> None:
    made = crowd(1_218, seed=7)
    for number, each in enumerate(made):  # far apart in time, so that hardly any two meet
        each["start"] += timedelta(days=20 * number)
        each["end"] += timedelta(days=20 * number)
    with standing(CLAIM.table(made[1:]), KNOWN) as (session, before):
        placed = place(session, CLAIM.table(made[:1]), KNOWN)
        assert "odds of any two have moved" in placed.due
        assert not placed.homes
    with standing(CLAIM.table(made[2:]), KNOWN) as (session, before):
        placed = place(session, CLAIM.table(made[:1]), KNOWN)
        whole = fuse(CLAIM.table([*made[2:], made[0]]), KNOWN, ENGINE)
        assert differing(after(before, placed), whole) == []


def test_a_claim_that_stands_already_is_refused() -> None:
    made = crowd(5, seed=9)
    with standing(CLAIM.table(made), KNOWN) as (session, _), pytest.raises(BadInput, match="already"):
        place(session, CLAIM.table(made[:1]), KNOWN)


def test_a_claim_that_tells_of_nothing_that_happened_has_no_home() -> None:
    made = crowd(5, seed=10)
    made[0] |= {"modality": "pledged"}
    with standing(CLAIM.table(made[1:]), KNOWN) as (session, _):
        placed = place(session, CLAIM.table(made[:1]), KNOWN)
    assert [(home.incident, home.part) for home in placed.homes] == [(None, "")]
    assert len(placed.incidents) == len(placed.members) == 0
