"""Draws that the sweeps are made of: binomials, gammas in logs, sticks, people dealt to classes.

A pattern's people are dealt by binomial draws, the largest class first, and one by one once few are left: the
first draws place most of them, and the many classes with next to nobody cost nothing.

Binomial draws are by inversion where few are expected, else by transformed rejection, both exact (Hörmann, W.
1993, Journal of Statistical Computation and Simulation 46: algorithm BTRS).
"""

from __future__ import annotations

import math

from numpy.random import Generator

from holdfire.counting.latent.room import Array, Point

FEW = 12
"""So many people who are left of a pattern, or fewer, are dealt one by one: it is quicker."""
MOST = 1e15
"""Most people that are dealt to classes; beyond it a sweep is refused and the other moves go on."""
EXPECTED = 10.0
"""Fewest people expected of a binomial draw by rejection: the bounds of its hat hold from there on."""


def binomial(rng: Generator, people: int, share: float) -> int:
    """Draw how many of so many people are taken if each is, with this chance."""
    if share > 0.5:
        return people - _rarer(rng, people, 1.0 - share)
    return _rarer(rng, people, share)


def _rarer(rng: Generator, people: int, share: float) -> int:
    """Draw a binomial of chances up to a half."""
    n, p = float(people), share
    if n * p < EXPECTED:
        return _inverted(rng, n, p)
    q = 1.0 - p
    spread = math.sqrt(n * p * q)
    b = 1.15 + 2.53 * spread
    a = -0.0873 + 0.0248 * b + 0.01 * p
    centre, quick = n * p + 0.5, 0.92 - 4.2 / b
    while True:
        u = rng.random() - 0.5
        v = rng.random()
        near = 0.5 - abs(u)
        k = math.floor((2.0 * a / near + b) * u + centre) if near > 0.0 else -1.0
        if near >= 0.07 and v <= quick:
            return int(k)
        if k < 0.0 or k > n:
            continue
        m, r = math.floor((n + 1.0) * p), p / q
        bound = (m + 0.5) * math.log((m + 1.0) / (r * (n - m + 1.0)))
        bound += (n + 1.0) * math.log((n - m + 1.0) / (n - k + 1.0))
        bound += (k + 0.5) * math.log(r * (n - k + 1.0) / (k + 1.0))
        bound += _stirling(m) + _stirling(n - m) - _stirling(k) - _stirling(n - k)
        if math.log(v * (2.83 + 5.1 / b) * spread / (a / (near * near) + b) + 1e-300) <= bound:
            return int(k)


def _inverted(rng: Generator, n: float, p: float) -> int:
    """Draw by adding up chances from none upwards."""
    odds = p / (1.0 - p)
    chance = math.exp(n * math.log1p(-p))
    u, k = rng.random(), 0.0
    while u > chance and k < n:
        u -= chance
        k += 1.0
        chance *= (n - k + 1.0) * odds / k
    return int(k)


def _stirling(k: float) -> float:
    """Return log k! less Stirling's log(sqrt(2 pi)) + (k + 1/2) log(k + 1) - (k + 1)."""
    if k < 10.0:
        return math.lgamma(k + 1.0) - 0.9189385332046727 - (k + 0.5) * math.log(k + 1.0) + k + 1.0
    more = k + 1.0
    square = 1.0 / (more * more)
    return (1.0 / 12.0 - (1.0 / 360.0 - 1.0 / 1260.0 * square) * square) / more


def deal(
    rng: Generator, people: int, weight: Array, row: int, total: float, order: Array, got: Array
) -> None:
    """Add people to classes by weight.

    Args:
        rng: Randomness.
        people: How many.
        weight: Weights (rows, classes).
        row: Which row counts, of `weight` and of `got`.
        total: Sum of its weights.
        order: Classes, about the largest first; which it is changes no chance.
        got: People of each class (rows, classes).
    """
    left, rest, place, last = people, total, 0, len(order) - 1
    while left > FEW and place < last:
        k = order[place]
        share = weight[row, k] / rest if rest > weight[row, k] else 1.0
        here = binomial(rng, left, share) if share < 1.0 else left
        got[row, k] += here
        left -= here
        rest -= weight[row, k]
        place += 1
    if place == last:
        got[row, order[last]] += left
        return
    for _ in range(left):
        u, at = rng.random() * rest, place
        while at < last and u >= weight[row, order[at]]:
            u -= weight[row, order[at]]
            at += 1
        got[row, order[at]] += 1


def log_gamma(rng: Generator, shape: float) -> float:
    """Draw the log of a gamma; it stays exact however small the shape is."""
    if shape >= 1.0:
        return math.log(rng.standard_gamma(shape))
    # A gamma of shape s is one of s + 1 times u ** (1 / s).
    return math.log(rng.standard_gamma(shape + 1.0)) + math.log(1.0 - rng.random()) / shape


def stick(rng: Generator, p: Point, k: int, one: float, other: float, left: float) -> float:
    """Break a stick for class k, write its log share to y, and return the log of what is left."""
    if k == len(p.y) - 1:
        p.y[k] = left
        return left
    taken, kept = log_gamma(rng, one), log_gamma(rng, other)
    low, high = min(taken, kept), max(taken, kept)
    norm = high + math.log1p(math.exp(low - high))
    p.y[k] = left + taken - norm
    return left + kept - norm


def undocumented(rng: Generator, odds: float, total: float) -> float:
    """Draw how many people are on no list: negative binomial, as p(N) = 1 / N has it; huge ones as a float.

    Args:
        rng: Randomness.
        odds: People on no list for each documented one.
        total: Documented people.
    """
    mean = odds * rng.standard_gamma(total)
    return float(rng.poisson(mean)) if mean < MOST else mean


LOOPS = ("_stirling", "_inverted", "_rarer", "binomial", "deal", "log_gamma", "stick", "undocumented")
