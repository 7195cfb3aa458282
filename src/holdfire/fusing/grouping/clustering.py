"""Make groups of records of weighed pairs, under what is known of their sources and what people judged.

Six things hold, and tests/properties/test_clustering.py tries to break each:

* every record is in exactly one group;
* two records of a source that keeps its records distinct are never in one group;
* two records judged different are never in one group, and two judged the same are in one, unless that breaks
  one of the two rules above: then the judgement is named, never dropped in silence;
* pairs below the floor change nothing;
* the order in which pairs and judgements are given changes nothing: ties go by record;
* the number of threads changes nothing.

Groups of two or more are joined greedily by the mean weight of the pairs between them, where a pair that was
never found or fell below the floor counts as mild evidence against. Connected components, the usual last
step, chain what is barely alike into one. The mean (average linkage: Sokal, R. R. and Michener, C. D., 1958)
is what two groups say of each other whatever their sizes; a sum would count the prior once for every pair.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from holdfire.compiling import loops
from holdfire.errors import BadInput
from holdfire.fusing.grouping.agglomerating import CANNOT, MUST, REFUSED
from holdfire.fusing.grouping.components import Laid, components
from holdfire.records.source import Repeats

Numbers = npt.NDArray[np.int64]
Smalls = npt.NDArray[np.int32]

HEAVIEST = 1_000_000
"""Greatest weight of a pair that is taken, either way [millibits]."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of records and how much speaks for their being of one thing.

    Attributes:
        a: One record of each (m).
        b: The other (m).
        weight: Log2 posterior odds [millibits] (m).
    """

    a: npt.NDArray[Any]
    b: npt.NDArray[Any]
    weight: npt.NDArray[Any]

    @classmethod
    def of(cls, table: pa.Table) -> Pairs:
        """Return the pairs of a table with the columns a, b and weight."""
        return cls(*(table[name].to_numpy() for name in ("a", "b", "weight")))


@dataclass(frozen=True, slots=True)
class Judged:
    """What people decided about pairs of records.

    Attributes:
        same: Rows (a, b) of records judged to be one (k, 2).
        different: Rows of records judged to be two (l, 2).
    """

    same: Numbers
    different: Numbers

    @classmethod
    def none(cls) -> Judged:
        """Return that nobody decided anything."""
        return cls(np.empty((0, 2), np.int64), np.empty((0, 2), np.int64))


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """Choices of clustering, all in millibits but the last.

    Attributes:
        floor: Pairs below it are not looked at.
        offset: Added to the mean weight between two groups; they join where the sum is above 0. That the
            two are free, with no better partner, speaks for them, and their weight does not know it: on
            made-up incidents 3,000 to 4,000 gave the right number of groups and the best F1, at any density.
        absent: Weight of a pair that is not there.
        penalty: What two records of a source that is `mostly` distinct must outweigh.
        largest: Most records that are looked at together [records].
    """

    floor: int = -4250
    offset: int = 0
    absent: int = -6000
    penalty: int = 6000
    largest: int = 100_000


@dataclass(frozen=True, slots=True)
class Grouping:
    """What clustering gives.

    Attributes:
        groups: For each record the smallest record of its group.
        refused: Rows (a, b) judged the same that stay apart, because a rule or another judgement forbids it.
        cut: Pairs left out because more than `largest` records hung together.
    """

    groups: Numbers
    refused: Numbers
    cut: int


def group(
    pairs: Pairs,
    source: npt.NDArray[Any],
    behaviour: Sequence[Repeats],
    judged: Judged | None = None,
    settings: Joining | None = None,
    threads: int = 1,
) -> Grouping:
    """Return the groups that pairs make.

    Args:
        pairs: Weighed pairs; of a pair given twice the greater weight holds.
        source: Source of each record, a place in `behaviour` (n).
        behaviour: What each source does.
        judged: What people decided; none without it.
        settings: Choices.
        threads: How many may work at once.

    Raises:
        BadInput: A record or source that does not exist, a pair of one record with itself, a weight out of
            range, columns of unequal length.
    """
    settings = settings or Joining()
    laid, cut, contradicted = lay(pairs, source, behaviour, judged or Judged.none(), settings)
    groups = np.arange(len(source), dtype=np.int64)
    refused = np.zeros(len(laid.a), np.bool_)
    local = np.empty(len(source), np.int32)
    loop = loops("holdfire.fusing.grouping.agglomerating", len(laid.a))
    share(
        laid,
        threads,
        lambda low, high: loop.cluster_range(
            low, high, laid, local, settings.absent, -settings.offset, groups, refused
        ),
    )
    rows = np.stack([laid.a[refused], laid.b[refused]], axis=1).astype(np.int64)
    rows = np.concatenate([rows, contradicted])
    return Grouping(groups, rows[np.lexsort((rows[:, 1], rows[:, 0]))], cut)


def lay(
    pairs: Pairs, source: npt.NDArray[Any], behaviour: Sequence[Repeats], judged: Judged, settings: Joining
) -> tuple[Laid, int, Numbers]:
    """Return pairs and judgements by component, how many were cut, and rows judged both same and different.

    Raises:
        BadInput: As `group`.
    """
    count = len(source)
    _check(pairs, source, behaviour, judged)
    distinct = np.array([each is Repeats.DISTINCT for each in behaviour] or [False])
    costs = {Repeats.DISTINCT: REFUSED, Repeats.MOSTLY: settings.penalty, Repeats.REPEATS: 0}
    cost = np.array([costs[each] for each in behaviour] or [0], np.int64)
    keep = pairs.weight >= settings.floor
    if distinct.any():
        keep &= ~((source[pairs.a] == source[pairs.b]) & distinct[source[pairs.a]])
    same, different = _ordered(judged.same, count), _ordered(judged.different, count)
    both, same = np.intersect1d(same, different), np.setdiff1d(same, different)
    ruled = np.concatenate([same, different])
    a, b = np.minimum(pairs.a, pairs.b)[keep], np.maximum(pairs.a, pairs.b)[keep]
    weight = np.asarray(pairs.weight)[keep].astype(np.int32)
    if len(ruled):
        free = ~np.isin(a.astype(np.int64) * count + b, ruled)
        a, b, weight = a[free], b[free], weight[free]
    marks = np.concatenate([np.full(len(same), MUST), np.full(len(different), CANNOT)])
    a = np.concatenate([a, ruled // max(1, count)]).astype(np.int32)
    b = np.concatenate([b, ruled % max(1, count)]).astype(np.int32)
    weight = np.concatenate([weight, marks]).astype(np.int32)
    keys = a.astype(np.int64) * count + b
    if np.any(keys[1:] < keys[:-1]):  # draws look at a record's pairs in this order
        order = np.lexsort((weight, keys))
        a, b, weight = a[order], b[order], weight[order]
    found = components(count, a, b, weight, settings.largest)
    contradicted = np.stack([both // max(1, count), both % max(1, count)], axis=1)
    parts = (found.records, found.first, found.pairs, found.begin)
    return Laid(*parts, a, b, weight, source.astype(np.int32), cost), found.cut, contradicted


def share(laid: Laid, threads: int, work: Callable[[int, int], None]) -> None:
    """Run `work(low, high)` over all components, in stretches of about equal work."""
    count = len(laid.first) - 1
    if threads <= 1 or count < 2:
        if count:
            work(0, count)
        return
    load = (laid.first + laid.begin)[1:]
    cuts = np.searchsorted(load, np.linspace(0, load[-1], 4 * threads + 1)[1:-1]) + 1
    edges = [0, *(int(c) for c in np.unique(cuts) if c < count), count]
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(work, low, high) for low, high in pairwise(edges)]:
            done.result()


def _ordered(rows: Numbers, count: int) -> Numbers:
    """Return rows (a, b) as sorted numbers a * count + b with a < b, each once."""
    return np.unique(rows.min(axis=1) * count + rows.max(axis=1)) if len(rows) else np.empty(0, np.int64)


def _check(pairs: Pairs, source: npt.NDArray[Any], behaviour: Sequence[Repeats], judged: Judged) -> None:
    count = len(source)
    if not len(pairs.a) == len(pairs.b) == len(pairs.weight):
        raise BadInput(f"pairs have columns of {len(pairs.a)}, {len(pairs.b)} and {len(pairs.weight)} rows")
    if count >= 1 << 31 or len(pairs.a) >= 1 << 31:
        raise BadInput("more than two billion records or pairs", hint="cluster them in parts")
    if count and not 0 <= int(source.min()) <= int(source.max()) < len(behaviour):
        raise BadInput(f"sources are numbered to {int(source.max())}, and {len(behaviour)} are described")
    named = [pairs.a, pairs.b, judged.same.ravel(), judged.different.ravel()]
    if any(len(each) and not 0 <= int(each.min()) <= int(each.max()) < count for each in named):
        raise BadInput(f"a pair names a record that does not exist: there are {count}")
    ends = [(pairs.a, pairs.b), *((each[:, 0], each[:, 1]) for each in (judged.same, judged.different))]
    if any(bool(np.any(a == b)) for a, b in ends):
        raise BadInput("a record is paired with itself")
    if len(pairs.a) and max(-int(pairs.weight.min()), int(pairs.weight.max())) > HEAVIEST:
        raise BadInput(
            f"a weight is beyond {HEAVIEST} millibits", hint="weights are whole millibits of log2 odds"
        )
