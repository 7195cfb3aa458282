"""Two readings of one text side by side: which claims both have, and in which fields they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from holdfire.reading.second.hearing import Heard, Span

WEIGHTY = ("type", "stance", "modality", "negated")
"""Fields in which two readings of one claim must be the same to agree."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Two readings of one text.

    Attributes:
        agreed: Ids of claims that both have, alike in every field that both give.
        differing: Id of a claim that both have, with the fields they differ in and what the second says.
        alone: Ids of claims that only the first reader has.
        unread: What only the second reader has.
    """

    agreed: tuple[str, ...]
    differing: tuple[tuple[str, tuple[str, ...], Heard], ...]
    alone: tuple[str, ...]
    unread: tuple[Heard, ...]


def compared(claims: Sequence[Mapping[str, Any]], heard: Sequence[Heard]) -> Compared:
    """Return two readings of one text side by side; each claim is paired at most once.

    Args:
        claims: Rows of CLAIM of one text.
        heard: What the second reader says of it, with spans of the same text.
    """
    scores = sorted(
        (-score, m, n)
        for m, row in enumerate(claims)
        for n, h in enumerate(heard)
        if (score := _alike(row, h))
    )
    first: dict[int, int] = {}
    for _, m, n in scores:
        if m not in first and n not in first.values():
            first[m] = n
    agreed, differing, alone = [], [], []
    for m, row in enumerate(claims):
        if m not in first:
            alone.append(row["claim_id"])
            continue
        fields = differences(row, heard[first[m]])
        if fields:
            differing.append((row["claim_id"], fields, heard[first[m]]))
        else:
            agreed.append(row["claim_id"])
    unread = tuple(h for n, h in enumerate(heard) if n not in first.values())
    return Compared(tuple(agreed), tuple(differing), tuple(alone), unread)


def _alike(row: Mapping[str, Any], h: Heard) -> int:
    """Return how surely two claims are one: nothing where their words, or families of type, are apart."""
    if row["event_type"].split(".")[0] != h.type.split(".")[0]:
        return 0
    trigger = _meet([row["reading"]["trigger"]], [h.trigger] if h.trigger else [])
    content = _meet(row["spans"], [h.content])
    if not (trigger or (content and h.trigger is None)):
        return 0
    return 4 * trigger + 2 * int(row["event_type"] == h.type) + content


def differences(row: Mapping[str, Any], h: Heard) -> tuple[str, ...]:
    """Return the fields in which two readings of a claim differ; what one leaves open is no difference."""
    read = row["reading"]
    found = [
        name
        for name, ours, theirs in (
            ("type", row["event_type"], h.type),
            ("stance", row["stance"], h.stance),
            ("modality", row["modality"], h.modality),
            ("negated", row["negated"], h.negated),
        )
        if theirs is not None and ours != theirs
    ]
    places = [each["span"] for each in read["places"] or []]
    for name, ours, theirs in (
        ("actors", read["actors"], h.actors),
        ("targets", read["targets"], h.targets),
        ("time", [read["time"]], [h.time]),
        ("place", places, [h.place]),
        ("number", [read["number"]], [h.number]),
    ):
        mine, other = [s for s in ours or [] if s], [s for s in theirs if s]
        if mine and other and not _meet(mine, other):
            found.append(name)
    if h.value is not None and read["number"] and h.number and _meet([read["number"]], [h.number]):
        bounds = {row["quantity"], row["killed_best"], read["low"], read["high"]} - {None}
        if h.value not in bounds:
            found.append("value")
    return tuple(found)


def _meet(some: Sequence[Sequence[int] | Span], others: Sequence[Sequence[int] | Span]) -> bool:
    return any(a[0] < b[1] and b[0] < a[1] for a in some for b in others)
