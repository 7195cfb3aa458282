"""How far GED and Airwars can be joined at all: what chance joins, and links that others beat in everything.

    python -m bench.fusing ged_airwars_limits

No link is needed for the first: with all dates of one source moved by weeks, pairs that still weigh enough do
so by chance. For the second, a link of UCDP's coders counts as beaten where another incident is at least as
near in place, in days, in the number of dead and in name, and nearer in one of days and dead: no weights can
choose the link then. Such links may be wrong, or rest on what neither file tells.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from bench.figures import Figure, share
from bench.fusing.ged_airwars import GED, Pair, by_event, gold, read, rows_of
from holdfire.engine import Engine
from holdfire.fusing.comparing.scoring import pairs
from holdfire.fusing.incidents.background import Background
from holdfire.fusing.incidents.features import features
from holdfire.fusing.incidents.moving import FLOOR, all_met
from holdfire.fusing.incidents.selecting import MAKES
from holdfire.fusing.parameters import parameters
from holdfire.fusing.profile import profile
from holdfire.fusing.training.decoys import chance

LINES = (-2_000, 0, 2_000, 4_000)
"""Weights of a pair at which chance is told [millibits]."""

SAME_TOWN = 3.0
"""Distance up to which one incident is as near as another [km]."""

Features = Mapping[str, Any]


@dataclass(frozen=True)
class Far:
    """How far two records are from each other.

    Attributes:
        place: Distance [km]; infinite: one is not placed.
        days: Days between them, by the border of a day.
        dead: Difference of their nearest numbers of dead, as a share of the greater; 1: one is silent.
        named: A part of their names is not one.
    """

    place: float
    days: int
    dead: float
    named: bool


def measure(shared: Path) -> Iterator[Figure]:
    """Yield what chance makes, and how many links others beat."""
    claims, known = read(shared)
    engine = Engine(threads=2, memory=4096)
    real, decoys = all_met(claims, known, engine, parameters("incident"))
    for line in LINES:
        seen, by_chance = chance(real, decoys, line)
        yield Figure(f"of pairs of GED and Airwars at odds of 2^{line // 1000} or more, made by chance",
                     by_chance / max(1, seen), count=seen,
                     note="as many as with dates moved by two to four weeks")  # fmt: skip
    linked = gold(shared, rows_of(claims))
    told, met = _told(claims, known, engine)
    others = by_event(met, 0)
    lost = [
        all(_beaten(one, other, others.get(one, set()) - links, told) for other in links)
        for one, links in by_event(linked, 0).items()
    ]
    yield share("linked GED events of which every link is beaten in everything", lost,
                note="no weights of these fields can choose the link")  # fmt: skip


def _told(claims: pa.Table, known: Background, engine: Engine) -> tuple[Mapping[str, Features], set[Pair]]:
    """Return the features of each claim, and the pairs of GED and Airwars that meet."""
    with engine.session() as session:
        session.give("claims", claims)
        session.view("makes", f"SELECT * FROM claims WHERE {MAKES}")
        features(session, known)
        own = ("claim_id", "source", "first", "last", "x", "y", "z", "parts", "least", "most")
        told = session.sql(f"SELECT {', '.join(own)} FROM features ORDER BY record").to_pylist()
        found = pairs(session, profile("incident"), parameters("incident"), FLOOR).pairs.to_pydict()
    ged = {
        each["claim_id"]
        for each in claims.select(["claim_id", "source"]).to_pylist()
        if each["source"] == GED
    }
    met = set()
    for a, b in zip(found["a"], found["b"], strict=True):
        one, other = told[a]["claim_id"], told[b]["claim_id"]
        if (one in ged) != (other in ged):
            met.add((one, other) if one in ged else (other, one))
    return {each["claim_id"]: each for each in told}, met


def _far(one: Features, other: Features) -> Far:
    placed = one["x"] is not None and other["x"] is not None
    place = (
        math.dist(*([each[axis] for axis in "xyz"] for each in (one, other))) / 1000 if placed else math.inf
    )
    gap = max(one["first"], other["first"]) - min(one["last"], other["last"])
    numbers = [{*each["least"], *each["most"]} for each in (one, other)]
    apart = [abs(a - b) / max(1, a, b) for a in numbers[0] for b in numbers[1]]
    named = not set(one["parts"] or ()) & set(other["parts"] or ())
    return Far(place, max(0, math.ceil(gap / 1440 + 0.5)) if gap > 0 else 0, min(apart, default=1.0), named)


def _beaten(one: str, other: str, rivals: Iterable[str], told: Mapping[str, Features]) -> bool:
    if one not in told or other not in told:
        return True
    own = _far(told[one], told[other])
    return any(_beats(_far(told[one], told[rival]), own) for rival in rivals)


def _beats(rival: Far, own: Far) -> bool:
    """Say whether a rival is as near in everything, and nearer in days or in dead."""
    as_near = (
        rival.place <= max(own.place, SAME_TOWN)
        and rival.days <= own.days
        and rival.dead <= own.dead
        and (not rival.named or own.named or rival.place <= SAME_TOWN)
    )
    return as_near and (rival.days < own.days or rival.dead < own.dead)
