"""A mirror as it lies on the disk: what it holds, what it saw last, and what of it can be used again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from holdfire.errors import BadInput
from holdfire.ledger.verifying.archive import View
from holdfire.ledger.verifying.checks import Memory
from holdfire.ledger.verifying.contents import (
    CHECKPOINT_PATH,
    MANIFEST_PATH,
    PROOF_END,
    numbered,
    read_manifest,
)
from holdfire.ledger.verifying.findings import Findings
from holdfire.ledger.verifying.notes import LONGEST_NOTE, Checkpoint, Malformed, Note, Proof
from holdfire.ledger.verifying.signing import Trust, check_lines
from holdfire.ledger.verifying.trees import leaf_of
from holdfire.mirroring.arriving import digest_of
from holdfire.mirroring.logs import Old

_FIRST_KEYSET = f"keys/1{PROOF_END}"


class Mirror:
    """The folder of a mirror; it may not be there yet, or be damaged.

    Attributes:
        folder: Where it lies.
        checkpoint: Of the bundle in it; None: there is none that can be read.
        log: Its log.

    Raises:
        BadInput: The folder holds something else, or the mirror of another record.
    """

    def __init__(self, folder: Path, fingerprint: str) -> None:
        self.folder = folder
        self._refuse_others(fingerprint)
        self.checkpoint = _checkpoint(self.content(CHECKPOINT_PATH) or b"")
        self.log = Old(folder, self.checkpoint)
        self._listed = self._manifest()
        self._by_digest = {name: path for path, name in sorted(self._listed.items())}

    def memory(self) -> Memory | None:
        """Return the newest checkpoint that the mirror itself shows to have been said yes to."""
        if self.checkpoint is None or not self.log.sound:
            return None
        return Memory(self.checkpoint.size, self.checkpoint.root)

    def content(self, path: str) -> bytes | None:
        """Return a small file of the mirror; None: it is not there."""
        file = self.folder / path
        try:
            return file.read_bytes() if file.is_file() and not file.is_symlink() else None
        except OSError:
            return None

    def same(self, files: Mapping[str, bytes]) -> bool:
        """Return whether the mirror has these files, byte for byte."""
        return all(self.content(path) == content for path, content in files.items())

    def file(self, path: str, digest: str) -> Path | None:
        """Return a file of the mirror that has this digest, at this path or another; its bytes are hashed."""
        for candidate in (path, self._by_digest.get(digest)):
            if candidate and self._listed.get(candidate) == digest:
                place = self.folder / candidate
                if digest_of(place) == digest:
                    return place
        return None

    def past(self, trust: Trust) -> dict[int, bytes]:
        """Return the past checkpoints that the mirror keeps, its own newest included, by size.

        One that is damaged, so that its log's signature does not hold, shows nothing and is left behind.
        """
        names = [str(p.relative_to(self.folder)) for p in sorted(self.folder.glob("checkpoints/*"))]
        sizes = [size for name in names if (size := numbered(name, "checkpoints/", "")) is not None]
        found = {size: self.content(f"checkpoints/{size}") or b"" for size in sizes}
        if self.checkpoint is not None:
            found.setdefault(self.checkpoint.size, self.content(CHECKPOINT_PATH) or b"")
        return {size: note for size, note in sorted(found.items()) if signed_by(note, size, trust)}

    def addresses(self) -> list[str]:
        """Return the addresses of copies that its bundle names."""
        text = (self.content("MIRRORS") or b"").decode("utf-8", "replace")
        lines = [line.strip() for line in text.splitlines()]
        return [line for line in lines if line.startswith(("http://", "https://"))]

    def _manifest(self) -> dict[str, str]:
        if not (self.folder / MANIFEST_PATH).is_file():
            return {}
        return read_manifest(View(str(self.folder)), MANIFEST_PATH, Findings()) or {}

    def _refuse_others(self, fingerprint: str) -> None:
        if not self.folder.is_dir() or not any(self.folder.iterdir()):
            return
        content = self.content(_FIRST_KEYSET)
        if content is None:
            raise BadInput(
                "the folder holds something that is no mirror",
                str(self.folder),
                "give a new folder, or an empty one",
            )
        try:
            leaf = leaf_of(Proof.parse(content).entry).hex()
        except Malformed:
            return  # damaged; what is fetched will take its place
        if leaf != fingerprint:
            raise BadInput(
                "the folder is a mirror of another record", str(self.folder), "give another folder"
            )


def signed_by(content: bytes, size: int, trust: Trust) -> bool:
    """Return whether a checkpoint is of this size and signed by the log under the keys it covers."""
    checkpoint, keyset = _checkpoint(content), trust.at(size)
    if checkpoint is None or checkpoint.size != size or checkpoint.origin != trust.origin or keyset is None:
        return False
    return not check_lines(Note.parse(content), trust.origin, keyset).breaks


def _checkpoint(content: bytes) -> Checkpoint | None:
    try:
        return Checkpoint.parse(Note.parse(content[: LONGEST_NOTE + 1]).text)
    except Malformed:
        return None
