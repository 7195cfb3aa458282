"""What is special to Russian: short passive participles, and an instrumental that says who acted.

After Shvedova's Russkaya grammatika (1980): the agent of a passive, and of a noun of an act, stands in the
instrumental; the subject of a passive may follow its verb.
"""

from __future__ import annotations

from collections.abc import Sequence

from holdfire.reading.prose.words.lexicon import word_set
from holdfire.reading.prose.words.syntax import Range

_PAST = word_set("был была было были")
_PLURAL = ("ами", "ями", "ыми", "ими", "ьми")
_SINGULAR = ("ом", "ем", "ией", "ым", "им")
_AGREEING = ("ой", "ей", "ым", "им", "ыми", "ими")
_FUTURE = word_set("будет будут буду")
_NOT_CASED = word_set(
    "потом затем утром вечером днем ночью летом зимой весной осенью путем ходе целом совсем своей этой"
)


def letter(words: Sequence[str], tags: str, k: int, found: str) -> str:
    """Return the letter of a verb form: with "будет" a future, a short participle a passive."""
    if any(words[m] in _FUTURE for m in range(max(0, k - 2), k)):
        return "f"
    if found == "e" and any(words[m] == "бы" for m in range(max(0, k - 2), min(len(words), k + 2))):
        return "c"
    return found


def agent(words: Sequence[str], tags: str, i: int, j: int) -> Range | None:
    """Return the phrase in the instrumental between two tokens; None: there is none."""
    for k in range(i, j):
        if tags[k] in ",;:.PHSW":
            return None if tags[k] != "P" else agent(words, tags, k + 2, j)
        if len(words[k]) > 4 and words[k].endswith(_PLURAL) and words[k] not in _NOT_CASED:
            return _phrase(words, tags, k, j)
        if (
            len(words[k]) > 5
            and words[k].endswith(_SINGULAR)
            and words[k] not in _NOT_CASED
            and tags[k] == "N"
        ):
            return _phrase(words, tags, _begun(words, tags, i, k), j)
    return None


def _begun(words: Sequence[str], tags: str, i: int, k: int) -> int:
    """Return where a phrase begins with the adjectives that agree with its noun: "эфиопской армией"."""
    while k > i and tags[k - 1] in "NE" and words[k - 1].endswith(_AGREEING):
        k -= 1
    return k


def _phrase(words: Sequence[str], tags: str, k: int, j: int) -> Range:
    end = k + 1
    while end < j and tags[end] in "NE#" and end - k < 4:
        end += 1
    return k, end
