"""The table of a vault's keys: one SQLite file, written so that what is taken out is gone.

    setting   the wrapped table key, a secret for lookup tags, how many rows and backups there are
    blob      commitment, lookup tag, and sealed under the table key: blob id, key, salt, size, label
    doomed    ids of blobs whose row is gone and whose file must follow
    backup    sealed: a backup's id, folder, expiry, one-off key, and what it should no longer hold

Rows are authenticated with their commitment and tag, and their number is kept, so a flipped bit is told and
never passed on: a commitment that the index does not find is looked for in the rows themselves before the
answer is no.

`secure_delete=on` overwrites what is freed, but when rows are moved between pages copies of them stay (5 to 7
of 5,750 deletions in a trial), so `scrub` writes the whole file anew (VACUUM: none of 5,750). `keyschema`
says how it is opened.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from holdfire.errors import BadInput, HoldfireError
from holdfire.ledger import vaultkeys
from holdfire.ledger.keyschema import RESTORE, TABLES, connected, known, make, told
from holdfire.ledger.sealing import KEY, Random, seal, unseal


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Row:
    """What the table says of one blob; it holds secrets, so it is never printed.

    Attributes:
        digest: Commitment: SHA-256(0x02 || salt || bytes).
        tag: HMAC-SHA-256, under a secret of this vault, of the bytes' SHA-256.
        id: Random name of the blob's file [32 hexadecimal digits].
        key: Key of the blob (32 bytes).
        salt: Salt of the commitment (32 bytes).
        size: Size [bytes].
        label: File name, citation, licence and so on.
    """

    digest: bytes
    tag: bytes
    id: str
    key: bytes
    salt: bytes
    size: int
    label: Mapping[str, str]

    def written(self) -> bytes:
        """Return what is sealed."""
        secret = {"id": self.id, "key": self.key.hex(), "salt": self.salt.hex()}
        return json.dumps({**secret, "size": self.size, "label": dict(self.label)}, sort_keys=True).encode()

    @classmethod
    def read(cls, digest: bytes, tag: bytes, content: bytes) -> Row:
        """Return the row that `written` wrote."""
        value = json.loads(content)
        return cls(
            digest=digest,
            tag=tag,
            id=value["id"],
            key=bytes.fromhex(value["key"]),
            salt=bytes.fromhex(value["salt"]),
            size=value["size"],
            label=value["label"],
        )


class KeyTable:
    """An open table; `KeyTable.open` opens it. Every method raises BadInput where the table is damaged."""

    def __init__(self, path: Path, database: sqlite3.Connection, random: Random, key: bytes | None) -> None:
        self.path, self._database, self._random = path, database, random
        self._seen_version = -1
        stored = dict(database.execute("SELECT name, value FROM setting"))
        if not {"table key", "secret", "count"} <= set(stored):
            raise self._damaged()
        self._key = vaultkeys.unwrap(stored["table key"], key, str(path))
        self.wrapped = vaultkeys.wrapped(stored["table key"])
        self.secret = self._unsealed(stored["secret"], b"secret")
        self._unsealed(stored["count"], b"count")
        self._rows: dict[bytes, bytes] = {}
        self._tags: set[bytes] = set()
        self._sizes: set[int] = set()

    @classmethod
    def open(cls, path: Path, write: bool, random: Random, key: bytes | None) -> KeyTable | None:
        """Open the table; None: it is opened to read, and is not there or holds nothing yet.

        Raises:
            BadInput: It is no table of keys, of a newer Holdfire, or damaged.
            HoldfireError: It is locked, or the disk refuses.
        """
        if path.is_symlink():
            raise BadInput("the table of keys is a symbolic link", str(path), "put the file itself there")
        if not write and not path.exists():
            return None
        with told(path):
            if write:
                os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            database = connected(path, write)
            try:
                if not known(database, path):
                    if not write:
                        database.close()
                        return None
                    make(database, random, key)
                return cls(path, database, random, key)
            except BaseException:
                database.close()
                raise

    def close(self) -> None:
        """Close it."""
        self._database.close()
        self._key, self.secret = b"", b""

    def get(self, digest: bytes) -> Row | None:
        """Return the row of a commitment; None: there is none, and every row was read to be sure."""
        return self._found("digest", digest)

    def by_tag(self, tag: bytes) -> Row | None:
        """Return the row with a lookup tag; None: there is none, and every row was read to be sure."""
        return self._found("tag", tag)

    def sizes(self) -> set[int]:
        """Return the sizes of what is held [bytes]."""
        self._load()
        return self._sizes

    def digests(self) -> list[bytes]:
        """Return every commitment, sorted."""
        self._load()
        return sorted(self._rows)

    def rows(self) -> Iterator[Row]:
        """Yield every row, in the order in which they were added."""
        with told(self.path):
            count = self._counts()[0]
            found = self._database.execute(
                "SELECT digest, tag, sealed FROM blob NOT INDEXED ORDER BY n"
            ).fetchall()
        bad = 0
        for digest, tag, sealed in found:
            if (row := self._row(digest, tag, sealed)) is not None:
                yield row
            else:
                bad += 1
        if bad or count != len(found):
            raise BadInput(
                f"{bad} rows of the table of keys are damaged, {max(count - len(found), 0)} are missing",
                str(self.path),
                RESTORE,
            )

    def add(self, rows: Iterable[Row]) -> None:
        """Add rows in one transaction; when this returns they are on the disk."""
        self._load()
        with self._writing():
            added = list(rows)
            for row in added:
                self._database.execute(
                    "INSERT INTO blob (digest, tag, sealed) VALUES (?, ?, ?)",
                    (row.digest, row.tag, self._sealed(row)),
                )
            self._count(rows=len(added))
        self._rows.update((row.digest, row.tag) for row in added)
        self._tags.update(row.tag for row in added)
        self._sizes.update(row.size for row in added)

    def relabel(self, row: Row, label: Mapping[str, str]) -> None:
        """Put another label in a row."""
        sealed = self._sealed(replace(row, label=label))
        with self._writing():
            self._database.execute("UPDATE blob SET sealed = ? WHERE digest = ?", (sealed, row.digest))
        self.scrub()

    def remove(self, digest: bytes) -> bool:
        """Take a row out, note its file as doomed and its backups as owing; False: there was none.

        The row is overwritten where it stood; `scrub` does away with copies. A row that is damaged is taken
        out too; what file was its blob is then not known.
        """
        if (held := self._fetch("digest", digest)) is None:
            self.get(digest)
            return False
        row = self._row(*held)
        with self._writing():
            self._database.execute("DELETE FROM blob WHERE digest = ?", (digest,))
            self._count(rows=-1)
            if row is not None:
                self._database.execute("INSERT OR IGNORE INTO doomed VALUES (?)", (row.id,))
            for backup in self.backups():
                if not backup["forgotten"]:
                    self._put_backup({**backup, "owed": sorted({*backup["owed"], digest.hex()})})
        self._tags.discard(self._rows.pop(digest, b""))
        return True

    def doomed(self) -> list[str]:
        """Return the ids of blobs whose file must go."""
        with told(self.path):
            return [row[0] for row in self._database.execute("SELECT id FROM doomed ORDER BY id")]

    def done(self, ids: Iterable[str]) -> None:
        """Strike blobs whose file is gone."""
        with self._writing():
            self._database.executemany("DELETE FROM doomed WHERE id = ?", [(each,) for each in ids])

    def backups(self) -> list[dict[str, Any]]:
        """Return the register of backups, sorted by id."""
        with told(self.path):
            found = self._database.execute("SELECT id, sealed FROM backup ORDER BY id").fetchall()
            count = self._counts()[1]
        if count != len(found):
            raise self._damaged()
        return [json.loads(self._unsealed(sealed, b"backup" + name.encode())) for name, sealed in found]

    def put_backup(self, backup: Mapping[str, Any]) -> None:
        """Enter a backup in the register, or change what it says of it."""
        with self._writing():
            self._put_backup(backup)

    def drop_backup(self, name: str) -> None:
        """Strike a backup from the register, and its key with it."""
        with self._writing():
            gone = self._database.execute("DELETE FROM backup WHERE id = ?", (name,)).rowcount
            self._count(backups=-gone)
        self.scrub()

    def adopt(self, secret: bytes) -> None:
        """Take over the secret of a vault that is restored, while there are no rows."""
        with self._writing():
            if self._counts()[0]:
                raise BadInput("a vault that holds something keeps its secret", str(self.path))
            self._set("secret", seal(self._key, secret, b"secret", self._random))
        self.secret = secret

    def rekey(self, key: bytes | None) -> None:
        """Seal every row under a new table key, and wrap it under `key`, or leave it plain."""
        rows, backups, counts = list(self.rows()), self.backups(), self._counts()
        before, self._key = self._key, self._random(KEY)
        try:
            with self._writing():
                self._set("table key", vaultkeys.wrap(self._key, key, self._random))
                self._set("secret", seal(self._key, self.secret, b"secret", self._random))
                self._set_counts(*counts)
                for row in rows:
                    sealed = self._sealed(row)
                    self._database.execute(
                        "UPDATE blob SET sealed = ? WHERE digest = ?", (sealed, row.digest)
                    )
                for backup in backups:
                    self._put_backup(backup)
        except BaseException:
            self._key = before
            raise
        self.wrapped = key is not None
        self.scrub()

    def scrub(self) -> None:
        """Write the whole file anew, so that nothing of what was taken out is left in it."""
        with told(self.path):
            self._database.execute("VACUUM")

    def problems(self) -> list[str]:
        """Return what SQLite's own check says, and whether the tables are those of a vault."""
        found = []
        try:
            with told(self.path):
                checked = self._database.execute("PRAGMA integrity_check(20)").fetchall()
                tables = {
                    row[0] for row in self._database.execute("SELECT sql FROM sqlite_master WHERE sql != ''")
                }
        except HoldfireError as error:
            return [error.problems[0].problem]
        found += [f"SQLite's own check says: {text}" for (text,) in checked if text != "ok"]
        if tables != set(TABLES):
            found.append("the tables are not those of a vault")
        return found

    def _found(self, column: str, value: bytes) -> Row | None:
        held = self._fetch(column, value)
        if held is not None:
            if (row := self._row(*held)) is None:
                raise self._damaged()
            return row
        self._load()
        if value in (self._rows if column == "digest" else self._tags):
            raise self._damaged()  # the index hides what the rows hold
        return None

    def _fetch(self, column: str, value: bytes) -> tuple[bytes, bytes, bytes] | None:
        with told(self.path):
            found: tuple[bytes, bytes, bytes] | None = self._database.execute(
                f"SELECT digest, tag, sealed FROM blob WHERE {column} = ?", (value,)
            ).fetchone()
        return found

    def _load(self) -> None:
        """Read and authenticate every row, unless that was done and nobody else wrote since."""
        with told(self.path):
            version = self._database.execute("PRAGMA data_version").fetchone()[0]
        if version == self._seen_version:
            return
        rows, sizes = {}, set()
        for row in self.rows():
            rows[row.digest] = row.tag
            sizes.add(row.size)
        self._rows, self._tags, self._sizes, self._seen_version = rows, set(rows.values()), sizes, version

    def _row(self, digest: bytes, tag: bytes, sealed: bytes) -> Row | None:
        if not all(
            isinstance(each, bytes) for each in (digest, tag, sealed)
        ):  # a flipped bit changes types too
            return None
        content = unseal(self._key, sealed, b"blob" + digest + tag)
        return None if content is None else Row.read(digest, tag, content)

    def _sealed(self, row: Row) -> bytes:
        return seal(self._key, row.written(), b"blob" + row.digest + row.tag, self._random)

    def _put_backup(self, backup: Mapping[str, Any]) -> None:
        name = str(backup["id"])
        sealed = seal(self._key, json.dumps(dict(backup)).encode(), b"backup" + name.encode(), self._random)
        changed = self._database.execute("UPDATE backup SET sealed = ? WHERE id = ?", (sealed, name))
        if not changed.rowcount:
            self._database.execute("INSERT INTO backup VALUES (?, ?)", (name, sealed))
            self._count(backups=1)

    def _counts(self) -> tuple[int, int]:
        """Return how many rows and how many backups there must be."""
        sealed = self._database.execute("SELECT value FROM setting WHERE name = 'count'").fetchone()
        rows, backups = self._unsealed(sealed[0] if sealed else b"", b"count").split()
        return int(rows), int(backups)

    def _count(self, rows: int = 0, backups: int = 0) -> None:
        before = self._counts()
        self._set_counts(before[0] + rows, before[1] + backups)

    def _set_counts(self, rows: int, backups: int) -> None:
        self._set("count", seal(self._key, b"%d %d" % (rows, backups), b"count", self._random))

    def _set(self, name: str, value: bytes) -> None:
        self._database.execute("UPDATE setting SET value = ? WHERE name = ?", (value, name))

    def _unsealed(self, sealed: bytes, context: bytes) -> bytes:
        content = unseal(self._key, sealed, context) if isinstance(sealed, bytes) else None
        if content is None:
            raise self._damaged()
        return content

    def _damaged(self) -> BadInput:
        return BadInput("the table of keys is damaged", str(self.path), RESTORE)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Make one transaction of what is done inside."""
        with told(self.path):
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._database.execute("COMMIT")
            except BaseException:
                self._seen_version = -1  # what the disk has is read again, not guessed at
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise
