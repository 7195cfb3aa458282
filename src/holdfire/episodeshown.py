"""What `holdfire explain` tells of episodes: the runs of incidents that an incident may be part of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow.compute as pc

from holdfire.fusing.incidents.episodes import Episodes
from holdfire.tables import rows


def episode_of(runs: Episodes, incident: str) -> str:
    """Return one line on the episode that an incident is in."""
    home = runs.members.filter(pc.equal(runs.members["incident_id"], incident))
    if not home.num_rows:
        return "none: it stands alone, or who, when or where is not known well enough"
    name = home["episode_id"][0].as_py()
    row = next(rows(runs.episodes.filter(pc.equal(runs.episodes["episode_id"], name))))
    return f"{name}, {row['incidents']:,} incidents"


def incidents_of(runs: Episodes, episode: str) -> list[str]:
    """Return the ids of the incidents of an episode, in order."""
    ids: list[str] = runs.members.filter(pc.equal(runs.members["episode_id"], episode))[
        "incident_id"
    ].to_pylist()
    return sorted(ids)


def facts(row: Mapping[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    """Return what is told of an EPISODE row."""
    low, high = row["killed_low"], row["killed_high"]
    killed = "no claim says" if low is None else f"at least {low}" if high is None else f"{low} to {high}"
    silent = f"; {row['silent']:,} incidents say nothing of it" if row["silent"] and low is not None else ""
    return {
        "parties": row["parties"],
        "areas": row["areas"],
        "when": f"{_local(row['start'], zone)} to {_local(row['end'], zone)}",
        "killed": killed + silent,
        "incidents": f"{row['incidents']:,}; each stands and is judged by itself",
    }


def _local(when: datetime, zone: ZoneInfo) -> str:
    return f"{when.astimezone(zone):%Y-%m-%d %H:%M}"
