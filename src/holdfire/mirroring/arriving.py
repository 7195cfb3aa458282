"""What has arrived of a bundle and is not in its place yet: a folder beside the mirror, `NAME.arriving`.

    files/DIGEST         a file that MANIFEST lists, whole
    files/DIGEST.part    the beginning of one; a transfer that was killed goes on from there
    tiles/HASH           a full tile of entries, under the hash of the subtree over them
    seal/                checkpoint, keys, release and MANIFEST of the source under way

Everything is named by what it must be, so it serves any later attempt and any other source. Nothing in it
counts because it lies there: a file found at the start is hashed before it is used, and the bundle put
together from it is verified whole. Names come from digests alone; no name that a source sent is a path here.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from holdfire.errors import BadInput, HoldfireError
from holdfire.ledger.lock import Lock
from holdfire.ledger.verifying.archive import LARGEST_FILE, MOST_BYTES
from holdfire.ledger.verifying.findings import Refused
from holdfire.mirroring.sources import Source

_CHUNK = 2**20


class Arriving:
    """The folder of what has arrived; a context manager that lets one process in.

    Args:
        mirror: Folder of the mirror itself.

    Raises:
        Busy: Another process is at it.
        HoldfireError: The disk refuses, or a symbolic link stands there.
    """

    def __init__(self, mirror: Path) -> None:
        self.folder = mirror.with_name(f"{mirror.name}.arriving")
        self._checked: set[str] = set()
        self._left = MOST_BYTES

    def __enter__(self) -> Arriving:
        if self.folder.is_symlink():
            raise BadInput("a symbolic link stands in the way", str(self.folder), "remove it")
        with told(self.folder):
            for name in ("files", "tiles"):
                (self.folder / name).mkdir(parents=True, exist_ok=True)
        self._lock = Lock(self.folder / ".lock")
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def clear(self) -> None:
        """Remove everything but the lock: it is in its place now."""
        with told(self.folder):
            for name in ("files", "tiles", "seal"):
                shutil.rmtree(self.folder / name, ignore_errors=True)

    def budget(self) -> None:
        """Begin a new bundle: it may bring as many bytes as a bundle may have."""
        self._left = MOST_BYTES

    def seal(self) -> Path:
        """Return an empty folder for the seal of a source."""
        place = self.folder / "seal"
        with told(place):
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
        return place

    def have(self, digest: str) -> Path | None:
        """Return the file of a digest if its bytes are there and are those."""
        path = self.folder / "files" / digest
        if digest not in self._checked:
            if digest_of(path) != digest:
                return None
            self._checked.add(digest)
        return path

    def bring(self, source: Source, path: str, digest: str) -> Path:
        """Fetch a file that MANIFEST lists and return where it lies.

        A beginning that an earlier attempt left is gone on with; if the whole is then wrong, the beginning
        may have been another source's doing, and it is fetched once more from the start.

        Raises:
            Refused: `digest` where its bytes are not those; else as `Source.fetch` does.
            Unreachable: As `Source.fetch`.
            HoldfireError: The disk refuses.
        """
        place = self.folder / "files" / digest
        part = place.with_name(f"{digest}.part")
        for _ in range(2):
            with _Part(part, self._left) as sink:
                resumed = sink.size > 0
                source.fetch(path, min(LARGEST_FILE, self._left), sink)
                found, size = sink.digest(), sink.size
            with told(place):
                if found == digest:
                    os.replace(part, place)
                    self._left -= size
                    self._checked.add(digest)
                    return place
                part.unlink()
            if not resumed:
                break
        raise Refused("digest", path, "the source sends other bytes than MANIFEST names")

    def tile(self, name: bytes) -> Path:
        """Return where the full tile of entries lies whose subtree has this hash, there or not."""
        return self.folder / "tiles" / name.hex()

    def keep_tile(self, name: bytes, content: bytes) -> Path:
        """Keep a full tile of entries that was held against its hash."""
        path = self.tile(name)
        self._left -= len(content)
        if self._left < 0:
            raise Refused("size", "log", f"the bundle has more than {MOST_BYTES} bytes")
        beside = path.with_suffix(".part")
        with told(path):
            beside.write_bytes(content)
            os.replace(beside, path)
        return path


class _Part:
    """Takes a file as it comes, goes on from what is there, and hashes along."""

    def __init__(self, path: Path, most: int) -> None:
        self._path = path
        self._most = most
        self._running = hashlib.sha256()
        self.size = 0

    def __enter__(self) -> _Part:
        with told(self._path):
            flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
            self._file: BinaryIO = open(os.open(self._path, flags, 0o666), "r+b")
            while chunk := self._file.read(_CHUNK):
                self._running.update(chunk)
                self.size += len(chunk)
        return self

    def __exit__(self, *_: object) -> None:
        with told(self._path):
            self._file.close()

    def write(self, chunk: bytes) -> None:
        """Take what comes next."""
        with told(self._path):
            self._file.write(chunk)
        self._running.update(chunk)
        self.size += len(chunk)

    def restart(self) -> None:
        """Forget what was taken."""
        with told(self._path):
            self._file.seek(0)
            self._file.truncate()
        self._running, self.size = hashlib.sha256(), 0

    def digest(self) -> str:
        """Return the digest of what was taken."""
        return self._running.hexdigest()


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a plain file; empty where there is none that can be read."""
    if path.is_symlink() or not path.is_file():
        return ""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn an error of the disk into one of ours, so that it is not taken for one of the source."""
    try:
        yield
    except OSError as error:
        raise HoldfireError(
            f"it cannot be written: {error.strerror or error}",
            str(path),
            "is there space, and may you write?",
        ) from error
