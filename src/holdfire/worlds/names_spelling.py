"""Write the sounds of a name as different clerks do, in Latin letters or in Arabic.

A habit is a set of choices for each sound, each with its weight; a variant draws one choice for each sound of
a word, so that one clerk writes one word in few ways and two clerks seldom agree. Names come from names.yaml.
Same word, habit and variant: same spelling.
"""

from __future__ import annotations

import re
import zlib
from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import accumulate

import numpy as np

Choices = Mapping[str, Sequence[tuple[str, int]]]
"""For each sound, how it is written and with what weight; a sound that is not named is written as it is."""

_PLAIN: dict[str, list[tuple[str, int]]] = {
    "'": [("", 97), ("'", 3)],
    "`": [("", 80), ("'", 20)],
    "H": [("h", 1)],
    "S": [("s", 1)],
    "D": [("d", 92), ("dh", 8)],
    "T": [("t", 1)],
    "Z": [("z", 70), ("dh", 20), ("th", 10)],
    "aa": [("a", 92), ("aa", 8)],
    "@": [("a", 55), ("ah", 37), ("eh", 8)],
}

HABITS: dict[str, Choices] = {
    "english": _PLAIN
    | {
        "ii": [("i", 60), ("ee", 37), ("y", 3)],
        "uu": [("ou", 45), ("oo", 20), ("u", 35)],
        "u": [("u", 55), ("o", 45)],
        "i": [("i", 75), ("e", 25)],
        "a": [("a", 86), ("e", 14)],
        "ay": [("ay", 40), ("ai", 30), ("ei", 30)],
        "aw": [("aw", 55), ("au", 25), ("o", 20)],
        "th": [("th", 88), ("t", 12)],
        "dh": [("dh", 40), ("th", 30), ("d", 20), ("z", 10)],
        "gh": [("gh", 94), ("g", 6)],
        "q": [("q", 72), ("k", 28)],
    },
    "french": _PLAIN
    | {
        "sh": [("ch", 1)],
        "ii": [("i", 96), ("y", 4)],
        "uu": [("ou", 92), ("u", 8)],
        "u": [("ou", 45), ("o", 45), ("u", 10)],
        "i": [("i", 70), ("e", 30)],
        "a": [("a", 75), ("e", 25)],
        "ay": [("ai", 60), ("ei", 25), ("ay", 15)],
        "aw": [("aou", 40), ("ao", 30), ("aw", 30)],
        "w": [("w", 55), ("ou", 45)],
        "j": [("j", 55), ("dj", 45)],
        "th": [("th", 60), ("t", 40)],
        "dh": [("d", 70), ("dh", 30)],
        "q": [("k", 65), ("q", 35)],
        "@": [("a", 70), ("e", 30)],
    },
    "turkish": _PLAIN
    | {
        "sh": [("ş", 60), ("s", 40)],
        "kh": [("h", 1)],
        "gh": [("g", 1)],
        "j": [("c", 1)],
        "q": [("k", 1)],
        "w": [("v", 1)],
        "ii": [("i", 1)],
        "uu": [("u", 1)],
        "a": [("a", 60), ("e", 40)],
        "ay": [("ay", 40), ("ey", 60)],
        "aw": [("av", 80), ("ev", 20)],
        "th": [("s", 60), ("t", 40)],
        "dh": [("z", 80), ("d", 20)],
        "@": [("e", 60), ("a", 40)],
    },
    "scholarly": {
        "'": [("ʾ", 50), ("", 50)],
        "`": [("ʿ", 1)],
        "H": [("ḥ", 1)],
        "S": [("ṣ", 1)],
        "D": [("ḍ", 1)],
        "T": [("ṭ", 1)],
        "Z": [("ẓ", 1)],
        "aa": [("ā", 1)],
        "ii": [("ī", 1)],
        "uu": [("ū", 1)],
        "@": [("a", 1)],
    },
}
"""How Latin letters are chosen: as by English and French writers, Turkish registrars, scholars."""

JOINED: dict[str, list[str]] = {
    "english": ["Abd al-{0}", "Abdul {0}", "Abdel {0}", "Abdul{1}", "Abdel{1}", "Abd {2}{1}", "Abdu{2}{1}"],
    "french": ["Abdel {0}", "Abdel{1}", "Abd el {0}", "Abdoul {0}", "Abd El-{0}"],
    "turkish": ["Abdul {0}", "Abdul{1}", "Abdü{2}{1}"],
    "scholarly": ["ʿAbd al-{0}"],
}
"""Servant-of names: {0} the rest as a word, {1} within one, {2} the article's sound before it."""

ARTICLES: dict[str, list[str]] = {
    "english": ["al-{0}", "Al-{0}", "Al {0}", "{0}", "Al{1}", "El {0}", "al {0}", "A{2}-{0}"],
    "french": ["El {0}", "El-{0}", "Al {0}", "{0}", "al-{0}", "E{2}-{0}"],
    "turkish": ["El {0}", "{0}", "Al {0}", "El{1}"],
    "scholarly": ["al-{0}"],
}
"""Family names with an article, in the same three forms."""

_BEFORE = (
    ("abuu ", ("Abu", "Abo", "Abou")),
    ("umm ", ("Umm", "Um", "Om")),
    ("ibn ", ("son of", "Ibn", "son of")),
    ("bint ", ("daughter of", "Bint", "daughter of")),
)
_SOUND = re.compile(r"aa|ii|uu|a[yw](?![aiu])|kh|gh|sh|th|dh|.")
_SUN = re.compile(r"(sh|th|dh|[tdrzsSDTZln])")


def _draws(word: str, habit: str, variant: int) -> Iterator[float]:
    """Return the chances of one spelling, each in [0, 1); they depend on nothing else."""
    seed = [zlib.crc32(f"{habit}:{word}".encode()), variant]
    chances: list[float] = np.random.default_rng(seed).random(2 * len(word) + 8).tolist()
    return iter(chances)


@cache
def _weighed(habit: str) -> dict[str, tuple[tuple[str, ...], list[float]]]:
    """Return, for each sound, how it is written and the running shares of these ways."""
    found = {}
    for sound, options in HABITS[habit].items():
        total = sum(weight for _, weight in options)
        running = [at / total for at in accumulate(weight for _, weight in options)]
        found[sound] = (tuple(letters for letters, _ in options), running)
    return found


def _letters(sounds: str, habit: str, draws: Iterator[float]) -> str:
    """Return sounds as letters; in some variants a doubled consonant is written once."""
    made: list[str] = []
    choices = _weighed(habit)
    single = next(draws) < 0.3
    for sound in _SOUND.findall(sounds):
        options, running = choices.get(sound, ((sound,), [1.0]))
        letters = options[min(bisect(running, next(draws)), len(options) - 1)]
        doubled = bool(made) and letters == made[-1] and letters not in "aeiou"
        if not (doubled and (single or len(letters) > 1)):
            made.append(letters)
    return "".join(made)


def _capital(text: str) -> str:
    """Return text with its first letter a capital; a mark before it stays."""
    first = next((i for i, letter in enumerate(text) if letter.isalpha() and letter not in "ʿʾ"), 0)
    return text[:first] + text[first : first + 1].upper() + text[first + 1 :]


def _form(forms: Sequence[str], rest: str, variant: int, draws: Iterator[float]) -> str:
    """Return one of the forms; the first variant takes the commonest, the others any."""
    form = forms[0] if variant == 0 else forms[int(next(draws) * len(forms))]
    sun = _SUN.match(rest)
    return form.format(_capital(rest), rest, sun.group(1) if sun else "l")


@cache
def latin(sounds: str, habit: str, variant: int, article: bool = False) -> str:
    """Return a word in Latin letters.

    Args:
        sounds: As in names.yaml; `abuu ` before them makes a kunya, `umm ` a mother's.
        habit: A key of `HABITS`.
        variant: Which of a clerk's ways; 0 takes the commonest form of a joined name.
        article: Whether it is a family name that bears the article.

    >>> latin("`abd|arraHmaan", "scholarly", 0), latin("qaaDii", "scholarly", 0, article=True)
    ('ʿAbd al-Raḥmān', 'al-Qāḍī')
    """
    draws = _draws(sounds, habit, variant)
    head, _, tail = sounds.partition("|")
    if tail:  # the article's vowel and its consonant, which a sun letter takes over, are written apart
        return _form(JOINED[habit], _letters(tail[2:], habit, draws), variant, draws)
    for before, written in _BEFORE:
        if head.startswith(before):
            rest = latin(head[len(before) :], habit, variant)
            return f"{written[int(next(draws) * len(written))] if variant else written[0]} {rest}"
    word = _letters(head, habit, draws)
    return _form(ARTICLES[habit], word, variant, draws) if article else _capital(word)


@cache
def arabic(word: str, variant: int, article: bool = False) -> str:
    """Return a word in Arabic as clerks write it: hamzas left out, last letters bare, joins open or closed.

    >>> arabic("أحمد", 0), arabic("أحمد", 1), arabic("عبد|الله", 0)
    ('أحمد', 'احمد', 'عبدالله')
    """
    draws = _draws(word, "arabic", variant)
    text = word.replace("|", "" if next(draws) < 0.5 or variant == 0 else " ")
    if article:
        text = "ال" + text if next(draws) < 0.85 or variant == 0 else text
    if variant == 0:
        return text
    if variant == 1 or next(draws) < 0.6:
        text = re.sub("[أإآ]", "ا", text)
    if next(draws) < 0.4:
        text = re.sub("ة$", "ه", text)
    if next(draws) < 0.4:
        text = re.sub("ى$", "ي", text) if text.endswith("ى") else re.sub("ي$", "ى", text)
    if next(draws) < 0.2:
        text = text.replace("ؤ", "و").replace("ئ", "ي").rstrip("ء")
    return text
