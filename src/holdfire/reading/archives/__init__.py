"""Archives of the web become reports: WACZ, WARC, and what bellingcat's auto-archiver leaves behind.

    kind = archives.recognise(name, head)       # None: a file like any other
    archive = archives.open_archive(name, content, size)
    archive.says, archive.tokens                # what was found of it as a whole
    for item in archive.items(): ...            # what is in it

Everything that is wrong with an archive is found when it is opened and given at once, before the first item,
except what shows only when a page is unpacked. No file is written and no address is asked for anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from holdfire.errors import BadInput
from holdfire.reading import unpacking
from holdfire.reading.archives import autoarchiver, capture, wacz
from holdfire.reading.archives.capture import Found, Page
from holdfire.reading.archives.items import (
    OPENTIMESTAMPS,
    RFC3161,
    Archive,
    Item,
    Limits,
    Token,
)
from holdfire.reading.archives.packed import Packed

__all__ = [
    "OPENTIMESTAMPS",
    "RFC3161",
    "Archive",
    "Item",
    "Limits",
    "Token",
    "items",
    "open_archive",
    "recognise",
]

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
WACZ, ZIP, WARC, AUTO_ARCHIVER = "wacz", "zip", "warc", "auto-archiver"


def recognise(name: str, head: bytes) -> str | None:
    """Return the kind of archive that a file of this name and beginning is; None: it is none.

    A zip under any other name than a workbook's is an archive; which, is known when it is opened.
    """
    lower = name.lower()
    if head.startswith(_ZIP):
        return WACZ if lower.endswith(".wacz") else ZIP if lower.endswith(".zip") else None
    if lower.endswith((".warc", ".warc.gz")):
        return WARC
    return AUTO_ARCHIVER if autoarchiver.recognises(lower, head) else None


def open_archive(name: str, content: BinaryIO, size: int, limits: Limits | None = None) -> Archive:
    """Return what an archive holds and says of itself.

    Args:
        name: Its file name.
        content: Its bytes, seekable; to be kept open while its items are read.
        size: How many they are.
        limits: How much of it is taken in.

    Raises:
        BadInput: All problems of the archive, or it is of no kind that is known.
    """
    limits = limits or Limits()
    if size > limits.packed:
        raise BadInput(f"the archive has {size} bytes; at most {limits.packed} are read", name)
    content.seek(0)
    kind = recognise(name, content.read(65536))
    if kind in (WACZ, ZIP):
        packed = Packed(name, content, limits)
        if wacz.is_wacz(packed):
            return wacz.read(packed, limits)
        if kind == ZIP and autoarchiver.is_output(packed):
            return autoarchiver.read_zip(packed, limits)
        raise BadInput(
            "the zip holds neither a WACZ archive nor what auto-archiver leaves behind",
            name,
            "give the files in it one by one",
        )
    if kind == WARC:
        return _warc(name, content, size, limits)
    if kind == AUTO_ARCHIVER:
        content.seek(0)
        return autoarchiver.read_file(name, content, limits)
    raise BadInput("the file is no archive that we know", name, "WACZ, WARC and auto-archiver's output are")


def items(name: str, content: BinaryIO, size: int, limits: Limits | None = None) -> Iterator[Item]:
    """Yield what is in an archive.

    Raises:
        BadInput: As `open_archive` does.
    """
    yield from open_archive(name, content, size, limits).items()


def _warc(name: str, content: BinaryIO, size: int, limits: Limits) -> Archive:
    """Return the pages of a WARC file, which lists none: every HTML answer of status 200 is one."""

    def opener() -> BinaryIO:
        content.seek(0)
        return unpacking.content(name, lambda: _Kept(content), size, limits.unpacked).open()  # type: ignore[arg-type,return-value]

    files = [(name, opener)]
    where = capture.index(files, (), limits)
    pages = [
        Found(Page(address, place.when), place, place.when)
        for address, place in where.order
        if place.html and place.status in (0, 200) and not place.revisit
    ]
    if len(pages) > limits.pages:
        raise BadInput(f"the archive holds more than {limits.pages} pages", name)
    wacz.too_large(pages, name, limits)
    says = (f"{len(pages)} pages among {where.records} records: it lists none, so each HTML answer is one",)
    return Archive(kind=WARC, says=says, items=partial(capture.items, files, pages, limits))


class _Kept:
    """A stream that outlives whoever reads it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        return self._stream.read(size)

    def close(self) -> None:
        """Do nothing: the caller of `open_archive` closes it."""
