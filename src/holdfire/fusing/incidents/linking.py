"""Pairs of claims that may be about one event: how sure that is, what they weigh, and who says so."""

from __future__ import annotations

import pyarrow as pa

from holdfire.digests import digest
from holdfire.engine import Session, literal
from holdfire.fusing.parameters import Parameters
from holdfire.records.link import CERTAIN, SAME_AS, Said, Settled

_DECIDED = pa.schema([(name, pa.string()) for name in ("one", "other", "by", "at")] + [("sure", pa.int64())])


def same_as(session: Session, kept: pa.Table, weights: Parameters, settled: Settled | None) -> pa.Table:
    """Return SAME_AS rows of the pairs that were kept, and of those that people decided.

    Args:
        session: Holds `features`, with the claim of each record.
        kept: PAIRS.
        weights: What they were weighed by.
        settled: What people decided; it stands in place of what the weight says.
    """
    decided = settled.decided if settled else {}
    sure = {Said.SAME: CERTAIN, Said.DIFFERENT: 0}
    session.give("kept", kept)
    session.give(
        "decided",
        pa.Table.from_pylist(
            [
                {"one": one, "other": other, "by": each.by, "at": each.at, "sure": sure[each.said]}
                for (one, other), each in sorted(decided.items())
            ],
            schema=_DECIDED,
        ),
    )
    rule = literal(digest(weights.text().encode()))
    found = session.sql(
        f"""
        WITH named AS (
            SELECT least(l.claim_id, r.claim_id) AS one, greatest(l.claim_id, r.claim_id) AS other,
                CAST(k.weight AS BIGINT) AS weight
            FROM kept AS k JOIN features AS l ON l.record = k.a JOIN features AS r ON r.record = k.b)
        SELECT one, other, coalesce(d.sure, CAST(round(
                {CERTAIN} / (1 + pow(2, -(weight + {weights.offset}) / 1000.0))) AS BIGINT)) AS confidence,
            weight, coalesce(d.by, {rule}) AS "by", d.at
        FROM named FULL JOIN decided AS d USING (one, other) ORDER BY one, other"""
    )
    return SAME_AS.check(found)
