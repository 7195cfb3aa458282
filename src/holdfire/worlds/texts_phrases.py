"""Make a sentence from a frame: a choice in each bracket, a value in each slot.

A frame that needs a value which is not there is not used. `[a|b]` is a choice, and choices may hold choices;
`{x}` is a value, `{X}` the same with a capital.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML

from holdfire.worlds.texts_words import Chance

_BRACKET = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")
_TRIES = 40


@dataclass(frozen=True)
class Phrases:
    """The frames of one language, by what they are for.

    Attributes:
        language: `en` or `ar`.
        frames: By event type.
        others: By name: denials, headlines, bylines, background, ...
    """

    language: str
    frames: dict[str, list[str]]
    others: dict[str, Any] = field(default_factory=dict)


@cache
def phrases(language: str) -> Phrases:
    """Return the frames that come with Holdfire for `en` or `ar`."""
    text = files("holdfire.worlds").joinpath(f"texts_{language}.yaml").read_text(encoding="utf-8")
    read = YAML(typ="safe", pure=True).load(text)
    return Phrases(language, read.pop("frames"), read)


def chosen(frame: str, chance: Chance) -> str:
    """Return a frame with a choice made in every bracket, the inner ones first."""
    while found := _BRACKET.search(frame):
        frame = frame[: found.start()] + chance.one(found.group(1).split("|")) + frame[found.end() :]
    return frame


def slots(frame: str) -> set[str]:
    """Return the slots of a frame, in small letters."""
    return {name.lower() for name in _SLOT.findall(frame)}


def one_of(frames: Sequence[str], values: Mapping[str, str], chance: Chance) -> str | None:
    """Return one frame, its choices made, whose every value is there; None if none was found."""
    for _ in range(_TRIES):
        frame = chosen(chance.one(list(frames)), chance)
        if all(values.get(name) is not None for name in slots(frame)):
            return frame
    return None


def filled(frame: str, values: Mapping[str, str]) -> str:
    """Return a frame with its values, doubled spaces closed.

    >>> filled("{Place} fell; {place} is {missing}quiet.", {"place": "the hill", "missing": ""})
    'The hill fell; the hill is quiet.'
    """

    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        if name.isupper():
            return values[name.lower()].upper()
        held = values[name.lower()]
        return held[:1].upper() + held[1:] if name[0].isupper() else held

    text = re.sub(r"[^\S\n]{2,}", " ", _SLOT.sub(value, frame))
    return re.sub(r"[,،]\s*([.,،;])", r"\1", re.sub(r" +([,.;،])", r"\1", text))


def within(frame: str) -> str:
    """Return a sentence frame as a clause: no full stop, no capital."""
    frame = re.sub(r"\{([A-Z])", lambda found: "{" + found.group(1).lower(), frame, count=1)
    body = frame.rstrip().removesuffix(".")
    return body if body.startswith("{") else body[:1].lower() + body[1:]
