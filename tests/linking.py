"""Pairs, sources and judgements of every shape, for the tests of clustering and drawing."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from holdfire.fusing.grouping.clustering import Joining, Judged, Pairs
from holdfire.records.source import Repeats

KINDS = [Repeats.DISTINCT, Repeats.DISTINCT, Repeats.MOSTLY, Repeats.REPEATS]
ROOMY = Joining(offset=1000)


def rows(listed: list[tuple[int, int]]) -> np.ndarray[Any, Any]:
    return np.array(listed, np.int64).reshape(-1, 2)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Pairs, np.ndarray[Any, Any], Judged]:
    """Return pairs among at most 14 records of four sources, and judgements that may contradict."""
    n = draw(st.integers(0, 14))
    ends = st.tuples(st.integers(0, max(0, n - 1)), st.integers(0, max(0, n - 1))).filter(
        lambda e: e[0] != e[1]
    )
    listed = draw(st.lists(ends, max_size=40, unique_by=lambda e: (min(e), max(e)))) if n > 1 else []
    # Few values, so that ties are common.
    weights = draw(st.lists(st.sampled_from([-9000, -3000, 0, 1000, 5000, 9000]), min_size=len(listed),
                            max_size=len(listed)))  # fmt: skip
    judged = st.lists(ends, max_size=3) if n > 1 else st.just([])
    table = rows(listed)
    pairs = Pairs(table[:, 0], table[:, 1], np.array(weights, np.int64))
    source = np.array(draw(st.lists(st.integers(0, 3), min_size=n, max_size=n)), np.int64)
    return pairs, source, Judged(rows(draw(judged)), rows(draw(judged)))


def shuffled(pairs: Pairs, judged: Judged, seed: int) -> tuple[Pairs, Judged]:
    chance = np.random.default_rng(seed)
    order = chance.permutation(len(pairs.a))
    turned = chance.random(len(order)) < 0.5
    a, b = pairs.a[order], pairs.b[order]
    again = Pairs(np.where(turned, b, a), np.where(turned, a, b), pairs.weight[order])
    return again, Judged(judged.same[::-1, ::-1], judged.different[::-1, ::-1])


def repeated(groups: np.ndarray[Any, Any], source: np.ndarray[Any, Any]) -> int:
    """Return how many groups hold two records of a source that keeps its records distinct."""
    held = [(int(g), int(s)) for g, s in zip(groups, source, strict=True) if KINDS[s] is Repeats.DISTINCT]
    return len(held) - len(set(held))


def made(seed: int, records: int, pairs: int) -> tuple[Pairs, np.ndarray[Any, Any], Judged]:
    chance = np.random.default_rng(seed)
    ends = chance.integers(0, records, (pairs, 2))
    ends = ends[ends[:, 0] != ends[:, 1]]
    weight = chance.integers(-4000, 9000, len(ends))
    table = Pairs(ends[:, 0], ends[:, 1], weight)
    return table, chance.integers(0, 4, records), Judged(ends[:3].copy(), ends[2:6].copy())
