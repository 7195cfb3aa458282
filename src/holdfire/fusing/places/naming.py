"""Names of places become ASCII keys: the bones of their words without articles, kinds of place and exonyms.

A name is cut at spaces and marks. Words that say what kind of place it is (village, street, حي) are left out
unless nothing else stands; known foreign names (Aleppo) become the native one. Each distinct word, and each
distinct name, is looked at once. A string often names a place and what it lies in ("Al-Sukkari, Aleppo"):
`place_parts` gives a key for each, whatever the order of its words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

import pyarrow as pa

from holdfire.documents import ours
from holdfire.fusing.spelling import Forms, letters, of_letters

VERSION = "places-2"
"""Changes whenever a key of some name would change."""

LONGEST = 200
"""Characters of a name that are looked at."""

_WITHIN = re.compile(r"[,،/;(\[]| neighbou?rhood ")
_PARTS = re.compile(r"[,،;/()\[\]:]|\s-\s|\b(?:in|near|nr|and|outside)\b", re.IGNORECASE)
_CUT = re.compile(r"[\s\-‐-―_/\\.,;:+*|،؛\"«»“”\[\]{}<>()]+")


@dataclass(frozen=True)
class Words:
    """What is known of words in names of places.

    Attributes:
        kinds: Words in letters that say what kind of place it is.
        quarters: Words in letters that say in what part of a place; alone they name none.
        articles: Forms of the article, in letters.
        native: For a foreign name in letters, the words of the native one.
    """

    kinds: frozenset[str]
    quarters: frozenset[str]
    articles: frozenset[str]
    native: dict[str, tuple[str, ...]]


@cache
def words() -> Words:
    """Return what is known of words, read once from words.yaml."""
    found = ours(
        files("holdfire.fusing.places").joinpath("words.yaml").read_text(encoding="utf-8"), "words.yaml"
    )
    native = {
        letters(foreign): tuple(letters(each) for each in str(name).split())
        for name, listed in found["exonyms"].items()
        for foreign in listed
    }

    def listed(under: str) -> frozenset[str]:
        return frozenset(letters(str(each)) for each in found[under])

    return Words(listed("kinds"), listed("quarters"), listed("articles"), native)


def place_forms(name: str) -> list[Forms]:
    """Return the forms of the words of a name that tell it from others, in order.

    >>> [each.bones for each in place_forms("Tall Rif'at")] == [each.bones for each in place_forms("تل رفعت")]
    True
    >>> [each.bones for each in place_forms("Aleppo city")] == [
    ...     each.bones for each in place_forms("مدينة حلب")
    ... ]
    True
    """
    exact, bare = _words_of(name)
    telling = [each for each in bare if each not in words().kinds]
    return [of_letters(each) for each in dict.fromkeys(telling or bare or exact)]


def _words_of(name: str) -> tuple[list[str], list[str]]:
    """Return the words of a name in letters, native, and those of them that are no article, bare of one."""
    known = words()
    exact = [letters(each) for each in _CUT.split(name[:LONGEST])]
    exact = [part for each in exact if each for part in known.native.get(each, (each,))]
    pairs = zip(["", *exact], exact, strict=False)
    bare = [
        each if before in known.articles else _bare(each)
        for before, each in pairs
        if each not in known.articles
    ]
    return exact, bare


def place_parts(name: str) -> list[str]:
    """Return a key for each part of a place string that names a place, in their order, none twice.

    Two keys that are equal may still be of two places; distance, and how common the key is, say how much
    that means.

    >>> place_parts("Al-Sukkari, Aleppo"), place_parts("Kafr Zayta town") == place_parts("كفر زيتا")
    (['skr', 'hlb'], True)
    """
    found = [_part(each) for each in _PARTS.split(name[:LONGEST])]
    return list(dict.fromkeys(key for key in found if key))


@lru_cache(maxsize=65536)
def _part(part: str) -> str:
    """Return the key of one part; none if it names no place but says of what kind, or where about, one is."""
    known = words()
    exact, bare = _words_of(part)
    if not exact or (bare and all(each in known.kinds or each in known.quarters for each in bare)):
        return ""
    return "".join(sorted(each.bones for each in place_forms(part)))


def place_head(name: str) -> str:
    """Return the part of a name that is most its own: what stands before a comma, a slash or a bracket.

    >>> place_head("Sheikh Hadid, Afrin"), place_head("(Hamra)")
    ('Sheikh Hadid', '(Hamra)')
    """
    head = _WITHIN.split(name[:LONGEST], maxsplit=1)[0]
    return head if letters(head) else name


def place_keys(names: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return the key of each name: the bones of its words, run together; null: nothing to compare."""
    chunked = names if isinstance(names, pa.ChunkedArray) else pa.chunked_array([names])
    coded = chunked.cast(pa.string()).combine_chunks().dictionary_encode()
    keys = [
        "".join(each.bones for each in place_forms(name)) or None for name in coded.dictionary.to_pylist()
    ]
    return pa.array(keys, pa.string()).take(coded.indices)


def _bare(word: str) -> str:
    """Return a word in letters without the article that is written onto it."""
    if word.startswith("AL") and len(word) > 4:
        return word[2:]
    if word.startswith(("al", "el")) and len(word) > 5 and word[2] not in "aeiouyl":
        return word[2:]
    if word.startswith("el") and len(word) > 5 and word[2] in "aou":
        return word[2:]  # the gazetteers of Syria write Deir Eladas
    return word
