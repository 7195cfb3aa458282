"""A text as letters: one for each word, number or mark, so that a grammar can be written in them.

Beside the letters of `vocabulary`: d number from 1 to 31, y year, i other number, D dotted date, c time of
day, ~ anything else; a mark stands for itself, what ends a sentence for ";", short dashes for "-".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from holdfire.reading.time.vocabulary import TOKEN, Entry, Vocabulary, fold, vocabulary

_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::\d\d)?")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_MARKS = {
    ",": ",", "،": ",", "-": "-", "–": "-", "‐": "-", "‑": "-", "/": "/", "(": "(", ")": ")", ".": ".",
    "'": "'", "’": "'", ";": ";", "؛": ";", "!": ";", "?": ";", "؟": ";", "…": ";",
}  # fmt: skip


@dataclass(slots=True)
class Items:
    """The words of a text, each with its letter, value and place.

    Attributes:
        text: The text.
        letters: One a word.
        values: What each means.
        starts: Where each begins.
        ends: Where each ends.
    """

    text: str
    letters: str = ""
    values: list[Any] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def raw(self, k: int) -> str:
        """Return a word as written; empty: there is none."""
        return self.text[self.starts[k] : self.ends[k]] if 0 <= k < len(self.starts) else ""

    def letter(self, k: int) -> str:
        """Return a letter; empty: there is none."""
        return self.letters[k] if 0 <= k < len(self.letters) else ""

    def glued(self, i: int, j: int) -> bool:
        """Return whether nothing stands between the words from `i` to before `j`."""
        return all(self.ends[k] == self.starts[k + 1] for k in range(i, j - 1))

    def pick(self, i: int, j: int, letters: str) -> list[int]:
        """Return which words from `i` to before `j` have one of some letters."""
        return [k for k in range(i, j) if self.letters[k] in letters]


Token = tuple[int, int, str]


def items(text: str, known: Vocabulary, start: int, end: int) -> Items:
    """Return the words of a stretch of text."""
    tokens = _tokens(text, start, end)
    made = Items(text)
    letters: list[str] = []
    entries, single, capital = known.entries, known.single, "unsure_capital" in known.flags
    values, starts, ends = made.values, made.starts, made.ends
    while tokens:
        begun, ended, word = tokens.pop()
        letter, value = "~", None
        if word in entries and (entry := _entry(entries[word], tokens)) is not None:
            words, letter, value = entry
            for _ in words[1:]:
                ended = tokens.pop()[1]
        elif word in single:
            letter, value = single[word]
            if letter == "m" and capital and not text[begun].isupper():
                letter = "3"
        elif not word.isalpha():
            if word[0].isdecimal():
                letter, value, ended = _number(word, ended, tokens, known)
            else:
                letter = _MARKS.get(word, "~")
        elif known.clitics and (split := _split(word, known.language)):
            tokens.extend(reversed(_cut(begun, ended, word, *split)))
            begun, ended, word = tokens.pop()
            letter = _CLITICS[word]
        letters.append(letter)
        values.append(value)
        starts.append(begun)
        ends.append(ended)
    made.letters = "".join(letters)
    return made


def _tokens(text: str, start: int, end: int) -> list[Token]:
    """Return the words of a stretch of text, folded, the last first."""
    lowered = text[start:end].lower()
    if len(lowered) != end - start:  # a letter that is two in lower case
        found = [(*m.span(), fold(m[0])) for m in TOKEN.finditer(text, start, end)]
    else:
        found = [
            (m.start() + start, m.end() + start, m[0] if m[0].isascii() else fold(m[0]))
            for m in TOKEN.finditer(lowered)
        ]
    found.reverse()
    return found


def _entry(given: Sequence[Entry], rest: list[Token]) -> Entry | None:
    """Return the longest member of those given that the words from here on spell."""
    for entry in given:
        words = entry[0]
        if len(words) == 1 or (
            len(rest) >= len(words) - 1 and all(rest[-k][2] == words[k] for k in range(1, len(words)))
        ):
            return entry
    return None


def _number(word: str, ended: int, rest: list[Token], known: Vocabulary) -> tuple[str, Any, int]:
    """Return the letter and value of a number, and where it ends."""
    if word.isdecimal():
        value = int(word) if len(word) < 7 else 0
        if "elided" in known.flags and value < 24 and rest and rest[-1][2] == "h":
            return _french_clock(value, ended, rest)
        if len(word) <= 2 and 1 <= value <= 31:
            return "d", value, ended
        return ("y" if len(word) == 4 and 1800 <= value < 2200 else "i"), value, ended
    if (found := _CLOCK.fullmatch(word)) and int(found[1]) < 24 and int(found[2]) < 60:
        return "c", (int(found[1]), int(found[2])), ended
    if found := _DOTTED.fullmatch(word):
        return "D", (int(found[1]), int(found[2]), int(found[3])), ended
    return "i", None, ended


def _french_clock(hour: int, ended: int, rest: list[Token]) -> tuple[str, Any, int]:
    """Read "16h30", "16 h 30" and "16h"."""
    if rest[-1][0] - ended > 1:
        return "d", hour, ended
    ended = rest.pop()[1]
    if rest and rest[-1][0] - ended <= 1 and rest[-1][2].isdecimal() and len(rest[-1][2]) == 2:
        minute = int(rest[-1][2])
        return ("c", (hour, minute), rest.pop()[1]) if minute < 60 else ("i", None, ended)
    return "c", (hour, None), ended


_CLITICS = {"و": "&", "ف": "~", "ب": "z", "ل": "z", "ك": "~", "ال": "t"}


@lru_cache(maxsize=65536)
def _split(word: str, language: str) -> tuple[tuple[str, ...], str] | None:
    """Return the small words written onto an Arabic word and what is left; None: no known word is left."""
    if word[0] not in "وفبلكا" or word in _CLITICS:
        return None
    known = vocabulary(language)
    for first in ("", "و", "ف"):
        for second in ("", "ب", "ل", "ك"):
            for article in ("", "ال"):
                joined = first + ("لل" if second == "ل" and article else second + article)
                rest = word[len(joined) :]
                if (
                    joined
                    and len(rest) > 1
                    and word.startswith(joined)
                    and (rest in known.single or rest in known.entries)
                ):
                    return tuple(p for p in (first, second, article) if p), rest
    return None


def _cut(begun: int, ended: int, word: str, before: Sequence[str], rest: str) -> list[Token]:
    """Return the parts of a word with their places; a word with vowel signs keeps its end."""
    out: list[Token] = []
    at = begun
    left = len(word) - len(rest)
    for n, part in enumerate(before):
        size = 1 if n + 1 < len(before) or part != "ال" else left - (at - begun)
        out.append((at, at + size, part))
        at += size
    return [*out, (at, max(at + 1, ended), rest)]
