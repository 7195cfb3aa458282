"""A made-up country's lists of the dead as entries, with whom each is about."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from holdfire.records.source import Repeats

_AS_ENTRY = {
    "given": "given", "father": "father", "grandfather": "grandfather", "family": "family", "sex": "sex",
    "age_low": "age", "age_high": "age", "born_first": "birth_date", "born_last": "birth_date",
    "died_first": "died_first", "died_last": "died_last", "place": "place", "admin1": "governorate",
}  # fmt: skip


def read(
    folder: Path, lists: Sequence[str]
) -> tuple[pa.Table, np.ndarray, np.ndarray]:
    """Return entries with columns of records.death.DEATH, the place of each one's list, and the person.

    Args:
        folder: Where `holdfire.worlds.lists` wrote.
        lists: Names of the lists; their order is that of the entries.
    """
    tables, sources, persons = [], [], []
    listed = pq.read_table(folder / "truth" / "listed.parquet")
    for code, name in enumerate(lists):
        parts = [pq.read_table(each) for each in sorted((folder / "lists" / name).glob("part-*.parquet"))]
        table = pa.concat_tables(parts)
        truth = listed.filter(pc.equal(listed["list"], name)).sort_by("row")
        tables.append(_entries(table))
        sources.append(np.full(len(table), code))
        persons.append(truth["person"].to_numpy())
    return pa.concat_tables(tables), np.concatenate(sources), np.concatenate(persons)


def _entries(table: pa.Table) -> pa.Table:
    """Return the entries of one list."""
    arabic, latin = table["name_ar"], table["name_en"]
    columns = {"name": pc.coalesce(arabic, latin)}
    columns["name_other"] = pc.if_else(pc.is_valid(arabic), latin, pa.scalar(None, pa.string()))
    return pa.table(columns | {name: table[written] for name, written in _AS_ENTRY.items()})


def behaviour(repeats: Sequence[float]) -> list[Repeats]:
    """Return what each list promises: to repeat itself never, or that it may."""
    return [Repeats.REPEATS if share else Repeats.DISTINCT for share in repeats]
