"""A made-up country as a case folder that `holdfire run` accepts, and the truth of what is in its inbox.

    WORLD/case/                   case.yaml, actors.yaml, places.yaml, agreement/, mappings/, inbox/
    WORLD/truth/case_told.parquet  which row, and which words of which text, tell of which incident

Datasets and observers come as tables, a file a month; newspapers and parties as articles; lists of the dead
as tables. Meant for 100 to 30 thousand records. Every file is marked simulated.
"""

from __future__ import annotations

import io
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from ruamel.yaml import YAML

from holdfire.errors import BadInput
from holdfire.worlds.casefolder_articles import articles
from holdfire.worlds.casefolder_setting import SIMULATED, day_of, files
from holdfire.worlds.casefolder_tables import list_mapping, list_table, table, table_mapping
from holdfire.worlds.lists import make
from holdfire.worlds.lists_people import Places
from holdfire.worlds.lists_plan import FOUR, ListPlan
from holdfire.worlds.making import World, world
from holdfire.worlds.preset import Preset, SourceNote
from holdfire.worlds.truth import TOLD

MOST = 30_000
"""Most records of a world that is written as a case, by itself."""

EPOCH = 719_163
"""Ordinal of 1 January 1970 [days]."""

_TABLES = ("dataset", "monitor")


def _entries(entries: Path) -> int:
    """Return how many entries a list has; a list of no one is no report."""
    return sum(pq.read_metadata(part).num_rows for part in entries.glob("part-*.parquet"))


def write(folder: Path, plans: Sequence[ListPlan] = FOUR) -> int:
    """Write the case folder of a world, and return how many reports its inbox holds.

    Args:
        folder: Of the world; `world.json`, its records and its truth are there, its lists may be.
        plans: The lists that were made.

    Raises:
        BadInput: There is no world in the folder.
    """
    made = of_folder(folder)
    case = folder / "case"
    present = [plan for plan in plans if _entries(folder / "lists" / plan.name)]
    for path, value in files(made, present):
        _put(case / path, value)
    truth = _Truth(folder)
    reports = 0
    for place, note in enumerate(made.preset.sources):
        records = _named(made, note, _records(folder, note.id), truth)
        write_one = _tables if note.kind in _TABLES else _articles
        reports += write_one(made, note, place, records, case, truth)
    for plan in present:
        reports += _list(made, plan, folder, case)
    pq.write_table(truth.table().replace_schema_metadata(made.writer.metadata()), truth.file)
    return reports


def beside(folder: Path, plans: Sequence[ListPlan] = FOUR) -> dict[str, Any]:
    """Write lists of the dead beside a world, and its case folder if it is small; return its `world.json`.

    Args:
        folder: Of the world.
        plans: The lists.

    Raises:
        BadInput: There is no world in the folder.
    """
    made = of_folder(folder)
    said: dict[str, Any] = json.loads((folder / "world.json").read_text(encoding="utf-8"))
    died = said["tolls"]["killed"]
    said["lists"] = listed(folder, made.seed, plans) if died else {}
    said["case"] = {"reports": write(folder, plans)} if made.records <= MOST else None
    text = json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / "world.json").write_text(text + "\n", encoding="utf-8")
    return said


def of_folder(folder: Path) -> World:
    """Return the world that was written to a folder, not yet made again.

    Raises:
        BadInput: There is none.
    """
    try:
        said = json.loads((folder / "world.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise BadInput("there is no world here", str(folder), "holdfire simulate PRESET FOLDER") from None
    return world(Preset.model_validate(said["setting"]), said["seed"], said["asked"])


class _Truth:
    """What each record tells of, and, as files are written, where it stands in them."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "truth" / "case_told.parquet"
        self.by_record: dict[str, list[dict[str, Any]]] = defaultdict(list)
        told = pq.read_table(folder / "truth" / "told.parquet")
        for row in told.to_pylist():
            self.by_record[row["claim_id"]].append(row)
        incidents = pq.read_table(folder / "truth" / "incidents.parquet", columns=["incident", "killed"])
        self.killed = dict(
            zip(incidents["incident"].to_pylist(), incidents["killed"].to_pylist(), strict=True)
        )
        self._rows: list[dict[str, Any]] = []

    def origin(self, key: str) -> str:
        """Return the record that a record was first copied from; itself, if it is no copy."""
        while copied := self.by_record[key][0]["copied_from"]:
            key = copied
        return key

    def note(self, key: str, file: str, row: int | None, span: tuple[int, int] | None, denied: bool) -> None:
        """Note where a record stands in a file of the case."""
        place = {"file": file, "row": row, "span_start": span and span[0], "span_end": span and span[1]}
        for told in self.by_record[key]:
            self._rows.append(told | place | ({"act": "denied"} if denied else {}))

    def table(self) -> pa.Table:
        """Return the truth of the case's files."""
        return pa.Table.from_pylist(self._rows, schema=TOLD)


def _records(folder: Path, source: str) -> list[dict[str, Any]]:
    """Return the records of a source, in order."""
    parts = sorted((folder / "records" / source).glob("part-*.parquet"))
    return [row for part in parts for row in pq.read_table(part).to_pylist()]


def _named(
    made: World, note: SourceNote, records: list[dict[str, Any]], truth: _Truth
) -> list[dict[str, Any]]:
    """Return records with names in place of ids, in the language in which the source writes."""
    language = "ar" if note.spelling == 3 else "en"
    names = made.country.names
    areas = {names.english[town]: names.arabic[town] for town in made.country.capital.tolist()}
    titles = {source.id: source.name.get(language, source.name["en"]) for source in made.preset.sources}
    zone = ZoneInfo(made.preset.timezone)
    found = []
    for record in records:
        day = record["start"].astimezone(zone).date()
        sides = {
            f"{side}_named": [_name(made, actor, day, language) for actor in record[side] or []]
            for side in ("actors", "targets")
        }
        told = truth.by_record[record["claim_id"]][0]
        found.append(
            record
            | sides
            | {
                "admin1": areas[record["admin1"]] if language == "ar" else record["admin1"],
                "cited": titles[record["root"]],
                "origin": truth.origin(record["claim_id"]),
                "copied": told["copied_from"],
                "language": language,
                "wrong": told["wrong"],
                "right": truth.killed.get(told["incident"]),
            }
        )
    return found


def _name(made: World, actor: str, day: Any, language: str) -> str:
    """Return a party's name on a day, as a source of that language writes it."""
    party = next((each for each in made.preset.parties if each.id == actor), None)
    if party is None:
        return "المدنيون" if language == "ar" else "civilians"
    if language == "en":
        for name in party.names:
            first, until = name.first, name.until
            if (first is None or day_of(made, first) <= day) and (until is None or day < day_of(made, until)):
                return name.text
    return party.name.get(language, party.name["en"])


def _tables(
    made: World, note: SourceNote, place: int, records: list[dict[str, Any]], case: Path, truth: _Truth
) -> int:
    """Write a dataset, a file for each month in which it published."""
    zone = ZoneInfo(made.preset.timezone)
    by_month: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for record in records:
        by_month[record["published"].astimezone(zone).strftime("%Y-%m")].append(record)
    if not by_month:
        return 0
    _put(case / "mappings" / f"{note.id}.yaml", table_mapping(place))
    for month, chosen in sorted(by_month.items()):
        file = case / "inbox" / f"{note.id}-{month}.csv"
        rows = [
            record | {side: ";".join(record[f"{side}_named"]) or None for side in ("actors", "targets")}
            for record in chosen
        ]
        _write(file, table(note, place, rows, zone))
        last = max(record["published"] for record in chosen).astimezone(zone)
        title = f"Simulated: {note.name['en']}, {month}"
        _put(
            _about(file),
            _note(note.id, last, title) | {"format": "mapped", "mapping": f"mappings/{note.id}.yaml"},
        )
        for row, record in enumerate(chosen, 1):
            truth.note(record["claim_id"], f"case/inbox/{file.name}", row, None, False)
    return len(by_month)


def _articles(
    made: World, note: SourceNote, place: int, records: list[dict[str, Any]], case: Path, truth: _Truth
) -> int:
    """Write the articles of a newspaper, or the communiques of a party."""
    count = 0
    for published, page in articles(made, note, place, records):
        count += 1
        file = case / "inbox" / f"{note.id}-{published:%Y-%m-%d}-{count:05}.md"
        about = _note(note.id, published, f"Simulated: {page.title}")
        about["language"] = "ar" if note.spelling == 3 else "en"
        front = f"---\n# {SIMULATED}\n{_yaml(about)}---\n"
        _write(file, front + page.text)
        for told in page.told:
            span = (told.start + len(front), told.end + len(front))
            truth.note(told.key, f"case/inbox/{file.name}", None, span, told.denied)
    return count


def _list(made: World, plan: ListPlan, folder: Path, case: Path) -> int:
    """Write a list of the dead, as it stood on the last day."""
    parts = sorted((folder / "lists" / plan.name).glob("part-*.parquet"))
    file = case / "inbox" / f"list-{plan.name}.csv"
    entries: Iterator[dict[str, Any]] = (row for part in parts for row in pq.read_table(part).to_pylist())
    _write(file, list_table(plan, entries))
    _put(case / "mappings" / f"list-{plan.name}.yaml", list_mapping(plan, made.preset.title["en"]))
    last = datetime.combine(day_of(made, made.preset.days), datetime.min.time())
    about = _note(plan.name, last, f"Simulated: {plan.title[0]}")
    _put(
        _about(file),
        about | {"format": "mapped", "mapping": f"mappings/list-{plan.name}.yaml", "reprint": False},
    )
    return 1


def _note(source: str, published: datetime, title: str) -> dict[str, Any]:
    return {
        "source": source,
        "published": published.strftime("%Y-%m-%dT%H:%M"),
        "title": title,
        "licence": "CC0, simulated",
        "cite": "Simulated.",
    }


def _about(file: Path) -> Path:
    return file.with_name(file.name + ".about.yaml")


def _put(file: Path, value: Any) -> None:
    """Write a value as GeoJSON or as YAML, by the name of its file."""
    if file.suffix == ".geojson":
        _write(file, json.dumps(value, ensure_ascii=False, indent=1) + "\n")
    else:
        _write(file, f"# {SIMULATED}\n{_yaml(value)}")


def _yaml(value: Any) -> str:
    held = io.StringIO()
    yaml = YAML()  # keeps the order in which things were said
    yaml.representer.ignore_aliases = lambda _: True  # a case file has no anchors
    yaml.width = 110
    yaml.dump(value, held)
    return held.getvalue()


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")


def listed(folder: Path, seed: int, plans: Sequence[ListPlan] = FOUR) -> dict[str, int]:
    """Make the lists of the dead of a world in its folder, and return how many entries each has.

    The people of the lists take the place of those in `truth/people.parquet`.

    Args:
        folder: Of the world.
        seed: Of the world.
        plans: The lists.

    Raises:
        BadInput: There is no world, or nobody died in it.
    """
    made = of_folder(folder)
    country = made.country
    capitals = country.capital.tolist()
    english, arabic = country.names.english, country.names.arabic
    places = Places(
        ids=tuple(str(town) for town in range(country.towns)),
        written=tuple(zip(arabic, english, strict=True)),
        admin1=country.governorate[country.district],
        governorates=tuple((english[town], arabic[town], english[town]) for town in capitals),
    )
    first = day_of(made, 0).toordinal() - EPOCH
    span = (first, first + made.preset.days)
    return make(_incidents(folder, first), places, span, seed, folder, plans).entries


def _incidents(folder: Path, first: int) -> Iterator[pa.Table]:
    """Yield the real incidents of a world as lists.make takes them, some at a time."""
    file = pq.ParquetFile(folder / "truth" / "incidents.parquet")
    for block in file.iter_batches(batch_size=1 << 16):
        held = pa.Table.from_batches([block])
        held = held.filter(pc.equal(held["kind"], "real"))
        days = pc.add(held["day"], first).cast(pa.int32()).cast(pa.date32())
        yield pa.table(
            {
                "incident": held["incident"],
                "day": days,
                "place": held["town"].cast(pa.string()),
                "event_type": held["event_type"],
                "killed": held["killed"],
                "civilians": held["civilians"],
            }
        )
