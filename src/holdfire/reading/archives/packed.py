"""A zip from outside, opened without trusting anything it says of itself.

Nothing is written to a disk here; a name that climbs out is refused all the same, because whoever unpacks the
same file by hand would be harmed, and because an honest tool writes none. All problems are given at once,
each by the number of the file in the zip: a file name may be the name of a person.
"""

from __future__ import annotations

import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, BinaryIO, cast

from holdfire.errors import BadInput, Problems
from holdfire.reading.archives.items import FREE, Limits

CHUNK = 1 << 20
_DIRECTORY = 64 << 20
"""Most bytes of a central directory: it is read whole before its entries can be counted."""
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sLQL")
_ENCRYPTED = 0x1


class Packed:
    """The files of a zip, by name."""

    def __init__(self, name: str, content: BinaryIO, limits: Limits) -> None:
        """Open a zip and check every name, size and place in it.

        Raises:
            BadInput: All problems of the zip.
        """
        self.name, self._limits = name, limits
        _directory(name, content)
        try:
            self._zip = zipfile.ZipFile(content)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, OSError, EOFError):
            raise BadInput("the zip cannot be read", name, "it may be damaged: fetch it again") from None
        listed = self._zip.infolist()
        problems = Problems(name)
        if len(listed) > limits.members:
            problems.add(f"the zip has {len(listed)} files; at most {limits.members} are read")
            problems.raise_any()
        _names(listed, problems)
        _sizes(listed, problems, limits)
        _places(listed, problems)
        problems.raise_any()
        self.members = {m.filename: m for m in listed if not m.is_dir()}
        self.numbers = {m.filename: number for number, m in enumerate(listed, 1)}

    def where(self, member: str) -> str:
        """Return the place of a file in the zip, for messages."""
        return f"{self.name}, file {self.numbers[member]} in it"

    def open(self, member: str) -> BinaryIO:
        """Return a stream of a file's bytes, whose end is checked against its CRC.

        Raises:
            BadInput: The zip says one thing of the file at its head and another in its directory.
        """
        try:
            return cast(BinaryIO, _Checked(self._zip.open(self.members[member]), self.where(member)))
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, ValueError, OSError, struct.error):
            raise BadInput(
                "a file of the zip cannot be read", self.where(member), "it may be damaged: fetch it again"
            ) from None

    def read(self, member: str, most: int) -> bytes:
        """Return all bytes of a file.

        Raises:
            BadInput: It has more than `most` bytes, or is damaged.
        """
        if self.members[member].file_size > most:
            raise BadInput(f"a file of the zip has more than {most} bytes", self.where(member))
        with self.open(member) as stream:
            return b"".join(chunks(stream))


class _Checked:
    """A stream of a zip's file, whose damage is a BadInput."""

    def __init__(self, stream: IO[bytes], where: str) -> None:
        self._stream, self._where = stream, where

    def read(self, size: int = -1) -> bytes:
        try:
            return self._stream.read(size)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError):
            raise BadInput(
                "a file of the zip is damaged",
                self._where,
                "it was cut or changed on the way: fetch it again",
            ) from None

    def close(self) -> None:
        self._stream.close()

    def __enter__(self) -> _Checked:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def chunks(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the rest of a stream, a piece at a time."""
    while chunk := stream.read(CHUNK):
        yield chunk


def _directory(name: str, content: BinaryIO) -> None:
    """Refuse a zip whose directory is too large to be read whole.

    Raises:
        BadInput: It is, or the file ends in no directory at all.
    """
    size = content.seek(0, 2)
    content.seek(max(0, size - 65_557))  # the end record and the longest comment after it
    tail = content.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + _END.size:
        raise BadInput("the zip has no directory", name, "it was cut short on the way: fetch it again")
    length = _END.unpack_from(tail, at)[5]
    locator = at - _END64.size
    if length == 0xFFFFFFFF and locator >= 0 and tail[locator : locator + 4] == b"PK\x06\x07":
        content.seek(min(_END64.unpack_from(tail, locator)[2], size))
        end = content.read(56)
        length = struct.unpack_from("<Q", end, 40)[0] if len(end) == 56 else length
    content.seek(0)
    if length > _DIRECTORY:
        raise BadInput(f"the directory of the zip has {length} bytes; at most {_DIRECTORY} are read", name)


def _names(listed: list[zipfile.ZipInfo], problems: Problems) -> None:
    seen: dict[str, int] = {}
    for number, member in enumerate(listed, 1):
        where = f"file {number} in it"
        if wrong := _climbs(member.orig_filename):
            problems.add(f"a file name {wrong}", where, "it was made to harm whoever unpacks it")
        if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
            problems.add("the zip holds a link or a device", where, "only plain files are read")
        folded = unicodedata.normalize("NFC", member.filename).casefold()
        if folded in seen:
            problems.add(
                f"it has the name of file {seen[folded]}, or one that some systems take for it", where
            )
        seen.setdefault(folded, number)


def _climbs(name: str) -> str:
    """Return what is wrong with a file name; empty: nothing."""
    if "\\" in name or ":" in name or any(ord(c) < 32 or ord(c) == 127 for c in name):
        return "holds a backslash, a colon or a control character"
    parts = name.removesuffix("/").split("/")
    return "is absolute or climbs out of the folder" if any(p in ("", ".", "..") for p in parts) else ""


def _sizes(listed: list[zipfile.ZipInfo], problems: Problems, limits: Limits) -> None:
    for number, member in enumerate(listed, 1):
        where = f"file {number} in it"
        if member.flag_bits & _ENCRYPTED:
            problems.add("it is locked with a password", where, "unlock it first")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            problems.add(f"it is packed by method {member.compress_type}; 0 and 8 are read", where)
        if member.file_size > FREE and member.file_size > limits.ratio * max(1, member.compress_size):
            problems.add(
                f"{member.compress_size} bytes would unpack to {member.file_size}; "
                f"at most {limits.ratio} times as much is unpacked",
                where,
            )
    total = sum(member.file_size for member in listed)
    if total > limits.unpacked:
        problems.add(f"its files unpack to {total} bytes; at most {limits.unpacked} are read")


def _places(listed: list[zipfile.ZipInfo], problems: Problems) -> None:
    """Refuse files that share bytes: one kernel unpacked many times makes a bomb of any size."""
    end = 0
    for number, member in sorted(enumerate(listed, 1), key=lambda pair: pair[1].header_offset):
        if member.header_offset < end:
            problems.add("it shares bytes with another file of the zip", f"file {number} in it")
        end = member.header_offset + 30 + len(member.orig_filename.encode()) + member.compress_size
