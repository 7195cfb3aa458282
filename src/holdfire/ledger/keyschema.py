"""The tables of a vault's database of keys, the settings it is opened with, and its errors in our words.

A rollback journal (`DELETE`), not a write-ahead log: between two commits there is one file and nothing beside
it, so no reader keeps old pages alive. `synchronous=EXTRA` is FULL, and forces the folder when the journal
goes: without it a power cut could bring the journal back, and with it a destroyed key. Nothing goes to
temporary files.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import AbstractContextManager
from pathlib import Path

from holdfire.errors import BadInput
from holdfire.ledger import sqlite_told, vaultkeys
from holdfire.ledger.sealing import KEY, Random, seal

APPLICATION = 0x484F4C56
"""SQLite's application_id for a vault: the letters HOLV."""
VERSION = 1
PATIENCE = 5
"""How long a commit waits for another program that reads the table [s]."""

SETTINGS = (
    "journal_mode = DELETE",
    "synchronous = EXTRA",
    "fullfsync = ON",
    "secure_delete = ON",
    "temp_store = MEMORY",
    "trusted_schema = OFF",
    "cell_size_check = ON",
)
TABLES = (
    "CREATE TABLE setting (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT",
    "CREATE TABLE blob (n INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, tag BLOB NOT NULL UNIQUE,"
    " sealed BLOB NOT NULL) STRICT",
    "CREATE TABLE doomed (id TEXT PRIMARY KEY) STRICT",
    "CREATE TABLE backup (id TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT",
)
RESTORE = "restore the vault from a backup; leave this file as it is, for whoever finds out why"


def told(path: Path) -> AbstractContextManager[None]:
    """Turn an error of SQLite or the system into one of ours."""
    return sqlite_told.told(path, "the table of keys", "the vault", RESTORE)


def connected(path: Path, write: bool) -> sqlite3.Connection:
    """Return a connection with every setting made, which can write only if `write`."""
    address = path.absolute().as_uri()
    writable = write or os.access(path, os.W_OK)
    # A reader must be able to undo what a killed writer left half done, so it may write and promises not to.
    database = sqlite3.connect(
        f"{address}?mode={'rw' if writable else 'ro'}", uri=True, isolation_level=None, timeout=PATIENCE
    )
    for setting in SETTINGS:
        if writable or not setting.startswith("journal_mode"):
            database.execute(f"PRAGMA {setting}").fetchall()
    if not write:
        database.execute("PRAGMA query_only = ON")
    return database


def known(database: sqlite3.Connection, path: Path) -> bool:
    """Return whether it is a table of keys; False: it is new.

    Raises:
        BadInput: It belongs to another program or a newer Holdfire.
    """
    application, version, tables = (
        database.execute(question).fetchone()[0]
        for question in ("PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_master")
    )
    if not application and not version and not tables:
        return False
    if application != APPLICATION:
        raise BadInput("this database is no table of keys", str(path), "move the file away")
    if version != VERSION:
        raise BadInput(
            f"the vault has layout {version}; this Holdfire reads layout {VERSION}",
            str(path),
            "use the Holdfire that made it, or a newer one",
        )
    return True


def make(database: sqlite3.Connection, random: Random, key: bytes | None) -> None:
    """Make the tables of a new vault, with a table key and a secret of its own."""
    table_key, secret = random(KEY), random(KEY)
    database.execute("BEGIN IMMEDIATE")
    for statement in TABLES:
        database.execute(statement)
    for name, value in (
        ("table key", vaultkeys.wrap(table_key, key, random)),
        ("secret", seal(table_key, secret, b"secret", random)),
        ("count", seal(table_key, b"0 0", b"count", random)),
    ):
        database.execute("INSERT INTO setting VALUES (?, ?)", (name, value))
    database.execute(f"PRAGMA application_id = {APPLICATION}")
    database.execute(f"PRAGMA user_version = {VERSION}")
    database.execute("COMMIT")
