"""Links as entries of the log, and back: which records were joined, how surely, and who decided.

Not every pair that was weighed enters: of each record that is joined, the surest link into its group; what
might have gone either way; and what people judged. Confidence is to the nearest hundredth, so that one more
report, which may move every weight by a hair, does not write every link anew.
"""

from __future__ import annotations

import pyarrow as pa

from holdfire.engine import Engine
from holdfire.ledger.coded import exact
from holdfire.records.link import BAND, CERTAIN, SAME_AS

STEP = 10
"""What confidence is rounded to [thousandths]."""

SHORT = 16
"""Digits of the digest of the parameters that decided."""

_CHOSEN = f"""
    WITH homed AS (
        SELECT l.*, coalesce(a.grouped = b.grouped, false) AS joined FROM links AS l
        LEFT JOIN groups AS a ON a.record = l.one LEFT JOIN groups AS b ON b.record = l.other),
    ends AS (
        SELECT one, other, unnest([one, other]) AS record, confidence, coalesce(weight, {2**40}) AS weight
        FROM homed WHERE joined),
    surest AS (
        SELECT one, other FROM ends
        QUALIFY row_number() OVER (PARTITION BY record ORDER BY confidence DESC, weight DESC, one, other) = 1)
    SELECT one, other,
        CASE WHEN "at" IS NULL THEN greatest({STEP}, least({CERTAIN - STEP},
            CAST(round(confidence / {STEP}.0) AS BIGINT) * {STEP})) ELSE confidence END AS confidence,
        CASE WHEN "at" IS NULL THEN left("by", {SHORT}) ELSE "by" END AS "by", "at"
    FROM homed
    WHERE "at" IS NOT NULL OR confidence BETWEEN {BAND[0]} AND {BAND[1]}
        OR (one, other) IN (SELECT (one, other) FROM surest)"""

_WRITTEN = """
    SELECT 'l-' || substr(sha256('["' || one || '","' || other || '"]'), 1, 16) AS id,
        '{' || coalesce('"at":' || to_json("at")::VARCHAR || ',', '') || '"by":' || to_json("by")::VARCHAR
            || ',"confidence":' || confidence || ',"kind":"link","link_id":' || to_json(id)::VARCHAR
            || ',"one":' || to_json(one)::VARCHAR || ',"other":' || to_json(other)::VARCHAR || '}' AS content
    FROM chosen ORDER BY one, other"""


def link_entries(links: pa.Table, groups: pa.Table, engine: Engine) -> pa.Table:
    """Return the entry of each link that enters the log.

    Args:
        links: SAME_AS rows.
        groups: Columns `record` and `grouped`: which group each record is in; each is in one at most.
        engine: How to run SQL.

    Returns:
        Columns `id` and `content`, sorted by the two records.
    """
    with engine.session() as session:
        session.give("links", links)
        session.give("groups", groups)
        session.make("chosen", _CHOSEN)
        found = session.sql(_WRITTEN)
    return exact(found)


def links(contents: pa.Table, engine: Engine) -> pa.Table:
    """Return SAME_AS rows of link entries; the log does not hold what a pair weighs.

    Args:
        contents: A column `content` of entries of kind `link`.
        engine: How to run SQL.
    """
    fields = '{"one":"VARCHAR","other":"VARCHAR","confidence":"BIGINT","by":"VARCHAR","at":"VARCHAR"}'
    query = f"""
        SELECT e.one, e.other, e.confidence, CAST(NULL AS BIGINT) AS weight, e."by", e."at"
        FROM (SELECT json_transform(content, '{fields}') AS e FROM given) ORDER BY e.one, e.other"""
    return SAME_AS.check(engine.sql(query, given=contents))
