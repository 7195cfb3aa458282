"""What a fused case keeps beside it, so that one more report is placed without fusing all of them again.

It is a database of its own, in the catalog `standing` of a session: of each claim that makes an incident its
features and steps, the blocks it stands in, the pairs that were kept, its component and group; of each value
how many claims bear it; the claims themselves, without the words they were read from; and the incidents. Each
table is sorted by what it is asked for, so that a few keys are found without reading the rest. Nothing here
is not in the tables of the run that it is made of: it is a cache, it may be deleted, and it names no one who
died, since claims and incidents name no one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from holdfire.engine import Session, literal
from holdfire.fusing.comparing.blocking import key
from holdfire.fusing.comparing.terms import prepare, rarity
from holdfire.fusing.grouping.clustering import Joining, Judged, Pairs
from holdfire.fusing.grouping.components import components
from holdfire.fusing.incidents.background import Background
from holdfire.fusing.incidents.features import features
from holdfire.fusing.incidents.fuse import FLOOR, Fused, fold_claims, judged
from holdfire.fusing.incidents.selecting import ANSWERS, MAKES
from holdfire.fusing.parameters import Parameters, parameters
from holdfire.fusing.profile import Profile, profile
from holdfire.records.claim import CLAIM
from holdfire.records.incident import Part
from holdfire.records.link import Settled

Numbers = npt.NDArray[np.int64]
Told = Callable[[str], None]
"""Told what is being made."""

WORDS = ("chain", "spans", "rules", "reading")
"""Columns of CLAIM that no incident is made from; they are not kept here."""

_LARGEST = Joining().largest


@dataclass(frozen=True, slots=True)
class About:
    """What a standing is of.

    Attributes:
        key: Under which it was made: of the case, and of the versions of what made it.
        records: Claims that make an incident.
        counted: Those that count, of each that are equal one (comparing/folding.py).
        prior: log2 odds of two random ones [millibits].
        cut: Pairs that were left out because too many records hung together.
    """

    key: str
    records: int
    counted: int
    prior: int
    cut: int


def about(session: Session) -> About:
    """Return what the standing of a session is of."""
    return About(**session.sql("SELECT * FROM standing.about").to_pylist()[0])


def build(
    session: Session,
    claims: pa.Table,
    fused: Fused,
    background: Background,
    *,
    under: str = "",
    weights: Parameters | None = None,
    settled: Settled | None = None,
    tell: Told = lambda _: None,
) -> None:
    """Make the standing of a case that was fused.

    Args:
        session: With an empty catalog `standing`.
        claims: CLAIM rows.
        fused: What `fuse` made of them, links included, with the same settings.
        background: What was known beforehand.
        under: What it is made under.
        weights: What agreement and disagreement weigh; None: as Holdfire is trained.
        settled: What people decided of pairs of claims.
        tell: Told of progress.
    """
    chosen, weighed = profile("incident"), weights or parameters("incident")
    session.give("claims", claims)
    session.view("makes", f"SELECT * FROM claims WHERE {MAKES}")
    tell("features")
    sources = features(session, background)
    names = session.sql("SELECT claim_id FROM features ORDER BY record")["claim_id"]
    decided = judged(settled, names) if settled and settled.decided else None
    session.give("folded", fold_claims(session, sources, background, weighed, decided))
    counted = prepare(session, chosen, weighed, "single", once="once")
    session.run(
        "CREATE TABLE standing.folded AS SELECT record, head, weight FROM folded ORDER BY head, record"
    )
    session.run(
        "CREATE TABLE standing.alike AS SELECT record FROM alike UNION SELECT head FROM alike ORDER BY 1"
    )
    session.run("CREATE TABLE standing.compared AS SELECT * FROM compared ORDER BY record")
    session.run("CREATE TABLE standing.publishers AS SELECT * FROM publishers ORDER BY source")
    tell("values")
    _count(session, chosen, weighed)
    tell("blocks")
    key(session, chosen)
    session.run('CREATE TABLE standing.keyed AS SELECT * FROM keyed ORDER BY "key", record, rule')
    tell("claims")
    _claims(session)
    tell("pairs")
    cut = _pairs(session, fused, decided, len(names))
    tell("incidents")
    _incidents(session, fused)
    prior = weighed.prior(counted)
    session.run(
        f"""CREATE TABLE standing.about AS SELECT {literal(under)} AS key, {len(names)} AS records,
        {counted} AS counted, {prior} AS prior, {cut} AS cut"""
    )


def _count(session: Session, chosen: Profile, weighed: Parameters) -> None:
    """Count how many records bear each value."""
    for term in chosen.terms:
        session.run(
            f"""CREATE TABLE standing.values_of_{term} AS
            SELECT value, count, {rarity(term, weighed)} AS step FROM (
                SELECT {term} AS value, count(*) AS count FROM once
                WHERE {term} IS NOT NULL GROUP BY {term}) ORDER BY value"""
        )


def _claims(session: Session) -> None:
    """Keep the claims that make incidents, in order of record."""
    columns = ", ".join(f'm."{name}"' for name in CLAIM.names if name not in WORDS)
    session.run(
        f"""CREATE TABLE standing.claims AS SELECT f.record, {columns}
        FROM features AS f JOIN makes AS m USING (claim_id) ORDER BY f.record"""
    )


def _pairs(session: Session, fused: Fused, decided: Judged | None, records: int) -> int:
    """Keep pairs, judgements, and the component and group of each record; return how many pairs were cut."""
    session.give("links", fused.links)
    session.give("members", fused.members)
    session.make(
        "kept",
        """SELECT least(l.record, r.record) AS a, greatest(l.record, r.record) AS b,
            CAST(k.weight AS INTEGER) AS weight
        FROM links AS k JOIN features AS l ON l.claim_id = k.one JOIN features AS r ON r.claim_id = k.other
        WHERE k.weight IS NOT NULL""",
    )
    session.make("apart", "SELECT * FROM kept WHERE b NOT IN (SELECT record FROM folded)")
    rows = [] if decided is None else [*decided.same.tolist(), *decided.different.tolist()]
    sure = [] if decided is None else [True] * len(decided.same) + [False] * len(decided.different)
    ruled = pa.table(
        {
            "a": pa.array([min(row) for row in rows], pa.int64()),
            "b": pa.array([max(row) for row in rows], pa.int64()),
            "same": pa.array(sure, pa.bool_()),
        }
    )
    session.give("ruled", ruled)
    both = session.sql(
        "SELECT a, b, weight FROM kept UNION ALL SELECT a, b, 0 FROM ruled ORDER BY a, b, weight"
    )
    component, cut = _components(Pairs.of(both), records)
    session.give("parts", pa.table({"record": np.arange(records), "component": component}))
    session.run(
        f"""CREATE TABLE standing.homes AS
        SELECT p.record, p.component, m.incident_id,
            min(p.record) OVER (PARTITION BY m.incident_id) AS "group"
        FROM parts AS p JOIN features AS f USING (record) JOIN members AS m USING (claim_id)
        WHERE m.part IN ('{Part.SUPPORTS}', '{Part.ADMITS}') ORDER BY p.record"""
    )
    for name, held, kept in (("kept", "apart", "weight"), ("ruled", "ruled", "same")):
        session.run(
            f"""CREATE TABLE standing.{name} AS SELECT k.a, k.b, k.{kept}, p.component
            FROM {held} AS k JOIN parts AS p ON p.record = k.a ORDER BY p.component, k.a, k.b"""
        )
    return cut


def _components(pairs: Pairs, records: int) -> tuple[Numbers, int]:
    """Return for each record the smallest one that it hangs together with, and how many pairs were cut."""
    a, b = (np.asarray(each, np.int32) for each in (pairs.a, pairs.b))
    kept = pairs.weight >= FLOOR
    found = components(records, a[kept], b[kept], np.asarray(pairs.weight, np.int32)[kept], _LARGEST)
    component = np.arange(records, dtype=np.int64)
    sizes = np.diff(found.first)
    component[found.records] = np.repeat(found.records[found.first[:-1]], sizes)
    return component, found.cut


def _incidents(session: Session, fused: Fused) -> None:
    """Keep incidents, by time, and the claims that answer them, with the incident each answers."""
    session.give("incidents", fused.incidents)
    session.run(
        'CREATE TABLE standing.incidents AS SELECT * FROM incidents ORDER BY start, "end", incident_id'
    )
    columns = ", ".join(f'c."{name}"' for name in CLAIM.names if name not in WORDS)
    session.run(
        f"""CREATE TABLE standing.answering AS SELECT {columns}, m.incident_id
        FROM (SELECT * FROM claims WHERE {ANSWERS}) AS c LEFT JOIN members AS m USING (claim_id)
        ORDER BY c.start, c.claim_id"""
    )
