"""Who is heard of each incident: its claims become one voice for each independent root.

Claims that rest on one root count once, whoever prints them (docs/decisions/0016). A source that is, or
speaks for, a party or a sponsor is interested. The voice of a claim is the last link of its chain; a row's
voice is its publisher. A voice that is an actor and no source of the case is that party speaking, so it is
interested; one we do not know is not graded.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from holdfire.engine import Session
from holdfire.judging.copying import copies
from holdfire.judging.overruling import IMPROBABLE
from holdfire.judging.reliability import PERIOD, prior
from holdfire.records.actor import Actor
from holdfire.records.incident import Part
from holdfire.records.source import Affiliation, Reliability, Source


def source_table(sources: Mapping[str, Source]) -> pa.Table:
    """Return what judging needs to know of each source."""
    listed = [sources[name] for name in sorted(sources)]
    return pa.table(
        {
            "id": pa.array([s.id for s in listed], pa.string()),
            "interested": pa.array([s.interested for s in listed], pa.bool_()),
            "given": pa.array([s.reliability.value for s in listed], pa.string()),
            "speaks_for": pa.array([s.actor or None for s in listed], pa.string()),
            "sponsor": pa.array([s.affiliation is Affiliation.SPONSOR for s in listed], pa.bool_()),
        }
    )


def actor_table(actors: Mapping[str, Actor]) -> pa.Table:
    """Return each actor with all that it belongs to, itself first."""
    names = sorted(actors)
    over: list[list[str]] = []
    for name in names:
        found = [name]
        for each in found:  # grows while it is read
            found += [o for o in (actors[each].part_of if each in actors else ()) if o not in found]
        over.append(found)
    return pa.table(
        {"id": pa.array(names, pa.string()), "over": pa.array(over, pa.list_(pa.string()))},
    )


def hear(session: Session) -> None:
    """Make `voices`, one row a claim and root of it, and `heard`, one row a root of an incident.

    Args:
        session: Holds `members`, `claims`, `sources` and `actor_ids`, as the functions above give them, and
            what people overruled (overruling.py).
    """
    session.make("voices", _VOICES)
    session.make("placed", _PLACED)
    session.make("known_sets", _SETS)
    copies(session)
    session.make("heard", _HEARD)
    for name in ("placed", "joint"):
        session.run(f"DROP TABLE {name}")


_VOICES = f"""
    WITH each AS (
        SELECT m.incident_id, c.claim_id, unnest(string_split(c.root, ' + ')) AS root,
            CASE WHEN c.directed THEN list_sort(list_distinct(coalesce(c.actors, []))) ELSE [] END AS who,
            -- An admission is a claim against oneself; "they admitted it" said of others is a report.
            -- A claim that a person calls improbable says nothing here.
            CASE WHEN o.value = '{IMPROBABLE}' THEN 'set_aside'
                WHEN m.part = 'admits' AND NOT list_contains(coalesce(c.actors, []),
                    coalesce(s.speaks_for, actor.id, '')) THEN '{Part.SUPPORTS}' ELSE m.part END AS part,
            coalesce(s.interested, actor.id IS NOT NULL, false) AS interested,
            coalesce(s.given, '{Reliability.F}') AS given, coalesce(s.id, actor.id) AS speaker,
            coalesce(s.speaks_for, actor.id) AS side,
            CAST(floor(epoch(c.start) / ({PERIOD} * 86400)) AS BIGINT) AS period,
            CASE WHEN NOT c.cumulative THEN c.killed_low END AS killed_low,
            CASE WHEN NOT c.cumulative THEN c.killed_high END AS killed_high
        FROM members m JOIN claims c USING (claim_id)
        LEFT JOIN sources s ON s.id = coalesce(c.voice, CASE WHEN len(c.chain) = 0 THEN c.source END)
        LEFT JOIN overruled_claims o ON o.claim_id = c.claim_id
        LEFT JOIN actor_ids actor ON actor.id = CASE WHEN len(c.chain) > 0 THEN c.chain[-1].source END)
    SELECT * REPLACE (coalesce(speaker, root) AS speaker) FROM each"""

_PARTS = (
    f"CASE part WHEN '{Part.ADMITS}' THEN 3 WHEN '{Part.SUPPORTS}' THEN 2 WHEN '{Part.DENIES}' THEN 1"
    " ELSE 0 END"
)

_PLACED = f"""
    WITH rooted AS (
        SELECT incident_id, root,
            -- A root is told by its best graded voice, an uninterested one before an interested.
            min(CASE WHEN interested THEN '1' ELSE '0' END || given || speaker) AS best,
            -- One that supports and denies has said that it happened.
            max({_PARTS}) AS said, min(period) AS period,
            list_distinct(list(who) FILTER (len(who) > 0 AND part IN ('supports', 'admits'))) AS named,
            min(side) AS of_side, min(killed_low) AS killed_low,
            CASE WHEN count(killed_low) = count(killed_high) THEN max(killed_high) END AS killed_high
        FROM voices GROUP BY incident_id, root)
    SELECT *, best[1:1] = '1' AS interested, best[2:2] AS given, best[3:] AS speaker,
            ['{Part.PLEADS}', '{Part.DENIES}', '{Part.SUPPORTS}', '{Part.ADMITS}'][said + 1] AS part,
            coalesce(min(period) OVER (PARTITION BY incident_id), 0) AS when_,
            CASE WHEN named IS NULL THEN [] WHEN len(named) = 1 THEN named[1]
                ELSE list_sort(list_distinct(flatten(named))) END AS who
        FROM rooted"""

_SETS = """
    WITH sets AS (SELECT DISTINCT who FROM placed WHERE len(who) > 0),
    kin AS (
        SELECT who, list_sort(list_distinct(list_concat(who, flatten(list(coalesce(a.over, [])))))) AS over
        FROM (SELECT who, unnest(who) AS one FROM sets) LEFT JOIN actor_ids a ON a.id = one GROUP BY who)
    SELECT row_number() OVER (ORDER BY who) AS named_as, who, over FROM kin"""
"""Every set of actors that anyone names, with all that they belong to."""

_HEARD = f"""
    -- `place` only joins tables of this weighing: which root has which number says nothing.
    SELECT row_number() OVER () AS place, p.incident_id, p.root, p.speaker, p.interested, p.given, p.part,
        p.who, k.named_as, coalesce(k.over, []) AS over, coalesce(p.who[1], '') AS side, p.of_side,
        p.when_ AS period, p.killed_low, p.killed_high, {prior("p.given", 0)} AS prior, j.joint
    FROM placed p LEFT JOIN known_sets k ON k.who = p.who
    LEFT JOIN joint j ON j.incident_id = p.incident_id AND j.root = p.root"""
