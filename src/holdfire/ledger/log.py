"""The record: entries that are only ever added.

Promises, and the tests that try to break them:

* an entry that `append` returned is there after a kill at any moment, once (tests/chaos/test_kill.py);
* the same bytes are one entry, however often and in whatever groups they are appended, and the head is
  the same (tests/properties/test_ledger.py);
* a changed, missing or added byte of an entry is noticed when it is read, and by `check`; a proof that is
  given leads to the last head (tests/unit/test_ledger_damage.py);
* a damaged ledger is never added to: a writer reads every entry against its hash before the first;
* one process writes at a time; another that tries is told so at once; readers wait for no one.

SQLite in WAL mode with `synchronous=FULL`: in emulated power cuts FULL lost no acknowledged entry and
NORMAL did (docs/decisions/0002-ledger.md). SQLite does not guard the bytes it stores, so the leaf hash
is our checksum, and each group of entries is committed together with its size and Merkle root.

A room opens no files; this one holds a database connection, because a ledger is one. The path is handed
in by the desk, and so is every time that stands in an entry: nothing here reads a clock.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa

from holdfire.digests import Digest
from holdfire.errors import BadInput, HoldfireError, Problem
from holdfire.ledger import audit, checking, columns, forms, tree
from holdfire.ledger.connecting import reading, writing
from holdfire.ledger.entry import Entry
from holdfire.ledger.hashes import Hashes, published
from holdfire.ledger.lock import Lock
from holdfire.ledger.names import Names
from holdfire.ledger.shelf import make_folder
from holdfire.ledger.stored import Stored, told
from holdfire.ledger.tiles import WIDTH, cut
from holdfire.ledger.writing import Writer

Kinds = str | Collection[str] | None
"""One kind of entry, several, or None for all."""


class Ledger:
    """The entries of one case, in the order they were added.

    Open it with `Ledger.open`, and close it or use it as a context manager. One thread at a time uses it;
    `Commits` lets many append.
    """

    def __init__(self, path: Path, database: sqlite3.Connection | None, lock: Lock | None) -> None:
        self.path = path
        self._database = database
        self._lock = lock
        self._closed = False
        self._names: Names | None = None
        if database is not None:
            self._stored = Stored(database, path)
            self._hashes = Hashes(self._stored)
        self._writer: Writer | None = audit.audited(self._stored, self._hashes) if lock else None

    @classmethod
    def open(cls, path: Path, write: bool = False) -> Ledger:
        """Open the ledger at `path`; one that is not there reads as empty.

        Opening to write makes it if need be, holds the writer's lock until `close`, and first reads
        every entry against its hash (2 s a million): a damaged ledger is never added to.

        Raises:
            Busy: It is opened to write, and another process is writing.
            BadInput: The file is no ledger, was made by another Holdfire, or is damaged.
            HoldfireError: The disk refuses.
        """
        if path.is_symlink():
            raise BadInput("the ledger is a symbolic link", str(path), "put the file itself there")
        if not write:
            return cls(path, reading(path) if path.exists() else None, None)
        make_folder(path.parent)
        lock = Lock(path.with_name(path.name + ".lock"))
        database = None
        try:
            database = writing(path)
            return cls(path, database, lock)
        except BaseException:
            if database is not None:
                database.close()
            lock.release()
            raise

    @property
    def size(self) -> int:
        """Return how many entries there are."""
        return self._last()[0]

    @property
    def head(self) -> Digest:
        """Return the Merkle root over all entries, as stored with the last of them."""
        return self._last()[1].hex()

    def root(self, size: int) -> Digest:
        """Return the Merkle root over the first `size` entries, from hashes that lead to the head.

        Raises:
            BadInput: There are fewer entries, or a hash is damaged.
        """
        return self._hashes.root(size).hex() if self._upto(size) else tree.EMPTY_ROOT.hex()

    def inclusion(self, seq: int, size: int) -> list[Digest]:
        """Return the proof that entry `seq` is among the first `size`; `tree.included` checks it.

        Raises:
            BadInput: There are fewer entries, or a hash is damaged.
            IndexError: `seq` is not below `size`.
        """
        if not 0 <= seq < self._upto(size):
            raise IndexError(f"no entry {seq} among {size}")
        return [each.hex() for each in self._hashes.inclusion(seq, size)]

    def consistency(self, old: int, new: int) -> list[Digest]:
        """Return the proof that the first `new` entries begin with the first `old`.

        `tree.consistent` checks it.

        Raises:
            BadInput: There are fewer than `new` entries, or a hash is damaged.
            IndexError: `old` is above `new`.
        """
        if not 0 <= old <= self._upto(new):
            raise IndexError(f"{new} entries do not begin with {old}")
        return [each.hex() for each in self._hashes.consistency(old, new)] if old else []

    def entry(self, seq: int) -> Entry:
        """Return the entry at a place.

        Raises:
            BadInput: It does not match its hash.
            IndexError: There is none.
        """
        if not 0 <= seq < self.size:
            raise IndexError(f"no entry {seq} among {self.size}")
        return next(next(self._stored.spans(seq + 1, seq)).entries())

    def find(self, leaf: Digest) -> Entry | None:
        """Return the entry of that name; None: there is none.

        Raises:
            BadInput: The entry, or a tile where it might have stood, is damaged.
        """
        if not self.size:
            return None
        (seq,) = self._known().find([bytes.fromhex(leaf)])
        return None if seq is None else self.entry(seq)

    def entries(self, kind: Kinds = None, upto: int | None = None, after: int = 0) -> Iterator[Entry]:
        """Yield entries in order, each read against its hash.

        What is appended later than the first was asked for is not among them.

        Args:
            kind: One kind of entry or several; None: all. Others are not read, and damage to them is not
                noticed, but damage hides none of those that are asked for.
            upto: Leave out all but the first so many; None: none.
            after: Leave out the first so many.

        Raises:
            BadInput: There are fewer than `upto` entries, or one is missing or damaged.
        """
        if size := self._upto(upto):
            for span in self._stored.spans(size, after, _several(kind)):
                yield from span.entries()

    def batches(self, kind: Kinds = None, upto: int | None = None) -> Iterator[pa.RecordBatch]:
        """Yield the entries as Arrow batches of `columns.SCHEMA`: seq, leaf, kind, content.

        Raises:
            BadInput: There are fewer than `upto` entries, or one is missing or damaged.
        """
        if size := self._upto(upto):
            yield from columns.batches(self._stored.spans(size, 0, _several(kind)))

    def tiles(self, size: int) -> Iterator[tuple[str, bytes]]:
        """Yield path and bytes of each tile of the tree of `size` entries, bundles of entries first.

        They are those of C2SP tlog-tiles: every full tile, and of partial ones those of this size.

        Raises:
            BadInput: There are fewer entries, or one is missing or damaged.
        """
        if self._upto(size):
            yield from published(self._stored, self._hashes, size)

    def append(self, values: Iterable[Mapping[str, Any]]) -> list[Entry]:
        """Add entries in one transaction and return each with its place, in the order given.

        When this returns, they are on the disk. A value that is there already is not added again; its
        entry is returned. After an error of the disk the ledger is closed: open it again, which reads
        it whole, before anything more is added.

        Raises:
            BadInput: Every problem of the values; none of them is added.
            HoldfireError: The ledger is not open to write, or the disk refuses.
        """
        contents, kinds = forms.encoded(values)
        return self.append_checked(contents, kinds)

    def append_encoded(self, contents: Sequence[bytes]) -> int:
        """Add entries that are in canonical form already, in one transaction, and return how many are new.

        For hundreds of thousands at once; what `append` promises holds here too.

        Raises:
            BadInput: Every entry that is not canonical or too large; none is added.
            HoldfireError: The ledger is not open to write, or the disk refuses.
        """
        self._writing()
        with ThreadPoolExecutor(1) as other:  # RE2 runs there while hashes are made here
            looking = other.submit(forms.looked_at, contents)
            leaves = tree.leaves(contents)
            kinds, wrong = looking.result()
        if wrong:
            raise BadInput.of(
                Problem(each.problem, f"entry {place + 1}", each.hint)
                for place, error in sorted(wrong.items())
                for each in error.problems
            )
        return len(self._add(leaves, kinds, contents)[1])

    def append_checked(self, contents: Sequence[bytes], kinds: Sequence[str]) -> list[Entry]:
        """Add what `forms.encoded` gave; otherwise as `append`.

        Raises:
            HoldfireError: The ledger is not open to write, or the disk refuses.
        """
        leaves = tree.leaves(contents)
        places, _ = self._add(leaves, kinds, contents)
        return [
            Entry(seq=seq, leaf=leaf.hex(), content=content)
            for seq, leaf, content in zip(places, leaves, contents, strict=True)
        ]

    def check(self) -> list[Problem]:
        """Return everything that is wrong with the ledger; nothing: it is whole.

        Reads every entry against its hash, every head and tile against its entries, the tables against what
        they should be, and asks SQLite for its own integrity check. A ledger that lost its last entries
        and heads together is whole to this check: hold `root` of an earlier size against a head that
        was published.
        """
        return [] if self._connection() is None else checking.problems(self._stored)

    def close(self) -> None:
        """Close it and let the next writer in; calling it again does nothing."""
        if self._database is not None:
            self._database.close()
        if self._lock is not None:
            self._lock.release()
        self._database = self._lock = self._writer = self._names = None
        self._closed = True

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _connection(self) -> sqlite3.Connection | None:
        if self._closed:
            raise HoldfireError("the ledger is closed", str(self.path), "open it again")
        return self._database

    def _last(self) -> tuple[int, bytes]:
        return (0, tree.EMPTY_ROOT) if self._connection() is None else self._stored.last()

    def _upto(self, size: int | None) -> int:
        """Return `size`, or how many entries there are."""
        there = self.size
        if size is None:
            return there
        if not 0 <= size <= there:
            raise BadInput(f"the ledger has {there} entries, not {size}", str(self.path))
        return size

    def _known(self) -> Names:
        """Return which leaf hash stands where, as of now."""
        if self._writer is not None:
            return self._writer.names
        if self._names is None:
            self._names = Names(self._hashes.leaf)
        names, size = self._names, self.size
        while names.size < size:
            number, place = divmod(names.size, WIDTH)
            joined = self._hashes.tile(0, number, min(WIDTH, size - number * WIDTH))
            names.extend(cut(joined)[place:])
        return names

    def _writing(self) -> tuple[sqlite3.Connection, Writer]:
        database = self._connection()
        if database is None or self._writer is None:
            raise HoldfireError("the ledger is not open to write", str(self.path))
        return database, self._writer

    def _add(
        self, leaves: Sequence[bytes], kinds: Sequence[str], contents: Sequence[bytes]
    ) -> tuple[list[int], list[int]]:
        """Add what is not there yet; return the place of each, and which are new."""
        database, writer = self._writing()
        try:
            with told(self.path):
                places, new = writer.place(leaves)
                if len(new) < len(leaves):
                    leaves, contents = [leaves[at] for at in new], [contents[at] for at in new]
                    kinds = [kinds[at] for at in new]
                if new:
                    writer.add(database, leaves, kinds, contents)
        except BaseException:
            self.close()
            raise
        return places, new


def _several(kind: Kinds) -> Collection[str] | None:
    return {kind} if isinstance(kind, str) else kind
