"""The latent-class sampler beside figures of LCMCR 0.4.14, which were recorded and are not run here.

Effective draws are bulk ones of the number of people, by arviz-stats, over all chains and all the time they
took, warm-up among it. The recorded ones of LCMCR are coda's, so the two compare loosely. A sweep is what
LCMCR calls an iteration; ours makes one after each path along the slope, which is what draws anew.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from bench.counting.shared import overlaps, strata
from bench.figures import Figure
from holdfire.compiling import compiled
from holdfire.counting.diagnosing import ess, rhat
from holdfire.counting.estimate import Estimate
from holdfire.counting.latent.estimator import LatentClass
from holdfire.counting.latent.room import Point, work
from holdfire.counting.latent.sampler import Job, chains, run
from holdfire.counting.latent.tree import cells
from holdfire.counting.overlaps import Overlaps

KOSOVO = "kosovo_1999_4lists"
RECRUITMENT = "colombia_recruitment_R1_34lists_by_year_sex_ethnicity"
PUBLISHED = {
    KOSOVO: "10,420 (8,980 to 13,900), recorded: LCMCR, two chains of 5 million",
    "uk_slavery_2013_4lists": "11,982 (9,384 to 14,600), recorded: LCMCR, R-hat 1.014",
    "uk_slavery_2013_5lists": "21,516 (11,715 to 33,570), recorded: LCMCR, R-hat 1.19",
    "uk_slavery_2013_6lists": "22,247 (13,121 to 33,727), recorded: LCMCR, R-hat 1.05",
    "netherlands_trafficking_5lists": "49,221 (41,241 to 157,498), recorded: LCMCR, R-hat 1.33",
    "new_orleans_5lists": "834 (570 to 1,366), recorded: LCMCR",
    "western_us_5lists": "1,834 (1,304 to 3,008), recorded: LCMCR",
    "australia_slavery_4lists": "4,148 (2,191 to 7,979), recorded: LCMCR",
    "philippines_manila_police": "575 (534 to 639), published",
    "philippines_manila_unidentified": "",
    "philippines_quezon_police": "",
    "philippines_quezon_unidentified": "",
}


def measure(shared: Path) -> Iterator[Figure]:
    """Yield effective draws for the time, then each table."""
    yield from _kosovo(overlaps(shared, KOSOVO))
    yield from _sweeps(overlaps(shared, KOSOVO), 10, "0.115 of LCMCR, recorded; half of it is the aim")
    years = strata(shared, RECRUITMENT, "yy_hecho")
    for year in ("2002", "2003"):
        aim = "0.43 to 0.96 of LCMCR, recorded; half of it is the aim"
        yield from _sweeps(years[year], 15, aim, f"recruitment {year}")
    for year, recorded in (("2002", "R-hat 1.80"), ("2003", "1,673 / 3,070 / 3,087 / 3,094")):
        yield from _table(f"recruitment {year}", years[year], f"{recorded}, recorded: LCMCR")
    for name, said in PUBLISHED.items():
        yield from _table(name, overlaps(shared, name), said)


def _kosovo(table: Overlaps) -> Iterator[Figure]:
    job = Job(table, (1,), 10, 500, 4000)
    run([replace(job, warm=2, draws=2)], 1)
    started = time.process_time()
    found = run(chains(job, 8, 1))
    took = time.process_time() - started
    total = np.log([chain.total for chain in found])
    draws = ess(total)
    yield Figure("kosovo: R-hat", rhat(total), reach="1.01 at most")
    yield Figure("kosovo: effective draws, bulk", draws, reach="3,000", note=f"in {took:.1f} CPU-s")
    yield Figure(
        "kosovo: effective draws a CPU-s", draws / took, reach="250", note="LCMCR 56 to 62, recorded"
    )
    yield Figure("kosovo: effective draws, tail", ess(total, 0.95))


def _sweeps(table: Overlaps, classes: int, aim: str, name: str = "kosovo") -> Iterator[Figure]:
    loops, t, lists = compiled("holdfire.counting.latent.dealing"), cells(table), len(table.lists)
    rng, w = np.random.default_rng(1), work(classes, lists, len(t.people))
    p, q = (Point(np.zeros(classes), np.zeros((lists, classes)), np.ones(1)) for _ in range(2))
    compiled("holdfire.counting.latent.moves").scatter(rng, p, w)
    loops.sweeps(rng, p, q, t, w, 2000)
    started = time.process_time()
    loops.sweeps(rng, p, q, t, w, 10_000)
    yield Figure(
        f"{name}: 10,000 sweeps of {classes} classes [CPU-s]", time.process_time() - started, reach=aim
    )


def _table(name: str, table: Overlaps, said: str) -> Iterator[Figure]:
    started = time.process_time()
    found = LatentClass().estimate(table.usable(2), 1)
    took = time.process_time() - started
    heights = "; ".join(f"{m.total:,.0f} ({m.weight:.2f})" for m in found.models)
    steps = found.settings["steps"]
    why = ", ".join(reason.code for reason in found.refused) or "stands"
    yield Figure(
        name, found.middle, found.low, found.high, table.documented, said,
        f"{why}; R-hat {_check(found, 'rhat'):.3f}, tail {_check(found, 'ess_tail'):,.0f}; modes {heights};"
        f" {', '.join(steps) if isinstance(steps, tuple) else steps}, {took:.0f} CPU-s",
    )  # fmt: skip


def _check(found: Estimate, name: str) -> float:
    return next(check.value for check in found.checks if check.name == name)
