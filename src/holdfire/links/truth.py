"""What a made-up country knows of the pairs that its case weighed: the truth beside it, judged by no one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from holdfire.errors import BadInput
from holdfire.issuing import Found
from holdfire.records.link import Pair
from holdfire.tables import rows

_COLUMNS = ("file", "row", "span_start", "span_end", "incident")


def truth_of(found: Found, file: Path) -> dict[Pair, bool]:
    """Return of each weighed pair of claims whether the truth has them as one, where it knows of both.

    Args:
        found: What a run made of the case of a world.
        file: The folder `truth` of that world, or its `case_told.parquet`.

    Raises:
        BadInput: It is no such file.
    """
    file = file / "case_told.parquet" if file.is_dir() else file
    try:
        told = pq.read_table(file, columns=list(_COLUMNS))
    except (OSError, pa.ArrowException, KeyError):
        raise BadInput(
            "this is no truth of a made-up country", str(file), "WORLD/truth/case_told.parquet"
        ) from None
    rows_of: dict[tuple[str, int], set[int]] = {}
    texts: dict[str, list[tuple[int, int, int]]] = {}
    for each in rows(told):
        name, incident = each["file"].removeprefix("case/"), each["incident"]
        if incident is None:
            continue
        if each["row"] is not None:
            rows_of.setdefault((name, each["row"]), set()).add(incident)
        else:
            texts.setdefault(name, []).append((each["span_start"], each["span_end"], incident))
    names = {held.report.id: held.file for held in found.held}
    known = {}
    for claim in rows(found.claims.select(["claim_id", "report", "row", "spans"])):
        name = names.get(claim["report"], "")
        told_of = (
            rows_of.get((name, claim["row"]))
            if claim["row"] is not None
            else _met(claim, texts.get(name, []))
        )
        if told_of:
            known[claim["claim_id"]] = told_of
    links = found.fused.links
    pairs = zip(links["one"].to_pylist(), links["other"].to_pylist(), strict=True)
    return {(a, b): bool(known[a] & known[b]) for a, b in pairs if a in known and b in known}


def _met(claim: Mapping[str, Any], told: list[tuple[int, int, int]]) -> set[int]:
    """Return the incidents that the words of a claim tell of."""
    return {
        incident for start, end, incident in told for a, b in claim["spans"] or () if a < end and start < b
    }
