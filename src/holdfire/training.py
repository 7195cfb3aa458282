"""Weights learnt from a case: its records, and the pairs that people judged, become a file of parameters.

The file is `weights/incident.json`, or `weights/person.json`: written by this command alone, kept with what
people wrote, entered in the log and used by every later run until it is deleted. It holds names of levels,
numbers and counts, and nothing that any record says. Training begins from the parameters that come with
Holdfire, never from those of an earlier training, so the same case gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import Any

import numpy as np
import pyarrow as pa

from holdfire import together
from holdfire.case import Case
from holdfire.digests import digest
from holdfire.engine import Session
from holdfire.errors import BadInput, HoldfireError, nameless
from holdfire.folder import WEIGHTS
from holdfire.fusing.comparing.scoring import pairs
from holdfire.fusing.comparing.terms import prepare
from holdfire.fusing.incidents.features import features
from holdfire.fusing.incidents.fuse import FLOOR, within
from holdfire.fusing.incidents.selecting import MAKES
from holdfire.fusing.parameters import Parameters, Trained, parameters, rounded, weights
from holdfire.fusing.profile import profile
from holdfire.fusing.training.evidence import Evidence, evidence
from holdfire.fusing.training.mending import ENOUGH, Moves, mended, moves
from holdfire.fusing.training.proving import Proof, prove, too_few
from holdfire.ledger.shelf import make_folder, replace_file
from holdfire.links.judged import judged_claims, judged_entries
from holdfire.method import method
from holdfire.peopling import gather
from holdfire.readings import Tell, quiet
from holdfire.records.link import Linked, Pair, Said, Settled, row_side
from holdfire.records.source import Repeats
from holdfire.tables import rows
from holdfire.version import VERSION

LEAST_RECORDS = 1000
"""Records under which none of the weights are learnt from records alone."""

SHIPPED, RECORDS = "the shipped weights", "weights learnt from the records alone"

MUCH = 300
"""A weight that moves so far is worth a line [millibits]."""


@dataclass(frozen=True)
class Moved:
    """A level whose weight is another than it was [millibits]."""

    comparison: str
    level: str
    before: int
    after: int


@dataclass(frozen=True)
class Learnt:
    """What training a case came to.

    Attributes:
        kind: What kind of record.
        records: How many there are.
        judged: Pairs judged the same, and different.
        lost: Judgements of which a side is not found any more.
        proof: How mended weights do on pairs held out; None: too few pairs are judged.
        why: Why nothing is learnt, in words; empty: something is.
        made: The parameters that were learnt.
        moved: Levels that weigh otherwise than shipped, those that moved most first.
        kept: How many levels keep the shipped odds, as too few judged pairs show them.
        told: What else a person should know.
    """

    kind: Linked
    records: int
    judged: tuple[int, int]
    lost: int = 0
    proof: Proof | None = None
    why: str = ""
    made: Parameters | None = None
    moved: tuple[Moved, ...] = ()
    kept: int = 0
    told: tuple[str, ...] = ()

    @property
    def json(self) -> dict[str, Any]:
        """Return it for machines."""
        proof = self.proof
        return {
            "kind": str(self.kind),
            "records": self.records,
            "judged": {"same": self.judged[0], "different": self.judged[1], "lost": self.lost},
            "learnt": self.made is not None,
            "why": self.why,
            "digest": digest(self.made.text().encode()) if self.made else None,
            "start": proof.start if proof else None,
            "before": vars_of(proof.before) if proof else None,
            "after": vars_of(proof.after) if proof else None,
            "moved": [vars_of(each) for each in self.moved],
            "kept": self.kept,
            "told": list(self.told),
        }


def vars_of(value: Any) -> dict[str, Any]:
    """Return the fields of a value by name, numbers with a fraction to six digits."""
    found = {name: getattr(value, name) for name in value.__dataclass_fields__}
    return {name: rounded(each) if isinstance(each, float) else each for name, each in found.items()}


@dataclass(frozen=True)
class _Material:
    """What there is to train on: each start by name, and the judged pairs as it has them."""

    starts: Mapping[str, tuple[Parameters, Evidence]]
    records: int
    told: tuple[str, ...] = ()
    lost: int = 0
    judged: tuple[int, int] = field(default=(0, 0))


def train_case(case: Case, kind: Linked, *, alone: bool = True, seed: int = 0, tell: Tell = quiet) -> Learnt:
    """Return what the records and judged pairs of a case teach; nothing is written.

    Args:
        case: A case that was run.
        kind: What kind of record.
        alone: Also begin from weights learnt from the records alone, and keep what does better.
        seed: Of the records drawn, and of the pairs held out.
        tell: Told of progress.

    Raises:
        HoldfireError: The case was never run, or has no lists.
    """
    found = _claims(case, alone, seed, tell) if kind is Linked.INCIDENT else _entries(case, alone, seed, tell)
    compared, (first, judged) = profile(str(kind)), found.starts[SHIPPED]
    about = Learnt(kind, found.records, found.judged, found.lost, told=found.told)
    if missing := too_few(judged):
        return replace(about, why=f"too little to learn from: {missing}")
    tell("proving", 0, 0)
    proof = prove(compared, judged, found.starts, seed)
    if not proof.better:
        return replace(about, proof=proof, why=proof.why)
    start, seen = found.starts[proof.start]
    moved = moves(compared, start, seen)
    made = mended(compared, start, moved, found.records)
    made = made.model_copy(update={"trained": _trained(case, kind, found, proof, first, seed)})
    changed, kept = _changes(kind, first, made, moved)
    return replace(about, proof=proof, made=made, moved=changed, kept=kept)


def write(case: Case, learnt: Learnt) -> str:
    """Write what was learnt, in one step, and return the file's name in the case."""
    if learnt.made is None:
        raise ValueError("nothing was learnt")
    name = f"{WEIGHTS}/{learnt.kind}.json"
    make_folder(case.folder.path / WEIGHTS)
    replace_file(case.folder.path / name, learnt.made.text().encode())
    return name


def _trained(
    case: Case, kind: Linked, found: _Material, proof: Proof, first: Parameters, seed: int
) -> Trained:
    same, different = found.judged
    what = "claims" if kind is Linked.INCIDENT else "entries of lists"
    how = "prior and levels" if same + different >= ENOUGH else "the prior"
    before = "u by random pairs and m by EM, on the records; then " if proof.start == RECORDS else ""
    with case.ledger() as ledger:
        entries, head = ledger.size, ledger.head
    return Trained(
        on=f"{what} of this case, and pairs of them that people judged",
        how=f"{before}{how} mended by judged pairs, as far as they bear out",
        records=found.records,
        pairs=same + different,
        seed=seed,
        same=same,
        different=different,
        start=digest(first.text().encode()),
        entries=entries,
        head=head,
        versions={
            "holdfire": VERSION,
            "method": method(),
            **{name: version(name) for name in ("duckdb", "numpy", "splink")},
        },
    )


def _changes(
    kind: Linked, first: Parameters, made: Parameters, moved: Moves
) -> tuple[tuple[Moved, ...], int]:
    compared = profile(str(kind))
    before, after = weights(compared, first), weights(compared, made)
    found = [
        Moved(each.name, level.name, before[each.name][k].plain, after[each.name][k].plain)
        for each in compared.comparisons
        for k, level in enumerate(each.levels)
        if abs(after[each.name][k].plain - before[each.name][k].plain) >= MUCH
    ]
    silent = sum(level.silent for each in compared.comparisons for level in each.levels)
    kept = sum(sum(each) for each in moved.kept.values()) - silent
    return tuple(sorted(found, key=lambda x: (-abs(x.after - x.before), x.comparison, x.level))), kept


def _claims(case: Case, alone: bool, seed: int, tell: Tell) -> _Material:
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
        if alone and not too_few(starts[SHIPPED][1]):
            found, told = _alone(case, session, Linked.INCIDENT, shipped, seed, tell)
            starts |= {RECORDS: (found, seen(found))} if found else {}
    return _Material(starts, len(named), told, len(known.lost), starts[SHIPPED][1].counts)


def _entries(case: Case, alone: bool, seed: int, tell: Tell) -> _Material:
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
    return _Material(starts, len(entries.deaths), told, len(known.lost), starts[SHIPPED][1].counts)


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
