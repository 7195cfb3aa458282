"""Pairs of claims that may be about one event: how sure that is, what they weigh, and who says so.

A weight looks at two claims and knows nothing of others. Where a source keeps its records apart, a claim is
one with at most one of them, so those that could be it share what is certain: of two that fit equally well
neither can be surer than one half. With odds o of each pair, a pair is of one event with probability
o / (1 + the odds of its rivals and its own). Rivals are the other records of a distinct source that either of
the two might be one with. This is the first step of belief propagation for a matching (Huang, B. and Jebara,
T., 2009, Approximating the permanent with belief propagation, arXiv:0908.1769), which is exact for a claim
whose rivals have no rivals of their own.
"""

from __future__ import annotations

import pyarrow as pa

from holdfire.digests import digest
from holdfire.engine import Session, literal
from holdfire.fusing.parameters import Parameters
from holdfire.records.link import CERTAIN, SAME_AS, Said, Settled

_DECIDED = pa.schema([(name, pa.string()) for name in ("one", "other", "by", "at")] + [("sure", pa.int64())])


UNIT = 1_000_000
"""Odds of one to one, as odds are kept: in whole millionths, so that their sum is the same in any order."""

SUREST = 30_000
"""Weight above which odds grow no more [millibits], so that their sums fit."""


def _odds(weight: str, offset: int) -> str:
    """Return SQL for the odds that a weight means, in millionths."""
    return f"CAST(round({UNIT} * pow(2, least({weight} + {offset}, {SUREST}) / 1000.0)) AS BIGINT)"


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
                CAST(k.weight AS BIGINT) AS weight, {_odds("k.weight", weights.offset)} AS odds,
                CASE WHEN r.apart THEN sum({_odds("k.weight", weights.offset)})
                    OVER (PARTITION BY k.a, r.source) END AS of_one,
                CASE WHEN l.apart THEN sum({_odds("k.weight", weights.offset)})
                    OVER (PARTITION BY k.b, l.source) END AS of_other
            FROM kept AS k JOIN features AS l ON l.record = k.a JOIN features AS r ON r.record = k.b)
        SELECT one, other, coalesce(d.sure, CAST(round({CERTAIN} * odds / ({UNIT} + odds
                + coalesce(of_one - odds, 0) + coalesce(of_other - odds, 0))) AS BIGINT)) AS confidence,
            weight, coalesce(d.by, {rule}) AS "by", d.at
        FROM named FULL JOIN decided AS d USING (one, other) ORDER BY one, other"""
    )
    return SAME_AS.check(found)
