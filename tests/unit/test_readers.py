"""Several readers at once read as one does, and say what is wrong as one does."""

from __future__ import annotations

from pathlib import Path

import pytest

from casemaking import a_case
from holdfire.digests import digest
from holdfire.engine import Engine
from holdfire.errors import HoldfireError
from holdfire.folder import Folder
from holdfire.readers import Reading, Text, read_one, readers
from holdfire.reading.format import Context
from holdfire.reading.formats.text import Text as Prose
from holdfire.records.report import Report

LIMIT = 1 << 20


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_case(tmp_path_factory.mktemp("readers") / "case").folder.path


def text(words: str) -> Text:
    made = words.encode()
    report = Report(id=digest(made), source="news", format="text", published="2031-05-03")
    return Text(report, "news.txt", made)


def test_several_readers_give_what_one_gives(folder: Path) -> None:
    texts = [text(f"The army shelled the market on Saturday, killing {n} people.") for n in range(2, 40)]
    with readers(folder, LIMIT, 2) as read:
        several = list(read(texts))
    known = Folder(folder)
    context = Context(
        known.zone, known.names, known.sources, known.gazetteer, Engine(1, 256), file="news.txt"
    )
    alone = [read_one(each, Prose(), context, LIMIT) for each in texts]
    assert several == alone
    assert sum(each.claims.num_rows for each in alone) >= len(texts)


def test_a_text_that_cannot_be_read_is_named_and_the_others_are_read(folder: Path) -> None:
    wrong = Text(text("").report, "broken.txt", b"\xff\xfe not text")
    with readers(folder, LIMIT, 2) as read:
        before, error, after = read([text("All was calm."), wrong, text("The army shelled the market.")])
    assert isinstance(before, Reading)
    assert isinstance(after, Reading)
    assert after.claims.num_rows == 1
    assert isinstance(error, HoldfireError)
    assert "broken.txt" in error.problems[0].where
