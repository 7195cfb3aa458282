"""The probability of a table under any decomposable graph, as a sum of terms that graphs share.

Under a hyper-Dirichlet prior with `delta` people in each cell of the whole table (Dawid and Lauritzen 1993),
the table of a clique is Dirichlet-multinomial with delta times as many prior people as cells of the whole
table fall into one of its cells. Only its cell of nobody depends on the undocumented, so of each clique there
is one number and one log-gamma. With p(N) ∝ 1/N, N people in all, this is Madigan and York 1997, Biometrika
84:19-31. That prior is also what the R package dga takes by default; its manual says 1 / the undocumented.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from holdfire.counting.overlaps import Overlaps

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Terms:
    """What every graph over some lists is a sum of.

    Attributes:
        documented: People on at least one list.
        fixed: Of each subset of the lists, the part that the undocumented do not change (2^lists,).
        empty: Of each subset, people and prior people on none of its lists, but for the undocumented.
    """

    documented: int
    fixed: Floats
    empty: Floats

    @classmethod
    def of(cls, overlaps: Overlaps, delta: float) -> Terms:
        """Return the terms of a table.

        Args:
            overlaps: Who was on which lists.
            delta: Prior people in each cell.
        """
        lists = len(overlaps.lists)
        patterns = overlaps.patterns.astype(np.int64)
        fixed, empty = np.zeros(1 << lists), np.zeros(1 << lists)
        for subset in range(1 << lists):
            prior = delta * 2.0 ** (lists - subset.bit_count())
            counts = np.zeros(1 << lists, np.int64)
            np.add.at(counts, patterns & subset, overlaps.counts)
            held = counts[1:][counts[1:] > 0]
            fixed[subset] = (gammaln(prior + held) - gammaln(prior)).sum() - gammaln(prior)
            empty[subset] = prior + counts[0]
        return cls(overlaps.documented, fixed, empty)

    def curves(self, graphs: Any, undocumented: Floats) -> Floats:
        """Return the logarithm of prior and likelihood of each graph, but for one constant (graphs, points).

        Args:
            graphs: Rows of `chordal`; their terms are added in one order, whatever the machine.
            undocumented: Numbers of undocumented people, at least 0; need not be whole.
        """
        each = self.fixed[:, None] + gammaln(self.empty[:, None] + undocumented[None, :])
        found: Floats = graphs @ each
        found += self._common(undocumented)
        return found

    def _common(self, undocumented: Floats) -> Floats:
        """Return what graphs do not change: ways to choose who is undocumented, and the prior 1/N."""
        total = self.documented + undocumented
        found: Floats = gammaln(total + 1) - gammaln(undocumented + 1) - np.log(total)
        return found

    def complete(self) -> float:
        """Return the logarithm of the sum of the complete graph's curve over all whole numbers from 0 up.

        The complete graph says nothing of the undocumented: its curve is Γ(δ+x)/x! · Γ(n+x)/Γ(δ2^J+n+x), a
        hypergeometric series that Gauss summed in 1812.
        """
        cell, whole, n = self.empty[-1], self.empty[0] - self.documented, self.documented
        series = (
            gammaln(cell) + gammaln(n) + gammaln(whole - cell) - gammaln(whole + n - cell) - gammaln(whole)
        )
        return float(self.fixed[-1] - self.fixed[0] + series)
