"""Whether the name of a capital or a country stands for who governs there: then it is no place.

"Washington eyes strikes" and "talks between Damascus and Ankara" are about governments; "a blast in
Damascus" and "Damascus was shelled" about a place. A preposition of place makes a place, unless what stands
before it is said to governments ("a message to Moscow"); the subject of a verb that only people do is a
government; what is shelled, entered or reached is a place.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from holdfire.reading.gazetteer.spelling import key
from holdfire.reading.prose.places.placenames import ways, word
from holdfire.reading.prose.words.lexicon import page, words
from holdfire.reading.prose.words.tokens import Sentence

_SUBJECT = "zekvMhbd"


@dataclass(frozen=True)
class _Words:
    within: frozenset[str]
    towards: frozenset[str]
    addressed: frozenset[str]
    between: frozenset[str]
    struck: frozenset[str]
    harmed: frozenset[str]
    acted: frozenset[str]
    owned: frozenset[str]
    kinds: frozenset[str]
    elsewhere: frozenset[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    given = page("metonyms")
    names = ("within", "towards", "addressed", "between", "struck", "harmed", "acted", "owned", "kinds")
    some = {name: frozenset(words(given[name])) for name in names}
    return _Words(**some, elsewhere=frozenset(key(each) for each in words(given["elsewhere"])))


def governs(s: Sentence, i: int, j: int) -> bool:  # noqa: PLR0911, C901 - each return is one rule
    """Return whether the name at tokens `i` to `j` stands for a government here."""
    known = _words()
    k = i - 1
    while k >= 0 and s.words[k] == "the":
        k -= 1
    before = s.words[k] if k >= 0 else ""
    after = s.words[j] if j < len(s) else ""
    if not s.raws[i].isascii() or (before and not before.isascii()) or before in known.elsewhere:
        return not (word(s, k) in known.elsewhere or ways(s.raws[i])[0].startswith(("ب", "وب", "فب")))
    if after == "'s":
        owned = next((s.words[m] for m in range(j + 1, min(len(s), j + 4)) if s.tags[m] not in "JD#"), "")
        return owned not in known.owned
    if after in known.kinds or before in known.kinds or (after == "," and before in known.within):
        return False
    if before in known.within:
        return False
    if before in known.towards:
        return _addressed(s, k) and not _struck_before(s, k)
    if before in ("and", "or", ",") and (other := _partner(s, k)) is not None:
        return _addressed(s, other)
    if before == "between":
        return _addressed(s, k)
    if k >= 0 and s.tags[k] in "vzeng" and s.lemmas[k] in known.struck:
        return False
    if k >= 0 and s.tags[k] in "vzeng":
        return True
    verb = _verb_after(s, j)
    if verb < 0:
        return True
    if s.lemmas[verb] in known.harmed or (s.lemmas[verb] in known.struck and _passive(s, verb)):
        return s.lemmas[verb] in known.acted and not _passive(s, verb)
    return True


def _partner(s: Sentence, k: int) -> int | None:
    """Return the preposition that "X and" of "between X and Y" stands after; None: it is no such pair."""
    for m in range(k - 1, max(-1, k - 5), -1):
        if s.words[m] in ("between", "with", "to", "from", "on", "of"):
            return m
        if s.tags[m] not in "E,'CJ" or s.tags[m] == "'":
            return None
    return None


def _addressed(s: Sentence, k: int) -> bool:
    """Return whether what stands before a preposition is what governments say, have or are told."""
    known = _words()
    for m in range(k - 1, max(-1, k - 6), -1):
        if s.tags[m] in ";:_":
            return False
        if {s.lemmas[m], s.words[m], s.words[m].removesuffix("s")} & known.addressed:
            return True
    return False


def _struck_before(s: Sentence, k: int) -> bool:
    return s.words[k - 1 : k] in (["way"], ["road"], ["highway"], ["flight"], ["flights"])


def _verb_after(s: Sentence, j: int) -> int:
    """Return the main verb of which a name may be the subject; -1: none follows."""
    m = j
    if m + 1 < len(s) and s.tags[m] == "," and s.tags[m + 1] in "W":
        while m < len(s) and s.tags[m] not in ".;" and not (s.tags[m] == "," and m > j + 1):
            m += 1
        m += 1
    while m < len(s) and m < j + 8:
        if s.tags[m] in "zekvng":
            return m
        if s.tags[m] not in "BMXbhdTPECE,ND#'":
            return -1
        m += 1
    return -1


def _passive(s: Sentence, verb: int) -> bool:
    return s.tags[verb] in "en" and any(
        s.tags[m] == "b" or s.words[m] in ("been", "being") for m in range(max(0, verb - 3), verb)
    )
