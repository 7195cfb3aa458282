"""The smallest record that can be redacted: a vault, a log with two editors, a figure that is published."""

from __future__ import annotations

import hashlib
import random as chances
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from holdfire import signing
from holdfire.digests import Digest
from holdfire.ledger import backups
from holdfire.ledger.drafts import Draft
from holdfire.ledger.keys import PrivateKey
from holdfire.ledger.log import Ledger
from holdfire.ledger.vault import Vault

AT = "2031-05-01T00:00Z"
MADE = datetime(2031, 5, 1, tzinfo=UTC)


class Bare:
    """A vault, a ledger, a backup folder and a published count of reports; see `redact.Scene`."""

    def __init__(self, folder: Path, random: Callable[[int], bytes]) -> None:
        self._folder = folder
        self._ledger = Ledger.open(folder / "case" / "ledger.sqlite", write=True)
        self._vault = Vault.open(folder / "case" / "vault", write=True, random=random)
        chance = chances.Random(2031)  # noqa: S311 - keys of a record that is thrown away
        self._editors = [editor(name, chance) for name in ("one", "two")]
        self._begin(editor("", chance))

    @property
    def folders(self) -> list[Path]:
        """Return the case's folder and the backup's."""
        return [self._folder]

    def take_in(self, file: str, content: bytes, cite: str) -> Digest:
        """Keep a report in the vault, enter it in the log, and publish how many there are."""
        name = self._vault.put(content, {"file": file, "cite": cite})
        self._ledger.append(
            [{"kind": "report", "report": name, "source": "mission", "received": AT, "format": "text"}]
        )
        (self._folder / "case" / "bulletin.txt").write_text(f"reports: {self._ledger.size - 1}\n")
        return name

    def back_up(self) -> tuple[Path, bytes]:
        """Back the vault up; the one-off key is kept in memory alone."""
        folder = self._folder / "stick"
        kept, key = self._vault.backup(folder, made=MADE, expires=MADE + timedelta(days=30))
        return backups.keys_file(folder, kept.id), key

    def redact(self, commitment: Digest) -> None:
        """Let two editors sign, and enter it."""
        draft = signing.draft_redaction(self._ledger, of=commitment, reason="asked for by law", at=AT)
        signing.enter(self._ledger, self._signed(draft), self._vault.destroy)

    def public(self) -> dict[str, bytes]:
        """Return the root over all entries, one proof, and what was published."""
        size = self._ledger.size
        return {
            f"root {size}": self._ledger.root(size).encode(),
            f"proof 1 {size}": "".join(self._ledger.inclusion(1, size)).encode(),
            "bulletin": (self._folder / "case" / "bulletin.txt").read_bytes(),
        }

    def still(self, before: Mapping[str, bytes]) -> list[str]:
        """Compare, and ask the ledger and the vault whether they are whole."""
        now: dict[str, bytes] = {}
        for name in before:
            what, *numbers = name.split()
            if what == "root":
                now[name] = self._ledger.root(int(numbers[0])).encode()
            elif what == "proof":
                now[name] = "".join(self._ledger.inclusion(int(numbers[0]), int(numbers[1]))).encode()
            else:
                now[name] = (self._folder / "case" / "bulletin.txt").read_bytes()
        changed = [name for name, content in before.items() if now[name] != content]
        return changed + [f"check: {each.problem}" for each in (*self._ledger.check(), *self._vault.check())]

    def close(self) -> None:
        """Close the vault and the ledger."""
        self._vault.close()
        self._ledger.close()

    def _begin(self, log: PrivateKey) -> None:
        draft = signing.draft_keyset(
            self._ledger,
            log=log.public,
            at=AT,
            editors={each.name: each.public for each in self._editors},
            threshold=2,
            witnesses={},
            quorum=0,
            fresh_hours=0,
        )
        signing.enter(self._ledger, self._signed(draft))

    def _signed(self, draft: Draft) -> Draft:
        for editor in self._editors:
            draft = signing.add_signature(draft, editor)
        return draft


def editor(name: str, chance: chances.Random) -> PrivateKey:
    """Return a key that is thrown away with the record."""
    seed = hashlib.sha256(chance.randbytes(32)).digest()
    return PrivateKey.of(name, Ed25519PrivateKey.from_private_bytes(seed))
