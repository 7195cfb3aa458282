"""Probabilities of whole numbers from a smooth curve: sums, quantiles, draws.

The curve of a sum of graphs is worked out at nodes that lie even on the scale t = asinh √(x/n), on which
chance is about as wide everywhere; its logarithm is drawn through them by a cubic spline. Few are counted one
by one, as curves bend close to 0; of more than that, the sum of whole numbers up to k is the area up to
k + 1/2 (Euler and Maclaurin: what is left out is a 24th of a slope that is nowhere steep).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.random import Generator
from scipy.interpolate import CubicSpline

Floats = npt.NDArray[np.float64]

FAR = 1e6
"""Most undocumented people for each documented one that are thought of."""
STEP = 0.8
"""Distance of nodes, in standard deviations that a number undocumented has if all rates are known."""
BEND = 1 / 40
"""Greatest distance of nodes on the scale t, where the few documented would let them lie far apart."""
FINE = 8
"""Points between two nodes at which areas are taken."""
SINGLE = 64
"""Fewer undocumented than this are counted one by one."""


@dataclass(frozen=True)
class Nodes:
    """Where curves are worked out.

    Attributes:
        documented: People on at least one list.
        singles: How many of the first nodes are whole numbers that stand for themselves.
        scale: Place of the others on the scale t.
        numbers: All of them, as people.
        widths: How many people each stands for, to sum a curve.
    """

    documented: int
    singles: int
    scale: Floats
    numbers: Floats
    widths: Floats

    @classmethod
    def of(cls, low: float, high: float, documented: int) -> Nodes:
        """Return nodes between two places of the scale."""
        start = float(np.arcsinh(np.sqrt((SINGLE - 0.5) / documented)))
        singles = np.arange(SINGLE if low < start else 0, dtype=np.float64)
        low = max(low, start)
        high = max(high, low * 1.2)
        step = min(STEP / (2 * np.sqrt(documented)), BEND)
        count = max(16, int(np.ceil((high - low) / step)) + 1)
        scale = np.linspace(low, high, count)
        later = np.sinh(scale) ** 2 * documented
        edges = np.concatenate([later[:1], (later[1:] + later[:-1]) / 2, later[-1:]])
        widths = np.concatenate([np.ones(len(singles)), np.diff(edges)])
        return cls(documented, len(singles), scale, np.concatenate([singles, later]), widths)


@dataclass(frozen=True)
class Law:
    """Probability of each whole number of undocumented people.

    Attributes:
        documented: People on at least one list.
        sum: Logarithm of the sum of the curve that it was made of.
        singles: Probability of 0, 1, 2 and so on, as far as they are counted one by one.
        scale: Where areas were taken, on the scale t.
        below: Probability of all numbers below each of these places.
        area: The same as a smooth function.
    """

    documented: int
    sum: float
    singles: Floats
    scale: Floats
    below: Floats
    area: Any

    @classmethod
    def of(cls, nodes: Nodes, curve: Floats) -> Law:
        """Return the law of a curve, given as logarithms at nodes."""
        singles = curve[: nodes.singles]
        scale = np.linspace(nodes.scale[0], nodes.scale[-1], FINE * (len(nodes.scale) - 1) + 1)
        drawn = CubicSpline(nodes.scale, curve[nodes.singles :])(scale)
        top = max(float(drawn.max()), float(singles.max(initial=-np.inf)))
        ones = np.exp(singles - top)
        area = CubicSpline(
            scale, np.exp(drawn - top) * np.sinh(2 * scale) * nodes.documented
        ).antiderivative()
        start = float(ones.sum())
        below = start + area(scale)
        total = float(below[-1])
        area.c /= total
        area.c[-1] += start / total
        return cls(nodes.documented, top + np.log(total), ones / total, scale, below / total, area)

    def quantile(self, shares: Floats) -> Floats:
        """Return the least numbers of undocumented people up to which at least these shares lie."""
        ones = np.searchsorted(np.cumsum(self.singles), shares, side="left")
        t = np.interp(shares, self.below, self.scale)
        rate = self.area.derivative()
        for _ in range(3):  # Newton, from a chord a tenth of a standard deviation long
            slope = rate(t)
            with np.errstate(divide="ignore", invalid="ignore"):
                step = np.where(slope > 0, (self.area(t) - shares) / slope, 0)
            t = np.clip(t - np.clip(step, -0.1, 0.1), self.scale[0], self.scale[-1])
        reached = np.maximum(np.ceil(np.sinh(t) ** 2 * self.documented - 0.5), 0.0)
        found: Floats = np.where(ones < len(self.singles), ones, reached).astype(np.float64)
        return found

    def beyond(self, number: float) -> float:
        """Return the probability that there are more undocumented than this number, 64 or more."""
        t = float(np.arcsinh(np.sqrt(number / self.documented)))
        return 0.0 if t >= self.scale[-1] else float(1 - self.area(max(t, float(self.scale[0]))))

    def draw(self, many: int, chance: Generator) -> Floats:
        """Return draws of the number undocumented, one from each even share of it, in random order."""
        shares = (np.arange(many) + chance.random(many)) / max(many, 1)
        found: Floats = chance.permutation(self.quantile(shares))
        return found
