"""Claims that answer: a denial, a negated claim or a plea joins the one incident it fits best, if any fits.

It fits where its time meets the incident's, its place too if it names one, and it names an actor of the
incident or none; one that names neither place nor actor is about no incident in particular.
"""

from __future__ import annotations

import pyarrow as pa

from holdfire.engine import Session
from holdfire.fusing.incidents.selecting import ANSWERS, PLEA
from holdfire.places import EARTH
from holdfire.records.incident import Part

_ANSWERING = f"""
    SELECT claim_id, split_part(event_type, '.', 1) AS family, start, "end", lat, lon, radius,
        coalesce(nullif(place, ''), CASE WHEN lat IS NOT NULL THEN '·' END) AS place,
        list_distinct(list_concat(coalesce(actors, []), coalesce(targets, []))) AS who,
        CASE WHEN event_type = '{PLEA}' THEN '{Part.PLEADS}' ELSE '{Part.DENIES}' END AS part
    FROM {{}} WHERE {ANSWERS}"""

_METRES = f"""(2 * {EARTH} * asin(sqrt(least(1, pow(sin(radians(i.lat - c.lat) / 2), 2)
    + cos(radians(c.lat)) * cos(radians(i.lat)) * pow(sin(radians(i.lon - c.lon) / 2), 2)))))"""
"""Great-circle distance [m]: the same sphere and formula as places.distance."""

_FITS = f"""
    i.start < c."end" + INTERVAL 1 SECOND AND c.start < i."end" + INTERVAL 1 SECOND
    AND (c.family = 'position' OR split_part(i.event_type, '.', 1) = c.family)
    AND (c.place IS NOT NULL OR len(c.who) > 0)
    AND (c.place IS NULL OR i.place IS NULL OR lower(i.place) = lower(c.place)
        OR (c.lat IS NOT NULL AND i.lat IS NOT NULL
            AND {_METRES} <= coalesce(i.radius, 0) + coalesce(c.radius, 0)))
    AND (len(c.who) = 0 OR i.actors IS NULL
        OR list_has_any(list_concat(i.actors, coalesce(i.targets, [])), c.who))"""

_BEST = f"""CASE WHEN c.lat IS NULL OR i.lat IS NULL THEN 1e9 ELSE {_METRES} END,
    abs(epoch(i.start) - epoch(c.start)), i.incident_id"""


def answers(session: Session, claims: str = "claims", incidents: str = "incidents") -> pa.Table:
    """Return the membership of each claim that answers, as MEMBER; no incident where it fits none.

    Args:
        session: Where the tables are.
        claims: Table of CLAIM rows.
        incidents: Table of INCIDENT rows.
    """
    return session.sql(
        f"""
        WITH answering AS ({_ANSWERING.format(claims)})
        SELECT f.incident_id, a.claim_id, a.part FROM answering AS a LEFT JOIN (
            SELECT c.claim_id, i.incident_id FROM answering AS c JOIN {incidents} AS i ON {_FITS}
            QUALIFY row_number() OVER (PARTITION BY c.claim_id ORDER BY {_BEST}) = 1) AS f USING (claim_id)
        ORDER BY a.claim_id"""
    )


def answering(session: Session, claims: str, incidents: str) -> pa.Table:
    """Return the claims of a table that answer and fit any of some incidents: `claim_id`."""
    return session.sql(
        f"""
        WITH answering AS ({_ANSWERING.format(claims)})
        SELECT DISTINCT c.claim_id FROM answering AS c JOIN {incidents} AS i ON {_FITS} ORDER BY 1"""
    )
