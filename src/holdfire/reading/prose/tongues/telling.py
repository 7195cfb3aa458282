"""What happened, as a sentence of a language with a page tells it: triggers, guards, roles, numbers."""

from __future__ import annotations

from collections.abc import Sequence

from holdfire.reading.prose.actors import Cast
from holdfire.reading.prose.dates import dates
from holdfire.reading.prose.days import Anchor
from holdfire.reading.prose.reality import Reality
from holdfire.reading.prose.roles import Roles
from holdfire.reading.prose.scene import Event, Scene, covering_of, region_of
from holdfire.reading.prose.syntax import Range
from holdfire.reading.prose.tongues.forms import Found
from holdfire.reading.prose.tongues.lines import Line
from holdfire.reading.prose.tongues.phrases import negated
from holdfire.reading.prose.tongues.words import Pattern, Tongue, tongue
from holdfire.reading.prose.toponyms import places
from holdfire.reading.prose.triggers import Trigger
from holdfire.reading.prose.voices import Attribution
from holdfire.records.claim import Modality

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
    found = triggers(line, known)
    whens = dates(line, anchor)
    scene = Scene(line, cast, spoken, [t for t, _ in found], whens, places(line, cast), [])
    return [_event(scene, known, line, trigger, hit) for trigger, hit in found]


def triggers(line: Line, known: Tongue) -> list[tuple[Trigger, Found[Pattern]]]:
    """Return the words that may tell of an event, longest first taken, in order."""
    thrown = {
        m
        for k in range(len(line))
        for f in known.list("discard").at(line.readings, k)
        for m in range(k, f.end)
    }
    found: list[tuple[Trigger, Found[Pattern]]] = []
    last = 0
    for k in range(len(line)):
        if k < last or k in thrown:
            continue
        for hit in known.triggers.at(line.readings, k):
            if _counts(line, known, hit):
                value = hit.value
                part = {"suffers": "verb"}.get(value.part, value.part)
                found.append((Trigger(k, hit.end, k, value.type, part, value.weak), hit))
                last = hit.end
                break
    return found


def _counts(line: Line, known: Tongue, hit: Found[Pattern]) -> bool:
    pattern = hit.value
    if hit.letter != "N" and any(mark not in known.verbal for mark in hit.before):
        return False
    if pattern.topic and not any(known.topics[pattern.topic].at(line.readings, m) for m in range(len(line))):
        return False
    if not pattern.weak:
        return True
    near = [
        *range(max(0, hit.start - _BESIDE), hit.start),
        *range(hit.end, min(len(line), hit.end + _BESIDE)),
    ]
    return any(known.list("company").at(line.readings, m) for m in near)


def _event(scene: Scene, known: Tongue, line: Line, trigger: Trigger, hit: Found[Pattern]) -> Event:
    covering = covering_of(scene, trigger)
    unit: Range = region_of(scene, trigger, covering)
    told = _reality(line, known, hit)
    made = Event(trigger, trigger.type, told, Roles(directed=False), unit, covering)
    made.when = next((w for w in scene.whens if unit[0] <= w.start and w.end <= unit[1]), None)
    made.where = next((w for w in scene.wheres if unit[0] <= w.start and w.end <= unit[1]), None)
    return made


def _reality(line: Line, known: Tongue, hit: Found[Pattern]) -> Reality:
    if negated(line, hit.start):
        return Reality(Modality.ACTUAL, negated=True, rules=("negation",))
    if hit.letter == "f" or any(
        known.list("guards.future").at(line.readings, m) for m in range(max(0, hit.start - 2), hit.start)
    ):
        return Reality(Modality.INTENDED, rules=("future",))
    return Reality(Modality.ACTUAL)
