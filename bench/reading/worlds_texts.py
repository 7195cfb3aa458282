"""Articles of made-up countries: does the reader find what they tell, and what does it find besides.

The texts are written by holdfire.worlds from frames that follow newspapers and not the reader's rules, in
English and Arabic, with datelines, voices, background of other years, quotes and denials. A sentence that
tells of an event is found if a claim of an occurrence (attack, detention, control, aid) that is actual
overlaps it; right type, place and number of dead are of those found, and a place is right if it is named.
What is found besides is a claim of an actual, affirmed occurrence that overlaps no telling sentence: most of
them are background, and would be counted as events, some of other years.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from bench.figures import Figure, share
from holdfire import worlds
from holdfire.case import Case
from holdfire.records.claim import OCCURRENCES, ONE_OFF
from holdfire.tables import rows

Row = dict[str, Any]
RECORDS, SEED = 400, 11


def measure(shared: Path) -> Iterator[Figure]:
    """Yield figures of the articles of every preset that has any; the shared folder is not needed."""
    told: dict[str, list[Row]] = defaultdict(list)
    besides: dict[str, list[int]] = defaultdict(list)
    for name in worlds.presets():
        with tempfile.TemporaryDirectory() as folder:
            world = Path(folder) / "world"
            worlds.make(name, SEED, RECORDS, world)
            worlds.beside(world)
            for language, marked, extra in _read(world):
                told[language] += marked
                besides[language].append(extra)
    for language in sorted(told):
        yield from _figures(language, told[language], besides[language])


def _figures(language: str, told: Sequence[Row], besides: Sequence[int]) -> Iterator[Figure]:
    affirmed = [row for row in told if row["act"] == "told" and not row["part"]]
    found = [row for row in affirmed if row["claims"]]
    denied = [row for row in told if row["act"] == "denied"]
    yield share(f"{language}: told events found", [bool(row["claims"]) for row in affirmed])
    yield share(f"{language}: of them right type", [row["type_right"] for row in found])
    yield share(f"{language}: of them right place", [row["place_right"] for row in found])
    deadly = [row for row in found if row["killed"]]
    yield share(f"{language}: of deadly ones right number", [row["killed_right"] for row in deadly])
    yield share(f"{language}: denials not read as events", [not row["affirmed"] for row in denied])
    yield Figure(f"{language}: found besides, an article", sum(besides) / len(besides), count=len(besides))


def _read(world: Path) -> Iterator[tuple[str, list[Row], int]]:
    """Yield each article's language, what it tells with what was found of it, and what was found besides."""
    by_file: dict[str, list[Row]] = defaultdict(list)
    for row in pq.read_table(world / "truth" / "case_told.parquet").to_pylist():
        if row["span_start"] is not None:
            by_file[Path(row["file"]).name].append(row)
    records = _records(world)
    for held, table in Case.open(world / "case").claims():
        name = Path(held.file).name
        if name not in by_file:
            continue
        claims = [row for row in rows(table) if _occurrence(row)]
        marked = [_marked(row, claims, records[row["claim_id"]]) for row in by_file[name]]
        language = held.report.language or "en"
        extra = [c for c in claims if _affirmed(c) and not any(_overlaps(c, row) for row in by_file[name])]
        yield language, marked, len(extra)


def _records(world: Path) -> dict[str, Row]:
    parts = sorted((world / "records").rglob("part-*.parquet"))
    return {row["claim_id"]: row for part in parts for row in pq.read_table(part).to_pylist()}


def _occurrence(claim: Row) -> bool:
    kind = claim["event_type"] or ""
    return (kind.split(".")[0] in OCCURRENCES or kind in ONE_OFF) and claim["modality"] == "actual"


def _affirmed(claim: Row) -> bool:
    return not claim["negated"] and claim["stance"] != "denies" and claim["kind"] != "presupposed"


def _overlaps(claim: Row, told: Row) -> bool:
    return any(start < told["span_end"] and told["span_start"] < end for start, end in claim["spans"] or [])


def _marked(told: Row, claims: Sequence[Row], record: Row) -> Row:
    """Return a telling with the claims that overlap it, and which of their fields are as told."""
    over = [claim for claim in claims if _overlaps(claim, told)]
    kind = record["event_type"]
    family = {kind} | ({"attack.bombardment"} if kind in ("attack.airstrike", "attack.shelling") else set())
    wide = record["geo_precision"] == "governorate"
    names = {record["place"]} | ({record["admin1"]} if wide else set())
    return told | {
        "claims": over,
        "killed": record["killed_best"] if not record["cumulative"] else None,
        "type_right": any(claim["event_type"] in family for claim in over),
        "place_right": any(name in (claim["place"] or "") for claim in over for name in names),
        "killed_right": any(claim["killed_best"] == record["killed_best"]
                            or claim["killed_low"] == record["killed_best"] for claim in over),
        "affirmed": any(_affirmed(claim) for claim in over),
    }  # fmt: skip
