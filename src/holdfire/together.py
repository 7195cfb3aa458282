"""Claims of a case become incidents: fusing is handed what the folder says of sources, actors and links."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from holdfire.engine import Engine
from holdfire.folder import Folder
from holdfire.fusing.incidents.background import Background
from holdfire.fusing.incidents.fuse import Fused, Limits, fuse
from holdfire.links.judged import judged_claims
from holdfire.reading.types import event_types
from holdfire.records.link import Linked


def background(folder: Folder) -> Background:
    """Return what a case says of its sources and actors, and what the taxonomy says of means."""
    means = {each.name: each.mode for each in event_types().values() if each.mode}
    return Background.of(folder.sources.values(), folder.names.actors.values(), means)


def limits(folder: Folder) -> Limits:
    """Return how far apart two claims of one incident may lie in a case."""
    settings = folder.head.settings
    return Limits(reach=settings.join_km * 1000, days=settings.join_days)


def fused(folder: Folder, claims: pa.Table, engine: Engine) -> Fused:
    """Return the incidents that the claims of a case make, people's judgements of links kept."""
    known = judged_claims(folder.judgements, claims)
    made = fuse(
        claims,
        background(folder),
        engine,
        limits=limits(folder),
        weights=folder.parameters(Linked.INCIDENT),
        settled=known.settled,
    )
    return replace(made, lost=len(known.lost))
