"""How surely each claim of an incident belongs there, as the links between its claims have it."""

from __future__ import annotations

import pyarrow as pa

from holdfire.engine import Session
from holdfire.records.incident import BELONGING

_BELONGING = """
    WITH ends AS (
        SELECT one AS claim_id, other, confidence FROM links
        UNION ALL SELECT other, one, confidence FROM links)
    SELECT m.incident_id, m.claim_id, max(e.confidence) AS confidence
    FROM members AS m JOIN ends AS e USING (claim_id)
        JOIN members AS o ON o.claim_id = e.other AND o.incident_id = m.incident_id
    GROUP BY ALL ORDER BY ALL"""


def belonging(session: Session, members: pa.Table, links: pa.Table) -> pa.Table:
    """Return BELONGING rows of the claims that share an incident with another that makes it.

    A claim belongs as surely as the best of its links to another claim of its incident: that is how sure it
    is that at least two claims of it, this one among them, are of one event.

    Args:
        session: An open database.
        members: MEMBER rows.
        links: SAME_AS rows.
    """
    session.give("members", members)
    session.give("links", links)
    return BELONGING.check(session.sql(_BELONGING))
