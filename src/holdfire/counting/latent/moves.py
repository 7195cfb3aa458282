"""Moves that leave the latent-class posterior as it is: along its slope, of labels, and Gibbs' over cells.

* `glide`: Hamiltonian steps (Duane, S. et al. 1987, Physics Letters B 195(2)) with people integrated out.
* `relabel`: two classes trade places, which the likelihood cannot see and stick-breaking can
  (Papaspiliopoulos, O. and Roberts, G. 2008, Biometrika 95(1)).
* `strengthen`: the strength of the stick-breaking, given the sticks (Escobar, M. and West, M. 1995, JASA 90).
* `sweep`: people are dealt to classes cell by cell, the undocumented with them, and all chances and shares
  drawn anew; for the posterior itself only, since a fraction of a person cannot be dealt.
* `scatter`: a draw from the prior.
"""

from __future__ import annotations

import math

from numpy.random import Generator

from holdfire.counting.latent.target import FAR, Array, Cells, Point, Work, chances, mixture, slope, sticks

SHAPE = 0.25
RATE = 0.25
"""Of the gamma prior of the stick-breaking's strength, as in the reference sampler."""
FALL = 60.0
"""A path whose log density falls by so much is given up: it would be refused."""
FEW = 30
"""Up to so many people of a pattern are dealt one by one, which is quicker than by binomial draws."""
MOST = 1e15
"""Most people that are dealt to classes; beyond it a sweep is refused and the other moves go on."""


def scatter(rng: Generator, p: Point, w: Work) -> None:
    """Draw a point from the prior."""
    lists, classes = p.x.shape
    p.a[0] = max(rng.standard_gamma(SHAPE) / RATE, 1e-8)
    left = 0.0
    for k in range(classes):
        for j in range(lists):
            p.x[j, k] = min(max(_odds(rng, w.prior[0], w.prior[1]), -FAR), FAR)
        left = _stick(rng, p, k, 1.0, p.a[0], left)
    chances(p.x, w)
    for k in range(classes):
        p.y[k] += math.log(w.some[k])


def _odds(rng: Generator, on: float, off: float) -> float:
    """Draw the log odds of a chance that is beta."""
    return math.log(rng.standard_gamma(on) + 1e-300) - math.log(rng.standard_gamma(off) + 1e-300)


def _stick(rng: Generator, p: Point, k: int, one: float, other: float, left: float) -> float:
    """Break a stick for class k, write its log share to y, and return the log of what is left."""
    if k == len(p.y) - 1:
        p.y[k] = left
        return left
    # A gamma of shape s is one of s + 1 times u ** (1 / s): in logs it stays exact however small s is.
    taken = math.log(rng.standard_gamma(one + 1.0)) + math.log(1.0 - rng.random()) / one
    kept = math.log(rng.standard_gamma(other + 1.0)) + math.log(1.0 - rng.random()) / other
    low, high = min(taken, kept), max(taken, kept)
    norm = high + math.log1p(math.exp(low - high))
    p.y[k] = left + taken - norm
    return left + kept - norm


def glide(
    rng: Generator, p: Point, q: Point, v: Point, heat: float, step: float, leaps: int, t: Cells, w: Work
) -> float:
    """Go along the slope of the density at one heat, and return the chance with which the end was taken.

    Args:
        rng: Randomness.
        p: Where from; it is moved.
        q: Room for the point on the way.
        v: Room for the momentum.
        heat: Power of the likelihood.
        step: Length of a leap, about; it varies from path to path.
        leaps: Leaps of a path, on average.
        t: The table.
        w: Room.
    """
    likelihood, prior = slope(p, heat, t, w)
    before = heat * likelihood + prior
    energy = _push(rng, p, q, v) - before
    after = before
    e = step * math.exp(0.3 * rng.standard_normal())
    for _ in range(1 + int(rng.random() * (2 * leaps - 1))):
        _turn(v, w, 0.5 * e)
        if not _drift(q, v, e) < FAR:
            return 0.0
        likelihood, prior = slope(q, heat, t, w)
        after = heat * likelihood + prior
        if not after > before - FALL:
            return 0.0
        _turn(v, w, 0.5 * e)
    taken = math.exp(min(0.0, energy + after - _motion(v)))
    if rng.random() < taken:
        _copy(q, p)
    return taken


def _push(rng: Generator, p: Point, q: Point, v: Point) -> float:
    """Set off from a point with a momentum drawn anew, and return its energy."""
    lists, classes = p.x.shape
    q.a[0] = p.a[0]
    _copy(p, q)
    for k in range(classes):
        v.y[k] = rng.standard_normal()
        for j in range(lists):
            v.x[j, k] = rng.standard_normal()
    return _motion(v)


def _motion(v: Point) -> float:
    lists, classes = v.x.shape
    energy = 0.0
    for k in range(classes):
        energy += 0.5 * v.y[k] * v.y[k]
        for j in range(lists):
            energy += 0.5 * v.x[j, k] * v.x[j, k]
    return energy


def _turn(v: Point, w: Work, e: float) -> None:
    lists, classes = v.x.shape
    for k in range(classes):
        v.y[k] += e * w.gy[k]
    for j in range(lists):
        for k in range(classes):
            v.x[j, k] += e * w.gx[j, k]


def _drift(q: Point, v: Point, e: float) -> float:
    """Move a point by its momentum, and return how far out its farthest log odds are."""
    lists, classes = v.x.shape
    far = 0.0
    for k in range(classes):
        q.y[k] += e * v.y[k]
    for j in range(lists):
        for k in range(classes):
            q.x[j, k] += e * v.x[j, k]
            far = max(far, abs(q.x[j, k]))
    return far


def _copy(one: Point, other: Point) -> None:
    lists, classes = one.x.shape
    for k in range(classes):
        other.y[k] = one.y[k]
        for j in range(lists):
            other.x[j, k] = one.x[j, k]


def relabel(rng: Generator, p: Point, w: Work) -> None:
    """Offer two pairs of classes to trade places: one at random, and one of neighbours."""
    lists, classes = p.x.shape
    chances(p.x, w)
    density = sticks(p.y, p.a[0], w)
    for turn in range(2):
        k = int(rng.random() * classes)
        other = k + 1 if turn else int(rng.random() * classes)
        if other in {k, classes}:
            continue
        _trade(p, w, k, other, lists)
        offered = sticks(p.y, p.a[0], w)
        if math.log(1.0 - rng.random()) < offered - density:
            density = offered
        else:
            _trade(p, w, k, other, lists)


def _trade(p: Point, w: Work, k: int, other: int, lists: int) -> None:
    p.y[k], p.y[other] = p.y[other], p.y[k]
    w.some[k], w.some[other] = w.some[other], w.some[k]
    w.none[k], w.none[other] = w.none[other], w.none[k]
    for j in range(lists):
        p.x[j, k], p.x[j, other] = p.x[j, other], p.x[j, k]


def strengthen(rng: Generator, p: Point, w: Work) -> None:
    """Draw the strength of the stick-breaking, given the sticks."""
    classes = len(p.y)
    chances(p.x, w)
    sticks(p.y, p.a[0], w)
    p.a[0] = max(rng.standard_gamma(SHAPE + classes - 1.0) / (RATE - w.rest[classes - 1]), 1e-8)


def sweep(rng: Generator, p: Point, q: Point, t: Cells, w: Work, dealt: Array, caught: Array) -> int:
    """Deal everyone to classes and draw all chances and shares anew; return how many classes hold anyone.

    Args:
        rng: Randomness.
        p: The point; it is moved.
        q: Room for the offer.
        t: The table.
        w: Room.
        dealt: Room for people of each class (classes,), whole numbers.
        caught: Room for those of them on each list (lists, classes), whole numbers.
    """
    classes = len(p.y)
    chances(p.x, w)
    mixture(p.y, t, w)
    dealt[:] = 0
    caught[:] = 0
    for c in range(len(t.whole)):
        _deal(rng, w.f[c], t.whole[c], w.spare, dealt)
        for i in range(t.first[c], t.first[c + 1]):
            for k in range(classes):
                caught[t.on[i], k] += int(w.spare[k])
    held = 0
    for k in range(classes):
        held += dealt[k] > 0
        w.gy[k] = w.seen[k] * w.none[k] / w.some[k]
    unseen = undocumented(rng, w.gy, t.total)
    if unseen > MOST:
        return held
    _deal(rng, w.gy, int(unseen), w.spare, dealt)
    if _anew(rng, p.a[0], q, w, dealt, caught) < FAR and _seated(q, w) * t.total < MOST:
        _copy(q, p)
    return held


def sweeps(
    rng: Generator, p: Point, q: Point, t: Cells, w: Work, dealt: Array, caught: Array, count: int
) -> None:
    """Make so many sweeps and nothing else: the plain Gibbs sampler."""
    for _ in range(count):
        sweep(rng, p, q, t, w, dealt, caught)
        strengthen(rng, p, w)


def _anew(rng: Generator, a: float, q: Point, w: Work, dealt: Array, caught: Array) -> float:
    """Draw shares and chances given who is in which class, and return how far out the farthest odds are."""
    lists, classes = q.x.shape
    after = 0
    for k in range(classes):
        after += dealt[k]
    left, far = 0.0, 0.0
    for k in range(classes):
        after -= dealt[k]
        left = _stick(rng, q, k, 1.0 + dealt[k], a + after, left)
        for j in range(lists):
            x = _odds(rng, w.prior[0] + caught[j, k], w.prior[1] + dealt[k] - caught[j, k])
            q.x[j, k] = x
            far = max(far, abs(x))
    return far


def _seated(q: Point, w: Work) -> float:
    """Turn shares of all people into shares of the documented; return undocumented for each documented."""
    chances(q.x, w)
    top = -math.inf
    for k in range(len(q.y)):
        q.y[k] += math.log(w.some[k])
        top = max(top, q.y[k])
    total, odds = 0.0, 0.0
    for k in range(len(q.y)):
        total += math.exp(q.y[k] - top)
        odds += math.exp(q.y[k] - top) * w.none[k] / w.some[k]
    return odds / total


def undocumented(rng: Generator, odds: Array, total: float) -> float:
    """Draw how many people are on no list: negative binomial, as p(N) = 1 / N has it; huge ones as a float.

    Args:
        rng: Randomness.
        odds: People on no list for each documented one, by class.
        total: Documented people.
    """
    mean = 0.0
    for k in range(len(odds)):
        mean += odds[k]
    mean *= rng.standard_gamma(total)
    return float(rng.poisson(mean)) if mean < MOST else mean


def _deal(rng: Generator, weight: Array, people: int, got: Array, dealt: Array) -> None:
    """Deal people to classes by weight: add them to `dealt`, and write how many of them each got."""
    classes = len(weight)
    rest = 0.0
    for k in range(classes):
        rest += weight[k]
        got[k] = 0.0
    if people <= FEW:
        for _ in range(people):
            u = rng.random() * rest
            k = 0
            while k < classes - 1 and u >= weight[k]:
                u -= weight[k]
                k += 1
            got[k] += 1.0
            dealt[k] += 1
        return
    left = people
    for k in range(classes):
        if left == 0:
            break
        share = weight[k] / rest if k < classes - 1 and rest > weight[k] else 1.0
        here = left
        if share < 1.0:
            here = rng.binomial(left, share) if share * left > 1e-13 else 0
        rest -= weight[k]
        got[k] = float(here)
        dealt[k] += here
        left -= here


LOOPS = (
    "chances",
    "sticks",
    "mixture",
    "slope",
    "_odds",
    "_stick",
    "scatter",
    "_copy",
    "_motion",
    "_push",
    "_turn",
    "_drift",
    "glide",
    "_trade",
    "relabel",
    "strengthen",
    "undocumented",
    "_deal",
    "_anew",
    "_seated",
    "sweep",
    "sweeps",
)
