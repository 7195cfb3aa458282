"""A measured figure with its interval, and how intervals are drawn."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

Item = TypeVar("Item")

DRAWS = 400
"""Resamples of a bootstrap."""


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    Attributes:
        measure: What was measured, on what.
        value: The figure.
        low: Lower end of its 95 % interval; None: none was drawn.
        high: Upper end.
        count: Items it rests on.
        reach: What it is to reach, in words; empty: no mark was set.
        note: What a reader must know beside it.
    """

    measure: str
    value: float
    low: float | None = None
    high: float | None = None
    count: int = 0
    reach: str = ""
    note: str = ""


def bootstrap(items: Sequence[Item], statistic: Callable[[Sequence[Item]], float]) -> tuple[float, float]:
    """Return the 95 % interval of a statistic, by resampling its items (percentile bootstrap, seeded).

    Items must be what is independent: articles where sentences of one article are alike.
    """
    draw = random.Random(1)  # noqa: S311 - seeded so that it repeats
    found = sorted(statistic(draw.choices(items, k=len(items))) for _ in range(DRAWS))
    return found[DRAWS // 40], found[-DRAWS // 40 - 1]


def share(name: str, right: Sequence[bool], reach: str = "", note: str = "") -> Figure:
    """Return the share of items that are right, as a figure with its interval."""
    low, high = bootstrap(right, lambda each: sum(each) / len(each)) if right else (0.0, 1.0)
    return Figure(name, sum(right) / max(1, len(right)), low, high, len(right), reach, note)
