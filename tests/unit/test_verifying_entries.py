"""Entries as the verifier reads them: one canonical form, one shape a kind, and who signed."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from attacks.assembling import b64, canonical, key_of, leaf, public, sha, signed
from holdfire.digests import canonical as canonical_of_the_house
from holdfire.ledger.verifying.entries import (
    canonical_json,
    editor_key_id,
    entry_of,
    keyset_breaks,
    keyset_of,
    shaped,
    signature_breaks,
    signers_of,
)
from holdfire.ledger.verifying.notes import Malformed
from holdfire.ledger.verifying.shapes import instant_of

ADA, BEN, CLEO, LOG, NORTH, SOUTH = (key_of(1, name) for name in ("ada", "ben", "cleo", "log", "n", "s"))


def _keyset(**other: Any) -> dict[str, Any]:
    return {
        "kind": "keyset",
        "number": 1,
        "at": "2031-05-01T08:00Z",
        "log": b64(public(LOG)),
        "editors": {"ada": b64(public(ADA)), "ben": b64(public(BEN)), "cleo": b64(public(CLEO))},
        "threshold": 2,
        "witnesses": {"north": b64(public(NORTH)), "south": b64(public(SOUTH))},
        "quorum": 2,
        "fresh_hours": 36,
        "before": "",
        **other,
    }


FIRST = canonical(signed(_keyset(), ADA, BEN))
FIRST_LEAF = leaf(FIRST).hex()


def _breaks(value: dict[str, Any], *signers: Any, old: bytes | None = None) -> str:
    return keyset_breaks(canonical(signed(value, *signers)), keyset_of(old) if old else None)


@pytest.mark.parametrize(
    "value",
    [
        {"kind": "x"},
        {"kind": "x", "n": 2**53 - 1, "m": -(2**53 - 1), "o": [True, False, None, {}, []]},
        {"kind": "x", "t": 'a/b"c\\d\x00\x1f\x7f\b\t\n\f\r é ى 😀 \u2028'},
        {"kind": "x", "a": {"b": {"c": [1, "2", {"d": 0}]}}},
    ],
)
def test_canonical_entries_are_read_and_are_those_of_the_house(value: dict[str, Any]) -> None:
    content = canonical_of_the_house(value)
    assert canonical_json(value) == content
    assert entry_of(content) == value


def test_escapes_are_those_of_the_format() -> None:
    content = b'{"kind":"x","t":"\\b\\t\\n\\f\\r\\u000b\\u001f\\"\\\\/\x7f"}'
    assert canonical_json(entry_of(content)) == content


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b'"kind"',
        b'{"kind":1}',
        b'{"kind":null}',
        b'{"kind":"x"} ',
        b'{"kind":"x"}\n',
        b' {"kind":"x"}',
        b'{"kind": "x"}',
        b'{"n":1,"kind":"x"}',
        b'{"kind":"x","kind":"x"}',
        b'{"a":{"b":1,"b":1},"kind":"x"}',
        b'{"kind":"x","n":1.0}',
        b'{"kind":"x","n":1e3}',
        b'{"kind":"x","n":-0}',
        b'{"kind":"x","n":01}',
        b'{"kind":"x","n":NaN}',
        b'{"kind":"x","n":Infinity}',
        b'{"kind":"x","n":-Infinity}',
        b'{"kind":"x","n":9007199254740992}',
        b'{"kind":"x","n":-9007199254740992}',
        b'{"kind":"x","n":[{"m":9007199254740992}]}',
        b'{"kind":"x","n":' + b"9" * 5000 + b"}",
        b'{"kind":"x","t":"\\u0041"}',
        b'{"kind":"x","t":"\\u00e9"}',
        b'{"kind":"x","t":"\\u000B"}',
        b'{"kind":"x","t":"\\u0008"}',
        b'{"kind":"x","t":"\\/"}',
        b'{"kind":"x","t":"\\u007f"}',
        b'{"kind":"x","t":"\\ud83d\\ude00"}',
        b'{"kind":"x","t":"\\ud800"}',
        b'{"kind":"x","t":"\xed\xa0\x80"}',
        b'{"kind":"x","t":"\xff"}',
        b'{"kind":"x","t":"\x01"}',
        b'\xef\xbb\xbf{"kind":"x"}',
        '{"kind":"x"}'.encode("utf-16"),
        '{"é":1,"kind":"x"}'.encode(),
        '{"a":[{"é":1}],"kind":"x"}'.encode(),
        b'{"kind":"x","n":' + b"[" * 30_000 + b"]" * 30_000 + b"}",
    ],
)
def test_any_other_form_is_refused(content: bytes) -> None:
    with pytest.raises(Malformed):
        entry_of(content)


def test_an_entry_has_at_most_65535_bytes() -> None:
    room = 65_535 - len(canonical({"kind": "x", "t": ""}))
    assert entry_of(canonical({"kind": "x", "t": "a" * room}))["kind"] == "x"
    with pytest.raises(Malformed, match="65535"):
        entry_of(canonical({"kind": "x", "t": "a" * (room + 1)}))


def test_numbers_keep_to_what_every_reader_keeps() -> None:
    for number in (2**53, -(2**53)):
        with pytest.raises(ValueError, match="too large"):
            canonical_json({"n": [number]})
    assert canonical_json([2**53 - 1, -(2**53 - 1), True]) == b"[9007199254740991,-9007199254740991,true]"


def test_a_keyset_is_read() -> None:
    keyset = keyset_of(FIRST)
    assert keyset.leaf == FIRST_LEAF == hashlib.sha256(b"\x00" + FIRST).hexdigest()
    assert keyset.log == public(LOG)
    assert keyset.editors == {"ada": public(ADA), "ben": public(BEN), "cleo": public(CLEO)}
    assert keyset.witnesses == {"north": public(NORTH), "south": public(SOUTH)}
    assert (keyset.number, keyset.threshold, keyset.quorum, keyset.fresh_hours) == (1, 2, 2, 36)
    assert keyset.before == ""
    assert editor_key_id(public(ADA)) == sha(public(ADA))[:16]


def test_a_first_keyset_stands_where_enough_of_its_own_editors_signed() -> None:
    assert _breaks(_keyset(), ADA, BEN) == ""
    assert _breaks(_keyset(), ADA, BEN, CLEO) == ""
    assert _breaks(_keyset(threshold=3), ADA, BEN, CLEO) == ""
    assert _breaks(_keyset(quorum=0, witnesses={}), ADA, BEN) == ""
    assert "1 of 2 editors" in _breaks(_keyset(), ADA)
    assert "0 of 2 editors" in _breaks(_keyset())
    assert "2 of 3 editors" in _breaks(_keyset(threshold=3), ADA, BEN)
    assert "no editor" in _breaks(_keyset(), ADA, BEN, NORTH)
    assert "no editor" in _breaks(_keyset(), ADA, BEN, LOG)


def test_a_keyset_breaks_each_rule_in_turn() -> None:
    editors, witnesses = _keyset()["editors"], _keyset()["witnesses"]
    assert "threshold is 1 of 3" in _breaks(_keyset(threshold=1), ADA, BEN)
    assert "threshold is 4 of 3" in _breaks(_keyset(threshold=4), ADA, BEN)
    assert "threshold is 0 of 3" in _breaks(_keyset(threshold=0), ADA, BEN)
    assert "quorum is 3 of 2" in _breaks(_keyset(quorum=3), ADA, BEN)
    assert "number 2 for 1" in _breaks(_keyset(number=2), ADA, BEN)
    assert "number 0 for 1" in _breaks(_keyset(number=0), ADA, BEN)
    assert "does not follow" in _breaks(_keyset(before=FIRST_LEAF), ADA, BEN)
    twice = "one key stands in it twice"
    assert _breaks(_keyset(editors={**editors, "dora": editors["ada"]}), ADA, BEN) == twice
    assert _breaks(_keyset(witnesses={**witnesses, "west": witnesses["north"]}), ADA, BEN) == twice
    assert _breaks(_keyset(log=editors["ada"]), ADA, BEN) == twice
    assert _breaks(_keyset(log=witnesses["north"]), ADA, BEN) == twice
    assert _breaks(_keyset(witnesses={**witnesses, "west": editors["cleo"]}), ADA, BEN) == twice


def test_a_later_keyset_is_signed_by_the_old_set_and_the_new() -> None:
    dora, emil = key_of(1, "dora"), key_of(1, "emil")
    new = _keyset(
        number=2,
        before=FIRST_LEAF,
        editors={"cleo": b64(public(CLEO)), "dora": b64(public(dora)), "emil": b64(public(emil))},
    )
    assert _breaks(new, ADA, BEN, dora, emil, old=FIRST) == ""
    assert _breaks(new, ADA, CLEO, dora, old=FIRST) == ""
    assert "0 of 2 editors of keyset 1" in _breaks(new, dora, emil, old=FIRST)
    assert "1 of 2 editors of keyset 1" in _breaks(new, CLEO, dora, emil, old=FIRST)
    assert "0 of 2 editors of keyset 2" in _breaks(new, ADA, BEN, old=FIRST)
    assert "1 of 2 editors of keyset 2" in _breaks(new, ADA, BEN, CLEO, old=FIRST)
    assert "no editor" in _breaks(new, ADA, BEN, dora, emil, NORTH, old=FIRST)
    assert "does not follow" in _breaks({**new, "before": "0" * 64}, ADA, BEN, dora, emil, old=FIRST)
    assert "does not follow" in _breaks({**new, "number": 3}, ADA, BEN, dora, emil, old=FIRST)
    assert "does not follow" in _breaks({**new, "number": 1, "before": ""}, ADA, BEN, dora, emil, old=FIRST)


def test_signatures_are_of_the_entry_without_them() -> None:
    value = signed({"kind": "redaction", "x": 1}, ADA, BEN)
    keys = [public(ADA), public(BEN), public(CLEO)]
    assert signers_of(value, keys) == {public(ADA), public(BEN)}
    assert signers_of(signed({"kind": "x"}), keys) == set()
    with pytest.raises(Malformed, match="does not hold"):
        signers_of({**value, "x": 2}, keys)
    with pytest.raises(Malformed, match="no editor"):
        signers_of(value, [public(ADA)])
    mixed = {
        **value,
        "signatures": dict(zip(value["signatures"], reversed(value["signatures"].values()), strict=True)),
    }
    with pytest.raises(Malformed, match="does not hold"):
        signers_of(mixed, keys)


def _redaction(**other: Any) -> dict[str, Any]:
    return {
        "kind": "redaction",
        "of": "0" * 64,
        "reason": "asked for",
        "at": "2031-05-04T09:00:00Z",
        "by": "mission",
        "keyset": FIRST_LEAF,
        **other,
    }


def test_a_release_or_redaction_needs_the_editors_in_force() -> None:
    keyset = keyset_of(FIRST)
    assert signature_breaks(signed(_redaction(), ADA, CLEO), keyset) == ""
    assert signature_breaks(signed(_redaction(), ADA, BEN, CLEO), keyset) == ""
    assert signature_breaks(signed(_redaction(), ADA), keyset) == "1 of 2 editors signed it"
    assert "before the first keyset" in signature_breaks(signed(_redaction(), ADA, BEN), None)
    assert "another keyset" in signature_breaks(signed(_redaction(keyset="0" * 64), ADA, BEN), keyset)
    assert "no editor" in signature_breaks(signed(_redaction(), ADA, BEN, NORTH), keyset)
    assert "does not hold" in signature_breaks({**signed(_redaction(), ADA, BEN), "reason": "none"}, keyset)


def _release(**other: Any) -> dict[str, Any]:
    digests = dict.fromkeys(("bulletin", "manifest", "contents", "keyset"), "ab" * 32)
    return {
        "kind": "release",
        "period": "May",
        "number": 1,
        "version": 1,
        "size": 0,
        "at": "2031-05-04T09:00:00Z",
        "expires": "2031-05-14T09:00Z",
        "before": "",
        **digests,
        **other,
    }


WHOLE: dict[str, dict[str, Any]] = {"keyset": _keyset(), "release": _release(), "redaction": _redaction()}


@pytest.mark.parametrize("kind", sorted(WHOLE))
def test_a_whole_entry_has_its_shape(kind: str) -> None:
    assert shaped(canonical(signed(WHOLE[kind], ADA, BEN)), kind)["kind"] == kind
    for other in sorted(WHOLE):
        if other != kind:
            with pytest.raises(Malformed, match="of kind"):
                shaped(canonical(signed(WHOLE[kind], ADA, BEN)), other)


@pytest.mark.parametrize("kind", sorted(WHOLE))
def test_a_field_too_many_or_too_few_is_refused(kind: str) -> None:
    whole = signed(WHOLE[kind], ADA, BEN)
    with pytest.raises(Malformed, match="other fields"):
        shaped(canonical({**whole, "extra": ""}), kind)
    for name in sorted(set(whole) - {"kind", "by"}):
        with pytest.raises(Malformed, match="other fields"):
            shaped(canonical({k: v for k, v in whole.items() if k != name}), kind)


def test_who_asked_for_a_redaction_need_not_be_said() -> None:
    quiet = {name: value for name, value in _redaction().items() if name != "by"}
    assert "by" not in shaped(canonical(signed(quiet, ADA, BEN)), "redaction")


WRONG: dict[str, list[Any]] = {
    "count": [-1, "1", True, None, [1]],
    "digest": ["", "a" * 63, "a" * 65, "A" * 64, "g" * 64, 1, None, "a" * 63 + "\n"],
    "text": [1, None, ["x"], {"x": "y"}],
    "instant": [
        "",
        "2031-05-04",
        "2031-05-04T09:00:00",
        "2031-05-04 09:00:00Z",
        "2031-13-04T09:00Z",
        1,
        None,
    ],
    "key": ["", "AA==", b64(bytes(31)), b64(bytes(33)), b64(bytes(32))[:-1], 1, None],
    "people": [[], "x", {"": b64(bytes(32))}, {"ada": b64(bytes(31))}, {"ada": 1}],
    "watchers": [[], {"a b": b64(bytes(32))}, {"a+b": b64(bytes(32))}, {"a": b64(bytes(64))}],
    "signatures": [
        [],
        {"a" * 15: b64(bytes(64))},
        {"A" * 16: b64(bytes(64))},
        {"a" * 17: b64(bytes(64))},
        {"a" * 16: b64(bytes(63))},
        {"a" * 16: b64(bytes(65))},
        {"a" * 16: 64},
    ],
}
FIELDS = {
    "keyset": {
        "number": "count", "threshold": "count", "quorum": "count", "fresh_hours": "count", "at": "instant",
        "log": "key", "editors": "people", "witnesses": "watchers", "signatures": "signatures",
    },
    "release": {
        "number": "count", "version": "count", "size": "count", "period": "text", "bulletin": "digest",
        "manifest": "digest", "contents": "digest", "keyset": "digest", "at": "instant",
        "expires": "instant", "signatures": "signatures",
    },
    "redaction": {
        "of": "digest", "reason": "text", "at": "instant", "by": "text", "keyset": "digest",
        "signatures": "signatures",
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "field", "form"), [(k, f, form) for k in FIELDS for f, form in FIELDS[k].items()]
)
def test_a_field_in_another_form_is_refused(kind: str, field: str, form: str) -> None:
    whole = signed(WHOLE[kind], ADA, BEN)
    for wrong in WRONG[form]:
        with pytest.raises(Malformed):
            shaped(canonical({**whole, field: wrong}), kind)


@pytest.mark.parametrize("kind", ["keyset", "release"])
def test_what_stood_before_is_a_digest_or_nothing(kind: str) -> None:
    whole = signed(WHOLE[kind], ADA, BEN)
    shaped(canonical({**whole, "before": "ab" * 32}), kind)
    for wrong in [each for each in WRONG["digest"] if each != ""]:
        with pytest.raises(Malformed):
            shaped(canonical({**whole, "before": wrong}), kind)


def test_a_kind_without_a_list_of_fields_passes_as_it_is() -> None:
    content = json.dumps({"any": 1, "kind": "claim"}, separators=(",", ":")).encode()
    assert shaped(content, "claim") == {"any": 1, "kind": "claim"}
    with pytest.raises(Malformed):
        shaped(content, "determination")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00Z", 0),
        ("2016-02-29T23:59:59Z", 1456790399),
        ("2031-05-07T12:00Z", 1935921600),
        ("1969-12-31T23:59:59Z", -1),
        ("9999-12-31T23:59:59Z", 253402300799),
    ],
)
def test_instants_are_read(text: str, seconds: int) -> None:
    assert instant_of(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "2031-05-07T12:00:60Z",
        "2031-05-07T12:00:61Z",
        "2031-05-07T24:00Z",
        "2031-05-07T12:60Z",
        "2031-02-29T12:00Z",
        "2031-00-01T12:00Z",
        "0000-01-01T00:00Z",
        "2031-5-7T12:00Z",
        "2031-05-07T12Z",
        "2031-05-07T12:00z",
        "2031-05-07t12:00Z",
        "2031-05-07T12:00:00.5Z",
        "2031-05-07T12:00+00:00",
        "+031-05-07T12:00Z",
        "٢٠٣١-05-07T12:00Z",
        "2031-05-07T12:00Z\n",
    ],
)
def test_other_instants_are_refused(text: str) -> None:
    with pytest.raises(Malformed):
        instant_of(text)
