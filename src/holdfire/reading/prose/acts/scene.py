"""An event in its sentence, and how far its clause reaches: which time, place and number may be its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from holdfire.reading.prose.acts.dates import When
from holdfire.reading.prose.acts.harm import Harm, harm, word_of_harm
from holdfire.reading.prose.acts.reality import Reality
from holdfire.reading.prose.acts.roles import Roles
from holdfire.reading.prose.acts.triggers import Trigger
from holdfire.reading.prose.names.actors import Cast
from holdfire.reading.prose.places.toponyms import Where
from holdfire.reading.prose.sayings.voices import Attribution
from holdfire.reading.prose.words.quantities import Amount
from holdfire.reading.prose.words.syntax import Range, clause_at, phrase_right, sentence_end
from holdfire.reading.prose.words.tokens import Sentence


@dataclass(slots=True)
class Event:
    """One thing a sentence tells of.

    Attributes:
        trigger: The words that tell it.
        type: family.kind.
        told: How it stands in its sentence.
        roles: Who and whom.
        unit: Token range that its time, place and numbers are taken from.
        covering: Attributions whose content holds it, outermost first.
        harm: Deaths and injuries.
        when: Its time; None: not said.
        where: Its place; None: not said.
        wheres: Every place of it, the main one first.
        saying: When the innermost voice spoke; None: not said.
        as_of: When its number stands; None: not said.
        count: A number in another unit; None: none.
        rule: The unit of that number.
        cumulative: The number runs since a start.
        notes: Rules that fired beside those of the guards.
    """

    trigger: Trigger
    type: str
    told: Reality
    roles: Roles
    unit: Range
    covering: list[int]
    harm: Harm = field(default_factory=Harm)
    when: When | None = None
    where: Where | None = None
    wheres: list[Where] = field(default_factory=list)
    saying: When | None = None
    as_of: When | None = None
    count: Amount | None = None
    rule: str = ""
    cumulative: bool = False
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Scene:
    """A sentence with everything that was found in it."""

    s: Sentence
    cast: Cast
    spoken: Sequence[Attribution]
    triggers: Sequence[Trigger]
    whens: list[When]
    wheres: list[Where]
    numbers: list[Amount]
    _harm: dict[Range, Harm] = field(default_factory=dict)

    def harm(self, unit: Range) -> Harm:
        """Return the deaths and injuries counted in a clause, counted once."""
        if unit not in self._harm:
            self._harm[unit] = harm(self.s, self.numbers, *unit)
        return self._harm[unit]


_ATTITUDES = frozenset(("intend", "desire", "refuse", "intends"))
"""Groups of cues that tell what someone wants, not what anyone says: guards read them, chains do not."""


def covering_of(scene: Scene, trigger: Trigger) -> list[int]:
    """Return the attributions whose content holds a trigger, outermost first."""
    held = []
    for n, a in enumerate(scene.spoken):
        if a.cue.mute or a.cue.group in _ATTITUDES:
            continue
        inside = any(i <= trigger.start < j for i, j in a.content)
        if inside and not _is_cue(a, trigger) and not _beyond(scene.s, a, trigger):
            held.append(n)
    size = {n: sum(j - i for i, j in scene.spoken[n].content) for n in held}
    return sorted(held, key=lambda n: (-size[n], n))


def _beyond(s: Sentence, a: Attribution, trigger: Trigger) -> bool:
    """Return whether a trigger is a second verb of the voice: "offered to help but refused to disarm"."""
    k = trigger.start
    if a.rule != "infinitive" or k < 2 or s.tags[k] not in "zek":
        return False
    while k and s.tags[k - 1] in "BX":
        k -= 1
    return k > 0 and s.tags[k - 1] == "C"


def _is_cue(a: Attribution, trigger: Trigger) -> bool:
    return any(i <= trigger.start < j or i < trigger.end <= j for i, j in a.cues)


def region_of(scene: Scene, trigger: Trigger, covering: Sequence[int]) -> Range:
    """Return the tokens that time, place and numbers of a trigger may stand in: what its voice says."""
    s = scene.s
    if covering:
        inner = scene.spoken[covering[-1]]
        if inner.rule == "hearsay":  # the adverb stands inside its own content
            return inner.content[0][0], inner.content[-1][1]
        return next((i, j) for i, j in inner.content if i <= trigger.start < j)
    # Outside every content: stay clear of what others say, and of the voices themselves.
    i, j = 0, sentence_end(s)
    for a in scene.spoken:
        if _is_cue(a, trigger):
            continue
        for x, y in [*a.content, *a.cues]:
            if y <= trigger.start:
                i = max(i, y)
            elif x > trigger.start and x >= trigger.end:
                j = min(j, x)
    return i, max(j, trigger.end)


def unit_of(scene: Scene, trigger: Trigger, covering: Sequence[int]) -> Range:
    """Return the clause of a trigger inside what its voice says."""
    s = scene.s
    i, j = region_of(scene, trigger, covering)
    for k in range(trigger.start - 1, i - 1, -1):
        if _breaks(s, k, i):
            i = k + 1
            break
    for k in range(trigger.end, j):
        if _breaks(s, k, i):
            j = k
            break
    return i, j


def _breaks(s: Sentence, k: int, start: int) -> bool:
    """Return whether, after the clause that begins at `start`, another begins at token `k`."""
    letter = s.tags[k]
    if letter in ";":
        return True
    if letter == "C" and s.words[k] in ("and", "but", "or"):
        if s.tags[k + 1 : k + 2] == "H":
            return True
        if not any(t in "zekbhMvng" for t in s.tags[start:k]):
            return False  # "Russia and Hezbollah had ...": two subjects, one clause
        return _new_clause(s, k + 1) and s.tags[k + 1 : k + 2] not in ("#",) and not _dead_after(s, k + 1)
    return (
        letter == "S"
        and s.words[k] in ("while", "whereas", "although", "though", "but")
        and clause_at(s, k + 1)
    )


def _new_clause(s: Sentence, k: int) -> bool:
    """Return whether a subject and its finite verb begin at token `k`."""
    named = phrase_right(s, k)
    if named is None:
        return False
    m = named[1]
    while m < len(s) and s.tags[m] in "BX":
        m += 1
    if m >= len(s):
        return False
    return s.tags[m] in "zkbhMd" or (s.tags[m] == "e" and s.tags[m + 1 : m + 2] not in ("P", ","))


def _dead_after(s: Sentence, k: int) -> bool:
    return any(word_of_harm(s, m) for m in range(k, min(len(s), k + 6)))


def away(s: Sentence, trigger: Trigger, start: int, end: int) -> int:
    """Return how far tokens lie from a trigger, farther over a clause mark."""
    a, b = (end, trigger.start) if end <= trigger.start else (trigger.end, start)
    crossed = sum(s.tags[k] in ",W;:_S" for k in range(a, b))
    return max(0, b - a) + 6 * crossed
