"""What people said of links, found again among the records of today: what must be one, and what cannot be.

A judgement names its two sides by where they stand. A row is found by its number. A claim of a text is found
by the words that tell of the event, so that it holds when a better reader gives the claim another id or
another type: the claim of those very words and that type, else of those words, else the one claim of its
family whose words meet them. A judgement whose side is not found any more is told, never dropped silently,
and joins nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from holdfire.records.link import (
    CERTAIN,
    SAME_AS,
    Judgement,
    Linked,
    Said,
    Settled,
    Side,
    latest,
    row_side,
    settle,
    words_of,
    words_side,
)
from holdfire.tables import rows

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Judged:
    """Judgements of one kind of record, as they stand today.

    Attributes:
        settled: What they come to, by ids of today.
        lost: Judgements of which a side is not found any more: what each person said last of a pair, unless
            that they are unsure, which decides nothing.
    """

    settled: Settled
    lost: tuple[Judgement, ...] = ()


def judged_claims(listed: Sequence[Judgement], claims: pa.Table) -> Judged:
    """Return what judgements of claims come to.

    Args:
        listed: Judgements in order; those of other kinds of record are passed over.
        claims: CLAIM rows of today.
    """
    mine = [each for each in listed if each.kind is Linked.INCIDENT]
    if not mine:
        return Judged(Settled({}))
    reports = {side[:64] for each in mine for side in (each.one, each.other)}
    wanted = claims.filter(pc.is_in(claims["report"], value_set=pa.array(sorted(reports))))
    return _judged(mine, Names.of(wanted).find)


def judged_entries(listed: Sequence[Judgement], ids: Mapping[Side, str]) -> Judged:
    """Return what judgements of entries of lists come to.

    Args:
        listed: Judgements in order; those of other kinds of record are passed over.
        ids: Id of each entry by its list and row.
    """
    return _judged([each for each in listed if each.kind is Linked.PERSON], ids.get)


def _judged(listed: list[Judgement], find: Callable[[Side], str | None]) -> Judged:
    standing = [each for each in latest(listed).values() if each.said is not Said.UNSURE]
    lost = tuple(each for each in standing if find(each.one) is None or find(each.other) is None)
    return Judged(settle(listed, find), lost)


class Names:
    """The claims of some reports by where they stand."""

    def __init__(self, claims: Iterable[Row]) -> None:
        self._rows: dict[Side, str] = {}
        self._texts: dict[str, list[Row]] = {}
        for claim in sorted(claims, key=lambda each: (each["report"], each["seq"], each["claim_id"])):
            if claim["row"] is not None:
                self._rows[row_side(claim["report"], claim["seq"])] = claim["claim_id"]
            else:
                self._texts.setdefault(claim["report"], []).append(claim)

    @classmethod
    def of(cls, claims: pa.Table) -> Names:
        """Return the names of CLAIM rows; all claims of a report are given, or none."""
        return cls(
            rows(claims.select(["claim_id", "report", "seq", "row", "event_type", "spans", "reading"]))
        )

    def sides(self) -> dict[str, Side]:
        """Return the name of each claim by its id."""
        named = {claim: side for side, claim in self._rows.items()}
        for report, listed in self._texts.items():
            seen: Counter[tuple[tuple[int, int], str]] = Counter()
            for claim in listed:
                stands = _stands(claim)
                seen[stands] += 1
                named[claim["claim_id"]] = words_side(report, *stands, seen[stands])
        return named

    def find(self, side: Side) -> str | None:
        """Return the id of the claim that stands there; None: there is none, or it is not clear which."""
        words = words_of(side)
        if words is None:
            return self._rows.get(side)
        there = self._texts.get(words.report, [])
        typed = [each for each in there if _stands(each) == (words.trigger, words.event_type)]
        if len(typed) >= words.nth:
            return str(typed[words.nth - 1]["claim_id"])
        family = words.event_type.split(".")[0]
        exact = [each for each in there if _stands(each)[0] == words.trigger]
        meeting = [
            each
            for each in there
            if _meets(_stands(each)[0], words.trigger) and _stands(each)[1].split(".")[0] == family
        ]
        found = exact or meeting
        return str(found[0]["claim_id"]) if len(found) == 1 else None


def _stands(claim: Row) -> tuple[tuple[int, int], str]:
    """Return where the words stand that tell of the event, (0, 0) if there are none, and its type."""
    a, b = (claim["reading"] or {}).get("trigger") or next(iter(claim["spans"] or ()), (0, 0))
    return (int(a), int(b)), claim["event_type"] or ""


def _meets(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def links(settled: Settled) -> pa.Table:
    """Return the SAME_AS rows of what people decided: certain, or certainly not."""
    return SAME_AS.table(
        {
            "one": one,
            "other": other,
            "confidence": CERTAIN if each.said is Said.SAME else 0,
            "by": each.by,
            "at": each.at,
        }
        for (one, other), each in sorted(settled.decided.items())
    )
