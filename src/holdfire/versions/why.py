"""Why a determination is not as it was: found by comparing what it rested on, before and after.

A determination rests on the claims in it, on how these were read and grouped, on the grades of their
sources, on the text of the agreement, on names and places, and on the method. Two prefixes of the log say of
each whether it is the same. What is the same is no reason; what differs and bears on this determination is
one; several may hold. tests/unit/test_superseding.py changes one thing at a time and asks for its reason.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from holdfire.engine import Engine
from holdfire.ledger.columns import SCHEMA
from holdfire.ledger.log import Ledger
from holdfire.recording import current, last, standing
from holdfire.records.determination import PROBABILITIES, Asked

Body = Mapping[str, Any]


class Why(StrEnum):
    """What differs of what a determination rested on."""

    REPORT_CAME = "report_came"
    REPORT_WITHDRAWN = "report_withdrawn"
    REPORT_DESTROYED = "report_destroyed"
    CLAIM_CORRECTED = "claim_corrected"
    JUDGED = "judged"
    GRADED = "graded"
    AGREEMENT = "agreement"
    NAMES = "names"
    SETTINGS = "settings"
    METHOD = "method"
    OTHER = "other"


COVERAGE = frozenset({"coverage", "term", "clauses", "change", *(asked.value for asked in Asked)})
"""Fields that follow from the agreement, from who is party to it, and from where its zones lie."""
STRENGTH = frozenset({"occurrence", "occurrence_strength", "attribution", "attribution_strength"}) | {
    "attribution_contested",
    "verdict",
    *PROBABILITIES,
}
"""Fields that follow from how far sources are believed."""

_RESULTS = ("hand/obligations.yaml", "hand/replies.yaml", "hand/restrictions.yaml", "hand/rulings.yaml")
"""Decided by hand, and nothing that a determination rests on."""

Found = dict[Why, set[int]]
"""Places of the entries that bear, by reason."""


def _of_path(path: str) -> Why | None:
    """Return what a file that people wrote says; None: nothing a determination rests on."""
    if path in (*_RESULTS, "hand/tolls.yaml", "hand/counting.yaml", "hand/counts.yaml"):
        return None
    if path == "hand/claims.jsonl":
        return Why.CLAIM_CORRECTED
    if path in ("actors.yaml", "places.yaml"):
        return Why.NAMES
    folder = path.partition("/")[0]
    return {"hand": Why.JUDGED, "agreement": Why.AGREEMENT}.get(folder, Why.SETTINGS)


@dataclass(frozen=True)
class Between:
    """What came into the log between two prefixes of it that runs closed.

    Attributes:
        ledger: The log.
        engine: How to run SQL.
        before: Length of the earlier prefix.
        after: Length of the later.
        method: Digest of the method of the later.
    """

    ledger: Ledger
    engine: Engine
    before: int
    after: int
    method: str

    @cached_property
    def reports(self) -> dict[str, tuple[Why, int]]:
        """Return what became of reports, and the place of the entry that says so; the last word counts."""
        kinds = {"report": Why.REPORT_CAME, "retraction": Why.REPORT_WITHDRAWN}
        kinds |= {"redaction": Why.REPORT_DESTROYED, "correction": Why.CLAIM_CORRECTED}
        held: set[str] = set()
        found = {}
        for entry in self.ledger.entries(tuple(kinds), upto=self.after):
            name, why = str(entry.value.get("report") or entry.value["of"]), kinds[entry.kind]
            if why is Why.REPORT_CAME and name in held:
                why = Why.SETTINGS  # it was there: what is written of it changed, such as its mapping
            if why is Why.REPORT_WITHDRAWN:
                held.discard(name)
            elif entry.kind == "report":
                held.add(name)
            if entry.seq >= self.before:
                found[name] = (why, entry.seq)
        return found

    @cached_property
    def written(self) -> Found:
        """Return what people wrote otherwise, and the entries that name the new files."""
        old, new = (last(self.ledger, "case", size) for size in (self.before, self.after))
        if new is None or (old is not None and old.seq == new.seq):
            return {}
        files = [dict(entry.value["files"]) if entry else {} for entry in (old, new)]
        paths = {
            path for path in files[0].keys() | files[1].keys() if files[0].get(path) != files[1].get(path)
        }
        if self.graded:
            paths -= {"case.yaml"}  # the grade has an entry of its own
        return {why: {new.seq} for path in sorted(paths) if (why := _of_path(path))}

    @cached_property
    def graded(self) -> dict[str, int]:
        """Return the sources whose grade changed, and the entries that say so."""
        known: set[str] = set()
        found = {}
        for entry in self.ledger.entries("grade", upto=self.after):
            name = str(entry.value["source"])
            if entry.seq >= self.before and name in known:
                found[name] = entry.seq
            known.add(name)
        return found

    @cached_property
    def moved(self) -> dict[str, tuple[Body | None, Body | None]]:
        """Return each claim that came, went or reads otherwise: what it said, and what it says."""
        old, new = (standing(self.ledger, "claim", self.engine, size) for size in (self.before, self.after))
        moved = differing(old, new, self.engine)
        wanted = [place for name in ("old", "new") for place in moved[name].to_pylist() if place is not None]
        said = bodies(self.ledger, "claim", wanted, self.after)
        return {
            name: (said.get(was), said.get(now))
            for name, was, now in zip(*(moved[c].to_pylist() for c in ("id", "old", "new")), strict=True)
        }

    @cached_property
    def _sources(self) -> dict[str, str]:
        """Return the source of each claim that stands now."""
        table = current(self.ledger, "claim", self.engine, self.after)
        query = "SELECT id, json_extract_string(content, '$.source') AS source FROM given"
        found = self.engine.sql(query, given=table)
        return dict(zip(found["id"].to_pylist(), found["source"].to_pylist(), strict=True))

    @cached_property
    def _method(self) -> bool:
        ran = last(self.ledger, "run", self.before)
        return ran is not None and ran.value["method"] != self.method

    def why(self, old: Iterable[Body], new: Body | None) -> tuple[tuple[Why, ...], tuple[int, ...]]:
        """Return why what was said is said otherwise, and the places of entries that bear on it.

        Args:
            old: The determinations before, of the same incident or of those its claims were in.
            new: The determination now; None: none stands.
        """
        was = list(old)
        found: Found = {}
        for name, seqs in self._claims(_members(was), _members([new] if new else [])):
            found.setdefault(name, set()).update(seqs)
        for name, seqs in self._rest(was, new, bool(found)):
            found.setdefault(name, set()).update(seqs)
        if not found:
            found = self._anything() or {Why.OTHER: set()}
        order = [why for why in Why if why in found]
        return tuple(order), tuple(sorted(set().union(*found.values())))

    def _claims(self, old: Collection[str], new: Collection[str]) -> Iterator[tuple[Why, set[int]]]:
        """Yield why the claims are not those they were, or not in one incident as they were."""
        regrouped = False
        for name in sorted({*old, *new}):
            if name in self.moved:
                yield from self._claim(*self.moved[name])
            else:
                regrouped = regrouped or (name in old) != (name in new)
        if regrouped:
            yield from ((w, s) for w, s in self.written.items() if w in (Why.JUDGED, Why.SETTINGS))

    def _claim(self, old: Body | None, new: Body | None) -> Iterator[tuple[Why, set[int]]]:
        said = new or old or {}
        report, seq = self.reports.get(str(said.get("report")), (None, 0))
        if report is not None:
            yield report, {seq}
            return
        reread = (Why.CLAIM_CORRECTED, Why.NAMES, Why.SETTINGS)
        if old and new and {k for k in old.keys() | new.keys() if old.get(k) != new.get(k)} <= {"root"}:
            # Who repeats whom follows from all reports together.
            yield from ((why, {seq}) for why, seq in sorted(self.reports.values()))
            return
        yield from ((why, seqs) for why, seqs in self.written.items() if why in reread)

    def _rest(self, old: Iterable[Body], new: Body | None, settled: bool) -> Iterator[tuple[Why, set[int]]]:
        """Yield what differs besides claims: grades of sources, texts, judgements, the method."""
        changed = {
            k for body in old for k in body.keys() | (new or {}).keys() if body.get(k) != (new or {}).get(k)
        }
        if new is not None:
            voices = {self._sources.get(name) for name in _members([new])} if self.graded else set()
            if changed & STRENGTH:
                yield from ((Why.GRADED, {self.graded[v]}) for v in sorted(self.graded.keys() & voices))
            for why, fields in ((Why.AGREEMENT, COVERAGE), (Why.NAMES, COVERAGE), (Why.JUDGED, STRENGTH)):
                if changed & fields and why in self.written:
                    yield why, self.written[why]
            if Why.SETTINGS in self.written and not settled:
                yield Why.SETTINGS, self.written[Why.SETTINGS]
        if self._method:
            yield Why.METHOD, set()

    def _anything(self) -> Found:
        """Return all that came in between: how claims are grouped and weighed follows from all of it."""
        found: Found = {}
        for why, seq in self.reports.values():
            found.setdefault(why, set()).add(seq)
        return found or {**self.written, **({Why.GRADED: set(self.graded.values())} if self.graded else {})}


def _members(said: Iterable[Body]) -> set[str]:
    return {name for body in said for name, _ in body["members"]}


def differing(old: pa.Table, new: pa.Table, engine: Engine) -> pa.Table:
    """Return what does not stand as it did: columns `id`, `old`, `new` (places), `was`, `now` (leaf hashes).

    Args:
        old: What stood, as `standing` gives it.
        new: What stands.
        engine: How to run SQL.
    """
    query = """
        SELECT coalesce(o.id, n.id) AS id, o.place AS old, n.place AS new, o.leaf AS was, n.leaf AS now
        FROM before AS o FULL JOIN later AS n ON o.id = n.id
        WHERE o.leaf IS DISTINCT FROM n.leaf ORDER BY id
    """
    return engine.sql(query, before=old, later=new)


def bodies(ledger: Ledger, kind: str, places: Collection[int], upto: int) -> dict[int, Body]:
    """Return what the entries of a kind at some places say, by place."""
    wanted, found = pa.array(sorted(set(places)), pa.int64()), {}
    if not len(wanted):
        return {}
    for batch in ledger.batches(kind, upto=upto):
        kept = pa.Table.from_batches([batch], SCHEMA).filter(pc.is_in(batch["seq"], value_set=wanted))
        for seq, content in zip(kept["seq"].to_pylist(), kept["content"].to_pylist(), strict=True):
            found[int(seq)] = json.loads(content)
    return found
