"""Every decomposable graph of a few lists, as the sum of terms that its probability is.

A graph is chordal where its vertices can be taken away one by one, each with neighbours that all know each
other (Dirac 1961, Abh. Math. Semin. Univ. Hamburg 25:71-76). Taking v away with neighbours S multiplies the
probability of the table by that of the table of S and v and divides it by that of S, whichever order is taken
(Dawid and Lauritzen 1993, Annals of Statistics 21:1272-1317). So a graph is a row of whole numbers over the
subsets of the lists: +1 for each maximal clique, -1 for each separator, as often as it separates.

There are 8, 61, 822, 18,154 and 617,675 for 3 to 7 lists (OEIS A058862); tests/unit/test_graphs.py counts
them against another definition.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array, vstack

MOST_LISTS = 7
"""Most lists: of eight there are 30,888,596 graphs."""
CHUNK = 1 << 16
"""Graphs looked at in one go."""

Bits = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.int64]


@cache
def chordal(lists: int) -> Any:
    """Return every chordal graph of so many labelled lists: a sparse matrix of int8 (graphs, 2^lists).

    Graphs come in the order of their edges written as a binary number, so the complete graph is the last.
    """
    edges = list(combinations(range(lists), 2))
    total = 1 << len(edges)
    found = [
        _terms(lists, edges, np.arange(at, min(total, at + CHUNK), dtype=np.int64))
        for at in range(0, total, CHUNK)
    ]
    return csr_array(vstack(found, format="csr"))


def _terms(lists: int, edges: Sequence[tuple[int, int]], graphs: Numbers) -> Any:
    """Return the rows of those of some graphs that are chordal (chordal, 2^lists)."""
    near = np.zeros((lists, len(graphs)), np.uint8)
    for bit, (i, j) in enumerate(edges):
        there = (graphs >> bit & 1).astype(np.uint8)
        near[i] |= there << np.uint8(j)
        near[j] |= there << np.uint8(i)
    left = np.full(len(graphs), (1 << lists) - 1, np.uint8)
    rows: list[Numbers] = []
    subsets: list[Numbers] = []
    for _ in range(lists):  # a chordal graph loses at least one vertex each time round
        for v in range(lists):
            around = near[v] & left
            gone = np.flatnonzero(_simplicial(v, around, near, left))
            rows += [gone, gone]
            subsets += [(around[gone] | np.uint8(1 << v)).astype(np.int64), around[gone].astype(np.int64)]
            left[gone] &= np.uint8(~(1 << v) & 0xFF)
    signs = [np.full(len(each), 1 - 2 * (k % 2), np.int8) for k, each in enumerate(rows)]
    place = (np.concatenate(rows), np.concatenate(subsets))
    whole = coo_array((np.concatenate(signs), place), shape=(len(graphs), 1 << lists)).tocsr()
    whole = whole[np.flatnonzero(left == 0)]
    whole.eliminate_zeros()
    return whole


def _simplicial(v: int, around: Bits, near: Bits, left: Bits) -> npt.NDArray[np.bool_]:
    """Return in which graphs v is still there and all its neighbours know each other."""
    found: npt.NDArray[np.bool_] = (left >> np.uint8(v) & 1).astype(bool)
    for u in range(len(near)):
        if u != v:
            stranger = (around & ~near[u] & np.uint8(~(1 << u) & 0xFF)) != 0
            found &= ~((around >> np.uint8(u) & 1).astype(bool) & stranger)
    return found


def named(cliques: Sequence[int], lists: Sequence[str]) -> str:
    """Return a graph by its maximal cliques, in the field's notation.

    >>> named([0b011, 0b110], ["A", "B", "C"])
    '[A·B][B·C]'
    """
    inside = [[name for j, name in enumerate(lists) if clique >> j & 1] for clique in cliques]
    return "".join(f"[{'·'.join(each)}]" for each in sorted(inside, key=lambda names: (-len(names), names)))


def cliques(graph: Any) -> list[int]:
    """Return the maximal cliques of one row of `chordal`, each as the bits of its lists."""
    row = graph.tocoo()
    return [int(at) for at, sign in zip(row.coords[-1], row.data, strict=True) if sign > 0]
