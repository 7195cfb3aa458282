"""A made-up country's lists of the dead as entries, with whom each is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from holdfire.records.source import Repeats
from holdfire.worlds.lists_plan import ListPlan

_AS_ENTRY = {
    "given": "given", "father": "father", "grandfather": "grandfather", "family": "family", "sex": "sex",
    "age_low": "age", "age_high": "age", "born_first": "birth_date", "born_last": "birth_date",
    "died_first": "died_first", "died_last": "died_last", "place": "place", "admin1": "governorate",
}  # fmt: skip


@dataclass(frozen=True)
class Listed:
    """Entries of lists whose truth is known.

    Attributes:
        entries: With columns of records.death.DEATH.
        source: Place of each one's list (n).
        person: Whom each is about (n).
        behaviour: What each list promises.
    """

    entries: pa.Table
    source: np.ndarray
    person: np.ndarray
    behaviour: list[Repeats]

    @property
    def distinct(self) -> np.ndarray:
        """Return which lists never repeat themselves."""
        return np.array([each is Repeats.DISTINCT for each in self.behaviour])

    @property
    def same(self) -> np.ndarray:
        """Return the pairs of entries about one person, a < b, those of a distinct list left out (m, 2)."""
        order = np.lexsort((np.arange(len(self.person)), self.person))
        found, step = [], 1
        while (near := self.person[order[step:]] == self.person[order[:-step]]).any():
            found.append(np.column_stack([order[:-step][near], order[step:][near]]))
            step += 1
        rows = np.sort(np.concatenate(found), axis=1)
        return rows[
            (self.source[rows[:, 0]] != self.source[rows[:, 1]]) | ~self.distinct[self.source[rows[:, 0]]]
        ]


def read(folder: Path, plans: Sequence[ListPlan]) -> Listed:
    """Return the lists that `holdfire.worlds.lists` wrote into a folder, one after another."""
    tables, sources, persons = [], [], []
    truth = pq.read_table(folder / "truth" / "listed.parquet")
    for code, plan in enumerate(plans):
        parts = [
            pq.read_table(each) for each in sorted((folder / "lists" / plan.name).glob("part-*.parquet"))
        ]
        table = pa.concat_tables(parts)
        known = truth.filter(pc.equal(truth["list"], plan.name)).sort_by("row")
        tables.append(_entries(table))
        sources.append(np.full(len(table), code))
        persons.append(known["person"].to_numpy())
    behaviour = [Repeats.MOSTLY if plan.repeats else Repeats.DISTINCT for plan in plans]
    return Listed(pa.concat_tables(tables), np.concatenate(sources), np.concatenate(persons), behaviour)


def _entries(table: pa.Table) -> pa.Table:
    """Return the entries of one list."""
    arabic, latin = table["name_ar"], table["name_en"]
    columns = {"name": pc.coalesce(arabic, latin)}
    columns["name_other"] = pc.if_else(pc.is_valid(arabic), latin, pa.scalar(None, pa.string()))
    return pa.table(columns | {name: table[written] for name, written in _AS_ENTRY.items()})
