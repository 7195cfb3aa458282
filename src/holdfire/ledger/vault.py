"""The vault: everything that can hurt somebody, under names that say nothing.

Report bytes, file names, citations, notes, exact coordinates and timestamp tokens lie here, each blob under
its own random key. The only public name of a blob is its commitment, SHA-256(0x02 || salt || bytes): with the
salt it proves what the bytes were, without it nothing about them can be confirmed. Promises, and the tests
that try to break them:

* what `put` returned is there after a kill at any moment, and the same bytes are one blob
  (tests/chaos/test_vault.py);
* a changed byte anywhere is told, never passed on (tests/chaos/test_vault.py,
  tests/properties/test_vault.py);
* after `destroy` no file holds the bytes, the label, the key or the salt (`holdfire chaos redact`,
  tests/chaos/test_redact.py), but backups that are named;
* one process writes at a time; readers wait for no one.

What is on a disk that was thrown away, in a copy of the file system, or in blocks that a drive has set aside
is out of reach; wrapping the keys (`vaultkeys`) and the expiry of backups are for that.
docs/decisions/0013-vault.md.

Nothing here reads a clock; randomness is handed in. With any other `random` than the system's nothing is
secret.
"""

from __future__ import annotations

import hmac
import io
import os
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Self

from holdfire.digests import Digest
from holdfire.errors import BadInput, HoldfireError, Problem
from holdfire.ledger import blobfiles, register, restoring, vaultcheck
from holdfire.ledger.backups import Backup
from holdfire.ledger.disk import force
from holdfire.ledger.keyschema import told
from holdfire.ledger.keytable import KeyTable, Row
from holdfire.ledger.lock import Lock
from holdfire.ledger.sealing import CHUNK, Unsealed
from holdfire.ledger.shelf import make_folder

KEYS = "keys.sqlite"
BLOBS = "blobs"
LARGEST_LABEL = 65_536
"""Most characters of a label's keys and values together."""
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Vault:
    """The vault of one case: open it with `Vault.open`, and close it or use it as a context manager."""

    def __init__(
        self, folder: Path, table: KeyTable | None, lock: Lock | None, random: Callable[[int], bytes]
    ) -> None:
        self.folder = folder
        self._table, self._lock, self._random = table, lock, random
        self._closed = False

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        write: bool = False,
        random: Callable[[int], bytes] = os.urandom,
        key: bytes | None = None,
    ) -> Vault:
        """Open the vault in `folder`; one that is not there reads as empty.

        Opening to write makes it if need be, and finishes a destruction that was cut short.

        Args:
            folder: Its folder.
            write: Whether to write; one writer at a time.
            random: Gives so many random bytes.
            key: What the vault's keys are wrapped under (`vaultkeys.from_environment`); a new vault without
                one keeps them plain, and a vault that keeps them plain needs none.

        Raises:
            Busy: It is opened to write, and another process is writing.
            BadInput: It is no vault, of a newer Holdfire, or damaged.
            HoldfireError: It is wrapped, and `key` is missing or another; or the disk refuses.
        """
        if not write:
            return cls(folder, KeyTable.open(folder / KEYS, False, random, key), None, random)
        make_folder(folder)
        lock = Lock(folder / f"{KEYS}.lock")
        table = None
        try:
            with told(folder):
                if not (folder / KEYS).exists():
                    folder.chmod(0o700)
            table = KeyTable.open(folder / KEYS, True, random, key)
            with told(folder):
                force(folder)
            vault = cls(folder, table, lock, random)
            vault._finish()
        except BaseException:
            if table is not None:
                table.close()
            lock.release()
            raise
        return vault

    @property
    def wrapped(self) -> bool:
        """Return whether the keys are wrapped under one kept elsewhere; False: they lie plain."""
        table = self._reading()
        return table is not None and table.wrapped

    def put(self, source: BinaryIO | bytes, label: Mapping[str, str]) -> Digest:
        """Keep bytes and return their commitment; when this returns they are on the disk.

        Bytes that are held already keep their commitment, salt and label.

        Args:
            source: Bytes, or a file open to read, read from where it stands to its end.
            label: A few words about them: file name, citation, licence.

        Raises:
            BadInput: The label holds something other than text, or the table of keys is damaged.
            HoldfireError: The vault is not open to write, or the disk refuses; nothing was kept.
        """
        return self.put_many([(source, label)])[0]

    def put_many(self, items: Iterable[tuple[BinaryIO | bytes, Mapping[str, str]]]) -> list[Digest]:
        """Keep several in one commit, all or none, and return their commitments in the order given.

        Raises:
            BadInput: As for `put`.
            HoldfireError: As for `put`; none of them was kept.
        """
        table = self._writing()
        names: list[bytes] = []
        rows: dict[bytes, Row] = {}
        written: list[Path] = []
        try:
            for source, label in items:
                names.append(self._kept(table, blobfiles.stream(source), _checked(label), rows, written))
            blobfiles.settle(written)
        except BaseException:
            for path in written:
                path.unlink(missing_ok=True)
            raise
        if rows:
            table.add(rows.values())  # if the disk fails here nobody knows whether it was kept: `tidy` looks
        return [name.hex() for name in names]

    def __contains__(self, commitment: Digest) -> bool:
        return self._row(commitment) is not None

    def open_(self, commitment: Digest) -> BinaryIO:
        """Return what a commitment stands for as a file to read: seekable, authenticated as it is read.

        Raises:
            BadInput: It was changed.
            HoldfireError: It is not held.
        """
        return io.BufferedReader(self._opened(self._held(commitment)), CHUNK)

    def read(self, commitment: Digest) -> bytes:
        """Return the bytes a commitment stands for, held against it.

        Raises:
            BadInput: They were changed.
            HoldfireError: It is not held.
        """
        row = self._held(commitment)
        content, running = io.BytesIO(), blobfiles.commitment(row.salt)
        with self._opened(row) as file:
            for block in file.blocks():
                running.update(block)
                content.write(block)
        if running.digest() != row.digest:
            raise BadInput("bytes in the vault do not match their commitment", commitment, "restore them")
        return content.getvalue()

    def size_of(self, commitment: Digest) -> int:
        """Return how many bytes it stands for; raises as `label` does."""
        return self._held(commitment).size

    def salt(self, commitment: Digest) -> bytes:
        """Return the salt (32 bytes) that lets whom it is given hold bytes against a commitment."""
        return self._held(commitment).salt

    def label(self, commitment: Digest) -> dict[str, str]:
        """Return its label.

        Raises:
            BadInput: The table of keys is damaged.
            HoldfireError: It is not held.
        """
        return dict(self._held(commitment).label)

    def relabel(self, commitment: Digest, label: Mapping[str, str]) -> None:
        """Put another label in place of the one it has, which is overwritten.

        Raises:
            BadInput: The label holds something other than text.
            HoldfireError: It is not held, the vault is not open to write, or the disk refuses.
        """
        self._writing().relabel(self._held(commitment), _checked(label))

    def find(self, source: BinaryIO | bytes) -> Digest | None:
        """Return the commitment under which these bytes are held; None: they are not.

        Args:
            source: Bytes, or a file that can seek; it is left where it stood.
        """
        table = self._reading()
        if table is None:
            return None
        row = table.by_tag(blobfiles.tag_of(table.secret, blobfiles.hashed(blobfiles.stream(source))))
        return None if row is None else row.digest.hex()

    def pseudonym(self, text: str) -> str:
        """Return twelve hexadecimal digits that stand for a text, and that only this vault can make.

        Raises:
            HoldfireError: The vault does not exist yet.
        """
        table = self._reading()
        if table is None:
            raise HoldfireError("there is no vault yet", str(self.folder))
        return hmac.digest(table.secret, b"pseudonym\n" + text.encode(), "sha256").hex()[:12]

    def all(self) -> list[Digest]:
        """Return every commitment that is held, sorted.

        Raises:
            BadInput: The table of keys is damaged.
        """
        table = self._reading()
        return [] if table is None else [digest.hex() for digest in table.digests()]

    def destroy(self, commitment: Digest) -> bool:
        """Destroy key, salt, lookup tag, label and blob, here and in each backup that can be reached.

        Key and salt are gone for good when this returns, whatever happens to the blob's file. Killed in
        between, the next writer finishes it. `lingering` names backups that still hold the key.

        Returns:
            Whether it was held.

        Raises:
            Busy: Another program reads the table of keys; what could be destroyed is, and calling again goes
                on.
            BadInput: A backup is there and damaged.
            HoldfireError: The vault is not open to write, or a disk refuses.
        """
        table = self._writing()
        held = table.remove(_bytes(commitment))
        self._finish()
        register.pay(self._writing(), self._random)
        return held

    def lingering(self, commitment: Digest) -> list[Backup]:
        """Return the backups that still hold the key of something that was destroyed here."""
        return [each for each in self.backups() if commitment in each.owed]

    def backups(self) -> list[Backup]:
        """Return the register of key backups, those that expire first in front."""
        table = self._reading()
        return [] if table is None else register.listed(table)

    def backup(self, folder: Path, *, made: datetime, expires: datetime) -> tuple[Backup, bytes]:
        """Bring the blobs in a backup folder up to date, write a key backup, and register it.

        Returns:
            What the register has, and the one-off key (32 bytes): without it the backup says nothing. It is
            to be kept apart from the folder, and destroyed when the backup expires.

        Raises:
            BadInput: It expires before it is made, lies in the vault, or the vault is damaged.
            HoldfireError: The vault is not open to write, or a disk refuses.
        """
        table = self._writing()
        if folder.resolve().is_relative_to(self.folder.resolve()):
            raise BadInput("the backup would lie in the vault itself", str(folder), "name another disk")
        return register.make(table, self.folder / BLOBS, folder, made, expires, self._random)

    def expire(self, now: datetime) -> list[Backup]:
        """Destroy the key backups whose time is over, and return them as they were.

        One that is out of reach loses its one-off key in the register and stays listed as forgotten until its
        file is reached, or `forget` is called.

        Raises:
            HoldfireError: The vault is not open to write, or a disk refuses.
        """
        return register.expire(self._writing(), now)

    def forget(self, backup: str) -> None:
        """Strike a backup whose file was destroyed by hand.

        Raises:
            HoldfireError: There is none of that name, or its file is there.
        """
        register.forget(self._writing(), backup)

    def restore(self, folder: Path, name: str, key: bytes, gone: Iterable[Digest] = ()) -> restoring.Restored:
        """Bring back what a backup holds and the vault does not, each held against its commitment.

        Args:
            folder: The backup's folder.
            name: Which key backup.
            key: Its one-off key.
            gone: Commitments that were redacted; they are not brought back, and leave the backup.

        Raises:
            BadInput: The key backup is damaged, or the key is another.
            HoldfireError: The vault is not open to write, or a disk refuses.
        """
        table, unwanted = self._writing(), {_bytes(each) for each in gone}
        restored = restoring.restore(table, self.folder / BLOBS, folder, name, key, unwanted)
        register.pay(table, self._random)
        return restored

    def rekey(self, key: bytes | None) -> None:
        """Seal the table anew under a new key, wrapped under `key`; None: left plain. No blob is written.

        Raises:
            BadInput: The table is damaged.
            HoldfireError: The vault is not open to write, or the disk refuses.
        """
        self._writing().rekey(key)

    def check(self) -> list[Problem]:
        """Return what is wrong: the table, each blob against its commitment, files that no row names."""
        table = self._reading()
        return vaultcheck.problems(self.folder, self.folder / BLOBS, table)

    def tidy(self) -> list[str]:
        """Remove what a killed run left, finish destructions, and return the names of files that went.

        Raises:
            BadInput: The table of keys is damaged; nothing was removed, for a lost row would take its blob
                with it.
            HoldfireError: The vault is not open to write, or the disk refuses.
        """
        table = self._writing()
        self._finish()
        register.pay(self._writing(), self._random)
        known = {row.id for row in table.rows()}
        orphans = [path for path in blobfiles.listed(self.folder / BLOBS) if path.name not in known]
        for path in orphans:
            blobfiles.shred(path)
        return sorted(path.name for path in orphans)

    def close(self) -> None:
        """Close it and let the next writer in; calling it again does nothing."""
        if self._table is not None:
            self._table.close()
        if self._lock is not None:
            self._lock.release()
        self._table, self._lock, self._closed = None, None, True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _kept(
        self,
        table: KeyTable,
        source: BinaryIO,
        label: Mapping[str, str],
        rows: dict[bytes, Row],
        written: list[Path],
    ) -> bytes:
        """Return the commitment of one item, having written its blob unless its bytes are held."""
        size = blobfiles.measured(source)
        if size is not None and size in table.sizes() | {row.size for row in rows.values()}:
            tag = blobfiles.tag_of(table.secret, blobfiles.hashed(source))
            if (held := rows.get(tag) or table.by_tag(tag)) is not None:
                return held.digest
        blob = blobfiles.write(self.folder / BLOBS, source, table.secret, self._random)
        written.append(blob.path)
        if (held := rows.get(blob.tag) or table.by_tag(blob.tag)) is not None:  # it could not be read twice
            with told(blob.path):
                blob.path.unlink()
            written.remove(blob.path)
            return held.digest
        rows[blob.tag] = Row(
            digest=blob.digest,
            tag=blob.tag,
            id=blob.id,
            key=blob.key,
            salt=blob.salt,
            size=blob.size,
            label=label,
        )
        return blob.digest

    def _opened(self, row: Row) -> Unsealed:
        path = blobfiles.path_of(self.folder / BLOBS, row.id)
        return blobfiles.opened(path, row.key, row.size, row.digest.hex())

    def _row(self, commitment: Digest) -> Row | None:
        table = self._reading()
        return None if table is None else table.get(_bytes(commitment))

    def _held(self, commitment: Digest) -> Row:
        if (row := self._row(commitment)) is None:
            raise HoldfireError(
                "the vault does not hold this", commitment, "was it redacted, or is this another case's?"
            )
        return row

    def _finish(self) -> None:
        """Do what is left of a destruction: the table written anew, the files overwritten and removed."""
        table = self._writing()
        if doomed := table.doomed():
            table.scrub()
            for name in doomed:
                blobfiles.shred(blobfiles.path_of(self.folder / BLOBS, name))
            table.done(doomed)

    def _reading(self) -> KeyTable | None:
        if self._closed:
            raise HoldfireError("the vault is closed", str(self.folder), "open it again")
        return self._table

    def _writing(self) -> KeyTable:
        table = self._reading()
        if table is None or self._lock is None:
            raise HoldfireError("the vault is not open to write", str(self.folder))
        return table


def _bytes(commitment: Digest) -> bytes:
    return bytes.fromhex(commitment) if _DIGEST.fullmatch(commitment) else b""


def _checked(label: Mapping[str, str]) -> dict[str, str]:
    words = [*label, *label.values()]
    if not all(isinstance(word, str) for word in words):
        raise BadInput("a label is made of text alone")
    if sum(map(len, words)) > LARGEST_LABEL:
        raise BadInput(f"a label has at most {LARGEST_LABEL} characters")
    return dict(sorted(label.items()))
