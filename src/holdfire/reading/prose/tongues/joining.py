"""Words of one act in one clause are one event: "were killed in air raids" is an airstrike with deaths.

The event told by a verb takes in the acts that its clause only names, where nothing says that they are
others: the same voice, no second doer, no second time. The finer type stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from holdfire.reading.prose.acts.roles import Roles
from holdfire.reading.prose.acts.scene import Event
from holdfire.reading.prose.tongues.counting import kinds_of
from holdfire.reading.prose.tongues.lines import Line
from holdfire.reading.prose.tongues.words import tongue
from holdfire.records.claim import Kind, Modality

_FINEST = (
    "aid.convoy_attacked", "attack.airstrike", "attack.shelling", "attack.bombing", "attack.ambush",
    "attack.armed_clash", "attack.bombardment", "attack.violence",
)  # fmt: skip
_OTHERS = frozenset(
    ("background", "habit", "history", "figure-of-speech", "ended", "condition", "governed", "law")
)
"""Rules that keep a mention apart: what they found is not the act that the clause tells."""


def joined(line: Line, made: Sequence[Event]) -> list[Event]:
    """Return the events of a sentence, the attack words of one clause made one event."""
    acts = [event for event in made if event.type in _FINEST]
    hosts = [event for event in acts if _told(event)]
    late = tongue(line.code).verb_first  # there harm is taken in by the act that did it, never the act by it
    hosts.sort(key=lambda e: (late and _harms(line, e), e.trigger.part != "verb", e.trigger.start))
    gone: set[int] = set()
    out: dict[int, Event] = {}
    for host in hosts:
        if id(host) in gone:
            continue
        whole = host
        for other in acts:
            if (
                other is not host
                and id(other) not in gone
                and id(other) not in out
                and _of_one(line, host, other)
            ):
                whole = _one(line, whole, other)
                gone.add(id(other))
        out[id(host)] = whole
    return [out.get(id(event), event) for event in made if id(event) not in gone]


def _told(event: Event) -> bool:
    return event.told.kind == Kind.REPORTED


def _of_one(line: Line, host: Event, other: Event) -> bool:
    """Return whether two acts of a sentence are one."""
    if host.covering != other.covering or host.told.negated != other.told.negated:
        return False
    if other.told.modality not in (host.told.modality, Modality.ACTUAL) or _OTHERS.intersection(
        other.told.rules
    ):
        return False
    first, last = sorted((host, other), key=lambda event: event.trigger.start)
    between = range(first.trigger.end, last.trigger.start)
    if any(line.tags[k] in ";." for k in between):
        return False
    if tongue(line.code).verb_first:
        return _goes_on(line, host, other) and not _apart(host, other) and not _others(host, other)
    how = host.type == "attack.violence" != other.type and host.harm.killed is not None
    if (
        _told(other)
        and not how  # "died when their car hit a mine"
        and other.trigger.part == "verb"
        and any(line.tags[k] in "CS" for k in between)
        and any(line.tags[k] in ",W" for k in between)
    ):
        return False
    return not _others(host, other)


def _others(host: Event, other: Event) -> bool:
    """Return whether two acts have doers of whom none is the same."""
    ids = {i for party in host.roles.actors for i in party.ids}
    others = {i for party in other.roles.actors for i in party.ids}
    return bool(ids and others and not ids & others)


_BESIDE = 3
"""Most tokens between a verb of attack and the noun that says of what sort: "struck, a shelling, X"."""


def _goes_on(line: Line, host: Event, other: Event) -> bool:
    """Return whether one of two acts is only the harm of the other, or stands beside its verb to name it."""
    first, last = sorted((host, other), key=lambda event: event.trigger.start)
    if _harms(line, host):
        return False
    if _harms(line, other) and other is last:
        return other.trigger.part == "noun" and (not other.roles.actors or _subject_before(other))
    near = last.trigger.start - first.trigger.end <= _BESIDE
    return near and other.trigger.part == "noun" and not any(
        line.tags[k] in ",C" for k in range(first.trigger.end, last.trigger.start)
    )  # fmt: skip


def _subject_before(event: Event) -> bool:
    """Return whether all who are read as doers of a harm stand before its word: they did what led to it."""
    return all(party.end <= event.trigger.start for party in event.roles.actors)


def _harms(line: Line, event: Event) -> bool:
    """Return whether the words of an act tell of harm to people and of no sort of attack."""
    return event.type == "attack.violence" and not kinds_of(line).keys().isdisjoint(
        range(event.trigger.start, event.trigger.end)
    )


def _apart(host: Event, other: Event) -> bool:
    """Return whether two acts each have a place or a time after their own words, and not the same."""
    first, last = sorted((host, other), key=lambda event: event.trigger.start)

    def own(name: str) -> bool:
        one, two = getattr(first, name), getattr(last, name)
        if one is None or two is None or one.start == two.start:
            return False
        return bool(first.trigger.end <= one.start < last.trigger.start and two.start >= last.trigger.end)

    return own("where") or own("when")


def _names(line: Line, host: Event, other: Event) -> bool:
    """Return whether what is read as struck are the words of the other act: "struck, a shelling, X"."""
    return any(i <= line.starts[other.trigger.start] < j for i, j in host.roles.target_spans)


def _one(line: Line, host: Event, other: Event) -> Event:
    """Return two words of one act as one event: the finer type, and what either says."""
    fine = min(host, other, key=lambda event: _FINEST.index(event.type))
    roles = Roles(directed=host.roles.directed)
    if fine.type == "attack.armed_clash" and fine.roles.actors:
        roles = fine.roles
    else:
        acted = host.roles if host.roles.actors else other.roles
        struck = host.roles if host.roles.target_text and not _names(line, host, other) else other.roles
        roles.actors, roles.actor_spans, roles.actor_text = acted.actors, acted.actor_spans, acted.actor_text
        roles.targets, roles.target_spans, roles.target_text = (
            struck.targets,
            struck.target_spans,
            struck.target_text,
        )
    made = replace(host, type=fine.type, roles=roles, notes=[*host.notes, *other.notes, "one-act"])
    made.when, made.where = host.when or other.when, host.where or other.where
    made.wheres = host.wheres or other.wheres
    made.count, made.rule = (host.count, host.rule) if host.count else (other.count, other.rule)
    if host.harm.killed is None and host.harm.injured is None:
        made.harm = other.harm
    return made
