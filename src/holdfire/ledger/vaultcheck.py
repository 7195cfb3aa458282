"""Everything that can be wrong with a vault: its table, its blobs, files that it does not know."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from holdfire.errors import HoldfireError, Problem
from holdfire.ledger import blobfiles
from holdfire.ledger.keyschema import RESTORE
from holdfire.ledger.keytable import KeyTable, Row
from holdfire.ledger.sealing import DAMAGED


def problems(folder: Path, blobs: Path, table: KeyTable | None) -> list[Problem]:
    """Return what is wrong with a vault, having read every byte of it."""
    found: list[Problem] = []
    known: set[str] | None = set()
    if table is not None:
        found += [Problem(text, str(table.path), RESTORE) for text in table.problems()]
        known = None
        try:
            known = {row.id for row in table.rows()} | set(table.doomed())
            table.backups()
            for row in table.rows():
                found += _blob(blobs, row, table.secret)
        except HoldfireError as error:
            found += error.problems
    if known is not None:
        found += [
            Problem("a file that the vault does not know", str(path), "`holdfire vault tidy` removes it")
            for path in blobfiles.listed(blobs)
            if path.name not in known or path.is_symlink()
        ]
    return found


def _blob(blobs: Path, row: Row, secret: bytes) -> Iterator[Problem]:
    """Yield what is wrong with one blob."""
    where, running, plain = row.digest.hex(), blobfiles.commitment(row.salt), hashlib.sha256()
    try:
        with blobfiles.opened(blobfiles.path_of(blobs, row.id), row.key, row.size, where) as file:
            for block in file.blocks():
                running.update(block)
                plain.update(block)
    except HoldfireError as error:
        yield from error.problems
        return
    if running.digest() != row.digest:
        yield Problem("bytes in the vault do not match their commitment", where, DAMAGED)
    elif blobfiles.tag_of(secret, plain.digest()) != row.tag:
        yield Problem("a lookup tag is not that of its bytes", where, RESTORE)
