"""What people recorded of Syria in 2016, as tables of spans and deaths, from the shared data folder."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa

from holdfire import times

DAMASCUS = ZoneInfo("Asia/Damascus")
Keep = Callable[[dict[str, str]], bool]


def recorded(path: Path, keep: Keep, first: str, last: str, best: str) -> pa.Table:
    """Return start, end and deaths of the rows of a file that are kept."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row[first].startswith("201") and keep(row)]
    spans = [sorted(date.fromisoformat(row[which] or row[first]) for which in (first, last)) for row in rows]
    days = [times.days(*span, DAMASCUS) for span in spans]  # a few rows of Airwars end before they start
    killed = pa.array([int(row[best]) if best else None for row in rows], pa.int64())
    instant = pa.timestamp("us", tz="UTC")
    return pa.table(
        {
            "start": pa.array([each.start for each in days], instant),
            "end": pa.array([each.end for each in days], instant),
            **dict.fromkeys(("killed_low", "killed_best", "killed_high"), killed),
        }
    )


def ged(shared: Path, keep: Keep) -> pa.Table:
    """Return the rows of UCDP GED that are kept."""
    path = shared / "events" / "ucdp_ged_syria" / "ged_syria_2016_2019.csv.gz"
    return recorded(path, keep, "date_start", "date_end", "best")
