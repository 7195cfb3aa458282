"""Connections to the ledger's database: one that can only read, and the one that writes."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from holdfire.ledger import leftover, schema
from holdfire.ledger.stored import told

PATIENCE = 5
"""How long a commit waits for another program that holds the database [s]."""

SHARED = sqlite3.threadsafety == 3
"""Whether SQLite was built so that several threads may hold one connection (PEP 249 threadsafety)."""


def reading(path: Path) -> sqlite3.Connection | None:
    """Return a connection that can only read; None: the file holds no tables yet.

    Raises:
        BadInput: The file is no ledger, was made by another Holdfire, or the log beside it is damaged.
        HoldfireError: The disk refuses.
    """
    leftover.hold(path)
    address = path.absolute().as_uri() + "?mode=ro"
    with told(path):
        database = _connected(address)
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
                database = _connected(address + "&immutable=1")
                known = schema.recognise(database, path)
            if known:
                schema.settle(database)
                return database
        except BaseException:
            database.close()
            raise
    database.close()
    return None


def writing(path: Path) -> sqlite3.Connection:
    """Return the connection that writes; the tables are made if they are not there.

    Raises:
        BadInput: The file is no ledger, was made by another Holdfire, or the log beside it is damaged.
        HoldfireError: The disk refuses.
    """
    leftover.hold(path)
    with told(path):
        database = _connected(path.absolute().as_uri())
        try:
            schema.prepare(database, path)
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # `leftover` counts on logs of one writer
            return database
        except BaseException:
            database.close()
            raise


def _connected(address: str) -> sqlite3.Connection:
    return sqlite3.connect(
        address, uri=True, isolation_level=None, timeout=PATIENCE, check_same_thread=not SHARED
    )
