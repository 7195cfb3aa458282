"""Small lists of the dead to read. Every name in them is made up, of syllables that are no one's name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from casemaking import a_case, made_once
from holdfire.case import Case
from holdfire.engine import Engine
from holdfire.peopling import Linked
from holdfire.reading.formats.mapped import Mapped
from holdfire.records.death import DEATH
from holdfire.records.link import Settled
from holdfire.records.source import Repeats
from holdfire.tables import rows, stack
from tabling import context, held, report, table

MAPPING = """
scope: {who: "people killed by violence, civilian or not", where: "the Strip", when: "May 2031"}
deaths:
  id: No
  name: Name
  name_other: Arabic
  sex: Sex
  age: Age
  born: Born
  died: {column: Died, format: "%d/%m/%Y"}
  place: Place
  admin1: Gov
  status: {column: Status, values: {مدني: civilian, مقاتل: combatant, "-": unknown}}
"""
HEADER = ("No", "Name", "Arabic", "Sex", "Age", "Born", "Died", "Place", "Gov", "Status", "Notes")
SOMEONE = {
    "No": "1", "Name": "Tamoru Vakeni Solmadi", "Arabic": "تمورو فكني سلمدي", "Sex": "m", "Age": "34",
    "Born": "1996-11", "Died": "02/05/2031", "Place": "Mill", "Gov": "Strip Governorate", "Status": "مدني",
    "Notes": "a note",
}  # fmt: skip


def a_list(*changes: Mapping[str, str], separator: str = ",") -> bytes:
    """Return a list with one entry for each set of changes to an invented one; its ids run from 1."""
    entries = [{**SOMEONE, "No": str(n), **each} for n, each in enumerate(changes, 1)]
    return table(HEADER, entries, separator)


def deaths(sample: bytes, mapping: str = MAPPING, name: str = "list.csv") -> pa.Table:
    """Return the entries of a list."""
    known = replace(context(mapping=mapping), file=name)
    return stack(DEATH, list(Mapped().deaths(report(sample), held(sample, name, mapping), known)))


def entries(*changes: Mapping[str, str], mapping: str = MAPPING) -> list[dict[str, Any]]:
    """Return the entries of a list with these changes, as mappings."""
    return list(rows(deaths(a_list(*changes), mapping)))


def parts(*names: Sequence[str]) -> bytes:
    """Return a list whose names are given in parts: given, father, grandfather, family."""
    header = ("No", "Given", "Father", "Grandfather", "Family", "Sex", "Age", "Died")
    fixed = {"Sex": "f", "Age": "30", "Died": "2031-05-02"}
    named = [{**dict(zip(header[1:5], each, strict=True)), **fixed} for each in names]
    return table(header, [{"No": str(n), **each} for n, each in enumerate(named, 1)])


def by_word(
    given: pa.Table, lists: Any, behaviour: Sequence[Repeats], settled: Settled, engine: Engine
) -> Linked:
    """Link entries of one name: a linker whose answers a test can foretell. A third of draws differ."""
    names = given["name"].to_pylist()
    first: dict[str, int] = {}
    groups = np.array([n if name is None else first.setdefault(name, n) for n, name in enumerate(names)])
    several = [(first[name], n) for n, name in enumerate(names) if name is not None and first[name] != n]
    pairs = pa.table(
        {
            "a": pa.array([a for a, _ in several], pa.int64()),
            "b": pa.array([b for _, b in several], pa.int64()),
            "weight": pa.array([9000] * len(several), pa.int32()),
            "confidence": pa.array([667] * len(several), pa.int64()),
        }
    )
    people = len(set(groups.tolist()))
    return Linked(groups, pairs, "rule", 0, np.full(len(groups), 667), people, people + len(several))


def list_case(folder: Path, lists: Mapping[str, tuple[str, bytes]]) -> Case:
    """Return a case of the invented agreement with these lists in its inbox: source and bytes by file."""
    made = a_case(folder)
    (folder / "mappings").mkdir(exist_ok=True)
    (folder / "mappings" / "list.yaml").write_text(MAPPING, encoding="utf-8")
    for name, (source, sample) in lists.items():
        add_list(folder, name, source, sample)
    return made


@made_once
def ran_lists(folder: Path, lists: Mapping[str, tuple[str, bytes]]) -> Case:
    """Return a case of these lists after a run, linked as Holdfire is trained to."""
    made = list_case(folder, lists)
    made.run()
    return made


def add_list(folder: Path, name: str, source: str, sample: bytes) -> None:
    """Put a list into the inbox of a case, with its note."""
    (folder / "inbox" / name).write_bytes(sample)
    note = f"source: {source}\nmapping: mappings/list.yaml\n"
    (folder / "inbox" / f"{name}.about.yaml").write_text(note, encoding="utf-8")
