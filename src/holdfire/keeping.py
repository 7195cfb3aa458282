"""What the last run found, kept so that a run with nothing new has nothing to do.

It is kept under a key of everything it depends on (reports, what people wrote, the method), in one step;
it is never the record, and can be deleted. Which bulletins stand is the ledger's to say.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from holdfire.digests import Digest, digest
from holdfire.fusing.incidents.fuse import Fused
from holdfire.ledger.log import Ledger
from holdfire.ledger.shelf import Staged
from holdfire.records.determination import DETERMINATION
from holdfire.records.incident import INCIDENT, MEMBER
from holdfire.records.link import SAME_AS
from holdfire.records.report import Report


@dataclass(frozen=True)
class Summary:
    """What a run came to, in a few numbers.

    Attributes:
        reports: Reports held.
        claims: Claims read from them.
        incidents: Incidents they make.
        verdicts: How many of each verdict.
        crowded: Claims in blocks too crowded to compare; each stands alone.
        unanswered: Denials and pleas that fit no incident.
        last_day: Last local day on which anything is recorded; empty: nothing is.
    """

    reports: int
    claims: int
    incidents: int
    verdicts: Mapping[str, int]
    crowded: int
    unanswered: int
    last_day: str


@dataclass(frozen=True)
class Kept:
    """Incidents and determinations of a run, and its summary."""

    summary: Summary
    fused: Fused
    determinations: pa.Table


def summary(folder: Path, key: Digest | None) -> Summary | None:
    """Return the summary kept under this key, or under any; None: something else, or nothing, is kept."""
    try:
        about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
        return Summary(**about["summary"]) if key in (None, about["key"]) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def load(folder: Path, key: Digest | None) -> Kept | None:
    """Return what is kept under this key, or under any; None: something else, or nothing, is kept."""
    found = summary(folder, key)
    if found is None:
        return None
    try:
        incidents, members, determinations, links = (
            pq.read_table(folder / f"{schema.noun}.parquet", schema=schema.arrow)
            for schema in (INCIDENT, MEMBER, DETERMINATION, SAME_AS)
        )
    except (OSError, pa.ArrowException):
        return None
    fused = Fused(incidents, members, found.crowded, found.unanswered, links)
    return Kept(found, fused, determinations)


def summarise(
    known: Sequence[Report], claims: pa.Table, fused: Fused, determinations: pa.Table, zone: ZoneInfo
) -> Summary:
    """Return what a run came to."""
    verdicts = determinations["verdict"].value_counts().to_pylist()
    latest = pc.max(fused.incidents["start"]).as_py()
    published = max((report.published for report in known), default="")[:10]
    day = latest.astimezone(zone).date().isoformat() if latest else published
    return Summary(
        reports=len(known),
        claims=claims.num_rows,
        incidents=fused.incidents.num_rows,
        verdicts={v["values"]: v["counts"] for v in sorted(verdicts, key=lambda v: str(v["values"]))},
        crowded=fused.crowded,
        unanswered=fused.unanswered,
        last_day=day if len(day) == len("2016-02-27") else "",
    )


def store(folder: Path, key: Digest, kept: Kept) -> None:
    """Keep what a run found, in one step."""
    tables = {
        INCIDENT.noun: kept.fused.incidents,
        MEMBER.noun: kept.fused.members,
        DETERMINATION.noun: kept.determinations,
        SAME_AS.noun: kept.fused.links,
    }
    with Staged(folder) as staged:
        for noun, table in tables.items():
            buffer = io.BytesIO()
            pq.write_table(table, buffer, compression="zstd")
            staged.write(f"{noun}.parquet", buffer.getvalue())
        staged.write("about.json", json.dumps({"key": key, "summary": asdict(kept.summary)}).encode())


def stands(ledger: Ledger, bulletins: Path, name: str, key: Digest) -> bool:
    """Return whether the bulletin of this period was made under this key and is there as it was issued."""
    issued = [e.value for e in ledger.entries("bulletin") if e.value["period"] == name]
    manifest = bulletins / name / "manifest.txt"
    return bool(
        issued
        and issued[-1].get("run") == key
        and manifest.is_file()
        and digest(manifest.read_bytes()) == issued[-1]["manifest"]
    )
