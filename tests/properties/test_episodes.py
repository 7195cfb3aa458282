"""The promises of episodes, each attacked with incidents we make up, and with groupings that break them."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import an_incident
from holdfire.digests import short
from holdfire.engine import Engine
from holdfire.fusing.incidents.background import Background
from holdfire.fusing.incidents.episodes import GAP, LONGEST, Episodes, episodes
from holdfire.places import distance
from holdfire.records.incident import INCIDENT
from holdfire.tables import rows

START = datetime(2031, 5, 1, tzinfo=UTC)
BESIDE = Background(sides={"allies": frozenset({"south"})})
Partition = set[frozenset[str]]


@st.composite
def incident_row(draw: st.DrawFn, number: int) -> dict[str, Any]:
    """An incident of few parties, places and days, so that many are near each other and many are not."""
    start = draw(st.none() | st.integers(0, 24).map(lambda n: START + timedelta(hours=12 * n)))
    lasts = timedelta(hours=draw(st.sampled_from([0, 1, 24, 72, 24 * LONGEST, 24 * LONGEST + 1])))
    located = draw(st.booleans())
    low = draw(st.none() | st.integers(0, 9))
    return an_incident(
        number,
        actors=draw(
            st.sampled_from([None, ["north"], ["north", "third"], ["south"], ["allies"], ["~bandits"]])
        ),
        targets=draw(
            st.sampled_from([None, ["south"], ["north"], ["civilians"], ["allies", "south"], ["~men"]])
        ),
        start=start,
        end=None if start is None else start + lasts,
        admin1=draw(st.sampled_from([None, "Alpha", "Beta"])),
        lat=33.0 + draw(st.integers(0, 8)) / 10 if located else None,
        lon=draw(st.sampled_from([179.97, -179.97])) if located else None,
        radius=draw(st.sampled_from([500.0, 40_000.0, None])) if located else None,
        killed_low=low,
        killed_high=None if low is None else draw(st.none() | st.integers(low, low + 5)),
    )


@st.composite
def incident_rows(draw: st.DrawFn, most: int = 14) -> list[dict[str, Any]]:
    return [draw(incident_row(number)) for number in range(draw(st.integers(1, most)))]


def run(listed: list[dict[str, Any]], threads: int = 1, gap: int = GAP) -> Episodes:
    with Engine(threads=threads, memory=256).session() as session:
        return episodes(session, INCIDENT.table(listed), BESIDE, gap)


def partition(found: Episodes) -> Partition:
    homes: dict[str, set[str]] = {}
    for row in rows(found.members):
        homes.setdefault(row["episode_id"], set()).add(row["incident_id"])
    return {frozenset(each) for each in homes.values()}


def by_hand(listed: list[dict[str, Any]], gap: int = GAP) -> Partition:
    """What hangs together, found pair by pair from the words of the docstring and not from its SQL."""
    groups = {each["incident_id"]: {each["incident_id"]} for each in listed}
    for one, other in combinations(listed, 2):
        if near(one, other, gap):
            joined = groups[one["incident_id"]] | groups[other["incident_id"]]
            groups |= dict.fromkeys(joined, joined)
    return {frozenset(each) for each in groups.values() if len(each) > 1}


def near(one: dict[str, Any], other: dict[str, Any], gap: int) -> bool:
    for each in (one, other):
        if each["start"] is None or each["end"] - each["start"] > timedelta(days=LONGEST):
            return False
    if max(one["start"], other["start"]) - min(one["end"], other["end"]) > timedelta(days=gap):
        return False
    return bool(dyads(one) & dyads(other)) and one_area(one, other)


def dyads(each: dict[str, Any]) -> set[frozenset[str]]:
    one, other = (
        {name for a in each[side] or () if a[0] != "~" for name in (a, *BESIDE.sides.get(a, ()))}
        for side in ("actors", "targets")
    )
    return {frozenset((a, b)) for a in one for b in other if a != b}


def one_area(one: dict[str, Any], other: dict[str, Any]) -> bool:
    if one["admin1"] and other["admin1"]:
        return bool(one["admin1"] == other["admin1"])
    if any(each["radius"] is None or each["radius"] > 25_000 for each in (one, other)):
        return False
    return bool(distance(one["lat"], one["lon"], other["lat"], other["lon"]) <= 25_000)


@given(incident_rows(), st.sampled_from([0, 1, GAP]))
@settings(max_examples=40, deadline=None)
def test_episodes_are_what_hangs_together_pair_by_pair(listed: list[dict[str, Any]], gap: int) -> None:
    assert partition(run(listed, gap=gap)) == by_hand(listed, gap)


@given(incident_rows(), st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_neither_order_nor_threads_change_anything(listed: list[dict[str, Any]], seed: int) -> None:
    shuffled = list(listed)
    random.Random(seed).shuffle(shuffled)
    one, other = run(listed), run(shuffled, threads=3)
    assert one.episodes.equals(other.episodes)
    assert one.members.equals(other.members)


@given(incident_rows())
@settings(max_examples=20, deadline=None)
def test_an_incident_is_in_one_episode_at_most_and_its_dead_are_counted_once(
    listed: list[dict[str, Any]],
) -> None:
    found = run(listed)
    by_id = {each["incident_id"]: each for each in listed}
    members = found.members["incident_id"].to_pylist()
    assert len(members) == len(set(members))
    for episode in rows(found.episodes):
        of = pa.compute.equal(found.members["episode_id"], episode["episode_id"])
        mine = [by_id[name] for name in found.members.filter(of)["incident_id"].to_pylist()]
        lows = [each["killed_low"] for each in mine if each["killed_low"] is not None]
        highs = [each["killed_high"] for each in mine]
        assert episode["episode_id"] == short("ep", min(each["incident_id"] for each in mine))
        assert episode["incidents"] == len(mine) > 1
        assert episode["killed_low"] == (sum(lows) if lows else None)
        assert episode["killed_high"] == (None if None in highs else sum(highs))
        assert episode["silent"] == len(mine) - len(lows)
        assert episode["start"] == min(each["start"] for each in mine)
        assert episode["end"] == max(each["end"] for each in mine)
        assert episode["parties"] == sorted({a for e in mine for a in (*e["actors"], *e["targets"])})
        assert episode["areas"] == (sorted({e["admin1"] for e in mine if e["admin1"]}) or None)


def removes_nothing(group: Callable[[list[dict[str, Any]]], Partition], listed: list[dict[str, Any]]) -> bool:
    """Return whether every episode without the last incident lies whole in one with it."""
    before, after = group(listed[:-1]), group(listed)
    return all(any(each <= other for other in after) for each in before)


@given(incident_rows())
@settings(max_examples=30, deadline=None)
def test_one_more_incident_removes_nothing(listed: list[dict[str, Any]]) -> None:
    if len(listed) > 1:
        assert removes_nothing(lambda each: partition(run(each)), listed)


def a_week(listed: list[dict[str, Any]]) -> Partition:
    """A grouping that counts weeks from the first incident, as one might: a control."""
    dated = [each for each in listed if each["start"]]
    first = min(each["start"] for each in dated)
    weeks: dict[int, set[str]] = {}
    for each in dated:
        weeks.setdefault((each["start"] - first).days // 7, set()).add(each["incident_id"])
    return {frozenset(each) for each in weeks.values() if len(each) > 1}


def test_the_check_sees_a_grouping_that_parts_what_it_joined() -> None:
    listed = [an_incident(n, start=START + timedelta(days=d)) for n, d in enumerate((8, 9, 14, 5))]
    assert not removes_nothing(a_week, listed)


@pytest.mark.parametrize(
    "change",
    [
        {"actors": None},
        {"targets": None},
        {"targets": ["third"]},
        {"targets": ["~bandits"]},
        {"start": START + timedelta(days=9), "end": START + timedelta(days=10)},
        {"end": START + timedelta(days=LONGEST, hours=1)},
        {"admin1": "Beta"},
        {"admin1": None, "radius": 40_000.0},
        {"admin1": None, "lat": 34.0},
    ],
)
def test_what_is_apart_or_not_known_joins_nothing(change: dict[str, Any]) -> None:
    known = {"start": START, "end": START + timedelta(days=1)}
    alike = [an_incident(1, **known), an_incident(2, **known)]
    assert len(partition(run(alike))) == 1
    assert not partition(run([alike[0], an_incident(2, **{**known, **change})]))


def test_ten_thousand_incidents_in_one_place_without_governorate_are_little_work() -> None:
    listed = [an_incident(n, start=START, end=START + timedelta(days=1), admin1=None) for n in range(10_000)]
    found = run(listed)
    assert found.episodes["incidents"].to_pylist() == [10_000]
