"""How surely entries are about one person: in how many of a hundred drawn groupings they are together.

A weight speaks of two entries; whether they are one depends on the others as well. Two that share little may
each be sure of a third, and two that share much may each have a better partner. Draws take account of both
and keep every rule of grouping: distinct lists, given names that are two names, what people judged.

What is drawn speaks of the pairs that were found: an entry whose pair was missed, as one that gives no given
name, is alone in every draw. So shares are of links, and the spread of drawn numbers of people is no span of
how many there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from holdfire.fusing.grouping.calibrating import probability
from holdfire.fusing.grouping.clustering import Joining, Judged, Pairs
from holdfire.fusing.grouping.drawing import Draws, Plan, draw
from holdfire.fusing.people.link import FLOOR, Linked
from holdfire.records.source import Repeats

Numbers = npt.NDArray[np.int64]

OFFSET = 7000
"""What is added to every weight in draws [millibits]: where shares of draws are nearest the truth.

Found on made-up lists (six of seed 20, four of seed 42): log loss is least between 6000 and 8000 on both. The
balance of `grouping.drawing` lies at 11,000, where of the pairs that half of the draws put together a quarter
are one: entries of one family killed together share what weights take for independent.
"""

DRAWS = 100
"""Groupings that are drawn."""

CERTAIN = 1000
"""All draws [thousandths]."""


@dataclass(frozen=True)
class Surely:
    """Shares of draws.

    Attributes:
        pairs: For each pair of `Linked.pairs`, in how many draws the two are one [thousandths] (p).
        whole: For each entry, in how many its whole group is one [thousandths] (n); an entry alone has all.
    """

    pairs: Numbers
    whole: Numbers


def surely(
    found: Linked,
    source: Sequence[int],
    behaviour: Sequence[Repeats],
    judged: Judged | None = None,
    threads: int = 1,
    offset: int = OFFSET,
) -> Surely:
    """Return how surely the entries that were linked are one; the same for any number of threads.

    Args:
        found: What `link` gave of n entries.
        source: Which list each stands in, as `link` was given it (n).
        behaviour: What each list does.
        judged: What people decided, as `link` was given it.
        threads: How many may work at once.
        offset: What is added to every weight [millibits].
    """
    drawn = groupings(found, source, behaviour, judged, threads, offset)
    lists = np.asarray(source, np.int64)
    return Surely(_of_pairs(found.pairs, drawn, len(lists)), _of_groups(found.groups, drawn))


def groupings(
    found: Linked,
    source: Sequence[int],
    behaviour: Sequence[Repeats],
    judged: Judged | None = None,
    threads: int = 1,
    offset: int = OFFSET,
    draws: int = DRAWS,
) -> Draws:
    """Return drawn groupings of the entries that were linked; the same for any number of threads.

    Args:
        found: What `link` gave of n entries.
        source: Which list each stands in, as `link` was given it (n).
        behaviour: What each list does.
        judged: What people decided, as `link` was given it.
        threads: How many may work at once.
        offset: What is added to every weight [millibits].
        draws: How many.
    """
    judged = judged or Judged.none()
    # two that people judged the same are never told apart, whatever their names: `link` left those out
    ruled = Judged(judged.same, np.concatenate([judged.different, found.apart]).astype(np.int64))
    settings = Joining(floor=FLOOR, offset=offset)
    lists = np.asarray(source, np.int64)
    return draw(Pairs.of(found.pairs), lists, behaviour, Plan(draws=draws), ruled, settings, threads)


def _of_pairs(pairs: pa.Table, drawn: Draws, count: int) -> Numbers:
    """Return the share of each pair; draws look at judged pairs besides, and at all in order of a and b.

    A pair that draws left out, since too many entries hung together, is as sure as its weight says.
    """
    alone = np.rint(CERTAIN * probability(pairs["weight"].to_numpy())).astype(np.int64)
    if not len(drawn.a):
        return alone
    wanted = pairs["a"].to_numpy().astype(np.int64) * count + pairs["b"].to_numpy()
    looked = drawn.a.astype(np.int64) * count + drawn.b
    at = np.minimum(np.searchsorted(looked, wanted), len(looked) - 1)
    shares = _thousandths(drawn.together, len(drawn.entities))
    return np.where(looked[at] == wanted, shares[at], alone)


def _of_groups(groups: Numbers, drawn: Draws) -> Numbers:
    """Return for each entry the share of draws in which all of its group are one."""
    sure = np.full(len(groups), CERTAIN, np.int64)
    if not len(drawn.records):
        return sure
    mine = groups[drawn.records]
    order = np.argsort(mine, kind="stable")
    first = np.flatnonzero(np.diff(mine[order], prepend=-1))
    whole = np.zeros(len(first), np.int64)
    for row in drawn.groups:
        whole += np.minimum.reduceat(row[order], first) == np.maximum.reduceat(row[order], first)
    sizes = np.diff(np.append(first, len(order)))
    sure[drawn.records[order]] = np.repeat(_thousandths(whole, len(drawn.groups)), sizes)
    return sure


def _thousandths(count: npt.NDArray[np.int64] | npt.NDArray[np.int32], of: int) -> Numbers:
    return np.asarray(np.rint(CERTAIN * count.astype(np.int64) / of), np.int64)
