"""How many were killed: an interval from what independent roots tell, that holds the truth nine times in ten.

Roots without an interest are heard before parties, and those graded A to D or not graded before E. The
interval runs from the lowest to the highest figure of those heard, widened by how far the truth lies beyond
such figures in made worlds (weights.json: the least margin that held in each of them). A bound stays a bound:
where someone tells "at least", there is no upper end. Running totals are of no one event, and are left out
(heard.py).
"""

from __future__ import annotations

from holdfire.judging.weights import Weights

LEVEL = 90
"""How often the interval holds the truth, in 100."""

MANY = 10
"""Figures from here are also widened by a share: counts of many are rounded, and mistyped by more."""


def killed(weights: Weights) -> str:
    """Return SQL over `graded`: incident_id, kind, killed_least, killed_most (null: no end) [people]."""
    kinds = "CASE WHEN rank = 2 THEN 'parties' WHEN roots > 1 THEN 'several' ELSE 'one' END"

    def margin(figure: str) -> str:
        whens = " ".join(
            f"WHEN '{name}' THEN {m.people} + CASE WHEN {figure} >= {MANY} THEN"
            f" CAST(ceil({figure} * {m.share} / 1000.0) AS BIGINT) ELSE 0 END"
            for name, m in sorted(weights.killed.items())
        )
        return f"CASE {kinds} {whens} ELSE 0 END"

    return f"""
    WITH told AS (
        SELECT incident_id, CASE WHEN interested THEN 2 WHEN on_casualties = 'E' THEN 1 ELSE 0 END AS rank,
            killed_low, killed_high
        FROM graded WHERE killed_low IS NOT NULL AND part IN ('supports', 'admits')),
    ranked AS (
        SELECT incident_id, rank, count(*) AS roots, min(killed_low) AS low,
            CASE WHEN count(killed_high) = count(*) THEN max(killed_high) END AS high
        FROM told GROUP BY incident_id, rank),
    spans AS (
        SELECT incident_id, min(rank) AS rank, arg_min(roots, rank) AS roots, arg_min(low, rank) AS low,
            arg_min_null(high, rank) AS high
        FROM ranked GROUP BY incident_id)
    SELECT incident_id, {kinds} AS kind, greatest(0, low - {margin("low")}) AS killed_least,
        high + {margin("high")} AS killed_most
    FROM spans"""
