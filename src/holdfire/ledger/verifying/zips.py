"""A packed bundle: a zip that every program unpacks to the same files.

The format lets one archive be two: names in the directory and before the data, data that overlaps, sizes
that come later, an end inside a comment. So a bundle's zip is held to one shape (docs/format.md): members one
after another from the first byte, the directory, the end, and nothing between. Field offsets are those of
PKWARE's APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16.
"""

from __future__ import annotations

import os
import stat
import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from holdfire.ledger.verifying.findings import Findings, Refused, shown
from holdfire.ledger.verifying.names import path_breaks

MOST_MEMBERS = 65_534
LARGEST_DIRECTORY = 64 * 2**20

_END = struct.Struct("<4sHHHHLLH")
_CENTRAL = struct.Struct("<4sHHHHHHLLLHHHHHLL")
_LOCAL = struct.Struct("<4sHHHHHLLLHH")
_PIECE = 2**16
_MOST_AT_ONCE = 2**20
_ALLOWED_FLAGS = 0x0806  # names in UTF-8; how hard deflate tried
_FORBIDDEN_EXTRA = (0x0001, 0x7075)  # Zip64 sizes; another name


class Member(NamedTuple):
    """One file of the archive: where its header stands, and what the directory says of it."""

    raw_name: bytes
    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    header: int
    data: int

    def folder(self) -> bool:
        """Return whether it stands for a folder."""
        return self.name.endswith("/")


def members_of(place: str, findings: Findings) -> dict[str, Member]:
    """Return the files of an archive by name; what is no plain file is noted in `findings`.

    Raises:
        Refused: It is no archive, or not in the one shape.
    """
    try:
        with open(place, "rb") as file:
            whole = os.fstat(file.fileno()).st_size
            count, start, directory = _directory(file, whole)
            found = _central(count, directory, findings)
            members = _placed(file, found, start)
    except OSError as error:
        raise Refused("zip", "", f"the archive cannot be read: {error.strerror}") from None
    return {member.name: member for member in members if not member.folder()}


def chunks_of_member(place: str, member: Member) -> Iterator[bytes]:
    """Yield what a member unpacks to.

    Raises:
        Refused: It unpacks to more than it says, to less, to something else, or not at all.
    """
    crc = total = 0
    for piece in _unpacked(place, member):
        total += len(piece)
        if total > member.size:
            raise Refused("size", member.name, "it unpacks to more than it says")
        crc = zlib.crc32(piece, crc)
        yield piece
    if total != member.size or crc != member.crc:
        raise Refused("zip", member.name, "it does not unpack to what it says")


def _unpacked(place: str, member: Member) -> Iterator[bytes]:
    inflate = zlib.decompressobj(-zlib.MAX_WBITS) if member.method else None
    left = member.packed
    with open(place, "rb") as file:
        file.seek(member.data)
        while left:
            piece = file.read(min(left, _PIECE))
            if not piece:
                raise Refused("zip", member.name, "the archive ends too soon")
            left -= len(piece)
            if inflate is None:
                yield piece
                continue
            try:
                more = True
                while more:  # what a limit kept back inside zlib comes with the next call
                    out = inflate.decompress(piece, _MOST_AT_ONCE)
                    yield out
                    piece = inflate.unconsumed_tail
                    more = bool(piece) or len(out) == _MOST_AT_ONCE
            except zlib.error:
                raise Refused("zip", member.name, "it cannot be unpacked") from None
            if inflate.unused_data:
                raise Refused("zip", member.name, "bytes stand behind its data")
    if inflate is not None and not inflate.eof:
        raise Refused("zip", member.name, "its data ends too soon")


def _directory(file: BinaryIO, whole: int) -> tuple[int, int, bytes]:
    """Return how many members there are, where the directory begins, and its bytes."""
    if whole < _END.size:
        raise Refused("zip", "", "this is no archive")
    file.seek(whole - _END.size)
    end = _END.unpack(file.read(_END.size))
    sign, disk, first_disk, here, count, size, start, comment = end
    if sign != b"PK\x05\x06" or comment:
        raise Refused("zip", "", "this is no archive, or more stands behind its end")
    if disk or first_disk or here != count or start + size != whole - _END.size or count > MOST_MEMBERS:
        raise Refused("zip", "", "the archive's end does not fit its directory")
    if size > LARGEST_DIRECTORY:
        raise Refused("size", "", "the archive's directory is too large")
    file.seek(start)
    return count, start, file.read(size)


def _central(count: int, directory: bytes, findings: Findings) -> list[Member]:
    found, at = [], 0
    for _ in range(count):
        if at + _CENTRAL.size > len(directory):
            raise Refused("zip", "", "the archive's directory ends too soon")
        field = _CENTRAL.unpack_from(directory, at)
        sign, _, _, flags, method, _, _, crc, packed, size, n, extra, comment, disk, _, outer, header = field
        at += _CENTRAL.size
        name = directory[at : at + n]
        text = _named(name, flags)
        _check_extra(directory[at + n : at + n + extra], text)
        at += n + extra + comment
        member = Member(name, text, flags, method, crc, packed, size, header, 0)
        if sign != b"PK\x01\x02" or disk or at > len(directory):
            raise Refused("zip", text, "the archive's directory is not in its form")
        _check_form(member)
        kind = stat.S_IFMT(outer >> 16)
        if kind not in (0, stat.S_IFDIR if member.folder() else stat.S_IFREG):
            findings.add("link", text, "it is a symbolic link, a device or the like")
        code, words = path_breaks(text[:-1] if member.folder() else text)
        if code:
            findings.add(code, shown(text), words)
        found.append(member)
    if at != len(directory):
        raise Refused("zip", "", "the archive's directory is longer than its members")
    if len({member.name for member in found}) != len(found):
        raise Refused("zip", "", "two members have one name")
    return found


def _named(name: bytes, flags: int) -> str:
    try:
        return name.decode("utf-8" if flags & 0x0800 else "ascii")
    except UnicodeDecodeError:
        raise Refused("path", ascii(name), "the name is not UTF-8") from None


def _check_form(member: Member) -> None:
    if member.flags & ~_ALLOWED_FLAGS or member.method not in (0, 8):
        raise Refused("zip", member.name, "it is encrypted, or packed in a way that is not allowed")
    if 0xFFFFFFFF in (member.packed, member.size, member.header):
        raise Refused("zip", member.name, "it needs Zip64, which is not allowed")
    if not member.method and member.packed != member.size:
        raise Refused("zip", member.name, "it is stored, and its two sizes differ")
    if member.folder() and member.size:
        raise Refused("zip", member.name, "a folder holds bytes")


def _check_extra(extra: bytes, name: str) -> None:
    at = 0
    while at < len(extra):
        if at + 4 > len(extra):
            raise Refused("zip", name, "an extra field is cut short")
        kind, size = struct.unpack_from("<HH", extra, at)
        at += 4 + size
        if kind in _FORBIDDEN_EXTRA or at > len(extra):
            raise Refused("zip", name, "an extra field is not allowed")


def _placed(file: BinaryIO, members: list[Member], end: int) -> list[Member]:
    """Return the members with the place of their data: one after another, from 0 to the directory."""
    found, expected = [], 0
    for member in sorted(members, key=lambda each: each.header):
        if member.header != expected:
            raise Refused("zip", member.name, "members overlap, or bytes stand between them")
        file.seek(expected)
        head = file.read(_LOCAL.size)
        if len(head) < _LOCAL.size:
            raise Refused("zip", member.name, "the archive ends too soon")
        sign, _, flags, method, _, _, crc, packed, size, n, extra = _LOCAL.unpack(head)
        rest = file.read(n + extra)
        here = (sign, flags, method, crc, packed, size, rest[:n])
        if here != (b"PK\x03\x04", *member[2:7], member.raw_name):
            raise Refused("zip", member.name, "its local header disagrees with the directory")
        _check_extra(rest[n:], member.name)
        data = expected + _LOCAL.size + n + extra
        expected = data + member.packed
        found.append(member._replace(data=data))
    if expected != end:
        raise Refused("zip", "", "members and directory overlap, or bytes stand between them")
    return found
