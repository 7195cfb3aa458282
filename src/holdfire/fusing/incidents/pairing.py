"""Find pairs of claims that may be about one thing: same days, same place, same family of act.

Pairs are found through blocks of one day and one cell of half a degree, and their neighbours, so the
work grows with the claims and not with their square. A claim is paired only where it is fine enough to
be compared: known to within `FINEST` days and `WIDEST` metres. Coarser ones stay incidents of their
own. Two records of a source that keeps its records distinct are never a pair.
"""

from __future__ import annotations

import pyarrow as pa

from holdfire.engine import Session, literals
from holdfire.places import EARTH

FINEST = 4
"""Longest interval of a claim that is compared [days]."""

WIDEST = 30_000
"""Largest radius of a claim that is compared [m]."""

CROWDED = 400
"""Most claims of one block that are compared with each other; a larger one is left unpaired and counted."""

GENERIC = (
    "attack.armed_clash",
    "attack.bombardment",
    "attack.unspecified",
    "attack.violence",
    "detention.unspecified",
    "control.unspecified",
)
"""Types that say little of the means, so that a finer type does not contradict them."""


def metres(one: tuple[str, str], other: tuple[str, str]) -> str:
    """Return, as SQL, the great-circle distance between two points [m]; each is (latitude, longitude).

    The same sphere and formula as places.distance.
    """
    (y, x), (v, u) = one, other
    return f"""(2 * {EARTH} * asin(sqrt(least(1, pow(sin(radians({v} - {y}) / 2), 2)
        + cos(radians({y})) * cos(radians({v})) * pow(sin(radians({u} - {x}) / 2), 2)))))"""


_APART = metres(("a.lat", "a.lon"), ("b.lat", "b.lon"))


def pairs(session: Session, distinct: set[str], reach: int, days: int) -> tuple[pa.Table, int]:
    """Return the pairs that may be one, best first, and how many crowded claims were left out.

    Args:
        session: Holds a table `makes` of CLAIM rows.
        distinct: Sources whose records are never about one thing.
        reach: Farthest apart beyond their own radii [m].
        days: Farthest apart beyond their own intervals [days].

    Returns:
        Columns a, b (claim ids, a < b) and score (integer; higher is likelier).
    """
    # Views, not tables: of a large source only the few blocks that a smaller one reaches are ever looked at.
    session.view(
        "fine",
        f"""
        SELECT claim_id, source || lpad(CAST(seq AS VARCHAR), 12, '0') AS place, source, event_type,
            split_part(event_type, '.', 1) AS family, directed,
            list_sort(list_distinct(list_concat(coalesce(actors, []), CASE WHEN directed THEN []
                ELSE coalesce(targets, []) END))) AS who,
            list_sort(list_distinct(coalesce(targets, []))) AS whom,
            start, "end", lat, lon, radius, killed_best,
            CAST(start AS DATE) AS day,
            CAST(floor(lat * 2) AS INTEGER) AS y, CAST(floor(lon * 2) AS INTEGER) AS x,
            source IN {literals(sorted(distinct))} AS apart
        FROM makes
        WHERE start IS NOT NULL AND "end" IS NOT NULL AND lat IS NOT NULL AND lon IS NOT NULL
            AND radius <= {WIDEST} AND "end" - start <= INTERVAL {FINEST} DAY""",
    )
    ranks = session.sql(
        "SELECT source, count(*) AS n FROM fine GROUP BY source ORDER BY n, source"
    ).to_pylist()
    if not ranks or (len(ranks) == 1 and ranks[0]["source"] in distinct):
        return session.sql("SELECT '' AS a, '' AS b, 0 AS score WHERE false"), 0
    order = ", ".join(f"({i}, '{row['source']}')" for i, row in enumerate(ranks))
    session.view(
        "ranked", f"SELECT f.*, r.rank FROM fine f JOIN (VALUES {order}) r(rank, source) USING (source)"
    )
    session.make("crowded", f"SELECT day, y, x FROM fine GROUP BY ALL HAVING count(*) > {CROWDED}")
    left_out = session.sql("SELECT count(*) AS n FROM fine JOIN crowded USING (day, y, x)")["n"][0].as_py()
    span = days + FINEST
    # The smaller source is spread over the neighbouring blocks; the larger is looked up in them.
    session.make(
        "spread",
        f"""
        SELECT r.*, r.day + CAST(t.d AS INTEGER) AS at_day, r.y + CAST(v.d AS INTEGER) AS at_y,
            r.x + CAST(h.d AS INTEGER) AS at_x
        FROM (SELECT * FROM ranked ANTI JOIN crowded USING (day, y, x)) r,
            range(-{span}, {span} + 1) t(d), range(-1, 2) v(d), range(-1, 2) h(d)
        WHERE rank < (SELECT max(rank) FROM ranked) OR NOT apart""",
    )
    session.make(
        "near",
        f"""
        SELECT a.claim_id AS one, b.claim_id AS other, least(a.place, b.place) AS first,
            greatest(a.place, b.place) AS second, {_APART} AS metres, a.radius + b.radius AS slack,
            a.start < b."end" AND b.start < a."end" OR a.start = b.start AS same_time,
            a.start AS sa, b.start AS sb,
            a.event_type AS ta, b.event_type AS tb, a.who AS wa, b.who AS wb, a.whom AS ma, b.whom AS mb,
            a.directed AND b.directed AS directed, a.killed_best AS ka, b.killed_best AS kb
        FROM spread a JOIN (SELECT * FROM ranked ANTI JOIN crowded USING (day, y, x)) b
            ON b.day = a.at_day AND b.y = a.at_y AND b.x = a.at_x AND b.family = a.family
        WHERE (a.rank < b.rank OR (a.rank = b.rank AND NOT a.apart AND a.claim_id < b.claim_id))
            AND a.start <= b."end" + INTERVAL {days} DAY AND b.start <= a."end" + INTERVAL {days} DAY""",
    )
    generic = literals(GENERIC)
    return session.sql(
        f"""
        WITH judged AS (
            SELECT *, ta = tb AND ta NOT IN {generic} AS same_type,
                len(wa) = 0 OR len(wb) = 0 OR len(list_intersect(wa, wb)) > 0 AS agree,
                NOT directed OR len(ma) = 0 OR len(mb) = 0 OR len(list_intersect(ma, mb)) > 0 AS same_target
            FROM near WHERE metres <= slack + {reach} AND (ta = tb OR ta IN {generic} OR tb IN {generic})
        )
        SELECT least(one, other) AS a, greatest(one, other) AS b,
            CAST(1000 - 400 * metres / (slack + {reach} + 1) - 150 * abs(date_diff('day', sa, sb))
                + 200 * CAST(len(list_intersect(wa, wb)) > 0 AS INTEGER) + 100 * CAST(same_type AS INTEGER)
                - 40 * least(5, abs(coalesce(ka, 0) - coalesce(kb, ka, 0))) AS BIGINT) AS score
        FROM judged
        WHERE same_target AND (agree OR (same_type AND same_time AND metres <= slack))
        ORDER BY score DESC, first, second, a, b"""
    ), left_out
