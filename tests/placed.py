"""Claims placed among those of a fused case, and the same by a full run: what tests and benches compare."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from holdfire import worlds
from holdfire.engine import Engine, Session
from holdfire.fusing.incidents.background import Background
from holdfire.fusing.incidents.fuse import Fused, fuse
from holdfire.fusing.incidents.placing import Placed, place
from holdfire.fusing.incidents.standing import build
from holdfire.records.claim import CLAIM
from holdfire.records.incident import INCIDENT, MEMBER
from holdfire.records.link import Settled
from holdfire.records.source import Repeats

ENGINE = Engine(threads=1, memory=512)


def records(world: Path, preset: str) -> tuple[pa.Table, Background]:
    """Return the records of a world as CLAIM, and what is known of its sources."""
    with ENGINE.session() as session:
        told = session.sql(
            f"SELECT * FROM read_parquet('{worlds.claims(world)}') ORDER BY source, report, seq"
        )
    columns = [
        told[c.name].cast(c.type) if c.name in told.column_names else pa.nulls(len(told), c.type)
        for c in CLAIM.columns
    ]
    setting = worlds.read(preset)
    known = Background(repeats={each.id: Repeats(each.repeats) for each in setting.sources})
    return CLAIM.check(pa.table(columns, schema=CLAIM.arrow)), known


@contextmanager
def standing(
    claims: pa.Table,
    background: Background,
    settled: Settled | None = None,
    engine: Engine = ENGINE,
    fused: Fused | None = None,
) -> Iterator[tuple[Session, Fused]]:
    """Give a session with the standing of some claims, and what fusing made (or had made) of them."""
    fused = fused or fuse(claims, background, engine, settled=settled)
    with engine.session() as session:
        session.run("ATTACH ':memory:' AS standing")
        build(session, claims, fused, background, settled=settled)
        yield session, fused


def after(before: Fused, placed: Placed) -> tuple[pa.Table, pa.Table]:
    """Return incidents and members as they are once what was placed is put in."""
    assert not placed.due
    gone = pa.array([*placed.gone, *placed.incidents["incident_id"].to_pylist()], pa.string())
    kept = before.incidents.filter(pc.invert(pc.is_in(before.incidents["incident_id"], value_set=gone)))
    moved = pa.array([*placed.left, *placed.members["claim_id"].to_pylist()], pa.string())
    stay = before.members.filter(pc.invert(pc.is_in(before.members["claim_id"], value_set=moved)))
    incidents = INCIDENT.sorted(pa.concat_tables([kept, placed.incidents]))
    return incidents, MEMBER.sorted(pa.concat_tables([stay, placed.members]))


def differing(one: tuple[pa.Table, pa.Table], other: Fused) -> list[Any]:
    """Return rows that only one of two results has; none: they are the same, byte for byte."""
    found: list[Any] = []
    for mine, full in zip(one, (other.incidents, other.members), strict=True):
        if not mine.combine_chunks().equals(full.combine_chunks()):
            a, b = ({str(row) for row in table.to_pylist()} for table in (mine, full))
            found += [("placed", row) for row in sorted(a - b)] + [("full", row) for row in sorted(b - a)]
            found = found or [("order", len(mine), len(full))]
    return found


def weighed(session: Session) -> set[tuple[str, str, int]]:
    """Return the pairs of claims that are kept once what was placed is put in, and what each weighs."""
    found = session.sql(
        """
        WITH named AS (
            SELECT record, claim_id FROM standing.claims UNION ALL SELECT record, claim_id FROM fresh),
        pairs AS (SELECT a, b, weight FROM standing.kept WHERE a NOT IN (SELECT record FROM touched)
            AND b NOT IN (SELECT record FROM touched) UNION ALL SELECT a, b, weight FROM paired
            UNION ALL SELECT f.head, f.record, coalesce(r.weight, f.weight)
            FROM standing.folded AS f LEFT JOIN refolded AS r ON r.record = f.head)
        SELECT least(l.claim_id, r.claim_id) AS one, greatest(l.claim_id, r.claim_id) AS other, weight
        FROM pairs AS p JOIN named AS l ON l.record = p.a JOIN named AS r ON r.record = p.b"""
    )
    return {(row["one"], row["other"], row["weight"]) for row in found.to_pylist()}


def compared(
    claims: pa.Table, new: pa.Table, background: Background, settled: Settled | None = None
) -> list[Any]:
    """Return what differs between placing claims and a full run: pairs, incidents and members."""
    return continued(claims, new, background, settled)[0]


def continued(
    claims: pa.Table,
    new: pa.Table,
    background: Background,
    settled: Settled | None = None,
    fused: Fused | None = None,
) -> tuple[list[Any], Fused]:
    """Return what differs between placing claims and a full run, and that run, for the next claims.

    Args:
        claims: Those that stand.
        new: Those that are placed.
        background: What is known of their sources.
        settled: What people decided.
        fused: What a full run made of those that stand; none: it is made.
    """
    with standing(claims, background, settled, fused=fused) as (session, before):
        placed = place(session, new, background)
        mine = set() if placed.due else weighed(session)
    whole = fuse(pa.concat_tables([claims, new]), background, ENGINE, settled=settled)
    if placed.due:
        return [placed.due], whole
    full = {(r["one"], r["other"], r["weight"]) for r in whole.links.to_pylist() if r["weight"] is not None}
    return [*sorted(mine ^ full), *differing(after(before, placed), whole)], whole
