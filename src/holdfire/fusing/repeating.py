"""Records of one source that are equal in all that is compared, though it is said never to repeat itself.

Two records of such a source are never one thing (records.source, `distinct`), whatever they say. If it does
repeat itself, all of them are published as different things, and no number would show it: they are counted
here, to be told.
"""

from __future__ import annotations

from collections.abc import Sequence

from holdfire.engine import Database


def equal(session: Database, table: str, by: str, columns: Sequence[str], where: str) -> dict[int, int]:
    """Return, for each source, how many records are equal to another of its own in every column.

    Args:
        session: Where the table is.
        table: Name of a table or view of records.
        by: Column that numbers the source within which no record repeats another.
        columns: What is compared; two nulls are equal.
        where: SQL for the records that say enough to be known again.
    """
    names, other = ", ".join(columns), ", ".join(f"r.{name}" for name in columns)
    # by hash first: one number a record is held, not all it says
    found = session.sql(f"""
        WITH hashed AS (SELECT {by}, hash({names}) AS h FROM {table} WHERE {where}),
            twice AS (SELECT {by}, h FROM hashed GROUP BY {by}, h HAVING count(*) > 1),
            near AS (SELECT r.* FROM {table} AS r JOIN twice AS t
                ON r.{by} = t.{by} AND hash({other}) = t.h WHERE {where}),
            alike AS (SELECT {by}, count(*) AS n FROM near GROUP BY {by}, {names} HAVING count(*) > 1)
        SELECT {by} AS source, CAST(sum(n) AS BIGINT) AS n FROM alike GROUP BY {by} ORDER BY {by}""")
    return dict(zip(found["source"].to_pylist(), found["n"].to_pylist(), strict=True))
