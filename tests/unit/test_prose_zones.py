"""The parts of a page, plain or HTML: what is read, what is furniture, and where each character came from."""

from __future__ import annotations

import time

import pytest

from holdfire.errors import BadInput
from holdfire.reading.prose.page.language import language_of
from holdfire.reading.prose.page.markup import DEEPEST
from holdfire.reading.prose.page.shadow import join, shadow
from holdfire.reading.prose.page.zones import read_page
from prosing import one, read, words


def _zones(text: str, name: str = "x.txt") -> list[tuple[str, str]]:
    page = read_page(text, 0, name)
    return [(part.zone, page.shadow.text[part.start : part.end]) for part in page.paragraphs]


def test_the_parts_of_a_plain_page() -> None:
    text = (
        "Talks go on in Tarn\n\n"
        "This file photo shows a jet over Tarn. (AFP)\n\n"
        "TARN (Reuters) - Talks went on in Tarn on Monday, officials said.\n\n"
        "They will go on for a week, and then there will be others in another place, they said.\n\n"
        "The site can also be accessed at the following addresses:\n\n"
        "www.example.org\n\nSHARE THIS ARTICLE\nExample News"
    )
    assert [zone for zone, _ in _zones(text)] == [
        "title", "caption", "dateline", "body", "body", "furniture", "furniture", "furniture", "furniture",
    ]  # fmt: skip
    assert read_page(text, 0, "x.txt").wire == "reuters"


def test_lines_that_are_wrapped_are_one_paragraph() -> None:
    text = (
        "The army said on Monday that it had left the town of Marrow\n"
        "and that nobody had been hurt on the way to the river and\n"
        "back again.\n\nThere was rain."
    )
    assert [part.count("\n") for _, part in _zones(text)] == [2, 0]


def test_a_hyphen_begins_no_dateline() -> None:
    assert [
        zone for zone, _ in _zones("US-led forces left Marrow on Monday, and others went with them.")
    ] == ["body"]


@pytest.mark.parametrize(
    "line",
    [
        "Read more: The army shelled Marrow on Saturday",
        "Follow us on the usual pages",
        "© 2031 The Wire. The army shelled Marrow.",
        "Related articles: the army shelled Marrow",
    ],
)
def test_furniture_makes_no_claim(line: str) -> None:
    text = f"Talks go on\n\nTalks went on in Tarn on Monday, and the army was there.\n\nIt rained.\n\n{line}"
    assert not [row for row in read(text) if row["event_type"].startswith("attack.")]


HTML = """<!doctype html>
<html><head><title>The army shelled Tarn - Wire</title><style>p { color: red }</style></head>
<body><nav>The army shelled Esk</nav>
<h1>Talks &amp; shells</h1>
<figure><img src="x"><figcaption>The army shelled Tarn</figcaption></figure>
<p>The <b>Northern&nbsp;Army</b> shelled Marrow &ldquo;hard&rdquo; on Saturday.</p>
<script>document.write("The army shelled Tarn")</script>
<footer><p>The army shelled Tarn.</p></footer></body></html>
"""


def test_html_is_read_where_it_says_something() -> None:
    rows = read(HTML, name="x.html")
    assert [(row["kind"], row["place"]) for row in rows if row["event_type"] == "attack.shelling"] == [
        ("caption", "Tarn"),
        ("narrated", "Marrow"),
    ]


def test_spans_in_html_are_of_the_file_as_it_is() -> None:
    (row,) = [r for r in read(HTML, name="x.html") if r["kind"] == "narrated"]
    assert row["actors"] == ["north"]
    assert words(HTML, row) == ("The <b>Northern&nbsp;Army</b> shelled Marrow &ldquo;hard&rdquo; on Saturday")


def test_a_page_is_known_by_how_it_begins() -> None:
    assert one(HTML.replace("figcaption", "nav"), "attack.shelling")["place"] == "Marrow"


def test_an_unclosed_comment_swallows_the_rest_once() -> None:
    assert _zones("<p>Talks went on.</p><!-- <p>The army shelled Tarn.</p>", "x.html") == [
        ("body", "Talks went on.")
    ]


def test_a_page_nested_too_deep_is_refused() -> None:
    with pytest.raises(BadInput, match="nested deeper"):
        read_page("<div>" * (DEEPEST + 1), 0, "bomb.html")


def test_a_page_of_endless_tags_is_refused() -> None:
    with pytest.raises(BadInput, match="tags"):
        read_page("<p></p>" * 400_000, 0, "bomb.html")


@pytest.mark.parametrize(
    "unit", ["<!--", "<a", "</a ", "<![CDATA[", "&#", "<?", "<", "</", "<script", "<p title='"]
)
def test_hostile_markup_takes_time_that_grows_with_its_length(unit: str) -> None:
    def took(size: int) -> float:
        started = time.perf_counter()
        read_page(unit * (size // len(unit)), 0, "x.html")
        return time.perf_counter() - started

    took(1000)
    small, large = max(took(60_000), 0.002), took(600_000)
    assert large < 40 * small, (small, large)  # a quadratic reader takes a hundred times as long


def test_the_shadow_maps_back_over_what_it_drops() -> None:
    text = "a\u200bb\u00adc “d”\r\ne"
    made = shadow(text)
    assert made.text == 'abc "d"\ne'
    assert [text[slice(*made.span(k, k + 1))] for k in range(len(made.text))] == [
        *"abc “d”",
        "\r\n",
        "e",
    ]


def test_a_character_reference_is_one_character() -> None:
    made = join([("a", 0, 1), ("&", 1, 6), ("b", 6, 7)])
    assert made.text == "a&b"
    assert [made.span(k, k + 1) for k in range(3)] == [(0, 1), (1, 6), (6, 7)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The army said that it had left the town.", "en"),
        ("قال الجيش إنه انسحب من البلدة يوم السبت.", "ar"),
        ("Армия заявила, что покинула город в субботу.", "ru"),
        ("L'armée a dit que les soldats ont quitté la ville et que le calme est revenu dans les rues.", "fr"),
        ("Troops leave town", "en"),
        ("", ""),
    ],
)
def test_language(text: str, language: str) -> None:
    assert language_of(text) == language
