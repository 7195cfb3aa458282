"""Whom a sentence holds answerable for an act it names: who owns up to it, who is blamed, whose work it was.

"X claimed responsibility for the attack", "the attack was attributed to X", "X is accused of the murder",
"the murder was the work of X", "X took part in the killing". The doer stands at another word of the sentence
than the verbs that `roles` looks at. A blamed party is one that somebody accuses, and the claim says so;
nothing here makes the charge true.
"""

from __future__ import annotations

from functools import lru_cache

from holdfire.reading.prose.acts.triggers import Trigger
from holdfire.reading.prose.names.actors import Cast, Party
from holdfire.reading.prose.words.lexicon import page, word_set, words
from holdfire.reading.prose.words.syntax import VERBS, Range, group, phrase_left, phrase_right, subject
from holdfire.reading.prose.words.tokens import Sentence

OWNED = "owns-up"
BLAMED = "held-answerable"
TOOK_PART = "took-part"

_BACK = 26
"""Tokens looked at before an act for the words that say whose it was; after it, `_ON`."""
_ON = 30

Found = tuple[list[Party], str]


@lru_cache(maxsize=1)
def _known() -> dict[str, frozenset[str]]:
    return {key: frozenset(words(text)) for key, text in page("guards")["answerable"].items()}


def answerable(s: Sentence, trigger: Trigger, cast: Cast) -> Found:
    """Return who is held answerable for the act of a trigger, and the rule that says so; empty: nobody is."""
    for k in range(trigger.start - 1, max(-1, trigger.start - _BACK), -1):
        if s.tags[k] in ";." or (s.tags[k] == ":" and k + 1 < trigger.start):
            break
        found = _before(s, k, trigger)
        if found is not None and (named := _able(s, found[0], cast)):
            return named, found[1]
    if trigger.part == "verb":
        return [], ""
    for k in range(trigger.end, min(len(s), trigger.end + _ON)):
        if s.tags[k] in ";.":
            break
        found = _after(s, k, trigger)
        if found is not None and (named := _able(s, found[0], cast)):
            return named, found[1]
    return [], ""


def _able(s: Sentence, phrase: Range | None, cast: Cast) -> list[Party]:
    """Return whom a phrase names, of those who can do harm."""
    if phrase is None or phrase[0] >= phrase[1]:
        return []
    return [party for party in cast.who(s, phrase) if party.agent]


def _before(s: Sentence, k: int, trigger: Trigger) -> tuple[Range | None, str] | None:
    """Return who the words at `k`, before an act, make answerable for it, and by which rule."""
    known, word, lemma = _known(), s.words[k], s.lemmas[k]
    if word in known["answering"]:
        m = k + 1
        while m < trigger.start and s.tags[m] in "DT" and "T" in s.tags[m : m + 2]:
            m += 1  # "claimed responsibility this morning for"
        if s.words[m] in ("for", "in", "of"):
            return _answering(s, k) if _reaches(s, m, trigger.start) else None
    if s.tags[k] not in VERBS or _denied(s, k):
        return None
    if lemma in known["blaming"]:
        at = _joint(s, k + 1, trigger.start, ("for", "of", "in", "with", "to"))
        if at < 0 or not _reaches(s, at, trigger.start):
            return None
        return (_patient(s, k, at), BLAMED)
    if lemma in known["tracing"] and _reaches(s, k, trigger.start) and not group(s, k).passive:
        at = _joint(s, trigger.end, min(len(s), trigger.end + 12), ("to", "on"))
        return (phrase_right(s, at + 1), BLAMED) if at >= 0 else None
    return _taking_part(s, k, trigger)


def _taking_part(s: Sentence, k: int, trigger: Trigger) -> tuple[Range | None, str] | None:
    """Read "carried out the attack", "took part in it", "is involved in it"."""
    if s.lemmas[k] in _known()["doing"] and trigger.part != "verb":
        after = k + 1 + (s.words[k + 1 : k + 2] in (["out"], ["in"], ["part"]))
        after += s.words[after : after + 1] == ["in"]
        if _reaches(s, after - 1, trigger.start) and not group(s, k).passive:
            return _doer(s, k), TOOK_PART
    if s.tags[k] == "e" and s.lemmas[k] == "involve" and s.words[k + 1 : k + 2] == ["in"]:
        return (_doer(s, k), BLAMED) if _reaches(s, k + 1, trigger.start) else None
    return None


def _answering(s: Sentence, k: int) -> tuple[Range | None, str] | None:
    """Read "claimed responsibility for", "X's responsibility for"."""
    if s.words[k] in ("responsible", "guilty", "answerable", "culpable"):
        return _responsible(s, k)
    m = k - 1
    while m > 0 and s.tags[m] in "DJB":
        m -= 1
    if s.lemmas[m] in _known()["owning"] and s.tags[m] in VERBS:
        return (None if _denied(s, m) else _doer(s, m)), OWNED
    return (phrase_left(s, m), BLAMED) if s.tags[m] == "'" else None


def _responsible(s: Sentence, k: int) -> tuple[Range | None, str] | None:
    """Read "is responsible for", "accused X of being responsible for", "held X responsible for"."""
    m = k - 1
    while m > 0 and s.tags[m] in "BD":
        m -= 1
    if s.words[m] == "being" and (blamer := _blamer(s, m)) >= 0:
        return _patient(s, blamer, m - 1), BLAMED  # "accused X of being responsible for"
    if s.tags[m] == "b" and not _denied(s, k):
        return subject(s, group(s, m).start), BLAMED
    if s.lemmas[m] == "hold":
        return (subject(s, group(s, m).start) if group(s, m).passive else None), BLAMED
    held = phrase_left(s, k)  # "hold X responsible for"
    if held is not None and held[0] and s.lemmas[held[0] - 1] in ("hold", "consider", "find", "deem"):
        return held, BLAMED
    return None


def _blamer(s: Sentence, k: int) -> int:
    """Return the verb of blame that the "of being" at `k` hangs on; -1: none."""
    if s.words[k - 1] != "of":
        return -1
    return next((m for m in range(k - 2, max(-1, k - 20), -1) if s.lemmas[m] in _known()["blaming"]), -1)


def _after(s: Sentence, k: int, trigger: Trigger) -> tuple[Range | None, str] | None:  # noqa: PLR0911
    """Return who the words at `k`, after an act, make answerable for it, and by which rule."""
    known, word, lemma = _known(), s.words[k], s.lemmas[k]
    if word in known["deed"] and s.words[k + 1 : k + 2] in (["of"], ["by"]) and _predicated(s, k):
        return (None if _denied(s, k) else phrase_right(s, k + 2)), BLAMED
    if word in known["answering"] and s.lemmas[k - 1] == "hold" and group(s, k - 1).passive:
        which = any(s.words[m] == "for" and s.tags[m + 1] == "W" for m in range(trigger.end, k - 1))
        return (subject(s, group(s, k - 1).start), BLAMED) if which and not _denied(s, k - 1) else None
    if s.tags[k] in "en" and lemma in known["tracing"]:
        at = _joint(s, k + 1, min(len(s), k + 8), ("to", "on"))
        return (phrase_right(s, at + 1), BLAMED) if at >= 0 and not _denied(s, k) else None
    if word in known["answering"] and s.lemmas[k - 1] in known["owning"] and s.tags[k - 1] in VERBS:
        relative = s.words[k + 1 : k + 2] not in (["for"], ["in"])
        which = any(s.words[m] == "for" and s.tags[m + 1] == "W" for m in range(trigger.end, k - 1))
        return (_doer(s, k - 1), OWNED) if relative and which and not _denied(s, k - 1) else None
    if word == "claimed" and s.words[k + 1 : k + 2] == ["by"] and not _denied(s, k):
        passive = group(s, k).passive or s.tags[k - 1] in "N,"
        return (phrase_right(s, k + 2), OWNED) if passive else None
    if s.tags[k] in "en" and lemma in known["doing"] and not _denied(s, k):
        at = _joint(s, k + 1, min(len(s), k + 4), ("by",))
        return (phrase_right(s, at + 1), TOOK_PART) if at >= 0 else None
    return None


def _predicated(s: Sentence, k: int) -> bool:
    """Return whether the noun at `k` is what something is said to be: "was the work", "is an action"."""
    m = k - 1
    while m > 0 and s.tags[m] in 'DJBNE"':
        m -= 1
    return s.tags[m] == "b"


def _reaches(s: Sentence, joint: int, start: int) -> bool:
    """Return whether an act belongs to the preposition at `joint`: only its own phrase stands between."""
    return all(s.tags[m] in "DJNE#'-YBPCTR\",()gen" for m in range(joint + 1, start)) and (
        not any(s.tags[m] in "zkbhM" for m in range(joint + 1, start))
    )


def _joint(s: Sentence, i: int, j: int, among: tuple[str, ...]) -> int:
    """Return the first of some prepositions between two tokens that no other verb cuts off; -1: none."""
    for k in range(i, j):
        if s.words[k] in among and (k == i or s.tags[k - 1] in 'NE)RTBPJ"'):
            return k
        if s.tags[k] in "zkbhM;:.":
            return -1
    return -1


def _patient(s: Sentence, k: int, joint: int) -> Range | None:
    """Return whom the verb of blame at `k` blames, its act after `joint`."""
    g = group(s, k)
    if g.passive:
        return subject(s, g.start)
    if joint == k + 1:  # "militants accused of"
        return phrase_left(s, k)
    return k + 1, joint


def _doer(s: Sentence, k: int) -> Range | None:
    """Return the subject of a verb, past a chain of verbs that share it: "X issued a note claiming"."""
    g = group(s, k)
    found = subject(s, g.start)
    for m in range(g.start - 1, max(-1, g.start - 30), -1):
        if found is not None and s.tags[k] != "g":
            return found
        if s.tags[m] in "zekb" or (s.tags[m] in "vn" and m and s.tags[m - 1] in "bhM"):
            found = subject(s, group(s, m).start)
            if found is not None:
                return found
        if s.tags[m] in ";:":
            return None
    return found


def _denied(s: Sentence, k: int) -> bool:
    near = range(max(0, k - 6), k)
    return any(s.tags[m] == "X" or s.words[m] in _DENYING or s.words[m].endswith("n't") for m in near)


_DENYING = word_set("no neither none nobody nor whether if denied deny denies denying")
