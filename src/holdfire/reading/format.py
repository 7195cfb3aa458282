"""What a source format is: it knows its own files, yields claims, and shows the row behind one.

A format never opens a file: it is handed `Content`, which the desk made. It keeps the place of every
value (record number or span), the dataset's own precision codes, and it stops at what it does not know,
with every problem of the file at once. `holdfire.testing.check_format` holds any format to this.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Protocol, runtime_checkable
from zoneinfo import ZoneInfo

import pyarrow as pa

from holdfire.engine import Engine
from holdfire.reading.gazetteer.atlas import Atlas
from holdfire.reading.gazetteer.countries import world
from holdfire.records.actor import Names
from holdfire.records.casefile import Gazetteer
from holdfire.records.report import Report
from holdfire.records.source import Source

if TYPE_CHECKING:
    from holdfire.reading.prose.page.shown import Shown


@dataclass(frozen=True, slots=True)
class Content:
    """A report's bytes, as often as they are needed.

    Attributes:
        name: File name, for messages.
        open: Gives the bytes from the start, gzip already undone; the caller closes it.
        size: Bytes as stored (packed, if it came packed).
        limit: Most bytes it may unpack to.
        mapping: Text of the mapping file named in the report's note, for mapped tables, so that
            `excerpts` knows which columns may be shown.
    """

    name: str
    open: Callable[[], BinaryIO]
    size: int
    limit: int
    mapping: str = ""

    def head(self, size: int = 65536) -> bytes:
        """Return the first bytes."""
        with self.open() as stream:
            return stream.read(size)


@dataclass(frozen=True, slots=True)
class Context:
    """What a format may know besides the bytes: nothing else reaches it.

    Attributes:
        zone: Time zone of the case; a day in a dataset is a day there.
        names: Actors by dated name.
        sources: Sources by id.
        gazetteer: Places by spelling.
        engine: How to run SQL.
        mapping: Text of the mapping file named in the report's note, for mapped tables.
        progress: Called with the bytes read since the last call.
        file: File name the report came under, for messages and to know HTML by; empty: not known.
        atlas: The built gazetteer of the case; without one, our own list of countries and units.
        carry: Whether a sentence that names no voice may go on with the one before.
        precise: Whether what is said by voices that less sure rules found is left out.
    """

    zone: ZoneInfo
    names: Names
    sources: Mapping[str, Source]
    gazetteer: Gazetteer
    engine: Engine
    mapping: str = ""
    progress: Callable[[int], None] = field(default=lambda _: None)
    file: str = ""
    atlas: Atlas = field(default_factory=world)
    carry: bool = True
    precise: bool = False


@runtime_checkable
class Worded(Protocol):
    """A format whose reports are texts, which can be copied and so are compared with each other."""

    def shown(self, report: Report, content: Content, context: Context) -> Shown:
        """Return the text as it is read, with its way back to the text as received.

        Raises:
            BadInput: All problems of the file at once.
        """
        ...

    def shingled(self, report: Report, content: Content, context: Context) -> pa.Table:
        """Return what the report can be compared by, as one row of SHINGLED.

        Raises:
            BadInput: All problems of the file at once.
        """
        ...


@runtime_checkable
class Listing(Protocol):
    """A format whose reports may be lists of the dead, one entry a row; such a report makes no claims."""

    def lists(self, content: Content) -> bool:
        """Return whether this report is a list of the dead.

        Raises:
            BadInput: What says so cannot be read.
        """
        ...

    def deaths(self, report: Report, content: Content, context: Context) -> Iterator[pa.Table]:
        """Yield tables of DEATH rows, in the order of the list. They hold names: keep them in memory.

        Raises:
            BadInput: All problems of the file at once, in words that repeat no name.
        """
        ...


class Format(Protocol):
    """A source format."""

    name: str
    version: str
    """Changes whenever the same bytes would give other claims: it is part of the reading's key."""

    def recognises(self, name: str, head: bytes) -> bool:
        """Return whether a file of this name that begins so is of this format."""
        ...

    def claims(self, report: Report, content: Content, context: Context) -> Iterator[pa.Table]:
        """Yield tables of CLAIM rows, in the order of the report.

        Raises:
            BadInput: All problems of the file at once.
        """
        ...

    def excerpts(self, content: Content, seqs: Collection[int]) -> dict[int, dict[str, str]]:
        """Return, for each record number asked for, its fields as written; prose gives none.

        Fields that hold names of people or exact coordinates are left out and counted under "".
        """
        ...
