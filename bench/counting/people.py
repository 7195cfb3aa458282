"""People of made-up lists, linked by names as lists write them: how often what is said holds the truth.

Four lists that depend on place, time and each other, of a country whose dead are known. Linkages are drawn as
`holdfire count` draws them, and all its estimators are mixed over all. Beside them the same with the true
links: what is missed there is the methods' doing, not the links'. Last, without latent classes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from bench.figures import Figure, share
from bench.fusing.listed import Listed, read
from holdfire.counting.across import Across, Draw, assess_across
from holdfire.counting.estimate import Estimator
from holdfire.counting.graphs import DecomposableGraphs
from holdfire.counting.loglinear import LogLinear
from holdfire.counting.membership import Sheet, grouped, strata
from holdfire.counting.overlaps import Overlaps
from holdfire.engine import Engine
from holdfire.peopling import partition
from holdfire.records.link import Settled
from holdfire.worlds.lists import four_lists
from holdfire.worlds.lists_plan import FOUR

QUICK = (DecomposableGraphs(draws=400), LogLinear(draws=400))
"""Estimators that know of no people who are seldom on any list."""
ENTRIES, SEEDS, DRAWS = 2500, 12, 10
NAMES = tuple(plan.name for plan in FOUR)


def measure(shared: Path) -> Iterator[Figure]:
    """Yield how often the span of documented people and the interval of all hold the truth."""
    listed: list[bool] = []
    off: list[float] = []
    asked: dict[str, tuple[bool, Sequence[Estimator] | None]] = {
        "drawn links": (True, None),
        "true links": (False, None),
        "drawn links, no latent classes": (True, QUICK),
    }
    held: dict[str, list[bool]] = {name: [] for name in asked}
    refused = dict.fromkeys(held, 0)
    for seed in range(1, SEEDS + 1):
        people, true, drawn = world(seed)
        documented = [table.documented for table in drawn]
        low, middle, high = np.quantile(documented, [0.025, 0.5, 0.975])
        listed.append(bool(low <= true.documented <= high))
        off.append(float(middle) / true.documented - 1)
        for name, (is_drawn, chosen) in asked.items():
            stated = said(drawn if is_drawn else [true], chosen).stated
            if stated is None:
                refused[name] += 1
            else:
                held[name].append(stated.low <= people <= stated.high)
    yield share("documented: the span over drawn linkages holds the number on lists", listed)
    worst = f"{min(off):+.1%} to {max(off):+.1%}"
    yield Figure("documented: middle over the truth, mean", 1 + float(np.mean(off)), count=SEEDS, note=worst)
    for name, found in held.items():
        yield share(
            f"in all, {name}: 95 % intervals hold the truth", found, "0.93", f"{refused[name]} refused"
        )


def world(seed: int, entries: int = ENTRIES, draws: int = DRAWS) -> tuple[int, Overlaps, list[Overlaps]]:
    """Return how many died, who was on which lists in truth, and under each drawn linkage."""
    with tempfile.TemporaryDirectory() as folder:
        made = four_lists(entries, seed, Path(folder), FOUR)
        listed: Listed = read(Path(folder), FOUR)
    lists = np.asarray(listed.source, np.int64)
    ids = pa.array([f"e-{at:016x}" for at in range(len(lists))])
    deaths = listed.entries.append_column("entry_id", ids)
    engine = Engine(threads=1, memory=1000)
    groups = partition(deaths, lists, listed.behaviour, Settled({}), engine, draws=draws)
    true = np.asarray(listed.person, np.int64)
    return made.people, table(lists, true), [table(lists, each) for each in groups]


def table(lists: npt.NDArray[np.int64], groups: npt.NDArray[np.int64]) -> Overlaps:
    """Return who is on which lists under one partition."""
    sheet = Sheet(NAMES, lists, {}, {})
    return strata(sheet, grouped(sheet, groups), ()).tables[""]


def said(tables: list[Overlaps], chosen: Sequence[Estimator] | None = None) -> Across:
    """Return what tables of several linkages allow to be said; by all our estimators, unless told which."""
    return assess_across({Draw(0, at): {"": each} for at, each in enumerate(tables)}, 1, chosen=chosen)
