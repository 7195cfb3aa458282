"""What was found goes into the log, and comes out of any prefix of it: the only way to a bulletin.

`record` adds the claims and determinations that are new or changed, says which no longer stand, and closes
with an entry of kind `run`. `state` reads back what the first entries come to. A bulletin is made of a
state and never of what a run has in its hands, so that whoever has the log can make it again.

A determination that says what the standing one says, but for a probability that moved by next to nothing
(`records.determination.MOVED`), is not added: what stands, stands, and so does its review.

Identical bytes are one entry, so a claim that goes and comes back is not appended twice: an entry of kind
`standing` says by leaf hash that it stands again. Of each id the last word counts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from holdfire.digests import Digest
from holdfire.engine import Engine, Session
from holdfire.errors import BadInput
from holdfire.fusing.incidents.fuse import Fused
from holdfire.holdings import reports
from holdfire.ledger import coded
from holdfire.ledger.columns import SCHEMA
from holdfire.ledger.entry import Entry, leaf_hash
from holdfire.ledger.log import Ledger
from holdfire.records.claim import CLAIM
from holdfire.records.determination import DETERMINATION, says_the_same
from holdfire.records.incident import INCIDENT, MEMBER
from holdfire.records.report import Report
from holdfire.reviews import Review, reviews
from holdfire.tables import stack

MANY = 800
"""Most ids or leaf hashes in one entry of kind `standing`; it stays below the largest entry."""

TOGETHER = 100_000
"""Entries that are read into tables at a time."""

_EVENTS = pa.schema([("id", pa.string()), ("seq", pa.int64()), ("place", pa.int64()), ("leaf", pa.string())])
_NONE = pa.schema([("id", pa.string()), ("place", pa.int64()), ("content", pa.string())]).empty_table()


@dataclass(frozen=True)
class State:
    """What a prefix of the log comes to.

    Attributes:
        size: Length of the prefix.
        head: Its Merkle root.
        reports: Reports by id, in order of entry, without citations.
        claims: CLAIM rows, words null.
        incidents: INCIDENT rows, words null.
        members: MEMBER rows.
        determinations: DETERMINATION rows.
        case: Digests of what people wrote, by path.
        case_entry: Leaf hash of the entry that named them; empty: none did.
        at: When the last run ended, ISO 8601 in UTC; empty: none did.
        reviews: Where reviewed determinations stand, by id.
    """

    size: int
    head: Digest
    reports: Mapping[Digest, Report]
    claims: pa.Table
    incidents: pa.Table
    members: pa.Table
    determinations: pa.Table
    case: Mapping[str, Digest]
    case_entry: Digest
    at: str
    reviews: Mapping[str, Review]

    @property
    def fused(self) -> Fused:
        """Return incidents and members as fusing gives them."""
        return Fused(self.incidents, self.members, 0, 0)


def state(ledger: Ledger, engine: Engine, upto: int | None = None) -> State:
    """Return what the first `upto` entries come to, or all of them.

    Raises:
        BadInput: There are fewer entries, or one does not match its hash.
    """
    size = ledger.size if upto is None else upto
    claims = [
        coded.claims(part.select(["content"]), engine) for part in slices(ledger, "claim", engine, size)
    ]
    found = [
        coded.determined(part.select(["content"]), engine)
        for part in slices(ledger, "determination", engine, size)
    ]
    case, ran = last(ledger, "case", size), last(ledger, "run", size)
    return State(
        size=size,
        head=ledger.root(size),
        reports=reports(ledger, upto=size),
        claims=CLAIM.sorted(stack(CLAIM, claims)),
        incidents=INCIDENT.sorted(stack(INCIDENT, [each.incidents for each in found])),
        members=MEMBER.sorted(stack(MEMBER, [each.members for each in found])),
        determinations=DETERMINATION.sorted(stack(DETERMINATION, [each.determinations for each in found])),
        case=dict(case.value["files"]) if case else {},
        case_entry=case.leaf if case else "",
        at=str(ran.value["at"]) if ran else "",
        reviews=reviews(ledger, size),
    )


def last(ledger: Ledger, kind: str, upto: int | None = None) -> Entry | None:
    """Return the last entry of a kind; None: there is none."""
    found = None
    for entry in ledger.entries(kind, upto=upto):
        found = entry
    return found


def run_before(ledger: Ledger, size: int) -> int:
    """Return the length of the longest prefix of at most `size` entries that ends with a run.

    In between, reports may have come or gone that nothing was made of yet.

    Raises:
        BadInput: No run ended before.
    """
    ended = last(ledger, "run", size)
    if ended is None:
        raise BadInput(f"no run ended among the first {size} entries", hint="give a later place")
    return ended.seq + 1


def current(ledger: Ledger, kind: str, engine: Engine, upto: int | None = None) -> pa.Table:
    """Return the claims, determinations or links that stand: columns `id` and `content`, sorted by id."""
    found = pa.concat_tables([_NONE, *slices(ledger, kind, engine, upto)])
    return found.select(["id", "content"]).sort_by("id")


def slices(ledger: Ledger, kind: str, engine: Engine, upto: int | None = None) -> Iterator[pa.Table]:
    """Yield the claims or determinations that stand, so many at a time that a million need not be held.

    Columns `id`, `place` (of the entry that says so) and `content`, in order of place.
    """
    stands = standing(ledger, kind, engine, upto)
    for table in _gathered(ledger.batches(kind, upto=upto)):
        kept = table.filter(pc.is_in(table["seq"], value_set=stands["place"].combine_chunks()))
        if kept.num_rows:
            place = pc.index_in(kept["seq"], value_set=stands["place"].combine_chunks())
            columns = [stands["id"].take(place), kept["seq"], kept["content"]]
            yield pa.table(columns, schema=_NONE.schema)


def standing(ledger: Ledger, kind: str, engine: Engine, upto: int | None = None) -> pa.Table:
    """Return which claims, determinations or links stand: columns `id`, `place` and `leaf`, sorted by id.

    Of each id the last word counts: the entry that was added last, or the last that a `standing` entry says.
    """
    with engine.session() as session:
        _give_added(session, ledger, kind, upto)
        moved = pa.Table.from_pylist(list(_moved(ledger, kind, upto)), schema=_EVENTS)
        session.give("moved", moved)
        return session.sql(
            """
            SELECT id, place, leaf FROM (
                SELECT * FROM (SELECT id, seq, seq AS place, leaf FROM added UNION ALL SELECT * FROM moved)
                QUALIFY row_number() OVER (PARTITION BY id ORDER BY seq DESC) = 1)
            WHERE leaf IS NOT NULL ORDER BY id
            """
        )


def _give_added(session: Session, ledger: Ledger, kind: str, upto: int | None = None) -> None:
    """Make the table `added` (id, seq, leaf) of the entries of a kind, reading each once."""
    reader = pa.RecordBatchReader.from_batches(SCHEMA, ledger.batches(kind, upto=upto))
    session.connection.register("entries", reader)
    session.make("added", f"SELECT json_extract_string(content, '$.{kind}_id') AS id, seq, leaf FROM entries")


def _gathered(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Yield batches as tables of `TOGETHER` rows or a little more."""
    held: list[pa.RecordBatch] = []
    for batch in batches:
        held.append(batch)
        if sum(map(len, held)) >= TOGETHER:
            yield pa.Table.from_batches(held)
            held = []
    if held:
        yield pa.Table.from_batches(held)


def _moved(ledger: Ledger, kind: str, upto: int | None) -> Iterator[dict[str, Any]]:
    for entry in ledger.entries("standing", upto=upto):
        body = entry.value
        if body["of"] != kind:
            continue
        for name in body.get("gone", ()):
            yield {"id": name, "seq": entry.seq, "place": None, "leaf": None}
        for leaf in body.get("back", ()):
            again = ledger.find(leaf)
            if again is None or again.seq >= entry.seq or again.kind != kind:
                raise BadInput(f"entry {entry.seq} names a {kind} that is not before it")
            name = again.value[f"{kind}_id"]
            yield {"id": name, "seq": entry.seq, "place": again.seq, "leaf": leaf}


def record(
    ledger: Ledger,
    claims: Iterable[pa.Table],
    determinations: Iterable[pa.Table],
    engine: Engine,
    run: Mapping[str, Any],
    links: Iterable[pa.Table] = (),
    closing: Callable[[Ledger], Sequence[Mapping[str, Any]]] | None = None,
) -> Entry:
    """Bring the log to what was found, and close with the entry of the run.

    Args:
        ledger: The log, open to write.
        claims: Columns `id` and `content`, as `coded.claim_entries` gives them; in parts, each id once.
        determinations: The same of determinations.
        engine: How to run SQL.
        run: The entry of kind `run`.
        links: The same of links.
        closing: Gives the entries of kind `version` that this run closes; None: none are kept.

    Returns:
        The run's entry, which counts the versions before it. A run killed before it has changed nothing
        that a bulletin is made of.
    """
    for kind, found in (("claim", claims), ("determination", determinations), ("link", links)):
        _bring(ledger, kind, found, engine, str(run["at"]))
    if closing is not None:
        made = closing(ledger)
        ledger.append(made)
        # A run that finds again what an earlier one found, at the same moment of a fixed clock, would be its
        # entry, and close nothing: the length of the log keeps them apart.
        run = {**run, "counts": {**run["counts"], "versions": len(made), "log": ledger.size}}
    return ledger.append([run])[0]


def _bring(ledger: Ledger, kind: str, found: Iterable[pa.Table], engine: Engine, at: str) -> None:
    stands = standing(ledger, kind, engine)
    leaves = dict(zip(stands["id"].to_pylist(), stands["leaf"].to_pylist(), strict=True))
    with engine.session() as session:
        _give_added(session, ledger, kind)
        ever = set(session.sql("SELECT DISTINCT id FROM added")["id"].to_pylist())
    back: list[Digest] = []
    for part in found:
        fresh = []
        changed: dict[str, tuple[Digest, bytes, Digest]] = {}
        for name, text in zip(part["id"].to_pylist(), part["content"].to_pylist(), strict=True):
            content = text.encode()
            leaf = leaf_hash(content).hex()
            stood = leaves.pop(name, "")
            if stood != leaf:
                changed[name] = leaf, content, stood
        settled = _settled(ledger, changed) if kind == "determination" else set()
        for name, (leaf, content, _) in changed.items():
            if name in settled:
                continue
            if name in ever and ledger.find(leaf) is not None:
                back.append(leaf)
            else:
                fresh.append(content)
        ledger.append_encoded(fresh)
    # What is left stood and was not found again. One that changed was taken out above: its new word stands.
    ledger.append(list(_standing(kind, sorted(leaves), back, ledger.size, at)))


def _settled(ledger: Ledger, changed: Mapping[str, tuple[Digest, bytes, Digest]]) -> set[str]:
    """Return the ids of determinations that say what the standing ones say.

    Args:
        ledger: The log.
        changed: Leaf hash and content of each determination, and leaf hash of the one that stands, by id.
    """
    found: set[str] = set()
    of = {stood: name for name, (_, _, stood) in changed.items() if stood}
    wanted = pa.array(sorted(of), pa.string())
    for batch in ledger.batches("determination") if of else ():
        kept = batch.filter(pc.is_in(batch["leaf"], value_set=wanted))
        for leaf, content in zip(kept["leaf"].to_pylist(), kept["content"].to_pylist(), strict=True):
            if says_the_same(json.loads(content), json.loads(changed[of[leaf]][1])):
                found.add(of[leaf])
    return found


def _standing(
    kind: str, gone: Sequence[str], back: Sequence[Digest], size: int, at: str
) -> Iterator[dict[str, Any]]:
    for start in range(0, max(len(gone), len(back)), MANY):
        entry: dict[str, Any] = {"kind": "standing", "of": kind, "after": size + start, "at": at}
        for name, listed in (("gone", gone), ("back", back)):
            if part := list(listed[start : start + MANY]):
                entry[name] = part
        yield entry
