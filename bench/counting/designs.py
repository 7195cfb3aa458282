"""How often what is stated holds the truth, on the six designs of known size: new tables each, the same ones.

Each design is a population of 2,000 people of one to three kinds; each kind has a chance of its own to be on
each of five lists. A table is thrown from its own seed. HOLDFIRE_TABLES asks for other numbers than 200.
"""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bench.figures import Figure
from holdfire.counting import Attestation, DecomposableGraphs, LatentClass, LogLinear, Overlaps
from holdfire.counting.agreeing import wilson
from holdfire.counting.assessing import assess_all
from holdfire.counting.latent.estimator import seldom

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


def measure(shared: Path) -> Iterator[Figure]:
    """Yield, for each design, how often the stated interval holds the truth, and of what width it is."""
    count = int(os.environ.get("HOLDFIRE_TABLES", TABLES))
    short = {"draws": 400, "warm": 300, "escalate": False}
    asked = (LatentClass(**short), seldom(**short), DecomposableGraphs(), LogLinear())  # type: ignore[arg-type]
    for name, kinds in designs(shared).items():
        truth = sum(size for size, _ in kinds)
        tables = {str(seed): thrown(kinds, seed) for seed in range(100, 100 + count)}
        found = assess_all(tables, 1, Attestation(closed=True, alike=True), asked).values()
        stated = [each.stated for each in found if each.stated is not None]
        held = sum(each.low <= truth <= each.high for each in stated)
        widths = [(each.high - each.low) / truth for each in stated]
        low, high = wilson(held, len(stated))
        alone = [e for each in found for e in each.estimates if e.method == "latent_class"]
        middle = np.median([each.middle for each in stated])
        reached = np.mean([each.low <= truth <= each.high for each in alone])
        yield Figure(
            f"{name}: stated intervals that hold {truth:,}",
            held / len(stated),
            low,
            high,
            len(stated),
            "0.93",
            f"of {count} tables; median {middle:,.0f}, width {np.median(widths):.2f} of the truth; latent"
            f" classes alone {reached:.2f}",
        )
