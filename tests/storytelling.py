"""Turn a story of tests/stories into claims, and run it through fusing and judging."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from holdfire import times, together
from holdfire.engine import Engine
from holdfire.folder import Folder
from holdfire.fusing.incidents.fuse import Fused
from holdfire.judging.determining import Inquiry, judge
from holdfire.places import RADIUS, GeoPrecision
from holdfire.plugins import kinds
from holdfire.records.actor import fold
from holdfire.records.casefile import radius
from holdfire.records.claim import CLAIM
from holdfire.tables import rows

ROOT = Path(__file__).resolve().parent.parent
ENGINE = Engine(threads=2, memory=1024)


@cache
def case(name: str) -> tuple[Folder, Inquiry]:
    """Return a case of the tests, or a shipped one, and what its questions need."""
    path = next(p for p in (ROOT / "tests/agreements" / name, ROOT / "examples" / name) if p.is_dir())
    folder = Folder(path)
    agreement = folder.check(kinds())
    governorates = folder.gazetteer.governorates()
    return folder, Inquiry(agreement, folder.names, folder.sources, kinds(), governorates)


@dataclass(frozen=True)
class Told:
    """What a story's claims came to."""

    claims: pa.Table
    fused: Fused
    determinations: list[dict[str, Any]]


def tell(story: Mapping[str, Any]) -> Told:
    """Return what the story's claims came to."""
    folder, inquiry = case(story["agreement"])
    claims = CLAIM.table(_claim(c, n, folder) for n, c in enumerate(story["claims"], 1))
    fused = together.fused(folder, claims, ENGINE)
    judged = judge(fused.incidents, fused.members, claims, inquiry, ENGINE)
    return Told(claims, fused, list(rows(judged)))


def _claim(given: Mapping[str, Any], number: int, folder: Folder) -> dict[str, Any]:
    source = given["source"]
    said = times.instant(str(given["said"]), folder.zone) if "said" in given else None
    interval, precision = times.parse(str(given["when"]), folder.zone) if "when" in given else (None, None)
    if given.get("precision") == "week" and interval and interval.start:
        interval = times.Interval(interval.start, interval.start + timedelta(days=7))
    sides = given.get("sides")
    low, high = _range(given.get("killed"))
    return {
        "claim_id": f"c-{number:016x}",
        "report": f"{number:064x}",
        "seq": number,
        "source": source,
        "root": given.get("root", f"source:{source}"),
        "chain": [],
        "voice": source,
        "kind": given.get("kind", "reported"),
        "stance": given.get("stance", "asserts"),
        "modality": given.get("modality", "actual"),
        "negated": given.get("negated", False),
        "event_type": given.get("act"),
        "actors": sides[0] if sides else _who(given, "actor", said, folder),
        "targets": sides[1] if sides else _who(given, "target", said, folder),
        "directed": sides is None,
        "start": interval.start if interval else None,
        "end": interval.end if interval else None,
        "time_precision": given.get("precision") or (precision.value if precision else "unknown"),
        **_where(given, folder),
        "killed_low": low,
        "killed_best": low if low == high else None,
        "killed_high": high,
        "quantity": given.get("quantity"),
        "quantity_bound": "exact" if "quantity" in given else None,
        "counting_rule": given.get("counting_rule"),
        "cumulative": given.get("cumulative", False),
        "spans": [],
        "row": number,
        "rules": [],
    }


def _who(given: Mapping[str, Any], side: str, said: Any, folder: Folder) -> list[str] | None:
    if side in given:
        listed = given[side] if isinstance(given[side], list) else [given[side]]
        unknown = [a for a in listed if a not in folder.names.actors and not a.startswith("~")]
        assert not unknown, f"the case describes no actor {unknown}"
        return listed
    if f"{side}_name" in given:
        name = given[f"{side}_name"]
        return [folder.names.find(name, said) or f"~{fold(name)}"]
    return None


def _where(given: Mapping[str, Any], folder: Folder) -> dict[str, Any]:
    if "where" in given:
        lat, lon = given["where"]
        return {
            "lat": float(lat),
            "lon": float(lon),
            "radius": float(given.get("radius", RADIUS[GeoPrecision.POINT])),
            "geo_precision": "point",
        }
    name = given.get("place") or given.get("district")
    if name is None:
        return {"geo_precision": "unknown"}
    place = folder.gazetteer.places[name]
    return {
        "place": place.name["en"],
        "lat": place.lat,
        "lon": place.lon,
        "radius": float(given.get("radius") or radius(place) or 0) or None,
        "geo_precision": place.level,
    }


def _range(killed: Any) -> tuple[int | None, int | None]:
    if killed is None:
        return None, None
    return (killed[0], killed[1]) if isinstance(killed, list) else (killed, killed)
