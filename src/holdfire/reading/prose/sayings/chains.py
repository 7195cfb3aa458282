"""From the voices of a sentence to the chain of a claim: publisher first, the one who holds the stance last.

A word that takes up a voice ("it", "the group", a surname) keeps its own span and stands for whom it takes
up; see `coreference`. A sentence that names no voice may go on with the one before ("Under the offer, ...").
That link is marked implicit; only the outermost voice is carried, never the person it quoted, only within a
paragraph or from one reporting sentence to the next, and never past a heading. It is the most dangerous rule
here, and `carry=False` switches it off. Independence is the last link with a name; an unnamed official is
not a root of his own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from holdfire.reading.dictionary import dictionary
from holdfire.reading.prose.names.actors import Cast
from holdfire.reading.prose.names.coreference import Coreference
from holdfire.reading.prose.names.discourse import taken_up
from holdfire.reading.prose.page.shadow import Shadow
from holdfire.reading.prose.sayings.links import Span, Voice, name_of
from holdfire.reading.prose.sayings.voices import Attribution
from holdfire.reading.prose.words.lexicon import word_set
from holdfire.reading.prose.words.syntax import Range, phrase_right
from holdfire.reading.prose.words.tokens import Sentence
from holdfire.records.actor import CIVILIANS, fold
from holdfire.records.report import Report

__all__ = ["Chains", "Span", "Voice", "carries_over"]

_SPEECH_PRODUCTS = word_set(
    "report statement text document article story proposal offer plan annex terms agreement arrangement "
    "letter paper record resolution newspaper study survey page draft accord pact deal memo"
)
_NO_NAME = word_set("the a an this that latest same 's")


@dataclass(slots=True)
class Chains:
    """The voices of one text, in the order they speak.

    Attributes:
        cast: Whom phrases name.
        report: What was said of the report when it came in.
        shadow: The text as read, and its way back.
        wire: The agency whose text it says it is; empty: none.
        carry: Whether a voice may be carried to a sentence that names none.
    """

    cast: Cast
    report: Report
    shadow: Shadow
    wire: str = ""
    carry: bool = True
    known: Coreference = field(init=False)
    _outer: list[Voice] = field(default_factory=list)
    _spoke_in: tuple[int, int] = (-2, -2)
    _number: int = 0
    _planned: bool = False

    def __post_init__(self) -> None:
        self.known = Coreference(self.cast)

    def begin(self, read: Sequence[Sentence]) -> None:
        """Look over a text before its first sentence; without it, nothing is named below its title."""
        self.known.begin(read)

    def publisher(self) -> Voice:
        """Return the first link of every chain."""
        source = self.cast.context.sources.get(self.report.source)
        name = source.name.get("en") or next(iter(source.name.values()), "") if source else ""
        return Voice(name or self.report.source, self.report.source, self.report.source, named=True)

    def voices(self, s: Sentence, found: Sequence[Attribution]) -> dict[int, Voice]:
        """Return the voice of each attribution of a sentence, by its place in `found`, and remember them."""
        self._number += 1
        if s.zone in ("title", "heading", "caption"):
            self.fall_silent()
        self.known.enter(s, found)
        named: dict[int, Voice] = {}
        depth = [sum(_within(a, b) for b in found if b is not a) for a in found]
        for n in sorted(range(len(found)), key=lambda n: (depth[n], found[n].cues[0][0])):
            around = [m for m in named if _within(found[n], found[m]) and named[m].text]
            outer = named[around[-1]] if around else None
            named[n], phrase = self._voice(
                s, found[n], outer
            )  # outer voices first: "it" within may mean them
            if (
                phrase is not None
                and (named[n].named or named[n].known or named[n].text)
                and named[n].rule != "open"
            ):
                self.known.heard(s, named[n], phrase, found[n].content, outer=outer is None)
        spoken = [n for n, v in named.items() if v.text and _speaks(found[n])]
        if spoken and s.zone == "body":
            outermost = [n for n in spoken if not any(_within(found[n], found[m]) for m in spoken if m != n)]
            speaks = [n for n in outermost[:1] if (named[n].known or named[n].named) and not named[n].paper]
            heard = [replace(named[n], implicit=True) for n in speaks]
            if heard or not carries_over(s):
                self._outer = heard
                self._planned = False
            self._spoke_in = (s.paragraph, self._number)
        self._planned = self._planned or not _SPEECH_PRODUCTS.isdisjoint(s.words)
        return named

    def _voice(self, s: Sentence, a: Attribution, outer: Voice | None) -> tuple[Voice, Range | None]:
        cues = tuple(self.shadow.span(s.starts[i], s.ends[j - 1]) for i, j in a.cues if i < j)
        if a.source is None:
            return Voice("", cues=cues), None
        i, j = self._trimmed(s, a.source)
        span = self.shadow.span(s.starts[i], s.ends[j - 1])
        if s.words[i:j] in (["who"], ["which"], ["that"]):
            return Voice(s.text(i, j), span=span, cues=cues, rule="open"), (i, j)
        known, source, holder = self._identity(s, (i, j))
        if not known and (behind := self._spoken_for(s, j)):
            known, source, _ = self._identity(s, behind)
            meant = None if known else self.known.voice(s, behind, None)
            known, source = (meant.known, meant.source) if meant is not None else (known, source)
        back = self.known.voice(s, (i, j), outer) if not known else None
        if back is not None and back.text:
            return replace(back, span=span, cues=cues, implicit=False), (i, j)
        bare = [w for w in s.words[i:j] if w not in _NO_NAME]
        lists = taken_up()
        capitals = [k for k in range(i, j) if s.tags[k] == "E"]
        # The first word of a sentence always has a capital, and "Report" in a headline names nobody.
        common = not bare or (
            len(bare) == 1 and bare[0] in _SPEECH_PRODUCTS | lists["heads"] | lists["persons"]
        )
        named = bool(known) or (not common and back is None and any(k > 0 for k in capitals))
        if named and not source and not holder and _nobody(s, i, j):
            named = False
        rule = "open" if back is not None else ""
        return Voice(s.text(i, j), known, source, named, span, cues, rule=rule, holder=holder), (i, j)

    def _trimmed(self, s: Sentence, source: Range) -> Range:
        i, j = source
        if i > 2 and s.tags[i - 1] in "en" and s.tags[i - 3 : i - 1] == "DB":
            i -= 3  # "the internationally recognised government"
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

    def _identity(self, s: Sentence, phrase: Range) -> tuple[str, str, str]:
        """Return the source or actor a phrase names, the source alone, and who held the office it names."""
        held = [m for m in self.cast.matches(s) if phrase[0] <= m.start and m.end <= phrase[1]]
        for match in sorted((m for m in held if "source" in m.kinds), key=lambda m: (m.start, m.end)):
            ids = self.cast.matcher.by_source.get(match.key, [])
            if len(set(ids)) == 1 and not _owned(s, match.end, phrase[1]):
                return ids[0], ids[0], ""
        public = self.cast.spoken_for(s, phrase)
        if public is not None and public[1].kind in ("outlet", "recorder"):
            source = self.known.seen.source(public[1], public[0])
            return source or public[0], source, ""
        memory, self.cast.memory = self.cast.memory, None  # what the words say, not what they take up
        parties = self.cast.who(s, phrase, anyone=False)
        self.cast.memory = memory
        for party in parties:
            for actor in party.ids:
                if actor != CIVILIANS:
                    source = self._speaks_for(actor) if len(party.ids) == 1 else ""
                    return actor, source, self._holder(s, phrase)
        if public is not None:
            source = self.known.seen.source(public[1], public[0])
            return source or public[0], source, self._holder(s, phrase)
        return "", "", ""

    def _spoken_for(self, s: Sentence, end: int) -> Range | None:
        """Return whom a spokesman speaks for: "X, a spokesman for the coalition"."""
        if s.tags[end : end + 1] != ",":
            return None
        for k in range(end + 1, min(len(s), end + 8)):
            if s.tags[k] in ",zekbhM":
                return None
            if s.words[k] in taken_up()["spokespersons"]:
                behind = s.words[k + 1 : k + 2] in (["for"], ["of"])
                return phrase_right(s, k + 2) if behind else (end + 1, k)
        return None

    def _speaks_for(self, actor: str) -> str:
        """Return the source that is this actor, where its id says so; never one of its spokesmen."""
        return actor if actor in self.cast.context.sources else ""

    def _holder(self, s: Sentence, phrase: Range) -> str:
        """Return who held the office a phrase names on the day: "the US secretary of state" of June 2016."""
        day = self.cast.days[0]
        hits = [h for h in self.cast.hits(s) if phrase[0] <= h.start and h.end <= phrase[1]]
        for hit in hits:
            if hit.part == "holder":
                return hit.found.name.holder
        if day is None or len(set(self.cast.days)) > 1:
            return ""
        for hit in hits:
            k = hit.end + (s.words[hit.end : hit.end + 1] == ["'s"])
            for end in range(phrase[1], k, -1):
                found = dictionary().holder(hit.found.entity.id, " ".join(s.words[k:end]), day)
                if found:
                    return found
        return ""

    def chain(self, s: Sentence, covering: Sequence[Voice], *, carries: bool) -> list[Voice]:
        """Return the chain of a claim, outermost first, from the voices whose content holds it."""
        links = [self.publisher()]
        spoken = [voice for voice in covering if voice.text]
        if (
            carries
            and self.carry
            and self._outer
            and self._goes_on(s)
            and not (spoken and (spoken[0].known or spoken[0].named) and not spoken[0].paper)
        ):
            spoken = [*self._outer, *spoken]
        for voice in spoken:
            again = voice.rule or voice.source or voice.key == name_of(links[-1].text)
            if voice.known and voice.known == links[-1].known and again and not voice.paper:
                links[-1] = replace(
                    links[-1], span=voice.span, cues=voice.cues, implicit=voice.implicit, rule=voice.rule
                )
            elif not voice.known and fold(voice.text) == fold(links[-1].text):
                continue
            else:
                links.append(voice)
        return links

    def _goes_on(self, s: Sentence) -> bool:
        """Return whether the voice that is carried may reach a sentence."""
        paragraph, number = self._spoke_in
        run = self._number - number <= 1 and s.paragraph - paragraph <= 1
        return s.zone == "body" and (s.paragraph == paragraph or run) and (self._planned or not _would(s))

    def keep_speaking(self, s: Sentence) -> None:
        """Let a sentence that carried a voice hand it on to the next."""
        if self._outer and self._goes_on(s):
            self._spoke_in = (s.paragraph, self._number)

    def fall_silent(self) -> None:
        """Let no later sentence carry the voice: the text goes on in its own."""
        self._outer = []
        self._planned = False

    def root(self, links: Sequence[Voice]) -> str:
        """Return the independence group: the last named voice, else the wire, else the publisher."""
        for voice in reversed(links[1:]):
            if voice.source:
                return f"source:{voice.source}"  # as its own reports and the rows that rest on it have it
            if voice.named:
                return f"voice:{voice.key}"
        if self.wire and self.wire not in self.cast.context.sources:
            return f"wire:{self.wire}"
        return f"source:{self.wire or self.report.source}"


def _nobody(s: Sentence, i: int, j: int) -> bool:
    """Return whether a voice is unnamed for all its description: "US military officials"."""
    return s.words[j - 1] in taken_up()["unnamed"] and s.tags[j - 1] == "N"


def _speaks(a: Attribution) -> bool:
    """Return whether an attribution is of speech: "whom X calls moderate" and "X is trying to" are not."""
    return not a.cue.mute and a.rule != "called"


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
    if _would(s):
        return True
    return _pronoun_subject(s)


def _would(s: Sentence) -> bool:
    """Return whether a sentence tells what would be: the terms of a plan, or what followed."""
    return any(w in ("would", "wouldn't") for w in s.words) and "W" not in s.tags[:2]


def _pronoun_subject(s: Sentence) -> bool:
    """Return whether the first finite verb has a pronoun for its subject: "On the second day it recorded"."""
    for k in range(1, min(len(s), 12)):
        if s.tags[k] in "zekbhM":
            return s.words[k - 1] in ("it", "he", "she", "they")
    return False
