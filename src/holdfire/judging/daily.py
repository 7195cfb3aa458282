"""How many incidents and deaths a day, from a table of incidents or of claims.

* What lasted several days, or is known to within a week, is shared evenly among its local days, in whole
  thousandths, the first days taking what does not divide: so the sum over days is exactly the sum over
  incidents, in any order and on any number of threads.
* What is known only more coarsely than a week is in no day: spread over a month it would hide a truce,
  put on one day it would invent a battle. `coarse` counts it, and the bulletin says so.

tests/unit/test_daily.py holds the sums, the order, the clocks and the edges.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from holdfire.engine import Engine
from holdfire.errors import HoldfireError
from holdfire.records.spell import DAILY, THOUSAND

WEEK = 7
"""Longest interval that is shared among its days [days]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coarse:
    """What is in no day of a series, because it is known only more coarsely than a week.

    Attributes:
        incidents: How many.
        killed_best: Deaths in them, best figures; the silent are not in it.
    """

    incidents: int
    killed_best: int


def daily(incidents: pa.Table, zone: ZoneInfo, first: date, last: date, engine: Engine) -> pa.Table:
    """Return a DAILY table with one row for each local day from `first` to `last`, both included.

    Args:
        incidents: INCIDENT or CLAIM rows; `start`, `end` and the three `killed_` columns are read.
        zone: Where days begin and end.
        first: First day of the series. What lies partly outside counts with its part inside.
        last: Last day of the series.
        engine: Runs the query.

    Raises:
        HoldfireError: `last` is before `first`.
    """
    if last < first:
        raise HoldfireError("the series ends before it begins", f"{first} to {last}")
    query = f"""
        WITH spans AS ({_SPANS}), fine AS (SELECT * FROM spans WHERE days <= {WEEK}),
        shares AS (
            SELECT opens + place AS date, {_share("1")} AS incidents,
                CASE WHEN killed_best IS NULL THEN {_share("1")} ELSE 0 END AS silent,
                {_share("coalesce(killed_low, 0)")} AS killed_low,
                {_share("coalesce(killed_best, 0)")} AS killed_best,
                {_share("coalesce(killed_high, 0)")} AS killed_high,
                killed_high IS NULL AS unbounded
            FROM (SELECT *, unnest(range(days))::INTEGER AS place FROM fine)
        ),
        sums AS (
            SELECT date, sum(incidents) AS incidents, sum(silent) AS silent,
                sum(killed_low) AS killed_low, sum(killed_best) AS killed_best,
                CASE WHEN NOT bool_or(unbounded) THEN sum(killed_high) END AS killed_high
            FROM shares GROUP BY date
        ),
        calendar AS (
            SELECT DATE '{first}' + place::INTEGER AS date
            FROM (SELECT unnest(range({(last - first).days + 1})) AS place)
        )
        SELECT date, coalesce(incidents, 0)::BIGINT AS incidents, coalesce(silent, 0)::BIGINT AS silent,
            coalesce(killed_low, 0)::BIGINT AS killed_low, coalesce(killed_best, 0)::BIGINT AS killed_best,
            CASE WHEN sums.date IS NULL THEN 0 ELSE killed_high END::BIGINT AS killed_high
        FROM calendar LEFT JOIN sums USING (date) ORDER BY date"""
    return DAILY.check(engine.sql(query, local=_local(incidents, zone)))


def coarse(incidents: pa.Table, zone: ZoneInfo, first: date, last: date, engine: Engine) -> Coarse:
    """Return what touches these days, or may, and is in none of them."""
    query = f"""
        WITH spans AS ({_SPANS})
        SELECT count(*) AS incidents, coalesce(sum(killed_best), 0)::BIGINT AS killed_best FROM spans
        WHERE (days > {WEEK} OR days IS NULL)
            AND coalesce(opens <= DATE '{last}', true) AND coalesce(closes >= DATE '{first}', true)"""
    row = engine.sql(query, local=_local(incidents, zone)).to_pylist()[0]
    return Coarse(incidents=row["incidents"], killed_best=row["killed_best"])


_SPANS = "SELECT *, date_diff('day', opens, closes) + 1 AS days FROM local"


def _share(value: str) -> str:
    """Return, as SQL, the whole thousandths of `value` that fall to the day numbered `place`."""
    parts = f"({value}) * {THOUSAND}"
    return f"({parts} // days + CASE WHEN place < {parts} % days THEN 1 ELSE 0 END)"


def local_days(incidents: pa.Table, zone: ZoneInfo) -> dict[str, pa.ChunkedArray]:
    """Return the first and last local day of each row, `opens` and `closes`; null: an open end."""
    start, end = incidents.column("start"), incidents.column("end")
    # An interval holds no moment of its end, unless it is one instant.
    inner = pc.if_else(pc.greater(end, start), pc.subtract(end, pa.scalar(1, pa.duration("us"))), end)
    return {"opens": _day(start, zone), "closes": _day(pc.coalesce(inner, end), zone)}


def _local(incidents: pa.Table, zone: ZoneInfo) -> pa.Table:
    """Return the first and last local day of each row, with its deaths."""
    killed = {name: incidents.column(name) for name in ("killed_low", "killed_best", "killed_high")}
    return pa.table({**local_days(incidents, zone), **killed})


def _day(instants: pa.ChunkedArray, zone: ZoneInfo) -> pa.ChunkedArray:
    there = instants.cast(pa.timestamp("us", tz=zone.key))
    return pc.local_timestamp(there).cast(pa.timestamp("s"), safe=False).cast(pa.date32(), safe=False)
