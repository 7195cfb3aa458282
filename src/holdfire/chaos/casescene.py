"""A whole case to redact from: inbox, readings, bulletins, exhibits, log and vault, through the same doors.

What must stay is every file of every bulletin, the log's roots and proofs, and that each bulletin can still
be made again from the log, which is tried once a scene because it takes a second.
"""

from __future__ import annotations

import hashlib
import random as chances
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

from holdfire import signing
from holdfire.case import Case
from holdfire.chaos.scene import AT, MADE, editor
from holdfire.digests import Digest
from holdfire.folder import Folder
from holdfire.ledger import backups
from holdfire.ledger.drafts import Draft
from holdfire.ledger.keyfiles import log_key
from holdfire.recomputing import again
from holdfire.redacting import destroyer
from holdfire.starting import start

SOURCE = "example-news"
SPEAKS = "shelling of the town killed at least two people on 2 May 2031, the mission said on 3 May 2031.\n"
PERIOD = "2031-05-01/2031-05-09"


class InCase:
    """A case folder with one report that a bulletin speaks of; see `redact.Scene`."""

    def __init__(self, folder: Path, random: Callable[[int], bytes]) -> None:
        self._folder = folder
        start(folder / "case", "A drill", "UTC")
        self._case = Case(Folder(folder / "case"), now=lambda: MADE, by="drill", random=random)
        chance = chances.Random(2031)  # noqa: S311 - keys of a record that is thrown away
        self._editors = [editor(name, chance) for name in ("one", "two")]
        self._add("spoken.md", f"In the first days {SPEAKS}".encode(), "")
        self._begin()
        self._fresh = False
        self._remade = False

    @property
    def folders(self) -> list[Path]:
        """Return the case's folder and the backup's."""
        return [self._folder]

    def take_in(self, file: str, content: bytes, cite: str) -> Digest:
        """Add a report through the desk; its citation is kept as a title, which no bulletin prints."""
        self._fresh = False
        return self._add(file, content, cite)

    def back_up(self) -> tuple[Path, bytes]:
        """Back the vault up; the one-off key is kept in memory alone."""
        folder = self._folder / "stick"
        with self._case.vault(write=True) as vault:
            kept, key = vault.backup(folder, made=MADE, expires=MADE + timedelta(days=30))
        return backups.keys_file(folder, kept.id), key

    def redact(self, commitment: Digest) -> None:
        """Let two editors sign, and enter it."""
        with self._case.ledger(write=True) as ledger, self._case.vault(write=True) as vault:
            draft = signing.draft_redaction(ledger, of=commitment, reason="asked for by law", at=AT)
            signing.enter(ledger, self._signed(draft), destroyer(self._case.folder, ledger, vault))

    def public(self) -> dict[str, bytes]:
        """Return every file of the bulletins, the root over all entries, and one proof."""
        if not self._fresh:
            Case(Folder(self._case.folder.path), now=lambda: MADE, by="drill").run(PERIOD)
            self._fresh = True
        with self._case.ledger() as ledger:
            size = ledger.size
            said = {
                f"root {size}": ledger.root(size).encode(),
                f"proof 1 {size}": "".join(ledger.inclusion(1, size)).encode(),
            }
        return said | self._published()

    def still(self, before: Mapping[str, bytes]) -> list[str]:
        """Compare, make the bulletins again, and ask the ledger and the vault whether they are whole."""
        now = self._published()
        with self._case.ledger() as ledger, self._case.vault() as vault:
            for name in before:
                what, *numbers = name.split()
                if what == "root":
                    now[name] = ledger.root(int(numbers[0])).encode()
                elif what == "proof":
                    now[name] = "".join(ledger.inclusion(int(numbers[0]), int(numbers[1]))).encode()
            wrong = [f"check: {each.problem}" for each in (*ledger.check(), *vault.check())]
        if not self._remade:
            self._remade = True
            wrong += [f"made again: {e.why}" for e in again(self._case.folder.path, None, "", None) if e.why]
        return [name for name in before if now.get(name) != before[name]] + wrong

    def close(self) -> None:
        """Do nothing: every call opened and closed what it needed."""

    def _published(self) -> dict[str, bytes]:
        folder = self._case.bulletins
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        return {
            f"file {path.relative_to(folder).as_posix()}": hashlib.sha256(path.read_bytes()).digest()
            for path in files
        }

    def _add(self, file: str, content: bytes, title: str) -> Digest:
        given = {"source": SOURCE, "published": "2031-05-03", "language": "en", "title": title}
        new = self._folder / "new" / file
        new.parent.mkdir(exist_ok=True)
        new.write_bytes(content)
        added = self._case.add([new], {name: value for name, value in given.items() if value})
        new.unlink()
        return added[0].id

    def _begin(self) -> None:
        with self._case.ledger(write=True) as ledger:
            draft = signing.draft_keyset(
                ledger,
                log=log_key(self._case.folder.made / "keys").public,
                at=AT,
                editors={each.name: each.public for each in self._editors},
                threshold=2,
                witnesses={},
                quorum=0,
                fresh_hours=0,
            )
            signing.enter(ledger, self._signed(draft))

    def _signed(self, draft: Draft) -> Draft:
        for each in self._editors:
            draft = signing.add_signature(draft, each)
        return draft
