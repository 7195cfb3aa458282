"""Every move leaves the posterior as it is; a move that does not is found out."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy import stats
from scipy.special import betaln, logsumexp

from holdfire.compiling import compiled
from holdfire.counting.latent.estimator import LatentClass
from holdfire.counting.latent.room import Point, work
from holdfire.counting.latent.sampler import Job, chains, run
from holdfire.counting.latent.tree import cells
from holdfire.counting.overlaps import Overlaps

TABLE = Overlaps.of("ABC", {1: 40, 2: 31, 3: 9, 4: 22, 5: 6, 6: 4, 7: 3})
LISTS, CLASSES = 3, 4


def compiled_loops() -> Any:
    """Return the compiled loops by the module that they are from."""
    return SimpleNamespace(
        **{name: compiled(f"holdfire.counting.latent.{name}") for name in ("target", "moves", "dealing")}
    )


def after(moves: Callable[..., Any], heat: float, count: int = 1500) -> np.ndarray[Any, Any]:
    """Return a summary of points drawn from the prior and then moved: they must still be the prior's."""
    loops, t = compiled_loops(), cells(TABLE)
    rng, w = np.random.default_rng(11), work(CLASSES, LISTS, len(t.people))
    p, q, v = (Point(np.zeros(CLASSES), np.zeros((LISTS, CLASSES)), np.ones(1)) for _ in range(3))
    found = []
    for _ in range(count):
        loops.moves.scatter(rng, p, w)
        moves(loops, rng, p, q, v, heat, t, w)
        share = np.exp(p.y - logsumexp(p.y))
        found.append([p.x[0, 0], p.x[2, 1], share[0], share.max(), np.log(p.a[0])])
    return np.array(found)


def glide(loops: Any, rng: Any, p: Point, q: Point, v: Point, heat: float, t: Any, w: Any) -> None:
    for _ in range(3):
        loops.target.chances(p.x, w, CLASSES)
        loops.moves.glide(rng, p, q, v, heat, 0.3, 6, CLASSES, t, w)


def relabel(loops: Any, rng: Any, p: Point, q: Point, v: Point, heat: float, t: Any, w: Any) -> None:
    for _ in range(3):
        loops.moves.relabel(rng, p, w)


def strengthen(loops: Any, rng: Any, p: Point, q: Point, v: Point, heat: float, t: Any, w: Any) -> None:
    loops.dealing.strengthen(rng, p, w)


def nothing(*_: Any) -> None:
    return


def crooked(loops: Any, rng: Any, p: Point, q: Point, v: Point, heat: float, t: Any, w: Any) -> None:
    p.x[0, 0] *= 0.6


@pytest.mark.parametrize("move", [glide, relabel, strengthen])
def test_a_move_leaves_the_prior_as_it_is(move: Callable[..., Any]) -> None:
    before, moved = after(nothing, 0.0), after(move, 0.0)
    for column in range(before.shape[1]):
        assert stats.ks_2samp(before[:, column], moved[:, column]).pvalue > 1e-3


def test_a_move_that_bends_the_prior_is_found_out() -> None:
    before, moved = after(nothing, 0.0), after(crooked, 0.0)
    assert min(stats.ks_2samp(before[:, c], moved[:, c]).pvalue for c in range(before.shape[1])) < 1e-6


def odds_by(name: str, count: int = 20_000, classes: int = CLASSES) -> np.ndarray[Any, Any]:
    """Return the log odds of being undocumented along a chain of one kind of move."""
    loops, t = compiled_loops(), cells(TABLE)
    rng, w = np.random.default_rng(5), work(classes, LISTS, len(t.people))
    p, q, v = (Point(np.zeros(classes), np.zeros((LISTS, classes)), np.ones(1)) for _ in range(3))
    loops.moves.scatter(rng, p, w)
    odds = []
    for _ in range(count):
        if name == "sweep":
            loops.dealing.sweep(rng, p, q, t, w)
        else:
            upto = 4 if name == "some" else classes
            loops.moves.glide(rng, p, q, v, 1.0, 0.25, 8, upto, t, w)
            loops.target.chances(p.x, w, classes)
            loops.moves.relabel(rng, p, w)
        if name == "some":
            loops.dealing.sweep(rng, p, q, t, w)
        loops.dealing.strengthen(rng, p, w)
        loops.target.mixture(p.y, t, w)
        odds.append(float((w.seen * w.none / w.some).sum()))
    return np.log(np.array(odds[count // 10 :]))


def test_paths_and_sweeps_agree_on_the_number_of_people() -> None:
    """Gibbs' sweeps share no line with paths along the slope: that both leave one law is a check of each."""
    found = {name: odds_by(name) for name in ("glide", "sweep")}
    for share in (0.1, 0.5, 0.9):
        assert np.quantile(found["glide"], share) == pytest.approx(
            np.quantile(found["sweep"], share), abs=0.09
        )


def test_paths_of_the_first_classes_alone_lead_to_the_same_number() -> None:
    some, sweep = odds_by("some", 12_000, 6), odds_by("sweep", 20_000, 6)
    for share in (0.1, 0.5, 0.9):
        assert np.quantile(some, share) == pytest.approx(np.quantile(sweep, share), abs=0.09)


def test_with_one_class_the_law_is_that_by_quadrature() -> None:
    # With one class, N is the only unknown once each list's chance is integrated out.
    size, seen = TABLE.sizes, TABLE.documented
    total = np.arange(seen, 2000)
    log = -np.log(total) + sum(betaln(1 + s, 1 + total - s) for s in size)
    log += [float(stats_lgamma(n + 1) - stats_lgamma(n - seen + 1)) for n in total]
    law = np.exp(log - logsumexp(log))
    exact = [total[np.searchsorted(np.cumsum(law), share)] for share in (0.025, 0.5, 0.975)]
    found = LatentClass(classes=1, escalate=False, draws=4000).estimate(TABLE, 3)
    assert [found.low, found.middle, found.high] == pytest.approx(exact, rel=0.03)


def stats_lgamma(x: float) -> float:
    from math import lgamma

    return lgamma(x)


def test_threads_change_no_draw() -> None:
    jobs = chains(Job(TABLE, (1,), 3, 30, 40), 4, 9)
    one, two = run(jobs, 1), run(jobs, 3)
    assert all(np.array_equal(a.total, b.total) for a, b in zip(one, two, strict=True))
    other = run(chains(Job(TABLE, (2,), 3, 30, 40), 4, 9), 2)
    assert not np.array_equal(one[0].total, other[0].total)
