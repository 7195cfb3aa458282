"""Walk a number or verdict back: determination, questions, incident, claims, span or row, report, source.

Four steps down from any figure: `figure -> determination -> incident -> claim -> bytes`. Each step prints
what it rests on and nothing it does not know. Exact coordinates and what a row withholds stay withheld.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from holdfire import episodeshown, evidenceshown
from holdfire.answers import Answer
from holdfire.case import Case
from holdfire.digests import Digest
from holdfire.errors import BadInput
from holdfire.holdings import Held
from holdfire.issuing import Found
from holdfire.links import whyclaims, whypeople
from holdfire.links.claims import ClaimPairs
from holdfire.links.people import PeoplePairs
from holdfire.links.why import picture
from holdfire.readings import Quoted
from holdfire.records.death import NAMES
from holdfire.records.determination import Asked
from holdfire.replyshown import positions
from holdfire.tables import rows

MANY = 25
"""How many things a list names before it counts the rest."""
SAID = (
    *NAMES,
    "sex",
    "age_low",
    "age_high",
    "born_first",
    "born_last",
    "died_first",
    "died_last",
    "place",
    "admin1",
    "status",
)
"""What an entry says of a person, as far as it is told on a terminal."""


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


def explain(case: Case, name: str, *, names: bool = False) -> Told:
    """Return the walk from a figure, verdict, incident, episode, claim, person or report down to the bytes.

    Args:
        case: The case.
        name: Id of a thing, or its beginning.
        names: Whether what list entries say of a person is told; it is read from the vault for this call.

    Raises:
        BadInput: Nothing is called so, or an abbreviated id fits several things.
    """
    found = case.found()
    walk = _Walk(case, found)
    if name.startswith(("p-", "e-")):
        return _People(walk, names).step(name)
    for prefix, column, table, step in walk.steps():
        if name.startswith(prefix):
            return step(_one(table, column, name))
    held = [h for h in found.held if h.report.id.startswith(name) or h.file == name]
    if len(held) == 1 and len(name) >= 4:
        return walk.report(held[0])
    return walk.figure(name)


def explain_pair(case: Case, one: str, other: str, *, names: bool = False) -> Told:
    """Return why two claims are held to be of one event, or of two, and both claims down to the bytes.

    Of two entries of lists, why they are held to be of one person.

    Args:
        case: The case.
        one: Id of a claim or entry, or its beginning.
        other: Id of another of the same kind.
        names: Whether what entries say of a person is told; it is read from the vault for this call.

    Raises:
        BadInput: No claim or entry, or several, are called so.
    """
    if one.startswith("e-"):
        return _entries_pair(case, one, other, names)
    pairs = ClaimPairs(case, case.found())
    pair = pairs.pair(one, other)
    walk = _Walk(case, pairs.found)
    claims = tuple(walk.claim(_one(pairs.found.claims, "claim_id", each)) for each in pair)
    return Told(f"claims {pair[0]} and {pair[1]}", whyclaims.pair_told(pairs, pair), claims)


def _entries_pair(case: Case, one: str, other: str, names: bool) -> Told:
    pairs = PeoplePairs(case)
    pair = pairs.pair(one, other)
    found = case.found()
    lists = [each.report.id for each in case.readings.lists(found.held)]
    below = tuple(_People(_Walk(case, found), names).entries(pair, lists))
    return Told(f"entries {pair[0]} and {pair[1]}", whypeople.entries_told(pairs, pair), below)


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

    @cached_property
    def _grades(self) -> Mapping[str, str]:
        """Return the grade of each claim that is in an incident."""
        lists = self.found.determinations["grades"].to_pylist()
        return dict(each.rsplit(":", 1) for given in lists for each in given or ())

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
            ("ep-", "episode_id", self.found.fused.runs.episodes, self.episode),
        ]

    def determination(self, row: Mapping[str, Any]) -> Told:
        """Return a determination, its questions with their clauses, and its incident."""
        questions = {
            asked.value: f"{Answer.of(row[asked.value])}" + (f"  ({clause})" if clause else "")
            for asked, clause in zip(Asked, row["clauses"], strict=True)
        }
        incident = _one(self.found.fused.incidents, "incident_id", row["incident_id"])
        facts = {
            "verdict": f"{row['verdict']} (rule {row['rule']})",
            "occurrence": f"{Answer.of(row['occurrence'])}, "
            + evidenceshown.strength(row["occurrence_strength"], row["occurrence_probability"]),
            "attribution": f"{_shown(row['attribution'])}, "
            + evidenceshown.strength(row["attribution_strength"], row["attribution_probability"])
            + (", contested" if row["attribution_contested"] else ""),
            "coverage": f"{row['coverage']}" + (f", term {row['term']}" if row["term"] else ""),
            **{f"  {asked}?": answer for asked, answer in questions.items()},
            **evidenceshown.inside(self.case, row, incident),
            "would change this": row["change"],
            "denials, admissions": f"{row['denials']}, {row['admissions']}",
            **positions(self.case, row),
            **evidenceshown.facts(row),
            **evidenceshown.overruled(self.case.folder.grades, incident=row["incident_id"]),
        }
        borne = evidenceshown.roots(self.case, self.found, row["incident_id"])
        evidence = Told("evidence, root by root", borne)
        return Told(f"determination {row['determination_id']}", facts, (self.incident(incident), evidence))

    def episode(self, row: Mapping[str, Any]) -> Told:
        """Return an episode and its incidents, the first of many."""
        name, incidents = row["episode_id"], self.found.fused.incidents
        mine = episodeshown.incidents_of(self.found.fused.runs, name)
        told = incidents.filter(pc.is_in(incidents["incident_id"], value_set=pa.array(mine)))
        first = told.sort_by([("start", "ascending"), ("incident_id", "ascending")]).slice(0, MANY)
        facts = episodeshown.facts(row, self.case.folder.zone)
        if len(mine) > MANY:
            facts["shown"] = f"the first {MANY}"
        return Told(f"episode {name}", facts, tuple(self.incident(each) for each in rows(first)))

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
            "episode": episodeshown.episode_of(self.found.fused.runs, row["incident_id"]),
        }
        sure = self.found.fused.sure
        for each in rows(sure.filter(pc.equal(sure["incident_id"], row["incident_id"]))):
            mine[each["claim_id"]] += f", {each['confidence'] / 10:g} of 100 that it belongs here"
        quotes = self._quotes(sorted(mine))
        fields = self._fields(claims)
        joined = whyclaims.joined(self.case, self.found.claims, self.found.fused.links, sorted(mine))
        if len(mine) > 1:
            facts["picture"] = picture(
                self.case, f"cluster-{row['incident_id']}", "cluster", row["incident_id"]
            )
        return Told(
            f"incident {row['incident_id']}",
            facts,
            tuple(
                self._claim(c, mine[c["claim_id"]], quotes, fields, joined.get(c["claim_id"], {}))
                for c in rows(claims.sort_by("claim_id"))
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
        joined: Mapping[str, str] = MappingProxyType({}),
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
        if number := self._grade(row["claim_id"]):
            facts["grade"] = f"{number} (its source's letter, its own number)"
        facts |= evidenceshown.overruled(self.case.folder.grades, claim=row["claim_id"])
        facts |= joined
        if quote := quotes.get(row["claim_id"]):
            facts["words"] = f"“{quote[1]}”"
            facts["at"] = f"characters {', '.join(f'{s[0]}-{s[1]}' for s in row['spans'])}"
        if row["row"] is not None:
            facts["row"] = row["row"]
            for name, value in fields.get((row["report"], row["row"]), {}).items():
                facts[f"  {name}" if name else "  withheld"] = value
        return Told(f"claim {row['claim_id']}", facts, (self.report(held),))

    def _grade(self, claim: str) -> str:
        """Return how a claim was graded, such as B2; empty: it is of no incident."""
        return self._grades.get(claim, "")

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
                **evidenceshown.overruled(self.case.folder.grades, source=report.source),
            },
        )


@dataclass(frozen=True)
class _People:
    """Tells of people and list entries; of names only if they may be told."""

    walk: _Walk
    names: bool

    def step(self, name: str) -> Told:
        """Return a person with its entries, or an entry with the person it is in."""
        people = self.walk.found.people
        if name.startswith("p-"):
            return self._person(_one(people.persons, "person_id", name))
        listed = people.persons["entries"].combine_chunks()
        at = pc.filter(pc.list_parent_indices(listed), pc.starts_with(pc.list_flatten(listed), name))
        if len(at) != 1:
            what = "nothing is" if not len(at) else f"{len(at)} things are"
            raise BadInput(
                f'{what} called "{name}"', hint="`holdfire explain p-...` shows entries of a person"
            )
        row = next(rows(people.persons.take(at)))
        whole = next(each for each in row["entries"] if each.startswith(name))
        entry = self.entries([whole], row["lists"])[0]
        return Told(entry.title, entry.facts, (self._person(row), *entry.below))

    def _person(self, row: Mapping[str, Any]) -> Told:
        sure = row["confidence"]
        facts = {
            "entries": len(row["entries"]),
            "kept by": row["sources"],
            "all are one in": "no draws were made" if sure is None else f"{round(sure / 10)} of 100 draws",
        }
        if len(row["entries"]) == 1:
            del facts["all are one in"]
        entries = tuple(self.entries(row["entries"], row["lists"]))
        return Told(f"person {row['person_id']}", facts, entries)

    def entries(self, ids: Sequence[str], lists: Sequence[Digest]) -> list[Told]:
        """Return these entries of these lists."""
        told = []
        for held in (each for each in self.walk.found.held if each.report.id in set(lists)):
            deaths = self.walk.case.readings.deaths(held)
            mine = deaths.filter(pc.is_in(deaths["entry_id"], value_set=pa.array(list(ids), pa.string())))
            told += [self._entry(row, held) for row in rows(mine)]
        return told

    def _entry(self, row: Mapping[str, Any], held: Held) -> Told:
        facts: dict[str, Any] = {"list": held.report.name, "row": row["row"]}
        if self.names:
            facts |= {column: row[column] for column in SAID if row[column] is not None}
        links = self.walk.found.people.links
        mine = links.filter(
            pc.or_(pc.equal(links["one"], row["entry_id"]), pc.equal(links["other"], row["entry_id"]))
        )
        for link in rows(mine.sort_by([("confidence", "descending"), ("one", "ascending")]).slice(0, MANY)):
            other = link["other"] if link["one"] == row["entry_id"] else link["one"]
            facts[f"with {other}"] = _link(link)
        return Told(f"entry {row['entry_id']}", facts, (self.walk.report(held),))


def _link(link: Mapping[str, Any]) -> str:
    sure = f"{link['confidence'] / 10:g} of 100 that they are one"
    weight = "" if link["weight"] is None else f", odds 2 to the {link['weight'] / 1000:z.1f}"
    return sure + weight + (f", said by {link['by']} at {link['at']}" if link["at"] else "")


def _local(when: Any, zone: Any) -> str:
    return "open" if when is None else f"{when.astimezone(zone):%Y-%m-%d %H:%M}"


def _range(row: Mapping[str, Any], what: str) -> str:
    low, high = row[f"{what}_low"], row[f"{what}_high"]
    if low is None:
        return "no claim says"
    return f"at least {low}" if high is None else f"{low}" if low == high else f"{low} to {high}"
