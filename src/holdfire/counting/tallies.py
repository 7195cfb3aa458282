"""What the claims say of deaths and injuries, added up as wide as they are.

Four rules hold, and tests/properties/test_tallies.py tries to break each:

* the lowest figures are added, and so are the highest; the best is never outside them;
* an incident of which no claim gives a figure adds nothing to the lowest and is counted as silent;
* where any incident is silent or has no highest figure, the whole has none: silence is not zero;
* the order of incidents changes nothing, and two parts add up to the whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from holdfire.records.count import Count

What = Literal["killed", "civilians", "injured"]


@dataclass(frozen=True, slots=True)
class Tally:
    """Deaths or injuries of some incidents.

    Attributes:
        incidents: How many incidents.
        low: At least so many [people].
        best: Sum of the reports' own best figures [people]; None: some incident has a figure and no best.
        high: At most so many [people]; None: not known.
        silent: Incidents of which no claim gives a figure.
        unbounded: Incidents that have a figure and no highest one.
    """

    incidents: int
    low: int
    best: int | None
    high: int | None
    silent: int
    unbounded: int

    @property
    def count(self) -> Count:
        """Return it as a value that can be added to another."""
        return Count(self.low, self.high)


def tally(incidents: pa.Table, what: What = "killed") -> Tally:
    """Return what the claims of these incidents say of deaths or injuries.

    Args:
        incidents: INCIDENT rows, or any table with `killed_low` and the like.
        what: Of whom: all killed, civilians killed, or injured.
    """
    low, high = incidents[f"{what}_low"], incidents[f"{what}_high"]
    silent = pc.sum(pc.is_null(low)).as_py() or 0
    unbounded = pc.sum(pc.and_(pc.is_valid(low), pc.is_null(high))).as_py() or 0
    best = incidents["killed_best"] if what == "killed" else None
    given = best is not None and best.length() - best.null_count == incidents.num_rows - silent > 0
    return Tally(
        incidents=incidents.num_rows,
        low=pc.sum(low).as_py() or 0,
        best=pc.sum(best).as_py() if given else None,
        high=None if silent or unbounded else pc.sum(high).as_py() or 0,
        silent=silent,
        unbounded=unbounded,
    )
