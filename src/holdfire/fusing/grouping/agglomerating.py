"""Join the records of a component, best first, by the mean weight of the pairs between two groups.

The loop of clustering.py, on whole numbers and arrays only (see compiling.py). At each step the two groups
with the greatest mean weight become one, where a pair that is not there counts as `absent`; equal means are
taken in order of the groups' smallest records. Two records of a source that keeps its records distinct are
never of one group; two of a source that mostly does cost its penalty. It stops when no mean exceeds the line.

Work is bounded: a step looks at the pairs of the joined group once and folds those that lead to one
neighbour into one, so a thousand records that all resemble each other cost their pairs and little more.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import Any

import numpy as np
import numpy.typing as npt

from holdfire.fusing.grouping.components import Ints, Laid, Smalls, find

BAN = -(1 << 60)
"""Weight of a pair that was judged different; no sum of weights lifts it above any line."""

MUST = (1 << 31) - 1
"""Mark, in place of a weight, of a pair that was judged the same."""

CANNOT = -(1 << 31)
"""Mark, in place of a weight, of a pair that was judged different."""

REFUSED = -1
"""Cost of two groups that share a source whose records are distinct."""

# Rows of `nodes`: size, version, first and last pair, last seen pair; first and last of the members whose
# source minds, and the next of each such member.
SIZE, VERSION, HEAD, TAIL, SEEN, KIN, LAST, NEXT_KIN = range(8)
# Rows of `edges`: next pair of the group, neighbour, sum of weights beyond `absent`.
NEXT, OTHER, SUM = range(3)


def fold(parent: Ints, nodes: Ints, edges: Ints, group: int, greatest: bool) -> None:
    """Fold the pairs of a group that lead to one neighbour into one; pairs inside the group fall away.

    With `greatest` a pair given twice keeps its greater weight instead of the sum.
    """
    last, e = -1, nodes[HEAD, group]
    nodes[HEAD, group] = -1
    while e >= 0:
        after = edges[NEXT, e]
        to = find(parent, edges[OTHER, e])
        before = nodes[SEEN, to]
        if to == group:
            pass
        elif before >= 0 and greatest:
            edges[SUM, before] = max(edges[SUM, before], edges[SUM, e])
        elif before >= 0:
            total = edges[SUM, before] + edges[SUM, e]
            edges[SUM, before] = total if total > BAN // 2 else BAN
        else:
            nodes[SEEN, to] = e
            edges[OTHER, e] = to
            if last < 0:
                nodes[HEAD, group] = e
            else:
                edges[NEXT, last] = e
            last = e
        e = after
    nodes[TAIL, group] = last
    if last >= 0:
        edges[NEXT, last] = -1
    e = nodes[HEAD, group]
    while e >= 0:
        nodes[SEEN, edges[OTHER, e]] = -1
        e = edges[NEXT, e]


def unite(parent: Ints, nodes: Ints, edges: Ints, x: int, y: int) -> int:
    """Make one group of two and return its root, the smaller."""
    x, y = min(x, y), max(x, y)
    parent[y] = x
    nodes[SIZE, x] += nodes[SIZE, y]
    nodes[VERSION, x] += 1
    if nodes[HEAD, y] >= 0:
        if nodes[HEAD, x] < 0:
            nodes[HEAD, x] = nodes[HEAD, y]
        else:
            edges[NEXT, nodes[TAIL, x]] = nodes[HEAD, y]
        nodes[TAIL, x] = nodes[TAIL, y]
    if nodes[KIN, y] >= 0:
        if nodes[KIN, x] < 0:
            nodes[KIN, x] = nodes[KIN, y]
        else:
            nodes[NEXT_KIN, nodes[LAST, x]] = nodes[KIN, y]
        nodes[LAST, x] = nodes[LAST, y]
    return x


def cost_of(nodes: Ints, source: Ints, cost: Ints, many: Ints, x: int, y: int) -> int:
    """Return what it costs that two groups share sources [millibits], or REFUSED.

    Args:
        nodes: As above.
        source: Source of each record of the component.
        cost: Of each pair of one source [millibits]; REFUSED: its records are distinct.
        many: Scratch, a zero for each source.
        x: One group.
        y: The other.
    """
    total, k = 0, nodes[KIN, x]
    while k >= 0:
        many[source[k]] += 1
        k = nodes[NEXT_KIN, k]
    k = nodes[KIN, y]
    while k >= 0 and total != REFUSED:
        shared = many[source[k]] * cost[source[k]]
        total = REFUSED if shared < 0 else total + shared
        k = nodes[NEXT_KIN, k]
    k = nodes[KIN, x]
    while k >= 0:
        many[source[k]] = 0
        k = nodes[NEXT_KIN, k]
    return total


def banned(nodes: Ints, edges: Ints, x: int, y: int) -> bool:
    """Return whether some pair between two groups was judged different; pairs of x are folded."""
    e = nodes[HEAD, x]
    while e >= 0:
        if edges[OTHER, e] == y:
            return bool(edges[SUM, e] <= BAN // 2)
        e = edges[NEXT, e]
    return False


def offer(heap: list[Any], nodes: Ints, edges: Ints, x: int, absent: int, line: int, up: bool) -> None:
    """Put the pairs of a group with its neighbours on the heap, where their mean exceeds the line.

    With `up` only those with a greater neighbour, so that at the start each is put there once.
    """
    e = nodes[HEAD, x]
    while e >= 0:
        y = edges[OTHER, e]
        if not up or x < y:
            between = nodes[SIZE, x] * nodes[SIZE, y]
            total = edges[SUM, e] + between * absent
            if total // between > line:
                one, two = min(x, y), max(x, y)
                heappush(
                    heap,
                    (-(total // between), one, two, nodes[VERSION, one], nodes[VERSION, two], total, 0),
                )
        e = edges[NEXT, e]


def agglomerate(
    parent: Ints, nodes: Ints, edges: Ints, source: Ints, cost: Ints, many: Ints, absent: int, line: int
) -> None:
    """Join the groups of one component until no mean exceeds the line."""
    zero = np.int64(0)
    heap: Any = [(zero, zero, zero, zero, zero, zero, 0)]
    heap.pop()
    for x in range(len(parent)):
        if parent[x] == x:
            fold(parent, nodes, edges, x, False)  # its neighbours may have been joined by judgements
            offer(heap, nodes, edges, x, absent, line, True)
    while len(heap) > 0:
        _, x, y, vx, vy, total, exact = heappop(heap)
        if parent[x] != x or parent[y] != y or nodes[VERSION, x] != vx or nodes[VERSION, y] != vy:
            continue
        if exact == 0:
            more = cost_of(nodes, source, cost, many, x, y)
            if more == REFUSED:
                continue
            if more > 0:
                # What the sources cost is only counted when a pair comes up; it then waits for its new turn.
                mean = (total - more) // (nodes[SIZE, x] * nodes[SIZE, y])
                if mean > line:
                    heappush(heap, (-mean, x, y, vx, vy, total - more, 1))
                continue
        root = unite(parent, nodes, edges, x, y)
        fold(parent, nodes, edges, root, False)
        offer(heap, nodes, edges, root, absent, line, False)


def prepare(
    parent: Ints,
    nodes: Ints,
    edges: Ints,
    source: Ints,
    cost: Ints,
    x: Ints,
    y: Ints,
    weight: Ints,
    absent: int,
) -> None:
    """Lay out one component: each record a group of its own, each pair in the list of both its records."""
    for i in range(len(parent)):
        parent[i] = i
        nodes[:, i] = -1
        nodes[SIZE, i] = 1
        nodes[VERSION, i] = 0
        if cost[source[i]] != 0:
            nodes[KIN, i] = nodes[LAST, i] = i
    for k in range(len(x)):
        beyond = BAN if weight[k] == CANNOT else weight[k] - absent
        for e, one, other in ((2 * k, x[k], y[k]), (2 * k + 1, y[k], x[k])):
            edges[NEXT, e], edges[OTHER, e], edges[SUM, e] = -1, other, beyond
            if nodes[HEAD, one] < 0:
                nodes[HEAD, one] = e
            else:
                edges[NEXT, nodes[TAIL, one]] = e
            nodes[TAIL, one] = e
    for i in range(len(parent)):
        fold(parent, nodes, edges, i, True)


def oblige(
    parent: Ints, nodes: Ints, edges: Ints, source: Ints, cost: Ints, many: Ints, x: int, y: int
) -> bool:
    """Join two records that were judged the same; return whether nothing forbids it."""
    x, y = find(parent, x), find(parent, y)
    if x == y:
        return True
    fold(parent, nodes, edges, x, False)
    if cost_of(nodes, source, cost, many, x, y) == REFUSED or banned(nodes, edges, x, y):
        return False
    fold(parent, nodes, edges, unite(parent, nodes, edges, x, y), False)
    return True


def set_up(  # noqa: PLR0913, PLR0917 - compiled loops take plain arrays
    laid: Laid,
    c: int,
    local: Smalls,
    absent: int,
    parent: Ints,
    nodes: Ints,
    edges: Ints,
    kin: Ints,
    many: Ints,
    refused: npt.NDArray[np.bool_],
) -> None:
    """Lay out component c and join what was judged the same, marking the places of pairs where it may not be.

    Args:
        laid: Pairs, by component.
        c: Which component.
        local: Scratch, one place a record; left with the place of each record in the component.
        absent: Weight of a pair that is not there [millibits].
        parent: Written: root of each record of the component (n).
        nodes: Written (8, n).
        edges: Written (3, 2 * pairs).
        kin: Written: source of each record (n).
        many: Scratch, a zero for each source.
        refused: Where refused pairs are marked.
    """
    start, at, m = laid.first[c], laid.begin[c], laid.begin[c + 1] - laid.begin[c]
    for i in range(len(parent)):
        local[laid.records[start + i]] = i
        kin[i] = laid.source[laid.records[start + i]]
    ends = np.empty((3, m), np.int64)
    for k in range(m):
        p = laid.pairs[at + k]
        ends[0, k], ends[1, k], ends[2, k] = local[laid.a[p]], local[laid.b[p]], laid.weight[p]
    prepare(parent, nodes, edges, kin, laid.cost, ends[0], ends[1], ends[2], absent)
    for k in range(m):
        if ends[2, k] == MUST and not oblige(
            parent, nodes, edges, kin, laid.cost, many, ends[0, k], ends[1, k]
        ):
            refused[laid.pairs[at + k]] = True


def widest(laid: Laid, low: int, high: int) -> tuple[int, int]:
    """Return the most records and the most pairs of a component among some."""
    records, pairs = 1, 1
    for c in range(low, high):
        records = max(records, laid.first[c + 1] - laid.first[c])
        pairs = max(pairs, laid.begin[c + 1] - laid.begin[c])
    return records, pairs


def cluster_range(
    low: int,
    high: int,
    laid: Laid,
    local: Smalls,
    absent: int,
    line: int,
    groups: Ints,
    refused: npt.NDArray[np.bool_],
) -> None:
    """Write the group of each record of components `low` to `high`, and which obligations were refused.

    Args:
        low: First component.
        high: Component after the last.
        laid: Pairs, by component.
        local: Scratch, one place a record.
        absent: Weight of a pair that is not there [millibits].
        line: Means above it join [millibits].
        groups: Where the smallest record of each group is written.
        refused: Where the places of refused pairs are marked.
    """
    most, more = widest(laid, low, high)
    all_parent, all_kin = np.empty(most, np.int64), np.empty(most, np.int64)
    all_nodes = np.empty((8, most), np.int64)
    all_edges, many = np.empty((3, 2 * more), np.int64), np.zeros(len(laid.cost), np.int64)
    for c in range(low, high):
        n, m = laid.first[c + 1] - laid.first[c], laid.begin[c + 1] - laid.begin[c]
        parent, nodes, edges, kin = all_parent[:n], all_nodes[:, :n], all_edges[:, : 2 * m], all_kin[:n]
        set_up(laid, c, local, absent, parent, nodes, edges, kin, many, refused)
        agglomerate(parent, nodes, edges, kin, laid.cost, many, absent, line)
        for i in range(n):
            groups[laid.records[laid.first[c] + i]] = laid.records[laid.first[c] + find(parent, i)]


LOOPS = (
    "find", "fold", "unite", "cost_of", "banned", "offer", "agglomerate", "prepare", "oblige", "set_up",
    "widest", "cluster_range",
)  # fmt: skip
