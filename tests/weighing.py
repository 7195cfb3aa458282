"""Put pairs into a case as if its last run had weighed them, and open it as another process would."""

from __future__ import annotations

import pyarrow.parquet as pq

from holdfire.case import Case
from holdfire.records.link import SAME_AS


def again(case: Case, by: str = "A") -> Case:
    return Case(type(case.folder)(case.folder.path), now=case.now, by=by, random=case.random)


def weigh(case: Case, listed: list[tuple[int, int, int, int]]) -> list[str]:
    """Keep these pairs (places of two claims, weight, confidence) as those that the last run weighed."""
    found = case.found()
    ids = sorted(found.fused.members["claim_id"].to_pylist())
    table = SAME_AS.table(
        {"one": ids[a], "other": ids[b], "weight": weight, "confidence": sure, "by": "0" * 16}
        for a, b, weight, sure in listed
    )
    pq.write_table(SAME_AS.sorted(table), case.folder.made / "found" / "same_as.parquet")
    return ids
