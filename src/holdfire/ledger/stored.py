"""What the ledger's database holds, read so that damage is noticed and never passed on.

SQLite returns whatever bytes its pages hold: one flipped bit in an entry passes its own integrity check
nearly always. So each entry is hashed as it is read and held against its leaf hash, and entries must
follow one another without a gap. tests/unit/test_ledger_damage.py flips bits everywhere.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from holdfire.errors import BadInput
from holdfire.ledger import kinded, sqlite_told, tree
from holdfire.ledger.entry import Entry
from holdfire.ledger.tiles import WIDTH, cut, unpack

COPY = "restore the ledger from a copy; leave this file as it is, for whoever finds out why"

AT_ONCE = 8
"""Bundles read at once: 0.7 MB of usual entries, 128 MiB of the largest."""

_BUNDLE = (
    "SELECT b.number, b.kinds, b.mark, b.content, t.hashes FROM bundle b"
    " LEFT JOIN tile t ON t.level = 0 AND t.number = b.number"
)


@dataclass(frozen=True, slots=True)
class Span:
    """Entries in order, each read against its hash: of one bundle, or of what fills none yet.

    Attributes:
        seqs: Place of each in the ledger.
        kinds: Kind of each.
        leaves: Leaf hash of each.
        contents: Bytes of each.
    """

    seqs: Sequence[int]
    kinds: Sequence[str]
    leaves: Sequence[bytes]
    contents: Sequence[bytes]

    def entries(self) -> Iterator[Entry]:
        """Yield each as an entry."""
        for seq, leaf, content in zip(self.seqs, self.leaves, self.contents, strict=True):
            yield Entry(seq=seq, leaf=leaf.hex(), content=content)

    def only(self, after: int, size: int, kinds: Collection[str] | None) -> Span:
        """Return those from place `after` to below `size`, of these kinds; None: of all."""
        every = kinds is None or set(self.kinds).issubset(kinds)
        if every and self.seqs and after <= self.seqs[0] and self.seqs[-1] < size:
            return self
        wanted = [
            place
            for place, (seq, kind) in enumerate(zip(self.seqs, self.kinds, strict=True))
            if after <= seq < size and (kinds is None or kind in kinds)
        ]
        return Span(
            [self.seqs[place] for place in wanted],
            [self.kinds[place] for place in wanted],
            [self.leaves[place] for place in wanted],
            [self.contents[place] for place in wanted],
        )


def told(path: Path) -> AbstractContextManager[None]:
    """Turn an error of SQLite or the system into one of ours."""
    return sqlite_told.told(path, "the ledger", "the ledger", COPY)


class Stored:
    """Reads a ledger's database.

    Raises:
        BadInput: From any method: what was asked for is missing or damaged.
        HoldfireError: From any method: the disk refuses.
    """

    def __init__(self, database: sqlite3.Connection, path: Path) -> None:
        self.database = database
        self.path = path
        self._kinds: list[frozenset[str]] = []  # by bundle; bundles never change, so each is read once

    def last(self) -> tuple[int, bytes]:
        """Return how many entries the last head speaks of, and its root."""
        found = self._ask("SELECT size, root FROM head ORDER BY size DESC LIMIT 1")
        return (found[0][0], found[0][1]) if found else (0, tree.EMPTY_ROOT)

    def spans(self, size: int, after: int = 0, kinds: Collection[str] | None = None) -> Iterator[Span]:
        """Yield the first `size` entries but the first `after`, or those of some kinds."""
        full = size // WIDTH
        numbers: Sequence[int] = range(after // WIDTH, full)
        if kinds is not None:
            held = self._held(full)
            numbers = [number for number in numbers if not held[number].isdisjoint(kinds)]
        for at in range(0, len(numbers), AT_ONCE):
            wanted = numbers[at : at + AT_ONCE]
            rows = self._bundles(wanted)
            for number in wanted:
                if not rows or rows[0][0] != number:
                    raise self.damaged(f"entry {number * WIDTH} is missing")
                yield self._span(rows.pop(0), after, size, kinds)
        if after < size and size % WIDTH:
            yield self.tail(size).only(after, size, kinds)

    def tail(self, size: int) -> Span:
        """Return those of the first `size` entries that do not fill a bundle."""
        first = size - size % WIDTH
        rows = self._ask("SELECT seq, leaf, content FROM entry WHERE seq >= ? AND seq < ?", first, size)
        if not rows and (filled := self._bundles([first // WIDTH])):  # since `size` was asked for
            return self._span(filled[0], first, size, None)
        contents = [content for _, _, content in rows]
        found = tree.leaves(contents)
        for expected, (seq, leaf, _) in enumerate(rows, first):
            if seq != expected:
                raise self.damaged(f"entry {expected} is missing")
            if found[seq - first] != leaf:
                raise self.damaged(f"entry {seq} does not match its hash")
        if first + len(rows) != size:
            raise self.damaged(f"entry {first + len(rows)} is missing")
        kinds = [kinded.kind_of(content) for content in contents]
        return Span(range(first, size), kinds, [leaf for _, leaf, _ in rows], contents)

    def hashes(self, level: int, number: int) -> bytes:
        """Return the hashes of a full tile as they are stored; `Hashes` holds them against the head."""
        found = self._ask("SELECT hashes FROM tile WHERE level = ? AND number = ?", level, number)
        if not found or len(found[0][0]) != WIDTH * len(tree.EMPTY_ROOT):
            raise self.damaged(f"tile {number} of level {level} is missing")
        return bytes(found[0][0])

    def roots(self, level: int, first: int, count: int) -> list[bytes]:
        """Return the roots over full tiles in a row as they are stored."""
        found = self._ask(
            "SELECT root FROM tile WHERE level = ? AND number BETWEEN ? AND ? ORDER BY number",
            *(level, first, first + count - 1),
        )
        if len(found) != count:
            raise self.damaged(f"a tile of level {level} is missing")
        return [root for (root,) in found]

    def damaged(self, text: str) -> BadInput:
        """Return the error that says what is damaged."""
        return BadInput(text, str(self.path), COPY)

    def _held(self, full: int) -> list[frozenset[str]]:
        """Return the kinds in each of the first `full` bundles, every mark looked at."""
        known = len(self._kinds)
        question = "SELECT number, kinds, mark FROM bundle WHERE number >= ? AND number < ? ORDER BY number"
        for expected, (number, runs, mark) in enumerate(self._ask(question, known, full), known):
            if number != expected:
                break
            self._kinds.append(frozenset(self._named(number, runs, mark)))
        if len(self._kinds) < full:
            raise self.damaged(f"entry {len(self._kinds) * WIDTH} is missing")
        return self._kinds

    def _named(self, number: int, runs: str, mark: bytes) -> list[str]:
        if kinded.mark_of(number, runs) == mark:
            try:
                found = kinded.out_of_runs(runs)
            except ValueError:
                found = []
            if len(found) == WIDTH:
                return found
        raise self.damaged(f"the kinds of bundle {number} do not match their mark")

    def _bundles(self, numbers: Sequence[int]) -> list[tuple[Any, ...]]:
        places = ",".join("?" * len(numbers))
        return self._ask(f"{_BUNDLE} WHERE b.number IN ({places}) ORDER BY b.number", *numbers)

    def _span(self, row: tuple[Any, ...], after: int, size: int, kinds: Collection[str] | None) -> Span:
        """Return what is wanted of a bundle, each entry of that held against its hash."""
        number, runs, mark, content, hashes = row
        named, first = self._named(number, runs, mark), number * WIDTH
        if hashes is None:
            raise self.damaged(f"tile {number} of level 0 is missing")
        try:
            contents = unpack(content)
        except ValueError:
            contents = []
        if len(contents) != WIDTH:
            raise self.damaged(f"bundle {number} does not hold {WIDTH} entries")
        span = Span(range(first, first + WIDTH), named, cut(hashes), contents).only(after, size, kinds)
        found = tree.leaves(span.contents)
        if found != span.leaves:
            wrong = next(s for s, a, b in zip(span.seqs, found, span.leaves, strict=True) if a != b)
            raise self.damaged(f"entry {wrong} does not match its hash")
        if kinds is not None:
            for seq, kind, each in zip(span.seqs, span.kinds, span.contents, strict=True):
                if not kinded.names(each, kind):
                    raise self.damaged(f"entry {seq} is of another kind than stands beside it")
        return span

    def _ask(self, question: str, *values: int) -> list[tuple[Any, ...]]:
        with told(self.path):
            return self.database.execute(question, values).fetchall()
