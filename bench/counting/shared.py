"""Tables of list overlaps of the shared folder."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from holdfire.counting.overlaps import Overlaps


def overlaps(shared: Path, name: str) -> Overlaps:
    """Return a table: columns of 0 and 1, and `n`."""
    with (shared / "data" / "lists" / "mse" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lists = [column for column in rows[0] if column != "n"]
    on = np.array([[row[each] == "1" for each in lists] for row in rows])
    return Overlaps.of_cells(lists, on, np.array([int(row["n"]) for row in rows], np.int64))


def strata(shared: Path, name: str, column: str) -> dict[str, Overlaps]:
    """Return a table with patterns in one column, for each value of another; empty lists left out."""
    with (shared / "data" / "lists" / "mse" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lists = [f"in_{j}" for j in range(1, len(rows[0]["pattern"]) + 1)]
    found = {}
    for value in sorted({row[column] for row in rows}):
        some = [row for row in rows if row[column] == value]
        on = np.array([[bit == "1" for bit in row["pattern"]] for row in some])
        found[value] = Overlaps.of_cells(
            lists, on, np.array([int(row["n"]) for row in some], np.int64)
        ).usable()
    return found
