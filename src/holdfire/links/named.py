"""The records that ids name, or their beginnings: some of them, or the two of a pair."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from holdfire.errors import BadInput
from holdfire.records.link import Pair
from holdfire.tables import rows


def rows_of(table: pa.Table, column: str, ids: Iterable[str]) -> list[dict[str, Any]]:
    """Return the rows of a table whose column holds one of these ids."""
    wanted = pa.array(sorted(set(ids)), pa.string())
    return list(rows(table.filter(pc.is_in(table[column], value_set=wanted))))


def two(ids: pa.ChunkedArray, one: str, other: str, *, what: tuple[str, str], found_in: str) -> Pair:
    """Return the two records that these ids, or their beginnings, name.

    Args:
        ids: Id of every record.
        one: An id, or its beginning.
        other: Another.
        what: What one record is called, and what several are.
        found_in: What names a record of this kind by its id.

    Raises:
        BadInput: No record, or several, are called so; or both are one record.
    """
    found = []
    for name in (one, other):
        named = ids.filter(pc.starts_with(ids, name)).to_pylist()
        if len(named) != 1:
            said = f"no {what[0]} is" if not named else f"{len(named)} {what[1]} are"
            raise BadInput(
                f'{said} called "{name}"', hint=f"`holdfire explain` of {found_in} names its {what[1]}"
            )
        found.append(str(named[0]))
    if found[0] == found[1]:
        raise BadInput(f"a pair has two {what[1]}", hint="both ids name one")
    return min(found), max(found)
