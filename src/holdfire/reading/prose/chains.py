"""From the voices of a sentence to the chain of a claim: publisher first, the one who holds the stance last.

A sentence that names no voice may go on with the one before ("It lays out ..."): that link is marked
implicit, and only the outermost voice is carried, never the person it quoted. Independence is the last link
with a name; an unnamed official is not a root of his own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from holdfire.reading.prose.actors import Cast
from holdfire.reading.prose.lexicon import word_set
from holdfire.reading.prose.shadow import Shadow
from holdfire.reading.prose.syntax import Range
from holdfire.reading.prose.tokens import Sentence
from holdfire.reading.prose.voices import Attribution
from holdfire.records.actor import CIVILIANS, fold
from holdfire.records.report import Report

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Voice:
    """Someone who says something.

    Attributes:
        text: As the text names them; of a pronoun, what it stands for.
        known: Source id, or actor id; empty: neither is known.
        source: Source id; empty: not a source of the case.
        named: Whether a name is given.
        span: Of the words here, in the text as received; None: not in it.
        cue: Of the cue; None: none.
        implicit: Carried over from a sentence before.
    """

    text: str
    known: str = ""
    source: str = ""
    named: bool = False
    span: Span | None = None
    cue: Span | None = None
    implicit: bool = False

    def link(self) -> dict[str, Any]:
        """Return the row of records.claim.LINK."""
        return {
            "source": self.known or None,
            "text": self.text,
            "span": list(self.span) if self.span else None,
            "cues": [list(self.cue)] if self.cue else [],
            "implicit": self.implicit,
        }


_PRONOUNS = word_set("he she it they his her its their him them who which")
_MEDIA = word_set("report article story newspaper study survey paper page memo")
_SPEECH_PRODUCTS = word_set(
    "report statement text document article story proposal offer plan annex terms agreement arrangement "
    "letter paper record resolution newspaper study survey page draft accord pact deal memo"
)
_BODIES = word_set(
    "group ministry organisation organization agency monitor observatory committee network watchdog "
    "centre center institute department government council commission army military official officials "
    "spokesman spokeswoman minister secretary president source sources activists residents paper"
)


@dataclass(slots=True)
class Chains:
    """The voices of one text, in the order they speak."""

    cast: Cast
    report: Report
    shadow: Shadow
    wire: str = ""
    _last: Voice | None = None
    _last_report: Voice | None = None
    _outer: list[Voice] = field(default_factory=list)
    _spoke_in: tuple[int, int] = (-2, -2)
    _number: int = 0

    def publisher(self) -> Voice:
        """Return the first link of every chain."""
        source = self.cast.context.sources.get(self.report.source)
        name = source.name.get("en") or next(iter(source.name.values()), "") if source else ""
        return Voice(name or self.report.source, self.report.source, self.report.source, named=True)

    def voices(self, s: Sentence, found: Sequence[Attribution]) -> dict[int, Voice]:
        """Return the voice of each attribution of a sentence, by its place in `found`, and remember them."""
        self._number += 1
        named: dict[int, Voice] = {}
        for n in sorted(range(len(found)), key=lambda n: -sum(j - i for i, j in found[n].content)):
            named[n] = self._voice(s, found[n])  # outer voices first: "it" within may mean them
            if named[n].named or named[n].known:
                self._last = named[n]
        spoken = [(n, v) for n, v in named.items() if v.text]
        if spoken:
            outermost = [
                n for n, _ in spoken if not any(_within(found[n], found[m]) for m, _ in spoken if m != n)
            ]
            heard = [
                replace(named[n], implicit=True) for n in outermost[:1] if named[n].known or named[n].named
            ]
            if heard or not carries_over(s):
                self._outer = heard
            self._spoke_in = (s.paragraph, self._number)
            last = next((v for _, v in reversed(spoken) if v.named or v.known), None)
            self._last = last or self._last
        return named

    def _voice(self, s: Sentence, a: Attribution) -> Voice:
        cue = self.shadow.span(s.starts[a.cues[0][0]], s.ends[a.cues[-1][1] - 1])
        if a.source is None:
            return Voice("", cue=cue)
        i, j = self._trimmed(s, a.source)
        span = self.shadow.span(s.starts[i], s.ends[j - 1])
        words = [
            w for w in s.words[i:j] if w not in ("the", "a", "an", "this", "that", "latest", "same", "'s")
        ]
        back = self._meant(s, i, j, words)
        if back is not None:
            return replace(back, span=span, cue=cue, implicit=False)
        text = s.text(i, j)
        known, source = self._identity(s, (i, j))
        capitals = [k for k in range(i, j) if s.tags[k] == "E"]
        # The first word of a sentence always has a capital, and "Report" in a headline names nobody.
        common = not words or (words[-1] in _SPEECH_PRODUCTS | _BODIES and len(words) == 1)
        named = bool(known) or (not common and any(k > 0 for k in capitals))
        voice = Voice(text, known, source, named, span, cue)
        if words and words[-1] in _MEDIA and (named or self._last_report is None):
            self._last_report = voice
        return voice

    def _trimmed(self, s: Sentence, source: Range) -> Range:
        i, j = source
        for k in range(i + 1, j - 1):
            if s.words[k] in ("by", "from") and s.words[k - 1] in _SPEECH_PRODUCTS:
                i = k + 1
                break
        for k in range(i + 1, j):
            if s.tags[k] in ",(_" or s.words[k] in ("who", "which"):
                return i, k
        while j > i + 1 and s.tags[j - 1] in "WB'":
            j -= 1
        return i, j

    def _meant(self, s: Sentence, i: int, j: int, words: list[str]) -> Voice | None:
        """Return whom a pronoun or "the report" stands for."""
        if j - i == 1 and s.words[i] in _PRONOUNS:
            return self._last
        definite = s.words[i] in ("the", "this", "that", "its", "their")
        if definite and len(words) == 1 and words[0] in _MEDIA and self._last_report is not None:
            return self._last_report
        if (
            definite
            and len(words) == 1
            and words[0] in _BODIES
            and self._last is not None
            and self._last.named
        ):
            return self._last
        return None

    def _identity(self, s: Sentence, phrase: Range) -> tuple[str, str]:
        """Return the source or actor a phrase names, and the source alone."""
        held = [m for m in self.cast.matches(s) if phrase[0] <= m.start and m.end <= phrase[1]]
        for match in sorted((m for m in held if "source" in m.kinds), key=lambda m: (m.start, m.end)):
            ids = self.cast.matcher.by_source.get(match.key, [])
            if len(set(ids)) == 1 and not _owned(s, match.end, phrase[1]):
                return ids[0], ids[0]
        for party in self.cast.who(s, phrase, anyone=False):
            for actor in party.ids:
                if not actor.startswith("~") and actor != CIVILIANS:
                    return actor, self._speaks_for(actor) if len(party.ids) == 1 else ""
        return "", ""

    def _speaks_for(self, actor: str) -> str:
        """Return the source that is this actor, where its id says so; never one of its spokesmen."""
        return actor if actor in self.cast.context.sources else ""

    def chain(self, s: Sentence, covering: Sequence[Voice], *, carries: bool) -> list[Voice]:
        """Return the chain of a claim, outermost first, from the voices whose content holds it."""
        publisher = self.publisher()
        spoken = [voice for voice in covering if voice.text]
        if (
            carries
            and self._outer
            and self._recent(s)
            and not (spoken and (spoken[0].known or spoken[0].named))
        ):
            spoken = [*self._outer, *spoken]
        links = [publisher]
        for voice in spoken:
            if voice.known and voice.known == links[-1].known:
                links[-1] = replace(links[-1], span=voice.span, cue=voice.cue, implicit=voice.implicit)
            elif not voice.known and fold(voice.text) == fold(links[-1].text):
                continue
            else:
                links.append(voice)
        return links

    def _recent(self, s: Sentence) -> bool:
        paragraph, number = self._spoke_in
        return self._number - number <= 3 and s.paragraph - paragraph <= 2

    def keep_speaking(self, s: Sentence) -> None:
        """Let a sentence that carried a voice hand it on to the next."""
        self._spoke_in = (s.paragraph, self._number)

    def fall_silent(self) -> None:
        """Let no later sentence carry the voice: the text goes on in its own."""
        self._outer = []

    def root(self, links: Sequence[Voice]) -> str:
        """Return the independence group: the last named voice, else the wire, else the publisher."""
        for voice in reversed(links[1:]):
            if voice.source:
                return f"source:{voice.source}"  # as its own reports and the rows that rest on it have it
            if voice.named:
                return f"voice:{voice.known or fold(voice.text)}"
        if self.wire and self.wire not in self.cast.context.sources:
            return f"wire:{self.wire}"
        return f"source:{self.wire or self.report.source}"


def _within(a: Attribution, b: Attribution) -> bool:
    at = a.cues[0][0]
    return any(i <= at < j for i, j in b.content)


def _owned(s: Sentence, end: int, stop: int) -> bool:
    """Return whether a source is only part of someone else's name: "UN-backed group"."""
    return end + 1 < stop and s.tags[end] == "-" and s.starts[end] == s.ends[end - 1]


def carries_over(s: Sentence) -> bool:
    """Return whether a sentence without a voice goes on with what the last one was saying."""
    first = next((k for k in range(len(s)) if s.tags[k] not in "\"'(,"), 0)
    words = s.words[first : first + 3]
    if not words:
        return False
    if words[0] in ("it", "he", "she", "they", "this", "these") and s.zone == "body":
        return True
    if words[0] in ("the", "its", "their", "under") and any(w in _SPEECH_PRODUCTS for w in words[1:]):
        return True
    if words[0] == "if" and any(s.tags[k] == "M" for k in range(len(s))):
        return True
    if any(w in ("would", "wouldn't") for w in s.words) and "W" not in s.tags[:2]:
        return True
    return _pronoun_subject(s)


def _pronoun_subject(s: Sentence) -> bool:
    """Return whether the first finite verb has a pronoun for its subject: "On the second day it recorded"."""
    for k in range(1, min(len(s), 12)):
        if s.tags[k] in "zekbhM":
            return s.words[k - 1] in ("it", "he", "she", "they")
    return False
