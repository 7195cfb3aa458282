"""Who a phrase names: an actor of the case, someone the dictionaries know, civilians, someone undescribed.

The names of the case come first and are authoritative. Whom a public name means is taken for the actor of the
case that shares a name with them on that day; where the case has none it stays undescribed. A loaded label
("terrorists") stays text and names no group. A modifier is not the thing it modifies: in "US-backed
militants" nobody is the US. A name is read as it was borne when the text was published; where publication
is known only to a span and the name changed bearer within it, it names no one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Protocol

from holdfire.errors import HoldfireError
from holdfire.reading.dictionary import Entity, dictionary
from holdfire.reading.format import Context
from holdfire.reading.prose.names.matcher import Match, matcher
from holdfire.reading.prose.names.naming import Hit, hits
from holdfire.reading.prose.names.nounphrases import (
    blames,
    head_of,
    is_agent,
    is_label,
    members_of,
    modifies,
    name_words,
    office_end,
)
from holdfire.reading.prose.places.metonyms import governs
from holdfire.reading.prose.places.theatre import Theatre
from holdfire.reading.prose.words.lexicon import word_set
from holdfire.reading.prose.words.peoples import is_civilian
from holdfire.reading.prose.words.syntax import Range
from holdfire.reading.prose.words.tokens import Sentence
from holdfire.records.actor import CIVILIANS, UNDESCRIBED, fold
from holdfire.times import parse


@dataclass(frozen=True, slots=True)
class Party:
    """Whom a phrase names.

    Attributes:
        start: First token.
        end: The token after the last.
        text: As the text names them.
        ids: Actor ids; empty: a label, or nobody who acts.
        agent: Whether it is someone who can act.
    """

    start: int
    end: int
    text: str
    ids: tuple[str, ...]
    agent: bool


class Memory(Protocol):
    """What was named before in a text: whom "it" or "the group" takes up."""

    def parties(self, s: Sentence, phrase: Range) -> list[Party]:
        """Return whom a phrase that names nobody takes up; empty: nobody, or it cannot be said."""
        ...

    def plural(self, s: Sentence, party: Party) -> None:
        """Keep several whom a phrase describes and does not name: "militant groups"."""
        ...


class Cast:
    """Finds whom phrases name, for one text."""

    def __init__(self, context: Context, published: str) -> None:
        self.context = context
        self.matcher = matcher(context)
        self.memory: Memory | None = None
        self.theatre = Theatre(context.gazetteer, context.atlas)
        self._said = _instants(published, context)
        self.days: tuple[date | None, ...] = tuple(
            said and said.astimezone(context.zone).date() for said in self._said
        )
        self._matches: dict[int, list[Match]] = {}
        self._hits: dict[int, list[Hit]] = {}
        self._actors: dict[str, str] = {}
        self._meant: dict[str, str | None] = {}

    def matches(self, s: Sentence) -> list[Match]:
        """Return the names of the case in a sentence."""
        found = self._matches.get(s.start)
        if found is None:
            found = self._matches[s.start] = self.matcher.find(s)
        return found

    def hits(self, s: Sentence) -> list[Hit]:
        """Return the public names in a sentence."""
        found = self._hits.get(s.start)
        if found is None:
            found = self._hits[s.start] = hits(s, self.days)
        return found

    def settle(self, s: Sentence) -> None:
        """Tag the words of each actor's name as names: "Shining" is no verb in "Shining Path"."""
        for match in self.matches(s):
            i, j = match.start, match.end
            if "actor" in match.kinds and j - i > 1 and not _VERBAL.isdisjoint(s.tags[i:j]):
                tags = ("E" if letter in _VERBAL else letter for letter in s.tags[i:j])
                s.tags = s.tags[:i] + "".join(tags) + s.tags[j:]

    def actor(self, key: str) -> str | None:
        """Return the actor of the case that a name meant when the text was published."""
        if key not in self._meant:  # names come again and again, and never mean another in one text
            meant = {self.context.names.find(key, said) for said in self._said}
            self._meant[key] = meant.pop() if len(meant) == 1 else None
        return self._meant[key]

    def meant(self, match: Match) -> str | None:
        """Return the actor that a name of the case meant; None: it names none, or more than one."""
        meant = {actor for key in match.names if (actor := self.actor(key)) is not None}
        return meant.pop() if len(meant) == 1 else None

    def entity(self, entity: Entity) -> str:
        """Return the actor id of someone the dictionaries know, or the mark of one no one has described.

        It is the actor of the case that shares a name with them on the day, and only that one.
        """
        known = self._actors.get(entity.id)
        if known is not None:
            return known
        if entity.kind == "state":
            demonym = next((n.text for n in entity.names if n.part == "demonym"), entity.id)
            tried = (
                f"{demonym} government",
                f"government of {entity.id}",
                entity.id,
                f"the {entity.id}",
                demonym,
            )
            found = next((actor for each in tried if (actor := self.actor(each)) is not None), None)
        else:
            own = (n for n in entity.names if all(n.read(day) for day in self.days))
            shared = {actor for n in own if (actor := self.actor(n.text)) is not None}
            found = shared.pop() if len(shared) == 1 else None
        made = self._actors[entity.id] = found or UNDESCRIBED + fold(entity.name)
        return made

    def who(  # noqa: PLR0911 - each return is one rule
        self, s: Sentence, phrase: Range | None, *, anyone: bool = True, owner: bool = False
    ) -> list[Party]:
        """Return whom a noun phrase names.

        Args:
            s: The sentence.
            phrase: Tokens of the phrase; None names no one.
            anyone: Whether someone no one has described counts.
            owner: Whether the phrase stands before an act that is theirs: "Russian" of "Russian raids".
        """
        if phrase is None:
            return []
        i, j = self._core(s, phrase)
        i, j = members_of(s, i, j)
        head = head_of(s, i, j)
        blamed = blames(s, i, j, head)
        found = self._named(s, i, j, owner=owner) if not blamed else []
        if found or (owner and j - i == 1 and s.tags[i] == "'"):
            return found
        if not blamed and self.memory is not None and (taken := self.memory.parties(s, (i, j))):
            return taken
        text = self._bare(s, i, j)
        if not text or head < 0:
            return []
        labelled = any(is_label(s.words[k]) and is_agent(s.words[head]) for k in range(i, j))
        if blamed or labelled or is_label(s.words[head]):
            return [self._kept(s, Party(i, j, text, (), agent=True))]
        if is_civilian(s.words[head]):
            return [Party(i, j, text, (CIVILIANS,), agent=False)]
        if anyone and is_agent(s.words[head]):
            return [self._kept(s, Party(i, j, text, (UNDESCRIBED + fold(text),), agent=True))]
        return []

    def _kept(self, s: Sentence, party: Party) -> Party:
        if self.memory is not None:
            self.memory.plural(s, party)
        return party

    def _core(self, s: Sentence, phrase: Range) -> Range:
        """Return a phrase without the clauses and most of the phrases that hang on it."""
        i, j = phrase
        while i < j and s.tags[i] in "BPC,":
            i += 1
        if j - i > 3 and s.tags[i + 1] == "(" and s.raws[i].isupper() and not self._knows(s, i):
            i += 2  # "LF (Liberation Front)": initials that nobody knows, and the name they stand for
        for k in range(i + 1, j):
            if s.tags[k] in "W(),_" or (s.tags[k] in "PO" and s.words[k] != "of"):
                return i, k
            if s.tags[k] in "gen" and s.tags[k - 1] in "NE" and not (k + 1 < j and s.tags[k + 1] in "NE"):
                return i, k
        return i, j

    def _knows(self, s: Sentence, k: int) -> bool:
        own = any(match.start <= k < match.end for match in self.matches(s))
        return own or any(hit.start <= k < hit.end for hit in self.hits(s))

    def _bare(self, s: Sentence, i: int, j: int) -> str:
        """Return a phrase without its articles and numbers."""
        while i < j and (
            s.tags[i] in "D#B"
            or s.words[i] in _INTENSE
            or s.words[i] in ("of", "other", "dozens", "hundreds")
        ):
            i += 1
        return s.text(i, j)

    def _named(self, s: Sentence, i: int, j: int, *, owner: bool) -> list[Party]:
        """Return whom a phrase names, in the case or in public; the longer name wins, then the case."""
        case = self._of_case(s, i, j)
        public = self._public(s, i, j, owner=owner) if self.hits(s) else []
        if not public:
            found = case
        elif not case:
            found = public
        else:
            kept = [p for p in public if not any(_overlap(p, c) and not _longer(p, c) for c in case)]
            case = [c for c in case if not any(_overlap(p, c) for p in kept)]
            found = sorted([*case, *kept], key=lambda party: party.start)
        named = [party for party in found if party.ids]
        distinct = {party.ids: party for party in reversed(named)}
        return sorted(distinct.values(), key=lambda party: party.start) or found

    def _of_case(self, s: Sentence, i: int, j: int) -> list[Party]:
        found = []
        for match in self.matches(s):
            if (
                match.start < i
                or match.end > j
                or "actor" not in match.kinds
                or modifies(s, match.start, match.end)
            ):
                continue
            if match.kinds & {"place"} and not self._as_government(s, match.start, match.end):
                continue
            state = _is_state(match.key)
            if match.end < j and s.words[match.end] in name_words()["others"] and state:
                continue
            actor = self.meant(match)
            if actor is None and match.key in self.matcher.labels:
                found.append(Party(match.start, match.end, s.text(match.start, match.end), (), agent=True))
                continue
            name = actor or UNDESCRIBED + match.key
            last = office_end(s, match.end, j) if state else match.end
            found.append(Party(match.start, last, s.text(match.start, last), (name,), agent=True))
        return found

    def _public(self, s: Sentence, i: int, j: int, *, owner: bool) -> list[Party]:
        """Return whom a phrase names by the dictionaries: states, groups, bodies; no outlet acts."""
        found: list[Party] = []
        past = i
        for hit in self.hits(s):
            if hit.start < past or hit.end > j or not self._acts(s, hit, j, owner=owner):
                continue
            state = hit.found.entity.kind == "state" or hit.part == "holder"
            last = office_end(s, hit.end, j) if state else hit.end
            name = self.entity(hit.found.entity)
            found.append(Party(hit.start, last, s.text(hit.start, last), (name,), agent=True))
            past = last
        return found

    def _acts(self, s: Sentence, hit: Hit, j: int, *, owner: bool) -> bool:  # noqa: PLR0911 - each return is one rule
        """Return whether a public name stands for someone who acts here."""
        known = name_words()
        k, end, part = hit.start, hit.end, hit.part
        if modifies(s, k, end) or hit.found.entity.kind == "outlet":
            return False
        after = s.words[end] if end < j else ""
        if after in known["offshoots"]:
            return False
        if part == "capital":
            return self._as_government(s, k, end)
        if part in ("house", "holder") or hit.found.entity.kind != "state":
            return True
        if after == "'s":
            after = ""
        if part == "demonym":
            rest = {s.words[m] for m in range(end, j)} - {"'s"}
            if s.words[k].endswith("s") and s.words[k] not in ("us",):
                return not rest & known["others"]
            if s.words[k] in ("us", "u.s.", "uk", "u.k.", "usa", "america", "britain") and not rest:
                return True
            return (owner or bool(rest & known["offices"])) and after not in known["others"]
        return after not in known["others"] or after == ""

    def _as_government(self, s: Sentence, k: int, end: int) -> bool:
        """Return whether a name of a place stands for who governs there."""
        return governs(s, k, end)

    def half(self, s: Sentence, i: int, j: int) -> list[Party]:
        """Return whom the first half of a compound names: "US" of "US-backed"."""
        for match in self.matches(s):
            if (
                match.start == i
                and match.end <= j
                and "actor" in match.kinds
                and (actor := self.meant(match))
            ):
                return [Party(i, match.end, s.text(i, match.end), (actor,), agent=True)]
        hit = next((h for h in self.hits(s) if h.start <= i < h.end <= j), None)
        if hit is None:
            return []
        return [
            Party(
                hit.start, hit.end, s.text(hit.start, hit.end), (self.entity(hit.found.entity),), agent=True
            )
        ]

    def is_government(self, s: Sentence, k: int, end: int) -> bool:
        """Return whether the capital at these tokens stands for its government here."""
        hit = next((h for h in self.hits(s) if h.start == k and h.end == end and h.part == "capital"), None)
        return hit is not None and self._as_government(s, k, end)

    def present(self, s: Sentence) -> list[tuple[Party, str, Entity | None]]:
        """Return everyone a sentence names, in order, each with its kind and, if public, who it is.

        The kind is one of the dictionaries', or "person" for the holder of an office.
        """
        found: list[tuple[Party, str, Entity | None]] = []
        for match in self.matches(s):
            for party in self._of_case(s, match.start, match.end) if "actor" in match.kinds else ():
                actor = self.context.names.actors.get(party.ids[0]) if party.ids else None
                if actor is not None and actor.id != CIVILIANS:
                    kind = "organisation" if actor.kind == "institution" else str(actor.kind.value)
                    found.append((party, kind, None))
        for hit in self.hits(s):
            entity, near = hit.found.entity, min(len(s), hit.end + 3)
            if modifies(s, hit.start, hit.end):
                continue
            if entity.kind != "outlet" and not self._acts(s, hit, near, owner=False):
                continue
            last = office_end(s, hit.end, len(s)) if entity.kind == "state" else hit.end
            party = Party(hit.start, last, s.text(hit.start, last), (self.entity(entity),), agent=True)
            rivals = [each for each in found if _overlap(each[0], party)]
            if any(not _longer(party, each[0]) for each in rivals):
                continue
            found = [each for each in found if each not in rivals]
            found.append((party, "person" if hit.part == "holder" else entity.kind, entity))
        return sorted(found, key=lambda each: each[0].start)

    def spoken_for(self, s: Sentence, phrase: Range) -> tuple[str, Entity] | None:
        """Return whose voice a phrase names by the dictionaries, with its actor id: outlets too."""
        i, j = phrase
        for hit in self.hits(s):
            if hit.start < i or hit.end > j or modifies(s, hit.start, hit.end):
                continue
            entity = hit.found.entity
            owns = s.words[hit.end : hit.end + 1] == ["'s"]
            if owns and any(hit.end < other.start and other.end <= j for other in self.hits(s)):
                continue  # "Lebanon's National News Agency"
            if entity.kind == "outlet" or self._acts(s, hit, j, owner=False):
                return self.entity(entity), entity
        return None


_VERBAL = frozenset("vzekng")
_INTENSE = word_set("intense heavy fierce renewed fresh new recent alleged deadly constant continued violent")


@lru_cache(maxsize=4096)
def _is_state(key: str) -> bool:
    return any(found.entity.kind == "state" for found in dictionary().bearers(key))


def _overlap(one: Party, other: Party) -> bool:
    return one.start < other.end and other.start < one.end


def _longer(one: Party, other: Party) -> bool:
    return one.start <= other.start and other.end <= one.end and one.end - one.start > other.end - other.start


def _instants(published: str, context: Context) -> tuple[datetime | None, ...]:
    """Return the first and the last instant at which the text may have been published; None: not said."""
    if not published:
        return (None,)
    try:
        span, _ = parse(published, context.zone)
    except HoldfireError:
        return (None,)
    if span.start is None or span.end is None:
        return (None,)
    last = span.end if span.end == span.start else datetime.fromtimestamp(span.end.timestamp() - 1, UTC)
    return (span.start, last)
