"""A bundle as one view of paths and bytes, whether it lies in a folder or is packed as a zip.

Nothing is unpacked to disk and no link is followed. What breaks a limit or a name rule is found when the
view is opened, before any file is read; see `zips` for what a packed bundle may hold.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator

from holdfire.ledger.verifying.findings import Findings, Refused, shown
from holdfire.ledger.verifying.names import path_breaks, twins_of
from holdfire.ledger.verifying.zips import Member, chunks_of_member, members_of

MOST_FILES = 200_000
MOST_BYTES = 4 * 2**30
LARGEST_FILE = 512 * 2**20
MOST_EXPANSION = 1000
SMALL_FILE = 2**20
"""Up to this size [bytes] any expansion is allowed."""

_CHUNK = 2**20


class View:
    """Files by path, with their sizes [bytes]; `findings` is what is wrong with them as names and sizes."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.sizes: dict[str, int] = {}
        self.findings = Findings()
        self._members: dict[str, Member] = {}
        try:
            if os.path.isdir(place):
                self._walk()
            else:
                self._members = members_of(place, self.findings)
                self.sizes = {name: member.size for name, member in self._members.items()}
        except Refused as error:
            self.findings.all.append(error.finding)
            return
        self._limits()
        self._names()
        self.sizes = dict(sorted(self.sizes.items()))

    def read(self, path: str) -> bytes:
        """Return a file's bytes.

        Raises:
            Refused: It is not there, or cannot be read as it should.
        """
        return b"".join(self.chunks(path))

    def digest(self, path: str) -> str:
        """Return a file's SHA-256 in hexadecimal; raises as `read` does."""
        running = hashlib.sha256()
        for chunk in self.chunks(path):
            running.update(chunk)
        return running.hexdigest()

    def chunks(self, path: str) -> Iterator[bytes]:
        """Yield a file's bytes in pieces; raises as `read` does."""
        if path not in self.sizes:
            raise Refused("missing", path, "the file is not there")
        member = self._members.get(path)
        return chunks_of_member(self.place, member) if member else self._chunks_of_file(path)

    def _chunks_of_file(self, path: str) -> Iterator[bytes]:
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        flags |= getattr(os, "O_BINARY", 0)
        left = self.sizes[path]
        try:
            with open(os.open(os.path.join(self.place, *path.split("/")), flags), "rb") as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    raise Refused("link", path, "it is no plain file")
                while True:
                    chunk = file.read(_CHUNK)
                    left -= len(chunk)
                    if left < 0 or (left and not chunk):
                        raise Refused("size", path, "it changed while it was read")
                    if not chunk:
                        return
                    yield chunk
        except OSError as error:
            raise Refused("missing", path, f"it cannot be read: {error.strerror}") from None

    def _walk(self) -> None:
        waiting = [""]
        while waiting:
            folder = waiting.pop()
            try:
                inside = sorted(os.scandir(os.path.join(self.place, folder)), key=lambda e: e.name)
            except OSError as error:
                raise Refused("missing", folder, f"the folder cannot be read: {error.strerror}") from None
            for entry in inside:
                path = folder + entry.name
                if entry.is_symlink():
                    self.findings.add("link", shown(path), "it is a symbolic link")
                elif entry.is_dir(follow_symlinks=False):
                    code, words = path_breaks(path)
                    if code:
                        self.findings.add(code, shown(path), words)
                    else:
                        waiting.append(path + "/")
                elif entry.is_file(follow_symlinks=False):
                    self.sizes[path] = entry.stat(follow_symlinks=False).st_size
                else:
                    self.findings.add("link", shown(path), "it is a device, a pipe or the like")
            if len(self.sizes) > MOST_FILES:
                return

    def _limits(self) -> None:
        if len(self.sizes) > MOST_FILES:
            self.findings.add("size", "", f"there are more than {MOST_FILES} files")
        if sum(self.sizes.values()) > MOST_BYTES:
            self.findings.add("size", "", f"there are more than {MOST_BYTES} bytes")
        for path, size in self.sizes.items():
            if size > LARGEST_FILE:
                self.findings.add("size", shown(path), f"it has more than {LARGEST_FILE} bytes")
        for path, member in self._members.items():
            if member.size > SMALL_FILE and member.size > MOST_EXPANSION * member.packed:
                self.findings.add("size", shown(path), f"it unpacks to {member.size} bytes")

    def _names(self) -> None:
        good = []
        for path in self.sizes:
            code, words = path_breaks(path)
            if code and not self._members:  # a member's name was looked at with its header
                self.findings.add(code, shown(path), words)
            elif not code:
                good.append(path)
        for path in twins_of(good):
            self.findings.add("path", shown(path), "on some systems this name is one with another")
