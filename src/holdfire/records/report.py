"""Bytes a source sent, untouched and named by their digest."""

from __future__ import annotations

from dataclasses import dataclass

from holdfire.digests import Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a source sent, and what was said of it when it came in.

    Attributes:
        digest: SHA-256 of the content, which is its name.
        name: File name it arrived under.
        source: Source id of the publisher.
        published: When it was published, ISO 8601, as fine as known; empty: not said.
        received: When it was added, ISO 8601 in UTC.
        format: Name of the format it is read with.
        licence: What its source allows; empty: not said.
        cite: Where a person finds it: an address or a bibliographic note.
        language: BCP 47 code of its text; empty: read from the text.
        added_by: Who added it.
    """

    digest: Digest
    name: str
    source: str
    format: str
    published: str = ""
    received: str = ""
    licence: str = ""
    cite: str = ""
    language: str = ""
    added_by: str = ""
