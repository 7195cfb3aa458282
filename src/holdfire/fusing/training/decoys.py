"""What weighs by chance: records moved to where they can be of no event beside them are decoys.

Two sources that tell of one war agree on much by chance: one fights in the same towns, and most strikes kill
one or two. How much is seen, without one labelled pair, when all dates of one source are moved by some weeks:
what still agrees then is of two events. What true pairs look like is what is left of the pairs that meet
when those that would meet by chance are taken away.

Elias, J. E. and Gygi, S. P. (2007), Target-decoy search strategy, Nature Methods 4 (decoys count the false);
Kall, L. et al. (2007), Percolator, Nature Methods 4 (what is sure by the rest teaches what one part weighs).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from holdfire.fusing.parameters import Odds, Parameters, rounded, weights
from holdfire.fusing.profile import Profile

LEAST = 3_000
"""Weight of the rest at which a pair teaches what one comparison weighs [millibits]: odds of eight to one."""

LOW = -8_000
"""Weight up to which as good as no pair is of one event [millibits]."""

LINE = 0
"""Weight from which pairs of one event are counted [millibits]: even odds."""

BELIEF = 200
"""How many pairs of one event the odds before count for."""

ENOUGH = 50
"""Pairs beyond chance that must be left for their levels to be believed."""

SEEN = -5_000
"""Weight from which probabilities are held against chance [millibits]."""

BIN = 500
"""Width of a bin of weights [millibits]."""

FALSE = 0.1
"""Share of pairs that chance may have made where the others are counted (false discovery rate)."""

CLEAR = 2.0
"""Standard errors by which weights must find more pairs beyond chance to be taken."""

Levels = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Met:
    """Pairs that met.

    Attributes:
        weights: Of each pair [millibits].
        levels: Of each comparison: the number of the level of each pair.
        aside: Weights of the pairs that moving dates tells nothing of, as those of one source [millibits].
    """

    weights: Levels
    levels: dict[str, Levels]
    aside: Levels


@dataclass(frozen=True)
class Excess:
    """What one comparison shows among pairs that the rest makes likely.

    Attributes:
        m: Share of each level among pairs of one event; 0 where it means silence.
        u: Likewise among pairs of two.
        pairs: How many of one event it rests on.
    """

    m: npt.NDArray[np.float64]
    u: npt.NDArray[np.float64]
    pairs: float


@dataclass(frozen=True)
class Held:
    """What weights say of pairs held out.

    Attributes:
        real: Pairs of records of two sources.
        decoys: The same after dates were moved, by steps that the weights were not learnt from.
        offset: What is added to a weight before it is odds [millibits].
    """

    real: Met
    decoys: Sequence[Met]
    offset: int


@dataclass(frozen=True)
class Balance:
    """Weights before and after, held against chance where one pair in ten is made by it.

    Attributes:
        before: Pairs beyond chance that the first find there.
        after: Those that what was learnt finds.
        error_before: How far the probabilities of the first miss the share of pairs beyond chance.
        error_after: Likewise of what was learnt.
    """

    before: float
    after: float
    error_before: float
    error_after: float

    @property
    def better(self) -> bool:
        """Return whether what was learnt may be taken: it finds more, by more than decoys are uncertain."""
        return self.after - self.before >= CLEAR * float(np.sqrt(FALSE * max(self.before, ENOUGH)))


def inflation(real: Met, decoys: Sequence[Met]) -> float:
    """Return how many more pairs meet by chance than among decoys: war is denser on some days than weeks off.

    It is measured where as good as no pair is of one event, at the lowest weights.
    """
    seen = int((real.weights <= LOW).sum())
    moved = float(np.mean([(each.weights <= LOW).sum() for each in decoys]))
    return max(1.0, seen / moved) if seen and moved else 1.0


def excess(
    name: str, real: Met, decoys: Sequence[Met], profile: Profile, parameters: Parameters
) -> Excess | None:
    """Return what the levels of a comparison show beyond chance; None: too little is left to tell.

    Args:
        name: Of the comparison.
        real: Pairs of records of two sources, at all weights.
        decoys: The same after dates were moved, each by another time.
        profile: What was compared.
        parameters: What the other comparisons weigh.
    """
    comparison = next(each for each in profile.comparisons if each.name == name)
    own = np.array([weight.plain for weight in weights(profile, parameters)[name]])
    silent = np.array([level.silent for level in comparison.levels])

    def counted(met: Met) -> npt.NDArray[np.float64]:
        levels = met.levels[name]
        likely = levels[met.weights - own[levels] >= LEAST]
        return np.where(silent, 0.0, np.bincount(likely, minlength=len(own)).astype(float))

    by_chance = inflation(real, decoys) * np.mean([counted(each) for each in decoys], axis=0)
    seen = counted(real)
    left = np.maximum(seen - by_chance, 0)
    if left.sum() < ENOUGH or by_chance.sum() <= 0:
        return None
    by_chance += seen > 0  # what chance was not seen to make, it may make
    left += seen > 0
    return Excess(left / left.sum(), by_chance / by_chance.sum(), float(left.sum()))


def chance(real: Met, decoys: Sequence[Met], least: int) -> tuple[int, float]:
    """Return how many pairs weigh so much at least, and how many of them chance alone would make.

    Args:
        real: Pairs of records of two sources.
        decoys: The same after dates were moved.
        least: Weight [millibits].
    """
    seen = int((real.weights >= least).sum())
    moved = float(np.mean([(each.weights >= least).sum() for each in decoys]))
    return seen, min(float(seen), inflation(real, decoys) * moved)


def miss(real: Met, decoys: Sequence[Met], offset: int) -> float:
    """Return by how much probabilities miss what chance leaves: calibration error, without labels.

    Pairs are binned by weight. In each bin those that decoys do not account for are of one event, and the
    weight says how many should be.

    Args:
        real: Pairs of records of two sources.
        decoys: The same after dates were moved, by steps that the weights were not learnt from.
        offset: What is added to a weight before it is odds [millibits].
    """
    top = int(max((each.weights.max(initial=SEEN) for each in [real, *decoys]), default=SEEN))
    edges = np.arange(SEEN, top + 2 * BIN, BIN)
    seen = np.histogram(real.weights, edges)[0]
    moved = np.mean([np.histogram(each.weights, edges)[0] for each in decoys], axis=0)
    left = np.maximum(seen - inflation(real, decoys) * moved, 0.0)
    said = seen / (1 + np.exp2(-(edges[:-1] + BIN / 2 + offset) / 1000))
    return float(np.abs(said - left).sum() / max(1, seen.sum()))


def beyond(real: Met, decoys: Sequence[Met]) -> float:
    """Return how many pairs lie beyond chance above the lowest weight where chance makes one in ten or less.

    Args:
        real: Pairs of records of two sources.
        decoys: The same after dates were moved.
    """
    top = int(real.weights.max(initial=SEEN))
    counts = (chance(real, decoys, line) for line in range(SEEN, top, BIN // 2))
    return max((seen - made for seen, made in counts if made <= FALSE * seen), default=0.0)


def balance(before: Held, after: Held) -> Balance:
    """Return how weights before and after stand against chance."""
    found = [beyond(each.real, each.decoys) for each in (before, after)]
    missed = [miss(each.real, each.decoys, each.offset) for each in (before, after)]
    return Balance(found[0], found[1], missed[0], missed[1])


def learnt(
    profile: Profile, first: Parameters, real: Met, decoys: Sequence[Met], records: int
) -> Parameters | None:
    """Return the parameters that a case teaches by itself; None: it shows too little beyond chance.

    Learnt are the prior, and the levels of comparisons by which pairs do not meet: of those by which they do,
    as place and time, chance shows only what was let through. Levels that no pair shows keep their odds. The
    line of joining is even odds again: what the shipped one allows for is a prior that is not the case's own.

    Args:
        profile: What was compared.
        first: What pairs were weighed by.
        real: Pairs of records of two sources, at all weights.
        decoys: The same after dates were moved.
        records: How many records there are.
    """
    seen, by_chance = chance(real, decoys, LINE)
    if seen - by_chance < ENOUGH:
        return None
    beside = float((1 / (1 + np.exp2(-real.aside / 1000))).sum())
    levels = dict(first.levels)
    for each in profile.comparisons:
        found = None if each.name in profile.training else excess(each.name, real, decoys, profile, first)
        if found is not None:
            levels[each.name] = _blended(first.levels[each.name], found)
    return first.model_copy(
        update={
            "levels": levels,
            "partners": rounded(2 * (seen - by_chance + beside) / records),
            "offset": 0,
        }
    )


def _blended(before: Sequence[Odds], found: Excess) -> list[Odds]:
    """Return odds between those before and those found, which count as much as they rest on."""
    keep = BELIEF / (BELIEF + found.pairs)
    return [
        each
        if each.m is None or each.u is None
        else Odds(
            level=each.level,
            m=rounded(keep * each.m + (1 - keep) * float(m)),
            u=rounded(keep * each.u + (1 - keep) * float(u)),
        )
        for each, m, u in zip(before, found.m, found.u, strict=True)
    ]
