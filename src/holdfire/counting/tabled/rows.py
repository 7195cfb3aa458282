"""Cells of rows become patterns and counts, and what is wrong with them is noted with its rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from holdfire.counting.overlaps import MOST_LISTS, Integers
from holdfire.counting.tabled.columns import Columns
from holdfire.counting.tabled.mapping import ListsFile, Within
from holdfire.errors import Problems

WHOLE = r"^0*[0-9]{1,11}(\.0+)?$"
"""A number of people: fewer than 100 thousand million, so that no sum of rows is past counting."""
NUMBER = re.compile(r"[-+\u2212]?[0-9.,]{1,25}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
PEOPLE = "whole numbers of people, 0 and up"
NO_COUNTS = (
    ("[-\u2212].*", ": fewer than nobody", PEOPLE),
    (r"[0-9]*\.[0-9]+", ": part of a person", f"{PEOPLE}; shares and weights are no counts"),
    (r"[0-9]{1,3}([,.][0-9]{3})+", "", "digits alone: nothing stands between thousands"),
    ("[0-9]+", ": more than there are people", PEOPLE),
)
"""Numbers that are no numbers of people: their form, what is said, what to try."""
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


def counts_of(
    cells: pa.Table, columns: Columns, numbers: Integers, on_none: Marks, problems: Problems
) -> Integers:
    """Return the people of each row (rows,); 1 where a row is one person, 0 where its count is no number.

    Args:
        cells: Text cells, null where empty.
        columns: What each column is.
        numbers: Number of each row, as a person finds it (rows,).
        on_none: Rows that are on no list; what is wrong with their counts is noted by `check_unknown`.
        problems: Where to note what is wrong.
    """
    if not columns.count:
        return np.ones(len(numbers), np.int64)
    column = cells[columns.count]
    whole = _true(pc.match_substring_regex(column, WHOLE))
    for text, where in _each(column, ~whole & ~on_none, numbers):
        problems.add(*_no_count(columns.count, text, where))
    texts = column.to_pylist()
    return np.array([int(float(t)) if ok else 0 for t, ok in zip(texts, whole, strict=True)], np.int64)


def _no_count(name: str, text: str, where: str) -> tuple[str, str, str]:
    """Return a problem of a cell that is no number of people."""
    if text in {"empty", "no number"}:
        return f"{name} is {text}", where, "0 where nobody carries the pattern" if text == "empty" else PEOPLE
    for form, what, hint in NO_COUNTS:
        if re.fullmatch(form, text):
            return f"{name} is {text}{what}", where, hint
    return f"{name} is {text}", where, PEOPLE


def _true(found: pa.ChunkedArray) -> Marks:
    filled: Marks = pc.fill_null(found, False).to_numpy().astype(bool)
    return filled


def lists_of(
    cells: pa.Table, columns: Columns, how: ListsFile, numbers: Integers, problems: Problems
) -> tuple[list[str], Marks, Marks]:
    """Return the lists, whether each row is on each (rows, lists), and whether it can be read (rows,)."""
    if columns.pattern:
        return _patterns(cells[columns.pattern], how, numbers, problems)
    marks, fit = [], np.ones(len(numbers), bool)
    _count_lists(len(columns.lists), problems)
    for name in columns.lists:
        column = cells[name]
        one = _true(pc.equal(column, "1"))
        odd = ~one & ~_true(pc.equal(column, "0"))
        fit &= ~odd
        for text, where in _each(column, odd, numbers):
            problems.add(
                f"the list {name} is {text}, not 0 or 1",
                where,
                "1: on the list, 0: not; if it is no list, name those that are: `--lists first,second,third`",
            )
        marks.append(one)
    return list(columns.lists), np.array(marks).T, fit


def _count_lists(lists: int, problems: Problems) -> None:
    if lists > MOST_LISTS:
        hint = "leave out the lists with the fewest people, or join lists of one office"
        problems.add(f"{lists} lists are more than {MOST_LISTS}", "", hint)


def _patterns(
    column: pa.ChunkedArray, how: ListsFile, numbers: Integers, problems: Problems
) -> tuple[list[str], Marks, Marks]:
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
    _count_lists(length, problems)
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
    return names, flat == ord("1"), good & ~odd


def check_unknown(
    cells: pa.Table,
    columns: Columns,
    counts: Integers,
    on_none: Marks,
    numbers: Integers,
    problems: Problems,
) -> None:
    """Note rows of people on no list, unless they say that nobody is."""
    if not columns.count:
        if on_none.any():
            hint = "leave them out: only people on some list are documented"
            problems.add("a person is on no list", at(numbers, on_none), hint)
        return
    wrong = on_none & ((counts > 0) | ~_true(pc.match_substring_regex(cells[columns.count], WHOLE)))
    if wrong.any():
        said = "people on no list have a row"
        if given := int(counts[wrong].sum()):
            said = f"people on no list are given a number: {given:,}"
        hint = "leave the row out: how many are on no list is what is estimated"
        problems.add(said, at(numbers, wrong), hint)


def check_within(column: pa.ChunkedArray, window: Within, numbers: Integers, problems: Problems) -> None:
    """Note rows of people whose day is not in the window, or is none."""
    first, last = window.first[:10], window.last[:10]
    if last < first[: len(last)]:
        problems.add(f"the window ends {last}, before it begins {first}", "", "`within:` first, then last")
        return
    texts = [text or "" for text in column.to_pylist()]
    empty, days = np.array([not text for text in texts]), np.array([_is_day(text) for text in texts])
    outside = days & np.array([not (first <= t[: len(first)] and t[: len(last)] <= last) for t in texts])
    if empty.any():
        hint = "whether it lies in the window cannot be told: leave it out and count it, or impute it first"
        problems.add(f"{window.column} is not said", at(numbers, empty), hint)
    if (odd := ~days & ~empty).any():
        problems.add(f"{window.column} is no day", at(numbers, odd), "year, month and day: 2024-02-27")
    if outside.any():
        said = f"{window.column} lies outside {window.first} to {window.last}"
        problems.add(said, at(numbers, outside), "leave it out: the lists must be of the same days")


def _is_day(text: str) -> bool:
    try:
        return bool(DAY.match(text)) and bool(date.fromisoformat(text[:10]))
    except ValueError:
        return False
