"""A folded copy of a text that knows where each of its characters came from.

Reading wants straight quotation marks, plain spaces and no invisible marks; a claim must point at the text
as it was received. A shadow is the first and maps back to the second, in code points, so no stage ever
changes or counts in the original.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

# One character for one, so that most texts need no map at all.
_FOLDED = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛ʼ`´′", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("\t\x0b\x0c\u00a0\u1680\u202f\u205f\u3000", " "),
        **dict.fromkeys(map(chr, range(0x2000, 0x200B)), " "),  # en quad to hair space
        **dict.fromkeys("\u2028\u2029\u0085\r", "\n"),
        **dict.fromkeys("‐‑", "-"),
        **dict.fromkeys("―−", "—"),
        "…": "…",
    }
)  # fmt: skip

_DROPPED = re.compile(
    "[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u0640\u064b-\u065f\u0670]+|\r\n"
)
"""Soft hyphens, zero widths, direction marks, Arabic vowel signs and tatweel; and two-character line ends."""


@dataclass(frozen=True, slots=True)
class Shadow:
    """A folded text and its way back.

    Attributes:
        text: What is read.
        starts: Where each stretch begins in `text`, ascending, the first 0.
        origins: Where each stretch begins in the text as received.
        stops: Where each stretch ends in the text as received.
    """

    text: str
    starts: tuple[int, ...]
    origins: tuple[int, ...]
    stops: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where `text[start:end]` was read, as [start, end) of the text as received."""
        first = max(0, bisect_right(self.starts, start) - 1)
        begun = min(self.origins[first] + start - self.starts[first], self.stops[first])
        last = max(0, bisect_right(self.starts, max(start, end - 1)) - 1)
        ended = min(self.origins[last] + end - self.starts[last], self.stops[last])
        # A character reference such as &amp; is one character here and several there.
        following = self.starts[last + 1] if last + 1 < len(self.starts) else len(self.text)
        if end >= following:
            ended = self.stops[last]
        return begun, max(begun, ended)


def shadow(text: str, start: int = 0, end: int | None = None) -> Shadow:
    r"""Return the shadow of a plain text, from `start` to `end`.

    >>> made = shadow("“Yes,”\u200b he said")
    >>> made.text, made.span(7, 9)
    ('"Yes," he said', (8, 10))
    """
    return join([(text[start:end], start, start + len(text[start:end]))])


def join(pieces: Iterable[tuple[str, int, int]]) -> Shadow:
    """Return the shadow of pieces of text, each with where it began and ended as received."""
    out: list[str] = []
    starts: list[int] = []
    origins: list[int] = []
    stops: list[int] = []
    length = 0
    for piece, origin, stop in pieces:
        for part, begun, ended in _without_marks(piece, origin, stop):
            if not part:
                continue
            starts.append(length)
            origins.append(begun)
            stops.append(ended)
            out.append(part)
            length += len(part)
    if not starts:
        return Shadow("", (0,), (0,), (0,))
    return Shadow("".join(out), tuple(starts), tuple(origins), tuple(stops))


def _without_marks(piece: str, origin: int, stop: int) -> Iterable[tuple[str, int, int]]:
    literal = len(piece) == stop - origin
    if not literal or not _DROPPED.search(piece):
        yield piece.translate(_FOLDED), origin, stop
        return
    kept = 0
    for found in _DROPPED.finditer(piece):
        yield piece[kept : found.start()].translate(_FOLDED), origin + kept, origin + found.start()
        if found[0] == "\r\n":
            yield "\n", origin + found.start(), origin + found.end()
        kept = found.end()
    yield piece[kept:].translate(_FOLDED), origin + kept, stop
