"""Which records hang together by pairs, and the pairs of each such component side by side.

A component only bounds the work: what is joined inside it is decided by clustering and drawing. A component
that would hold more records than `largest` is grown best pair first and stops there; the pairs across the
gaps are left out and counted. Components are numbered by their smallest record.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from holdfire.compiling import loops

Ints = npt.NDArray[np.int64]
Smalls = npt.NDArray[np.int32]


def find(parent: npt.NDArray[Any], x: int) -> int:
    """Return the root of a record, halving the path to it."""
    while parent[x] != x:
        parent[x] = parent[parent[x]]
        x = parent[x]
    return x


def join(parent: Smalls, a: Smalls, b: Smalls) -> None:
    """Join the two records of each pair; the root is the smaller one."""
    for k in range(len(a)):
        x, y = find(parent, a[k]), find(parent, b[k])
        if x < y:
            parent[y] = x
        elif y < x:
            parent[x] = y


def join_within(parent: Smalls, size: Smalls, a: Smalls, b: Smalls, order: Ints, largest: int) -> None:
    """Join pairs in an order, but never into a component of more than `largest` records."""
    for k in order:
        x, y = find(parent, a[k]), find(parent, b[k])
        if x != y and size[x] + size[y] <= largest:
            x, y = min(x, y), max(x, y)
            parent[y] = x
            size[x] += size[y]


def flatten(parent: Smalls) -> None:
    """Point each record at its root. A root is smaller than what hangs on it, so one pass does."""
    for x in range(len(parent)):
        parent[x] = parent[parent[x]]


def place(group: Smalls, items: Smalls, starts: Ints, out: Smalls) -> None:
    """Write the items of each group side by side, in their own order (`starts` is used up)."""
    for k in range(len(items)):
        g = group[k]
        out[starts[g]] = items[k]
        starts[g] += 1


LOOPS = ("find", "join", "join_within", "flatten", "place")


class Laid(NamedTuple):
    """Pairs side by side by component, in the shape that loops take.

    Attributes:
        records: As in Components.
        first: As there.
        pairs: As there.
        begin: As there.
        a: One record of each pair.
        b: The other, which is greater.
        weight: Weight of each pair [millibits], or the mark of a judgement (agglomerating.MUST, CANNOT).
        source: Source of each record.
        cost: What two records of each source must outweigh [millibits]; agglomerating.REFUSED: never one.
    """

    records: Smalls
    first: Ints
    pairs: Smalls
    begin: Ints
    a: Smalls
    b: Smalls
    weight: Smalls
    source: Smalls
    cost: Ints


@dataclass(frozen=True, slots=True)
class Components:
    """Components of two records or more, in order of their smallest record.

    Attributes:
        records: Records, component by component, in ascending order (m).
        first: Where the records of component c begin: from `first[c]` to `first[c + 1]`.
        pairs: Places of pairs in the table given, component by component.
        begin: Where the pairs of component c begin.
        cut: Pairs left out because their component would have grown too large.
    """

    records: Smalls
    first: Ints
    pairs: Smalls
    begin: Ints
    cut: int

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.first) - 1


def components(count: int, a: Smalls, b: Smalls, weight: Smalls, largest: int) -> Components:
    """Return the components that pairs make.

    Args:
        count: Records.
        a: One record of each pair.
        b: The other.
        weight: By which pairs are chosen where a component would grow too large; greater is better.
        largest: Most records of a component.
    """
    loop = loops(__name__, len(a))
    parent = np.arange(count, dtype=np.int32)
    loop.join(parent, a, b)
    loop.flatten(parent)
    size = np.bincount(parent, minlength=count)
    inside = np.ones(len(a), np.bool_)
    if len(a) and size.max() > largest:
        _cut(parent, size > largest, a, b, weight, largest, loop)
        inside = parent[a] == parent[b]
        size = np.bincount(parent, minlength=count)
    roots = np.flatnonzero(size > 1)
    number = np.full(count, -1, np.int32)
    number[roots] = np.arange(len(roots), dtype=np.int32)
    of = number[parent]
    held = np.flatnonzero(of >= 0).astype(np.int32)
    kept = np.flatnonzero(inside).astype(np.int32)
    return Components(
        *_side_by_side(of[held], held, len(roots), loop),
        *_side_by_side(of[a[kept]], kept, len(roots), loop),
        len(a) - len(kept),
    )


def _cut(
    parent: Smalls,
    over: npt.NDArray[np.bool_],
    a: Smalls,
    b: Smalls,
    weight: Smalls,
    largest: int,
    loop: Any,
) -> None:
    """Take the components that are too large apart and grow them again, best pair first."""
    members = over[parent]
    again = np.flatnonzero(members[a])
    order = again[np.lexsort((b[again], a[again], -weight[again].astype(np.int64)))]
    parent[members] = np.flatnonzero(members)
    loop.join_within(parent, np.ones(len(parent), np.int32), a, b, order, largest)
    loop.flatten(parent)


def _side_by_side(group: Smalls, items: Smalls, groups: int, loop: Any) -> tuple[Smalls, Ints]:
    starts = np.concatenate([[0], np.cumsum(np.bincount(group, minlength=groups))]).astype(np.int64)
    out = np.empty(len(items), np.int32)
    loop.place(group, items, starts[:-1].copy(), out)
    return out, starts
