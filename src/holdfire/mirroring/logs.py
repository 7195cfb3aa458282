"""The log of a bundle, copied by tiles: what has not changed is not asked for again.

Full tiles never change, so a mirror asks for the hashes of subtrees of 256 entries (one hash each: level 1 of
the tiles), finds which of those it has, and fetches only the tiles of entries behind the others, each held
against its hash as it comes. The hashes themselves are held against the signed root first. Of the last tile,
which grows, only what was added is asked for. Every other tile
and every proof follows from the entries and is computed here, not fetched: a bulletin more costs its new
entries, not a new proof for each old determination.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from holdfire.ledger.verifying.entries import LONGEST_ENTRY
from holdfire.ledger.verifying.findings import Refused
from holdfire.ledger.verifying.logs import WIDTH, entries_in, tile_path
from holdfire.ledger.verifying.notes import Checkpoint, Malformed
from holdfire.ledger.verifying.trees import EMPTY_ROOT, Peaks, leaf_of, node_of, root_of_leaves
from holdfire.mirroring.arriving import Arriving
from holdfire.mirroring.sources import Source, read

_KIND = re.compile(rb'"kind":"(keyset|release|determination)"')
_NAME = re.compile(rb'"determination_id":"([^"\\]*)"')
HASH = 32
LONGEST_TILE = WIDTH * (LONGEST_ENTRY + 2)

Tell = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and of how much."""


class Chunk(NamedTuple):
    """A full tile of entries: the hash over them, their leaf hashes, and where its bytes lie."""

    hash: bytes
    leaves: Sequence[bytes]
    place: Path


class Tree:
    """The tree over all leaf hashes: its tiles, and the proof of any leaf."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.size = len(leaves)
        self.levels: list[Sequence[bytes]] = [leaves]
        while len(self.levels[-1]) >= WIDTH:
            below = self.levels[-1]
            full = range(len(below) // WIDTH)
            self.levels.append([root_of_leaves(below[n * WIDTH : (n + 1) * WIDTH]) for n in full])
        self._known: dict[tuple[int, int], bytes] = {}

    def tiles(self) -> Iterator[tuple[str, bytes]]:
        """Yield the path and the bytes of each tile of hashes."""
        for level, hashes in enumerate(self.levels):
            for number in range(-(-len(hashes) // WIDTH)):
                tile = hashes[number * WIDTH : (number + 1) * WIDTH]
                yield tile_path(str(level), number, len(tile)), b"".join(tile)

    def proof(self, index: int) -> list[bytes]:
        """Return the hashes that lead from one leaf to the root, nearest first (RFC 6962 section 2.1.1)."""
        found, start, end = [], 0, self.size
        while end - start > 1:
            middle = start + (1 << (end - start - 1).bit_length() - 1)
            if index < middle:
                found.append(self._root(middle, end))
                end = middle
            else:
                found.append(self._root(start, middle))
                start = middle
        return found[::-1]

    def _root(self, start: int, end: int) -> bytes:
        """Return the hash over some leaves that stand under one node of the tree."""
        width = end - start
        height = width.bit_length() - 1
        if width == 1 << height and height % 8 == 0:
            return self.levels[height // 8][start >> height]
        if (start, end) not in self._known:
            middle = start + (1 << (width - 1).bit_length() - 1)
            self._known[start, end] = node_of(self._root(start, middle), self._root(middle, end))
        return self._known[start, end]


class Log:
    """The entries of a log in their tiles, and what a bundle needs to know of them.

    Attributes:
        chunks: The full tiles, in order.
        tail: Bytes of the last tile, if it is not full; empty: it is.
        tree: Over all of them.
        keysets: Place and bytes of each keyset.
        releases: Places of releases.
        determinations: Place and bytes of the last determination of each id asked for.
    """

    def __init__(self, chunks: Sequence[Chunk], tail: bytes, width: int) -> None:
        self.chunks = chunks
        self.tail = tail
        self.width = width
        leaves = [leaf for chunk in chunks for leaf in chunk.leaves]
        self.tree = Tree(leaves + [leaf_of(each) for each in entries_in(tail, width)])
        self.keysets: list[tuple[int, bytes]] = []
        self.releases: list[int] = []
        self.determinations: dict[str, tuple[int, bytes]] = {}

    def look(self, wanted: set[str], before: int) -> None:
        """Find keysets, releases, and the determinations of these ids among the first `before` entries."""
        for place, content in enumerate(self._entries()):
            kind = _KIND.search(content)
            if not kind:
                continue
            if kind[1] == b"keyset":
                self.keysets.append((place, content))
            elif kind[1] == b"release":
                self.releases.append(place)
            elif place < before and (found := _NAME.search(content)):
                name = found[1].decode("utf-8", "replace")
                if name in wanted:
                    self.determinations[name] = (place, content)

    def _entries(self) -> Iterator[bytes]:
        for chunk in self.chunks:
            yield from entries_in(chunk.place.read_bytes(), WIDTH)
        yield from entries_in(self.tail, self.width)


def chunk_at(place: Path) -> Chunk | None:
    """Return the full tile of entries that lies somewhere; None: there is none, or it is damaged."""
    try:
        leaves = [leaf_of(each) for each in entries_in(place.read_bytes(), WIDTH)]
    except (OSError, Malformed):
        return None
    return Chunk(root_of_leaves(leaves), leaves, place)


class Old:
    """The log of the mirror as it is.

    Attributes:
        chunks: Its full tiles; None where one is damaged.
        tail: Bytes of its last tile, if that is not full.
        sound: Whether they lead to the root of the mirror's checkpoint.
    """

    def __init__(self, mirror: Path, checkpoint: Checkpoint | None) -> None:
        self.chunks: list[Chunk | None] = []
        self.tail = b""
        self.sound = False
        if checkpoint is None:
            return
        full, width = divmod(checkpoint.size, WIDTH)
        self.chunks = [chunk_at(mirror / tile_path("entries", n, WIDTH)) for n in range(full)]
        try:
            tail = (mirror / tile_path("entries", full, width)).read_bytes() if width else b""
            last = [root_of_leaves(leaf_of(each) for each in entries_in(tail, width))] if width else []
        except (OSError, Malformed):
            return
        hashes = [chunk.hash for chunk in self.chunks if chunk]
        self.sound = len(hashes) == full and _root_over([*hashes, *last]) == checkpoint.root
        self.tail = tail if self.sound else b""

    def begin(self, number: int) -> bytes:
        """Return what a tile of entries begins with, as far as the mirror has it."""
        return self.tail if number == len(self.chunks) else b""


def bring_log(source: Source, checkpoint: Checkpoint, old: Old, arriving: Arriving, tell: Tell) -> Log:
    """Return the log of a source, everything but what is missing taken from the mirror.

    Args:
        source: Where from.
        checkpoint: Of the source, its signature checked.
        old: What the mirror has.
        arriving: Where new tiles are kept until they have their place.
        tell: Told of each tile.

    Raises:
        Refused: `fork` where the source's signed history is not the mirror's; `log` where what it sends does
            not lead to its own root; else as `Source.fetch` does.
        Unreachable: The source does not answer as it should.
    """
    full, width = divmod(checkpoint.size, WIDTH)
    tail, last = _tail(source, full, width, old.begin(full))
    mine = [*old.chunks[:full], *([None] * (full - len(old.chunks)))]
    hashes = _hashes(source, mine, full)
    if _root_over([*hashes, *last]) != checkpoint.root:
        # What we have is not the beginning of what it has: ask for all of it before a word is said.
        tail, last = _tail(source, full, width, b"")
        hashes = _hashes(source, [None] * full, full)
        if _root_over([*hashes, *last]) != checkpoint.root:
            raise Refused("log", "log/tile", "what the source sends does not lead to its checkpoint's root")
        if old.sound:
            raise Refused("fork", "log/tile", "two histories: its signed log did not grow from this mirror's")
    chunks = []
    for number, name in enumerate(hashes):
        tell("log", number, full)
        have = mine[number]
        found = have if have and have.hash == name else None
        chunks.append(found or _chunk(source, number, name, arriving, old.begin(number)))
    return Log(chunks, tail, width)


def _tail(source: Source, full: int, width: int, begin: bytes) -> tuple[bytes, list[bytes]]:
    """Return the last tile, if it is not full, and the hash over it; of one not in its form, of nothing."""
    if not width:
        return b"", []
    if begin and (last := _over(begin, width)):
        return begin, [last]
    content = read(source, tile_path("entries", full, width), LONGEST_TILE, begin)
    return content, [_over(content, width) or EMPTY_ROOT]


def _over(content: bytes, width: int) -> bytes:
    """Return the hash over the entries of a tile; empty where it has not so many."""
    try:
        return root_of_leaves(leaf_of(each) for each in entries_in(content, width))
    except Malformed:
        return b""


def _hashes(source: Source, mine: Sequence[Chunk | None], full: int) -> list[bytes]:
    """Return the hash of each full tile: ours where we have a whole row of them, else the source's."""
    found: list[bytes] = []
    for number in range(-(-full // WIDTH)):
        row = mine[number * WIDTH : (number + 1) * WIDTH]
        have = [chunk.hash for chunk in row if chunk]
        if len(have) == len(row):
            found += have
            continue
        path = tile_path("1", number, len(row))
        content = read(source, path, WIDTH * HASH)
        if len(content) != len(row) * HASH:
            raise Refused("log", path, "a tile has another size than its name says")
        found += [content[at : at + HASH] for at in range(0, len(content), HASH)]
    return found


def _chunk(source: Source, number: int, name: bytes, arriving: Arriving, begin: bytes) -> Chunk:
    """Return a full tile of entries that was fetched, now or by an attempt before."""
    found = chunk_at(arriving.tile(name))
    if found and found.hash == name:
        return found
    path = tile_path("entries", number, WIDTH)
    for start in dict.fromkeys((begin, b"")):
        content = read(source, path, LONGEST_TILE, start)
        try:
            leaves = [leaf_of(each) for each in entries_in(content, WIDTH)]
        except Malformed:
            continue
        if root_of_leaves(leaves) == name:
            return Chunk(name, leaves, arriving.keep_tile(name, content))
    raise Refused("log", path, "its entries are not those of the signed log")


def _root_over(hashes: Sequence[bytes]) -> bytes:
    """Return the root over full tiles and perhaps a last one: a full subtree stands in for a leaf."""
    peaks = Peaks()
    for each in hashes:
        peaks.add(each)
    return peaks.root()
