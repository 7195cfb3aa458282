"""verify.html as a reader meets it: from a stick, from a plain mirror, saved; it asks nothing of anyone."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from attacks.honest import DAY, NOON, Bundle, Making, honest
from browser.checking import MIRROR, Listener, Reader, codes, laid, soon, zipped
from browsing import binary
from holdfire.ledger.page.page import LANGUAGES, verify_html

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(binary() is None, reason="needs a Chromium on the machine"),
]

CLOCK = f"Date.now = () => {NOON + 3600}000"
PAGE_SOURCES = Path(verify_html.__code__.co_filename).parent


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return honest()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.close()


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory, listener: Listener) -> Iterator[Reader]:
    """Return a browser whose every connection, to wherever, ends at the listener."""
    found = Reader(tmp_path_factory.mktemp("page"), f"--host-resolver-rules=MAP * 127.0.0.1:{listener.port}")
    found.browser.order("Page.addScriptToEvaluateOnNewDocument", source=CLOCK)
    yield found
    found.close()


@pytest.fixture
def packed(bundle: Bundle, tmp_path: Path) -> Path:
    place = tmp_path / "bundle.zip"
    place.write_bytes(zipped(bundle.files))
    return place


def test_the_page_is_the_same_bytes_each_time_and_one_file() -> None:
    page = verify_html().decode()
    assert page == verify_html().decode()
    assert "{{" not in page
    for word in (
        '<link rel="stylesheet',
        "src=",
        "http://",
        "https://",
        "@import",
        "url(",
        "eval(",
        "fetch(",
    ):
        assert word not in page, word
    assert len(page.encode()) < 150_000


def test_both_languages_say_everything_once_and_every_code_of_the_format(root: Path) -> None:
    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        assert len(dict(pairs)) == len(pairs), "a key is given twice"
        return dict(pairs)

    words = [
        json.loads((PAGE_SOURCES / "words" / f"{language}.json").read_text("utf-8"), object_pairs_hook=once)
        for language in LANGUAGES
    ]
    for part in ("page", "findings"):
        assert words[0][part].keys() == words[1][part].keys()
        for key in words[0][part]:
            places = [sorted(re.findall(r"{\w+}", each[part][key])) for each in words]
            assert places[0] == places[1], key
    table = (root / "docs" / "format.md").read_text("utf-8").partition("| code | said when |")[2]
    named = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    assert {key.partition(":")[0] for key in words[0]["findings"]} == set(named)


@pytest.mark.parametrize("stored", [False, True])
def test_an_honest_zip_is_accepted(reader: Reader, bundle: Bundle, stored: bool) -> None:
    reader.open()
    answer = reader.check(zipped(bundle.files, stored), bundle.fingerprint, bundle.at)
    assert answer["findings"] == []
    assert answer["ok"]
    facts = answer["facts"]
    assert facts["editors"] == ["amber", "dune"]
    assert [each["name"] for each in facts["witnesses"]] == ["north", "south"]
    assert [NOON - each["since"] for each in facts["witnesses"]] == [5 * 86400, 3 * 86400]
    assert (facts["number"], facts["hours"], facts["stale"]) == (2, 1, False)
    assert answer["memory"] == {bundle.fingerprint: {"root": facts["root"], "size": 300}}


def test_an_honest_folder_is_accepted(reader: Reader, bundle: Bundle) -> None:
    reader.open()
    answer = reader.check(bundle.files, bundle.fingerprint, "2031-05-07T13:00Z")
    assert (answer["ok"], answer["findings"]) == (True, [])


def test_the_short_code_will_do_however_it_is_typed(reader: Reader, bundle: Bundle) -> None:
    reader.open()
    code = reader.check(bundle.files, bundle.fingerprint, bundle.at)["facts"]["shortCode"]
    eastern = code.translate({ord(str(n)): chr(0x660 + n) for n in range(10)})
    for typed in (code, code.replace("-", ""), f" {code.replace('-', ' ')} ", eastern):
        assert reader.check(bundle.files, typed, bundle.at)["ok"], typed
    other = ("1" if code[0] == "0" else "0") + code[1:]
    assert codes(reader.check(bundle.files, other, bundle.at)) == {"foreign"}
    for typed in (code[:-1], "x" * 64, bundle.fingerprint[:-1]):
        with pytest.raises(AssertionError, match="fingerprint"):
            reader.check(bundle.files, typed, bundle.at)


def test_times_are_kept_to_the_second(reader: Reader, bundle: Bundle) -> None:
    reader.open()
    expires, fresh = "2031-05-21T11:00:00Z", 36 * 3600
    asked = {
        NOON - DAY: set(),
        NOON - DAY - 1: {"future"},
        expires: set(),
        "2031-05-21T11:00:01Z": {"expired"},
    }
    assert {at: codes(reader.check(bundle.files, bundle.fingerprint, at)) for at in asked} == asked
    for at, stale in ((NOON + fresh, False), (NOON + fresh + 1, True)):
        answer = reader.check(bundle.files, bundle.fingerprint, at)
        assert (answer["ok"], answer["facts"]["stale"], answer["facts"]["hours"]) == (True, stale, 36)


class Unwitnessed(Making):
    """A record that asks for no witness, and of none how fresh it is."""

    fresh_hours = 0

    def first_keyset(self) -> dict[str, Any]:
        return {**super().first_keyset(), "quorum": 0, "fresh_hours": self.fresh_hours}

    def newest(self) -> bytes:
        return self.checkpoint(len(self.contents), NOON, "log-2", ())


class Unseen(Unwitnessed):
    """One that asks for no witness and yet to be fresh."""

    fresh_hours = 1


@pytest.mark.parametrize(("making", "stale"), [(Unwitnessed, False), (Unseen, True)])
def test_a_record_without_witnesses_says_so(reader: Reader, making: type[Making], stale: bool) -> None:
    reader.open()
    bundle = making().bundle()
    answer = reader.check(bundle.files, bundle.fingerprint, bundle.at)
    assert (answer["ok"], answer["findings"]) == (True, [])
    facts = answer["facts"]
    assert (facts["witnesses"], facts["cosigned"], facts["hours"], facts["stale"]) == ([], None, None, stale)


def test_a_stale_record_is_shown_as_such(reader: Reader, bundle: Bundle, packed: Path) -> None:
    reader.open(f"#trust={bundle.fingerprint}&lang=en")
    reader.browser.ask(f"void (Date.now = () => {NOON + 3 * DAY}000)")
    reader.pick("zip", packed)
    told = reader.answer()
    assert told.startswith("Yes, but stale")
    assert "3 days ago" in told


def test_a_memory_in_another_form_is_asked_for_again(reader: Reader, bundle: Bundle) -> None:
    reader.open()
    root, mine = "0" * 64, bundle.fingerprint
    forms: list[Any] = [
        {mine[1:]: {"root": root, "size": 3}},
        {mine: {"root": root[1:], "size": 3}},
        {mine: None},
    ]
    forms += [{mine: {"root": root, "size": size}} for size in (-1, 1.5, "3", None, 2**53)]
    for form in forms:
        with pytest.raises(AssertionError, match="memory"):
            reader.check(bundle.files, mine, bundle.at, form)
    nothing = {mine: {"root": hashlib.sha256(b"").hexdigest(), "size": 0}, root: {"root": root, "size": 999}}
    assert reader.check(bundle.files, mine, bundle.at, nothing)["ok"]


def test_without_a_fingerprint_the_answer_is_never_yes(reader: Reader, bundle: Bundle) -> None:
    reader.open()
    answer = reader.check(bundle.files, "", bundle.at)
    assert not answer["ok"]
    assert codes(answer) == {"trust"}


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
