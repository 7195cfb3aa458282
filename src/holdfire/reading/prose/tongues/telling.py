"""What happened, as a sentence of a language with a page tells it: triggers, and all that belongs to each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from holdfire.reading.prose.acts.dates import When, dates
from holdfire.reading.prose.acts.harm import Harm
from holdfire.reading.prose.acts.roles import Roles
from holdfire.reading.prose.acts.scene import Event, Scene, covering_of, region_of
from holdfire.reading.prose.acts.triggers import Trigger
from holdfire.reading.prose.names.actors import Cast
from holdfire.reading.prose.places.toponyms import Where, places
from holdfire.reading.prose.sayings.voices import Attribution
from holdfire.reading.prose.tongues.counting import amounts, harm, is_person, kinds_of
from holdfire.reading.prose.tongues.doing import roles
from holdfire.reading.prose.tongues.flying import flown
from holdfire.reading.prose.tongues.forms import Found
from holdfire.reading.prose.tongues.guarding import reality
from holdfire.reading.prose.tongues.joining import joined
from holdfire.reading.prose.tongues.lines import Line
from holdfire.reading.prose.tongues.parties import speaker, who
from holdfire.reading.prose.tongues.phrases import FINITE, group_start, left_phrase, noun_here
from holdfire.reading.prose.tongues.placing import named_places, struck
from holdfire.reading.prose.tongues.standing import form_of
from holdfire.reading.prose.tongues.words import Pattern, Tongue, tongue
from holdfire.reading.prose.words.quantities import Amount
from holdfire.reading.prose.words.syntax import Range
from holdfire.reading.time.days import Anchor
from holdfire.records.claim import Kind
from holdfire.times import Precision

_MANY = 20
"""Vague numbers from here on are of wars, not of one event."""
_OWN = 3
"""Tokens after a noun of harm in which the number of those harmed begins."""
_OF_PEOPLE = ("detention.", "toll.displaced")
"""Types whose number is of the people it was done to."""
_BESIDE = 9
"""Tokens on either side in which company of a weak word is looked for."""


def events(
    line: Line, cast: Cast, anchor: Anchor, spoken: Sequence[Attribution], about: frozenset[str]
) -> list[Event]:
    """Return the events of a sentence, in order.

    Args:
        line: The sentence.
        cast: The names of the case.
        anchor: The days on which the text may have been published.
        spoken: The attributions of the sentence.
        about: Topics that the text as a whole speaks of.
    """
    known = tongue(line.code)
    voices = set() if known.verb_first else {k for a in spoken if a.source for k in range(*a.source)}
    found = triggers(line, known, cast, about, voices)
    if not found:
        return []
    whens = dates(line, anchor)
    numbers = amounts(line, frozenset(k for when in whens for k in range(when.start, when.end)))
    wheres = named_places(line, cast, places(line, cast), whens)
    scene = Scene(line, cast, spoken, [t for t, _ in found], whens, wheres, numbers)
    made = [_event(scene, known, line, trigger, hit) for trigger, hit in found]
    return joined(line, made)


def triggers(
    line: Line, known: Tongue, cast: Cast, about: frozenset[str], voices: Iterable[int] = ()
) -> list[tuple[Trigger, Found[Pattern]]]:
    """Return the words that may tell of an event outside the names of voices, the longest taken, in order."""
    thrown = {m for k in range(len(line)) for f in line.at("discard", k) for m in range(k, f.end)}
    topics = {name for name in known.topics if _speaks_of(line, known, name)} | about
    named = {k for m in cast.matches(line) if "actor" in m.kinds for k in range(m.start, m.end)}
    found: list[tuple[Trigger, Found[Pattern]]] = []
    last = 0
    for k in range(len(line)):
        if k < last or k in thrown or k in voices:
            continue
        hit = _chosen(line, known, k, topics, named)
        if hit is not None:
            part = "verb" if finite(line, known, hit) else "phrase" if hit.value.part == "phrase" else "noun"
            found.append((Trigger(k, hit.end, k, hit.value.type, part, hit.value.weak), hit))
            last = hit.end
    return found


def finite(line: Line, known: Tongue, hit: Found[Pattern]) -> bool:
    """Return whether a trigger stands as a finite verb where it is."""
    return hit.letter in FINITE and all(mark in known.verbal for mark in hit.before)


def _speaks_of(line: Line, known: Tongue, topic: str) -> bool:
    return any(known.topics[topic].at(line.readings, k) for k in range(len(line)))


def _chosen(
    line: Line, known: Tongue, k: int, topics: Iterable[str], named: set[int]
) -> Found[Pattern] | None:
    """Return the longest trigger that begins at a token; of a verb and a noun alike, by what is before."""
    held = [hit for hit in known.triggers.at(line.readings, k) if _counts(line, known, hit, topics, named)]
    if not held:
        return None
    longest = [
        replace(hit, letter=form_of(line, k, hit.letter)) if hit.letter != "N" else hit
        for hit in held
        if hit.end == held[0].end
    ]
    verbs = [hit for hit in longest if hit.letter in FINITE]
    nouns = [hit for hit in longest if hit.letter not in FINITE]
    if verbs and nouns:
        return nouns[0] if noun_here(line, k) else verbs[0]
    return longest[0]


def _counts(line: Line, known: Tongue, hit: Found[Pattern], topics: Iterable[str], named: set[int]) -> bool:
    pattern = hit.value
    if hit.letter in FINITE and any(mark not in known.verbal for mark in hit.before):
        return False
    if pattern.topic and pattern.topic not in topics:
        return False
    if not pattern.weak:
        return True
    near = [
        *range(max(0, hit.start - _BESIDE), hit.start),
        *range(hit.end, min(len(line), hit.end + _BESIDE)),
    ]
    return any(k in named or line.at("company", k) or line.at("weapons", k) for k in near)


def _event(scene: Scene, known: Tongue, line: Line, trigger: Trigger, hit: Found[Pattern]) -> Event:
    covering = covering_of(scene, trigger)
    region = region_of(scene, trigger, covering)
    unit = _clause(line, trigger, region)
    when = _nearest(scene.whens, trigger, unit, region)
    harmed = harm(line, scene.numbers, kinds_of(line), *unit)
    verbal = trigger.part == "verb" or (hit.value.part == "phrase" and finite(line, known, hit))
    counted = any(n is not None and not _vague(n) for n in (harmed.killed, harmed.injured))
    dated = _dates(when) if known.verb_first else when is not None or _dated(line, unit)
    own = (
        verbal
        or (not known.verb_first and trigger.type.startswith("toll."))
        or any(
            n.unit_at in range(hit.start, hit.end)
            or n.end == hit.start
            or hit.end <= n.start <= hit.end + _OWN
            for n in scene.numbers
        )
    )
    who_acted = roles(line, hit, scene.cast, verbal=verbal)
    told = reality(
        line, hit, verbal=verbal, counted=counted and own, dated=dated, acted=bool(who_acted.actors)
    )
    made = Event(trigger, trigger.type, told, who_acted, unit, covering)
    made.when = when
    made.where = _nearest(scene.wheres, trigger, unit, region)
    if made.where is None:
        made.where = struck(line, scene.cast, hit.end, hit.value.type)
    made.wheres = [made.where] if made.where else []
    if trigger.type.startswith(("attack.", "toll.")) and told.kind != Kind.PRESUPPOSED:
        made.harm = harmed
        total = made.when is not None and (made.when.total or made.when.kind == "since")
        made.cumulative = counted and (total or not line.where("guards.total").isdisjoint(range(*unit)))
    flown(line, made, scene.cast)
    _totalled(line, made, harmed)
    _charged(scene, known, line, made)
    _quantity(scene, known, line, hit, made)
    return made


def _totalled(line: Line, made: Event, harmed: Harm) -> None:
    """Make a toll of the dead since a start: "40 thousand have been killed since the war began"."""
    total = not line.where("guards.total").isdisjoint(range(*made.unit))
    bounded = made.when is None or made.when.total or made.when.kind == "since"
    harms = made.type == "attack.violence" and made.trigger.start in kinds_of(line)
    if total and bounded and harms and harmed.killed is not None and not made.roles.actors:
        made.type, made.cumulative, made.notes = "toll.deaths", True, [*made.notes, "toll"]
        made.count, made.rule, made.harm, made.roles = harmed.killed, "death", Harm(), Roles(directed=False)


def _dates(when: When | None) -> bool:
    """Return whether a time is fine enough to tell one event by: a year is of history as well."""
    return when is not None and when.kind == "at" and not when.total and when.precision != Precision.YEAR


def _dated(line: Line, unit: Range) -> bool:
    """Return whether a clause has a word of time of the page."""
    return not line.where("time.words").isdisjoint(range(*unit))


def _vague(number: Amount) -> bool:
    """Return whether a number is only a word for many: "hundreds"."""
    return number.bound == "vague" and number.value >= _MANY


def _clause(line: Line, trigger: Trigger, region: Range) -> Range:
    """Return the clause of a trigger inside what its voice says: between semicolons and stops."""
    i, j = region
    i = max((k + 1 for k in range(i, trigger.start) if line.tags[k] in ";."), default=i)
    j = min((k for k in range(trigger.end, j) if line.tags[k] in ";."), default=j)
    return i, j


Placed = TypeVar("Placed", When, Where)


def _nearest(found: Sequence[Placed], trigger: Trigger, unit: Range, region: Range) -> Placed | None:
    """Return the time or place nearest to a trigger in its clause, rather after it than before."""
    held = [each for each in found if unit[0] <= each.start and each.end <= unit[1] + 1]
    held = held or [each for each in found if region[0] <= each.start <= region[0] + 3]
    held = held or [each for each in found if each.start <= 1]
    if not held:
        return None

    def away(each: Placed) -> int:
        return each.start - trigger.end if each.start >= trigger.end else trigger.start - each.end + 4

    return min(held, key=away)


def _charged(scene: Scene, known: Tongue, line: Line, made: Event) -> None:
    """Give an act that somebody is accused of its doer: the one named between the verb and the charge."""
    if made.roles.actors:
        return
    if not made.covering:
        _planned(scene, known, line, made)
        return
    inner = scene.spoken[made.covering[-1]]
    if inner.rule == "accuse":
        i = inner.content[0][0]
        to = (k for k in range(i, made.trigger.start + 1)
              if line.at("cues.after_to", k)
              or any(r.before[:1] in ("ب",) for r in line.readings[k]))  # fmt: skip
        stop = next(to, made.trigger.start)
        made.roles.acted_by(line, who(line, (i, stop), scene.cast) if stop > i else [])
    elif inner.source is not None and _own(line, known, inner, made.trigger):
        made.roles.acted_by(line, speaker(line, inner.source, scene.cast))
    named = made.told.rules in (("not-finite",), ("mention",), ("background",)) and not known.verb_first
    if named and (inner.rule == "accuse" or (inner.rule == "noun-phrase" and inner.cue.stance == "admits")):
        made.told = replace(made.told, kind=Kind.REPORTED, rules=("charged",))
    elif named and inner.rule == "about" and "mention" in made.told.rules and inner.cue.stance == "asserts":
        made.told = replace(made.told, kind=Kind.REPORTED, rules=("told-of",))
    made.roles.directed = bool(made.roles.actors) or made.roles.directed


def _own(line: Line, known: Tongue, inner: Attribution, trigger: Trigger) -> bool:
    """Return whether an act that a voice tells of, without its doer, is the voice's own."""
    if not known.verb_first:
        owned = inner.rule == "noun-phrase" and inner.cue.stance == "admits"
        return owned or (inner.rule == "infinitive" and inner.cue.stance not in ("demands", "accuses"))
    denied = inner.cue.stance == "denies" and inner.rule == "noun-phrase"
    return inner.cue.stance in ("admits", "pledges") or (denied and _bare(line, known, trigger))


def _bare(line: Line, known: Tongue, trigger: Trigger) -> bool:
    """Return whether a verbal noun has no article: "denied shelling", and not "denied the shelling"."""
    return trigger.part == "noun" and not (
        known.article and line.words[trigger.start].startswith(known.article)
    )


def _planned(scene: Scene, known: Tongue, line: Line, made: Event) -> None:
    """Give an act that somebody plans to do its doer: the subject of the verb that governs it."""
    if known.verb_first or "governed" not in made.told.rules:
        return
    for k in range(made.trigger.start - 1, max(-1, made.trigger.start - _BESIDE), -1):
        if line.tags[k] in ",;:.HW":
            return
        held = line.at("guards.governors", k)
        if any(found.letter != "N" or line.tags[k] in FINITE or line.tags[k] == "M" for found in held):
            phrase = left_phrase(line, group_start(line, k))
            made.roles.acted_by(line, speaker(line, phrase, scene.cast))
            return


def _quantity(scene: Scene, known: Tongue, line: Line, hit: Found[Pattern], made: Event) -> None:
    """Give an event the number before its noun: "14 violations"."""
    if not hit.value.counts:
        return
    if hit.letter in FINITE and not known.verb_first and hit.value.type.startswith(_OF_PEOPLE):
        beside = [
            n
            for n in scene.numbers
            if made.unit[0] <= n.start < made.unit[1] and is_person(line, known, n.unit_at)
        ]
        if beside:
            made.count = min(beside, key=lambda n: abs(n.start - hit.start))
            made.rule = hit.value.counts
            made.notes.append("count")
        return
    if not known.verb_first and hit.start in kinds_of(line):
        return  # the dead and the hurt are counted as such
    held: list[Amount] = [n for n in scene.numbers if hit.start in (n.end, n.unit_at)]
    if held and hit.letter not in FINITE:
        made.count, made.rule = held[0], hit.value.counts
        made.notes.append("count")
