"""How long the trend takes: incidents to days, and days to levels. Run it as `python bench/trend.py`.

Ten times the incidents should take about ten times as long; ten times the days up to a hundred times,
because every cut is weighed against every other (a hundred years of days still take seconds).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from holdfire.engine import Engine
from holdfire.judging.cutting import cut
from holdfire.judging.daily import daily

FIRST = date(2016, 1, 1)


def incidents(rows: int) -> pa.Table:
    """Return incidents of one to three days over four years, seeded."""
    chance = np.random.default_rng(2016)
    hour = 3600 * 1_000_000
    opened = int(datetime(2016, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
    start = opened + chance.integers(0, 1430 * 24, rows) * hour
    killed = pa.array(chance.integers(0, 20, rows))
    instant = pa.timestamp("us", tz="UTC")
    return pa.table(
        {
            "start": pa.array(start).cast(instant),
            "end": pa.array(start + chance.integers(1, 72, rows) * hour).cast(instant),
            **dict.fromkeys(("killed_low", "killed_best", "killed_high"), killed),
        }
    )


def took(what: Callable[[], object]) -> float:
    """Return the least of three times [s]."""
    times = []
    for _ in range(3):
        started = time.perf_counter()
        what()
        times.append(time.perf_counter() - started)
    return min(times)


def main() -> None:
    """Print a line for each size."""
    for rows in (100_000, 1_000_000):
        days = partial(
            daily, incidents(rows), ZoneInfo("Asia/Damascus"), FIRST, FIRST + timedelta(1429), Engine()
        )
        print(f"{rows:>9} incidents to 1,430 days   {took(days):.2f} s")
    for length in (1_430, 14_300):
        chance = np.random.default_rng(2016)
        counts = chance.poisson(chance.gamma(4, 45 / 4, length)).astype(float)
        print(f"{length:>9} days to levels            {took(partial(cut, counts)):.2f} s")


if __name__ == "__main__":
    main()
