"""From entries of lists, and which of them are one person, to who was on which lists, stratum by stratum.

Four rules hold, and tests/unit/test_membership.py tries to break each:

* each person is counted once, on every list that any of their entries stands in;
* entries that disagree on a label leave it to most of them; a label that none gives stays missing;
* people of whom a label is missing are in no stratum, and are counted;
* nothing of an entry but its list and its labels comes in here, so nothing of a name goes out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from holdfire.counting.overlaps import Integers, Overlaps

Patterns = npt.NDArray[np.uint64]
MISSING = -1
"""Code of a label that is not said."""
BETWEEN = " · "
"""What stands between the labels of a stratum."""


@dataclass(frozen=True)
class Sheet:
    """Entries of lists in numbers.

    Attributes:
        lists: Names of the lists.
        list_of: Which list each entry stands in (entries,).
        labels: Code of each entry, by label; MISSING: not said (entries,).
        values: What the codes of a label mean.
    """

    lists: tuple[str, ...]
    list_of: Integers
    labels: Mapping[str, Integers]
    values: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Grouped:
    """People in numbers, under one partition of entries.

    Attributes:
        patterns: Lists that each is on, list j as bit j (people,).
        labels: Code of each, by label; MISSING: no entry says it (people,).
    """

    patterns: Patterns
    labels: Mapping[str, Integers]

    @property
    def people(self) -> int:
        """Return how many there are."""
        return len(self.patterns)


@dataclass(frozen=True)
class Strata:
    """Who was on which lists, stratum by stratum, under one partition.

    Attributes:
        tables: By name of the stratum.
        outside: People of whom a label is missing: in no table.
    """

    tables: Mapping[str, Overlaps]
    outside: int


def grouped(sheet: Sheet, groups: Integers) -> Grouped:
    """Return the people of a partition, in the order of their first entries.

    Args:
        sheet: The entries.
        groups: For each entry a number of its person (entries,).
    """
    _, person = np.unique(groups, return_inverse=True)
    people = int(person.max()) + 1 if len(person) else 0
    patterns = np.zeros(people, np.uint64)
    np.bitwise_or.at(patterns, person, np.uint64(1) << sheet.list_of.astype(np.uint64))
    labels = {
        name: _most(person, codes, people, len(sheet.values[name])) for name, codes in sheet.labels.items()
    }
    return Grouped(patterns, labels)


def strata(sheet: Sheet, found: Grouped, by: tuple[str, ...]) -> Strata:
    """Return the tables of the strata that some labels make; of no labels, one table of everyone.

    Args:
        sheet: The entries.
        found: Their people.
        by: Names of labels.
    """
    there = np.ones(found.people, bool)
    number = np.zeros(found.people, np.int64)
    for name in by:
        codes = found.labels[name]
        there &= codes != MISSING
        number = number * (len(sheet.values[name]) + 1) + codes
    tables = {}
    for which in np.unique(number[there]).tolist():
        mine = found.patterns[there & (number == which)]
        patterns, counts = np.unique(mine, return_counts=True)
        cells = {int(pattern): int(n) for pattern, n in zip(patterns, counts, strict=True)}
        tables[_named(sheet, by, which)] = Overlaps.of(sheet.lists, cells)
    return Strata(tables, int((~there).sum()))


def _most(person: Integers, codes: Integers, people: int, values: int) -> Integers:
    """Return the code that most entries of each person give; of several, the first."""
    if values == 0:
        return np.full(people, MISSING, np.int64)
    said = codes != MISSING
    counts = np.zeros((people, values), np.int32)
    np.add.at(counts, (person[said], codes[said]), 1)
    found: Integers = np.where(counts.any(axis=1), counts.argmax(axis=1), MISSING).astype(np.int64)
    return found


def _named(sheet: Sheet, by: tuple[str, ...], which: int) -> str:
    words: list[str] = []
    for name in reversed(by):
        which, code = divmod(which, len(sheet.values[name]) + 1)
        words.append(sheet.values[name][code])
    return BETWEEN.join(reversed(words))
