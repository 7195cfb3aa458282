"""The PLOVER event class of a sentence, or of marked words in it, by the words of `lexicons/plover.yaml`.

PLOVER codes what was done and not what was talked of: to demand a withdrawal is DEMAND, to agree to one is
AGREE, to refuse one is REJECT, to carry one out is RETREAT. So the words that govern an act are read first,
then the act with its object, then the modal and the negation of its verb. Classes are those of the codebook
of 2016 (18); `current` gives their names in that of 2021 (16). A claim has its class by `class_of_claim`,
from its columns alone.

Sources: CAMEO codebook 1.1b3 (Gerner, Schrodt, Yilmaz 2012); PLOVER codebook 0.7b (OEDA 2021).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from holdfire.reading.prose.acts.ploverwords import ARTICLES, Entry, current, known
from holdfire.reading.prose.words.lexicon import lexicon, word_set
from holdfire.reading.prose.words.syntax import VERBS, Group, Range, group
from holdfire.reading.prose.words.tokens import Sentence

__all__ = ["class_of_claim", "current", "main_event", "marked_class"]

_REACH = 12
"""Most tokens between a verb and the object that tells its class."""


class _Scan:
    """One sentence, with the plain forms of its tokens."""

    def __init__(self, s: Sentence) -> None:
        self.s = s
        self.known = known()
        self.plain = [self._plain(word) for word in s.words]
        self.nouns = [frozenset((word, _singular(word))) for word in s.words]

    def _plain(self, word: str) -> frozenset[str]:
        found = {word, *self.known.names.get(word, ())}
        held = lexicon().verbs.get(word)
        if held is not None:
            found.add(held[0])
        return frozenset((*found, _singular(word)))

    def matches(self, tokens: tuple[str, ...], k: int, gap: int = 0, *, thing: bool = False) -> int:
        """Return the token after a phrase that begins at `k`, or 0; `thing`: verbs are not made plain."""
        held = self.nouns if thing else self.plain
        at = k
        for number, word in enumerate(tokens):
            room = gap if number else 0
            while at < len(self.s) and word not in held[at]:
                skips = self.s.words[at] in ARTICLES or (room > 0 and self.s.tags[at] not in ',;:."HSWC')
                if not number or not skips:
                    return 0
                room -= 1
                at += 1
            if at >= len(self.s):
                return 0
            at += 1
        return at

    def has(self, phrases: Iterable[tuple[str, ...]], k: int) -> bool:
        """Return whether one of some phrases begins at token `k`."""
        return any(each[0] in self.plain[k] and self.matches(each, k) for each in phrases)

    def entry(self, k: int) -> Entry | None:
        """Return what the word at `k` is a word of: a frame that fits, else the longest phrase, else None."""
        best: tuple[tuple[int, int, int], Entry] | None = None
        for first in sorted(self.plain[k]):
            for each in self.known.entries.get(first, ()):
                rank = self._rank(each, k)
                if rank is not None and (best is None or rank > best[0]):
                    best = rank, each
        return best[1] if best else None

    def _rank(self, each: Entry, k: int) -> tuple[int, int, int] | None:
        end = self.matches(each.tokens, k, gap=4)
        if not end:
            return None
        size = len(each.tokens)
        if not each.objects:
            return (size > 1, size, _ORDER[each.kind])
        near = self._nearest(each.objects, k, end)
        return None if near is None else (2, size, -near)

    def _nearest(self, objects: Sequence[tuple[str, ...]], k: int, end: int) -> int | None:
        s = self.s
        for at in range(k + 1, min(len(s), end + _REACH)):  # from inside the phrase: "call the strike off"
            if s.tags[at] in ";:_" or (s.tags[at] == "z" and at > end + 2):
                break
            if self._thing(objects, at):
                return abs(at - end)
        before = group(s, k).passive or self.plain[k] & _INTRANSITIVE
        for at in range(k - 1, max(-1, k - _REACH) if before else k - 1, -1):
            if self._thing(objects, at):
                return k - at
        return None

    def _thing(self, objects: Sequence[tuple[str, ...]], k: int) -> bool:
        return any(each[0] in self.nouns[k] and self.matches(each, k, thing=True) for each in objects)

    def about(self, phrases: Iterable[tuple[str, ...]]) -> bool:
        """Return whether the sentence has one of some phrases."""
        return any(self.has(phrases, k) for k in range(len(self.s)))


def _singular(word: str) -> str:
    if len(word) < 4 or not word.endswith("s") or word.endswith("ss"):
        return word
    return word[:-3] + "y" if word.endswith("ies") else word[:-1]


_ORDER = {"operator": 3, "act": 2, "operator-noun": 1, "act-noun": 0, "frame": 4}
_INTRANSITIVE = frozenset(("arrive", "enter", "collapse", "flow", "reach"))
_MODALS = frozenset(("will", "would", "'ll", "shall", "may", "might", "could", "won't", "wouldn't"))
_DUTIES = frozenset(("must", "should", "ought", "shouldn't", "mustn't"))


def marked_class(s: Sentence, marked: Sequence[Range]) -> str | None:
    """Return the PLOVER class of an event whose words are marked; None: none of its words is known.

    Args:
        s: The sentence.
        marked: Token ranges of the event's words, in order; a range may be one verb or a whole clause.
    """
    scan = _Scan(s)
    tokens = [k for i, j in marked for k in range(i, j)]
    if any(scan.has(scan.known.predicates, k) for k in tokens):
        return "REJECT"
    for k in tokens:
        found = _at(scan, k, frozenset(tokens))
        if found is not None:
            return found
    for _, j in marked:  # "issued a ...": a verb that says nothing takes its class from what follows
        for k in range(j, min(len(s), j + 6)):
            if (each := scan.entry(k)) is not None:
                return _settled(scan, each, k)
    return None


def _at(scan: _Scan, k: int, tokens: frozenset[int]) -> str | None:
    """Return the class that the marked word at `k` gives its event; None: it gives none."""
    s = scan.s
    if scan.has(scan.known.oblige, k):
        return "REJECT" if _denied(s, k) else "DEMAND"
    if scan.has(scan.known.intend, k):
        return _meant(scan, k)
    each = scan.entry(k)
    if each is None:
        return None
    if s.tags[k] not in VERBS:
        return _operated(scan, each, k) if each.kind.startswith("operator") else _settled(scan, each, k)
    g = group(s, k)
    if each.kind.startswith("operator"):
        return _operated(scan, each, k, negated=g.negated)
    return _modified(scan, _settled(scan, each, k), g, due=g.start not in tokens)


def _modified(scan: _Scan, name: str, g: Group, *, due: bool) -> str:
    """Return the class of an act under its auxiliaries; `due`: a duty that is not marked changes nothing."""
    if g.modal in _DUTIES and due:
        return name
    if g.modal in _MODALS:
        return "REJECT" if g.negated else _intended(scan, name)
    return "REJECT" if g.negated and name not in scan.known.conflict else name


def _operated(scan: _Scan, each: Entry, k: int, *, negated: bool = False) -> str:
    """Return the class of a word that governs: to call for sanctions against someone is to reproach them."""
    if each.name == "DEMAND":
        for m in range(k + 1, min(len(scan.s), k + 10)):
            if scan.plain[m] & scan.known.against and "against" in scan.s.words[m : m + 12]:
                return "DISAPPROVE"
    if negated:
        return "REJECT" if each.name in ("AGREE", "INVESTIGATE") else each.name
    return each.name


def _meant(scan: _Scan, k: int) -> str | None:
    """Return the class of what is meant at `k`: to mean an act of conflict is a threat."""
    s = scan.s
    if _denied(s, k):
        return "REJECT"
    for m in range(k + 1, min(len(s), k + _REACH)):
        if (each := scan.entry(m)) is not None and s.tags[m] in "vengzNJ":
            return _intended(scan, _settled(scan, each, m))
    return "AGREE" if s.words[k] not in ("may", "might", "could") else None


def _denied(s: Sentence, k: int) -> bool:
    near = range(k, min(len(s), k + 3))
    return s.words[k].endswith("n't") or any(s.tags[m] == "X" or s.words[m] == "no" for m in near)


def _intended(scan: _Scan, name: str) -> str:
    """Return the class of meaning to do what is of a class."""
    if name == "REJECT":
        return name
    return "THREATEN" if name in scan.known.conflict else "AGREE"


def _settled(scan: _Scan, each: Entry, k: int) -> str:
    """Return the class of an act: who strikes, and with what, tells force of war from other force."""
    if each.name in ("FIGHT", "ASSAULT") and not each.objects and len(each.tokens) == 1:
        if {"strike", "raid", "walk"} & scan.plain[k] and any(p & scan.known.crowd for p in scan.plain):
            return "PROTEST"
        if scan.about(scan.known.terror):
            return "ASSAULT"
        if each.tokens[0] in _EITHER:
            return "FIGHT" if scan.about(scan.known.war) else "ASSAULT"
    return each.name


_EITHER = word_set(
    "kill wound injure attack shoot hit strike murder bomb bombing killing blast explosion raid assault"
)


def main_event(s: Sentence) -> tuple[str, Range] | None:
    """Return the PLOVER class of a sentence's main event, and its words; None: it tells of none.

    The main event is told by the first finite verb that is not one of reporting, or by what it governs.
    """
    scan = _Scan(s)
    for k in range(len(s)):
        if s.tags[k] not in VERBS and not _predicate(scan, k):
            continue
        if s.tags[k] in "eng" and _hangs(s, k):
            continue
        g = group(s, k)
        found = _of_verb(scan, g.start, k)
        if found is not None:
            return found, (g.start, k + 1)
    for k in range(len(s)):
        if (each := scan.entry(k)) is not None:
            return _settled(scan, each, k), (k, k + 1)
    return None


def _of_verb(scan: _Scan, start: int, k: int) -> str | None:
    """Return the class of the event of one verb with its auxiliaries."""
    tokens = frozenset(range(start, k + 1))
    for m in range(start, k + 1):
        if (found := _at(scan, m, tokens)) is not None:
            return found
    return None


def _predicate(scan: _Scan, k: int) -> bool:
    s = scan.s
    return (
        bool(k)
        and s.tags[k - 1] == "b"
        and (scan.has(scan.known.predicates, k) or scan.has(scan.known.intend, k))
    )


def _hangs(s: Sentence, k: int) -> bool:
    """Return whether a participle only describes a noun: "refugees fleeing", "areas held by"."""
    g = group(s, k)
    if g.start != k or not k:
        return False
    return s.tags[k - 1] in "NE" and (s.tags[k] == "g" or s.words[k + 1 : k + 2] == ["by"])


def class_of_claim(plover: str | None, stance: str, modality: str, *, negated: bool) -> str | None:
    """Return the PLOVER class (codebook of 2021) of a claim, from its columns.

    Args:
        plover: Class of the claim's event type where it happens; see `types.event_types`.
        stance: Of the last voice, a value of Stance.
        modality: A value of Modality.
        negated: The content is said not to be so.

    Returns:
        The class of what the last voice does where that is the event (it accuses, demands, threatens or
        offers), else of what is told; None: PLOVER has no class for it, as for a bare denial.
    """
    if stance in _BY_STANCE:
        return _BY_STANCE[stance]
    if modality in ("requested", "obligation"):
        return "REQUEST"
    if stance in ("pledges", "proposes", "warns") or modality in ("pledged", "proposed", "intended"):
        return _claimed(plover, warned=stance == "warns", negated=negated)
    return None if stance == "denies" or negated or modality == "conditional" else plover


_BY_STANCE = {"accuses": "ACCUSE", "demands": "REQUEST", "opposes": "REJECT", "supports": "SUPPORT"}


def _claimed(plover: str | None, *, warned: bool, negated: bool) -> str | None:
    """Return the class of what is meant, promised or warned of."""
    if plover is None:
        return None
    hostile = plover in known().conflict
    if negated:
        return "AGREE" if hostile else "REJECT"
    return "THREATEN" if hostile or warned else "AGREE"
