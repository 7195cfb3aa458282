"""A dataset of known columns, published as CSV: what all such formats share.

A format says what its columns mean; that every row gives one claim, that all problems come at once, that
no record stands twice in a file and that names and exact coordinates are not shown is seen to here.
"""

from __future__ import annotations

import csv
import io
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from holdfire.reading import layout, rows
from holdfire.reading.format import Content, Context
from holdfire.reading.layout import Layout
from holdfire.reading.locating import Swapped
from holdfire.reading.rows import Meaning, Said
from holdfire.reading.separated import Sheet
from holdfire.reading.tabular import TYPED, Batch, Faults, Rows
from holdfire.records.report import Report


class Batches(Protocol):
    """Gives the rows of a table, a few thousand at a time."""

    def __call__(self, *, faults: Faults, progress: Callable[[int], None]) -> Iterator[Batch]:
        """Yield the rows; what is wrong with them is noted in `faults`."""
        ...


class Dataset(ABC):
    """A format whose files are CSV with the columns of one of the layouts in `layouts/{dataset}.yaml`.

    Attributes:
        name: Of the format.
        version: Changes whenever the same bytes would give other claims.
        dataset: Which file of `layouts/`.
        key: Column that names a record and may not repeat; empty: none does.
        missing: What is written for an empty cell, besides nothing.
    """

    name: str
    version: str
    dataset: str
    key: str = ""
    missing: tuple[str, ...] = ()

    @property
    def layout(self) -> Layout:
        """Return the columns and value lists of the dataset."""
        return layout.load(self.dataset)

    def recognises(self, name: str, head: bytes) -> bool:
        """Return whether the header is that of a known release, even if a few columns are misspelt."""
        line = head.decode("utf-8-sig", "replace").split("\n", 1)[0]
        return self.layout.recognises(header_of(line))

    @abstractmethod
    def meanings(self, columns: frozenset[str], said: Said) -> list[Meaning]:
        """Return what the cells of a row mean, in a file that has these columns."""

    def claims(self, report: Report, content: Content, context: Context) -> Iterator[pa.Table]:
        """Yield tables of CLAIM rows, one claim a row, in the order of the file.

        Raises:
            BadInput: All problems of the file. They are known when it has been read to its end, so
                tables that came before belong to no claim.
        """
        with Sheet(content, lower=True) as sheet:
            columns = self.layout.check(sheet.header, content.name)
            meanings = self.meanings(columns, Said(report, context))
            batches = partial(sheet.batches, self.layout.read, missing=self.missing)
            yield from read(report, context, batches, meanings, self.key)

    def excerpts(self, content: Content, seqs: Collection[int]) -> dict[int, dict[str, str]]:
        """Return the fields of some records as written; those left out are counted under ""."""
        with Sheet(content, lower=True) as sheet:
            return shown(sheet, self.layout.show, seqs)


def read(
    report: Report, context: Context, batches: Batches, meanings: Sequence[Meaning], key: str = ""
) -> Iterator[pa.Table]:
    """Yield tables of CLAIM rows, one claim a row of a table.

    Args:
        report: The report the table stands in.
        context: What may be known besides.
        batches: Gives the rows, noting what is wrong with them.
        meanings: What the cells of a row mean.
        key: Column that names a record and may not repeat; empty: none does.

    Raises:
        BadInput: All problems of the table.
    """
    faults = Faults(context.file or report.name)
    swapped = Swapped(context.gazetteer)
    seen = Seen(key)
    for batch in batches(faults=faults, progress=context.progress):
        meant: dict[str, pa.Array] = {}
        for part, gives in meanings:
            meant.update(zip(gives, batch.read(part), strict=True))
        seen.add(batch)
        if "lat" in meant and "lon" in meant:
            swapped.add(meant["lat"], meant["lon"])
        if not faults:
            yield rows.claims(report, batch.numbers, meant)
    swapped.note(faults)
    seen.note(faults)
    faults.raise_any()


class Seen:
    """Finds records that stand in one file twice."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._names: list[pa.ChunkedArray] = []
        self._numbers: list[Rows] = []

    def add(self, batch: Batch) -> None:
        """Take down the names of some records."""
        if self._key:
            self._names.append(batch.cells.column(self._key))
            self._numbers.append(batch.numbers)

    def note(self, faults: Faults) -> None:
        """Note each record that has the name of an earlier one."""
        if not self._names:
            return
        names = pa.chunked_array([chunk for column in self._names for chunk in column.chunks], pa.string())
        numbers = np.concatenate(self._numbers)
        codes = pc.fill_null(names.combine_chunks().dictionary_encode().indices, -1).to_numpy()
        order = np.argsort(codes, kind="stable")
        again = np.flatnonzero((codes[order][1:] == codes[order][:-1]) & (codes[order][1:] >= 0))
        for place in again:
            earlier, later = numbers[order[place]], numbers[order[place + 1]]
            faults.note(
                int(later),
                f"{self._key} is that of row {earlier} again",
                "a record counted twice would be two events: keep one",
            )


class Table(Protocol):
    """An opened table, whatever it is packed in."""

    name: str
    header: list[str]

    def batches(
        self, columns: Collection[str], faults: Faults, progress: Callable[[int], None] = ...
    ) -> Iterator[Batch]:
        """Yield the rows with these columns."""
        ...


def shown(sheet: Table, columns: Collection[str], seqs: Collection[int]) -> dict[int, dict[str, str]]:
    """Return the cells of some records in the columns that may be shown.

    Args:
        sheet: The file, opened.
        columns: Names of columns that may be shown; one the file lacks is passed over.
        seqs: Record numbers, from 1.
    """
    wanted = set(seqs)
    found: dict[int, dict[str, str]] = {}
    visible = [name for name in sheet.header if name in set(columns)]
    hidden = str(len(sheet.header) - len(visible))
    for batch in sheet.batches(visible, Faults(sheet.name)):
        places = np.flatnonzero(np.isin(batch.numbers, list(wanted)))
        kept = batch.cells.take(pa.array(places))
        for number, row in zip(batch.numbers[places].tolist(), kept.to_pylist(), strict=True):
            cells = {name: row[name].removeprefix(TYPED) for name in visible if row[name]}
            found[number] = cells | {"": hidden}
        if len(found) == len(wanted):
            break
    return found


def header_of(line: str) -> list[str]:
    """Return the names in the first line of a file, in lower case; a line that is no CSV gives none."""
    try:
        return [name.strip().lower() for name in next(csv.reader(io.StringIO(line)), [])]
    except csv.Error:
        return []
