"""What holds of every partition, each with a way of sheltering that breaks it."""

from __future__ import annotations

import inspect
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.protecting.candidates import COUNT, Candidates, gather
from holdfire.protecting.grid import ROUND, Box
from holdfire.protecting.partition import Partition, Settings, build, read
from protecting import places, scattered

MIDDLES = [(38.0, 35.0), (178.5, -17.8), (-179.0, 66.0), (20.0, 78.0), (0.0, 0.0), (120.0, -88.5)]
SMALL = Settings(k=6, block_k=24, block_share=6)


def made(seed: int) -> tuple[Candidates, Partition]:
    candidates = places(seed, 300 + 40 * (seed % 7), MIDDLES[seed % len(MIDDLES)])
    return candidates, build(candidates, SMALL, "MADE")


def untiled(partition: Partition) -> int:
    """Return how many whole minutes of the extent are not in exactly one cell."""
    extent = partition.extent
    held = np.zeros((extent.north - extent.south, extent.east - extent.west), np.int64)
    for cell in partition.cells:
        left, low = (cell.box.west - extent.west) % ROUND, cell.box.south - extent.south
        wide, high = cell.box.east - cell.box.west, cell.box.north - cell.box.south
        held[low : low + high, left : left + wide] += 1
    return int((held != 1).sum())


def short(candidates: Candidates, of_cell: np.ndarray, k: int) -> int:
    """Return how many cells hold too few places, or one with too large a share."""
    wrong = 0
    for cell in np.unique(of_cell):
        here = of_cell == cell
        shares = [mass[here].max() / mass[here].sum() for mass in candidates.priors.values()]
        wrong += bool(here.sum() < k or max(shares) > 1 / k + 1e-12)
    return wrong


@settings(max_examples=12)
@given(st.integers(0, 10_000))
def test_cells_tile_the_extent_and_hold_what_they_must(seed: int) -> None:
    candidates, partition = made(seed)
    of_cell = partition.numbers_of(candidates.lon, candidates.lat)
    assert untiled(partition) == 0
    assert (of_cell >= 0).all()
    assert short(candidates, of_cell, SMALL.k) == 0
    counts = np.bincount(of_cell, minlength=len(partition.cells))
    assert counts.tolist() == [cell.candidates for cell in partition.cells]
    for block in partition.blocks:
        assert sum(c.candidates for c in partition.cells if c.block == block.code) == block.candidates >= 24


def test_an_adaptive_tree_that_stops_when_a_place_is_hidden_leaves_others_below_k() -> None:
    """The control: a quadtree that goes on for each place as long as its own quarter holds k."""
    candidates = places(3, 800)
    of_cell = np.array([_quarter(candidates, n, 6) for n in range(len(candidates))])
    assert short(candidates, np.unique(of_cell, return_inverse=True)[1], 6) > 0


def _quarter(candidates: Candidates, n: int, k: int) -> str:
    lon, lat, here = candidates.lon, candidates.lat, np.ones(len(candidates), bool)
    west, south, size, path = lon.min(), lat.min(), max(np.ptp(lon), np.ptp(lat)), ""
    while True:
        size /= 2
        right, up = lon >= west + size, lat >= south + size
        quarter = here & (right == right[n]) & (up == up[n])
        if quarter.sum() < k:
            return path
        here, path = quarter, path + "abcd"[2 * int(right[n]) + int(up[n])]
        west, south = west + size * right[n], south + size * up[n]


@settings(max_examples=8)
@given(st.integers(0, 10_000))
def test_the_order_of_rows_and_rows_given_twice_change_nothing(seed: int) -> None:
    lon, lat, weights = scattered(seed, 300)
    again = np.random.default_rng(seed).permutation(np.append(np.arange(300), np.arange(0, 300, 7)))
    one = build(gather(lon, lat, {"people": weights}), SMALL, "MADE")
    two = build(gather(lon[again], lat[again], {"people": weights[again]}), SMALL, "MADE")
    assert one.text() == two.text()
    moved = lon.copy()
    moved[0] += 0.4  # the control: a place that moves is told by the digest
    assert build(gather(moved, lat, {"people": weights}), SMALL, "MADE").digest != one.digest


def test_nothing_but_public_places_goes_in() -> None:
    taken = set(inspect.signature(build).parameters)
    assert taken == {"candidates", "settings", "name", "extent", "layers", "tell"}
    assert set(Candidates.__slots__) == {"lon", "lat", "priors", "rows", "gathering", "digest"}


@settings(max_examples=6)
@given(st.integers(0, 10_000))
def test_a_partition_is_read_back_as_it_was_written(seed: int) -> None:
    _, partition = made(seed)
    assert read(partition.text()) == partition
    assert read(partition.text()).digest == partition.digest


@settings(max_examples=12)
@given(st.integers(0, 10_000))
def test_no_disc_anywhere_holds_more_than_its_part(seed: int) -> None:
    """Discs about a fine grid of centres, not about places only."""
    candidates, partition = made(seed)
    of_cell = partition.numbers_of(candidates.lon, candidates.lat)
    draw = np.random.default_rng(seed)
    for n in draw.choice(len(partition.cells), min(3, len(partition.cells)), replace=False):
        here = np.flatnonzero(of_cell == n)
        at = draw.choice(here, 40)
        turn, far = draw.uniform(0, 2 * np.pi, 40), 1000 * np.sqrt(draw.uniform(0, 1, 40))
        for place, angle, away in zip(at, turn, far, strict=True):
            held = _within(candidates, here, place, angle, away)
            for name, mass in candidates.priors.items():
                share = Fraction(int(mass[held].sum()), int(mass[here].sum()))
                assert share <= SMALL.beta
                assert share * 10**9 <= partition.cells[n].numbers[name].ball


def _within(candidates: Candidates, here: np.ndarray, place: int, angle: float, away: float) -> np.ndarray:
    from pyproj import Geod

    earth = Geod(ellps="WGS84")
    lon, lat, _ = earth.fwd(candidates.lon[place], candidates.lat[place], np.degrees(angle), away)
    _, _, off = earth.inv(
        np.full(len(here), lon), np.full(len(here), lat), candidates.lon[here], candidates.lat[here]
    )
    return here[off <= 1000]


@pytest.mark.parametrize("margin", [0, 500, 1000, 3000])
def test_the_disc_of_every_place_lies_in_its_zone(margin: int) -> None:
    for seed, middle in enumerate(MIDDLES):
        candidates = places(seed, 300, middle)
        partition = build(candidates, Settings(k=6, block_k=24, block_share=6, margin=margin), "MADE")
        assert uncovered(candidates, partition, [cell.zone for cell in partition.cells], margin) == 0
    if margin:  # the control: the cells themselves
        assert uncovered(candidates, partition, [cell.box for cell in partition.cells], margin) > 0


def uncovered(candidates: Candidates, partition: Partition, zones: list[Box], radius: float) -> int:
    """Return how many places have a part of their geodesic disc outside the zone of their cell."""
    from pyproj import Geod

    of_cell = partition.numbers_of(candidates.lon, candidates.lat)
    turn = np.arange(0, 360, 5.0)
    rims = len(turn)
    lon, lat, _ = Geod(ellps="WGS84").fwd(
        np.repeat(candidates.lon, rims), np.repeat(candidates.lat, rims), np.tile(turn, len(of_cell)),
        np.full(len(of_cell) * rims, float(radius)),
    )  # fmt: skip
    lon, lat = lon.reshape(-1, rims), lat.reshape(-1, rims)
    inside = [zones[cell].holds(x, y).all() for cell, x, y in zip(of_cell, lon, lat, strict=True)]
    return len(inside) - sum(inside)


def test_the_number_of_places_is_a_prior_always() -> None:
    assert next(iter(places(1).priors)) == COUNT


def test_the_same_places_give_the_same_bytes_on_every_machine() -> None:
    """A digest worked out once: where it differs, a partition cannot be made again elsewhere."""
    made_here = build(places(7, 500), SMALL, "MADE")
    assert (made_here.candidates[:12], made_here.digest[:12]) == ("a3640b5d0655", "7977f6390b31")
