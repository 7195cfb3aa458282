"""Which column is what: lists, a pattern, a count, labels.

A column is taken for a list where four in five of its cells are 0 or 1 and both are seen: one slip in a list
is then a slip with its row, not a list that goes missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from holdfire.counting.tabled.mapping import ListsFile
from holdfire.errors import BadInput, Problem, nearest

COUNTS = ("n", "count", "counts", "freq", "frequency", "people")
"""Names of a column of people, in any case."""
PATTERNS = ("pattern", "history", "capture_history")
MOSTLY = 0.8
"""Share of a column's cells that are 0 or 1, from which it is meant as a list."""


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a table are.

    Attributes:
        lists: Columns of 0 and 1; empty: there is a pattern.
        pattern: Column of patterns; empty: there is none.
        count: Column of people; empty: a row is one person.
        others: All else.
    """

    lists: tuple[str, ...]
    pattern: str
    count: str
    others: tuple[str, ...]


def columns_of(cells: pa.Table, how: ListsFile, file: str) -> Columns:
    """Return what each column is.

    Args:
        cells: Text cells, null where empty.
        how: What a person says of them.
        file: Its name, for messages.

    Raises:
        BadInput: A column that is named is not there, or none is a list.
    """
    header = cells.column_names
    problems = list(_absent(header, how, file))
    if problems:
        raise BadInput.of(problems)
    taken = {*how.by, *how.apart, *((how.within.column,) if how.within else ())}
    count = _count(header, how, taken)
    free = [name for name in header if name not in taken and name != count]
    if how.lists:
        lists, pattern = how.lists, ""
    else:
        pattern = how.pattern or next((name for name in free if name.lower() in PATTERNS), "")
        lists = () if pattern else tuple(name for name in free if _mostly_marks(cells[name]))
    if not lists and not pattern:
        raise BadInput(
            "no list is in this table: no column holds 0 and 1, and none is called pattern",
            file,
            "give one column a list, 1: on it, 0: not; or name them, `--lists first,second,third`",
        )
    if not count and not how.rows and not how.lists and not pattern and len(lists) < 3:
        raise BadInput(
            f"the table has no count, and {len(lists)} of its columns hold 0 and 1 alone",
            file,
            "call the column of people n; or name lists, `--lists first,second`, if each row is one person",
        )
    others = tuple(name for name in header if name not in {*lists, pattern, count})
    return Columns(tuple(lists), pattern, count, others)


def _absent(header: list[str], how: ListsFile, file: str) -> Iterator[Problem]:
    named = (*how.lists, how.pattern, how.count, *how.by, *how.apart)
    for name in dict.fromkeys([*named, *((how.within.column,) if how.within else ())]):
        if name and name not in header:
            yield Problem(f'there is no column "{name}"', file, nearest(name, header))
        elif name and named.count(name) > 1:
            yield Problem(f'the column "{name}" is named for two things', file, "name it once")
    if how.lists and how.pattern:
        yield Problem("lists and a pattern are both named", file, "name the one or the other")
    if how.count and how.rows == "people":
        yield Problem("a count is named, and each row is to be one person", file, "leave out the one")


def _count(header: list[str], how: ListsFile, taken: set[str]) -> str:
    if how.count or how.rows == "people":
        return how.count
    named = {*how.lists, how.pattern, *taken}
    found = [name for name in header if name.lower() in COUNTS and name not in named]
    return min(found, key=lambda name: COUNTS.index(name.lower()), default="")


def _mostly_marks(column: pa.ChunkedArray) -> bool:
    filled = len(column) - column.null_count
    marks = pc.sum(pc.is_in(column, pa.array(["0", "1"]))).as_py() or 0
    if not filled or marks < MOSTLY * filled:
        return False
    both = pc.all(pc.is_in(pa.array(["0", "1"]), pc.unique(column).cast(pa.string()))).as_py()
    return bool(both) or marks == filled
