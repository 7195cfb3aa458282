"""Chains of the latent-class sampler, as one list of jobs over threads; each job has its own randomness.

A job is one chain of one table. Its draws depend on its seed alone, so any number of threads gives the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.random import default_rng

from holdfire.compiling import compiled
from holdfire.counting.latent.chain import Kept, Ladder
from holdfire.counting.latent.room import Point, work
from holdfire.counting.latent.tree import cells
from holdfire.counting.overlaps import Overlaps

Array = npt.NDArray[Any]
_HERE = "holdfire.counting.latent."


@dataclass(frozen=True)
class Job:
    """One chain of one table.

    Attributes:
        table: Who was on which lists.
        seed: Its own, whatever else runs.
        classes: Most classes.
        warm: Iterations before draws count, in which step lengths are fitted.
        draws: Draws that count.
        every: Iterations between them.
        leaps: Leaps of a path, on average.
        tries: Fits from which it begins at one; 0: it begins at a draw from the prior.
        heats: Power of the likelihood on each rung, rising to 1.
        prior: Shapes of the beta prior of each chance to be on a list, on and off.
    """

    table: Overlaps
    seed: tuple[int, ...]
    classes: int
    warm: int
    draws: int
    every: int = 1
    leaps: int = 20
    tries: int = 32
    heats: tuple[float, ...] = (1.0,)
    prior: tuple[float, float] = (1.0, 1.0)


@dataclass(frozen=True)
class Chain:
    """What came of a job.

    Attributes:
        total: People in all, draw by draw (draws,).
        likelihood: Log likelihood of each draw (draws,).
        classes: Classes that hold a documented person (draws,).
        refused: Share of trades refused between each two neighbouring rungs.
        trips: Points that came all the way from the prior.
        above: How often a table drawn from a draw has more people than the one at hand, ties by half: of each
            pair of lists, of each list on the diagonal, and in the last row, first, of those on one list only
            (lists + 1, lists).
    """

    total: Array
    likelihood: Array
    classes: Array
    refused: Array
    trips: int
    above: Array


def run(jobs: Iterable[Job], threads: int = 0, done: Callable[[], None] | None = None) -> list[Chain]:
    """Run jobs, and return what came of each, in their order.

    Args:
        jobs: Chains to run.
        threads: How many at once; 0: as many as the machine has processors.
        done: Called as each is done.
    """
    listed = list(jobs)
    for name in ("starts", "chain"):  # compiled by one thread, before there are many
        compiled(_HERE + name)

    def one(job: Job) -> Chain:
        found = _walk(job)
        if done:
            done()
        return found

    if threads == 1 or len(listed) == 1:
        return [one(job) for job in listed]
    with ThreadPoolExecutor(threads or None) as pool:
        return list(pool.map(one, listed))


def _walk(job: Job) -> Chain:
    moves, starts = compiled(_HERE + "chain"), compiled(_HERE + "starts")
    table = cells(job.table)
    lists, classes, rungs = len(job.table.lists), job.classes, len(job.heats)
    rng = default_rng(job.seed)
    room = work(classes, lists, len(table.people), job.prior)
    ladder = Ladder(
        np.array(job.heats),
        np.full(rungs, 0.05),
        np.zeros((rungs, classes)),
        np.zeros((rungs, lists, classes)),
        np.ones((rungs, 1)),
        np.zeros(max(rungs - 1, 1)),
        np.zeros(max(rungs - 1, 1)),
        np.full(rungs, classes, np.int64),
        np.zeros(classes, np.int64),
        np.full(rungs, -1, np.int64),
        np.zeros(1, np.int64),
    )
    scores, found = np.full(max(job.tries, 1), np.nan), np.zeros((max(job.tries, 1), classes, lists + 1))
    for r in range(rungs):
        point = Point(ladder.y[r], ladder.x[r], ladder.a[r])
        if job.tries and job.heats[r] == 1.0:
            starts.seek(rng, point, table, room, job.tries, scores, found)
        else:
            moves.scatter(rng, point, room)
    one, other = (Point(np.zeros(classes), np.zeros((lists, classes)), np.ones(1)) for _ in range(2))
    given, fallen = (rng, ladder, table, one, other, room), np.zeros(rungs)
    turn = 0
    for part, share in enumerate(
        (4, 4, 2)
    ):  # to settle, to see which classes hold anyone, to fit steps to those
        ladder.last[:] = 0
        warm = job.warm // share if part < 2 else job.warm - turn
        moves.walk(*given, fallen, 1, job.leaps, turn, True, _kept(warm, lists))
        turn += warm
        if part == 1:
            moves.fewer(ladder)
    for counted in (ladder.refused, ladder.trades, ladder.trips):
        counted[:] = 0
    kept = _kept(job.draws, lists)
    moves.walk(*given, fallen, job.every, job.leaps, job.warm, False, kept)
    return Chain(
        kept.total,
        kept.likelihood,
        kept.classes,
        refused=ladder.refused / np.maximum(ladder.trades, 1.0),
        trips=int(ladder.trips[0]),
        above=kept.above / max(1, job.draws),
    )


def _kept(draws: int, lists: int) -> Kept:
    total, likelihood, classes = np.zeros((3, draws))
    return Kept(total, likelihood, classes, np.zeros((lists + 1, lists)))


def chains(job: Job, count: int, seed: int) -> list[Job]:
    """Return a job for each of so many chains of one table, each with a seed of its own."""
    return [replace(job, seed=(seed, *job.seed, chain)) for chain in range(count)]


def ladder(table: Overlaps, job: Job, rounds: int = 4, threads: int = 0) -> tuple[Sequence[float], float]:
    """Return heats between which about half of all trades are refused, and the barrier they climb.

    Pilot chains measure how often neighbours refuse; heats are laid so that each pair refuses as often (Syed,
    S. et al. 2022, JRSS B 84(2)). The barrier is the sum of refusals: a sampler's round trip takes time that
    grows with it.
    """
    heats = np.concatenate([[0.0], np.geomspace(1.0 / table.documented, 1.0, 29)])
    barrier = 0.0
    for turn in range(rounds):
        length = 150 * (turn + 1)
        pilots = [
            replace(job, heats=tuple(heats), warm=length, draws=length, seed=(*job.seed, turn, n))
            for n in range(2)
        ]
        refused = np.mean([chain.refused for chain in run(pilots, threads)], axis=0)
        climbed = np.concatenate([[0.0], np.cumsum(refused)])
        barrier = float(climbed[-1])
        heats = np.interp(np.linspace(0.0, barrier, max(4, int(np.ceil(2.2 * barrier)) + 1)), climbed, heats)
        heats[0], heats[-1] = 0.0, 1.0
    return tuple(float(heat) for heat in heats), barrier
