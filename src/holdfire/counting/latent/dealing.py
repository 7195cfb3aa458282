"""Gibbs' sweep: people are dealt to classes pattern by pattern, and all chances and shares drawn anew."""

from __future__ import annotations

import math

from numpy.random import Generator

from holdfire.counting.latent.room import FAR, Array, Cells, Point, Work
from holdfire.counting.latent.target import chances, settle, sticks, weigh
from holdfire.counting.latent.throwing import MOST, deal, stick, undocumented
from holdfire.counting.latent.tree import tally

SHAPE = 0.25
RATE = 0.25
"""Of the gamma prior of the stick-breaking's strength, as in the reference sampler."""


def sweep(rng: Generator, p: Point, q: Point, t: Cells, w: Work) -> int:
    """Deal everyone to classes and draw all chances and shares anew; return how many classes hold anyone.

    All chances of the point must be there, and are again when it returns.

    Args:
        rng: Randomness.
        p: The point; it is moved.
        q: Room for the offer.
        t: The table.
        w: Room; `dealt` holds the people of each class afterwards, whole numbers.
    """
    held = _turn_over(rng, p, q, t, w)
    _write(p, w)
    return held


def sweeps(rng: Generator, p: Point, q: Point, t: Cells, w: Work, count: int) -> None:
    """Make so many sweeps and nothing else: the plain Gibbs sampler."""
    last = len(p.y) - 1
    chances(p.x, w, last + 1)
    sticks(p.y, p.a[0], w, last + 1)
    w.fixed[2] = w.rest[last] - w.rest[0]
    for _ in range(count):
        _turn_over(rng, p, q, t, w)
        _renew(rng, p, w.fixed[2])
    _write(p, w)


def _write(p: Point, w: Work) -> None:
    lists, classes = p.x.shape
    for j in range(lists):
        for k in range(classes):
            p.x[j, k] = math.log(w.odds[j, k])


def _turn_over(rng: Generator, p: Point, q: Point, t: Cells, w: Work) -> int:
    """Make a sweep that leaves chances in the room and log odds as they were."""
    classes = len(p.y)
    settle(p.y, t, w, classes)
    total = weigh(p.y, t, w, classes)
    _sort(w.seen, w.order)
    w.got[:] = 0
    for i in range(1, len(t.whole)):
        if t.whole[i] > 0:
            deal(rng, t.whole[i], w.f, i, w.h[i], w.order, w.got)
    w.caught[:] = 0
    tally(t, w.caught, w.got)
    held, rest = 0, 0.0
    for k in range(classes):
        held += w.got[0, k] > 0
        w.f[0, k] /= total
        rest += w.f[0, k]
    unseen = undocumented(rng, rest, t.total)
    if unseen > MOST:
        return held
    deal(rng, int(unseen), w.f, 0, rest, w.order, w.got)
    for k in range(classes):
        w.dealt[k] = w.got[0, k]
    _anew(rng, p.a[0], q, w)
    _seat(p, q, t.total, w)
    return held


def _sort(by: Array, order: Array) -> None:
    """Sort classes, nearly sorted as they were the last time, by falling share."""
    for place in range(1, len(order)):
        k, at = order[place], place
        while at > 0 and by[order[at - 1]] < by[k]:
            order[at] = order[at - 1]
            at -= 1
        order[at] = k


def _anew(rng: Generator, a: float, q: Point, w: Work) -> None:
    """Offer shares and chances given who is in which class: log shares of all people, and odds."""
    lists, classes = q.x.shape
    on, off = w.prior[0], w.prior[1]
    after = 0
    for k in range(classes):
        after += w.dealt[k]
    left = 0.0
    for k in range(classes):
        here = w.dealt[k]
        after -= here
        left = stick(rng, q, k, 1.0 + here, a + after, left)
        for j in range(lists):
            if here == 0 and off == 1.0:
                u = rng.random()
                chance = u if on == 1.0 else u ** (1.0 / on)
                q.x[j, k] = chance / (1.0 - chance) if chance < 1.0 else math.inf
            else:
                caught = w.caught[j, k]
                q.x[j, k] = (rng.standard_gamma(on + caught) + 1e-300) / (
                    rng.standard_gamma(off + here - caught) + 1e-300
                )


def _seat(p: Point, q: Point, total: float, w: Work) -> None:
    """Go to an offer with its shares turned into shares of the documented, unless it is too far out."""
    lists, classes = q.x.shape
    if not _near(q, w):
        return
    top = -math.inf
    last = q.y[classes - 1]
    for k in range(classes):
        q.y[k] += math.log(w.rest[k])
        top = max(top, q.y[k])
    seen, unseen = 0.0, 0.0
    for k in range(classes):
        share = math.exp(q.y[k] - top)
        seen += share
        unseen += share * w.z[k] / w.rest[k]
    if not unseen / seen * total < MOST:
        return
    w.fixed[2] = last
    for k in range(classes):
        p.y[k], w.none[k], w.some[k] = q.y[k], w.z[k], w.rest[k]
    for j in range(lists):
        for k in range(classes):
            odds = q.x[j, k]
            missed = 1.0 / (1.0 + odds)
            w.odds[j, k], w.missed[j, k], w.chance[j, k] = odds, missed, odds * missed


def _near(q: Point, w: Work) -> bool:
    """Write an offer's chances of no list and of any to z and rest; return whether no odds are too far."""
    lists, classes = q.x.shape
    far = math.exp(FAR)
    for k in range(classes):
        w.z[k], w.rest[k] = 1.0, 0.0
    for j in range(lists):
        for k in range(classes):
            odds = q.x[j, k]
            if not 1.0 / far < odds < far:
                return False
            missed = 1.0 / (1.0 + odds)
            w.rest[k] += w.z[k] * odds * missed
            w.z[k] *= missed
    return True


def strengthen(rng: Generator, p: Point, w: Work) -> None:
    """Draw the strength of the stick-breaking, given the sticks; all chances must be there."""
    last = len(p.y) - 1
    sticks(p.y, p.a[0], w, last + 1)
    _renew(rng, p, w.rest[last] - w.rest[0])


def _renew(rng: Generator, p: Point, left: float) -> None:
    """Draw it, given the log share that is left for the last class."""
    p.a[0] = max(rng.standard_gamma(SHAPE + len(p.y) - 1.0) / (RATE - left), 1e-8)


LOOPS = (
    "chances",
    "settle",
    "sticks",
    "weigh",
    "tally",
    "deal",
    "stick",
    "undocumented",
    "_renew",
    "strengthen",
    "_sort",
    "_anew",
    "_near",
    "_seat",
    "_turn_over",
    "_write",
    "sweep",
    "sweeps",
)
