"""Attacks that aircraft do, in a verb-first language: from the air, by whom they belong to, if that is said.

"The warplanes struck X" names no one: aircraft act for somebody, and only the words beside them say for whom.
"""

from __future__ import annotations

from holdfire.reading.prose.acts.roles import Roles
from holdfire.reading.prose.acts.scene import Event
from holdfire.reading.prose.names.actors import Cast
from holdfire.reading.prose.tongues.lines import Line
from holdfire.reading.prose.tongues.parties import who
from holdfire.reading.prose.tongues.words import tongue
from holdfire.records.actor import UNDESCRIBED

_OWNER = 4
"""Tokens after the aircraft in which the name of their owner begins and ends."""


def flown(line: Line, event: Event, cast: Cast) -> None:
    """Make an attack whose verb has aircraft right after it one from the air, and take them for no actor."""
    if event.type not in ("attack.violence", "attack.bombardment") or event.trigger.part != "verb":
        return
    if not tongue(line.code).verb_first:
        return
    k = event.trigger.end
    held = line.at("roles.aircraft", k) if k < len(line) else ()
    if not held:
        return
    end = max(found.end for found in held)
    event.type = "attack.airstrike"
    event.notes.append("aircraft")
    if any(_known(i) for party in event.roles.actors for i in party.ids):
        return
    beside = who(line, (end, min(len(line), end + _OWNER)), cast)
    owner = [p for p in beside if p.agent and p.start <= end + 1]
    known = [p for p in owner if any(map(_known, p.ids))]
    roles = Roles(targets=event.roles.targets, target_text=event.roles.target_text,
                  target_spans=event.roles.target_spans)  # fmt: skip
    if any(p.start <= k < p.end for p in roles.targets) or roles.target_text.startswith(line.text(k, k + 1)):
        roles.done_to(line, [])
    roles.acted_by(line, known[:1])
    roles.directed = bool(known)
    event.roles = roles


def _known(name: str) -> bool:
    """Return whether an id is of someone: the case's own, or a state's, which no case need describe.

    The id of a state is its English name; that of words nobody described is those words.
    """
    return not name.startswith(UNDESCRIBED) or name.isascii()
