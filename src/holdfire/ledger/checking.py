"""Everything that is wrong with a ledger, said at once.

Besides what a writer looks at before it adds (`audit`): each entry is canonical and of the kind that stands
beside it, none is there twice, every past head is the root of the entries before it, the tables are those of
a ledger, and SQLite finds nothing wrong with its own pages.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from holdfire.errors import BadInput, HoldfireError, Problem
from holdfire.ledger import audit, forms, kinded, schema, tree
from holdfire.ledger.stored import AT_ONCE, COPY, Stored, told
from holdfire.ledger.tiles import HASH, WIDTH, Growth, Tile, cut, unpack

ENOUGH = 64 * 2**20
"""Bytes of entries after which those gathered are looked at, however few they are."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """Entries as they are stored, not held against anything yet; `kinds` is empty where none are stored."""

    seqs: Sequence[int]
    kinds: Sequence[str]
    leaves: Sequence[bytes]
    contents: Sequence[bytes]


def problems(stored: Stored) -> list[Problem]:
    """Return everything that is wrong with a ledger; nothing: it is whole."""
    found: list[Problem] = []
    for look in (_pages, _tables, _entries):
        try:
            with told(stored.path):
                found.extend(Problem(text, str(stored.path), COPY) for text in look(stored))
        except HoldfireError as error:
            found += error.problems
    return found


def _pages(stored: Stored) -> Iterator[str]:
    for (text,) in stored.database.execute("PRAGMA integrity_check(20)"):
        if text != "ok":
            yield f"SQLite's own check says: {text}"


def _tables(stored: Stored) -> Iterator[str]:
    if schema.altered(stored.database):
        yield "the tables or triggers are not those of a ledger"


def _entries(stored: Stored) -> Iterator[str]:
    trunk, names = _Trunk(stored), _Names()
    with ThreadPoolExecutor(1) as other:
        words = _Words(other)
        pieces = _Pieces(stored)
        for piece in pieces:
            leaves = tree.leaves(piece.contents)
            for seq, leaf, kept in zip(piece.seqs, leaves, piece.leaves, strict=True):
                if leaf != kept:
                    yield f"entry {seq} does not match its hash"
            yield from pieces.said()
            yield from words.take(piece)
            if pieces.whole:  # what comes after a gap leads to no head
                yield from trunk.grow(leaves)
            names.take(piece.seqs, leaves)
        yield from pieces.said()
        yield from words.rest()
    yield from names.twice()
    yield from trunk.end(pieces.whole)


class _Pieces:
    """The entries piece by piece, and what is wrong with how they are stored."""

    def __init__(self, stored: Stored) -> None:
        self.whole = True
        self._database = stored.database
        self._said: list[str] = []
        self._next = 0

    def said(self) -> list[str]:
        """Return what is wrong, each thing once."""
        said, self._said = self._said, []
        return said

    def __iter__(self) -> Iterator[_Piece]:
        question = (
            "SELECT b.number, b.kinds, b.mark, b.content, t.hashes FROM bundle b LEFT JOIN tile t"
            " ON t.level = 0 AND t.number = b.number WHERE b.number > ? ORDER BY b.number LIMIT ?"
        )
        last = -(2**63)
        while rows := self._database.execute(question, (last, AT_ONCE)).fetchall():
            last = rows[-1][0]
            for row in rows:
                self._reach(row[0] * WIDTH)
                if (piece := self._bundle(*row)) is not None:
                    yield piece
                self._next = (row[0] + 1) * WIDTH
        for seq, leaf, content in self._database.execute(
            "SELECT seq, leaf, content FROM entry ORDER BY seq LIMIT ?", (WIDTH,)
        ).fetchall():
            self._reach(seq)
            self._next = seq + 1
            yield _Piece([seq], [], [leaf], [content])

    def _reach(self, seq: int) -> None:
        if seq != self._next:
            self.whole = False
            self._said.append(f"entries {self._next} to {seq - 1} are missing")

    def _bundle(self, number: int, runs: str, mark: bytes, content: bytes, hashes: bytes) -> _Piece | None:
        kinds: list[str] = []
        with suppress(ValueError):
            kinds = kinded.out_of_runs(runs)
        if len(kinds) != WIDTH or kinded.mark_of(number, runs) != mark:
            kinds = []
            self._said.append(f"the kinds of bundle {number} do not match their mark")
        try:
            contents = unpack(content)
        except ValueError:
            contents = []
        if len(contents) != WIDTH:
            self.whole = False
            self._said.append(f"bundle {number} does not hold {WIDTH} entries")
            return None
        leaves = cut(hashes or b"")
        if len(leaves) != WIDTH:
            self._said.append(f"tile {number} of level 0 is missing")
            leaves = tree.leaves(contents)
        first = number * WIDTH
        return _Piece(range(first, first + WIDTH), kinds, leaves, contents)


class _Trunk:
    """The tree as the entries make it, held against heads and tiles."""

    def __init__(self, stored: Stored) -> None:
        self._stored = stored
        self._growth = Growth()
        self._heads = iter(stored.database.execute("SELECT size, root FROM head ORDER BY size").fetchall())
        self._head: tuple[int, bytes] | None = next(self._heads, None)
        self._last = 0

    def grow(self, leaves: Sequence[bytes]) -> Iterator[str]:
        """Add leaf hashes, and yield which heads and tiles are not theirs."""
        at = 0
        while at < len(leaves):
            step = len(leaves) - at
            if self._head and self._head[0] > self._growth.size:
                step = min(step, self._head[0] - self._growth.size)
            for tile in self._growth.extend(leaves[at : at + step]):
                yield from self._tile(tile)
            at += step
            while self._head and self._head[0] <= self._growth.size:
                size, root = self._head
                if size != self._growth.size or root != self._growth.root():
                    yield f"the head of {size} entries is not their Merkle root"
                self._last, self._head = size, next(self._heads, None)

    def end(self, whole: bool) -> Iterator[str]:
        """Yield what is stored beyond the entries."""
        size = self._growth.size
        while whole and self._head:
            self._last = self._head[0]
            yield f"a head speaks of {self._last} entries; there are {size}"
            self._head = next(self._heads, None)
        if whole and self._last != size:
            yield f"the last head speaks of {self._last} entries; there are {size}"
        if whole and audit.rows(self._stored) != audit.due(size):
            yield f"there are not just the bundles and tiles that {size} entries fill"

    def _tile(self, tile: Tile) -> Iterator[str]:
        try:
            same = audit.same(self._stored, tile)
        except BadInput as error:
            yield error.problems[0].problem
        else:
            if not same:
                yield f"tile {tile.number} of level {tile.level} is not that of its entries"


class _Names:
    """Which leaf hashes there are, to say which is there twice."""

    def __init__(self) -> None:
        self._leaves: list[bytes] = []
        self._seqs: list[Sequence[int]] = []

    def take(self, seqs: Sequence[int], leaves: Sequence[bytes]) -> None:
        """Note leaf hashes."""
        self._leaves.append(b"".join(leaves))
        self._seqs.append(seqs)

    def twice(self) -> Iterator[str]:
        """Yield which entries were there before."""
        table = np.frombuffer(b"".join(self._leaves), "<u8").reshape(-1, HASH // 8)
        order = np.lexsort(table.T)
        again = (table[order[1:]] == table[order[:-1]]).all(axis=1)
        seqs = [seq for some in self._seqs for seq in some] if again.any() else []
        for place in sorted(order[1:][again].tolist()):
            yield f"entry {seqs[place]} is there twice"


class _Words:
    """What the entries say: whether each is canonical, and of the kind that stands beside it.

    They are gathered and looked at in another thread, where RE2 runs while hashes are made here.
    """

    def __init__(self, other: ThreadPoolExecutor) -> None:
        self._other = other
        self._gathered: list[_Piece] = []
        self._count = self._bytes = 0
        self._under_way: deque[tuple[list[_Piece], Future[Any]]] = deque()

    def take(self, piece: _Piece) -> Iterator[str]:
        """Gather entries, and yield what is wrong with earlier ones."""
        self._gathered.append(piece)
        self._bytes += sum(map(len, piece.contents))
        self._count += len(piece.contents)
        if self._count >= forms.AT_ONCE or self._bytes >= ENOUGH:
            self._begin()
        while len(self._under_way) > 1:
            yield from self._done()

    def rest(self) -> Iterator[str]:
        """Yield what is wrong with the rest."""
        self._begin()
        while self._under_way:
            yield from self._done()

    def _begin(self) -> None:
        contents = [content for piece in self._gathered for content in piece.contents]
        self._under_way.append((self._gathered, self._other.submit(forms.looked_at, contents)))
        self._gathered, self._count, self._bytes = [], 0, 0

    def _done(self) -> Iterator[str]:
        pieces, looking = self._under_way.popleft()
        kinds, wrong = looking.result()
        seqs = [seq for piece in pieces for seq in piece.seqs]
        stored = [kind for piece in pieces for kind in piece.kinds or [""] * len(piece.seqs)]
        for place, error in sorted(wrong.items()):
            yield f"entry {seqs[place]}: {error.problems[0].problem}"
        if kinds != stored:
            for seq, kind, beside in zip(seqs, kinds, stored, strict=True):
                if kind and beside and kind != beside:
                    yield f"entry {seq} is of another kind than stands beside it"
