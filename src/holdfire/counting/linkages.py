"""One set of lists, linked more and less strictly: how far the number moves, and linkages drawn between them.

Three rules hold, and tests/unit/test_linkages.py tries to break each:

* what each strictness says is told whether it stands or not, and is never added or averaged;
* where strictness moves the number far more than models do, there is no number: the linkage comes first;
* drawn tables lie between those given: links of every score kept give the laxest, none the strictest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt
from numpy.random import Generator, default_rng

from holdfire.counting.across import Draw, few
from holdfire.counting.estimate import Estimate, Estimator, Reason
from holdfire.counting.overlaps import Overlaps
from holdfire.counting.refusing import RANGE
from holdfire.errors import BadInput

Floats = npt.NDArray[np.float64]
Strictness = tuple[int, ...]
"""Least score of a link that is kept, one for each kind of link, such as within and across lists."""


@dataclass(frozen=True)
class Chance:
    """How sure a score is to mean one person, and how surely that is known.

    Attributes:
        cumulative: Probabilities, ascending from 0 to 1 (points,).
        share: At each, the quantile of the share of true links among those of the score (points,).
    """

    cumulative: Floats
    share: Floats


@dataclass(frozen=True)
class Band:
    """What each strictness of linkage says.

    Attributes:
        documented: People on any list, by strictness.
        estimates: What each estimator says, by strictness; one may be refused, and says why.
    """

    documented: Mapping[Strictness, int]
    estimates: Mapping[Strictness, tuple[Estimate, ...]]

    def ends(self, method: str) -> tuple[float, float]:
        """Return least and greatest middle of one estimator over all strictness, refused ones included."""
        found = [each.middle for cell in self.estimates.values() for each in cell if each.method == method]
        return min(found), max(found)

    @property
    def methods(self) -> tuple[str, ...]:
        """Return the estimators, in their order."""
        return tuple(dict.fromkeys(each.method for cell in self.estimates.values() for each in cell))

    @property
    def refused(self) -> tuple[Reason, ...]:
        """Return why the band gives no number: strictness moves it more than models do by more than twice."""
        if not self.methods:
            return ()
        ends = {method: self.ends(method) for method in self.methods}
        linkages = float(np.median([most / least for least, most in ends.values()]))
        each = [[one.middle for one in cell] for cell in self.estimates.values() if cell]
        models = float(np.median([max(cell) / min(cell) for cell in each]))
        if linkages <= RANGE * models:
            return ()
        least, most = min(low for low, _ in ends.values()), max(high for _, high in ends.values())
        facts = {"least": least, "most": most, "linkages": linkages, "models": models, "times": RANGE}
        return (Reason("linkage_first", facts),)


def threshold(column: str) -> bool:
    """Return whether a column that tells accounts apart is one of linkage, by its name.

    >>> [threshold(each) for each in ("match_threshold", "linkage", "dup_score", "cause")]
    [True, True, True, False]
    """
    return any(word in column.lower() for word in ("threshold", "link", "score"))


def band(tables: Mapping[Strictness, Overlaps], seed: int, chosen: Sequence[Estimator] | None = None) -> Band:
    """Return what each strictness of linkage says.

    Args:
        tables: The same lists, linked each time by another threshold.
        seed: Of whatever is drawn.
        chosen: Estimators to ask; None: `few`.
    """
    found: dict[Strictness, tuple[Estimate, ...]] = {}
    for strict, table in sorted(tables.items()):
        lists = len(table.usable().lists)
        asked = few(lists) if chosen is None else chosen
        found[strict] = tuple(
            each.estimate(table, seed) for each in asked if each.least_lists <= lists <= each.most_lists
        )
    return Band({strict: table.documented for strict, table in sorted(tables.items())}, found)


def between(
    tables: Mapping[Strictness, Overlaps],
    chances: Sequence[Mapping[int, Chance]],
    draws: int,
    seed: int,
) -> dict[Draw, Overlaps]:
    """Return tables of linkages drawn from how likely links of each score are true.

    In each draw the share of true links of a score is drawn first, as surely as it is known, then how many of
    the links of that score are kept. Only counts are known, not which links they were, so that many kept
    links of a score move each cell by that part of what all of them move it.

    Args:
        tables: Tables of every combination of thresholds.
        chances: For each kind of link, by score: links of a lower score than the least threshold are in no
            table and need none; those of the strictest must be sure, for every table has them.
        draws: How many.
        seed: Of the draws.

    Raises:
        BadInput: A combination is missing, lists differ, or a chance is missing or cannot be drawn.
    """
    sides = [sorted({strict[side] for strict in tables}) for side in range(len(chances))]
    _check(tables, chances, sides)
    lists = next(iter(tables.values())).lists
    cubes = np.array([tables[strict].cube() for strict in product(*sides)], np.float64)
    cubes = cubes.reshape(*(len(side) for side in sides), -1)
    links = [_links(cubes, side, len(sides)) for side in range(len(sides))]
    chance = default_rng(seed)
    found = {}
    for number in range(draws):
        cell = cubes
        for side, scores in enumerate(sides):
            kept = [
                _kept(chances[side][score], int(many), chance)
                for score, many in zip(scores[:-1], links[side], strict=True)
            ]
            # Each step from strict to lax is taken as far as its links are kept.
            weights = -np.diff([0.0, *kept, 1.0][::-1])[::-1]
            cell = np.tensordot(weights, cell, axes=(0, 0))
        counts = np.maximum(np.rint(cell), 0).astype(np.int64)
        found[Draw(0, number)] = Overlaps.of(lists, {at: int(n) for at, n in enumerate(counts) if n and at})
    return found


def _links(cubes: Floats, side: int, sides: int) -> Floats:
    """Return how many links of each score but the strictest were made, all else linked most strictly."""
    people = cubes.sum(axis=-1)
    at = tuple(slice(None) if each == side else -1 for each in range(sides))
    return np.diff(people[at])


def _kept(chance: Chance, many: int, draw: Generator) -> float:
    """Return a share of the links of a score that is kept."""
    share = float(np.interp(draw.random(), chance.cumulative, chance.share))
    return float(draw.binomial(many, share)) / many if many > 0 else share


def _check(
    tables: Mapping[Strictness, Overlaps],
    chances: Sequence[Mapping[int, Chance]],
    sides: Sequence[Sequence[int]],
) -> None:
    if len({table.lists for table in tables.values()}) != 1:
        raise BadInput("the tables of several thresholds do not have the same lists")
    missing = [strict for strict in product(*sides) if strict not in tables]
    if missing:
        raise BadInput(f"there is no table of the thresholds {missing[0]}", hint="give every combination")
    for scores, known in zip(sides, chances, strict=True):
        for score in scores:
            if score not in known:
                raise BadInput(f"nothing says how likely a link of score {score} is true")
        if float(known[scores[-1]].share.min()) < 1:
            raise BadInput(
                f"links of score {scores[-1]} may be false, and every table has them",
                hint="give a table of a stricter threshold",
            )
