"""Join the reports of one world as Holdfire does, and print how well, how long and how much memory.

Run by scale.py in a process of its own: WORLD MEMORY SCRATCH.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from holdfire import worlds
from holdfire.engine import Engine, Session
from holdfire.fusing.comparing.blocking import USUAL
from holdfire.fusing.comparing.scoring import pairs
from holdfire.fusing.grouping.clustering import Joining, Pairs, group
from holdfire.fusing.grouping.marking import mark
from holdfire.fusing.parameters import parameters
from holdfire.fusing.profile import profile
from holdfire.records.source import Repeats

FLOOR = -4250

MARKED = 2_000_000
"""Most reports of which it is told how many pairs of one incident met; more take too long."""


class Clock:
    """Seconds of the processor that each step took, and the greatest memory by the end of the last [MiB]."""

    def __init__(self) -> None:
        self.steps: dict[str, float] = {}
        self.memory = 0.0
        self.started = time.perf_counter()
        self._last = processor()

    def step(self, name: str) -> None:
        """Note that a step has ended."""
        now = processor()
        self.steps[name] = now - self._last
        self._last = now
        self.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def processor() -> float:
    """Return the seconds that this process has used the processor."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def report(clock: Clock, wall: float, made: np.ndarray, true: np.ndarray, **more: object) -> str:
    """Return the line that scale.py reads; records that tell of nothing that happened are not marked."""
    known = true >= 0
    agreed = mark(made[known], true[known]).pairs
    said: dict[str, Any] = {
        "reports": len(made),
        "precision": agreed.precision,
        "recall": agreed.recall,
        "f1": agreed.f1,
        "wall": wall,
        "processor": sum(clock.steps.values()),
        "memory": clock.memory,
        "steps": clock.steps,
        **more,
    }
    return json.dumps(said)


def truth(session: Session, world: Path, records: str) -> np.ndarray:
    """Return the incident that each record tells of; -1: of none, or of a part or a denial of one."""
    found = session.sql(
        f"""SELECT coalesce(t.incident, -1) AS incident FROM {records} AS f LEFT JOIN (
            SELECT claim_id, any_value(incident) AS incident
            FROM read_parquet('{world}/truth/told.parquet')
            WHERE incident IS NOT NULL AND act = 'told' AND NOT part GROUP BY claim_id) AS t USING (claim_id)
        ORDER BY f.record"""
    )
    return np.asarray(found["incident"])


def met(session: Session, true: np.ndarray, near: int) -> float:
    """Return the share of pairs of reports of one incident that met under some rule, weighed or not.

    Args:
        session: Holds the tables that comparing made.
        true: The incident of each record; less than 0: of none.
        near: How many neighbours on either side a record of a crowded block meets.
    """
    session.give("told", pa.table({"record": np.arange(len(true)), "incident": true}))
    session.make(
        "one",
        """SELECT x.record AS a, y.record AS b FROM told AS x JOIN told AS y
            ON x.incident = y.incident AND x.incident >= 0 AND x.record < y.record
            JOIN compared AS l ON l.record = x.record JOIN compared AS r ON r.record = y.record
        WHERE NOT (l.apart AND l.source = r.source)""",
    )
    shared = """SELECT DISTINCT one.a, one.b FROM one JOIN {0} AS l ON l.record = one.a
        JOIN {0} AS r ON r.record = one.b AND r."key" = l."key" AND r.lacks & l.lacks = 0"""
    crowded = f"{shared.format('crowded')} AND abs(r.place - l.place) <= {near}"
    found = session.sql(
        f"""SELECT count(*) / greatest(1, (SELECT count(*) FROM one)) AS met
        FROM ({shared.format("entries")} UNION {crowded})"""
    )
    return float(found["met"][0].as_py())


def main(world: Path, memory: int, scratch: str) -> None:
    """Join the reports of a world and print what came of it."""
    from holdfire.fusing.incidents.background import Background
    from holdfire.fusing.incidents.features import features
    from holdfire.fusing.incidents.fuse import fold_claims
    from holdfire.fusing.incidents.selecting import MAKES

    with Engine(2, memory, scratch).session() as session:
        clock = Clock()
        session.view("claims", f"SELECT * FROM read_parquet('{worlds.claims(world)}')")
        session.view("makes", f"SELECT * FROM claims WHERE {MAKES}")
        setting = worlds.read(json.loads((world / "world.json").read_text(encoding="utf-8"))["preset"])
        repeats = {each.id: Repeats(each.repeats) for each in setting.sources}
        background = Background(repeats=repeats)
        sources = features(session, background)
        clock.step("features")
        weighed = parameters("incident")
        folded = fold_claims(session, sources, background, weighed)
        clock.step("folding")
        found = pairs(session, profile("incident"), weighed, FLOOR, features="single", once="once")
        clock.step("pairs")
        numbers = session.sql("SELECT source FROM features ORDER BY record")["source"].to_numpy()
        behaviour = [repeats[each] for each in sources]
        joining = Joining(floor=FLOOR, offset=weighed.offset)
        kept: pa.Table = found.pairs
        grouped = group(Pairs.of(kept), numbers, behaviour, None, joining, 2)
        grouped.groups[folded["record"].to_numpy()] = grouped.groups[folded["head"].to_numpy()]
        clock.step("groups")
        wall = time.perf_counter() - clock.started
        true = truth(session, world, "features")
        more = {"met": met(session, true, USUAL.near)} if len(true) <= MARKED else {}
        print(
            report(
                clock,
                wall,
                grouped.groups,
                true,
                **more,
                by_rule=found.found,
                compared=found.compared,
                kept=kept.num_rows,
                crowded=sum(found.crowded.values()),
            )
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
