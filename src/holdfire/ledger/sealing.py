"""Encrypting what the vault holds: values in one piece, reports in chunks that can be read from anywhere.

A stream is `MAGIC`, then chunks of `CHUNK` bytes, each sealed with AES-256-GCM (NIST SP 800-38D) under one
key that seals nothing else. The nonce of a chunk is its number (11 bytes, big-endian) and a last byte that is
1 for the last chunk and 0 for others; the magic is authenticated with each. So a chunk that is changed,
moved, repeated, left out or added is refused, and so is a stream cut off at a chunk's end: the STREAM
construction of Hoang, Reyhanitabar, Rogaway and Vizár 2015 (Crypto 2015). The last chunk may be short; only
that of an empty stream is empty. tests/properties/test_vault.py changes, moves and cuts chunks.

A value in one piece has a random nonce before it and is bound to a context: what it is and of what.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from holdfire.errors import BadInput

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAGIC = b"holdfire-blob/1\n"
KEY = 32
"""Bytes of every key."""
CHUNK = 65_536
"""Bytes of a chunk before sealing."""
TAG = 16
"""Bytes that sealing adds to a chunk (the GCM tag)."""
NONCE = 12
BATCH = 16
"""Chunks that are read and written at once: 1 MiB."""

DAMAGED = "restore it from a backup, and leave this file as it is, for whoever finds out why"

Random = Callable[[int], bytes]
"""Gives so many random bytes; `os.urandom` outside tests."""


def seal(key: bytes, content: bytes, context: bytes, random: Random) -> bytes:
    """Return a value sealed in one piece: nonce, ciphertext, tag.

    The nonce is random (96 bits), so one key may seal 2**32 values (SP 800-38D, section 8.3).
    """
    nonce = random(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, context)


def unseal(key: bytes, sealed: bytes, context: bytes) -> bytes | None:
    """Return what was sealed; None: it was changed, or the key or context is another."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], context)
    except (InvalidTag, ValueError):
        return None


def length(size: int) -> int:
    """Return how many bytes a stream of `size` bytes has when it is sealed."""
    return len(MAGIC) + size + TAG * _chunks(size)


def seal_stream(source: BinaryIO, target: BinaryIO, key: bytes, see: Callable[[bytes], object]) -> int:
    """Seal what `source` gives into `target`, and return how many bytes it was.

    Args:
        source: Read to its end.
        target: Written to; not closed, not forced to the disk.
        key: A key that seals nothing else, ever.
        see: Called with the bytes as they pass, block by block.
    """
    cipher, number, size = AESGCM(key), 0, 0
    target.write(MAGIC)
    for block, ends in _blocks(source):
        see(block)
        size += len(block)
        view, parts = memoryview(block), []
        starts = range(0, len(block), CHUNK) or range(1)
        for start in starts:
            last = ends and start == starts[-1]
            parts.append(cipher.encrypt(_nonce(number, last), view[start : start + CHUNK], MAGIC))
            number += 1
        target.write(b"".join(parts))
    return size


class Unsealed(io.RawIOBase):
    """A sealed stream read as what was sealed: seekable, each chunk authenticated before it is given.

    Args:
        file: The sealed stream; closed with this.
        key: Its key.
        size: How many bytes were sealed.
        where: What errors call it.

    Raises:
        BadInput: It has not the length that `size` asks for; on reading: a chunk was changed.
    """

    def __init__(self, file: BinaryIO, key: bytes, size: int, where: str) -> None:
        super().__init__()
        self._file, self._cipher, self._size, self._where = file, AESGCM(key), size, where
        self._at, self._held, self._chunk = 0, -1, b""
        found = file.seek(0, io.SEEK_END)
        file.seek(0)
        if found != length(size) or file.read(len(MAGIC)) != MAGIC:
            self.close()
            raise self._damaged()

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def tell(self) -> int:
        """Return where the next read begins."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place, as files do."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError("a place before the start")
        self._at = start + offset
        return self._at

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Read up to the end of a chunk."""
        view = memoryview(buffer).cast("B")
        if self._at >= self._size or not view:
            return 0
        number, start = divmod(self._at, CHUNK)
        if number != self._held:
            self._chunk, self._held = self._unsealed(number), number
        count = min(len(view), len(self._chunk) - start)
        view[:count] = self._chunk[start : start + count]
        self._at += count
        return count

    def readall(self) -> bytes:
        """Read to the end."""
        return b"".join(self.blocks())

    def blocks(self) -> Iterator[bytes]:
        """Yield what follows, a MiB at a time; an empty stream is authenticated too."""
        if not self._size:
            self._unsealed(0)
        number, start = divmod(self._at, CHUNK)
        while self._at < self._size:
            block = b"".join(self._several(number, BATCH))[start:]
            self._at, number, start = self._at + len(block), number + BATCH, 0
            yield block

    def close(self) -> None:
        """Close the file too."""
        if not self.closed:
            self._file.close()
            self._chunk = b""
        super().close()

    def _unsealed(self, number: int) -> bytes:
        return next(self._several(number, 1))

    def _several(self, first: int, count: int) -> Iterator[bytes]:
        sealed = CHUNK + TAG
        self._file.seek(len(MAGIC) + first * sealed)
        view = memoryview(self._file.read(count * sealed))
        last = _chunks(self._size) - 1
        for number in range(first, min(first + count, last + 1)):
            part = view[(number - first) * sealed : (number - first + 1) * sealed]
            try:
                yield self._cipher.decrypt(_nonce(number, number == last), part, MAGIC)
            except (InvalidTag, ValueError):
                raise self._damaged() from None

    def _damaged(self) -> BadInput:
        return BadInput("what the vault holds is damaged", self._where, DAMAGED)


def _chunks(size: int) -> int:
    return max(1, -(-size // CHUNK))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(NONCE - 1, "big") + bytes([last])


def _blocks(source: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Yield blocks of whole chunks and whether each is the last; an empty source gives one empty block."""
    block = _filled(source)
    while len(block) == BATCH * CHUNK and (following := _filled(source)):
        yield block, False
        block = following
    yield block, True


def _filled(source: BinaryIO) -> bytes:
    """Return the next `BATCH` chunks, fewer only at the end: a pipe gives less than it is asked for."""
    block = source.read(BATCH * CHUNK)
    if len(block) == BATCH * CHUNK or not block:
        return block
    parts, missing = [block], BATCH * CHUNK - len(block)
    while missing and (part := source.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
