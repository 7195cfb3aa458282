"""A voice, its cue and what it says, and the sentence they are gathered from."""

from __future__ import annotations

from dataclasses import dataclass, field

from holdfire.reading.prose.words.lexicon import Cue, Lexicon
from holdfire.reading.prose.words.syntax import Range, phrase_right, sentence_end
from holdfire.reading.prose.words.tokens import Sentence


@dataclass(slots=True)
class Attribution:
    """One voice, its cue and what it says, in tokens of one sentence.

    Attributes:
        cue: What the cue does with its content.
        cues: Token ranges of the cue.
        source: Token range of the voice; None: no one is named.
        content: Token ranges of what is said.
        rule: Which construction it was found by.
        negated: The voice is said not to say it.
    """

    cue: Cue
    cues: list[Range]
    source: Range | None
    content: list[Range]
    rule: str
    negated: bool = False


ANNOUNCED = "announced"
"""Rule of a cue that ends its paragraph with a colon: what is said comes in the next."""

SAYS = Cue("say", "asserts", "", "c")


@dataclass(slots=True)
class Reader:
    """One sentence while its attributions are gathered."""

    s: Sentence
    known: Lexicon
    found: list[Attribution] = field(default_factory=list)
    subjects: list[tuple[int, Range | None]] = field(default_factory=list)
    used: set[int] = field(default_factory=set)

    def add(
        self, cue: Cue, cues: Range, source: Range | None, content: list[Range], rule: str
    ) -> Attribution | None:
        """Keep an attribution whose content says something and whose cue no other has."""
        if self.s.quoted[cues[0]] and rule != "express":
            content = [_inside_quotation(self.s, cues[0], *r) for r in content]
        filled = [r for r in (_trim(self.s, *r) for r in content) if r[0] < r[1]]
        if rule == ANNOUNCED:
            filled = content
        if not filled or self.used & set(range(*cues)):
            return None
        self.used |= set(range(*cues))
        made = Attribution(cue, [cues], source, filled, rule)
        self.found.append(made)
        return made


def _trim(s: Sentence, i: int, j: int) -> Range:
    while i < j and s.tags[i] in ",:;_":
        i += 1
    while j > i and s.tags[j - 1] in ",;_:":
        j -= 1
    return i, j


def _inside_quotation(s: Sentence, cue: int, i: int, j: int) -> Range:
    """Keep what a quoted voice says inside the quotation it stands in."""
    first, last = cue, cue
    while first and s.quoted[first - 1] and s.tags[first] != '"':
        first -= 1
    while last < len(s) and s.quoted[last] and not (s.tags[last] == '"' and last > cue):
        last += 1
    return max(i, first), min(j, last)


def voice_after(s: Sentence, k: int) -> Range | None:
    """Return a voice that follows its cue, with all that is said of it: "said X, an envoy who left"."""
    found = (
        phrase_right(s, k + 1) if s.words[k : k + 1] == ["one"] and s.tags[k + 1 : k + 2] in "JNE" else None
    )
    found = (k, found[1]) if found else phrase_right(s, k)
    if found is None:
        return None
    j, end = found[1], sentence_end(s)
    while j < end:
        after = _of_voice(s, j, end)
        if after is None:
            break
        j = after
    return found[0], j


def _of_voice(s: Sentence, j: int, end: int) -> int | None:
    """Return where one more phrase about a voice ends, from token `j`; None: there is none."""
    if s.tags[j] == "W" and s.words[j] in ("who", "whose"):
        return _segment_end(s, j + 1, end)
    if (
        s.tags[j] == "P"
        and s.words[j] in ("of", "with", "from", "in", "at", "for")
        and "T" not in s.tags[j + 1 : j + 4]
    ):
        further = phrase_right(s, j + 1)
        return further[1] if further else None
    if s.tags[j] != "," or j + 1 >= end or s.tags[j + 1] not in "DNEJ#W":
        return None
    until = _segment_end(s, j + 1, end)
    relative = "W" in s.tags[j + 1 : until] or "H" in s.tags[j + 2 : until]
    if not relative and any(letter in "zkbhM" for letter in s.tags[j + 1 : until]):
        return None  # a clause, not an apposition
    return until


def _segment_end(s: Sentence, j: int, end: int) -> int:
    return next((k for k in range(j, end) if s.tags[k] in ',_;:"('), end)


def apposed(s: Sentence, source: Range) -> Range:
    """Return a source with the apposition after it: "X, a spokesman for Y"."""
    i, j = source
    if j + 1 < len(s) and s.tags[j] == "," and s.tags[j + 1] in "DW":
        for k in range(j + 1, min(len(s), j + 24)):
            if s.tags[k] in ",.":
                return i, k
            if s.tags[k] in "zkbhMe" and s.tags[j + 1] == "D":
                return source  # a clause, not an apposition
    return source


def be_start(s: Sentence, j: int) -> int:
    """Return where the auxiliaries before a form of be begin."""
    while j and s.tags[j - 1] in "bhdMXB":
        j -= 1
    return j
