"""The slope of the latent-class posterior is that of its density, and the density is what the model says."""

from __future__ import annotations

import math

import numpy as np
import pytest

from holdfire.compiling import compiled
from holdfire.counting.latent.room import Point, work
from holdfire.counting.latent.tree import cells
from holdfire.counting.overlaps import Overlaps

TABLE = Overlaps.of("ABC", {1: 40, 2: 31, 3: 9, 4: 22, 5: 6, 6: 4, 7: 3})


def a_point(seed: int, classes: int, lists: int) -> Point:
    rng = np.random.default_rng(seed)
    return Point(
        rng.normal(size=classes), 2 * rng.normal(size=(lists, classes)), np.array([0.1 + rng.random()])
    )


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("heat", [0.0, 0.4, 1.0])
@pytest.mark.parametrize(("classes", "upto"), [(4, 4), (6, 6), (6, 3), (6, 1), (1, 1), (2, 2)])
def test_the_slope_is_that_of_the_density(seed: int, heat: float, classes: int, upto: int) -> None:
    loops = compiled("holdfire.counting.latent.target")
    t = cells(TABLE)
    p, w = a_point(seed, classes, 3), work(classes, 3, len(t.people), (0.7, 1.2))
    loops.chances(p.x, w, classes)
    loops.settle(p.y, t, w, upto)

    def density(q: Point) -> float:
        likelihood, prior = loops.slope(q, heat, t, w, upto, True)
        return heat * float(likelihood) + float(prior)

    density(p)
    gy, gx = w.gy.copy(), w.gx.copy()
    assert loops.slope(p, heat, t, w, upto, False) == (0.0, 0.0)
    assert np.array_equal(gx[:, :upto], w.gx[:, :upto])
    step = 1e-5
    for k in range(upto):
        up, down = p.y.copy(), p.y.copy()
        up[k] += step
        down[k] -= step
        risen = (density(Point(up, p.x, p.a)) - density(Point(down, p.x, p.a))) / (2 * step)
        assert risen == pytest.approx(gy[k], abs=1e-4)
        for j in range(3):
            up, down = p.x.copy(), p.x.copy()
            up[j, k] += step
            down[j, k] -= step
            risen = (density(Point(p.y, up, p.a)) - density(Point(p.y, down, p.a))) / (2 * step)
            assert risen == pytest.approx(gx[j, k], abs=1e-4)


@pytest.mark.parametrize("seed", range(3))
def test_moving_some_classes_sees_the_density_that_moving_all_sees(seed: int) -> None:
    loops, t, classes = compiled("holdfire.counting.latent.target"), cells(TABLE), 6
    p, w = a_point(seed, classes, 3), work(classes, 3, len(t.people))
    q = Point(p.y + np.array([0.3, -1, 2, 0.1, 0, 0]), p.x + np.array([1, -1, 0.2, 0.5, 0, 0]), p.a)
    found = []
    for upto in (4, classes):
        loops.chances(p.x, w, classes)
        loops.settle(p.y, t, w, upto)
        before, after = (loops.slope(at, 1.0, t, w, upto, True) for at in (p, q))
        found.append((after[0] - before[0], after[1] - before[1]))
    assert found[0] == pytest.approx(found[1], abs=1e-9)


def test_the_likelihood_is_that_of_a_mixture_seen_on_some_list() -> None:
    loops = compiled("holdfire.counting.latent.target")
    t = cells(TABLE)
    p, w = a_point(7, 2, 3), work(2, 3, len(t.people))
    loops.chances(p.x, w, 2)
    likelihood = loops.mixture(p.y, t, w)
    chance = 1 / (1 + np.exp(-p.x))
    of_all = np.exp(p.y) / (1 - np.prod(1 - chance, axis=0))
    of_all /= of_all.sum()
    seen, by_hand = 0.0, 0.0
    each = {}
    for pattern in range(1, 8):
        on = np.array([pattern >> j & 1 for j in range(3)], bool)[:, None]
        each[pattern] = float(of_all @ np.prod(np.where(on, chance, 1 - chance), axis=0))
        seen += each[pattern]
    for pattern, people in zip(TABLE.patterns, TABLE.counts, strict=True):
        by_hand += people * math.log(each[int(pattern)] / seen)
    assert likelihood == pytest.approx(by_hand, rel=1e-9)
