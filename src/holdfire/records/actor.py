"""A group or person that acts, and the names it bore and when. Never merged on a string."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from holdfire.times import Interval

CIVILIANS = "civilians"
"""The actor id for people who take no part in fighting; it bears no role."""


UNDESCRIBED = "~"
"""Begins the id of an actor no one has described: `~` and its folded name. Its roles are unclear."""


class ActorKind(StrEnum):
    """What sort of actor it is."""

    STATE = "state"
    GROUP = "group"
    COALITION = "coalition"
    UMBRELLA = "umbrella"
    CIVILIANS = "civilians"
    INSTITUTION = "institution"


@dataclass(frozen=True, slots=True)
class Alias:
    """A name an actor is known by, from when to when, and why we say so.

    Attributes:
        text: The name as written.
        valid: When the name was in use: a report published outside it means someone else.
        basis: Why we hold that it names this actor.
        label: True for a loaded label, which stays text and names no group.
    """

    text: str
    valid: Interval
    basis: str = ""
    label: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone who acts, under every name it bore.

    Attributes:
        id: Short name used in files.
        name: By language.
        kind: What sort of actor it is. Of an umbrella, roles of its members are not its own.
        aliases: Its names.
        part_of: Actors it belongs to.
        covers: Of an umbrella: what the label is said to cover.
        beside: Actors it has fought beside. Accounts of one event may name either; it is no evidence that
            either acted, and gives neither a role.
    """

    id: str
    name: Mapping[str, str]
    kind: ActorKind
    aliases: tuple[Alias, ...] = ()
    part_of: tuple[str, ...] = ()
    covers: tuple[str, ...] = field(default=())
    beside: tuple[str, ...] = ()


def fold(name: str) -> str:
    """Return the form in which names are compared: case, hyphens, apostrophes and spaces folded.

    >>> fold("Jabhat  Al‑Nusra ")
    'jabhat al nusra'
    """
    return " ".join(name.translate(_FOLDED).casefold().split())


_FOLDED = str.maketrans({**dict.fromkeys("-‐‑–—_.", " "), **dict.fromkeys("'’‘ʼ`´“”\"", "")})


class Names:
    """Finds the actor that a name meant when it was said."""

    def __init__(self, actors: Iterable[Actor]) -> None:
        self.actors = {actor.id: actor for actor in actors}
        self._by_name: dict[str, list[tuple[Alias, str]]] = {}
        for actor in self.actors.values():
            for alias in actor.aliases:
                self._by_name.setdefault(fold(alias.text), []).append((alias, actor.id))

    def find(self, name: str, said: datetime | None) -> str | None:
        """Return the id of the actor the name meant when it was said, or None.

        Two actors that bore one name at one time are not told apart: the answer is None. With no
        date of saying, only a name that ever meant one actor is resolved.
        """
        bearers = {
            actor
            for alias, actor in self._by_name.get(fold(name), ())
            if not alias.label and (said is None or _held(alias.valid, said))
        }
        return bearers.pop() if len(bearers) == 1 else None

    def spellings(self) -> Iterable[tuple[str, Alias, str]]:
        """Yield each folded name with its alias and actor id."""
        for name, bearers in sorted(self._by_name.items()):
            for alias, actor in bearers:
                yield name, alias, actor


def _held(valid: Interval, when: datetime) -> bool:
    return (valid.start is None or valid.start <= when) and (valid.end is None or when < valid.end)
