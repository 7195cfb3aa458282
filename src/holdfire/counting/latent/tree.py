"""Patterns of lists as a tree: what each class adds to each pattern, down the tree, and sums up it.

A pattern's weight in a class is its parent's times the odds of one more list, so a step is one product, where
patterns taken each for itself cost one for each list. Four classes are taken at once, written out, which lets
the compiler use wide registers without changing the order of any sum: the draws stay the same everywhere.
"""

from __future__ import annotations

import numpy as np

from holdfire.counting.latent.room import TINY, Array, Cells, Work
from holdfire.counting.overlaps import Overlaps


def cells(table: Overlaps) -> Cells:
    """Return a table in the shape that loops take.

    Lists join in order of their size, so that patterns share as many of their first lists as may be.
    """
    alone = np.zeros((1, len(table.lists)), np.int64)
    alone[0, 0] = table.captured[1]
    order = np.argsort(-table.on.sum(axis=0), kind="stable")
    parent, joins, whole = [0], [0], [0]
    found: dict[tuple[int, ...], int] = {(): 0}
    for on, people in zip(table.on, table.counts, strict=True):
        path: tuple[int, ...] = ()
        for j in order[on[order]]:
            up, path = found[path], (*path, int(j))
            if path not in found:
                found[path] = len(parent)
                parent.append(up)
                joins.append(int(j))
                whole.append(0)
        whole[found[path]] = int(people)
    return Cells(
        np.array(parent, np.int64),
        np.array(joins, np.int64),
        np.array(whole, np.float64),
        np.array(whole, np.int64),
        float(table.documented),
        np.concatenate([table.pairs, alone]).astype(np.float64),
    )


def spread(t: Cells, w: Work, start: int, end: int) -> None:
    """Fill in what classes from `start` to `end`, in lanes, add to each pattern, and the weight of each.

    The root is given in `spare`; what other classes add is in `still`.
    """
    f, odds = w.f4, w.odds4
    for k in range(4 * start, 4 * end):
        w.f[0, k] = w.spare[k]
    for i in range(1, len(t.parent)):
        up, j = t.parent[i], t.joins[i]
        h0, h1, h2, h3 = w.still[i], 0.0, 0.0, TINY
        for b in range(start, end):
            f0 = f[up, b, 0] * odds[j, b, 0]
            f1 = f[up, b, 1] * odds[j, b, 1]
            f2 = f[up, b, 2] * odds[j, b, 2]
            f3 = f[up, b, 3] * odds[j, b, 3]
            f[i, b, 0], f[i, b, 1], f[i, b, 2], f[i, b, 3] = f0, f1, f2, f3
            h0, h1, h2, h3 = h0 + f0, h1 + f1, h2 + f2, h3 + f3
        w.h[i] = (h0 + h2) + (h1 + h3)


def gather(t: Cells, w: Work, heat: float, end: int) -> None:
    """Turn weights into people, by class, and add them up: all to the root of `g`, and by list to `gx`."""
    f, g, gx = w.f4, w.g4, w.gx4
    for b in range(end):
        g[0, b, 0], g[0, b, 1], g[0, b, 2], g[0, b, 3] = 0.0, 0.0, 0.0, 0.0
    for i in range(len(t.parent) - 1, 0, -1):
        up, j = t.parent[i], t.joins[i]
        r = heat * t.people[i] / w.h[i]
        for b in range(end):
            s0 = f[i, b, 0] * r + g[i, b, 0]
            s1 = f[i, b, 1] * r + g[i, b, 1]
            s2 = f[i, b, 2] * r + g[i, b, 2]
            s3 = f[i, b, 3] * r + g[i, b, 3]
            u0, u1, u2, u3 = g[up, b, 0] + s0, g[up, b, 1] + s1, g[up, b, 2] + s2, g[up, b, 3] + s3
            x0, x1, x2, x3 = gx[j, b, 0] + s0, gx[j, b, 1] + s1, gx[j, b, 2] + s2, gx[j, b, 3] + s3
            g[i, b, 0], g[i, b, 1], g[i, b, 2], g[i, b, 3] = 0.0, 0.0, 0.0, 0.0
            g[up, b, 0], g[up, b, 1], g[up, b, 2], g[up, b, 3] = u0, u1, u2, u3
            gx[j, b, 0], gx[j, b, 1], gx[j, b, 2], gx[j, b, 3] = x0, x1, x2, x3


def tally(t: Cells, on: Array, got: Array) -> None:
    """Add up whole people by list, once each node's own are in `got` (nodes, classes), which is used up."""
    for i in range(len(t.parent) - 1, 0, -1):
        up, j = t.parent[i], t.joins[i]
        for k in range(got.shape[1]):
            on[j, k] += got[i, k]
            got[up, k] += got[i, k]


LOOPS = ("spread", "gather", "tally")
