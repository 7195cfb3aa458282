"""The noun phrases that names stand in: their head, the office that goes on, what makes them somebody else's.

Also the words that blame and name nobody, and those that say somebody acts: dictionaries/words.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from holdfire.reading.dictionary import listed, page
from holdfire.reading.prose.words.lexicon import page as lexicon_page
from holdfire.reading.prose.words.lexicon import word_set, words
from holdfire.reading.prose.words.peoples import is_civilian
from holdfire.reading.prose.words.syntax import phrase_right
from holdfire.reading.prose.words.tokens import Sentence


@lru_cache(maxsize=1)
def name_words() -> Mapping[str, frozenset[str]]:
    """Return the lists of words around names, by their key in dictionaries/words.yaml."""
    known = {name: frozenset(listed(str(text))) for name, text in page("words").items()}
    return {**known, "policy": frozenset(words(lexicon_page("guards")["capitals_policy"]))}


def is_label(word: str) -> bool:
    """Return whether a word blames and names no group."""
    return word in name_words()["labels"]


def is_agent(word: str) -> bool:
    """Return whether a noun names someone armed or in power."""
    return word in name_words()["agents"]


_QUANTITIES = word_set("dozens hundreds thousands scores number tens handful majority members some many most")


def head_of(s: Sentence, i: int, j: int) -> int:
    """Return the noun a phrase is about: "groups" of "dozens of militant groups"; -1: none."""
    stop = next(
        (k for k in range(i, j) if s.words[k] == "of" and k > i and s.words[k - 1] not in _QUANTITIES), j
    )
    for k in range(stop - 1, i - 1, -1):
        if s.tags[k] in "NEz" or is_agent(s.words[k]) or is_civilian(s.words[k]):
            return k
    return -1


def blames(s: Sentence, i: int, j: int, head: int) -> bool:
    """Return whether a phrase only blames: "the regime's thugs", "the Zionist entity"."""
    for k in range(i, j - 1):
        if f"{s.words[k]} {s.words[k + 1]}" in name_words()["label_phrases"]:
            return True
    return head > i + 1 and is_label(s.words[head]) and "'" in s.tags[i:head]


def office_end(s: Sentence, end: int, j: int) -> int:
    """Return where "US Secretary of State" ends: the state's name with the words of its office."""
    k = end
    while k < j and (s.tags[k] in "NEJ-Y" or (s.words[k] == "of" and k + 1 < j and s.tags[k + 1] == "E")):
        k += 1
    return k


def members_of(s: Sentence, i: int, j: int) -> tuple[int, int]:
    """Return the phrase of the body whose people a phrase names: "the front" of "rebels of the front"."""
    of = next((k for k in range(i + 1, min(j + 1, len(s))) if s.words[k] == "of"), -1)
    found = phrase_right(s, of + 1) if of > 0 and is_member(s.words[of - 1]) else None
    if found is None:
        return i, j
    inner = next((k for k in range(found[1] - 1, found[0] - 1, -1) if s.tags[k] in "NE"), -1)
    if inner < 0 or not is_agent(s.words[inner]):
        return i, max(j, found[1])
    return members_of(s, *found) if found[0] > i else found  # "the third front of the army"


def is_member(word: str) -> bool:
    """Return whether a noun names people or a unit of some body: "members", "a column"."""
    return is_agent(word) or is_label(word) or word in name_words()["members"]


def fought_for_by(s: Sentence, start: int, end: int) -> frozenset[str]:
    """Return the words beside a name that may say who fights for it: "LF rebels", "rebels of the LF"."""
    k = end
    if s.tags[k : k + 3] in ("(E)", "(N)"):
        k += 3
    found = set(s.words[k : k + 1])
    if k < len(s) and s.tags[k] in "EJN":
        found |= set(s.words[k + 1 : k + 2])
    before = [word for word in s.words[max(0, start - 3) : start] if word != "the"]
    if before[-1:] == ["of"]:
        found |= set(before[-2:-1])
    return frozenset(found)


def modifies(s: Sentence, start: int, end: int) -> bool:
    """Return whether a name is one half of a compound, as in "X-backed" and "anti-X"."""
    if (
        start > 1
        and s.tags[start - 1] == "-"
        and s.words[start - 2] in _SIDED
        and s.ends[start - 1] == s.starts[start]
    ):
        return True
    return (
        end + 1 < len(s)
        and s.tags[end] == "-"
        and s.starts[end] == s.ends[end - 1]
        and s.words[end + 1] in _HALVES
    )


_SIDED = word_set("anti pro non ex pre post")


_HALVES = word_set(
    "backed led held controlled allied affiliated linked supported sponsored designated based brokered "
    "aligned funded trained armed made occupied style era friendly wide mediated imposed run declared "
    "born speaking dominated appointed besieged owned loyal leaning drafted inspired commanded equipped"
)
