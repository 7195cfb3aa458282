"""What may stand in an entry, and what is refused."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest

from holdfire.errors import BadInput
from holdfire.ledger.entry import KINDS, LARGEST, Entry, decode, encode, leaf_hash

D = "ab" * 32
AT = "2016-03-01T00:00Z"
KEY = base64.b64encode(bytes(32)).decode()
SIGNATURES = {"0123456789abcdef": base64.b64encode(bytes(64)).decode()}
WHEN_AND_WHERE = {"start": AT, "end": AT, "admin1": "Idlib", "lat_e2": 3593, "lon_e2": -3663, "radius": 9}
GOOD: dict[str, dict[str, Any]] = {
    "report": {
        "kind": "report",
        "report": D,
        "source": "wire",
        "received": AT,
        "format": "text",
        "published": "2016-02",
        "language": "ar",
        "by": "desk",
        "reprint": False,
        "archive": D,
    },
    "attachment": {"kind": "attachment", "of": D, "blob": D, "type": "rfc3161", "at": AT, "says": ""},
    "case": {"kind": "case", "files": [["case.yaml", D]], "at": AT},
    "grade": {
        "kind": "grade",
        "source": "wire",
        "affiliation": "media",
        "reliability": "B",
        "at": AT,
        "basis": "ten years",
    },
    "claim": {
        "kind": "claim",
        "claim_id": "c-1",
        "report": D,
        "seq": 0,
        "source": "wire",
        "root": "r-1",
        "kind_of": "reported",
        "stance": "asserts",
        "modality": "actual",
        "negated": False,
        "directed": True,
        "time_precision": "day",
        "geo_precision": "admin1",
        "cumulative": False,
        **WHEN_AND_WHERE,
        "killed_low": 0,
        "actors": [],
        "targets": ["a", "b"],
        "chain": ["wire", "\u0633\u0627\u0646\u0627"],
        "spans": [[0, 12], [40, 44]],
        "quantity": -1,
        "rules": ["r"],
    },
    "determination": {
        "kind": "determination",
        "determination_id": "d-1",
        "incident_id": "i-1",
        "members": [["c-1", "supports"]],
        "event_type": "shelling",
        "directed": True,
        "time_precision": "day",
        "geo_precision": "admin1",
        "claims": 1,
        "reports": 1,
        "roots": 1,
        "occurrence_strength": "probable",
        "attribution_strength": "unknown",
        "attribution_contested": False,
        "coverage": "covered",
        "verdict": "insufficient_evidence",
        "rule": "1",
        "clauses": ["Art. 4(1)"],
        "change": "",
        "denials": 0,
        "admissions": 0,
        **WHEN_AND_WHERE,
        "window": True,
        "attribution": [],
    },
    "link": {
        "kind": "link",
        "link_id": "l-1",
        "one": "c-1",
        "other": "c-2",
        "confidence": 450,
        "by": "an editor",
        "at": AT,
    },
    "version": {
        "kind": "version",
        "of": "d-1",
        "number": 2,
        "supersedes": [["d-1", D]],
        "why": ["report_came"],
        "entries": [3],
        "after": 9,
        "entry": D,
    },
    "standing": {"kind": "standing", "of": "claim", "after": 3, "at": AT, "gone": ["c-1"], "back": [D]},
    "review": {
        "kind": "review",
        "of": "determination",
        "entry": D,
        "status": "verified",
        "at": AT,
        "by": "desk",
        "signatures": SIGNATURES,
    },
    "run": {
        "kind": "run",
        "at": "2016-03-01T00:00:30Z",
        "method": D,
        "key": D,
        "counts": {"claims": 3, "kind": 1},
        "version": "0.1.0",
    },
    "bulletin": {"kind": "bulletin", "number": 1, "period": "2016-03-01/2016-03-01", "manifest": D},
    "retraction": {"kind": "retraction", "of": D, "at": AT, "reason": "wrong source"},
    "correction": {"kind": "correction", "of": D, "at": AT, "reason": "x", "instead": D},
    "redaction": {
        "kind": "redaction",
        "of": D,
        "at": AT,
        "reason": "law",
        "keyset": D,
        "signatures": SIGNATURES,
    },
    "keyset": {
        "kind": "keyset",
        "number": 1,
        "at": AT,
        "log": KEY,
        "editors": {"kind": KEY, "b": KEY},
        "threshold": 2,
        "witnesses": {},
        "quorum": 0,
        "fresh_hours": 48,
        "before": "",
        "signatures": SIGNATURES,
    },
    "release": {
        "kind": "release",
        "period": "2016-03-01/2016-03-01",
        "number": 1,
        "version": 1,
        "bulletin": D,
        "size": 9,
        "manifest": D,
        "contents": D,
        "at": AT,
        "expires": AT,
        "before": D,
        "keyset": D,
        "signatures": SIGNATURES,
    },
    "partition": {
        "kind": "partition",
        "name": "SYR",
        "partition": D,
        "candidates": D,
        "places": 8007,
        "cells": 487,
        "at": AT,
        "before": "",
        "keyset": D,
        "signatures": SIGNATURES,
    },
    "zones": {
        "kind": "zones",
        "partition": D,
        "name": "SYR",
        "number": 1,
        "starts": AT,
        "ends": AT,
        "cells": ["SYR-0001"],
        "before": "",
        "wording": "precaution area",
        "keyset": D,
        "signatures": SIGNATURES,
    },
    "recipient": {
        "kind": "recipient",
        "name": "north",
        "signs": KEY,
        "opens": KEY,
        "card": next(iter(SIGNATURES.values())),
        "at": AT,
        "keyset": D,
        "signatures": SIGNATURES,
    },
    "consent": {"kind": "consent", "consent": D, "to": D[:16], "step": "given", "at": AT},
    "notice": {
        "kind": "notice",
        "notice": D,
        "step": "drafted",
        "at": AT,
        "to": [D[:16]],
        "reply_by": AT,
    },
    "receipt": {
        "kind": "receipt",
        "notice": D,
        "envelope": D,
        "record": D,
        "step": "delivered",
        "by": D[:16],
        "at": AT,
        "signature": next(iter(SIGNATURES.values())),
        "entered": AT,
    },
    "finding": {
        "kind": "finding",
        "of": "d-1",
        "at": AT,
        "inside": "yes",
        "cells": [["SYR-0001", "SYR"]],
    },
}


def test_there_is_an_example_of_each_kind() -> None:
    assert set(GOOD) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_an_entry_reads_as_it_was_written(kind: str) -> None:
    content = encode(GOOD[kind])
    assert decode(content) == GOOD[kind]
    entry = Entry(seq=0, leaf=leaf_hash(content).hex(), content=content)
    assert (entry.kind, entry.value) == (kind, GOOD[kind])


def test_the_leaf_hash_is_that_of_rfc_6962() -> None:
    # The RFC's own test value: the hash of a leaf that holds nothing.
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert leaf_hash(b"a") == hashlib.sha256(b"\0a").digest()


@pytest.mark.parametrize(
    ("kind", "change", "problem"),
    [
        ("claim", {"seq": 1.5}, '"seq" is not an integer'),
        ("claim", {"seq": True}, '"seq" is not an integer'),
        ("claim", {"seq": -1}, '"seq" is negative'),
        ("claim", {"quantity": 2**53}, '"quantity" is outside'),
        ("claim", {"negated": 0}, '"negated" is not true or false'),
        ("claim", {"actors": "a"}, '"actors" is not a list'),
        ("claim", {"actors": ["a", 3]}, '"actors" has a value that is not a string'),
        ("claim", {"spans": [[0, -1]]}, '"spans" has a value that has a value that is negative'),
        ("claim", {"quote": "x"}, 'a claim entry has no field "quote"'),
        ("report", {"report": D.upper()}, '"report" is not a digest'),
        ("report", {"report": D[:-1]}, '"report" is not a digest'),
        ("report", {"received": "2016-03-01"}, '"received" is not an instant in UTC'),
        ("report", {"received": "2016-03-01T00:00+02:00"}, '"received" is not an instant in UTC'),
        ("report", {"source": None}, '"source" is not a string'),
        ("report", {"source": "\ud800"}, '"source" holds half of a surrogate pair'),
        ("report", {"lat": 36}, 'a report entry has no field "lat"'),
        ("report", {"victim": "x"}, 'a report entry has no field "victim"'),
        ("link", {"confidence": -1}, '"confidence" is negative'),
        ("link", {"name": "x"}, 'a link entry has no field "name"'),
        ("standing", {"of": "report"}, '"of" is not one of claim, determination, link'),
        ("run", {"counts": {"claims": "3"}}, '"counts" has "claims", which is not an integer'),
        ("run", {"counts": [3]}, '"counts" is not a mapping'),
        ("run", {"counts": {1: 2}}, '"counts" has "1", which is not a string'),
        ("run", {"counts": {"ع": 2}}, '"counts" has "ع", which is not ASCII'),
        ("keyset", {"log": KEY[:-4]}, '"log" is not base64 of 32 bytes'),
        ("keyset", {"log": KEY.rstrip("=")}, '"log" is not base64 of 32 bytes'),
        ("keyset", {"before": "x"}, '"before" is not a digest'),
        (
            "release",
            {"signatures": {"ABCDEF0123456789": ""}},
            '"signatures" has "ABCDEF0123456789", which is',
        ),
    ],
)
def test_what_is_refused(kind: str, change: dict[str, Any], problem: str) -> None:
    with pytest.raises(BadInput) as caught:
        encode({**GOOD[kind], **change}, "entry 7")
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].problem.startswith(problem)
    assert caught.value.problems[0].where.startswith("entry 7")


@pytest.mark.parametrize("kind", KINDS)
def test_every_needed_field_is_asked_for_at_once(kind: str) -> None:
    with pytest.raises(BadInput) as caught:
        encode({"kind": kind})
    missing = {problem.problem.split('"')[1] for problem in caught.value.problems}
    assert missing
    assert missing <= set(GOOD[kind])
    for name in missing:
        with pytest.raises(BadInput, match=f'lacks "{name}"'):
            encode({key: value for key, value in GOOD[kind].items() if key != name})


def test_a_kind_that_is_not_known_is_offered_the_nearest() -> None:
    with pytest.raises(BadInput) as caught:
        encode({"kind": "bulletins"})
    assert caught.value.problems[0].hint.startswith('"bulletin"?')


def test_the_largest_entry_is_kept_and_one_byte_more_is_refused() -> None:
    room = LARGEST - len(encode({**GOOD["retraction"], "reason": ""}))
    assert len(encode({**GOOD["retraction"], "reason": "x" * room})) == LARGEST
    with pytest.raises(BadInput, match="has 65536 bytes; at most 65535 are kept"):
        encode({**GOOD["retraction"], "reason": "x" * (room + 1)})


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"null",
        b'{"kind": "x"}',
        b"\xff",
        encode(GOOD["bulletin"]) + b" ",
        encode(GOOD["bulletin"])[:-1] + b',"number":1}',
        encode(GOOD["bulletin"]).replace(b'"number":1', b'"number":1.0'),
        encode(GOOD["bulletin"]).replace(b'"number":1', b'"number":NaN'),
        encode(GOOD["bulletin"]).replace(b"period", b"p\\u0065riod"),
        b"[" * 100_000,
    ],
)
def test_bytes_that_are_not_canonical_are_refused(content: bytes) -> None:
    with pytest.raises(BadInput):
        decode(content)


def test_the_format_lists_every_kind_and_field(root: Path) -> None:
    page = (root / "docs" / "format.md").read_text(encoding="utf-8")
    for kind, fields in KINDS.items():
        allowed = f" [{' '.join(fields.allowed)}]" if fields.allowed else ""
        line = next(line for line in page.splitlines() if line.startswith(f"| `{kind}` | "))
        assert line.endswith(f"| {' '.join(fields.needed)}{allowed} |"), kind
