"""One schema a noun, declared once, with the meaning of null.

Rooms exchange Arrow tables. A `Schema` says each column's type, unit and what its silence means, and
`check` refuses a table that departs from it, so a wrong column is found where it was made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa

from holdfire.errors import HoldfireError

TEXT = pa.string()
TEXTS = pa.list_(pa.string())
INTEGER = pa.int64()
NUMBER = pa.float64()
BOOLEAN = pa.bool_()
INSTANT = pa.timestamp("us", tz="UTC")
DATE = pa.date32()


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its type, what it means (with its [unit]), and what a null in it means."""

    name: str
    type: pa.DataType
    means: str
    null: str = ""
    """What null means; empty: the column is never null."""


@dataclass(frozen=True)
class Schema:
    """The columns of one noun's table, in order."""

    noun: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    """Columns that name a row; tables are kept sorted by them."""

    @cached_property
    def arrow(self) -> pa.Schema:
        """Return the Arrow schema."""
        return pa.schema([pa.field(c.name, c.type, nullable=bool(c.null)) for c in self.columns])

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Return the column names, in order."""
        return tuple(c.name for c in self.columns)

    def empty(self) -> pa.Table:
        """Return a table of no rows."""
        return self.arrow.empty_table()

    def table(self, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
        """Return a table of these rows; a missing key is null.

        Raises:
            HoldfireError: A row has a key that is no column, or lacks one that is never null.
        """
        listed = list(rows)
        for row in listed:
            if unknown := set(row) - set(self.names):
                raise HoldfireError(f"a row of {self.noun} has no column {', '.join(sorted(unknown))}")
        arrays = [pa.array([row.get(c.name) for row in listed], type=c.type) for c in self.columns]
        return self.check(pa.Table.from_arrays(arrays, schema=self.arrow))

    def check(self, table: pa.Table) -> pa.Table:
        """Return the table with its columns in order, or raise what departs from the schema.

        Raises:
            HoldfireError: A column is missing, of another type, or null where it never is.
        """
        if table.schema.equals(self.arrow, check_metadata=True):
            return self._whole(table)  # as most are, and casting them all would cost more than making them
        missing = [c.name for c in self.columns if c.name not in table.column_names]
        if missing:
            raise HoldfireError(f"a table of {self.noun} lacks {', '.join(missing)}")
        chosen = table.select(list(self.names)).cast(
            pa.schema([pa.field(c.name, c.type) for c in self.columns])
        )
        return self._whole(chosen).cast(self.arrow)

    def _whole(self, table: pa.Table) -> pa.Table:
        """Return a table whose columns are in order, or raise which have nulls and never should."""
        columns = zip(self.columns, table.columns, strict=True)
        holes = [column.name for column, held in columns if not column.null and held.null_count]
        if holes:
            raise HoldfireError(f"a table of {self.noun} has nulls in {', '.join(holes)}")
        return table

    def sorted(self, table: pa.Table) -> pa.Table:
        """Return the table in the order of its key, so that equal contents are equal tables."""
        return table.sort_by([(name, "ascending") for name in self.key]) if self.key else table


def rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    """Yield each row as a mapping, a batch at a time."""
    for batch in table.to_batches(max_chunksize=8192):
        yield from batch.to_pylist()


def stack(schema: Schema, tables: Sequence[pa.Table]) -> pa.Table:
    """Return the tables one under another; none given is an empty table."""
    return pa.concat_tables(tables) if tables else schema.empty()
