"""The story of a determination in plain sentences: first heard of, each version, what became of it.

It is told from the log alone, so anyone who has it can tell it again. An incident whose claims went into
another is followed there, and where one parted, into each part. What a version replaced is named by its
place in the log, where it can be read. tests/unit/test_histories.py follows each turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from holdfire.digests import Digest
from holdfire.engine import Engine
from holdfire.errors import BadInput
from holdfire.ledger.log import Ledger
from holdfire.publishing.pages.lexicon import lexicon
from holdfire.versions.succession import SHOWN, Body, Step, Succession

TOLD = (*SHOWN, "rule", "claims", "reports", "roots", "denials", "admissions")
"""Fields of a determination that a history gives."""


@dataclass(frozen=True)
class Event:
    """One turn of the story.

    Attributes:
        at: When, ISO 8601 in UTC.
        kind: `received`, `first`, `version`, `ended` or `review`.
        place: Place in the log of the entry that makes it so.
        of: Id of the determination it is about.
        text: A plain sentence, or several.
        facts: The same for machines.
    """

    at: str
    kind: str
    place: int
    of: str
    text: str
    facts: Mapping[str, Any]

    @property
    def json(self) -> dict[str, Any]:
        """Return the event as JSON holds it."""
        return {
            "at": self.at,
            "event": self.kind,
            "place": self.place,
            "of": self.of,
            "text": self.text,
            **self.facts,
        }


def history(ledger: Ledger, engine: Engine, name: str) -> list[Event]:
    """Return what became of an incident or determination, in order.

    Args:
        ledger: The log.
        engine: How to run SQL.
        name: Its id, or the beginning of one; also of one that no longer stands.

    Raises:
        BadInput: The log never had it, or several begin so.
    """
    return list(_Teller(ledger, Succession(ledger, engine, ledger.size)).told(name))


@dataclass(frozen=True)
class _Teller:
    ledger: Ledger
    succession: Succession

    def told(self, name: str) -> Iterator[Event]:
        """Yield the events of one determination."""
        of, leaves = self._ever(name)
        came = [version for leaf in leaves for version in self.succession.later(of, leaf)]
        listed = self.succession.earlier([*self.succession.of(of), *came])
        steps = self.succession.steps(listed)
        firsts = {of: leaves[0]} if not steps else dict(_firsts(steps))
        said = self.succession.said(firsts.values())
        events = [*self._received(said.values())]
        events += [self._first(name, leaf, said[leaf]) for name, leaf in sorted(firsts.items())]
        events += [self._version(step) for step in steps]
        events += self._reviews({of, *(v.of for v in listed), *firsts})
        yield from sorted(events, key=lambda each: each.place)

    def _ever(self, name: str) -> tuple[str, list[Digest]]:
        """Return the determination that an id names, and the leaf hashes of its entries in order."""
        query = """
            SELECT json_extract_string(content, '$.determination_id') AS id, leaf, seq FROM given
            WHERE starts_with(json_extract_string(content, '$.determination_id'), $name)
                OR starts_with(json_extract_string(content, '$.incident_id'), $name)
        """.replace("$name", "'" + name.replace("'", "''") + "'")
        found = [
            row
            for batch in self.ledger.batches("determination")
            for row in self.succession.engine.sql(query, given=pa.Table.from_batches([batch])).to_pylist()
        ]
        ids = sorted({row["id"] for row in found})
        if len(ids) != 1:
            what = f"{len(ids)} determinations are" if ids else "no determination ever was"
            raise BadInput(f'{what} called "{name}"', hint="ids are printed on each page of a bulletin")
        return ids[0], [row["leaf"] for row in sorted(found, key=lambda row: int(row["seq"]))]

    def _received(self, firsts: Iterable[Body]) -> Iterator[Event]:
        """Yield when the first report of what it first rested on came in."""
        claims = {name for body in firsts for name, _ in body["members"]}
        reports = set(self.succession.reports(claims).values())
        came = [
            (str(entry.value["received"]), str(entry.value["source"]), entry)
            for entry in self.ledger.entries("report")
            if entry.value["report"] in reports
        ]
        if came:
            at, source, entry = min(came, key=lambda each: (each[0], each[2].seq))
            text = f"First received, in a report of {source}."
            yield Event(at, "received", entry.seq, "", text, {"source": source, "entry": entry.seq})

    def _first(self, of: str, leaf: Digest, said: Body) -> Event:
        entry = self.ledger.find(leaf)
        seq = entry.seq if entry else -1
        run = next(iter(self.ledger.entries("run", after=seq)), None)
        at = str(run.value["at"]) if run else ""
        text = f"Version 1 of {of}: {_finding(said)}."
        return Event(
            at, "first", run.seq if run else seq, of, text, {"number": 1, "entry": seq, "said": _told(said)}
        )

    def _version(self, step: Step) -> Event:
        version = step.version
        before = [f"version {number} of {name}" for name, number, _ in step.before]
        why = [lexicon("en").code("why", each) for each in version.why]
        because = "because " + " and ".join(why)
        gone = [
            f" It leaned on {lexicon('en').counted('claim', each.claims)} of a report of {each.source},"
            f" withdrawn on {each.at[:10]}: {each.reason}."
            for each in step.withdrawn
        ]
        places = {name: self._place(leaf) for name, leaf in version.supersedes}
        facts: dict[str, Any] = {
            "number": version.number,
            "supersedes": [
                {"id": name, "number": number, "entry": places[name], "said": _told(body)}
                for name, number, body in step.before
            ],
            "why": list(version.why),
            "bearing": list(version.entries),
            "said": _told(step.said),
            "entry": self._place(version.entry),
            "withdrawn": [vars(each) for each in step.withdrawn],
        }
        where = ", ".join(str(place) for place in places.values())
        if not version.entry:
            text = f"{version.of} stands no more, {because}. What it said stays in the log, entry {where}."
            return Event(version.at, "ended", version.run, version.of, text + "".join(gone), facts)
        if not before:
            text = f"{version.of} stands again as version {version.number}, {because}: {_finding(step.said)}."
            return Event(version.at, "version", version.run, version.of, text, facts)
        text = (
            f"Version {version.number} of {version.of} supersedes {' and '.join(before)}, {because}:"
            f" {_finding(step.said)}.{_differs(step)}{self._parted(step)}"
            f" What it replaced stays in the log, entry {where}."
        )
        return Event(version.at, "version", version.run, version.of, text + "".join(gone), facts)

    def _parted(self, step: Step) -> str:
        """Say where claims of several incidents became one, or those of one went several ways."""
        said = " The claims of several incidents are one incident now." if len(step.before) > 1 else ""
        beside = {
            other.of
            for pair in step.version.supersedes
            for other in self.succession.versions
            if other.run == step.version.run and pair in other.supersedes and other.of != step.version.of
        }
        if beside:
            said += f" Other claims of what was there are now in {', '.join(sorted(beside))}."
        return said

    def _place(self, leaf: Digest) -> int | None:
        entry = self.ledger.find(leaf) if leaf else None
        return entry.seq if entry else None

    def _reviews(self, ids: set[str]) -> Iterator[Event]:
        for entry in self.ledger.entries("review"):
            body = entry.value
            if body["of"] in ids:
                text = f"An editor found {body['of']} {str(body['status']).replace('_', ' ')}."
                yield Event(body["at"], "review", entry.seq, body["of"], text, {"status": body["status"]})


def _firsts(steps: Sequence[Step]) -> Iterator[tuple[str, Digest]]:
    """Yield the determinations that nothing came before."""
    made = {(step.version.of, step.version.entry) for step in steps}
    for step in steps:
        yield from ((name, leaf) for name, leaf in step.version.supersedes if (name, leaf) not in made)


def _told(said: Body) -> dict[str, Any]:
    return {name: said.get(name) for name in TOLD} if said else {}


def _finding(said: Body) -> str:
    words = lexicon("en")
    answer = said.get("occurrence")
    happened = (
        "whether it happened is unclear"
        if answer is None
        else f"it {'happened' if answer else 'did not happen'}"
    )
    who = ", ".join(each.lstrip("~") for each in said.get("attribution") or ()) or "not said"
    return (
        f"{words.code('verdict', said['verdict'])}; {happened}"
        f" ({words.code('strength', said['occurrence_strength'])});"
        f" by {who} ({words.code('strength', said['attribution_strength'])});"
        f" {words.counted('claim', said['claims'])}, {words.counted('root', said['roots'])}"
    )


def _differs(step: Step) -> str:
    changed = step.changed()
    if not changed:
        return " Verdict, strengths and deaths are as they were."
    words = lexicon("en")
    parts = [
        f"{words.label(f'field_{name}')} was {_value(name, old)}, is {_value(name, new)}"
        for name, (old, new) in changed.items()
    ]
    return f" Changed: {'; '.join(parts)}."


def _value(name: str, value: Any) -> str:
    if value is None and name == "killed_most":
        return lexicon("en").label("no_bound")
    if isinstance(value, list):
        return ", ".join(each.lstrip("~") for each in value) or "not said"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "not said" if value is None else str(value).replace("_", " ")
