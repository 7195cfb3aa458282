"""How two spellings of one place name are known for the same: folded keys, and a distance of sounds.

A name has a `key` (exact but for case, marks and letters that are written either way), `sounds` (one
character a sound, from Latin or Arabic letters), and `bones` (its consonants by class, the same in either
script), by which candidates are found. `unlikeness` then says how far two names lie apart. The habits of
romanisation are data, in `romanising.tsv`; costs learned from pairs of names are added by the user.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

FOLDING = "fold-1"
"""Changes whenever a key or bones of some name would change; a built gazetteer is then folded anew."""

_APART = re.compile(r"[-‐‑–—_./\s]+")
_DROPPED = re.compile(
    "['’‘ʼʿʾ`´′“”\"\u0640\u064b-\u065f\u0670\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\u00ad]"
)
_LETTERS = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"), "ة": "ه", "ى": "ي", "ی": "ي", "ې": "ي", "ؤ": "و", "ئ": "ي", "ء": "",
        "ک": "ك", "گ": "ك", "ڭ": "ك", "چ": "ج", "پ": "ب", "ڤ": "ف", "ھ": "ه", "ە": "ه",
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th",
    }
)  # fmt: skip


def key(name: str) -> str:
    """Return the form in which a name is looked up: case, marks, hyphens, hamzas and the like folded.

    >>> key("Ma’arrat  an-Nu‘mān"), key("الرّقّة") == key("الرقه")
    ('maarrat an numan', True)
    """
    text = _DROPPED.sub("", unicodedata.normalize("NFKC", name).casefold())
    text = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    text = "".join(c for c in text if not unicodedata.combining(c))
    return _APART.sub(" ", text).strip().removeprefix("the ")


@dataclass(frozen=True)
class Habits:
    """What is known of spelling.

    Attributes:
        words: For each spelling of a common element of names, the one that stands for all.
        articles: Forms of the Arabic article written apart.
        likes: For two sounds, what it costs to take one for the other.
    """

    words: Mapping[str, str]
    articles: frozenset[str]
    likes: Mapping[tuple[str, str], float]


@lru_cache(maxsize=1)
def habits() -> Habits:
    """Return the general habits of romanisation, read once."""
    words: dict[str, str] = {}
    articles: set[str] = set()
    likes: dict[tuple[str, str], float] = {}
    text = files("holdfire.reading.gazetteer").joinpath("romanising.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        kind, _, rest = line.partition("\t")
        if kind == "word":
            first, *forms = rest.split()
            words |= {key(form): first for form in forms}
        elif kind == "article":
            articles |= set(rest.split())
        elif kind == "like":
            one, other, cost = rest.split()
            likes[one, other] = likes[other, one] = float(cost)
    return Habits(words, frozenset(articles), likes)


_GLUED = re.compile(r"^[ae](?:(sh|th|dh|[tdrzsn])(?=\1))")
_FOREIGN = re.compile("[^a-zXTDG]")
_DOUBLED = re.compile(r"(.)\1+")
_ARABIC = re.compile(r"[\u0621-\u064a]+")
_DIGRAPHS = (
    ("tch", "X"), ("sch", "X"), ("sh", "X"), ("ch", "X"), ("kh", "x"), ("gh", "G"), ("th", "T"), ("dh", "D"),
    ("zh", "D"), ("dj", "j"), ("ck", "k"), ("ph", "f"), ("ee", "i"), ("oo", "u"), ("ou", "u"), ("aw", "o"),
    ("au", "o"), ("ow", "o"), ("ai", "e"), ("ay", "e"), ("ei", "e"), ("ey", "e"), ("iy", "i"), ("uw", "u"),
    ("aa", "a"), ("ie", "i"), ("c", "k"),
)  # fmt: skip
_OF_ARABIC = {
    "ا": "A", "ب": "b", "ت": "t", "ث": "T", "ج": "j", "ح": "h", "خ": "x", "د": "d", "ذ": "D", "ر": "r",
    "ز": "z", "س": "s", "ش": "X", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "ع": "", "غ": "G", "ف": "f",
    "ق": "q", "ك": "k", "ل": "l", "م": "m", "ن": "n", "ه": "h", "و": "w", "ي": "y",
}  # fmt: skip
_CLASS = {
    **dict.fromkeys("kqgGxj", "k"), **dict.fromkeys("tTdDz", "t"), **dict.fromkeys("sX", "s"),
    "p": "b", "v": "f", **{c: c for c in "brlmnf"},
}  # fmt: skip
VOWELS = frozenset("aeiouA")
_SHORT = frozenset("aeiou")
_WEAK = frozenset("wyh")


@lru_cache(maxsize=65536)
def sounds(name: str) -> str:
    """Return a name as it sounds, one character a sound, without articles; empty: neither script is ours.

    >>> sounds("Dayr az-Zawr"), sounds("Deir Ezzor"), sounds("دير الزور")
    ('derzor', 'derzor', 'dyrzwr')
    """
    text = key(name)
    parts = text.split()
    if _ARABIC.search(text):
        return "".join(_of_arabic(part, last=n == len(parts) - 1) for n, part in enumerate(parts))
    kept = [p for n, p in enumerate(parts) if not (p in habits().articles and _article(parts, n))]
    return "".join(_of_latin(part) for part in kept)


def _article(parts: list[str], n: int) -> bool:
    """Return whether a short word is the article of the next, and not a name itself."""
    if n + 1 >= len(parts):
        return False
    word, following = parts[n], parts[n + 1]
    if word in ("al", "el", "ul", "il", "l"):
        return True
    return following.startswith(word[1:])


def _of_latin(word: str) -> str:
    known = habits().words.get(word)
    if known is not None:
        return known
    if glued := _GLUED.match(word):
        word = word[glued.end() :]
    elif len(word) > 5 and word.startswith(("al", "el")) and word[2] not in "aeiouyl":
        word = word[2:]
    for written, sound in _DIGRAPHS:
        word = word.replace(written, sound)
    word = _DOUBLED.sub(r"\1", _FOREIGN.sub("", word))
    if len(word) > 2 and word[-1] == "h" and word[-2] in VOWELS:
        word = word[:-1]
    return word


def _of_arabic(word: str, *, last: bool) -> str:
    if len(word) > 3 and word.startswith("ال"):
        word = word[2:]
    if last and word.endswith("ه") and len(word) > 2:
        word = word[:-1] + "ا"
    elif word.endswith("ه") and len(word) > 3:
        word = word[:-1] + "ت"
    return "".join(_OF_ARABIC.get(letter, "") for letter in word)


@lru_cache(maxsize=65536)
def bones(name: str) -> str:
    """Return the consonants of a name by class, the same from Latin and Arabic letters.

    >>> bones("Termanin") == bones("ترمانين"), bones("Thiban") == bones("ذيبان")
    (True, True)
    """
    found = "".join(_CLASS.get(c, "") for c in sounds(name))
    return _DOUBLED.sub(r"\1", found)


@dataclass(frozen=True)
class Learned:
    """What pairs of names taught: costs of sounds, lower than the general ones where pairs often differ so.

    Attributes:
        likes: For two sounds, the cost.
        words: Further spellings of elements of names.
    """

    likes: Mapping[tuple[str, str], float] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


NOTHING = Learned()


def unlikeness(one: str, other: str, learned: Learned = NOTHING) -> float:
    """Return how far two names lie apart by sound, 0 the same; above about 1 they are two names.

    Args:
        one: A name in Latin or Arabic letters.
        other: Another.
        learned: Costs learned from pairs.
    """
    return distance_of_sounds(sounds(one), sounds(other), learned)


def distance_of_sounds(a: str, b: str, learned: Learned = NOTHING) -> float:
    """Return the least cost of turning one row of sounds into another."""
    if a == b:
        return 0.0
    # Arabic writes no short vowels: a vowel that only one side writes costs little there, and since so much
    # is left open, two names of two scripts never lie nearer than two that differ in one vowel.
    across = _arabic(a) != _arabic(b)
    unwritten = 0.06 if across else 0.25
    likes = habits().likes
    before = [0.0]
    for c in b:
        before.append(before[-1] + _alone(c, unwritten))
    for c in a:
        row = [before[0] + _alone(c, unwritten)]
        for j, d in enumerate(b):
            swap = 0.0 if c == d else learned.likes.get((c, d), likes.get((c, d), 1.0))
            left, right = _alone(c, unwritten), _alone(d, unwritten)
            row.append(min(before[j] + swap, before[j + 1] + left, row[j] + right))
        before = row
    return before[-1] + (0.12 if across else 0.0)


def _arabic(sound: str) -> bool:
    """Return whether sounds were read from Arabic letters: no short vowel is among them."""
    return not _SHORT.intersection(sound)


def _alone(sound: str, unwritten: float) -> float:
    """Return what a sound costs that only one side has."""
    if sound in VOWELS:
        return unwritten if sound != "A" else 0.2
    return 0.3 if sound in _WEAK else 1.0
