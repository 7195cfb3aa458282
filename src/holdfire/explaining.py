"""Walk a number or verdict back: determination, questions, incident, claims, span or row, report, source.

Four steps down from any figure: `figure -> determination -> incident -> claim -> bytes`. Each step prints
what it rests on and nothing it does not know. Exact coordinates and what a row withholds stay withheld.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from holdfire.answers import Answer
from holdfire.case import Case
from holdfire.digests import Digest
from holdfire.errors import BadInput
from holdfire.holdings import Held
from holdfire.issuing import Found
from holdfire.readings import Quoted
from holdfire.records.determination import Asked
from holdfire.tables import rows

MANY = 25
"""How many things a list names before it counts the rest."""


@dataclass(frozen=True)
class Told:
    """One step of the walk: a heading, facts, and the steps below it."""

    title: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    below: tuple[Told, ...] = ()

    @property
    def json(self) -> dict[str, Any]:
        """Return the walk as JSON holds it."""
        return {"title": self.title, **self.facts, "rests_on": [each.json for each in self.below]}

    def __str__(self) -> str:
        """Return the walk as an indented text."""
        return "\n".join(self._lines(0))

    def _lines(self, depth: int) -> Iterator[str]:
        pad = "  " * depth
        yield f"{pad}{self.title}"
        width = max((len(str(k)) for k in self.facts), default=0)
        for key, value in self.facts.items():
            yield f"{pad}  {key:{width}}  {_shown(value)}"
        for each in self.below:
            yield from each._lines(depth + 1)


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{k}: {v}" for k, v in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(str(v) for v in value) or "none"
    return "not said" if value is None else str(value)


def explain(case: Case, name: str) -> Told:
    """Return the walk from a figure, determination, incident, claim or report down to the bytes.

    Raises:
        BadInput: Nothing is called so, or an abbreviated id fits several things.
    """
    found = case.found()
    walk = _Walk(case, found)
    for prefix, column, table, step in walk.steps():
        if name.startswith(prefix):
            return step(_one(table, column, name))
    held = [h for h in found.held if h.report.id.startswith(name) or h.file == name]
    if len(held) == 1 and len(name) >= 4:
        return walk.report(held[0])
    return walk.figure(name)


def _one(table: pa.Table, column: str, name: str) -> dict[str, Any]:
    matches = table.filter(pc.starts_with(table[column], name))
    if matches.num_rows != 1:
        what = "nothing is" if not matches.num_rows else f"{matches.num_rows} things are"
        raise BadInput(f'{what} called "{name}"', hint="ids are printed on each page of a bulletin")
    return next(rows(matches))


@dataclass(frozen=True)
class _Walk:
    case: Case
    found: Found

    def figure(self, name: str) -> Told:
        """Return what a figure of a bulletin rests on.

        Args:
            name: Its id (`f-…`), or its key, such as `summary.breach`; `PERIOD/KEY` names one bulletin's.
        """
        period, _, figure = name.rpartition("/")
        folder = self.case.folder.path / "bulletins"
        sites = (
            [folder / period] if period else sorted(folder.iterdir() if folder.is_dir() else [], reverse=True)
        )
        for site in sites:
            file = site / "bulletin.json"
            if not file.is_file():
                continue
            bulletin = json.loads(file.read_text(encoding="utf-8"))
            for each, given in bulletin["figures"].items():
                if figure in (each, given["key"]):
                    return self._figure(site.name, each, given, bulletin["bases"][given["basis"]])
        raise BadInput(f'nothing is called "{name}"', hint="ids are printed on each page of a bulletin")

    def _figure(self, period: str, name: str, given: Mapping[str, Any], basis: Sequence[str]) -> Told:
        facts = {
            "key": given["key"],
            "value": ("at least " if given["at_least"] else "") + str(given["value"]),
            "measure": given["measure"],
            "bulletin": period,
            "rests on": f"{len(basis)} things" + (f", the first {MANY} shown" if len(basis) > MANY else ""),
        }
        return Told(f"figure {name}", facts, tuple(self._thing(item) for item in basis[:MANY]))

    def _thing(self, item: str) -> Told:
        """Return one thing that a figure rests on."""
        for prefix, column, table, step in self.steps():
            if item.startswith(prefix):
                return step(_one(table, column, item))
        kind, _, name = item.partition(":")
        held = next((h for h in self.found.held if h.report.id == name), None)
        return self.report(held) if kind == "report" and held else Told(f"{kind} {name}")

    def steps(self) -> list[tuple[str, str, pa.Table, Callable[[Mapping[str, Any]], Told]]]:
        """Return how each kind of id is looked up and told."""
        return [
            ("d-", "determination_id", self.found.determinations, self.determination),
            ("i-", "incident_id", self.found.fused.incidents, self.incident),
            ("c-", "claim_id", self.found.claims, self.claim),
        ]

    def determination(self, row: Mapping[str, Any]) -> Told:
        """Return a determination, its questions with their clauses, and its incident."""
        questions = {
            asked.value: f"{Answer.of(row[asked.value])}" + (f"  ({clause})" if clause else "")
            for asked, clause in zip(Asked, row["clauses"], strict=True)
        }
        facts = {
            "verdict": f"{row['verdict']} (rule {row['rule']})",
            "occurrence": f"{Answer.of(row['occurrence'])}, {row['occurrence_strength']}",
            "attribution": f"{_shown(row['attribution'])}, {row['attribution_strength']}"
            + (", contested" if row["attribution_contested"] else ""),
            "coverage": f"{row['coverage']}" + (f", term {row['term']}" if row["term"] else ""),
            **{f"  {asked}?": answer for asked, answer in questions.items()},
            "would change this": row["change"],
            "denials, admissions": f"{row['denials']}, {row['admissions']}",
        }
        incident = _one(self.found.fused.incidents, "incident_id", row["incident_id"])
        return Told(f"determination {row['determination_id']}", facts, (self.incident(incident),))

    def incident(self, row: Mapping[str, Any]) -> Told:
        """Return an incident and its claims."""
        members = self.found.fused.members
        mine = {
            m["claim_id"]: m["part"]
            for m in rows(members.filter(pc.equal(members["incident_id"], row["incident_id"])))
        }
        claims = self.found.claims.filter(
            pc.is_in(self.found.claims["claim_id"], value_set=pa.array(sorted(mine)))
        )
        zone = self.case.folder.zone
        facts = {
            "act": row["event_type"],
            "by": row["actors_text"] or _shown(row["actors"]),
            "on": row["targets_text"] or _shown(row["targets"]),
            "direction": "said" if row["directed"] else "two sides fought; who began is not said",
            "when": f"{_local(row['start'], zone)} to {_local(row['end'], zone)} ({row['time_precision']})",
            "where": f"{row['place'] or 'not said'}, {row['admin1'] or 'area not known'}"
            f" ({row['geo_precision']})",
            "killed": _range(row, "killed"),
            "claims": f"{row['claims']} in {row['reports']} reports, {row['roots']} independent roots",
        }
        quotes = self._quotes(sorted(mine))
        fields = self._fields(claims)
        return Told(
            f"incident {row['incident_id']}",
            facts,
            tuple(
                self._claim(c, mine[c["claim_id"]], quotes, fields) for c in rows(claims.sort_by("claim_id"))
            ),
        )

    def claim(self, row: Mapping[str, Any]) -> Told:
        """Return a claim, its words or row, and its report."""
        table = self.found.claims.filter(pc.equal(self.found.claims["claim_id"], row["claim_id"]))
        return self._claim(row, "", self._quotes([row["claim_id"]]), self._fields(table))

    def _quotes(self, ids: Sequence[str]) -> dict[str, Quoted]:
        return self.case.readings.quotes(self.found.held, self.found.claims, ids)

    def _fields(self, claims: pa.Table) -> Mapping[tuple[Digest, int], dict[str, str]]:
        wanted: dict[Digest, list[int]] = {}
        for row in rows(claims.select(["report", "row"])):
            if row["row"] is not None:
                wanted.setdefault(row["report"], []).append(row["row"])
        return self.case.readings.rows(self.found.held, wanted)

    def _claim(
        self,
        row: Mapping[str, Any],
        part: str,
        quotes: Mapping[str, Quoted],
        fields: Mapping[tuple[Digest, int], dict[str, str]],
    ) -> Told:
        held = next(h for h in self.found.held if h.report.id == row["report"])
        chain: Sequence[Mapping[str, Any]] = row["chain"]
        facts: dict[str, Any] = {
            "says": f"{row['stance']}, {row['modality']}" + (", negated" if row["negated"] else ""),
            "chain": " > ".join(str(link["text"] or link["source"]) for link in chain) or row["source"],
            "independent root": row["root"],
            "event": row["event_type"],
        }
        if part:
            facts["part"] = part
        if quote := quotes.get(row["claim_id"]):
            facts["words"] = f"“{quote[1]}”"
            facts["at"] = f"characters {', '.join(f'{s[0]}-{s[1]}' for s in row['spans'])}"
        if row["row"] is not None:
            facts["row"] = row["row"]
            for name, value in fields.get((row["report"], row["row"]), {}).items():
                facts[f"  {name}" if name else "  withheld"] = value
        return Told(f"claim {row['claim_id']}", facts, (self.report(held),))

    def report(self, held: Held) -> Told:
        """Return a report, its source, and who added it when."""
        report = held.report
        source = self.case.folder.sources[report.source]
        return Told(
            f"report {report.id[:16]}",
            {
                "file": held.file,
                "digest": report.id,
                "format": report.format,
                "source": f"{source.name.get('en', source.id)}, {source.affiliation},"
                f" reliability {source.reliability}",
                "published": report.published or "not said",
                "added": f"{report.received} by {report.added_by}",
                "licence": report.licence or "not said",
                "cite": report.cite or "not said",
            },
        )


def _local(when: Any, zone: Any) -> str:
    return "open" if when is None else f"{when.astimezone(zone):%Y-%m-%d %H:%M}"


def _range(row: Mapping[str, Any], what: str) -> str:
    low, high = row[f"{what}_low"], row[f"{what}_high"]
    if low is None:
        return "no claim says"
    return f"at least {low}" if high is None else f"{low}" if low == high else f"{low} to {high}"
