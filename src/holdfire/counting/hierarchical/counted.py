"""From draws of what strata are like to draws of how many people each has, documented and not.

Given a draw, the undocumented of a stratum are Poisson, and each documented person whose stratum is not known
falls to one that they may be of, by how likely it makes what was seen. So the strata of a draw add up to the
whole of that draw.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.random import Generator, SeedSequence, default_rng

from holdfire.counting.hierarchical.labelled import Labelled
from holdfire.counting.hierarchical.model import cells
from holdfire.counting.hierarchical.sampler import Drawn
from holdfire.counting.overlaps import Integers

MANY = 4_000_000
"""Most numbers held at once, of draws by strata, classes and patterns."""

MOST = 34.0
"""Most of the log of an expected number of undocumented people: some 6e14."""


@dataclass(frozen=True)
class Counted:
    """People by draw; the first two axes are chains and draws.

    Attributes:
        people: In all (…, strata).
        documented: Of them on a list (…, strata).
        above: Share of draws in which a table drawn anew has more on both of two lists, with half of those
            with as many (lists, lists); on the diagonal of a list.
        alone: The same of the people on one list alone.
    """

    people: Integers
    documented: Integers
    above: npt.NDArray[np.float64]
    alone: float


def counted(table: Labelled, drawn: Drawn, seed: int) -> Counted:
    """Return how many people each stratum has in each draw."""
    draw = default_rng(SeedSequence(seed, spawn_key=(2,)))
    chains, draws, strata = drawn.size.shape
    flat = chains * draws
    size = drawn.size.reshape(flat, strata)
    reach = drawn.reach.reshape(flat, *drawn.reach.shape[2:])
    share = drawn.share.reshape(flat, *drawn.share.shape[2:])
    patterns = 1 << len(table.lists)
    people, documented = np.zeros((flat, strata), np.int64), np.zeros((flat, strata), np.int64)
    above = np.zeros((len(table.lists) ** 2 + 1,))
    step = max(1, MANY // (strata * share.shape[-1] * patterns))
    for first in range(0, flat, step):
        part = slice(first, min(first + step, flat))
        seen = size[part, :, None] + cells(np, reach[part], share[part], table.on)
        seen -= seen.max(axis=(1, 2), keepdims=True)
        documented[part] = _placed(table, np.exp(seen), draw)
        people[part] = documented[part] + _undocumented(size[part], reach[part], share[part], draw)
        above += _above(table, reach[part], share[part], size[part], draw)
    shape = (chains, draws, strata)
    lists = len(table.lists)
    return Counted(
        people.reshape(shape),
        documented.reshape(shape),
        above[:-1].reshape(lists, lists) / flat,
        float(above[-1]) / flat,
    )


def _placed(table: Labelled, likely: npt.NDArray[np.float64], draw: Generator) -> Integers:
    """Return the documented people of each stratum (draws, strata), those not known placed by chance."""
    found = np.repeat(table.known.sum(axis=1)[None, :], len(likely), axis=0)
    may_be, counts = table.partly
    for g, p in np.argwhere(counts > 0):
        odds = likely[:, may_be[g], p]
        total = odds.sum(axis=1, keepdims=True)
        # A pattern next to impossible in each stratum of a draw leaves nothing to go by.
        odds = np.where(total > 0, odds, 1.0)
        found[:, may_be[g]] += draw.multinomial(int(counts[g, p]), odds / odds.sum(axis=1, keepdims=True))
    return found


def _undocumented(
    size: npt.NDArray[np.float64],
    reach: npt.NDArray[np.float64],
    share: npt.NDArray[np.float64],
    draw: Generator,
) -> Integers:
    """Return the people on no list of each stratum (draws, strata)."""
    unseen = cells(np, reach, share, np.zeros((1, reach.shape[-1]), bool))[..., 0]
    # Past this many a draw has run away; it is far past what is refused for its upper end.
    found: Integers = draw.poisson(np.exp(np.minimum(size + unseen, MOST)))
    return found


def _above(
    table: Labelled,
    reach: npt.NDArray[np.float64],
    share: npt.NDArray[np.float64],
    size: npt.NDArray[np.float64],
    draw: Generator,
) -> npt.NDArray[np.float64]:
    """Return in how many draws a table drawn anew has more than was seen, of each sum that is looked at."""
    on = _every(len(table.lists))
    expected = size[..., None] + cells(np, reach, share, on)
    odds = np.exp(expected - expected.max(axis=(1, 2), keepdims=True)).sum(axis=1)
    odds /= odds.sum(axis=1, keepdims=True)
    anew = draw.multinomial(table.documented, odds)
    both = (on[:, :, None] & on[:, None, :]).reshape(len(on), -1)
    pairs = anew @ both.astype(np.int64)
    alone = anew @ (on.sum(axis=1) == 1)
    seen = table.overlaps
    looked = np.column_stack([pairs, alone])
    held = np.append(seen.pairs.ravel(), seen.captured[1])
    more: npt.NDArray[np.float64] = (looked > held).sum(axis=0) + (looked == held).sum(axis=0) / 2
    return more


def _every(lists: int) -> npt.NDArray[np.bool_]:
    """Return all patterns but that of nobody (patterns, lists)."""
    numbers = np.arange(1, 1 << lists)
    found: npt.NDArray[np.bool_] = (numbers[:, None] >> np.arange(lists) & 1).astype(bool)
    return found
