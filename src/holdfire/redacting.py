"""Destroy what a redaction names: working copies and what was read from them first, then key, salt and blob.

The file in the inbox, its note, the kept readings and the kept incidents hold words of the report too. They
go before the vault's own copy, because the vault's label says which file it was; cut short anywhere, the
next run or the same command goes on. Bulletins, exhibits and the log stay as they are: they hold none of it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from holdfire import stamps
from holdfire.digests import Digest
from holdfire.folder import NOTE, Folder
from holdfire.ledger.blobfiles import shred
from holdfire.ledger.log import Ledger
from holdfire.ledger.vault import Vault


def destroyer(folder: Folder, ledger: Ledger, vault: Vault) -> Callable[[Digest], object]:
    """Return what destroys the bytes behind a commitment in a case; again does nothing.

    Tokens attached to a report go with it: they hold its plain digest, and would confirm a guess.
    """

    def destroy(commitment: Digest) -> bool:
        for token in stamps.beside(ledger, commitment):
            vault.destroy(token)
        if commitment in vault:
            for path in working_copies(folder, vault, commitment):
                shred(path)
        for kept in ("claims", "second"):
            for path in sorted((folder.made / kept).glob(f"{commitment[:24]}-*")):
                shred(path)
        for path in sorted((folder.made / "found").rglob("*")):
            shred(path)
        shutil.rmtree(folder.made / "found", ignore_errors=True)
        (folder.made / "seen.json").unlink(missing_ok=True)
        return vault.destroy(commitment)

    return destroy


def working_copies(folder: Folder, vault: Vault, commitment: Digest) -> Iterator[Path]:
    """Yield the files of the inbox with these bytes, whatever they are called now, and their notes."""
    named, size = vault.label(commitment).get("file", ""), vault.size_of(commitment)
    for path in list(folder.inbox()):
        shown = path.relative_to(folder.path).as_posix()
        if shown != named and path.stat().st_size == size:
            with path.open("rb") as stream:
                same = vault.find(stream) == commitment
        else:
            same = shown == named
        if same:
            yield path
            note = path.with_name(path.name + NOTE)
            if note.is_file():
                yield note
