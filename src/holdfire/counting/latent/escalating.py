"""How long a table is sampled: plain chains, longer ones while that pays, a ladder of heats, then a stop.

Effective draws grow about as chains do. So chains are made four times longer where four times the effective
draws would do, and not where they would not: chains that stay each in its own mode never agree by waiting.
Those go to a ladder of heats. What still disagrees is stopped, and the estimate says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from holdfire.counting.diagnosing import GOOD_RHAT, LEAST_DRAWS, RHAT, ess, rhat
from holdfire.counting.estimate import Reason
from holdfire.counting.latent.sampler import Chain, Job, chains, ladder, run

STEP = 4
"""How much longer chains are made at once."""
MOST = 16
"""How much longer at most."""
HOT_LEAPS = 10
"""Leaps of a path on a ladder, where rungs are many: half of what a plain chain makes."""


def settled(
    job: Job,
    found: list[Chain],
    seed: int,
    level: float,
    threads: int = 0,
    done: Callable[[], None] | None = None,
) -> tuple[Job, list[Chain], tuple[str, ...]]:
    """Go on with a table until its chains agree or going on does not pay.

    Args:
        job: What was run.
        found: Its chains.
        seed: Of all.
        level: Of the interval whose ends are looked at.
        threads: Threads.
        done: Called as each chain is done.

    Returns:
        What was run last, what came of it, and the steps that led there: `plain`, `longer`, `tempered`.
    """
    steps = ["plain"]
    count = len(found)
    while not good(found, level):
        first = steps == ["plain"]
        if job.every * STEP <= MOST and (first or _near(found) or pays(found)):
            job = replace(job, every=job.every * STEP, warm=job.warm * (STEP if job.every == 1 else 1))
            steps.append("longer")
        elif len(job.heats) == 1 and not _near(found):
            job = replace(job, every=1, warm=job.warm // STEP, leaps=HOT_LEAPS)
            heats, _ = ladder(job.table, job, threads=threads)
            job = replace(job, heats=tuple(heats))
            steps.append("tempered")
        else:
            break
        found = run(chains(job, count, seed + len(steps)), threads, done)
    return job, found, tuple(steps)


def good(found: Sequence[Chain], level: float) -> bool:
    """Return whether chains agree as well as is aimed at, with draws enough of the middle and of the ends."""
    logs = np.log([chain.total for chain in found])
    return differ(found) <= GOOD_RHAT and min(ess(logs), ess(logs, level)) >= LEAST_DRAWS


def differ(found: Sequence[Chain]) -> float:
    """Return how far chains differ in people or in how well they fit, whichever is more (R-hat)."""
    return max(rhat(logs) for logs in _traces(found))


def pays(found: Sequence[Chain]) -> bool:
    """Return whether draws enough are to be expected of chains that much longer, or half of them.

    So few effective draws are known to a factor of two at best, and a ladder is dearer than a try.
    """
    return 2 * STEP * min(ess(logs) for logs in _traces(found)) >= LEAST_DRAWS


def stopped(job: Job, found: Sequence[Chain]) -> tuple[Reason, ...]:
    """Return that sampling was stopped with chains that differ, if it was."""
    most = differ(found)
    if most <= RHAT:
        return ()
    return (Reason("stopped", {"rhat": most, "iterations": job.warm + job.draws * job.every}),)


def _near(found: Sequence[Chain]) -> bool:
    return differ(found) <= RHAT


def _traces(found: Sequence[Chain]) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.float64]], ...]:
    return np.log([chain.total for chain in found]), np.array([chain.likelihood for chain in found])
