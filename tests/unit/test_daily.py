"""Incidents become days: nothing is lost, nothing is put on a day that no one gave."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from holdfire import times
from holdfire.engine import Engine
from holdfire.errors import HoldfireError
from holdfire.judging.daily import coarse, daily

DAMASCUS = ZoneInfo("Asia/Damascus")
ENGINE = Engine()
MARCH = (date(2016, 3, 1), date(2016, 3, 31))


def incident(first: str | None, last: str | None = "", best: int | None = 1, **other: Any) -> dict[str, Any]:
    last = first if last == "" else last
    return {
        "start": times.day(date.fromisoformat(first), DAMASCUS).start if first else None,
        "end": times.day(date.fromisoformat(last), DAMASCUS).end if last else None,
        "killed_low": best,
        "killed_best": best,
        "killed_high": best,
        **other,
    }


def table(*rows: dict[str, Any]) -> pa.Table:
    instant = pa.timestamp("us", tz="UTC")
    schema = pa.schema(
        [("start", instant), ("end", instant)]
        + [(f"killed_{which}", pa.int64()) for which in ("low", "best", "high")]
    )
    return pa.Table.from_pylist(list(rows), schema=schema)


def by_day(series: pa.Table, column: str) -> dict[int, int]:
    return {row["date"].day: row[column] for row in series.to_pylist() if row[column]}


def test_every_day_has_a_row_and_a_day_without_incidents_is_zero() -> None:
    series = daily(table(), DAMASCUS, *MARCH, ENGINE)
    assert series.column("date").to_pylist() == [date(2016, 3, day) for day in range(1, 32)]
    for column in series.column_names[1:]:
        assert set(series.column(column).to_pylist()) == {0}


def test_what_lasts_three_days_is_shared_and_the_shares_add_up() -> None:
    series = daily(table(incident("2016-03-04", "2016-03-06", best=5)), DAMASCUS, *MARCH, ENGINE)
    assert by_day(series, "killed_best") == {4: 1667, 5: 1667, 6: 1666}
    assert by_day(series, "incidents") == {4: 334, 5: 333, 6: 333}


def test_a_day_is_local_across_the_change_of_clocks() -> None:
    # Damascus went to summer time on 25 March 2016: that day has 23 hours.
    rows = [incident(f"2016-03-{day}", best=day) for day in (24, 25, 26)]
    instant = datetime(2016, 3, 25, 21, 30, tzinfo=UTC)  # 00:30 on the 26th there
    rows.append({**incident("2016-03-25", best=100), "start": instant, "end": instant})
    series = daily(table(*rows), DAMASCUS, *MARCH, ENGINE)
    assert by_day(series, "killed_best") == {24: 24_000, 25: 25_000, 26: 126_000}


def test_a_week_is_shared_and_eight_days_are_left_out_and_counted() -> None:
    rows = table(incident("2016-03-01", "2016-03-07", 7), incident("2016-03-01", "2016-03-08", 8))
    series = daily(rows, DAMASCUS, *MARCH, ENGINE)
    assert by_day(series, "killed_best") == dict.fromkeys(range(1, 8), 1000)
    left = coarse(rows, DAMASCUS, *MARCH, ENGINE)
    assert (left.incidents, left.killed_best) == (1, 8)


def test_an_open_end_is_left_out_and_counted_where_it_may_touch() -> None:
    rows = table(
        incident(None, "2016-03-02"),
        incident("2016-03-02", None),
        incident(None, None, best=None),
        incident(None, "2016-02-02"),
        incident("2016-04-02", None),
        incident("2016-01-01", "2016-02-28"),
    )
    left = coarse(rows, DAMASCUS, *MARCH, ENGINE)
    assert (left.incidents, left.killed_best) == (3, 2)
    assert by_day(daily(rows, DAMASCUS, *MARCH, ENGINE), "incidents") == {}


def test_only_the_part_inside_the_series_counts() -> None:
    rows = table(incident("2016-02-28", "2016-03-02", best=4), incident("2016-04-01"))
    assert by_day(daily(rows, DAMASCUS, *MARCH, ENGINE), "killed_best") == {1: 1000, 2: 1000}


def test_silence_is_not_zero() -> None:
    rows = table(
        incident("2016-03-04", best=None),
        incident("2016-03-04", best=2, killed_high=None),
        incident("2016-03-05", best=2),
    )
    fourth, fifth = daily(rows, DAMASCUS, *MARCH, ENGINE).to_pylist()[3:5]
    assert fourth["silent"] == 1000
    assert (fourth["killed_low"], fourth["killed_best"], fourth["killed_high"]) == (2000, 2000, None)
    assert (fifth["killed_low"], fifth["killed_best"], fifth["killed_high"]) == (2000, 2000, 2000)


def test_sums_are_exact_in_any_order_on_any_number_of_threads() -> None:
    chance = random.Random(5)
    rows = []
    for _ in range(5000):
        first = date(2016, 3, 1) + timedelta(chance.randrange(25))
        rows.append(
            incident(str(first), str(first + timedelta(chance.randrange(7))), best=chance.randrange(50))
        )
    series = daily(table(*rows), DAMASCUS, *MARCH, ENGINE)
    assert sum(series.column("killed_best").to_pylist()) == 1000 * sum(row["killed_best"] for row in rows)
    assert sum(series.column("incidents").to_pylist()) == 1000 * len(rows)
    for threads in (1, 4):
        chance.shuffle(rows)
        assert daily(table(*rows), DAMASCUS, *MARCH, Engine(threads=threads)).equals(series)


def test_a_series_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(HoldfireError, match="ends before it begins"):
        daily(table(), DAMASCUS, MARCH[1], MARCH[0], ENGINE)
