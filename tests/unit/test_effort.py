"""Who told of what, by day and area; what follows for a change; and what GED says of May 2016."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from bench.judging.eyes import FIRST, TURN, Scene, records

from holdfire.engine import Engine
from holdfire.judging.changes import course, courses
from holdfire.judging.sighting import of_excluded, rates, sights, told, within
from holdfire.records.change import Basis, Change, Effort
from holdfire.records.sight import Restriction
from recorded import DAMASCUS, ged_whole

UTC_ZONE = ZoneInfo("UTC")
INSTANT = pa.timestamp("us", tz="UTC")


def table(rows: list[tuple[str, int, int, str | None]]) -> pa.Table:
    """Return incidents: id, first day, days, area."""
    opened = datetime(2031, 1, 1, tzinfo=UTC)
    return pa.table(
        {
            "incident_id": [row[0] for row in rows],
            "start": pa.array([opened + timedelta(days=row[1]) for row in rows], INSTANT),
            "end": pa.array([opened + timedelta(days=row[1] + row[2]) for row in rows], INSTANT),
            "admin1": pa.array([row[3] for row in rows], pa.string()),
        }
    )


def members(*rows: tuple[str, str, str]) -> pa.Table:
    return pa.table({n: [row[i] for row in rows] for i, n in enumerate(("incident_id", "claim_id", "part"))})


def test_each_root_tells_of_an_incident_once_and_a_denial_tells_of_none() -> None:
    incidents = table(
        [("i1", 0, 1, "Northmark"), ("i2", 0, 1, None), ("i3", 1, 30, "Northmark"), ("i4", 0, 1, "X"),
         ("i5", 0, 1, "X")]
    )  # fmt: skip
    claims = pa.table(
        {
            "claim_id": ["a", "b", "c", "d", "e", "f", "g"],
            "root": ["one", "two", "three", "two", "one", "two", "one + three"],
        }
    )
    joined = members(
        ("i1", "a", "supports"),
        ("i1", "b", "supports"),
        ("i1", "c", "denies"),
        ("i2", "d", "supports"),
        ("i3", "e", "supports"),
        ("i4", "f", "admits"),
        ("i4", "g", "supports"),
        ("i5", "g", "supports"),
    )
    found = sights(incidents, joined, claims, {"i4"}, UTC_ZONE, Engine())
    rows = [(r["area"], r["apart"], r["root"], r["told"], r["alone"]) for r in found.to_pylist()]
    assert rows == [
        ("", False, "", 1, 0),
        ("", False, "two", 1, 1),
        ("Northmark", False, "", 1, 0),
        ("Northmark", False, "one", 1, 0),
        ("Northmark", False, "two", 1, 0),
        ("X", False, "", 1, 1),
        ("X", True, "", 1, 0),
        ("X", True, "two", 1, 1),
    ], "what is known only to a month is in no day; what rests on two roots at once is told by neither"
    assert told(found) == 4
    assert told(found, (True,)) == 1
    assert told(within(found, date(2031, 1, 1), date(2031, 1, 1), "Northmark")) == 1
    by_root = {rate.root: (rate.told, rate.others, rate.both) for rate in rates(found)}
    assert by_root == {"one": (1, 3, 1), "two": (3, 1, 1)}


def test_a_fight_with_an_excluded_group_is_apart_whatever_the_day_and_whoever_stood_beside_it() -> None:
    sides = pa.list_(pa.string())
    incidents = pa.table(
        {
            "incident_id": ["alone", "beside", "neither", "silent", "struck"],
            "actors": pa.array([["band"], ["north", "band"], ["north"], None, ["north"]], sides),
            "targets": pa.array([["north"], ["south"], ["south"], ["south"], ["band"]], sides),
        }
    )
    assert of_excluded(incidents, {"band"}, Engine()) == {"alone", "beside", "struck"}
    assert of_excluded(incidents, set(), Engine()) == set()


def turn(scene: Scene, seed: int = 1, restrictions: tuple[Restriction, ...] = ()) -> Change:
    series, seen = records(scene, seed)
    changes = course(series, "incidents", "Northmark", seen, restrictions).changes
    return min(changes, key=lambda change: abs((change.day - FIRST).days - TURN))


def test_the_share_that_is_seen_and_what_is_left_are_given_with_their_intervals() -> None:
    doubled = [turn(Scene(access=2, rate=25), seed).seeing for seed in range(10)]
    real = [turn(Scene(fighting=2, rate=25), seed).seeing for seed in range(10)]
    assert {each.basis for each in (*doubled, *real)} == {Basis.OVERLAP}
    # Of two that hear 35 and 30 in 100, 54.5 are heard by one at least; of 70 and 60, 88: 161 in 100 as much.
    for found, seen, left in ((doubled, 161, 100), (real, 100, 200)):
        shares = [each.seen for each in found if each.seen]
        rests = [each.left for each in found if each.left]
        assert sum(share.low <= seen <= share.high for share in shares) >= 7
        assert sum(rest.low <= left <= rest.high for rest in rests) >= 7
    assert sum(each.effort is Effort.EXPLAINS for each in doubled) >= 7
    assert sum(each.effort is Effort.STEADY for each in real) >= 7


def test_with_one_source_and_no_other_fights_nothing_is_known() -> None:
    seeing = turn(Scene(fighting=3, others=0, sources=(0.5,))).seeing
    assert seeing.basis is Basis.OTHERS, "before the turn there were others; they fell while these rose"
    series, seen = records(Scene(fighting=3, sources=(0.5,)), 1)
    bound = seen.filter(pa.compute.invert(seen["apart"]))
    (change,) = course(series, "incidents", "Northmark", bound).changes
    assert (change.seeing.effort, change.seeing.basis) == (Effort.UNKNOWN, Basis.NOTHING)
    assert change.seeing.seen is None


def test_a_restriction_that_came_with_the_change_is_said() -> None:
    scene = Scene(fighting=2)
    turned = FIRST + timedelta(days=TURN)
    stopped = Restriction(kind="denial", start=turned, end=turned + timedelta(days=60), area="Northmark")
    assert turn(scene).seeing.effort is Effort.STEADY
    seeing = turn(scene, restrictions=(stopped,)).seeing
    assert (seeing.effort, seeing.basis) == (Effort.CHANGED, Basis.RESTRICTION)
    elsewhere = replace(stopped, area="Southmark")
    always = replace(stopped, start=FIRST, end=FIRST + timedelta(days=400))
    for other in (elsewhere, always):
        assert turn(scene, restrictions=(other,)).seeing.effort is Effort.STEADY


@pytest.mark.shared
def test_of_2016_the_truces_are_of_fighting_and_the_quiet_of_may_is_of_the_source(shared_data: Path) -> None:
    """From the rows of GED alone: in May its one source told of nothing for days, of other fights neither."""
    incidents, joined, claims, excluded = ged_whole(shared_data)
    seen = sights(incidents, joined, claims, excluded, DAMASCUS, Engine())
    span = (date(2016, 2, 1), date(2016, 9, 30))
    found = courses(incidents, seen, excluded, span, DAMASCUS, Engine())
    whole, areas = found[0], {each.area: each for each in found[1:]}
    said = {change.day: change for change in whole.changes if change.told}
    assert whole.area == ""
    for day, late in (
        (date(2016, 2, 27), 4),
        (date(2016, 4, 1), 4),
        (date(2016, 9, 12), 1),
        (date(2016, 9, 19), 1),
    ):
        (change,) = [change for at, change in said.items() if abs((at - day).days) <= late]
        assert change.seeing.effort is Effort.STEADY, day
    may = [change for day, change in said.items() if date(2016, 5, 5) <= day <= date(2016, 5, 29)]
    assert may
    assert {change.seeing.effort for change in may} == {Effort.EXPLAINS}
    assert [c.seeing.dark for c in may if c.day == date(2016, 5, 20)] == [2]
    others = [
        c for c in said.values() if c.seeing.effort is not Effort.EXPLAINS and c.day < date(2016, 2, 25)
    ]
    assert len(said) - len(may) - 4 == len(others) <= 4
    autumn = said[date(2016, 9, 13)]
    assert autumn.areas[0][0] == "Aleppo"
    assert sum(part for _, part in autumn.areas) == pytest.approx(100, abs=6)
    assert areas["Aleppo"].state == "returned"
