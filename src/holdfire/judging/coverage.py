"""Ask each term's questions of each distinct case, and find the term that decides.

Incidents that differ in nothing the questions see are one case. A case whose date spans several stretches
of the agreement is asked in each stretch, for it happened in one of them: an answer counts if it is the
same in all, and a case is outside the agreement if in every stretch some decisive question says no.
"""

from __future__ import annotations

from collections.abc import Sequence

from holdfire.agreement.terms import Term, TermType
from holdfire.engine import Session, literal
from holdfire.judging.expressions import any_true
from holdfire.judging.kinds import Question
from holdfire.judging.standing import Standing
from holdfire.records.determination import Asked, Coverage

DECISIVE = (Asked.WINDOW, Asked.AREA, Asked.ACT, Asked.PERPETRATOR, Asked.TARGET)
"""Questions of which one answered no puts the incident outside the agreement."""

OUTSIDE = (Coverage.EXCLUDED_GROUP, Coverage.NOT_A_PARTY, Coverage.OUTSIDE_AREA, Coverage.OUTSIDE_WINDOW)
"""Coverage that a decisive no gives, the most telling first."""

Asking = Sequence[tuple[Term, dict[Asked, Question]]]
"""Each term with its questions, in the order of the stack."""


def cases(session: Session, standing: Standing, zones: int) -> None:
    """Make `keyed` (incident to case), and `pieces` (a case in each stretch of time its date spans).

    A date that lies between two neighbouring instants of the agreement is replaced by them: no answer
    changes in between.

    Args:
        session: Holds `incidents` and `zones`.
        standing: Of the agreement.
        zones: How many zones there are.
    """
    ends = {i for span in standing.instants() for i in (span.start, span.end) if i}
    instants = "[" + ", ".join(literal(i) for i in sorted(ends)) + "]::TIMESTAMPTZ[]"
    session.make(
        "placed",
        f"""
        WITH edges AS (SELECT {instants} AS bounds),
        cut AS (SELECT i.*, z.* EXCLUDE (incident_id), bounds,
            len(list_filter(bounds, lambda t: t <= start)) AS before,
            len(list_filter(bounds, lambda t: t < greatest("end", start + INTERVAL 1 MICROSECOND))) AS past
            FROM incidents i JOIN zones z USING (incident_id), edges)
        SELECT * EXCLUDE (before, past, bounds, start, "end"),
            CASE WHEN before = past AND before > 0 THEN bounds[before]
                WHEN before = past AND start IS NOT NULL THEN bounds[1] - INTERVAL 2 SECOND
                ELSE start END AS start,
            CASE WHEN before = past AND before = len(bounds) AND before > 0
                    THEN bounds[before] + INTERVAL 1 SECOND
                WHEN before = past AND before > 0 THEN bounds[before + 1]
                WHEN before = past AND start IS NOT NULL THEN bounds[1] - INTERVAL 1 SECOND
                ELSE "end" END AS "end"
        FROM cut""",
    )
    columns = ["event_type", "actors", "targets", "directed", *(f"zone_{n}" for n in range(zones))]
    key = [*columns, "start", '"end"']
    parts = ", ".join(f"coalesce(CAST({name} AS VARCHAR), '')" for name in key)
    firsts = ", ".join(f"any_value({name}) AS {name}" for name in key)
    session.make(
        "keyed", f"SELECT incident_id, {', '.join(key)}, concat_ws('|', {parts}) AS case_key FROM placed"
    )
    session.make(
        "pieces",
        f"""
        WITH cases AS (SELECT case_key, {firsts} FROM keyed GROUP BY case_key),
        points AS (SELECT *, CASE WHEN start IS NULL OR "end" IS NULL OR start = "end" THEN NULL
            ELSE list_concat([start], list_filter({instants}, lambda t: t > start AND t < "end"), ["end"]) END
            AS at_points FROM cases)
        SELECT case_key, 1 AS piece, {", ".join(columns)}, start, "end" FROM points WHERE at_points IS NULL
        UNION ALL
        SELECT case_key, n AS piece, {", ".join(columns)}, at_points[n] AS start, at_points[n + 1] AS "end"
        FROM points, range(1, {len(ends) + 2}) r(n) WHERE n < len(at_points)""",
    )


def coverage(session: Session, standing: Standing, asking: Asking) -> None:
    """Make `covered`: for each case the answers of the term that decides, and the coverage they give."""
    permits = [asked[Asked.EXCEPTION] for term, asked in asking if term.type is TermType.PERMITTED_ACT]
    session.make(
        "common",
        f"""SELECT case_key, piece, {standing.excluded_present()} AS excluded,
            {standing.excluded_side()} AS excluded_side,
            {any_true(q.answer for q in permits)} AS exception FROM pieces""",
    )
    session.make("asked", _asked(standing, asking))
    session.make(
        "told",
        f"""
        SELECT a.*, c.excluded, c.exception,
            CASE WHEN "window" IS FALSE THEN '{Coverage.OUTSIDE_WINDOW}'
                WHEN area IS FALSE THEN '{Coverage.OUTSIDE_AREA}'
                WHEN act IS NOT FALSE AND c.excluded_side THEN '{Coverage.EXCLUDED_GROUP}'
                WHEN act IS NOT FALSE AND (perpetrator IS FALSE OR target IS FALSE)
                    THEN '{Coverage.NOT_A_PARTY}'
                WHEN act IS FALSE THEN '{Coverage.PERMITTED_ACT}'
                WHEN c.exception THEN '{Coverage.PERMITTED_ACT}'
                WHEN "window" AND area AND act AND perpetrator AND target AND NOT c.exception
                    THEN '{Coverage.COVERED}'
                ELSE '{Coverage.UNDETERMINED}' END AS coverage
        FROM asked a JOIN common c USING (case_key, piece)""",
    )
    order = [Coverage.COVERED, Coverage.UNDETERMINED, Coverage.PERMITTED_ACT, *OUTSIDE]
    ranks = ", ".join(f"'{c}'" for c in order)
    answers = ", ".join(
        _same(name) for name in (*(q.value for q in DECISIVE), "failed", "excluded", "exception")
    )
    yes = " + ".join(f'CAST("{q}" IS TRUE AS INTEGER)' for q in DECISIVE)
    session.make(
        "covered",
        f"""
        WITH ranked AS (SELECT *, list_position([{ranks}], coverage) AS rank FROM told),
        joined AS (SELECT case_key, term, term_rank, {answers},
            CASE WHEN min(rank) = max(rank) OR min(rank) > {len(order) - len(OUTSIDE)} THEN min(rank)
                ELSE {order.index(Coverage.UNDETERMINED) + 1} END AS rank
            FROM ranked GROUP BY case_key, term, term_rank)
        SELECT * EXCLUDE (rank, term_rank), act IS NOT FALSE AS speaks, [{ranks}][rank] AS coverage
        FROM joined
        -- A term that speaks of such an act decides before one that does not; among those, the one that
        -- comes nearest to covering it; among equals the one with most answers yes, then the earliest.
        QUALIFY row_number() OVER (
            PARTITION BY case_key ORDER BY act IS NOT FALSE DESC, rank, {yes} DESC, term_rank) = 1""",
    )


def _asked(standing: Standing, asking: Asking) -> str:
    """Return the question that asks every forbidding term of every piece."""
    selects = []
    for rank, (term, asked) in enumerate(asking):
        if term.type is not TermType.PERMITTED_ACT:
            answers = ", ".join(f"{asked[q].answer} AS {q.value}" for q in DECISIVE)
            selects.append(
                f"SELECT case_key, piece, {literal(term.id)} AS term, {rank} AS term_rank, {answers},"
                f" {standing.failed(term)} AS failed FROM pieces"
            )
    empty = ", ".join(f"NULL::BOOLEAN AS {name}" for name in (*DECISIVE, "failed"))
    return " UNION ALL ".join(selects) or (
        f"SELECT case_key, piece, NULL::VARCHAR AS term, 0 AS term_rank, {empty} FROM pieces"
    )


def _same(name: str) -> str:
    """Return the answer that every piece gives, else unclear."""
    column = f'"{name}"'
    return (
        f"CASE WHEN count(*) FILTER ({column}) = count(*) THEN TRUE"
        f" WHEN count(*) FILTER (NOT {column}) = count(*) THEN FALSE ELSE NULL END AS {column}"
    )
