"""How often what is stated holds the truth where it is known: six designs, three of their lists, our worlds.

Each design is a population of 2,000 people of one to three kinds; each kind has a chance of its own to be on
each of five lists. A table is thrown from its own seed. Of three lists a range over all models is stated. Of
our worlds are four lists that depend on place, time and each other, with their true links.
HOLDFIRE_TABLES asks for other numbers than 200.
"""

from __future__ import annotations

import csv
import os
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from math import nan
from pathlib import Path

import numpy as np

from bench.figures import Figure
from holdfire.counting import Attestation, DecomposableGraphs, LatentClass, LogLinear, Overlaps
from holdfire.counting.agreeing import wilson
from holdfire.counting.assessing import assess_all
from holdfire.counting.latent.estimator import seldom
from holdfire.counting.sensitivity import of_three
from holdfire.worlds.lists import four_lists
from holdfire.worlds.lists_plan import FOUR

TABLES = 200
Kinds = list[tuple[int, list[float]]]


def designs(shared: Path) -> dict[str, Kinds]:
    """Return each design's kinds: how many people, and their chance to be on each list."""
    found: dict[str, Kinds] = defaultdict(list)
    with (shared / "data" / "lists" / "mse" / "sim_known_truth_designs.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found[row["design"]].append((int(row["size"]), [float(row[f"p{j}"]) for j in range(1, 6)]))
    return found


def thrown(kinds: Kinds, seed: int) -> Overlaps:
    """Return a table of people of these kinds."""
    draw = np.random.default_rng(seed)
    return Overlaps.of_people("ABCDE", np.concatenate([draw.random((size, 5)) < on for size, on in kinds]))


def worlds(count: int) -> Iterator[tuple[int, Overlaps]]:
    """Yield how many died, and who was on which lists in truth, in so many countries that do not exist."""
    names = [plan.name for plan in FOUR]
    for seed in range(100, 100 + count):
        with tempfile.TemporaryDirectory() as folder:
            made = four_lists(2500, seed, Path(folder), FOUR)
        cells = {int(pattern[::-1], 2): people for pattern, people in made.patterns.items() if "1" in pattern}
        yield made.people, Overlaps.of(tuple(names), cells)


def measure(shared: Path) -> Iterator[Figure]:
    """Yield how often what is stated holds the truth, and of what width it is."""
    count = int(os.environ.get("HOLDFIRE_TABLES", TABLES))
    for name, kinds in designs(shared).items():
        truth = sum(size for size, _ in kinds)
        tables = [thrown(kinds, seed) for seed in range(100, 100 + count)]
        yield _held(name, [(truth, table) for table in tables])
    for name, kinds in designs(shared).items():
        truth = sum(size for size, _ in kinds)
        tables = [_three(thrown(kinds, seed)) for seed in range(100, 100 + count // 5)]
        yield _held(f"{name}, three of the lists", [(truth, table) for table in tables])
    yield _held("our worlds, true links", list(worlds(count // 2)))


def _three(table: Overlaps) -> Overlaps:
    """Return a table of its first three lists."""
    cells: dict[int, int] = defaultdict(int)
    for pattern, people in zip(table.patterns, table.counts, strict=True):
        cells[int(pattern) & 0b111] += int(people)
    cells.pop(0, None)
    return Overlaps.of(table.lists[:3], cells)


def _held(name: str, thrown: list[tuple[int, Overlaps]]) -> Figure:
    """Return how often what is stated of tables holds their truths."""
    short = {"draws": 400, "warm": 300, "escalate": False}
    asked = (of_three(), LatentClass(**short), seldom(**short), DecomposableGraphs(), LogLinear())  # type: ignore[arg-type]
    tables = {str(at): table for at, (_, table) in enumerate(thrown)}
    truths = {str(at): truth for at, (truth, _) in enumerate(thrown)}
    found = assess_all(tables, 1, Attestation(closed=True, alike=True), asked)
    stated = {at: each.stated for at, each in found.items() if each.stated is not None}
    why = Counter(reason.code for each in found.values() for reason in each.refused)
    told = "; refused: " * bool(why) + ", ".join(f"{code} {times}" for code, times in why.most_common())
    measure, of = f"{name}: what is stated holds the truth", f"of {len(thrown)} tables"
    if not stated:
        return Figure(measure, nan, reach="0.93", note=f"{of} none is stated{told}")
    held = sum(each.low <= truths[at] <= each.high for at, each in stated.items())
    width = np.median([(each.high - each.low) / truths[at] for at, each in stated.items()])
    middle = np.median([each.middle / truths[at] for at, each in stated.items()])
    alone = [
        e.low <= truths[at] <= e.high
        for at, each in found.items()
        for e in each.estimates
        if e.method == "latent_class"
    ]
    note = f"{of}; median {middle:.2f}, width {width:.2f} of it; latent classes alone {np.mean(alone):.2f}"
    low, high = wilson(held, len(stated))
    return Figure(measure, held / len(stated), low, high, len(stated), "0.93", note + told)
