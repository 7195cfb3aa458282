"""What verify.html says of honest bundles, at the limits too, and of what a reader brings."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from attacks.assembling import manifest_of
from attacks.honest import DAY, NOON, Bundle, Making
from browser.checking import Reader, codes, zipped
from browsing import binary
from holdfire.ledger.page.page import LANGUAGES, verify_html

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(binary() is None, reason="needs a Chromium on the machine"),
]

PAGE_SOURCES = Path(verify_html.__code__.co_filename).parent


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


class AtTheLimits(Making):
    """A record whose longest names, and whose best packed small file, are just what may be."""

    def site(self, number: int) -> dict[str, bytes]:
        files = super().site(number)
        del files["manifest.txt"]
        files["x" * 150 + "/" + "y" * 240] = b"a path of 400 bytes, whose last part has 240\n"
        files["nothing.bin"] = bytes(2**20)
        return {**files, "manifest.txt": manifest_of(files)}


def test_what_is_just_within_the_limits_is_accepted(reader: Reader) -> None:
    reader.open()
    bundle = AtTheLimits().bundle()
    assert max(map(len, bundle.files)) == 400
    folders = {f"{name.rpartition('/')[0]}/": b"" for name in bundle.files if "/" in name}
    given = zipped({**bundle.files, **folders})
    answer = reader.check(given, bundle.fingerprint, bundle.at)
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
