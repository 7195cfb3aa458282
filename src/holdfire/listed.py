"""What each list of the dead in a case holds, in numbers: what can be compared, what repeats, what copies.

Nothing here names anyone. Numbers are of entries as the vault has them now, and of people as the last run
found them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from holdfire.case import Case
from holdfire.digests import Digest
from holdfire.peopling import Entries, gather, named
from holdfire.reading.listmapping import ListFile, ListScope, read_table
from holdfire.records.actor import fold
from holdfire.records.death import NAMES
from holdfire.tables import rows

COPIED = 95
"""Of a hundred entries that stand word for word in another list, how many make a list a copy of it [%].

Two lists that were kept apart seldom spell a whole name alike: two romanisations of 25,881 people did so
for 1.1 of a hundred.
"""
FEWEST = 20
"""Entries below which a list is not said to be a copy: a few may agree by chance."""

Words = tuple[str, int | None, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One list, in numbers of entries unless said otherwise.

    Attributes:
        report: Id of its report.
        name: What it is called where people read.
        source: Who keeps it.
        scope: Who is on it, in its keepers' words; empty: not written down.
        entries: All of them.
        named: With at least two letters of a name.
        aged: With an age or a birth.
        dated: With a day of death, however vague.
        again: About a person whom the list has already.
        shared: About a person whom another list has too.
        people: People on it [people].
        copies: Name of the earlier list that has nearly all of its entries word for word; empty: none.
    """

    report: Digest
    name: str
    source: str
    scope: str
    entries: int
    named: int
    aged: int
    dated: int
    again: int
    shared: int
    people: int
    copies: str


def listed(entries: Entries, persons: pa.Table, scopes: Mapping[Digest, str]) -> list[Listed]:
    """Return each list in numbers, in the order of `entries`.

    Args:
        entries: Every entry of every list.
        persons: PERSON rows of them.
        scopes: Who is on a list, by the id of its report.
    """
    deaths, of = entries.deaths, entries.list_of
    has = {
        "named": named(deaths) > 0,
        "aged": _given(deaths, "age_low", "born_first"),
        "dated": _given(deaths, "died_first"),
    }
    counts = [Counter[str]() for _ in entries.lists]
    place = {each.report.id: n for n, each in enumerate(entries.lists)}
    list_of = dict(zip(deaths["entry_id"].to_pylist(), of.tolist(), strict=True))
    for person in rows(persons):
        on = Counter(list_of[entry] for entry in person["entries"] if entry in list_of)
        for n, times in on.items():
            counts[n].update(people=1, again=times - 1, shared=times if len(on) > 1 else 0)
    copied = copies(entries)
    names = {each.report.id: each.report.name for each in entries.lists}
    return [
        Listed(
            report=each.report.id,
            name=each.report.name,
            source=each.report.source,
            scope=scopes.get(each.report.id, ""),
            entries=int((of == n).sum()),
            **{what: int((there & (of == n)).sum()) for what, there in has.items()},
            again=counts[n]["again"],
            shared=counts[n]["shared"],
            people=counts[n]["people"],
            copies=names.get(copied.get(each.report.id, ""), ""),
        )
        for each, n in zip(entries.lists, place.values(), strict=True)
    ]


def _given(deaths: pa.Table, *columns: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    there = np.zeros(deaths.num_rows, bool)
    for column in columns:
        there |= pc.is_valid(deaths[column]).to_numpy()
    return there


def copies(entries: Entries) -> dict[Digest, Digest]:
    """Return the report of the list that each copy copies: the earliest to come, if there are several."""
    came = sorted(entries.lists, key=lambda each: each.report.received)  # of those together, in their order
    words: dict[Digest, Counter[Words]] = {each.report.id: Counter() for each in came}
    for report, entry in _words(entries.deaths):
        words[report][entry] += 1
    found: dict[Digest, Digest] = {}
    for n, later in enumerate(came):
        mine = words[later.report.id]
        for earlier in came[:n]:
            both = (mine & words[earlier.report.id]).total()
            if mine.total() >= FEWEST and 100 * both >= COPIED * mine.total():
                found[later.report.id] = earlier.report.id
                break
    return found


def _words(deaths: pa.Table) -> Iterator[tuple[Digest, Words]]:
    """Yield each entry's list, and what it says word for word: all of its names, an age, a day."""
    wanted = deaths.select(["report", *NAMES, "age_low", "died_first"])
    for row in rows(wanted):
        name = " ".join(fold(row[column]) for column in NAMES if row[column])
        if name:
            yield row["report"], (name, row["age_low"], str(row["died_first"]))


def of_case(case: Case) -> list[Listed]:
    """Return each list of a case in numbers.

    Raises:
        HoldfireError: There was no run, or something has changed since.
    """
    found = case.found()
    entries = gather(case.readings, found.held)
    scopes = {report: str(scope or "") for report, scope in scopes_of(case, entries).items()}
    return listed(entries, found.people.persons, scopes)


def scopes_of(case: Case, entries: Entries) -> dict[Digest, ListScope | None]:
    """Return who is on each list, by the id of its report; None: its mapping does not say."""
    texts = {each.report.id: case.folder.mapping(each.report.mapping) for each in entries.lists}
    mappings = {report: read_table(text) for report, text in texts.items() if text}
    return {report: m.scope for report, m in mappings.items() if isinstance(m, ListFile)}
