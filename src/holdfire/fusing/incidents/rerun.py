"""What claims that arrive change, read off two full runs: what `place` finds without the second of them."""

from __future__ import annotations

from collections import defaultdict

import pyarrow as pa
import pyarrow.compute as pc

from holdfire.fusing.incidents.fuse import Fused
from holdfire.fusing.incidents.placing import Home, Placed
from holdfire.records.incident import INCIDENT, MEMBER, Part
from holdfire.tables import rows


def changed(before: Fused, after: Fused, claims: pa.Table) -> Placed:
    """Return what is other after a run than before it.

    Args:
        before: The claims that stood.
        after: Those and the claims that arrive.
        claims: CLAIM rows of these.
    """
    stood = {row["claim_id"]: row for row in rows(before.members)}
    now = {row["claim_id"]: row for row in rows(after.members)}
    moved = [row for claim, row in now.items() if stood.get(claim) != row]
    makes = {Part.SUPPORTS, Part.ADMITS}
    known = {str(row): None for row in rows(before.incidents)}
    fresh = [row for row in rows(after.incidents) if str(row) not in known]
    there = set(after.incidents["incident_id"].to_pylist())
    gone: dict[str, set[str]] = defaultdict(set)
    for claim, row in stood.items():
        if row["incident_id"] not in there and row["part"] in makes:
            gone[row["incident_id"]].add(now[claim]["incident_id"])
    return Placed(
        homes=tuple(_home(claim, now, after) for claim in claims["claim_id"].to_pylist()),
        incidents=INCIDENT.sorted(INCIDENT.table(fresh)),
        members=MEMBER.sorted(MEMBER.table(moved)),
        left=tuple(sorted(stood.keys() - now.keys())),
        gone={old: tuple(sorted(homes)) for old, homes in sorted(gone.items())},
    )


def _home(claim: str, now: dict[str, dict[str, str]], after: Fused) -> Home:
    if claim not in now:
        return Home(claim)
    home, part = now[claim]["incident_id"], now[claim]["part"]
    if part in {Part.DENIES, Part.PLEADS}:
        return Home(claim, home, part)
    inside = after.members.filter(pc.field("incident_id") == home)
    beside = sorted(r["claim_id"] for r in rows(inside) if r["part"] in {Part.SUPPORTS, Part.ADMITS})
    others = tuple(each for each in beside if each != claim)
    linked = after.links.filter((pc.field("one") == claim) | (pc.field("other") == claim))
    near = {r["one"] if r["other"] == claim else r["other"]: r for r in rows(linked)}
    weighed = sorted(
        ((-r["weight"], name, r["confidence"]) for name, r in near.items() if r["weight"] is not None)
    )
    sure = next((confidence for _, name, confidence in weighed if name in others), None)
    away = next(((name, confidence) for _, name, confidence in weighed if name not in others), None)
    return Home(claim, home, part, others, sure, away)
