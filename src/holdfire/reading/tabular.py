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

Rows = npt.NDArray[np.int64]
Memory = dict[Any, dict[tuple[str | None, ...], Any]]


class Faults:
    """What is wrong with the rows of one file."""

    def __init__(self, file: str) -> None:
        self.file = file
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
                problems.add(problem, f"row {row}" if row else "", hint)
        if self._more:
            problems.add(f"{self._more} more problems were found in its rows")
        problems.raise_any()


@dataclass
class Batch:
    """Some rows of a file: every cell is text or, if empty, null.

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

    def column(self, name: str, read: Callable[[str], Any], kind: pa.DataType) -> pa.Array:
        """Return a column as values; an empty cell is null.

        Args:
            name: Its name in the file.
            read: Makes a value of a cell, or raises CellError; the same function for every batch.
            kind: Arrow type of the values.
        """

        def one(cell: str | None) -> tuple[Any]:
            try:
                return (None if cell is None else read(cell),)
            except CellError as error:
                error.faults = [(f"{name} {problem}", hint) for problem, hint in error.faults]
                raise

        return self._read((name,), read, one, (kind,))[0]

    def joint(
        self, names: Sequence[str], read: Callable[..., tuple[Any, ...]], kinds: Sequence[pa.DataType]
    ) -> list[pa.Array]:
        """Return columns made of several columns together.

        Args:
            names: Columns of the file, handed to `read` in this order, None for an empty cell.
            read: Returns one value for each of `kinds`, or raises CellError naming its columns.
            kinds: Arrow types of the values.
        """
        return self._read(tuple(names), read, read, tuple(kinds))

    def _read(
        self,
        names: tuple[str, ...],
        key: Any,
        read: Callable[..., tuple[Any, ...]],
        kinds: tuple[pa.DataType, ...],
    ) -> list[pa.Array]:
        distinct, place = _distinct([self.cells.column(name) for name in names])
        memory = self.memory.setdefault((names, key), {})
        if len(memory) > KEPT:
            memory.clear()
        nothing = (None,) * len(kinds)
        values = []
        for index, cells in enumerate(distinct):
            if cells not in memory:
                try:
                    memory[cells] = read(*cells)
                except CellError as error:
                    memory[cells] = error
            value = memory[cells]
            if isinstance(value, CellError):
                self._fault(np.flatnonzero(place == index), value)
                value = nothing
            values.append(value)
        at = pa.array(place)
        return [pa.array([value[n] for value in values], type=kind).take(at) for n, kind in enumerate(kinds)]

    def _fault(self, rows: Rows, error: CellError) -> None:
        for row in rows:
            for problem, hint in error.faults:
                self.faults.note(int(self.numbers[row]), problem, hint)


def _distinct(columns: Sequence[pa.ChunkedArray]) -> tuple[list[tuple[str | None, ...]], Rows]:
    """Return the distinct rows of some columns, and which of them each row is."""
    keys: list[list[str | None]] = []
    codes: list[Rows] = []
    mixed, size = np.zeros(len(columns[0]), dtype=np.int64), 1
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
