"""The parts of a page: title, caption, dateline, body, furniture. Only some of them make claims.

A caption makes no new event, furniture makes no claim, a dateline says where the reporter sat and not where
anything happened. Line ends inside a paragraph are soft where lines look wrapped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Any

from holdfire.reading.prose.page.datelines import agencies, dateline, page_date
from holdfire.reading.prose.page.markup import Block, Piece, blocks
from holdfire.reading.prose.page.shadow import Shadow, join, shadow
from holdfire.reading.prose.words.lexicon import page

_BREAK = re.compile(r"\n[ ]*\n[ \n]*|\n")
_LETTERS = re.compile(r"[^\W\d_]")
_HEADING = re.compile(r"#{1,6} +")
_ENDS = (".", "!", "?", '"', ":", ")", "؟", "…")

LONGEST_TITLE = 200
"""Most characters of a title."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A stretch of the shadow text and what part of the page it is.

    Attributes:
        start: First character.
        end: The character after the last.
        zone: title, heading, caption, dateline, body or furniture.
    """

    start: int
    end: int
    zone: str


@dataclass(frozen=True, slots=True)
class Page:
    """A text ready to be read.

    Attributes:
        shadow: What is read, and its way back.
        paragraphs: Its parts, in order.
        wire: The agency whose text it says it is; empty: none.
        day: The day its own first words give it: of publication, or of filing; None: they give none.
        filed: Where it was filed, as written; empty: not said.
    """

    shadow: Shadow
    paragraphs: tuple[Paragraph, ...]
    wire: str
    day: date | None = None
    filed: str = ""

    @property
    def published(self) -> str:
        """The day the page gives itself, as ISO 8601; empty: it gives none."""
        return self.day.isoformat() if self.day else ""


@dataclass(frozen=True)
class _Patterns:
    caption: re.Pattern[str]
    credit: re.Pattern[str]
    furniture: re.Pattern[str]
    footer: re.Pattern[str]
    wire: re.Pattern[str]
    tail: re.Pattern[str]


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    given: Mapping[str, Any] = page("boilerplate")
    names = "|".join(re.escape(name) for name in sorted(agencies(), key=lambda each: (-len(each), each)))

    def any_of(key: str) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{each})" for each in given[key]))

    return _Patterns(
        caption=any_of("caption"),
        credit=re.compile(given["caption_credit"]),
        furniture=any_of("furniture"),
        footer=any_of("opens_footer"),
        wire=re.compile(
            r"(?:^|[-–—(]|\bsource ?:|\bcopyright(?: \d{4})?|©(?: \d{4})?) ?"
            rf"(?P<wire>{names})(?:\)|\W{{0,2}}$)"
        ),
        tail=any_of("tail"),
    )


def markup(text: str, start: int, name: str) -> bool:
    """Return whether a text is HTML, by its name or by how it begins."""
    if name.lower().removesuffix(".gz").endswith((".html", ".htm", ".xhtml")):
        return True
    return text[start : start + 512].lstrip("\ufeff \n\r\t").lower().startswith(("<!doctype html", "<html"))


def read_page(text: str, start: int, name: str) -> Page:
    """Return the page that a text is, from `start` on (after its front matter)."""
    if markup(text, start, name):
        made, marks = _laid_out(blocks(text, start, name))
        parts = [(a, b, hint) for a, b, hint in marks]
    else:
        made = shadow(text, start)
        parts = [(a, b, "") for a, b in _stretches(made.text)]
    return _zoned(made, [(a, b, hint) for a, b, hint in parts if _LETTERS.search(made.text, a, b)])


def _laid_out(found: list[Block]) -> tuple[Shadow, list[tuple[int, int, str]]]:
    pieces: list[Piece] = []
    lengths: list[tuple[int, str]] = []
    for block in found:
        inner = [(piece.replace("\n", " "), a, b) for piece, a, b in block.pieces]
        pieces += inner
        last = inner[-1][2] if inner else 0
        pieces.append(("\n\n", last, last))
        lengths.append((len(join(inner).text), block.hint))
    marks, at = [], 0
    for length, hint in lengths:
        marks.append((at, at + length, hint))
        at += length + 2
    return join(pieces), marks


def _stretches(text: str) -> list[tuple[int, int]]:
    """Return the paragraphs of a plain text; a line end is soft where the lines look wrapped."""
    found: list[tuple[int, int]] = []
    start = 0
    wrapped = _looks_wrapped(text)
    for mark in _BREAK.finditer(text):
        soft = wrapped and mark[0].count("\n") == 1
        if soft:
            continue
        found.append((start, mark.start()))
        start = mark.end()
    found.append((start, len(text)))
    return [_tight(text, a, b) for a, b in found if b > a]


def _looks_wrapped(text: str) -> bool:
    """Return whether most single line ends stand inside a sentence."""
    lines = [line.rstrip() for line in text[:20000].split("\n")]
    inside = ends = 0
    for line, following in pairwise(lines):
        if len(line) >= 45 and following:
            inside += not line.endswith(_ENDS)
            ends += 1
    return ends >= 2 and inside > 0.5 * ends


def _tight(text: str, a: int, b: int) -> tuple[int, int]:
    while a < b and text[a].isspace():
        a += 1
    while b > a and text[b - 1].isspace():
        b -= 1
    return a, b


def _zoned(made: Shadow, parts: list[tuple[int, int, str]]) -> Page:
    known = _patterns()
    zoned = _Zoned(made.text)
    footer = False
    titled = any(hint == "title" for _, _, hint in parts)
    for number, (a, b, hint) in enumerate(parts):
        first = number == 0 and not titled and len(parts) > 1
        text = made.text[a:b]
        zone = hint or _zone(known, text, first=first)
        if number > len(parts) // 3:
            footer = footer or bool(known.footer.search(text[:400].lower()))
            if footer and zone == "body" and not _is_prose(text):
                zone = "furniture"
        zoned.wire = zoned.wire or _credited(known, text, last=number >= len(parts) - 4)
        mark = _HEADING.match(text) if zone in ("title", "heading") else None
        if zone == "body":
            zoned.body(a, b, opens=number <= 2)
        else:
            zoned.add(a + mark.end() if mark else a, b, zone)
    return Page(made, tuple(zoned.paragraphs), zoned.wire, zoned.day, zoned.filed)


class _Zoned:
    """The parts of a page while they are told apart."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.paragraphs: list[Paragraph] = []
        self.wire = ""
        self.day: date | None = None
        self.filed = ""

    def add(self, a: int, b: int, zone: str) -> None:
        """Add a part, without the spaces around it."""
        a, b = _tight(self.text, a, b)
        if a < b:
            self.paragraphs.append(Paragraph(a, b, zone))

    def body(self, a: int, b: int, *, opens: bool) -> None:
        """Add a paragraph of the body, its date line, dateline and tail of furniture apart."""
        dated = page_date(self.text[a : a + _HEAD]) if opens and self.day is None else None
        if dated is not None:
            start, end, self.day = dated
            self.add(a, a + start, "title" if start <= LONGEST_TITLE else "body")
            self.add(a + start, a + end, "dateline")
            a = _tight(self.text, a + end, b)[0]
        line = dateline(self.text[a : min(b, a + _HEAD)])
        if line is not None:
            self.wire = self.wire or agencies().get(line.credit.lower(), "")
            self.day = self.day or line.day
            self.filed = self.filed or line.place
            self.add(a, a + line.end, "dateline")
            a += line.end
        end = _before_tail(_patterns(), self.text, a, b)
        self.add(a, end, "body")
        self.add(end, b, "furniture")


_HEAD = 300
"""Characters of a paragraph in which its date line and dateline stand."""


def _before_tail(known: _Patterns, text: str, a: int, b: int) -> int:
    """Return where the furniture at the end of a flattened article begins; its own end: there is none."""
    if b - a < 2 * _HEAD:
        return b
    half = a + (b - a) // 2
    found = known.tail.search(text, half, b)
    return found.start() if found else b


def _zone(known: _Patterns, text: str, *, first: bool) -> str:
    low = text[:600].lower()
    if known.caption.search(low[:160]) or (len(text) < 300 and known.credit.search(low)):
        return "caption"
    if known.furniture.search(low[:300]) and len(text) < 300:
        return "furniture"
    if known.footer.search(low) and len(text) < 400:
        return "furniture"
    if _HEADING.match(text):
        return "title" if first else "heading"
    if first and len(text) <= LONGEST_TITLE and "\n" not in text and not _several(text):
        return "title"
    return "body"


def _several(text: str) -> bool:
    """Return whether a paragraph holds more than one sentence, or ends as a sentence of prose does."""
    inside = re.search(r"[a-z)][.!?] +[A-Z\"]", text)
    return bool(inside) or (text.endswith(".") and len(text.split()) > 14)


def _is_prose(text: str) -> bool:
    return len(text.split()) >= 20 and text.rstrip().endswith(_ENDS)


def _credited(known: _Patterns, text: str, *, last: bool) -> str:
    """Return the agency a closing credit names: "--Reuters", "Source: AFP", "(Reporting by ...)"."""
    if not last:
        return ""
    tail = text[-160:].lower().strip()
    found = known.wire.search(tail)
    if not found:
        return ""
    return agencies()[found["wire"]]
