"""What a text has named so far, and how it may be taken up: voices, groups, states, documents, places.

One mention is kept for each voice that spoke and each name that stands for someone who acts, with the nouns
it may be called by afterwards. A mention of the sentence's subject or of an outermost voice ranks above
another, as what a sentence is about is what the next takes up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import takewhile

from holdfire.reading.dictionary import Entity, dictionary
from holdfire.reading.prose.names.actors import Cast, Party
from holdfire.reading.prose.names.nounphrases import fought_for_by
from holdfire.reading.prose.sayings.links import Voice
from holdfire.reading.prose.words.lexicon import page, words
from holdfire.reading.prose.words.syntax import Range
from holdfire.reading.prose.words.tokens import Sentence
from holdfire.records.actor import fold

PERSON, DOCUMENT, STATEMENT, PROPOSAL = "person", "document", "statement", "proposal"


_KEPT = 200
"""Mentions that are kept before those out of reach are dropped."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Someone or something that a text named.

    Attributes:
        voice: Whom, as a link of a chain.
        kinds: What sort: kinds of the dictionaries, or person, document, statement, proposal, unknown.
        nouns: Common nouns that take it up.
        plural: More than one, or a name in the plural; None: may be either.
        number: Of its sentence.
        paragraph: Of its sentence.
        at: First token.
        end: The token after the last.
        rank: 2 an outermost voice or the subject, 1 any other.
        ids: Actor ids, where it is someone who acts.
        spoke: Whether it was a voice.
    """

    voice: Voice
    kinds: frozenset[str]
    nouns: frozenset[str]
    plural: bool | None
    number: int
    paragraph: int
    at: int
    end: int
    rank: int
    ids: tuple[str, ...] = ()
    spoke: bool = False

    @property
    def key(self) -> str:
        """Return who it is, for telling two apart."""
        return self.voice.key


@lru_cache(maxsize=1)
def taken_up() -> Mapping[str, frozenset[str]]:
    """Return the lists of coreference.yaml by their key; `bodies` are apart."""
    given = page("coreference")
    return {name: frozenset(words(text)) for name, text in given.items() if isinstance(text, str)}


@lru_cache(maxsize=1)
def bodies() -> Mapping[str, frozenset[str]]:
    """Return which kinds of body a noun takes up."""
    return {noun: frozenset(str(kinds).split()) for noun, kinds in page("coreference")["bodies"].items()}


@lru_cache(maxsize=1)
def nouns_known() -> frozenset[str]:
    """Return the nouns that take up a body whose own they are: "the mission", "the observatory"."""
    own = (entity.nouns for entity in dictionary().entities.values())
    return taken_up()["heads"].union(taken_up()["fighters"], *own)


@lru_cache(maxsize=1)
def reach() -> Mapping[str, int]:
    """Return how far back each sort of word looks [sentences]."""
    return {name: int(value) for name, value in page("coreference")["reach"].items()}


@dataclass(slots=True)
class Discourse:
    """The mentions of one text, in order, as far as it has been read."""

    cast: Cast
    mentions: list[Mention] = field(default_factory=list)
    number: int = 0
    section: int = 0
    acronyms: dict[str, Voice] = field(default_factory=dict)
    acting: dict[str, tuple[str, ...]] = field(default_factory=dict)
    people: dict[str, list[Voice]] = field(default_factory=dict)

    def enter(self, s: Sentence) -> None:
        """Begin a sentence: keep the names in it."""
        self.number += 1
        if len(self.mentions) > _KEPT:  # so that a long text costs no more a sentence than a short one
            oldest = self.number - max(reach().values())
            self.mentions = [m for m in self.mentions if m.number >= oldest]
        if s.zone in ("title", "heading", "caption"):
            self.section = self.number
        if s.zone == "caption":
            return
        present = self.cast.present(s)
        verb = next((k for k, letter in enumerate(s.tags) if letter in "zekbhM"), len(s))
        subjects = [party for party, _, _ in present if party.end <= verb]
        for party, kind, entity in present:
            first = "E" not in s.tags[: party.start]
            rank = 2 if first and len(subjects) == 1 and party is subjects[0] else 1
            made = self._named(s, party, kind, entity, rank)
            self.mentions.append(made)
            if (other := _joined(s, party, present)) is not None:
                # A name nobody knows, joined to one that is known, may be meant as well as that one.
                self._add(s, Voice(s.text(*other), named=True), made.kinds, made.nouns, *other)
        if "(" in s.tags:
            self._shortened(s)
        self._full_names(s)
        self._introduced(s)

    def _named(self, s: Sentence, party: Party, kind: str, entity: Entity | None, rank: int) -> Mention:
        known = party.ids[0] if party.ids else ""
        name = entity.name if entity is not None else party.text
        source = self.source(entity, known)
        nouns = set(entity.nouns) if entity is not None else set()
        nouns |= {fold(w) for w in party.text.split()[-1:]}
        if kind == "state" and any(w in taken_up()["forces"] for w in s.words[party.start : party.end]):
            nouns |= {"army", "military", "forces"}
        nouns |= _owned_heads(s, party.end) | (
            fought_for_by(s, party.start, party.end) & taken_up()["fighters"]
        )
        last = s.words[party.end - 1]
        several = last.endswith("s") or (entity is not None and entity.name.endswith("s"))
        plural = None if several and kind not in ("state", "outlet") else False
        voice = Voice(name if entity is not None else party.text, source or known, source, named=True)
        return Mention(
            voice,
            frozenset((kind,)),
            frozenset(nouns),
            plural,
            self.number,
            s.paragraph,
            party.start,
            party.end,
            rank,
            party.ids if kind != "outlet" else (),
        )

    def source(self, entity: Entity | None, actor: str) -> str:
        """Return the source of the case that bears a name of an entity, or the id of an actor."""
        if actor and actor in self.cast.context.sources:
            return actor
        if entity is None or entity.kind == "state":
            return ""
        return _source(self.cast, entity)

    def spoke(
        self, s: Sentence, voice: Voice, at: int, end: int, *, outer: bool, with_: frozenset[str]
    ) -> None:
        """Keep a voice that has spoken.

        Args:
            s: The sentence.
            voice: Who.
            at: First token of the words that name it.
            end: The token after the last.
            outer: Whether nobody else says that it said so.
            with_: Nouns of documents it spoke through: "in a statement".
        """
        kinds, nouns, plural = self.sort(s, voice, at, end)
        nouns |= {s.words[end - 1]} if s.tags[end - 1] == "N" else frozenset()
        nouns |= _apposed_nouns(s, end) | {_titles().get(s.words[k], "") for k in range(at, end)}
        if not voice.rule:
            self._remember(s, voice, at, end, kinds)
        self.mentions.append(
            Mention(
                voice,
                kinds,
                nouns | with_,
                plural,
                self.number,
                s.paragraph,
                at,
                end,
                2 if outer else 1,
                spoke=True,
            )
        )  # fmt: skip

    def sort(  # noqa: C901, PLR0911 - each return is one rule
        self, s: Sentence, voice: Voice, at: int, end: int
    ) -> tuple[frozenset[str], frozenset[str], bool | None]:
        """Return what sort of voice some words name, the nouns that take it up, and whether it is plural."""
        if voice.rule:
            for m in reversed(self.mentions):
                if m.voice.text == voice.text and m.key == voice.key:
                    return m.kinds, m.nouns, m.plural
        if voice.source and (described := self._of_source(voice.source)) is not None:
            return described
        lists = taken_up()
        inside = [s.words[k] for k in range(at, end)]
        ones = {singular(w) for w in inside}
        head = inside[-1] if inside else ""
        nouns = {head, singular(head)} | (ones & (lists["persons"] | lists["heads"]))
        now = takewhile(lambda m: m.number == self.number, reversed(self.mentions))
        named = [m for m in now if at <= m.at and m.end <= end][::-1]
        for each in named:
            nouns |= each.nouns
        if "C" in s.tags[at:end] and any(s.words[k] == "and" for k in range(at, end)):
            return frozenset((PERSON, "unknown")), frozenset(nouns), True
        if head in lists["documents"]:
            return frozenset((DOCUMENT,)), frozenset(nouns), head.endswith("s")
        if head in lists["statements"]:
            return frozenset((STATEMENT,)), frozenset(nouns), head.endswith("s")
        if ones & lists["persons"]:
            return frozenset((PERSON,)), frozenset(nouns), head != singular(head)
        if named and named[-1].end == end:
            kinds = frozenset(kind for m in named for kind in m.kinds)
            holder = any(h.part == "holder" and h.end == end for h in self.cast.hits(s))
            return (frozenset((PERSON,)) if holder else kinds), frozenset(nouns), named[-1].plural
        if ones & (lists["heads"] | bodies().keys()):
            return frozenset(("unknown",)), frozenset(nouns), head.endswith("s")
        plural = head.endswith("s") and s.tags[end - 1] == "N"
        full = sum(s.tags[k] == "E" for k in range(at, end)) >= 2
        return frozenset((PERSON,) if full else (PERSON, "unknown")), frozenset(nouns), plural

    def _of_source(self, source: str) -> tuple[frozenset[str], frozenset[str], bool | None] | None:
        """Return what sort of body a source of the case is, and the nouns of its names."""
        known = self.cast.context.sources.get(source)
        if known is None:
            return None
        texts = [*known.name.values(), *known.aliases]
        nouns = frozenset(fold(word) for text in texts for word in text.split())
        heads = taken_up()["heads"] | bodies().keys() | {"agency"}
        kinds = _AFFILIATED.get(str(known.affiliation.value), frozenset(("state", "organisation")))
        return kinds, nouns & heads, False

    def _remember(self, s: Sentence, voice: Voice, at: int, end: int, kinds: frozenset[str]) -> None:
        """Keep the surname of a named person: "Cook" of "Pentagon Press Secretary Peter Cook"."""
        capitals = [k for k in range(at, end) if s.tags[k] == "E"]
        if PERSON in kinds and voice.named and len(capitals) >= 2 and capitals[-1] == end - 1:
            self._add_person(s.words[end - 1], voice)

    def _add_person(self, surname: str, voice: Voice) -> None:
        """Keep who bears a surname; of one person, the fullest we know of them."""
        held = self.people.setdefault(surname, [])
        given = fold(voice.text).split()[-2:]
        for k, other in enumerate(held):
            if fold(other.text).split()[-2:] == given:
                held[k] = voice if voice.known and not other.known else other
                return
        held.append(voice)

    def _add(
        self, s: Sentence, voice: Voice, kinds: frozenset[str], nouns: frozenset[str], at: int, end: int
    ) -> None:
        plural = s.words[end - 1].endswith("s") and s.tags[end - 1] == "N"
        made = Mention(voice, kinds, nouns, plural, self.number, s.paragraph, at, end, 1)
        self.mentions.append(made)

    def _introduced(self, s: Sentence) -> None:
        """Keep whom "a", "an", "another" bring in: "a doctor", "a new group"; of an apposition, its nouns."""
        for k in range(len(s) - 1):
            if s.words[k] not in ("a", "an", "another") or s.tags[k] != "D":
                continue
            j = k + 1
            while j < len(s) and s.tags[j] in "JNE#-":
                j += 1
            head = s.words[j - 1]
            kinds = _sort_of(head)
            if not kinds or (k and (s.tags[k - 1] == "b" or s.words[k - 1] == "as")):
                continue
            if k and s.tags[k - 1] == ",":
                self._beside(s, k - 1, frozenset((head,)))
            else:
                self._add(s, Voice(s.text(k, j)), kinds, frozenset((head,)), k, j)

    def _beside(self, s: Sentence, comma: int, nouns: frozenset[str]) -> None:
        """Give the nouns of an apposition to the name before it; to a name that nobody knows, a mention."""
        for n in range(len(self.mentions) - 1, -1, -1):
            m = self.mentions[n]
            if m.number != self.number:
                break
            if m.end == comma:
                self.mentions[n] = replace(m, nouns=m.nouns | nouns)
                return
        start = comma
        while (start and s.tags[start - 1] in "E-'") or (start and s.words[start - 1] == "al"):
            start -= 1
        kinds = _sort_of(next(iter(nouns)))
        if start < comma:
            self._add(s, Voice(s.text(start, comma), named=True), kinds, nouns, start, comma)

    def _full_names(self, s: Sentence) -> None:
        """Keep surnames of people named in passing: a run of capitals that is nothing else we know."""
        if "E" not in s.tags:
            return
        now = takewhile(lambda m: m.number == self.number, reversed(self.mentions))
        taken = {k for m in now for k in range(m.at, m.end)}
        k, count = 0, len(s)
        while k < count:
            if s.tags[k] != "E" or k in taken:
                k += 1
                continue
            j = k
            while j < count and (s.tags[j] == "E" or (s.tags[j] == "-" and s.tags[j + 1 : j + 2] == "E")):
                j += 1
            if 2 <= j - k <= 5 and not taken & set(range(k, j)):
                if s.words[j - 1] in taken_up()["mastheads"]:
                    self._add(s, Voice(s.text(k, j), named=True), _OUTLET, _PAPERS, k, j)
                elif not _organised(s, k, j):
                    self._add_person(s.words[j - 1], Voice(s.text(k, j), named=True))
            k = max(j, k + 1)

    def _shortened(self, s: Sentence) -> None:
        """Keep a short name that parentheses bring in: "the Marrow Relief Committee (MRC)"."""
        for k in range(1, len(s) - 2):
            short = s.raws[k + 1]
            if s.tags[k] != "(" or s.tags[k + 2] != ")" or not (short.isupper() and 2 <= len(short) <= 8):
                continue
            start = _expanded(s, k, short)
            if start is None:
                continue
            named = next((m for m in self.mentions if m.number == self.number and m.end == k), None)
            held = named.voice if named else Voice(s.text(start, k), named=True)
            self.acronyms[short.lower()] = held
            if named and named.ids:
                self.acting[short.lower()] = named.ids


_AFFILIATED = {
    "media": frozenset(("outlet",)),
    "civil_society": frozenset(("recorder", "organisation")),
    "neutral": frozenset(("recorder", "organisation")),
}


def _source(cast: Cast, entity: Entity) -> str:
    """Return the source of the case that shares a name with an entity; empty: none, or more than one."""
    found: set[str] = set()
    for name in entity.names:
        if all(name.read(day) for day in cast.days):
            found |= set(cast.matcher.by_source.get(fold(name.text).removeprefix("the "), ()))
    return found.pop() if len(found) == 1 else ""


def _sort_of(noun: str) -> frozenset[str]:
    """Return what sort of someone a noun brings in; empty: nobody who is taken up."""
    lists = taken_up()
    if noun in lists["persons"] or noun in ("man", "woman"):
        return frozenset((PERSON,))
    if noun in lists["documents"]:
        return frozenset((DOCUMENT,))
    if noun in lists["statements"]:
        return frozenset((STATEMENT,))
    return bodies().get(noun) or (frozenset(("unknown",)) if noun in lists["heads"] else frozenset())


def _joined(s: Sentence, party: Party, present: Sequence[tuple[Party, str, Entity | None]]) -> Range | None:
    """Return an unknown name joined to a known one by "and": "Oxfam" of "Oxfam and Save the Children"."""
    taken = {k for each, _, _ in present for k in range(each.start, each.end)}
    at, end = party.start, party.end
    if at > 1 and s.words[at - 1] == "and" and s.tags[at - 2] == "E" and at - 2 not in taken:
        first = at - 2
        while first and s.tags[first - 1] == "E" and first - 1 not in taken:
            first -= 1
        return first, at - 1
    if s.words[end : end + 1] == ["and"] and s.tags[end + 1 : end + 2] == "E" and end + 1 not in taken:
        last = end + 1
        while last < len(s) and s.tags[last] == "E" and last not in taken:
            last += 1
        return end + 1, last
    return None


def _owned_heads(s: Sentence, end: int) -> frozenset[str]:
    """Return the noun of a state's own body: "ministry" of "Russia's defence ministry"."""
    if s.words[end : end + 1] != ["'s"]:
        return frozenset()
    k = end + 1
    while k < len(s) and s.tags[k] in "JNE":
        k += 1
    return frozenset((s.words[k - 1],)) & taken_up()["heads"]


_OUTLET = frozenset(("outlet",))
_PAPERS = frozenset(("newspaper", "paper", "daily", "outlet"))
_FAR = 12
"""Most tokens of an apposition that are looked at."""


def _apposed_nouns(s: Sentence, end: int) -> frozenset[str]:
    """Return the nouns for persons in "X, a mayor in the south,"."""
    if s.tags[end : end + 1] != "," or s.tags[end + 1 : end + 2] not in ("D", "N"):
        return frozenset()
    close = next((k for k in range(end + 1, min(len(s), end + _FAR)) if s.tags[k] in ",zekbhM"), end + 1)
    return frozenset(s.words[end + 1 : close]) & taken_up()["persons"]


@lru_cache(maxsize=1)
def _titles() -> Mapping[str, str]:
    return dict(pair.split(maxsplit=1) for pair in taken_up()["titles"])


def singular(word: str) -> str:
    """Return the singular of a noun for a person, by its ending."""
    if word.endswith("men"):
        return word[:-3] + "man"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _organised(s: Sentence, i: int, j: int) -> bool:
    """Return whether a run of capitals names a body and no person."""
    lists = taken_up()
    return any(s.words[k] in lists["heads"] or s.words[k] in lists["places"] for k in range(i, j)) or any(
        len(s.raws[k]) > 1 and s.raws[k].isupper() for k in range(i, j)
    )


def _expanded(s: Sentence, end: int, short: str) -> int | None:
    """Return where the words begin whose first letters make a short name; None: they do not."""
    letters = short.lower()
    k, left = end - 1, len(letters)
    while k >= 0 and left and end - k <= 3 * len(letters):
        word = s.words[k]
        if word[0] == letters[left - 1]:
            left -= 1
            if not left:
                break
        elif s.tags[k] == "E" and word[0] not in letters:
            return None
        k -= 1
    return k if not left and k >= 0 and s.tags[k] == "E" else None
