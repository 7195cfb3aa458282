"""A disk in memory that knows what was forced to it, and what a power cut may leave.

Every file and folder has two states: what a reader sees now, and what is on the disk for certain. A write, a
change of length and a change of a name count as done, and are not certain, until they are forced: `fsync` of
a file makes its bytes certain and no name; `fsync` of a folder makes its names certain and no byte. That is
what POSIX promises and less than most file systems give, so a writer that survives here leans on no kindness.

`cut` returns what may be there after the power went. Dropped: only what is certain. Torn: of the rest

* each 4 KiB page that is not certain is, by a fair coin, as it was or as last written, or as at a moment in
  between; one in four is torn inside, its 512-byte sectors of two different moments;
* the length of a file is that of any moment since it was certain; a page that was not kept reads as zeros;
* a file that was cut shorter is as before, with nothing of what was written since, or as after: file systems
  do that in one step, as they do names;
* of the names that were made, changed or removed, each change is there or not by a fair coin, later ones
  without earlier ones too; one change is never half there, nor one exchange.

A sector is written whole: disks promise that, and SQLite counts on it (sqlite.org/psow.html).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

PAGE = 4096
SECTOR = 512
Version = TypeVar("Version")
Change = tuple[int, bytes | None]
"""A place and the bytes put there, or a length and None."""


@dataclass(slots=True, eq=False)
class File:
    """Bytes: as they are now, as they are for certain, and each change between the two."""

    now: bytearray = field(default_factory=bytearray)
    certain: bytes = b""
    changes: list[Change] = field(default_factory=list)

    def write(self, place: int, content: bytes) -> None:
        """Put bytes at a place; what lies between the end and it reads as zeros."""
        _apply(self.now, place, content)
        self.changes.append((place, content))

    def cut(self, length: int) -> None:
        """Change the length."""
        _apply(self.now, length, None)
        self.changes.append((length, None))

    def force(self) -> None:
        """Make the bytes certain."""
        if self.changes:
            self.certain = bytes(self.now)
            self.changes = []

    def torn(self, chance: random.Random) -> bytes:
        """Return what a power cut in the middle of being forced may leave."""
        if not self.changes:
            return self.certain
        base, changes = _moment(chance, self._spans())
        lengths = [len(base)]
        for place, content in changes:
            lengths.append(max(lengths[-1], place if content is None else place + len(content)))
        length = _moment(chance, lengths)
        left = bytearray(length)
        for start in range(0, length, PAGE):
            versions = _versions(base, changes, start)
            page = bytearray(_moment(chance, versions))
            if len(versions) > 1 and chance.random() < 1 / 4:
                other = chance.choice(versions)
                for sector in range(0, PAGE, SECTOR):
                    if chance.random() < 1 / 2:
                        page[sector : sector + SECTOR] = other[sector : sector + SECTOR]
            left[start : start + PAGE] = page[: length - start]
        return bytes(left)

    def _spans(self) -> list[tuple[bytes, list[Change]]]:
        """Return what was certain and each state to which it was cut, with the changes up to the next cut."""
        now = bytearray(self.certain)
        spans: list[tuple[bytes, list[Change]]] = [(self.certain, [])]
        for place, content in self.changes:
            shorter = content is None and place < len(now)
            _apply(now, place, content)
            if shorter:
                spans.append((bytes(now), []))
            else:
                spans[-1][1].append((place, content))
        return spans


@dataclass(slots=True, eq=False)
class Folder:
    """Names: as they are now, and as they are for certain."""

    now: dict[str, File | Folder] = field(default_factory=dict)
    certain: dict[str, File | Folder] = field(default_factory=dict)


Node = File | Folder
Names = list[tuple[Folder, str, Node | None]]
"""One change of names, done whole or not at all: each name and what it leads to; None: nothing."""


class Disk:
    """A folder and all below it, as a writer changes it."""

    def __init__(self, folder: Path) -> None:
        self.root = _certain(folder)
        self._pending: list[Names] = []

    def change(self, names: Names) -> None:
        """Change what names lead to, in one step."""
        for folder, name, node in names:
            _put(folder.now, name, node)
        self._pending.append(names)

    def force(self, node: Node) -> None:
        """Make certain what `fsync` of it makes certain."""
        if isinstance(node, File):
            node.force()
            return
        wanted: set[tuple[int, str]] = set()
        kept: list[Names] = []
        done: list[Names] = []
        for names in reversed(self._pending):  # a change of two folders takes earlier ones of its names along
            keys = {(id(folder), name) for folder, name, _ in names}
            if any(folder is node for folder, _, _ in names) or keys & wanted:
                wanted |= keys
                done.append(names)
            else:
                kept.append(names)
        for names in reversed(done):
            for folder, name, other in names:
                _put(folder.certain, name, other)
        self._pending = kept[::-1]

    def force_all(self) -> None:
        """Make everything certain, as `syncfs` does."""
        for names in self._pending:
            for folder, name, node in names:
                _put(folder.certain, name, node)
        self._pending = []
        for file in _files(self.root):
            file.force()

    def left(self, chance: random.Random, torn: bool) -> dict[str, bytes | None]:
        """Return what a power cut now may leave: each path and its bytes, None for a folder.

        Args:
            chance: Decides what is kept of that which is not certain.
            torn: Keep some of it; else none.
        """
        names: dict[tuple[int, str], Node | None] = {}
        for change in self._pending:
            if torn and chance.random() < 1 / 2:
                names |= {(id(folder), name): node for folder, name, node in change}
        found: dict[str, bytes | None] = {}

        def walk(folder: Folder, path: str) -> None:
            there: dict[str, Node] = dict(folder.certain)
            for (owner, name), node in names.items():
                if owner == id(folder):
                    _put(there, name, node)
            for name, node in sorted(there.items()):
                if isinstance(node, File):
                    found[path + name] = node.torn(chance) if torn else node.certain
                elif path.count("/") < 40:  # names kept without others may lead a folder into itself
                    found[path + name] = None
                    walk(node, f"{path}{name}/")

        walk(self.root, "")
        return found

    def seen(self) -> dict[str, bytes | None]:
        """Return what a reader sees now, in the form of `left`."""
        found: dict[str, bytes | None] = {}

        def walk(folder: Folder, path: str) -> None:
            for name, node in sorted(folder.now.items()):
                found[path + name] = bytes(node.now) if isinstance(node, File) else None
                if isinstance(node, Folder):
                    walk(node, f"{path}{name}/")

        walk(self.root, "")
        return found


def write_out(left: dict[str, bytes | None], folder: Path) -> None:
    """Make a folder that holds what `Disk.left` returned."""
    folder.mkdir()
    for name, content in left.items():
        if content is None:
            (folder / name).mkdir()
        else:
            (folder / name).write_bytes(content)


def read_in(folder: Path) -> dict[str, bytes | None]:
    """Return what lies in a folder, in the form of `Disk.left`."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def _versions(base: bytes, changes: Sequence[Change], start: int) -> list[bytes]:
    """Return the page at `start` as it was at first and after each change to it."""
    page = bytearray(base[start : start + PAGE].ljust(PAGE, b"\0"))
    versions = [bytes(page)]
    for place, content in changes:
        low, high = max(place, start), min(place + len(content or b""), start + PAGE)
        if content is not None and low < high:
            page[low - start : high - start] = content[low - place : high - place]
            versions.append(bytes(page))
    return versions


def _moment(chance: random.Random, versions: Sequence[Version]) -> Version:
    """Return the first or the last with a chance of 2 in 5 each, else any."""
    drawn = chance.random()
    return versions[0] if drawn < 0.4 else versions[-1] if drawn < 0.8 else chance.choice(versions)


def _apply(content: bytearray, place: int, added: bytes | None) -> None:
    if len(content) < place:
        content.extend(bytes(place - len(content)))
    if added is None:
        del content[place:]
    else:
        content[place : place + len(added)] = added


def _put(names: dict[str, Node], name: str, node: Node | None) -> None:
    if node is None:
        names.pop(name, None)
    else:
        names[name] = node


def _certain(folder: Path) -> Folder:
    there: dict[str, Node] = {}
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            there[path.name] = _certain(path)
        else:
            content = path.read_bytes()
            there[path.name] = File(bytearray(content), content)
    return Folder(dict(there), dict(there))


def _files(folder: Folder) -> Iterator[File]:
    for node in folder.now.values():
        if isinstance(node, File):
            yield node
        else:
            yield from _files(node)
