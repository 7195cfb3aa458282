"""Text made to do harm: the reader never crashes, and its time grows with the length of the text.

Times are compared within one run: ten times the text may take about ten times as long.
"""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfire.reading import prose
from holdfire.records.claim import CLAIM
from prosing import context, report

HERE = context()
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
KNOWN = """
The army Northern Army said that shelled Marrow on Saturday , . " “ ” 's who if not would to killed 12 people
1,000 and of airstrikes near - US backed since 2031 March truce violations ( ) : ; — according denied claim it
its Damascus between no stop \u200f \u202e ’ ... ! <p> &amp; --- www.x.org (AP) IS dozens by Report quoted as
saying
"""
WORDS = st.sampled_from([*KNOWN.split(), "\n\n", "\n"])


def _read(text: str, name: str = "x.txt") -> None:
    table = prose.read(text, report(text), replace(HERE, file=name))
    assert table.schema.equals(CLAIM.arrow)
    for spans in table["spans"].to_pylist():
        for start, end in spans:
            assert 0 <= start < end <= len(text)
    ids = table["claim_id"].to_pylist()
    assert len(ids) == len(set(ids))


@QUICK
@given(st.text(max_size=400))
def test_any_characters(text: str) -> None:
    _read(text)
    prose.attributions(text)


@QUICK
@given(st.lists(WORDS, max_size=80).map(" ".join), st.sampled_from(["x.txt", "x.html"]))
def test_any_order_of_the_words_it_knows(text: str, name: str) -> None:
    _read(text, name)
    for said in prose.attributions(text):
        for start, end in (*said.source, *said.cue, *said.content):
            assert 0 <= start < end <= len(text)


@QUICK
@given(st.lists(WORDS, max_size=40).map("".join))
def test_words_without_spaces(text: str) -> None:
    _read(text)


UNITS = [
    *('"', '" a ', "The army shelled Marrow and ", "12 people were killed and ", "said that ", "a, ", "if "),
    *("(", "a-", "x\n", "\u202eا", "between Marrow and ", "2031 ", "no ", "U.S.", "2 shells, ", "'s ", "<a>"),
    *("IS ", "who "),
]


@pytest.mark.parametrize("unit", UNITS)
def test_time_grows_with_the_length(unit: str) -> None:
    def took(size: int) -> float:
        text = unit * (size // len(unit))
        started = time.perf_counter()
        prose.read(text, report(text), HERE)
        return time.perf_counter() - started

    took(2000)
    small, large = max(took(8_000), 0.002), took(80_000)
    assert large < 40 * small, (small, large)  # a quadratic reader takes a hundred times as long


def test_a_megabyte_of_quotation_marks() -> None:
    _read('"' * 1_000_000)
    _read('"a ' * 300_000)


def test_one_line_of_five_megabytes() -> None:
    _read("la " * 1_700_000)


@pytest.mark.parametrize(
    "text", ["WOULD", "would", "if", "'s", "according to", "Had?", "no", "said", '"said"', "to"]
)
def test_a_word_alone(text: str) -> None:
    _read(text)
    _read(f"Russia said that it left. {text}")
