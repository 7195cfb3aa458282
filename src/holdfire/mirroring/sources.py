"""Where a mirror copies from: a web address, a folder or a packed bundle, all asked in one way.

A source hands over bytes and vouches for nothing. Every fetch names the most bytes it will take, and stops
there. What a source cannot or may not give is `Refused` with one of the codes of docs/format.md; that it
could not be asked at all is `Unreachable`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from holdfire.ledger.verifying.archive import View
from holdfire.ledger.verifying.findings import Refused


class Unreachable(Exception):
    """A source could not be asked, or answers in a way no mirror should follow."""


class Sink(Protocol):
    """Takes the bytes of one file as they come.

    Attributes:
        size: Bytes taken so far; a transfer that broke off goes on from here.
    """

    size: int

    def write(self, chunk: bytes) -> None:
        """Take what comes next."""

    def restart(self) -> None:
        """Forget what was taken: the source begins at the start."""


class Buffer:
    """Takes a small file into memory.

    Args:
        begin: What the file is known to begin with; a source is asked for the rest.
    """

    def __init__(self, begin: bytes = b"") -> None:
        self._chunks = [begin]
        self.size = len(begin)

    def write(self, chunk: bytes) -> None:
        """Take what comes next."""
        self._chunks.append(chunk)
        self.size += len(chunk)

    def restart(self) -> None:
        """Forget what was taken."""
        self._chunks, self.size = [], 0

    def content(self) -> bytes:
        """Return what was taken."""
        return b"".join(self._chunks)


class Source(Protocol):
    """Hands over files of a bundle.

    Attributes:
        name: As the person who runs the mirror gave it.
        received: Bytes of file contents that came over the network so far.
        requests: How many times it was asked for a file.
    """

    name: str
    received: int
    requests: int

    def fetch(self, path: str, most: int, sink: Sink) -> None:
        """Put the rest of a file, from `sink.size` on, into a sink.

        Raises:
            Refused: `missing` where it is not there, `size` where it has more than `most` bytes.
            Unreachable: The source does not answer as it should.
        """

    def names(self, folder: str) -> list[str] | None:
        """Return the paths under a folder such as `checkpoints/`; None: the source cannot list."""

    def again(self) -> None:
        """Look at the source anew: it may have changed."""

    def close(self) -> None:
        """Let go of it."""


def read(source: Source, path: str, most: int, begin: bytes = b"") -> bytes:
    """Return a small file, which may be known to begin with something; raises as `Source.fetch` does."""
    sink = Buffer(begin)
    source.fetch(path, most, sink)
    return sink.content()


class Local:
    """A bundle on a disk of this machine: a folder, or one zip."""

    def __init__(self, place: Path) -> None:
        self.name = str(place)
        self.received = 0
        self.requests = 0
        self._place = place
        self._view: View | None = None

    def fetch(self, path: str, most: int, sink: Sink) -> None:
        """Put a file into a sink; see `Source`."""
        view = self._opened()
        self.requests += 1
        if view.sizes.get(path, 0) > most:
            raise Refused("size", path, f"it has more than {most} bytes")
        sink.restart()
        for chunk in view.chunks(path):
            sink.write(chunk)

    def names(self, folder: str) -> list[str] | None:
        """Return the paths under a folder."""
        return [path for path in self._opened().sizes if path.startswith(folder)]

    def again(self) -> None:
        """Look at the folder anew."""
        self._view = None

    def close(self) -> None:
        """Do nothing: no file stays open."""

    def _opened(self) -> View:
        if self._view is None:
            if not self._place.exists():
                raise Unreachable("there is no such file or folder")
            view = View(self.name)
            if view.findings.all:
                first = view.findings.all[0]
                raise Refused(*first)
            self._view = view
        return self._view
