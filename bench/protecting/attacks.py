"""Attackers against whole cells of a partition, and against the naive mechanisms that are their controls.

Places are public: Syria's populated places (OCHA COD) with GeoNames' people of towns, and GeoNames' towns of
the United States. Controls run on Syria's 8,007 places under the count prior at k = 20, as the research did
that they are compared with; whole cells run at the defaults, under each prior, with 2,000 sites. A control
"breaks" by the share identified or by the places left with few candidates, which its note tells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from bench.figures import Figure
from holdfire.protecting.candidates import COUNT, Candidates, Gathering, gather
from holdfire.protecting.grid import HALF, ROUND, Integers, Reals
from holdfire.protecting.partition import Partition, Settings, build
from holdfire.protecting.release import Release
from holdfire.testing.attackers import asking, changing, crowding, differing, knowing, moving, naive, placing
from holdfire.testing.attackers.world import Outcome, World, grouped

SITES = 2000
RELEASES = (1, 12, 100)
GEONAMES = "geonames_cities15000_2012.parquet"


@dataclass(frozen=True, eq=False)
class Country:
    """Candidates of a country, and its partition."""

    name: str
    places: Candidates
    partition: Partition
    cells: Integers
    blocks: Integers


def measure(shared: Path) -> Iterator[Figure]:
    """Yield how far each attacker gets."""
    geo = shared / "data" / "geo"
    if not (geo / "syr_places.parquet").is_file():
        raise FileNotFoundError(2, "missing", str(geo / "syr_places.parquet"))
    yield from controls(geo)
    for country in (_syria(geo), _states(geo)):
        yield from ours(country)


def _cut(name: str, code: str, places: Candidates, settings: Settings) -> Country:
    partition = build(places, settings, code)
    cells = partition.numbers_of(places.lon, places.lat)
    codes = {block.code: n for n, block in enumerate(partition.blocks)}
    blocks = np.array([codes[cell.block] for cell in partition.cells])[cells]
    return Country(name, places, partition, cells, blocks)


def _columns(file: Path, names: Sequence[str]) -> list[Reals]:
    table = pq.read_table(file, columns=list(names))
    return [np.array(table[name].to_pylist(), object) for name in names]


def _syria(geo: Path) -> Country:
    lon, lat = _columns(geo / "syr_places.parquet", ["lon", "lat"])
    x, y, people, country = _columns(geo / GEONAMES, ["lon", "lat", "population", "country"])
    here = country == "SY"
    places = gather(
        np.concatenate([lon, x[here]]).astype(float),
        np.concatenate([lat, y[here]]).astype(float),
        {"people": np.concatenate([np.full(len(lon), 800.0), people[here].astype(float)])},
        how=Gathering(spread="people"),
    )
    return _cut("Syria", "SYR", places, Settings())


def _states(geo: Path) -> Country:
    x, y, people, country = _columns(geo / GEONAMES, ["lon", "lat", "population", "country"])
    here = country == "US"
    places = gather(
        x[here].astype(float),
        y[here].astype(float),
        {"people": people[here].astype(float)},
        how=Gathering(spread="people", step=2000),
    )
    return _cut("United States", "USA", places, Settings())


def _figure(what: str, found: Outcome, reach: str, note: str = "") -> Figure:
    left = f"candidates left: least {found.least:.1f}, 5 % {found.fifth:.1f}, median {found.median:.1f}"
    return Figure(what, found.identified, count=found.sites, reach=reach, note=f"{left}{note}")


def controls(geo: Path) -> Iterator[Figure]:
    """Yield what the attackers do to naive mechanisms, with 600 sites, beside the research's figures."""
    lon, lat = (each.astype(float) for each in _columns(geo / "syr_places.parquet", ["lon", "lat"]))
    places = gather(lon, lat, how=Gathering(apart=0, same_name=0))
    world, k = World.of(places), 20
    sites = world.sites(600, 1)
    expected = {
        "circle round the site": ("100 %", "", ""),
        "random circle, drawn anew": ("5 %", "52 %", "92 %"),
        "planar Laplace": ("20 %", "70 %", "94 %"),
        "donut": ("5 %", "65 %", "95 %"),
        "jittered point": ("", "", ""),
    }
    for blur in naive.blurs():
        found = placing.invert_blur(blur, world, sites, (1, 4, 12), 1)
        for (count, each), said in zip(found.items(), expected[blur.name], strict=True):
            yield _figure(f"control: {blur.name}, {count} releases, inversion", each, f"breaks: {said}")
        hit = placing.centre_of_blur(blur, world, sites, 12, 1)
        yield Figure(f"control: {blur.name}, 12 releases, centroid", hit, count=600, reach="breaks")
    box, middles = naive.box_of_nearest(world, k)
    yield _figure(
        "control: box of nearest 20, inversion", placing.invert_telling(box, world, sites), "breaks: 89 %"
    )
    yield _figure(
        "control: box of nearest 20, centroid",
        placing.centre_of_telling(box, middles, world, sites),
        "breaks",
    )
    units = naive.made_levels(world)
    country = build(places, Settings(k=k, block_share=20), "SYR")
    cells = country.numbers_of(places.lon, places.lat)
    for name, labels, said in (
        ("adaptive quadtree, at least 20 places", naive.quadtree(world, k)[0], "6.3 % below 20, worst 1"),
        ("climbing made units to 20 places", naive.climbing(world, k, units)[0], "2.7 % below 20, worst 2"),
        ("cells the 1-km disc touches", naive.touched_cells(world, country), "4 %; 41 % below 20, worst 1"),
        ("outline of 60 sites, one joins", naive.outlined(world, world.sites(60, 3)), "97 %"),
    ):  # fmt: skip
        many = grouped(labels, world.mass)[1][labels]
        note = f"; {(many < k).mean():.1%} of places below 20, worst {many.min()}"
        yield _figure(
            f"control: {name}, inversion",
            placing.invert_telling(labels, world, sites),
            f"breaks: {said}",
            note,
        )
    yield from _control_change(world, country)
    yield from _control_movement(world, cells, sites)
    frame, _ = _frame(country)
    labels, _, asked = asking.halved(asking.exact(places.lon, places.lat), frame, len(world))
    yield _figure(
        f"control: check on exact sites, {asked} questions", placing.invert_telling(labels, world, sites),
        "breaks: 31 questions, 6 m",
    )  # fmt: skip
    register = np.random.default_rng(1).uniform(size=len(world)) < 0.05
    found = knowing.invert_with_register(cells, world, register, np.flatnonzero(register))
    yield _figure("control: category published, 5 % of places in a register", found, "breaks: 23 %, median 2")
    many = np.bincount(cells)
    sheltered = np.unique(world.sites(SITES, 1))
    full = np.bincount(cells[sheltered], minlength=len(many)) / many
    belief = full[cells[sheltered]]
    yield _figure("control: count of 2,000 sites published by cell", Outcome.of(belief, belief), "breaks")


def _control_change(world: World, country: Partition) -> Iterator[Figure]:
    draw = np.random.default_rng(5)
    kept = draw.uniform(size=len(world)) > 0.1
    new = np.flatnonzero(~kept)
    lon = np.concatenate([world.lon[kept], world.lon[new] + draw.normal(0, 0.02, len(new))])
    lat = np.concatenate([world.lat[kept], world.lat[new] + draw.normal(0, 0.02, len(new))])
    inside = country.numbers_of(lon, lat) >= 0
    later = build(gather(lon[inside], lat[inside]), Settings(k=30, block_share=30), "SYR2", country.extent)
    labels = changing.told_over_changes(world, [country, later], carry=False)
    many = grouped(labels, world.mass)[1][labels]
    note = (
        f"; {(many < 20).mean():.0%} of places below 20, {(many < 5).mean():.0%} below 5, worst {many.min()}"
    )
    found = placing.invert_telling(labels, world, world.sites(600, 1))
    yield _figure("control: new partition (k 20 to 30, a tenth refreshed), no carry", found,
                  "breaks: 21 % below 20, 6 % below 5, worst 1", note)  # fmt: skip


def _control_movement(world: World, cells: Integers, sites: Integers) -> Iterator[Figure]:
    ways, draw = moving.Ways.of(world), np.random.default_rng(3)
    inside = [np.flatnonzero(cells == n) for n in range(int(cells.max()) + 1)]
    days = []
    for start in sites[:200]:
        way = ways.walk(int(start), 28, draw)
        days.append(ways.largest([inside[cells[at]] for at in way], world.mass))
    belief = np.concatenate(days)
    note = f"; {(belief > 1 / 20).mean():.0%} of days below 20"
    yield _figure("control: group on the move, cell of each day (200 ways of 28 days)",
                  Outcome.of(belief, belief), "breaks: 66 % of days below 20, worst 1.3", note)  # fmt: skip


def _frame(partition: Partition) -> tuple[Reals, Reals]:
    box = partition.extent
    zones = [[c.zone.west, c.zone.south, c.zone.east, c.zone.north] for c in partition.cells]
    return np.array([box.west, box.south, box.east, box.north]) / 60, np.array(zones) / 60


def ours(country: Country) -> Iterator[Figure]:
    """Yield what the attackers do to whole cells, under each prior; nobody is to be identified."""
    k = country.partition.settings.k
    reach = f"0; least ≥ {k}"
    for prior in country.places.priors:
        world = World.of(country.places, prior)
        sites = world.sites(SITES, 1)
        at = f"{country.name}, {prior} prior ({len(world):,} places, {len(country.partition.cells)} cells)"
        for count in RELEASES:
            labels = placing.told(_published(country, count), len(world))
            found = placing.invert_telling(labels, world, sites)
            yield _figure(f"{at}: inversion and intersection, {count} releases", found, reach)
        middles = _middles(country, world)
        yield _figure(
            f"{at}: centroid", placing.centre_of_telling(country.cells, middles, world, sites), reach
        )
        for count in RELEASES:
            yield _joining(f"{at}: one joins or leaves 50 known ones", country, world, count, reach)
        labels = changing.told_over_changes(world, _later(country), carry=True)
        yield _figure(
            f"{at}: two changes of partition, carried", placing.invert_telling(labels, world, sites), reach
        )
        frame, zones = _frame(country.partition)
        labels, _, asked = asking.halved(asking.zoned(zones[country.cells]), frame, len(world))
        yield _figure(f"{at}: check asked {asked} times", placing.invert_telling(labels, world, sites), reach)
        yield from _moving(at, country, world, sites, reach)
        yield from _crowded(at, country, world)
        register = np.random.default_rng(1).uniform(size=len(world)) < 0.05
        found = knowing.invert_with_register(
            country.cells, world, register, np.flatnonzero(register & (world.mass > 0))
        )
        yield _figure(
            f"{at}: category known from elsewhere, 5 % in a register", found, "no promise; said in the docs"
        )


def _published(country: Country, count: int) -> Callable[[int], bytes]:
    """Return all bytes that are published if the site is at a place, over so many releases."""
    codes = country.partition.cells_of(country.places.lon, country.places.lat)

    @cache
    def texts(code: str) -> bytes:
        return b"".join(
            Release(
                partition=country.partition.digest, name=country.partition.name, number=n,
                starts=f"{n}", ends=f"{n + 1}", cells=(code,), before="0" * 64, keyset="0" * 64,
            ).text
            for n in range(1, count + 1)
        )  # fmt: skip

    return lambda place: texts(str(codes[place]))


def _middles(country: Country, world: World) -> Reals:
    """Return the middle of each cell's zone on the world's plane."""
    zones = [cell.zone for cell in country.partition.cells]
    lon = np.array([((zone.west + zone.east) / 2 + HALF) % ROUND - HALF for zone in zones]) / 60
    lat = np.array([(zone.south + zone.north) / 2 for zone in zones]) / 60
    every = World(
        np.append(world.lon, lon), np.append(world.lat, lat), np.ones(len(world) + len(lon), np.int64)
    )
    return every.plane[len(world) :] - every.plane[0] + world.plane[0]


def _joining(what: str, country: Country, world: World, releases: int, reach: str) -> Figure:
    beliefs, silent = [], []
    for seed in range(SITES // 50):
        sites = world.sites(50, seed)
        found, unseen = differing.invert_histories(
            country.cells, world.mass, sites, differing.spans(50, releases, seed)
        )
        beliefs.append(found.least)
        silent.append((found.identified, unseen))
    identified, unseen = np.mean(silent, axis=0)
    note = f"candidates left: least {min(beliefs):.1f}; {unseen:.0%} of comings and goings change no release"
    return Figure(f"{what}, {releases} releases", float(identified), count=SITES, reach=reach, note=note)


@lru_cache(maxsize=2)
def _later(country: Country) -> list[Partition]:
    """Return the partition and two more, of places of which a tenth is refreshed each time."""
    found, places = [country.partition], country.places
    for n, k in enumerate((15, 12), 2):
        draw = np.random.default_rng(n)
        kept = draw.uniform(size=len(places)) > 0.1
        moved = np.flatnonzero(~kept)
        lon = np.concatenate([places.lon[kept], places.lon[moved] + draw.normal(0, 0.02, len(moved))])
        lat = np.concatenate([places.lat[kept], places.lat[moved] + draw.normal(0, 0.02, len(moved))])
        rows = np.concatenate([np.flatnonzero(kept), moved])
        inside = country.partition.numbers_of(lon, lat) >= 0
        weights = {p: m[rows][inside].astype(float) for p, m in places.priors.items() if p != COUNT}
        fresh = gather(lon[inside], lat[inside], weights)
        settings = Settings(k=k, block_share=k)
        found.append(build(fresh, settings, f"{country.partition.name}{n}", country.partition.extent))
    return found


def _moving(at: str, country: Country, world: World, sites: Integers, reach: str) -> Iterator[Figure]:
    ways, k = moving.Ways.of(world), country.partition.settings.k
    rows = [np.flatnonzero(country.blocks == n) for n in range(len(country.partition.blocks))]
    for windows in RELEASES:
        worst = np.array(
            [ways.largest([each] * 28 * windows, world.mass, confined=True).max() for each in rows]
        )
        belief = worst[country.blocks[sites]]
        yield _figure(f"{at}: group on the move, its block for {windows} windows of 28 days",
                      Outcome.of(belief, belief), reach)  # fmt: skip
    free = np.array([ways.largest([each] * 28, world.mass).max() for each in rows])
    belief = free[country.blocks[sites]]
    yield _figure(f"{at}: the same, by one who thinks that it stayed in its block by chance",
                  Outcome.of(belief, belief), "no promise; said in the docs")  # fmt: skip
    pairs = [
        (one, other) for one in rows for other in rows if one is not other and ways.chance[one][:, other].nnz
    ]
    journeys = (
        ("control: one block after another", "breaks", lambda one, other, both: [one] * 28 + [other] * 28),
        ("control: both on for a window between", "breaks",
         lambda one, other, both: [one] * 28 + [both] * 28 + [other] * 28),
        ("both blocks of a journey on throughout", reach, lambda one, other, both: [both] * 56),
    )  # fmt: skip
    for name, said, allowed in journeys if pairs else ():
        belief = np.array([
            ways.largest(allowed(one, other, np.union1d(one, other)), world.mass, confined=True).max()
            for one, other in pairs
        ])  # fmt: skip
        note = f"; {(belief > (1 + 1e-9) / k).mean():.0%} of pairs below {k}"
        yield _figure(f"{at}: {name}, all pairs of neighbours", Outcome.of(belief, belief), said, note)


def _crowded(at: str, country: Country, world: World) -> Iterator[Figure]:
    total = world.mass.sum()
    share = np.bincount(country.cells, weights=world.mass, minlength=len(country.partition.cells)) / total
    most = np.zeros(len(share))
    np.maximum.at(most, country.cells, world.mass / total)
    k = country.partition.settings.k
    for many in (12, 50, 200):
        blind, counted, lit = [], [], []
        for seed in range(SITES // many + 1):
            on = np.unique(country.cells[world.sites(many, seed)])
            lit.append(len(on) / len(share))
            blind.append(crowding.belief(most[on], share[on], many))
            counted.append(crowding.belief(most[on], share[on], crowding.rate(share[on], many)))
        both = np.maximum(np.concatenate(blind), np.concatenate(counted))
        note = f"; largest belief {both.max():.3f}, limit {1.5 / k:.3f}; {np.mean(lit):.0%} of cells on"
        yield _figure(f"{at}: load, {many} sites, their number known", Outcome.of(both, both), "0", note)
    crowd = np.argsort(share)[len(share) // 2 :][:3]  # three cells of middling mass
    counted_here = crowding.belief(most[crowd], share[crowd], crowding.rate(share[crowd], 50))
    yield _figure(f"{at}: load, 50 sites crowded into three cells, their number known",
                  Outcome.of(counted_here, counted_here), "no promise; `protect attack` warns")  # fmt: skip
