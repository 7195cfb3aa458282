"""Chains are made longer where that pays, climb a ladder where it does not, and stop with a word."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from holdfire.counting.latent import escalating
from holdfire.counting.latent.escalating import settled, stopped
from holdfire.counting.latent.sampler import Chain, Job
from holdfire.counting.overlaps import Overlaps

JOB = Job(Overlaps.of("ABC", {1: 40, 2: 31, 3: 9}), (1,), 4, 500, 1500)


def chains(job: Job, apart: float, hold: float) -> list[Chain]:
    """Return chains a little or far apart, each draw of which hangs on the last by so much."""
    rng = np.random.default_rng(len(job.heats) + job.every)
    found = []
    for n in range(8):
        noise = rng.normal(size=job.draws)
        walk = np.zeros(job.draws)
        for i in range(1, job.draws):
            walk[i] = hold * walk[i - 1] + np.sqrt(1 - hold * hold) * noise[i]
        found.append(
            Chain(
                np.exp(7 + 0.1 * walk + apart * (n % 2)),
                walk,
                np.ones(job.draws),
                np.zeros(1),
                3,
                np.zeros(1),
            )
        )
    return found


def steps(
    monkeypatch: pytest.MonkeyPatch, apart: float, hold: float, tempered: float = 0.0
) -> tuple[tuple[str, ...], bool]:
    """Return the steps taken with chains that mix so, and whether they were stopped."""

    def run(jobs: list[Job], *_: object) -> list[Chain]:
        job = jobs[0]
        return chains(job, tempered if len(job.heats) > 1 else apart, hold**job.every)

    monkeypatch.setattr(escalating, "run", run)
    monkeypatch.setattr(escalating, "ladder", lambda *_, **__: ((0.0, 0.5, 1.0), 1.0))
    job, found, made = settled(JOB, chains(JOB, apart, hold), 1, 0.95)
    assert (len(job.heats) > 1) == ("tempered" in made)
    return made, bool(stopped(job, found))


def test_chains_that_agree_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert steps(monkeypatch, 0.0, 0.3) == (("plain",), False)


def test_slow_chains_are_made_longer_as_long_as_that_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    assert steps(monkeypatch, 0.0, 0.995) == (("plain", "longer", "longer"), False)


def test_chains_that_stay_apart_are_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert steps(monkeypatch, 1.0, 0.3) == (("plain", "longer", "tempered"), False)


def test_what_a_ladder_cannot_bring_together_is_stopped_and_said_to_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert steps(monkeypatch, 1.0, 0.3, tempered=1.0) == (("plain", "longer", "tempered"), True)


def test_a_stop_says_how_long_it_went_on() -> None:
    job = replace(JOB, every=4, warm=2000)
    (reason,) = stopped(job, chains(job, 1.0, 0.3))
    assert reason.code == "stopped"
    assert reason.facts["iterations"] == 8000
