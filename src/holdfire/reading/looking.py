"""What a public name meant on a day, and why, for a person to read.

Every bearer of the name is listed, also those that did not bear it on that day, so that a reader sees what
was left out; nothing is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from holdfire.reading.dictionary import Dictionary, Entity, Found, Name, dictionary
from holdfire.reading.prose.names.nounphrases import is_label


@dataclass(frozen=True, slots=True)
class Look:
    """What a name means on a day.

    Attributes:
        name: As asked.
        on: The day.
        meant: Whom the reader takes it for; None: nobody, or it cannot be said.
        others: Everyone else who ever bore it.
        label: It is a loaded label: it stays text.
    """

    name: str
    on: date
    meant: Found | None
    others: tuple[Found, ...]
    label: bool

    @property
    def json(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "name": self.name,
            "on": self.on.isoformat(),
            "label": self.label,
            "meant": _found(self.meant, self.on) if self.meant else None,
            "others": [_found(found, self.on) for found in self.others],
        }

    def __str__(self) -> str:
        """Return a few lines a person reads."""
        if self.label:
            return f'"{self.name}" is a loaded label: it stays text and names no one'
        lines = [_lines(self.meant, self.on)] if self.meant else []
        if not self.meant:
            lines = [f'"{self.name}" means no one we know on {self.on}']
        lines += [f"also   {_borne(found.name)}: {found.entity.name}" for found in self.others]
        return "\n".join(lines)


def look(name: str, on: date) -> Look:
    """Return what a name meant on a day, by the public dictionaries.

    Args:
        name: As a text writes it, in any of the languages of the dictionaries.
        on: The day the text was published.
    """
    known = dictionary()
    found = known.find(name, on)
    shown = found and (found.entity.id, found.name)
    others = tuple(each for each in known.bearers(name) if (each.entity.id, each.name) != shown)
    return Look(name, on, found, others, is_label(name.lower()))


def _found(found: Found, on: date) -> dict[str, Any]:
    entity, name = found.entity, found.name
    return {
        "entity": entity.id,
        "name": entity.name,
        "kind": entity.kind,
        "by": name.part,
        "office": name.office or None,
        "holder": name.holder or None,
        "called_then": entity.called(on),
        "borne_from": name.start.isoformat() if name.start else None,
        "borne_until": name.until.isoformat() if name.until else None,
        "still_read": name.still,
        "part_of": _ties(entity, on),
        "of": entity.of or None,
        "basis": name.basis or entity.basis,
    }


def _ties(entity: Entity, on: date) -> list[str]:
    held = (
        t for t in entity.part_of if (t.start is None or t.start <= on) and (t.until is None or on < t.until)
    )
    return [tie.to for tie in held]


def _lines(found: Found, on: date) -> str:
    entity, name = found.entity, found.name
    lines = [f"{entity.name} ({entity.kind})"]
    if name.part == "holder":
        lines.append(f"by     {name.holder}, {name.office}, {_borne(name)}")
    else:
        lines.append(f"by     its {name.part} {name.text}, {_borne(name)}")
    called = entity.called(on)
    if called != entity.name:
        lines.append(f"then   called {called}")
    if ties := _ties(entity, on):
        lines.append(f"of     {', '.join(ties)}")
    if entity.of:
        lines.append(f"of     {entity.of}")
    if entity.formed_of:
        lines.append(f"from   {', '.join(entity.formed_of)}")
    if basis := name.basis or entity.basis:
        lines.append(f"basis  {basis}")
    return "\n".join(lines)


def _borne(name: Name) -> str:
    if name.start is None and name.until is None:
        return "with no dates known to us"
    first = f"from {name.start}" if name.start else "from the start"
    last = f" until {name.until}" if name.until else ""
    return f"{first}{last}{', and read so afterwards' if name.still and name.until else ''}"


def held(state: str, office: str, on: date) -> str | None:
    """Return who held an office of a state or organisation on a day; None: not known to us."""
    known: Dictionary = dictionary()
    found = known.find(state, on)
    return known.holder(found.entity.id, office, on) if found else None
