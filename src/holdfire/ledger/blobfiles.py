"""The files of a vault's blobs: `blobs/xx/ID`, ciphertext under random names.

A file is written and forced to the disk before anything says that it is there, so one that nothing speaks of
is what a killed run left. Names say nothing of content: digests of content would let anyone confirm a guess.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from holdfire.errors import HoldfireError
from holdfire.ledger.disk import force
from holdfire.ledger.keyschema import told
from holdfire.ledger.sealing import BATCH, CHUNK, KEY, Random, Unsealed, seal_stream
from holdfire.ledger.shelf import make_folder

ID = re.compile(r"[0-9a-f]{32}")
_BLOCK = BATCH * CHUNK


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Written:
    """A blob that was written: its names, its secrets, its size [bytes]."""

    path: Path
    id: str
    key: bytes
    salt: bytes
    digest: bytes
    tag: bytes
    size: int


def path_of(blobs: Path, name: str) -> Path:
    """Return where a blob's file is."""
    if not ID.fullmatch(name):
        raise HoldfireError("a blob has no name of its form", str(blobs))
    return blobs / name[:2] / name


def stream(source: BinaryIO | bytes) -> BinaryIO:
    """Return bytes as something to read from."""
    return io.BytesIO(source) if isinstance(source, bytes | bytearray | memoryview) else source


def commitment(salt: bytes) -> hashlib._Hash:
    """Return the running hash of a commitment, to be given the bytes."""
    return hashlib.sha256(b"\x02" + salt)


def tag_of(secret: bytes, digest: bytes) -> bytes:
    """Return the lookup tag of bytes from their SHA-256 (32 bytes)."""
    return hmac.digest(secret, digest, "sha256")


def measured(source: BinaryIO) -> int | None:
    """Return how many bytes are still to come; None: it cannot be told without reading them."""
    try:
        if not source.seekable():
            return None
        here = source.tell()
        end = source.seek(0, io.SEEK_END)
        source.seek(here)
    except (OSError, ValueError, AttributeError):
        return None
    return end - here


def hashed(source: BinaryIO) -> bytes:
    """Return the SHA-256 of what is to come, and go back to where it stood."""
    here, running = source.tell(), hashlib.sha256()
    while block := source.read(_BLOCK):
        running.update(block)
    source.seek(here)
    return running.digest()


def write(blobs: Path, source: BinaryIO, secret: bytes, random: Random) -> Written:
    """Seal what `source` gives into a new file; not yet forced to the disk.

    Raises:
        HoldfireError: The disk refuses; nothing is left behind.
    """
    name, key, salt = random(16).hex(), random(KEY), random(KEY)
    path = path_of(blobs, name)
    committed, plain = commitment(salt), hashlib.sha256()

    def see(block: bytes) -> None:
        committed.update(block)
        plain.update(block)

    with told(path):
        make_folder(path.parent)
        with _made(path) as target:
            try:
                size = seal_stream(source, target, key, see)
            except BaseException:
                path.unlink(missing_ok=True)
                raise
    tag = tag_of(secret, plain.digest())
    return Written(path=path, id=name, key=key, salt=salt, digest=committed.digest(), tag=tag, size=size)


def settle(paths: Iterable[Path]) -> None:
    """Return when these files and their names are on the disk.

    Raises:
        HoldfireError: The disk refuses.
    """
    folders = set()
    for path in paths:
        with told(path):
            force(path)
        folders.add(path.parent)
    for folder in sorted(folders):
        with told(folder):
            force(folder)


def opened(path: Path, key: bytes, size: int, where: str) -> Unsealed:
    """Open a blob's file to read what was sealed in it.

    Raises:
        BadInput: It was changed.
        HoldfireError: It cannot be read.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        file = os.fdopen(os.open(path, flags), "rb", buffering=0)
    except OSError as error:
        raise HoldfireError(
            f"a blob cannot be read: {error.strerror}", where, "restore the vault from a backup"
        ) from None
    return Unsealed(file, key, size, where)


def shred(path: Path) -> None:
    """Overwrite a file where it stands and remove it; one that is not there is gone.

    Without its key a blob says nothing; overwriting is for the day the cipher falls. A file system that
    copies on write, or a drive that moves blocks, may keep old ones: only the key's end is promised.

    Raises:
        HoldfireError: The disk refuses.
    """
    with told(path):
        if path.is_symlink() or not path.exists():
            path.unlink(missing_ok=True)
            return
        with path.open("r+b", buffering=0) as file:
            left = os.fstat(file.fileno()).st_size
            while left > 0:
                left -= file.write(bytes(min(left, _BLOCK)))
            os.fsync(file.fileno())
        path.unlink()
        force(path.parent)


def listed(blobs: Path) -> Iterator[Path]:
    """Yield everything under the folder of blobs that is no folder, sorted."""
    for at, folders, files in os.walk(blobs):
        folders.sort()
        yield from (Path(at) / name for name in sorted(files))


def _made(path: Path) -> BinaryIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags, 0o600), "wb", buffering=0)
