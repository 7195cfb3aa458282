"""Cells of rows become patterns and counts, and what is wrong with them is noted with its rows."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from holdfire.counting.overlaps import MOST_LISTS, Integers
from holdfire.counting.tabled.columns import Columns
from holdfire.counting.tabled.mapping import ListsFile, Within
from holdfire.errors import Problems

WHOLE = r"^[0-9]{1,15}(\.0+)?$"
NUMBER = re.compile(r"[-+]?[0-9.,]{1,15}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
SHOWN = 3

Marks = npt.NDArray[np.bool_]


def at(numbers: Integers, wrong: Marks) -> str:
    """Return where rows are: the first few, and how many more."""
    rows = [str(number) for number in numbers[wrong][:SHOWN]]
    more = int(wrong.sum()) - len(rows)
    return f"row{'s' if int(wrong.sum()) > 1 else ''} {', '.join(rows)}" + (
        f" and {more} more" if more else ""
    )


def _each(column: pa.ChunkedArray, wrong: Marks, numbers: Integers) -> Iterator[tuple[str, str]]:
    """Yield each wrong cell that is a number, and all the others together, with where they are."""
    texts = np.array(column.to_pylist(), object)
    seen: dict[str, Marks] = {}
    for row in np.flatnonzero(wrong):
        text = texts[row]
        key = "empty" if text is None else text if NUMBER.fullmatch(text) else "no number"
        seen.setdefault(key, np.zeros(len(wrong), bool))[row] = True
    for key, rows in seen.items():
        yield key, at(numbers, rows)


def counts_of(cells: pa.Table, columns: Columns, numbers: Integers, problems: Problems) -> Integers:
    """Return the people of each row (rows,); 1 where a row is one person."""
    if not columns.count:
        return np.ones(len(numbers), np.int64)
    column = cells[columns.count]
    whole = _true(pc.match_substring_regex(column, WHOLE))
    for text, where in _each(column, ~whole, numbers):
        said = f"{columns.count} is {text}"
        hint = "whole numbers of people, 0 and up"
        if text.startswith("-"):
            said = f"{columns.count} is {text}: fewer than nobody"
        elif re.fullmatch(r"[0-9]*\.[0-9]+", text):
            said, hint = (
                f"{columns.count} is {text}: part of a person",
                f"{hint}; shares and weights are no counts",
            )
        elif text == "empty":
            hint = "0 where nobody carries the pattern"
        problems.add(said, where, hint)
    texts = column.to_pylist()
    return np.array([int(float(t)) if ok else 0 for t, ok in zip(texts, whole, strict=True)], np.int64)


def _true(found: pa.ChunkedArray) -> Marks:
    filled: Marks = pc.fill_null(found, False).to_numpy().astype(bool)
    return filled


def lists_of(
    cells: pa.Table, columns: Columns, how: ListsFile, numbers: Integers, problems: Problems
) -> tuple[list[str], Marks]:
    """Return the lists, and whether each row is on each (rows, lists)."""
    if columns.pattern:
        return _patterns(cells[columns.pattern], how, numbers, problems)
    marks = []
    for name in columns.lists:
        column = cells[name]
        one = _true(pc.equal(column, "1"))
        for text, where in _each(column, ~one & ~_true(pc.equal(column, "0")), numbers):
            problems.add(
                f"the list {name} is {text}, not 0 or 1",
                where,
                "1: on the list, 0: not; if it is no list, name those that are: `--lists first,second,third`",
            )
        marks.append(one)
    return list(columns.lists), np.array(marks).T


def _patterns(
    column: pa.ChunkedArray, how: ListsFile, numbers: Integers, problems: Problems
) -> tuple[list[str], Marks]:
    texts = [text or "" for text in column.to_pylist()]
    good = np.array([bool(text) and not text.strip("01") for text in texts])
    lengths = [len(text) for text, ok in zip(texts, good, strict=True) if ok]
    length = max(set(lengths), key=lambda each: (lengths.count(each), each)) if lengths else 0
    if not good.all():
        problems.add(
            "the pattern holds other than 0 and 1", at(numbers, ~good), "one 0 or 1 for each list, as text"
        )
    odd = good & np.array([len(text) != length for text in texts])
    if odd.any():
        hint = "leading zeros may have been lost: save the column as text"
        problems.add(f"the pattern is not of {length} lists as others are", at(numbers, odd), hint)
    if length > MOST_LISTS:
        problems.add(f"{length} lists are more than {MOST_LISTS}", "", "join lists, or leave some out")
    if how.names and len(how.names) != length:
        problems.add(f"{len(how.names)} names are given for {length} lists", "", "one name for each list")
    for name in sorted({name for name in how.names if how.names.count(name) > 1}):
        problems.add(f'two lists are called "{name}"', "", "give each list its own name")
    names = list(how.names) or [f"list{number}" for number in range(1, length + 1)]
    padded = "".join(
        t if ok and len(t) == length else "1" * length for t, ok in zip(texts, good, strict=True)
    )
    flat = (
        np.frombuffer(padded.encode(), np.uint8).reshape(len(texts), length)
        if length
        else np.empty((len(texts), 0))
    )
    return names, flat == ord("1")


def check_unknown(
    on: Marks, counts: Integers, columns: Columns, numbers: Integers, problems: Problems
) -> None:
    """Note rows of people on no list, unless the lists themselves cannot be read."""
    wrong = ~on.any(axis=1) & (counts > 0)
    if not wrong.any() or len(problems):
        return
    if columns.count:
        said = f"people on no list are given a number: {int(counts[wrong].sum()):,}"
        hint = "leave the row out: how many are on no list is what is estimated"
    else:
        said, hint = "a person is on no list", "leave them out: only people on some list are documented"
    problems.add(said, at(numbers, wrong), hint)


def check_within(column: pa.ChunkedArray, window: Within, numbers: Integers, problems: Problems) -> None:
    """Note rows of people whose day is not in the window, or is none."""
    texts = [text or "" for text in column.to_pylist()]
    days = np.array([bool(DAY.match(text)) for text in texts])
    outside = days & np.array([not str(window.first)[:10] <= t[:10] <= str(window.last)[:10] for t in texts])
    if not days.all():
        hint = "whether it lies in the window cannot be told: leave it out and count it, or impute it first"
        problems.add(f"{window.column} is no day", at(numbers, ~days), hint)
    if outside.any():
        said = f"{window.column} lies outside {window.first} to {window.last}"
        problems.add(said, at(numbers, outside), "leave it out: the lists must be of the same days")
