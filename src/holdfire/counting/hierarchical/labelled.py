"""People by the lists that they are on and what is said of them, such as place, month and sex.

Three rules hold, and tests/unit/test_hierarchical.py tries to break each: a label that is not said stays so,
and its person is counted; equal rows are added, in any order; who is on no list is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
import numpy.typing as npt

from holdfire.counting.overlaps import Integers, Overlaps
from holdfire.errors import BadInput, Problem

MOST_STRATA = 2000
"""Most strata: the model holds a chance for each list in each of them, in each draw."""
UNSAID = -1
"""The number of a label that is not said."""

Stratum = tuple[str, ...]
Row = tuple[Sequence[str | None], int, int]
"""Labels (None: not said), pattern of lists (bit j is list j), people."""


@dataclass(frozen=True)
class Labelled:
    """People of several strata, some of whom may be of more than one as far as is said.

    Attributes:
        lists: Names of the lists.
        columns: What is said of people, such as place and month.
        levels: Labels of each column, in order: of a column in `ordered`, neighbours are near.
        ordered: Columns whose labels follow each other, such as months.
        strata: Strata that people can be of, as numbers of levels (strata, columns).
        patterns: Patterns that somebody carries (patterns,).
        said: Numbers of levels that are said, or UNSAID, ascending (groups, columns).
        counts: People by what is said of them and pattern (groups, patterns).
    """

    lists: tuple[str, ...]
    columns: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    ordered: frozenset[str]
    strata: Integers
    patterns: npt.NDArray[np.uint64]
    said: Integers
    counts: Integers

    @classmethod
    def of(
        cls,
        lists: Sequence[str],
        columns: Sequence[str],
        rows: Iterable[Row],
        *,
        ordered: Iterable[str] = (),
        levels: Mapping[str, Sequence[str]] | None = None,
        possible: Iterable[Stratum] | None = None,
    ) -> Labelled:
        """Return the table of these rows; equal ones are added.

        Args:
            lists: Names of the lists.
            columns: Names of what is said of people.
            rows: Labels of each column, pattern, people.
            ordered: Columns whose neighbouring labels are near in time or in kind.
            levels: Labels of a column, in their order; of columns not given, those that are said, sorted.
            possible: Strata that there can be, for places that lie in one province alone; None: every
                combination of labels.

        Raises:
            BadInput: All its problems: of rows, as `Overlaps.of`; of labels that no stratum has; a column of
                which nothing is said; more strata than can be held.
        """
        given = [(tuple(labels), pattern, people) for labels, pattern, people in rows]
        problems = list(_misfits(columns, given, ordered, levels or {}))
        if problems:
            raise BadInput.of(problems)
        whole = _added(lists, given)
        known = tuple(
            tuple(
                (levels or {}).get(name)
                or sorted({each for labels, _, _ in given if (each := labels[c]) is not None})
            )
            for c, name in enumerate(columns)
        )
        strata = _strata(columns, known, possible)
        said: dict[tuple[int, ...], dict[int, int]] = {}
        for labels, pattern, people in given:
            at = tuple(UNSAID if label is None else known[c].index(label) for c, label in enumerate(labels))
            cells = said.setdefault(at, {})
            cells[pattern] = cells.get(pattern, 0) + people
        groups = sorted(each for each in said if any(said[each].values()))
        where = {int(pattern): i for i, pattern in enumerate(whole.patterns)}
        counts = np.zeros((len(groups), len(where)), np.int64)
        for g, at in enumerate(groups):
            for pattern, people in said[at].items():
                if people:
                    counts[g, where[pattern]] = people
        found = cls(
            whole.lists, tuple(columns), known, frozenset(ordered), strata, whole.patterns,
            np.array(groups, np.int64).reshape(len(groups), len(columns)), counts,
        )  # fmt: skip
        problems = [
            Problem(
                f"{int(counts[g].sum())} people are of no stratum that is possible",
                hint="name every stratum that people can be of, or none",
            )
            for g in np.flatnonzero(~found.may_be.any(axis=1))
        ]
        if problems:
            raise BadInput.of(problems)
        return found

    @cached_property
    def may_be(self) -> npt.NDArray[np.bool_]:
        """Return whether people of whom a group of labels is said may be of a stratum (groups, strata)."""
        said = self.said[:, None, :]
        found: npt.NDArray[np.bool_] = ((said == UNSAID) | (said == self.strata)).all(axis=2)
        return found

    @property
    def documented(self) -> int:
        """Return how many people are on at least one list."""
        return int(self.counts.sum())

    @cached_property
    def known(self) -> Integers:
        """Return the people of whom enough is said to know their stratum (strata, patterns)."""
        sure = self.may_be.sum(axis=1) == 1
        found: Integers = self.may_be[sure].astype(np.int64).T @ self.counts[sure]
        return found

    @cached_property
    def partly(self) -> tuple[npt.NDArray[np.bool_], Integers]:
        """Return which strata the others may be of (groups, strata), and their number (groups, patterns)."""
        unsure = self.may_be.sum(axis=1) > 1
        return self.may_be[unsure], self.counts[unsure]

    @property
    def unsure(self) -> int:
        """Return of how many people the stratum is not known."""
        return int(self.partly[1].sum())

    @cached_property
    def on(self) -> npt.NDArray[np.bool_]:
        """Return whether each pattern is on each list (patterns, lists)."""
        bits = np.arange(len(self.lists), dtype=np.uint64)
        found: npt.NDArray[np.bool_] = (self.patterns[:, None] >> bits & np.uint64(1)).astype(bool)
        return found

    @property
    def overlaps(self) -> Overlaps:
        """Return the table of everyone, whatever is said of them."""
        return Overlaps.of_cells(self.lists, self.on, self.counts.sum(axis=0))

    @property
    def names(self) -> tuple[Stratum, ...]:
        """Return the labels of each stratum."""
        return tuple(tuple(self.words(at)) for at in self.strata.tolist())

    def words(self, at: Sequence[int]) -> Iterator[str]:
        """Yield labels by their numbers; of one that is not said, a question mark."""
        for c, level in enumerate(at):
            yield "?" if level == UNSAID else self.levels[c][level]

    def only_known(self) -> Labelled:
        """Return the table without the people whose stratum is not known, as many methods would have it.

        Raises:
            BadInput: Nobody is left.
        """
        sure = self.may_be.sum(axis=1) == 1
        rows = [
            (
                [None if level == UNSAID else self.levels[c][level] for c, level in enumerate(self.said[g])],
                int(self.patterns[p]),
                int(self.counts[g, p]),
            )
            for g in np.flatnonzero(sure)
            for p in range(len(self.patterns))
        ]
        levels = dict(zip(self.columns, self.levels, strict=True))
        return Labelled.of(
            self.lists, self.columns, rows, ordered=self.ordered, levels=levels, possible=self.names
        )


def _added(lists: Sequence[str], rows: Iterable[tuple[tuple[str | None, ...], int, int]]) -> Overlaps:
    cells: dict[int, int] = {}
    for _, pattern, people in rows:
        # What is no number is told by Overlaps, so it must not be added to one that is.
        plain = isinstance(people, int | np.integer) and people >= 0
        cells[pattern] = cells.get(pattern, 0) + people if plain else people
        if not plain:
            break
    return Overlaps.of(lists, cells)


def _strata(
    columns: Sequence[str], levels: tuple[tuple[str, ...], ...], possible: Iterable[Stratum] | None
) -> Integers:
    if possible is None:
        many = int(np.prod([len(each) for each in levels], dtype=object))
        if many > MOST_STRATA:
            raise BadInput(
                f"{many} strata are more than {MOST_STRATA}",
                hint="use fewer columns or wider labels, or name the strata that there can be",
            )
        found = list(product(*(range(len(each)) for each in levels)))
    else:
        try:
            found = sorted(
                {tuple(levels[c].index(label) for c, label in enumerate(each)) for each in possible}
            )
        except (ValueError, IndexError):
            raise BadInput(
                "a stratum named as possible has a label that its column has not",
                hint="give the labels of each column as `levels`",
            ) from None
        if not found or {len(each) for each in found} != {len(columns)}:
            raise BadInput("a stratum is one label for each column", hint="name each stratum in full")
    return np.array(found, np.int64).reshape(len(found), len(columns))


def _misfits(
    columns: Sequence[str],
    rows: list[tuple[tuple[str | None, ...], int, int]],
    ordered: Iterable[str],
    levels: Mapping[str, Sequence[str]],
) -> Iterator[Problem]:
    for name in sorted({*ordered, *levels} - set(columns)):
        yield Problem(f'"{name}" is no column', hint=f"the columns are {', '.join(columns)}")
    for name in sorted({name for name in columns if list(columns).count(name) > 1}):
        yield Problem(f'two columns are called "{name}"', hint="give each column its own name")
    uneven = {len(labels) for labels, _, _ in rows} - {len(columns)}
    if uneven:
        yield Problem(f"a row has {min(uneven)} labels, and there are {len(columns)} columns")
        return
    for c, name in enumerate(columns):
        seen = {labels[c] for labels, _, _ in rows} - {None}
        if not seen and not levels.get(name):
            yield Problem(
                f'nothing is said of anyone in column "{name}"',
                hint="leave the column out, or give its labels as `levels`",
            )
        unknown = seen - set(levels.get(name, seen))
        if unknown:
            yield Problem(
                f'{len(unknown)} labels of column "{name}" are not among its levels',
                hint="list every label of the column",
            )
