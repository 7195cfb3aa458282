"""Claims as read, with what people said of them put in: the reading stays as it is kept, and is never edited.

A correction finds its claim by id, else by its report and the words of its trigger, so that it survives a
better reader. One that finds none is told, not dropped: someone looked, and the reader no longer reads that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from holdfire import times
from holdfire.digests import short
from holdfire.errors import BadInput, HoldfireError, Problem, nearest
from holdfire.places import RADIUS, GeoPrecision
from holdfire.reading.types import event_types
from holdfire.records.casefile import Gazetteer, radius
from holdfire.records.claim import CLAIM, Kind, Modality, Stance
from holdfire.records.correction import Act, Correction
from holdfire.tables import rows, stack

Row = dict[str, Any]
NONE = "none"
"""What a person writes for a field that the text does not give."""

BY_HAND = "by-hand"
"""The rule of a field that a person set."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """Claims with the judgements of people put in.

    Attributes:
        claims: CLAIM rows.
        lost: Corrections that fit no claim any more.
    """

    claims: pa.Table
    lost: tuple[Correction, ...]


def correct(
    claims: pa.Table,
    judged: Sequence[Correction],
    sources: Mapping[str, str],
    zone: ZoneInfo,
    gazetteer: Gazetteer,
) -> Corrected:
    """Return the claims with corrections put in.

    Args:
        claims: CLAIM rows.
        judged: Corrections that stand, in order.
        sources: Source id of each report, for claims that people add.
        zone: Time zone of the case: dates are days there.
        gazetteer: Places of the case.

    Raises:
        HoldfireError: Values that cannot be put in, all of them.
    """
    if not judged:
        return Corrected(claims, ())
    touched = {each.report for each in judged}
    of = claims["report"].to_pylist()
    apart = pa.array([report in touched for report in of], pa.bool_())
    rest = claims.filter(pc.invert(apart))
    edit = _Edit(list(rows(claims.filter(apart))), sources, zone, gazetteer)
    for each in judged:
        edit.put(each)
    if edit.problems:
        raise HoldfireError.of(edit.problems)
    return Corrected(stack(CLAIM, [rest, CLAIM.table(edit.rows)]), tuple(edit.lost))


class _Edit:
    """The claims of some reports while corrections are put in."""

    def __init__(
        self, listed: list[Row], sources: Mapping[str, str], zone: ZoneInfo, gazetteer: Gazetteer
    ) -> None:
        self.rows = listed
        self.sources = sources
        self.zone = zone
        self.gazetteer = gazetteer
        self.lost: list[Correction] = []
        self.problems: list[Problem] = []

    def put(self, each: Correction) -> None:
        """Put in one correction."""
        if each.act is Act.IGNORE:
            return
        if each.act is Act.ADD:
            self._add(each)
            return
        row = self._find(each)
        if row is None:
            self.lost.append(each)
        elif each.act is Act.REJECT:
            self.rows.remove(row)
        elif each.act is Act.SET:
            try:
                row |= self._value(each)
            except BadInput as error:
                self.problems += error.problems
            if BY_HAND not in row["rules"]:
                row["rules"] = [*row["rules"], BY_HAND]

    def _find(self, each: Correction) -> Row | None:
        for row in self.rows:
            if row["claim_id"] == each.claim:
                return row
        family = each.type.split(".")[0]
        there = [row for row in self.rows if row["report"] == each.report and _meets(row, each.trigger)]
        alike = [row for row in there if row["event_type"].split(".")[0] == family]
        return alike[0] if len(alike) == 1 else None

    def _add(self, each: Correction) -> None:
        source = self.sources.get(each.report)
        if source is None or each.type not in event_types():
            self.lost.append(each)
            return
        seq = max((row["seq"] for row in self.rows if row["report"] == each.report), default=0) + 1
        link: Row = {"source": source, "text": source, "span": None, "cues": [], "implicit": False}
        self.rows.append(
            {
                "claim_id": short("c", each.report, f"{each.trigger}:{each.type}:{BY_HAND}"),
                "report": each.report, "seq": seq, "source": source, "root": f"source:{source}",
                "chain": [link], "voice": source, "kind": Kind.NARRATED, "stance": Stance.ASSERTS,
                "modality": Modality.ACTUAL, "negated": False, "event_type": each.type, "directed": False,
                "time_precision": "unknown", "geo_precision": "unknown", "cumulative": False,
                "spans": [list(each.trigger)], "rules": [BY_HAND],
                "reading": {"trigger": list(each.trigger), "actors": [], "targets": [], "places": []},
            }
        )  # fmt: skip

    def _value(self, each: Correction) -> Row:
        """Return the columns that a field's new value fills.

        Raises:
            BadInput: The field or its value is not known.
        """
        made = _PLAIN.get(each.field)
        if made is not None:
            return made(each.after)
        if each.field == "time":
            return _time(each.after, self.zone)
        if each.field == "place":
            return _place(each.after, self.gazetteer)
        raise BadInput(f'a claim has no field "{each.field}" to set', "hand/claims.jsonl")


def _meets(row: Row, trigger: tuple[int, int]) -> bool:
    spans = [row["reading"]["trigger"]] if row["reading"] and row["reading"]["trigger"] else row["spans"]
    return any(a < trigger[1] and trigger[0] < b for a, b in spans or ())


def _member(column: str, values: Callable[[], Iterable[str]]) -> Callable[[str], Row]:
    def read(value: str) -> Row:
        allowed = list(values())
        if value not in allowed:
            hint = nearest(value, allowed) or ", ".join(sorted(allowed))
            raise BadInput(f"{column.replace('_', ' ')} has no such value", "hand/claims.jsonl", hint)
        return {column: value}

    return read


def _ids(column: str) -> Callable[[str], Row]:
    def read(value: str) -> Row:
        found = [] if value == NONE else value.split()
        return {column: sorted(found) or None, **({"directed": True} if column == "actors" and found else {})}

    return read


def _negated(value: str) -> Row:
    if value not in ("true", "false"):
        raise BadInput("negated is true or false", "hand/claims.jsonl")
    return {"negated": value == "true"}


def _range(text: str) -> tuple[int | None, int | None]:
    """Return the bounds of "12", "8-12", "8+" or "none"."""
    if text == NONE:
        return None, None
    low, mark, high = text.rstrip("+").partition("-")
    try:
        least = int(low)
        most = int(high) if mark else None if text.endswith("+") else least
    except ValueError:
        raise BadInput("a number is written 12, 8-12, 8+ or none", "hand/claims.jsonl") from None
    return least, most


def _killed(value: str) -> Row:
    low, high = _range(value)
    best = low if low == high else None
    return {"killed_low": low, "killed_best": best, "killed_high": high}


def _quantity(value: str) -> Row:
    low, high = _range(value)
    return {"quantity": low, "quantity_bound": None if low is None else "exact" if low == high else "lower"}


_PLAIN: dict[str, Callable[[str], Row]] = {
    "event_type": _member("event_type", event_types),
    "stance": _member("stance", lambda: map(str, Stance)),
    "modality": _member("modality", lambda: map(str, Modality)),
    "kind": _member("kind", lambda: map(str, Kind)),
    "negated": _negated,
    "actors": _ids("actors"),
    "targets": _ids("targets"),
    "killed": _killed,
    "quantity": _quantity,
}


def _time(value: str, zone: ZoneInfo) -> Row:
    if value == NONE:
        return {"start": None, "end": None, "time_precision": "unknown"}
    interval, precision = times.parse(value, zone)
    return {"start": interval.start, "end": interval.end, "time_precision": str(precision)}


def _place(value: str, gazetteer: Gazetteer) -> Row:
    nowhere: Row = dict.fromkeys(("place", "admin1", "lat", "lon", "radius"))
    if value == NONE:
        return {**nowhere, "geo_precision": "unknown"}
    note = gazetteer.places.get(value) or gazetteer.find(value)
    if note is None:
        raise BadInput("the gazetteer of the case has no such place", "hand/claims.jsonl", "give its id")
    precision = GeoPrecision(note.level)
    return {
        "place": next(iter(note.name.values())), "admin1": gazetteer.area(next(iter(note.name.values()))),
        "lat": note.lat, "lon": note.lon, "radius": radius(note) or RADIUS.get(precision),
        "geo_precision": str(precision),
    }  # fmt: skip


def lost_lines(lost: Sequence[Correction]) -> Iterator[str]:
    """Yield a line for each correction that fits no claim any more."""
    for each in lost:
        a, b = each.trigger
        yield f"{each.act} of {each.type} at {a}-{b} of report {each.report[:8]} fits no claim any more"
