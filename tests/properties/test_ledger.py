"""However entries are grouped, repeated or interrupted, the ledger is the same."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.errors import BadInput
from holdfire.ledger import tree
from holdfire.ledger.entry import decode, encode, leaf_hash
from holdfire.ledger.log import Ledger

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
digest = st.integers(0, 5).map(lambda number: f"{number:064x}")
value: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.fixed_dictionaries(
        {"kind": st.just("retraction"), "of": digest, "at": st.just("2016-03-01T00:00Z"), "reason": text}
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("bulletin"),
            "number": st.integers(0, 9),
            "period": text,
            "manifest": digest,
        }
    ),
)


@given(st.lists(st.lists(value, max_size=6), max_size=6))
@settings(max_examples=40, deadline=None)
def test_groups_repeats_and_reopening_change_nothing(groups: list[list[dict[str, Any]]]) -> None:
    flat = [each for group in groups for each in group]
    once = list(dict.fromkeys(encode(each) for each in flat))
    with tempfile.TemporaryDirectory() as folder:
        with Ledger.open(Path(folder) / "a", write=True) as together:
            together.append(flat)
        places = []
        for group in groups:
            with Ledger.open(Path(folder) / "b", write=True) as ledger:
                places += [entry.seq for entry in ledger.append(group)]
                ledger.append(group)
        with Ledger.open(Path(folder) / "a") as one, Ledger.open(Path(folder) / "b") as other:
            assert [entry.content for entry in one.entries()] == once
            assert list(one.entries()) == list(other.entries())
            assert one.head == other.head == tree.Growing(leaf_hash(each) for each in once).root().hex()
            assert one.check() == other.check() == []
            assert places == [once.index(encode(each)) for each in flat]
            for size in range(len(once) + 1):
                assert one.root(size) == tree.Growing(leaf_hash(each) for each in once[:size]).root().hex()


@given(value)
def test_an_entry_is_read_as_it_was_written(each: dict[str, Any]) -> None:
    assert decode(encode(each)) == each
    assert encode(dict(sorted(each.items(), reverse=True))) == encode(each)


@given(value, text, st.none() | st.floats() | st.booleans() | st.lists(st.integers()))
def test_nothing_but_strings_and_integers_comes_in(each: dict[str, Any], field: str, odd: object) -> None:
    for name in [*set(each) - {"kind"}, field]:
        with pytest.raises(BadInput):
            encode({**each, name: odd})
