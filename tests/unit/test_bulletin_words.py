"""The words of the bulletin: the same sentence for the same finding in every language."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from holdfire.errors import HoldfireError
from holdfire.judging.determining import CHANGES
from holdfire.publishing.pages.lexicon import LANGUAGES, PLACEHOLDER, content, lexicon, plural
from holdfire.publishing.redaction import REASONS
from holdfire.records.claim import Stance
from holdfire.records.determination import Coverage, Status, Strength, Verdict

CATEGORIES = {"en": {"one", "other"}, "ar": {"zero", "one", "two", "few", "many", "other"}}


def flat(value: Any, path: str = "") -> dict[str, str]:
    if isinstance(value, dict):
        return {k: v for key, inner in value.items() for k, v in flat(inner, f"{path}/{key}").items()}
    if isinstance(value, list):
        return {k: v for n, inner in enumerate(value) for k, v in flat(inner, f"{path}/{n}").items()}
    return {path: value}


@pytest.mark.parametrize("part", ["sentences", "labels", "codes", "formats", "months", "chart"])
def test_every_language_has_the_same_keys_with_the_same_placeholders(part: str) -> None:
    english, arabic = (flat(content(language)[part]) for language in LANGUAGES)
    assert sorted(english) == sorted(arabic)
    for key, text in english.items():
        assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(arabic[key])), key


def test_the_nouns_have_every_plural_of_their_language() -> None:
    for language in LANGUAGES:
        for noun, forms in content(language)["nouns"].items():
            assert set(forms) == CATEGORIES[language], noun
    assert set(content("en")["nouns"]) == set(content("ar")["nouns"])


def test_no_arabic_word_was_left_in_english() -> None:
    for key, text in flat(content("ar")["sentences"]).items():
        assert re.search("[\u0600-\u06ff]", PLACEHOLDER.sub("", text)) or not re.search(
            "[A-Za-z]", PLACEHOLDER.sub("", text)
        ), key


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("verdict", [v.value for v in Verdict]),
        ("coverage", [v.value for v in Coverage]),
        ("strength", [v.value for v in Strength]),
        ("status", [v.value for v in Status]),
        ("stance", [v.value for v in Stance]),
        ("change", list(CHANGES)),
        ("reason", list(REASONS)),
        ("mark", list(REASONS)),
        ("rule", ["R1", "R2", "R3", "R4", "R5", "R6"]),
    ],
)
def test_every_value_of_a_closed_list_has_words(kind: str, values: list[str]) -> None:
    for language in LANGUAGES:
        assert set(values) <= set(content(language)["codes"][kind])


@pytest.mark.parametrize(
    ("number", "category"),
    [(0, "zero"), (1, "one"), (2, "two"), (3, "few"), (10, "few"), (11, "many"), (99, "many"), (100, "other"),
     (101, "other"), (102, "other"), (103, "few"), (111, "many"), (1000, "other"), (1003, "few")],
)  # fmt: skip
def test_arabic_plurals_follow_the_rules_of_cldr(number: int, category: str) -> None:
    assert plural("ar", number) == category


def test_numbers_and_days_read_as_a_reader_of_each_language_writes_them() -> None:
    english, arabic = lexicon("en"), lexicon("ar")
    assert english.counted("incident", 16566) == "16,566 incidents"
    assert arabic.counted("incident", 2) == "حادثتان"
    assert arabic.counted("incident", 7) == "7 حوادث"
    assert english.day(date(2016, 2, 27)) == "27 February 2016"
    assert arabic.day(date(2016, 2, 27)) == "27 شباط/فبراير 2016"
    assert english.span(date(2016, 3, 1), date(2016, 3, 7)) == "1 to 7 March 2016"
    assert english.span(date(2016, 2, 28), date(2016, 3, 7)) == "28 February to 7 March 2016"
    assert english.hundredths(1944) == "19.4"
    assert english.hundredths(5) == "0.1"
    zone = ZoneInfo("Asia/Damascus")
    assert english.moment(datetime(2016, 2, 26, 22, tzinfo=UTC), zone) == "27 February 2016, 00:00"


def test_a_word_that_is_missing_is_an_error_that_names_it() -> None:
    with pytest.raises(HoldfireError, match='the sentence "nothing" has no words in "ar"'):
        lexicon("ar").sentence("nothing")
    with pytest.raises(HoldfireError, match='no words are written in "fr"'):
        lexicon("fr")


def test_breach_is_said_of_verdicts_only() -> None:
    """The word may stand where it names the verdict, never for what a claim says."""
    of_claims = ("case_what", "case_directed", "case_undirected", "case_deaths", "allegations_lead")
    for key in of_claims[:-1]:
        assert "breach" not in content("en")["sentences"][key]
        assert "خرق" not in content("ar")["sentences"][key]


def test_templates_ask_for_no_word_that_is_missing(root: Path) -> None:
    folder = root / "src" / "holdfire" / "publishing" / "templates"
    for template in sorted(folder.glob("*.html")):
        text = template.read_text("utf-8")
        for key in re.findall(r't\.label\("([a-z_]+)"\)', text):
            assert lexicon("en").label(key)
        for key in re.findall(r'sentence\("([a-z_]+)"\)', text):
            assert lexicon("en").sentence(key)
