"""What changed between two prefixes of the log, and which entries did it.

"As known then" and "as known now" are two prefixes of one log. The difference is computed, never written
by hand: determinations that came, went or changed, the totals before and after, and for each change the
entries in between that bear on it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa

from holdfire.counting.tallies import tally
from holdfire.engine import Engine
from holdfire.errors import BadInput
from holdfire.ledger import coded
from holdfire.ledger.log import Ledger
from holdfire.recomputing import bulletins
from holdfire.recording import current, run_before

SHOWN = ("verdict", "rule", "coverage", "occurrence", "occurrence_strength", "attribution")
NUMBERS = ("killed_low", "killed_best", "killed_high", "civilians_low", "injured_low", "claims", "roots")
CAUSES = ("report", "retraction", "redaction", "correction", "case", "grade", "claim", "standing", "run")


@dataclass(frozen=True)
class Change:
    """One determination that is not as it was.

    Attributes:
        id: Its id.
        before: What it said; empty: it did not stand.
        after: What it says; empty: it no longer stands.
        entries: Places in the log of the entries in between that bear on it.
    """

    id: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    entries: tuple[int, ...]

    @property
    def fields(self) -> dict[str, tuple[Any, Any]]:
        """Return what differs of verdict, axes and numbers: before and after."""
        names = (*SHOWN, *NUMBERS)
        pairs = {name: (self.before.get(name), self.after.get(name)) for name in names}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


@dataclass(frozen=True)
class Totals:
    """What a prefix comes to: incidents by verdict, and deaths as wide as the claims."""

    incidents: int
    verdicts: Mapping[str, int]
    killed: tuple[int, int | None, int | None]


@dataclass(frozen=True)
class Difference:
    """The difference of two prefixes.

    Attributes:
        sizes: Their lengths; each ends with a run.
        before: What the first comes to.
        after: What the second comes to.
        changes: Determinations that differ, by id.
        causes: Kind of each entry in between that reports, people or editors brought, by place in the log.
    """

    sizes: tuple[int, int]
    before: Totals
    after: Totals
    changes: tuple[Change, ...]
    causes: Mapping[int, str]


def place(ledger: Ledger, name: str) -> int:
    """Return the length of the prefix that a word names: a number, a bulletin (`A_B`, `A_B@1`), or `now`.

    Raises:
        BadInput: It names none.
    """
    if name == "now":
        return ledger.size
    if name.isdigit():
        if int(name) > ledger.size:
            raise BadInput(f"the log has {ledger.size} entries, not {name}")
        return int(name)
    return int(bulletins(ledger, name)[-1].value["size"])


def difference(ledger: Ledger, engine: Engine, first: int, second: int) -> Difference:
    """Return what changed between two prefixes, each cut to the last run it holds.

    Raises:
        BadInput: One holds no run, or the first is the longer.
    """
    if first > second:
        raise BadInput(f"{first} entries are more than {second}", hint="give the earlier one first")
    sizes = run_before(ledger, first), run_before(ledger, second)
    old, new = (_Side(ledger, engine, size) for size in sizes)
    differing = [
        name
        for name in sorted(old.texts.keys() | new.texts.keys())
        if old.texts.get(name) != new.texts.get(name)
    ]
    between = {entry.seq: entry.kind for entry in ledger.entries(CAUSES, upto=sizes[1], after=sizes[0])}
    moved = _moved(ledger, engine, sizes)
    general = tuple(seq for seq, kind in sorted(between.items()) if kind in ("case", "grade"))
    changes = []
    for name in differing:
        then, now = old.body(name), new.body(name)
        members = {claim for body in (then, now) for claim, _ in body.get("members", ())}
        seqs = {seq for claim in members for seq in moved.get(claim, ())}
        changes.append(Change(name, then, now, tuple(sorted(seqs)) or general or _runs(between)))
    return Difference(sizes, old.totals, new.totals, tuple(changes), between)


def _runs(between: Mapping[int, str]) -> tuple[int, ...]:
    return tuple(seq for seq, kind in sorted(between.items()) if kind == "run")


def _moved(ledger: Ledger, engine: Engine, sizes: tuple[int, int]) -> dict[str, list[int]]:
    """Return the entries between two prefixes by which each claim came, changed, went or came back."""
    moved: dict[str, list[int]] = {}
    reports: dict[str, list[int]] = {}
    for entry in ledger.entries(CAUSES, upto=sizes[1], after=sizes[0]):
        body = entry.value
        if entry.kind == "claim":
            moved.setdefault(body["claim_id"], []).append(entry.seq)
        elif entry.kind == "standing" and body["of"] == "claim":
            for name in body.get("gone", ()):
                moved.setdefault(name, []).append(entry.seq)
            for leaf in body.get("back", ()):
                found = ledger.find(leaf)
                if found:
                    moved.setdefault(found.value["claim_id"], []).append(entry.seq)
        elif entry.kind in ("report", "retraction", "redaction", "correction"):
            reports.setdefault(body.get("report") or body["of"], []).append(entry.seq)
    for name, report in _reports_of(ledger, engine, sizes, moved):
        moved[name] += reports.get(report, [])
    return moved


def _reports_of(
    ledger: Ledger, engine: Engine, sizes: tuple[int, int], moved: Mapping[str, Iterable[int]]
) -> Iterator[tuple[str, str]]:
    """Yield the report of each claim that moved, as far as either prefix knows it."""
    if not moved:
        return
    known = [current(ledger, "claim", engine, size).select(["id", "content"]) for size in sizes]
    found = engine.sql(
        "SELECT DISTINCT id, json_extract_string(content, '$.report') AS report FROM known"
        " SEMI JOIN moved USING (id) ORDER BY id, report",
        known=pa.concat_tables(known),
        moved=pa.table({"id": sorted(moved)}),
    )
    yield from zip(found["id"].to_pylist(), found["report"].to_pylist(), strict=True)


@dataclass(frozen=True)
class _Side:
    ledger: Ledger
    engine: Engine
    size: int

    @cached_property
    def table(self) -> pa.Table:
        return current(self.ledger, "determination", self.engine, self.size)

    @cached_property
    def texts(self) -> dict[str, str]:
        return dict(zip(self.table["id"].to_pylist(), self.table["content"].to_pylist(), strict=True))

    def body(self, name: str) -> dict[str, Any]:
        """Return what a determination says; nothing: it does not stand."""
        return dict(json.loads(self.texts[name])) if name in self.texts else {}

    @property
    def totals(self) -> Totals:
        """Return what this side comes to."""
        found = coded.determined(self.table, self.engine)
        deaths = tally(found.incidents, "killed")
        verdicts = Counter(found.determinations["verdict"].to_pylist())
        return Totals(
            found.incidents.num_rows, dict(sorted(verdicts.items())), (deaths.low, deaths.best, deaths.high)
        )


def as_json(found: Difference) -> dict[str, Any]:
    """Return a difference as JSON holds it."""
    return {
        "sizes": list(found.sizes),
        "before": asdict(found.before),
        "after": asdict(found.after),
        "entries_between": {str(seq): kind for seq, kind in sorted(found.causes.items())},
        "changes": [
            {
                "id": change.id,
                "before": dict(change.before),
                "after": dict(change.after),
                "entries": list(change.entries),
            }
            for change in found.changes
        ],
    }
