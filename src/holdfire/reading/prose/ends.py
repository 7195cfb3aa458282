"""Where what is said ends: a clause at another act of speech, a phrase at the clause around it."""

from __future__ import annotations

from holdfire.reading.prose.lexicon import lexicon, word_set
from holdfire.reading.prose.syntax import clause_at, sentence_end
from holdfire.reading.prose.tokens import Sentence

_TURNS = word_set("while although though whereas")
_TURNING = word_set("while because although though when after as before but whereas once since unless")


def clause_end(s: Sentence, k: int) -> int:
    """Return where a content that is a clause ends: before another act of speech, or at the end."""
    end = sentence_end(s)
    for j in range(k + 1, end):
        letter = s.tags[j]
        if letter not in ";_,CS" or s.quoted[j]:
            if letter == ";":
                return j
            continue
        if letter == ";" or (letter == "_" and j - k > 3):
            return j
        if letter == "C" and s.words[j] in ("and", "but") and _speaks(s, j + 1, end):
            return j - 1 if s.tags[j - 1] == "," else j
        if letter in ",_" and j - k > 2 and j + 1 < end and _turns(s, j, end):
            return j
    return end


def _turns(s: Sentence, j: int, end: int) -> bool:
    """Return whether the mark at `j` leads back to the one who speaks: ", adding ...", ", according to"."""
    if s.words[j + 1] in _TURNS or s.words[j + 1 : j + 3] == ["according", "to"]:
        return True
    return s.tags[j + 1] == "g" and s.lemmas[j + 1] in lexicon().cues and j + 2 < end


def _speaks(s: Sentence, j: int, end: int) -> bool:
    """Return whether a verb of saying with no subject of its own stands at `j`: "and has called"."""
    while j < end and s.tags[j] in "BhX":
        j += 1
    if j >= end or s.tags[j] not in "zek":
        return False
    cues = lexicon().cues.get(s.lemmas[j], ())
    return any(set(cue.frames) & set("cqsf") for cue in cues)


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
