"""Ten million incidents, all coverage questions of the shipped Syria agreement: time and memory.

Incidents are thrown together, the same each time: any actors of the case on either side, any kind of event,
any settlement of the gazetteer with the precisions that sources have, days of 2016 as finely as reports tell
them. HOLDFIRE_INCIDENTS asks for another number. The control asks a hundredth of them alone, whose answers
must be those that the same incidents get among all.
"""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from bench.figures import Figure
from holdfire import plugins
from holdfire.case import Case
from holdfire.engine import Engine, Session
from holdfire.judging.determining import Inquiry, ask

ROOT = Path(__file__).resolve().parents[2]
INCIDENTS = 10_000_000
THREADS, MEMORY = 2, 4096


def inquiry() -> Inquiry:
    """Return what is asked by the shipped case."""
    folder, kinds = Case.open(ROOT / "examples" / "syria-2016").folder, plugins.kinds()
    places = folder.gazetteer.governorates()
    return Inquiry(folder.agreement(kinds), folder.names, folder.sources, kinds, places)


def incidents(shared: Path, many: int, actors: list[str], engine: Engine) -> pa.Table:
    """Return the columns of INCIDENT that coverage reads (many rows)."""
    listed = "[" + ", ".join(f"'{each}'" for each in actors) + "]"
    towns = shared / "data" / "geo" / "gazetteer_syria.csv.gz"
    with engine.session() as session:
        session.make(
            "towns",
            f"""SELECT row_number() OVER () - 1 AS n, lat, lon FROM
                (SELECT CAST(lat AS DOUBLE) AS lat, CAST(lon AS DOUBLE) AS lon FROM read_csv('{towns}'))
                WHERE lat IS NOT NULL""",
        )
        session.run("CREATE MACRO pick(i, k, n) AS CAST(hash(i, k) % n AS BIGINT)")
        count = session.sql("SELECT count(*) AS n FROM towns")["n"][0].as_py()
        some = f"list_value({listed}[1 + pick(i, 1, {len(actors)})])"
        other = f"list_value({listed}[1 + pick(i, 2, {len(actors)})])"
        return session.sql(f"""
            SELECT format('i-{{:016x}}', i) AS incident_id,
                ['attack.airstrike', 'attack.shelling', 'attack.armed_clash', 'attack.unspecified',
                 'attack.bombing', 'aid.blocked', 'territory.seized', 'detention.release_refused']
                    [1 + pick(i, 3, 8)] AS event_type,
                CASE WHEN pick(i, 4, 10) < 8 THEN {some} WHEN pick(i, 4, 10) = 8 THEN
                    list_sort(list_distinct(list_concat({some}, {other}))) END AS actors,
                CASE WHEN pick(i, 5, 10) < 7 THEN {other} END AS targets,
                pick(i, 6, 10) < 8 AS directed,
                TIMESTAMPTZ '2016-01-01 00:00:00+00' + to_hours(CAST(pick(i, 7, 8760) AS INTEGER)) AS start,
                start + to_hours(CAST([0, 24, 24, 48, 168][1 + pick(i, 8, 5)] AS INTEGER)) AS "end",
                CAST(NULL AS VARCHAR) AS admin1, t.lat, t.lon,
                [500.0, 2500.0, 25000.0, 35000.0, 120000.0][1 + pick(i, 9, 5)] AS radius
            FROM range({many}) AS r(i) JOIN towns AS t ON t.n = pick(i, 10, {count}) ORDER BY i""")


def measure(shared: Path) -> Iterator[Figure]:
    """Yield the time and memory of all questions, and whether a few get the same answers alone."""
    many = int(os.environ.get("HOLDFIRE_INCIDENTS", INCIDENTS))
    asked, engine = inquiry(), Engine(THREADS, MEMORY)
    table = incidents(shared, many, sorted(asked.names.actors), engine)
    started = time.process_time(), time.perf_counter()
    with engine.session() as session:
        ask(session, table, asked)
        cases = _count(session, "covered")
        cpu, clock = time.process_time() - started[0], time.perf_counter() - started[1]
        told = _answers(session, many // 100)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    yield Figure(f"all coverage questions of {many:,} incidents [s]", clock, count=cases, reach="60",
                 note=f"{cpu:.1f} s of processor time; of so many distinct cases")  # fmt: skip
    yield Figure("  most memory held [GiB]", memory, reach="6", note="the incidents themselves among it")
    with engine.session() as session:
        ask(session, table.slice(0, many // 100), asked)
        alone = _answers(session, many // 100)
    yield Figure("  answers that differ if a hundredth is asked alone", _differ(told, alone), reach="0")


def _count(session: Session, table: str) -> int:
    return int(session.sql(f"SELECT count(*) AS n FROM {table}")["n"][0].as_py())


def _answers(session: Session, few: int) -> pa.Table:
    return session.sql(f"""SELECT incident_id, coverage, term, "window", area, act, perpetrator, target
        FROM keyed JOIN covered USING (case_key) WHERE incident_id < format('i-{{:016x}}', {few})
        ORDER BY incident_id""")


def _differ(one: pa.Table, other: pa.Table) -> int:
    pairs = zip(one.to_pylist(), other.to_pylist(), strict=True)
    return sum(a != b for a, b in pairs)
