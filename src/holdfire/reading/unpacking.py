"""Bytes from outside become bytes that are safe to read, in one pass and in constant memory.

Four rules hold, and tests/unit/test_unpacking.py tries to break each:

* gzip is undone as it is read, whatever the file is called;
* no file unpacks to more than its limit, nor to more than `RATIO` times its size, and this is seen
  before the memory is used;
* text is UTF-8 without NUL, in lines of at most `LONGEST_LINE` bytes, or it is refused with the line;
* a damaged or cut-off file is an error, never a shorter file.
"""

from __future__ import annotations

import codecs
import io
import re
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

from holdfire.errors import SHOWN, BadInput, Problem
from holdfire.reading.format import Content

MIB = 1 << 20
LONGEST_LINE = 16 * MIB
"""Most bytes between two line ends: longer than any row we know, short enough to hold."""
RATIO = 250
"""Most times its size that gzip may unpack to; tables of conflict events reach about 10, blank sheets 100."""
FREE = 16 * MIB
"""Bytes below which the ratio is not looked at: a small file of blanks harms no one."""
CHUNK = MIB

GZIP = b"\x1f\x8b"
FOREIGN = {
    b"PK\x03\x04": ("a zip archive or an Excel workbook", "unpack it, or give it a name that ends in .xlsx"),
    b"\xd0\xcf\x11\xe0": (
        "an old Excel file or a locked one",
        "save it as .xlsx without a password, or as CSV",
    ),
    b"\x1f\x8b": ("gzip inside gzip", "unpack it once"),
    b"BZh": ("a bzip2 file", "unpack it first"),
    b"\xfd7zXZ": ("an xz file", "unpack it first"),
    b"\x28\xb5\x2f\xfd": ("a zstd file", "unpack it first"),
    b"PAR1": ("a Parquet file", "write it out as CSV"),
    b"%PDF": ("a PDF", "take the table out of it, and say so in the report's note"),
}
"""How other kinds of file begin, what they are, and what to try."""
SIXTEEN = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

Opener = Callable[[], BinaryIO]


def content(name: str, opener: Opener, size: int, limit: int) -> Content:
    """Return stored bytes as a format is handed them: gzip undone, and never more than the limit.

    Args:
        name: File name, for messages.
        opener: Gives the stored bytes from the start.
        size: How many are stored [bytes].
        limit: Most they may unpack to [bytes].
    """

    def unpacked() -> BinaryIO:
        return cast(BinaryIO, io.BufferedReader(_Unpacked(name, opener(), limit), CHUNK))

    return Content(name, unpacked, size, limit)


def text(source: Content) -> BinaryIO:
    """Return the stream of a report that is text, checked as it is read, its byte-order mark taken off.

    Raises:
        BadInput: While it is read: at a NUL, a line too long, or bytes that are not UTF-8.
    """
    stream = source.open()
    try:
        return cast(BinaryIO, io.BufferedReader(_Checked(source.name, stream), CHUNK))
    except BadInput:
        stream.close()
        raise


def head(source: Content, size: int = 65536) -> str:
    """Return the first characters of a report that is text.

    Raises:
        BadInput: They are not text that we read.
    """
    with text(source) as stream:
        return codecs.utf_8_decode(stream.read(size), "strict", False)[0]


def whole(source: Content, most: int) -> bytes:
    """Return all bytes of a file that must be held at once, such as a workbook.

    Raises:
        BadInput: There are more than `most`.
    """
    with source.open() as stream:
        held = stream.read(most + 1)
    if len(held) > most:
        raise BadInput(
            f"the file has more than {most // MIB} MiB; this kind is read up to that",
            source.name,
            "save the sheet as CSV, which has no such limit",
        )
    return held


def taken(stream: BinaryIO) -> int:
    """Return how many stored bytes have been taken so far, for a progress bar."""
    raw = getattr(stream, "raw", stream)
    return raw.taken if isinstance(raw, _Unpacked | _Checked) else stream.tell()


class _Unpacked(io.RawIOBase):
    """The stored bytes, gzip undone, up to a limit."""

    def __init__(self, name: str, packed: BinaryIO, limit: int) -> None:
        self._name, self._packed, self._limit = name, packed, limit
        self._pending = packed.read(CHUNK)
        self.taken = len(self._pending)
        self._given = 0
        self._gzip = self._pending.startswith(GZIP)
        self._inflater = zlib.decompressobj(31) if self._gzip else None

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._packed.close()
        super().close()

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        room = min(len(buffer), CHUNK)
        got = self._inflated(room) if self._gzip else self._plain(room)
        self._given += len(got)
        self._guard()
        buffer[: len(got)] = got
        return len(got)

    def _fill(self) -> bool:
        if not self._pending:
            self._pending = self._packed.read(CHUNK)
            self.taken += len(self._pending)
        return bool(self._pending)

    def _plain(self, room: int) -> bytes:
        self._fill()
        got, self._pending = self._pending[:room], self._pending[room:]
        return got

    def _inflated(self, room: int) -> bytes:
        while self._member():
            assert self._inflater is not None  # noqa: S101 - a member is open
            if not self._fill() and not self._inflater.unconsumed_tail:
                raise self._bad("the gzip data ends early", "it was cut short on the way: fetch it again")
            try:
                got = self._inflater.decompress(self._pending, room)
            except zlib.error:
                raise self._bad("the gzip data is damaged", "fetch it again") from None
            self._pending = self._inflater.unconsumed_tail or self._inflater.unused_data
            if got:
                return got
        return b""

    def _member(self) -> bool:
        """Return whether there is more to inflate, opening the next member of the file if need be."""
        if self._inflater is not None and not self._inflater.eof:
            return True
        while self._fill() and not (rest := self._pending.lstrip(b"\0")):
            self._pending = rest  # zeros that fill up a tape block
        if not self._pending:
            return False
        self._pending = self._pending.lstrip(b"\0")
        if len(self._pending) == 1:
            self._pending += self._packed.read(CHUNK)
        if not self._pending.startswith(GZIP):
            raise self._bad("other bytes follow the gzip data", "fetch it again, or unpack it first")
        self._inflater = zlib.decompressobj(31)
        return True

    def _guard(self) -> None:
        if self._given > self._limit:
            raise BadInput(
                f"the file {'unpacks to' if self._gzip else 'has'} more than {_size(self._limit)}",
                self._name,
                "if it is what it should be, raise `largest_report` in case.yaml",
            )
        if self._gzip and self._given > FREE and self._given > RATIO * self.taken:
            raise BadInput(
                f"{_size(self.taken)} of gzip unpack to more than {_size(self._given)}; "
                f"at most {RATIO} times as much is unpacked",
                self._name,
                "look at what it is; if it is a real table, unpack it first",
            )

    def _bad(self, problem: str, hint: str) -> BadInput:
        return BadInput(f"{problem}, after {self._given} unpacked bytes", self._name, hint)


class _Checked(io.RawIOBase):
    """A stream of bytes that is refused where it stops being text."""

    def __init__(self, name: str, stream: BinaryIO) -> None:
        self._name, self._stream = name, stream
        self._lines = 0  # line ends passed
        self._since = 0  # bytes after the last of them
        self._tail = b""  # first bytes of a character that the last chunk cut
        self._wide = False  # characters beyond ASCII were seen
        self._pending = self._opening()

    @property
    def taken(self) -> int:
        return taken(self._stream)

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._stream.close()
        super().close()

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        if not self._pending:
            self._pending = self._stream.read(CHUNK)
            self._check(self._pending)
        got, self._pending = self._pending[: len(buffer)], self._pending[len(buffer) :]
        buffer[: len(got)] = got
        return len(got)

    def _opening(self) -> bytes:
        first = self._stream.read(CHUNK)
        start = first[:200]
        if start.startswith(SIXTEEN) or start.count(b"\0") > len(start) // 4:
            raise BadInput(
                "the file is UTF-16 or UTF-32; UTF-8 is read",
                f"{self._name}, line 1",
                "save it as UTF-8, or run: iconv -f UTF-16 -t UTF-8",
            )
        for magic, (what, hint) in FOREIGN.items():
            if first.startswith(magic):
                raise BadInput(f"the file is {what}, not text", self._name, hint)
        first = first.removeprefix(codecs.BOM_UTF8)
        self._check(first)
        return first

    def _check(self, chunk: bytes) -> None:
        if (at := chunk.find(b"\0")) >= 0:
            raise BadInput(
                "a byte is 0 (NUL), which no text holds",
                self._where(chunk, at),
                "save the file again as UTF-8",
            )
        try:
            self._decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            raise BadInput.of(self._not_utf8(self._tail + chunk, error)) from None
        self._measure(chunk)

    def _decode(self, chunk: bytes, *, final: bool) -> None:
        if not self._tail and chunk.isascii():
            return
        joined = self._tail + chunk
        words, used = codecs.utf_8_decode(joined, "strict", final)
        self._wide = self._wide or not words.isascii()
        self._tail = joined[used:]

    def _measure(self, chunk: bytes) -> None:
        ends = chunk.count(b"\n")
        first = chunk.find(b"\n") if ends else len(chunk)
        if self._since + first > LONGEST_LINE:
            raise BadInput(
                f"a line is longer than {_size(LONGEST_LINE)}",
                f"{self._name}, line {self._lines + 1}",
                "is it a table or a text? a quote may be missing, or line ends were lost",
            )
        self._lines += ends
        self._since = len(chunk) - chunk.rfind(b"\n") - 1 if ends else self._since + len(chunk)

    def _where(self, chunk: bytes, at: int) -> str:
        line = self._lines + chunk.count(b"\n", 0, at) + 1
        last = chunk.rfind(b"\n", 0, at)
        byte = at - last if last >= 0 else self._since + at + 1
        return f"{self._name}, line {line}, byte {byte}"

    def _not_utf8(self, joined: bytes, error: UnicodeDecodeError) -> Iterator[Problem]:
        """Yield each line of this chunk that is not UTF-8, as far as a message shows them."""
        wide = self._wide or not joined[: error.start].isascii()
        mixed = ", though lines before it are: the file mixes encodings" if wide else ""
        skipped = len(self._tail)
        self._since -= skipped
        start, shown = 0, 0
        for found in re.finditer(rb"[^\n]*\n|[^\n]+", joined):
            start = found.start()
            try:
                codecs.utf_8_decode(found[0], "strict", found[0].endswith(b"\n"))
            except UnicodeDecodeError as bad:
                at = start + bad.start
                yield Problem(
                    f"byte 0x{joined[at]:02X} is not UTF-8{mixed}",
                    self._where(joined, at),
                    "save it as UTF-8, or convert it: iconv -f WINDOWS-1252 -t UTF-8 (or its real encoding)",
                )
                shown += 1
            if shown > SHOWN:
                return
        if not shown:  # the file ends inside a character
            yield Problem(
                "the file ends inside a character", self._where(joined, error.start), "fetch it again"
            )


def _size(count: int) -> str:
    """Return a number of bytes in the largest unit that keeps it whole, or nearly."""
    for unit, size in (("GiB", 1 << 30), ("MiB", MIB), ("KiB", 1024)):
        if count >= size:
            return f"{count // size} {unit}"
    return f"{count} bytes"
