"""Bringing back from a backup what a vault has lost, each blob held against its commitment first."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from holdfire.digests import Digest
from holdfire.errors import BadInput, HoldfireError, Problem
from holdfire.ledger import backups, blobfiles
from holdfire.ledger.keytable import KeyTable, Row

GROUP = 200
"""Blobs that are entered in one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a restoration came to.

    Attributes:
        back: Commitments that were brought back.
        held: How many were held already.
        redacted: Commitments that the backup holds and that were redacted; they stay away.
        problems: Blobs that are missing from the backup or damaged in it.
    """

    back: tuple[Digest, ...]
    held: int
    redacted: tuple[Digest, ...]
    problems: tuple[Problem, ...]


def restore(
    table: KeyTable, blobs: Path, folder: Path, name: str, key: bytes, gone: Collection[bytes]
) -> Restored:
    """Bring back what a key backup holds and the table does not, and enter the backup in the register.

    Raises:
        BadInput: The key backup is damaged, or the key is another.
        HoldfireError: A disk refuses.
    """
    head, rows = backups.read_keys(backups.keys_file(folder, name), key)
    there = set(table.digests())
    if not there:
        # So that pseudonyms made by a vault begun anew are those that the lost one made.
        table.adopt(bytes.fromhex(head["secret"]))
    back: list[Row] = []
    problems: list[Problem] = []
    wanted = [row for row in rows if row.digest not in there and row.digest not in gone]
    _register(table, head, folder, key, len(rows), sorted(r.digest.hex() for r in rows if r.digest in gone))
    for start in range(0, len(wanted), GROUP):
        group: list[Row] = []
        for row in wanted[start : start + GROUP]:
            try:
                group.append(_brought(table.secret, blobs, folder / "blobs", row))
            except HoldfireError as error:
                problems += error.problems
        blobfiles.settle(blobfiles.path_of(blobs, row.id) for row in group)
        table.add(group)
        back += group
    return Restored(
        back=tuple(row.digest.hex() for row in back),
        held=sum(row.digest in there for row in rows),
        redacted=tuple(sorted(row.digest.hex() for row in rows if row.digest in gone)),
        problems=tuple(problems),
    )


def _brought(secret: bytes, blobs: Path, source: Path, row: Row) -> Row:
    """Copy one blob into the vault and return its row; what does not match its commitment stays away."""
    copy, target = blobfiles.path_of(source, row.id), blobfiles.path_of(blobs, row.id)
    running, plain = blobfiles.commitment(row.salt), hashlib.sha256()
    backups.copy_file(copy, target)
    try:
        with blobfiles.opened(target, row.key, row.size, row.digest.hex()) as file:
            for block in file.blocks():
                running.update(block)
                plain.update(block)
        if running.digest() != row.digest:
            raise BadInput("bytes in the backup do not match their commitment", row.digest.hex())
    except HoldfireError:
        target.unlink(missing_ok=True)
        raise
    return replace(row, tag=blobfiles.tag_of(secret, plain.digest()))


def _register(
    table: KeyTable, head: dict[str, str], folder: Path, key: bytes, count: int, owed: list[Digest]
) -> None:
    """Let the register know of the backup: its keys are out there, also for a vault that never made it."""
    known = {value["id"] for value in table.backups()}
    if head["id"] not in known:
        value = {each: head[each] for each in ("id", "made", "expires")}
        value |= {"folder": os.path.abspath(folder), "key": key.hex()}
        table.put_backup({**value, "count": count, "owed": owed, "forgotten": False})
