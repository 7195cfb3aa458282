"""People of the lists of the dead in a case: entries are read from the vault, linked in memory, told by ids.

Four rules hold, and tests/unit/test_peopling.py tries to break each:

* every entry of every list is in exactly one person, whether anything can be told of it or not;
* nothing that is kept or told was ever a name, nor was made of one;
* the order in which lists came changes no group;
* what people judged of two entries is honoured, or it is said why not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from holdfire.digests import Digest, digest_of
from holdfire.engine import Engine
from holdfire.holdings import Held
from holdfire.readings import Readings
from holdfire.records.death import DEATH, NAMES
from holdfire.records.person import PERSON
from holdfire.tables import stack

CHUNK = 1 << 20

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Entries:
    """Every entry of every list of a case.

    Attributes:
        lists: The lists, in an order that does not depend on when they came or on any salt.
        deaths: DEATH rows in that order. They hold names: keep them in memory.
    """

    lists: tuple[Held, ...]
    deaths: pa.Table

    @property
    def list_of(self) -> Numbers:
        """Return for each entry the place of its list (entries,)."""
        places = pa.array([each.report.id for each in self.lists], pa.string())
        found: Numbers = pc.index_in(self.deaths["report"], value_set=places).to_numpy().astype(np.int64)
        return found


def gather(readings: Readings, held: Iterable[Held]) -> Entries:
    """Return the entries of all lists among some reports, read anew.

    Raises:
        BadInput: All problems of a list.
    """
    lists = sorted(readings.lists(held), key=_order)
    return Entries(tuple(lists), stack(DEATH, [readings.deaths(each) for each in lists]))


def _order(held: Held) -> tuple[str, str, Digest]:
    with held.open() as stream:
        # Of the plain bytes, not of the salted id: two cases of the same lists have them in one order.
        name = digest_of(iter(lambda: stream.read(CHUNK), b""))
    return held.report.source, held.report.published, name


def named(deaths: pa.Table) -> Numbers:
    """Return for each entry whether it has two letters of a name: 1, else 0 (entries,)."""
    found = np.zeros(deaths.num_rows, np.int64)
    for column in NAMES:
        letters = pc.match_substring_regex(deaths[column], r"\pL.*\pL")
        found |= pc.fill_null(letters, False).to_numpy().astype(np.int64)
    return found


def persons(
    deaths: pa.Table, groups: Numbers, sure: Numbers | None, came: Sequence[Digest], engine: Engine
) -> pa.Table:
    """Return PERSON rows.

    Args:
        deaths: DEATH rows; no name of theirs is looked at.
        groups: For each entry the smallest place of an entry of its group (entries,).
        sure: For each entry the share of draws in which its whole group is one [thousandths]; None: no draws.
        came: Ids of the lists in the order in which they came. A person keeps the id of the entry that came
            first, so that one more list renames nobody.
        engine: How to run SQL.
    """
    ids = deaths.select(["entry_id", "report", "source", "row"])
    rank = pc.index_in(ids["report"], value_set=pa.array(list(came), pa.string()))
    shares = pa.array(sure, pa.int64()) if sure is not None else pa.nulls(len(groups), pa.int64())
    told = ids.append_column("rank", rank).append_column("person", pa.array(groups))
    query = """
        SELECT 'p-' || substr(sha256(arg_min(entry_id, (rank, "row"))), 1, 16) AS person_id,
            list_sort(list(entry_id)) AS entries, list_sort(list_distinct(list(report))) AS lists,
            list_sort(list_distinct(list(source))) AS sources,
            CASE WHEN count(*) > 1 THEN min(share) END AS confidence
        FROM told GROUP BY person ORDER BY person_id
    """
    return PERSON.check(engine.sql(query, told=told.append_column("share", shares)))
