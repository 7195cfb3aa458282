"""What became of a determination: where each version came from, and where it went.

Versions make a graph: one supersedes several where incidents became one, and several supersede one where it
parted. This walks it either way, with what each version said. A determination is called by its id, and by
the number of its version among those of what it took the place of.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from holdfire.digests import Digest
from holdfire.engine import Engine
from holdfire.ledger.log import Ledger
from holdfire.recording import standing
from holdfire.records.determination import PROBABILITIES, moved
from holdfire.versions.why import Why
from holdfire.versions.written import Version, versions

Body = Mapping[str, Any]

SHOWN = (
    "verdict",
    "occurrence",
    "occurrence_strength",
    "occurrence_probability",
    "attribution",
    "attribution_strength",
    "attribution_probability",
    "attribution_contested",
    "coverage",
    "killed_low",
    "killed_best",
    "killed_high",
    "killed_least",
    "killed_most",
)
"""Fields of a determination that a correction names."""


@dataclass(frozen=True)
class Withdrawn:
    """A report that a version no longer leans on.

    Attributes:
        report: Its id.
        source: Who published it.
        reason: Why it was withdrawn, as a person wrote it.
        at: When, ISO 8601 in UTC.
        claims: How many claims of it what was superseded had.
    """

    report: Digest
    source: str
    reason: str
    at: str
    claims: int


@dataclass(frozen=True)
class Step:
    """One version of a determination, with what it said and what it took the place of.

    Attributes:
        version: The version.
        said: What stands; empty: nothing does any more.
        before: What it superseded: id, number of its version, and what it said.
        withdrawn: Reports it leaned on before and that were withdrawn.
    """

    version: Version
    said: Body
    before: tuple[tuple[str, int, Body], ...]
    withdrawn: tuple[Withdrawn, ...]

    def changed(self) -> dict[str, tuple[Any, Any]]:
        """Return which shown fields differ from the first thing it superseded: before and after."""
        return fields(self.before[0][2], self.said) if self.before and self.said else {}


def fields(old: Body, new: Body) -> dict[str, tuple[Any, Any]]:
    """Return the shown fields in which two determinations differ: the one's, the other's; None: not said.

    A probability that has not moved (`records.determination.MOVED`) does not differ.
    """
    pairs = {name: (old.get(name), new.get(name)) for name in SHOWN}
    return {
        name: (was, now)
        for name, (was, now) in pairs.items()
        if (moved(was, now) if name in PROBABILITIES else was != now)
    }


@dataclass(frozen=True)
class Succession:
    """The versions of a prefix of the log.

    Attributes:
        ledger: The log.
        engine: How to run SQL.
        upto: Length of the prefix.
    """

    ledger: Ledger
    engine: Engine
    upto: int

    @cached_property
    def versions(self) -> list[Version]:
        """Return every version but the firsts, in order."""
        return versions(self.ledger, self.engine, self.upto)

    @cached_property
    def _of(self) -> dict[str, list[Version]]:
        found: dict[str, list[Version]] = {}
        for each in self.versions:
            found.setdefault(each.of, []).append(each)
        return found

    @cached_property
    def _before(self) -> dict[tuple[str, Digest], list[Version]]:
        """Return the versions by what they are: id and leaf hash."""
        return _grouped(((v.of, v.entry), v) for v in self.versions)

    @cached_property
    def _after(self) -> dict[tuple[str, Digest], list[Version]]:
        """Return the versions by what they superseded."""
        return _grouped((pair, v) for v in self.versions for pair in v.supersedes)

    @cached_property
    def standing(self) -> dict[str, Digest]:
        """Return the leaf hash of each determination that stands."""
        table = standing(self.ledger, "determination", self.engine, self.upto)
        return dict(zip(table["id"].to_pylist(), table["leaf"].to_pylist(), strict=True))

    def said(self, leaves: Collection[Digest]) -> dict[Digest, Body]:
        """Return what determinations say, by leaf hash."""
        wanted, found = pa.array(sorted(set(leaves)), pa.string()), {}
        for batch in self.ledger.batches("determination", upto=self.upto) if len(wanted) else ():
            kept = batch.filter(pc.is_in(batch["leaf"], value_set=wanted))
            for leaf, content in zip(kept["leaf"].to_pylist(), kept["content"].to_pylist(), strict=True):
                found[str(leaf)] = json.loads(content)
        return found

    def of(self, name: str) -> list[Version]:
        """Return the versions of a determination or of its end, in order; its first needs none."""
        return self._of.get(name, [])

    def earlier(self, last: Iterable[Version]) -> list[Version]:
        """Return some versions with those that lead to them, in order."""
        found: dict[tuple[str, int], Version] = {}
        wanted = list(last)
        while wanted:
            each = wanted.pop()
            if (each.of, each.number) in found:
                continue
            found[each.of, each.number] = each
            for pair in each.supersedes:
                wanted += [v for v in self._before.get(pair, ()) if v.run < each.run]
        return sorted(found.values(), key=_order)

    def later(self, name: str, leaf: Digest, since: int = 0) -> list[Version]:
        """Return the versions that came of what an entry said, in order.

        Args:
            name: Id of a determination.
            leaf: Leaf hash of its entry.
            since: Leave out what was closed among the first so many entries.
        """
        found: dict[tuple[str, int], Version] = {}
        wanted = [(pair, since) for pair in [(name, leaf)]]
        while wanted:
            pair, after = wanted.pop()
            for each in self._after.get(pair, ()):
                if each.run >= after and (each.of, each.number) not in found:
                    found[each.of, each.number] = each
                    wanted.append(((each.of, each.entry), each.run))
        return sorted(found.values(), key=_order)

    def incidents(self, names: Collection[str]) -> dict[str, list[tuple[str, Digest]]]:
        """Return every determination there ever was of some incidents: its id and leaf hash, in order."""
        wanted, found = pa.table({"id": pa.array(sorted(names), pa.string())}), dict[str, Any]()
        query = """
            SELECT json_extract_string(content, '$.incident_id') AS incident, leaf,
                json_extract_string(content, '$.determination_id') AS id
            FROM given WHERE json_extract_string(content, '$.incident_id') IN (SELECT id FROM wanted)
            ORDER BY seq
        """
        for batch in self.ledger.batches("determination", upto=self.upto):
            part = self.engine.sql(query, given=pa.Table.from_batches([batch]), wanted=wanted)
            for row in part.to_pylist():
                found.setdefault(row["incident"], []).append((row["id"], row["leaf"]))
        return found

    def number(self, name: str, leaf: Digest, run: int) -> int:
        """Return which version of a determination an entry was before a run."""
        found = [v.number for v in self._before.get((name, leaf), ()) if v.run < run]
        return found[-1] if found else 1

    def steps(self, listed: Iterable[Version]) -> list[Step]:
        """Return versions with what they said, and with what they superseded."""
        chosen = list(listed)
        said = self.said(
            {leaf for v in chosen for leaf in (v.entry, *(pair[1] for pair in v.supersedes)) if leaf}
        )
        claims = {name for body in said.values() for name, _ in body["members"]}
        gone = any(Why.REPORT_WITHDRAWN in v.why for v in chosen)
        reports = self.reports(claims) if gone else {}
        return [self._step(each, said, reports) for each in chosen]

    def _step(self, version: Version, said: Mapping[Digest, Body], reports: Mapping[str, Digest]) -> Step:
        before = tuple(
            (name, self.number(name, leaf, version.run), said[leaf]) for name, leaf in version.supersedes
        )
        gone = tuple(self._withdrawn(version, [body for *_, body in before], reports))
        return Step(version, said.get(version.entry, {}), before, gone)

    def _withdrawn(
        self, version: Version, before: Iterable[Body], reports: Mapping[str, Digest]
    ) -> Iterator[Withdrawn]:
        leaned: dict[Digest, int] = {}
        for name in {name for body in before for name, _ in body["members"]}:
            if name in reports:
                leaned[reports[name]] = leaned.get(reports[name], 0) + 1
        for seq in version.entries:
            entry = self.ledger.entry(seq)
            body = entry.value
            if entry.kind == "retraction" and body["of"] in leaned:
                source = self._published.get(body["of"], "")
                yield Withdrawn(body["of"], source, body["reason"], body["at"], leaned[body["of"]])

    @cached_property
    def _published(self) -> dict[Digest, str]:
        """Return who published each report, withdrawn ones too."""
        found = (entry.value for entry in self.ledger.entries("report", upto=self.upto))
        return {str(body["report"]): str(body["source"]) for body in found}

    def reports(self, claims: Collection[str]) -> dict[str, Digest]:
        """Return the report of each of some claims, also of those that no longer stand."""
        wanted = pa.array(sorted(claims), pa.string())
        query = """
            SELECT DISTINCT json_extract_string(content, '$.claim_id') AS id,
                json_extract_string(content, '$.report') AS report
            FROM given WHERE json_extract_string(content, '$.claim_id') IN (SELECT id FROM wanted)
        """
        found: dict[str, Digest] = {}
        for batch in self.ledger.batches("claim", upto=self.upto):
            given = pa.Table.from_batches([batch]).select(["content"])
            part = self.engine.sql(query, given=given, wanted=pa.table({"id": wanted}))
            found.update(zip(part["id"].to_pylist(), part["report"].to_pylist(), strict=True))
        return found


def _order(version: Version) -> tuple[int, int, str]:
    return version.run, version.number, version.of


def _grouped(
    pairs: Iterable[tuple[tuple[str, Digest], Version]],
) -> dict[tuple[str, Digest], list[Version]]:
    found: dict[tuple[str, Digest], list[Version]] = {}
    for key, version in pairs:
        found.setdefault(key, []).append(version)
    return found
