"""Datasets and lists of the dead of a made-up country as CSV files, each with its note and its mapping.

Datasets differ in the names of their columns, their words for types and their separators, as real ones do. A
dataset comes out month by month.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from holdfire.records.counting import INCIDENT
from holdfire.worlds.lists_plan import ListPlan
from holdfire.worlds.preset import KINDS, SourceNote

Record = Mapping[str, Any]

FIELDS = (
    *(
        "id",
        "start",
        "end",
        "time_precision",
        "event_type",
        "actors",
        "targets",
        "directed",
        "place",
        "admin1",
    ),
    *("lat", "lon", "geo_precision", "killed_low", "killed_best", "killed_high", "civilians", "injured"),
    *("quantity", "cumulative", "negated", "office"),
)
"""What a row says, in order."""

HEADERS = (
    (
        *(
            "event_id",
            "date",
            "date_end",
            "date_precision",
            "type",
            "actor",
            "against",
            "who_acted",
            "location",
        ),
        *(
            "governorate",
            "latitude",
            "longitude",
            "where_precision",
            "deaths_low",
            "deaths_best",
            "deaths_high",
        ),
        *("civilian_deaths", "wounded", "attacks", "running_total", "denied", "according_to"),
    ),
    (
        *("ref", "debut", "fin", "precision_date", "nature", "auteur", "cible", "sens", "lieu", "region"),
        *("lat", "lon", "precision_lieu", "morts_min", "morts", "morts_max", "civils", "blesses", "attaques"),
        *("cumul", "dementi", "selon"),
    ),
    (
        *("الرقم", "من", "إلى", "دقة_التاريخ", "النوع", "الفاعل", "المستهدف", "اتجاه", "المكان", "المحافظة"),
        *("خط_العرض", "خط_الطول", "دقة_المكان", "القتلى_الأدنى", "القتلى", "القتلى_الأعلى", "مدنيون"),
        *("جرحى", "هجمات", "تراكمي", "نفي", "المصدر"),
    ),
)
_TYPES = ("attack.airstrike", "attack.bombardment", "attack.shelling", "attack.armed_clash", "attack.ambush",
          "attack.bombing", "attack.violence")  # fmt: skip
_WORDS = (
    ("Air strike", "Bombardment", "Shelling", "Armed clash", "Ambush", "Explosive device", "Attack"),
    ("Frappe aérienne", "Bombardement", "Tir", "Combat", "Embuscade", "Engin explosif", "Attaque"),
    ("غارة جوية", "قصف", "قصف مدفعي", "اشتباك", "كمين", "عبوة ناسفة", "هجوم"),
)
_SEPARATORS = (",", ";", ",")


def table(note: SourceNote, place: int, records: Sequence[dict[str, Any]], zone: ZoneInfo) -> str:
    """Return records of a dataset as the text of a CSV file.

    Args:
        note: The source.
        place: Which of the sources it is; it decides the layout.
        records: Rows of its records, actors and targets as names.
        zone: Of the world.
    """
    layout = place % len(HEADERS)
    words = _vocabulary(layout)
    held = (each | {"office": each["cited"] if each["root"] != note.id else None} for each in records)
    rows = ([_cell(field, record, words, zone) for field in FIELDS] for record in held)
    return _text(HEADERS[layout], rows, _SEPARATORS[layout])


def table_mapping(place: int) -> dict[str, Any]:
    """Return the mapping of a dataset's table."""
    layout = place % len(HEADERS)
    header = dict(zip(FIELDS, HEADERS[layout], strict=True))
    claims: dict[str, Any] = {
        "event_type": {
            "column": header["event_type"],
            "values": {w: k for k, w in _vocabulary(layout).items()},
        }
    }
    for field in ("actors", "targets"):
        claims[field] = {"column": header[field], "split": ";"}
    plain = [field for field in FIELDS if field not in ("id", "event_type", "actors", "targets")]
    claims |= {field: header[field] for field in plain}
    claims["counting_rule"] = {"value": INCIDENT}
    return {"about": "Simulated.", "separator": _SEPARATORS[layout], "claims": claims}


def _vocabulary(layout: int) -> dict[str, str]:
    """Return a layout's word for each type; types without one keep their name."""
    return {kind: kind for kind in KINDS} | dict(zip(_TYPES, _WORDS[layout], strict=True))


def _cell(field: str, record: Record, words: Mapping[str, str], zone: ZoneInfo) -> str:
    """Return one cell; empty: the source says nothing."""
    if field in ("start", "end"):
        return _date(field, record, zone)
    if field in ("directed", "cumulative", "negated"):
        return "true" if record[field] else "false"
    value = {
        "id": record["claim_id"],
        "event_type": words[record["event_type"]],
        "civilians": record["civilians_low"],
        "injured": record["injured_low"],
        "time_precision": _fineness(record, zone),
    }
    return _plain(value[field] if field in value else record[field])


def _fineness(record: Record, zone: ZoneInfo) -> str:
    """Return how fine the dates are; where an end is written it says so itself, and is not widened again."""
    fine = str(record["time_precision"])
    return "range" if fine != "hour" and _date("end", record, zone) else fine


def _plain(value: Any) -> str:
    return "" if value is None else str(value)


def _date(field: str, record: Record, zone: ZoneInfo) -> str:
    """Return the first moment of a record, or the last where one day does not say it."""
    start: datetime = record["start"].astimezone(zone)
    end: datetime = record["end"].astimezone(zone)
    if record["time_precision"] == "hour":
        return (start if field == "start" else end).strftime("%Y-%m-%dT%H:%M")
    if field == "start":
        return start.date().isoformat()
    last = datetime.fromtimestamp(max(start.timestamp(), end.timestamp() - 1), zone).date()
    return "" if last == start.date() else last.isoformat()


def _text(header: Sequence[str], rows: Iterable[Sequence[str]], separator: str) -> str:
    held = io.StringIO()
    writer = csv.writer(held, delimiter=separator, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return held.getvalue()


_LIST = {
    "name": "name_ar",
    "name_other": "name_en",
    **{part: part for part in ("given", "father", "grandfather", "family", "sex", "age", "status", "place")},
    "born": "birth_date",
    "died": "died_first",
    "died_until": "died_last",
    "admin1": "governorate",
}
"""Field of a death, and the column of lists_entries.ENTRY that gives it."""


def list_table(plan: ListPlan, entries: Iterator[Record]) -> str:
    """Return a list of the dead as the text of a CSV file."""
    columns = [*_columns(plan).values()]
    rows = ([_plain(entry[column]) for column in columns] for entry in entries)
    return _text(columns, rows, ",")


def list_mapping(plan: ListPlan, scope: str) -> dict[str, Any]:
    """Return the mapping of a list of the dead."""
    who = "civilians killed by violence" if plan.civilians_only else "people killed by violence"
    deaths: dict[str, Any] = dict(_columns(plan))
    if plan.script == "en":
        deaths["name"] = deaths.pop("name_other")
    return {
        "about": "Simulated: these people never lived.",
        "separator": ",",
        "scope": {"who": who, "where": scope, "cite": "Simulated."},
        "deaths": deaths,
    }


def _columns(plan: ListPlan) -> dict[str, str]:
    """Return what a list says, by field; it has no column for what it never says."""
    absent = {"ar": {"name_other"}, "en": {"name"}, "both": set[str]()}[plan.script]
    absent = absent | ({"given", "father", "grandfather", "family"} if not plan.parts else set())
    absent |= {"age"} if plan.ages in ("birth", "none") else set()
    absent |= {"born"} if plan.ages in ("age", "none") else set()
    absent |= {"status"} if plan.mistakes.no_status >= 1 else set()
    return {field: column for field, column in _LIST.items() if field not in absent}
