"""Names for places that do not exist, in Latin letters as several hands spell them, and in Arabic.

A name is a root of three consonants in a pattern of vowels, as Arabic names are, sometimes after a word
such as "Kafr". The root is drawn, so a name may by chance be that of a real place: none is meant. One hand
writes "Kafr Qasila", another "Kfar Kasileh"; Arabic has one form. The hands differ as romanisations of
datasets do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from holdfire.worlds.streams import stream

HANDS = 3
"""How many ways of romanising there are; the number after the last is Arabic itself."""

_CONSONANTS = (
    ("b", "b", "b", "ب"), ("t", "t", "t", "ت"), ("th", "t", "th", "ث"), ("j", "j", "dj", "ج"),
    ("h", "h", "h", "ح"), ("kh", "kh", "kh", "خ"), ("d", "d", "d", "د"), ("dh", "z", "d", "ذ"),
    ("r", "r", "r", "ر"), ("z", "z", "z", "ز"), ("s", "s", "s", "س"), ("sh", "sh", "ch", "ش"),
    ("s", "s", "ss", "ص"), ("d", "d", "dh", "ض"), ("t", "t", "t", "ط"), ("gh", "g", "gh", "غ"),
    ("f", "f", "f", "ف"), ("q", "k", "q", "ق"), ("k", "k", "k", "ك"), ("l", "l", "l", "ل"),
    ("m", "m", "m", "م"), ("n", "n", "n", "ن"), ("h", "h", "h", "ه"),
)  # fmt: skip

_PATTERNS = (
    (("{}a{}{}a", "{}a{}{}eh", "{}a{}{}ah"), "{}{}{}ة"),
    (("{}a{}i{}", "{}a{}ee{}", "{}a{}i{}"), "{}{}ي{}"),
    (("{}u{}ay{}a", "{}o{}ei{}eh", "{}ou{}ai{}a"), "{}{}ي{}ة"),
    (("{}a{}u{}", "{}a{}oo{}", "{}a{}ou{}"), "{}{}و{}"),
    (("{}a{}i{}", "{}a{}e{}", "{}a{}i{}"), "{}ا{}{}"),
    (("{}i{}{}an", "{}e{}{}an", "{}i{}{}ane"), "{}{}{}ان"),
    (("{}a{}{}iya", "{}a{}{}ieh", "{}a{}{}iyah"), "{}{}{}ية"),
    (("{}u{}a{}", "{}o{}a{}", "{}ou{}a{}"), "{}{}ا{}"),
    (("{}a{}a{}in", "{}a{}a{}een", "{}a{}a{}ine"), "{}{}{}ين"),
)
"""Patterns of vowels by hand, and in Arabic, where short ones are not written."""

_BEFORE = (
    (("", "", ""), ""),
    (("Kafr ", "Kfar ", "Kafer "), "كفر "),
    (("Tall ", "Tel ", "Tell "), "تل "),
    (("Ayn ", "Ein ", "Ain "), "عين "),
    (("Khirbat ", "Khirbet ", "Kherbet "), "خربة "),
    (("Bayt ", "Beit ", "Beyt "), "بيت "),
    (("al-", "Al ", "El-"), "ال"),
)
_OFTEN = np.cumsum([0.5, 0.1, 0.09, 0.06, 0.05, 0.05, 0.15])


@dataclass(frozen=True, slots=True)
class Names:
    """Names of the same places by each hand, then in Arabic: four lists of equal length."""

    written: tuple[list[str], ...]

    @property
    def english(self) -> list[str]:
        """Return the names as the gazetteer has them."""
        return self.written[0]

    @property
    def arabic(self) -> list[str]:
        """Return the names in Arabic."""
        return self.written[HANDS]


def towns(count: int, seed: int) -> Names:
    """Return made-up names for so many towns; a few are alike, as real ones are."""
    chance = stream(seed, "toponymy")
    roots = chance.integers(0, len(_CONSONANTS), (count, 3))
    roots[:, 1] = np.where(roots[:, 1] == roots[:, 0], (roots[:, 1] + 7) % len(_CONSONANTS), roots[:, 1])
    patterns = chance.integers(0, len(_PATTERNS), count)
    before = np.searchsorted(_OFTEN[:-1], chance.random(count) * _OFTEN[-1], side="right")
    listed = list(zip(roots.tolist(), patterns.tolist(), before.tolist(), strict=True))
    return Names(tuple([_written(*each, hand) for each in listed] for hand in range(HANDS + 1)))


def _written(root: list[int], pattern: int, before: int, hand: int) -> str:
    letters = [_CONSONANTS[at][hand] for at in root]
    if hand == HANDS:
        return _BEFORE[before][1] + _PATTERNS[pattern][1].format(*letters)
    return _BEFORE[before][0][hand] + _PATTERNS[pattern][0][hand].format(*letters).capitalize()
