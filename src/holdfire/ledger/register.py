"""The register of key backups: each is made and expires through it, and owes it what was destroyed since."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from holdfire.errors import BadInput, HoldfireError
from holdfire.ledger import backups
from holdfire.ledger.backups import Backup
from holdfire.ledger.blobfiles import shred
from holdfire.ledger.keytable import KeyTable
from holdfire.ledger.sealing import KEY, Random


def listed(table: KeyTable) -> list[Backup]:
    """Return what is registered, that which expires first in front."""
    return sorted((Backup.read(value) for value in table.backups()), key=lambda each: (each.expires, each.id))


def make(
    table: KeyTable, blobs: Path, folder: Path, made: datetime, expires: datetime, random: Random
) -> tuple[Backup, bytes]:
    """Bring the blobs in `folder` up to date and write a key backup; return what is registered and its key.

    Raises:
        BadInput: It expires before it is made, or the table is damaged.
        HoldfireError: A disk refuses.
    """
    if expires <= made:
        raise BadInput("the backup would expire before it is made", str(folder))
    rows = list(table.rows())
    name, key = random(16).hex(), random(KEY)
    value = backups.entered(name, folder, made, expires, key, len(rows))
    table.put_backup(value)  # before its keys leave the vault, so that a destruction knows of them
    backups.copy_blobs(blobs, {row.id for row in rows}, folder)
    head = {each: value[each] for each in ("id", "made", "expires")} | {"secret": table.secret.hex()}
    backups.write_keys(backups.keys_file(folder, name), head, rows, key, random)
    return Backup.read(value), key


def expire(table: KeyTable, now: datetime) -> list[Backup]:
    """Destroy the key backups whose time is over, and return them as they were.

    Raises:
        HoldfireError: A disk refuses.
    """
    over = [each for each in listed(table) if each.expires <= now]
    for each in over:
        if each.reached:
            shred(backups.keys_file(each.folder, each.id))
            table.drop_backup(each.id)
        elif not each.forgotten:
            value = next(value for value in table.backups() if value["id"] == each.id)
            table.put_backup({**value, "key": "", "forgotten": True})
            table.scrub()
    return over


def forget(table: KeyTable, name: str) -> None:
    """Strike a backup whose file was destroyed by hand.

    Raises:
        HoldfireError: There is none of that name, or its file is there.
    """
    known = {each.id: each for each in listed(table)}
    if name not in known or known[name].reached:
        raise HoldfireError(
            "its file is there" if name in known else "no backup has that name",
            name,
            "`holdfire vault status` lists them; `expire` destroys those that are over",
        )
    table.drop_backup(name)


def pay(table: KeyTable, random: Random) -> None:
    """Take out of each backup that can be reached what was destroyed since it was made.

    Raises:
        BadInput: A backup is there and damaged.
        HoldfireError: A disk refuses.
    """
    for value in table.backups():
        if value["owed"] and not value["forgotten"] and backups.without(value, random):
            table.put_backup({**value, "owed": []})
