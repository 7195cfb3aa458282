"""Numbers as English writes them: the set in tests/reading, and texts that try to hang the reader."""

from __future__ import annotations

import time

import pytest
from bench.reading.numbers import expressions, found

SET = list(expressions())


def test_the_set_is_of_its_size() -> None:
    assert len(SET) >= 200
    assert len({text for text, _ in SET}) == len(SET)


@pytest.mark.parametrize(("text", "meant"), SET, ids=[text for text, _ in SET])
def test_expression(text: str, meant: list[tuple[str, ...]]) -> None:
    assert found(text) == meant


@pytest.mark.parametrize("unit", ["one hundred and ", "12 ", "two thousand ", "between 1 and 2 or ", "no "])
def test_a_long_run_of_numbers_is_read_in_linear_time(unit: str) -> None:
    started = time.perf_counter()
    found(unit * 2000)
    short = time.perf_counter() - started
    started = time.perf_counter()
    found(unit * 20_000)
    assert time.perf_counter() - started < 30 * max(short, 0.01)
