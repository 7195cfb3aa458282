"""Weights mended by pairs that people judged: moved as far as the judgements bear out, and no farther.

The odds of a judged pair are taken as a logistic regression on what its levels weigh. Three kinds of number
may move, each held near what it was by a normal prior: the prior odds of all pairs, how much each comparison
counts, and each level that enough judged pairs show (le Cessie, S. and van Houwelingen, J. C. 1992, Ridge
estimators in logistic regression, Applied Statistics 41). Which pairs are shown to a reviewer depends on
their weight and on what they would move, never on what they are, and the regression is given the weight: so
it needs no correction for pairs near the middle being judged oftener.

From few pairs only the prior is mended. A level that hardly any judged pair shows keeps its odds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from holdfire.fusing.parameters import BORROWED, Odds, Parameters, rounded, weights
from holdfire.fusing.profile import Profile
from holdfire.fusing.training.evidence import Evidence, Flags, Reals

FEW = 30
"""Judged pairs under which nothing is learnt."""

EACH = 10
"""Least pairs judged one, and least judged two."""

ENOUGH = 100
"""Judged pairs from which levels are mended; fewer mend the prior alone."""

SHOWN = 5
"""Judged pairs that must show a level for its weight to move."""

PRIOR_SPREAD = 3.0
"""How far the prior odds may have been wrong, before anything is judged (standard deviation) [bits]."""

COMPARISON_SPREAD = 0.3
"""How far what a comparison counts may have been wrong, as a share of it."""

LEVEL_SPREAD = 1.0
"""How far a level may have been wrong beyond that [bits]."""

_BIT = float(np.log(2))


@dataclass(frozen=True, slots=True)
class Moves:
    """What judgements move.

    Attributes:
        prior: Added to the log2 odds of any two records [millibits].
        levels: Added to the weight of each level of each comparison [millibits].
        kept: For each comparison, whether each of its levels keeps its odds since too few pairs show it.
    """

    prior: int
    levels: dict[str, list[int]]
    kept: dict[str, list[bool]]


def moves(profile: Profile, before: Parameters, judged: Evidence) -> Moves:
    """Return how far judged pairs move the weights of a profile.

    Args:
        profile: What is compared.
        before: What was believed, and what `judged` was weighed by.
        judged: At least one pair.
    """
    plain = {name: [w.plain / 1000 for w in ways] for name, ways in weights(profile, before).items()}
    free = {each.name: _free(each.name, judged, plain, silent=[x.silent for x in each.levels])
            for each in profile.comparisons}  # fmt: skip
    columns, spreads = [np.ones(len(judged))], [PRIOR_SPREAD]
    where: list[tuple[str, int | None]] = [("", None)]
    for name, may in free.items():
        at = judged.levels[name]
        if may.any():
            columns.append(np.where(may, plain[name], 0.0)[at])
            spreads.append(COMPARISON_SPREAD)
            where.append((name, None))
        for level in np.flatnonzero(may):
            columns.append((at == level).astype(np.float64))
            spreads.append(LEVEL_SPREAD)
            where.append((name, int(level)))
    found = dict(zip(where, _ridge(np.stack(columns, axis=1), judged, np.array(spreads)), strict=True))
    added = {
        name: [
            round(1000 * (plain[name][k] * found[name, None] + found[name, k])) if may else 0
            for k, may in enumerate(free[name])
        ]
        for name in free
    }
    return Moves(round(1000 * found["", None]), added, {name: (~may).tolist() for name, may in free.items()})


def _free(name: str, judged: Evidence, plain: dict[str, list[float]], silent: list[bool]) -> Flags:
    """Return of each level whether it may move."""
    if len(judged) < ENOUGH:
        return np.zeros(len(plain[name]), bool)
    shown = np.bincount(judged.levels[name], minlength=len(plain[name]))
    return np.asarray((shown >= SHOWN) & ~np.array(silent))


def _ridge(columns: Reals, judged: Evidence, spread: Reals) -> list[float]:
    """Return by how much each column moves log2 odds, by Newton's steps on a penalised likelihood."""
    moved = np.zeros(columns.shape[1])
    for _ in range(100):
        chance = 1 / (1 + np.exp(-np.clip((judged.weight + columns @ moved) * _BIT, -40, 40)))
        slope = _BIT * (columns.T @ (judged.same - chance)) - moved / spread**2
        curve = _BIT**2 * (columns.T * (chance * (1 - chance))) @ columns + np.diag(spread**-2.0)
        step = np.linalg.solve(curve, slope)
        # steps of a bit at most, so that separated labels cannot throw it far
        moved += step / max(1.0, float(np.abs(step).max()))
        if np.abs(step).max() < 1e-9:
            break
    return [float(each) for each in moved]


def score(judged: Evidence, found: Moves) -> Reals:
    """Return the log2 odds of judged pairs once weights have moved (pairs,) [bits]."""
    added = np.full(len(judged), float(found.prior))
    for name, levels in found.levels.items():
        added += np.array(levels, np.float64)[judged.levels[name]]
    return np.asarray(judged.weight + added / 1000)


def mended(profile: Profile, before: Parameters, found: Moves, records: int) -> Parameters:
    """Return parameters in which each level weighs as much more as the moves say, and so do any two records.

    Args:
        profile: What is compared.
        before: What they are moved from.
        found: How far.
        records: How many records the prior odds were moved for.
    """
    levels = {each.name: _moved(before.levels[each.name], found.levels[each.name])
              for each in profile.comparisons}  # fmt: skip
    odds = 2 ** ((before.prior(records) + found.prior) / 1000)
    doublings = np.floor(4 * np.log2(max(records, BORROWED)) + 1e-9) / 4
    partners = rounded(odds / (1 + odds) * 2 ** float(doublings))
    return before.model_copy(update={"levels": levels, "partners": partners})


def _moved(before: list[Odds], added: list[int]) -> list[Odds]:
    """Return m and u of levels whose log2(m/u) are moved so, and that each still sum to one.

    Of all such, u is the nearest in relative entropy to what it was (exponential tilting: Csiszár, I. 1975).
    """
    spoken = [k for k, odds in enumerate(before) if odds.m is not None]
    u = np.array([before[k].u for k in spoken], np.float64)
    m = np.array([before[k].m for k in spoken], np.float64)
    ratio = m / u * np.exp2(np.array([added[k] for k in spoken]) / 1000)
    if not any(added) or ratio.min() >= 1 or ratio.max() <= 1:
        return before  # levels that all speak one way are no distribution: the prior has what they share
    low, high = -50.0, 50.0
    tilted = u
    for _ in range(200):
        middle = (low + high) / 2
        power = np.log(u) - middle * np.log(ratio)
        tilted = np.exp(power - power.max())
        tilted /= tilted.sum()
        low, high = (middle, high) if float((tilted * ratio).sum()) > 1 else (low, middle)
    made = {k: (float(a), float(b)) for k, a, b in zip(spoken, tilted * ratio, tilted, strict=True)}
    return [
        odds
        if odds.m is None
        else odds.model_copy(update={"m": rounded(made[k][0]), "u": rounded(made[k][1])})
        for k, odds in enumerate(before)
    ]
