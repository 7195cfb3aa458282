"""Khartoum State 2023-24, linked by 25 pairs of thresholds: how far the number of the dead moves with them.

Beside figures of the authors (sdn_mortality_2024, London School of Hygiene and Tropical Medicine), recorded
and not run here. They average models of sex, age, period and place, ours know of none, so only the width of
the bands compares. Then linkages drawn from how often people who looked at pairs of a score found them to be
one; what is refused is shown with its reasons, and is no estimate.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bench.figures import Figure
from holdfire.counting.across import assess_across
from holdfire.counting.graphs import DecomposableGraphs
from holdfire.counting.linkages import Band, Chance, band, between
from holdfire.counting.loglinear import LogLinear
from holdfire.counting.mixing import Under, mix
from holdfire.counting.overlaps import Overlaps

ASKED = (DecomposableGraphs(draws=400), LogLinear(draws=400))
RECORDED = {"all": (20660, 211334), "intentional injury": (6156, 87263)}
"""Least and greatest point of the authors' 25."""
DRAWS = 100
LISTS = ("public survey", "private survey", "social media")


def measure(shared: Path) -> Iterator[Figure]:
    """Yield the band of each cause, then what drawn linkages say."""
    for cause, tables in thresholds(shared).items():
        found = band(tables, 1, ASKED)
        yield from _band(cause, found)
        yield from _drawn(cause, tables, shared)


def thresholds(shared: Path) -> dict[str, dict[tuple[int, ...], Overlaps]]:
    """Return the tables of each cause, by threshold of duplicates and of matches."""
    cells: dict[str, dict[tuple[int, ...], dict[int, int]]] = {}
    for row in _rows(shared, "sudan_khartoum_3lists_by_link_threshold"):
        strict = (int(row["dup_threshold"]), int(row["match_threshold"]))
        pattern = sum(int(row[f"list{at + 1}"]) << at for at in range(3))
        cells.setdefault(row["cause"], {}).setdefault(strict, {})[pattern] = int(row["n"])
    return {
        cause: {strict: Overlaps.of(LISTS, each) for strict, each in found.items()}
        for cause, found in cells.items()
    }


def chances(shared: Path) -> list[dict[int, Chance]]:
    """Return how likely links of each score are true, of duplicates and of matches."""
    found: list[dict[int, list[tuple[float, float]]]] = [{}, {}]
    for row in _rows(shared, "sudan_score_probabilities"):
        side = found["do".index(row["par"])]
        side.setdefault(int(row["score"]), []).append((float(row["p_cum"]), float(row["prob"])))
    return [{score: Chance(*np.array(points).T) for score, points in side.items()} for side in found]


def _rows(shared: Path, name: str) -> list[dict[str, str]]:
    with (shared / "data" / "lists" / "mse" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _band(cause: str, found: Band) -> Iterator[Figure]:
    low, high = RECORDED[cause]
    recorded = f"{low:,} to {high:,} ({high / low:.1f} times), recorded"
    for method in found.methods:
        least, most = found.ends(method)
        stand = sum(not e.refused for cell in found.estimates.values() for e in cell if e.method == method)
        note = f"{most:,.0f} over {least:,.0f}; {stand} of {len(found.estimates)} stand"
        yield Figure(f"{cause}, {method}: greatest over least", most / least, reach=recorded, note=note)
    codes = ", ".join(each.code for each in found.refused) or "none"
    yield Figure(f"{cause}: reasons against a number", len(found.refused), reach="linkage_first", note=codes)


def _drawn(cause: str, tables: dict[tuple[int, ...], Overlaps], shared: Path) -> Iterator[Figure]:
    drawn = between(tables, chances(shared), DRAWS, 1)
    said = assess_across({draw: {"": table} for draw, table in drawn.items()}, 1, chosen=ASKED)
    cells = {
        Under(*draw, estimate.method): estimate.draws
        for draw, table in drawn.items()
        for each in ASKED
        if (estimate := each.estimate(table, 1)).draws is not None
    }
    found = mix(cells)
    shares = found.shares
    codes = ", ".join(each.code for each in said.refused)
    note = (
        f"{'refused: ' + codes if said.refused else 'stated'}; shares: within {shares.within:.2f}, "
        f"linkages {shares.linkages:.2f}, models {shares.models:.2f}, together {shares.together:.2f}"
    )
    people = sorted(said.documented.values())
    yield Figure(f"{cause}, drawn linkages: all", found.middle, found.low, found.high, DRAWS, note=note)
    yield Figure(
        f"{cause}, drawn linkages: documented", float(np.median(people)), people[2], people[-3], DRAWS
    )
