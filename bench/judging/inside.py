"""Ten million points in 500 areas, plainly and with normal errors, beside geopandas in the same run.

The areas are the 272 sub-districts of Syria and 228 rounded shapes that we make; points are thrown over the
country, the same each time. Uncertain ones have standard deviations of 0.5, 5 and 15 km, a third each.
geopandas is given a tenth of the points in a process of its own, where it is installed (`pip install
geopandas`); else the figure recorded elsewhere is named. HOLDFIRE_POINTS asks for other numbers.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import shapely

from bench.figures import Figure
from holdfire.areas import Blur, Cover
from holdfire.areas.blur import exact
from holdfire.areas.outlines import Reals

POINTS = 10_000_000
PEER = 10
"""Every so many points are given to geopandas."""
MADE = 228
DEVIATIONS = (0.5, 5.0, 15.0)
CHECKED = 300


def areas(shared: Path) -> list[shapely.Geometry]:
    """Return the outlines: sub-districts, and shapes of 100 corners whose edge goes in and out a little."""
    table = pq.read_table(shared / "data" / "geo" / "syr_adm3.parquet")
    draw = np.random.default_rng(1)
    made = []
    turn = np.linspace(0, 2 * np.pi, 100, endpoint=False)
    for _ in range(MADE):
        waves = sum(draw.normal(0, 0.3 / k) * np.cos(k * turn + draw.uniform(0, 6)) for k in range(2, 7))
        far = draw.uniform(0.05, 0.4) * np.exp(waves)
        middle = draw.uniform((36, 33), (42, 37))
        made.append(shapely.Polygon(middle + np.column_stack([far * np.cos(turn), far * np.sin(turn)])))
    return [*shapely.from_wkb(table["geometry"].to_pylist()), *made]


def points(many: int) -> Reals:
    """Return longitudes and latitudes (2, many)."""
    return np.random.default_rng(2).uniform(0, 1, (2, many)) * [[7.0], [5.2]] + [[35.5], [32.2]]


def measure(shared: Path) -> Iterator[Figure]:
    """Yield times, memory and errors."""
    many = int(os.environ.get("HOLDFIRE_POINTS", POINTS))
    outlines, (lon, lat) = areas(shared), points(many)
    Cover(outlines[:2]).locate(lon[:9], lat[:9])  # compiled, or read compiled
    Blur(outlines[:1], 15.0).shares(lon[:9], lat[:9])
    started = time.process_time(), time.perf_counter()
    point, area = Cover(outlines).locate(lon, lat, threads=2)
    ours = time.process_time() - started[0]
    pairs, clock = len(point), time.perf_counter() - started[1]
    ends = ", ".join(
        [f"{sum(shapely.get_num_coordinates(outlines)):,} vertices", f"{clock:.1f} s by the clock"]
    )
    yield Figure(
        f"{many:,} points in {len(outlines)} areas [CPU s]", ours, count=pairs, reach="7.1", note=ends
    )
    yield from _peer(shared, many, ours, int((point % PEER == 0).sum()))
    del point, area
    yield from _uncertain(outlines, lon, lat)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    yield Figure("most memory held [GiB]", memory, reach="6", note="points and pairs among it")


def _uncertain(outlines: Sequence[shapely.Geometry], lon: Reals, lat: Reals) -> Iterator[Figure]:
    laid = asked = 0.0
    rows, off = 0, list[float]()
    draw = np.random.default_rng(3)
    for k, deviation in enumerate(DEVIATIONS):
        x, y = lon[k :: len(DEVIATIONS)], lat[k :: len(DEVIATIONS)]
        started = time.process_time()
        blurred = Blur(outlines, deviation)
        laid += time.process_time() - started
        started = time.process_time()
        point, area, p = blurred.shares(x, y, threads=2)
        asked += time.process_time() - started
        rows += len(p)
        for each in draw.choice(np.flatnonzero((p > 0.02) & (p < 0.98)), CHECKED):
            where = float(x[point[each]]), float(y[point[each]])
            off.append(abs(exact(outlines[area[each]], *where, deviation) - float(p[each])))
    yield Figure(f"{len(lon):,} uncertain points [CPU s]", laid + asked, count=rows, reach="42",
                 note=f"{laid:.1f} s of it for tables along the outlines, which are made once")  # fmt: skip
    yield Figure("  greatest error of a probability near an outline", max(off), count=len(off),
                 note="against the exact sum over edges; 0.013 recorded of the prototype")  # fmt: skip
    yield Figure("  mean error there", float(np.mean(off)), count=len(off))


def _peer(shared: Path, many: int, ours: float, pairs: int) -> Iterator[Figure]:
    if find_spec("geopandas") is None:
        note = "recorded elsewhere, not run here: geopandas is not installed"
        yield Figure("geopandas sjoin, 10,000,000 points [CPU s]", 72.7, note=note)
        return
    given = [sys.executable, "-m", "bench.judging.inside", str(shared), str(many)]
    told = subprocess.run(given, capture_output=True, text=True, check=True, timeout=900)
    cpu, found, memory = told.stdout.split()
    same = "the same pairs" if int(found) == pairs else f"{int(found) - pairs:+,} pairs against ours"
    yield Figure(f"geopandas sjoin, {many // PEER:,} of the points [CPU s]", float(cpu), count=int(found),
                 note=f"{same}; {memory} GiB")  # fmt: skip
    yield Figure("  geopandas over ours, a point", float(cpu) * PEER / ours)


def _sjoin(shared: Path, many: int) -> str:
    """Return CPU seconds, pairs and memory of geopandas."""
    import geopandas

    lon, lat = points(many)[:, ::PEER]
    zones = geopandas.GeoDataFrame(geometry=areas(shared), crs=4326)
    frame = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(lon, lat), crs=4326)
    started = time.process_time()
    found = len(geopandas.sjoin(frame, zones, predicate="within"))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return f"{time.process_time() - started:.2f} {found} {memory:.1f}"


if __name__ == "__main__":
    print(_sjoin(Path(sys.argv[1]), int(sys.argv[2])))
