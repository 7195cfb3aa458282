"""The quick reader of our own data files reads what the full one does, and leaves the rest to it."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from holdfire.documents import load, ours
from holdfire.plainyaml import plain

FILES = sorted(p for p in Path(str(files("holdfire"))).rglob("*.yaml") if "starter" not in p.parts)


def bare(value: Any) -> Any:
    """Return a value without what the full reader keeps of how it was written."""
    if isinstance(value, dict):
        return {str(k) if isinstance(k, str) else k: bare(v) for k, v in value.items()}
    if isinstance(value, list):
        return [bare(each) for each in value]
    return str(value) if isinstance(value, str) else value


@pytest.mark.parametrize("file", FILES, ids=lambda p: "/".join(p.parts[-2:]))
def test_a_file_of_ours_is_read_as_the_full_reader_reads_it(file: Path) -> None:
    """Keys, their order, and the type of every value."""
    text = file.read_text(encoding="utf-8")
    assert repr(bare(ours(text, file.name))) == repr(bare(load(text, file.name)))


def test_the_word_lists_are_plain() -> None:
    """A list that is not would be read, but slowly, by everyone who starts a command."""
    lists = [p for p in FILES if p.parent.name in ("lexicons", "dictionaries", "time", "words")]
    assert len(lists) > 17
    assert not [p.name for p in lists if plain(p.read_text(encoding="utf-8")) is None]


@pytest.mark.parametrize(
    "text",
    [
        "a: &x 1\n", "a: *x\n", "a: !t b\n", "a: 1\na: 2\n", "a: b\n  c\n", "a: 0x1f\n", "a: 1e3\n",
        "a: 2031-03-05\n",
        "a: |2\n    b\n", "a: >\n  b\n\n  c\n", "a:\tb\n", "a: b: c\n", "- a\n", "a: [b, c\n",
        "a: {b}\n", "a: [b # c\n  ]\n",
        "a: b", "? a\n: b\n", "a: \"\\x41\"\n", "---\na: b\n", "<<: {a: b}\n", "a: =\n", "a: -\n",
        "a:\n  - b: c\n", "a: [b]]\n", "a:\n  {b: c}: d\n", "a:\n  [b]\n  c: d\n", "a:\n{b: c}\n",
    ],
)  # fmt: skip
def test_what_is_not_plain_is_left_to_the_full_reader(text: str) -> None:
    """Never guessed at."""
    assert plain(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "a: b # c\n", "a: 'it''s'\n", 'a: "x # y"\n', "a: yes\n", "a: null\nb: ~\nc:\n", "a: -1\nb: 7 x y\n",
        "1: [2, x y, 'z']\n", "a:\n  {b: c, 'd': [1,\n    2]}\ne: f\n", "a:\n  [b]\n",
        "a: {b: [c, d], e: -2}\n", "a: >\n  b\n  c # d\ne: f\n", "a: |-\n  b\n   c\n\n  d\n# e\nf: true\n",
        "a:\n- b\n- 'c: d'\n",
        "a: [b,\n  c]\n", "a: b:c\n", "a: #b\n", "a:\n  b:\n    c: d\n  e: f\n", "# a\n\nb: c\n",
    ],
)  # fmt: skip
def test_what_is_plain_is_read_as_the_full_reader_reads_it(text: str) -> None:
    """One case for each construction."""
    found = plain(text)
    assert found is not None
    assert repr(found) == repr(bare(load(text, "x")))
