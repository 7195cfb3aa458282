"""Who a phrase names: an actor of the case, a state by its capital or office, civilians, someone undescribed.

A loaded label ("terrorists") stays text and names no group. A modifier is not the thing it modifies: in
"US-backed militants" nobody is the US. A name is read as it was borne when the text was published; where
publication is known only to a span and the name changed bearer within it, it names no one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache

from holdfire.errors import HoldfireError
from holdfire.reading.format import Context
from holdfire.reading.prose.lexicon import page, word_set, words
from holdfire.reading.prose.matcher import Match, folded, matcher
from holdfire.reading.prose.peoples import is_civilian
from holdfire.reading.prose.syntax import Range
from holdfire.reading.prose.tokens import Sentence
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


@dataclass(frozen=True)
class _Words:
    states: Mapping[str, tuple[tuple[tuple[str, ...], str, str], ...]]
    demonyms: Mapping[str, str]
    persons: Mapping[str, tuple[str, date, date]]
    first_names: frozenset[str]
    offices: frozenset[str]
    others: frozenset[str]
    labels: frozenset[str]
    agents: frozenset[str]
    capitals: frozenset[str]
    places_after: frozenset[str]
    places_before: frozenset[str]
    policy: frozenset[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    given = page("states")
    states: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
    demonyms: dict[str, str] = {}
    capitals = set()
    for state, entry in given["states"].items():
        demonyms[state] = words(entry["demonyms"])[0]
        named = [(state, "name"), *((each, "demonym") for each in words(entry["demonyms"]))]
        named += [(each, "capital") for each in words(entry["capital"])]
        named += [(each, "house") for each in words(entry["houses"])]
        for text, kind in named:
            parts = tuple(fold(text).split())
            states.setdefault(parts[0], []).append((parts, state, kind))
            if kind == "capital":
                capitals.add(fold(text))
    persons = {}
    for name, (state, first, after) in given["persons"].items():
        until = date.fromisoformat(str(after)) if after else date.max
        persons[fold(name)] = (str(state), date.fromisoformat(str(first)), until)
    listed = {
        key: frozenset(words(given[key]))
        for key in ("offices", "others", "labels", "agents", "places_after", "places_before")
    }
    return _Words(
        {first: tuple(sorted(found, key=lambda f: -len(f[0]))) for first, found in states.items()},
        demonyms,
        persons,
        frozenset(name.split()[0] for name in persons),
        listed["offices"],
        listed["others"],
        listed["labels"],
        listed["agents"],
        frozenset(capitals),
        listed["places_after"],
        listed["places_before"],
        frozenset(words(page("guards")["capitals_policy"])),
    )


def is_label(word: str) -> bool:
    """Return whether a word blames and names no group."""
    return word in _words().labels


def is_agent(word: str) -> bool:
    """Return whether a noun names someone armed or in power."""
    return word in _words().agents


class Cast:
    """Finds whom phrases name, for one text."""

    def __init__(self, context: Context, published: str) -> None:
        self.context = context
        self.matcher = matcher(context)
        self._said = _instants(published, context)
        self._matches: dict[int, list[Match]] = {}
        self._states: dict[str, str] = {}

    def matches(self, s: Sentence) -> list[Match]:
        """Return the names of the case in a sentence."""
        found = self._matches.get(s.start)
        if found is None:
            found = self._matches[s.start] = self.matcher.find(s)
        return found

    def actor(self, key: str) -> str | None:
        """Return the actor a name meant when the text was published."""
        meant = {self.context.names.find(key, said) for said in self._said}
        return meant.pop() if len(meant) == 1 else None

    def meant(self, match: Match) -> str | None:
        """Return the actor that a name of the case meant; None: it names none, or more than one."""
        meant = {actor for key in match.names if (actor := self.actor(key)) is not None}
        return meant.pop() if len(meant) == 1 else None

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
        found = self._known(s, i, j) or self._of_states(s, i, j, owner=owner)
        if found or (owner and j - i == 1 and s.tags[i] == "'"):
            return found
        text, head = self._bare(s, i, j), _head(s, i, j)
        if not text or head < 0:
            return []
        if is_label(s.words[head]) or any(
            is_label(s.words[k]) and is_agent(s.words[head]) for k in range(i, j)
        ):
            return [Party(i, j, text, (), agent=True)]
        if is_civilian(s.words[head]):
            return [Party(i, j, text, (CIVILIANS,), agent=False)]
        if anyone and is_agent(s.words[head]):
            return [Party(i, j, text, (UNDESCRIBED + fold(text),), agent=True)]
        return []

    def _core(self, s: Sentence, phrase: Range) -> Range:
        """Return a phrase without the clauses and most of the phrases that hang on it."""
        i, j = phrase
        while i < j and s.tags[i] in "BPC,":
            i += 1
        for k in range(i + 1, j):
            if s.tags[k] in "W(,_" or (s.tags[k] in "PO" and s.words[k] != "of"):
                return i, k
            if s.tags[k] in "gen" and s.tags[k - 1] in "NE" and not (k + 1 < j and s.tags[k + 1] in "NE"):
                return i, k
        return i, j

    def _bare(self, s: Sentence, i: int, j: int) -> str:
        """Return a phrase without its articles and numbers."""
        while i < j and (
            s.tags[i] in "D#B"
            or s.words[i] in _INTENSE
            or s.words[i] in ("of", "other", "dozens", "hundreds")
        ):
            i += 1
        return s.text(i, j)

    def _known(self, s: Sentence, i: int, j: int) -> list[Party]:
        found = []
        for match in self.matches(s):
            if match.start < i or match.end > j or "actor" not in match.kinds or _modifies(s, match.end):
                continue
            if match.kinds & {"place"} and not self._as_government(s, match.start, match.end):
                continue
            if match.end < j and s.words[match.end] in _words().others and _is_state(match.key):
                continue
            actor = self.meant(match)
            if actor is None and match.key in self.matcher.labels:
                found.append(Party(match.start, match.end, s.text(match.start, match.end), (), agent=True))
                continue
            name = actor or UNDESCRIBED + match.key
            last = _office_end(s, match.end, j) if _is_state(match.key) else match.end
            found.append(Party(match.start, last, s.text(match.start, last), (name,), agent=True))
        named = [party for party in found if party.ids]
        return named or found

    def _of_states(self, s: Sentence, i: int, j: int, *, owner: bool = False) -> list[Party]:
        """Return the states a phrase names by demonym, capital, house or holder of an office."""
        found: list[Party] = []
        k = i
        while k < j:
            hit = self._state_at(s, k, j) or self._person_at(s, k, j)
            if hit is None:
                k += 1
                continue
            end, state, kind = hit
            if self._acts(s, k, end, j, kind, owner=owner):
                name = self.state(state)
                last = _office_end(s, end, j)
                found.append(Party(k, last, s.text(k, last), (name,), agent=True))
                k = last
            k = max(k + 1, end)
        distinct = {party.ids: party for party in reversed(found)}
        return sorted(distinct.values(), key=lambda party: party.start)

    def _state_at(self, s: Sentence, k: int, j: int) -> tuple[int, str, str] | None:
        word = folded(s.raws[k])
        if not s.raws[k][:1].isupper() or not word:
            return None
        for first in dict.fromkeys((word, word.split()[0])):
            for parts, state, kind in _words().states.get(first, ()):
                end, at = k, 0
                while end < j and at < len(parts):
                    here = folded(s.raws[end]).split()
                    if s.tags[end] in "-Y":
                        end += 1
                        continue
                    if tuple(here) != parts[at : at + len(here)] or not here:
                        break
                    at += len(here)
                    end += 1
                if at == len(parts):
                    return end, state, kind
        return None

    def _person_at(self, s: Sentence, k: int, j: int) -> tuple[int, str, str] | None:
        if folded(s.raws[k]) not in _words().first_names:
            return None
        for size in (4, 3, 2, 1):
            parts = [folded(s.raws[m]) for m in range(k, min(k + size, j)) if s.tags[m] not in "-Y"]
            held = _words().persons.get(" ".join(parts))
            if held is None or (k + size > j):
                continue
            if all(held[1] <= said.date() < held[2] for said in self._said if said is not None):
                return k + size, held[0], "person"
        return None

    def _acts(self, s: Sentence, k: int, end: int, j: int, kind: str, *, owner: bool) -> bool:  # noqa: PLR0911 - each return is one rule
        known = _words()
        if _modifies(s, end):
            return False
        after = s.words[end] if end < j else ""
        if kind == "capital":
            return self._as_government(s, k, end)
        if kind in ("house", "person"):
            return True
        if after == "'s":
            after = ""
        if kind == "demonym":
            rest = {s.words[m] for m in range(end, j)} - {"'s"}
            if s.words[k].endswith("s") and s.words[k] not in ("us",):
                return not rest & known.others
            if s.words[k] in ("us", "u.s.", "uk", "u.k.", "usa", "america", "britain") and not rest:
                return True
            return (owner or bool(rest & known.offices)) and after not in known.others
        return after not in known.others or after == ""

    def _as_government(self, s: Sentence, k: int, end: int) -> bool:
        """Return whether a name of a place stands for who governs there."""
        known = _words()
        before = s.words[k - 1] if k else ""
        after = s.words[end] if end < len(s) else ""
        if before == "the" and k > 1:
            before = s.words[k - 2]
        if after == "'s":
            owned = s.words[end + 1] if end + 1 < len(s) else ""
            return owned not in known.places_before and owned not in (
                "streets",
                "residents",
                "people",
                "outskirts",
                "markets",
            )
        if after in known.places_before or before in ("city", "province", "town"):
            return False
        if before in known.places_after:
            if before in ("to", "from", "of", "with", "on") and k >= 2:
                return any(s.lemmas[m] in known.policy for m in range(max(0, k - 4), k - 1))
            return False
        return before not in ("on", "bombed", "shelled", "hit", "struck", "captured")

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
        hit = self._state_at(s, i, j)
        return [Party(i, hit[0], s.text(i, hit[0]), (self.state(hit[1]),), agent=True)] if hit else []

    def is_government(self, s: Sentence, k: int, end: int) -> bool:
        """Return whether the capital at these tokens stands for its government here."""
        return " ".join(folded(raw) for raw in s.raws[k:end]) in _words().capitals and self._as_government(
            s, k, end
        )

    def state(self, name: str) -> str:
        """Return the actor id of a state, or the mark of one no one has described."""
        if name not in self._states:
            demonym = _words().demonyms[name]
            tried = (f"{demonym} government", f"government of {name}", name, f"the {name}", demonym)
            found = next((actor for each in tried if (actor := self.actor(each)) is not None), None)
            self._states[name] = found or UNDESCRIBED + fold(name)
        return self._states[name]


_INTENSE = word_set("intense heavy fierce renewed fresh new recent alleged deadly constant continued violent")
_QUANTITIES = word_set("dozens hundreds thousands scores number tens handful majority members some many most")


def _head(s: Sentence, i: int, j: int) -> int:
    """Return the noun a phrase is about: "groups" of "dozens of militant groups"; -1: none."""
    stop = next(
        (k for k in range(i, j) if s.words[k] == "of" and k > i and s.words[k - 1] not in _QUANTITIES), j
    )
    for k in range(stop - 1, i - 1, -1):
        if s.tags[k] in "NEz" or is_agent(s.words[k]) or is_civilian(s.words[k]):
            return k
    return -1


def _is_state(key: str) -> bool:
    first = key.split(maxsplit=1)[0]
    return any(parts == tuple(key.split()) for parts, _, _ in _words().states.get(first, ()))


def _office_end(s: Sentence, end: int, j: int) -> int:
    """Return where "US Secretary of State" ends: the state's name with the words of its office."""
    k = end
    while k < j and (s.tags[k] in "NEJ-Y" or (s.words[k] == "of" and k + 1 < j and s.tags[k + 1] == "E")):
        k += 1
    return k


def _modifies(s: Sentence, end: int) -> bool:
    """Return whether a name is the first half of "X-backed"."""
    return (
        end + 1 < len(s)
        and s.tags[end] == "-"
        and s.starts[end] == s.ends[end - 1]
        and s.words[end + 1] in _HALVES
    )


_HALVES = word_set(
    "backed led held controlled allied affiliated linked supported sponsored designated based brokered "
    "aligned funded trained armed made occupied style era friendly wide mediated imposed run declared "
    "born speaking"
)


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
