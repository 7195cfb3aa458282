"""Whether mended weights do better on judged pairs that they were not mended by; if they do not, none change.

Judged pairs are cut into five parts, and each is told by weights mended on the other four (cross-validation:
Stone, M. 1974, JRSS B 36). Weights that were moved are taken only if

* they cost less on pairs held out (log loss [bits]), by more than chance would have it: one standard error;
* they order those pairs, one before two, far better than chance (rank sum: Mann, H. B. and Whitney, D. R.
  1947): three standard errors. Judgements that go with nothing in the records can be told well by any weights
  that say "even odds" of all, and must change nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.random import default_rng

from holdfire.fusing.grouping.calibrating import reliability
from holdfire.fusing.parameters import Parameters
from holdfire.fusing.profile import Profile
from holdfire.fusing.training.evidence import Evidence, Reals
from holdfire.fusing.training.mending import EACH, FEW, moves, score

PARTS = 5
"""Parts into which judged pairs are cut."""

BETTER = 1.0
"""Standard errors by which mended weights must cost less."""

ORDERED = 3.0
"""Standard errors by which they must order pairs better than chance."""


@dataclass(frozen=True, slots=True)
class Told:
    """How well weights tell judged pairs.

    Attributes:
        right: Share told right at even odds.
        cost: Mean log loss [bits].
        error: Expected calibration error.
    """

    right: float
    cost: float
    error: float


@dataclass(frozen=True, slots=True)
class Proof:
    """Weights before and after, on pairs held out.

    Attributes:
        start: From which parameters the mended ones were moved.
        before: How well the weights of now tell the judged pairs.
        after: How well mended ones tell those that they were not mended by.
        gain: Standard errors by which the cost falls.
        order: Standard errors by which mended ones order pairs better than chance.
    """

    start: str
    before: Told
    after: Told
    gain: float
    order: float

    @property
    def better(self) -> bool:
        """Return whether the mended weights may be taken."""
        return self.gain >= BETTER and self.order >= ORDERED

    @property
    def why(self) -> str:
        """Return in words why they may not; empty: they may."""
        if self.order < ORDERED:
            return "what people judged does not go with what the records say"
        if self.gain < BETTER:
            return "weights learnt from some of the judged pairs tell the others no better than those of now"
        return ""


def too_few(judged: Evidence) -> str:
    """Return in words what is missing; empty: there are enough judged pairs to learn from."""
    same, different = judged.counts
    if len(judged) >= FEW and min(same, different) >= EACH:
        return ""
    return f"{len(judged)} judged pairs, {same} the same and {different} different"


def prove(
    profile: Profile, now: Evidence, starts: Mapping[str, tuple[Parameters, Evidence]], seed: int = 0
) -> Proof:
    """Return how mended weights do on pairs held out, from the start that does best.

    Args:
        profile: What is compared.
        now: Judged pairs as the weights of now have them.
        starts: By name, parameters to begin from, and the same pairs as those have them; the first stands
            if another does no better.
        seed: Of the parts.
    """
    part = default_rng(seed).permutation(len(now)) % PARTS
    costs = _cost(now.weight, now)
    best: tuple[float, str, Reals] | None = None
    for name, (parameters, judged) in starts.items():
        held = np.zeros(len(judged))
        for k in range(PARTS):
            found = moves(profile, parameters, judged.of(part != k))
            held[part == k] = score(judged.of(part == k), found)
        cost = round(float(_cost(held, now).mean()), 9)
        if best is None or cost < best[0]:
            best = (cost, name, held)
    assert best is not None  # noqa: S101 - there is a start at least
    _, name, held = best
    saved = costs - _cost(held, now)
    error = float(saved.std(ddof=1) / np.sqrt(len(saved)))
    gain = float(saved.mean()) / error if error > 0 else 0.0
    return Proof(name, told(now.weight, now), told(held, now), gain, _order(held, now))


def told(weight: Reals, judged: Evidence) -> Told:
    """Return how well log2 odds [bits] tell judged pairs."""
    chance = 1 / (1 + np.exp2(-np.clip(weight, -60, 60)))
    return Told(
        float(((weight > 0) == judged.same).mean()),
        float(_cost(weight, judged).mean()),
        reliability(chance, judged.same, bins=min(15, max(1, len(judged) // 20))).error,
    )


def _cost(weight: Reals, judged: Evidence) -> Reals:
    """Return log loss of each pair [bits]; no answer costs more than 20."""
    right = np.where(judged.same, weight, -weight)
    return np.asarray(np.minimum(np.logaddexp2(0, -right), 20.0))


def _order(weight: Reals, judged: Evidence) -> float:
    """Return the standard errors by which pairs judged one weigh more than those judged two."""
    same, different = judged.counts
    if not same or not different:
        return 0.0
    _, place, counts = np.unique(np.round(weight, 6), return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    area = (float(ranks[judged.same].sum()) - same * (same + 1) / 2) / (same * different)
    return (area - 0.5) / float(np.sqrt((same + different + 1) / (12 * same * different)))
