"""One model of all strata, on strata that we made and on two tables with labels.

Made strata: three lists, two kinds of people a step of 1 apart in log odds, strata that differ as the model
says, 80 to 500 people each, and a place that is left unsaid for 8 % of those on the first list and 55 % of
the others: at random given the lists. Beside it stand the same without the people whose place is not said,
which is the control, and each stratum alone by latent classes.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bench.figures import Figure, share
from holdfire.counting.hierarchical import Hierarchical, Labelled
from holdfire.counting.latent.estimator import LatentClass
from holdfire.counting.overlaps import Overlaps

SEEDS = 20
"""Made tables."""
STRATA = 6
FIRST, OTHERS = 0.08, 0.55
"""Share whose place is not said, of those on the first list and of the others."""
ASKED = Hierarchical(warm=500, draws=500)
REAL = (
    ("sudan_khartoum_3lists_d3o3_by_month_sex_age_cause", ("gender", "age_cat"), ()),
    ("sudan_khartoum_3lists_d3o3_by_month_sex_age_cause", ("ym", "gender"), ("ym",)),
    ("scotland_pwid_4lists_by_region_sex_age", ("Region", "Gender", "Age"), ()),
)


def made(seed: int) -> tuple[Labelled, dict[tuple[str, ...], Overlaps], dict[tuple[str, ...], int]]:
    """Return a table with places unsaid, the true table of each place, and its true number of people."""
    draw = np.random.default_rng(seed)
    lists = ("a", "b", "c")
    base = draw.normal(-0.7, 0.4, 3)
    rows: dict[tuple[str | None, int], int] = {}
    alone, truth = {}, {}
    for number in range(STRATA):
        name = f"place {number}"
        people = round(200 * float(np.exp(draw.normal(0, 0.5))))
        reach = base + draw.normal(0, 0.2) + draw.normal(0, 0.2, 3)
        kind = np.where(draw.random(people) < 0.5, 0.5, -0.5)
        on = draw.random((people, 3)) < 1 / (1 + np.exp(-(reach + kind[:, None])))
        unsaid = draw.random(people) < np.where(on[:, 0], FIRST, OTHERS)
        truth[name,], alone[name,] = people, Overlaps.of_people(lists, on)
        for pattern, silent in zip(on @ (1 << np.arange(3)), unsaid, strict=True):
            if pattern:
                key = (None if silent else name, int(pattern))
                rows[key] = rows.get(key, 0) + 1
    table = Labelled.of(lists, ("place",), [((place,), p, n) for (place, p), n in rows.items()])
    return table, alone, truth


def measure(shared: Path) -> Iterator[Figure]:
    """Yield figures of made strata, then of tables with labels."""
    yield from _made()
    for name, columns, ordered in REAL:
        table = _table(shared, name, columns, ordered)
        before = time.process_time()
        whole = ASKED.by_stratum(table, 1).whole
        took = time.process_time() - before
        why = ", ".join(reason.code for reason in whole.refused) or "stands"
        note = f"{len(table.strata)} strata, {table.unsure} of stratum not known; {why}; {took:.0f} CPU s"
        label = f"{name} by {', '.join(columns)}"
        yield Figure(label, whole.middle, whole.low, whole.high, whole.documented, "", note)


def _made() -> Iterator[Figure]:
    held, whole_held, ratio, control, pooled, apart, good = [], [], [], [], [], [], []
    for seed in range(SEEDS):
        table, alone, truth = made(seed)
        found, without = ASKED.by_stratum(table, seed), ASKED.by_stratum(table.only_known(), seed)
        total = sum(truth.values())
        whole_held.append(found.whole.low <= total <= found.whole.high)
        good.append(not found.whole.refused)
        ratio.append(float(np.log(found.whole.middle / total)))
        control.append(float(np.log(without.whole.middle / total)))
        separate = LatentClass(chains=4, escalate=False).estimates(list(alone.values()), seed)
        held += [each.low <= truth[name] <= each.high for name, each in found.strata.items()]
        # Those alone cannot take people of unknown place, so this is asked where every place is said.
        said = ASKED.by_stratum(_said(alone), seed)
        for (name, each), one in zip(said.strata.items(), separate, strict=True):
            pooled.append(float(np.log(each.middle / truth[name])))
            apart.append(float(np.log(one.middle / truth[name])))
    yield share("whole: 95 % interval holds the truth", whole_held, "at least 95 % less noise")
    yield share("strata: 95 % interval holds the truth", held, "at least 95 % less noise")
    yield share("whole: not refused", good)
    yield Figure("whole: median over the truth", _mean(ratio), count=SEEDS, reach="about 1")
    yield Figure(
        "whole, those of unknown place left out: the same", _mean(control), count=SEEDS, reach="well below 1"
    )
    note = "every place said"
    yield Figure(
        "strata: root mean square error of the logarithm", _error(pooled), count=len(pooled), note=note
    )
    yield Figure("strata alone, latent classes: the same", _error(apart), count=len(apart), note=note)


def _said(alone: dict[tuple[str, ...], Overlaps]) -> Labelled:
    """Return the table in which every place is said."""
    rows = [
        (name, int(pattern), int(people))
        for name, table in alone.items()
        for pattern, people in zip(table.patterns, table.counts, strict=True)
    ]
    return Labelled.of(next(iter(alone.values())).lists, ("place",), rows)


def _mean(logs: list[float]) -> float:
    return float(np.exp(np.mean(logs)))


def _error(logs: list[float]) -> float:
    return float(np.sqrt(np.mean(np.square(logs))))


def _table(shared: Path, name: str, columns: tuple[str, ...], ordered: tuple[str, ...]) -> Labelled:
    with (shared / "data" / "lists" / "mse" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lists = [column for column in rows[0] if {row[column] for row in rows} <= {"0", "1"}]
    return Labelled.of(
        lists,
        columns,
        [
            (
                [None if row[c] == "missing" else row[c] for c in columns],
                sum(int(row[name]) << j for j, name in enumerate(lists)),
                int(row["n"]),
            )
            for row in rows
        ],
        ordered=ordered,
    )
