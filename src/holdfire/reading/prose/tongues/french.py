"""What is special to French: compound tenses, the conditional of hearsay, turned verbs of saying.

After Grevisse and Goosse, Le bon usage: a participle is active after avoir, and after être with a verb of
motion or a reflexive, else passive; the past conditional in a plain clause reports what the writer does not
vouch for; "ne" alone negates nothing before "que" and after verbs of fear.
"""

from __future__ import annotations

from collections.abc import Sequence

from holdfire.reading.prose.words.lexicon import word_set
from holdfire.reading.prose.words.syntax import Range

_HAVE = word_set(
    "a ont avait avaient eut eurent ai avons avions ait aient ayant avoir aura auront aurait auraient"
)
_BE = word_set(
    "est sont était étaient fut furent suis sommes soit soient étant être sera seront serait seraient été"
)
_CONDITIONAL = word_set("aurait auraient serait seraient")
_FUTURE = word_set("aura auront sera seront")
_BARE = word_set("avoir être")
_CLITIC = word_set("se s' l' la le les y en lui leur m' nous vous")
_MOTION = frozenset(
    participle + ending
    for participle in word_set(
        "entré tombé mort arrivé parti venu retourné resté décédé passé descendu monté survenu intervenu "
        "parvenu sorti"
    )
    for ending in ("", "e", "s", "es")
)
"""Participles that take être in the active."""
_MANAGED = word_set("pu réussi parvenu parvenue parvenus commencé continué fini")
_BETWEEN = frozenset("BXD")
_PARTICIPLE = ("é", "ée", "és", "ées", "i", "is", "ie", "ies", "u", "us", "ue", "ues")
_TURNED = word_set("il elle on ils elles")
_SUBJECTS = word_set("il ils elle elles on l' le la les un une ces cette ce aucun")
_FAR = 7


def retag(words: Sequence[str], tags: list[str]) -> None:
    """Take object pronouns and the "-t-il" of a turned verb for part of the verb group they stand in."""
    for k in range(len(words) - 1):
        following = tags[k + 1]
        if words[k] in _CLITIC and (following in "bh" or words[k + 1] in _CLITIC) and tags[k] != "X":
            tags[k] = "B"
        if tags[k] == "-" and k and tags[k - 1] in "bhez":
            end = k + 1
            if words[end] == "t" and end + 2 < len(words) and tags[end + 1] == "-":
                end += 2
            if end < len(words) and words[end] in _TURNED:
                tags[k : end + 1] = ["B"] * (end + 1 - k)


def voice(words: Sequence[str], start: int, end: int) -> Range | None:
    """Return the pronoun of "a-t-il ajouté"; "on" is nobody."""
    for k in range(start + 1, end):
        if words[k] in _TURNED and words[k - 1] == "-" and words[k] != "on":
            return k, k + 1
    return None


def _auxiliaries(words: Sequence[str], tags: str, k: int) -> list[int]:
    """Return the auxiliaries of a participle, the nearest first."""
    found = []
    for m in range(k - 1, max(-1, k - _FAR), -1):
        if words[m] in _HAVE or words[m] in _BE:
            found.append(m)
        elif tags[m] not in _BETWEEN and words[m] not in _CLITIC:
            break
    return found


def _did(words: Sequence[str], tags: str, k: int) -> bool:
    """Return whether an infinitive is said to have come about: "a pu livrer", "a réussi à entrer"."""
    m = k - 1
    if m > 0 and words[m] in ("à", "de", "d'"):
        m -= 1
    return m > 0 and words[m] in _MANAGED and bool(_auxiliaries(words, tags, m))


def letter(words: Sequence[str], tags: str, k: int, found: str) -> str:  # noqa: PLR0911 - each return is one rule
    """Return the letter of a verb form where it stands: of a participle, by its auxiliaries."""
    held = _auxiliaries(words, tags, k) if found in "nz" else []
    if found == "v":
        return "e" if _did(words, tags, k) else "v"
    if found != "n" and not (found == "z" and held):
        return found
    if not held:
        return "n" if any(t in "bhezfcp" for t in tags) else "p"  # "Trois civils tués": a headline
    named = [words[m] for m in held]
    reflexive = any(words[m] in ("se", "s'") for m in range(max(0, held[-1] - 3), k))
    moved = reflexive or words[k] in _MOTION
    passive = named[0] in _BE and not moved
    first = named[-1]
    if held[-1] and tags[held[-1] - 1] == "M":
        return "c"  # "peuvent avoir été tués"
    if first in _FUTURE:
        return "f"
    if first in _BARE and first == "être" and len(named) == 1:
        return "v"  # "pour être jugés"
    return "p" if passive else "e"


def hearsay(words: Sequence[str], tags: str) -> list[Range]:
    """Return the past conditionals of plain clauses: "aurait tué douze civils" is what someone says."""
    if any(word in ("si", "s'") and words[k + 1] in _SUBJECTS for k, word in enumerate(words[:-1])):
        return []  # a condition
    found = []
    for k, word in enumerate(words):
        if word not in _CONDITIONAL:
            continue
        after = k + 1
        while after < len(words) and after < k + 5 and (tags[after] in "BX" or words[after] == "été"):
            after += 1
        if after < len(words) and (tags[after] == "n" or words[after].endswith(_PARTICIPLE)):
            found.append((k, k + 1))
    return found
