"""The event types a claim can have, with their meanings and what other schemes call them.

The types are a data file, `lexicons/types.yaml`; the words that tell of them are in `lexicons/events.yaml`.
What is said here is of the act itself: a plan, a denial or a demand of it is told by a claim's modality,
polarity and stance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from holdfire.documents import ours


@dataclass(frozen=True, slots=True, kw_only=True)
class EventType:
    """One type of event.

    Attributes:
        name: family.kind.
        definition: What it is, one sentence.
        plover: Event class of PLOVER (codebook of 2021) of the act where it happens; None: it has none.
        mode: PLOVER mode, where every act of the type has the same; None: it differs, or there is none.
        acled_event: ACLED event type; None: none fits.
        acled: ACLED sub-event type; None: none fits, or the type spans several.
        ucdp: Types of violence of UCDP GED that a deadly act of the type may be: 1 state-based, 2 non-state,
            3 one-sided. Who fights whom decides; empty: it is no event there.
    """

    name: str
    definition: str
    plover: str | None = None
    mode: str | None = None
    acled_event: str | None = None
    acled: str | None = None
    ucdp: tuple[int, ...] = ()

    @property
    def family(self) -> str:
        """Return what stands before the point."""
        return self.name.partition(".")[0]


@lru_cache(maxsize=1)
def event_types() -> Mapping[str, EventType]:
    """Return every event type by its name, in the order of the file.

    >>> event_types()["aid.delivered"].plover
    'AID'
    """
    return MappingProxyType({name: _event_type(name, entry) for name, entry in _page()["types"].items()})


@lru_cache(maxsize=1)
def families() -> Mapping[str, str]:
    """Return what each family of types is about."""
    return MappingProxyType(dict(_page()["families"]))


@lru_cache(maxsize=1)
def _page() -> Mapping[str, Any]:
    text = files("holdfire.reading").joinpath("lexicons", "types.yaml").read_text(encoding="utf-8")
    return ours(text, "lexicons/types.yaml")


def _event_type(name: str, entry: Mapping[str, Any]) -> EventType:
    event, sub = entry.get("acled") or (None, None)
    return EventType(
        name=name, definition=entry["means"], plover=entry.get("plover"), mode=entry.get("mode"),
        acled_event=event, acled=sub, ucdp=tuple(entry.get("ucdp") or ()),
    )  # fmt: skip


def described() -> str:
    """Return the types as tables in Markdown, one a family: the page of the manual, below its head."""
    lines: list[str] = []
    for family, about in families().items():
        lines += [f"## {family}", "", about, "", *_HEAD]
        lines += [_line(each) for each in event_types().values() if each.family == family]
        lines.append("")
    return "\n".join(lines)


_HEAD = ("| type | means | PLOVER | ACLED | UCDP |", "| --- | --- | --- | --- | --- |")


def _line(each: EventType) -> str:
    plover = " · ".join(word for word in (each.plover, each.mode) if word)
    acled = " · ".join(word for word in (each.acled_event, each.acled) if word)
    violence = " ".join(map(str, each.ucdp))
    cells = (f"`{each.name}`", each.definition, plover or "–", acled or "–", violence or "–")
    return f"| {' | '.join(cells)} |"
