"""What the claims say of deaths and injuries, added up as wide as they are.

Four rules hold, and tests/properties/test_tallies.py tries to break each:

* the lowest figures are added, and so are the highest; the best is never outside them;
* an incident of which no claim gives a figure adds nothing to the lowest and is counted as silent;
* where any incident is silent or has no highest figure, the whole has none: silence is not zero;
* the order of incidents changes nothing, and two parts add up to the whole.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from holdfire.records.tally import Tally, What


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
