"""Claims that answer: a denial, a negated claim or a plea joins the one incident it fits best, if any fits.

It fits where its time meets the incident's, its place too if it names one, and it names an actor of the
incident or none; one that names neither place nor actor is about no incident in particular.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from holdfire.engine import Session
from holdfire.fusing.incidents.selecting import ANSWERS, PLEA
from holdfire.places import EARTH
from holdfire.records.incident import Part
from holdfire.tables import rows

_METRES = f"""(2 * {EARTH} * asin(sqrt(least(1, pow(sin(radians(lat - $lat) / 2), 2)
    + cos(radians($lat)) * cos(radians(lat)) * pow(sin(radians(lon - $lon) / 2), 2)))))"""
"""Great-circle distance [m]: the same sphere and formula as places.distance."""

_FITS = f"""
    SELECT incident_id FROM incidents
    WHERE ($family = 'position' OR split_part(event_type, '.', 1) = $family)
        AND start < $end + INTERVAL 1 SECOND AND $start < "end" + INTERVAL 1 SECOND
        AND ($place IS NULL OR place IS NULL OR lower(place) = lower($place)
            OR ($lat IS NOT NULL AND lat IS NOT NULL
                AND {_METRES} <= coalesce(radius, 0) + coalesce($radius, 0)))
        AND (len($who) = 0 OR actors IS NULL
            OR len(list_intersect(list_concat(actors, coalesce(targets, [])), $who)) > 0)
        AND ($place IS NOT NULL OR len($who) > 0)
    ORDER BY CASE WHEN $lat IS NULL OR lat IS NULL THEN 1e9 ELSE {_METRES} END,
        abs(epoch(start) - epoch($start)), incident_id LIMIT 1"""


def answers(session: Session, incidents: pa.Table) -> list[dict[str, Any] | None]:
    """Return the membership of each claim in `claims` that answers; None for one that fits no incident.

    Args:
        session: Holds `claims`, CLAIM rows.
        incidents: INCIDENT rows.
    """
    answering = session.sql(f"SELECT * FROM claims WHERE {ANSWERS} ORDER BY claim_id")
    if not answering.num_rows:
        return []
    session.give("incidents", incidents)
    return [_answer(session, claim) for claim in rows(answering)]


def _answer(session: Session, claim: Mapping[str, Any]) -> dict[str, Any] | None:
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
    home = session.connection.execute(_FITS, given).fetchone()
    part = Part.PLEADS if claim["event_type"] == PLEA else Part.DENIES
    return {"incident_id": home[0], "claim_id": claim["claim_id"], "part": part.value} if home else None
