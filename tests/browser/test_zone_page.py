"""The page of a release in a browser: both languages, by keyboard, on a telephone, asking for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from browsing import Chromium
from holdfire.zonepage import zone_page
from releasing import published

pytestmark = pytest.mark.browser

SHOWN = "[...document.querySelectorAll('.tongue')].filter(e => e.offsetParent).map(e => e.id + e.dir).join()"


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    found = Chromium("--host-resolver-rules=MAP * ~NOTFOUND")
    yield found
    found.close()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", ["SYR", "FJI"])
def test_both_languages_are_shown_and_nothing_is_asked_for(
    browser: Chromium, name: str, dark: bool, tmp_path: Path
) -> None:
    page = tmp_path / "index.html"
    page.write_bytes(zone_page(published(name), fingerprint="ab" * 32, signers=("Ada", "Ben"), others=()))
    browser.asked.clear()
    browser.complaints.clear()
    browser.open(page, width=390, dark=dark)
    assert browser.ask(SHOWN) == "enltr"
    browser.ask("document.querySelector('.langs a').click()")
    browser.until(f"{SHOWN} === 'arrtl'")
    assert browser.ask("document.documentElement.scrollWidth <= window.innerWidth")
    assert [each for each in browser.asked if not each.startswith(("file:", "data:"))] == []
    assert browser.complaints == []


def test_an_area_on_the_map_leads_to_its_row(browser: Chromium, tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_bytes(zone_page(published("SYR"), fingerprint="ab" * 32, signers=("Ada",), others=()))
    browser.open(page, dark=False)
    code = published("SYR").cells[0].code
    link = f"document.querySelector('svg a[href=\"#en-{code}\"]')"
    assert browser.ask(f"({link}.focus(), document.activeElement === {link})"), "the keyboard reaches it"
    browser.ask(f"location.hash = {link}.getAttribute('href')")
    browser.until(f"document.querySelector('tr:target')?.id === 'en-{code}'")
    style = "getComputedStyle(document.querySelector('svg .hatch.zone'))"
    assert browser.ask(f"{style}.stroke !== 'none'"), "areas are hatched, not coloured alone"
