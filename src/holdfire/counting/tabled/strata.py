"""Rows become the overlaps of each stratum; what is wrong with any of them is said of all at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from holdfire.counting.overlaps import MOST_LISTS, Integers, Overlaps
from holdfire.counting.tabled.columns import Columns, columns_of
from holdfire.counting.tabled.mapping import ListsFile
from holdfire.counting.tabled.rows import Marks, check_unknown, check_within, counts_of, lists_of
from holdfire.errors import BadInput, Problem, Problems, nearest

MOST_LABELS = 1000
"""Labels of one column past which it is no column of strata."""
LIKE_NAMES = 0.2
"""Labels for each row, where rows are people, past which a column may hold names."""
FEW_LABELS = 40
OF_LINKAGE = "threshold"
"""In the name of a column: what tells one linkage of the same people from another."""

Labels = tuple[str | None, ...]


@dataclass(frozen=True)
class Stratum:
    """Some of the people of a table.

    Attributes:
        apart: Which account, by the columns of `Tabled.apart`; None: not said.
        labels: Which people, by the columns of `Tabled.by`; None: not said.
        table: Who was on which lists.
    """

    apart: Labels
    labels: Labels
    table: Overlaps


@dataclass(frozen=True)
class Tabled:
    """A table that was read.

    Attributes:
        file: Its name.
        lists: Names of its lists, joined ones under their office.
        by: Columns that tell different people apart.
        apart: Columns that tell accounts of the same people apart.
        strata: In the order of their labels, those not said last.
        people: Whether a row was one person.
        joined: Lists taken as one, by their office.
    """

    file: str
    lists: tuple[str, ...]
    by: tuple[str, ...]
    apart: tuple[str, ...]
    strata: tuple[Stratum, ...]
    people: bool
    joined: Mapping[str, tuple[str, ...]]


def tabled(cells: pa.Table, numbers: Integers, how: ListsFile, file: str) -> Tabled:
    """Return the strata of a table.

    Args:
        cells: Text cells, null where empty.
        numbers: Number of each row, as a person finds it (rows,).
        how: What a person says of its columns.
        file: Its name, for messages.

    Raises:
        BadInput: All its problems.
    """
    columns = columns_of(cells, how, file)
    problems = Problems(file)
    names, on, fit = lists_of(cells, columns, how, numbers, problems)
    on_none = fit & ~on.any(axis=1)
    counts = counts_of(cells, columns, numbers, on_none, problems)
    check_unknown(cells, columns, counts, on_none, numbers, problems)
    if how.within:
        check_within(cells[how.within.column], how.within, numbers, problems)
    labels = [
        _labels(cells[name], name, how, bool(columns.count), problems) for name in (*how.apart, *how.by)
    ]
    problems.extend(_offices(names, how, file))
    problems.extend(_same_people(cells, columns, how, file))
    of, groups = _groups(labels, len(counts))
    if len(names) <= MOST_LISTS:
        _twice(on[fit], of[fit], columns, how, numbers[fit], problems)
    problems.raise_any()
    names, on = _joined(names, on, how)
    strata = _strata(names, on, counts, of, groups, len(how.apart))
    if not strata:
        raise BadInput("nobody is on any list", file, "are the counts of people in the right column?")
    joined = how.offices if how.join else {}
    return Tabled(file, tuple(names), how.by, how.apart, strata, not columns.count, joined)


def _labels(
    column: pa.ChunkedArray, name: str, how: ListsFile, counted: bool, problems: Problems
) -> list[str | None]:
    found = [None if text is None or text in how.missing else text for text in column.to_pylist()]
    labels = len(set(found))
    many = not counted and labels > FEW_LABELS and labels > LIKE_NAMES * len(found)
    if labels > MOST_LABELS or many:
        problems.add(
            f"{name} has {labels:,} labels in {len(found):,} rows: it may hold names, and is not shown",
            "",
            "strata are groups of people, such as places, months or sexes",
        )
    return found


def _same_people(cells: pa.Table, columns: Columns, how: ListsFile, file: str) -> Iterator[Problem]:
    """Yield the columns that tell linkages apart whose rows would be added as if they were other people."""
    added = (*how.by, *(columns.others if how.pool else ()))
    for name in dict.fromkeys(each for each in added if each not in how.apart):
        if OF_LINKAGE in name.lower() and len(cells[name].unique()) > 1:
            yield Problem(
                f"{name} is one of linkage: its rows are the same people again, and would be added",
                file,
                f"`--apart {name}` shows each as an account of its own",
            )


def _offices(names: Sequence[str], how: ListsFile, file: str) -> Iterator[Problem]:
    kept = [name for lists in how.offices.values() for name in lists]
    for name in sorted({name for name in kept if kept.count(name) > 1}):
        yield Problem(f'"{name}" is said to be kept by two offices', file, "name it under one of them")
    for office, lists in how.offices.items():
        for name in lists:
            if name not in names:
                yield Problem(
                    f'"{office}" is said to keep "{name}", which is no list', file, nearest(name, names)
                )
        held = [name for name in lists if name in names]
        if len(held) > 1 and not how.join:
            yield Problem(
                f"{', '.join(held)} are kept by one office: what one has, the other may have from it",
                file,
                "`--join` takes them as one list; or leave all but one out",
            )


def _joined(names: list[str], on: Marks, how: ListsFile) -> tuple[list[str], Marks]:
    if not how.join:
        return names, on
    for office, lists in how.offices.items():
        held = [names.index(name) for name in lists if name in names]
        if len(held) > 1:
            on = on.copy()
            on[:, held[0]] = on[:, held].any(axis=1)
            keep = [j for j in range(len(names)) if j not in held[1:]]
            names, on = [office if j == held[0] else names[j] for j in keep], on[:, keep]
    return names, on


def _groups(labels: list[list[str | None]], rows: int) -> tuple[npt.NDArray[np.int64], list[Labels]]:
    """Return which group each row is of, and the labels of each: in order, those not said last."""
    keys = list(zip(*labels, strict=True)) if labels else [()] * rows
    groups = sorted(set(keys), key=lambda key: [_order(each) for each in key])
    place = {key: n for n, key in enumerate(groups)}
    return np.array([place[key] for key in keys], np.int64), groups


def _order(label: str | None) -> tuple[bool, int, str]:
    """Return where a label comes: numbers by their size, then words, then what is not said."""
    number = int(label) if label and label.isdecimal() and len(label) < 16 else 1 << 62
    return label is None, number, label or ""


def _twice(
    on: Marks, of: Integers, columns: Columns, how: ListsFile, numbers: Integers, problems: Problems
) -> None:
    """Note patterns that come twice in one group, where a row is a pattern with its count."""
    if not columns.count or how.pool or how.join:
        return
    bits = (on.astype(np.uint64) << np.arange(on.shape[1], dtype=np.uint64)).sum(axis=1, dtype=np.uint64)
    _, first, counts = np.unique(
        np.stack([of.astype(np.uint64), bits]), axis=1, return_index=True, return_counts=True
    )
    again = counts > 1
    if not again.any():
        return
    one = int(first[again].min())
    alike = np.flatnonzero((of == of[one]) & (bits == bits[one]))
    pattern = "".join("1" if each else "0" for each in on[one])
    left = [name for name in columns.others if name not in {*how.by, *how.apart}]
    hint = "keep one row of each; `--pool` adds them if they are different people"
    if linkage := [name for name in left if OF_LINKAGE in name.lower()]:
        hint = f"`--apart {','.join(linkage)}`: the same people, linked more and less strictly"
        if others := [name for name in left if name not in linkage]:
            hint += f"; `--by {','.join(others)}` too if they tell different people apart, else `--apart`"
    elif left:
        hint = (
            f"`--by {','.join(left)}` or some of them, if they tell different people apart; `--apart` if "
            "they are accounts of the same people; `--pool` adds rows that are different people"
        )
    several = int(again.sum())
    said = f"{several:,} patterns are" if several > 1 else "a pattern is"
    said += f" given more than once, {'first ' if several > 1 else ''}{pattern}"
    problems.add(said, f"rows {numbers[alike[0]]} and {numbers[alike[1]]}", hint)


def _strata(
    names: list[str], on: Marks, counts: Integers, of: Integers, groups: list[Labels], apart: int
) -> tuple[Stratum, ...]:
    found = []
    for number, key in enumerate(groups):
        rows = of == number
        held = rows & (counts > 0)
        if held.any():
            table = Overlaps.of_cells(names, on[held], counts[held])
            found.append(Stratum(key[:apart], key[apart:], table))
    return tuple(found)
