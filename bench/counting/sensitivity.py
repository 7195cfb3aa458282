"""Each list as a population of known size: how often the other lists' interval holds it, by estimator.

Recorded, of Binette and Steorts 2022, their tables: LCMCR 60 %, dga 80 %, independence 88 %, SparseMSE 90 %.
Theirs and ours are not the same tables, and lists of one table are not independent: read them with care.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.counting.shared import overlaps
from bench.figures import Figure, share
from holdfire.counting.assessing import assess_all
from holdfire.counting.estimate import Estimator
from holdfire.counting.graphs import DecomposableGraphs
from holdfire.counting.latent.estimator import LatentClass, seldom
from holdfire.counting.loglinear import LogLinear
from holdfire.counting.overlaps import Overlaps
from holdfire.counting.refusing import of_table
from holdfire.counting.sensitivity import (
    HighestInteraction,
    Predicted,
    inside,
    of_three,
    predict_each,
    without_each,
)

TABLES = (
    "kosovo_1999_4lists",
    "uk_slavery_2013_4lists",
    "uk_slavery_2013_5lists",
    "netherlands_trafficking_5lists",
    "new_orleans_5lists",
    "western_us_5lists",
    "australia_slavery_4lists",
    "madigan_york_5lists",
    "hiv_rome_4lists",
    "lesbian_allegheny_4lists",
)
ESTIMATORS: dict[str, tuple[Estimator, str]] = {
    "decomposable graphs": (DecomposableGraphs(draws=0, shown=0), "dga 80 %, recorded, other tables"),
    "log-linear, weighed": (LogLinear(draws=0), ""),
    "log-linear, stepwise": (
        LogLinear(draws=0, select="stepwise", tables=200),
        "SparseMSE 90 %, recorded, other tables",
    ),
}


def measure(shared: Path) -> Iterator[Figure]:
    """Yield the share held by each estimator, of all lists and of those where nothing speaks against it."""
    tables = {name: overlaps(shared, name) for name in TABLES}
    for name, (estimator, reach) in ESTIMATORS.items():
        found = [
            (each, within is not None and not of_table(within))
            for table in tables.values()
            for j, each in enumerate(predict_each(estimator, table, 1))
            for within in [inside(table, j)]
        ]
        told = [each for each, _ in found if each.estimate is not None]
        yield share(f"{name}: holds the size of a list", [each.held for each in told], reach)
        stands = [each for each, fine in found if each.stands and fine]
        yield share(
            f"{name}: of those not refused", [each.held for each in stands], "0.93 or more", _missed(stands)
        )
    yield from _as_stated(tables)
    for name in ("kosovo_1999_4lists", "uk_slavery_2013_5lists"):
        for each in without_each(DecomposableGraphs(draws=0, shown=0), tables[name], 1):
            if each.estimate is not None:
                e = each.estimate
                yield Figure(f"{name} without {each.list}", e.middle, e.low, e.high, e.documented)
    gaza = overlaps(shared, "gaza_2024_3lists_reported")
    e = HighestInteraction().estimate(gaza, 1)
    yield Figure(
        "Gaza, no term of all lists", e.middle, e.low, e.high, e.documented, "64,696 by counts alone"
    )


def _as_stated(tables: dict[str, Overlaps]) -> Iterator[Figure]:
    """Yield how often what is stated of the people of each list, by the others, holds their number."""
    short = {"draws": 600, "warm": 300, "escalate": False}
    asked = (of_three(), LatentClass(**short), seldom(**short), DecomposableGraphs(), LogLinear())  # type: ignore[arg-type]
    lists = [(name, j) for name, table in tables.items() for j in range(len(table.lists))]
    known = {f"{name} {j}": int(tables[name].sizes[j]) for name, j in lists}
    alone = {f"{name} {j}": inside(tables[name], j) for name, j in lists}
    found = assess_all({at: each for at, each in alone.items() if each is not None}, 1, chosen=asked)
    for three, what in ((True, "by three others, as a range of models"), (False, "by four others")):
        said = {
            at: each.stated
            for at, each in found.items()
            if each.stated is not None and (len(each.used.lists) == 3) == three
        }
        held = [each.low <= known[at] <= each.high for at, each in said.items()]
        missed = ", ".join(
            f"{at} {each.low / known[at]:.2f}–{each.high / known[at]:.2f}"
            for at, each in said.items()
            if not each.low <= known[at] <= each.high
        )
        yield share(f"a list of known size, {what}: what is stated holds it", held, "0.93", missed)
    refused = sum(each.stated is None for each in found.values())
    yield Figure(
        "lists of known size of which nothing is stated",
        refused,
        count=len(lists),
        note="mostly: little overlap",
    )


def _missed(stands: list[Predicted]) -> str:
    """Return how far off those are that do not hold it."""
    off = [each.estimate.middle / each.known for each in stands if each.estimate and not each.held]
    return "missed: " + ", ".join(f"{each:.2f}" for each in sorted(off)) if off else ""
