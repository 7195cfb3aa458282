"""One claim, as JSON for a machine and as a few lines for a person.

docs/look-up/claims.md documents each field; a test holds them together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from holdfire import times
from holdfire.reading.prose.acts.plover import class_of_claim
from holdfire.reading.prose.sayings.measuring import measured
from holdfire.reading.types import event_types
from holdfire.records.claim import CORE, READING, Stance
from holdfire.records.report import Report

_UNREAD: dict[str, Any] = {field.name: None for field in READING}


@dataclass(frozen=True)
class Said:
    """One claim, for a person or a machine.

    Attributes:
        row: The claim, a row of CLAIM.
        published: When its report was published: `start`, `end` and `precision`; None: not said.
        second: What a second reader makes of it; None: it was not asked, or gave no answer.
    """

    row: dict[str, Any]
    published: dict[str, Any] | None = None
    second: dict[str, Any] | None = None

    @property
    def json(self) -> dict[str, Any]:
        """Return the claim as JSON holds it; docs/look-up/claims.md documents each field."""
        row, read = self.row, self.row["reading"] or _UNREAD
        return {
            "id": row["claim_id"],
            "report": row["report"],
            "row": row["row"],
            "content_spans": row["spans"],
            "quoted": read["quoted"],
            "chain": [
                {
                    "entity": link["source"],
                    "text": link["text"],
                    "source_span": link["span"],
                    "cue_spans": link["cues"],
                    "implicit": link["implicit"],
                }
                for link in row["chain"]
            ],
            "voice": row["voice"],
            "root": row["root"],
            "kind": row["kind"],
            "stance": row["stance"],
            "stance_core": CORE[Stance(row["stance"])],
            "modality": row["modality"],
            "polarity": "negative" if row["negated"] else "positive",
            "event": {
                "type": row["event_type"],
                "plover": _plover(row),
                "trigger": read["trigger_text"],
                "trigger_span": read["trigger"],
                "roles": {"actors": _role(row, read, "actors"), "targets": _role(row, read, "targets")},
                "directed": row["directed"],
            },
            "time": {
                **_span_of_time(row["start"], row["end"], row["time_precision"]),
                "anchor": read["anchor"],
                "words": row["time_native"],
                "span": read["time"],
            },
            "stance_time": _saying(read),
            "report_time": self.published,
            "places": [_place(place) for place in read["places"] or _located(row)],
            "quantity": _quantity(row, read),
            "harmed": list(read["harmed"] or ()),
            "killed": {k: row[f"killed_{k}"] for k in ("low", "best", "high")},
            "civilians": {k: row[f"civilians_{k}"] for k in ("low", "high")},
            "injured": {k: row[f"injured_{k}"] for k in ("low", "high")},
            "rules": [_rule(name) for name in row["rules"] or ()],
            "second_reader": self.second,
        }

    def __str__(self) -> str:
        """Return a few lines a person reads."""
        row = self.row
        chain = " → ".join(link["text"] or link["source"] or "?" for link in row["chain"]) or row["source"]
        act = " ".join(
            part
            for part in (
                "not" if row["negated"] else "",
                row["event_type"] or "no event",
                f"by {row['actors_text'] or ', '.join(row['actors'] or ())}" if row["actors"] else "",
                f"on {row['targets_text'] or ', '.join(row['targets'] or ())}" if row["targets"] else "",
            )
            if part
        )
        when = f"{_utc(row['start']) or '…'} to {_utc(row['end']) or '…'} ({row['time_precision']})"
        where = f"{row['place'] or 'no place'} ({row['geo_precision']})"
        at = f"row {row['row']}" if row["row"] else f"words {row['spans']}"
        number = ""
        if row["quantity"] is not None:
            number = f"\n  {row['quantity_bound']} {row['quantity']} {row['counting_rule'] or ''}"
        if row["killed_low"] is not None or row["killed_high"] is not None:
            number += f"\n  killed: at least {row['killed_low'] or 0}"
            number += f", at most {row['killed_high']}" if row["killed_high"] is not None else ""
        return (
            f"{row['claim_id']}  {row['stance']} / {row['modality']} / {row['kind']}\n"
            f"  {chain}\n  {act}\n  {when}; {where}{number}\n  {at}"
        )


def published(report: Report, zone: ZoneInfo) -> dict[str, Any] | None:
    """Return when a report was published, as JSON holds it; None: it is not said."""
    if not report.published:
        return None
    interval, precision = times.parse(report.published, zone)
    return _span_of_time(interval.start, interval.end, precision)


def _span_of_time(start: datetime | None, end: datetime | None, precision: str) -> dict[str, Any]:
    return {"start": _utc(start), "end": _utc(end), "precision": str(precision)}


def _rule(name: str) -> dict[str, Any]:
    """Return a rule with how often it was right where it was measured."""
    right, of = measured(name) or (None, None)
    precision = round(right / of, 3) if right is not None and of else None
    return {"name": name, "right": right, "of": of, "precision": precision}


def _plover(row: dict[str, Any]) -> str | None:
    known = event_types().get(row["event_type"])
    told = row["stance"], row["modality"]
    return class_of_claim(known.plover if known else None, *told, negated=row["negated"])


def _role(row: dict[str, Any], read: dict[str, Any], name: str) -> dict[str, Any] | None:
    if not (row[name] or row[f"{name}_text"]):
        return None
    return {"entities": row[name] or [], "text": row[f"{name}_text"], "spans": read[name] or []}


def _saying(read: dict[str, Any]) -> dict[str, Any] | None:
    if read["said"] is None:
        return None
    made = _span_of_time(read["said_start"], read["said_end"], read["said_precision"] or "unknown")
    return {**made, "span": read["said"]}


def _located(row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the place of a row of a dataset, in the form of a place of prose."""
    if not row["place"] and row["lat"] is None:
        return []
    plain = {name: row[name] for name in ("admin1", "lat", "lon", "radius")}
    return [{"name": row["place"], "span": None, "id": None, **plain, "precision": row["geo_precision"]}]


def _place(place: dict[str, Any]) -> dict[str, Any]:
    """Return a place with its id under the name of who gave it: GeoNames ids are numbers, pcodes are not."""
    made = {name: place[name] for name in ("name", "span", "admin1", "lat", "lon", "precision")}
    named = str(place["id"] or "")
    return {
        **made,
        "radius_m": place["radius"],
        "geonameid": int(named) if named.isdecimal() else None,
        "pcode": named if named and not named.isdecimal() else None,
    }


def _quantity(row: dict[str, Any], read: dict[str, Any]) -> dict[str, Any] | None:
    """Return the number a claim is of: its own unit's, else the dead, else the injured."""
    if row["quantity"] is not None:
        value, low, high, measure = row["quantity"], read["low"], read["high"], read["measure"]
        bound = row["quantity_bound"]
    else:
        counted = next((k for k in ("killed", "injured") if _given(row, k)), None)
        if counted is None:
            return None
        low, high, measure = row[f"{counted}_low"], row[f"{counted}_high"], counted
        best = row["killed_best"] if counted == "killed" else None
        value = next((n for n in (best, low, high) if n is not None), None)
        bound = _bound(low, high)
    as_of = (read["as_of_start"], read["as_of_end"])
    return {
        "value": value,
        "low": low,
        "high": high,
        "bound": bound,
        "unit": read["unit"],
        "measure": measure,
        "counting_rule": row["counting_rule"],
        "cumulative": row["cumulative"],
        "as_of": _span_of_time(*as_of, "range") if any(as_of) else None,
        "span": read["number"],
    }


def _given(row: dict[str, Any], counted: str) -> bool:
    return any(row.get(f"{counted}_{end}") is not None for end in ("low", "best", "high"))


def _bound(low: int | None, high: int | None) -> str:
    if low is not None and high is not None:
        return "exact" if low == high else "vague"
    return "lower" if low is not None else "upper" if high is not None else "vague"


def _utc(when: datetime | None) -> str | None:
    return times.utc(when) if when else None
