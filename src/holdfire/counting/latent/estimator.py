"""The latent-class estimator: plain chains first, longer ones if need be, a ladder where they disagree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from holdfire.counting.diagnosing import FITS, checks, modes
from holdfire.counting.estimate import LEVEL, Check, Estimate, Model, Reason, interval
from holdfire.counting.latent.escalating import settled, stopped
from holdfire.counting.latent.sampler import Chain, Job, chains, run
from holdfire.counting.overlaps import Overlaps
from holdfire.counting.refusing import LATENT, SELDOM, of_draws, taken
from holdfire.digests import digest

RARELY = (0.8, 1.0)
"""Beta prior that leans a little to small chances; beta(0.5, 1) went below Chao's bound on Kosovo."""
CAP = 21.0
"""People in all for each documented one past which the reference sampler silently drops a draw."""


@dataclass(frozen=True)
class LatentClass:
    """Latent classes by Hamiltonian and Gibbs steps.

    Attributes:
        classes: Most classes; 0: ten for up to eight lists, else fifteen.
        chains: Chains, each with its own beginning.
        draws: Draws of each chain that count.
        warm: Iterations of each before them.
        level: Of the interval.
        threads: Threads; 0: as many as there are processors. The draws do not depend on it.
        prior: Shapes of the beta prior of each class's chance to be on each list, on and off. (1, 1) is that
            of the reference sampler; it leans away from people who are hardly ever listed.
        escalate: Whether chains that disagree are run longer, then with a ladder of heats (escalating.py).
    """

    classes: int = 0
    chains: int = 8
    draws: int = 1500
    warm: int = 500
    level: float = LEVEL
    threads: int = 0
    prior: tuple[float, float] = (1.0, 1.0)
    escalate: bool = True
    name: str = LATENT
    least_lists: int = 3
    most_lists: int = 64

    def estimate(self, overlaps: Overlaps, seed: int) -> Estimate:
        """Return the estimate of one table.

        Raises:
            BadInput: The table has fewer than three lists with anyone on them.
        """
        return self.estimates([overlaps], seed)[0]

    def estimates(
        self, tables: Sequence[Overlaps], seed: int, done: Callable[[], None] | None = None
    ) -> list[Estimate]:
        """Return the estimate of each table; all their chains are one list of jobs over the threads.

        Args:
            tables: Tables, such as strata.
            seed: Of all; each table's chains have their own, by what is in the table.
            done: Called as each chain is done.

        Raises:
            BadInput: A table has fewer than three lists with anyone on them.
        """
        usable = [taken(table, self) for table in tables]
        jobs = [self._job(table) for table in usable]
        listed = [job for each in jobs for job in chains(each, self.chains, seed)]
        ran = run(listed, self.threads, done)
        found = [ran[i : i + self.chains] for i in range(0, len(ran), self.chains)]
        return [self._settled(job, each, seed, done) for job, each in zip(jobs, found, strict=True)]

    def _job(self, table: Overlaps) -> Job:
        classes = self.classes or (10 if len(table.lists) <= 8 else 15)
        key = int(digest(f"{self.name} {table.digest}".encode())[:15], 16)
        return Job(table, (key,), classes, self.warm, self.draws, prior=self.prior)

    def _settled(self, job: Job, found: list[Chain], seed: int, done: Callable[[], None] | None) -> Estimate:
        if not self.escalate:
            return self._estimate(job, found, ("plain",))
        return self._estimate(*settled(job, found, seed, self.level, self.threads, done))

    def _estimate(self, job: Job, found: list[Chain], steps: tuple[str, ...]) -> Estimate:
        total = np.array([chain.total for chain in found])
        likelihood = np.array([chain.likelihood for chain in found])
        classes = np.array([chain.classes for chain in found])
        middle, low, high = interval(total, self.level)
        documented = job.table.documented
        heights = modes(total, likelihood, classes, self.level)
        estimate = Estimate(
            method=self.name,
            documented=documented,
            middle=middle,
            low=low,
            high=high,
            level=self.level,
            draws=total,
            models=tuple(
                Model(
                    f"mode {number}",
                    mode.middle,
                    mode.low,
                    mode.high,
                    mode.weight,
                    {"likelihood": mode.likelihood, "classes": mode.classes},
                )
                for number, mode in enumerate(heights, 1)
            ),
            checks=(*checks(total, likelihood, self.level), _fit(job.table, found)),
            notes=(*_notes(documented, total, found, steps), *(stopped(job, found) if self.escalate else ())),
            settings={
                "classes": job.classes,
                "prior": f"beta({self.prior[0]:g}, {self.prior[1]:g})",
                "chains": self.chains,
                "draws": job.draws,
                "every": job.every,
                "warm": job.warm,
                "rungs": len(job.heats),
                "steps": steps,
            },
        )
        return replace(estimate, refused=of_draws(estimate))


def seldom(**given: Any) -> LatentClass:
    """Return the estimator that leans less away from people who are hardly ever listed.

    Under a uniform prior a class's chance to be on a list is near 0 no more often than near 1. Where people
    of one kind are listed once in a hundred, that draws the number down; under beta(0.8, 1) less so. What
    lists say of those on none hangs on which is meant, so both are asked (docs/decisions/0038).
    """
    return LatentClass(prior=RARELY, name=SELDOM, **given)


def _fit(table: Overlaps, found: Sequence[Chain]) -> Check:
    """Return the least chance, either way, with which the model gives any of the table's sums as seen."""
    above = np.mean([chain.above for chain in found], axis=0)
    lists = len(table.lists)
    rows, columns = np.triu_indices(lists)
    looked = np.append(above[rows, columns], above[lists, 0])
    least = float(np.minimum(looked, 1 - looked).min()) * 2
    # The more sums are looked at, the more one of them stands out by chance.
    return Check("predictive", least, FITS / len(looked), least >= FITS / len(looked))


def _notes(
    documented: int,
    total: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    found: Sequence[Chain],
    steps: tuple[str, ...],
) -> tuple[Reason, ...]:
    said = [Reason("closed_population"), Reason("classes_explain_overlap")]
    beyond = float((total > CAP * documented).mean())
    if beyond > 0:
        said.append(Reason("beyond_cap", {"share": beyond, "times": CAP}))
    if "tempered" in steps:
        said.append(Reason("tempered", {"trips": sum(chain.trips for chain in found)}))
    return tuple(said)
