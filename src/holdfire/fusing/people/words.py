"""What is known of the words that names of people are made of: read once from words.yaml and names.tsv.

A word is known by its `spelling.letters`, so one entry serves every way to write hamza, ya, marks and case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from holdfire.documents import ours
from holdfire.fusing.spelling import Forms, letters, of_letters

VERSION = "people-2"
"""Changes whenever a name would be taken apart or keyed otherwise."""

_AL = ("al", "el", "ul", "il")
_AL_ARABIC = "AL"
_INTO = re.compile("^(abd(?=[aeiou]*l)|EBD(?=AL)|ABW(?=AL))(?:[aeiou]+l|AL)(?=.{3})")
_ABU = re.compile("^abo?u?l(?=[b-df-hj-np-tv-z])|^abou")


@dataclass(frozen=True)
class Words:
    """What each word does in a name.

    Attributes:
        kinds: For a word in letters, the lists of words.yaml that hold it.
        names: For a spelling in letters, the common name that it is.
        sounds: For a sound, the one common name that sounds so.
    """

    kinds: dict[str, frozenset[str]]
    names: dict[str, str]
    sounds: dict[str, str]

    def are(self, word: str, kind: str) -> bool:
        """Return whether a word in letters is of a kind."""
        return kind in self.kinds.get(word, ())

    def name(self, found: Forms) -> str:
        """Return the common name that a word is; empty: none that is known."""
        return self.names.get(found.letters, "") or self.sounds.get(found.sound, "")

    def bare(self, word: str) -> str:
        """Return a word in letters without the article that is written onto it, or into it after abd or abu.

        >>> words().bare("alkhatib"), words().bare("ALX3YB"), words().bare("ali"), words().bare("ALYAS")
        ('khatib', 'X3YB', 'ali', 'ALYAS')
        >>> words().bare("abdulkarim"), words().bare("aboulkheir"), words().bare("EBDALKRYM")
        ('abdkarim', 'abukheir', 'EBDKRYM')
        """
        if word.startswith(("abd", "abo", "abu", "EBD", "ABW")):
            return _INTO.sub(r"\1", _ABU.sub("abu", word)) if len(word) > 6 else word
        if self.are(word, "no_article"):
            return word
        if word.startswith(_AL_ARABIC) and len(word) > 4:
            return word[2:]
        if word.startswith(_AL) and len(word) > 5 and word[2] not in "aeiouyl":
            return word[2:]
        return word


@cache
def words() -> Words:
    """Return what is known of words."""
    kinds: dict[str, set[str]] = {}
    for kind, listed in ours(_text("words.yaml"), "words.yaml").items():
        for word in listed:
            kinds.setdefault(letters(str(word)), set()).add(str(kind))
    return Words({word: frozenset(found) for word, found in kinds.items() if word}, *_names())


def _names() -> tuple[dict[str, str], dict[str, str]]:
    """Return the common name of each spelling, and of each sound that is of one name alone."""
    exact: dict[str, str] = {}
    sounds: dict[str, set[str]] = {}
    for line in _text("names.tsv").splitlines():
        if line.startswith("#"):
            continue
        name, arabic, latin = line.split("\t")
        for word in [*arabic.split(), *latin.split()]:
            found = of_letters(letters(word))
            exact[found.letters] = "" if name == "?" else name
            if found.sound:
                sounds.setdefault(found.sound, set()).add(name)
    single = {sound: next(iter(found)) for sound, found in sounds.items() if len(found) == 1}
    return exact, {sound: name for sound, name in single.items() if name != "?"}


def _text(file: str) -> str:
    return files("holdfire.fusing.people").joinpath(file).read_text(encoding="utf-8")
