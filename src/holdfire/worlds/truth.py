"""The truth beside the records: what happened, which record tells of which act, who died, and each day.

No person has a name here; names are given, by number, where lists are made.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from holdfire.tables import BOOLEAN, INSTANT, INTEGER, NUMBER, TEXT, TEXTS
from holdfire.worlds.acts import Acts
from holdfire.worlds.course import Course
from holdfire.worlds.preset import KINDS
from holdfire.worlds.rows import Writer, ids, instants, lists, said, whole, wrong
from holdfire.worlds.streams import Whole, stream
from holdfire.worlds.telling import Telling
from holdfire.worlds.truce import STATES
from holdfire.worlds.verdicts import COVERAGES, VERDICTS

INCIDENTS = pa.schema(
    [
        ("incident", INTEGER), ("kind", TEXT), ("event_type", TEXT), ("start", INSTANT), ("end", INSTANT),
        ("day", INTEGER), ("town", INTEGER), ("place", TEXT), ("place_ar", TEXT), ("district", TEXT),
        ("admin1", TEXT), ("lat", NUMBER), ("lon", NUMBER), ("actors", TEXTS), ("targets", TEXTS),
        ("directed", BOOLEAN), ("killed", INTEGER), ("civilians", INTEGER), ("injured", INTEGER),
        ("verdict", TEXT), ("coverage", TEXT), ("roots", INTEGER), ("records", INTEGER),
    ]
)  # fmt: skip
TOLD = pa.schema(
    [
        ("file", TEXT), ("source", TEXT), ("row", INTEGER), ("claim_id", TEXT), ("span_start", INTEGER),
        ("span_end", INTEGER), ("incident", INTEGER), ("part", BOOLEAN), ("root", INTEGER),
        ("copied_from", TEXT), ("wrong", TEXTS), ("act", TEXT),
    ]
)  # fmt: skip
PEOPLE = pa.schema(
    [
        ("person", INTEGER), ("incident", INTEGER), ("sex", TEXT), ("age", INTEGER), ("civilian", BOOLEAN),
        ("day", INTEGER), ("admin1", TEXT),
    ]
)  # fmt: skip
DAYS = pa.schema(
    [
        ("day", INTEGER), ("start", INSTANT), ("admin1", TEXT), ("expected", NUMBER), ("actual", INTEGER),
        ("state", TEXT),
    ]
)  # fmt: skip


def incidents(writer: Writer, acts: Acts, tellings: list[Telling]) -> pa.Table:
    """Return what happened in a block, and what is said to have happened."""
    country = writer.country
    district = country.district[acts.town]
    lat, lon = country.degrees(acts.east, acts.north)
    english, arabic = (pa.array(names, TEXT) for names in (country.names.english, country.names.arabic))
    roots, records = _counts(acts, tellings)
    columns = [
        whole(acts.number),
        pa.array(["rumour", "real"], TEXT).take(whole(acts.real)),
        pa.array(KINDS, TEXT).take(whole(acts.kind)),
        instants(acts.start),
        instants(acts.end),
        whole(acts.day),
        whole(acts.town),
        english.take(whole(acts.town)),
        arabic.take(whole(acts.town)),
        english.take(whole(country.seat[district])),
        writer.areas.take(whole(country.governorate[district])),
        pa.array(np.round(lat, 6)),
        pa.array(np.round(lon, 6)),
        lists(writer.parties, acts.actor, acts.ally),
        lists(writer.parties, acts.target),
        pa.array(acts.kind != KINDS.index("attack.armed_clash")),
        whole(acts.killed),
        whole(acts.civilians),
        whole(acts.injured),
        pa.array(VERDICTS, TEXT).take(whole(acts.verdict)),
        pa.array(COVERAGES, TEXT).take(whole(acts.coverage)),
        whole(roots),
        whole(records),
    ]
    return pa.Table.from_arrays(columns, schema=INCIDENTS)


def _counts(acts: Acts, tellings: list[Telling]) -> tuple[Whole, Whole]:
    """Return of each act how many roots and how many records tell of it, denials not counted."""
    found, roots = [], []
    for each in tellings:
        kept = (each.told.act >= 0) & ~each.told.denied
        found += [each.told.act[kept], each.parts.act]
        order = np.searchsorted(each.told.key, each.parts.key)
        roots += [each.told.root[kept], each.told.root[order]]
    act, root = np.concatenate(found), np.concatenate(roots)
    pairs = np.unique(np.stack([act, root], axis=1), axis=0)
    return np.bincount(pairs[:, 0], minlength=len(acts)), np.bincount(act, minlength=len(acts))


def told(telling: Telling, acts: Acts, file: str) -> pa.Table:
    """Return which act each record tells of; a record that counts several has a row for each.

    `part` is true of every row of such a record: it is about these acts together, and is the same as none.
    """
    records, parts = telling.told, telling.parts
    at = np.searchsorted(records.key, parts.key)
    at = np.concatenate([np.arange(len(records)), at])
    act = np.concatenate([records.act, parts.act])
    order = np.argsort(at, kind="stable")
    at, act = at[order], act[order]
    records = records.take(at)
    number = np.where(act >= 0, acts.number[np.maximum(act, 0)], -1) if len(acts) else act
    copied = ids("c-", records.copied)
    none = pa.nulls(len(at), INTEGER)
    columns = [
        pa.repeat(pa.scalar(file, TEXT), len(at)),
        pa.repeat(pa.scalar(telling.ear.note.id, TEXT), len(at)),
        whole(at + 1),
        ids("c-", records.key),
        none,
        none,
        said(number),
        pa.array(records.sum > 1),
        whole(records.root),
        copied.take(pa.array(np.arange(len(at)), mask=records.copied == 0)),
        wrong(records),
        pa.array(["told", "denied"], TEXT).take(whole(records.denied)),
    ]
    return pa.Table.from_arrays(columns, schema=TOLD)


def people(writer: Writer, acts: Acts, first: int, block: int) -> pa.Table:
    """Return those who died in a block, numbered from `first`, civilians of an act first; without names."""
    chance = stream(writer.seed, "people", block)
    at = np.repeat(np.arange(len(acts)), acts.killed)
    count = len(at)
    starts = np.cumsum(acts.killed) - acts.killed
    civilian = np.arange(count) - starts[at] < acts.civilians[at]
    female = chance.random(count) < np.where(civilian, 0.4, 0.02)
    young = np.minimum(90, np.rint(chance.gamma(1.6, 18, count))).astype(np.int64)
    fighting = np.clip(np.rint(chance.normal(28, 8, count)), 16, 65).astype(np.int64)
    district = writer.country.district[acts.town[at]]
    columns = [
        whole(first + np.arange(count)),
        whole(acts.number[at]),
        pa.array(["male", "female"], TEXT).take(whole(female)),
        whole(np.where(civilian, young, fighting)),
        pa.array(civilian),
        whole(acts.day[at]),
        writer.areas.take(whole(writer.country.governorate[district])),
    ]
    return pa.Table.from_arrays(columns, schema=PEOPLE)


def days(writer: Writer, course: Course, actual: Whole, midnights: Whole) -> pa.Table:
    """Return each day in each governorate: acts expected of it given those before, acts, and the truce.

    Args:
        writer: The world's words.
        course: The course of the fighting.
        actual: Acts (days, governorates).
        midnights: When each day begins [seconds since 1970] (days + 1,).
    """
    areas, length = writer.country.governorates, len(midnights) - 1
    day = np.repeat(np.arange(length), areas)
    columns = [
        whole(day),
        instants(midnights[day]),
        writer.areas.take(whole(np.tile(np.arange(areas), length))),
        pa.array(course.expected.ravel() / 1000),
        whole(actual.ravel()),
        pa.array(STATES, TEXT).take(whole(course.truce.state.ravel())),
    ]
    return pa.Table.from_arrays(columns, schema=DAYS)
