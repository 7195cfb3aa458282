"""Weigh what is said of each incident: did it happen, and who did it. Bare counting is not weighing.

Claims that rest on one root count once. A source that is, or speaks for, a party or a sponsor is
interested: its accusation of the other side establishes nothing by itself, its denial contests nothing
by itself, and its admission weighs much. The words are those of the UN board of inquiry:

    highly probable   two independent uninterested roots of reliability A or B; or an admission and one
                      uninterested root
    probable          two independent uninterested roots, or one of reliability A or B; or an admission
    plausible         one uninterested root, of any reliability
    unknown           otherwise

These thresholds are a stated rule, not a calibrated probability (docs/decisions/0007).
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from holdfire.engine import Session
from holdfire.records.determination import Strength
from holdfire.records.source import Affiliation, Reliability, Source

_STRENGTH = f"""CASE WHEN graded >= 2 OR (admitted > 0 AND free >= 1) THEN '{Strength.HIGHLY_PROBABLE}'
    WHEN free >= 2 OR graded >= 1 OR admitted > 0 THEN '{Strength.PROBABLE}'
    WHEN free >= 1 THEN '{Strength.PLAUSIBLE}' ELSE '{Strength.UNKNOWN}' END"""

RANK = (
    f"CASE {{0}} WHEN '{Strength.HIGHLY_PROBABLE}' THEN 3 WHEN '{Strength.PROBABLE}' THEN 2"
    f" WHEN '{Strength.PLAUSIBLE}' THEN 1 ELSE 0 END"
)


def source_table(sources: Mapping[str, Source]) -> pa.Table:
    """Return what judging needs to know of each source."""
    listed = [sources[name] for name in sorted(sources)]
    return pa.table(
        {
            "id": pa.array([s.id for s in listed], pa.string()),
            "interested": pa.array([s.interested for s in listed], pa.bool_()),
            "graded": pa.array([s.reliability in (Reliability.A, Reliability.B) for s in listed], pa.bool_()),
            "speaks_for": pa.array([s.actor or None for s in listed], pa.string()),
            "sponsor": pa.array([s.affiliation is Affiliation.SPONSOR for s in listed], pa.bool_()),
        }
    )


def weigh(session: Session) -> None:
    """Make tables `happened` and `authors`, one row an incident, from `members`, `claims` and `sources`.

    `happened`: occurrence (nullable boolean), occurrence_strength, denials, admissions, pleas,
    neutral_pleas. `authors`: attribution (actor ids), attribution_strength, contested.
    """
    # The voice is the last link of the chain; a row's voice is its publisher. A voice that is an actor
    # and no source of the case is that party speaking, so it is interested; one we do not know is not
    # graded.
    session.make(
        "voices",
        """
        SELECT m.incident_id, c.claim_id, unnest(string_split(c.root, ' + ')) AS root, c.stance,
            CASE WHEN c.directed THEN list_sort(list_distinct(coalesce(c.actors, []))) ELSE [] END AS who,
            -- An admission is a claim against oneself; "they admitted it" said of others is a report.
            CASE WHEN m.part = 'admits' AND NOT list_contains(coalesce(c.actors, []),
                coalesce(s.speaks_for, actor.id, '')) THEN 'supports' ELSE m.part END AS part,
            coalesce(s.interested, actor.id IS NOT NULL, false) AS interested,
            coalesce(s.graded, false) AS graded,
            coalesce(s.speaks_for, actor.id) AS side
        FROM members m JOIN claims c USING (claim_id)
        LEFT JOIN sources s ON s.id = coalesce(c.voice, CASE WHEN len(c.chain) = 0 THEN c.source END)
        LEFT JOIN actor_ids actor ON actor.id = CASE WHEN len(c.chain) > 0 THEN c.chain[-1].source END""",
    )
    session.make(
        "happened",
        f"""
        WITH counted AS (
            SELECT incident_id,
                count(DISTINCT root) FILTER (part IN ('supports', 'admits') AND NOT interested) AS free,
                count(DISTINCT root) FILTER (part IN ('supports', 'admits') AND NOT interested AND graded)
                    AS graded,
                count(DISTINCT claim_id) FILTER (part = 'admits') AS admitted,
                count(DISTINCT coalesce(side, '')) FILTER (part = 'supports' AND interested) AS sides,
                count(DISTINCT claim_id) FILTER (part = 'denies') AS denials,
                count(*) FILTER (part = 'denies' AND NOT interested) AS free_denials,
                count(*) FILTER (part = 'denies' AND NOT interested AND graded) AS graded_denials,
                count(*) FILTER (part = 'pleads') AS pleas,
                count(*) FILTER (part = 'pleads' AND NOT interested) AS neutral_pleas
            FROM voices GROUP BY incident_id)
        SELECT incident_id,
            CASE WHEN free = 0 AND admitted = 0 AND free_denials > 0 THEN FALSE
                WHEN graded = 0 AND admitted = 0 AND free > 0 AND graded_denials > 0 THEN NULL
                WHEN free > 0 OR admitted > 0 OR sides >= 2 THEN TRUE ELSE NULL END AS occurrence,
            {_STRENGTH} AS occurrence_strength, denials, admitted AS admissions, pleas, neutral_pleas
        FROM counted""",
    )
    session.make(
        "named",
        f"""
        WITH counted AS (
            SELECT incident_id, who,
                count(DISTINCT root) FILTER (part = 'supports' AND NOT interested) AS free,
                count(DISTINCT root) FILTER (part = 'supports' AND NOT interested AND graded) AS graded,
                count(*) FILTER (part = 'admits') AS admitted
            FROM voices WHERE len(who) > 0 AND part IN ('supports', 'admits') GROUP BY incident_id, who)
        SELECT incident_id, who, CASE WHEN admitted > 0 THEN '{Strength.HIGHLY_PROBABLE}' ELSE {_STRENGTH} END
            AS strength FROM counted""",
    )
    session.make("ranked", f"SELECT *, {RANK.format('strength')} AS rank FROM named")
    session.make(
        "rivals",
        """
        WITH best AS (SELECT * FROM ranked WHERE rank > 0
            QUALIFY rank = max(rank) OVER (PARTITION BY incident_id))
        SELECT DISTINCT a.incident_id FROM best a JOIN best b USING (incident_id)
        WHERE len(list_intersect(a.who, b.who)) = 0""",
    )
    session.make(
        "authors",
        """
        SELECT r.incident_id, list_sort(list_distinct(flatten(list(r.who)))) AS attribution,
            arg_max(r.strength, r.rank) AS attribution_strength,
            r.incident_id IN (SELECT incident_id FROM rivals) AS contested
        FROM ranked r GROUP BY r.incident_id""",
    )
