"""Names of made-up people, drawn from parts: given names; families after places, trades and forefathers.

No whole name is stored anywhere. Frequencies are as uneven as in life: a dozen given names serve half the
men, and a long tail of family names, made of sounds alone, is borne by few.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from ruamel.yaml import YAML

GROUPS = (0.50, 0.28, 0.16, 0.06)
"""Shares of the groups of a list in names.yaml, the most common first."""

TAIL = 1800
"""Family names made of sounds alone."""

_LETTERS = (
    *("ب b", "ت t", "ج j", "ح H", "خ kh", "د d", "ر r", "ز z", "س s", "ش sh", "ص S", "ط T", "ع `"),
    *("غ gh", "ف f", "ق q", "ك k", "ل l", "م m", "ن n", "ه h"),
)
_PATTERNS = (
    ("{0}{1}ي{2}", "{0}a{1}ii{2}"),
    ("{0}{1}ا{2}", "{0}a{1}{1}aa{2}"),
    ("{0}{1}و{2}", "{0}a{1}uu{2}"),
    ("{0}ا{1}{2}", "{0}aa{1}i{2}"),
    ("{0}{1}{2}ان", "{0}a{1}{2}aan"),
    ("م{0}{1}و{2}", "ma{0}{1}uu{2}"),
    ("{0}{1}{2}اوي", "{0}a{1}{2}aawii"),
)


@dataclass(frozen=True, eq=False)
class Words:
    """A list of words, each in Arabic and by its sounds, with the share of people who bear it.

    Attributes:
        arabic: As written.
        sounds: As names.yaml writes them.
        article: Whether it bears the article.
        share: Sums to 1, shape (words,).
    """

    arabic: tuple[str, ...]
    sounds: tuple[str, ...]
    article: tuple[bool, ...]
    share: NDArray[np.float64]

    def tilted(self, draw: np.random.Generator, by: float) -> NDArray[np.float64]:
        """Return shares as another district has them: each multiplied by a log-normal of spread `by`."""
        tilted: NDArray[np.float64] = self.share * np.exp(by * draw.standard_normal(len(self.share)))
        whole: NDArray[np.float64] = tilted / tilted.sum()
        return whole


@dataclass(frozen=True, eq=False)
class Names:
    """Every part that a name is made of."""

    male: Words
    female: Words
    family: Words


def _groups(groups: list[list[str]]) -> list[tuple[str, str, float]]:
    """Return the words of a list with their weights: by group, then falling with the place in it."""
    found = []
    for share, group in zip(GROUPS[: len(groups)], groups, strict=True):
        falling = [1 / (place + 6) for place in range(len(group))]
        for line, weight in zip(group, falling, strict=True):
            word, sounds = line.split(" ")
            found.append((word, sounds, share * weight / sum(falling)))
    return found


def _words(entries: list[tuple[str, str, bool, float]]) -> Words:
    """Return a list of distinct words; where two lines give one word, the first holds."""
    first: dict[str, tuple[str, str, bool, float]] = {}
    for entry in entries:
        first.setdefault(entry[0], entry)
    kept = list(first.values())
    share = np.array([weight for *_, weight in kept])
    return Words(
        tuple(word for word, *_ in kept),
        tuple(sounds for _, sounds, *_ in kept),
        tuple(article for _, _, article, _ in kept),
        share / share.sum(),
    )


def _made_up() -> list[tuple[str, str, bool, float]]:
    """Return family names made of three consonants and a pattern; each is rare."""
    letters = [pair.split(" ") for pair in _LETTERS]
    n = len(letters)
    made: list[tuple[str, str, bool, float]] = []
    for i in range(TAIL):
        a, b, c = (i * 5 + 3) % n, (i // n + i * 8 + 7) % n, (i // (n * n) + i * 11) % n
        if len({a, b, c}) < 3:  # no root has one letter twice in a row, and few have it twice
            b, c = (a + 4 + i % 7) % n, (a + 12 + i % 5) % n
        picked = [letters[a], letters[b], letters[c]]
        arabic, sounds = _PATTERNS[i % len(_PATTERNS)]
        word = arabic.format(*(letter for letter, _ in picked))
        made.append((word, sounds.format(*(sound for _, sound in picked)), i % 4 == 0, 1 / (i + 150)))
    return made


def _families(read: dict[str, list[list[str]]]) -> Words:
    """Return family names: after places, trades, by-names, forefathers, and the tail."""
    kinds: list[tuple[float, list[tuple[str, str, bool, float]]]] = [
        (0.24, [(w + "ي", s + "ii", True, x) for w, s, x in _groups(read["places"])]),
        (0.17, [(w, s, True, x) for w, s, x in _groups(read["trades"])]),
        (0.12, [(w, s, i % 2 == 0, x) for i, (w, s, x) in enumerate(_groups(read["epithets"]))]),
        (0.09, [("أبو " + w, "abuu " + s, False, x) for w, s, x in _groups(read["aboo"])]),
        (0.18, [(w, s, False, x**0.5) for w, s, x in _groups(read["male"]) if "|" not in w]),
        (0.20, _made_up()),
    ]
    entries = []
    for share, words in kinds:
        total = sum(weight for *_, weight in words)
        entries += [(w, s, article, share * weight / total) for w, s, article, weight in words]
    return _words(entries)


@cache
def names() -> Names:
    """Return the parts of names that come with Holdfire."""
    text = files("holdfire.worlds").joinpath("names.yaml").read_text(encoding="utf-8")
    read: dict[str, list[list[str]]] = YAML(typ="safe", pure=True).load(text)
    male = _words([(w, s, False, x) for w, s, x in _groups(read["male"])])
    female = _words([(w, s, False, x) for w, s, x in _groups(read["female"])])
    return Names(male, female, _families(read))
