"""Who told of how many incidents by day and area, from incidents and the claims they are made of.

* Only claims that support an incident tell of it. A claim that rests on several roots at once tells of it,
  but for none of them: who wrote it down saw them side by side, so it is no second look.
* An incident counts on its first local day, once in all, and once for each root; what is known only more
  coarsely than a week is in no day, as in `daily`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from holdfire.engine import Engine, literal
from holdfire.judging.daily import WEEK, local_days
from holdfire.records.claim import ROOTS
from holdfire.records.incident import Part
from holdfire.records.sight import SIGHT, Rate


def sights(
    incidents: pa.Table,
    members: pa.Table,
    claims: pa.Table,
    excluded: Collection[str],
    zone: ZoneInfo,
    engine: Engine,
) -> pa.Table:
    """Return a SIGHT table.

    Args:
        incidents: INCIDENT rows.
        members: MEMBER rows.
        claims: CLAIM rows; `claim_id` and `root` are read.
        excluded: Ids of incidents with an excluded group as a side.
        zone: Where days begin and end.
        engine: Runs the query.
    """
    days = local_days(incidents, zone)
    apart = pc.is_in(incidents["incident_id"], value_set=pa.array(sorted(excluded), pa.string()))
    held = pa.table(
        {
            "incident_id": incidents["incident_id"],
            "opens": days["opens"],
            "closes": days["closes"],
            "area": pc.fill_null(incidents["admin1"], ""),
            "apart": apart,
        }
    )
    query = f"""
        WITH fine AS (
            SELECT * FROM held WHERE date_diff('day', opens, closes) < {WEEK}
        ),
        supports AS (
            SELECT incident_id, CASE WHEN contains(root, '{ROOTS}') THEN NULL ELSE root END AS root
            FROM members JOIN claims USING (claim_id)
            WHERE part IN ('{Part.SUPPORTS.value}', '{Part.ADMITS.value}')
        ),
        told AS (SELECT DISTINCT incident_id, root FROM supports),
        shared AS (SELECT incident_id, count(root) AS roots FROM told GROUP BY incident_id),
        each_one AS (
            SELECT opens AS date, area, apart, root, roots
            FROM told JOIN shared USING (incident_id) JOIN fine USING (incident_id) WHERE root IS NOT NULL
        ),
        whole AS (
            SELECT opens AS date, area, apart, '' AS root, roots + 1 AS roots
            FROM shared JOIN fine USING (incident_id)
        )
        SELECT date, area, apart, root, count(*)::BIGINT AS told,
            sum(CASE WHEN roots = 1 THEN 1 ELSE 0 END)::BIGINT AS alone
        FROM (SELECT * FROM each_one UNION ALL SELECT * FROM whole) AS both_kinds
        GROUP BY date, area, apart, root ORDER BY date, area, apart, root"""
    tables = {
        "held": held,
        "members": members.select(["incident_id", "claim_id", "part"]),
        "claims": claims.select(["claim_id", "root"]),
    }
    return SIGHT.check(engine.sql(query, **tables))


def of_excluded(incidents: pa.Table, actors: Collection[str], engine: Engine) -> set[str]:
    """Return the ids of incidents in which one of these actors is a side, alone or beside others.

    Whatever the day: fights with a group that a truce leaves out are set apart before it begins too, so that
    days before and within it compare. A side on which it fought beside bound ones is no measure of them.
    """
    if not actors:
        return set()
    named = ", ".join(map(literal, sorted(actors)))
    sides = " UNION ALL ".join(
        f"SELECT incident_id, unnest({side}) AS actor FROM incidents" for side in ("actors", "targets")
    )
    query = f"SELECT DISTINCT incident_id FROM ({sides}) AS named WHERE actor IN ({named})"
    found = engine.sql(query, incidents=incidents.select(["incident_id", "actors", "targets"]))
    return set(found["incident_id"].to_pylist())


def within(table: pa.Table, first: date, last: date, area: str = "") -> pa.Table:
    """Return the rows of some days, both included, and of one area if one is named."""
    days = table["date"]
    kept = pc.and_(pc.greater_equal(days, pa.scalar(first)), pc.less_equal(days, pa.scalar(last)))
    return table.filter(pc.and_(kept, pc.equal(table["area"], area)) if area else kept)


def rates(table: pa.Table, area: str = "") -> list[Rate]:
    """Return what each root tells of, and how much of what others tell of, over rows of a SIGHT table."""
    sums = table.group_by("root").aggregate([("told", "sum"), ("alone", "sum")]).sort_by("root").to_pylist()
    whole = sum(row["told_sum"] - row["alone_sum"] for row in sums if not row["root"])
    return [
        Rate(
            root=row["root"],
            area=area,
            told=row["told_sum"],
            others=whole - row["alone_sum"],
            both=row["told_sum"] - row["alone_sum"],
        )
        for row in sums
        if row["root"]
    ]


def told(table: pa.Table, apart: Iterable[bool] = (False, True)) -> int:
    """Return how many incidents rows of a SIGHT table tell of."""
    whole = pc.and_(
        pc.equal(table["root"], ""), pc.is_in(table["apart"], value_set=pa.array(list(apart), pa.bool_()))
    )
    return int(pc.sum(table.filter(whole)["told"]).as_py() or 0)
