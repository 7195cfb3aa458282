"""How long it takes to weigh what is said of a million incidents: three claims each, of twelve sources.

    python -m bench.judging.weighing [INCIDENTS]

Only the weighing is timed: letters of sources, probabilities, deaths, grades of claims. It is SQL on sets, so
it takes about as long an incident for ten thousand as for a million.
"""

from __future__ import annotations

import resource
import sys
import time
from tempfile import TemporaryDirectory

import pyarrow as pa

from holdfire.engine import Engine, Session
from holdfire.judging.evidence import weigh
from holdfire.judging.heard import actor_table, source_table
from holdfire.judging.overruling import give_overruled
from holdfire.judging.weights import weights
from holdfire.records.actor import Actor, ActorKind
from holdfire.records.source import Affiliation, Reliability, Source

SOURCES = {
    f"s{n:02}": Source(
        id=f"s{n:02}",
        name={},
        affiliation=Affiliation.PARTY if n < 2 else Affiliation.MEDIA,
        actor=("north", "south")[n] if n < 2 else "",
        reliability=Reliability("FFBBBCCCCDFF"[n]),
    )
    for n in range(12)
}
ACTORS = {name: Actor(name, {}, ActorKind.GROUP) for name in ("north", "south", "east")}

CLAIMS = """
    WITH each AS (
        SELECT n, 's' || printf('%02d', CAST(hash(n) % 12 AS BIGINT)) AS source,
            CAST(1 + hash(n, 1) % 3 AS BIGINT) AS who, CAST(hash(n, 2) % 9 AS BIGINT) AS dead
        FROM range({count}) r(n))
    SELECT 'c-' || printf('%016x', n) AS claim_id, source, 'source:' || source AS root,
        NULL::VARCHAR AS voice, []::STRUCT(source VARCHAR)[] AS chain, 'asserts' AS stance, true AS directed,
        [['north', 'south', 'east'][who]] AS actors,
        TIMESTAMPTZ '2016-01-01' + INTERVAL 1 HOUR * (n // 3 % 20000) AS start,
        TIMESTAMPTZ '2016-01-02' + INTERVAL 1 HOUR * (n // 3 % 20000) AS "end",
        'attack.shelling' AS event_type, false AS cumulative,
        dead AS killed_low, dead AS killed_best, dead AS killed_high
    FROM each"""
MEMBERS = """
    SELECT 'i-' || printf('%016x', n // 3) AS incident_id, 'c-' || printf('%016x', n) AS claim_id,
        CASE WHEN hash(n, 3) % 20 = 0 THEN 'denies' ELSE 'supports' END AS part FROM range({count}) r(n)"""


COUNT = "SELECT occurrence_strength, count(*) AS n FROM happened GROUP BY 1 ORDER BY 1"


def lay(session: Session, incidents: int) -> None:
    """Make claims and members of so many incidents, three claims each, in a session."""
    for name, query in (("claims", CLAIMS), ("members", MEMBERS)):
        session.make(name, query.format(count=3 * incidents))
    session.give("sources", source_table(SOURCES))
    session.give("actor_ids", actor_table(ACTORS))
    give_overruled(session, ())


def timed(incidents: int, threads: int = 2) -> tuple[float, float, pa.Table]:
    """Return how long weighing took: CPU and clock [seconds], and what was found."""
    with (
        TemporaryDirectory(prefix="holdfire-") as scratch,
        Engine(threads, 4096, scratch).session() as session,
    ):
        lay(session, incidents)
        cpu, clock = time.process_time(), time.perf_counter()
        weigh(session, weights())
        took = time.process_time() - cpu, time.perf_counter() - clock
        return *took, session.sql(
            "SELECT occurrence_strength, count(*) AS n FROM happened GROUP BY 1 ORDER BY 1"
        )


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    cpu, clock, found = timed(count)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{count:,} incidents: {cpu:.1f} CPU s, {clock:.1f} s, {peak:,.0f} MiB", found.to_pylist())
