"""Writing files and folders so that a run killed at any moment leaves what was, or what should be.

A file is written beside its place, forced to the disk, and renamed over the old one. A folder is built
whole as `NAME.partial-new`, forced to the disk, renamed `NAME.partial-ready`, and changed for the old one
in one step where the system has such a step (Linux, macOS), else in two; then the old one is deleted.
`tidy` is called before the next run and finishes or undoes what a killed one left:

    NAME there                     what was, or what should be: partial folders beside it go
    NAME gone, ready there         killed between the two steps: ready becomes NAME
    NAME gone, only old there      old becomes NAME again
    only new there                 it was never finished: it goes

tests/chaos/test_kill.py kills a writer at random moments and tests/unit/test_ledger_shelf.py stops it at
each step. A room opens no files; this one writes where the desk says, one writer at a time (`lock`).
A name that climbs out, that another system could not keep, or that leads through a symbolic link is refused.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from types import TracebackType

from holdfire.errors import BadInput, HoldfireError
from holdfire.ledger.disk import exchange, force, force_tree

_PARTIAL = re.compile(r"(?P<name>.+)\.partial-(?P<step>new|ready|old)")
_BESIDE = re.compile(r"\..+\.partial-\d+-\d+")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f\\:*?"<>|]')
_LONGEST = 240  # bytes of one part of a name; file systems keep 255, and `.partial-…` is added
_COUNT = count()


def inside(root: Path, name: str) -> Path:
    """Return the path of `name` under `root`.

    Args:
        root: A folder.
        name: A relative path with `/` between its parts.

    Raises:
        BadInput: The name climbs out of `root`, leads through a symbolic link, or is one that Linux,
            macOS or Windows could not keep.
    """
    parts = name.split("/")
    for part in parts:
        if (
            part in ("", ".", "..")
            or _FORBIDDEN.search(part)
            or part[-1] in ". "
            or _RESERVED.fullmatch(part)
        ):
            raise BadInput(
                f"{name!r:.200} is not a name inside a folder",
                hint="letters, digits, -, _ and . with / between",
            )
        if len(os.fsencode(part)) > _LONGEST or _PARTIAL.fullmatch(part):
            raise BadInput(f"{name!r:.200} is too long a name, or one kept for unfinished work")
    path = root
    for part in parts:
        path = path / part
        _no_link(path)
    return path


def make_folder(path: Path) -> None:
    """Make a folder and those it lies in, so that it outlasts a power cut.

    Raises:
        HoldfireError: Something else stands there, or the disk refuses.
    """
    if path.is_dir():
        return
    make_folder(path.parent)
    with _told(path):
        path.mkdir(exist_ok=True)
        force(path.parent)


def replace_file(path: Path, content: bytes) -> None:
    """Put `content` at `path`, whole or not at all; when this returns it is on the disk.

    Raises:
        BadInput: A symbolic link or a folder stands there.
        HoldfireError: The disk refuses; the old file is as it was.
    """
    _no_link(path)
    if path.is_dir():
        raise BadInput("a folder stands where a file should be", str(path))
    beside = path.with_name(f".{path.name}.partial-{os.getpid()}-{next(_COUNT)}")
    with _told(path):
        try:
            _write_new(beside, content)
            force(beside)
            os.replace(beside, path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        force(path.parent)


class Staged:
    """A folder that is built out of sight and takes its place in one step, when the block ends well.

    An error inside the block leaves the folder as it was.

    Raises:
        BadInput: A symbolic link or a file stands where the folder should be.
        HoldfireError: The disk refuses; the old folder is as it was.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._new, self._ready, self._old = (
            folder.with_name(f"{folder.name}.partial-{step}") for step in ("new", "ready", "old")
        )
        self._names: dict[str, str] = {}

    def __enter__(self) -> Staged:
        _no_link(self.folder)
        if self.folder.exists() and not self.folder.is_dir():
            raise BadInput("a file stands where a folder should be", str(self.folder))
        make_folder(self.folder.parent)
        with _told(self.folder):
            _settle(self.folder)
            self._new.mkdir()
        return self

    def write(self, name: str, content: bytes) -> None:
        """Put one file into the folder.

        Raises:
            BadInput: The name is not one inside a folder, or is there already (letters in another case
                count as the same, as they do on macOS and Windows).
            HoldfireError: The disk refuses.
        """
        path = inside(self._new, name)
        folded = unicodedata.normalize("NFC", name).casefold()
        if folded in self._names:
            raise BadInput(
                f'"{name}" and "{self._names[folded]}" are one name on some systems', hint="rename one"
            )
        self._names[folded] = name
        with _told(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_new(path, content)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with _told(self.folder):
            try:
                if kind is None:
                    self._place()
            finally:
                _settle(self.folder)

    def _place(self) -> None:
        parent = self.folder.parent
        force_tree(self._new)
        os.rename(self._new, self._ready)
        force(parent)
        if not self.folder.exists():
            os.rename(self._ready, self.folder)
        elif not exchange(self._ready, self.folder):
            os.rename(self.folder, self._old)
            os.rename(self._ready, self.folder)
        force(parent)


def tidy(parent: Path) -> list[str]:
    """Finish or undo what a killed run left in `parent`, and return the names that were so left.

    Call it only while no one else writes there, and before anything there is read.

    Raises:
        HoldfireError: The disk refuses.
    """
    if not parent.is_dir():
        return []
    left: set[str] = set()
    with _told(parent):
        for path in sorted(parent.iterdir()):
            if (found := _PARTIAL.fullmatch(path.name)) and path.is_dir() and not path.is_symlink():
                left.add(found["name"])
            elif _BESIDE.fullmatch(path.name) and path.is_file() and not path.is_symlink():
                left.add(path.name)
                path.unlink()
        for name in sorted(left):
            if not _BESIDE.fullmatch(name):
                _settle(parent / name)
        if left:
            force(parent)
    return sorted(left)


def _settle(folder: Path) -> None:
    """Bring `folder` to one of its two true states (see the module) and remove what is left beside it."""
    new, ready, old = (folder.with_name(f"{folder.name}.partial-{step}") for step in ("new", "ready", "old"))
    if not folder.exists():
        for candidate in (ready, old):
            if candidate.exists():
                os.rename(candidate, folder)
                force(folder.parent)
                break
    for rest in (new, ready, old):
        if rest.exists():
            shutil.rmtree(rest)


def _write_new(path: Path, content: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    with open(os.open(path, flags, 0o666), "wb") as file:
        file.write(content)


def _no_link(path: Path) -> None:
    if path.is_symlink():
        raise BadInput(
            "a symbolic link stands in the way", str(path), "remove it, or put the file itself there"
        )


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn an error of the operating system into one of ours."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        hint = "free some space" if full else "is the disk there, and may you write to it?"
        raise HoldfireError(f"it cannot be written: {error.strerror or error}", str(path), hint) from error


def add_line(file: Path, line: str) -> None:
    """Add a line to a file, and force it to the disk; a line is there whole or not at all."""
    make_folder(file.parent)
    with file.open("ab+") as stream:
        stream.seek(0, os.SEEK_END)
        size = stream.tell()
        stream.seek(0)
        whole = stream.read().rfind(b"\n") + 1
        if whole < size:  # cut short by a crash: it was never a line
            stream.truncate(whole)
        stream.write(line.encode())
        stream.flush()
        os.fsync(stream.fileno())
    force(file.parent)
