"""What the last run found, kept so that a run with nothing new has nothing to do.

It is kept under a key of everything it depends on (reports, what people wrote, the method), in one step;
it is never the record, and can be deleted. Which bulletins stand is the ledger's to say.
"""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from holdfire.digests import Digest, digest
from holdfire.fusing.incidents.episodes import Episodes
from holdfire.fusing.incidents.fuse import Fused
from holdfire.ledger.log import Ledger
from holdfire.ledger.shelf import Staged
from holdfire.peopling import NOBODY, People
from holdfire.records.determination import DETERMINATION
from holdfire.records.episode import EPISODE, EPISODE_MEMBER
from holdfire.records.incident import BELONGING, INCIDENT, MEMBER
from holdfire.records.link import SAME_AS
from holdfire.records.person import PERSON
from holdfire.records.report import Report
from holdfire.tables import Schema

PAIRED = "paired"
"""Name of the table of pairs of list entries."""
TABLES: dict[str, Schema] = {
    **{schema.noun: schema for schema in (INCIDENT, MEMBER, DETERMINATION, SAME_AS, PERSON)},
    PAIRED: SAME_AS,
    **{schema.noun: schema for schema in (EPISODE, EPISODE_MEMBER, BELONGING)},
}
"""What is kept, in this order."""


@dataclass(frozen=True)
class Summary:
    """What a run came to, in a few numbers.

    Attributes:
        reports: Reports held.
        claims: Claims read from them.
        incidents: Incidents they make.
        verdicts: How many of each verdict.
        crowded: Claims in blocks too crowded to compare whole; compared with their nearest only.
        unanswered: Denials and pleas that fit no incident.
        last_day: Last local day on which anything is recorded; empty: nothing is.
        entries: Entries of lists of the dead.
        people: People they are about.
        people_low: Least number of people of 95 of 100 posterior draws; None: no draws were made.
        people_high: Greatest such number.
        alone: Entries that name no one, each of which is counted as a person.
        crowded_entries: At least so many entries stood in a block too crowded to compare whole.
        unheeded: Pairs of entries that people judged the same and that stay apart.
        episodes: Runs of incidents of the same parties in one area.
        in_episodes: Incidents that are in one.
        weights: Digest of the parameters that were trained on this case, by kind of record.
        lost: Judgements of links of which a side is not found any more.
        repeated: For each source that is said never to repeat itself, how many of its claims and of the
            entries of its lists are equal to another in all that is compared.
    """

    reports: int
    claims: int
    incidents: int
    verdicts: Mapping[str, int]
    crowded: int
    unanswered: int
    last_day: str
    entries: int = 0
    people: int = 0
    people_low: int | None = None
    people_high: int | None = None
    alone: int = 0
    crowded_entries: int = 0
    unheeded: int = 0
    episodes: int = 0
    in_episodes: int = 0
    weights: Mapping[str, Digest] = field(default_factory=dict)
    lost: int = 0
    repeated: Mapping[str, int] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """Return what the log's entry of a run counts."""
        names = ("reports", "claims", "incidents", *(("entries", "people") if self.entries else ()))
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class Kept:
    """Incidents, determinations and people of a run, and its summary."""

    summary: Summary
    fused: Fused
    determinations: pa.Table
    people: People = NOBODY

    @property
    def found(self) -> tuple[Fused, pa.Table, People]:
        """Return all but the summary."""
        return self.fused, self.determinations, self.people


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
        incidents, members, determinations, links, persons, paired, *more = (
            pq.read_table(folder / f"{name}.parquet", schema=schema.arrow) for name, schema in TABLES.items()
        )
    except (OSError, pa.ArrowException):
        return None
    fused = Fused(incidents, members, found.crowded, found.unanswered, links, Episodes(*more[:2]), more[2])
    people = People(
        persons,
        paired,
        entries=found.entries,
        alone=found.alone,
        low=found.people_low,
        high=found.people_high,
        crowded_entries=found.crowded_entries,
        unheeded=found.unheeded,
    )
    return Kept(found, fused, determinations, people)


def summarise(
    known: Sequence[Report],
    claims: pa.Table,
    fused: Fused,
    determinations: pa.Table,
    zone: ZoneInfo,
    people: People = NOBODY,
    weights: Mapping[str, Digest] | None = None,
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
        entries=people.entries,
        people=people.persons.num_rows,
        people_low=people.low,
        people_high=people.high,
        alone=people.alone,
        crowded_entries=people.crowded_entries,
        unheeded=people.unheeded,
        episodes=fused.runs.episodes.num_rows,
        in_episodes=fused.runs.members.num_rows,
        weights=weights or {},
        lost=fused.lost + people.lost,
        repeated=dict(sorted((Counter(fused.repeated) + Counter(people.repeated)).items())),
    )


def store(folder: Path, key: Digest, kept: Kept) -> None:
    """Keep what a run found, in one step."""
    tables = {
        INCIDENT.noun: kept.fused.incidents,
        MEMBER.noun: kept.fused.members,
        DETERMINATION.noun: kept.determinations,
        SAME_AS.noun: kept.fused.links,
        PERSON.noun: kept.people.persons,
        PAIRED: kept.people.links,
        EPISODE.noun: kept.fused.runs.episodes,
        EPISODE_MEMBER.noun: kept.fused.runs.members,
        BELONGING.noun: kept.fused.sure,
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
