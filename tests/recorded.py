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


def excluded(row: dict[str, str]) -> bool:
    """Return whether a side of a row of UCDP GED was outside the truces of 2016."""
    return any(name in row["dyad_name"] for name in ("IS", "Jabhat Fateh al-Sham"))


def ged_whole(shared: Path) -> tuple[pa.Table, pa.Table, pa.Table, set[str]]:
    """Return incidents, members and claims of UCDP GED, a row each, and the ids with an excluded group."""
    path = shared / "events" / "ucdp_ged_syria" / "ged_syria_2016_2019.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["date_start"].startswith("2016")]
    ids = [f"i-{row['id']}" for row in rows]
    areas = pa.array([row["adm_1"].removesuffix(" Governorate") or None for row in rows])
    spans = recorded(path, lambda row: row["date_start"].startswith("2016"), "date_start", "date_end", "best")
    incidents = spans.append_column("incident_id", pa.array(ids)).append_column("admin1", areas)
    parts = pa.array(["supports"] * len(ids))
    members = pa.table({"incident_id": ids, "claim_id": ids, "part": parts})
    roots = [" + ".join(sorted(set(row["source_office"].split(";")))) for row in rows]
    claims = pa.table({"claim_id": ids, "root": roots})
    return incidents, members, claims, {i for i, row in zip(ids, rows, strict=True) if excluded(row)}
