"""How far two people who judged the same things agree, beyond what chance would bring about.

Raw agreement with Wilson's interval (Wilson, E. B. 1927, JASA 22), and Cohen's kappa (Cohen, J. 1960,
Educational and Psychological Measurement 20): (observed - chance) / (1 - chance), where chance is what two
people with these shares of each answer would agree on blindly. The interval of kappa is that of the raw
agreement carried over with chance held fixed. Unlike the usual standard error it does not shrink to nothing
where two people agree on everything they saw, however little that was; how often it holds the true value is
counted in tests/unit/test_agreeing.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

Z = 1.959963984540054
"""Quantile of the normal distribution for an interval of 95 %."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What two people's answers come to.

    Attributes:
        both: Things that both answered.
        alike: Of them, answered alike.
        raw: Share answered alike, with its 95 % interval; None: they have nothing in common.
        kappa: Cohen's kappa, with its 95 % interval; None: nothing in common, or only one answer was ever
            given, so that chance alone explains everything.
    """

    both: int
    alike: int
    raw: tuple[float, float, float] | None
    kappa: tuple[float, float, float] | None


def agreement(answers: Iterable[tuple[str, str]]) -> Agreement:
    """Return how far two people agree.

    Args:
        answers: What the first and what the second said of each thing that both answered.

    >>> found = agreement([("same", "same")] * 20 + [("different", "different")] * 20)
    >>> found.kappa[0], round(found.kappa[1], 2)
    (1.0, 0.82)
    """
    listed = list(answers)
    if not listed:
        return Agreement(0, 0, None, None)
    n = len(listed)
    alike = sum(one == other for one, other in listed)
    low, high = wilson(alike, n)
    firsts, seconds = Counter(one for one, _ in listed), Counter(other for _, other in listed)
    chance = sum(firsts[answer] * seconds[answer] for answer in sorted(firsts)) / (n * n)
    raw = (alike / n, low, high)
    if chance == 1:
        return Agreement(n, alike, raw, None)
    scaled = [(share - chance) / (1 - chance) for share in raw]
    return Agreement(n, alike, raw, (scaled[0], scaled[1], scaled[2]))


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Return Wilson's interval of 95 % of a share."""
    share, z2 = hits / n, Z * Z
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    # At the ends the formula gives 0 and 1 but for the last bits of a float.
    return (0.0 if hits == 0 else centre - half), (1.0 if hits == n else centre + half)
