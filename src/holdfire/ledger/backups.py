"""Backups of a vault: ciphertext in a folder, and keys beside it, sealed under a one-off key kept elsewhere.

    FOLDER/blobs/xx/ID        ciphertext, as in the vault, each copied once
    FOLDER/keys/ID.sealed     one key backup: what the table of keys says of each blob

A key backup lets anyone who has its one-off key bring back what it holds, also what was destroyed since. So
it expires, the vault keeps a register of them with their keys, and a destruction writes each that it can
reach anew without the row. One that lies out of reach (a stick in a drawer) is named until it is reached or
forgotten.

The sealed file is `MAGIC`, a salt, and a stream under HKDF-SHA-256 of key and salt, so that writing it anew
under the same one-off key never uses a key twice. Its first line says which backup it is; each further line
is one row.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from holdfire.digests import Digest
from holdfire.errors import BadInput
from holdfire.ledger.blobfiles import ID, listed, path_of, settle, shred
from holdfire.ledger.keyschema import told
from holdfire.ledger.keytable import Row
from holdfire.ledger.sealing import CHUNK, KEY, TAG, Random, Unsealed, seal_stream
from holdfire.ledger.sealing import MAGIC as STREAM
from holdfire.ledger.shelf import make_folder, replace_file

MAGIC = b"holdfire-keys/1\n"
NEWER = "a Holdfire that is as new as the one that made it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """One key backup, as the register has it.

    Attributes:
        id: Its name [32 hexadecimal digits].
        folder: Where it was written.
        made: When.
        expires: When its keys must be gone.
        count: How many blobs it held when it was made.
        owed: Commitments that were destroyed since and whose keys it still holds.
        forgotten: Its one-off key was destroyed here, and its file could not be reached.
        reached: Its file is there now.
    """

    id: str
    folder: Path
    made: datetime
    expires: datetime
    count: int
    owed: tuple[Digest, ...]
    forgotten: bool
    reached: bool

    @classmethod
    def read(cls, value: dict[str, Any]) -> Backup:
        """Return what the register says."""
        return cls(
            id=value["id"],
            folder=Path(value["folder"]),
            made=datetime.fromisoformat(value["made"]),
            expires=datetime.fromisoformat(value["expires"]),
            count=value["count"],
            owed=tuple(value["owed"]),
            forgotten=value["forgotten"],
            reached=keys_file(Path(value["folder"]), value["id"]).is_file(),
        )


def keys_file(folder: Path, name: str) -> Path:
    """Return where a backup's keys are."""
    if not ID.fullmatch(name):
        raise BadInput("a backup has no name of its form", str(folder))
    return folder / "keys" / f"{name}.sealed"


def entered(
    name: str, folder: Path, made: datetime, expires: datetime, key: bytes, count: int
) -> dict[str, Any]:
    """Return what the register keeps of a new backup."""
    return {
        "id": name,
        "folder": os.path.abspath(folder),
        "made": made.astimezone(UTC).isoformat(),
        "expires": expires.astimezone(UTC).isoformat(),
        "key": key.hex(),
        "count": count,
        "owed": [],
        "forgotten": False,
    }


def copy_blobs(blobs: Path, ids: Collection[str], folder: Path) -> tuple[int, int]:
    """Bring a backup's blobs up to date; return how many were copied and how many removed.

    Ciphertext never changes under its name, so a file of the right size is not copied again.

    Raises:
        HoldfireError: A blob is missing, or a disk refuses.
    """
    target, copied = folder / "blobs", []
    there = {path.name: path for path in listed(target)}
    for name in sorted(ids):
        source, copy = path_of(blobs, name), path_of(target, name)
        with told(source):
            if name in there and there[name].stat().st_size == source.stat().st_size:
                continue
        copy_file(source, copy)
        copied.append(copy)
    settle(copied)
    strange = [path for name, path in there.items() if name not in ids]
    for path in strange:
        shred(path)
    return len(copied), len(strange)


def copy_file(source: Path, target: Path, see: Callable[[bytes], object] = len) -> None:
    """Copy one file; a half-written one does not bear the name of a whole one. Not yet forced to the disk."""
    make_folder(target.parent)
    beside = target.with_name(f"{target.name}.partial")
    with told(target):
        with source.open("rb") as read, beside.open("wb") as write:
            while block := read.read(1 << 20):
                see(block)
                write.write(block)
        os.replace(beside, target)


def write_keys(path: Path, head: dict[str, Any], rows: Iterable[Row], key: bytes, random: Random) -> None:
    """Write a key backup, and overwrite the one that stood there.

    Raises:
        HoldfireError: The disk refuses; the old one is as it was.
    """
    lines = [json.dumps(head, sort_keys=True).encode()]
    lines += [
        json.dumps({"digest": row.digest.hex(), "row": row.written().decode()}).encode() for row in rows
    ]
    salt, sealed = random(KEY), io.BytesIO()
    seal_stream(io.BytesIO(b"\n".join(lines)), sealed, _derived(key, salt), len)
    make_folder(path.parent)
    with told(path):
        old = path.open("r+b", buffering=0) if path.exists() else None
        try:
            replace_file(path, MAGIC + salt + sealed.getvalue())
            if old is not None:
                old.write(bytes(os.fstat(old.fileno()).st_size))
                os.fsync(old.fileno())
        finally:
            if old is not None:
                old.close()


def read_keys(path: Path, key: bytes) -> tuple[dict[str, Any], list[Row]]:
    """Return what a key backup says of itself, and its rows; their lookup tags are left empty.

    Raises:
        BadInput: It is damaged, or the key is another.
        HoldfireError: It cannot be read.
    """
    with told(path):
        content = path.read_bytes()
    start = len(MAGIC) + KEY
    if not content.startswith(MAGIC) or len(content) < start + len(STREAM) + TAG:
        raise BadInput("this is no key backup", str(path), NEWER)
    stream = content[start:]
    over = len(stream) - len(STREAM)
    size = over - TAG * max(1, -(-over // (CHUNK + TAG)))
    derived = _derived(key, content[len(MAGIC) : start])
    try:
        with Unsealed(io.BytesIO(stream), derived, size, str(path)) as unsealed:
            head, *lines = unsealed.readall().split(b"\n")
    except BadInput:
        raise BadInput(
            "the key backup does not open",
            str(path),
            "is this its key? if so, it is damaged: use another backup",
        ) from None
    values = (json.loads(line) for line in lines)
    return json.loads(head), [Row.read(bytes.fromhex(v["digest"]), b"", v["row"].encode()) for v in values]


def without(value: dict[str, Any], random: Random) -> bool:
    """Write a backup anew without what it owes, and remove those blobs; False: it is out of reach.

    Args:
        value: What the register says of it.
        random: For the new salt.

    Raises:
        BadInput: It is there, and does not open under its key.
        HoldfireError: The disk refuses.
    """
    folder = Path(value["folder"])
    path = keys_file(folder, value["id"])
    if not path.is_file():
        return False
    key, owed = bytes.fromhex(value["key"]), set(value["owed"])
    head, rows = read_keys(path, key)
    gone = [row for row in rows if row.digest.hex() in owed]
    if gone:
        write_keys(path, head, (row for row in rows if row.digest.hex() not in owed), key, random)
    for row in gone:
        shred(path_of(folder / "blobs", row.id))
    return True


def _derived(key: bytes, salt: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY, salt=salt, info=b"holdfire key backup").derive(key)
