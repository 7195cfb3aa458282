"""An Excel workbook (.xlsx) becomes batches of text cells: values, never formulas.

A formula's shown value is whatever program last computed it, so a cell that holds one is refused by its
name. A workbook is a zip of XML: what it says it unpacks to is checked before it is unpacked, and XML
that defines entities is refused.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime, time
from itertools import islice
from typing import Any

import numpy as np
import openpyxl
import pyarrow as pa
from openpyxl.utils import get_column_letter

from holdfire.errors import BadInput, nearest
from holdfire.reading import unpacking
from holdfire.reading.format import Content
from holdfire.reading.tabular import TYPED, Batch, Faults, Memory, check_names

LARGEST = 256 << 20
"""Most bytes of a workbook, packed, and four times that unpacked: it is held in memory."""
RATIO = 200
AT_ONCE = 5000
"""Rows of a batch."""


class Workbook:
    """One sheet of a workbook, opened: its header is known, its rows are still to come."""

    def __init__(self, source: Content, sheet: str = "", header: int = 1) -> None:
        """Open the workbook and read the header.

        Args:
            source: The bytes.
            sheet: Name of the sheet; empty: the first.
            header: Row of the header, from 1.

        Raises:
            BadInput: It is no workbook that we read, or has no such sheet or no header.
        """
        self.name = source.name
        self._size = source.size
        self._book = self._open(unpacking.whole(source, LARGEST))
        names = self._book.sheetnames
        if sheet and sheet not in names:
            raise BadInput(f'the workbook has no sheet "{sheet}"', self.name, nearest(sheet, names))
        self._sheet = self._book[sheet or names[0]]
        self._sheet.reset_dimensions()  # it may claim to be a million columns wide
        self._first = header + 1
        self._missing: frozenset[str] = frozenset()
        self.header = self._header(header)

    def _open(self, held: bytes) -> Any:
        if held.startswith(b"\xd0\xcf\x11\xe0"):
            raise BadInput(
                "the workbook is locked with a password, or of the old .xls kind",
                self.name,
                "save it as .xlsx without a password",
            )
        try:
            with zipfile.ZipFile(io.BytesIO(held)) as packed:
                self._guard(packed, len(held))
            return openpyxl.load_workbook(io.BytesIO(held), read_only=True, data_only=False, keep_links=False)
        except BadInput:
            raise
        except Exception:  # a damaged workbook fails in as many ways as it has parts
            raise BadInput("the file is no Excel workbook", self.name, "open it and save it again") from None

    def _guard(self, packed: zipfile.ZipFile, size: int) -> None:
        unpacked = sum(part.file_size for part in packed.infolist())
        if unpacked > 4 * LARGEST or (unpacked > unpacking.FREE and unpacked > RATIO * size):
            raise BadInput(
                f"the workbook unpacks to {unpacked >> 20} MiB from {size >> 10} KiB; at most {RATIO} times "
                f"its size and {4 * LARGEST >> 20} MiB is unpacked",
                self.name,
                "look at what it is; save the sheet as CSV",
            )
        for part in packed.infolist():
            if part.filename.endswith((".xml", ".rels")):
                with packed.open(part) as stream:
                    if b"<!DOCTYPE" in stream.read(65536):
                        raise BadInput(
                            "the workbook defines XML entities", self.name, "save it again in Excel"
                        )

    def _header(self, row: int) -> list[str]:
        cells = next(self._sheet.iter_rows(min_row=row, max_row=row, values_only=True), ())
        names = ["" if cell is None else str(cell).strip() for cell in cells]
        while names and not names[-1]:
            names.pop()
        if not names:
            raise BadInput("the sheet is empty; a header is expected", f"{self.name}, row {row}")
        check_names(names, self.name)
        return names

    def __enter__(self) -> Workbook:
        return self

    def __exit__(self, *_: object) -> None:
        self._book.close()

    def batches(
        self,
        columns: Collection[str],
        faults: Faults,
        progress: Callable[[int], None] = lambda _: None,
        missing: Collection[str] = (),
    ) -> Iterator[Batch]:
        """Yield the rows with these columns; a row of empty cells is passed over but counted.

        Raises:
            BadInput: The sheet has no rows.
        """
        memory: Memory = {}
        wanted = {name: at for at, name in enumerate(self.header) if name in set(columns)}
        rows = self._rows(faults, frozenset(missing))
        done = 0
        while some := list(islice(rows, AT_ONCE)):
            cells = {name: pa.array([row[at] for _, row in some], pa.string()) for name, at in wanted.items()}
            numbers = np.array([number for number, _ in some], dtype=np.int64)
            yield Batch(numbers, pa.table(cells) if cells else _bare(len(some)), faults, memory)
            done += len(some)
        progress(self._size)
        if not done:
            raise BadInput("the sheet has a header and no rows", self.name, "is it the right sheet?")

    def _rows(self, faults: Faults, missing: frozenset[str]) -> Iterator[tuple[int, list[str | None]]]:
        width = len(self.header)
        rows = self._sheet.iter_rows(min_row=self._first, max_col=width + 1)
        for number, row in enumerate(rows, 1):
            found: list[str | None] = []
            for at, cell in enumerate(row):
                found.append(self._text(cell, at, number, faults, missing))
            if any(found[width:]):
                faults.note(
                    number, f"a cell stands right of the header, in column {get_column_letter(width + 1)}"
                )
            found += [None] * (width - len(found))
            if any(found):
                yield number, found

    def _text(self, cell: Any, at: int, number: int, faults: Faults, missing: frozenset[str]) -> str | None:
        value = cell.value
        if value is None:
            return None
        where = f"cell {get_column_letter(at + 1)}{number + self._first - 1}"
        if cell.data_type == "f":
            faults.note(number, f"{where} holds a formula", "copy the sheet and paste it as values")
            return None
        if cell.data_type == "e":
            faults.note(number, f"{where} holds the error {value}", "mend it, or empty the cell")
            return None
        text = written(value)
        return None if text in missing or not text.strip() else text


def _bare(count: int) -> pa.Table:
    """Return a table of rows without a column that is read."""
    return pa.table({"\x1f": pa.nulls(count, pa.string())})


def written(value: Any) -> str:
    """Return a value of a workbook as text; what is no text there begins with `TYPED`.

    >>> written(3.0).removeprefix(TYPED), written(datetime(2016, 2, 27)).removeprefix(TYPED)
    ('3', '2016-02-27')
    """
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return TYPED + str(value).lower()
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return TYPED + (value.date().isoformat() if midnight else value.isoformat("T", "minutes"))
    if isinstance(value, date | time):
        return TYPED + value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return TYPED + str(int(value))
    return TYPED + str(value)
