"""The whole log from its tiles: every entry, every hash above it, and the root they lead to.

Tiles are those of C2SP tlog-tiles; of partial ones only those of the checkpoint's size may be there. One pass
over the entries computes the root at every size that is asked for, so that a past checkpoint and a reader's
memory need no proof of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from holdfire.ledger.verifying.archive import MOST_FILES, View
from holdfire.ledger.verifying.entries import entry_of
from holdfire.ledger.verifying.findings import Findings, Refused
from holdfire.ledger.verifying.notes import Checkpoint, Malformed
from holdfire.ledger.verifying.trees import Peaks, leaf_of, root_of_leaves

WIDTH = 256
"""Hashes or entries of a full tile."""

KEPT_KINDS = ("keyset", "release", "redaction", "bulletin")
_MOST_SHOWN = 20


class Kept(NamedTuple):
    """One entry that the checks rest on."""

    place: int
    leaf: str
    content: bytes
    value: dict[str, Any]


class Log(NamedTuple):
    """What the tiles show: roots at the sizes asked for, and the entries of `KEPT_KINDS` in order."""

    roots: dict[int, bytes]
    kept: list[Kept]


def tile_path(level: str, number: int, width: int) -> str:
    """Return the path of a tile in a bundle; `level` is decimal or `entries`, `width` 1 to 256."""
    groups = [f"{number % 1000:03d}"]
    while number >= 1000:
        number //= 1000
        groups.insert(0, f"x{number % 1000:03d}")
    end = "" if width == WIDTH else f".p/{width}"
    return f"log/tile/{level}/{'/'.join(groups)}{end}"


def tiles_of(size: int) -> Iterator[tuple[str, int, int]]:
    """Yield level, number and width of every tile of a log of this size."""
    level, hashes = 0, size
    while hashes:
        for number in range(-(-hashes // WIDTH)):
            width = min(WIDTH, hashes - number * WIDTH)
            if level == 0:
                yield "entries", number, width
            yield str(level), number, width
        level, hashes = level + 1, hashes // WIDTH


def entries_in(tile: bytes, width: int) -> list[bytes]:
    """Return the entries of one tile, each behind its length in two bytes.

    Raises:
        Malformed: There are fewer or more bytes than that many entries have.
    """
    found, at = [], 0
    for _ in range(width):
        length = int.from_bytes(tile[at : at + 2], "big")
        if at + 2 + length > len(tile):
            raise Malformed("a tile of entries ends too soon")
        found.append(tile[at + 2 : at + 2 + length])
        at += 2 + length
    if at != len(tile):
        raise Malformed("bytes stand behind the entries of a tile")
    return found


def read_log(view: View, checkpoint: Checkpoint, wanted: set[int], findings: Findings) -> Log | None:
    """Return what the log shows; None: a tile is missing, or they do not lead to the checkpoint's root."""
    if not _all_there(view, checkpoint.size, findings):
        return None
    reading = _Reading(view, checkpoint.size, wanted, findings)
    try:
        return reading.log() if reading.leads_to(checkpoint.root) else None
    except Refused as error:
        findings.all.append(error.finding)
    return None


def _all_there(view: View, size: int, findings: Findings) -> bool:
    if size // WIDTH > MOST_FILES:
        findings.add("missing", "log/tile", f"a log of {size} entries has more tiles than are here")
        return False
    expected = {tile_path(*tile) for tile in tiles_of(size)}
    there = {path for path in view.sizes if path.startswith("log/")}
    for path in sorted(there - expected)[:_MOST_SHOWN]:
        findings.add("unlisted", path, "it is no tile of a log of this size")
    for path in sorted(expected - there)[:_MOST_SHOWN]:
        findings.add("missing", path, "a tile of the log is not there")
    return not expected - there


class _Reading:
    """One pass over the tiles."""

    def __init__(self, view: View, size: int, wanted: set[int], findings: Findings) -> None:
        self.view = view
        self.size = size
        self.findings = findings
        self.peaks = Peaks()
        self.roots: dict[int, bytes] = {}
        self.wanted = wanted
        self.kept: list[Kept] = []
        self.seen: set[bytes] = set()
        self.whole = True

    def log(self) -> Log:
        return Log(self.roots, self.kept)

    def leads_to(self, root: bytes) -> bool:
        """Read all tiles and return whether they lead to this root; what is wrong is noted."""
        self._note_root()
        hashes: list[bytes] = []
        for number in range(-(-self.size // WIDTH)):
            hashes += self._bundle(number, min(WIDTH, self.size - number * WIDTH))
        level = 1
        while hashes:
            for number in range(-(-len(hashes) // WIDTH)):
                self._hold(str(level), number, hashes[number * WIDTH : (number + 1) * WIDTH])
            full = range(len(hashes) // WIDTH)
            hashes = [root_of_leaves(hashes[n * WIDTH : (n + 1) * WIDTH]) for n in full]
            level += 1
        if self.peaks.root() != root:
            self._broken("log/tile", "the entries do not lead to the root of the checkpoint")
        return self.whole

    def _bundle(self, number: int, width: int) -> list[bytes]:
        """Read one tile of entries; return the hash of the full subtree over them, if it is full."""
        path = tile_path("entries", number, width)
        try:
            contents = entries_in(self.view.read(path), width)
        except Malformed as error:
            raise Refused("log", path, str(error)) from None
        leaves = [leaf_of(content) for content in contents]
        self._hold("0", number, leaves)
        for at in range(width):
            self._entry(number * WIDTH + at, contents[at], leaves[at])
        return [root_of_leaves(leaves)] if width == WIDTH else []

    def _hold(self, level: str, number: int, hashes: list[bytes]) -> None:
        path = tile_path(level, number, len(hashes))
        if self.view.read(path) != b"".join(hashes):
            self._broken(path, "its hashes are not those of what lies below")

    def _entry(self, index: int, content: bytes, leaf: bytes) -> None:
        where = f"entry {index}"
        self.peaks.add(leaf)
        self._note_root()
        if leaf in self.seen:
            self.findings.add("log", where, "the same entry stands in the log before")
        self.seen.add(leaf)
        try:
            value = entry_of(content)
        except Malformed as error:
            self.findings.add("entry", where, str(error))
            return
        if value["kind"] in KEPT_KINDS:
            self.kept.append(Kept(index, leaf.hex(), content, value))

    def _broken(self, where: str, words: str) -> None:
        self.whole = False
        self.findings.add("log", where, words)

    def _note_root(self) -> None:
        if self.peaks.size in self.wanted:
            self.roots[self.peaks.size] = self.peaks.root()
