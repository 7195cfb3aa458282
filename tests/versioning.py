"""A small record for tests of versions: reports of one claim each, incidents of the claims we group, runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from builders import a_claim, a_determination, a_member, an_incident
from holdfire.digests import digest, short
from holdfire.engine import Engine
from holdfire.ledger import coded
from holdfire.ledger.entry import Entry
from holdfire.ledger.log import Ledger
from holdfire.recording import record
from holdfire.records.claim import CLAIM
from holdfire.records.determination import DETERMINATION
from holdfire.records.incident import INCIDENT, MEMBER
from holdfire.versions.written import closing

ENGINE = Engine(1, 256)
AT = "2031-05-10T12:00Z"
METHOD = digest(b"a method")


def report(number: int) -> str:
    """Return the id of a report."""
    return digest(f"report {number}".encode())


def claim(number: int) -> str:
    """Return the id of its claim."""
    return short("c", str(number))


def came(number: int) -> dict[str, Any]:
    """Return the entry that a report came; a second time it says so at another minute."""
    return {"kind": "report", "report": report(number), "source": "paper", "received": AT, "format": "text"}


def went(number: int, at: str = AT) -> dict[str, Any]:
    """Return the entry that a report was withdrawn."""
    return {"kind": "retraction", "of": report(number), "reason": "its source withdrew it", "at": at}


def case(at: str = AT, **files: str) -> dict[str, Any]:
    """Return the entry of what people wrote; a keyword `agreement__terms` is the file `agreement/terms`."""
    listed = [[name.replace("__", "/"), digest(text.encode())] for name, text in sorted(files.items())]
    return {"kind": "case", "files": listed, "at": at}


def grade(source: str, reliability: str) -> dict[str, Any]:
    """Return the entry of a grade."""
    given = {"source": source, "affiliation": "media", "reliability": reliability, "at": AT}
    return {"kind": "grade", **given}


def ran(
    ledger: Ledger,
    groups: Sequence[Sequence[int]],
    number: int,
    *,
    versions: bool = True,
    method: str = METHOD,
    said: Mapping[int, Mapping[str, Any]] | None = None,
    found: Mapping[str, Any] | None = None,
) -> Entry:
    """Record a run that found one incident of each group of reports.

    Args:
        ledger: The log.
        groups: Numbers of reports.
        number: Of the run.
        versions: Whether it keeps versions; a run of an older Holdfire does not.
        method: Digest of the method.
        said: What claims say otherwise, by number.
        found: What determinations say otherwise.
    """
    said = said or {}
    claims, incidents, members, determinations = [], [], [], []
    for group in groups:
        first = min(group, key=claim)
        incidents.append(an_incident(first, claims=len(group), reports=len(group), roots=len(group)))
        determinations.append(a_determination(first, **(found or {})))
        for each in group:
            claims.append(a_claim(each, report=report(each), **said.get(each, {})))
            members.append({**a_member(each), "incident_id": short("i", str(first))})
    tables = INCIDENT.table(incidents), MEMBER.table(members), DETERMINATION.table(determinations)
    run = {"kind": "run", "at": AT, "method": method, "key": digest(f"run {number}".encode()), "counts": {}}
    return record(
        ledger,
        [coded.claim_entries(CLAIM.table(claims), 10, ENGINE)],
        [coded.determination_entries(*tables, 10, ENGINE)],
        ENGINE,
        run,
        closing=closing(ENGINE, method) if versions else None,
    )
