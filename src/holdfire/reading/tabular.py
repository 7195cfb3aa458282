"""Text cells become columns of values, and what cannot be read is noted with its row.

Each distinct value of a column is read once by a plain
function and put back in every row that has it, so a million rows cost little more than their distinct
values. A row that cannot be read does not end the reading: all problems of a file are raised together,
and no row is ever left out in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from holdfire.errors import BadInput, Problem, Problems
from holdfire.reading.cells import CellError

NOTED = 1000
"""Problems of one file that are kept; past it they are only counted."""
KEPT = 200_000
"""Distinct values of a column that are remembered from one batch to the next."""

TYPED = "\x02"
"""A control character that no text has and that, unlike a space, no stripping takes off."""

Rows = npt.NDArray[np.int64]
Memory = dict[Any, dict[tuple[str | None, ...], Any]]
"""By part, what each distinct row of its cells was read as."""


class Faults:
    """What is wrong with the rows of one file.

    Args:
        file: Its name.
        after: Lines before its first row, where rows are told by the lines that a person sees; else 0.
    """

    def __init__(self, file: str, after: int = 0) -> None:
        self.file = file
        self.after = after
        self._found: dict[int, list[tuple[str, str]]] = {}
        self._noted = 0
        self._more = 0

    def note(self, row: int, problem: str, hint: str = "") -> None:
        """Note one problem of a row; row 0 stands for the file as a whole."""
        if self._noted >= NOTED:
            self._more += 1
            return
        self._noted += 1
        self._found.setdefault(row, []).append((problem, hint))

    def __bool__(self) -> bool:
        return self._noted > 0

    def raise_any(self) -> None:
        """Raise BadInput with all of them, in the order of their rows; return if there are none."""
        problems = Problems(self.file)
        for row in sorted(self._found):
            for problem, hint in self._found[row]:
                problems.add(problem, f"row {row + self.after}" if row else "", hint)
        if self._more:
            problems.add(f"{self._more} more problems were found in its rows")
        problems.raise_any()


@dataclass(frozen=True, eq=False)
class Part:
    """One part of what a row means: some of its cells, read together.

    Attributes:
        columns: Columns of the file, handed to `read` in this order, None for an empty cell.
        read: Returns one value for each of `kinds`, or raises CellError naming its columns.
        kinds: Arrow types of the values.
    """

    columns: tuple[str, ...]
    read: Callable[..., tuple[Any, ...]]
    kinds: tuple[pa.DataType, ...]


def single(column: str, read: Callable[[str], Any], *kinds: pa.DataType) -> Part:
    """Return a part that reads one cell, null where it is empty; no kind: it is only checked."""

    def one(cell: str | None) -> tuple[Any, ...]:
        try:
            value = None if cell is None else read(cell)
        except CellError as error:
            error.faults = [(f"{column} {problem}", hint) for problem, hint in error.faults]
            raise
        return (value,) * len(kinds)

    return Part((column,), one, kinds)


@dataclass
class Batch:
    """Some rows of a file: every cell is text or, if empty, null.

    A cell whose type the file itself states (a number or a date of a workbook or of JSON) begins with
    `TYPED`: it is written in one way whatever way the file's text is written in.

    Attributes:
        numbers: Record number of each row, from 1, header not counted (rows,).
        cells: The columns, all of type string.
        faults: Where problems are noted.
        memory: What distinct values were read as, shared by the batches of one file.
    """

    numbers: Rows
    cells: pa.Table
    faults: Faults
    memory: Memory

    def read(self, part: Part) -> list[pa.Array]:
        """Return the columns that a part of a row's meaning gives."""
        columns = [self._cells(name) for name in part.columns]
        distinct, place = _distinct(columns, len(self.cells))
        memory = self.memory.setdefault(part, {})
        if len(memory) > KEPT:
            memory.clear()
        nothing = (None,) * len(part.kinds)
        values = []
        for index, cells in enumerate(distinct):
            if cells not in memory:
                try:
                    memory[cells] = part.read(*cells)
                except CellError as error:
                    memory[cells] = error
            value = memory[cells]
            if isinstance(value, CellError):
                self._fault(np.flatnonzero(place == index), value)
                value = nothing
            values.append(value)
        at = pa.array(place)
        return [pa.array([value[n] for value in values], type=k).take(at) for n, k in enumerate(part.kinds)]

    def _cells(self, name: str) -> pa.ChunkedArray:
        """Return a column; one that this release of the dataset lacks is empty."""
        if name in self.cells.column_names:
            return self.cells.column(name)
        return pa.chunked_array([pa.nulls(len(self.cells), pa.string())])

    def _fault(self, rows: Rows, error: CellError) -> None:
        for row in rows:
            for problem, hint in error.faults:
                self.faults.note(int(self.numbers[row]), problem, hint)


def _distinct(columns: Sequence[pa.ChunkedArray], count: int) -> tuple[list[tuple[str | None, ...]], Rows]:
    """Return the distinct rows of some columns, and which of them each row is."""
    keys: list[list[str | None]] = []
    codes: list[Rows] = []
    mixed, size = np.zeros(count, dtype=np.int64), 1
    for column in columns:
        encoded = column.combine_chunks().dictionary_encode()
        known = encoded.dictionary.to_pylist()
        # An empty cell is one more value after the known ones.
        code = encoded.indices.fill_null(len(known)).to_numpy(zero_copy_only=False).astype(np.int64)
        keys.append([value if value else None for value in known] + [None])
        codes.append(code)
        if size * (len(known) + 1) > 1 << 62:  # number what there is afresh, so that no two rows collide
            mixed = np.unique(mixed, return_inverse=True)[1].reshape(-1)
            size = len(mixed)
        mixed, size = mixed * (len(known) + 1) + code, size * (len(known) + 1)
    _, first, place = np.unique(mixed, return_index=True, return_inverse=True)
    distinct = [tuple(key[code[row]] for key, code in zip(keys, codes, strict=True)) for row in first]
    return distinct, place.reshape(-1)


def check_names(names: Sequence[str], file: str) -> None:
    """Raise BadInput if a header gives one name to two columns."""
    seen: dict[str, int] = {}
    found = []
    for number, name in enumerate(names, 1):
        if name and name in seen:
            found.append(
                Problem(
                    f'the column "{name[:60]}" is given twice',
                    f"{file}, header, cells {seen[name]} and {number}",
                    "give each column its own name",
                )
            )
        seen.setdefault(name, number)
    if found:
        raise BadInput.of(found)
