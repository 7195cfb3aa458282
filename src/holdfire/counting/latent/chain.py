"""One chain of the latent-class sampler: a ladder of heats, of which the last rung is the posterior itself.

A ladder of one rung is a plain chain. With more, a rung of heat 0 draws from the prior, and neighbours trade
points in turns, odd and even (Syed, S. et al. 2022, JRSS B 84(2): what comes down from the prior is new).
"""

from __future__ import annotations

import math
from typing import NamedTuple

from numpy.random import Generator

from holdfire.counting.latent.dealing import strengthen, sweep
from holdfire.counting.latent.moves import glide, relabel, scatter
from holdfire.counting.latent.room import Array, Cells, Point, Work
from holdfire.counting.latent.target import chances, mixture
from holdfire.counting.latent.throwing import binomial, undocumented

AIM = 0.7
"""Share of paths that should be taken, which step lengths are fitted to before draws count."""
RARE = 0.02
"""Share of sweeps that may find someone in a class that paths leave where it is."""


class Ladder(NamedTuple):
    """The rungs of one chain.

    Attributes:
        heats: Power of the likelihood on each rung, rising (rungs,); the last is 1.
        steps: Step length of each rung (rungs,); it is fitted while `fit` is asked.
        y: As in Point, by rung (rungs, classes).
        x: As there (rungs, lists, classes).
        a: As there (rungs, 1).
        refused: Sum of the chances with which each pair of neighbours refused to trade (rungs - 1,).
        trades: Offers so far of each pair (rungs - 1,).
        upto: Classes that paths move on each rung (rungs,).
        last: How often each class was the last that anyone was in, at full heat (classes,).
        origin: For each rung, where its point last came from: 0 the bottom, 1 the top, -1 neither (rungs,).
        trips: Points that came from the bottom to the top (1,).
    """

    heats: Array
    steps: Array
    y: Array
    x: Array
    a: Array
    refused: Array
    trades: Array
    upto: Array
    last: Array
    origin: Array
    trips: Array


class Kept(NamedTuple):
    """What a chain keeps of each draw that counts (draws,).

    Attributes:
        total: People in all.
        likelihood: Log likelihood.
        classes: Classes that hold a documented person.
        above: How often a table drawn from a draw has more people than the one at hand, ties by half, pair by
            pair as Cells.pairs has them (lists + 1, lists).
    """

    total: Array
    likelihood: Array
    classes: Array
    above: Array


def walk(  # noqa: PLR0913, PLR0917 - a compiled loop takes its room from outside
    rng: Generator,
    ladder: Ladder,
    t: Cells,
    q: Point,
    v: Point,
    w: Work,
    fallen: Array,
    every: int,
    leaps: int,
    turn: int,
    fit: bool,
    kept: Kept,
) -> None:
    """Go on for as many draws as `kept` has room for, each after so many iterations.

    Args:
        rng: Randomness.
        ladder: Where the chain stands; it is moved.
        t: The table.
        q: Room.
        v: Room.
        w: Room.
        fallen: Room for the log likelihood of each rung (rungs,).
        every: Iterations between draws.
        leaps: Leaps of a path, on average.
        turn: Iterations done so far; it only tells odd from even.
        fit: Whether step lengths are fitted.
        kept: Room for draws.
    """
    rungs, held = len(ladder.heats), 0
    chances(ladder.x[rungs - 1], w, ladder.y.shape[1])
    for draw in range(len(kept.total)):
        for i in range(every):
            for r in range(rungs):
                p = Point(ladder.y[r], ladder.x[r], ladder.a[r])
                gain = 2.0 / (10.0 + turn + draw * every + i) ** 0.6 if fit else 0.0
                _move(rng, ladder, p, q, v, r, leaps, gain, t, w)
                if r == rungs - 1:
                    held = sweep(rng, p, q, t, w)
                    if fit:
                        _mark(ladder, w)
                if rungs > 1:
                    fallen[r] = mixture(p.y, t, w)
            if rungs > 1:
                _trades(rng, ladder, fallen, (turn + draw * every + i) % 2)
        _keep(rng, ladder, t, w, held, draw, fit, kept)


def _keep(
    rng: Generator, ladder: Ladder, t: Cells, w: Work, held: int, draw: int, fit: bool, kept: Kept
) -> None:
    """Keep what is kept of a draw."""
    top = len(ladder.heats) - 1
    if top > 0:
        chances(ladder.x[top], w, len(w.seen))
    kept.likelihood[draw] = mixture(ladder.y[top], t, w)
    missing = 0.0
    for k in range(len(w.seen)):
        w.gy[k] = w.seen[k] * w.none[k] / w.some[k]
        missing += w.gy[k]
    kept.classes[draw] = held
    kept.total[draw] = t.total + undocumented(rng, missing, t.total)
    if not fit:
        _compare(rng, t, w, kept.above)


def _move(  # noqa: PLR0913, PLR0917 - as walk
    rng: Generator,
    ladder: Ladder,
    p: Point,
    q: Point,
    v: Point,
    r: int,
    leaps: int,
    gain: float,
    t: Cells,
    w: Work,
) -> None:
    """Move the point of one rung, and fit its step by so much of what the path fell short of the aim."""
    if ladder.heats[r] == 0.0:
        scatter(rng, p, w)
        return
    if len(ladder.heats) > 1:  # else they are there from the last sweep
        chances(p.x, w, len(p.y))
    taken = glide(rng, p, q, v, ladder.heats[r], ladder.steps[r], leaps, ladder.upto[r], t, w)
    ladder.steps[r] *= math.exp(gain * (taken - AIM))
    chances(p.x, w, ladder.upto[r])
    relabel(rng, p, w)
    strengthen(rng, p, w)


def _mark(ladder: Ladder, w: Work) -> None:
    """Mark the last class that anyone is in."""
    last = len(w.dealt) - 1
    while last > 0 and w.dealt[last] == 0:
        last -= 1
    ladder.last[last] += 1


def fewer(ladder: Ladder) -> None:
    """Let paths at full heat move as many of the first classes as nearly always hold everyone."""
    classes: int = ladder.y.shape[1]
    beyond = 0
    count = 0
    for k in range(classes):
        count += ladder.last[k]
    upto = classes
    while upto > 1 and beyond + ladder.last[upto - 1] <= RARE * count:
        upto -= 1
        beyond += ladder.last[upto]
    ladder.upto[len(ladder.heats) - 1] = upto


def _compare(rng: Generator, t: Cells, w: Work, above: Array) -> None:
    """Draw how many people each two lists would share, and add 1 where it is more than they do."""
    lists, classes = w.chance.shape
    once = 0.0
    for k in range(classes):
        w.spare[k] = w.seen[k] / w.some[k]
        for j in range(lists):
            once += w.gy[k] * w.odds[j, k]
    above[lists, 0] += _more(rng, t.total, once, t.pairs[lists, 0])
    for i in range(lists):
        for k in range(classes):
            w.gx[i, k] = w.spare[k] * w.chance[i, k]
        for j in range(i, lists):
            share = 0.0
            for k in range(classes):
                share += w.gx[i, k] * (1.0 if i == j else w.chance[j, k])
            above[i, j] += _more(rng, t.total, share, t.pairs[i, j])


def _more(rng: Generator, total: float, share: float, seen: float) -> float:
    drawn = binomial(rng, int(total), min(max(share, 0.0), 1.0))
    return 0.5 if drawn == seen else 1.0 if drawn > seen else 0.0


def _trades(rng: Generator, ladder: Ladder, fallen: Array, odd: int) -> None:
    rungs = len(ladder.heats)
    for r in range(odd, rungs - 1, 2):
        gain = (ladder.heats[r + 1] - ladder.heats[r]) * (fallen[r] - fallen[r + 1])
        chance = math.exp(min(0.0, gain))
        ladder.refused[r] += 1.0 - chance
        ladder.trades[r] += 1.0
        if rng.random() < chance:
            for k in range(ladder.y.shape[1]):
                ladder.y[r, k], ladder.y[r + 1, k] = ladder.y[r + 1, k], ladder.y[r, k]
                for j in range(ladder.x.shape[1]):
                    ladder.x[r, j, k], ladder.x[r + 1, j, k] = ladder.x[r + 1, j, k], ladder.x[r, j, k]
            ladder.a[r, 0], ladder.a[r + 1, 0] = ladder.a[r + 1, 0], ladder.a[r, 0]
            ladder.origin[r], ladder.origin[r + 1] = ladder.origin[r + 1], ladder.origin[r]
    ladder.origin[0] = 0
    if ladder.origin[rungs - 1] == 0:
        ladder.trips[0] += 1
    ladder.origin[rungs - 1] = 1


LOOPS = (
    "binomial",
    "chances",
    "mixture",
    "glide",
    "relabel",
    "scatter",
    "strengthen",
    "sweep",
    "undocumented",
    "_trades",
    "_more",
    "_mark",
    "fewer",
    "_compare",
    "_keep",
    "_move",
    "walk",
)
