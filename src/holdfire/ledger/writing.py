"""Adding to the ledger's database: one transaction a group, from what the log needs to go on.

A `Writer` knows the tree as far as it has grown, which entries are there, and those that fill no bundle yet.
It comes of reading every entry (`audit.audited`), and it is thrown away with the connection after any error.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

from holdfire.ledger import kinded
from holdfire.ledger.names import Names
from holdfire.ledger.stored import Span
from holdfire.ledger.tiles import WIDTH, Growth, Tile, pack

SLICE = 256 * WIDTH
"""Entries handed to SQLite at once, so that a large group needs little more memory than it has itself."""


class Writer:
    """What is needed to go on.

    Args:
        leaf: Gives the leaf hash at a place.
    """

    def __init__(self, leaf: Callable[[int], bytes]) -> None:
        self.growth = Growth()
        self.names = Names(leaf)
        self._kinds: list[str] = []
        self._contents: list[bytes] = []  # these two: of the entries that fill no bundle yet

    def take_in(self, span: Span) -> list[Tile]:
        """Take in the next entries that are stored already, and return the tiles they filled."""
        self.names.extend(span.leaves)
        if len(span.seqs) < WIDTH:
            self._kinds, self._contents = list(span.kinds), list(span.contents)
        return self.growth.extend(span.leaves)

    def place(self, leaves: Sequence[bytes]) -> tuple[list[int], list[int]]:
        """Return the place each entry has or will have, and which of those given are new."""
        size = self.growth.size
        fresh: dict[bytes, int] = {}
        found = self.names.find(leaves)
        if found.count(None) == len(leaves) == len(set(leaves)):
            return list(range(size, size + len(leaves))), list(range(len(leaves)))
        places: list[int] = []
        new: list[int] = []
        for at, (leaf, known) in enumerate(zip(leaves, found, strict=True)):
            place = fresh.setdefault(leaf, size + len(new)) if known is None else known
            if place == size + len(new):
                new.append(at)
            places.append(place)
        return places, new

    def add(
        self,
        database: sqlite3.Connection,
        leaves: Sequence[bytes],
        kinds: Sequence[str],
        contents: Sequence[bytes],
    ) -> None:
        """Add entries that are not there yet, with the new head, in one transaction.

        When this returns they are on the disk. After an error the writer is of no further use.
        """
        database.execute("BEGIN IMMEDIATE")
        try:
            for at in range(0, len(leaves), SLICE):
                part = slice(at, at + SLICE)
                self._add(database, leaves[part], kinds[part], contents[part])
            head = (self.growth.size, self.growth.root())
            database.execute("INSERT INTO head VALUES (?, ?)", head)
            database.execute("COMMIT")
        except BaseException:
            if database.in_transaction:
                database.execute("ROLLBACK")
            raise
        self.names.extend(leaves)

    def _add(
        self,
        database: sqlite3.Connection,
        leaves: Sequence[bytes],
        kinds: Sequence[str],
        contents: Sequence[bytes],
    ) -> None:
        waiting, size = len(self._contents), self.growth.size
        self._kinds += kinds
        self._contents += contents
        filled, first = len(self._contents) // WIDTH, (size - waiting) // WIDTH
        for place in range(filled):
            database.execute("INSERT INTO bundle VALUES (?, ?, ?, ?)", self._bundle(first + place, place))
        if filled:
            del self._kinds[: filled * WIDTH], self._contents[: filled * WIDTH]
            database.execute("DELETE FROM entry")
        for tile in self.growth.extend(leaves):
            row = (tile.level, tile.number, tile.root, tile.hashes)
            database.execute("INSERT INTO tile VALUES (?, ?, ?, ?)", row)
        left = len(self._contents) if filled else len(leaves)
        end = self.growth.size
        rows = zip(range(end - left, end), leaves[len(leaves) - left :], self._contents[-left:], strict=True)
        if left:
            database.executemany("INSERT INTO entry VALUES (?, ?, ?)", rows)

    def _bundle(self, number: int, place: int) -> tuple[int, str, bytes, bytes]:
        part = slice(place * WIDTH, (place + 1) * WIDTH)
        runs = kinded.in_runs(self._kinds[part])
        return number, runs, kinded.mark_of(number, runs), pack(self._contents[part])
