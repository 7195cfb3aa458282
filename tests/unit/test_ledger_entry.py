"""What may stand in an entry, and what is refused."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from holdfire.errors import BadInput
from holdfire.ledger.entry import KINDS, LARGEST, Entry, decode, encode, leaf_hash

D = "ab" * 32
GOOD: dict[str, dict[str, Any]] = {
    "report": {
        "kind": "report",
        "digest": D,
        "name": "a.txt",
        "source": "wire",
        "published": "2016-02",
        "received": "2016-03-01T00:00Z",
        "format": "text",
        "licence": "",
        "cite": "",
        "language": "ar",
        "added_by": "desk",
        "size": 0,
    },
    "run": {
        "kind": "run",
        "at": "2016-03-01T00:00:30Z",
        "versions": {"holdfire": "0.1.0"},
        "settings": D,
        "agreement": D,
        "counts": {"claims": 3},
    },
    "bulletin": {"kind": "bulletin", "number": 1, "period": "2016-03-01/2016-03-01", "manifest": D},
    "retraction": {"kind": "retraction", "of": D, "at": "2016-03-01T00:00Z", "reason": "wrong source"},
    "correction": {"kind": "correction", "of": D, "at": "2016-03-01T00:00Z", "reason": "x", "instead": D},
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
        ("report", {"size": 1.5}, '"size" is not an integer'),
        ("report", {"size": True}, '"size" is not an integer'),
        ("report", {"size": -1}, '"size" is negative'),
        ("report", {"size": 2**53}, '"size" is outside'),
        ("report", {"digest": D.upper()}, '"digest" is not a digest'),
        ("report", {"digest": D[:-1]}, '"digest" is not a digest'),
        ("report", {"received": "2016-03-01"}, '"received" is not an instant in UTC'),
        ("report", {"received": "2016-03-01T00:00+02:00"}, '"received" is not an instant in UTC'),
        ("report", {"name": None}, '"name" is not a string'),
        ("report", {"name": "\ud800"}, '"name" holds half of a surrogate pair'),
        ("report", {"lat": 36}, 'a report entry has no field "lat"'),
        ("report", {"victim": "x"}, 'a report entry has no field "victim"'),
        ("run", {"counts": {"claims": "3"}}, '"counts" has "claims", which is not an integer'),
        ("run", {"counts": [3]}, '"counts" is not a mapping'),
        ("run", {"versions": {"a": {"b": "c"}}}, '"versions" has "a", which is not a string'),
        ("run", {"versions": {1: "c"}}, '"versions" has "1", which is not a string'),
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
