"""Every attacker breaks the naive mechanism that is its control, and none breaks whole cells.

On a country that is made here; `python -m bench.protecting attacks` does the same on real ones.
"""

from __future__ import annotations

import numpy as np
import pytest

from holdfire.protecting.candidates import Candidates, gather
from holdfire.protecting.partition import Partition, Settings, build
from holdfire.testing.attackers import (
    asking,
    changing,
    crowding,
    differing,
    knowing,
    moving,
    naive,
    placing,
)
from holdfire.testing.attackers.world import Outcome, World, grouped
from protecting import places

K = 10


@pytest.fixture(scope="module")
def country() -> Candidates:
    return places(5, 2000)


@pytest.fixture(scope="module")
def partition(country: Candidates) -> Partition:
    return build(country, Settings(k=K, block_share=20), "MADE")


@pytest.fixture(scope="module")
def cells(country: Candidates, partition: Partition) -> np.ndarray:
    return partition.numbers_of(country.lon, country.lat)


def holds(outcome: Outcome, k: float = K) -> bool:
    return outcome.identified == 0 and outcome.least >= k * (1 - 1e-9)


@pytest.mark.parametrize("blur", naive.blurs(), ids=lambda blur: blur.name)
def test_blurs_are_inverted(blur: naive.Blur, country: Candidates) -> None:
    world = World.of(country)
    sites = world.sites(100, 1)
    found = placing.invert_blur(blur, world, sites, (1, 12), 1)
    assert found[12].identified > 0.8
    assert found[12].identified >= found[1].identified
    assert found[12].hit > 0.7
    assert placing.centre_of_blur(blur, world, sites, 12, 1) > 0.5


def test_a_belief_is_right_as_often_as_it_says(country: Candidates) -> None:
    """Bayes' rule with the right prior and likelihood is calibrated; a slip in either is not."""
    world = World.of(country, "people")
    sites = world.sites(600, 2)
    for blur in naive.blurs()[1:]:
        found = placing.invert_blur(blur, world, sites, (2,), 3)[2]
        believed = float(np.mean(_beliefs(blur, world, sites)))
        assert abs(found.hit - believed) < 0.06, blur.name


def _beliefs(blur: naive.Blur, world: World, sites: np.ndarray) -> list[float]:
    one = [placing.invert_blur(blur, world, sites[n : n + 1], (2,), n)[2] for n in range(300)]
    return [1 / each.least for each in one]


@pytest.mark.parametrize("prior", ["count", "people"])
def test_whole_cells_leave_k(
    prior: str, country: Candidates, cells: np.ndarray, partition: Partition
) -> None:
    world = World.of(country, prior)
    sites = world.sites(2000, 1)
    assert holds(placing.invert_telling(cells, world, sites))
    largest, many, _ = grouped(cells, world.mass)
    assert largest.max() <= 1 / K
    assert prior != "count" or many.min() >= K
    middles = np.array([world.plane[cells == n].mean(axis=0) for n in range(len(partition.cells))])
    assert holds(placing.centre_of_telling(cells, middles, world, sites))


def test_boxes_and_trees_and_units_are_inverted(country: Candidates) -> None:
    world = World.of(country)
    sites = world.sites(300, 1)
    labels, middles = naive.box_of_nearest(world, 20)
    assert placing.invert_telling(labels, world, sites).identified > 0.7
    assert placing.centre_of_telling(labels, middles, world, sites).identified > 0.2
    tree, _ = naive.quadtree(world, 20)
    units, _ = naive.climbing(world, 20, naive.made_levels(world, (200, 60, 9)))
    for labels in (tree, units):  # each asked that every area hold 20
        assert grouped(labels, world.mass)[1].min() < K


def test_cells_that_a_disc_touches_point_at_edges(country: Candidates, partition: Partition) -> None:
    world = World.of(country)
    labels = naive.touched_cells(world, partition)
    assert grouped(labels, world.mass)[1].min() < 3
    assert placing.invert_telling(labels, world, world.sites(500, 1)).identified > 0


def test_what_is_published_for_every_candidate_groups_them(country: Candidates, partition: Partition) -> None:
    world = World.of(country)

    def publish(place: int) -> bytes:
        return partition.cell_of(float(world.lon[place]), float(world.lat[place])).code.encode()

    labels = placing.told(publish, len(world))
    assert placing.invert_telling(labels, world, world.sites(200, 1)).least >= K


def test_a_site_that_joins_an_outline_becomes_its_corner(country: Candidates) -> None:
    world = World.of(country)
    labels = naive.outlined(world, world.sites(12, 3))
    assert placing.invert_telling(labels, world, world.sites(200, 4)).identified > 0.2


@pytest.mark.parametrize("releases", [1, 12, 100])
def test_a_site_that_joins_or_leaves_cells_stays_hidden(
    releases: int, country: Candidates, cells: np.ndarray
) -> None:
    for prior in ("count", "people"):
        world = World.of(country, prior)
        for seed in range(10):
            sites = world.sites(40, seed)
            found, _ = differing.invert_histories(
                cells, world.mass, sites, differing.spans(40, releases, seed)
            )
            assert holds(found)


def test_places_as_cells_do_not_hide_one_that_joins(country: Candidates) -> None:
    """The control of the histories: were each place its own cell, who knows the others would know this."""
    world = World.of(country)
    sites = np.unique(world.sites(40, 1))
    found, silent = differing.invert_histories(
        np.arange(len(world)), world.mass, sites, differing.spans(len(sites), 12, 1)
    )
    assert found.identified == 1
    assert silent == 0


@pytest.fixture(scope="module")
def later(country: Candidates, partition: Partition) -> list[Partition]:
    found = [partition]
    for n, k in enumerate((15, 12), 2):
        draw = np.random.default_rng(n)
        kept = draw.uniform(size=len(country)) > 0.1
        lon, lat = (np.clip(each[kept], each.min() + 1e-3, None) for each in (country.lon, country.lat))
        lon = np.concatenate([lon, lon[:150] + draw.uniform(0, 0.02, 150)])
        lat = np.concatenate([lat, lat[:150]])
        inside = partition.numbers_of(lon, lat) >= 0
        extent = partition.extent
        found.append(
            build(gather(lon[inside], lat[inside]), Settings(k=k, block_share=20), f"MADE{n}", extent)
        )
    return found


def test_a_new_partition_is_cut_with_the_old_unless_carried(
    country: Candidates, later: list[Partition]
) -> None:
    for prior in ("count", "people"):
        world = World.of(country, prior)
        cut = grouped(changing.told_over_changes(world, later, carry=False), world.mass)
        assert cut[0].max() > 0.5
        kept = grouped(changing.told_over_changes(world, later, carry=True), world.mass)
        assert kept[0].max() <= 1 / K


def test_load_is_what_counting_all_worlds_gives(country: Candidates, cells: np.ndarray) -> None:
    """Belief under load, against worlds that were drawn and counted."""
    world = World.of(country)
    shares = np.bincount(cells) / len(world)
    draw, sites = np.random.default_rng(1), 300
    held = on = 0
    for _ in range(3000):
        placed = draw.poisson(sites / len(world), len(world)) > 0
        full = np.bincount(cells, weights=placed, minlength=len(shares)) > 0
        held += int(placed.sum())
        on += int(full[cells].sum())
    formula = crowding.belief(np.full(len(cells), 1 / len(world)), shares[cells], sites)
    weight = -np.expm1(-sites * shares[cells])
    assert held / on == pytest.approx(float((formula * weight).sum() / weight.sum()), rel=0.01)


def test_who_counts_sites_knows_more_where_they_crowd() -> None:
    """Forty sites in two cells: against all ways to put them there, counted."""
    share = np.array([0.02, 0.02])  # two cells of ten alike candidates each, of a country of five hundred
    candidate = np.full(2, 0.002)
    blind = crowding.belief(candidate, share, 40)
    rate = crowding.rate(share, 40)
    draw = np.random.default_rng(1)
    drawn = draw.integers(0, 20, (20_000, 40))
    both = ((drawn < 10).any(axis=1)) & ((drawn >= 10).any(axis=1))
    counted = float((drawn[both] == 0).any(axis=1).mean())
    assert crowding.belief(candidate, share, rate)[0] == pytest.approx(counted, abs=0.02)
    assert counted > 0.8
    assert blind.max() < 0.15


def test_a_guess_of_the_load_is_near() -> None:
    shares = np.full(300, 1 / 300)
    draw = np.random.default_rng(1)
    on = [len(set(draw.integers(0, 300, 100).tolist())) for _ in range(50)]
    assert np.mean([crowding.guessed(shares, each) for each in on]) == pytest.approx(100, rel=0.05)
    assert crowding.guessed(shares, 300) == 3000
    assert crowding.rate(shares[:5], 5) == 0
    assert crowding.belief(shares[:1] / 10, shares[:1], 0)[0] == pytest.approx(0.1)


def test_a_count_published_tells_that_a_cell_is_full(country: Candidates, cells: np.ndarray) -> None:
    """The control of the load: with a count beside each cell, full cells give all their places away."""
    world = World.of(country)
    many = np.bincount(cells)
    counts = np.bincount(cells[np.unique(world.sites(2000, 1))], minlength=len(many))
    assert (counts / many).max() > 0.5


def test_a_group_on_the_move_needs_one_block_for_its_window(
    country: Candidates, partition: Partition
) -> None:
    world = World.of(country)
    ways = moving.Ways.of(world)
    cells = partition.numbers_of(country.lon, country.lat)
    blocks = np.array([cell.block for cell in partition.cells])[cells]
    draw = np.random.default_rng(1)
    daily = []
    for start in world.sites(20, 1):
        way = ways.walk(int(start), 28, draw)
        daily.append(ways.largest([np.flatnonzero(cells == cells[at]) for at in way], world.mass))
    assert np.mean(np.array(daily) > 1 / K) > 0.3
    assert np.max(daily) > 0.5
    for prior in ("count", "people"):
        mass = country.priors[prior]
        for block in np.unique(blocks):
            rows = np.flatnonzero(blocks == block)
            assert ways.largest([rows] * 28, mass, confined=True).max() <= 1 / K


def test_a_filter_is_what_paths_counted_give() -> None:
    """Three places in a row, by all paths of three days."""
    world = World(np.array([36.0, 36.1, 36.2]), np.full(3, 0.0), np.ones(3, np.int64))
    ways = moving.Ways.of(world)
    allowed = [np.array([0, 1]), np.array([1, 2]), np.array([0, 1, 2])]
    chance = ways.chance.toarray()
    paths = {
        (a, b, c): chance[a, b] * chance[b, c] for a in allowed[0] for b in allowed[1] for c in allowed[2]
    }
    total = sum(paths.values())
    _, smooth = ways._beliefs(allowed, world.mass)
    for day in range(3):
        for n, place in enumerate(allowed[day]):
            share = sum(p for path, p in paths.items() if path[day] == place) / total
            assert smooth[day][n] == pytest.approx(share)
    with pytest.raises(ValueError, match="no way"):
        ways._beliefs([np.array([0]), np.array([2])], world.mass)


def test_one_block_after_another_shows_where_a_group_crossed(
    country: Candidates, partition: Partition
) -> None:
    """Why a whole journey is declared at once: blocks handed over point at their border."""
    world = World.of(country)
    ways = moving.Ways.of(world)
    cells = partition.numbers_of(country.lon, country.lat)
    blocks = np.array([cell.block for cell in partition.cells])[cells]
    rows = [np.flatnonzero(blocks == block) for block in np.unique(blocks)]
    pairs = [(a, b) for a in rows for b in rows if a is not b and ways.chance[a][:, b].nnz]
    worst = max(ways.largest([a] * 28 + [b] * 28, world.mass, confined=True).max() for a, b in pairs)
    assert worst > 1 / K
    for a, b in pairs:
        both = np.sort(np.concatenate([a, b]))
        assert ways.largest([both] * 56, world.mass, confined=True).max() <= 1 / K


def test_a_check_on_exact_sites_is_halved_to_a_site(country: Candidates, partition: Partition) -> None:
    world = World.of(country)
    box = partition.extent
    frame = np.array([box.west, box.south, box.east, box.north]) / 60
    labels, wide, asked = asking.halved(asking.exact(world.lon, world.lat), frame, len(world))
    assert asked < 40
    assert grouped(labels, world.mass)[1].max() == 1
    assert wide <= 6
    cells = partition.numbers_of(world.lon, world.lat)
    zones = np.array([[c.zone.west, c.zone.south, c.zone.east, c.zone.north] for c in partition.cells]) / 60
    labels, _, _ = asking.halved(asking.zoned(zones[cells]), frame, len(world))
    assert grouped(labels, world.mass)[1].min() >= K


def test_asking_finds_no_more_than_the_zone() -> None:
    zone = np.array([36.0, 33.0, 36.5, 33.25])

    found = asking.outlined(
        asking.zoned(zone[None]), np.array([[36.2, 33.1]]), np.array([35.0, 32.0, 38.0, 35.0]), 1e-6
    )
    assert found[0] == pytest.approx(zone, abs=1e-5)


def test_who_knows_the_category_has_few_places_left(country: Candidates, cells: np.ndarray) -> None:
    world = World.of(country)
    register = np.random.default_rng(1).uniform(size=len(world)) < 0.05
    sites = np.flatnonzero(register)
    found = knowing.invert_with_register(cells, world, register, sites)
    assert found.identified > 0
    assert found.median < K
    labels = naive.with_category(cells, register.astype(np.int64))
    assert grouped(labels, world.mass)[1].min() < 3


def test_a_register_that_is_a_prior_of_the_partition_is_sheltered_too(country: Candidates) -> None:
    register = np.random.default_rng(1).uniform(size=len(country)) < 0.2
    both = gather(country.lon, country.lat, {"register": register.astype(float)})
    made = build(both, Settings(k=K, block_k=40, block_share=20), "MADE")
    world = World.of(both)
    listed = both.priors["register"] > 0
    found = knowing.invert_with_register(
        made.numbers_of(both.lon, both.lat), world, listed, np.flatnonzero(listed)
    )
    assert holds(found)


def test_the_same_seed_gives_the_same_outcome(country: Candidates) -> None:
    world = World.of(country)
    sites = world.sites(30, 1)
    blur = naive.random_circle()
    assert placing.invert_blur(blur, world, sites, (3,), 7) == placing.invert_blur(
        blur, world, sites, (3,), 7
    )
