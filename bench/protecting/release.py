"""What a release costs and how much it can hold: the check, incidents against it, and its exports.

On Syria (8,007 places, both priors) with every third cell on. The check is asked of five thousand areas, once
as a function and once as the whole command, with the files read and the signatures checked. Two worlds that
differ only in where places are in their cells are asked the same; places are moved within cells.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import numpy as np
import shapely

from bench.figures import Figure
from bench.protecting.partition import syria
from holdfire import signing
from holdfire.ledger import attested, drafts
from holdfire.ledger.keys import PrivateKey
from holdfire.ledger.log import Ledger
from holdfire.protecting import check, incidents
from holdfire.protecting.areas import files
from holdfire.protecting.areas.rings import Area
from holdfire.protecting.cells import Partition, Settings
from holdfire.protecting.exports import exports
from holdfire.protecting.grid import UNITS
from holdfire.protecting.load import most_sites
from holdfire.protecting.partition import build
from holdfire.protecting.release import Asked, Published, Release, draw_up

HOLDFIRE = str(Path(sys.executable).with_name("holdfire"))
NOW = datetime(2026, 11, 23, tzinfo=UTC)
RUNS = 5
FREE = Fraction(1)


def measure(shared: Path) -> Iterator[Figure]:
    """Yield times of the check, the incidents and the exports, and how many places a release can hold."""
    of = build(syria(shared / "data" / "geo"), Settings(), "SYR")
    on = Published(_drawn(of, [cell.code for cell in of.cells[::3]]), of)
    areas = _areas(of, 5_000)
    took = _best(lambda: check.touching([on], areas, on.release.when))
    note = f"{len(on.cells)} of {len(of.cells)} cells on"
    yield Figure("check of 5,000 areas [CPU s]", took, count=5_000, reach="0.5", note=note)
    yield from _command(of, areas)
    draw = np.random.default_rng(1)
    west, south, east, north = of.extent.shape().bounds
    lon, lat = draw.uniform(west, east, 10**6), draw.uniform(south, north, 10**6)
    for name, radius in (
        ("points", 0.0),
        ("discs of 0 to 30 km", draw.choice([0.0, 500.0, 5e3, 15e3, 30e3], 10**6)),
    ):
        took = _best(lambda each=radius: incidents.touching(on, lon, lat, each))  # type: ignore[misc]
        many = len(incidents.touching(on, lon, lat, radius)[0])
        yield Figure(
            f"1 million incidents, {name} [CPU s]", took, count=10**6, reach="2", note=f"{many:,} touches"
        )
    yield Figure("all exports [CPU s]", _best(lambda: exports(on)), note=f"{len(on.cells)} areas")
    yield from _moves(of, 10_000)
    yield from _load(of)


def _drawn(of: Partition, codes: list[str], keyset: str = "0" * 64) -> Release:
    return draw_up(Asked(codes=codes, sites=len(codes), partition=of, limit=FREE), now=NOW, keyset=keyset)


def _areas(of: Partition, many: int) -> list[shapely.Geometry]:
    draw = np.random.default_rng(2)
    west, south, east, north = of.extent.shape().bounds
    x, y = draw.uniform(west, east - 0.2, many), draw.uniform(south, north - 0.2, many)
    turns = np.linspace(0, 2 * np.pi, 13)[:-1]
    size = draw.uniform(0.005, 0.1, (many, 12))
    return [
        shapely.Polygon(np.column_stack([a + 0.1 + s * np.cos(turns), b + 0.1 + s * np.sin(turns)]))
        for a, b, s in zip(x, y, size, strict=True)
    ]


def _best(work: Callable[[], object]) -> float:
    """Return the least processor time of some runs: others use the machine too."""
    found = []
    for _ in range(RUNS):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return min(found)


def _command(of: Partition, areas: list[shapely.Geometry]) -> Iterator[Figure]:
    """Yield how long the whole command takes: a process, its imports, files, signatures, and the answer."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        keys = [PrivateKey.make(name) for name in ("Ada", "Ben")]
        with Ledger.open(folder / "ledger.sqlite", write=True) as ledger:
            draft = signing.draft_keyset(
                ledger, log=PrivateKey.make().public, at="2026-11-01T00:00Z", threshold=2,
                editors={key.name: key.public for key in keys}, witnesses={}, quorum=0, fresh_hours=0,
            )  # fmt: skip
            keyset = signing.enter(ledger, _signed(draft, keys))
            fixed = signing.draft_partition(
                ledger, name=of.name, partition=of.digest, candidates=of.candidates, places=of.places,
                cells=len(of.cells), at="2026-11-01T00:00Z",
            )  # fmt: skip
            signing.enter(ledger, _signed(fixed, keys))
            said = _drawn(of, [cell.code for cell in of.cells[::3]], keyset.leaf)
            entry = signing.enter(ledger, _signed(drafts.checked(said.value), keys))
            (folder / "release.json").write_bytes(attested.attested(ledger, entry))
        (folder / "partition.json").write_bytes(of.text())
        asked = [Area(f"area {n}", each) for n, each in enumerate(areas, 1)]
        (folder / "areas.geojson").write_bytes(files.write(asked, "geojson"))
        command = [HOLDFIRE, "protect", "check", str(folder), "--area", str(folder / "areas.geojson")]
        took = _timed([*command, "--from", said.starts, "--to", said.ends])
        yield Figure("  the whole command [CPU s]", took, count=len(areas))


def _timed(command: list[str]) -> float:
    """Return the least processor time of a process over some runs."""
    found = []
    for _ in range(RUNS):
        began = sum(os.times()[2:4])
        subprocess.run(command, check=False, capture_output=True)
        found.append(sum(os.times()[2:4]) - began)
    return min(found)


def _signed(draft: drafts.Draft, keys: list[PrivateKey]) -> drafts.Draft:
    for key in keys:
        draft = drafts.add_signature(draft, key)
    return draft


def _moves(of: Partition, cases: int) -> Iterator[Figure]:
    """Yield how many moves of a place within its cell change a byte of the release, or an answer."""
    draw = np.random.default_rng(3)
    changed = differ = 0
    areas = _areas(of, 1_000)
    for n in range(cases):
        cells = draw.integers(0, len(of.cells), 5)
        one, two = (_drawn(of, sorted(set(of.cells_of(*_anywhere(of, cells, draw))))) for _ in range(2))
        changed += one.text != two.text
        if n < 10:  # a thousand questions of each of ten pairs of worlds
            answers = [check.touching([Published(each, of)], areas, each.when) for each in (one, two)]
            differ += sum(a != b for a, b in zip(*answers, strict=True))
    yield Figure("moves within a cell that change a byte of the release", changed, count=cases, reach="0")
    yield Figure("answers that differ between two worlds", differ, count=10_000, reach="0")


def _anywhere(of: Partition, cells: np.ndarray, draw: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    sides = np.array([(b.west, b.south, b.east, b.north) for b in (of.cells[int(n)].box for n in cells)])
    first, last = -(-sides[:, :2] * UNITS // 60), -(-sides[:, 2:] * UNITS // 60)
    at = draw.integers(first, last) / UNITS
    return at[:, 0], at[:, 1]


def _load(of: Partition) -> Iterator[Figure]:
    """Yield how many places a release can hold before belief in a candidate passes 1.5 / k."""
    limit = 1.5 / of.settings.k
    each = sorted(most_sites([cell], limit) for cell in of.cells)
    yield Figure(
        "places that any cells can hold, belief 1.5/k at most", each[0], note="the first cell to give way"
    )
    yield Figure("places that half the cells can hold", each[len(each) // 2])
