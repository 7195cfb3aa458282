"""The page of `holdfire toll`: whole in itself, in both languages, and nothing in it but numbers."""

from __future__ import annotations

import base64
import hashlib
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from holdfire.counting.assessing import Attestation
from holdfire.counting.tabled import ListsFile
from holdfire.overlapping import read
from holdfire.publishing.drawing.chains import agreement
from holdfire.publishing.drawing.density import Curve, curve, densities
from holdfire.publishing.drawing.upset import upset
from holdfire.publishing.pages.tollwords import tollwords
from holdfire.tolling import Asking, toll
from holdfire.tollpage import toll_page

GOOD = [110, 84, 9, 93, 8, 14, 4, 31, 3, 2, 1, 9, 2, 3, 2]
QUICK = ("decomposable_graphs", "log_linear")
VOID = {"meta", "link", "br", "img", "hr"}


def page(folder: Path, attested: bool = False, counts: list[int] = GOOD, by: str = "") -> str:
    rows = [
        ",".join([*(str(p >> j & 1) for j in range(4)), str(n), label])
        for label in ("north", "south")[: 2 if by else 1]
        for p, n in enumerate(counts, 1)
    ]
    path = folder / "<b>lists.csv"
    path.write_text("\n".join(["a<i>,b&c,press,survey,n,place", *rows]) + "\n")
    found = toll(
        read(path, ListsFile(by=(by,) if by else ())),
        Asking(
            estimators=QUICK,
            attested=Attestation(closed=attested, alike=attested, by="the registry" if attested else ""),
        ),
    )
    return toll_page([found]).decode()


def test_what_each_list_does_is_on_the_page_in_both_languages(tmp_path: Path) -> None:
    text = unescape(page(tmp_path, counts=[4 * n for n in GOOD]))
    for language in ("en", "ar"):
        words = tollwords(language)
        assert text.count(words.sentence("each_list")) == 1
        assert words.label("by_the_others") in text
    refused = unescape(page(tmp_path, counts=[5, 4, 0, 3, *[0] * 11]))
    assert tollwords("en").sentence("each_list") not in refused


class Checked(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.hrefs: list[str] = []
        self.tags: set[str] = set()
        self.styled: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        given = dict(attrs)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.hrefs += [given["href"] or ""] if "href" in given else []
        self.styled += [tag] if "style" in given else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_and_asks_nobody_for_anything(tmp_path: Path) -> None:
    text = page(tmp_path)
    found = Checked()
    found.feed(text)
    assert not found.open
    assert len(found.ids) == len(set(found.ids))
    assert not found.tags & {"script", "img", "iframe", "object", "form", "input"}
    assert not found.styled, "the policy allows no style of an element"
    assert {h for h in found.hrefs if not h.startswith("#")} == {"data:,"}
    assert {h[1:] for h in found.hrefs if h.startswith("#")} <= set(found.ids)
    assert not re.findall(r"(?:https?:)?//[a-z]", text.replace("http://www.w3.org", ""))
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src &#39;sha256-{digest}&#39;" in text
    assert "default-src &#39;none&#39;" in text


def test_what_a_file_is_called_is_text_and_no_markup(tmp_path: Path) -> None:
    text = page(tmp_path)
    assert "<b>lists" not in text
    assert "a<i>" not in text
    assert "&lt;b&gt;lists.csv" in text


def test_both_languages_say_the_same_numbers(tmp_path: Path) -> None:
    text = page(tmp_path)
    english, arabic = text.split('id="ar"')
    assert 'dir="rtl"' in text
    numbers = [
        re.findall(
            r"\d+(?:,\d{3})*(?:\.\d+)?", re.sub(r"<svg.*?</svg>|<[^>]+>", " ", unescape(each), flags=re.S)
        )
        for each in (english.split('<body class="toll">', 1)[1], arabic)
    ]
    assert sorted(set(numbers[0])) == sorted(set(numbers[1]))
    assert re.search("[\u0600-\u06ff]", arabic)


def test_an_estimate_that_nobody_attested_stands_under_an_if(tmp_path: Path) -> None:
    below = tollwords("en").sentence("only_if_below")
    assert below in page(tmp_path)
    stated = page(tmp_path, attested=True)
    assert below not in stated
    assert "Attested by the registry." in stated


def test_a_refusal_shows_its_reasons_and_no_number(tmp_path: Path) -> None:
    text = page(tmp_path, counts=[2, 3, 1, 1] + [0] * 11)
    words = tollwords("en")
    assert words.sentence("refused_head") in text
    assert words.reason("too_few_people", {"documented": 7, "least": 50}).helps in text
    assert '<span class="figure">–</span>' in text


def test_of_three_lists_the_range_is_shown_once_and_has_no_middle(tmp_path: Path) -> None:
    three = [260, 240, 40, 220, 38, 44, 12]
    text = page(tmp_path, counts=[*three, *[0] * 8]).split('id="ar"')[0]
    words = tollwords("en")
    assert text.count('<span class="figure') == 2, "documented, and the range"
    assert page(tmp_path).split('id="ar"')[0].count('<span class="figure') == 3
    (whole,) = set(re.findall(rf"{words.of('estimators', 'range_of_models')}: ([^;<]*)", text))
    assert re.fullmatch(r"[\d,]+ – [\d,]+", whole), whole


def test_strata_are_summed_in_words(tmp_path: Path) -> None:
    text = page(tmp_path, by="place")
    assert "Sum of all strata (2)" in text
    assert "place: north" in text


def test_the_same_answer_gives_the_same_bytes(tmp_path: Path) -> None:
    assert page(tmp_path) == page(tmp_path)


WORDS = {"title": "t", "empty_cell": "none", "more": "", "documented": "d", "trace": "a", "ranks": "b"}


def test_a_curve_has_a_hill_for_each_of_two_answers() -> None:
    chance = np.random.default_rng(1)
    draws = np.concatenate([chance.normal(1000, 30, 3000), chance.normal(3000, 90, 1000)])
    _, height = curve(draws, 500, 6000)
    hills = [i for i in range(1, len(height) - 1) if height[i - 1] < height[i] >= height[i + 1]]
    assert len([i for i in hills if height[i] > 0.05]) == 2


@pytest.mark.parametrize("rtl", [False, True])
@pytest.mark.parametrize("form", ["wide", "narrow"])
def test_drawings_stay_on_their_sheet(rtl: bool, form: str) -> None:
    chance = np.random.default_rng(2)
    draws = np.exp(chance.normal(8, 0.4, (4, 300)))
    drawn = [
        upset([f"list {n}" for n in range(30)], {(True, False) * 15: 5}, WORDS, rtl, "u", form),
        densities([Curve("a", draws.ravel(), 1200, 3000, 7000, True)], 900, WORDS, rtl, "d", form),
        agreement(draws, WORDS, rtl, "c", form),
    ]  # fmt: skip
    for picture in drawn:
        width = float(re.search(r'viewBox="0 0 ([\d.]+) ', picture)[1])  # type: ignore[index]
        xs = [float(each) for each in re.findall(r' (?:x|cx)="(-?[\d.]+)"', picture)]
        xs += [float(each) for each in re.findall(r"[ML](-?[\d.]+) ", picture)]
        assert xs
        assert min(xs) >= -1
        assert max(xs) <= width + 1


def test_the_level_line_is_that_of_chains_that_agree() -> None:
    same = np.tile(np.arange(1.0, 161.0), (2, 1))
    apart = np.stack([np.arange(1.0, 161.0), np.arange(161.0, 321.0)])
    level, uneven = (agreement(each, WORDS, False, "c") for each in (same, apart))
    assert level.count('class="level"') == uneven.count('class="level"') == 2
    assert level != uneven
