"""Where and when a text was filed, from its own first words."""

from __future__ import annotations

import time
from datetime import date

import pytest

from holdfire.reading import prose
from holdfire.reading.prose.page.datelines import dateline, page_date
from holdfire.reading.prose.page.zones import read_page


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Wed 19 Apr 2017 A bomb went off.", date(2017, 4, 19)),
        ("Date of publication 12 June 2016 Dozens came.", date(2016, 6, 12)),
        ("Published: April 2, 2017 Dozens came.", date(2017, 4, 2)),
        ("Posted on July 12 2016 by A. Writer Dozens came.", date(2016, 7, 12)),
        ("Strikes hit a town Monitor Monday 21 Apr 2014 Dozens came.", date(2014, 4, 21)),
        ("21-08-2014 Dozens came.", date(2014, 8, 21)),
        ("01.10.2014 Dozens came.", date(2014, 10, 1)),
        ("2014-10-01 Dozens came.", date(2014, 10, 1)),
        ("On 19 April 2017 a bomb went off.", None),
        ("The 21 August 2013 attack was the worst.", None),
        ("A bomb went off in March 2017.", None),
        ("31 February 2017 A bomb went off.", None),
        ("A bomb went off.", None),
    ],
)
def test_page_date(text: str, day: date | None) -> None:
    found = page_date(text)
    assert (found[2] if found else None) == day
    assert prose.dated(text) == day


@pytest.mark.parametrize(
    ("text", "place", "credit", "day"),
    [
        (
            "SAN SALVADOR, 12 JAN 90 (ACAN-EFE) -- [TEXT] TWO BRIDGES FELL.",
            "SAN SALVADOR",
            "ACAN-EFE",
            date(1990, 1, 12),
        ),
        ("BEIRUT (Reuters) - Two bridges fell.", "BEIRUT", "Reuters", None),
        ("Amman, 3 March 2016 — Two bridges fell.", "Amman", "", date(2016, 3, 3)),
        ("MOSCOW, October 1 (RIA Novosti) - Two bridges fell.", "MOSCOW", "RIA Novosti", None),
    ],
)
def test_dateline(text: str, place: str, credit: str, day: date | None) -> None:
    found = dateline(text)
    assert found is not None
    assert (found.place, found.credit, found.day) == (place, credit, day)


@pytest.mark.parametrize(
    "text", ["TWO BRIDGES FELL - AND A THIRD.", "Two bridges fell - and a third.", "A - b"]
)
def test_no_dateline(text: str) -> None:
    assert dateline(text) is None


def test_what_the_page_says_of_itself_is_no_claim_and_anchors_what_is_read() -> None:
    page = read_page(
        "Wed 19 Apr 2017 Shells fell on Tuesday. " + "They fell again. " * 60 + "Read Also More news", 0, ""
    )
    assert [part.zone for part in page.paragraphs] == ["dateline", "body", "furniture"]
    assert page.published == "2017-04-19"


@pytest.mark.parametrize(
    "unit", ["21 Apr 2014 ", "BEIRUT (", "Read Also. ", "A-", "Published ", "(AP) ", "JAN 1 "]
)
def test_a_hostile_page_is_zoned_in_linear_time(unit: str) -> None:
    def taken(times: int) -> float:
        started = time.perf_counter()
        read_page(unit * times, 0, "")
        return time.perf_counter() - started

    assert taken(100_000) < 40 * max(taken(10_000), 0.005)
