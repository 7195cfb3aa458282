"""The record: entries that are only ever added.

Promises, and the tests that try to break them:

* an entry that `append` returned is there after a kill at any moment, once (tests/chaos/test_kill.py);
* the same bytes are one entry, however often and in whatever groups they are appended, and the head is
  the same (tests/properties/test_ledger.py);
* a changed, missing or added byte of an entry is noticed when it is read, and by `check`
  (tests/unit/test_ledger_damage.py);
* one process writes at a time; another that tries is told so at once; readers wait for no one.

SQLite in WAL mode with `synchronous=FULL`: in emulated power cuts FULL lost no acknowledged entry and
NORMAL did (docs/decisions/0002-ledger.md). SQLite does not guard the bytes it stores, so the leaf hash
is our checksum, and each group of entries is committed together with its size and Merkle root.

A room opens no files; this one holds a database connection, because a ledger is one. The path is handed
in by the desk, and so is every time that stands in an entry: nothing here reads a clock.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from holdfire.digests import Digest
from holdfire.errors import BadInput, HoldfireError, Problem
from holdfire.ledger import audit, schema, tree
from holdfire.ledger.entry import Entry, encode, leaf_hash
from holdfire.ledger.lock import Lock
from holdfire.ledger.shelf import make_folder

PATIENCE = 5
"""How long a commit waits for another program that holds the database [s]."""


@dataclass(slots=True)
class _Writer:
    lock: Lock
    root: tree.Root


class Ledger:
    """The entries of one case, in the order they were added.

    Open it with `Ledger.open`, and close it or use it as a context manager.
    """

    def __init__(self, path: Path, database: sqlite3.Connection | None, writer: _Writer | None) -> None:
        self.path = path
        self._database = database
        self._writer = writer
        self._closed = False

    @classmethod
    def open(cls, path: Path, write: bool = False) -> Ledger:
        """Open the ledger at `path`; one that is not there reads as empty.

        Opening to write makes it if need be, holds the writer's lock until `close`, and first reads
        every entry against its hash: a damaged ledger is never added to.

        Raises:
            Busy: It is opened to write, and another process is writing.
            BadInput: The file is no ledger, was made by a newer Holdfire, or is damaged.
            HoldfireError: The disk refuses.
        """
        if path.is_symlink():
            raise BadInput("the ledger is a symbolic link", str(path), "put the file itself there")
        if not write:
            return cls(path, _reading(path) if path.exists() else None, None)
        make_folder(path.parent)
        lock = Lock(path.with_name(path.name + ".lock"))
        try:
            return cls(path, *_writing(path, lock))
        except BaseException:
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
        """Return the Merkle root over the first `size` entries, computed from their bytes.

        Raises:
            BadInput: There are fewer entries, or one does not match its hash.
        """
        return tree.root(bytes.fromhex(entry.leaf) for entry in self.entries(upto=size)).hex()

    def inclusion(self, seq: int, size: int) -> list[Digest]:
        """Return the proof that entry `seq` is among the first `size`; `tree.included` reads it.

        Raises:
            BadInput: There are fewer entries, or one does not match its hash.
            IndexError: `seq` is not below `size`.
        """
        leaves = [bytes.fromhex(entry.leaf) for entry in self.entries(upto=size)]
        return [each.hex() for each in tree.inclusion(leaves, seq)]

    def entries(self, kind: str | None = None, upto: int | None = None) -> Iterator[Entry]:
        """Yield the first `upto` entries, or all, in order; of one kind if `kind` is given.

        What is appended later than the first was asked for is not among them. Every entry is read
        against its hash, of whichever kind, so that damage cannot hide one.

        Raises:
            BadInput: There are fewer than `upto` entries, or one is missing or does not match its hash.
        """
        there = self.size
        size = there if upto is None else upto
        if not 0 <= size <= there:
            raise BadInput(f"the ledger has {there} entries, not {size}", str(self.path))
        if (database := self._connection()) is not None:
            for entry in audit.read(database, self.path, size):
                if kind is None or entry.kind == kind:
                    yield entry

    def append(self, values: Iterable[Mapping[str, Any]]) -> list[Entry]:
        """Add entries in one transaction and return each with its place, in the order given.

        When this returns, they are on the disk. A value that is there already is not added again; its
        entry is returned. After an error of the disk the ledger is closed: open it again, which reads
        it whole, before anything more is added.

        Raises:
            BadInput: Every problem of the values; none of them is added.
            HoldfireError: The ledger is not open to write, or the disk refuses.
        """
        database, writer = self._connection(), self._writer
        if database is None or writer is None:
            raise HoldfireError("the ledger is not open to write", str(self.path))
        contents = _encoded(values)
        try:
            with audit.told(self.path):
                entries, writer.root = _append(database, writer.root, contents)
        except BaseException:
            self.close()
            raise
        return entries

    def check(self) -> list[Problem]:
        """Return everything that is wrong with the ledger; nothing: it is whole.

        Reads every entry against its hash, every head against its entries, the tables against what
        they should be, and asks SQLite for its own integrity check. A ledger that lost its last entries
        and heads together is whole to this check: hold `root` of an earlier size against a head that
        was published.
        """
        database = self._connection()
        return [] if database is None else audit.problems(database, self.path)

    def close(self) -> None:
        """Close it and let the next writer in; calling it again does nothing."""
        if self._database is not None:
            self._database.close()
        if self._writer is not None:
            self._writer.lock.release()
        self._database, self._writer, self._closed = None, None, True

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
        database = self._connection()
        return (0, tree.EMPTY) if database is None else audit.last(database, self.path)


def _reading(path: Path) -> sqlite3.Connection | None:
    """Return a connection that can only read; None: the file holds no tables yet."""
    address = path.absolute().as_uri() + "?mode=ro"
    with audit.told(path):
        database = sqlite3.connect(address, uri=True, isolation_level=None, timeout=PATIENCE)
        try:
            try:
                known = schema.recognise(database, path)
            except sqlite3.OperationalError:
                # A folder that cannot be written, such as a disc or a stick: SQLite cannot make the files
                # it shares with a writer. If no log was left behind, the file itself is the whole of it.
                left = path.with_name(path.name + "-wal")
                if left.exists() and left.stat().st_size:
                    raise
                database.close()
                database = sqlite3.connect(address + "&immutable=1", uri=True, isolation_level=None)
                known = schema.recognise(database, path)
            if known:
                schema.settle(database)
                return database
        except BaseException:
            database.close()
            raise
    database.close()
    return None


def _writing(path: Path, lock: Lock) -> tuple[sqlite3.Connection, _Writer]:
    with audit.told(path):
        database = sqlite3.connect(path, isolation_level=None, timeout=PATIENCE)
        try:
            schema.prepare(database, path)
            return database, _Writer(lock, audit.audited(database, path))
        except BaseException:
            database.close()
            raise


def _encoded(values: Iterable[Mapping[str, Any]]) -> list[bytes]:
    """Return the bytes of each value, or raise the problems of all of them."""
    contents: list[bytes] = []
    found: list[Problem] = []
    for place, value in enumerate(values, 1):
        try:
            contents.append(encode(value, f"entry {place}"))
        except BadInput as error:
            found += error.problems
    if found:
        raise BadInput.of(found)
    return contents


def _append(
    database: sqlite3.Connection, root: tree.Root, contents: list[bytes]
) -> tuple[list[Entry], tree.Root]:
    """Add what is not there yet, with the new head, in one transaction; return all, and the new root."""
    grown, entries = root.copy(), []
    database.execute("BEGIN IMMEDIATE")
    try:
        for content in contents:
            leaf = leaf_hash(content)
            there = database.execute("SELECT seq FROM entry WHERE leaf = ?", (leaf,)).fetchone()
            seq = there[0] if there else grown.size
            if not there:
                database.execute("INSERT INTO entry VALUES (?, ?, ?)", (seq, leaf, content))
                grown.add(leaf)
            entries.append(Entry(seq=seq, leaf=leaf.hex(), content=content))
        if grown.size > root.size:
            database.execute("INSERT INTO head VALUES (?, ?)", (grown.size, grown.hash()))
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise
    return entries, grown
