"""What follows a cue where it is no clause: "the deal a mistake", "X of lying", "the toll at 12", "the plan".

Each function takes a sentence and the token after the cue, and gives the tokens of the content, or None.
"""

from __future__ import annotations

from holdfire.reading.prose.sayings.ends import clause_end, thing_end
from holdfire.reading.prose.words.lexicon import word_set
from holdfire.reading.prose.words.syntax import Range, phrase_right
from holdfire.reading.prose.words.tokens import Sentence


def shown(s: Sentence, k: int) -> Range | None:
    """Return "Clinton leading in Nevada" after "showed"."""
    seen = phrase_right(s, k)
    if seen is None or seen[1] >= len(s) or s.tags[seen[1]] not in "gP":
        return None
    return (k, clause_end(s, k)) if s.tags[seen[1]] == "g" or s.words[seen[1]] in ("with", "at") else None


def told_about(s: Sentence, k: int) -> Range | None:
    """Return what someone is warned of, pressed on or reminded of, after who it is."""
    heard = phrase_right(s, k)
    if heard is None:
        return None
    for j in range(k + 1, min(heard[1] + 1, len(s) - 1)):
        of = s.words[j] == "of" and (j == heard[1] or s.lemmas[k - 1] in _TELLING_OF)
        if of or s.words[j] in ("about", "on", "over", "against") or (s.words[j] == "for" and j == heard[1]):
            return None if "T" in s.tags[j + 1 : j + 3] else (j + 1, thing_end(s, j + 1))
    return None


_TELLING_OF = word_set("warn remind inform assure notify advise alert")


def valued(s: Sentence, k: int) -> Range | None:
    """Return "the toll at 12" after "put", "estimated"."""
    found = phrase_right(s, k)
    if found is None:
        return None
    at = next((j for j in range(k + 1, min(found[1] + 1, len(s) - 1)) if s.words[j] == "at"), None)
    counted = at is not None and s.tags[at + 1] in "#BY" and "#" in s.tags[at + 1 : at + 4]
    return (k, thing_end(s, k)) if counted else None


def faulted(s: Sentence, k: int) -> Range | None:
    """Return "X of lying", "X for the delay" after "accused", "blamed"."""
    blamed = phrase_right(s, k)
    if blamed is None:
        return None
    if s.tags[blamed[1] : blamed[1] + 1] == ",":  # "accuses X, whose ..., of lying"
        for j in range(blamed[1], min(len(s) - 1, blamed[1] + 24)):
            if s.tags[j] in ';_"':
                break
            if s.words[j] == "of" and s.tags[j - 1] == ",":
                return k, clause_end(s, j)
    for j in range(k + 1, min(len(s), blamed[1] + 4)):
        if s.words[j] in ("for", "over") or (s.words[j] in ("of", "with") and j >= blamed[1] - 1):
            return k, clause_end(s, k)
        if s.words[j] == "of" and s.tags[j + 1 : j + 2] == "g":
            return k, clause_end(s, k)
        if j >= blamed[1] and s.tags[j] not in "BT":
            return None
    return None


def as_something(s: Sentence, k: int) -> Range | None:  # noqa: C901, PLR0911 - each return is one rule
    """Return "the deal as a mistake", "it a lie", "them wrong" after "described", "called", "deemed"."""
    if k >= len(s):
        return None
    pointed = s.words[k] in ("this", "that", "these", "those", "it") and s.tags[k + 1 : k + 2] in (
        "D",
        "J",
        '"',
    )
    called = (k, k + 1) if pointed or s.tags[k] == "R" else phrase_right(s, k)
    if called is None:
        return None
    j = called[1]
    if s.tags[k] == "R" and s.tags[j : j + 1] == "B" and s.words[j].endswith("ly"):
        return k, thing_end(s, k)  # "viewed him favourably"
    while j + 1 < len(s) and (s.tags[j] in "TB" or s.tags[j : j + 2] == "PT"):
        j += 1  # "called the report on Friday a lie"
    if j - k > 1 and s.tags[k] != "R" and _said_of(s, k, j):
        return k, thing_end(s, k)
    if s.tags[j : j + 1] == "P" and s.words[j] in ("in", "on", "over", "at", "from", "with", "by"):
        placed = phrase_right(s, j + 1)  # "cast her win in the south as a sign"
        if placed is not None and s.words[placed[1] : placed[1] + 1] == ["as"]:
            j = placed[1]
    joined = j < len(s) and (
        s.words[j] == "as" or (s.words[j] == "to" and s.tags[j + 1 : j + 2] not in ("v", "h", "d"))
    )
    if joined or (j < len(s) and s.tags[j] in 'D"J'):
        return k, thing_end(s, j + 1 if j + 1 < len(s) else j)
    if s.tags[k] == "R" and j < len(s) and s.tags[j] in "NeEB" and s.words[k] not in ("there", "it"):
        return k, thing_end(s, k)
    if any(s.tags[m] == '"' for m in range(k, min(len(s), j + 2))):
        return k, thing_end(s, k)
    return None


def _said_of(s: Sentence, k: int, j: int) -> bool:
    """Return whether an adjective at the end of a phrase is said of it: "deemed the claim false"."""
    over = j >= len(s) or s.tags[j] in ".,;:_SC" or s.tags[j] in "PT"
    if s.tags[j - 1] == "J" and s.tags[j - 2] in "NE" and over:
        return True
    return j + 1 < len(s) and s.tags[j] == "e" and s.tags[j - 1] in "NE" and s.tags[j + 1] in ".,;:_SC"


def about(s: Sentence, k: int) -> Range | None:
    """Return "the delay" of "about the delay" after "worried", "warned"."""
    if k + 1 < len(s) and s.words[k] in ("of", "about", "over", "against", "to"):
        found = phrase_right(s, k + 1)
        if found is not None or s.tags[k + 1] in "gW" or s.tags[k + 1 : k + 3] == "Xg":
            return k + 1, thing_end(s, k + 1)
    return None


def gerund(s: Sentence, k: int) -> Range | None:
    """Return "leaving the town" after "denied", "proposed"."""
    if k < len(s) and s.tags[k] == "g":
        return k, clause_end(s, k)
    return None


def thing(s: Sentence, k: int) -> Range | None:
    """Return the noun phrase after "rejected", "praised", or the quoted words that stand for one."""
    j = k
    while j < len(s) and s.tags[j] in "BD":
        j += 1
    if j + 1 < len(s) and s.tags[j] == '"' and s.quoted[j + 1]:
        return k, thing_end(s, k)  # called for more "flexibility"
    found = phrase_right(s, k)
    return None if found is None else (k, thing_end(s, k))
