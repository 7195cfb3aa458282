"""Log posterior density of the latent-class model and its slope, people and their number integrated out.

With K classes of shares p_k and chances l_jk of being on list j, a person on some list carries pattern c with
chance  h_c = sum_k o_k g_ck.  Here g is the chance of the pattern in class k among those of it who are on any
list, and o_k, the class's share of the *documented*. Under p(N) = 1 / N the likelihood is prod_c h_c ^ n_c.

The coordinates are y = log o (up to a constant) and x = logit l. They are what makes sampling quick. How many
people are undocumented hangs on how often the class that is hardest to catch is caught, and along that ridge
o and the likelihood hardly change, while in shares of all people every coordinate must move at once.

Prior: l beta (uniform, as in the reference sampler, unless asked otherwise), p by stick-breaking of strength
a (Sethuraman 1994), in logs throughout: the last sticks of a small a are far below what a float can hold.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

FAR = 30.0
"""Chances lie in 1e-13 to 1 - 1e-13: a step past it is refused."""
TINY = 1e-290


class Cells(NamedTuple):
    """A table of overlaps, in the shape that loops take.

    Attributes:
        first: Where each pattern's lists begin in `on` (cells + 1,).
        on: Lists of each pattern, side by side.
        people: People of each pattern (cells,), as floats.
        whole: The same, whole numbers.
        total: Their sum.
        pairs: People that two lists share, on the diagonal the size of a list, and in the last row, first,
            those on one list only (lists + 1, lists).
    """

    first: Array
    on: Array
    people: Array
    whole: Array
    total: float
    pairs: Array


class Point(NamedTuple):
    """A point of the parameter space.

    Attributes:
        y: Log share of the documented of each class, up to a constant (classes,).
        x: Log odds of being on each list, by class (lists, classes).
        a: Strength of the stick-breaking (1,).
    """

    y: Array
    x: Array
    a: Array


class Work(NamedTuple):
    """What `slope` finds on its way; it is written anew by each call.

    Attributes:
        gy: Slope by y (classes,).
        gx: Slope by x (lists, classes).
        chance: Chance of being on each list (lists, classes).
        missed: One less that (lists, classes).
        none: Chance of being on no list (classes,).
        some: Chance of being on any (classes,), exact where it is small.
        z: Log share of all people, up to a constant (classes,).
        rest: Log share left after the classes before (classes,).
        share: Share of all people (classes,).
        seen: Share of the documented (classes,).
        f: o_k g_ck of each pattern and class (cells, classes); scaled to people when a slope was asked.
        odds: Odds of being on each list (lists, classes).
        spare: Room for sums (classes,).
        prior: Shapes of the beta prior of each chance to be on a list, on and off (2,); it is only read.
    """

    gy: Array
    gx: Array
    chance: Array
    missed: Array
    none: Array
    some: Array
    z: Array
    rest: Array
    share: Array
    seen: Array
    f: Array
    odds: Array
    spare: Array
    prior: Array


def work(classes: int, lists: int, cells: int, prior: tuple[float, float] = (1.0, 1.0)) -> Work:
    """Return room for one chain, and what it believes of chances beforehand."""
    row, block = (classes,), (lists, classes)
    shapes = (row, block, block, block, row, row, row, row, row, row, (cells, classes), block, row)
    room = [np.zeros(shape) for shape in shapes]
    return Work._make([*room, np.array(prior)])


def chances(x: Array, w: Work) -> float:
    """Fill in the chances of each class, and return the log density of x under its prior."""
    lists, classes = x.shape
    density = 0.0
    for k in range(classes):
        w.none[k] = 1.0
        w.some[k] = 0.0
    for j in range(lists):
        product = 1.0
        for k in range(classes):
            size = abs(x[j, k])
            e = math.exp(-size)
            d = 1.0 / (1.0 + e)
            product *= d
            if x[j, k] > 0:
                density -= w.prior[1] * size
                w.chance[j, k] = d
                w.missed[j, k] = e * d
                w.odds[j, k] = 1.0 / e
            else:
                density -= w.prior[0] * size
                w.chance[j, k] = e * d
                w.missed[j, k] = d
                w.odds[j, k] = e
        density += (w.prior[0] + w.prior[1]) * math.log(product)
        for k in range(classes):
            w.some[k] += w.none[k] * w.chance[j, k]
            w.none[k] *= w.missed[j, k]
    return density


def sticks(y: Array, a: float, w: Work) -> float:
    """Fill in the shares of all people, and return their log density in z, up to a constant in a."""
    classes = len(y)
    top = -math.inf
    for k in range(classes):
        w.z[k] = y[k] - math.log(w.some[k])
        top = max(top, w.z[k])
    total = 0.0
    for k in range(classes):
        total += math.exp(w.z[k] - top)
    norm = top + math.log(total)
    density: float = 0.0
    for k in range(classes):
        w.z[k] -= norm
        density += w.z[k]
        w.share[k] = math.exp(w.z[k])
    last = classes - 1
    w.rest[last] = w.z[last]
    for k in range(last - 1, -1, -1):
        low, high = min(w.rest[k + 1], w.z[k]), max(w.rest[k + 1], w.z[k])
        w.rest[k] = high + math.log1p(math.exp(low - high))
        if k >= 1:
            density -= w.rest[k]
    density += (a - 1.0) * w.z[last]
    return density


def _shares(y: Array, w: Work) -> None:
    classes = len(y)
    top = -math.inf
    for k in range(classes):
        top = max(top, y[k])
    total = 0.0
    for k in range(classes):
        w.seen[k] = math.exp(y[k] - top)
        total += w.seen[k]
    for k in range(classes):
        w.seen[k] /= total
        w.spare[k] = w.seen[k] * (w.none[k] / w.some[k])


def mixture(y: Array, t: Cells, w: Work) -> float:
    """Fill in what each class adds to each pattern, and return the log likelihood of one person a pattern.

    Returns:
        The sum of people times log chance of their pattern, given that they are on some list.
    """
    classes = len(y)
    _shares(y, w)
    likelihood = 0.0
    for c in range(len(t.people)):
        for k in range(classes):
            w.f[c, k] = w.spare[k]
        for i in range(t.first[c], t.first[c + 1]):
            j = t.on[i]
            for k in range(classes):
                w.f[c, k] *= w.odds[j, k]
        h = TINY
        for k in range(classes):
            h += w.f[c, k]
        likelihood += t.people[c] * math.log(h)
    for k in range(classes):
        if w.none[k] < TINY:
            # Products of odds are lost where a class is on nearly all of very many lists.
            return -math.inf
    return likelihood


def _pull(a: float, w: Work) -> None:
    """Write the slope of the stick-breaking by z to gy, and clear what people will be added to."""
    classes = len(w.gy)
    last = classes - 1
    s = 0.0
    for k in range(classes):
        if k >= 1:
            s *= math.exp(w.rest[k] - w.rest[k - 1])
            if k < last:
                s += 1.0
        w.gy[k] = 1.0 - math.exp(w.z[k] - w.rest[k]) * s - w.share[k] * (a + 1.0)
        w.spare[k] = 0.0
    w.gy[last] += a - 1.0


def _press(heat: float, t: Cells, w: Work) -> None:
    """Turn what each class adds to each pattern into people, and add them up by class and by list."""
    classes = len(w.gy)
    for c in range(len(t.people)):
        h = TINY
        for k in range(classes):
            h += w.f[c, k]
        r = heat * t.people[c] / h
        for k in range(classes):
            w.f[c, k] *= r
            w.spare[k] += w.f[c, k]
        for i in range(t.first[c], t.first[c + 1]):
            j = t.on[i]
            for k in range(classes):
                w.gx[j, k] += w.f[c, k]


def slope(p: Point, heat: float, t: Cells, w: Work) -> tuple[float, float]:
    """Fill in the slope of the log density at a point, and return likelihood and prior, both logs.

    Args:
        p: The point.
        heat: Power of the likelihood, 0 (the prior alone) to 1 (the posterior).
        t: The table.
        w: Room.
    """
    lists, classes = p.x.shape
    prior = chances(p.x, w) + sticks(p.y, p.a[0], w)
    likelihood = mixture(p.y, t, w)
    _pull(p.a[0], w)
    for j in range(lists):
        for k in range(classes):
            w.gx[j, k] = w.prior[0] - (w.prior[0] + w.prior[1]) * w.chance[j, k]
    _press(heat, t, w)
    for k in range(classes):
        # A class's people by lists, less as many as its chances would give of those on some list.
        pull = (w.spare[k] + w.gy[k] * w.none[k]) / w.some[k]
        for j in range(lists):
            w.gx[j, k] -= pull * w.chance[j, k]
        w.gy[k] += w.spare[k] - heat * t.total * w.seen[k]
    return likelihood, prior


LOOPS = ("chances", "sticks", "_shares", "mixture", "_pull", "_press", "slope")
