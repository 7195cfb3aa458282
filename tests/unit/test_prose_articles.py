"""Ten articles of other theatres and truces: what is told, and what is only meant, asked or denied."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from holdfire.documents import load
from prosing import Row, makes_incident, read

IN_PASSING = ("presupposed", "attributive", "caption")
FILE = Path(__file__).parents[1] / "reading" / "articles.yaml"
ARTICLES: list[dict[str, Any]] = list(load(FILE.read_text(encoding="utf-8"), FILE.name)["articles"])


def _text(article: dict[str, Any]) -> str:
    return "\n\n".join([article["name"], *(each["say"] for each in article["sentences"])])


def _told(row: Row) -> str:
    """Return a claim as the file writes it."""
    kind = row["kind"] if row["kind"] in IN_PASSING else ""
    return " ".join(
        word for word in (row["event_type"], row["modality"], "not" if row["negated"] else "", kind) if word
    )


def _of(rows: list[Row], text: str, sentence: str) -> list[Row]:
    start = text.index(sentence)
    return [row for row in rows if start <= row["spans"][0][0] < start + len(sentence)]


CASES = [
    pytest.param(article, number, id=f"{article['name'].split(',')[0]}-{number}")
    for article in ARTICLES
    for number in range(len(article["sentences"]))
]


@pytest.mark.parametrize(("article", "number"), CASES)
def test_a_sentence_says_what_is_listed(article: dict[str, Any], number: int) -> None:
    text, sentence = _text(article), article["sentences"][number]
    rows = _of(read(text, published=article["published"]), text, sentence["say"])
    told = [_told(row) for row in rows]
    assert [each for each in sentence["claims"] if each not in told] == [], told
    unlisted = [_told(row) for row in rows if makes_incident(row) and _told(row) not in sentence["claims"]]
    assert unlisted == []


def test_there_are_ten_articles() -> None:
    assert len(ARTICLES) == 10
    assert all(len(article["sentences"]) >= 6 for article in ARTICLES)
