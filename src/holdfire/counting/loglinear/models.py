"""Hierarchical log-linear models: which lists may depend on one another, and together with which.

A model is a set of generators, each a set of lists, in the field's notation: [A·B·C][C·D] lets A, B and C
depend on one another in any way, and C and D, and holds every subset of a generator as a term. Every list is
in some generator, and no generator is all lists: then nothing would be left to tell the undocumented by.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np
import numpy.typing as npt

from holdfire.errors import BadInput

ALL_UP_TO = 4
"""Up to so many lists, all hierarchical models are written down: 8 of three lists, 113 of four."""
PAIRS_UP_TO = 5
"""Up to so many, those of pairs alone: 1,024 of five lists."""

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, order=True)
class Hierarchy:
    """A hierarchical model.

    Attributes:
        lists: How many lists there are.
        generators: Its largest terms, ascending, each as the bits of its lists; none within another.
    """

    lists: int
    generators: tuple[int, ...]

    @classmethod
    def of(cls, lists: int, terms: Iterable[int]) -> Hierarchy:
        """Return the smallest model that holds these terms and every list."""
        wanted = {*terms, *(1 << j for j in range(lists))}
        return cls(lists, tuple(sorted(t for t in wanted if not any(t != u and t & u == t for u in wanted))))

    @property
    def terms(self) -> tuple[int, ...]:
        """Return all its terms but the constant, ascending."""
        return tuple(t for t in range(1, 1 << self.lists) if any(t & g == t for g in self.generators))

    @property
    def interactions(self) -> tuple[int, ...]:
        """Return its terms of two lists or more, ascending."""
        return tuple(t for t in self.terms if t.bit_count() > 1)

    def named(self, names: Sequence[str]) -> str:
        """Return the model in the field's notation.

        >>> Hierarchy.of(3, [0b011]).named(["A", "B", "C"])
        '[A·B][C]'
        """
        inside = [[name for j, name in enumerate(names) if each >> j & 1] for each in self.generators]
        return "".join(f"[{'·'.join(each)}]" for each in sorted(inside, key=lambda n: (-len(n), n)))


def parse(text: str, names: Sequence[str]) -> Hierarchy:
    """Return the model that a text in the field's notation names; `·`, `.`, `*`, `:` and `,` join lists.

    >>> parse("[A·B][B·C]", ["A", "B", "C"]).generators
    (3, 6)

    Raises:
        BadInput: It is no such text, names a list that is not there, or holds all lists in one generator.
    """
    groups = re.findall(r"\[([^\[\]]+)\]", text)
    if not groups or re.sub(r"\[[^\[\]]+\]|\s", "", text):
        raise BadInput(f"{text!r} is no log-linear model", hint="write it as [A·B][B·C]")
    terms = []
    for group in groups:
        members = [each.strip() for each in re.split(r"[·.*:,]", group)]
        if strangers := [each for each in members if each not in names]:
            raise BadInput(
                f"{text!r} names {', '.join(strangers)}", hint=f"the lists are called {', '.join(names)}"
            )
        terms.append(sum(1 << list(names).index(each) for each in sorted(set(members))))
    if max(terms).bit_count() == len(names):
        raise BadInput(
            f"{text!r} holds all lists together", hint="nothing is left to tell the undocumented by"
        )
    return Hierarchy.of(len(names), terms)


@cache
def all_models(lists: int) -> tuple[Hierarchy, ...]:
    """Return every model of up to 4 lists; of 5, every model of pairs.

    Raises:
        BadInput: There are more than 5 lists.
    """
    if lists > PAIRS_UP_TO:
        raise BadInput(
            f"models of {lists} lists are too many to fit them all", hint="choose them stepwise instead"
        )
    most = lists - 1 if lists <= ALL_UP_TO else 2
    return tuple(sorted(Hierarchy.of(lists, terms) for terms in _closed(lists, most)))


def _closed(lists: int, most: int) -> Iterator[set[int]]:
    """Yield every set of terms of two to `most` lists that holds the subsets of its terms."""

    def grow(terms: set[int], size: int) -> Iterator[set[int]]:
        if size > most:
            yield terms
            return
        wanted = [sum(1 << j for j in some) for some in combinations(range(lists), size)]
        free = [
            t for t in wanted if size == 2 or all(t & ~(1 << j) in terms for j in range(lists) if t >> j & 1)
        ]
        for bits in range(1 << len(free)):
            yield from grow(terms | {t for k, t in enumerate(free) if bits >> k & 1}, size + 1)

    yield from grow(set(), 2)


@cache
def design(lists: int) -> Floats:
    """Return which term is part of which pattern (2^lists patterns, 2^lists terms), 0 being the constant."""
    each = np.arange(1 << lists)
    found: Floats = (each[:, None] & each[None, :] == each[None, :]).astype(np.float64)
    return found
