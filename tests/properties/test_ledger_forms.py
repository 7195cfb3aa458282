"""Entries that are looked at all at once are judged as those that are read one by one."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.errors import BadInput
from holdfire.ledger import forms, kinds
from holdfire.ledger.entry import LARGEST, decode, encode
from holdfire.ledger.kinds import KINDS, Check

WRITTEN = [kind for kind in KINDS if forms.written(kind)]
D = st.integers(0, 2**256 - 1).map(lambda number: f"{number:064x}")
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
whole = st.integers(-kinds.MOST, kinds.MOST)
GIVEN: dict[Check, st.SearchStrategy[Any]] = {
    kinds.text: text,
    kinds.whole: whole,
    kinds.count: whole.map(abs),
    kinds.flag: st.booleans(),
    kinds.digest: D,
    kinds.key_id: D.map(lambda digits: digits[:16]),
    kinds.instant: st.sampled_from(["2016-03-01T00:00Z", "2016-03-01T00:00:59Z"]),
    kinds.pairs: st.lists(st.lists(text, max_size=2), max_size=2),
    kinds.spans: st.lists(st.lists(whole.map(abs), max_size=2), max_size=2),
}
odd = st.none() | st.floats() | whole | text | st.lists(text) | st.just("ٱ") | st.just(-0.0)


def some(check: Check) -> st.SearchStrategy[Any]:
    if check in GIVEN:
        return GIVEN[check]
    return st.lists(D if check("") == "" and check([""]) else text, max_size=3)


@st.composite
def values(draw: st.DrawFn) -> dict[str, Any]:
    """An entry of a kind that has an expression, with some of the fields it may have."""
    kind = draw(st.sampled_from(WRITTEN))
    fields = KINDS[kind]
    chosen = {**fields.needed, **{n: c for n, c in fields.allowed.items() if draw(st.booleans())}}
    value = {"kind": kind, **{name: draw(some(check)) for name, check in chosen.items()}}
    return value if not any(check(value[name]) for name, check in chosen.items()) else draw(st.nothing())


def one_by_one(content: bytes) -> str:
    try:
        return str(decode(content)["kind"])
    except BadInput:
        return ""


def dumped(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@st.composite
def contents(draw: st.DrawFn) -> bytes:
    """An entry, or one in which something is wrong."""
    value = draw(values())
    content = encode(value)
    match draw(st.integers(0, 6)):
        case 0:
            name = draw(st.sampled_from(sorted(value)))
            return dumped({**value, name: draw(odd)})
        case 1:
            return dumped(
                {name: each for name, each in value.items() if name != draw(st.sampled_from(sorted(value)))}
            )
        case 2:
            return dumped({**value, draw(text): draw(text)})
        case 3:
            place = draw(st.integers(0, len(content) - 1))
            return content[:place] + bytes([draw(st.integers(0, 255))]) + content[place + 1 :]
        case 4:
            place = draw(st.integers(0, len(content)))
            return (
                content[:place]
                + draw(st.sampled_from([b" ", b"\n", b"\\u00e9", b"\xff", b",", b"0"]))
                + content[place:]
            )
        case _:
            return content


@given(st.lists(contents(), min_size=1, max_size=5))
@settings(max_examples=120, deadline=None)
def test_all_at_once_is_one_by_one(some: list[bytes]) -> None:
    # Enough of each kind before, so that its expression is asked at all.
    common = [encode(EXAMPLE[kind]) for kind in WRITTEN for _ in range(forms.FEW + 2)]
    named, wrong = forms.looked_at([*common, *some])
    assert named[len(common) :] == [one_by_one(each) for each in some]
    assert sorted(wrong) == [place for place, kind in enumerate(named) if not kind]


EXAMPLE: dict[str, dict[str, Any]] = {}


@pytest.fixture(autouse=True, scope="module")
def examples() -> None:
    plain = {kinds.flag: True, kinds.count: 7, kinds.whole: -7, kinds.digest: "ab" * 32, kinds.text: "x"}
    plain |= {kinds.instant: "2016-03-01T00:00Z", kinds.key_id: "ab" * 8}
    for kind in WRITTEN:
        EXAMPLE[kind] = {"kind": kind, **{n: plain.get(c, []) for n, c in KINDS[kind].needed.items()}}


@pytest.mark.parametrize("kind", WRITTEN)
def test_an_expression_takes_the_plain_entry_of_its_kind(kind: str) -> None:
    # RE2 and Python's re agree on what these expressions use; `\\z` is `\\Z` there.
    assert re.fullmatch(forms.written(kind).replace(r"\z", r"\Z"), encode(EXAMPLE[kind]).decode())


@pytest.mark.parametrize("place", [0, 40, 99])
def test_what_is_no_text_or_too_large_does_not_spoil_the_others(place: int) -> None:
    good = [encode({**EXAMPLE["claim"], "seq": number}) for number in range(100)]
    for bad in (b"\xff", b"", b"{" * 100_000, b'{"kind":"claim","x":"' + b"y" * LARGEST + b'"}'):
        named, wrong = forms.looked_at([*good[:place], bad, *good[place:]])
        assert list(wrong) == [place]
        assert named == ["claim"] * place + [""] + ["claim"] * (100 - place)
    assert forms.looked_at([]) == ([], {})
