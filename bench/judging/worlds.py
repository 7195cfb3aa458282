"""A made world as judging takes it: its records as claims, its sources as its case grades them, its truth.

Incidents come two ways: as they truly are (every record of an act is one incident, what never happened is its
own), which tries the weighing alone; and as fusing makes them, which tries both. Of fused incidents the truth
is that of the acts its records tell of.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from bench.fusing.train_incident import background
from holdfire import worlds
from holdfire.engine import Engine, Session
from holdfire.fusing.incidents.fuse import fuse
from holdfire.records.actor import Actor, ActorKind
from holdfire.records.claim import CLAIM
from holdfire.records.source import Affiliation, Reliability, Repeats, Source
from holdfire.worlds.casefolder_setting import GRADES

PRESETS = ("hard", "siege", "front", "capital", "disengagement", "famine-road")


@dataclass(frozen=True)
class Told:
    """What the sources of a world tell, and what is true.

    Attributes:
        claims: CLAIM rows.
        sources: By id, graded by their kind alone.
        actors: Parties by id.
        truth: claim_id, act (null: none, or several together), happened, who, killed.
        true: MEMBER rows of the incidents as they are.
        fused: MEMBER rows of the incidents that fusing makes; empty: not asked.
    """

    claims: pa.Table
    sources: Mapping[str, Source]
    actors: Mapping[str, Actor]
    truth: pa.Table
    true: pa.Table
    fused: pa.Table


def make(preset: str, seed: int, records: int, folder: Path, *, fused: bool = False) -> Told:
    """Make a world, and return it as judging takes it.

    Args:
        preset: Its name.
        seed: Of the world.
        records: About how many its sources write.
        folder: Where it is made.
        fused: Fuse its records too.
    """
    worlds.make(worlds.read(preset), seed, records, folder)
    return read(folder, fused=fused)


def read(folder: Path, *, fused: bool = False) -> Told:
    """Return a made world as judging takes it."""
    world = worlds.read(json.loads((folder / "world.json").read_text(encoding="utf-8"))["preset"])
    sources = {
        s.id: Source(
            id=s.id, name=dict(s.name), affiliation=Affiliation(s.affiliation), actor=s.actor,
            reliability=Reliability(GRADES[s.kind]), repeats=Repeats(s.repeats),
        )
        for s in world.sources
    }  # fmt: skip
    actors = {
        p.id: Actor(p.id, dict(p.name), ActorKind(p.kind), part_of=tuple(p.part_of)) for p in world.parties
    }
    engine = Engine(2, 2048)
    with engine.session() as session:
        claims = _claims(session, folder)
        truth = _truth(session, folder)
        session.give("claims", claims)
        session.give("truth", truth)
        true = session.sql(_TRUE)
    made = fuse(claims, background(folder), engine).members if fused else true.slice(0, 0)
    return Told(claims, sources, actors, truth, true, made)


def _claims(session: Session, folder: Path) -> pa.Table:
    """Return the records as CLAIM rows: a root is a source, and its voice the one that is cited."""
    session.view("records", f"SELECT * FROM '{folder}/records/*/*.parquet'")
    given = {row["column_name"] for row in session.sql("DESCRIBE records").to_pylist()}
    made = {
        "root": "'source:' || root",
        "voice": "CASE WHEN root <> source THEN root END",
        "chain": "[]",
        "spans": "[]",
        "rules": "[]",
    }
    nulls = {name: pa.nulls(0, CLAIM.arrow.field(name).type) for name in CLAIM.names}
    columns = [
        f"{made[n]} AS {n}" if n in made else f'"{n}"' if n in given else f'NULL AS "{n}"' for n in nulls
    ]
    found = session.sql(f"SELECT {', '.join(columns)} FROM records ORDER BY claim_id")
    arrays = []
    for field in CLAIM.arrow:
        column = found[field.name]
        empty = column.null_count == len(column) or (pa.types.is_list(field.type) and field.name in made)
        if field.name in ("chain", "spans", "rules"):
            arrays.append(pa.array([[]] * found.num_rows, field.type))
        elif empty:
            arrays.append(pa.nulls(found.num_rows, field.type))
        else:
            arrays.append(column.cast(field.type).combine_chunks())
    return CLAIM.check(pa.Table.from_arrays(arrays, schema=CLAIM.arrow))


def _truth(session: Session, folder: Path) -> pa.Table:
    return session.sql(
        f"""
        WITH one AS (
            SELECT claim_id, bool_or(part) AS part, any_value(incident) AS act, any_value(act) AS how
            FROM '{folder}/truth/told.parquet' GROUP BY claim_id)
        SELECT o.claim_id, CASE WHEN NOT o.part THEN o.act END AS act, o.part, o.how = 'denied' AS denied,
            CASE WHEN o.part THEN true ELSE coalesce(i.kind = 'real', false) END AS happened,
            CASE WHEN NOT o.part THEN i.actors END AS who, CASE WHEN NOT o.part THEN i.killed END AS killed,
            CASE WHEN NOT o.part THEN i.directed END AS directed
        FROM one o LEFT JOIN '{folder}/truth/incidents.parquet' i ON i.incident = o.act
        ORDER BY o.claim_id"""
    )


_TRUE = """
    WITH each AS (
        SELECT claim_id, denied, part, coalesce('i-' || CAST(act AS VARCHAR), 'i-' || claim_id) AS incident_id
        FROM truth WHERE NOT part),
    told AS (SELECT DISTINCT incident_id FROM each WHERE NOT denied)
    SELECT e.incident_id, e.claim_id, CASE WHEN e.denied THEN 'denies' WHEN c.stance = 'admits' THEN 'admits'
        ELSE 'supports' END AS part
    FROM each e JOIN told USING (incident_id) JOIN claims c USING (claim_id)
    ORDER BY e.incident_id, e.claim_id"""


ANSWERS = """
    WITH told AS (
        SELECT m.incident_id, t.* FROM members m JOIN truth t USING (claim_id) WHERE m.part <> 'denies'),
    most AS (
        SELECT incident_id, act, any_value(who) AS who, any_value(killed) AS killed,
            any_value(directed) AS directed, count(*) AS n
        FROM told GROUP BY incident_id, act
        QUALIFY row_number() OVER (PARTITION BY incident_id ORDER BY n DESC, act NULLS LAST) = 1)
    SELECT incident_id, bool_or(t.happened) AS true_happened, any_value(m.who) AS true_who,
        any_value(m.killed) AS true_killed, any_value(m.directed) AS true_directed
    FROM told t JOIN most m USING (incident_id) GROUP BY incident_id"""
"""SQL: for each incident of `members`, whether it happened, by whom, and how many died.

It happened if some record that supports it tells of a real act. Who and how many are of the act that most of
its supporting records tell of, null where they tell of several together.
"""
