"""What people overruled in hand/grades.yaml, as tables that weighing reads: their word stands for ours.

A source's letter, on one topic or on all, is weighed as they say. A claim that they call improbable (5) is
left out of the weighing; another number is shown and changes nothing, since a number follows from what others
say. The strength of a finding is as they say, whatever the evidence; its probability is not changed and
stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from holdfire.engine import Session
from holdfire.records.decided import GradeNote

IMPROBABLE = 5
_COLUMNS = {
    "overruled_sources": ("source", "topic", "value"),
    "overruled_claims": ("claim_id", "value"),
    "overruled_strengths": ("incident_id", "question", "value"),
}


def give_overruled(session: Session, notes: Sequence[GradeNote], named: pa.Array | None = None) -> None:
    """Give the tables `overruled_sources`, `_claims` and `_strengths`; of two on one thing the later stands.

    Args:
        session: Where they are given.
        notes: As people wrote them, in order.
        named: Ids of incidents, where they are numbered by their place among these; a note of another is
            left out. None: they are called by their ids.
    """
    found: dict[str, dict[tuple[str, ...], str]] = {name: {} for name in _COLUMNS}
    for note in sorted(notes, key=lambda each: each.at):
        if note.source:
            found["overruled_sources"][(note.source, note.topic)] = note.grade
        elif note.claim:
            found["overruled_claims"][(note.claim,)] = note.grade
        else:
            found["overruled_strengths"][(note.incident, note.question)] = note.grade
    for name, columns in _COLUMNS.items():
        rows = [(*key, value) for key, value in sorted(found[name].items())]
        table = pa.table({c: pa.array([row[n] for row in rows], pa.string()) for n, c in enumerate(columns)})
        if named is not None and "incident_id" in columns:
            table = numbered(table, named)
        session.give(name, table)


def numbered(table: pa.Table, named: pa.Array) -> pa.Table:
    """Return the rows of a table whose incident is among those named, called by its place there from 0."""
    places = pc.index_in(table["incident_id"], value_set=named).cast(pa.int64())
    at = table.schema.get_field_index("incident_id")
    return table.set_column(at, "incident_id", places).filter(pc.is_valid(places))
