"""What a partition costs and whether it holds what it says: Syria, Ukraine, India, and a made country.

Zone areas are told beside what a prototype recorded on the same 8,007 places. Its weights of people cannot be
shared, so ours are others: for Syria the populations of 72 towns (GeoNames of 2012) and 800 for every other
place, for Ukraine those of 251 towns and 5,000 for the middle of each of 494 districts, for India those of
2,398 towns. Coverage is asked of another library, at 72 points of the geodesic circle about every candidate
place; places and largest shares are counted again from the candidates and not taken from the partition.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
from pyproj import Geod

from bench.figures import Figure
from bench.measuring import run
from holdfire.protecting.candidates import Candidates, Gathering
from holdfire.protecting.partition import Partition, Settings, build
from holdfire.protecting.summary import Kind, summary
from holdfire.sheltering.layers import Columns, joined, rows_of

HOLDFIRE = str(Path(sys.executable).with_name("holdfire"))
RIM = 72
TOWNS = "geonames_cities15000_2012.parquet"
PEOPLE = {"people": "population"}
SPREAD = Gathering(spread="people")


def measure(shared: Path) -> Iterator[Figure]:
    """Yield what partitions of real places cost and hold, and how long one takes."""
    geo = shared / "data" / "geo"
    yield from _syria(geo)
    for name, places in (("Ukraine", ukraine(geo)), ("India", india(geo))):
        made = build(places, Settings(), name.upper())
        yield from _areas(f"{name}, both priors, towns as pieces", summary(made).cells)
        yield from held(name, places, made)
    yield from _time()


def _syria(geo: Path) -> Iterator[Figure]:
    bare = joined([rows_of(geo / "syr_places.parquet", Columns())], [], Gathering())[0]
    free = Settings(beta=Fraction(1))
    yield from _areas("Syria, count", summary(build(bare, free, "SYR")).cells, "73, 207, 3,392")
    yield from _areas("Syria, count, no disc above 0.2", summary(build(bare, Settings(), "SYR")).cells)
    note = "161, 1,065, 15,744, of other weights and towns as points"
    places = syria(geo)
    yield from _areas("Syria, both priors, towns as pieces", summary(build(places, free, "SYR")).cells, note)
    made = build(places, Settings(), "SYR")
    note = note.replace("161, 1,065, 15,744", "248, 1,473, 20,609")
    yield from _areas("Syria, both, no disc above 0.2", summary(made).cells, note)
    yield from _areas("  its blocks, 80 under both", summary(made).blocks)
    lighter = summary(build(places, Settings(block_share=10), "SYR")).blocks
    yield from _areas("  its blocks, 80 places and 10 by people", lighter)
    yield from held("Syria", places, made)


def syria(geo: Path) -> Candidates:
    """Return 8,007 places with the people of 72 towns."""
    columns = Columns(weights=PEOPLE, fill={"people": 800.0}, only={"country": ("SY",)})
    layers = [rows_of(geo / name, columns) for name in ("syr_places.parquet", TOWNS)]
    return joined(layers, ["people"], SPREAD)[0]


def ukraine(geo: Path) -> Candidates:
    """Return 251 towns and the middles of 494 districts."""
    columns = Columns(weights=PEOPLE, fill={"people": 5000.0}, only={"country": ("UA",)})
    layers = [rows_of(geo / name, columns) for name in ("neighbours/ukr_adm2.geojson.gz", TOWNS)]
    return joined(layers, ["people"], SPREAD)[0]


def india(geo: Path) -> Candidates:
    """Return 2,398 towns."""
    columns = Columns(weights=PEOPLE, only={"country": ("IN",)})
    return joined([rows_of(geo / TOWNS, columns)], ["people"], SPREAD)[0]


def _areas(name: str, kind: Kind, recorded: str = "") -> Iterator[Figure]:
    for which, area in zip(("p5", "median", "p95"), kind.areas, strict=True):
        note = f"{kind.many:,} of them" if which == "p5" else ""
        if which == "median" and recorded:
            note = f"prototype: {recorded}"
        yield Figure(f"{name}: zone {which} [km2]", area, note=note)


def held(name: str, places: Candidates, made: Partition) -> Iterator[Figure]:
    """Yield how often a partition breaks what it promises, counted from the candidates."""
    of_cell = made.numbers_of(places.lon, places.lat)
    counts = np.bincount(of_cell, minlength=len(made.cells))
    short = counts < made.settings.k
    for mass in places.priors.values():
        total, most = np.zeros(len(counts), np.int64), np.zeros(len(counts), np.int64)
        np.add.at(total, of_cell, mass)
        np.maximum.at(most, of_cell, mass)
        short |= most * made.settings.k > total
    yield Figure(f"{name}: cells below k under a prior", float(short.sum()), count=len(counts), reach="0",
                 note=f"fewest places {counts.min()}")  # fmt: skip
    outside = uncovered(places, of_cell, made)
    yield Figure(f"{name}: places with a part of their 1-km disc outside their zone", outside,
                 count=len(places), reach="0")  # fmt: skip


def uncovered(places: Candidates, of_cell: Sequence[int], made: Partition) -> int:
    """Return how many places have a point of their geodesic circle outside the zone of their cell."""
    turn, earth = np.arange(RIM) * 360 / RIM, Geod(ellps="WGS84")
    wrong = 0
    order = np.argsort(of_cell, kind="stable")
    for here in np.split(order, np.flatnonzero(np.diff(np.asarray(of_cell)[order])) + 1):
        lon, lat, _ = earth.fwd(
            np.repeat(places.lon[here], RIM), np.repeat(places.lat[here], RIM), np.tile(turn, len(here)),
            np.full(len(here) * RIM, float(made.settings.margin)),
        )  # fmt: skip
        inside = made.cells[of_cell[here[0]]].zone.holds(lon, lat).reshape(-1, RIM).all(axis=1)
        wrong += int((~inside).sum())
    return wrong


def _time() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        for many, reach in ((10_000, "10"), (100_000, "")):
            layer = Path(folder) / f"made_{many}.csv"
            country(layer, many)
            took = run([HOLDFIRE, "protect", "partition", str(layer), "--name", "MADE",
                        "--weight", "people=people", "--spread", "people"])  # fmt: skip
            note = f"{took.wall:.1f} s by the clock, {took.peak:,.0f} MiB; a whole process"
            yield Figure(f"made country, {many:,} places [CPU s]", took.cpu, reach=reach, note=note)


def country(path: Path, many: int) -> None:
    """Write a made country as large as Syria: towns of all sizes by rank, villages about them and between."""
    draw = np.random.default_rng(1)
    towns = draw.uniform(0, 1, (max(1, many // 100), 2))
    near = towns[draw.integers(0, len(towns), many)] + draw.normal(0, 0.02, (many, 2))
    at = np.where(draw.uniform(size=(many, 1)) < 0.7, near, draw.uniform(0, 1, (many, 2)))
    people = 2_000_000 / np.arange(1, many + 1) ** 0.9 + 50
    lines = [f"{36 + 6 * x:.5f},{32.5 + 4.5 * y:.5f},{p:.0f}" for (x, y), p in zip(at, people, strict=True)]
    path.write_text("\n".join(["lon,lat,people", *lines]) + "\n", encoding="utf-8")
