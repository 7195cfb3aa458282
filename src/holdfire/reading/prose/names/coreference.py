"""Whom a word takes up that names nobody itself: "it", "the group", "the report", "the two sides", a surname.

Every rule looks a stated distance back for the nearest antecedent of the right sort and number, and takes
none where two compete: an open mention is better than a wrong one. "The former" and "the latter" stay open.
What is found keeps the words that stand in the text; the rule by which it was found goes with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise

from holdfire.reading.prose.names.actors import Cast, Party
from holdfire.reading.prose.names.agreeing import ACTS, HE, ISSUE, IT, THEY, agrees, as_report, issued, plain
from holdfire.reading.prose.names.discourse import (
    PERSON,
    PROPOSAL,
    Discourse,
    Mention,
    bodies,
    nouns_known,
    reach,
    singular,
    taken_up,
)
from holdfire.reading.prose.sayings.links import Voice
from holdfire.reading.prose.sayings.voices import Attribution
from holdfire.reading.prose.words.lexicon import word_set
from holdfire.reading.prose.words.syntax import Range
from holdfire.reading.prose.words.tokens import Sentence


@lru_cache(maxsize=1)
def _papers() -> frozenset[str]:
    """Return the nouns of what somebody speaks through."""
    return taken_up()["statements"] | taken_up()["documents"]


_POINTING = word_set("the this that its their these those both his her")
_SAME = word_set("latest same new full joint earlier latter former first second two three")


@dataclass(slots=True)
class Coreference:
    """Finds what words of one text take up; the memory of its cast."""

    cast: Cast
    seen: Discourse = field(init=False)
    _contents: list[Range] = field(default_factory=list)
    _speakers: list[tuple[tuple[Range, ...], Voice]] = field(default_factory=list)
    _below: Voice | None = None
    _plurals: dict[str, Party] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.seen = Discourse(self.cast)
        self.cast.memory = self

    def begin(self, read: Sequence[Sentence]) -> None:
        """Look over the beginning of a text: "a new report" there is the one report named below it."""
        named: dict[str, Voice] = {}
        bodies_read = 0
        for s in read:
            if s.zone == "caption":
                continue
            bodies_read += s.zone == "body"
            if bodies_read > _LEAD:
                break
            for voice in self._reports(s):
                named[voice.known] = voice
        self._below = next(iter(named.values())) if len(named) == 1 else None

    def _reports(self, s: Sentence) -> Iterator[Voice]:
        """Yield the outlets and other sources of the case whose report a sentence names."""
        for match in self.cast.matches(s):
            ids = self.cast.matcher.by_source.get(match.key, [])
            if "source" in match.kinds and len(set(ids)) == 1 and as_report(s, match.start, match.end):
                yield Voice(s.text(match.start, match.end), ids[0], ids[0], named=True)
        for hit in self.cast.hits(s):
            entity = hit.found.entity
            if entity.kind == "outlet" and as_report(s, hit.start, hit.end):
                source = self.seen.source(entity, "")
                yield Voice(entity.name, source or self.cast.entity(entity), source, named=True)

    def enter(self, s: Sentence, spoken: Sequence[Attribution]) -> None:
        """Begin a sentence."""
        self._contents = [r for a in spoken for r in a.content]
        self._speakers = []
        self.seen.enter(s)
        self._proposals(s)

    def heard(
        self, s: Sentence, voice: Voice, phrase: Range, content: Sequence[Range], *, outer: bool
    ) -> None:
        """Keep a voice that has spoken in this sentence, and where what it says stands."""
        self._speakers.append((tuple(content), voice))
        if s.words[phrase[0]] in _ANYONE or not set("NER") & set(s.tags[phrase[0] : phrase[1]]):
            return
        papers = _papers()
        through = frozenset(
            word
            for before, word in pairwise(s.words)
            if word in papers
            and before in ("a", "an", "its", "his", "her", "their", "written", "joint", "brief")
        )
        self.seen.spoke(s, voice, *phrase, outer=outer, with_=through)

    def voice(self, s: Sentence, phrase: Range, outer: Voice | None) -> Voice | None:  # noqa: PLR0911 - each return is one rule
        """Return whom the words of a source take up.

        Args:
            s: The sentence.
            phrase: The words.
            outer: The voice inside whose content they stand; None: the text's own.

        Returns:
            A voice that names someone, with its rule; with empty text: somebody, but it stays open; None: the
            words do not take up anyone.
        """
        i, j = phrase
        first, noun = s.words[i], s.words[j - 1]
        if j - i == 1 and first in HE | IT | THEY:
            return self._pronoun(s, phrase, outer)
        bare = i + (first == "the")
        if j - bare == 1 and (found := self._short(s, bare)) is not None:
            return found
        if first not in _POINTING:
            return self._lead(s, phrase, noun)
        if j - i == 2 and noun in ("former", "latter"):
            return _OPEN
        if not plain(s, i, j):
            return self._surname(s, j - 1) if s.tags[j - 1] == "E" and j - i == 2 else None
        if noun in taken_up()["pairs"] and (first == "both" or "two" in s.words[i:j]):
            return self._pair(s, i)
        found = self._definite(s, phrase, noun)
        if found is not None:
            return found
        return self._lead(s, phrase, noun)

    def _pronoun(self, s: Sentence, phrase: Range, outer: Voice | None) -> Voice:
        word, at = s.words[phrase[0]], phrase[0]
        if word in IT and s.tags[at + 1 : at + 3] in ("bJ", "bN", "bT", "zJ"):
            return _OPEN  # "it is important to say"
        if outer is not None and outer.text and s.quoted[at]:
            return _OPEN  # whoever is quoted calls himself "I"
        if outer is not None and outer.text and outer.rule != "open":
            mine = next((m for m in reversed(self.seen.mentions) if m.voice is outer), None)
            if mine is None or agrees(mine, word):
                return replace(outer, rule="pronoun")
        found = self._nearest(
            s,
            at,
            "pronoun",
            lambda m: agrees(m, word) and (m.spoke or m.voice.named),
            near=True,
            strict=True,
        )
        if found is None or (word in HE and found.number < self.seen.number and self._stranger(s, at)):
            return _OPEN
        return replace(found.voice, rule="pronoun")

    def _stranger(self, s: Sentence, at: int) -> bool:
        """Return whether a name that may be somebody's stands before a pronoun, in its own sentence."""
        known = {k for m in self.seen.mentions if m.number == self.seen.number for k in range(m.at, m.end)}
        known |= {k for hit in self.cast.hits(s) for k in range(hit.start, hit.end)}
        return any(s.tags[k] == "E" and k not in known for k in range(at))

    def _short(self, s: Sentence, i: int) -> Voice | None:
        """Return whom an acronym brought in before, or a surname after a full name, stands for."""
        held = self.seen.acronyms.get(s.words[i])
        if held is not None and s.raws[i].isupper():
            return replace(held, rule="acronym")
        return self._surname(s, i)

    def _surname(self, s: Sentence, i: int) -> Voice | None:
        if s.tags[i] != "E":
            return None
        found = self.seen.people.get(s.words[i], [])
        return replace(found[0], rule="surname") if len(found) == 1 else None

    def _definite(self, s: Sentence, phrase: Range, noun: str) -> Voice | None:
        """Return whom "the report", "the official", "the group" take up."""
        lists, at = taken_up(), phrase[0]
        kinds = bodies().get(noun)
        if noun in lists["documents"]:
            found = self._nearest(s, at, "document", lambda m: issued(m, noun))
            return replace(found.voice, rule=f"the-{noun}") if found else None
        if noun in lists["statements"]:
            found = self._nearest(s, at, "document", lambda m: noun in m.nouns)
            return replace(found.voice, rule=f"the-{noun}") if found else None
        if noun in lists["proposals"] | lists["truces"]:
            found = self._nearest(s, at, "document", lambda m: PROPOSAL in m.kinds and noun in m.nouns)
            return replace(found.voice, rule=f"the-{noun}", named=False, paper=True) if found else None
        if singular(noun) in lists["persons"]:
            many = noun != singular(noun)
            found = self._nearest(
                s,
                at,
                "person",
                lambda m: PERSON in m.kinds and noun in m.nouns and m.plural is not (not many),
            )
            return replace(found.voice, rule=f"the-{noun}") if found else None
        if noun in nouns_known() or kinds is not None:
            headed = self._nearest(s, at, "head", lambda m: noun in m.nouns and PERSON not in m.kinds)
            sorted_ = kinds and self._nearest(s, at, "body", lambda m: bool(m.kinds & kinds))
            found = headed or sorted_ or None
            if headed and sorted_ and headed.key != sorted_.key:
                found = max(headed, sorted_, key=lambda m: (m.number, m.rank))
            return replace(found.voice, rule=f"the-{noun}") if found else None
        return None

    def _lead(self, s: Sentence, phrase: Range, noun: str) -> Voice | None:
        """Return what "a new report" in a title or lead is named as below."""
        documents = taken_up()["documents"]
        if self._below is None or noun not in documents or "E" in s.tags[phrase[0] + 1 : phrase[1]]:
            return None
        others = any(m.spoke and m.kinds & ISSUE and m.key != self._below.key for m in self.seen.mentions)
        lead = s.zone in ("title", "heading") or not others
        return replace(self._below, rule="named-below") if lead and self.seen.number <= _LEAD + 2 else None

    def parties(self, s: Sentence, phrase: Range) -> list[Party]:  # noqa: PLR0911 - each return is one rule
        """Return whom the words of an actor or target take up; empty: nobody, or two compete."""
        i, j = phrase
        if j <= i:
            return []
        first, noun = s.words[i], s.words[j - 1]
        if j - i == 1 and first in self.seen.acting and s.raws[i].isupper():
            return [Party(i, j, s.text(i, j), self.seen.acting[first], agent=True)]
        if first in IT | THEY:
            return self._itself(s, i, j)
        if first not in _POINTING or not plain(s, i, j):
            return []
        if noun in taken_up()["pairs"] and (first == "both" or "two" in s.words[i:j]):
            return self._two(s, i, j)
        if first in ("these", "those") and noun.endswith("s"):
            return self._these(s, i, j)
        kinds = (bodies().get(noun) or frozenset()) & ACTS
        if noun not in nouns_known() and not kinds:
            return []
        found = self._nearest(
            s, i, "head", lambda m: noun in m.nouns and bool(m.ids) and PERSON not in m.kinds
        )
        found = found or self._nearest(s, i, "body", lambda m: bool(m.ids) and bool(m.kinds & kinds))
        return [Party(i, j, s.text(i, j), found.ids, agent=True)] if found else []

    def _pair(self, s: Sentence, i: int) -> Voice | None:
        """Return the pair of "the two sides said" as one voice."""
        names = self._two_of(s, i)
        text = " and ".join(m.voice.text for m in names)
        return Voice(text, named=True, rule="pair") if names else None

    def stands(self, s: Sentence, phrase: Range) -> Voice | None:
        """Return whom any words take up, be they a voice, an actor or neither; None: it stays open."""
        speaker = self._speaker(s, phrase)
        inside = any(a <= phrase[0] < b for a, b in self._contents)
        if speaker is None and inside and s.words[phrase[0]] in HE | IT | THEY:
            return None
        found = speaker or self.voice(s, phrase, None)
        return found if found is not None and found.text else None

    def _speaker(self, s: Sentence, phrase: Range) -> Voice | None:
        """Read "X said it had withdrawn": the pronoun in what somebody says is most often they.

        Not where somebody else of the sort is named before it in the same words.
        """
        i = phrase[0]
        word = s.words[i]
        if word not in HE | IT | THEY:
            return None
        holding = [
            (a, voice) for content, voice in self._speakers for a, b in content if a <= i < b and voice.text
        ]
        if not holding:
            return None
        start, voice = max(holding, key=lambda each: each[0])
        said = next((m for m in reversed(self.seen.mentions) if m.voice is voice), None)
        if said is None or not agrees(said, word):
            return None
        rivals = (m for m in self.seen.mentions if m.number == self.seen.number and start <= m.at < i)
        if any(agrees(m, word) and m.key != voice.key and m.voice.text for m in rivals):
            return None
        return replace(voice, rule="speaker")

    def _itself(self, s: Sentence, i: int, j: int) -> list[Party]:
        """Read "It shelled Tarn": the subject of the sentence before; never inside what someone says."""
        if j - i > _POSSESSED:
            return []
        if any(a <= i < b for a, b in self._contents):
            ids = self._acting(self._speaker(s, (i, j)))
            return [Party(i, j, s.text(i, j), ids, agent=True)] if ids else []
        subject = i <= 1 and j < len(s) and s.tags[j] in "vzekbhdMB"
        plural = s.words[i] in THEY

        def fits(m: Mention) -> bool:
            return (
                bool(m.ids)
                and bool(m.kinds & ACTS)
                and m.plural is not (not plural)
                and m.number < self.seen.number
            )

        found = self._nearest(s, i, "pronoun", fits, near=True, ranked=subject, back=1)
        return [Party(i, j, s.text(i, j), found.ids, agent=True)] if found else []

    def _acting(self, voice: Voice | None) -> tuple[str, ...]:
        """Return the actor that a voice is or speaks for; empty: none known."""
        if voice is None or not voice.known:
            return ()
        source = self.cast.context.sources.get(voice.source)
        if (
            source is not None
            and voice.known == voice.source
            and voice.known not in self.cast.context.names.actors
        ):
            return (source.actor,) if source.actor else ()
        return (voice.known,)

    def _these(self, s: Sentence, i: int, j: int) -> list[Party]:
        """Return whom "these groups" are: the last called so, be it by a label that names nobody."""
        held = self._plurals.get(s.words[j - 1])
        return [replace(held, start=i, end=j, text=s.text(i, j))] if held else []

    def plural(self, s: Sentence, party: Party) -> None:
        """Keep a plural that "these groups" may take up."""
        head = s.words[party.end - 1]
        if head.endswith("s") and s.words[party.start] not in _POINTING:
            self._plurals[head] = party

    def _two(self, s: Sentence, i: int, j: int) -> list[Party]:
        """Return the pair of "the two sides"."""
        ids = {each for m in self._two_of(s, i) for each in m.ids}
        return [Party(i, j, s.text(i, j), tuple(sorted(ids)), agent=True)] if ids else []

    def _two_of(self, s: Sentence, i: int) -> list[Mention]:
        """Return the only two who act in the nearest sentence that has two; empty: more, or none."""
        here = self.seen.number
        for number in range(here, here - reach()["pair"] - 1, -1):
            if number <= self.seen.section:
                return []
            held = {
                m.ids: m
                for m in self.seen.mentions
                if m.number == number and m.ids and not m.spoke and (number < here or m.end <= i)
            }
            if len(held) > 2:
                return []
            if len(held) == 2:
                return list(held.values())
        return []

    def _nearest(
        self,
        s: Sentence,
        at: int,
        distance: str,
        fits: Callable[[Mention], bool],
        *,
        near: bool = False,
        ranked: bool = True,
        back: int | None = None,
        strict: bool = False,
    ) -> Mention | None:
        """Return the nearest mention that fits, before a token; None: none, or two compete.

        Args:
            s: The sentence.
            at: The token.
            distance: Key of `reach`.
            fits: Which mentions may be meant.
            near: Only of this paragraph, or of the sentence before.
            ranked: Whether a subject or an outer voice goes before another mention of its sentence.
            back: Most sentences back, if fewer than the reach.
            strict: Whether two voices of one sentence compete, one within the other.
        """
        here = self.seen.number
        furthest = back if back is not None else reach()[distance]
        best: list[Mention] = []
        for m in reversed(self.seen.mentions):
            gap = here - m.number
            if gap > furthest or m.number <= self.seen.section or (best and m.number < best[0].number):
                break
            apart = near and m.paragraph != s.paragraph and gap > 1
            if apart or (gap == 0 and m.end > at) or not fits(m):
                continue
            best.append(m)
        if ranked and best:

            def weight(m: Mention) -> int:
                return 4 if m.spoke and strict else m.rank + 2 if m.spoke else m.rank

            top = max(map(weight, best))
            best = [m for m in best if weight(m) == top]
        return best[0] if best and len({m.key for m in best}) == 1 else None

    def _proposals(self, s: Sentence) -> None:
        """Keep a plan with its maker: "the US proposal", "Moscow has put forward a plan"."""
        lists = taken_up()
        for k in range(1, len(s)):
            if s.words[k] not in lists["proposals"] or s.tags[k] != "N":
                continue
            maker = self._maker(s, k)
            if maker is not None:
                voice = replace(maker.voice, named=False)
                self.seen.mentions.append(
                    replace(
                        maker,
                        voice=voice,
                        kinds=frozenset((PROPOSAL,)),
                        nouns=_LIKE_PROPOSALS,
                        ids=(),
                        at=k,
                        end=k + 1,
                    )
                )

    def _maker(self, s: Sentence, k: int) -> Mention | None:
        held = [
            m for m in self.seen.mentions if m.number == self.seen.number and m.at < k and (m.ids or m.spoke)
        ]
        for m in held:
            if (
                m.at <= k < m.end
                or (m.end == k and s.words[k - 1] != "of")
                or (m.end == k - 1 and s.tags[k - 1] == "'")
            ):
                return m
        start = k
        while start and s.tags[start - 1] in "DJN#":
            start -= 1
        verb = start - 1
        if verb < 1 or s.lemmas[verb] not in taken_up()["makes"] or s.tags[verb] not in "vzekg":
            return None
        before = [m for m in held if m.end <= verb]
        return before[-1] if before and len({m.key for m in before}) == 1 else None


_POSSESSED = 3
"""Most tokens of "its aircraft"."""
_ANYONE = word_set(
    "i we you us me nobody everybody everyone anyone anybody someone somebody one none many some few others "
    "all most"
)
_OPEN = Voice("", rule="open")
_LEAD = 4
"""Sentences of the body, from the first, in which a report that the title speaks of may be named."""
_LIKE_PROPOSALS = word_set("offer proposal plan initiative draft roadmap blueprint scheme text document")
