"""R's packages and ours, side by side on the same tables, where R has them; else what was recorded of them.

How they are installed stands in peers.R. None of them is a dependency.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from bench.counting.shared import overlaps
from bench.figures import Figure
from holdfire.counting.diagnosing import ess, rhat
from holdfire.counting.estimate import Estimator
from holdfire.counting.graphs import DecomposableGraphs
from holdfire.counting.latent.estimator import LatentClass
from holdfire.counting.loglinear import LogLinear

SCRIPT = Path(__file__).parent / "peers.R"
LIMIT = 1800
"""Longest a package may take over a table [s]."""
TABLES = ("kosovo_1999_4lists", "uk_slavery_2013_5lists")
RECORDED = {
    ("LCMCR", TABLES[0]): "10,474 (9,129 to 14,145), R-hat 1.006, 56 to 62 effective draws a CPU-s",
    ("LCMCR", TABLES[1]): "21,516 (11,715 to 33,570), R-hat 1.19",
    ("dga", TABLES[0]): "12,597 (9,825 to 16,545), 0.07 CPU-s",
    ("dga", TABLES[1]): "22,989 (10,389 to 33,509), about 1 CPU-s",
    ("SparseMSE", TABLES[0]): "14,342 (12,724 to 16,847), 5.3 to 12 CPU-s a hundred",
    ("SparseMSE", TABLES[1]): "11,313 (9,566 to 15,478), 5.3 to 12 CPU-s a hundred",
}
OURS: dict[str, Estimator] = {
    "LCMCR": LatentClass(),
    "dga": DecomposableGraphs(),
    "SparseMSE": LogLinear(select="stepwise", tables=100),
}


def measure(shared: Path) -> Iterator[Figure]:
    """Yield what each package says of each table, run here or recorded, and what ours says."""
    for package, ours in OURS.items():
        there = has(package)
        for name in TABLES:
            if there:
                yield _theirs(package, name, shared)
            else:
                note = f"not run: R has no {package} here; recorded: {RECORDED[package, name]}"
                yield Figure(f"{package} on {name}", float("nan"), note=note)
            yield _ours(ours, name, shared)


def has(package: str) -> bool:
    """Return whether R is there, with a package."""
    if not shutil.which("Rscript"):
        return False
    asked = ["Rscript", "-e", f'quit(status = !requireNamespace("{package}", quietly = TRUE))']
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def told(package: str, table: Path) -> list[dict[str, Any]]:
    """Return what a package says of a table, line by line."""
    ran = subprocess.run(
        ["Rscript", str(SCRIPT), package, str(table)],
        capture_output=True, text=True, check=True, timeout=LIMIT,
    )  # fmt: skip
    return [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("{")]


def _theirs(package: str, name: str, shared: Path) -> Figure:
    said = told(package, shared / "data" / "lists" / "mse" / f"{name}.csv")
    cpu, documented = sum(each["cpu"] for each in said), overlaps(shared, name).documented
    if package != "LCMCR":
        (only,) = said
        return Figure(
            f"{package} on {name}, run here", only["middle"], only["low"], only["high"], documented,
            note=f"{cpu:.2f} CPU-s",
        )  # fmt: skip
    draws = np.array([each["draws"] for each in said], float)
    low, middle, high = np.quantile(draws, [0.025, 0.5, 0.975])
    rate = 10_000 * cpu / sum(each["iterations"] for each in said)
    note = (
        f"R-hat {rhat(np.log(draws)):.3f}, {ess(np.log(draws)) / cpu:.0f} effective draws a CPU-s,"
        f" {rate:.3f} CPU-s for 10,000 iterations"
    )
    return Figure(f"LCMCR on {name}, run here", middle, low, high, documented, note=note)


def _ours(estimator: Estimator, name: str, shared: Path) -> Figure:
    table = overlaps(shared, name)
    estimator.estimate(table, 2)  # compiled, or imported
    before = time.process_time()
    found = estimator.estimate(table, 1)
    took = time.process_time() - before
    why = ", ".join(reason.code for reason in found.refused) or "stands"
    return Figure(
        f"{found.method} on {name}", found.middle, found.low, found.high, found.documented,
        note=f"{took:.2f} CPU-s; {why}",
    )  # fmt: skip
