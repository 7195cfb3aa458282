"""Keys of place names: the same for `Kafr Zayta town`, `Kafar Zita` and the Arabic for both.

A place string names a place and often what it lies in ("Al-Sukkari, Aleppo"). Each part becomes a key of
ASCII consonants, without articles and without words of kind ("town", "near"); two keys that are equal may
still be two places, and it is for distance and for how common the key is to say how much that means.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_PARTS = re.compile(r"[,،;/()\[\]:]|\s-\s|\b(?:in|near|and|of)\b")
_APART = re.compile(r"[^a-z\u0621-\u064a]+")
_MARKS = re.compile("['’‘ʼʿʾ`´′“”\"\u0640\u064b-\u065f\u0670]")
_KIND_WORDS = """
    town village city suburb district subdistrict governorate province neighbourhood neighborhood area areas
    camp region countryside vicinity farm farms junction road street the a northern southern eastern western
    north south east west central rural mount mountain hill several various outskirts
    مدينه بلده قريه ريف محافظه منطقه ناحيه حي مخيم شارع طريق جبل مزرعه قرب شمال جنوب شرق غرب"""
_KINDS = frozenset(_KIND_WORDS.split())
_ARTICLE_FORMS = "al el ul il l ar er ad ed ash esh az ez as es at et an en adh ath ud ur us uz"
_ARTICLES = frozenset(_ARTICLE_FORMS.split())
_LETTERS = str.maketrans({
    **dict.fromkeys("أإآٱ", "ا"), "ة": "ه", "ى": "ي", "ی": "ي", "ؤ": "و", "ئ": "ي", "ء": "", "ک": "ك",
    "گ": "ج", "پ": "ب", "چ": "ج", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "ß": "ss", "æ": "a",
    "œ": "o", "þ": "t",
})  # fmt: skip
_OF_ARABIC = {
    "ب": "b", "ت": "t", "ث": "t", "ج": "j", "ح": "", "خ": "x", "د": "d", "ذ": "d", "ر": "r", "ز": "z",
    "س": "s", "ش": "c", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "غ": "g", "ف": "f", "ق": "k", "ك": "k",
    "ل": "l", "م": "m", "ن": "n",
}  # fmt: skip
_DIGRAPHS = (
    ("tch", "c"), ("sh", "C"), ("ch", "C"), ("kh", "x"), ("gh", "G"), ("th", "t"), ("dh", "d"), ("dj", "j"),
    ("zh", "j"), ("ph", "f"), ("c", "k"), ("C", "c"), ("g", "j"), ("G", "g"), ("q", "k"), ("v", "f"),
    ("p", "b"), ("ks", "x"),
)  # fmt: skip
_KEPT = re.compile("[^bcdfgjklmnrstxz]")
_DOUBLED = re.compile(r"(.)\1+")


def keys(name: str) -> list[str]:
    """Return the keys of the parts of a place string, in its order, none twice.

    >>> keys("Al-Sukkari, Aleppo"), keys("Kafr Zayta town") == keys("كفر زيتا")
    (['skr', 'lb'], True)
    """
    text = _MARKS.sub("", unicodedata.normalize("NFKC", name).casefold()).translate(_LETTERS)
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    found = [key for part in _PARTS.split(text) if (key := _key(part))]
    return list(dict.fromkeys(found))


@lru_cache(maxsize=65536)
def _key(part: str) -> str:
    words = [w for w in _APART.split(part) if w]
    kept = [w for n, w in enumerate(words) if w not in _KINDS and not (w in _ARTICLES and n + 1 < len(words))]
    return "".join(_consonants(w) or w[:1] for w in kept if w.isascii() or _consonants(w))


def _consonants(word: str) -> str:
    if not word.isascii():
        bare = word.removeprefix("ال") if len(word) > 4 else word
        return _DOUBLED.sub(r"\1", "".join(_OF_ARABIC.get(c, "") for c in bare))
    if len(word) > 4 and word[:2] == "al" and word[2] not in "aeiouyl":
        word = word[2:]
    for written, sound in _DIGRAPHS:
        word = word.replace(written, sound)
    return _DOUBLED.sub(r"\1", _KEPT.sub("", word))
