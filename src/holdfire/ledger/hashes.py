"""The tree as the database keeps it: every proof in a few tiles, and every tile held against the head.

A tile is read, hashed up to its root, and its root held against the tile above; the hashes in no full
tile yet are held against the last head. So a proof that comes out of here leads to the head, or an error
says that the ledger is damaged: at a million entries a proof reads two tiles that were not read before.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence

from holdfire.ledger import tree
from holdfire.ledger.stored import Stored
from holdfire.ledger.tiles import ENTRIES, HEIGHT, WIDTH, cut, pack, path, rows, widths

KEPT = 1024
"""Most tiles kept in memory [about 40 kB each, with the nodes above their hashes]."""


class Hashes:
    """Gives roots, proofs and hashes of the tree; sizes are at most that of the last head.

    Raises:
        BadInput: From any method: what is stored does not lead to the last head.
    """

    def __init__(self, stored: Stored) -> None:
        self._stored = stored
        self._size = 0
        self._full: OrderedDict[tuple[int, int], list[Sequence[bytes]]] = OrderedDict()
        self._partial: list[list[Sequence[bytes]]] = []  # by level

    def root(self, size: int) -> bytes:
        """Return the root over the first `size` leaves."""
        self._follow(size)
        return tree.root(self._run, size)

    def inclusion(self, seq: int, size: int) -> list[bytes]:
        """Return the proof that leaf `seq` is among the first `size`.

        Raises:
            IndexError: `seq` is not below `size`.
        """
        self._follow(size)
        return tree.inclusion(self._run, seq, size)

    def consistency(self, old: int, new: int) -> list[bytes]:
        """Return the proof that the tree of `new` leaves begins with that of `old`.

        Raises:
            IndexError: `old` is above `new`.
        """
        self._follow(new)
        return tree.consistency(self._run, old, new)

    def leaf(self, seq: int) -> bytes:
        """Return the leaf hash at a place."""
        self._follow(seq + 1)
        return self._run(0, seq)

    def tile(self, level: int, number: int, width: int = WIDTH) -> bytes:
        """Return the first `width` hashes of a tile."""
        self._follow((number * WIDTH + width) * WIDTH**level)
        return b"".join(self._rows(level, number)[0][:width])

    def _run(self, height: int, index: int) -> bytes:
        level, rise = divmod(height, HEIGHT)
        number, place = divmod(index, WIDTH >> rise)
        return self._rows(level, number)[rise][place]

    def _rows(self, level: int, number: int) -> list[Sequence[bytes]]:
        if number == self._size // WIDTH ** (level + 1):
            return self._partial[level]
        if (found := self._full.get((level, number))) is None:
            found = rows(cut(self._stored.hashes(level, number)))
            if found[HEIGHT][0] != self._run((level + 1) * HEIGHT, number):
                raise self._stored.damaged(f"tile {number} of level {level} does not lead to the head")
            self._full[level, number] = found
            if len(self._full) > KEPT:
                self._full.popitem(last=False)
        return found

    def _follow(self, size: int) -> None:
        """Take in what was added, if `size` asks for more than is known."""
        if size <= self._size:
            return
        there, head = self._stored.last()
        if size > there:
            raise self._stored.damaged(f"the heads speak of {there} entries, not {size}")
        partial, level, count = [rows(self._stored.tail(there).leaves)], 1, there // WIDTH
        while count:
            full = count // WIDTH * WIDTH
            hashes = self._stored.roots(level - 1, full, count - full) if count > full else []
            partial.append(rows(hashes))
            level, count = level + 1, count // WIDTH
        self._size, self._partial = there, partial
        if tree.root(self._run, there) != head:
            self._size, self._partial = 0, []
            raise self._stored.damaged("the stored hashes do not lead to the stored head")


def published(stored: Stored, hashes: Hashes, size: int) -> Iterator[tuple[str, bytes]]:
    """Yield path and bytes of each tile of the tree of `size` entries, bundles first (C2SP tlog-tiles).

    Raises:
        BadInput: An entry or a hash is missing or damaged.
    """
    for number, span in enumerate(stored.spans(size)):
        yield path(ENTRIES, number, len(span.seqs)), pack(span.contents)
    level, count = 0, size
    while count:
        for number, width in widths(count):
            yield path(level, number, width), hashes.tile(level, number, width)
        level, count = level + 1, count // WIDTH
