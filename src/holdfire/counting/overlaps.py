"""Who was on which lists: how many people carry each pattern of lists, and nothing about any of them.

A table of overlaps that could mislead is refused before anyone estimates from it: counts that are no counts,
a number for the people on no list (which is what is asked), a list with nobody on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from holdfire.digests import Digest, digest
from holdfire.errors import BadInput, Problem

MOST_LISTS = 64
"""Most lists of one table: a pattern is the bits of one machine word."""

Integers = npt.NDArray[np.int64]
Patterns = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Overlaps:
    """People by the lists that they are on.

    Attributes:
        lists: Names of the lists.
        patterns: Patterns that somebody carries, ascending (cells,): bit j is list j. Never 0.
        counts: People of each pattern (cells,), all above 0.
    """

    lists: tuple[str, ...]
    patterns: Patterns
    counts: Integers

    @classmethod
    def of(cls, lists: Sequence[str], cells: Mapping[int, int]) -> Overlaps:
        """Return the table of these patterns and counts; patterns that nobody carries are left out.

        Raises:
            BadInput: All its problems.
        """
        problems = list(_misnamed(lists))
        for pattern, count in cells.items():
            where = f"pattern {pattern:0{len(lists)}b}"[: 12 + MOST_LISTS]
            if isinstance(count, bool) or not isinstance(count, int | np.integer):
                problems.append(
                    Problem(f"{count!r} is no number of people", where, "whole numbers, 0 and up")
                )
            elif count < 0:
                problems.append(Problem(f"{count} is no number of people", where, "whole numbers, 0 and up"))
            elif pattern == 0 and count > 0:
                problems.append(
                    Problem(
                        "people on no list are given a number",
                        where,
                        "leave that row out: it is what is estimated",
                    )
                )
            elif not 0 <= pattern < 1 << len(lists):
                problems.append(Problem(f"the pattern names a list past the {len(lists)} given", where))
        if problems:
            raise BadInput.of(problems)
        held = sorted((pattern, int(count)) for pattern, count in cells.items() if count > 0)
        if not held:
            raise BadInput("nobody is on any list", hint="give the number of people of each pattern")
        return cls(
            tuple(lists),
            np.array([pattern for pattern, _ in held], np.uint64),
            np.array([count for _, count in held], np.int64),
        )

    @classmethod
    def of_people(cls, lists: Sequence[str], on: npt.ArrayLike) -> Overlaps:
        """Return the table of people given one by one.

        Args:
            lists: Names of the lists.
            on: Whether each person is on each list (people, lists). People on none are left out.

        Raises:
            BadInput: The shape does not fit, or there are too many lists.
        """
        given = np.asarray(on, bool)
        if given.ndim != 2 or given.shape[1] != len(lists):
            raise BadInput(f"{given.shape} is not people by {len(lists)} lists")
        problems = list(_misnamed(lists))
        if problems:
            raise BadInput.of(problems)
        bits = (given.astype(np.uint64) << np.arange(len(lists), dtype=np.uint64)).sum(
            axis=1, dtype=np.uint64
        )
        patterns, counts = np.unique(bits[bits > 0], return_counts=True)
        return cls.of(lists, {int(pattern): int(n) for pattern, n in zip(patterns, counts, strict=True)})

    @property
    def documented(self) -> int:
        """Return how many people are on at least one list."""
        return int(self.counts.sum())

    @cached_property
    def on(self) -> npt.NDArray[np.bool_]:
        """Return whether each pattern is on each list (cells, lists)."""
        bits = np.arange(len(self.lists), dtype=np.uint64)
        found: npt.NDArray[np.bool_] = (self.patterns[:, None] >> bits & np.uint64(1)).astype(bool)
        return found

    @cached_property
    def sizes(self) -> Integers:
        """Return how many people are on each list (lists,)."""
        found: Integers = self.counts @ self.on
        return found

    @cached_property
    def pairs(self) -> Integers:
        """Return how many people two lists share (lists, lists); on the diagonal, sizes."""
        found: Integers = (self.on * self.counts[:, None]).T @ self.on.astype(np.int64)
        return found

    @cached_property
    def captured(self) -> Integers:
        """Return how many people are on exactly k lists (lists + 1,); of 0 lists: none are known."""
        return np.bincount(self.on.sum(axis=1), self.counts, len(self.lists) + 1).astype(np.int64)

    @property
    def digest(self) -> Digest:
        """Return a digest of the table, that of the same patterns and counts in any order of rows."""
        rows = "\n".join(f"{p} {n}" for p, n in zip(self.patterns, self.counts, strict=True))
        return digest("\n".join([*self.lists, "", rows]).encode())

    def cube(self) -> Integers:
        """Return the number of people of every pattern, 0 to all lists (2 to the lists,); the first is 0.

        Raises:
            BadInput: There are more than 20 lists.
        """
        if len(self.lists) > 20:
            raise BadInput(f"all patterns of {len(self.lists)} lists are too many to write down")
        found = np.zeros(1 << len(self.lists), np.int64)
        found[self.patterns.astype(np.int64)] = self.counts
        return found

    def keep(self, lists: Iterable[int]) -> Overlaps:
        """Return the table of some of the lists alone; people on none of them are left out.

        Args:
            lists: Their numbers, from 0, in the order wanted.
        """
        chosen = list(lists)
        return Overlaps.of_cells([self.lists[j] for j in chosen], self.on[:, chosen], self.counts)

    @classmethod
    def of_cells(cls, lists: Sequence[str], on: npt.NDArray[np.bool_], counts: Integers) -> Overlaps:
        """Return the table of rows of patterns with counts; equal patterns are added, empty ones left out."""
        bits = (on.astype(np.uint64) << np.arange(len(lists), dtype=np.uint64)).sum(axis=1, dtype=np.uint64)
        patterns, at = np.unique(bits, return_inverse=True)
        sums = np.zeros(len(patterns), np.int64)
        np.add.at(sums, at, counts)
        return cls.of(lists, {int(p): int(n) for p, n in zip(patterns, sums, strict=True) if p})

    def usable(self, least: int = 1) -> Overlaps:
        """Return the table without lists that fewer people are on; who is on those alone is left out.

        Raises:
            BadInput: No list has so many.
        """
        held = np.flatnonzero(self.sizes >= least)
        return self if len(held) == len(self.lists) else self.keep(held.tolist())


def _misnamed(lists: Sequence[Any]) -> Iterable[Problem]:
    if len(lists) > MOST_LISTS:
        yield Problem(
            f"{len(lists)} lists are more than {MOST_LISTS}",
            hint="leave out the lists with the fewest people, or join lists of one office",
        )
    if not lists:
        yield Problem("there is no list", hint="give one column for each list, of 0 and 1")
    for name in sorted({str(name) for name in lists if list(lists).count(name) > 1}):
        yield Problem(f'two lists are called "{name}"', hint="give each list its own name")
