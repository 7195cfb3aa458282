"""Small lists of the dead to read. Every name in them is made up, of syllables that are no one's name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from holdfire.reading.formats.mapped import Mapped
from holdfire.records.death import DEATH
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
