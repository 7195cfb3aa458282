"""Tables of overlaps that tests share: read from the shared folder, or made from a known population."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import numpy.typing as npt

from holdfire.counting.overlaps import Overlaps


def read(shared_data: Path, name: str) -> Overlaps:
    """Return a table of the shared folder: columns of 0 and 1, and `n`."""
    with (shared_data / "lists" / "mse" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lists = [column for column in rows[0] if column != "n"]
    on = np.array([[row[each] == "1" for each in lists] for row in rows])
    return Overlaps.of_cells(lists, on, np.array([int(row["n"]) for row in rows], np.int64))


def classes(sizes: list[int], chances: list[list[float]], seed: int, lists: str = "ABCDEFGH") -> Overlaps:
    """Return lists of people of some classes, each with its chance to be on each list."""
    chance = np.random.default_rng(seed)
    each = np.repeat(np.array(chances), sizes, axis=0)
    return Overlaps.of_people(lists[: each.shape[1]], chance.random(each.shape) < each)


def chained(people: int, first: list[float], again: float, seed: int) -> Overlaps:
    """Return lists of which the second takes those of the first more gladly; the others are independent.

    Args:
        people: In the population.
        first: Chance of each list.
        again: Chance of the second list for those on the first.
        seed: Of the draws.
    """
    chance = np.random.default_rng(seed)
    on: npt.NDArray[np.bool_] = chance.random((people, len(first))) < np.array(first)
    on[:, 1] = np.where(on[:, 0], chance.random(people) < again, on[:, 1])
    return Overlaps.of_people("ABCDEFGH"[: len(first)], on)
