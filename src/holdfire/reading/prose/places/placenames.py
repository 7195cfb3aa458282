"""Names of places of a built gazetteer in a sentence: which capitalised words are one, and which are not.

A name in a large gazetteer is as often a person, an organisation, or a plain word. So a name of one word must
be a country, a unit or a town of some size, or lie in the country of the case, or stand where places stand
("in", "near", "the town of", ", Iraq"). A name that is part of a longer one ("Paris Hilton", "Homs Liwa",
"Aleppo Media Center") is no place. Of Arabic, what is written onto a name is seen through; of Russian, its
case endings.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from functools import lru_cache

from holdfire.reading.gazetteer.atlas import Atlas, Spot
from holdfire.reading.gazetteer.spelling import key
from holdfire.reading.prose.words.lexicon import lexicon, page, word_set, words
from holdfire.reading.prose.words.tokens import Sentence

KNOWN = 15_000
"""People of a town that is known by its bare name in a text that is not about its country."""


@dataclass(frozen=True)
class Words:
    """Words around names of places, folded by `key`."""

    before: frozenset[str]
    near: frozenset[str]
    sides: frozenset[str]
    kinds: dict[str, str]
    parts: frozenset[str]
    direct: frozenset[str]
    organisations: frozenset[str]
    facilities: frozenset[str]
    given: frozenset[str]
    titles: frozenset[str]
    loose: frozenset[str]
    common: frozenset[str]
    eponyms: frozenset[str]
    elements: frozenset[str]


@lru_cache(maxsize=1)
def known() -> Words:
    """Return the words around names of places, read once."""
    given = page("places")

    def some(name: str) -> frozenset[str]:
        return frozenset(key(word) for word in words(given[name]))

    kinds = {key(w): level for level, listed in given["kinds"].items() for w in words(listed)}
    return Words(
        some("in"), some("near"), some("sides"), kinds, some("parts"), frozenset(words(given["direct"])),
        some("organisations"), some("facilities"), some("given_names"), some("titles"), some("before_names"),
        some("common") | some("common_ar"), some("eponyms"), some("elements"),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Placename:
    """A name of the gazetteer in a sentence.

    Attributes:
        start: First token.
        end: The token after the last.
        key: The name as it is folded there.
        sure: Whether it stands where only a place stands.
    """

    start: int
    end: int
    key: str
    sure: bool = False


def word(s: Sentence, k: int) -> str:
    """Return a token folded; of Arabic without what is written onto a word that places stand by."""
    if k < 0 or k >= len(s):
        return ""
    raw = s.raws[k]
    if raw.isascii():
        return s.words[k]
    return _bare(raw)


@lru_cache(maxsize=65536)
def _bare(raw: str) -> str:
    around = known()
    for way in ways(raw):
        if way in around.before or way in around.near or way in around.kinds or way in around.sides:
            return way
    return key(raw)


_PROCLITICS = "وفبكل"


@lru_cache(maxsize=65536)
def ways(raw: str) -> tuple[str, ...]:
    """Return what a token may be in a gazetteer, folded: as it stands first, then without what is added.

    >>> ways("بحلب"), ways("للرقة"), "дамаск" in ways("Дамаске")
    (('بحلب', 'حلب'), ('للرقه', 'الرقه', 'لرقه', 'رقه'), True)
    """
    text = key(raw)
    if not text:
        return ()
    if "\u0621" <= text[0] <= "\u064a":
        found, rest = [text], text
        for _ in range(2):
            if len(rest) <= 3 or rest[0] not in _PROCLITICS:
                break
            if rest.startswith("لل"):
                found.append("ال" + rest[2:])
            rest = rest[1:]
            found.append(rest)
        return tuple(dict.fromkeys(found))
    if "\u0430" <= text[0] <= "\u044f" or text[0] in "іїєґ":
        return tuple(dict.fromkeys((text, *_nominatives(text))))
    return (text,)


def _nominatives(text: str) -> Iterator[str]:
    """Yield what the first case of a Russian name may be."""
    for ending, firsts in _endings():
        stem = text[: -len(ending)]
        if text.endswith(ending) and len(stem) >= 3:
            for first in firsts:
                yield stem + first


@lru_cache(maxsize=1)
def _endings() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return endings of Russian cases, each with those of the first case it may stand for, folded."""
    listed = [entry.split() for entry in words(page("places")["endings_ru"])]
    return tuple(
        (key(ending), tuple("" if f == "_" else key(f) for f in firsts)) for ending, *firsts in listed
    )


def placenames(
    s: Sentence, atlas: Atlas, home: str, taken: Set[int], persons: set[str] | None = None
) -> list[Placename]:
    """Return the names of the gazetteer in a sentence that stand for places, the longest first taken.

    Args:
        s: The sentence.
        atlas: The gazetteer.
        home: ISO code of the country of the case; empty: none.
        taken: Tokens that are something else.
        persons: Grows by the names that are part of the name of a person or of an organisation.
    """
    begun = [
        k
        for k, raw in enumerate(s.raws)
        if (raw[0].isupper() or "\u0621" <= raw[0] <= "\u064a")
        and k not in taken
        and any(atlas.begins(way) for way in ways(raw))
    ]
    if not begun:
        return []
    found: list[Placename] = []
    shouted = _titled(s)
    persons = persons if persons is not None else set()
    for k in begun:
        if not found or k >= found[-1].end:
            match = _longest(s, k, atlas, home, taken, persons, shouted=shouted)
            found += [match] if match is not None else []
    return found


def _titled(s: Sentence) -> bool:
    letters = [raw for raw in s.raws if raw[0].isalpha()]
    return len(letters) > 3 and sum(raw[0].isupper() for raw in letters) > 0.7 * len(letters)


def _longest(
    s: Sentence, k: int, atlas: Atlas, home: str, taken: Set[int], persons: set[str], *, shouted: bool
) -> Placename | None:
    """Return the longest name that begins at a token and stands for a place."""
    best: Placename | None = None
    spelled = [""]
    m, count = k, 0
    while m < len(s) and count < atlas.longest:
        if m in taken:
            break
        if s.tags[m] in "-Y" or (s.raws[m] == "." and m > k):
            m += 1
            continue
        each = ways(s.raws[m])
        if not each or not each[0][0].isalnum():
            break
        if m > k and not (
            s.raws[m][0].isupper() or not s.raws[m][0].isascii() or s.words[m] in _SMALL or each[0].isdigit()
        ):
            break
        spelled = [f"{before} {way}".strip() for before in spelled for way in each][:24]
        m, count = m + 1, count + 1
        for way in spelled:
            if not atlas.has(way):
                continue
            if _in_longer(s, k, m, shouted=shouted):
                persons.add(way)
            elif (stands := _stands(s, k, m, way, atlas, home)) > 0:
                best = Placename(k, m, way, stands > 1)
                break
    return best


_SMALL = word_set("of the and de la le les du des del al el ul ad an ar as ash at az ez es sur am upon en na")


def _stands(s: Sentence, i: int, j: int, name: str, atlas: Atlas, home: str) -> int:  # noqa: PLR0911 - each return is one rule
    """Return how surely a name of the gazetteer stands for a place: 2 beyond doubt, 1 likely, 0 not."""
    around = known()
    if s.tags[j - 1] == "'" or _modifies(s, j):
        return 0
    spots = atlas.called(name)
    one = j - i == 1
    latin = not "\u0621" <= s.raws[i][0] <= "\u064a"
    if any(spot.level in ("country", "region") for spot in spots):
        return 0 if one and len(name) <= 3 and not s.raws[i].isupper() else 2
    if one and (name in around.sides or (latin and name in lexicon().classes)):
        return 0
    if one and home and name in around.elements:
        return 0
    placed = _placed(s, i, j)
    if one and (name in around.common or (latin and name in lexicon().verbs)):
        return placed if placed > 1 and word(s, j) not in around.kinds else 0
    unit = any(spot.level == "governorate" for spot in spots)
    if one and len(name) <= 3 and latin and not unit:
        return placed * (not s.raws[i].isupper())
    if placed == 0 and _speaks(s, j) and not unit:
        return 0
    big = any(_is_known(spot, home, latin=latin) for spot in spots)
    if one and not big and (not latin or i > 0):
        return placed
    if one and not big:
        return placed * (placed > 1)
    return max(placed, int(big)) + unit


def _modifies(s: Sentence, j: int) -> bool:
    """Return whether a name is half of a modifier: "Paris-based", "Marburg virus"."""
    if j < len(s) and s.tags[j] == "-" and s.starts[j] == s.ends[j - 1]:
        return not _pair(s, j)
    return word(s, j) in known().eponyms


def _speaks(s: Sentence, j: int) -> bool:
    """Return whether a verb of saying follows: towns do not speak, people called like them do."""
    return j < len(s) and s.tags[j] in "zek" and s.lemmas[j] in lexicon().cues


def _is_known(spot: Spot, home: str, *, latin: bool) -> bool:
    if spot.level == "governorate":
        return True
    if home and spot.country == home:
        return latin or spot.population >= KNOWN
    return spot.population >= (KNOWN if latin else 100_000)


def _pair(s: Sentence, j: int) -> bool:
    """Return whether a hyphen joins two names: "the Aleppo-Damascus highway"."""
    return j + 1 < len(s) and (s.raws[j + 1][0].isupper() or not s.raws[j + 1][0].isascii())


def _placed(s: Sentence, i: int, j: int) -> int:
    """Return how surely a name stands where places stand: 2 beyond doubt, 1 likely, 0 not."""
    around = known()
    before, after = word(s, i - 1), word(s, j)
    if before == "the" and i > 1:
        before = word(s, i - 2)
    if before in around.kinds or (before == "of" and word(s, i - 2) in around.kinds) or after in around.kinds:
        return 2
    comma = j + 1 < len(s) and s.tags[j] == "," and s.raws[j + 1][0].isupper()
    if before in around.near or (comma and before in ("in", "near", "at", "from")):
        return 2
    if before in around.before or before in around.sides or (i and s.lemmas[i - 1] in around.direct):
        return 1
    listed = before in ("and", "or", ",", "-") and i >= 2
    widened = after in around.near and s.raws[i].isascii()
    return 1 if comma or listed or widened else 0


def _in_longer(s: Sentence, i: int, j: int, *, shouted: bool) -> bool:  # noqa: PLR0911 - each return is one rule
    """Return whether a name is part of a longer one: of a person, of an organisation."""
    around = known()
    before, after = word(s, i - 1), word(s, j)
    if shouted:
        return after in around.organisations and after not in around.facilities
    if before in around.titles and s.raws[i - 1][0].isupper():
        return True
    if i and s.tags[i - 1] == "E" and s.raws[i - 1][0].isupper() and before not in around.loose:
        return before in around.given or (before not in around.near and before not in around.kinds)
    k = j
    tail: list[str] = []
    while k < len(s) and len(tail) < 5 and (s.raws[k][0].isupper() or (s.words[k] in ("of", "for") and tail)):
        if s.starts[k] > s.ends[k - 1] + 1:
            break
        tail.append(s.words[k])
        k += 1
    if not tail:
        return after in ("liwa", "brigade", "battalion") and j < len(s)
    if any(t in around.organisations for t in tail) and tail[0] not in around.kinds:
        return True
    if tail[0] in around.facilities or tail[0] in around.kinds or tail[0] in around.loose:
        return False
    return word(s, i) in around.given and j - i == 1
