"""Small values to build a bulletin from: a claim, an incident, a determination, a whole material.

Each builder gives a row or a value with plain defaults; a test names only what it is about. Every name of
a person here is invented.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from holdfire.agreement.document import Agreement, read_agreement
from holdfire.counting.tallies import tally
from holdfire.digests import digest, short
from holdfire.publishing.material import Counts, Ledger, Material, Quote
from holdfire.records.actor import Actor, ActorKind, Alias, Names
from holdfire.records.claim import CLAIM
from holdfire.records.determination import DETERMINATION
from holdfire.records.incident import INCIDENT, MEMBER
from holdfire.records.report import Report
from holdfire.records.source import Affiliation, Reliability, Source
from holdfire.tables import Schema
from holdfire.times import Interval

ZONE = ZoneInfo("Asia/Damascus")
FIRST = date(2031, 5, 2)
PAPER = digest(b"a paper")
TABLE = digest(b"a table")

AGREEMENT = {
    "agreement.yaml": """
id: strip-2031
title: {en: "The Strip", ar: "القطاع"}
timezone: Asia/Damascus
source: "An invented text"
excluded_label: {en: "outside groups", ar: "الجماعات الخارجية"}
""",
    "instruments/statement.yaml": """
id: statement
title: {en: "Statement of the Strip", ar: "بيان القطاع"}
dated: 2031-04-28
authors: [north, south]
laterality: bilateral
source: "An invented text"
windows:
  - {kind: in_force, from: 2031-05-01T00:00, cite: "Art. 1"}
""",
    "parties.yaml": """
parties:
  - {actor: north, role: adherent, from: 2031-05-01, cite: "Art. 2"}
  - {actor: south, role: adherent, from: 2031-05-01, cite: "Art. 2"}
""",
    "exclusions.yaml": """
exclusions:
  - {by: name, actor: raiders, from: 2031-05-01, cite: "Art. 3"}
""",
    "terms/no-fire.yaml": """
id: no-fire
kind: no-fire
type: prohibited_act
instrument: statement
cite: "Art. 4(1)"
text: {en: "The parties shall not fire.", ar: "لا يطلق الطرفان النار."}
binds: {roles: [adherent]}
acts: ["attack.*"]
""",
    "terms/aid.yaml": """
id: aid
kind: obligation
type: positive_obligation
instrument: statement
cite: "Art. 5"
text: {en: "The parties let aid pass.", ar: "يسمح الطرفان بمرور المساعدات."}
binds: {roles: [adherent]}
acts: [aid.blocked]
""",
}


def an_agreement(**texts: str) -> Agreement:
    """Return an invented agreement; give a text by path to replace or add it."""
    return read_agreement({**AGREEMENT, **texts}, ["north", "south", "raiders"], ["no-fire", "obligation"])


def an_actor(name: str, english: str, arabic: str, **more: Any) -> Actor:
    """Return an actor whose names are its aliases too."""
    always = Interval(None, None)
    aliases = (Alias(english, always), Alias(arabic, always), *more.pop("aliases", ()))
    return Actor(name, {"en": english, "ar": arabic}, ActorKind.GROUP, aliases, **more)


def names() -> Names:
    """Return two parties, and a group that changed its name on 10 May."""
    changed = datetime(2031, 5, 10, tzinfo=UTC)
    raiders = (
        Alias("Raiders of the Hill", Interval(None, changed), "its first name"),
        Alias("Hill Front", Interval(changed, None), "its second name"),
    )
    return Names(
        [
            an_actor("north", "Northern Army", "الجيش الشمالي"),
            an_actor("south", "Southern Army", "الجيش الجنوبي"),
            an_actor("raiders", "Hill Raiders", "غزاة التل", aliases=raiders),
        ]
    )


def sources() -> dict[str, Source]:
    """Return a paper, a dataset and the north's own spokesman."""
    listed = (
        Source(
            id="paper",
            name={"en": "Valley Paper", "ar": "صحيفة الوادي"},
            affiliation=Affiliation.MEDIA,
            reliability=Reliability.C,
            basis="Its corrections are published.",
        ),
        Source(
            id="dataset",
            name={"en": "Valley Dataset", "ar": "بيانات الوادي"},
            affiliation=Affiliation.CIVIL_SOCIETY,
            reliability=Reliability.B,
        ),
        Source(
            id="north-speaks",
            name={"en": "Northern spokesman", "ar": "المتحدث الشمالي"},
            affiliation=Affiliation.PARTY,
            actor="north",
        ),
    )
    return {source.id: source for source in listed}


def reports() -> tuple[Report, ...]:
    """Return one report of prose and one of rows."""
    return (
        Report(
            id=PAPER,
            source="paper",
            format="text",
            published="2031-05-03",
            received="2031-05-03T08:00Z",
            added_by="a recorder",
        ),
        Report(
            id=TABLE,
            source="dataset",
            format="ucdp-ged",
            received="2031-05-03T09:00Z",
            added_by="a recorder",
            licence="CC BY 4.0",
        ),
    )


def at(day: date, hour: int = 0) -> datetime:
    """Return an instant of a local day."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE).astimezone(UTC)


def filled(schema: Schema, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with null in each column it does not name."""
    return {name: row.get(name) for name in schema.names}


def a_claim(number: int = 1, **given: Any) -> dict[str, Any]:
    """Return a CLAIM row: that the north shelled the south in Alpha on the first day; three to five died."""
    prose = given.get("row") is None
    day = given.pop("day", FIRST)
    row = {
        "claim_id": short("c", str(number)),
        "report": PAPER if prose else TABLE,
        "seq": number,
        "source": "paper" if prose else "dataset",
        "root": "paper" if prose else "dataset",
        "chain": [{"source": "paper", "text": "Valley Paper", "span": None, "cues": [], "implicit": False}]
        if prose
        else None,
        "voice": "paper" if prose else "dataset",
        "kind": "narrated" if prose else "reported",
        "stance": "asserts",
        "modality": "actual",
        "negated": False,
        "event_type": "attack.shelling",
        "actors": ["north"],
        "actors_text": "Northern Army",
        "targets": ["south"],
        "targets_text": "Southern Army",
        "directed": True,
        "start": at(day),
        "end": at(day + timedelta(days=1)),
        "time_precision": "day",
        "place": "Alpha",
        "admin1": "Alpha",
        "lat": 33.5138,
        "lon": 36.2765,
        "radius": 2500.0,
        "geo_precision": "settlement",
        "killed_low": 3,
        "killed_best": 4,
        "killed_high": 5,
        "cumulative": False,
    }
    return filled(CLAIM, {**row, **given})


def an_incident(number: int = 1, **given: Any) -> dict[str, Any]:
    """Return an INCIDENT row that agrees with `a_claim`."""
    day = given.pop("day", FIRST)
    said = a_claim(number, day=day)
    taken = {name: said[name] for name in INCIDENT.names if name in said}
    row = {"incident_id": short("i", str(number)), "claims": 1, "reports": 1, "roots": 1}
    return filled(INCIDENT, {**taken, **row, **given})


def a_determination(number: int = 1, **given: Any) -> dict[str, Any]:
    """Return a DETERMINATION row: a breach, all established."""
    row = {
        "determination_id": short("d", str(number)),
        "incident_id": short("i", str(number)),
        "occurrence": True,
        "occurrence_strength": "probable",
        "attribution": ["north"],
        "attribution_strength": "plausible",
        "attribution_contested": False,
        "window": True,
        "area": True,
        "act": True,
        "perpetrator": True,
        "target": True,
        "excluded": False,
        "self_defence": False,
        "exception": False,
        "coverage": "covered",
        "verdict": "breach",
        "rule": "R5",
        "term": "no-fire",
        "clauses": ["Art. 1", "Art. 4(1)", "Art. 4(1)", "Art. 2", "Art. 2", "Art. 3", "", ""],
        "change": "other_author",
        "denials": 0,
        "admissions": 0,
    }
    return filled(DETERMINATION, {**row, **given})


def a_member(number: int = 1, **given: Any) -> dict[str, Any]:
    """Return a MEMBER row that binds claim and incident of one number."""
    row = {"incident_id": short("i", str(number)), "claim_id": short("c", str(number)), "part": "supports"}
    return {**row, **given}


WORDS = Quote("On Friday ", "northern guns shelled Alpha", ", the paper wrote.")


def a_material(
    claims: Sequence[Mapping[str, Any]] | None = None,
    incidents: Sequence[Mapping[str, Any]] | None = None,
    determinations: Sequence[Mapping[str, Any]] | None = None,
    members: Sequence[Mapping[str, Any]] | None = None,
    **given: Any,
) -> Material:
    """Return the material of a bulletin of one day; without arguments it holds one breach.

    `quotes` may be a mapping from claim id to Quote, `rows` one from (report, row) to fields.
    """
    claims = [a_claim()] if claims is None else claims
    incidents = [an_incident()] if incidents is None else incidents
    determinations = [a_determination()] if determinations is None else determinations
    members = [a_member()] if members is None else members
    quotes: Mapping[str, Quote] | None = given.pop("quotes", None)
    rows: Mapping[tuple[str, int], dict[str, str]] = given.pop("rows", {})

    def asked(names: Sequence[str]) -> dict[str, Quote]:
        return dict.fromkeys(names, WORDS) if quotes is None else {n: quotes[n] for n in names if n in quotes}

    def fields(wanted: Mapping[str, Sequence[int]]) -> dict[tuple[str, int], dict[str, str]]:
        keys = [(report, n) for report, numbers in wanted.items() for n in numbers]
        return {key: dict(rows.get(key, {"where": "Alpha", "best": "4"})) for key in keys}

    placed = {m["claim_id"] for m in members}
    defaults: dict[str, Any] = {
        "title": {"en": "The Strip 2031", "ar": "القطاع 2031"},
        "languages": ("en", "ar"),
        "zone": ZONE,
        "agreement": an_agreement(),
        "names": names(),
        "sources": sources(),
        "reports": reports(),
        "claims": CLAIM.sorted(CLAIM.table(claims)),
        "incidents": INCIDENT.sorted(INCIDENT.table(incidents)),
        "members": MEMBER.sorted(MEMBER.table(members)),
        "determinations": DETERMINATION.sorted(DETERMINATION.table(determinations)),
        "first": FIRST,
        "last": FIRST,
        "cutoff": datetime(2031, 5, 3, 9, tzinfo=UTC),
        "number": 2,
        "version": 1,
        "quotes": asked,
        "rows": fields,
        "tally": tally,
        "counts": counts(claims, placed),
        "ledger": Ledger(12, digest(b"head")),
        "software": "0.1.0",
        "settings": {"join_km": 5, "grid": 10},
    }
    return Material(**{**defaults, **given})


def counts(claims: Sequence[Mapping[str, Any]], placed: set[str]) -> tuple[Counts, ...]:
    """Return counts that add up, for each report that has a claim."""
    found = []
    for report in sorted({c["report"] for c in claims}):
        own = [c for c in claims if c["report"] == report]
        inside = sum(c["claim_id"] in placed for c in own)
        rows = len(own) if own[0]["row"] is not None else None
        found.append(
            Counts(report=report, rows=rows, claims=len(own), in_incidents=inside, other=len(own) - inside)
        )
    return tuple(found)
