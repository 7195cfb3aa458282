"""Where chains begin: good fits from random beginnings, each chain with its own, so that they can disagree.

Expectation-maximisation (Dempster, A., Laird, N. and Rubin, D. 1977, JRSS B 39) from many random beginnings
of one to eight classes finds what fits there are. Each is scored by BIC; a chain begins at one of its own,
drawn by what the scores say they weigh. Chains that begin at random on a table of twenty lists stay for good
in fits a hundred log units below the best.
"""

from __future__ import annotations

import math

from numpy.random import Generator

from holdfire.counting.latent.room import FAR, Array, Cells, Point, Work
from holdfire.counting.latent.target import chances, fit
from holdfire.counting.latent.tree import gather

ROUNDS = 120
"""Rounds of expectation and maximisation of each beginning."""
MOST = 8
"""Most classes of a beginning."""
WEAK = 0.5
"""Persons on and off each list that each class is given beforehand, so that no chance comes to 0 or 1."""


def seek(rng: Generator, p: Point, t: Cells, w: Work, tries: int, scores: Array, found: Array) -> None:
    """Fit from so many random beginnings, and leave one of the fits in `p`.

    Args:
        rng: Randomness.
        p: Where the fit is left; classes that it has no use for are drawn from the prior, and small.
        t: The table.
        w: Room.
        tries: How many beginnings.
        scores: Room for the score of each (tries,).
        found: Room for the fits: log share, then log odds by list (tries, classes, lists + 1).
    """
    lists, classes = p.x.shape
    for turn in range(tries):
        wanted = 1 + int(rng.random() * min(MOST, classes))
        for k in range(classes):
            p.y[k] = -0.5 * rng.random() if k < wanted else -700.0
            for j in range(lists):
                p.x[j, k] = 3.0 * rng.random() - 2.5
        likelihood = 0.0
        for _ in range(ROUNDS):
            chances(p.x, w, wanted)
            likelihood = fit(p.y, t, w, wanted)
            _maximise(p, t, w, wanted)
        scores[turn] = likelihood - 0.5 * wanted * (lists + 1) * math.log(t.total)
        for k in range(classes):
            found[turn, k, lists] = p.y[k]
            for j in range(lists):
                found[turn, k, j] = p.x[j, k]
    best = -math.inf
    for turn in range(tries):
        best = max(best, scores[turn])
    total = 0.0
    for turn in range(tries):
        total += math.exp(scores[turn] - best)
    u = rng.random() * total
    chosen = 0
    while chosen < tries - 1 and u >= math.exp(scores[chosen] - best):
        u -= math.exp(scores[chosen] - best)
        chosen += 1
    _lay(rng, p, found[chosen])


def _maximise(p: Point, t: Cells, w: Work, wanted: int) -> None:
    lists = p.x.shape[0]
    for k in range(wanted):
        for j in range(lists):
            w.gx[j, k] = 0.0
    gather(t, w, 1.0, wanted)
    for k in range(wanted):
        # Those of the class on no list are part of what is missing: as many as its chances give.
        everyone = w.g[0, k] / w.some[k] + 2.0 * WEAK
        p.y[k] = math.log(w.g[0, k] + 1e-9)
        for j in range(lists):
            share = (w.gx[j, k] + WEAK) / everyone
            share = min(max(share, 1e-6), 1.0 - 1e-6)
            p.x[j, k] = math.log(share) - math.log1p(-share)


def _lay(rng: Generator, p: Point, fit: Array) -> None:
    """Lay a fit down, largest class first; the classes left over come from the prior, ever smaller."""
    lists, classes = p.x.shape
    p.a[0] = 1.0
    low = math.inf
    for place in range(classes):
        at = 0
        for k in range(classes):
            if fit[k, lists] > fit[at, lists]:
                at = k
        y = fit[at, lists]
        fit[at, lists] = -math.inf
        if y > -600.0:
            p.y[place] = y
            low = min(low, y)
            for j in range(lists):
                p.x[j, place] = fit[at, j]
        else:
            low -= 1.0
            p.y[place] = low - 3.0
            for j in range(lists):
                u = rng.random()
                x = math.log(u + 1e-300) - math.log1p(-u)
                p.x[j, place] = min(max(x, 1.0 - FAR), FAR - 1.0)


LOOPS = ("gather", "chances", "fit", "_maximise", "_lay", "seek")
