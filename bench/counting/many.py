"""Two hundred strata of eight chains each, as one list of jobs over the threads, and whether time is linear.

The strata are years of a table of recruitment, again and again, each with seeds of its own.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bench.counting.latent import RECRUITMENT
from bench.counting.shared import strata
from bench.figures import Figure
from holdfire.counting.diagnosing import rhat
from holdfire.counting.latent.sampler import Job, chains, run


def measure(shared: Path) -> Iterator[Figure]:
    """Yield the time of 50 and of 200 strata, and of how many the chains agree."""
    years = strata(shared, RECRUITMENT, "yy_hecho")
    tables = [table.usable(2) for table in years.values() if len(table.usable(2).lists) >= 3]
    many = [tables[k % len(tables)] for k in range(200)]
    for count in (50, 200):
        jobs = [
            job
            for k, table in enumerate(many[:count])
            for job in chains(Job(table, (k,), 15, 500, 1500), 8, 1)
        ]
        started, spent = time.perf_counter(), time.process_time()
        found = run(jobs)
        took = time.perf_counter() - started
        sure = [
            rhat(np.log([chain.total for chain in found[k : k + 8]])) <= 1.05 for k in range(0, len(found), 8)
        ]
        yield Figure(
            f"{count} strata, 8 chains each [s]", took, count=count, reach="300" if count == 200 else "",
            note=f"{time.process_time() - spent:.0f} CPU-s; R-hat at most 1.05 in {sum(sure)}",
        )  # fmt: skip
