"""Draw groupings as often as the evidence says, so that what is counted carries the doubt of its links.

Drawn groupings keep every rule of clustering (distinct sources, judgements), so the share of draws in which
two records are of one group, their co-membership, takes account of rivals: a record with two equally good
partners in a source of distinct records has each about half the time. That share is the confidence of a link.

Pair weights know nothing of rivals or of third records, so one offset is added to all of them, solved for
(`balance`) until as many pairs are linked on average as their calibrated probabilities say together. What
the offset should be is itself in doubt; with reviewed pairs it is solved anew for each resample of them
(calibrating.resampled), and the draws of all are pooled. tests/calibration/test_fusing_coverage.py says how
often intervals of the number of groups hold the truth: with the offset fixed, far less often than they say.
They speak of the pairs given: a link whose pair was never found, or lay below the floor, is in no draw.

Steorts, R. C., Hall, R. and Fienberg, S. E. (2016), A Bayesian approach to graphical record linkage and
deduplication, JASA 111(516), draws partitions; the score of a group is ours (see sampling.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from holdfire.compiling import loops
from holdfire.errors import BadInput
from holdfire.fusing.grouping.agglomerating import CANNOT, MUST
from holdfire.fusing.grouping.calibrating import Calibration, probability
from holdfire.fusing.grouping.clustering import Joining, Judged, Pairs, group, lay, share
from holdfire.fusing.grouping.components import Laid
from holdfire.records.source import Repeats

Numbers = npt.NDArray[np.int64]
Smalls = npt.NDArray[np.int32]

LEAST, MOST = -6_000, 14_000
"""Offsets between which the balance is sought [millibits]."""

SAMPLE = 300_000
"""Records on which the balance is sought where there are more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How many draws, and how.

    Attributes:
        draws: Groupings drawn.
        before: Sweeps over all records before the first.
        sweeps: Sweeps for each draw.
        seed: Decides every draw; 0 or more.
        keep: Whether the groupings themselves are kept, not only what is counted on them.
    """

    draws: int = 100
    before: int = 20
    sweeps: int = 2
    seed: int = 1
    keep: bool = True


@dataclass(frozen=True, slots=True)
class Draws:
    """Drawn groupings and what is counted on them.

    Attributes:
        records: Records that have a pair (m); any other is alone in every draw.
        groups: Smallest record of the group of each, by draw (draws, m); no columns where none were kept.
        a: Smaller record of each pair looked at, judged ones included, in order of a and b (p).
        b: The other.
        together: Draws in which the two are of one group (p).
        entities: Groups in each draw, lone records included.
        linked: Pairs of the table that are of one group, in each draw.
    """

    records: Smalls
    groups: Smalls
    a: Smalls
    b: Smalls
    together: Smalls
    entities: Numbers
    linked: Numbers

    @property
    def confidence(self) -> npt.NDArray[np.float64]:
        """Return the co-membership of each pair: the share of draws in which the two are of one group."""
        return self.together / max(1, len(self.entities))

    def tables(self) -> Iterator[pa.Table]:
        """Yield for each draw a table of draw, record and group, of the records that have a pair."""
        for number, row in enumerate(self.groups):
            yield pa.table({
                "draw": pa.array(np.full(len(row), number, np.int32)),
                "record": pa.array(self.records.astype(np.int64)[: len(row)]),
                "group": pa.array(row.astype(np.int64)),
            })  # fmt: skip


def draw(
    pairs: Pairs,
    source: npt.NDArray[Any],
    behaviour: Sequence[Repeats],
    plan: Plan,
    judged: Judged | None = None,
    settings: Joining | None = None,
    threads: int = 1,
) -> Draws:
    """Return groupings drawn from the posterior that pairs, sources, judgements and the offset make.

    A judgement of `same` that a rule forbids is left out; clustering.group names it.

    Args:
        pairs: Weighed pairs, as in clustering.group.
        source: Source of each record (n).
        behaviour: What each source does.
        plan: How many draws.
        judged: What people decided.
        settings: Choices of clustering; its offset is that of the draws (see `balance`).
        threads: How many may work at once; the draws are the same for any number.

    Raises:
        BadInput: As clustering.group; or no draws are asked for.
    """
    if min(plan.draws, plan.sweeps) < 1 or min(plan.before, plan.seed) < 0:
        raise BadInput("a plan needs one draw and one sweep or more, and a seed that is not negative")
    settings, judged = settings or Joining(), judged or Judged.none()
    start = group(pairs, source, behaviour, judged, settings, threads).groups
    laid = lay(pairs, source, behaviour, judged, settings)[0]
    return _drawn(_shifted(laid, settings), start, plan, settings, threads)


def balance(
    pairs: Pairs,
    source: npt.NDArray[Any],
    behaviour: Sequence[Repeats],
    judged: Judged | None = None,
    settings: Joining | None = None,
    seed: int = 1,
    threads: int = 1,
) -> int:
    """Return the offset [millibits] at which as many pairs are linked as their probabilities say together.

    Sought by halving on whole millibits, with the same chance at each step; of more than SAMPLE records, on
    the components that a hash of the seed picks. Weights must be calibrated first (calibrating.py).

    Raises:
        BadInput: As clustering.group.
    """
    return balances(pairs, source, behaviour, [pairs.weight], judged, settings, seed, threads)[0]


def balances(
    pairs: Pairs,
    source: npt.NDArray[Any],
    behaviour: Sequence[Repeats],
    weights: Sequence[npt.NDArray[Any]],
    judged: Judged | None = None,
    settings: Joining | None = None,
    seed: int = 1,
    threads: int = 1,
) -> list[int]:
    """Return the offset that balances the pairs for each of several calibrations of their weights.

    The draws rest on `pairs.weight`; only the number of links wanted differs, so one curve of links by
    offset serves all.

    Args:
        pairs: Weighed pairs.
        source: Source of each record.
        behaviour: What each source does.
        weights: Calibrated weights of the same pairs [millibits], one array a calibration.
        judged: What people decided.
        settings: Choices of clustering; its offset is not looked at.
        seed: Decides the draws.
        threads: How many may work at once.
    """
    settings, judged = settings or Joining(), judged or Judged.none()
    laid = lay(pairs, source, behaviour, judged, settings)[0]
    chosen = _sampled(laid, seed)
    # The pairs that clustering looks at, by place in the table given, so that each calibration finds its own.
    free = (laid.weight != MUST) & (laid.weight != CANNOT)
    looked = np.zeros(len(laid.a), np.bool_)
    looked[chosen.pairs] = True
    looked &= free
    keys = laid.a.astype(np.int64) * len(source) + laid.b
    given = np.minimum(pairs.a, pairs.b).astype(np.int64) * len(source) + np.maximum(pairs.a, pairs.b)
    mine = np.isin(given, keys[looked])
    wanted = [float(probability(np.sort(np.asarray(weight)[mine])).sum()) for weight in weights]
    plan = Plan(draws=8, before=12, sweeps=1, seed=seed, keep=False)

    def links(offset: int) -> float:
        at = replace(settings, offset=offset)
        shifted = _shifted(chosen, at)
        alone = np.arange(len(source), dtype=np.int64)
        return float(_drawn(shifted, alone, plan, at, threads).together[free].sum()) / plan.draws

    known: dict[int, float] = {}
    return [_crossing(links, known, each) for each in wanted]


def draw_in_doubt(
    pairs: Pairs,
    source: npt.NDArray[Any],
    behaviour: Sequence[Repeats],
    calibrations: Sequence[Calibration],
    plan: Plan,
    judged: Judged | None = None,
    settings: Joining | None = None,
    threads: int = 1,
) -> Draws:
    """Return draws pooled over several calibrations of the weights, each with its own balance.

    Args:
        pairs: Weighed pairs, not yet calibrated.
        source: Source of each record.
        behaviour: What each source does.
        calibrations: What resamples of reviewed pairs support (calibrating.resampled).
        plan: How many draws in all, shared among the calibrations.
        judged: What people decided.
        settings: Choices of clustering; its offset is not looked at.
        threads: How many may work at once.

    Raises:
        BadInput: As `draw`; or no calibrations.
    """
    if not calibrations:
        raise BadInput("draws in doubt need one calibration or more", hint="without reviewed pairs, use draw")
    settings = settings or Joining()
    weights = [each.weights(pairs.weight) for each in calibrations]
    offsets = balances(pairs, source, behaviour, weights, judged, settings, plan.seed, threads)
    share_of = replace(plan, draws=max(1, plan.draws // len(calibrations)))
    parts = [
        draw(
            pairs, source, behaviour, replace(share_of, seed=plan.seed + k), judged,
            replace(settings, offset=offset), threads,
        )
        for k, offset in enumerate(offsets)
    ]  # fmt: skip
    return replace(
        parts[0],
        groups=np.concatenate([each.groups for each in parts]),
        together=np.sum([each.together for each in parts], axis=0).astype(np.int32),
        entities=np.concatenate([each.entities for each in parts]),
        linked=np.concatenate([each.linked for each in parts]),
    )


def _crossing(links: Any, known: dict[int, float], wanted: float) -> int:
    """Return the offset at which the links are as many as wanted, to 40 millibits."""
    low, high = LEAST, MOST
    while high - low > 40:
        middle = (low + high) // 2
        if middle not in known:
            known[middle] = links(middle)
        low, high = (middle, high) if known[middle] < wanted else (low, middle)
    return (low + high) // 2


def _shifted(laid: Laid, settings: Joining) -> Laid:
    """Return the pairs with the offset in their weights, save where a judgement stands in place of one."""
    free = (laid.weight != MUST) & (laid.weight != CANNOT)
    return laid._replace(weight=np.where(free, laid.weight + settings.offset, laid.weight).astype(np.int32))


def _sampled(laid: Laid, seed: int) -> Laid:
    """Return some components, picked by a hash of their first record, where there are many records."""
    if len(laid.records) <= SAMPLE:
        return laid
    plain = loops("holdfire.fusing.grouping.sampling", 0)
    parts = -(-len(laid.records) // SAMPLE)
    heads = laid.records[laid.first[:-1]].tolist()
    kept = np.flatnonzero([plain.mixed(seed + plain.mixed(head)) % parts == 0 for head in heads])
    records, first = _picked(laid.records, laid.first, kept)
    pairs, begin = _picked(laid.pairs, laid.begin, kept)
    return laid._replace(records=records, first=first, pairs=pairs, begin=begin)


def _picked(items: Smalls, first: Numbers, kept: Numbers) -> tuple[Smalls, Numbers]:
    lengths = np.diff(first)
    chosen = np.zeros(len(lengths), np.bool_)
    chosen[kept] = True
    return items[np.repeat(chosen, lengths)], np.concatenate([[0], np.cumsum(lengths[kept])]).astype(np.int64)


def _drawn(laid: Laid, start: Numbers, plan: Plan, settings: Joining, threads: int) -> Draws:
    count, held = len(start), len(laid.records)
    groups = np.empty((plan.draws, held if plan.keep else 0), np.int32)
    together, refused = np.zeros(len(laid.a), np.int32), np.zeros(len(laid.a), np.bool_)
    local = np.empty(count, np.int32)
    loop = loops(
        "holdfire.fusing.grouping.sampling", len(laid.a) * (plan.before + plan.draws * plan.sweeps) // 2
    )
    counted: list[tuple[Numbers, Numbers]] = []

    def work(low: int, high: int) -> None:
        entities, linked = np.zeros(plan.draws, np.int64), np.zeros(plan.draws, np.int64)
        loop.draw_range(
            low, high, laid, local, settings.absent + settings.offset, start,
            (plan.draws, plan.before, plan.sweeps, plan.seed), groups, together, refused, entities, linked,
        )  # fmt: skip
        counted.append((entities, linked))  # whole numbers, so the order of their sum changes nothing

    share(laid, threads, work)
    lone = np.full(plan.draws, count - held, np.int64)
    return Draws(
        records=laid.records,
        groups=groups,
        a=laid.a,
        b=laid.b,
        together=together,
        entities=lone + sum((each[0] for each in counted), np.int64(0)),
        linked=np.zeros(plan.draws, np.int64) + sum((each[1] for each in counted), np.int64(0)),
    )
