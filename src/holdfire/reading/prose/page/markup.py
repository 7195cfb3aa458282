"""The text of an HTML page, with the place of every character, in time that grows with its length.

The parser of the standard library looks for the end of each unclosed comment, tag or declaration anew, so a
hostile page of a few megabytes keeps it busy for hours (measured on 3.11: doubling the page takes four times
as long). This scanner goes forward only. It knows what reading needs: which elements break a line, which
carry no news, and what a character reference stands for. It builds no tree and runs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from html import unescape

from holdfire.errors import BadInput
from holdfire.reading.prose.words.lexicon import word_set

DEEPEST = 256
"""Most open elements; a page nested deeper is refused."""

MOST_TAGS = 400_000
"""Most tags of a page; one with more is refused."""

_SILENT = word_set("script style noscript template svg math iframe object select button textarea head title")
_FURNITURE = word_set("nav footer aside form menu dialog")
_HINTS = {"figcaption": "caption", "caption": "caption", "h1": "title", "h2": "heading", "h3": "heading",
          "h4": "heading", "h5": "heading", "h6": "heading", "header": ""}  # fmt: skip
_VOID = word_set("area base br col embed hr img input link meta param source track wbr")
_INLINE = word_set(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp small span "
    "strike strong sub sup time tt u var wbr"
)
_RAW = frozenset(("script", "style", "textarea", "title"))
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9:-]{0,40})")
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?")

Piece = tuple[str, int, int]


@dataclass(slots=True)
class Block:
    """A run of text that no block element breaks.

    Attributes:
        hint: What the markup says it is: title, heading, caption, furniture; empty: nothing.
        pieces: Its text, each piece with where it began and ended as received.
    """

    hint: str
    pieces: list[Piece] = field(default_factory=list)


def blocks(text: str, start: int, name: str) -> list[Block]:
    """Return the blocks of an HTML text from `start` on.

    Raises:
        BadInput: The page is nested deeper than `DEEPEST`, or has more than `MOST_TAGS` tags.
    """
    scanner = _Scanner(text, start, name)
    for kind, tag, begun, ended in scanner.tokens():
        if kind == "text":
            scanner.write(begun, ended)
        else:
            scanner.turn(kind, tag)
    return [block for block in scanner.done if any(piece[0].strip() for piece in block.pieces)]


class _Scanner:
    def __init__(self, text: str, start: int, name: str) -> None:
        self.text = text
        self.start = start
        self.name = name
        self.open: list[str] = []
        self.count = 0
        self.silent = 0
        self.hints: list[str] = []
        self.done: list[Block] = [Block("")]

    def tokens(self) -> Iterator[tuple[str, str, int, int]]:
        """Yield text, opening and closing tags, going forward only."""
        text, at, size = self.text, self.start, len(self.text)
        while at < size:
            less = text.find("<", at)
            if less < 0:
                yield "text", "", at, size
                return
            if less > at:
                yield "text", "", at, less
            at = yield from self._markup(less)

    def _markup(self, less: int) -> Generator[tuple[str, str, int, int], None, int]:
        """Yield what begins at a `<`, and return where reading goes on."""
        text, size = self.text, len(self.text)
        if text.startswith("<!--", less):
            end = text.find("-->", less + 4)
            return size if end < 0 else end + 3
        found = _TAG.match(text, less)
        if not found:
            if text.startswith(("<!", "<?"), less):
                end = text.find(">", less)
                return size if end < 0 else end + 1
            yield "text", "", less, less + 1
            return less + 1
        end = text.find(">", found.end())
        if end < 0:
            return size
        tag = found[1].lower()
        closing = text[less + 1] == "/"
        yield ("close" if closing else "open"), tag, less, end + 1
        if tag in _RAW and not closing and text[end - 1] != "/":
            return self._past_raw(tag, end + 1)
        return end + 1

    def _past_raw(self, tag: str, at: int) -> int:
        """Return where the closing tag of an element that holds no markup begins."""
        found = re.compile(f"</{tag}", re.IGNORECASE).search(self.text, at)
        return found.start() if found else len(self.text)

    def turn(self, kind: str, tag: str) -> None:
        self.count += 1
        if self.count > MOST_TAGS:
            raise BadInput(f"the page has more than {MOST_TAGS} tags", self.name, "save the article alone")
        if tag not in _INLINE:
            self._break()
        if tag in _VOID:
            return
        if kind == "open":
            self._opened(tag)
        elif tag in self.open[-32:]:  # a stray closing tag closes nothing; the look back is bounded
            while self.open and self._closed() != tag:
                pass
        self._hint()

    def _opened(self, tag: str) -> None:
        self.open.append(tag)
        if len(self.open) > DEEPEST:
            raise BadInput(
                f"the page is nested deeper than {DEEPEST} elements", self.name, "save the article as text"
            )
        self.silent += tag in _SILENT
        if tag in _FURNITURE or _HINTS.get(tag):
            self.hints.append(tag)

    def _closed(self) -> str:
        tag = self.open.pop()
        self.silent -= tag in _SILENT
        if self.hints and self.hints[-1] == tag:
            self.hints.pop()
        return tag

    def _hint(self) -> None:
        furniture = any(tag in _FURNITURE for tag in self.hints)
        hint = "furniture" if furniture else _HINTS.get(self.hints[-1], "") if self.hints else ""
        if self.done[-1].hint != hint:
            self._break()
            self.done[-1].hint = hint

    def _break(self) -> None:
        if self.done[-1].pieces:
            self.done.append(Block(self.done[-1].hint))

    def write(self, begun: int, ended: int) -> None:
        if self.silent:
            return
        pieces = self.done[-1].pieces
        at = begun
        for found in _REFERENCE.finditer(self.text, begun, ended):
            meant = unescape(found[0])
            if meant == found[0]:
                continue
            pieces.append((self.text[at : found.start()], at, found.start()))
            pieces.append((meant, found.start(), found.end()))
            at = found.end()
        pieces.append((self.text[at:ended], at, ended))
