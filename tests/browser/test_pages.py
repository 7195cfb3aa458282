"""Maps and charts in a real browser: opened from disk, with the network unheard of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from browsing import SOFTWARE_GL, Chromium, binary
from holdfire.publishing.drawing.captions import captions
from holdfire.publishing.drawing.charts import Band, Day, daily
from holdfire.publishing.drawing.map import Dot, Shape, Town, outline, page
from holdfire.publishing.drawing.shipped import site_files

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(binary() is None, reason="needs a Chromium on the machine"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    found = Chromium(*SOFTWARE_GL)
    yield found
    found.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    (folder / "assets").mkdir()
    for name, content in site_files().items():
        (folder / "assets" / name).write_bytes(content)
    ground = outline(["Syria"])
    dots = [
        Dot(
            id="a", lat=36.2, lon=37.1, radius=2500, verdict="breach", label="Aleppo: shelling", href="a.html"
        ),
        Dot(
            id="b", lat=36.2, lon=37.1, radius=2500, verdict="disputed", label="Aleppo: attack", href="b.html"
        ),
        Dot(
            id="c",
            lat=34.7,
            lon=36.7,
            radius=2500,
            verdict="not_covered",
            label="Homs: attack",
            href="c.html",
        ),
        Dot(id="d", lat=35.3, lon=40.1, radius=120_000, verdict="refuted", label="Deir ez-Zor: attack"),
    ]
    square = ((36.9, 36.1), (37.3, 36.1), (37.3, 36.3), (36.9, 36.3), (36.9, 36.1))
    zones = [Shape(kind="disengagement_area", label="The Strip", area=((square,),))]
    towns = [Town(label="Damascus", lat=33.51, lon=36.29)]
    for language in ("en", "ar"):
        written = page(ground, dots, zones, captions(language), language == "ar", title="Map", towns=towns)
        (folder / f"map-{language}.html").write_text(written, "utf-8")
    first = date(2016, 2, 20)
    days = [
        Day(
            date=first + timedelta(days=n),
            by_verdict={"breach": n % 4, "disputed": 2},
            reports=n % 5,
            href="#x",
        )
        for n in range(60)
    ]
    for language in ("en", "ar"):
        rtl = language == "ar"
        chart = daily(days, [Band(kind="in_force", start=first, label="x")], [], captions(language), rtl)
        (folder / f"chart-{language}.html").write_text(
            f'<!DOCTYPE html><html lang="{language}" dir="{"rtl" if rtl else "ltr"}"><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width">'
            '<link rel="stylesheet" href="assets/site.css">'
            f"<body><main><section>{chart}</section></main></body></html>",
            "utf-8",
        )
    return folder


def shown(browser: Chromium, selector: str) -> bool:
    found = browser.ask(f"!!document.querySelector('{selector}')?.checkVisibility()")
    return bool(found)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("dark", [False, True])
def test_the_map_is_drawn_from_disk_and_asks_no_host(
    browser: Chromium, site: Path, language: str, dark: bool
) -> None:
    browser.asked.clear()
    browser.complaints.clear()
    browser.open(site / f"map-{language}.html", dark=dark)
    browser.until("document.getElementById('live').dataset.ready === 'yes'")
    assert browser.complaints == []
    assert {url.split(":")[0] for url in browser.asked} <= {"file", "blob", "data"}
    assert any("maplibre-gl.js" in url for url in browser.asked)
    assert browser.colours("#live canvas") > 100
    assert not shown(browser, "#still .map > svg")
    assert shown(browser, "#still .legend")
    assert not shown(browser, "#no-gl")


def test_a_circle_opens_by_key_and_leads_to_its_pages(browser: Chromium, site: Path) -> None:
    browser.open(site / "map-en.html")
    browser.until("document.getElementById('live').dataset.ready === 'yes'")
    browser.ask("document.querySelector('#live button.count').focus()")
    assert browser.ask("document.activeElement.getAttribute('aria-label')").startswith("Show: Incidents: 2")
    for kind in ("keyDown", "keyUp"):
        browser.order(
            "Input.dispatchKeyEvent",
            type=kind,
            key="Enter",
            code="Enter",
            windowsVirtualKeyCode=13,
            text="\r",
        )
    browser.until("document.querySelectorAll('#live .card li').length === 2")
    assert browser.ask(
        "[...document.querySelectorAll('#live .card a')].map(a => a.getAttribute('href'))"
    ) == [*("a.html", "b.html")]


def test_a_link_to_a_circle_opens_it(browser: Chromium, site: Path) -> None:
    browser.open(site / "map-en.html", "#c1")
    browser.until("!!document.querySelector('#live .card')")
    assert "Aleppo: shelling" in browser.ask("document.querySelector('#live .card').textContent")


def test_the_map_cannot_be_brought_closer_than_the_record(browser: Chromium, site: Path) -> None:
    browser.open(site / "map-en.html")
    browser.until("document.getElementById('live').dataset.ready === 'yes'")
    # A click during the movement of the one before starts it anew, so each is given its time.
    closer = "document.querySelector('.maplibregl-ctrl-zoom-in')"
    browser.until(
        f"new Promise(done => {{ {closer}.click(); setTimeout(() => done({closer}.disabled), 500) }})"
    )
    # The narrowest circle, of 8 km, is still far from filling the window.
    scale = browser.ask("document.querySelector('.maplibregl-ctrl-scale').textContent")
    assert scale.replace("\u00a0", " ") in ("5 km", "10 km")


def test_without_webgl_the_still_map_and_the_list_are_there(site: Path) -> None:
    browser = Chromium("--disable-gpu", "--disable-3d-apis")
    try:
        browser.open(site / "map-en.html")
        browser.until("!document.getElementById('no-gl').hidden")
        assert shown(browser, "#still .map > svg")
        assert shown(browser, "#still .legend")
        assert not shown(browser, "#live")
        assert browser.ask("document.querySelectorAll('tbody tr').length") == 4
    finally:
        browser.close()


def test_without_scripts_the_still_map_and_the_list_are_there(browser: Chromium, site: Path) -> None:
    browser.order("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(site / "map-en.html")
        assert shown(browser, "#still .map > svg")
        assert shown(browser, "noscript .note")
        assert not shown(browser, "#live")
    finally:
        browser.order("Emulation.setScriptExecutionDisabled", value=False)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [320, 390, 700, 1300])
def test_a_chart_fits_any_width_in_a_size_that_can_be_read(
    browser: Chromium, site: Path, language: str, width: int
) -> None:
    browser.open(site / f"chart-{language}.html", width=width)
    assert browser.ask("document.documentElement.scrollWidth") <= width
    forms = [form for form in ("wide", "narrow") if shown(browser, f".chart > svg.{form}")]
    assert len(forms) == 1
    assert (forms == ["narrow"]) == (width < 600)
    smallest = browser.ask(
        "Math.min(...[...document.querySelectorAll('.chart > svg text')].filter(t => t.checkVisibility())"
        ".map(t => t.getBoundingClientRect().height))"
    )
    assert smallest >= 9


def test_a_column_is_reached_by_tab_and_shows_where_one_is(browser: Chromium, site: Path) -> None:
    browser.open(site / "chart-en.html")
    for kind in ("keyDown", "keyUp"):
        browser.order("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
    assert browser.ask("document.activeElement.querySelector('title').textContent").startswith("20 Feb 2016")
    assert (
        browser.ask("getComputedStyle(document.activeElement.querySelector('.hit')).strokeWidth") == "2.5px"
    )
