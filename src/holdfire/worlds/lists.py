"""Lists of the dead of a made-up country: who was killed, which lists recorded whom, and what each wrote.

    lists/NAME/part-00000.parquet   entries, lists_entries.ENTRY
    truth/people.parquet            everyone who was killed, lists_people.PEOPLE; no names
    truth/listed.parquet            which entry is about whom: file, row, person
    truth/patterns.parquet          how many people each set of lists recorded, those in none included

Everything is drawn by address from the seed, one stretch of incidents at a time, so memory is bounded and the
same seed gives the same bytes. Names are composed at random of common parts; each file says "simulated".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from holdfire.errors import BadInput
from holdfire.tables import INTEGER, TEXT, Column, Schema
from holdfire.worlds.lists_entries import ENTRY, entries
from holdfire.worlds.lists_people import HOUSES, PEOPLE, Dead, Places, dead
from holdfire.worlds.lists_plan import FOUR, ListPlan, Reach, chances, pull, reaches
from holdfire.worlds.names import names
from holdfire.worlds.names_spelling import arabic, latin
from holdfire.worlds.streams import Whole, pick, stream

LISTED = Schema(
    "entry and person of a world",
    (
        Column("file", TEXT, "file of the entry, under the world's folder"),
        Column("list", TEXT, "name of the list"),
        Column("row", INTEGER, "row of the entry in its list, from 1"),
        Column("person", INTEGER, "whom it is about"),
    ),
    key=("list", "row"),
)

PATTERNS = Schema(
    "capture pattern of a world",
    (
        Column(
            "pattern",
            TEXT,
            "1 for each list that recorded them, 0 for each that did not, in the lists' order",
        ),
        Column("people", INTEGER, "how many [people]"),
    ),
    key=("pattern",),
)

STRETCH = 20_000
"""Incidents of one stretch of a country that has nothing but lists."""


@dataclass(frozen=True)
class Made:
    """What was made.

    Attributes:
        people: Everyone killed.
        entries: By list.
        patterns: People by capture pattern.
    """

    people: int
    entries: dict[str, int]
    patterns: dict[str, int]


def make(
    incidents: Iterable[pa.Table],
    places: Places,
    span: tuple[int, int],
    seed: int,
    folder: Path,
    plans: Sequence[ListPlan] = FOUR,
) -> Made:
    """Write the lists of the dead of these incidents, and the truth about them, into a folder.

    Args:
        incidents: Stretches of incidents, in a fixed order: columns incident, day (date), place (an id of
            `places`), event_type, killed, civilians. Where `killed` is null or 0, nobody died.
        places: Where; lists write their names.
        span: First and last day of the world [days since 1970].
        seed: Of the world.
        folder: Where to write; files of these names are replaced.
        plans: The lists; one may look only at those before it.

    Raises:
        BadInput: Two lists share a name, or nobody died in the first stretch that has incidents.
    """
    if len({plan.name for plan in plans}) < len(plans):
        raise BadInput("two lists share a name", hint="give each list a name of its own")
    counted: dict[str, int] = {}
    rows = {plan.name: 1 for plan in plans}
    people = 0
    reach: dict[str, Reach] = {}
    with _Writer(folder, [plan.name for plan in plans]) as writer:
        for chunk, stretch in enumerate(incidents):
            killed = dead(stretch, places, names(), seed, chunk, people)
            if not len(killed.person):
                continue
            reach = reach or reaches(plans, killed, places, seed)
            people += len(killed.person)
            writer.write("truth/people", killed.table(places))
            caught = _catch(plans, killed, places, reach, span, seed, chunk)
            for pattern, number in _patterns(plans, caught):
                counted[pattern] = counted.get(pattern, 0) + number
            for plan in plans:
                table, truth = _listed(
                    plan, killed, caught[plan.name], places, rows[plan.name], (seed, chunk)
                )
                writer.write(plan.name, table)
                writer.write("truth/listed", truth)
                rows[plan.name] += len(table)
        if not people:
            raise BadInput("nobody died in these incidents, so there is no one to list")
        ordered = [{"pattern": pattern, "people": counted[pattern]} for pattern in sorted(counted)]
        writer.write("truth/patterns", PATTERNS.table(ordered))
    return Made(people, {name: row - 1 for name, row in rows.items()}, dict(sorted(counted.items())))


def four_lists(n: int, seed: int, folder: Path, plans: Sequence[ListPlan] = FOUR) -> Made:
    """Write about `n` entries of lists of the dead of a country that has nothing else.

    Args:
        n: Entries of all lists together, 100 to 10 million; those made differ by a few in a hundred.
        seed: Same seed, same bytes.
        folder: Where to write.
        plans: The lists.

    Raises:
        BadInput: `n` is out of range.
    """
    if not 100 <= n <= 10_000_000:
        raise BadInput(f"{n} entries are asked for; lists hold 100 to 10000000")
    listed = sum(plan.share * (1 + plan.repeats) * (plan.between[1] - plan.between[0]) for plan in plans)
    wanted = round(n / listed)  # people
    places = _places(seed, max(12, min(2000, wanted // 150)))
    days = max(60, min(3000, wanted // 30))
    start = 22_280  # 1 January 2031, as worlds begin
    return make(
        _incidents(wanted, days, start, places, seed), places, (start, start + days), seed, folder, plans
    )


def _incidents(wanted: int, days: int, start: int, places: Places, seed: int) -> Iterator[pa.Table]:
    """Yield incidents that kill about `wanted` people in all, in the order of their days."""
    total = max(1, round(1.15 * wanted / 3.6))  # 3.6 dead each; what is too many is cut
    left = wanted
    shares = 1 / (np.arange(len(places.ids)) + 5.0)
    kinds = np.array([*HOUSES, "attack.armed_clash", "attack.violence"], dtype=object)
    for chunk, first in enumerate(range(0, total, STRETCH)):
        n = min(STRETCH, total - first)
        chance = stream(seed, "blows", chunk)
        many = chance.random(n) < 0.06
        killed = np.where(many, 4 + chance.geometric(1 / 22, n), chance.geometric(1 / 2.2, n))
        killed = np.minimum(killed, np.maximum(left - np.cumsum(killed) + killed, 0)).astype(np.int64)
        left -= int(killed.sum())
        fighters = chance.binomial(killed, np.where(chance.random(n) < 0.25, 0.8, 0.08))
        day = start + np.sort((first + chance.random(n) * n) / total * days).astype(np.int64)
        place = pick(chance.random(n), np.cumsum(shares / shares.sum()))
        yield pa.table(
            {
                "incident": np.arange(first, first + n),
                "day": pa.array(day.astype("datetime64[D]")),
                "place": pa.array(places.ids).take(pa.array(place)),
                "event_type": pa.array(
                    kinds[pick(chance.random(n), np.cumsum([0.3, 0.1, 0.2, 0.1, 0.2, 0.1]))]
                ),
                "killed": killed,
                "civilians": killed - fighters,
            }
        )


def _places(seed: int, towns: int) -> Places:
    """Return made-up places: words of the tail of family names, some after "hill of" or "village of"."""
    governorates = max(3, min(14, towns // 12))
    held = names().family
    tail = np.flatnonzero([not article for article in held.article])[-900:]
    chance = stream(seed, "towns")
    before = (
        ("تل ", "Tal "),
        ("كفر ", "Kafr "),
        ("دير ", "Deir "),
        ("عين ", "Ain "),
        ("", ""),
        ("", ""),
        ("", ""),
    )
    written = []
    for i in range(towns + governorates):
        word = int(tail[chance.integers(0, len(tail))])
        ar, en = before[int(chance.integers(0, len(before)))] if i >= governorates else ("", "")
        written.append((ar + arabic(held.arabic[word], 0), en + latin(held.sounds[word], "english", 0)))
    regions = tuple((f"g{i}", *written[i]) for i in range(governorates))
    admin1 = chance.integers(0, governorates, towns)
    admin1[:governorates] = np.arange(governorates)
    return Places(tuple(f"p{i}" for i in range(towns)), tuple(written[governorates:]), admin1, regions)


def _catch(
    plans: Sequence[ListPlan],
    people: Dead,
    places: Places,
    reach: dict[str, Reach],
    span: tuple[int, int],
    seed: int,
    chunk: int,
) -> dict[str, np.ndarray]:
    """Return who is in each list."""
    time = np.clip((people.day - span[0]) / max(1, span[1] - span[0]), 0, 1)
    caught: dict[str, np.ndarray] = {}
    for plan in plans:
        held = reach[plan.name]
        strength = pull(plan, people, places, caught, held.governorates, time)
        drawn = stream(seed, "capture", plan.name, chunk).random(len(time))
        caught[plan.name] = drawn < chances(plan, people, strength, held.base, time)
    return caught


def _patterns(plans: Sequence[ListPlan], caught: dict[str, np.ndarray]) -> Iterator[tuple[str, int]]:
    """Yield each capture pattern with how many people have it."""
    codes = sum(caught[plan.name].astype(np.int64) << i for i, plan in enumerate(plans))
    for code, people in enumerate(np.bincount(codes, minlength=2 ** len(plans))):
        if people:
            yield "".join(str(code >> i & 1) for i in range(len(plans))), int(people)


def _listed(
    plan: ListPlan, people: Dead, caught: np.ndarray, places: Places, first: int, address: tuple[int, int]
) -> tuple[pa.Table, pa.Table]:
    """Return the entries of a list, and whom each is about."""
    chance = stream(address[0], "list", plan.name, address[1])
    who: Whole = np.flatnonzero(caught)
    again = chance.random(len(who)) < plan.repeats
    times = 1 + np.where(again, np.minimum(chance.geometric(0.8, len(who)), 3), 0)
    who = np.repeat(who, times)
    who = who[
        np.argsort(people.day[who] + chance.gamma(1.5, 6.0, len(who)), kind="stable")
    ]  # as they were written
    table = entries(plan, people, who, places, first, chance)
    file = f"lists/{plan.name}/part-00000.parquet"
    truth = {
        "file": pa.array([file] * len(who), pa.string()),
        "list": table.column("list"),
        "row": table.column("row"),
        "person": people.person[who],
    }
    return table, LISTED.check(pa.table(truth))


class _Writer:
    """Writes tables to their files, a stretch at a time."""

    def __init__(self, folder: Path, lists: Sequence[str]) -> None:
        truth = {"truth/people": PEOPLE, "truth/listed": LISTED, "truth/patterns": PATTERNS}
        files = {name: (f"{name}.parquet", schema) for name, schema in truth.items()}
        files |= {name: (f"lists/{name}/part-00000.parquet", ENTRY) for name in lists}
        self._files = {name: (folder / path, schema) for name, (path, schema) in files.items()}
        self._open: dict[str, pq.ParquetWriter] = {}

    def __enter__(self) -> _Writer:
        for name, (path, schema) in self._files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            marked = schema.arrow.with_metadata({"simulated": "true"})
            self._open[name] = pq.ParquetWriter(path, marked, compression="zstd")
        return self

    def __exit__(self, *_: object) -> None:
        for writer in self._open.values():
            writer.close()

    def write(self, name: str, table: pa.Table) -> None:
        """Add rows to a file."""
        writer = self._open[name]
        writer.write_table(table.cast(writer.schema), row_group_size=1 << 17)
