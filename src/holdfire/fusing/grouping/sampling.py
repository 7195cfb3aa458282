"""Move records of a component between groups by chance, as often as the evidence says.

The loop of drawing.py, on whole numbers only (see compiling.py): chance comes from a counter hashed with the
seed and the component's smallest record, and odds from a table, so that any number of threads, any stretch
of components and both ways of running give the same draws. A group of k units scores 2 / k times the sum of
its pair weights, which is (k - 1) times their mean: as many links as it takes to hold k units together,
each as strong as the pairs are on average. The plain sum counts the prior and every agreement k / 2 times.
A unit is a record, or several that were judged the same; its weight with another is the mean over records.

Two moves leave that distribution as it is: one unit goes to a group of a neighbour, stays or stands alone,
by its conditional odds (Gibbs); two units that share a neighbour change places (Metropolis), without which a
source of distinct records could hardly trade one partner for another.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from holdfire.fusing.grouping.agglomerating import (
    BAN,
    HEAD,
    KIN,
    NEXT,
    OTHER,
    REFUSED,
    SIZE,
    SUM,
    cost_of,
    fold,
    set_up,
    widest,
)
from holdfire.fusing.grouping.components import Ints, Laid, Smalls, find

LOW, HALF = (1 << 62) - 1, (1 << 31) - 1
# Steele, G. L., Lea, D. and Flood, C. H. (2014), Fast splittable pseudorandom number generators: the
# constants of their mix, modulo 2 ** 62.
STEP, FIRST, SECOND = 0x1E3779B97F4A7C15, 0x3F58476D1CE4E5B9, 0x14D049BB133111EB

FINEST = 1 << 32
"""What certainty counts as, in whole numbers; odds below one in as many are none."""

ODDS = np.array([round(FINEST * 2 ** (-k / 1000)) for k in range(1000)], np.int64)
"""Odds at 0 to 999 millibits below the best."""

# Rows of `state`: group of each unit, its next and previous there; first unit, size and sum of a group;
# scratch by group; groups that are free.
GROUP, AFTER, BEFORE, FIRST_UNIT, UNITS, TOTAL, NEAR, FREE = range(8)


def times(x: int, y: int) -> int:
    """Return a product modulo 2 ** 62, by halves: compiled loops take it that no product overflows."""
    low, high = x & HALF, x >> 31
    return (low * (y & HALF) + (((high * (y & HALF) + low * (y >> 31)) & HALF) << 31)) & LOW


def mixed(x: int) -> int:
    """Return a number of 62 bits that looks like chance, of one of 62 bits."""
    x = times((x ^ (x >> 30)) & LOW, FIRST)
    x = times(x ^ (x >> 27), SECOND)
    return x ^ (x >> 31)


def odds(below: int) -> int:
    """Return the odds of what lies so many millibits below the best, which counts FINEST."""
    return int(ODDS[below % 1000]) >> (below // 1000) if below < 32000 else 0


def score(total: int, units: int, absent: int) -> int:
    """Return the score of a group [millibits]; `total` is what its pairs weigh beyond `absent`."""
    if units < 2:
        return 0
    return 2 * total // units + (units - 1) * absent


def leave(state: Ints, i: int, near: int) -> None:
    """Take a unit out of its group; `near` is what it weighs with the rest of it."""
    g = state[GROUP, i]
    after, before = state[AFTER, i], state[BEFORE, i]
    if before >= 0:
        state[AFTER, before] = after
    else:
        state[FIRST_UNIT, g] = after
    if after >= 0:
        state[BEFORE, after] = before
    state[UNITS, g] -= 1
    state[TOTAL, g] -= near


def enter(state: Ints, i: int, g: int, near: int) -> None:
    """Put a unit into a group."""
    state[GROUP, i], state[BEFORE, i], state[AFTER, i] = g, -1, state[FIRST_UNIT, g]
    if state[FIRST_UNIT, g] >= 0:
        state[BEFORE, state[FIRST_UNIT, g]] = i
    state[FIRST_UNIT, g] = i
    state[UNITS, g] += 1
    state[TOTAL, g] += near


def cost_in(state: Ints, nodes: Ints, kin: Ints, cost: Ints, many: Ints, i: int, g: int) -> int:
    """Return what the sources shared by a unit and the units of a group cost, or REFUSED."""
    total, j = 0, state[FIRST_UNIT, g] if nodes[KIN, i] >= 0 else -1
    while j >= 0 and total != REFUSED:
        if j != i:
            more = cost_of(nodes, kin, cost, many, i, j)
            total = REFUSED if more == REFUSED else total + more
        j = state[AFTER, j]
    return total


def near(state: Ints, edges: Ints, nodes: Ints, i: int, g: int) -> int:
    """Return what a unit weighs with the other units of a group, beyond `absent`."""
    total, e = 0, nodes[HEAD, i]
    while e >= 0:
        if state[GROUP, edges[OTHER, e]] == g:
            total += edges[SUM, e]
        e = edges[NEXT, e]
    return int(total) if total > BAN // 2 else BAN


def visit(
    state: Ints, nodes: Ints, edges: Ints, kin: Ints, cost: Ints, many: Ints, absent: int, i: int, key: int
) -> None:
    """Let one unit choose its group by chance."""
    old = state[GROUP, i]
    held = near(state, edges, nodes, i, old) - max(0, cost_in(state, nodes, kin, cost, many, i, old))
    leave(state, i, held)
    # A group of its own is the one it leaves empty, or any empty one; there are as many groups as units.
    alone = old
    if state[UNITS, old] > 0:
        alone = state[FREE, 0]
        while state[UNITS, alone] > 0:
            alone = (alone + 1) % state.shape[1]
        state[FREE, 0] = alone
    e = nodes[HEAD, i]
    while e >= 0:
        state[NEAR, state[GROUP, edges[OTHER, e]]] = 0
        e = edges[NEXT, e]
    e = nodes[HEAD, i]
    while e >= 0:
        g = state[GROUP, edges[OTHER, e]]
        total = state[NEAR, g] + edges[SUM, e]
        state[NEAR, g] = total if total > BAN // 2 else BAN
        e = edges[NEXT, e]
    best, e = 0, nodes[HEAD, i]
    choices = [(0, alone, 0)]
    while e >= 0:
        g = state[GROUP, edges[OTHER, e]]
        if state[NEAR, g] > BAN // 2:
            more = cost_in(state, nodes, kin, cost, many, i, g)
            if more != REFUSED:
                total, k = state[NEAR, g] - more, state[UNITS, g]
                gain = score(state[TOTAL, g] + total, k + 1, absent) - score(state[TOTAL, g], k, absent)
                choices.append((gain, g, total))
                best = max(best, gain)
            state[NEAR, g] = BAN  # looked at
        e = edges[NEXT, e]
    whole = 0
    for choice in choices:
        whole += odds(best - choice[0])
    left, pick = mixed(key) % whole, 0
    while left >= odds(best - choices[pick][0]):
        left -= odds(best - choices[pick][0])
        pick += 1
    enter(state, i, choices[pick][1], choices[pick][2])


def neighbour(nodes: Ints, edges: Ints, degree: Ints, i: int, key: int) -> int:
    """Return one of the neighbours of a unit by chance."""
    e = nodes[HEAD, i]
    for _ in range(mixed(key) % degree[i]):
        e = edges[NEXT, e]
    return int(edges[OTHER, e])


def change_places(  # noqa: PLR0913, PLR0917 - compiled loops take plain arrays
    state: Ints,
    nodes: Ints,
    edges: Ints,
    kin: Ints,
    cost: Ints,
    many: Ints,
    absent: int,
    i: int,
    j: int,
    key: int,
) -> None:
    """Let two units change places, or not, by chance."""
    g, h = state[GROUP, i], state[GROUP, j]
    was = score(state[TOTAL, g], state[UNITS, g], absent) + score(state[TOTAL, h], state[UNITS, h], absent)
    i_here = near(state, edges, nodes, i, g) - max(0, cost_in(state, nodes, kin, cost, many, i, g))
    j_here = near(state, edges, nodes, j, h) - max(0, cost_in(state, nodes, kin, cost, many, j, h))
    leave(state, i, i_here)
    leave(state, j, j_here)
    state[GROUP, i] = state[GROUP, j] = -1
    i_cost = cost_in(state, nodes, kin, cost, many, i, h)
    j_cost = cost_in(state, nodes, kin, cost, many, j, g)
    i_there, j_there = near(state, edges, nodes, i, h), near(state, edges, nodes, j, g)
    allowed = min(i_cost, j_cost) >= 0 and min(i_there, j_there) > BAN // 2
    if allowed:
        enter(state, i, h, i_there - i_cost)
        enter(state, j, g, j_there - j_cost)
        now = score(state[TOTAL, g], state[UNITS, g], absent) + score(
            state[TOTAL, h], state[UNITS, h], absent
        )
        if now >= was or mixed(key) % FINEST < odds(was - now):
            return
        leave(state, i, i_there - i_cost)
        leave(state, j, j_there - j_cost)
    enter(state, i, g, i_here)
    enter(state, j, h, j_here)


def draw_range(  # noqa: PLR0913, PLR0917 - compiled loops take plain arrays
    low: int,
    high: int,
    laid: Laid,
    local: Smalls,
    absent: int,
    start: Ints,
    plan: tuple[int, int, int, int],
    drawn: Smalls,
    together: Smalls,
    refused: npt.NDArray[np.bool_],
    entities: Ints,
    linked: Ints,
) -> None:
    """Draw groups of the records of components `low` to `high`.

    Args:
        low: First component.
        high: Component after the last.
        laid: Pairs, by component; the offset is in their weights.
        local: Scratch, one place a record.
        absent: Weight of a pair that is not there, offset included [millibits].
        start: Group of each record to begin with.
        plan: Draws, sweeps before the first, sweeps for each, seed.
        drawn: Written: smallest record of the group, by draw and place in `laid.records`; or of no columns.
        together: Written: draws in which the two of each pair are of one group.
        refused: As in agglomerating.set_up.
        entities: Written: groups in each draw.
        linked: Written: pairs of `laid` of one group in each draw.
    """
    draws, before, sweeps, seed = plan
    most, more = widest(laid, low, high)
    all_parent, all_kin, all_degree = (
        np.empty(most, np.int64),
        np.empty(most, np.int64),
        np.empty(most, np.int64),
    )
    all_nodes, all_state = np.empty((8, most), np.int64), np.empty((8, most), np.int64)
    all_edges, many = np.empty((3, 2 * more), np.int64), np.zeros(len(laid.cost), np.int64)
    for c in range(low, high):
        n, m = laid.first[c + 1] - laid.first[c], laid.begin[c + 1] - laid.begin[c]
        parent, nodes, edges, kin = all_parent[:n], all_nodes[:, :n], all_edges[:, : 2 * m], all_kin[:n]
        state, degree = all_state[:, :n], all_degree[:n]
        set_up(laid, c, local, absent, parent, nodes, edges, kin, many, refused)
        begin(laid, laid.first[c], local, start, parent, nodes, edges, kin, many, state, degree)
        key = mixed((seed + mixed(int(laid.records[laid.first[c]]) + STEP)) & LOW)
        for t in range(before + draws * sweeps):
            key = sweep(state, nodes, edges, kin, laid.cost, many, absent, degree, key)
            if t >= before and (t - before) % sweeps == sweeps - 1:
                d = (t - before) // sweeps
                count(laid, c, local, parent, state, together, entities[d : d + 1], linked[d : d + 1])
                if drawn.shape[1] > 0:
                    write(laid, laid.first[c], parent, state, drawn[d])


def sweep(
    state: Ints,
    nodes: Ints,
    edges: Ints,
    kin: Ints,
    cost: Ints,
    many: Ints,
    absent: int,
    degree: Ints,
    key: int,
) -> int:
    """Let every unit that has a neighbour move, in order, and return the next number of the counter."""
    for i in range(len(degree)):
        if degree[i] > 0:
            visit(state, nodes, edges, kin, cost, many, absent, i, key)
            v = neighbour(nodes, edges, degree, i, key + 1)
            j = neighbour(nodes, edges, degree, v, key + 2)
            if state[GROUP, i] != state[GROUP, j]:
                change_places(state, nodes, edges, kin, cost, many, absent, i, j, key + 3)
            key = (key + 4) & LOW
    return key


def count(
    laid: Laid,
    c: int,
    local: Smalls,
    parent: Ints,
    state: Ints,
    together: Smalls,
    entities: Ints,
    linked: Ints,
) -> None:
    """Count the groups of a component and the pairs that are of one group."""
    for g in range(len(parent)):
        if state[UNITS, g] > 0:
            entities[0] += 1
    for k in range(laid.begin[c], laid.begin[c + 1]):
        p = laid.pairs[k]
        x, y = parent[local[laid.a[p]]], parent[local[laid.b[p]]]
        if x == y or state[GROUP, x] == state[GROUP, y]:
            together[p] += 1
            linked[0] += 1


def begin(  # noqa: PLR0913, PLR0917 - compiled loops take plain arrays
    laid: Laid, first: int, local: Smalls, start: Ints, parent: Ints, nodes: Ints, edges: Ints, kin: Ints,
    many: Ints, state: Ints, degree: Ints,
) -> None:  # fmt: skip
    """Fold the pairs of each unit into means, and put the units into the groups to begin with."""
    n = len(parent)
    state[:, :] = -1
    state[UNITS, :] = 0
    state[TOTAL, :] = 0
    state[FREE, 0] = 0
    for i in range(n):
        parent[i] = find(parent, i)
        degree[i] = 0
    for i in range(n):
        if parent[i] == i:
            fold(parent, nodes, edges, i, False)
            e = nodes[HEAD, i]
            while e >= 0:
                if edges[SUM, e] > BAN // 2:
                    # Both directions hold the same sum, so both round to the same mean.
                    edges[SUM, e] = edges[SUM, e] // (nodes[SIZE, i] * nodes[SIZE, edges[OTHER, e]])
                degree[i] += 1
                e = edges[NEXT, e]
    for i in range(n):
        if parent[i] == i:
            g = local[start[laid.records[first + i]]]
            more = max(0, cost_in(state, nodes, kin, laid.cost, many, i, g))
            enter(state, i, g, near(state, edges, nodes, i, g) - more)


def write(laid: Laid, first: int, parent: Ints, state: Ints, row: Smalls) -> None:
    """Write the smallest record of each record's group; groups are named afresh, since slots are reused."""
    for g in range(len(parent)):
        state[NEAR, g] = -1
    for i in range(len(parent)):
        g = state[GROUP, parent[i]]
        if state[NEAR, g] < 0:
            state[NEAR, g] = laid.records[first + i]
        row[first + i] = state[NEAR, g]


LOOPS = (
    "find", "cost_of", "fold", "set_up", "widest", "times", "mixed", "odds", "score", "leave", "enter",
    "cost_in", "near", "visit", "neighbour", "change_places", "begin", "write", "sweep", "count",
    "draw_range",
)  # fmt: skip
