"""The same links on Spark as on DuckDB: reports of the world `hard` weighed on both, pair by pair.

Features are made by DuckDB, as a run does. Pairs are then found and weighed by DuckDB with two threads, and
by a standalone cluster of two workers of one core each, started here and stopped at the end. HOLDFIRE_SPARK
names the sizes, 30000 without it; worlds are kept in HOLDFIRE_WORLDS, else made in a temporary folder.
"""

from __future__ import annotations

import json
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.figures import Figure
from bench.fusing.scale import MEMORY
from bench.fusing.workers import HOST, cluster
from holdfire import worlds
from holdfire.engine import Engine
from holdfire.fusing.comparing.scoring import Scored, pairs
from holdfire.fusing.grouping.clustering import Joining, Pairs, group
from holdfire.fusing.incidents.background import Background
from holdfire.fusing.incidents.features import features
from holdfire.fusing.incidents.fuse import FLOOR
from holdfire.fusing.incidents.selecting import MAKES
from holdfire.fusing.parameters import parameters
from holdfire.fusing.profile import profile
from holdfire.records.source import Repeats

WORKERS = 2
HELD = "4g"
"""Memory of each worker, and of the driver: it holds what a million reports are compared by, sent whole."""

DEFAULTS = f"""spark.executor.memory {HELD}
spark.driver.memory {HELD}
spark.executor.extraJavaOptions -XX:+UseParallelGC
"""
"""What spark-defaults.conf says: a million reports do not fit the 1 GiB that Spark gives otherwise."""


def measure(shared: Path) -> Iterator[Figure]:
    """Yield how many pairs, weights and groups differ, and what each engine took."""
    del shared  # worlds are made from their presets alone
    for size in (int(each) for each in os.environ.get("HOLDFIRE_SPARK", "30000").replace(",", " ").split()):
        with tempfile.TemporaryDirectory(prefix="holdfire-spark-bench-") as temporary:
            yield from _compared(size, Path(temporary))


def _compared(size: int, temporary: Path) -> Iterator[Figure]:
    world = Path(os.environ.get("HOLDFIRE_WORLDS", temporary)) / f"hard-{size}"
    if not (world / "world.json").is_file():
        worlds.make("hard", 1, size, world)
    engine = Engine(2, MEMORY.get(size, 2048), str(temporary / "scratch"))
    kept = temporary / "features.parquet"
    sources, repeats = _features(world, engine, kept)
    with engine.session() as session:
        session.view("features", f"SELECT * FROM read_parquet('{kept}')")
        here, took = _timed(lambda: pairs(session, profile("incident"), parameters("incident"), FLOOR))
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield from _cost("DuckDB, 2 threads", size, here, took, largest)
    (temporary / "spark-defaults.conf").write_text(DEFAULTS, encoding="utf-8")
    os.environ |= {"SPARK_CONF_DIR": str(temporary), "SPARK_LOCAL_IP": HOST}
    there, took = _timed(lambda: _on_spark(pq.read_table(kept)))
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    yield from _cost(f"Spark, {WORKERS} workers of 1 core", size, there, took, largest)
    names = pq.read_table(kept, columns=["source"])["source"].to_numpy()
    behaviour = [repeats[each] for each in sources]
    one, other = (_groups(each.pairs, names, behaviour) for each in (here, there))
    for what, count, of in (
        ("pairs that only one of them has, or weighs otherwise", _differing(here, there), len(here.pairs)),
        ("pairs that only one of them compared", abs(here.compared - there.compared), here.compared),
        ("reports in another group", int((one != other).sum()), len(names)),
    ):
        yield Figure(f"hard, {size:,} reports, DuckDB against Spark: {what}", count, count=of, reach="0")


def _features(world: Path, engine: Engine, kept: Path) -> tuple[list[str], dict[str, Repeats]]:
    """Write the features of a world's reports; return its sources, in order, and how they behave."""
    setting = worlds.read(json.loads((world / "world.json").read_text(encoding="utf-8"))["preset"])
    repeats = {each.id: Repeats(each.repeats) for each in setting.sources}
    with engine.session() as session:
        session.view("claims", f"SELECT * FROM read_parquet('{worlds.claims(world)}')")
        session.view("makes", f"SELECT * FROM claims WHERE {MAKES}")
        sources = features(session, Background(repeats=repeats))
        columns = ", ".join(["record", "source", "apart", *profile("incident").columns])
        session.run(f"COPY (SELECT {columns} FROM features ORDER BY record) TO '{kept}' (FORMAT parquet)")
    return sources, repeats


def _on_spark(table: pa.Table) -> Scored:
    from holdfire import sparkengine

    with cluster(WORKERS, HELD) as master, sparkengine.cluster(master) as far:
        far.give("features", table)
        return pairs(far, profile("incident"), parameters("incident"), FLOOR)


def _timed(work: Callable[[], Scored]) -> tuple[Scored, tuple[float, float]]:
    """Return what some work gives, and its wall and processor time [s], its own processes included."""

    def processor() -> float:
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(each.ru_utime + each.ru_stime for each in used)

    wall, before = time.perf_counter(), processor()
    given = work()
    return given, (time.perf_counter() - wall, processor() - before)


def _cost(who: str, size: int, found: Scored, took: tuple[float, float], memory: float) -> Iterator[Figure]:
    wall, used = took
    note = f"processor {used:.1f} s; {found.compared:,} pairs compared, {len(found.pairs):,} kept"
    yield Figure(f"hard, {size:,} reports, {who}: wall [s]", wall, count=found.records, note=note)
    largest = "of the largest process"
    yield Figure(f"hard, {size:,} reports, {who}: memory [MiB]", memory, count=found.records, note=largest)


def _differing(one: Scored, other: Scored) -> int:
    """Return how many rows (a, b, weight) stand in one and not in the other."""
    query = """SELECT count(*) AS n FROM (
        (FROM one EXCEPT ALL FROM other) UNION ALL (FROM other EXCEPT ALL FROM one))"""
    return int(Engine().sql(query, one=one.pairs, other=other.pairs)["n"][0].as_py())


def _groups(kept: pa.Table, sources: np.ndarray, behaviour: list[Repeats]) -> np.ndarray:
    joining = Joining(floor=FLOOR, offset=parameters("incident").offset)
    return np.asarray(group(Pairs.of(kept), sources, behaviour, None, joining, 2).groups)
