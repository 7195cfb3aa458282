"""A number that is shown, and what it rests on.

No page prints a bare number about the record: it prints a `Figure`, which names the determinations,
claims, reports, sources or instruments it was made from and how (`measure`). Figures that rest on the
same things share one basis, so that a bulletin of thousands of incidents stays small; the trace page of
a basis lists the things once, with the columns its figures add up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from holdfire.digests import short
from holdfire.errors import HoldfireError
from holdfire.records.incident import HARM

Measure = Literal[
    "count",
    "killed_low",
    "killed_best",
    "killed_high",
    "civilians_low",
    "civilians_high",
    "injured_low",
    "injured_high",
    "quoted",
    "days",
    "rows",
    "claims",
    "other",
    "sources",
    "reports",
    "withheld",
]
"""How a figure follows from its basis: how many there are, the sum of a column, or as quoted."""

SUMS = frozenset(HARM)
"""Measures that add up a column of the incidents."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, and where what it rests on is listed.

    Attributes:
        value: The number.
        id: f- and sixteen digits, made from the period, its key, its measure and its basis.
        basis: b- and sixteen digits: the list of what it rests on.
        measure: How it follows from them.
        at_least: True where something it rests on is silent, so that the number is a lower bound.
    """

    value: int
    id: str
    basis: str
    measure: Measure = "count"
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class Basis:
    """The things that some figures rest on, sorted.

    Items are `d-…` (a determination), `c-…` (a claim), `report:…`, `source:…`, `instrument:…` or `term:…`.
    """

    id: str
    items: tuple[str, ...]


class Figures:
    """Makes the figures of one bulletin, and keeps what each rests on.

    >>> figures = Figures("2016-03-01/2016-03-07")
    >>> breaches = figures.of("summary.breach", 2, ["d-b", "d-a"])
    >>> figures.rests_on(breaches)
    ('d-a', 'd-b')
    """

    def __init__(self, scope: str) -> None:
        self._scope = scope
        self.bases: dict[str, Basis] = {}
        self.made: dict[str, Figure] = {}
        self.keys: dict[str, str] = {}

    def of(
        self,
        key: str,
        value: int,
        rests_on: Iterable[str],
        *,
        measure: Measure = "count",
        at_least: bool = False,
    ) -> Figure:
        """Return the figure of this key; the same key, measure and basis give the same figure.

        Raises:
            HoldfireError: It was made before with another value: a number has been made in two ways.
        """
        items = tuple(sorted(set(rests_on)))
        name = "b-" + hashlib.sha256("\n".join(items).encode()).hexdigest()[:16]
        self.bases.setdefault(name, Basis(name, items))
        figure = Figure(value, short("f", self._scope, key, measure, name), name, measure, at_least)
        if self.made.setdefault(figure.id, figure) != figure:
            raise HoldfireError(f"the figure {key} is {figure.value} here and elsewhere another")
        self.keys[figure.id] = key
        return figure

    def count(self, key: str, rests_on: Iterable[str]) -> Figure:
        """Return how many distinct things are given."""
        items = set(rests_on)
        return self.of(key, len(items), items)

    def rests_on(self, figure: Figure) -> tuple[str, ...]:
        """Return what a figure rests on."""
        return self.bases[figure.basis].items
