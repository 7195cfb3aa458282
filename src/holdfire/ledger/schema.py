"""The tables of the ledger's database, and the settings it is opened with.

The database holds the log as it is published. `bundle` holds the bytes of 256 entries each and `tile`
256 hashes each, both exactly as C2SP tlog-tiles has them, and both only ever added to. `entry` holds the
up to 255 entries that fill no bundle yet, each beside its leaf hash; they leave it in the transaction that
puts them into a bundle, and not before. `head` holds the size and the Merkle root after each group.

Triggers refuse a change, a deletion and a gap, also from other programs; whoever removes the triggers is
found out by the hashes. That no entry is there twice is seen to by the writer and by `Ledger.check`.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from holdfire.errors import BadInput, HoldfireError

APPLICATION = 0x484F4C44
"""SQLite's application_id for a ledger: the letters HOLD."""

VERSION = 2
"""SQLite's user_version: which tables these are. Layout 1, never released, held one row an entry."""

PAGE = 8192
"""Bytes of a page: a bundle of usual entries takes ten of them; a commit of one entry writes three."""

LOG = 4 * 2**20
"""Bytes the write-ahead log keeps when it begins anew; whoever opens the ledger next reads it through."""

_BUNDLED = "(SELECT coalesce(max(number) + 1, 0) * 256 FROM bundle)"
_SIZE = f"coalesce((SELECT max(seq) + 1 FROM entry), {_BUNDLED})"

TABLES = (
    "CREATE TABLE bundle (number INTEGER PRIMARY KEY, kinds TEXT NOT NULL,"
    " mark BLOB NOT NULL CHECK (length(mark) = 32), content BLOB NOT NULL) STRICT",
    "CREATE TABLE tile (level INTEGER NOT NULL, number INTEGER NOT NULL,"
    " root BLOB NOT NULL CHECK (length(root) = 32), hashes BLOB NOT NULL CHECK (length(hashes) = 8192),"
    " PRIMARY KEY (level, number)) STRICT",
    "CREATE TABLE entry (seq INTEGER PRIMARY KEY, leaf BLOB NOT NULL CHECK (length(leaf) = 32),"
    " content BLOB NOT NULL CHECK (length(content) <= 65535)) STRICT",
    "CREATE TABLE head (size INTEGER PRIMARY KEY, root BLOB NOT NULL CHECK (length(root) = 32)) STRICT",
    # INSERT OR REPLACE deletes without a delete trigger, so the insert triggers refuse what it would replace.
    "CREATE TRIGGER bundle_next BEFORE INSERT ON bundle"
    " WHEN NEW.number IS NOT (SELECT coalesce(max(number) + 1, 0) FROM bundle)"
    " BEGIN SELECT RAISE(ABORT, 'bundles are added one after another'); END",
    "CREATE TRIGGER tile_next BEFORE INSERT ON tile"
    " WHEN NEW.number IS NOT (SELECT coalesce(max(number) + 1, 0) FROM tile WHERE level = NEW.level)"
    " BEGIN SELECT RAISE(ABORT, 'tiles are added one after another'); END",
    f"CREATE TRIGGER entry_next BEFORE INSERT ON entry WHEN NEW.seq IS NOT {_SIZE}"
    " BEGIN SELECT RAISE(ABORT, 'entries are added one after another'); END",
    f"CREATE TRIGGER head_next BEFORE INSERT ON head WHEN NEW.size IS NOT {_SIZE}"
    " OR NEW.size <= (SELECT coalesce(max(size), 0) FROM head)"
    " BEGIN SELECT RAISE(ABORT, 'a head speaks of all entries'); END",
    f"CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry WHEN OLD.seq >= {_BUNDLED}"
    " BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END",
    *(
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
        " BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END"
        for table in ("bundle", "tile", "entry", "head")
        for verb in ("UPDATE", "DELETE")
        if (table, verb) != ("entry", "DELETE")
    ),
)


def recognise(database: sqlite3.Connection, path: Path) -> bool:
    """Return whether the database is a ledger; False: it is new and holds nothing yet.

    Raises:
        BadInput: It belongs to another program or to another Holdfire.
    """
    application = _ask(database, "PRAGMA application_id")
    version = _ask(database, "PRAGMA user_version")
    if application == 0 and version == 0 and _ask(database, "SELECT count(*) FROM sqlite_master") == 0:
        return False
    if application != APPLICATION:
        raise BadInput("this database is not a ledger", str(path), "move the file away")
    if version != VERSION:
        hint = (
            "layout 1 was never released: begin a new case, and add its reports again"
            if version == 1
            else "use the Holdfire that made it, or a newer one"
        )
        raise BadInput(
            f"the ledger has layout {version}; this Holdfire reads layout {VERSION}", str(path), hint
        )
    return True


def settle(database: sqlite3.Connection) -> None:
    """Set what every connection to a ledger is set to, reading or writing."""
    for setting in (
        "synchronous = FULL",  # each commit is on the disk before it is acknowledged
        "fullfsync = ON",  # macOS: fsync alone leaves it in the drive
        "checkpoint_fullfsync = ON",
        "secure_delete = ON",  # freed pages are overwritten
        "foreign_keys = ON",
        "trusted_schema = OFF",
        "cell_size_check = ON",  # a damaged page is refused, not guessed at
    ):
        database.execute(f"PRAGMA {setting}")


def prepare(database: sqlite3.Connection, path: Path) -> None:
    """Make the tables if they are not there, and set the connection to write.

    Raises:
        BadInput: The database belongs to another program or to another Holdfire.
        HoldfireError: The file system cannot carry a WAL.
    """
    known = recognise(database, path)
    if not known:
        database.execute(f"PRAGMA page_size = {PAGE}")
    settle(database)
    if _ask(database, "PRAGMA journal_mode = WAL") != "wal":
        raise HoldfireError("this file system cannot keep a write-ahead log", str(path), "use a local disk")
    database.execute(f"PRAGMA wal_autocheckpoint = {LOG // PAGE}")
    database.execute(f"PRAGMA journal_size_limit = {LOG}")
    if not known:
        database.execute("BEGIN IMMEDIATE")
        for statement in TABLES:
            database.execute(statement)
        database.execute(f"PRAGMA application_id = {APPLICATION}")
        database.execute(f"PRAGMA user_version = {VERSION}")
        database.execute("COMMIT")


def altered(database: sqlite3.Connection) -> bool:
    """Return whether tables or triggers are other than `TABLES`."""
    found = {row[0] for row in database.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")}
    return found != set(TABLES)


def _ask(database: sqlite3.Connection, question: str) -> int | str:
    answer: int | str = database.execute(question).fetchone()[0]
    return answer
