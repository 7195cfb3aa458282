"""What there is to train on in a case: its records, the pairs that people judged, and where to begin from.

Each start is parameters, by name, with the judged pairs as those weigh them. Names of people are in memory
alone, and leave it nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa

from holdfire import together
from holdfire.case import Case
from holdfire.engine import Session
from holdfire.errors import BadInput, HoldfireError, nameless
from holdfire.fusing.comparing.scoring import pairs
from holdfire.fusing.comparing.terms import prepare
from holdfire.fusing.incidents.features import features
from holdfire.fusing.incidents.fuse import FLOOR, within
from holdfire.fusing.incidents.moving import learn
from holdfire.fusing.incidents.selecting import MAKES
from holdfire.fusing.parameters import Parameters, parameters
from holdfire.fusing.profile import profile
from holdfire.fusing.training.decoys import Balance
from holdfire.fusing.training.evidence import Evidence, evidence
from holdfire.fusing.training.proving import too_few
from holdfire.links.judged import judged_claims, judged_entries
from holdfire.peopling import gather
from holdfire.readings import Tell
from holdfire.records.link import Linked, Pair, Said, Settled, row_side
from holdfire.records.source import Repeats
from holdfire.tables import rows

LEAST_RECORDS = 1000
"""Records under which none of the weights are learnt from records alone."""

SHIPPED, RECORDS, DATES = (
    "the shipped weights",
    "weights learnt from the records alone",
    "weights learnt from moved dates",
)


@dataclass(frozen=True)
class Material:
    """What there is to train on.

    Attributes:
        starts: By name: parameters to begin from, and the judged pairs as those have them.
        records: How many records there are.
        told: What a person should know of it.
        lost: Judgements of which a side is not found any more.
        judged: Pairs judged the same, and different.
        balance: How weights learnt from moved dates stand against chance; None: none were learnt.
    """

    starts: Mapping[str, tuple[Parameters, Evidence]]
    records: int
    told: tuple[str, ...] = ()
    lost: int = 0
    judged: tuple[int, int] = field(default=(0, 0))
    balance: Balance | None = None


def of_claims(case: Case, alone: bool, seed: int, tell: Tell) -> Material:
    """Return the claims of the last run and their judged pairs."""
    compared, shipped = profile("incident"), parameters("incident")
    claims = case.found(stale=True).claims
    known = judged_claims(case.folder.judgements, claims)
    with case.engine.session() as session:
        session.give("claims", claims)
        session.view("makes", f"SELECT * FROM claims WHERE {MAKES}")
        features(session, together.background(case.folder))
        named = session.sql("SELECT claim_id FROM features ORDER BY record")["claim_id"].to_pylist()
        judged = _rows(known.settled, {claim: n for n, claim in enumerate(named)})

        def seen(weighed: Parameters) -> Evidence:
            tell("comparing", 0, 0)
            session.give("weighed", pairs(session, compared, weighed, FLOOR).pairs)
            kept = session.sql(within("weighed", together.limits(case.folder)))
            return evidence(session, compared, weighed, judged, kept, weighed.offset)

        starts = {SHIPPED: (shipped, seen(shipped))}
        told: tuple[str, ...] = ()
        held: Balance | None = None
        if alone:
            by_dates, held, told = _dates(case, claims, shipped, len(named), tell)
            starts |= {DATES: (by_dates, seen(by_dates))} if by_dates else {}
        if alone and not too_few(starts[SHIPPED][1]):
            found, more = _alone(case, session, Linked.INCIDENT, shipped, seed, tell)
            starts |= {RECORDS: (found, seen(found))} if found else {}
            told += more
    return Material(starts, len(named), told, len(known.lost), starts[SHIPPED][1].counts, held)


def _dates(
    case: Case, claims: pa.Table, shipped: Parameters, records: int, tell: Tell
) -> tuple[Parameters | None, Balance | None, tuple[str, ...]]:
    """Return parameters learnt by moving dates, how they stand, and why there are none."""
    if records < LEAST_RECORDS:
        return (
            None,
            None,
            (f"{records:,} records are too few to learn from dates ({LEAST_RECORDS:,} are needed)",),
        )
    known = together.background(case.folder)
    found, stands = learn(claims, known, case.engine, shipped, lambda n, of: tell("moving dates", n, of))
    if stands is None:
        return None, None, ("no two sources agree beyond what they agree on by chance",)
    if stands.better:
        return found, stands, ()
    return (
        None,
        stands,
        ("weights learnt from moved dates find no more beyond chance than the shipped ones",),
    )


def of_entries(case: Case, alone: bool, seed: int, tell: Tell) -> Material:
    """Return the entries of lists and their judged pairs; names are in memory alone, and leave it nowhere."""
    from holdfire.fusing.people.features import features as features_of_people

    compared, shipped = profile("person"), parameters("person")
    tell("reading", 0, 0)
    entries = gather(case.readings, case.found(stale=True).held)
    if not entries.lists:
        raise BadInput("this case has no lists of the dead", hint="`holdfire add LIST --mapping FILE`")
    listed = entries.deaths.select(["report", "row", "entry_id"])
    ids = {row_side(row["report"], row["row"]): row["entry_id"] for row in rows(listed)}
    known = judged_entries(case.folder.judgements, ids)
    judged = _rows(known.settled, {name: n for n, name in enumerate(listed["entry_id"].to_pylist())})
    sources = case.folder.sources
    distinct = [sources[each.report.source].repeats is Repeats.DISTINCT for each in entries.lists]
    with (
        nameless("the entries of lists cannot be trained on"),
        replace(case.engine, scratch="").session() as session,
    ):
        apart = np.array(distinct)[entries.list_of]
        session.give("features", features_of_people(entries.deaths, entries.list_of, apart))

        def seen(weighed: Parameters) -> Evidence:
            tell("comparing", 0, 0)
            prepare(session, compared, weighed, "features")
            return evidence(session, compared, weighed, judged)

        starts = {SHIPPED: (shipped, seen(shipped))}
        told: tuple[str, ...] = ()
        if alone and not too_few(starts[SHIPPED][1]):
            found, told = _alone(case, session, Linked.PERSON, shipped, seed, tell)
            starts |= {RECORDS: (found, seen(found))} if found else {}
    return Material(starts, len(entries.deaths), told, len(known.lost), starts[SHIPPED][1].counts)


def _alone(
    case: Case, session: Session, kind: Linked, shipped: Parameters, seed: int, tell: Tell
) -> tuple[Parameters | None, tuple[str, ...]]:
    """Return parameters of the table `features` alone, nothing judged; else why there are none."""
    from holdfire.fusing.training.learning import train

    compared = profile(str(kind))
    columns = ", ".join(["record", "source", "apart", *compared.columns])
    table = session.sql(f"SELECT {columns} FROM features ORDER BY record")
    if len(table) < LEAST_RECORDS:
        few = f"{len(table):,} records are too few to learn from without judgements"
        return None, (f"{few} ({LEAST_RECORDS:,} are needed)",)
    tell("learning", 0, 0)
    engine = case.engine if kind is Linked.INCIDENT else replace(case.engine, scratch="")
    try:
        found = train(table, compared, "records of this case", seed, engine, before=shipped)
    except HoldfireError as error:
        return None, (f"the records alone teach nothing: {error.problems[0].problem}",)
    return found.model_copy(update={"offset": shipped.offset}), ()


def _rows(settled: Settled, at: Mapping[str, int]) -> pa.Table:
    """Return the pairs that people decided, by record, of which both are there."""

    def ends(pair: Pair) -> tuple[int, int]:
        one, other = sorted(at[each] for each in pair)
        return one, other

    there = [(ends(pair), each.said) for pair, each in settled.decided.items() if set(pair) <= at.keys()]
    listed = sorted((a, b, said is Said.SAME) for (a, b), said in there)
    return pa.table(
        {
            "a": pa.array([each[0] for each in listed], pa.int64()),
            "b": pa.array([each[1] for each in listed], pa.int64()),
            "same": pa.array([each[2] for each in listed], pa.bool_()),
        }
    )
