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
