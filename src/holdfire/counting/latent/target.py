"""Log posterior density of the latent-class model and its slope, people and their number integrated out.

With K classes of shares p_k and chances l_jk of being on list j, a person on some list carries pattern c with
chance  h_c = sum_k o_k g_ck.  Here g is the chance of the pattern in class k among those of it who are on any
list, and o_k, the class's share of the *documented*. Under p(N) = 1 / N the likelihood is prod_c h_c ^ n_c.

The coordinates are y = log o (up to a constant) and x = logit l. They are what makes sampling quick. How many
people are undocumented hangs on how often the class that is hardest to catch is caught, and along that ridge
o and the likelihood hardly change, while in shares of all people every coordinate must move at once.

Prior: l beta (uniform, as in the reference sampler, unless asked otherwise), p by stick-breaking of strength
a (Sethuraman 1994), in logs throughout: the last sticks of a small a are far below what a float can hold.

A path may move the first classes alone while the others stay where they are: `upto` says how many.
"""

from __future__ import annotations

import math

from holdfire.counting.latent.room import TINY, Array, Cells, Point, Work
from holdfire.counting.latent.tree import gather, spread


def chances(x: Array, w: Work, upto: int) -> None:
    """Fill in the chances of the first classes."""
    lists = x.shape[0]
    for k in range(upto):
        w.none[k] = 1.0
        w.some[k] = 0.0
    for j in range(lists):
        for k in range(upto):
            e = math.exp(-abs(x[j, k]))
            d = 1.0 / (1.0 + e)
            on = x[j, k] > 0
            w.chance[j, k] = d if on else e * d
            w.missed[j, k] = e * d if on else d
            w.odds[j, k] = 1.0 / e if on else e
        for k in range(upto):
            w.some[k] += w.none[k] * w.chance[j, k]
            w.none[k] *= w.missed[j, k]


def believed(x: Array, w: Work, upto: int) -> float:
    """Return the log density of the first classes' x under their prior, once their chances are filled in."""
    lists = x.shape[0]
    density = 0.0
    for j in range(lists):
        product = 1.0
        for k in range(upto):
            density -= w.prior[1] * x[j, k] if x[j, k] > 0 else -w.prior[0] * x[j, k]
            product *= max(w.chance[j, k], w.missed[j, k])
        density += (w.prior[0] + w.prior[1]) * math.log(product)
    return density


def sticks(y: Array, a: float, w: Work, upto: int) -> float:
    """Fill in the sticks of the first classes, and return the log density of all, up to a constant in a.

    Those of the others, z and rest, must be there (`settle`).
    """
    last = len(y) - 1
    for k in range(upto - 1, -1, -1):
        w.z[k] = y[k] - math.log(w.some[k])
        if k == last:
            w.rest[k], w.taken[k], w.kept[k] = w.z[k], 1.0, 0.0
            continue
        more = w.z[k] - w.rest[k + 1]
        e = math.exp(-abs(more))
        d = 1.0 / (1.0 + e)
        w.rest[k] = max(w.z[k], w.rest[k + 1]) + math.log1p(e)
        w.taken[k] = d if more > 0 else e * d
        w.kept[k] = e * d if more > 0 else d
    density: float = (a - 1.0) * w.z[last] - (a + 1.0) * w.rest[0]
    for k in range(1, last):
        density += w.z[k] - w.rest[k]
    if last > 0:
        density += w.z[last]
    return density + float(w.z[0])


def settle(y: Array, t: Cells, w: Work, upto: int) -> None:
    """Fill in what does not change while only the first classes move; all chances must be there."""
    classes = len(y)
    top = -math.inf
    for k in range(classes):
        top = max(top, y[k])
    w.fixed[0] = top
    w.fixed[1] = 0.0
    last = classes - 1
    for k in range(last, upto - 1, -1):
        w.z[k] = y[k] - math.log(w.some[k])
        w.rest[k] = w.z[k]
        if k < last:
            low, high = min(w.rest[k + 1], w.z[k]), max(w.rest[k + 1], w.z[k])
            w.rest[k] = high + math.log1p(math.exp(low - high))
        w.seen[k] = math.exp(y[k] - top)
        w.spare[k] = w.seen[k] * (w.none[k] / w.some[k])
        w.fixed[1] += w.seen[k]
    for i in range(len(t.people)):
        w.still[i] = 0.0
    if upto < classes:
        spread(t, w, upto, len(w.spare))
        for i in range(len(t.people)):
            w.still[i] = w.h[i]


def weigh(y: Array, t: Cells, w: Work, upto: int) -> float:
    """Fill in what each class adds to each pattern, and return the sum of weights."""
    total: float = w.fixed[1]
    for k in range(upto):
        w.seen[k] = math.exp(y[k] - w.fixed[0])
        total += w.seen[k]
        w.spare[k] = w.seen[k] * (w.none[k] / w.some[k])
    spread(t, w, 0, upto)
    return total


def _likelihood(t: Cells, w: Work, total: float, upto: int) -> float:
    likelihood = -t.total * math.log(total)
    for i in range(1, len(t.people)):
        if t.people[i] > 0.0:
            likelihood += t.people[i] * math.log(w.h[i])
    for k in range(upto):
        if w.none[k] < TINY:
            # Products of odds are lost where a class is on nearly all of very many lists.
            return -math.inf
    return likelihood


def mixture(y: Array, t: Cells, w: Work) -> float:
    """Fill in what each class adds to each pattern, and each class's share; all chances must be there.

    Returns:
        The sum of people times log chance of their pattern, given that they are on some list.
    """
    classes = len(y)
    settle(y, t, w, classes)
    total = weigh(y, t, w, classes)
    for k in range(classes):
        w.seen[k] /= total
    return _likelihood(t, w, total, classes)


def fit(y: Array, t: Cells, w: Work, wanted: int) -> float:
    """Do the same as if the first classes were all there are."""
    w.fixed[0] = y[0]
    for k in range(1, wanted):
        w.fixed[0] = max(w.fixed[0], y[k])
    w.fixed[1] = 0.0
    for i in range(len(t.people)):
        w.still[i] = 0.0
    return _likelihood(t, w, weigh(y, t, w, wanted), wanted)


def slope(p: Point, heat: float, t: Cells, w: Work, upto: int, measured: bool) -> tuple[float, float]:
    """Fill in the slope of the log density by the first classes, and return likelihood and prior, both logs.

    `settle` comes before the first call of a path.

    Args:
        p: The point.
        heat: Power of the likelihood, 0 (the prior alone) to 1 (the posterior).
        t: The table.
        w: Room.
        upto: Classes that move.
        measured: Whether likelihood and prior are wanted; else 0 comes back for both.
    """
    lists, last = p.x.shape[0], len(p.y) - 1
    a = p.a[0]
    chances(p.x, w, upto)
    prior = sticks(p.y, a, w, upto)
    total = weigh(p.y, t, w, upto)
    likelihood = 0.0
    if measured:
        prior += believed(p.x, w, upto)
        likelihood = _likelihood(t, w, total, upto)
    else:
        prior = 0.0
    both = w.prior[0] + w.prior[1]
    for j in range(lists):
        for k in range(upto):
            w.gx[j, k] = w.prior[0] - both * w.chance[j, k]
    gather(t, w, heat, upto)
    s, left = 0.0, 1.0
    for k in range(upto):
        if k >= 1:
            s *= w.kept[k - 1]
            left *= w.kept[k - 1]
            if k < last:
                s += 1.0
        w.gy[k] = 1.0 - w.taken[k] * s - (a + 1.0) * left * w.taken[k]
        if k == last:
            w.gy[k] += a - 1.0
        # A class's people by lists, less as many as its chances would give of those on some list.
        w.spare[k] = (w.g[0, k] + w.gy[k] * w.none[k]) / w.some[k]
        w.gy[k] += w.g[0, k] - heat * t.total * w.seen[k] / total
    for j in range(lists):
        for k in range(upto):
            w.gx[j, k] -= w.spare[k] * w.chance[j, k]
    return likelihood, prior


LOOPS = (
    "spread",
    "gather",
    "chances",
    "believed",
    "sticks",
    "settle",
    "weigh",
    "_likelihood",
    "mixture",
    "fit",
    "slope",
)
