"""Walk every number of a bulletin back: determinations, claims, reports, bytes; and count what is reached.

A number is traced when everything it rests on is an entry of the log before the bulletin, or something
that people wrote and the log names. A claim is traced when its report is an entry and the vault opens its
commitment to bytes, unless an entry says that they were destroyed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from holdfire.case import Case
from holdfire.digests import digest
from holdfire.engine import Engine
from holdfire.errors import BadInput, HoldfireError
from holdfire.folder import PRECAUTION
from holdfire.ledger.entry import Entry
from holdfire.ledger.log import Ledger
from holdfire.ledger.vault import Vault
from holdfire.recomputing import bulletins
from holdfire.recording import State, state

WRITTEN = {
    "source": "case.yaml",
    "duty": "agreement",
    "zone": "agreement",
    "area": PRECAUTION,
    "instrument": "agreement",
    "toll": "hand/tolls.yaml",
    "count": "hand/counts.yaml",
    "ruling": "hand/rulings.yaml",
}
"""Things that people wrote, and where: they are traced to the exhibit that holds them."""


@dataclass
class Traced:
    """What came of tracing one bulletin.

    Attributes:
        figures: How many numbers it shows.
        reached: How many of them lead to entries.
        claims: How many claims these rest on.
        reports: How many reports those were read from.
        opened: How many of the reports have bytes that match their commitment.
        redacted: How many were destroyed, as an entry says.
        lost: What leads nowhere.
    """

    figures: int = 0
    reached: int = 0
    claims: int = 0
    reports: int = 0
    opened: int = 0
    redacted: int = 0
    lost: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Return whether every number leads to entries and every report that was not destroyed to bytes."""
        return self.figures == self.reached and self.opened + self.redacted == self.reports and not self.lost


def trace(
    ledger: Ledger, entry: Entry, bulletin: Mapping[str, Any], vault: Vault | None, engine: Engine
) -> Traced:
    """Trace a bulletin.

    Args:
        ledger: The log.
        entry: The bulletin's entry.
        bulletin: Its `bulletin.json`.
        vault: The vault; None: reports are traced to their entries only.
        engine: How to run SQL.
    """
    then = state(ledger, engine, int(entry.value["size"]))
    known = _Known.of(then)
    traced, claims = Traced(), set[str]()
    bases = {name: known.basis(items) for name, items in bulletin["bases"].items()}
    for name, figure in bulletin["figures"].items():
        found, wrong = bases[figure["basis"]]
        claims |= found
        traced.figures += 1
        traced.reached += not wrong
        traced.lost += [f"{figure['key']} ({name}) rests on {each}" for each in wrong]
    traced.claims = len(claims)
    reports = {known.reports[claim] for claim in claims if claim in known.reports}
    traced.reports = len(reports)
    now = _redacted(ledger)
    for report in sorted(reports):
        if report not in then.reports:
            traced.lost.append(f"report {report[:8]} has no entry")
        elif report in now:
            traced.redacted += 1
        elif vault is None or _opens(vault, report):
            traced.opened += 1
        else:
            traced.lost.append(f"the bytes of report {report[:8]} are not in the vault, or do not match it")
    return traced


def _opens(vault: Vault, report: str) -> bool:

    try:
        vault.read(report)
    except HoldfireError:
        return False
    return True


def _redacted(ledger: Ledger) -> set[str]:
    return {entry.value["of"] for entry in ledger.entries("redaction")}


@dataclass(frozen=True)
class _Known:
    then: State
    members: Mapping[str, set[str]]
    reports: Mapping[str, str]

    @classmethod
    def of(cls, then: State) -> _Known:
        by_incident: dict[str, set[str]] = {}
        for incident, claim in _pairs(then.members, "incident_id", "claim_id"):
            by_incident.setdefault(incident, set()).add(claim)
        members = {
            name: by_incident.get(incident, set())
            for name, incident in _pairs(then.determinations, "determination_id", "incident_id")
        }
        return cls(then, members, dict(_pairs(then.claims, "claim_id", "report")))

    def basis(self, items: Iterable[str]) -> tuple[set[str], list[str]]:
        """Return the claims that a list of things rests on, and what of it leads nowhere, with why."""
        claims, wrong = set[str](), []
        for item in items:
            found, why = self.reach(item)
            claims |= found
            if why:
                wrong.append(f"{item}, {why}")
        return claims, wrong

    def reach(self, item: str) -> tuple[set[str], str]:
        """Return the claims that something rests on, and why it leads nowhere; empty: it does not."""
        kind, _, name = item.partition(":")
        if item.startswith("d-"):
            claims = self.members.get(item)
            if not claims:
                return set(), "which is no determination of the log"
            lost = sorted(claims - self.reports.keys())
            return claims, f"which names {len(lost)} claims that are not in the log" if lost else ""
        if item.startswith("c-"):
            return {item}, "" if item in self.reports else "which is no claim of the log"
        if kind == "report":
            return set(), "" if name in self.then.reports else "which is no report of the log"
        if kind == "correction":
            return set(), "" if self.then.case_entry else "and no run is in the log"
        where = WRITTEN.get(kind, "")
        there = (
            any(path == where or path.startswith(f"{where}/") for path in self.then.case) if where else False
        )
        return set(), "" if there else "and the log names nothing of the kind"


def _pairs(table: Any, *columns: str) -> Iterator[tuple[str, str]]:
    yield from zip(*(table[name].to_pylist() for name in columns), strict=True)


def standing(path: Path, wanted: str = "", every: bool = False) -> list[tuple[str, Traced]]:
    """Return what came of tracing bulletins of a case that stand as they were issued.

    Args:
        path: A case, or a folder in it.
        wanted: A period; empty: the last one issued.
        every: Trace every bulletin that stands.

    Raises:
        BadInput: No bulletin is called so.
    """
    case = Case.open(path)
    with case.ledger() as ledger, case.vault() as vault:
        found = bulletins(ledger, wanted)
        chosen = [entry for entry in found if _stands(case, entry)]
        if not chosen:
            raise BadInput("no bulletin stands as it was issued", hint="`holdfire run`")
        return [
            (str(entry.value["period"]), trace(ledger, entry, _shown(case, entry), vault, case.engine))
            for entry in (chosen if every else chosen[-1:])
        ]


def _stands(case: Case, entry: Entry) -> bool:
    manifest = case.bulletins / str(entry.value["period"]) / "manifest.txt"
    return manifest.is_file() and digest(manifest.read_bytes()) == entry.value["manifest"]


def _shown(case: Case, entry: Entry) -> dict[str, Any]:
    file = case.bulletins / str(entry.value["period"]) / "bulletin.json"
    value: dict[str, Any] = json.loads(file.read_bytes())
    return value
