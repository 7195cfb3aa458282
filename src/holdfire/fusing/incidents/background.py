"""What is known before any two claims are compared: how sources behave, which acts and actors go together.

None of it says that two claims are one, and none of it is evidence of who acted: it only keeps two claims
that could be one from being taken for two. It comes from the case and from the event taxonomy, as data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from holdfire.records.actor import CIVILIANS, Actor
from holdfire.records.source import Repeats, Source

GENERIC = (
    "attack.armed_clash",
    "attack.bombardment",
    "attack.unspecified",
    "attack.violence",
    "detention.unspecified",
    "control.unspecified",
)
"""Types that say little of the means, so that a finer type does not contradict them."""

_LIST = pa.list_(pa.string())
_TYPES = pa.schema(
    [("type", pa.string()), ("family", pa.string()), ("means", pa.string()), ("generic", pa.bool_())]
)
_PARTIES = pa.schema(
    [
        ("key", pa.string()),
        ("who", pa.string()),
        ("dyad", pa.string()),
        *((n, _LIST) for n in ("acts", "sides", "whom")),
    ]
)


@dataclass(frozen=True)
class Background:
    """What is known beforehand.

    Attributes:
        repeats: For each source, whether its own records may be about one thing; one not named here may be.
        means: For each event type the means it names, such as `heavy-weapons`; one that names none is absent.
        sides: For each actor those that are on its side: what it is part of, what it covers, whom it fought
            beside. One not named here stands alone.
    """

    repeats: Mapping[str, Repeats] = field(default_factory=dict)
    means: Mapping[str, str] = field(default_factory=dict)
    sides: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, sources: Iterable[Source], actors: Iterable[Actor] = (), means: Mapping[str, str] | None = None
    ) -> Background:
        """Return what a case and the event taxonomy say."""
        return cls({s.id: s.repeats for s in sources}, means or {}, _sides(actors))

    def types(self, found: Iterable[str]) -> pa.Table:
        """Return a table of event types: their family, their means, and whether they are generic."""
        return pa.Table.from_pylist(
            [
                {"type": t, "family": t.split(".")[0], "means": self.means.get(t), "generic": t in GENERIC}
                for t in found
            ],
            schema=_TYPES,
        )

    def parties(self, found: Iterable[Mapping[str, Any]]) -> pa.Table:
        """Return a table of who acts, on whose side they are and on whom, by `key`.

        Args:
            found: Rows of `key`, `actors`, `targets` and `directed`, as in CLAIM. Where two sides fought,
                both acted. Civilians act nowhere and are on no side, so they tell no two claims apart.
        """
        return pa.Table.from_pylist([self._parties(row) for row in found], schema=_PARTIES)

    def _parties(self, row: Mapping[str, Any]) -> dict[str, Any]:
        first = {a for a in row["actors"] or () if a != CIVILIANS}
        other = {a for a in row["targets"] or () if a != CIVILIANS}
        acts = first if row["directed"] else first | other
        return {
            "key": row["key"],
            "who": ",".join(sorted(acts)) or None,
            "dyad": ",".join(sorted(first | other)) if first and other else None,
            "acts": sorted(acts) or None,
            "sides": sorted(acts.union(*(self.sides.get(a, frozenset()) for a in acts))) or None,
            "whom": sorted(other) or None if row["directed"] else None,
        }


def _sides(actors: Iterable[Actor]) -> dict[str, frozenset[str]]:
    """Return for each actor the others on its side."""
    known = {actor.id: actor for actor in actors}
    sides: dict[str, set[str]] = {
        name: set(actor.beside) | set(actor.covers) for name, actor in known.items()
    }
    for name, actor in known.items():
        above, waiting = set[str](), list(actor.part_of)
        while waiting:
            each = waiting.pop()
            if each not in above:
                above.add(each)
                waiting += known[each].part_of if each in known else ()
        sides[name] |= above
        for each in actor.covers:
            sides.setdefault(each, set()).add(name)
    return {name: frozenset(found - {name}) for name, found in sorted(sides.items())}
