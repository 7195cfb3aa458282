"""Open a table of who was on which lists: CSV, Excel, JSON lines, Arrow or Parquet.

Nothing of a table leaves here but counts and the labels of strata that were asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.feather
import pyarrow.parquet

from holdfire.counting.overlaps import Integers
from holdfire.counting.tabled import ListsFile, Tabled, read_mapping, tabled
from holdfire.errors import BadInput
from holdfire.reading.formats.mapped import separator_of
from holdfire.reading.jsonlines import JsonLines
from holdfire.reading.separated import Sheet
from holdfire.reading.tabular import TYPED, Faults, check_names
from holdfire.reading.unpacking import content
from holdfire.reading.workbook import Workbook

LARGEST = 1 << 30
"""Most bytes of a table, unpacked."""
MOST_CELLS = 200_000_000
ARROW = (b"ARROW1", b"\xff\xff\xff\xff")
"""How an Arrow file and an Arrow stream begin."""


@dataclass(frozen=True)
class Opened:
    """A table's cells.

    Attributes:
        cells: Text, null where empty.
        numbers: Number of each row as a person finds it: its line, or its row (rows,).
    """

    cells: pa.Table
    numbers: Integers


def read(path: Path, how: ListsFile) -> Tabled:
    """Return the overlaps of a table's strata.

    Args:
        path: The file.
        how: What a person says of its columns.

    Raises:
        BadInput: All its problems, with their rows.
    """
    opened = open_cells(path, how)
    return tabled(opened.cells, opened.numbers, how, path.name)


def mapping(path: Path | None) -> ListsFile:
    """Return what a mapping file says; none says nothing.

    Raises:
        BadInput: All its problems, each with its line.
    """
    if path is None:
        return ListsFile()
    return read_mapping(path.read_text(encoding="utf-8"), path.name)


def open_cells(path: Path, how: ListsFile) -> Opened:
    """Return the cells of a table, by what its bytes are.

    Raises:
        BadInput: It is no table that we read, or rows have too few or too many cells.
    """
    if not path.stat().st_size:
        raise BadInput("the file is empty", path.name, "was it saved?")
    with path.open("rb") as stream:
        start = stream.read(6)
    if start.startswith(b"PAR1"):
        return _typed(path, pa.parquet.read_table)
    if start.startswith(ARROW):
        return _typed(path, _arrow)
    return _written(path, how)


def _arrow(path: Path) -> pa.Table:
    with pa.memory_map(str(path)) as source:
        try:
            return pa.ipc.open_file(source).read_all()
        except pa.ArrowInvalid:
            source.seek(0)
            return pa.ipc.open_stream(source).read_all()


def _typed(path: Path, opener: Any) -> Opened:
    """Return the cells of a table whose columns have types."""
    try:
        table = opener(path)
    except (pa.ArrowException, OSError):
        raise BadInput(
            "the table cannot be read: it is damaged or cut off", path.name, "write it again"
        ) from None
    check_names(table.column_names, path.name)
    if not table.num_rows:
        raise BadInput("the table has columns and no rows", path.name, "was all of it saved?")
    try:
        columns = {name: _as_text(table[name]) for name in table.column_names}
    except pa.ArrowException:
        raise BadInput(
            "a column holds lists or other tables", path.name, "one number or word in each cell"
        ) from None
    return Opened(pa.table(columns), np.arange(1, table.num_rows + 1))


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.int8())
    if pa.types.is_floating(column.type):
        whole = pc.all(pc.equal(column, pc.floor(column))).as_py()
        column = column.cast(pa.int64()) if whole is not False and column.null_count < len(column) else column
    return _tidy(column.cast(pa.string()))


def _tidy(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return text without what marks a typed cell, true and false as 1 and 0, blanks as empty."""
    found = pc.replace_substring_regex(column, f"^{TYPED}true$", "1")
    found = pc.replace_substring_regex(found, f"^{TYPED}false$", "0")
    found = pc.utf8_trim_whitespace(pc.replace_substring(found, TYPED, ""))
    return pc.if_else(pc.equal(found, ""), pa.scalar(None, pa.string()), found)


def _written(path: Path, how: ListsFile) -> Opened:
    """Return the cells of a table that is text, or a workbook."""
    source = content(path.name, lambda: path.open("rb"), path.stat().st_size, LARGEST)
    start = source.head(4096)
    after = how.header
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        table: Any = Workbook(source, how.sheet, how.header)
    elif start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        table, after = JsonLines(source), 0
    else:
        table = Sheet(source, how.separator or separator_of(source, how.header), how.header)
    faults = Faults(path.name, after)
    with table:
        check_names(table.header, path.name)
        if len(table.header) > 1000:
            raise BadInput(
                f"the table has {len(table.header):,} columns", path.name, "is it a table of lists?"
            )
        batches = list(table.batches(table.header, faults))
    faults.raise_any()
    if sum(len(batch.numbers) for batch in batches) * len(table.header) > MOST_CELLS:
        raise BadInput(
            "the table is too large to hold", path.name, "give patterns with their counts, not people"
        )
    cells = pa.concat_tables([batch.cells for batch in batches])
    named = [name for name in table.header if name and name in cells.column_names]
    numbers = np.concatenate([batch.numbers for batch in batches]) + after
    return Opened(pa.table({name: _tidy(cells[name]) for name in named}), numbers)
