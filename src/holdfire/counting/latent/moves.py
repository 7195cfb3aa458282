"""Moves that leave the latent-class posterior as it is: along its slope, of labels, and Gibbs' over cells.

* `glide`: Hamiltonian steps (Duane, S. et al. 1987, Physics Letters B 195(2)) with people integrated out.
* `relabel`: two classes trade places, which the likelihood cannot see and stick-breaking can
  (Papaspiliopoulos, O. and Roberts, G. 2008, Biometrika 95(1)).
* `scatter`: a draw from the prior.
* in dealing.py, `strengthen`: the strength of the stick-breaking, given the sticks (Escobar, M. and West, M.
  1995, JASA 90).
* there too, `sweep`: people are dealt to classes pattern by pattern, the undocumented with them, and all
  chances and shares drawn anew; for the posterior itself only, since a fraction of a person cannot be dealt.
"""

from __future__ import annotations

import math

from numpy.random import Generator

from holdfire.counting.latent.dealing import RATE, SHAPE
from holdfire.counting.latent.room import FAR, Cells, Point, Work
from holdfire.counting.latent.target import chances, settle, slope, sticks
from holdfire.counting.latent.throwing import log_gamma, stick

FALL = 60.0
"""A path whose log density falls by so much is given up: it would be refused."""


def scatter(rng: Generator, p: Point, w: Work) -> None:
    """Draw a point from the prior; all its chances are there when it returns."""
    lists, classes = p.x.shape
    p.a[0] = max(rng.standard_gamma(SHAPE) / RATE, 1e-8)
    left = 0.0
    for k in range(classes):
        for j in range(lists):
            x = log_gamma(rng, w.prior[0]) - log_gamma(rng, w.prior[1])
            p.x[j, k] = min(max(x, -FAR), FAR)
        left = stick(rng, p, k, 1.0, p.a[0], left)
    chances(p.x, w, classes)
    for k in range(classes):
        p.y[k] += math.log(w.some[k])


def glide(  # noqa: PLR0913, PLR0917 - a compiled loop takes its room from outside
    rng: Generator,
    p: Point,
    q: Point,
    v: Point,
    heat: float,
    step: float,
    leaps: int,
    upto: int,
    t: Cells,
    w: Work,
) -> float:
    """Go along the slope of the density at one heat, and return the chance with which the end was taken.

    Args:
        rng: Randomness.
        p: Where from; it is moved. All its chances must be there, and are not when this returns.
        q: Room for the point on the way.
        v: Room for the momentum.
        heat: Power of the likelihood.
        step: Length of a leap, about; it varies from path to path.
        leaps: Leaps of a path, on average.
        upto: Classes that move, the first ones. It must not hang on where the point is.
        t: The table.
        w: Room.
    """
    settle(p.y, t, w, upto)
    likelihood, prior = slope(p, heat, t, w, upto, True)
    before = heat * likelihood + prior
    energy = _push(rng, p, q, v, upto) - before
    e = step * math.exp(0.3 * rng.standard_normal())
    count = 1 + int(rng.random() * (2 * leaps - 1))
    _turn(v, w, 0.5 * e, upto)
    for leap in range(count):
        if not _drift(q, v, e, upto) < FAR:
            return 0.0
        final = leap == count - 1
        likelihood, prior = slope(q, heat, t, w, upto, final)
        _turn(v, w, 0.5 * e if final else e, upto)
    after = heat * likelihood + prior
    if not after > before - FALL:
        return 0.0
    taken = math.exp(min(0.0, energy + after - _motion(v, upto)))
    if rng.random() < taken:
        _copy(q, p, upto)
    return taken


def _push(rng: Generator, p: Point, q: Point, v: Point, upto: int) -> float:
    """Set off from a point with a momentum drawn anew, and return its energy."""
    lists = p.x.shape[0]
    q.a[0] = p.a[0]
    for k in range(len(p.y)):
        q.y[k] = p.y[k]
    _copy(p, q, upto)
    for k in range(upto):
        v.y[k] = rng.standard_normal()
    for j in range(lists):
        for k in range(upto):
            v.x[j, k] = rng.standard_normal()
    return _motion(v, upto)


def _motion(v: Point, upto: int) -> float:
    lists = v.x.shape[0]
    energy = 0.0
    for k in range(upto):
        energy += 0.5 * v.y[k] * v.y[k]
    for j in range(lists):
        for k in range(upto):
            energy += 0.5 * v.x[j, k] * v.x[j, k]
    return energy


def _turn(v: Point, w: Work, e: float, upto: int) -> None:
    lists = v.x.shape[0]
    for k in range(upto):
        v.y[k] += e * w.gy[k]
    for j in range(lists):
        for k in range(upto):
            v.x[j, k] += e * w.gx[j, k]


def _drift(q: Point, v: Point, e: float, upto: int) -> float:
    """Move a point by its momentum, and return how far out its farthest log odds are."""
    lists = v.x.shape[0]
    far = 0.0
    for k in range(upto):
        q.y[k] += e * v.y[k]
    for j in range(lists):
        for k in range(upto):
            q.x[j, k] += e * v.x[j, k]
            far = max(far, abs(q.x[j, k]))
    return far


def _copy(one: Point, other: Point, upto: int) -> None:
    lists = one.x.shape[0]
    for k in range(upto):
        other.y[k] = one.y[k]
    for j in range(lists):
        for k in range(upto):
            other.x[j, k] = one.x[j, k]


def relabel(rng: Generator, p: Point, w: Work) -> None:
    """Offer two pairs of classes to trade places: one at random, and one of neighbours.

    All chances must be there, and are again when it returns.
    """
    classes = len(p.y)
    density = sticks(p.y, p.a[0], w, classes)
    for turn in range(2):
        k = int(rng.random() * classes)
        other = k + 1 if turn else int(rng.random() * classes)
        if other in {k, classes}:
            continue
        p.y[k], p.y[other] = p.y[other], p.y[k]
        w.some[k], w.some[other] = w.some[other], w.some[k]
        offered = sticks(p.y, p.a[0], w, classes)
        if math.log(1.0 - rng.random()) < offered - density:
            density = offered
            _trade(p, w, k, other)
        else:
            p.y[k], p.y[other] = p.y[other], p.y[k]
            w.some[k], w.some[other] = w.some[other], w.some[k]


def _trade(p: Point, w: Work, k: int, other: int) -> None:
    """Let what lists and chances say of two classes trade places too."""
    w.none[k], w.none[other] = w.none[other], w.none[k]
    for j in range(p.x.shape[0]):
        p.x[j, k], p.x[j, other] = p.x[j, other], p.x[j, k]
        w.odds[j, k], w.odds[j, other] = w.odds[j, other], w.odds[j, k]
        w.chance[j, k], w.chance[j, other] = w.chance[j, other], w.chance[j, k]
        w.missed[j, k], w.missed[j, other] = w.missed[j, other], w.missed[j, k]


LOOPS = (
    "chances",
    "settle",
    "sticks",
    "slope",
    "log_gamma",
    "stick",
    "scatter",
    "_copy",
    "_motion",
    "_push",
    "_turn",
    "_drift",
    "glide",
    "_trade",
    "relabel",
)
