"""A world written to a folder, a block of days at a time, so that memory does not grow with it.

    WORLD/world.json                      what it is, how many, and its tolls; "simulated": true
    WORLD/records/SOURCE/part-N.parquet   what each source tells, as claims
    WORLD/truth/incidents.parquet         what happened; told, people and days beside it
    WORLD/truth/places.parquet            towns where they truly lie; gazetteer.parquet, as people hold them
    to

Blocks are made by several threads and written in the order of time: the bytes are the same for any number.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from holdfire.errors import BadInput
from holdfire.version import VERSION
from holdfire.worlds import places, truth
from holdfire.worlds.course import Block
from holdfire.worlds.making import Made, World
from holdfire.worlds.tolls import Tolls

Tell = Callable[[str, int, int], None]
"""Told of progress: what is done, how much, of how much."""

COMPRESSION: dict[str, Any] = {"compression": "zstd", "compression_level": 1}


@dataclass
class _Tables:
    """One block as tables, ready to be written."""

    made: Made
    claims: list[tuple[str, pa.Table]]
    told: list[pa.Table]
    incidents: pa.Table


@dataclass
class _Truth:
    """The files of the truth, open while a world is written."""

    files: dict[str, pq.ParquetWriter] = field(default_factory=dict)

    @classmethod
    def open(cls, world: World, folder: Path, stack: ExitStack) -> _Truth:
        schemas = {"incidents": truth.INCIDENTS, "told": truth.TOLD, "people": truth.PEOPLE}
        marks = world.writer.metadata()
        return cls(
            {
                name: stack.enter_context(
                    pq.ParquetWriter(folder / f"{name}.parquet", schema.with_metadata(marks), **COMPRESSION)
                )
                for name, schema in schemas.items()
            }
        )

    def add(self, name: str, table: pa.Table) -> None:
        if table.num_rows:
            self.files[name].write_table(table.cast(self.files[name].schema))


def write(world: World, folder: Path, tell: Tell | None = None, threads: int = 2) -> dict[str, Any]:
    """Write a world to a folder, and return what its `world.json` says.

    Args:
        world: The world.
        folder: Where.
        tell: Told of progress, in blocks.
        threads: Blocks that are made at once.

    Raises:
        BadInput: The folder exists and is not empty.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(
            "there is something already", str(folder), "name a folder that does not exist, or is empty"
        )
    for source in world.preset.sources:
        (folder / "records" / source.id).mkdir(parents=True, exist_ok=True)
    (folder / "truth").mkdir()
    tolls, people, blocks = Tolls(world.preset, world.country), 0, world.course.blocks
    with ExitStack() as stack:
        files = _Truth.open(world, folder / "truth", stack)
        for number, tables in enumerate(_worked(world, threads), 1):
            for path, claims in tables.claims:
                pq.write_table(claims, folder / path, **COMPRESSION)
            dead = truth.people(world.writer, tables.made.acts, people, tables.made.block.number)
            files.add("incidents", tables.incidents)
            files.add("people", dead)
            for table in tables.told:
                files.add("told", table)
            people += dead.num_rows
            tolls.add(tables.made)
            if tell:
                tell("blocks of days", number, len(blocks))
    days = truth.days(world.writer, world.course, tolls.by_day, world.midnights)
    pq.write_table(days.replace_schema_metadata(world.writer.metadata()), folder / "truth" / "days.parquet")
    places.write(world, folder / "truth")
    return _described(world, tolls, folder)


def _worked(world: World, threads: int) -> Iterator[_Tables]:
    """Yield blocks in the order of time, with at most one more than `threads` in the making."""
    waiting: deque[Future[_Tables]] = deque()
    world.prepare()
    with ThreadPoolExecutor(max_workers=threads) as pool:
        for block in world.course.blocks:
            waiting.append(pool.submit(_tables, world, block))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _tables(world: World, block: Block) -> _Tables:
    made = world.block(block)
    claims, told = [], []
    for telling in made.tellings:
        path = f"records/{telling.ear.note.id}/part-{block.number:05}.parquet"
        claims.append((path, world.writer.claims(telling, block.number)))
        told.append(truth.told(telling, made.acts, path))
    return _Tables(made, claims, told, truth.incidents(world.writer, made.acts, made.tellings))


def _described(world: World, tolls: Tolls, folder: Path) -> dict[str, Any]:
    """Write and return `world.json`."""
    country = world.country
    found = {
        "simulated": True,
        "preset": world.preset.name,
        "seed": world.seed,
        "asked": world.records,
        "version": VERSION,
        "sizes": {
            "towns": country.towns,
            "districts": country.districts,
            "governorates": country.governorates,
            "days": world.preset.days,
            **tolls.sizes(),
        },
        "tolls": tolls.tolls(),
        "setting": world.preset.model_dump(mode="json", by_alias=True),
    }
    text = json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / "world.json").write_text(text + "\n", encoding="utf-8")
    return found
