"""Words of one act in one clause are one event: "were killed in air raids" is an airstrike with deaths.

The event told by a verb takes in the acts that its clause only names, where nothing says that they are
others: the same voice, no second doer, no second time. The finer type stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from holdfire.reading.prose.acts.roles import Roles
from holdfire.reading.prose.acts.scene import Event
from holdfire.reading.prose.tongues.lines import Line
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
    hosts.sort(key=lambda event: (event.trigger.part != "verb", event.trigger.start))
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
                whole = _one(whole, other)
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
    how = host.type == "attack.violence" != other.type and host.harm.killed is not None
    if (
        _told(other)
        and not how  # "died when their car hit a mine"
        and other.trigger.part == "verb"
        and any(line.tags[k] in "CS" for k in between)
        and any(line.tags[k] in ",W" for k in between)
    ):
        return False
    ids = {i for party in host.roles.actors for i in party.ids}
    others = {i for party in other.roles.actors for i in party.ids}
    return not (ids and others and not ids & others)


def _one(host: Event, other: Event) -> Event:
    """Return two words of one act as one event: the finer type, and what either says."""
    fine = min(host, other, key=lambda event: _FINEST.index(event.type))
    roles = Roles(directed=host.roles.directed)
    if fine.type == "attack.armed_clash" and fine.roles.actors:
        roles = fine.roles
    else:
        acted = host.roles if host.roles.actors else other.roles
        struck = host.roles if host.roles.target_text else other.roles
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
