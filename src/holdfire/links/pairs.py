"""What pairs of claims and pairs of list entries share: what was weighed of what is there, what was judged.

Which pairs there are, what a record shows and what a verdict moves is each kind's own (claims.py, people.py).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from holdfire.case import Case
from holdfire.issuing import Found
from holdfire.links.judged import Judged
from holdfire.links.named import two
from holdfire.records.link import Judgement, Pair, Settled


class JudgedPairs(ABC):
    """Pairs of one kind of record, with what people judged of them.

    Attributes:
        case: The case.
        found: What its last run found.
    """

    what: tuple[str, str]
    """What one record is called, and what several are."""
    found_in: str
    """What names a record of this kind by its id."""

    def __init__(self, case: Case, found: Found | None = None) -> None:
        self.case = case
        self.found = found or case.found(stale=True)

    @property
    @abstractmethod
    def _links(self) -> pa.Table:
        """Return every pair that the last run weighed: SAME_AS rows."""

    @property
    @abstractmethod
    def _known(self) -> pa.ChunkedArray:
        """Return the id of every record that is there today."""

    @abstractmethod
    def _judge(self) -> Judged:
        """Return what judgements of this kind of record come to."""

    @cached_property
    def weighed(self) -> pa.Table:
        """Return every pair that the last run weighed and whose records are still there: SAME_AS rows."""
        links, known = self._links, self._known.combine_chunks()
        return links.filter(pc.and_(*(pc.is_in(links[end], value_set=known) for end in ("one", "other"))))

    @cached_property
    def _judged(self) -> Judged:
        return self._judge()

    @property
    def contested(self) -> Sequence[Pair]:
        """Return pairs on which the record and most draws do not agree: none, where nothing is drawn."""
        return ()

    @property
    def settled(self) -> Settled:
        """Return what judgements come to, by id of record."""
        return self._judged.settled

    @property
    def lost(self) -> Sequence[Judgement]:
        """Return judgements of which a side is not found any more."""
        return self._judged.lost

    def pair(self, one: str, other: str) -> Pair:
        """Return the two records that these ids, or their beginnings, name.

        Raises:
            BadInput: No record, or several, are called so; or both are one record.
        """
        return two(self._known, one, other, what=self.what, found_in=self.found_in)
