"""The text format: what it recognises, what it refuses, and the words it shows of a claim."""

from __future__ import annotations

import io

import pytest

from holdfire.errors import BadInput
from holdfire.reading.format import Content
from holdfire.reading.formats.text import Text, checked, decoded, quote
from holdfire.reading.prose.page.front import split
from holdfire.reading.unpacking import content
from holdfire.tables import rows
from holdfire.testing import check_format
from prosing import context, report

ARTICLE = """---
source: wire
published: 2031-03-06
title: "A title"
---
The Northern Army shelled Marrow on Saturday, killing five people. It rained.
"""


def _content(sample: bytes, name: str = "x.txt") -> Content:
    return content(name, lambda: io.BytesIO(sample), len(sample), 1 << 30)


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.htm", "A.TXT", "a.txt.gz"])
def test_it_recognises_a_text_by_its_ending(name: str) -> None:
    assert Text().recognises(name, b"The army left.")


@pytest.mark.parametrize(
    ("name", "head"), [("a.csv", b"a,b"), ("a.txt", b"\x00\x01"), ("a", b"text"), ("a.xlsx", b"PK")]
)
def test_it_recognises_nothing_else(name: str, head: bytes) -> None:
    assert not Text().recognises(name, head)


@pytest.mark.parametrize("name", ["a.txt", "a.html"])
def test_it_holds_to_the_promises_of_a_format(name: str) -> None:
    claims = check_format(Text(), name, ARTICLE.encode(), context())
    assert claims.num_rows == 1


def test_front_matter_is_no_content_and_counts_in_the_spans() -> None:
    (table,) = Text().claims(report(ARTICLE), _content(ARTICLE.encode()), context())
    (row,) = rows(table)
    ((start, end),) = row["spans"]
    assert ARTICLE[start:end] == "The Northern Army shelled Marrow on Saturday, killing five people"


def test_a_byte_order_mark_counts_in_the_spans() -> None:
    text = "\ufeff" + ARTICLE
    (table,) = Text().claims(report(text), _content(text.encode()), context())
    (row,) = rows(table)
    ((start, end),) = row["spans"]
    assert text[start:end] == "The Northern Army shelled Marrow on Saturday, killing five people"


def test_the_title_in_the_front_matter_is_not_read() -> None:
    text = ARTICLE.replace('"A title"', '"The army shelled Tarn"')
    (table,) = Text().claims(report(text), _content(text.encode()), context())
    assert [row["place"] for row in rows(table)] == ["Marrow"]


def test_a_rule_across_the_page_is_not_front_matter() -> None:
    text = "---\n\nThe army left."
    assert split(text) == (None, 0)
    assert checked(text, "x.txt") is None


def test_front_matter_gives_what_it_says() -> None:
    about = checked(ARTICLE, "x.txt")
    assert about is not None
    assert (about.source, about.published) == ("wire", "2031-03-06")


def test_bytes_are_decoded_untouched() -> None:
    assert decoded(_content(b"a\r\n\tb\xc2\xa0c")) == "a\r\n\tb\u00a0c"


def test_a_text_has_no_rows_to_show() -> None:
    assert Text().excerpts(_content(b"The army left."), [1]) == {}


def test_a_quote_has_one_sentence_on_either_side() -> None:
    text = "It was calm. They left. Two shells fell. Nobody was hurt. It rained."
    start = text.index("Two")
    assert quote(text, [(start, start + 15)]) == ("They left.", "Two shells fell", "Nobody was hurt.")


def test_a_quote_in_pieces_is_joined() -> None:
    text = "The army said, on Monday, that it left."
    assert quote(text, [(0, 8), (26, 38)])[1] == "The army … that it left"


def test_a_quote_shows_no_front_matter_no_tags_and_little_else() -> None:
    text = ARTICLE + "<p>" + "word " * 200 + "</p>"
    start = text.index("The Northern")
    before, words, after = quote(text, [(start, start + 66)])
    assert before == ""
    assert words.endswith("five people.")
    assert after == "It rained."
    far = text.index("word word") + 500
    before, words, after = quote(text, [(far, far + 4)])
    assert len(before) <= 200
    assert len(after) <= 200


def test_a_quote_of_nothing_is_empty() -> None:
    assert quote("The army left.", []) == ("", "", "")


def test_a_text_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("holdfire.reading.formats.text.LARGEST", 10)
    with pytest.raises(BadInput, match="larger than"):
        decoded(_content(b"The army left."))
