"""An estimate: a number of people with its interval, how it was made, and whatever speaks against it.

An estimate that should not be used says so in `reasons`, and keeps what it found: a reader sees what was
refused and why. A number never leaves here without the number of documented people beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from holdfire.counting.overlaps import Overlaps

Draws = npt.NDArray[np.float64]
LEVEL = 0.95
"""Share of draws that an interval holds, unless asked otherwise."""

Value = int | float | str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an estimate is refused, or what its reader must know.

    Attributes:
        code: Which rule; its words, and what would help, are told by counting.words.
        facts: Numbers and names of lists that the words hold.
    """

    code: str
    facts: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Model:
    """One of the models that an estimate weighs.

    Attributes:
        name: In the field's notation, such as [A·B][B·C].
        total: Its number of people, documented or not.
        low: Lower end of its interval; None: it has none of its own.
        high: Upper end.
        weight: Its share of the whole; None: it is shown and does not count.
        facts: What else is known of it, such as its BIC or why it was left out.
    """

    name: str
    total: float
    low: float | None = None
    high: float | None = None
    weight: float | None = None
    facts: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Check:
    """One diagnostic figure and its limit.

    Attributes:
        name: Such as `rhat`.
        value: What was found.
        limit: What it is held against.
        passed: Whether it holds.
    """

    name: str
    value: float
    limit: float
    passed: bool


@dataclass(frozen=True)
class Estimate:
    """How many people in all, by one estimator.

    Attributes:
        method: Name of the estimator, such as `latent_class`.
        documented: People on at least one list.
        middle: Median of the draws, or the point estimate [people].
        low: Lower end of the interval.
        high: Upper end.
        level: Share that the interval is to hold.
        draws: Draws of the number in all (chains, draws), of equal weight; None: the method has none.
        models: What was weighed, greatest weight first.
        checks: Diagnostics.
        refused: Why this number must not be used; empty: nothing speaks against it.
        notes: What a reader must know, and which assumptions it rests on.
        settings: What was asked, so that it can be asked again.
    """

    method: str
    documented: int
    middle: float
    low: float
    high: float
    level: float = LEVEL
    draws: Draws | None = None
    models: tuple[Model, ...] = ()
    checks: tuple[Check, ...] = ()
    refused: tuple[Reason, ...] = ()
    notes: tuple[Reason, ...] = ()
    settings: Mapping[str, Value] = field(default_factory=dict)


class Estimator(Protocol):
    """Anything that says how many people there are from who was on which lists."""

    @property
    def name(self) -> str:
        """Return the name of its method."""
        ...

    @property
    def least_lists(self) -> int:
        """Return the fewest lists that it takes."""
        ...

    @property
    def most_lists(self) -> int:
        """Return the most lists that it takes."""
        ...

    def estimate(self, overlaps: Overlaps, seed: int) -> Estimate:
        """Return the estimate of one table; the same table and seed give the same estimate.

        Raises:
            BadInput: The table has fewer or more lists than the method takes.
        """
        ...


def interval(draws: Draws, level: float = LEVEL) -> tuple[float, float, float]:
    """Return median, lower and upper end of draws of equal weight, equal tails.

    >>> tuple(round(each, 2) for each in interval(np.arange(1.0, 101.0), 0.9))
    (50.5, 5.95, 95.05)
    """
    low, middle, high = np.quantile(draws, [(1 - level) / 2, 0.5, (1 + level) / 2])
    return float(middle), float(low), float(high)
