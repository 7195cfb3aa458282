"""What a second reader answered, held to the text: a string that does not stand in it is dropped and counted.

An answer is nobody's word until it is found. Broken JSON is an answer without claims; a claim whose content
or type cannot be found is refused whole; any other field is dropped by itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from holdfire.reading.prose.page.shadow import Shadow
from holdfire.reading.types import event_types
from holdfire.records.claim import Kind, Modality, Stance

Span = tuple[int, int]

MOST_CLAIMS = 400
"""Most claims that are looked at in one answer."""

LONGEST = 4000
"""Most characters of a string that is looked for."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One claim of a second reader; every span is of the text as received.

    Attributes:
        content: The words of the claim.
        type: family.kind.
        trigger: The words that name the event; None: not given, or not found.
        chain: Who says it, outermost first, each with its cue where one was found.
        stance: Of the last voice; None: not one of ours.
        modality: None: not one of ours.
        kind: None: not one of ours.
        negated: Whether the content is said not to be so.
        actors: Who acted.
        targets: Acted on.
        time: The words that date it.
        place: Where it happened.
        number: The number it is of.
        value: That number; None: not given, or no number was found.
        dropped: Names of the fields that were dropped.
    """

    content: Span
    type: str
    trigger: Span | None = None
    chain: tuple[tuple[Span, Span | None], ...] = ()
    stance: str | None = None
    modality: str | None = None
    kind: str | None = None
    negated: bool = False
    actors: tuple[Span, ...] = ()
    targets: tuple[Span, ...] = ()
    time: Span | None = None
    place: Span | None = None
    number: Span | None = None
    value: int | None = None
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hearing:
    """An answer, held to the text.

    Attributes:
        claims: What stands, in the order of the text.
        refused: Claims whose content or type was not found.
        dropped: Fields of the claims that stand whose string was not found.
        broken: Why nothing could be read; empty: it could.
    """

    claims: tuple[Heard, ...] = ()
    refused: int = 0
    dropped: int = 0
    broken: str = ""


def heard(answer: str, shown: Shadow) -> Hearing:
    """Return what an answer says, held to the text it was asked about; never raises.

    Args:
        answer: What came back, whatever it is.
        shown: The text it was asked about; spans come out in the text as received.
    """
    try:
        given = json.loads(_unfenced(answer))
    except (ValueError, RecursionError):
        return Hearing(broken="the answer is not JSON")
    listed = given.get("claims") if isinstance(given, dict) else given
    if not isinstance(listed, list):
        return Hearing(broken="the answer has no list of claims")
    found, refused = [], 0
    for each in listed[:MOST_CLAIMS]:
        made = _claim(each, shown) if isinstance(each, dict) else None
        if made is None:
            refused += 1
        else:
            found.append(made)
    found.sort(key=lambda h: (h.content, h.trigger or (0, 0), h.type))
    refused += max(0, len(listed) - MOST_CLAIMS)
    return Hearing(tuple(found), refused, sum(len(h.dropped) for h in found))


def _unfenced(answer: str) -> str:
    """Return an answer without the fence of Markdown that models like to put around JSON."""
    bare = answer.strip()
    if bare.startswith("```"):
        bare = bare.split("\n", 1)[-1].rsplit("```", 1)[0]
    return bare


@dataclass(slots=True)
class _Finder:
    """Finds strings of one claim in the text, nearest to its content, and counts what is not there."""

    shown: Shadow
    content: Span
    dropped: list[str] = field(default_factory=list)

    def span(self, name: str, given: Any) -> Span | None:
        """Return where a string stands; None: it is not given, or stands nowhere."""
        if given is None or given == "":
            return None
        found = _nearest(self.shown.text, given, self.content) if isinstance(given, str) else None
        if found is None:
            self.dropped.append(name)
            return None
        return self.shown.span(*found)

    def spans(self, name: str, given: Any) -> tuple[Span, ...]:
        """Return where the strings of a list stand."""
        listed = given if isinstance(given, list) else [given]
        return tuple(span for each in listed[:50] if (span := self.span(name, each)))

    def member(self, name: str, given: Any, allowed: frozenset[str]) -> str | None:
        """Return a value of a closed list; None: it is none of them."""
        if isinstance(given, str) and given in allowed:
            return given
        self.dropped.append(name)
        return None


_STANCES, _MODALITIES, _KINDS = (frozenset(map(str, values)) for values in (Stance, Modality, Kind))


def _claim(given: Mapping[str, Any], shown: Shadow) -> Heard | None:
    content = _nearest(shown.text, given.get("content"), (0, 0))
    kind_of = given.get("type")
    if content is None or not isinstance(kind_of, str) or kind_of not in event_types():
        return None
    look = _Finder(shown, content)
    number = look.span("number", given.get("number"))
    value = given.get("value")
    if value is not None and (number is None or isinstance(value, bool) or not isinstance(value, int)):
        look.dropped.append("value")
        value = None
    if not isinstance(given.get("negated"), bool):
        look.dropped.append("negated")
    return Heard(
        content=shown.span(*content),
        type=kind_of,
        trigger=look.span("trigger", given.get("trigger")),
        chain=tuple(_links(look, given.get("chain"))),
        stance=look.member("stance", given.get("stance"), _STANCES),
        modality=look.member("modality", given.get("modality"), _MODALITIES),
        kind=look.member("kind", given.get("kind"), _KINDS),
        negated=given.get("negated") is True,
        actors=look.spans("actors", given.get("actors")),
        targets=look.spans("targets", given.get("targets")),
        time=look.span("time", given.get("time")),
        place=look.span("place", given.get("place")),
        number=number,
        value=value,
        dropped=tuple(look.dropped),
    )


def _links(look: _Finder, given: Any) -> Iterator[tuple[Span, Span | None]]:
    for each in given[:20] if isinstance(given, list) else ():
        if isinstance(each, dict) and (source := look.span("source", each.get("source"))):
            yield source, look.span("cue", each.get("cue"))


def _nearest(text: str, given: Any, content: Span) -> Span | None:
    """Return where a string stands: inside the content if it does, else nearest to it."""
    if not isinstance(given, str) or not given.strip() or len(given) > LONGEST:
        return None
    inside = text.find(given, *content) if content[1] else -1
    if inside >= 0:
        return inside, inside + len(given)
    after = text.find(given, content[1])
    before = text.rfind(given, 0, content[0])
    near = [(abs(at - content[0]), at) for at in (after, before) if at >= 0]
    if not near:
        return None
    at = min(near)[1]
    return at, at + len(given)
