"""The reader's own set of dates: see tests/dates/README.md. The measure itself must catch a bad reader."""

from __future__ import annotations

import pytest
from bench.reading.dates import first_days, lines, marks, read

from holdfire.reading.time import LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_day_is_invented(language: str) -> None:
    assert [(m.line.number, m.answer) for m in marks(read, language) if m.invented] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nearly_all_are_right(language: str) -> None:
    asked = [m for m in marks(read, language) if m.wanted is not None]
    assert len(asked) >= 75
    assert sum(m.right for m in asked) >= 0.95 * len(asked)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_without_a_date_gives_none(language: str) -> None:
    empty = [line for line in lines(language) if not line.wanted]
    assert len(empty) >= 15
    assert [line.text for line in empty if read(line.text, language, line.published)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reader_that_answers_first_days_is_caught(language: str) -> None:
    assert sum(m.invented for m in marks(first_days, language)) >= 20
