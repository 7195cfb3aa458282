"""Claims in, incidents out; every claim of an occurrence is in exactly one, and none is dropped.

Most claims stand alone and are carried over by one statement of SQL; the rest are paired, grouped and
merged. A claim that answers (a denial, a plea) joins the one incident it fits best, if any fits.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from holdfire.engine import Engine, Session
from holdfire.fusing.incidents.merging import incident_id, merge
from holdfire.fusing.incidents.pairing import metres, pairs
from holdfire.fusing.incidents.selecting import ANSWERS, MAKES, PLEA
from holdfire.fusing.joining import cluster
from holdfire.records.claim import CLAIM
from holdfire.records.incident import INCIDENT, MEMBER, Part
from holdfire.records.link import SAME_AS
from holdfire.tables import rows, stack

_ALONE = """
    SELECT 'i-' || substr(sha256('["' || claim_id || '"]'), 1, 16) AS incident_id, event_type, {sides},
        directed, start, "end", time_precision, place, admin1,
        lat, lon, CASE WHEN lat IS NULL THEN NULL ELSE radius END AS radius, geo_precision,
        CASE WHEN killed_low IS NULL AND killed_best IS NULL AND killed_high IS NULL THEN NULL
            ELSE coalesce(killed_low, killed_best, 0) END AS killed_low, killed_best, killed_high,
        CASE WHEN civilians_low IS NULL AND civilians_high IS NULL THEN NULL
            ELSE coalesce(civilians_low, 0) END AS civilians_low, civilians_high,
        CASE WHEN injured_low IS NULL AND injured_high IS NULL THEN NULL
            ELSE coalesce(injured_low, 0) END AS injured_low, injured_high,
        1 AS claims, 1 AS reports, len(string_split(root, ' + ')) AS roots
    FROM makes ANTI JOIN grouped USING (claim_id) ORDER BY incident_id"""

_SIDES = """
    CASE WHEN len(actors) > 0 THEN list_sort(list_distinct(actors)) END AS actors,
    CASE WHEN len(targets) > 0 THEN list_sort(list_distinct(targets)) END AS targets,
    actors_text, targets_text"""


@dataclass(frozen=True, slots=True)
class Fused:
    """What fusing gives.

    Attributes:
        incidents: INCIDENT rows.
        members: MEMBER rows; each claim that makes or answers an incident is in exactly one.
        crowded: Claims in blocks too crowded to compare; each stands as an incident of its own.
        unanswered: Denials and pleas that fit no incident; they are listed, not counted.
        links: SAME_AS rows: every pair of claims that was weighed above the floor, or that people judged.
    """

    incidents: pa.Table
    members: pa.Table
    crowded: int
    unanswered: int
    links: pa.Table = field(default_factory=SAME_AS.empty)


def fuse(claims: pa.Table, distinct: Collection[str], reach: int, days: int, engine: Engine) -> Fused:
    """Return the incidents that these claims make, and which claim is in which.

    Args:
        claims: CLAIM rows.
        distinct: Sources whose records are never about one thing.
        reach: Farthest apart two claims of one incident may lie beyond their own radii [m].
        days: Farthest apart in time beyond their own intervals [days].
        engine: How to run SQL.
    """
    with engine.session() as session:
        session.give("claims", claims)
        session.make("makes", f"SELECT * FROM claims WHERE {MAKES}")
        found, crowded = pairs(session, set(distinct), reach, days)
        groups = _groups(session, found, set(distinct))
        session.give("grouped", pa.table({"claim_id": pa.array([c for g in groups for c in g], pa.string())}))
        alone = INCIDENT.check(session.sql(_ALONE.format(sides=_SIDES)))
        session.make("alone_members", _ALONE_MEMBERS)
        together = [merge([by_id[c] for c in group]) for by_id in [_rows(session)] for group in groups]
        incidents = INCIDENT.sorted(stack(INCIDENT, [alone, INCIDENT.table(together)]))
        members = [MEMBER.check(session.sql("SELECT * FROM alone_members")), _members(session, groups)]
        answers = session.sql(f"SELECT * FROM claims WHERE {ANSWERS} ORDER BY claim_id")
        if answers.num_rows:
            session.give("incidents", incidents)
            answered = [_answer(session, row) for row in rows(answers)]
            members.append(MEMBER.table([m for m in answered if m]))
        else:
            answered = []
    return Fused(
        incidents=incidents,
        members=MEMBER.sorted(stack(MEMBER, members)),
        crowded=crowded,
        unanswered=sum(m is None for m in answered),
    )


_PART = f"CASE WHEN stance = 'admits' THEN '{Part.ADMITS}' ELSE '{Part.SUPPORTS}' END AS part"

_ALONE_MEMBERS = f"""
    SELECT 'i-' || substr(sha256('["' || claim_id || '"]'), 1, 16) AS incident_id, claim_id, {_PART}
    FROM makes ANTI JOIN grouped USING (claim_id)"""


def _groups(session: Session, found: pa.Table, distinct: set[str]) -> list[list[str]]:
    if not found.num_rows:
        return []
    session.give("pairs", found)
    sources = session.sql(
        "SELECT claim_id, source FROM makes WHERE claim_id IN (SELECT a FROM pairs UNION SELECT b FROM pairs)"
    ).to_pydict()
    listed = zip(found["a"].to_pylist(), found["b"].to_pylist(), strict=True)
    return cluster(listed, dict(zip(sources["claim_id"], sources["source"], strict=True)), distinct)


def _rows(session: Session) -> Mapping[str, Mapping[str, Any]]:
    """Return the claims that stand in a group, by id."""
    table = CLAIM.check(session.sql("SELECT * FROM makes SEMI JOIN grouped USING (claim_id)"))
    return {row["claim_id"]: row for row in rows(table)}


def _members(session: Session, groups: list[list[str]]) -> pa.Table:
    homes = {claim: incident_id(group) for group in groups for claim in group}
    found = session.sql(f"SELECT claim_id, {_PART} FROM makes SEMI JOIN grouped USING (claim_id)")
    return MEMBER.table({"incident_id": homes[row["claim_id"]], **row} for row in rows(found))


_FITS = """
    SELECT incident_id FROM incidents
    WHERE ($family = 'position' OR split_part(event_type, '.', 1) = $family)
        AND start < $end + INTERVAL 1 SECOND AND $start < "end" + INTERVAL 1 SECOND
        AND ($place IS NULL OR place IS NULL OR lower(place) = lower($place)
            OR ($lat IS NOT NULL AND lat IS NOT NULL
                AND {metres} <= coalesce(radius, 0) + coalesce($radius, 0)))
        AND (len($who) = 0 OR actors IS NULL
            OR len(list_intersect(list_concat(actors, coalesce(targets, [])), $who)) > 0)
        AND ($place IS NOT NULL OR len($who) > 0)
    ORDER BY CASE WHEN $lat IS NULL OR lat IS NULL THEN 1e9 ELSE {metres} END,
        abs(epoch(start) - epoch($start)), incident_id LIMIT 1"""

_METRES = metres(("$lat", "$lon"), ("lat", "lon"))


def _answer(session: Session, claim: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the membership of a claim that answers, or None if no incident fits it.

    It fits where its time meets the incident's, its place too if it names one, and it names an actor of
    the incident or none; one that names neither place nor actor is about no incident in particular.
    """
    if claim["start"] is None or claim["end"] is None:
        return None
    given = {
        "family": claim["event_type"].split(".")[0],
        "start": claim["start"],
        "end": claim["end"],
        "place": claim["place"] or ("·" if claim["lat"] is not None else None),
        "lat": claim["lat"],
        "lon": claim["lon"],
        "radius": claim["radius"],
        "who": sorted({*(claim["actors"] or ()), *(claim["targets"] or ())}),
    }
    query = _FITS.format(metres=_METRES)
    home = session.connection.execute(query, given).fetchone()
    part = Part.PLEADS if claim["event_type"] == PLEA else Part.DENIES
    return {"incident_id": home[0], "claim_id": claim["claim_id"], "part": part.value} if home else None
