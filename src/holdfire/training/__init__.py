"""Weights learnt from a case: its records, and the pairs that people judged, become a file of parameters.

The file is `weights/incident.json`, or `weights/person.json`: written by this command alone, kept with what
people wrote, entered in the log and used by every later run until it is deleted. It holds names of levels,
numbers and counts, and nothing that any record says. Training begins from the parameters that come with
Holdfire, never from those of an earlier training, so the same case gives the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any

from holdfire.case import Case
from holdfire.digests import digest
from holdfire.folder import WEIGHTS
from holdfire.fusing.parameters import Parameters, Trained, rounded, weights
from holdfire.fusing.profile import profile
from holdfire.fusing.training.decoys import Balance
from holdfire.fusing.training.mending import ENOUGH, Moves, mended, moves
from holdfire.fusing.training.proving import Proof, prove, told, too_few
from holdfire.ledger.shelf import make_folder, replace_file
from holdfire.method import method
from holdfire.readings import Tell, quiet
from holdfire.records.link import Linked
from holdfire.training.material import DATES, RECORDS, SHIPPED, Material, of_claims, of_entries
from holdfire.version import VERSION

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
        balance: How weights learnt from moved dates stand against chance; None: none were learnt.
        start: What the parameters were learnt from first.
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
    balance: Balance | None = None
    start: str = ""
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
            "start": self.start or None,
            "balance": vars_of(self.balance) if self.balance else None,
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
    gather = of_claims if kind is Linked.INCIDENT else of_entries
    found = gather(case, alone, seed, tell)
    compared, (first, judged) = profile(str(kind)), found.starts[SHIPPED]
    about = Learnt(kind, found.records, found.judged, found.lost, told=found.told, balance=found.balance)
    missing = too_few(judged)
    if not missing:
        tell("proving", 0, 0)
        proof = prove(compared, judged, found.starts, seed)
        about = replace(about, proof=proof)
        if proof.better:
            start, seen = found.starts[proof.start]
            moved = moves(compared, start, seen)
            made = mended(compared, start, moved, found.records)
            return _made(about, case, found, first, made, proof.start, seed, moved)
    if DATES in found.starts and (missing or not _worse(found)):
        return _made(about, case, found, first, found.starts[DATES][0], DATES, seed, None)
    why = f"too little to learn from: {missing}" if missing else proof.why
    return replace(about, why=why)


def _worse(found: Material) -> bool:
    """Return whether weights learnt from dates tell the judged pairs worse than the shipped ones do."""
    costs = [told(seen.weight, seen).cost for _, seen in (found.starts[DATES], found.starts[SHIPPED])]
    return costs[0] > costs[1]


def _made(
    about: Learnt,
    case: Case,
    found: Material,
    first: Parameters,
    made: Parameters,
    start: str,
    seed: int,
    moved: Moves | None,
) -> Learnt:
    """Return what was learnt: from judged pairs if some moved it, else from moved dates alone."""
    made = made.model_copy(update={"trained": _trained(case, about.kind, found, start, first, seed, moved)})
    changed, kept = _changes(about.kind, first, made, moved)
    return replace(about, made=made, start=start, moved=changed, kept=kept)


def write(case: Case, learnt: Learnt) -> str:
    """Write what was learnt, in one step, and return the file's name in the case."""
    if learnt.made is None:
        raise ValueError("nothing was learnt")
    name = f"{WEIGHTS}/{learnt.kind}.json"
    make_folder(case.folder.path / WEIGHTS)
    replace_file(case.folder.path / name, learnt.made.text().encode())
    return name


def _trained(
    case: Case, kind: Linked, found: Material, start: str, first: Parameters, seed: int, moved: Moves | None
) -> Trained:
    same, different = found.judged
    what = "claims" if kind is Linked.INCIDENT else "entries of lists"
    parts = {
        RECORDS: "u by random pairs and m by EM, on the records",
        DATES: "prior and levels beyond chance, by moving dates of sources apart",
    }
    how = [parts[start]] if start in parts else []
    if moved:
        mending = "prior and levels" if same + different >= ENOUGH else "the prior"
        how.append(f"{mending} mended by judged pairs, as far as they bear out")
    on = f"{what} of this case" + (", and pairs of them that people judged" if moved else "")
    with case.ledger() as ledger:
        entries, head = ledger.size, ledger.head
    return Trained(
        on=on,
        how="; then ".join(how),
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
    kind: Linked, first: Parameters, made: Parameters, moved: Moves | None
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
    kept = sum(sum(each) for each in moved.kept.values()) - silent if moved else 0
    return tuple(sorted(found, key=lambda x: (-abs(x.after - x.before), x.comparison, x.level))), kept
