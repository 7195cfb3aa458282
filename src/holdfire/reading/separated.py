"""The bytes of a CSV, TSV or semicolon table become batches of text cells.

The file is read once, in blocks of whole rows, in constant memory. Quoting is RFC 4180 to the letter: a
quote opens a cell at its start, closes it at its end, and is written twice inside. A file that quotes
otherwise is refused with the line, because its rows cannot be told apart with certainty.
tests/unit/test_separated.py tries to break this against Python's own reader.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv

from holdfire.errors import BadInput
from holdfire.reading import unpacking
from holdfire.reading.format import Content
from holdfire.reading.tabular import Batch, Faults, Memory, Rows, check_names

BLOCK = 4 << 20
"""Bytes parsed at a time."""
LONGEST_ROW = 16 << 20
"""Most bytes of one row, line ends in quoted cells counted."""
QUOTE = 34


class Sheet:
    """A table of separated values (RFC 4180), opened: its header is known, its rows are still to come.

    Use it as a context, so that the file is closed.
    """

    def __init__(
        self, source: Content, separator: str = ",", header: int = 1, *, lower: bool = False
    ) -> None:
        """Open the table and read its header.

        Args:
            source: The bytes.
            separator: What stands between cells.
            header: Line of the header, from 1; lines above it are passed over.
            lower: Whether names of columns are compared without regard to case.

        Raises:
            BadInput: It is empty, is not text, or its header gives a name twice.
        """
        self.name = source.name
        self.separator = separator
        self._stream = unpacking.text(source)
        self._taken = 0
        self._line = 0
        try:
            self.header = [name.lower() if lower else name for name in self._header(header)]
        except BadInput:
            self._stream.close()
            raise

    def __enter__(self) -> Sheet:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def _header(self, line: int) -> list[str]:
        for _ in range(line - 1):
            self._next_line()
        text = self._next_line()
        while text.count('"') % 2 and (more := self._next_line()):
            text += more
        if not text:
            raise BadInput("the file is empty; a header is expected", self.name, "was it saved?")
        if not text.strip():
            raise BadInput("the line is empty; a header is expected", f"{self.name}, line {self._line}")
        if "\r" in text.rstrip("\r\n"):
            raise BadInput(
                "lines end in a carriage return alone", f"{self.name}, line 1", "save it with other line ends"
            )
        names = [name.strip() for name in next(csv.reader(io.StringIO(text), delimiter=self.separator))]
        check_names(names, self.name)
        return names

    def _next_line(self) -> str:
        self._line += 1
        return self._stream.readline().decode()

    def batches(
        self,
        columns: Collection[str],
        faults: Faults,
        progress: Callable[[int], None] = lambda _: None,
        missing: Sequence[str] = (),
    ) -> Iterator[Batch]:
        """Yield the rows, a few thousand at a time, with these columns.

        Args:
            columns: Names of the header.
            faults: Where rows of too few or too many cells are noted.
            progress: Called with the stored bytes taken since the last call.
            missing: What is written for an empty cell, besides nothing.

        Raises:
            BadInput: The bytes cannot be read as a table, or hold no rows.
        """
        memory: Memory = {}
        done = 0
        for block in self._blocks():
            cells, bad = self._parsed(block, columns, missing)
            numbers = np.setdiff1d(
                np.arange(1, len(cells) + len(bad) + 1, dtype=np.int64), [b[0] for b in bad]
            )
            for row, given in bad:
                faults.note(
                    done + row,
                    f"a row has {given} cells; the header has {len(self.header)}",
                    f"quote a cell that contains {_spoken(self.separator)}",
                )
            yield Batch(numbers + done, cells, faults, memory)
            done += len(cells) + len(bad)
            taken = unpacking.taken(self._stream)
            progress(taken - self._taken)
            self._taken = taken
        if not done:
            raise BadInput("the file has a header and no rows", self.name, "was all of it saved?")

    def _parsed(
        self, block: bytes, columns: Collection[str], missing: Sequence[str]
    ) -> tuple[pa.Table, list[tuple[int, int]]]:
        """Return the cells of a block of whole rows, and the place and length of each uneven row."""
        bad: list[tuple[int, int]] = []

        def uneven(row: Any) -> str:
            bad.append((row.number, row.actual_columns))
            return "skip"

        wanted = [name for name in self.header if name in set(columns)]
        if block.startswith(codecs.BOM_UTF8):
            # Arrow takes one off the start of what it reads; here it is not the start of the file.
            block = codecs.BOM_UTF8 + block
        cells = pa.csv.read_csv(
            pa.BufferReader(block),
            # One thread, so that an uneven row is told by its number; it is fast enough.
            read_options=pa.csv.ReadOptions(
                use_threads=False, block_size=len(block) + 1, column_names=_unique(self.header)
            ),
            parse_options=pa.csv.ParseOptions(
                delimiter=self.separator, newlines_in_values=True, invalid_row_handler=uneven
            ),
            convert_options=pa.csv.ConvertOptions(
                include_columns=wanted,
                column_types=dict.fromkeys(wanted, pa.string()),
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
                null_values=["", *missing],
            ),
        )
        return cells, bad

    def _blocks(self) -> Iterator[bytes]:
        """Yield the rest of the file in blocks of whole rows."""
        held = b""
        while more := self._stream.read(BLOCK):
            held += more
            quotes = np.flatnonzero(np.frombuffer(held, np.uint8) == QUOTE)
            end = _last_row(held, quotes)
            if end:
                yield from self._whole(held[:end], quotes[: np.searchsorted(quotes, end)])
                held = held[end:]
            elif len(held) > LONGEST_ROW:
                self._check_quotes(held, quotes, ended=False)
                raise BadInput(
                    f"a row is longer than {LONGEST_ROW >> 20} MiB",
                    f"{self.name}, line {self._line + 1}",
                    "a quote that opens a cell may not be closed; every row after it is swallowed",
                )
        yield from self._whole(held, np.flatnonzero(np.frombuffer(held, np.uint8) == QUOTE))

    def _whole(self, block: bytes, quotes: Rows) -> Iterator[bytes]:
        """Yield the block, checked, unless it holds nothing but empty lines."""
        self._check_quotes(block, quotes, ended=True)
        if block.strip():
            yield block
        self._line += block.count(b"\n")

    def _check_quotes(self, block: bytes, quotes: Rows, *, ended: bool) -> None:
        """Refuse a quote that neither opens nor closes a cell: rows could not be told apart after it."""
        around = np.frombuffer(b"\n" + block + b"\n", np.uint8)
        fits = np.zeros(256, dtype=bool)
        fits[[QUOTE, ord(self.separator), 10, 13]] = True
        opening, closing = quotes[::2], quotes[1::2]
        stray = opening[~fits[around[opening]]]
        open_too_long = opening[: len(closing)][~fits[around[closing + 2]]]
        if ended and len(opening) > len(closing):
            open_too_long = np.append(open_too_long, opening[-1])
        first = min([*stray[:1], *open_too_long[:1]], default=None)
        if first is None:
            return
        line = self._line + block.count(b"\n", 0, int(first)) + 1
        where = f"{self.name}, line {line}"
        if len(stray) and first == stray[0]:
            raise BadInput(
                "a quote stands inside a cell that no quote opens",
                where,
                'put the whole cell in quotes and write each quote inside it twice: "5"" pipe"',
            )
        raise BadInput(
            "a quote opens a cell and is not closed where the cell ends",
            where,
            "close it; write a quote inside a quoted cell twice",
        )


def _last_row(held: bytes, quotes: Rows) -> int:
    """Return where the last whole row ends: after a line end with no quote open before it; 0 if none."""
    end = held.rfind(b"\n") + 1
    while end and (before := int(np.searchsorted(quotes, end))) % 2:
        end = held.rfind(b"\n", 0, int(quotes[before - 1])) + 1
    return end


def _unique(names: Sequence[str]) -> list[str]:
    """Return the names, with a stand-in for each cell of the header that is empty."""
    return [name or f"\x1f{number}" for number, name in enumerate(names, 1)]


def _spoken(separator: str) -> str:
    return {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}.get(separator, "the separator")
