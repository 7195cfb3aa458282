"""verify.html as a reader meets it: from a stick, from a plain mirror, saved; it asks nothing of anyone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from attacks.honest import DAY, NOON, Bundle
from browser.checking import MIRROR, Listener, Reader, codes, laid, soon, zipped
from browsing import binary
from holdfire.ledger.page.page import LANGUAGES

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(binary() is None, reason="needs a Chromium on the machine"),
]


def test_a_stale_record_is_shown_as_such(reader: Reader, bundle: Bundle, packed: Path) -> None:
    reader.open(f"#trust={bundle.fingerprint}&lang=en")
    reader.browser.ask(f"void (Date.now = () => {NOON + 3 * DAY}000)")
    reader.pick("zip", packed)
    told = reader.answer()
    assert told.startswith("Yes, but stale")
    assert "3 days ago" in told


def test_a_reader_reads_yes_from_a_stick_and_nothing_is_asked(
    reader: Reader, listener: Listener, bundle: Bundle, packed: Path
) -> None:
    listener.asked.clear()
    reader.browser.asked.clear()
    reader.browser.complaints.clear()
    reader.open(f"#trust={bundle.fingerprint}&lang=en")
    reader.pick("zip", packed)
    told = reader.answer()
    assert told.startswith("Yes: this record was not changed")
    for word in (
        "2031-05-04/2031-05-06",
        "amber",
        "dune",
        "north",
        "south",
        "1 hour ago",
        bundle.fingerprint,
    ):
        assert word in told
    assert "It does not mean that what a report claims is true." in told
    soon(0.5)
    assert listener.asked == []
    assert {address.split(":")[0] for address in reader.browser.asked} <= {"file", "blob", "data"}
    assert reader.browser.complaints == []


def test_a_reader_picks_a_folder(reader: Reader, bundle: Bundle, tmp_path: Path) -> None:
    folder = laid(bundle.files, tmp_path / "bundle")
    reader.open(f"#trust={bundle.fingerprint}&lang=en")
    reader.pick("folder", folder)
    assert reader.browser.ask("document.getElementById('taken').textContent").startswith("bundle ")
    assert reader.answer().startswith("Yes")
    (folder / "bulletin" / "index.html").write_bytes(b"<h1>Bulletin 3</h1>\n")
    reader.pick("folder", folder)
    reader.browser.until("!document.querySelector('.answer')")
    told = reader.answer()
    assert told.startswith("No")
    assert "digest" in told
    assert "bulletin/index.html" in told


@pytest.mark.parametrize("host", ["127.0.0.1", MIRROR])
def test_a_plain_http_mirror_by_address_serves_it(
    reader: Reader, listener: Listener, bundle: Bundle, packed: Path, host: str
) -> None:
    listener.asked.clear()
    reader.browser.complaints.clear()
    reader.visit(f"http://{host}:{listener.port}/verify.html#trust={bundle.fingerprint}&lang=en")
    assert reader.browser.ask("!!crypto.subtle") == (host == "127.0.0.1")
    reader.pick("zip", packed)
    assert reader.answer().startswith("Yes")
    changed = {**bundle.files, "MIRRORS": b"http://203.0.113.9/\n"}
    assert codes(reader.check(zipped(changed), bundle.fingerprint, bundle.at)) == {"digest"}
    soon(0.5)
    assert listener.asked == ["/verify.html"]
    assert reader.browser.complaints == []


def test_the_page_could_not_ask_if_it_wanted_to(reader: Reader, listener: Listener) -> None:
    listener.asked.clear()
    reader.open()
    tries = (
        "fetch('http://mirror.example/').then(() => 'asked', () => 'no')",
        "new Promise(done => { const i = new Image(); i.onload = i.onerror = () => done('no');"
        " i.src = 'http://mirror.example/i.png'; document.body.append(i) })",
        "new Promise(done => { const s = document.createElement('script'); s.onerror = () => done('no');"
        " s.onload = () => done('asked'); s.src = 'http://mirror.example/s.js'; document.body.append(s) })",
        "String(navigator.sendBeacon('http://mirror.example/b', 'x'))",
    )
    for attempt in tries:
        assert reader.browser.ask(attempt) in ("no", "true", "false")
    soon(0.5)
    assert listener.asked == []
    reader.browser.complaints.clear()


def test_a_saved_page_begins_without_an_answer_and_works(
    reader: Reader, bundle: Bundle, packed: Path, tmp_path: Path
) -> None:
    reader.open(f"#trust={bundle.fingerprint}&lang=ar")
    reader.pick("zip", packed)
    reader.answer()
    saved = tmp_path / "saved.html"
    whole = reader.browser.ask("'<!DOCTYPE html>' + document.documentElement.outerHTML")
    assert 'class="answer yes"' in whole
    saved.write_text(whole, "utf-8")
    reader.open("#lang=en", page=saved)
    assert reader.browser.ask("document.getElementById('answer').childElementCount") == 0
    assert reader.browser.ask("document.documentElement.dir") == "ltr"
    assert reader.check(bundle.files, bundle.fingerprint, bundle.at)["ok"]


def test_what_was_seen_is_remembered_and_an_older_bundle_refused(
    reader: Reader, bundle: Bundle, packed: Path, tmp_path: Path
) -> None:
    reader.open(f"#trust={bundle.fingerprint}&lang=en")
    reader.browser.ask("localStorage.clear()")
    reader.pick("zip", packed)
    assert reader.answer().startswith("Yes")
    kept = json.loads(reader.browser.ask("localStorage.getItem('holdfire.seen')"))
    assert kept.keys() == {bundle.fingerprint}
    assert kept[bundle.fingerprint]["size"] == 300
    more = {bundle.fingerprint: {"root": "0" * 64, "size": 301}}
    place = tmp_path / "memory.json"
    place.write_text(json.dumps(more), "utf-8")
    reader.pick("load", place)
    reader.browser.until("document.getElementById('said').textContent.includes('loaded')")
    assert "rollback" in reader.answer()
    assert codes(reader.check(bundle.files, bundle.fingerprint, bundle.at, kept)) == set()
    kept[bundle.fingerprint]["root"] = "0" * 64
    assert codes(reader.check(bundle.files, bundle.fingerprint, bundle.at, kept)) == {"fork"}
    kept[bundle.fingerprint]["size"] = 7
    assert codes(reader.check(bundle.files, bundle.fingerprint, bundle.at, kept)) == {"fork"}
    place.write_text('{"size": 3}', "utf-8")
    reader.pick("load", place)
    reader.browser.until("document.getElementById('said').textContent.includes('no memory')")
    reader.browser.ask("localStorage.clear()")


def test_names_in_a_bundle_are_shown_as_they_are_and_run_nothing(
    reader: Reader, bundle: Bundle, tmp_path: Path
) -> None:
    hostile = {**bundle.files, "<img src=x onerror=alert(1)>": b"", "a\u202egnp.html": b""}
    place = tmp_path / "bundle.zip"
    place.write_bytes(zipped(hostile))
    reader.open(f"#trust={bundle.fingerprint}&lang=en")
    reader.pick("zip", place)
    told = reader.answer()
    assert "<img src=x onerror=alert(1)>" in told
    assert "a\\u{202e}gnp.html" in told
    assert reader.browser.ask("document.querySelectorAll('#answer img').length") == 0


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [320, 390, 1200])
def test_it_fits_any_width_and_says_yes_in_a_word_a_sign_and_a_colour(
    reader: Reader, bundle: Bundle, packed: Path, language: str, dark: bool, width: int
) -> None:
    reader.open(f"#trust={bundle.fingerprint}&lang={language}", dark=dark, width=width)
    ask = reader.browser.ask
    assert ask("document.documentElement.dir") == {"en": "ltr", "ar": "rtl"}[language]
    reader.pick("zip", packed)
    assert reader.answer().startswith({"en": "Yes", "ar": "نعم"}[language])
    assert ask("document.documentElement.scrollWidth") <= width
    assert ask("getComputedStyle(document.querySelector('.sign'), '::before').content") == '"✓"'
    for place in ("h2", "dt", ".code", "dd"):
        assert contrast(reader, f"#answer {place}") >= 4.5, place


def contrast(reader: Reader, selector: str) -> float:
    """Return the contrast of a text and what lies behind it (WCAG 2.2)."""
    return float(
        reader.browser.ask(
            "(place => { const bright = colour => { const parts = colour.match(/[0-9.]+/g).slice(0, 3)"
            ".map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);"
            "return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2] };"
            "const text = bright(getComputedStyle(place).color);"
            "const behind = bright(getComputedStyle(place.closest('.answer')).backgroundColor);"
            "return (Math.max(text, behind) + 0.05) / (Math.min(text, behind) + 0.05) })"
            f"(document.querySelector('{selector}'))"
        )
    )


def test_the_keyboard_alone_will_do_and_a_screen_reader_is_told(
    reader: Reader, bundle: Bundle, packed: Path
) -> None:
    reader.open("#lang=en")
    ask = reader.browser.ask
    reached = []
    for _ in range(6):
        reader.press("Tab", 9)
        reached.append(ask("document.activeElement.id || document.activeElement.tagName"))
    assert reached == ["language", "zip", "folder", "fingerprint", "check", "SUMMARY"]
    named = ask(
        "[...document.querySelectorAll('button, input, textarea, progress, section')].filter(each =>"
        "!(each.textContent.trim() || each.ariaLabel ||"
        " [...(each.labels || [])].some(label => label.textContent.trim())))"
        ".map(each => each.id)"
    )
    assert named == []
    reader.pick("zip", packed)
    ask("document.getElementById('fingerprint').focus()")
    reader.browser.order("Input.insertText", text=bundle.fingerprint)
    reader.press("Enter", 13, "\r")
    assert reader.answered().startswith("Yes")
    assert ask("document.activeElement.textContent").startswith("Yes")
    assert ask("document.querySelector('[role=status]').textContent") == "The answer is yes."
    ask("document.getElementById('language').click()")
    assert ask("document.getElementById('answer').innerText").startswith("نعم")


def test_an_answer_goes_when_another_bundle_is_chosen(
    reader: Reader, bundle: Bundle, packed: Path, tmp_path: Path
) -> None:
    reader.open(f"#trust={bundle.fingerprint}&lang=en")
    reader.pick("zip", packed)
    assert reader.answer().startswith("Yes")
    other = tmp_path / "other.zip"
    other.write_bytes(b"no zip")
    reader.pick("zip", other)
    reader.browser.until("!document.querySelector('.answer')")
    assert "zip" in reader.answer()


def test_where_no_worker_can_be_had_the_page_checks_itself(reader: Reader, bundle: Bundle) -> None:
    reader.open()
    reader.browser.ask("void (window.Worker = class { constructor() { throw new DOMException('no') } })")
    assert reader.check(bundle.files, bundle.fingerprint, bundle.at)["ok"]
    changed = {**bundle.files, "checkpoint": bundle.files["checkpoint"].replace(b"300", b"299")}
    assert not reader.check(changed, bundle.fingerprint, bundle.at)["ok"]
