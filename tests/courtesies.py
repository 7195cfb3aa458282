"""Entries of an invented record, for the tests of the formats it is also said in."""

from __future__ import annotations

import base64
from typing import Any

from holdfire.ledger.entry import encode
from holdfire.publishing.courtesies.naming import leaf

REPORTS = [f"{n:064x}" for n in (11, 12)]
KEYS = {"Ada": base64.b64encode(bytes([1]) * 32).decode(), "Ben": base64.b64encode(bytes([2]) * 32).decode()}


def checked(value: dict[str, Any]) -> dict[str, Any]:
    """Return an entry that the log would take."""
    encode(value)
    return value


def report(number: int = 0, **given: Any) -> dict[str, Any]:
    return checked(
        {
            "kind": "report",
            "report": REPORTS[number],
            "source": ("paper", "north_press")[number],
            "received": "2031-05-03T08:00Z",
            "format": "text",
            "published": "2031-05-02",
            **given,
        }
    )


def claim(number: int = 0, **given: Any) -> dict[str, Any]:
    value = {
        "kind": "claim",
        "claim_id": f"c-{number:016x}",
        "report": REPORTS[number % 2],
        "seq": number,
        "source": ("paper", "north_press")[number % 2],
        "root": ("paper", "north_press")[number % 2],
        "kind_of": "reported",
        "stance": "accuses",
        "modality": "actual",
        "negated": False,
        "directed": True,
        "time_precision": "day",
        "geo_precision": "admin1",
        "cumulative": False,
        "voice": "north_army",
        "event_type": "attack.shelling",
        "actors": ["south"],
        "targets": ["civilians"],
        "start": "2031-05-02T00:00Z",
        "end": "2031-05-03T00:00Z",
        "admin1": "Strip",
        **given,
    }
    return checked({key: each for key, each in value.items() if each is not None})


def determination(**given: Any) -> dict[str, Any]:
    value = {
        "kind": "determination",
        "determination_id": "d-0123456789abcdef",
        "incident_id": "i-0123456789abcdef",
        "members": [["c-0000000000000000", "supports"], ["c-0000000000000001", "supports"]],
        "event_type": "attack.shelling",
        "directed": True,
        "time_precision": "day",
        "geo_precision": "admin1",
        "claims": 2,
        "reports": 2,
        "roots": 2,
        "occurrence": True,
        "occurrence_strength": "probable",
        "attribution": ["south"],
        "attribution_strength": "probable",
        "attribution_contested": False,
        "coverage": "covered",
        "verdict": "breach",
        "rule": "R5",
        "clauses": ["Art. 4(1)", "", "Art. 2"],
        "change": "other_author",
        "denials": 0,
        "admissions": 0,
        "start": "2031-05-02T00:00Z",
        "end": "2031-05-03T00:00Z",
        **given,
    }
    return checked({key: each for key, each in value.items() if each is not None})


RUN = checked(
    {
        "kind": "run",
        "at": "2031-05-03T09:00Z",
        "method": f"{5:064x}",
        "key": f"{6:064x}",
        "counts": {"claims": 2},
        "version": "0.1.0",
    }
)
BULLETIN = checked(
    {
        "kind": "bulletin",
        "number": 2,
        "version": 1,
        "period": "2031-05-02/2031-05-02",
        "manifest": f"{7:064x}",
    }
)
KEYSET = checked(
    {
        "kind": "keyset",
        "number": 1,
        "at": "2031-05-01T00:00Z",
        "log": base64.b64encode(bytes([3]) * 32).decode(),
        "editors": KEYS,
        "threshold": 2,
        "witnesses": {},
        "quorum": 0,
        "fresh_hours": 48,
        "before": "",
        "signatures": {},
    }
)


def release(signers: list[str]) -> dict[str, Any]:
    """Return a release that carries signatures under these key ids; their bytes are not looked at here."""
    return checked(
        {
            "kind": "release",
            "period": BULLETIN["period"],
            "number": 2,
            "version": 1,
            "bulletin": leaf(BULLETIN),
            "size": 9,
            "manifest": BULLETIN["manifest"],
            "contents": f"{8:064x}",
            "keyset": leaf(KEYSET),
            "at": "2031-05-03T12:00Z",
            "expires": "2031-05-05T12:00Z",
            "before": "",
            "signatures": {key: base64.b64encode(bytes(64)).decode() for key in signers},
        }
    )


def redaction() -> dict[str, Any]:
    return checked(
        {
            "kind": "redaction",
            "of": REPORTS[0],
            "reason": "a planted reason",
            "at": "2031-06-01T00:00Z",
            "keyset": leaf(KEYSET),
            "signatures": {},
        }
    )
