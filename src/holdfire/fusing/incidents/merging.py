"""Make one incident of the claims that speak of it.

Five rules hold, and tests/properties/test_merging.py tries to break each:

* every claim goes into exactly one incident;
* where two claims speak and disagree, the incident is as wide as both;
* a claim that is silent on a field, or coarser without contradicting, widens nothing;
* the order in which reports arrive changes nothing;
* one more claim may widen an incident, join two or win a claim from another, but removes none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from holdfire.digests import short
from holdfire.fusing.incidents.background import GENERIC
from holdfire.places import distance
from holdfire.records.claim import ROOTS
from holdfire.times import Precision

Row = Mapping[str, Any]

_EARLIEST = datetime(1, 1, 1, tzinfo=UTC)
_LATEST = datetime(9999, 12, 31, tzinfo=UTC)


def place_in_report(claim: Mapping[str, Any]) -> tuple[str, int, str]:
    """Return what claims are ordered by: never first by their ids, which hold a random salt of the case."""
    return str(claim["source"]), int(claim.get("seq") or 0), str(claim["claim_id"])


def incident_id(claim_ids: Iterable[str]) -> str:
    """Return the id of the incident these claims make: that of its first claim."""
    return short("i", min(claim_ids))


Beside = Mapping[str, Collection[str]]
"""For each actor those on its side; one not named stands alone."""


def merge(claims: Sequence[Row], beside: Beside | None = None) -> dict[str, Any]:
    """Return the INCIDENT row that several CLAIM rows make, all of which support it.

    Args:
        claims: CLAIM rows.
        beside: Who is on whose side, by which an account of two sides says whom an ally of one struck.
    """
    ordered = sorted(claims, key=place_in_report)
    return {
        "incident_id": incident_id(str(c["claim_id"]) for c in ordered),
        "event_type": _type([c["event_type"] for c in ordered]),
        **_sides(ordered, beside or {}),
        **_time(ordered),
        **_place(ordered),
        **_killed(ordered),
        **_range(ordered, "civilians"),
        **_range(ordered, "injured"),
        "claims": len(ordered),
        "reports": len({c["report"] for c in ordered}),
        "roots": len({root for c in ordered for root in c["root"].split(ROOTS)}),
    }


def _type(types: Sequence[str]) -> str:
    """Return the type all share; else the finest one that the others do not contradict; else none of them."""
    fine = sorted({t for t in types if t not in GENERIC})
    if len(fine) == 1:
        return fine[0]
    if not fine:
        return types[0] if len(set(types)) == 1 else f"{types[0].split('.')[0]}.unspecified"
    return f"{fine[0].split('.')[0]}.unspecified"


def _sides(claims: Sequence[Row], beside: Beside) -> dict[str, Any]:
    """Return who acted on whom: what directed claims say, or the two sides if none is directed."""
    directed = [c for c in claims if c["directed"]]
    speaking = directed or claims
    actors = _union(c["actors"] for c in speaking)
    targets = _union(c["targets"] for c in speaking)
    if directed and targets is None:
        acting = set(actors or ())
        allied = acting.union(*(beside.get(each, ()) for each in acting))
        targets = _union(_facing(c, acting) or _facing(c, allied) for c in claims if not c["directed"])
    return {
        "directed": bool(directed),
        "actors": actors,
        "targets": targets,
        "actors_text": _joined(c["actors_text"] for c in speaking),
        "targets_text": _joined(c["targets_text"] for c in speaking),
    }


def _facing(claim: Row, actors: set[str]) -> Sequence[str]:
    """Return the side of an undirected claim that faces these actors; none if they are on neither."""
    first, second = claim["actors"] or (), claim["targets"] or ()
    if actors & set(first) and not actors & set(second):
        return second
    return first if actors & set(second) and not actors & set(first) else ()


def _union(lists: Iterable[Sequence[str] | None]) -> list[str] | None:
    return sorted({actor for each in lists for actor in each or ()}) or None


def _joined(texts: Iterable[str | None]) -> str | None:
    return " / ".join(sorted({t for t in texts if t})) or None


def _time(claims: Sequence[Row]) -> dict[str, Any]:
    spans = [
        (c["start"] or _EARLIEST, c["end"] or _LATEST, c["time_precision"])
        for c in claims
        if c["start"] is not None or c["end"] is not None
    ]
    if not spans:
        return {"start": None, "end": None, "time_precision": Precision.UNKNOWN.value}
    fine = min(spans, key=lambda s: (s[1] - s[0], s))
    # Half open: an instant at the end of a span does not lie in it.
    apart = [s for s in spans if not (s[0] <= fine[0] and fine[1] <= s[1] and (fine[0] < s[1] or s == fine))]
    start = min([fine[0], *(s[0] for s in apart)])
    end = max([fine[1], *(s[1] for s in apart)])
    return {
        "start": None if start == _EARLIEST else start,
        "end": None if end == _LATEST else end,
        "time_precision": Precision.RANGE.value if apart and end - start > timedelta(days=1) else fine[2],
    }


def _place(claims: Sequence[Row]) -> dict[str, Any]:
    areas = {c["admin1"] for c in claims if c["admin1"]}
    located = [c for c in claims if c["lat"] is not None and c["lon"] is not None]
    named = [c for c in claims if c["place"]]
    admin1 = areas.pop() if len(areas) == 1 else None
    if not located:
        return {
            "place": named[0]["place"] if named else None,
            "admin1": admin1,
            "lat": None,
            "lon": None,
            "radius": None,
            "geo_precision": named[0]["geo_precision"] if named else "unknown",
        }
    fine = min(located, key=lambda c: (_radius(c), place_in_report(c)))
    radius = _radius(fine)
    for claim in located:
        apart = float(distance(fine["lat"], fine["lon"], claim["lat"], claim["lon"]))
        if apart + _radius(fine) > _radius(claim):
            radius = max(radius, round(apart + _radius(claim), 1))
    return {
        "place": fine["place"] or (named[0]["place"] if named else None),
        "admin1": admin1,
        "lat": fine["lat"],
        "lon": fine["lon"],
        "radius": None if radius == float("inf") else radius,
        "geo_precision": fine["geo_precision"],
    }


def _radius(claim: Row) -> float:
    return float("inf") if claim["radius"] is None else float(claim["radius"])


def _killed(claims: Sequence[Row]) -> dict[str, Any]:
    best = sorted(c["killed_best"] for c in claims if c["killed_best"] is not None)
    return {**_range(claims, "killed"), "killed_best": best[(len(best) - 1) // 2] if best else None}


def _range(claims: Sequence[Row], what: str) -> dict[str, Any]:
    """Return the widest range of the claims that speak; one that gives no upper bound leaves none."""
    low, high, best = f"{what}_low", f"{what}_high", f"{what}_best"
    speaking = [c for c in claims if any(c.get(k) is not None for k in (low, high, best))]
    if not speaking:
        return {low: None, high: None}
    lows = [c[low] if c[low] is not None else c.get(best) or 0 for c in speaking]
    highs = [c[high] for c in speaking]
    return {low: min(lows), high: None if None in highs else max(highs)}
