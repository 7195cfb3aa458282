"""What every release holds, wherever places are: each test has a control that breaks what it asks."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from holdfire.digests import digest
from holdfire.errors import BadInput
from holdfire.protecting import check
from holdfire.protecting.carrying import cells_for
from holdfire.protecting.cells import Partition, Settings
from holdfire.protecting.exports import exports
from holdfire.protecting.grid import UNITS
from holdfire.protecting.load import belief, counted, most_sites
from holdfire.protecting.partition import build
from holdfire.protecting.release import (
    Asked,
    Published,
    Release,
    draw_up,
    epoch,
)
from holdfire.times import Interval
from protecting import places, scattered

NOW = datetime(2026, 11, 23, tzinfo=UTC)
KEYSET = "0" * 64
CASES = 10_000
EASY = Fraction(1, 2)  # made partitions are small, so few places already weigh


@cache
def partition(seed: int = 1, name: str = "SYR", middle: tuple[float, float] = (38.0, 35.0)) -> Partition:
    """Return a made partition of some forty cells."""
    return build(places(seed, 3000, middle), Settings(), name)


def released(lon: np.ndarray, lat: np.ndarray, of: Partition) -> Release:
    """Return the release of places at these positions: the whole way from positions to text."""
    codes = sorted(set(of.cells_of(lon, lat)))
    asked = Asked(codes=codes, sites=len(lon), partition=of, limit=EASY)
    return draw_up(asked, now=NOW, keyset=KEYSET)


def anywhere(cell: int, of: Partition, draw: np.random.Generator) -> tuple[float, float]:
    """Return any position of a cell, its western and southern sides with it."""
    land = of.cells[cell].box
    found = []
    for low, high in ((land.west, land.east), (land.south, land.north)):
        first, last = -(-low * UNITS // 60), -(-high * UNITS // 60) - 1
        found.append(int(draw.choice([first, last, *draw.integers(first, last + 1, 18)])))
    return ((found[0] + 180 * UNITS) % (360 * UNITS) - 180 * UNITS) / UNITS, found[1] / UNITS


def moves(
    of: Partition, cases: int, seed: int
) -> Iterable[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]:
    """Yield positions of three places, and the same with one of them elsewhere in its cell."""
    draw = np.random.default_rng(seed)
    for _ in range(cases):
        cells = draw.integers(0, len(of.cells), 3)
        here = np.array([anywhere(int(n), of, draw) for n in cells])
        moved = int(draw.integers(3))
        there = here.copy()
        there[moved] = anywhere(int(cells[moved]), of, draw)
        yield here[:, 0], here[:, 1], there[:, 0], there[:, 1]


@pytest.mark.parametrize("middle", [(38.0, 35.0), (179.9, -17.0)])
def test_moving_a_place_in_its_cell_changes_no_byte(middle: tuple[float, float]) -> None:
    of = partition(3, "FJI", middle) if middle[0] > 100 else partition()
    changed = moved = 0
    for lon, lat, lon2, lat2 in moves(of, CASES // 2 + 100, 7):
        moved += not (np.array_equal(lon, lon2) and np.array_equal(lat, lat2))
        changed += released(lon, lat, of).text != released(lon2, lat2, of).text
    assert changed == 0
    assert moved >= CASES // 2


def test_moving_a_place_in_its_cell_changes_no_export() -> None:
    """Exports are a function of release and partition, which are equal; for once all bytes are made."""
    of = partition(3, "FJI", (179.9, -17.0))
    for lon, lat, lon2, lat2 in moves(of, 12, 8):
        one, two = (Published(released(a, b, of), of) for a, b in ((lon, lat), (lon2, lat2)))
        assert {n: digest(c) for n, c in exports(one).items()} == {
            n: digest(c) for n, c in exports(two).items()
        }


def test_control_the_box_about_the_places_tells_almost_every_move() -> None:
    of, told = partition(), 0
    for lon, lat, lon2, lat2 in moves(of, 500, 9):
        told += box(lon.min(), lat.min(), lon.max(), lat.max()) != box(
            lon2.min(), lat2.min(), lon2.max(), lat2.max()
        )
    assert told > 300


def test_control_a_count_in_the_release_tells_a_place_that_joins_its_neighbour() -> None:
    of = partition()
    one, two = (Asked(codes=["SYR-0003"], sites=n, partition=of) for n in (1, 2))
    assert draw_up(one, now=NOW, keyset=KEYSET).text == draw_up(two, now=NOW, keyset=KEYSET).text


def test_answers_are_the_same_in_two_worlds_that_differ_only_within_cells() -> None:
    of, draw = partition(), np.random.default_rng(5)
    lon, lat, lon2, lat2 = next(iter(moves(of, 1, 5)))
    worlds = [Published(released(a, b, of), of) for a, b in ((lon, lat), (lon2, lat2))]
    west, south, east, north = of.extent.shape().bounds
    at = np.column_stack([draw.uniform(west, east - 0.05, CASES), draw.uniform(south, north - 0.05, CASES)])
    at[:2000] = np.column_stack([lon, lat])[draw.integers(0, 3, 2000)] + draw.normal(0, 0.01, (2000, 2))
    at = np.clip(at, [west, south], [east - 0.05, north - 0.05])
    areas = [box(x, y, x + w, y + w) for (x, y), w in zip(at, draw.uniform(1e-4, 0.05, CASES), strict=True)]
    when = worlds[0].release.when
    first, second = (check.touching([each], areas, when) for each in worlds)
    assert first == second
    assert any(first)
    assert not all(first)
    near = [box(x - 0.001, y - 0.001, x + 0.001, y + 0.001) for x, y in zip(lon, lat, strict=True)]
    assert [a.intersects(b) for a in areas for b in near] != [
        a.intersects(box(x - 0.001, y - 0.001, x + 0.001, y + 0.001))
        for a in areas
        for x, y in zip(lon2, lat2, strict=True)
    ], "control: asked of the places themselves, the worlds differ"


def test_a_release_says_only_what_it_may() -> None:
    found = released(np.array([38.0]), np.array([35.0]), partition())
    assert set(json.loads(found.text)) == {
        "kind", "partition", "name", "number", "starts", "ends", "cells", "before", "keyset", "wording",
    }  # fmt: skip


def test_a_group_on_the_move_is_its_whole_block_and_looks_like_cells() -> None:
    of = partition()
    block = max(of.blocks, key=lambda b: sum(c.block == b.code for c in of.cells))
    cells = [c.code for c in of.cells if c.block == block.code]
    assert len(cells) > 1
    by_block = draw_up(
        Asked(codes=[block.code], sites=len(cells), partition=of, limit=EASY), now=NOW, keyset=KEYSET
    )
    by_cell = draw_up(Asked(codes=cells, sites=len(cells), partition=of, limit=EASY), now=NOW, keyset=KEYSET)
    assert by_block.text == by_cell.text


@given(st.integers(0, 10**6), st.integers(1, 40))
@settings(max_examples=60)
def test_no_number_of_places_within_the_limit_makes_a_candidate_likely(seed: int, sites: int) -> None:
    """Belief as worked out is at least what is found by drawing places over and over."""
    of = partition()
    cell = of.cells[seed % len(of.cells)]
    draw = np.random.default_rng(seed)
    held = cell.numbers["count"]
    p, mass = held.mass / 1e9 * held.largest / 1e9, held.mass / 1e9
    at, elsewhere = draw.poisson(sites * p, 20_000), draw.poisson(sites * (mass - p), 20_000)
    on = (at + elsewhere) > 0
    seen = float((at[on] > 0).mean()) if on.sum() > 200 else 0.0
    noise = 4 * (0.25 / max(1, int(on.sum()))) ** 0.5
    assert seen <= belief(cell, sites) + noise


def test_belief_rises_with_the_number_of_places_and_most_sites_is_where_it_stops() -> None:
    of = partition()
    grown = [belief(of.cells[0], n) for n in (1, 5, 20, 100, 10_000)]
    assert grown == sorted(grown)
    assert grown[-1] > 0.9
    most = most_sites(of.cells, 0.15)
    assert all(belief(c, most) <= 0.15 for c in of.cells)
    assert any(belief(c, most + 1) > 0.15 for c in of.cells)


def test_places_that_crowd_into_few_cells_are_refused_whatever_the_limit() -> None:
    """Who learns that there are sixty knows that two cells are full, which the other formula does not see."""
    of = partition()
    codes = [cell.code for cell in of.cells[:2]]
    anything = Fraction(1)
    assert max(belief(cell, 60) for cell in of.cells[:2]) < 0.5
    with pytest.raises(BadInput, match="60 places crowd into 2 cells"):
        draw_up(Asked(codes=codes, sites=60, partition=of, limit=anything), now=NOW, keyset=KEYSET)
    assert draw_up(Asked(codes=codes, sites=4, partition=of, limit=anything), now=NOW, keyset=KEYSET)


@given(st.integers(0, 10**6), st.integers(3, 40))
@settings(max_examples=40)
def test_who_counts_places_believes_what_counting_worlds_gives(seed: int, sites: int) -> None:
    of = partition()
    draw = np.random.default_rng(seed)
    on = [of.cells[n] for n in draw.choice(len(of.cells), 2, replace=False)]
    shares = np.array([each.numbers["count"].mass / 1e9 for each in on])
    drawn = draw.uniform(size=(20_000, sites)) < shares[0] / shares.sum()
    both = drawn.any(axis=1) & ~drawn.all(axis=1)
    if both.sum() > 500:
        first = drawn[both].sum(axis=1)  # places in the first cell, each at a candidate alike
        largest = on[0].numbers["count"].largest / 1e9
        seen = float((1 - (1 - largest) ** first).mean())
        told = counted(on, sites)[on[0].code]
        assert told >= seen - 0.05


@pytest.mark.parametrize("seed", [2, 4])
def test_after_a_change_of_partition_nothing_is_learnt_of_where_in_its_old_cell_a_place_is(seed: int) -> None:
    old = partition()
    new = build(places(seed, 2500), Settings(), "NEW", old.extent.widened(5000))
    third = build(places(seed + 10, 2500), Settings(), "THIRD", old.extent.widened(9000))
    lon, lat, _ = scattered(1, 3000)
    for cell in old.cells:
        inside = cell.box.holds(lon, lat)
        meets = cells_for((old, cell), new)
        assert set(new.cells_of(lon[inside], lat[inside])) <= meets, (
            "every candidate of the old cell is in a new one"
        )
        assert meets == {c.code for c in new.cells if c.box.meets(cell.box)}
        later = cells_for((old, cell), third)
        assert set(third.cells_of(lon[inside], lat[inside])) <= later, "and so after another change"
    split = [
        c for c in old.cells if len(set(new.cells_of(*(a[c.box.holds(lon, lat)] for a in (lon, lat))))) > 1
    ]
    assert split, "control: the new cell of the place alone would say in which part of its old cell it is"


@given(st.dates(datetime(2000, 1, 1).date(), datetime(2100, 1, 1).date()), st.integers(1, 366))
def test_epochs_tile_time(day: object, days: int) -> None:
    asked = Settings(epoch_days=days)
    starts, ends = epoch(asked, str(day))
    assert starts[:10] <= str(day) < ends[:10]
    assert epoch(asked, ends)[0] == ends
    first, last = (datetime.fromisoformat(each) for each in (starts, ends))
    assert last - first == timedelta(days=days)


def test_a_time_is_answered_only_where_releases_cover_it() -> None:
    of = partition()
    one = released(np.array([38.0]), np.array([35.0]), of)
    two = draw_up(Asked(codes=list(one.cells), sites=1, partition=of), now=NOW, keyset=KEYSET, past=[one])
    assert two.starts == one.ends
    inside = [box(37.9, 34.9, 37.95, 34.95)]
    over = Interval(one.when.start, two.when.end)
    both = [Published(two, of), Published(one, of)]
    assert check.touching(both, inside, over) == check.touching(both[:1], inside, two.when)
    with pytest.raises(Exception, match="not for all of the time"):
        check.touching(both[1:], inside, over)
