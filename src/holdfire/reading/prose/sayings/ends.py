"""Where what is said ends: a clause at another act of speech, a phrase at the clause around it."""

from __future__ import annotations

from holdfire.reading.prose.words.lexicon import lexicon, word_set
from holdfire.reading.prose.words.syntax import clause_at, phrase_right, sentence_end
from holdfire.reading.prose.words.tokens import Sentence

_TURNS = word_set("while although though whereas")
_TURNING = word_set("while because although though when after as before but whereas once since unless")


_WHEN = word_set("when after before while as though although whereas")
_PAST, _PRESENT = "ek", "zv"


def clause_end(s: Sentence, k: int) -> int:
    """Return where a content that is a clause ends: before another act of speech, or at the end."""
    end = sentence_end(s)
    past = _tense(s, range(k - 1, max(-1, k - 9), -1)) in _PAST
    for j in range(k + 1, end):
        letter = s.tags[j]
        if s.quoted[j]:
            if letter == '"' and j + 1 < end and not s.quoted[j + 1] and _participle(s, j + 1, end):
                return j + 1  # "... they left," adding that
        elif letter == ";" or (letter == "_" and j - k > 3):
            return j
        elif letter == "C" and s.words[j] in ("and", "but") and _resumes(s, k, j, end, past=past):
            return j - 1 if s.tags[j - 1] == "," else j
        elif (
            j - k > 2
            and j + 1 < end
            and (
                (letter in ",_" and _turns(s, j, end))
                or (letter == "S" and s.words[j] in _WHEN and _asked(s, j + 1, end))
            )
        ):
            return j
    return end


def _tense(s: Sentence, among: range) -> str:
    """Return the letter of the first finite verb among some tokens; empty: there is none."""
    return next((s.tags[m] for m in among if s.tags[m] in "zekv" or s.tags[m] in "bhM"), "-")


def _turns(s: Sentence, j: int, end: int) -> bool:
    """Return whether the mark at `j` leads back to the one who speaks: ", adding ...", ", according to"."""
    after = s.words[j + 1 : j + 3]
    if after[0] in _TURNS or after == ["according", "to"] or (after[0] == "even" and after[-1] in _TURNS):
        return True
    if s.tags[j + 1] in "ek" and s.tags[j + 2 : j + 3] in ("D", "R", "E") and _cues(s, j + 1, "cqsf"):
        return s.tags[j] == ","  # "said he left, called her ... and"
    return _participle(s, j + 1, end)


def _participle(s: Sentence, j: int, end: int) -> bool:
    while j + 1 < end and s.tags[j] == "B":
        j += 1
    return s.tags[j] == "g" and s.lemmas[j] in lexicon().cues and j + 1 < end


def _asked(s: Sentence, j: int, end: int) -> bool:
    """Return whether "when", "after" before `j` tells of another act of speech: "when asked if"."""
    return j < end and (_participle(s, j, end) or (s.tags[j] == "e" and _cues(s, j, "cqsfwo")))


def _resumes(  # noqa: PLR0911 - each return is one rule
    s: Sentence, k: int, j: int, end: int, *, past: bool
) -> bool:
    """Return whether "and" at `j` goes on with the voice or the text, and not with the content at `k`."""
    m = j + 1
    while m < end and (s.tags[m] in "BhX" or (s.tags[m] == "b" and s.tags[m - 1] in "hB")):
        m += 1
    if m >= end:
        return False
    if s.tags[m] == "g" and s.tags[m - 1] == "b":
        return _cues(s, m, "cqsf")  # "and have been calling on"
    if s.tags[m] in "zek":
        if _cues(s, m, "cqsf"):
            return True
        own = _tense(s, range(k, j))  # "said she likes it and praised": the tense is that of "said"
        return s.lemmas[m] in lexicon().cues and past and s.tags[m] in _PAST and own in "zvM"
    if s.tags[j - 1] != ",":
        return False
    subject = phrase_right(s, m)
    if subject is None:
        return False
    m = subject[1]
    while m < end and s.tags[m] in "BhXM":
        m += 1
    return m < end and s.tags[m] in "zekv" and s.lemmas[m] in lexicon().cues


def _cues(s: Sentence, m: int, frames: str) -> bool:
    return any(set(cue.frames) & set(frames) for cue in lexicon().cues.get(s.lemmas[m], ())) or any(
        tuple(s.words[m + 1 : m + 1 + len(tail)]) == tail
        for tail, _ in lexicon().phrasal.get(s.lemmas[m], ())
    )


def thing_end(s: Sentence, k: int) -> int:
    """Return where a content that is a phrase ends."""
    end = sentence_end(s)
    relative = False
    for j in range(k + 1, end):
        letter = s.tags[j]
        if letter in ";_" or s.quoted[j]:
            if letter in ";_" and not s.quoted[j]:
                return j
            continue
        relative = relative or letter == "W"
        if letter == "," and j + 1 < end and _leaves(s, j, end):
            return j
        if letter == "S" and s.words[j] in _TURNING and "well" not in s.words[max(0, j - 2) : j + 2]:
            return j
        if letter == "C" and j + 1 < end and _new_verb(s, j + 1, end):
            return j
    return end


def _leaves(s: Sentence, j: int, end: int) -> bool:
    """Return whether a phrase is over at the comma at `j`."""
    following = s.tags[j + 1]
    if following in 'gSCBH"RPzkbhM':
        return True
    if following in "DNEJ#T":
        return clause_at(s, j + 1)
    return following == "e" and s.lemmas[j + 1] in lexicon().cues


def _new_verb(s: Sentence, j: int, end: int) -> bool:
    """Return whether "and" before `j` joins another verb of the subject: "and has called", "and praising"."""
    while j < end and s.tags[j] in "BX":
        j += 1
    if j >= end:
        return False
    return s.tags[j] in "zekbhM" or (s.tags[j] == "g" and s.lemmas[j] in lexicon().cues)
