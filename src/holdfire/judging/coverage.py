"""Ask each term's questions of each distinct case, and find the term that decides.

Incidents that differ in nothing the questions see are one case. A case whose date spans several stretches
of the agreement is asked in each stretch, for it happened in one of them: an answer counts if it is the
same in all, and a case is outside the agreement if in every stretch some decisive question says no.
"""

from __future__ import annotations

from collections.abc import Sequence

from holdfire.agreement.terms import Term, TermType
from holdfire.engine import Session, literal
from holdfire.judging.alike import alike
from holdfire.judging.expressions import Worked, any_true
from holdfire.judging.kinds import Question
from holdfire.judging.standing import Standing
from holdfire.records.determination import Asked, Coverage

DECISIVE = (Asked.WINDOW, Asked.AREA, Asked.ACT, Asked.PERPETRATOR, Asked.TARGET)
"""Questions of which one answered no puts the incident outside the agreement."""

OUTSIDE = (Coverage.EXCLUDED_GROUP, Coverage.NOT_A_PARTY, Coverage.OUTSIDE_AREA, Coverage.OUTSIDE_WINDOW)
"""Coverage that a decisive no gives, the most telling first."""

Asking = Sequence[tuple[Term, dict[Asked, Question]]]
"""Each term with its questions, in the order of the stack."""


def cases(session: Session, standing: Standing, zones: int, asking: Asking) -> None:
    """Make `keyed` (incident to case), and `pieces` (a case in each stretch of time its date spans).

    Incidents are one case if nothing that differs between them is seen by a question: actors that are
    answered alike are one (alike.py), and a date that lies between two neighbouring instants of the agreement
    is replaced by them, for no answer changes in between. Each of these is found once for all incidents that
    share it, and a case is a number made of theirs.

    Args:
        session: Holds `incidents` and `spots` (lat, lon, radius, admin1, and `zone_N`).
        standing: Of the agreement.
        zones: How many zones there are.
        asking: All that will be asked.
    """
    ends = sorted({i for span in standing.instants() for i in (span.start, span.end) if i})
    instants = "[" + ", ".join(literal(i) for i in ends) + "]::TIMESTAMPTZ[]"
    session.make("sides", _sides(standing, asking))
    session.make("times", _times(instants))
    session.make(
        "types",
        "SELECT event_type, row_number() OVER () AS n FROM (SELECT DISTINCT event_type FROM incidents)",
    )
    places = [f"zone_{n}" for n in range(zones)]
    answers = " + ".join(["0", *(f"{3**n} * CASE WHEN {z} THEN 2 WHEN NOT {z} THEN 1 ELSE 0 END"
                                 for n, z in enumerate(places))])  # fmt: skip
    session.make("areas", f"SELECT *, CAST({answers} AS HUGEINT) AS n FROM spots")
    sizes = session.sql(
        """SELECT (SELECT max(n) FROM sides) AS sides, (SELECT max(n) FROM times) AS times,
            (SELECT max(n) FROM types) AS types"""
    ).to_pylist()[0]
    side, time, kind = (1 + (sizes[name] or 0) for name in ("sides", "times", "types"))
    whole = "BIGINT" if kind * 3 * side * side * time * 3**zones < 2**62 else "HUGEINT"
    key = (
        f"(((coalesce(r.n, 0)::{whole} * {time} + t.n) * {side} + a.n) * {side} + b.n) * {kind * 3}"
        " + 3 * k.n + coalesce(CAST(directed AS INTEGER), 2)"
    )
    spot = " AND ".join(f"i.{c} IS NOT DISTINCT FROM r.{c}" for c in ("lat", "lon", "radius", "admin1"))
    session.make(
        "keyed",
        f"""
        SELECT incident_id, {key} AS case_key, a.n AS a, b.n AS b, t.n AS t, k.n AS k, directed, r.place
        FROM incidents AS i
        JOIN sides AS a ON i.actors IS NOT DISTINCT FROM a.members
        JOIN sides AS b ON i.targets IS NOT DISTINCT FROM b.members
        JOIN times AS t ON i.start IS NOT DISTINCT FROM t.said_start
            AND i."end" IS NOT DISTINCT FROM t.said_end
        JOIN types AS k ON i.event_type IS NOT DISTINCT FROM k.event_type
        LEFT JOIN areas AS r ON {spot}""",
    )
    columns = ", ".join(["event_type", "actors", "targets", "directed", *places])
    session.make(
        "cases",
        f"""
        WITH known AS (SELECT case_key, any_value(a) AS a, any_value(b) AS b, any_value(t) AS t,
            any_value(k) AS k, any_value(directed) AS directed, any_value(place) AS place
            FROM keyed GROUP BY case_key),
        lists AS (SELECT n, any_value(alike) AS alike FROM sides GROUP BY n),
        spans AS (SELECT n, any_value(start) AS start, any_value("end") AS "end" FROM times GROUP BY n)
        SELECT case_key, event_type, one.alike AS actors, other.alike AS targets, directed,
            {"".join(f"{z}, " for z in places)} start, "end"
        FROM known JOIN lists AS one ON one.n = a JOIN lists AS other ON other.n = b
            JOIN spans ON spans.n = t JOIN types ON types.n = k LEFT JOIN spots USING (place)""",
    )
    session.make(
        "pieces",
        f"""
        WITH points AS (SELECT *, CASE WHEN start IS NULL OR "end" IS NULL OR start = "end" THEN NULL
            ELSE list_concat([start], list_filter({instants}, lambda t: t > start AND t < "end"), ["end"]) END
            AS at_points FROM cases)
        SELECT case_key, 1 AS piece, {columns}, start, "end" FROM points WHERE at_points IS NULL
        UNION ALL
        SELECT case_key, n AS piece, {columns}, at_points[n] AS start, at_points[n + 1] AS "end"
        FROM points, range(1, {len(ends) + 2}) r(n) WHERE n < len(at_points)""",
    )


def _sides(standing: Standing, asking: Asking) -> str:
    """Return the query of each list of actors, what it comes to for all questions, and the number of that."""
    texts = [standing.excluded_present(), standing.excluded_side()]
    texts += [each.answer for _, asked in asking for each in asked.values()]
    same = alike(texts, standing.names.actors)
    names, firsts = (", ".join(literal(each) for each in side) for side in (same, same.values()))
    put = f"coalesce(map([{names}], [{firsts}])[one], one)" if same else "one"
    return f"""
        WITH said AS (SELECT actors AS members FROM incidents UNION SELECT targets FROM incidents),
        put AS (SELECT members, list_sort(list_distinct(list_transform(members, lambda one: {put}))) AS alike
            FROM said)
        SELECT *, dense_rank() OVER (ORDER BY alike NULLS FIRST) AS n FROM put"""


def _times(instants: str) -> str:
    """Return the query of each span as said, what it comes to, and the number of that."""
    return f"""
        WITH edges AS (SELECT {instants} AS bounds),
        said AS (SELECT DISTINCT start AS said_start, "end" AS said_end FROM incidents),
        cut AS (SELECT *, len(list_filter(bounds, lambda t: t <= said_start)) AS before,
            len(list_filter(bounds,
                lambda t: t < greatest(said_end, said_start + INTERVAL 1 MICROSECOND))) AS past
            FROM said, edges),
        put AS (SELECT said_start, said_end,
            CASE WHEN before = past AND before > 0 THEN bounds[before]
                WHEN before = past AND said_start IS NOT NULL THEN bounds[1] - INTERVAL 2 SECOND
                ELSE said_start END AS start,
            CASE WHEN before = past AND before = len(bounds) AND before > 0
                    THEN bounds[before] + INTERVAL 1 SECOND
                WHEN before = past AND before > 0 THEN bounds[before + 1]
                WHEN before = past AND said_start IS NOT NULL THEN bounds[1] - INTERVAL 1 SECOND
                ELSE said_end END AS "end"
            FROM cut)
        SELECT *, dense_rank() OVER (ORDER BY start NULLS FIRST, "end" NULLS FIRST) AS n FROM put"""


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
        _same(name) for name in (*(q.value for q in DECISIVE), "failed", "hangs", "excluded", "exception")
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
    worked, selects, keys = Worked(), [], "case_key, piece"
    for rank, (term, asked) in enumerate(asking):
        if term.type is not TermType.PERMITTED_ACT:
            texts = {question.value: asked[question].answer for question in DECISIVE}
            texts |= {"failed": standing.failed(term), "hangs": standing.hangs(term)}
            answers = ", ".join(f"{worked.column(text)} AS {name}" for name, text in texts.items())
            selects.append(
                f"SELECT {keys}, {literal(term.id)} AS term, {rank} AS term_rank, {answers} FROM worked"
            )
    if not selects:
        empty = ", ".join(f"NULL::BOOLEAN AS {name}" for name in (*DECISIVE, "failed", "hangs"))
        return f"SELECT {keys}, NULL::VARCHAR AS term, 0 AS term_rank, {empty} FROM pieces"
    return f"WITH worked AS MATERIALIZED ({worked.out(keys, 'pieces')}) {' UNION ALL '.join(selects)}"


def _same(name: str) -> str:
    """Return the answer that every piece gives, else unclear."""
    column = f'"{name}"'
    return (
        f"CASE WHEN count(*) FILTER ({column}) = count(*) THEN TRUE"
        f" WHEN count(*) FILTER (NOT {column}) = count(*) THEN FALSE ELSE NULL END AS {column}"
    )
