"""Who repeats whom: copies rest on one root under any masthead, and what is told apart stays apart."""

from __future__ import annotations

import random
from itertools import permutations
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.digests import digest
from holdfire.engine import Engine
from holdfire.fusing.lineage import lineage, rest
from holdfire.reading.prose import read
from holdfire.reading.prose.page import front
from holdfire.reading.prose.page.shingles import shingled
from holdfire.reading.prose.page.zones import read_page
from holdfire.records.claim import CLAIM
from holdfire.records.report import Report
from holdfire.records.shingle import SHINGLED
from holdfire.tables import rows, stack
from prosing import context, report

ENGINE = Engine(1, 256)
WORDS = [
    "road",
    "market",
    "hill",
    "bridge",
    "river",
    "school",
    "morning",
    "fire",
    "column",
    "wall",
    "crossing",
    "orchard",
    "tower",
    "canal",
    "farm",
    "depot",
    "valley",
    "ridge",
    "station",
    "square",
    "harbour",
    "quarry",
    "garden",
    "mill",
    "gate",
    "barracks",
    "clinic",
    "field",
    "garage",
    "lane",
]


def prose(seed: int, count: int = 120) -> str:
    """Return a paragraph of nonsense that shares no run of five words with one of another seed."""
    draw = random.Random(seed)
    return "So " + " ".join(_word(draw, n) for n in range(count)) + "."


def _word(draw: random.Random, n: int) -> str:
    """Return a word that no other text has, or, one time in four, one that tells the language."""
    return draw.choice(("the", "of", "and", "to")) if n % 4 == 0 else draw.choice(WORDS) + draw.choice(WORDS)


def text(body: str, source: str, day: str = "2031-03-05") -> tuple[str, Report]:
    made = f"Night falls on the strip\n\n{body}\n"
    return made, Report(
        id=digest(f"{source}{day}{body}".encode()), source=source, format="text", published=day
    )


def printed(texts: list[tuple[str, Report]]) -> pa.Table:
    made = []
    for body, one in texts:
        page = read_page(body, front.split(body)[1], "")
        made.append(shingled(page, one, context().zone))
    return SHINGLED.table(made)


def lines(texts: list[tuple[str, Report]]) -> dict[str, str]:
    """Return, by publisher, whose text each report rests on."""
    source = {one.id: one.source for _, one in texts}
    return {source[row["report"]]: source[row["original"]] for row in rows(lineage(printed(texts), ENGINE))}


def test_a_copy_rests_on_the_earlier_text() -> None:
    body = prose(1)
    assert lines([text(body, "gazette", "2031-03-06"), text(body, "wire", "2031-03-05")]) == {
        "gazette": "wire"
    }


def test_texts_of_their_own_rest_on_no_other() -> None:
    assert lines([text(prose(n), f"paper{n}") for n in range(6)]) == {}


def test_a_phrase_in_common_makes_no_copy() -> None:
    phrase = "a spokesman for the ministry of defence said on Monday that"
    assert (
        lines(
            [text(f"{prose(1)} {phrase} {prose(2)}", "one"), text(f"{prose(3)} {phrase} {prose(4)}", "two")]
        )
        == {}
    )


def test_a_footer_of_one_publisher_makes_no_copy() -> None:
    footer = prose(99, 80)
    own = [text(f"{prose(n, 60)}\n\n{footer}", "paper", f"2031-03-0{n}") for n in (1, 2, 3, 4)]
    assert lines([*own, text(f"{prose(7, 60)}\n\n{footer}", "reprint", "2031-03-09")]) == {}


@pytest.mark.parametrize(("kept", "copies"), [(60, True), (20, False)])
def test_three_tenths_of_the_words_make_a_copy(kept: int, copies: bool) -> None:
    words = prose(1).split()
    half = " ".join(words[:kept]) + " " + prose(2, 120 - kept)
    assert bool(lines([text(prose(1), "wire", "2031-03-05"), text(half, "paper", "2031-03-06")])) is copies


def test_a_rare_slip_ties_texts_that_share_fewer_words() -> None:
    start = " ".join(prose(1).split()[:24])
    usual = [text(f"{prose(n)} Kafranbel was calm.", f"paper{n}", "2031-03-01") for n in range(20, 45)]
    slip, right = "Kaframbel", "Kafranbel"

    def two(name: str) -> dict[str, str]:
        first = text(f"{start} {prose(2)} {name} was hit.", "wire", "2031-03-05")
        second = text(f"{start} {prose(3)} {name} was hit.", "paper", "2031-03-06")
        return lines([*usual, first, second])

    assert two(slip) == {"paper": "wire"}
    assert two(right) == {}  # the same words without the slip are too few


def roots(texts: list[tuple[str, Report]]) -> set[str]:
    claims = stack(CLAIM, [read(t, one, context()) for t, one in texts])
    tables = printed(texts)
    return set(rest(claims, lineage(tables, ENGINE), tables, ENGINE)["root"].to_pylist())


WIRE_ONE = "The Northern Army shelled Marrow on Saturday, killing five people.\n\n" + prose(11)
WIRE_TWO = "Shells fired by the Northern Army hit Marrow on Saturday and killed five.\n\n" + prose(12)


def twelve() -> list[tuple[str, Report]]:
    """Return twelve reports of two texts, the first of each a day earlier."""
    made = []
    for n in range(12):
        body = WIRE_ONE if n % 2 else WIRE_TWO
        made.append(text(body, f"paper{n:02}", "2031-03-06" if n < 2 else "2031-03-07"))
    return made


def test_twelve_reports_of_two_texts_have_two_roots() -> None:
    assert roots(twelve()) == {"source:paper00", "source:paper01"}
    alone = [
        text(f"The Northern Army shelled Marrow on Saturday.\n\n{prose(n)}", f"paper{n:02}")
        for n in range(12)
    ]
    assert len(roots(alone)) == 12  # the control: texts of their own keep their roots


def test_what_a_copier_adds_stays_its_own() -> None:
    wire = text(WIRE_ONE, "wire", "2031-03-06")
    added = f"{prose(31, 300)}\n\nThe River Brigade shelled Tarn on Friday.\n\n{WIRE_ONE}"
    paper = text(added, "paper", "2031-03-07")
    claims = stack(CLAIM, [read(t, one, context()) for t, one in (wire, paper)])
    tables = printed([wire, paper])
    line = lineage(tables, ENGINE)
    assert [row["whole"] for row in rows(line)] == [False]
    made = {(r["source"], r["place"]): r["root"] for r in rows(rest(claims, line, tables, ENGINE))}
    assert made["paper", "Tarn"] == "source:paper"
    assert made["paper", "Marrow"] == "source:wire"


def test_the_order_of_arrival_changes_nothing() -> None:
    texts = twelve()[:4]
    found = [sorted(map(str, rows(lineage(printed(list(order)), ENGINE)))) for order in permutations(texts)]
    assert all(each == found[0] for each in found)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 9)), min_size=1, max_size=8))
def test_more_mastheads_never_make_more_roots(copies: list[tuple[int, int]]) -> None:
    texts = [
        text(
            f"The Northern Army shelled Marrow on Saturday.\n\n{prose(which)}", f"paper{n}", f"2031-03-0{day}"
        )
        for n, (which, day) in enumerate(copies)
    ]
    assert len(roots(texts)) == len({which for which, _ in copies})


def test_an_office_a_wire_and_a_voice_of_one_name_are_one_root() -> None:
    claims = CLAIM.table(
        [
            _row("c-1", "office:strip monitor"),
            _row("c-2", "voice:the strip monitor"),
            _row("c-3", "voice:gull"),
        ]
    )
    made = rest(claims, lineage(SHINGLED.empty(), ENGINE), SHINGLED.empty(), ENGINE)
    assert made["root"].to_pylist() == ["office:strip monitor", "office:strip monitor", "voice:gull"]


def _row(name: str, root: str) -> dict[str, Any]:
    (row, *_) = rows(read("The Northern Army shelled Marrow.", report(""), context()))
    return {**row, "claim_id": name, "root": root}


def test_a_date_without_one_comes_last() -> None:
    assert lines([text(prose(1), "undated", ""), text(prose(1), "dated", "2031-03-09")]) == {
        "undated": "dated"
    }
