"""What an archive gives: items, the tokens that stamp them, and what the archive says of itself.

An archive is the evidentiary copy: its bytes are kept whole. An item is a working copy taken out of it, and
says how it was made wherever it is not the very bytes the archive holds. A stated digest is checked and a
token is handed on; neither decides whether an item is read.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise

from holdfire import times
from holdfire.answers import Answer

RFC3161 = "rfc3161"
OPENTIMESTAMPS = "opentimestamps"

FENCE = re.compile(rb"(?:\xef\xbb\xbf)?---[ \t]*\r?\n")
"""Begins front matter, in which a text says who published it: nothing from an archive may say so itself."""

_SLUG = re.compile(r"[^a-z0-9.]+")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of an archive is taken in before it is refused.

    Attributes:
        packed: Most bytes of the archive itself.
        unpacked: Most bytes that all of its parts may unpack to.
        item: Most bytes of one item, which is held in memory.
        members: Most files of a zip.
        ratio: Most times its packed size that a part above `FREE` bytes may unpack to.
        records: Most records of all WARC files together.
        pages: Most pages or rows.
    """

    packed: int = 4 << 30
    unpacked: int = 8 << 30
    item: int = 256 << 20
    members: int = 20_000
    ratio: int = 250
    records: int = 2_000_000
    pages: int = 20_000


FREE = 16 << 20
"""Bytes below which the ratio is not looked at: a small file of blanks harms no one."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a time-stamping service, untouched.

    Attributes:
        kind: `RFC3161` or `OPENTIMESTAMPS`.
        content: Its bytes.
        over: What it stamps, where that is not the item itself: a list that holds the item's digest.
    """

    kind: str
    content: bytes
    over: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing taken out of an archive.

    Attributes:
        name: A file name made from where it came from and its own digest.
        content: Its bytes.
        media: MIME type, as the archive states it; empty: not said.
        cite: Address it was taken from.
        title: As the archive gives it.
        language: BCP 47 code that the page gives itself; empty: not said.
        published: When it says it was published, ISO 8601; empty: not said. Never the time of capture.
        captured: When it was taken from the web, ISO 8601 in UTC; empty: not said. It was public by then.
        stated: Digests the archive states of it, hexadecimal, by algorithm.
        matches: Whether each of them is that of the bytes in the archive; unclear: none is stated that
            we can check.
        made: What was done to the bytes in the archive to get `content`; empty: nothing, they are the same.
        tokens: Tokens that stamp it.
        readable: Whether it is a text that may be handed to a reader.
    """

    name: str
    content: bytes
    media: str = ""
    cite: str = ""
    title: str = ""
    language: str = ""
    published: str = ""
    captured: str = ""
    stated: Mapping[str, str] = field(default_factory=dict)
    matches: Answer = Answer.UNCLEAR
    made: tuple[str, ...] = ()
    tokens: tuple[Token, ...] = ()
    readable: bool = False

    @property
    def about(self) -> dict[str, str]:
        """Return what a note beside the item would say of it, but for its source."""
        said = {
            "published": self.published,
            "title": self.title,
            "cite": self.cite,
            "language": self.language,
        }
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """An archive that was opened and checked.

    Attributes:
        kind: `wacz`, `warc` or `auto-archiver`.
        says: What it says of itself and what was found, a sentence each: digests, signature, what is
            missing. They hold no address, no title and no name.
        tokens: Tokens that stamp the archive as a whole; `over` is what each stamps.
        items: Yields its items, in the order of the archive; the bytes must still be open.
    """

    kind: str
    says: tuple[str, ...]
    items: Callable[[], Iterator[Item]]
    tokens: tuple[Token, ...] = ()


def file_name(address: str, content: bytes, ending: str) -> str:
    """Return the file name of an item: where it came from, eight digits of its digest, an ending.

    >>> file_name("https://Example.org/a/b?c=1#d", b"", ".html")
    'example.org-a-b-c-1-e3b0c442.html'
    """
    bare = address.split("://", 1)[-1].split("#", 1)[0].lower()
    slug = _SLUG.sub("-", bare)[:80].strip("-.") or "item"
    return f"{slug}-{hashlib.sha256(content).hexdigest()[:8]}{ending}"


def instant(text: str) -> str:
    """Return an ISO 8601 instant in UTC, seconds kept; empty: the text names none.

    A time without an offset is UTC: so WARC 1.1 (section 5.4) and auto-archiver write it.

    >>> instant("2024-01-02 03:04:05.678+02:00"), instant("yesterday")
    ('2024-01-02T01:04:05Z', '')
    """
    try:
        when = datetime.fromisoformat(text.strip())
        return times.utc(when if when.tzinfo else when.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return ""


def grouped(numbers: list[int]) -> str:
    """Return numbers for a sentence, runs joined.

    >>> grouped([1, 2, 3, 7])
    '1-3, 7'
    """
    cuts = [0, *(i for i, (a, b) in enumerate(pairwise(numbers), 1) if b != a + 1), len(numbers)]
    runs = [numbers[a:b] for a, b in pairwise(cuts) if a < b]
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
