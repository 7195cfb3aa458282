"""Any table, read through a mapping file: CSV, TSV, semicolons, Excel or JSON lines.

A row is one claim or, where the mapping says `deaths:`, one entry of a list of the dead; such a list makes no
claims, none of its columns is ever shown, and no message repeats a word of it.

The mapping is written by a person (`holdfire mapping suggest FILE` drafts it) and named in the report's
note. Without one, no row of an unknown table means anything, so it is refused. Columns that the mapping
does not name are never shown: they may hold names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache, partial
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from holdfire.errors import BadInput, nameless
from holdfire.reading import dataset, deaths, fields, figures, layout, unpacking
from holdfire.reading.dataset import header_of, shown
from holdfire.reading.format import Content, Context
from holdfire.reading.jsonlines import JsonLines
from holdfire.reading.listmapping import ListFile, check_list, read_table, unquoted
from holdfire.reading.mapping import MappingFile, TableFile, check_columns
from holdfire.reading.rows import Meaning, Said
from holdfire.reading.separated import Sheet
from holdfire.reading.workbook import Workbook
from holdfire.records.report import Report

NAMES = (".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".jsonl", ".ndjson")
SEPARATORS = (",", ";", "\t", "|")
KNOWN = ("ged", "acled", "airwars")
"""Datasets with a format of their own."""


class Mapped:
    """The format `mapped`."""

    name = "mapped"
    version = "1"

    def recognises(self, name: str, head: bytes) -> bool:
        """Return whether it is a table by its name, and of no dataset that has a format of its own."""
        if not name.lower().removesuffix(".gz").endswith(NAMES):
            return False
        header = header_of(head.decode("utf-8-sig", "replace").split("\n", 1)[0])
        return not any(layout.load(known).recognises(header) for known in KNOWN)

    def claims(self, report: Report, content: Content, context: Context) -> Iterator[pa.Table]:
        """Yield tables of CLAIM rows, one claim a row, in the order of the file.

        Raises:
            BadInput: There is no mapping, or all problems of the mapping or of the table.
        """
        mapping = _mapping(content, context)
        if isinstance(mapping, ListFile):
            for _ in self.deaths(report, content, context):
                pass  # read for what is wrong with it, which is then said with all that is wrong in the inbox
            return
        with open_table(content, mapping) as table:
            check_columns(mapping, table.header, content.name)
            batches = partial(table.batches, mapping.columns(), missing=tuple(mapping.missing))
            meanings = meanings_of(mapping, Said(report, context), context.zone)
            yield from dataset.read(report, context, batches, meanings)

    def lists(self, content: Content) -> bool:
        """Return whether its mapping is that of a list of the dead."""
        return bool(content.mapping) and _is_list(content.mapping)

    def deaths(self, report: Report, content: Content, context: Context) -> Iterator[pa.Table]:
        """Yield tables of DEATH rows, one entry a row, in the order of the list.

        Raises:
            BadInput: All problems of the mapping or of the list, in words that repeat no name.
        """
        mapping = _mapping(content, context)
        if not isinstance(mapping, ListFile):
            raise BadInput("the mapping is that of a table of claims", content.name, "`deaths:` in its place")
        try:
            table = open_table(content, mapping)
        except BadInput as error:
            raise BadInput.of(unquoted(error.problems)) from None
        with table, nameless("the list cannot be read"):
            check_list(mapping, table.header, content.name)
            batches = partial(table.batches, mapping.columns(), missing=tuple(mapping.missing))
            yield from deaths.read(report, context, batches, mapping)

    def excerpts(self, content: Content, seqs: Collection[int]) -> dict[int, dict[str, str]]:
        """Return the mapped fields of some records as written; all others are counted under "".

        Without the mapping at hand no field is known to be fit to show, so none is; of a list, none ever is.
        """
        mapping = read_table(content.mapping) if content.mapping else None
        with open_table(content, mapping) as table:
            return shown(table, mapping.shown() if isinstance(mapping, MappingFile) else (), seqs)


@lru_cache(maxsize=256)
def _is_list(mapping: str) -> bool:
    return isinstance(read_table(mapping), ListFile)


def _mapping(content: Content, context: Context) -> MappingFile | ListFile:
    text = context.mapping or content.mapping
    if not text:
        raise BadInput(
            "this table needs a mapping, which says what its columns mean",
            content.name,
            "`holdfire mapping suggest FILE` drafts one; name it under `mapping:` in the report's note",
        )
    return read_table(text)


def meanings_of(mapping: MappingFile, said: Said, zone: ZoneInfo) -> list[Meaning]:
    """Return what the cells of a row mean under a mapping."""
    rules = mapping.claims.rules()
    return [
        *fields.alone(rules),
        *fields.names(rules, said),
        *fields.when(rules, zone),
        *fields.where(rules, mapping.decimal),
        *figures.numbers(rules),
    ]


def open_table(content: Content, mapping: TableFile | None) -> Any:
    """Return a table opened, by what its bytes are.

    Raises:
        BadInput: It is no table that we read.
    """
    start = content.head(4096)
    header = mapping.header if mapping else 1
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return Workbook(content, mapping.sheet if mapping else "", header)
    if start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return JsonLines(content)
    separator = (mapping.separator if mapping else "") or separator_of(content, header)
    return Sheet(content, separator, header)


def separator_of(content: Content, header: int = 1) -> str:
    """Return the separator that the header has most of; a comma if it has none."""
    lines = unpacking.head(content).split("\n")
    line = lines[header - 1] if header <= len(lines) else ""
    return max(SEPARATORS, key=line.count)
