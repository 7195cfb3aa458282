"""Public names in a sentence: where the dictionaries find someone, on the days a text may be of.

The longest name wins. A word that a name writes with a capital has one in the text too, and a name of up to
five capitals ("SDF") is found only in capitals. What is written onto a name is seen through: the Arabic
"and", "in", "for", the French "l'". The work is a step a token, and most tokens take none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from holdfire.reading.dictionary import Found, Name, dictionary, key, meant
from holdfire.reading.prose.words.lexicon import word_set
from holdfire.reading.prose.words.tokens import Sentence

Days = tuple[date | None, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A public name found in a sentence.

    Attributes:
        start: First token.
        end: The token after the last.
        found: Whom it means, and by which of their names.
    """

    start: int
    end: int
    found: Found

    @property
    def part(self) -> str:
        """Return what sort of name it is: name, demonym, capital, house, holder."""
        return self.found.name.part


def hits(s: Sentence, days: Days) -> list[Hit]:
    """Return the public names in a sentence, in order, none overlapping another."""
    found: list[Hit] = []
    past = 0
    for k, (raw, word) in enumerate(zip(s.raws, s.words, strict=True)):
        opened = _opened(raw, word)
        if not opened or k < past:
            continue
        tried = (_longest(s, k, words, bare, days) for words, bare in opened)
        hit = next((each for each in tried if each is not None), None)
        if hit is not None:
            found.append(hit)
            past = hit.end
    return found


@lru_cache(maxsize=65536)
def _opened(raw: str, word: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    """Return the ways in which a token opens a public name; most tokens open none."""
    first = raw[0]
    common = first.islower() and first.isascii() and word not in _small() and "'" not in raw
    if common or not first.isalpha():
        return ()
    tree = dictionary().tree
    return tuple((words, bare) for words, bare in _ways(raw) if words and words[0] in tree)


def _longest(s: Sentence, k: int, words: tuple[str, ...], bare: str, days: Days) -> Hit | None:
    """Return the longest name that begins at token `k`."""
    node: Mapping[str, Any] | None = dictionary().tree
    best: Hit | None = None
    used: list[str] = []
    m, count = k, len(s)
    while True:
        for word in words:
            node = node.get(word) if node is not None else None
        if node is None:
            return best
        used.append(bare)
        m += 1
        if "" in node and (found := meant(node[""], days)) is not None and _written(found.name, used):
            best = Hit(k, m, found)
        while m < count and (s.tags[m] in "-Y" or s.raws[m] == "."):
            m += 1
        if m >= count:
            return best
        bare = s.raws[m]
        words = key(bare)
        if not words:
            return best


def _written(name: Name, raws: list[str]) -> bool:
    """Return whether a name is written as names are: its capitals are capitals here too."""
    shout, capitals = _pattern(name)
    if shout:
        return raws[0].isupper() and (len(raws) == 1 or raws[-1][:1].isupper())
    if len(capitals) != len(raws):
        return any(raw[:1].isupper() or not raw[:1].isascii() for raw in raws)
    return all(raw[:1].isupper() or not wanted for raw, wanted in zip(raws, capitals, strict=True))


@lru_cache(maxsize=8192)
def _pattern(name: Name) -> tuple[bool, tuple[bool, ...]]:
    bare = name.text.replace("/", " ").replace("'s ", " 's ").replace("-", " ").split()
    letters = "".join(bare).replace(".", "")
    shout = len(bare) == 1 and letters.isupper() and len(letters) <= 5
    if name.part in ("demonym", "capital", "house"):
        return False, (True, *(False for _ in bare[1:]))
    return shout, tuple(part[0].isupper() and part.lower() != "the" for part in bare)


@lru_cache(maxsize=1)
def _small() -> frozenset[str]:
    """Return the words in lower case that a public name may begin with."""
    starts = set(word_set("al an ar as ash at el de the"))
    for entity in dictionary().entities.values():
        for name in entity.names:
            if name.part == "name" and name.text[0].islower():
                starts.add(name.text.replace("-", " ").split()[0].lower())
    return frozenset(starts)


_PROCLITICS = "وفبكل"
_ELIDED = word_set("l d qu s n")


@lru_cache(maxsize=65536)
def _ways(raw: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    """Return the words a token may be, each with how it is written: "بروسيا" is "Russia" after "in"."""
    ways = [(key(raw), raw)]
    if "'" in raw:
        before, _, after = raw.partition("'")
        if before.lower() in _ELIDED and after:
            ways.insert(0, (key(after), after))
    if "\u0600" <= raw[0] <= "\u06ff":
        rest = raw
        for _ in range(2):
            if len(rest) <= 3 or rest[0] not in _PROCLITICS:
                break
            if rest.startswith("لل"):
                ways.append((key("ال" + rest[2:]), rest))
            rest = rest[1:]
            ways.append((key(rest), rest))
    return tuple(ways)
