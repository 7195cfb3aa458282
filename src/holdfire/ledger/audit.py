"""Reading the ledger's database so that damage is noticed, never passed on.

SQLite returns whatever bytes its pages hold: one flipped bit in an entry passes its own integrity check
nearly always. So each entry is hashed as it is read, entries must follow one another without a gap, and
each stored head must be the Merkle root of the entries before it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from holdfire.errors import BadInput, Busy, HoldfireError, Problem
from holdfire.ledger import schema, tree
from holdfire.ledger.entry import Entry, decode, leaf_hash

COPY = "restore the ledger from a copy; leave this file as it is, for whoever finds out why"


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn an error of SQLite into one of ours."""
    try:
        yield
    except sqlite3.OperationalError as error:
        text = str(error)
        if "locked" in text or "busy" in text:
            raise Busy("another program holds the ledger", str(path), "close it and try again") from error
        hint = "free some space" if "full" in text else "is the disk there, and may you write to it?"
        raise HoldfireError(f"the ledger cannot be reached: {text}", str(path), hint) from error
    except sqlite3.DatabaseError as error:
        raise BadInput(f"the ledger is damaged: {error}", str(path), COPY) from error


def last(database: sqlite3.Connection, path: Path) -> tuple[int, bytes]:
    """Return how many entries the last head speaks of, and its root."""
    with told(path):
        found = database.execute("SELECT size, root FROM head ORDER BY size DESC LIMIT 1").fetchone()
    return (found[0], found[1]) if found else (0, tree.EMPTY)


def read(database: sqlite3.Connection, path: Path, size: int) -> Iterator[Entry]:
    """Yield the first `size` entries, each read against its hash.

    Raises:
        BadInput: An entry is missing or does not match its hash.
    """
    with told(path):
        cursor = database.execute("SELECT seq, leaf, content FROM entry WHERE seq < ? ORDER BY seq", (size,))
    expected = 0
    while True:
        with told(path):
            batch = cursor.fetchmany(1000)
        if not batch:
            break
        for seq, leaf, content in batch:
            if seq != expected:
                raise BadInput(f"entry {expected} is missing", str(path), COPY)
            if leaf_hash(content) != leaf:
                raise BadInput(f"entry {seq} does not match its hash", str(path), COPY)
            yield Entry(seq=seq, leaf=leaf.hex(), content=content)
            expected += 1
    if expected != size:
        raise BadInput(f"entry {expected} is missing", str(path), COPY)


def audited(database: sqlite3.Connection, path: Path) -> tree.Root:
    """Return the Merkle root of all entries, having read each.

    Raises:
        BadInput: An entry or the last head is not what it should be.
    """
    size, root = last(database, path)
    with told(path):
        count = database.execute("SELECT count(*) FROM entry").fetchone()[0]
    found = tree.Root(bytes.fromhex(entry.leaf) for entry in read(database, path, size))
    if count != size or found.hash() != root:
        raise BadInput("the entries do not lead to the stored head", str(path), COPY)
    return found


def problems(database: sqlite3.Connection, path: Path) -> list[Problem]:
    """Return everything that is wrong with a ledger."""
    found: list[Problem] = []
    for look in (_pages, _tables, _entries):
        try:
            with told(path):
                found += [Problem(text, str(path), COPY) for text in look(database)]
        except HoldfireError as error:
            found += error.problems
    return found


def _pages(database: sqlite3.Connection) -> Iterator[str]:
    for (text,) in database.execute("PRAGMA integrity_check(20)"):
        if text != "ok":
            yield f"SQLite's own check says: {text}"


def _tables(database: sqlite3.Connection) -> Iterator[str]:
    if schema.altered(database):
        yield "the tables or triggers are not those of a ledger"


def _entries(database: sqlite3.Connection) -> Iterator[str]:
    heads = dict(database.execute("SELECT size, root FROM head"))
    last_head = max(heads, default=0)
    root, names, expected = tree.Root(), set(), 0
    for seq, leaf, content in database.execute("SELECT seq, leaf, content FROM entry ORDER BY seq"):
        if seq != expected:
            yield f"entries {expected} to {seq - 1} are missing"
        expected = seq + 1
        if leaf_hash(content) != leaf:
            yield f"entry {seq} does not match its hash"
        else:
            try:
                decode(content)
            except BadInput as error:
                yield f"entry {seq}: {error.problems[0].problem}"
        if leaf in names:
            yield f"entry {seq} is there twice"
        names.add(leaf)
        root.add(leaf_hash(content))
        if (stored := heads.pop(root.size, None)) is not None and stored != root.hash():
            yield f"the head of {root.size} entries is not their Merkle root"
    yield from (f"a head speaks of {size} entries; there are {root.size}" for size in sorted(heads))
    if root.size and last_head != root.size:
        yield f"the last head speaks of {last_head} entries; there are {root.size}"
