"""Zips byte by byte, so that any part of one can say something else."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

FILE = 0o100644 << 16
FOLDER = 0o040755 << 16
LINK = 0o120777 << 16
DEVICE = 0o020666 << 16


def deflated(content: bytes) -> bytes:
    """Return raw deflate."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


@dataclass(kw_only=True)
class Member:
    """One member; what is None is as it should be."""

    name: bytes
    content: bytes = b""
    method: int = 8
    flags: int = 0
    packed: bytes | None = None
    crc: int | None = None
    size: int | None = None
    packed_size: int | None = None
    outer: int = FILE
    extra: bytes = b""
    local_extra: bytes = b""
    local: dict[str, int | bytes] = field(default_factory=dict)
    """What the local header says otherwise: name, crc, size, packed_size, method, flags, sign."""

    disk: int = 0
    before: bytes = b""
    """Bytes that stand before its local header."""

    after: bytes = b""
    """Bytes that stand behind its data."""

    def __post_init__(self) -> None:
        if self.packed is None:
            self.packed = deflated(self.content) if self.method == 8 else self.content
        self.crc = zlib.crc32(self.content) if self.crc is None else self.crc
        self.size = len(self.content) if self.size is None else self.size
        self.packed_size = len(self.packed) if self.packed_size is None else self.packed_size


def members_of(files: Mapping[str, bytes]) -> list[Member]:
    """Return honest members for files."""
    return [Member(name=path.encode(), content=files[path]) for path in sorted(files, key=str.encode)]


def zipped(
    members: Iterable[Member],
    *,
    comment: bytes = b"",
    count: int | None = None,
    before_directory: bytes = b"",
) -> bytes:
    """Return the archive of these members."""
    body, directory, number = bytearray(), bytearray(), 0
    for m in members:
        body += m.before
        here = len(body)
        says = {
            "sign": b"PK\x03\x04", "flags": m.flags, "method": m.method, "crc": m.crc,
            "packed_size": m.packed_size, "size": m.size, "name": m.name, **m.local,
        }  # fmt: skip
        body += struct.pack(
            "<4sHHHHHLLLHH", says["sign"], 20, says["flags"], says["method"], 0, 33, says["crc"],
            says["packed_size"], says["size"], len(says["name"]), len(m.local_extra),
        )  # fmt: skip
        body += says["name"] + m.local_extra + (m.packed or b"") + m.after
        directory += struct.pack(
            "<4sHHHHHHLLLHHHHHLL", b"PK\x01\x02", 0x0314, 20, m.flags, m.method, 0, 33, m.crc, m.packed_size,
            m.size, len(m.name), len(m.extra), 0, m.disk, 0, m.outer, here,
        )  # fmt: skip
        directory += m.name + m.extra
        number += 1
    body += before_directory
    number = number if count is None else count
    end = struct.pack(
        "<4sHHHHLLH", b"PK\x05\x06", 0, 0, number, number, len(directory), len(body), len(comment)
    )
    return bytes(body + directory + end + comment)
