"""A report placed in a fused case: how long it takes, and whether a full run says the same.

Claims of a world (preset hard) are fused but for 100, which then arrive one, ten and a hundred at a time,
each time in a process of its own that has only the file of what stands. HOLDFIRE_PLACING names how many
records the world has, 30000 without it; worlds are kept in HOLDFIRE_WORLDS, else in a temporary folder.
"""

from __future__ import annotations

import json
import os
import pickle
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.figures import Figure
from bench.measuring import run
from holdfire import worlds
from holdfire.engine import Engine
from holdfire.fusing.incidents.background import Background
from holdfire.fusing.incidents.fuse import fuse
from holdfire.fusing.incidents.placing import place
from holdfire.fusing.incidents.rerun import changed
from holdfire.fusing.incidents.standing import build
from holdfire.records.claim import CLAIM
from holdfire.records.source import Repeats

PRESET, SEED, ARRIVE = "hard", 1, 100


def measure(shared: Path) -> Iterator[Figure]:
    """Yield how long making ready and placing take [s], and what a full run says otherwise."""
    del shared  # worlds are made from their presets alone
    size = int(os.environ.get("HOLDFIRE_PLACING", "30000"))
    with tempfile.TemporaryDirectory(prefix="holdfire-placing-") as temporary:
        world = Path(os.environ.get("HOLDFIRE_WORLDS", temporary)) / f"{PRESET}-{size}"
        if not world.exists():
            worlds.make(PRESET, SEED, size, world)
        scratch = Path(temporary)
        took = run([sys.executable, "-m", "bench.fusing.placing", "ready", str(world), temporary])
        made = json.loads((scratch / "made.json").read_text(encoding="utf-8"))
        disk = f"{made['size'] / 2**20:,.0f} MiB on disk"
        note = f"{made['cpu']:.1f} s of CPU, {disk}, {took.peak:,.0f} MiB of memory with fusing"
        yield Figure(f"making ready, {made['records']:,} claims: wall time [s]", made["wall"], note=note)
        for count in (1, 10, ARRIVE):
            took = run([sys.executable, "-m", "bench.fusing.placing", "place", temporary, str(count)])
            said = json.loads((scratch / "said.json").read_text(encoding="utf-8"))
            note = f"{said['cpu']:.2f} s of CPU; the whole process {took.wall:.1f} s, {took.cpu:.1f} s of CPU"
            yield Figure(
                f"placing {count} of {made['records']:,} claims: wall time [s]",
                said["wall"],
                reach="< 2" if count == 1 else "",
                note=note,
            )
        differing = _differing(scratch)
        yield Figure("incidents and members that a full run says otherwise", differing, reach="0")


def _background() -> Background:
    return Background(repeats={each.id: Repeats(each.repeats) for each in worlds.read(PRESET).sources})


def _engine(scratch: Path) -> Engine:
    return Engine(2, 2048, str(scratch / "spill"))


def _ready(world: Path, scratch: Path) -> None:
    """Fuse all claims but those that arrive, and keep what stands."""
    engine, background = _engine(scratch), _background()
    told = engine.sql(f"SELECT * FROM read_parquet('{worlds.claims(world)}') ORDER BY source, report, seq")
    columns = [
        told[c.name].cast(c.type) if c.name in told.column_names else pa.nulls(len(told), c.type)
        for c in CLAIM.columns
    ]
    claims = CLAIM.check(pa.table(columns, schema=CLAIM.arrow))
    arrives = np.zeros(len(claims), bool)
    arrives[np.random.default_rng(SEED).choice(len(claims), ARRIVE, replace=False)] = True
    stood = claims.filter(pa.array(~arrives))
    fused = fuse(stood, background, engine)
    pq.write_table(claims.filter(pa.array(arrives)), scratch / "arrives.parquet")
    pq.write_table(stood, scratch / "stood.parquet")
    (scratch / "fused").write_bytes(pickle.dumps(fused))
    wall, cpu = time.perf_counter(), _processor()
    file = scratch / "standing.duckdb"
    with engine.session() as session:
        session.run(f"ATTACH '{file}' AS standing")
        build(session, stood, fused, background)
        session.run("DETACH standing")
    took = {"wall": time.perf_counter() - wall, "cpu": _processor() - cpu, "size": file.stat().st_size}
    (scratch / "made.json").write_text(json.dumps(took | {"records": len(stood)}), encoding="utf-8")


def _place(scratch: Path, count: int) -> None:
    arrives = CLAIM.check(pq.read_table(scratch / "arrives.parquet")).slice(0, count)
    background = _background()
    wall, cpu = time.perf_counter(), _processor()
    with _engine(scratch).session() as session:
        session.run(f"ATTACH '{scratch / 'standing.duckdb'}' AS standing (READ_ONLY)")
        placed = place(session, arrives, background, threads=2)
    took = {"wall": time.perf_counter() - wall, "cpu": _processor() - cpu}
    (scratch / "said.json").write_text(json.dumps(took), encoding="utf-8")
    (scratch / "placed").write_bytes(pickle.dumps(placed))


def _differing(scratch: Path) -> int:
    """Return how many rows are other than a full run over all claims makes them."""
    placed = pickle.loads((scratch / "placed").read_bytes())  # noqa: S301 - written by this bench
    before = pickle.loads((scratch / "fused").read_bytes())  # noqa: S301 - written by this bench
    stood, arrives = (CLAIM.check(pq.read_table(scratch / f"{n}.parquet")) for n in ("stood", "arrives"))
    if placed.due:
        raise RuntimeError(placed.due)
    after = fuse(pa.concat_tables([stood, arrives]), _background(), _engine(scratch))
    full = changed(before, after, arrives)
    both = [
        ({str(row) for row in one.to_pylist()}, {str(row) for row in other.to_pylist()})
        for one, other in ((placed.incidents, full.incidents), (placed.members, full.members))
    ]
    return sum(len(one ^ other) for one, other in both) + (placed.gone != full.gone)


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    if sys.argv[1] == "ready":
        _ready(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        _place(Path(sys.argv[2]), int(sys.argv[3]))
