"""Log-linear models beside figures of SparseMSE 2.0.1 and Rcapture 1.4-4, recorded and not run here.

SparseMSE's intervals had 50 to 100 bootstrap tables of as many people as are documented; ours draw as many as
were estimated, so who turns up at all varies too, and are a little wider: coverage is counted at the end.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bench.counting.shared import overlaps
from bench.figures import Figure, share
from holdfire.counting.loglinear import LogLinear, LowerBound
from holdfire.counting.loglinear.models import parse
from holdfire.counting.loglinear.selecting import fits
from holdfire.counting.overlaps import Overlaps

STEPWISE = {
    "kosovo_1999_4lists": (14342, 12724, 16847),
    "uk_slavery_2013_4lists": (11015, 9022, 13423),
    "uk_slavery_2013_5lists": (11313, 9566, 15478),
    "uk_slavery_2013_6lists": (11418, 10191, 22679),
    "netherlands_trafficking_5lists": (121522, 45321, 157682),
    "new_orleans_5lists": (1034, 601, 1836),
    "western_us_5lists": (2483, 1551, 3409),
    "australia_slavery_4lists": (6496, 1767, 16669),
}
"""Estimate and BCa interval of SparseMSE 2.0.1 at its threshold of 0.02."""
KOSOVO = "[EXH·ABA·OSCE][EXH·HRW][OSCE·HRW]"
SEEDS = 200
PEOPLE = 1000


def measure(shared: Path) -> Iterator[Figure]:
    """Yield published figures, stepwise choice, weighed models, and how often intervals hold the truth."""
    yield from _published(shared)
    for name, (value, low, high) in STEPWISE.items():
        table = overlaps(shared, name)
        before = time.process_time()
        found = LogLinear(select="stepwise").estimate(table, 1)
        took = time.process_time() - before
        reach = f"{value:,} ({low:,} to {high:,}), recorded"
        note = f"{took:.1f} CPU s, 500 tables"
        yield Figure(f"{name}: stepwise", found.middle, found.low, found.high, table.documented, reach, note)
    for name in STEPWISE:
        table = overlaps(shared, name)
        if len(table.lists) <= 5:
            yield _weighed(name, table)
        bound = LowerBound().estimate(table, 1)
        yield Figure(f"{name}: at least", bound.middle, bound.low, bound.high, table.documented)
    yield from _coverage()


def _published(shared: Path) -> Iterator[Figure]:
    table = overlaps(shared, "kosovo_1999_4lists")
    [found], _ = fits(table.cube().astype(float), [parse(KOSOVO, table.lists)])
    yield Figure(
        f"Kosovo {KOSOVO}", found.total, count=table.documented, reach="10,356.5, se 786; published 10,356",
        note=f"{found.total:.1f}, se {found.error:.0f}",
    )  # fmt: skip
    best = sorted(LogLinear(draws=0).estimate(table, 1).models, key=lambda each: each.facts["bic"])[:6]  # type: ignore[arg-type,return-value]
    yield Figure(
        "Kosovo, six lowest BIC of 113", best[0].total, count=113,
        reach="10.4k 12.7k 18.4k 9.8k 19.2k 12.8k, recorded",
        note=" ".join(f"{each.total / 1000:.1f}k" for each in best),
    )  # fmt: skip
    gaza = overlaps(shared, "gaza_2024_3lists_reported")
    every = {each.name: each.total for each in LogLinear(draws=0).estimate(gaza, 1).models}
    yield Figure(
        "Gaza, no three-way term", every["[list1·list2][list1·list3][list2·list3]"],
        min(every.values()), max(every.values()), gaza.documented,
        "64,696 (50.6k to 79.7k); published 64,260", "range of all eight models",
    )  # fmt: skip
    artificial = LogLinear(draws=0).estimate(overlaps(shared, "artificial_3lists_nonidentified"), 1)
    yield Figure(
        "artificial three lists: reasons to refuse", len(artificial.refused), reach="refused",
        note=", ".join(each.code for each in artificial.refused),
    )  # fmt: skip


def _weighed(name: str, table: Overlaps) -> Figure:
    before = time.process_time()
    found = LogLinear().estimate(table, 1)
    took = time.process_time() - before
    note = f"{took:.1f} CPU s, {len(found.models)} models" + "".join(f", {r.code}" for r in found.refused)
    return Figure(f"{name}: weighed by BIC", found.middle, found.low, found.high, table.documented, "", note)


def _coverage() -> Iterator[Figure]:
    """Yield how often intervals hold the truth where the second list follows the first."""
    ways = {
        "models weighed by BIC": LogLinear(draws=0),
        "models weighed by AICc": LogLinear(draws=0, select="aicc"),
        "stepwise, chosen again": LogLinear(draws=0, select="stepwise", tables=200),
        "independence, which is wrong": LogLinear(draws=0, model="[A][B][C][D]"),
    }
    for name, estimator in ways.items():
        found = [estimator.estimate(_population(seed), 1) for seed in range(SEEDS)]
        width = float(np.median([each.high - each.low for each in found])) / PEOPLE
        reach = "fails, a control" if "wrong" in name else "0.93 or more"
        held = [each.low <= PEOPLE <= each.high for each in found]
        yield share(f"95 % interval holds the truth: {name}", held, reach, f"width {width:.2f} of the truth")


def _population(seed: int) -> Overlaps:
    chance = np.random.default_rng(seed)
    on = chance.random((PEOPLE, 4)) < np.array([0.3, 0.2, 0.25, 0.3])
    on[:, 1] = np.where(on[:, 0], chance.random(PEOPLE) < 0.5, on[:, 1])
    return Overlaps.of_people("ABCD", on)
