"""Patterns of lists as a tree: what each class adds to each pattern, down the tree, and sums up it.

A pattern's weight in a class is its parent's times the odds of one more list, so a step is one product, where
patterns taken each for itself cost one for each list. Every sum has its order written out, so draws stay
the same whatever the compiler does.
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
    """Fill in what classes from `start` to `end` add to each pattern, and the weight of each pattern.

    The root is given in `spare`; what other classes add is in `still`.
    """
    f = w.f
    for k in range(start, end):
        f[0, k] = w.spare[k]
    for i in range(1, len(t.parent)):
        up, j = t.parent[i], t.joins[i]
        for k in range(start, end):
            f[i, k] = f[up, k] * w.odds[j, k]
        w.h[i] = w.still[i] + TINY
    for k in range(start, end):  # patterns inside: sums of many that need not wait for one another
        for i in range(1, len(t.parent)):
            w.h[i] += f[i, k]


def gather(t: Cells, w: Work, heat: float, end: int) -> None:
    """Turn weights into people, by class, and add them up: all to the root of `g`, and by list to `gx`."""
    f, g, gx = w.f, w.g, w.gx
    for k in range(end):
        g[0, k] = 0.0
    for i in range(len(t.parent) - 1, 0, -1):
        up, j = t.parent[i], t.joins[i]
        r = heat * t.people[i] / w.h[i]
        for k in range(end):
            s = f[i, k] * r + g[i, k]
            g[i, k] = 0.0
            g[up, k] += s
            gx[j, k] += s


def tally(t: Cells, on: Array, got: Array) -> None:
    """Add up whole people by list, once each node's own are in `got` (nodes, classes), which is used up."""
    for i in range(len(t.parent) - 1, 0, -1):
        up, j = t.parent[i], t.joins[i]
        for k in range(got.shape[1]):
            on[j, k] += got[i, k]
            got[up, k] += got[i, k]


LOOPS = ("spread", "gather", "tally")
