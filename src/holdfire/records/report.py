"""Bytes a source sent, untouched and named by a commitment to them."""

from __future__ import annotations

from dataclasses import dataclass

from holdfire.digests import Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a source sent, and what was said of it when it came in.

    Attributes:
        id: Commitment to the content, SHA-256(0x02 || salt || content), which is its name everywhere.
            The salt is random and lies in the vault: a bare digest of a short text could be guessed.
        source: Source id of the publisher.
        published: When it was published, ISO 8601, as fine as known; empty: not said.
        received: When it was added, ISO 8601 in UTC.
        format: Name of the format it is read with.
        licence: What its source allows; empty: not said.
        cite: Where a person finds it: an address or a bibliographic note.
        language: BCP 47 code of its text; empty: read from the text.
        added_by: Who added it.
        mapping: Mapping file it is read with; empty: none.
        reprint: Whether its words and rows may be printed again.
        redacted: Its bytes were destroyed; what was read from it before stays.
        archive: Id of the archive it was taken out of; empty: it came by itself.
    """

    id: Digest
    source: str
    format: str
    published: str = ""
    received: str = ""
    licence: str = ""
    cite: str = ""
    language: str = ""
    added_by: str = ""
    mapping: str = ""
    reprint: bool = True
    redacted: bool = False
    archive: str = ""

    @property
    def name(self) -> str:
        """Return what it is called where people read: its source and the start of its id.

        A file name may hold a person's name, so it stays in the vault.
        """
        return f"{self.source}-{self.id[:8]}"
