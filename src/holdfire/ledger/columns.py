"""The entries as columns, for work on all of them at once.

DuckDB in memory is built from the ledger and is never the record. `rebuild` makes one table of each kind
that is asked for, with the fields that are asked for; each entry has been read against its hash before.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from typing import Protocol

import numpy as np
import pyarrow as pa

from holdfire.engine import Session
from holdfire.errors import HoldfireError
from holdfire.ledger import forms
from holdfire.ledger.stored import Span
from holdfire.ledger.tiles import HASH

SCHEMA = pa.schema(
    [
        pa.field("seq", pa.int64(), nullable=False),
        pa.field("leaf", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("content", pa.string(), nullable=False),
    ]
)
"""Place in the ledger, leaf hash, kind, and canonical JSON of an entry."""

_GIVEN = "ledger_entries"


class Batches(Protocol):
    """Whoever gives entries as batches of `SCHEMA`; a `Ledger` does."""

    def batches(self, kind: str | None = None, upto: int | None = None) -> Iterator[pa.RecordBatch]:
        """Yield the first `upto` entries of a kind."""
        ...


def batches(spans: Iterable[Span]) -> Iterator[pa.RecordBatch]:
    """Yield one batch of `SCHEMA` for each span."""
    for span in spans:
        if span.seqs:
            leaves = _strings(b"".join(span.leaves).hex().encode(), [2 * HASH] * len(span.leaves))
            contents = _strings(b"".join(span.contents), [len(content) for content in span.contents])
            columns = [pa.array(span.seqs, pa.int64()), leaves, pa.array(span.kinds, pa.string()), contents]
            yield pa.record_batch(columns, schema=SCHEMA)


def rebuild(
    session: Session, ledger: Batches, fields: Mapping[str, Iterable[str]], upto: int | None = None
) -> None:
    """Make a table of each kind: `place` in the ledger, `leaf`, and the chosen fields.

    Args:
        session: Where; a table has the name of its kind, and replaces one of that name.
        ledger: Whose entries.
        fields: For each kind the fields wanted. A column has the type that the field's check asks for
            (text, digests and instants are VARCHAR); where an entry lacks the field it is null.
        upto: Of the first so many entries; None: all.

    Raises:
        BadInput: An entry is missing or damaged, or no such field can be a column.
    """
    import duckdb  # slow to load; the session given has loaded it

    for kind, names in fields.items():
        wanted = {name: forms.column(kind, name) for name in names}
        source = _Source(ledger.batches(kind, upto=upto))
        reader = pa.RecordBatchReader.from_batches(SCHEMA, source)
        shape = json.dumps({name: _shape(of) for name, of in wanted.items()}).replace("'", "''")
        chosen = f"json_transform(content, '{shape}')" if wanted else "NULL"
        unpacked = "".join(f', fields."{name}" AS "{name}"' for name in wanted)
        session.connection.register(_GIVEN, reader)
        try:
            session.make(
                f'"{kind}"',
                f"SELECT place, leaf{unpacked} FROM"
                f" (SELECT seq AS place, leaf, {chosen} AS fields FROM {_GIVEN})",
            )
        except duckdb.Error:
            if source.error is not None:
                raise source.error from None
            raise
        finally:
            session.connection.unregister(_GIVEN)


class _Source:
    """Gives batches to DuckDB, and keeps our error, of which DuckDB would only keep the words."""

    def __init__(self, given: Iterator[pa.RecordBatch]) -> None:
        self._given = given
        self.error: HoldfireError | None = None

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        try:
            yield from self._given
        except HoldfireError as error:
            self.error = error
            raise


def _shape(of: str) -> str | list[object]:
    """Return a type as DuckDB's JSON functions write it."""
    return [_shape(of[:-2])] if of.endswith("[]") else of


def _strings(joined: bytes, sizes: list[int]) -> pa.StringArray:
    """Return a column of strings that stand one after another in UTF-8."""
    ends = np.fromiter(accumulate(sizes, initial=0), np.int32, len(sizes) + 1)
    parts = [None, pa.py_buffer(ends), pa.py_buffer(joined)]
    return pa.Array.from_buffers(pa.binary(), len(sizes), parts).cast(pa.string())
