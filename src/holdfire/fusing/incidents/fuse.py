"""Claims in, incidents out; every claim of an occurrence is in exactly one, and none is dropped.

Claims become features, features weighed pairs, pairs groups, groups incidents; the first two steps and the
claims that stand alone are statements of SQL. What is promised, and what cannot be, is in merging.py and in
docs/decisions/0023-an-incident-is-a-group-of-claims.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from holdfire.engine import Engine, Session
from holdfire.fusing.comparing.folding import fold
from holdfire.fusing.comparing.scoring import Scored, pairs
from holdfire.fusing.grouping.clustering import Joining, Judged, Pairs, group
from holdfire.fusing.incidents.alone import PART, alone
from holdfire.fusing.incidents.answering import answers
from holdfire.fusing.incidents.background import Background
from holdfire.fusing.incidents.belonging import belonging
from holdfire.fusing.incidents.episodes import Episodes, episodes
from holdfire.fusing.incidents.features import features
from holdfire.fusing.incidents.linking import same_as
from holdfire.fusing.incidents.merging import incident_id, merge
from holdfire.fusing.incidents.selecting import MAKES
from holdfire.fusing.parameters import Parameters, parameters
from holdfire.fusing.profile import profile
from holdfire.fusing.repeating import equal
from holdfire.records.claim import CLAIM
from holdfire.records.incident import BELONGING, INCIDENT, MEMBER
from holdfire.records.link import SAME_AS, Said, Settled
from holdfire.records.source import Repeats
from holdfire.tables import rows, stack

FLOOR = -4_250
"""Least weight of a pair that is kept [millibits]: odds of one to nineteen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How far apart two claims of one incident may lie, whatever speaks for them.

    Attributes:
        reach: Beyond their own radii [m].
        days: Beyond their own times [days].
    """

    reach: int = 50_000
    days: int = 3


@dataclass(frozen=True, slots=True)
class Fused:
    """What fusing gives.

    Attributes:
        incidents: INCIDENT rows.
        members: MEMBER rows; each claim that makes or answers an incident is in exactly one.
        crowded: Claims in blocks too crowded to compare whole; they were compared with their nearest only.
        unanswered: Denials and pleas that fit no incident; they are listed, not counted.
        links: SAME_AS rows: every pair of claims that was weighed above the floor, or that people judged.
        runs: Episodes, the runs that incidents make, and which incident is in which.
        sure: BELONGING rows: how surely a claim belongs to its incident.
        repeated: For each source that is said never to repeat itself, how many of its claims are equal to
            another in all that is compared.
        lost: Judgements of links of which a side is not found any more; whoever finds the sides counts them.
    """

    incidents: pa.Table
    members: pa.Table
    crowded: int
    unanswered: int
    links: pa.Table = field(default_factory=SAME_AS.empty)
    runs: Episodes = field(default_factory=Episodes.none)
    sure: pa.Table = field(default_factory=BELONGING.empty)
    repeated: Mapping[str, int] = field(default_factory=dict)
    lost: int = 0


def fuse(
    claims: pa.Table,
    background: Background,
    engine: Engine,
    *,
    limits: Limits = Limits(),
    weights: Parameters | None = None,
    settled: Settled | None = None,
) -> Fused:
    """Return the incidents that these claims make, and which claim is in which.

    Args:
        claims: CLAIM rows.
        background: How sources behave, which acts and which actors go together.
        engine: How to run SQL.
        limits: How far apart two claims of one incident may lie.
        weights: What agreement and disagreement weigh; None: as Holdfire is trained.
        settled: What people decided of pairs of claims.
    """
    weighed = weights or parameters("incident")
    with engine.session() as session:
        session.give("claims", claims)
        session.view("makes", f"SELECT * FROM claims WHERE {MAKES}")
        sources = features(session, background)
        repeated = _repeated(session, sources)
        listed = session.sql("SELECT claim_id, source FROM features ORDER BY record")
        decided = judged(settled, listed["claim_id"]) if settled and settled.decided else None
        folded = fold_claims(session, sources, background, weighed, decided)
        found, crowded = _pairs(session, engine, weighed)
        session.give("weighed", found.pairs)
        session.give("folded", folded)
        apart = session.sql(within("weighed", limits))
        groups = _groups(listed, apart, folded, sources, background, weighed, decided, engine.threads)
        session.give("grouped", pa.table({"claim_id": pa.array([c for g in groups for c in g], pa.string())}))
        lone, lone_members = alone(session)
        by_id = _rows(session)
        together = INCIDENT.table(merge([by_id[c] for c in g], background.sides) for g in groups)
        incidents = INCIDENT.sorted(stack(INCIDENT, [lone, together]))
        session.give("incidents", incidents)
        answered = answers(session)
        joined = [lone_members, _members(session, groups), MEMBER.check(answered.drop_null())]
        members = MEMBER.sorted(stack(MEMBER, joined))
        kept = stacked(apart, folded)
        links = same_as(session, kept, weighed, settled)
        runs = episodes(session, incidents, background)
        sure = belonging(session, members, links)
    return Fused(
        incidents=incidents,
        members=members,
        crowded=crowded,
        unanswered=answered["incident_id"].null_count,
        links=links,
        runs=runs,
        sure=sure,
        repeated=repeated,
    )


def fold_claims(
    session: Session,
    sources: list[str],
    background: Background,
    weighed: Parameters,
    decided: Judged | None = None,
) -> pa.Table:
    """Fold claims of `features` that are equal in all that is compared, of a source that repeats itself.

    Args:
        session: Holds `features`.
        sources: Sources in the order of their numbers.
        background: How they behave.
        weighed: What agreement weighs.
        decided: What people decided, by record.
    """
    named = np.concatenate([decided.same.ravel(), decided.different.ravel()]) if decided else ()
    judged_ = sorted({int(each) for each in named})
    return fold(session, profile("incident"), weighed, repeating(sources, background), judged=judged_)


def repeating(sources: Sequence[str], background: Background) -> list[int]:
    """Return the numbers of the sources that repeat themselves."""
    behaviour = [background.repeats.get(each, Repeats.REPEATS) for each in sources]
    return [number for number, each in enumerate(behaviour) if each is Repeats.REPEATS]


def stacked(pairs: pa.Table, folded: pa.Table) -> pa.Table:
    """Return pairs with those of each folded record and its head, in order."""
    if not len(folded):
        return pairs
    more = folded.select(["head", "record", "weight"]).rename_columns(pairs.column_names).cast(pairs.schema)
    return pa.concat_tables([pairs, more]).sort_by([("a", "ascending"), ("b", "ascending")])


def _repeated(session: Session, sources: list[str]) -> dict[str, int]:
    """Return how many claims of each distinct source are equal to another of it, silent ones left out."""
    # where a claim stands is compared too, but is nothing it says
    said = [name for name in profile("incident").columns if name != "sheet"]
    placed = "apart AND first IS NOT NULL AND (x IS NOT NULL OR named IS NOT NULL)"
    return {sources[at]: n for at, n in equal(session, "features", "source", said, placed).items()}


def _pairs(session: Session, engine: Engine, weighed: Parameters) -> tuple[Scored, int]:
    """Return the pairs of the claims not folded, weighed where the engine says, and how many are crowded."""
    chosen = profile("incident")
    sent = ", ".join(["record", "source", "apart", *chosen.columns])
    counting = ", ".join(["record", *chosen.terms])
    needed = {
        "single": f"SELECT {sent} FROM single ORDER BY record",
        "once": f"SELECT {counting} FROM once ORDER BY record",
    }
    with engine.weighing(session, needed) as where:
        found = pairs(where, chosen, weighed, FLOOR, features="single", once="once")
        if not any(found.crowded.values()):
            return found, 0
        counted = where.sql("SELECT count(DISTINCT record) AS n FROM crowded")
        return found, int(counted["n"][0].as_py())


def within(pairs: str, limits: Limits, features: str = "features") -> str:
    """Return SQL for the pairs of a table that lie no farther apart than the limits allow.

    What is not said is no distance. A source does not contradict itself: what it dates to two days is of two.
    """
    return f"""
        SELECT p.a, p.b, p.weight FROM {pairs} AS p JOIN {features} AS l ON l.record = p.a
            JOIN {features} AS r ON r.record = p.b
        WHERE coalesce(greatest(l.first, r.first) - least(l.last, r.last) <= {limits.days * 1440}, true)
            AND coalesce(sqrt(pow(l.x - r.x, 2) + pow(l.y - r.y, 2) + pow(l.z - r.z, 2))
                <= l.reach + r.reach + {limits.reach}, true)
            AND coalesce(l.source <> r.source OR l.day = r.day, true)
        ORDER BY p.a, p.b"""


def _groups(
    listed: pa.Table,
    kept: pa.Table,
    folded: pa.Table,
    sources: list[str],
    background: Background,
    weighed: Parameters,
    decided: Judged | None,
    threads: int,
) -> list[list[str]]:
    """Return the claims of each group of two or more, each sorted, in order."""
    claims, numbers = listed["claim_id"], listed["source"].to_numpy()
    if not kept.num_rows and not len(folded) and decided is None:
        return []
    behaviour = [background.repeats.get(each, Repeats.REPEATS) for each in sources]
    joining = Joining(floor=FLOOR, offset=weighed.offset)
    found = group(Pairs.of(kept), numbers, behaviour, decided, joining, threads)
    found.groups[folded["record"].to_numpy()] = found.groups[folded["head"].to_numpy()]
    heads, counts = np.unique(found.groups, return_counts=True)
    several = np.flatnonzero(np.isin(found.groups, heads[counts > 1]))
    homes: dict[int, list[str]] = {}
    for record, claim in zip(several.tolist(), claims.take(pa.array(several)).to_pylist(), strict=True):
        homes.setdefault(int(found.groups[record]), []).append(claim)
    return sorted(sorted(each) for each in homes.values())


def judged(settled: Settled, claims: pa.ChunkedArray) -> Judged:
    """Return what people decided, by record; a claim that makes no incident is in no pair."""
    wanted = {claim for pair in settled.decided for claim in pair}
    place = {claim: n for n, claim in enumerate(claims.to_pylist()) if claim in wanted}

    def pairs_of(said: Said) -> npt.NDArray[np.int64]:
        known = [(place[a], place[b]) for a, b in settled.pairs(said) if a in place and b in place]
        return np.array(known, np.int64).reshape(-1, 2)

    return Judged(pairs_of(Said.SAME), pairs_of(Said.DIFFERENT))


def _rows(session: Session) -> Mapping[str, Mapping[str, Any]]:
    """Return the claims that stand in a group, by id."""
    table = CLAIM.check(session.sql("SELECT * FROM makes SEMI JOIN grouped USING (claim_id)"))
    return {row["claim_id"]: row for row in rows(table)}


def _members(session: Session, groups: list[list[str]]) -> pa.Table:
    homes = {claim: incident_id(group) for group in groups for claim in group}
    found = session.sql(f"SELECT claim_id, {PART} FROM makes SEMI JOIN grouped USING (claim_id)")
    return MEMBER.table({"incident_id": homes[row["claim_id"]], **row} for row in rows(found))
