"""Words of one act are one event: "airstrikes killed five" is an airstrike with five deaths."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from holdfire.reading.prose.acts.harm import word_of_harm
from holdfire.reading.prose.acts.roles import Roles
from holdfire.reading.prose.acts.scene import Event, Scene
from holdfire.reading.prose.words.syntax import Range, phrase_right
from holdfire.records.claim import Kind, Modality

_FINEST = (
    "aid.convoy_attacked", "attack.airstrike", "attack.shelling", "attack.bombing", "attack.ambush",
    "attack.bombardment", "attack.armed_clash", "attack.violence",
)  # fmt: skip


_STAYS = (
    "presupposed-", "governed-", "stopped", "unreal", "refused-", "modal", "participle-of-noun", "relative",
)  # fmt: skip
"""Rules that keep a mention apart: what they found is another act than the one the clause tells."""


def merged(scene: Scene, made: list[Event]) -> list[Event]:
    """Make one event of the attack words of one clause."""
    out = [event for event in made if event.type not in _FINEST]
    acts = [_suffered(scene, event) for event in made if event.type in _FINEST]
    groups: dict[tuple[Range, Modality, bool], Event] = {}
    passing = []
    for event in acts:
        if event.told.kind != Kind.REPORTED:
            passing.append(event)
            continue
        host = _host_of_harm(scene, event, groups.values())
        if host is not None:
            unit = host.unit[0], max(host.unit[1], event.unit[1])
            event = _as_harm(event, unit)  # noqa: PLW2901
            groups = {k: e for k, e in groups.items() if e is not host}
            groups[event.unit, event.told.modality, event.told.negated] = replace(host, unit=event.unit)
        key = (event.unit, event.told.modality, event.told.negated)
        if key in groups and not _other_time(groups[key], event):
            groups[key] = _joined(groups[key], event)
        elif key in groups:
            out.append(event)
        else:
            groups[key] = event
    for event in _phrases_of_one(passing):
        host = next((g for (unit, _, _), g in groups.items() if unit == event.unit), None)
        if host is None or _stays(scene, event, host):
            out.append(event)
        else:
            key = (host.unit, host.told.modality, host.told.negated)
            groups[key] = _joined(host, event)
    for event in groups.values():
        event.harm = scene.harm(event.unit)
        if _unanchored(scene, event):
            rules = (*event.told.rules, "unanchored")
            event.told = replace(event.told, kind=Kind.PRESUPPOSED, rules=rules)
        out.append(event)
    return out


def _suffered(scene: Scene, event: Event) -> Event:
    """Take the subject of a harm without an object for whom it befell: "ten soldiers killed in clashes"."""
    s, head, roles = scene.s, event.trigger.head, event.roles
    bare = event.trigger.part == "verb" and s.tags[head] in "en" and word_of_harm(s, head)
    if not bare or s.lemmas[head] in ("shoot", "gun") or not roles.actors:
        return event
    after = s.tags[event.trigger.end : event.trigger.end + 1]
    if (after and after in "DNE#JR") or any(party.end > event.trigger.start for party in roles.actors):
        return event
    turned = replace(
        roles, actors=[], actor_text="", actor_spans=[], targets=roles.actors, target_text=roles.actor_text,
        target_spans=roles.actor_spans, itself_acts=False,
    )  # fmt: skip
    return replace(event, roles=turned)


def _stays(scene: Scene, event: Event, host: Event) -> bool:
    """Return whether a mention is of another act than the one its clause tells."""
    if _other_doer(host, event):
        return True
    kept = any(rule.startswith(_STAYS) for rule in event.told.rules)
    return kept and not _antecedent(scene, event, host)


def _antecedent(scene: Scene, event: Event, host: Event) -> bool:
    """Return whether a noun is what the told verb hangs on: "the bombing that killed five"."""
    between = range(event.trigger.end, host.trigger.start)
    return 0 < len(between) <= 2 and any(scene.s.tags[k] in "HW" for k in between)


def _unanchored(scene: Scene, event: Event) -> bool:
    """Return whether harm is told of nobody, nowhere and at no time: a share of a people, say."""
    if event.when or event.where or event.harm.killed or event.harm.injured:
        return False
    harmful = event.trigger.part == "verb" and word_of_harm(scene.s, event.trigger.head)
    return bool(harmful) and not event.roles.actors and not event.roles.targets


def _host_of_harm(scene: Scene, event: Event, before: Iterable[Event]) -> Event | None:
    """Return the act that a clause of harm alone goes on with: "..., killing three", "...; two died".

    A voice that tells of the act ("X reported strikes, killing two") keeps it with its harm.
    """
    harms = event.trigger.part == "verb" and bool(word_of_harm(scene.s, event.trigger.head))
    if not harms:
        return None
    if (_own_time(event) or _own_place(event)) and not _about(scene, event):
        return None
    hosts = [
        e
        for e in before
        if e.unit != event.unit
        and e.trigger.end <= event.trigger.start
        and _by_none_other(scene, e, event)
        and (e.covering == event.covering or _goes_on(scene, e, event))
    ]
    alike = [
        e for e in hosts if (e.told.modality, e.told.negated) == (event.told.modality, event.told.negated)
    ]
    return max(alike, key=lambda e: e.unit[1], default=None)


def _by_none_other(scene: Scene, host: Event, event: Event) -> bool:
    """Return whether a harm has no doer, or goes on with the host's: "X attacked Y, killing three"."""
    ids = {i for party in event.roles.actors if party.agent for i in party.ids}
    acted = {i for party in host.roles.actors for i in party.ids}
    return not ids or (ids == acted and scene.s.tags[event.trigger.start] == "g")


def _as_harm(event: Event, unit: Range) -> Event:
    """Return a harm as a part of the act it goes on from: its clause names neither place nor doer."""
    roles = replace(event.roles, actors=[], actor_text="", actor_spans=[], itself_acts=False)
    return replace(event, unit=unit, where=None, wheres=[], roles=roles)


def _own_time(event: Event) -> bool:
    """Return whether the clause of an act gives its own time, and not only its sentence does."""
    return event.when is not None and event.unit[0] <= event.when.start < event.unit[1]


def _own_place(event: Event) -> bool:
    """Return whether the clause of an act gives its own place, and not only its sentence does."""
    return event.where is not None and event.unit[0] <= event.where.start < event.unit[1]


def _about(scene: Scene, event: Event) -> bool:
    """Return whether a harm stands in what a noun is taken to be about: "an attack on the town killed"."""
    return bool(event.covering) and scene.spoken[event.covering[-1]].rule == "noun-about"


def _goes_on(scene: Scene, host: Event, event: Event) -> bool:
    """Return whether a clause of harm goes on from an act that another voice, or none, tells."""
    if _about(scene, event) and event.covering[:-1] == host.covering:
        cues = scene.spoken[event.covering[-1]].cues
        return any(i <= host.trigger.start < j for i, j in cues)
    between = scene.s.tags[host.trigger.end : event.trigger.start]
    if not host.covering and len(event.covering) == 1:  # "...; two died, according to X": X tells it all
        return ";" in between and scene.spoken[event.covering[0]].rule == "according-to"
    if event.covering != host.covering[: len(event.covering)]:
        return False
    return scene.s.tags[event.trigger.start] == "g" or ";" in between


def _phrases_of_one(passing: list[Event]) -> list[Event]:
    """Make one of "targeted" and "in the Russian air campaign"."""
    out: list[Event] = []
    for event in sorted(passing, key=lambda e: e.trigger.start):
        last = out[-1] if out else None
        near = last is not None and event.unit == last.unit and event.trigger.start - last.trigger.end <= 6
        if last is not None and near and last.told.kind == Kind.ATTRIBUTIVE and not _other_doer(last, event):
            out[-1] = _joined(last, event)
        else:
            out.append(event)
    return out


def _other_time(one: Event, other: Event) -> bool:
    return one.when is not None and other.when is not None and one.when.start != other.when.start


def _other_doer(one: Event, other: Event) -> bool:
    ids = {i for party in one.roles.actors for i in party.ids}
    others = {i for party in other.roles.actors for i in party.ids}
    return bool(ids and others and ids != others)


def _joined(one: Event, other: Event) -> Event:
    """Return two events as one: the finer type, and what either says."""
    fine, coarse = sorted((one, other), key=lambda e: _FINEST.index(e.type))
    made = replace(fine, told=one.told, notes=[*one.notes, *other.notes])
    if {one.type, other.type} == {"attack.airstrike", "attack.shelling"}:
        made.type = "attack.bombardment"
    ahead, behind = (one.roles, other.roles) if one.roles.actors else (other.roles, one.roles)
    aimed = one.roles if one.roles.targets else other.roles
    if fine.type == "attack.armed_clash" and (fine.roles.actors or fine.roles.targets):
        made.roles = fine.roles
        if (
            not fine.roles.actors and coarse.type == "attack.violence"
        ):  # the dead fought those they "clashed with"
            made.roles = replace(
                fine.roles,
                actors=coarse.roles.targets,
                actor_text=coarse.roles.target_text,
                actor_spans=coarse.roles.target_spans,
            )
    else:
        made.roles = Roles(
            ahead.actors or behind.actors, aimed.targets, ahead.actor_text or behind.actor_text,
            aimed.target_text or fine.roles.target_text or coarse.roles.target_text,
            directed=fine.roles.directed, actor_spans=ahead.actor_spans or behind.actor_spans,
            target_spans=aimed.target_spans or fine.roles.target_spans or coarse.roles.target_spans,
        )  # fmt: skip
    made.when = one.when or other.when
    made.where = fine.where or coarse.where
    made.count, made.rule = (fine.count, fine.rule) if fine.count else (coarse.count, coarse.rule)
    made.cumulative = fine.cumulative if fine.count else coarse.cumulative
    return made


def shares(scene: Scene, event: Event) -> list[Event]:
    """Read what follows a count: "49 breaches: 27 by government forces and eight by Russian forces"."""
    s = scene.s
    if event.count is None or event.type != "ceasefire.violation":
        return []
    out = []
    for amount in scene.numbers:
        if amount.start <= event.trigger.end or (amount.unit_at >= 0 and amount.unit not in ("alleged",)):
            continue
        k = amount.end
        while k < len(s) and s.tags[k] in "BJe" and k - amount.end < 3:
            k += 1
        if k >= len(s) or s.words[k] not in ("by", "against", "from", "to"):
            continue
        blamed = phrase_right(s, k + 1)
        named = scene.cast.who(s, blamed)
        if not named or blamed is None:
            continue
        share = replace(
            event,
            trigger=replace(event.trigger, start=amount.start, end=blamed[1]),
            count=amount,
            notes=["share"],
        )
        share.roles = replace(event.roles, directed=True)
        share.roles.acted_by(s, named)
        out.append(share)
    return out
