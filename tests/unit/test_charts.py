"""Charts are SVG we draw: the same bytes each time, words as text, nothing told by colour alone."""

from __future__ import annotations

import json
import random
import re
from datetime import date, timedelta
from importlib.resources import files
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.publishing.drawing.captions import captions
from holdfire.publishing.drawing.charts import Band, Bar, Day, Mark, bars, daily, spark
from holdfire.publishing.drawing.days import GROUPS, bins, grouped
from holdfire.publishing.drawing.scales import Frame, ceiling, day_ticks, rows, ticks
from holdfire.publishing.drawing.svg import length, shorten, strokes

EN, AR = captions("en"), captions("ar")
FIRST = date(2016, 2, 20)
BOX = re.compile(r"M(-?[\d.]+) (-?[\d.]+)h(-?[\d.]+)v(-?[\d.]+)h-[\d.]+z")
CEASEFIRE = Band(kind="in_force", start=date(2016, 2, 27), label="In force")


def a_day(n: int = 0, **given: object) -> Day:
    known = {"by_verdict": {"breach": 3, "disputed": 1}, "reports": 4, "sources": 2}
    return Day(date=FIRST + timedelta(days=n), **{**known, **given})  # type: ignore[arg-type]


def days(count: int) -> list[Day]:
    return [
        a_day(
            n,
            by_verdict={"breach": n % 3, "disputed": n % 4, "not_covered": n % 5, "refuted": n % 2},
            killed_low=n % 6,
            killed_best=n % 6 + 1,
            killed_high=n % 6 + 4,
            not_covered_best=n % 7,
            href=f"days/{n}.html",
        )
        for n in range(count)
    ]


def tree(markup: str) -> ET.Element:
    return ET.fromstring(f"<page>{markup}</page>")  # noqa: S314 - our own markup


def drawing(markup: str, form: str = "wide") -> ET.Element:
    found = [s for s in tree(markup).iter("svg") if form in s.get("class", "").split()]
    assert len(found) == 1
    return found[0]


def having(element: ET.Element, kind: str, name: str = "*") -> list[ET.Element]:
    return [e for e in element.iter() if kind in e.get("class", "").split() and name in ("*", e.tag)]


def boxes(element: ET.Element, kind: str) -> list[tuple[float, float, float, float]]:
    [path] = [e for e in having(element, kind, "path") if "hatch" not in e.get("class", "")]
    return [tuple(float(v) for v in box) for box in BOX.findall(path.get("d", ""))]  # type: ignore[misc]


def words(element: ET.Element) -> list[str]:
    return [e.text or "" for e in element.iter("text")]


def test_the_same_days_in_any_order_give_the_same_bytes() -> None:
    given = days(60)
    shuffled = given[:]
    random.Random(4).shuffle(shuffled)
    assert daily(shuffled, [CEASEFIRE], [], EN) == daily(given, [CEASEFIRE], [], EN)


@pytest.mark.parametrize("count", [1, 2, 7, 31, 100, 101, 400, 401, 1500])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_it_draws_one_day_and_fifteen_hundred(count: int, language: str) -> None:
    marks = [Mark(start=FIRST, end=FIRST + timedelta(days=count), level=2.5, label="quieter", of="killed")]
    page = tree(daily(days(count), [CEASEFIRE], marks, captions(language), language == "ar"))
    for form in ("wide", "narrow"):
        [svg] = [s for s in page.iter("svg") if form in s.get("class", "").split()]
        _, _, width, height = (float(v) for v in svg.get("viewBox", "").split())
        for x, y, w, h in BOX.findall(ET.tostring(svg, encoding="unicode")):
            assert -0.2 <= float(x) <= float(x) + float(w) <= width + 0.2
            assert 0 <= float(y) <= float(y) + float(h) <= height + 0.2
        for text in svg.iter("text"):
            assert 0 <= float(text.get("x", "-1")) <= width
            assert 0 <= float(text.get("y", "-1")) <= height


def test_past_400_days_columns_are_weeks_and_say_so() -> None:
    weekly, by_day = drawing(daily(days(401), [], [], EN)), drawing(daily(days(400), [], [], EN))
    assert EN["by_week"] in words(weekly)
    assert EN["by_week"] not in words(by_day)
    assert len(having(weekly, "hit")) == 58  # 401 days: 57 weeks and two days
    assert len(having(by_day, "hit")) == 400


def test_a_week_is_the_mean_of_its_days_so_that_a_short_last_week_is_not_low() -> None:
    [whole, short] = bins([a_day(n, by_verdict={"breach": 4}) for n in range(9)], 7)
    assert whole.groups == short.groups == (4.0, 0, 0, 0, 0)
    assert (whole.total, short.total) == (28, 8)


def test_a_stack_is_as_high_as_its_counts() -> None:
    svg = drawing(daily([a_day(by_verdict={"breach": 3, "disputed": 1})], [], [], EN))
    [(_, low, _, three)], [(_, high, _, one)] = boxes(svg, "breach"), boxes(svg, "disputed")
    assert three == pytest.approx(3 * one, abs=0.2)
    assert high + one == pytest.approx(low, abs=0.2)


def test_a_verdict_of_no_group_is_among_the_others_and_none_is_lost() -> None:
    counts = {"refuted": 2, "permitted_conduct": 1, "something_new": 1, "breach": 1}
    assert dict(zip(GROUPS, grouped(a_day(by_verdict=counts)), strict=True))["other"] == 4
    assert sum(grouped(a_day(by_verdict=counts))) == 5


def test_a_day_without_a_report_is_hatched_whether_it_is_empty_or_left_out() -> None:
    empty = daily([a_day(0), a_day(1, by_verdict={}, reports=0, sources=0), a_day(2)], [], [], EN)
    left_out = daily([a_day(0), a_day(2)], [], [], EN)
    assert empty == left_out
    [stretch] = having(drawing(empty), "stretch")
    [(x, _, w, _)] = BOX.findall(stretch.get("d", ""))
    hit = BOX.findall(having(drawing(empty), "hit")[1].get("d", ""))[0]
    assert (x, w) == (hit[0], hit[2])
    assert having(drawing(empty), "hatch")
    assert EN["silent"] in ET.tostring(tree(empty), encoding="unicode")
    assert EN["silent"] not in daily([a_day(0), a_day(1)], [], [], EN)


def test_deaths_no_one_counted_are_a_gap_and_never_a_zero() -> None:
    some = [a_day(n, killed_best=None if 10 <= n < 12 else 5) for n in range(30)]
    [path] = having(drawing(daily(some, [], [], EN)), "killed_best")
    assert path.get("d", "").count("M") == 2
    said = [t.text or "" for t in drawing(daily(some, [], [], EN)).iter("title")]
    assert sum("deaths not known" in text for text in said) == 2


def test_a_figure_far_above_the_rest_is_cut_and_written_out() -> None:
    some = [a_day(n, killed_best=10_064 if n == 3 else 30 + n % 5) for n in range(40)]
    svg = drawing(daily(some, [], [], EN))
    assert "▲ 10,064" in words(svg)
    assert "40" in words(svg)
    assert "10,000" not in words(svg)


def test_every_drawing_has_a_title_and_a_description_with_its_figures() -> None:
    given = [a_day(0, killed_best=7, not_covered_best=2), a_day(2, by_verdict={"breach": 9}, killed_best=1)]
    for svg in (drawing(daily(given, [], [], EN), form) for form in ("wide", "narrow")):
        by_id = {e.get("id"): e.text for e in svg.iter() if e.get("id")}
        title, described = (by_id[name] for name in svg.get("aria-labelledby", "").split())
        assert title == "Incidents, deaths and reports a day, 20 Feb 2016 to 22 Feb 2016"
        assert described == (
            "Incidents: 13; days: 3; most on 22 Feb 2016: 9. Deaths, best figure: 8, and 2 in incidents the "
            "agreement does not cover. Days without any report: 1."
        )


def test_a_chart_with_links_is_a_group_and_each_day_leads_somewhere() -> None:
    linked = drawing(daily(days(3), [], [], EN))
    assert linked.get("role") == "group"
    assert [a.get("href") for a in linked.iter("a")] == [f"days/{n}.html" for n in range(3)]
    assert [a.get("tabindex") for a in linked.iter("a")] == [None] * 3
    assert drawing(daily([a_day()], [], [], EN)).get("role") == "img"
    many = drawing(daily(days(90), [], [], EN))
    assert {a.get("tabindex") for a in many.iter("a")} == {"-1"}


def test_two_charts_with_different_names_share_no_id() -> None:
    markup = daily(days(9), [], [], EN, name="one") + daily(days(9), [], [], EN, name="two")
    markup += bars([Bar(label="a", value=1)], EN, "t", name="three")
    ids = re.findall(r'\bid="([^"]+)"', markup)
    assert len(ids) == len(set(ids))
    used = re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', markup)
    assert {a or b for a, b in used} <= set(ids)
    assert used


def test_no_colour_no_script_no_address_is_written_in() -> None:
    marks = [Mark(start=FIRST, end=FIRST, level=1, label="quieter")]
    markup = daily(days(30), [CEASEFIRE], marks, EN) + spark([1, None, 2], "x")
    markup += bars([Bar(label="a", value=2, low=1, high=3, href="x.html")], EN, "t")
    assert not re.search(r"https?:|<script|\bon\w+=|style=|#[0-9a-fA-F]{3,8}\b|rgb\(", markup)
    assert not re.search(r'\b(fill|stroke)="', markup)


def test_what_colour_tells_lines_tell_too() -> None:
    markup = daily([a_day(by_verdict=dict.fromkeys(GROUPS, 1)), a_day(2)], [], [], EN)
    drawn = {e.get("class", "").split()[1] for e in having(drawing(markup), "hatch")}
    assert drawn == {"disputed", "other", "not_covered", "silent"}
    looks = {kind: tuple(strokes(kind, 0, 0, 32, 32)) for kind in (*GROUPS, "silent", "zone")}
    plain = {kind for kind, lines in looks.items() if not lines}
    assert plain == {"breach", "insufficient_evidence"}  # one dark, one light
    assert len({looks[kind] for kind in looks if kind not in plain}) == 5


def test_what_a_source_wrote_is_escaped() -> None:
    nasty = '<script>alert("x")</script>\x00&'
    markup = daily([a_day(href='a"b.html')], [Band(kind="in_force", start=FIRST, label=nasty)], [], EN)
    assert "<script" not in markup
    assert any(text.startswith("<script>alert") for text in words(drawing(markup)))


def test_windows_outside_the_period_are_left_out_and_others_are_cut_to_it() -> None:
    windows = [
        Band(kind="in_force", start=date(2015, 1, 1), end=date(2015, 2, 1), label="long before"),
        Band(kind="in_force", start=date(2016, 1, 1), end=date(2016, 2, 21), label="two days of it"),
        Band(kind="recommitment", start=date(2016, 1, 1), label="a moment before"),
        Band(kind="breakdown", start=FIRST + timedelta(days=3), label="a moment within"),
        Band(kind="in_force", start=date(2017, 1, 1), label="long after"),
    ]
    svg = drawing(daily(days(10), windows, [], EN))
    assert [t.text for t in having(svg, "head")] == ["two days of it", "a moment within"]
    [(x, _, w, _)] = boxes(svg, "band")
    hits = [BOX.findall(hit.get("d", ""))[0] for hit in having(svg, "hit")]
    assert x == float(hits[0][0])
    assert x + w == pytest.approx(float(hits[2][0]), abs=0.2)


def test_a_level_is_drawn_over_its_days_at_its_height() -> None:
    mark = Mark(start=FIRST + timedelta(days=2), end=FIRST + timedelta(days=4), level=2, label="2 a day")
    svg = drawing(daily([a_day(n, by_verdict={"breach": 2}) for n in range(10)], [], [mark], EN))
    [level] = having(svg, "level")
    left, y, right = (float(v) for v in re.findall(r"[\d.]+", level.get("d", "")))
    columns = boxes(svg, "breach")
    assert y == pytest.approx(columns[0][1], abs=0.2)
    assert columns[1][0] + columns[1][2] <= left <= columns[2][0]
    assert columns[4][0] + columns[4][2] <= right <= columns[5][0]
    assert "2 a day" in words(svg)


def test_from_right_to_left_time_runs_from_right_to_left() -> None:
    given = [a_day(n, by_verdict={"breach": n + 1}) for n in range(12)]
    there, back = drawing(daily(given, [], [], AR)), drawing(daily(given, [], [], AR, rtl=True))
    assert back.get("direction") == "rtl"
    mirrored = [(pytest.approx(880 - x - w, abs=0.2), y, w, h) for x, y, w, h in boxes(there, "breach")]
    assert boxes(back, "breach") == mirrored


def test_labels_of_windows_do_not_lie_on_each_other() -> None:
    windows = [
        Band(kind="recommitment", start=FIRST + timedelta(days=n), label=f"a rather long label {n}")
        for n in (3, 4, 5, 30, 31, 58)
    ]
    svg = drawing(daily(days(60), windows, [], EN))
    spots = [(float(t.get("x", "")), float(t.get("y", "")), t.text or "") for t in having(svg, "head")]
    assert len(spots) == 6
    for i, (x, y, text) in enumerate(spots):
        assert x + length(text, 12) <= 880
        for other, level, _ in spots[i + 1 :]:
            assert y != level or other >= x + length(text, 12)


def test_on_a_telephone_windows_and_changes_are_numbered_and_named_in_full_below() -> None:
    long = "a change whose name is far too long to be written into a drawing of this width: 19.4 a day"
    marks = [
        Mark(start=FIRST + timedelta(days=9), end=FIRST + timedelta(days=20), level=1, label=long),
        Mark(start=FIRST + timedelta(days=3), end=FIRST + timedelta(days=8), level=2, label="x", of="killed"),
    ]
    markup = daily(days(60), [CEASEFIRE], marks, EN)
    narrow, wide = drawing(markup, "narrow"), drawing(markup)
    assert [t.text for t in having(narrow, "head")] == ["1"]
    assert sorted(t.text or "" for t in having(narrow, "change")) == ["2", "3"]
    [keys] = having(tree(markup), "keys")
    assert [item.text for item in keys] == ["In force", "x", long]
    assert [t.text for t in having(wide, "head")] == ["In force"]


def test_days_are_needed_and_each_once() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        daily([], [], [], EN)
    with pytest.raises(ValueError, match="given twice"):
        daily([a_day(), a_day()], [], [], EN)


def test_a_word_sized_chart_marks_the_last_day_and_what_is_not_known() -> None:
    svg = tree(spark([2, None, 4], "2, not known, 4")).find("svg")
    assert svg is not None
    heights = [float(r.get("height", "")) for r in having(svg, "bar")]
    assert heights[1] == 2 * heights[0]
    assert len(having(svg, "silent")) == 1
    assert len(having(svg, "last")) == 1
    assert svg.findtext("title") == "2, not known, 4"
    mirrored = tree(spark([2, None, 4], "x", rtl=True))
    assert float(having(mirrored, "last")[0].get("x", "")) == 0


def test_a_comparison_says_what_is_not_known() -> None:
    some = [Bar(label="before", value=62.5, low=50, high=81.2), Bar(label="after", value=None)]
    svg = tree(bars(some, EN, "Deaths a day"))
    assert "62.5 (50 to 81.2)" in words(svg)
    assert "not known" in words(svg)
    assert len(having(svg, "bar")) == 1
    with pytest.raises(ValueError, match="at least one row"):
        bars([], EN, "t")


@given(st.lists(st.floats(0, 1e6), max_size=60))
def test_an_axis_reaches_what_it_must(figures: list[float]) -> None:
    top = ceiling(figures)
    steps = ticks(top, 4, whole=True)
    assert steps[-1] >= top
    assert 2 <= len(steps) <= 6
    assert all(b > a for a, b in pairwise(steps))
    if len(figures) < 14:
        assert top == max([v for v in figures if v > 0], default=0)


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 90)), max_size=25))
def test_no_two_stretches_of_a_row_overlap(given_: list[tuple[int, int]]) -> None:
    items = [(float(s), float(s + w)) for s, w in sorted(given_)]
    chosen = rows(items)
    for i, (start, end) in enumerate(items):
        for other, row in list(zip(items, chosen, strict=True))[i + 1 :]:
            assert row != chosen[i] or other[0] >= end or start >= other[1]


@given(st.integers(1, 400), st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.sampled_from([360, 880]))
@settings(max_examples=60)
def test_days_on_the_axis_have_room(count: int, first: date, width: int) -> None:
    frame = Frame(float(width), 40, 8, first, count, rtl=False)
    shown = day_ticks(frame, 12)
    for one, next_ in pairwise(shown):
        assert frame.x(next_.days) - frame.x(one.days) >= length("30", 12)


@given(st.text(max_size=80), st.floats(20, 400))
def test_a_shortened_text_fits(text: str, room: float) -> None:
    assert length(shorten(text, 12, room), 12) <= room


def test_both_languages_say_the_same_things() -> None:
    assert EN.keys() == AR.keys()
    for key in EN:
        assert set(re.findall(r"\{\w+\}", EN[key])) == set(re.findall(r"\{\w+\}", AR[key])), key
    assert len(EN["months"].split(" | ")) == len(AR["months"].split(" | ")) == 12


def test_the_words_are_kept_as_they_are_read() -> None:
    for language in ("en", "ar"):
        text = (files("holdfire.publishing") / "assets" / f"captions.{language}.json").read_text("utf-8")
        assert json.loads(text)["language"] == language


def test_an_arabic_chart_holds_no_english_word() -> None:
    markup = daily(days(401), [], [], AR, rtl=True)
    said = [e.text or "" for e in tree(markup).iter() if e.tag in ("text", "title", "desc", "span")]
    assert not [text for text in said if re.search(r"[A-Za-z]{2}", text)]
