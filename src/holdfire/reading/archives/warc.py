"""The records of a WARC file (ISO 28500:2017, and WARC 1.0), one after another, in constant memory.

Three rules hold, and tests/unit/test_archives_warc.py tries to break each:

* a record that ends early, or whose length is no number, is an error, never a shorter record;
* a header has at most `LONGEST_HEADER` bytes, and no record is held whole unless it is asked for;
* what follows a record must be the next one or the end.

warcio reads WARC too, and more kindly than evidence can bear: damaged gzip ends the file in silence, a wrong
length reads as none, and a header may be as long as memory. docs/decisions/0020-web-archives.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from holdfire.errors import BadInput

LONGEST_HEADER = 1 << 20
CHUNK = 1 << 18
_VERSION = re.compile(rb"WARC/(?:0\.\d+|1\.[01])")
_LENGTH = re.compile(r"\d{1,18}")


class Block:
    """The bytes of one record, to be read before the next record is asked for."""

    def __init__(self, stream: BinaryIO, size: int, where: str) -> None:
        self.size, self._left = size, size
        self._stream, self._where = stream, where

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes, or the rest; empty: the record is over.

        Raises:
            BadInput: The file ends inside the record.
        """
        wanted = self._left if size < 0 else min(size, self._left)
        pieces = []
        while wanted:
            piece = self._stream.read(min(wanted, CHUNK))
            if not piece:
                raise BadInput(
                    f"a record of {self.size} bytes ends after {self.size - self._left}",
                    self._where,
                    "the file was cut short on the way: fetch it again",
                )
            pieces.append(piece)
            wanted -= len(piece)
            self._left -= len(piece)
        return b"".join(pieces)

    def skip(self) -> None:
        """Pass over what was not read."""
        while self.read(CHUNK):
            pass


@dataclass(frozen=True, slots=True)
class Record:
    """One record.

    Attributes:
        number: Its place in the file, from 1.
        fields: Its header, names in lower case; of a field given twice the first.
        block: Its bytes.
        where: Its place, for messages.
    """

    number: int
    fields: Mapping[str, str]
    block: Block
    where: str

    @property
    def type(self) -> str:
        """Return the WARC-Type, in lower case."""
        return self.fields.get("warc-type", "").lower()

    @property
    def address(self) -> str:
        """Return the WARC-Target-URI, without the angle brackets that some tools put round it."""
        return self.fields.get("warc-target-uri", "").removeprefix("<").removesuffix(">")


def records(stream: BinaryIO, name: str, most: int) -> Iterator[Record]:
    """Yield the records of a WARC file that is not packed.

    Args:
        stream: Its bytes; gzip undone.
        name: For messages.
        most: Most records.

    Raises:
        BadInput: It is no WARC file, is damaged, or has more records.
    """
    for number in range(1, most + 2):
        where = f"{name}, record {number}"
        head = _head(stream, where, number)
        if head is None:
            return
        if number > most:
            raise BadInput(f"the archive has more than {most} records", name)
        fields = header(head)
        length = fields.get("content-length", "")
        if not _LENGTH.fullmatch(length):
            raise BadInput(
                "the length of a record is no number", where, "the file is damaged: fetch it again"
            )
        block = Block(stream, int(length), where)
        yield Record(number, fields, block, where)
        block.skip()


def header(lines: list[bytes]) -> dict[str, str]:
    """Return header lines as fields, names in lower case; a folded line belongs to the one before."""
    fields: dict[str, str] = {}
    last = ""
    for line in lines:
        text = line.decode("utf-8", "replace")
        if text[:1] in (" ", "\t") and last:
            fields[last] += " " + text.strip()
            continue
        name, colon, value = text.partition(":")
        last = name.strip().lower() if colon else ""
        if last in fields:
            last = ""
        if last:
            fields[last] = value.strip()
    return fields


def _head(stream: BinaryIO, where: str, number: int) -> list[bytes] | None:
    """Return the header lines of the next record, without its version; None: the file is over."""
    line = stream.readline(LONGEST_HEADER)
    while line in (b"\r\n", b"\n"):
        line = stream.readline(LONGEST_HEADER)
    if not line:
        return None
    if not _VERSION.fullmatch(line.rstrip()):
        what = "the file is no WARC file" if number == 1 else "no record begins where the one before ends"
        raise BadInput(what, where, "WARC 1.0 and 1.1 are read; if it should be one, fetch it again")
    lines: list[bytes] = []
    size = 0
    while (line := stream.readline(LONGEST_HEADER)).strip():
        size += len(line)
        if size >= LONGEST_HEADER:
            raise BadInput(f"a record's header is longer than {LONGEST_HEADER >> 20} MiB", where)
        lines.append(line.rstrip(b"\r\n"))
    if not line:
        raise BadInput("a record's header ends early", where, "the file was cut short: fetch it again")
    return lines
