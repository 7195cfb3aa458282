"""News text: `.txt`, `.md`, `.html` and `.htm`, with or without front matter, read by the prose reader.

Spans of its claims are code points of the file decoded as UTF-8, untouched: the byte-order mark and the front
matter count, so that anyone can find the words in the file as it is. Front matter says who published the
text and when; it is no content.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

import pyarrow as pa

from holdfire import documents
from holdfire.errors import BadInput
from holdfire.reading import unpacking
from holdfire.reading.format import Content, Context
from holdfire.reading.prose import VERSION, read
from holdfire.reading.prose.page.front import split, unclosed
from holdfire.reading.prose.page.shingles import shingled
from holdfire.reading.prose.page.shown import Shown
from holdfire.reading.prose.page.zones import Page, read_page
from holdfire.records.casefile import About
from holdfire.records.report import Report
from holdfire.records.shingle import SHINGLED

LARGEST = 24 << 20
"""Most bytes of a text; a larger file is no article."""

ASIDE = 200
"""Most characters shown before and after a quotation."""

_ENDINGS = (".txt", ".md", ".markdown", ".html", ".htm")
_BOM = b"\xef\xbb\xbf"


class Text:
    """News text, of one article a file."""

    name = "text"
    version = VERSION

    def recognises(self, name: str, head: bytes) -> bool:
        """Return whether a file of this name that begins so is a text."""
        return name.lower().removesuffix(".gz").endswith(_ENDINGS) and b"\x00" not in head

    def claims(self, report: Report, content: Content, context: Context) -> Iterator[pa.Table]:
        """Yield the claims of the text, as one table.

        Raises:
            BadInput: It is not UTF-8, holds a NUL, is larger than `LARGEST`, opens front matter that it
                never closes or that is wrong, or is HTML nested too deep.
        """
        text = decoded(content)
        checked(text, content.name)
        context.progress(content.size)
        yield read(text, report, context)

    def shingled(self, report: Report, content: Content, context: Context) -> pa.Table:
        """Return what the text can be compared by."""
        return SHINGLED.table([shingled(_page(report, content, context), report, context.zone)])

    def shown(self, report: Report, content: Content, context: Context) -> Shown:
        """Return the text as it is read, with its way back to the text as received."""
        return Shown(decoded(content), _page(report, content, context), report, context)

    def excerpts(self, content: Content, seqs: Collection[int]) -> dict[int, dict[str, str]]:
        """Return nothing: a text has no rows, and its claims have spans."""
        return {}


def _page(report: Report, content: Content, context: Context) -> Page:
    text = decoded(content)
    return read_page(text, split(text)[1], context.file or report.name)


def decoded(content: Content) -> str:
    """Return the text of a report, untouched: a byte-order mark stays, as U+FEFF.

    Raises:
        BadInput: It is not UTF-8, holds a NUL, or is larger than `LARGEST`.
    """
    marked = content.head(len(_BOM)) == _BOM
    with unpacking.text(content) as stream:
        found = stream.read(LARGEST + 1)
    if len(found) > LARGEST:
        raise BadInput(
            f"the text is larger than {LARGEST >> 20} MiB", content.name, "give each article its own file"
        )
    return ("\ufeff" if marked else "") + found.decode("utf-8")


def checked(text: str, name: str) -> About | None:
    """Return what the front matter of a text says, or None where it has none.

    Raises:
        BadInput: Every problem of the front matter, each with its line.
    """
    if unclosed(text):
        raise BadInput(
            "the front matter is never closed", f"{name}, line 1", "put a line of --- after its last field"
        )
    front, _ = split(text)
    if front is None:
        return None
    # A line before it, so that a problem is given the line it has in the file.
    return documents.read(About, "\n" + front, name)


def quote(text: str, spans: Sequence[tuple[int, int]]) -> tuple[str, str, str]:
    """Return the words of a claim with the sentence before and the sentence after.

    Args:
        text: The text of the report, untouched.
        spans: [start, end) code points, in order.

    Returns:
        At most `ASIDE` characters before, the words (pieces apart by " … "), at most `ASIDE` after; any
        white space is one space.

    >>> quote("It was calm. Two shells fell. Nobody was hurt. Night came.", [(13, 29)])
    ('It was calm.', 'Two shells fell.', 'Nobody was hurt.')
    """
    held = [(max(0, a), min(len(text), b)) for a, b in spans if a < b]
    if not held:
        return "", "", ""
    _, body = split(text)
    before = _plain(text[max(body, held[0][0] - 3 * ASIDE) : held[0][0]])
    after = _plain(text[held[-1][1] : held[-1][1] + 3 * ASIDE])
    words = " … ".join(_plain(text[a:b]) for a, b in held)
    return _last_sentence(before), words, _first_sentence(after)


_TAG = re.compile(r"<[^<>]{0,400}>")
_END = re.compile(r"[.!?…؟][\"'”’)\]]* ")


def _plain(text: str) -> str:
    return " ".join(_TAG.sub(" ", text).split())


def _last_sentence(text: str) -> str:
    ends = [found.end() for found in _END.finditer(text)]
    last = text[ends[-1] :] if ends else text
    return last if len(last) <= ASIDE else "…" + last[1 - ASIDE :].lstrip()


def _first_sentence(text: str) -> str:
    rest = text.lstrip(".!?…”\"') ")
    mark = text[: len(text) - len(rest)].strip()
    found = _END.search(rest + " ")
    first = (mark + " " if mark and not rest else "") + (rest[: found.end() - 1] if found else rest)
    return first if len(first) <= ASIDE else first[: ASIDE - 1].rstrip() + "…"
