"""Charts of links in a browser: each is drawn under its own policy, light and dark, and asks for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from browsing import Chromium
from charted import CHARTS
from holdfire.chartpage import chart_page
from holdfire.fusing.telling.charts import Chart

pytestmark = pytest.mark.browser


CUT = """(() => {
  const frame = document.querySelector("#chart-0 svg").getBoundingClientRect();
  const texts = [...document.querySelectorAll("#chart-0 svg text")].map(each => each.getBoundingClientRect());
  return texts.filter(each => each.left < frame.left - 1 || each.right > frame.right + 1).length;
})()"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    found = Chromium("--host-resolver-rules=MAP * ~NOTFOUND")
    yield found
    found.close()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(("chart", "mark"), CHARTS, ids=lambda each: getattr(each, "title", ""))
def test_it_is_drawn(browser: Chromium, chart: Chart, mark: str, dark: bool, tmp_path: Path) -> None:
    page = tmp_path / "chart.html"
    page.write_bytes(chart_page([chart], "a case"))
    browser.asked.clear()
    browser.complaints.clear()
    browser.open(page, dark=dark)
    browser.until("document.documentElement.dataset.drawn === '1'")
    assert browser.ask(f"document.querySelectorAll('#chart-0 svg {mark}').length") > 0
    colours = "['#chart-0 svg text', 'body'].map(n => getComputedStyle(document.querySelector(n)))"
    ink, paper = browser.ask(f"(([a, b]) => [a.fill, b.color])({colours})")
    assert ink == paper, "the words of a picture are as light, or dark, as those of its page"
    assert browser.ask(CUT) == 0, "a label is cut off"
    assert [each for each in browser.asked if not each.startswith(("file:", "data:"))] == []
    assert browser.complaints == []


def test_without_scripts_the_table_says_the_same(browser: Chromium, tmp_path: Path) -> None:
    page = tmp_path / "chart.html"
    page.write_bytes(chart_page([CHARTS[0][0]], "a case").replace(b"const charts", b"const charts_"))
    browser.open(page)
    assert "420" not in browser.ask("document.querySelector('#chart-0').textContent")
    assert "290 times likelier" in browser.ask("document.querySelector('table').textContent")
