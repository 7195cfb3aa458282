"""Claims that stand alone, each an incident of its own, carried over by one statement of SQL.

It says of a claim what merging.merge says of a group of one; tests/properties/test_merging.py holds them so.
"""

from __future__ import annotations

import pyarrow as pa

from holdfire.engine import Session
from holdfire.records.incident import INCIDENT, MEMBER, Part

_ID = """'i-' || substr(sha256('["' || claim_id || '"]'), 1, 16) AS incident_id"""

_INCIDENTS = f"""
    SELECT {_ID}, event_type,
        CASE WHEN len(actors) > 0 THEN list_sort(list_distinct(actors)) END AS actors,
        CASE WHEN len(targets) > 0 THEN list_sort(list_distinct(targets)) END AS targets,
        actors_text, targets_text, directed, start, "end", time_precision, place, admin1,
        lat, lon, CASE WHEN lat IS NULL THEN NULL ELSE radius END AS radius, geo_precision,
        CASE WHEN killed_low IS NULL AND killed_best IS NULL AND killed_high IS NULL THEN NULL
            ELSE coalesce(killed_low, killed_best, 0) END AS killed_low, killed_best, killed_high,
        CASE WHEN civilians_low IS NULL AND civilians_high IS NULL THEN NULL
            ELSE coalesce(civilians_low, 0) END AS civilians_low, civilians_high,
        CASE WHEN injured_low IS NULL AND injured_high IS NULL THEN NULL
            ELSE coalesce(injured_low, 0) END AS injured_low, injured_high,
        1 AS claims, 1 AS reports, len(string_split(root, ' + ')) AS roots
    FROM makes ANTI JOIN grouped USING (claim_id) ORDER BY incident_id"""

PART = f"CASE WHEN stance = 'admits' THEN '{Part.ADMITS}' ELSE '{Part.SUPPORTS}' END AS part"
"""SQL over CLAIM: what a claim that makes an incident does in it."""


def alone(session: Session) -> tuple[pa.Table, pa.Table]:
    """Return INCIDENT and MEMBER rows of the claims in `makes` that are not in `grouped`."""
    members = f"SELECT {_ID}, claim_id, {PART} FROM makes ANTI JOIN grouped USING (claim_id)"
    return INCIDENT.check(session.sql(_INCIDENTS)), MEMBER.check(session.sql(members))
