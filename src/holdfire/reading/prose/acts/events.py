"""The events a sentence tells of: triggers that belong together, with who, whom, when, where, how many.

Numbers, times and places stay inside the clause of their event, and inside what the same voice says.
"""

from __future__ import annotations

from collections.abc import Sequence

from holdfire.reading.prose.acts.blame import answerable
from holdfire.reading.prose.acts.dates import dates
from holdfire.reading.prose.acts.finer import finer
from holdfire.reading.prose.acts.guards import reality
from holdfire.reading.prose.acts.harm import tells_of_harm
from holdfire.reading.prose.acts.merging import merged, shares
from holdfire.reading.prose.acts.roles import actorless, roles
from holdfire.reading.prose.acts.scene import Event, Scene, covering_of, unit_of
from holdfire.reading.prose.acts.timing import nearest_when, time_of_number, time_of_saying
from holdfire.reading.prose.acts.tolls import count, tolls
from holdfire.reading.prose.acts.triggers import Names, Trigger, triggers
from holdfire.reading.prose.names.actors import Cast, Party
from holdfire.reading.prose.places.placing import places_of
from holdfire.reading.prose.places.toponyms import places
from holdfire.reading.prose.sayings.voices import Attribution
from holdfire.reading.prose.words.amounts import amounts
from holdfire.reading.prose.words.syntax import Range
from holdfire.reading.prose.words.tokens import Sentence
from holdfire.reading.time.days import Anchor
from holdfire.records.claim import Kind

MOST = 40
"""Most triggers of a sentence; no sentence of prose has as many, and the work grows with their square."""


def events(
    s: Sentence, cast: Cast, where: Anchor, spoken: Sequence[Attribution], about: frozenset[str]
) -> list[Event]:
    """Return the events of one sentence, in the order of their words."""
    found = triggers(s, about, _names(s, cast))[:MOST]
    if not found and not tells_of_harm(s):
        return []  # most sentences end here, before the costlier readings of time and number
    whens = dates(s, where)
    taken = {k for when in whens for k in range(when.start, when.end)}
    numbers = amounts(s, taken)
    scene = Scene(s, cast, spoken, found, whens, places(s, cast), numbers)
    called = {k for match in cast.matches(s) for k in range(match.start, match.end)}
    found = [
        t
        for t in found
        if t.part == "phrase" or t.end - t.start > 3 or not called.intersection(range(t.start, t.end))
    ]
    made = [event for trigger in found if not _idle(scene, event := _event(scene, trigger))]
    if any(event.type == "diplomacy.talks_collapse" for event in made):
        made = [event for event in made if event.type != "diplomacy.negotiate"]
    made = tolls(scene, _once(made))
    made = merged(scene, made)
    made += [each for event in list(made) for each in shares(scene, event)]
    for event in made:
        event.saying = time_of_saying(scene, event.covering)
        event.as_of = time_of_number(scene, event)
    return sorted(made, key=lambda event: (event.trigger.start, event.type))


def _once(made: list[Event]) -> list[Event]:
    """Leave out a noun whose verb tells the same: "signed a ceasefire agreement"."""
    told = {(event.type, event.trigger.start) for event in made if event.trigger.part == "verb"}
    tells = {(event.type, event.unit) for event in made if event.told.kind == Kind.REPORTED}
    return [
        event
        for event in made
        if event.trigger.part == "verb"
        or event.type.startswith(_COUNTED)
        or ((event.type, event.told.verb) not in told and not _mention_of(event, tells))
    ]


def _mention_of(event: Event, tells: set[tuple[str, Range]]) -> bool:
    """Return whether a noun mentions what its clause tells, and adds no one."""
    return (
        event.told.kind == Kind.PRESUPPOSED and not event.roles.actors and (event.type, event.unit) in tells
    )


_HEAVY = ("attack.airstrike", "attack.shelling", "attack.bombardment")
"""Attacks with arms that only those who bear arms have."""
_COUNTED = ("attack.", "aid.", "detention.", "toll.")


def _names(s: Sentence, cast: Cast) -> Names:
    held = cast.matches(s)
    actors = (m for m in held if "actor" in m.kinds and "place" not in m.kinds)
    places_ = (m for m in held if "place" in m.kinds)
    return Names(
        frozenset(k for m in actors for k in range(m.start, m.end)),
        frozenset(k for m in places_ for k in range(m.start, m.end)),
    )


def _controlled(scene: Scene, event: Event) -> None:
    """Give an act that somebody pledges, refuses or plans to do its doer."""
    if not event.covering or event.type in actorless():
        return
    if event.roles.itself_suffers and not event.roles.targets:
        speaker = _speaker(scene, scene.spoken[event.covering[-1]])
        if speaker:
            event.roles.done_to(scene.s, speaker)
    if event.roles.actors and not event.roles.itself_acts:
        return
    inner = scene.spoken[event.covering[-1]]
    owns_up = inner.rule == "particle" and inner.cue.stance == "admits"
    if event.roles.itself_acts or owns_up:
        event.roles.acted_by(scene.s, _speaker(scene, inner))
    elif inner.rule in ("infinitive", "gerund") and inner.source is not None:
        event.roles.acted_by(scene.s, scene.cast.who(scene.s, inner.source, owner=True))


def _held_answerable(scene: Scene, event: Event) -> None:
    """Give an act of force whose own words name no doer the one whom its sentence holds answerable."""
    if event.roles.actors or not event.type.startswith(("attack.", "detention.abduction")):
        return
    parties, rule = answerable(scene.s, event.trigger, scene.cast)
    if parties:
        event.roles.acted_by(scene.s, parties)
        event.notes.append(rule)


def _speaker(scene: Scene, a: Attribution) -> list[Party]:
    """Return who speaks, where they are someone who acts: "it" in what they say is most often they."""
    found = scene.cast.who(scene.s, a.source, anyone=False)
    if not found and a.source is not None:
        found = scene.cast.half(scene.s, *a.source)  # a capital that speaks is its government
    return [party for party in found if party.agent and party.ids]


def _idle(scene: Scene, event: Event) -> bool:
    """Return whether a noun only takes up what was told before: "the offer", "the death toll"."""
    s, t = scene.s, event.trigger
    if (
        t.part != "noun"
        or event.told.kind != Kind.PRESUPPOSED
        or event.type.startswith(("attack.", "detention.", "aid."))
    ):
        return False
    if event.type.startswith("toll."):
        return event.count is None and not any(
            event.unit[0] <= n.start < event.unit[1] for n in scene.numbers
        )
    return t.start > 0 and s.words[t.start - 1] in ("the", "this", "that", "its", "their") and not event.count


def _event(scene: Scene, trigger: Trigger) -> Event:
    s = scene.s
    told = reality(s, trigger)
    covering = covering_of(scene, trigger)
    unit = unit_of(scene, trigger, covering)
    made = Event(trigger, finer(scene.s, trigger), told, roles(s, trigger, told, scene.cast), unit, covering)
    if made.type in _HEAVY and not any(party.agent for party in made.roles.actors):
        made.roles.acted_by(s, [])  # "residents reported air strikes": they flew none
    _controlled(scene, made)
    _held_answerable(scene, made)
    made.when = nearest_when(scene, trigger, unit, covering)
    made.wheres = places_of(scene, trigger, unit, covering)
    made.where = made.wheres[0] if made.wheres else None
    count(scene, made)
    return made
