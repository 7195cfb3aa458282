"""What was found goes into the log, and comes out of any prefix of it: the only way to a bulletin.

`record` adds the claims and determinations that are new or changed, says which no longer stand, and closes
with an entry of kind `run`. `state` reads back what the first entries come to. A bulletin is made of a
state and never of what a run has in its hands, so that whoever has the log can make it again.

Identical bytes are one entry, so a claim that goes and comes back is not appended twice: an entry of kind
`standing` says by leaf hash that it stands again. Of each id the last word counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from holdfire.digests import Digest
from holdfire.engine import Engine
from holdfire.errors import BadInput
from holdfire.fusing.fuse import Fused
from holdfire.holdings import reports
from holdfire.ledger import coded
from holdfire.ledger.entry import Entry, leaf_hash
from holdfire.ledger.log import Ledger
from holdfire.records.report import Report
from holdfire.reviews import Review, reviews

MANY = 800
"""Most ids or leaf hashes in one entry of kind `standing`; it stays below the largest entry."""

_EVENTS = pa.schema([("id", pa.string()), ("seq", pa.int64()), ("content", pa.string())])


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
    claims = current(ledger, "claim", engine, size)
    found = coded.determined(current(ledger, "determination", engine, size), engine)
    case, ran = last(ledger, "case", size), last(ledger, "run", size)
    return State(
        size=size,
        head=ledger.root(size),
        reports=reports(ledger, upto=size),
        claims=coded.claims(claims, engine),
        incidents=found.incidents,
        members=found.members,
        determinations=found.determinations,
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
    """Return the claims or determinations that stand: columns `id`, `seq`, `content`, sorted by id."""
    added = _added(ledger, kind, upto)
    moved = list(_moved(ledger, kind, upto))
    query = f"""
        WITH added AS (SELECT json_extract_string(content, '$.{kind}_id') AS id, seq, content FROM given),
        events AS (SELECT * FROM added UNION ALL SELECT * FROM moved)
        SELECT id, seq, content FROM events
        QUALIFY row_number() OVER (PARTITION BY id ORDER BY seq DESC) = 1
        ORDER BY id
    """
    found = engine.sql(query, given=added, moved=pa.Table.from_pylist(moved, schema=_EVENTS))
    return found.filter(found["content"].is_valid())


def _added(ledger: Ledger, kind: str, upto: int | None) -> pa.Table:
    batches = [
        pa.record_batch([b["seq"].cast(pa.int64()), b["content"].cast(pa.string())], names=["seq", "content"])
        for b in ledger.batches(kind, upto=upto)
    ]
    return pa.Table.from_batches(batches, pa.schema([("seq", pa.int64()), ("content", pa.string())]))


def _moved(ledger: Ledger, kind: str, upto: int | None) -> Iterator[dict[str, Any]]:
    for entry in ledger.entries("standing", upto=upto):
        body = entry.value
        if body["of"] != kind:
            continue
        for name in body.get("gone", ()):
            yield {"id": name, "seq": entry.seq, "content": None}
        for leaf in body.get("back", ()):
            again = ledger.find(leaf)
            if again is None or again.seq >= entry.seq or again.kind != kind:
                raise BadInput(f"entry {entry.seq} names a {kind} that is not before it")
            yield {"id": again.value[f"{kind}_id"], "seq": entry.seq, "content": again.content.decode()}


def record(
    ledger: Ledger, claims: pa.Table, determinations: pa.Table, engine: Engine, run: Mapping[str, Any]
) -> Entry:
    """Bring the log to what was found, and close with the entry of the run.

    Args:
        ledger: The log, open to write.
        claims: Columns `id` and `content`, as `coded.claim_entries` gives them.
        determinations: The same of determinations.
        engine: How to run SQL.
        run: The entry of kind `run`.

    Returns:
        The run's entry. A run killed before it has changed nothing that a bulletin is made of.
    """
    for kind, found in (("claim", claims), ("determination", determinations)):
        _bring(ledger, kind, found, engine, str(run["at"]))
    return ledger.append([run])[0]


def _bring(ledger: Ledger, kind: str, found: pa.Table, engine: Engine, at: str) -> None:
    standing = current(ledger, kind, engine)
    fresh = engine.sql(
        "SELECT f.id, f.content FROM found f LEFT JOIN standing s USING (id)"
        " WHERE s.content IS DISTINCT FROM f.content ORDER BY f.id",
        found=found,
        standing=standing,
    )
    gone = engine.sql(
        "SELECT id FROM standing ANTI JOIN found USING (id) ORDER BY id", found=found, standing=standing
    )
    contents = [text.encode() for text in fresh["content"].to_pylist()]
    back = _known(ledger, kind, fresh, contents, engine)
    known = set(back)
    ledger.append_encoded([c for c in contents if leaf_hash(c).hex() not in known] if known else contents)
    ledger.append(list(_standing(kind, gone["id"].to_pylist(), back, ledger.size, at)))


def _known(
    ledger: Ledger, kind: str, fresh: pa.Table, contents: Sequence[bytes], engine: Engine
) -> list[Digest]:
    """Return the leaf hashes of those contents that the log has already, so that they stand again."""
    if not contents:
        return []
    before = engine.sql(
        f"SELECT DISTINCT json_extract_string(content, '$.{kind}_id') AS id FROM given",
        given=_added(ledger, kind, None),
    )
    seen = set(before["id"].to_pylist())
    leaves = (
        leaf_hash(content).hex()
        for name, content in zip(fresh["id"].to_pylist(), contents, strict=True)
        if name in seen
    )
    return [leaf for leaf in leaves if ledger.find(leaf) is not None]


def _standing(
    kind: str, gone: Sequence[str], back: Sequence[Digest], size: int, at: str
) -> Iterable[dict[str, Any]]:
    for start in range(0, max(len(gone), len(back)), MANY):
        entry: dict[str, Any] = {"kind": "standing", "of": kind, "after": size + start, "at": at}
        for name, listed in (("gone", gone), ("back", back)):
            if part := list(listed[start : start + MANY]):
                entry[name] = part
        yield entry
