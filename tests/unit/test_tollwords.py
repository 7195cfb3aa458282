"""Every reason that counting gives has words in both languages; none is written that nothing gives."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from holdfire import plugins
from holdfire.publishing.pages.lexicon import LANGUAGES
from holdfire.publishing.pages.tollwords import tollwords

PLACEHOLDER = re.compile(r"\{(\w+)\}")
OF_A_CHECK = {"rhat", "rhat_likelihood", "ess_bulk", "ess_tail", "predictive"}
"""Checks that are no reason of their own: refusing.py gives the reason."""


def constants(node: ast.expr) -> set[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return constants(node.body) | constants(node.orelse)
    return set()


def codes(root: Path) -> tuple[set[str], set[str]]:
    """Return the codes of reasons that counting can give, and the names of its checks."""
    given: set[str] = set()
    checks: set[str] = set()
    for file in sorted((root / "src" / "holdfire" / "counting").rglob("*.py")):
        named: set[str] = set()
        passed_on = False
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                if node.func.id == "Reason":
                    given |= constants(node.args[0])
                    passed_on |= isinstance(node.args[0], ast.Attribute)
                elif node.func.id == "Check":
                    named |= constants(node.args[0])
            if isinstance(node, ast.Tuple) and node.elts and constants(node.elts[0]) <= OF_A_CHECK:
                named |= constants(node.elts[0])
        checks |= named
        if passed_on:  # a check that did not pass is a reason under its own name
            given |= named - OF_A_CHECK
    return given, checks


def test_every_reason_has_words_and_every_words_a_reason(root: Path) -> None:
    given, checks = codes(root)
    assert len(given) > 25
    for language in LANGUAGES:
        words = tollwords(language)._content
        assert given - set(words["reasons"]) == set()
        assert set(words["reasons"]) - given == set()
        assert set(words["shorts"]) == given
        assert checks - set(words["checks"]) == set()


def flat(value: Any, path: str = "") -> dict[str, str]:
    if isinstance(value, dict):
        return {k: v for key, inner in value.items() for k, v in flat(inner, f"{path}/{key}").items()}
    return {path: value}


def test_both_languages_say_the_same_with_the_same_placeholders() -> None:
    english, arabic = (flat(tollwords(language)._content) for language in LANGUAGES)
    assert sorted(english) == sorted(arabic)
    for key, text in english.items():
        assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(arabic[key])), key


def test_a_reason_is_finding_meaning_and_help() -> None:
    for language in LANGUAGES:
        for code, texts in tollwords(language)._content["reasons"].items():
            assert set(texts) == {"says", "means", "helps"}, code
            assert all(texts.values()), code


def test_no_arabic_word_was_left_in_english() -> None:
    for key, text in flat(tollwords("ar")._content).items():
        if key != "/labels/language":
            assert re.search("[\u0600-\u06ff]", text), key


def test_every_estimator_that_is_registered_has_a_name_and_what_it_assumes() -> None:
    ours = [
        name for name, each in plugins.estimators().items() if type(each).__module__.startswith("holdfire")
    ]
    for language in LANGUAGES:
        words = tollwords(language)._content
        assert set(ours) <= set(words["estimators"]) & set(words["assumes"])


@pytest.mark.parametrize(
    ("code", "facts", "said"),
    [
        ("two_modes", {"modes": 2, "least": 54012.4, "most": 79001.0}, "about 54,012 and about 79,001"),
        ("chains_disagree", {"rhat": 1.1934, "limit": 1.05}, "R-hat 1.19; at most 1.05"),
        ("complete_graph", {"share": 0.63, "limit": 0.05}, "takes 63 % of the weight, and at most 5 %"),
        ("single_record", {"lists": ("a", "b")}, "one person each: a, b."),
        ("upper_end_far", {"high": float("inf"), "documented": 40, "times": 10.0}, "reaches ∞, more than 10"),
    ],
)
def test_facts_read_as_what_they_are(code: str, facts: dict[str, Any], said: str) -> None:
    assert said in tollwords("en").reason(code, facts).says


def test_a_reason_of_someone_elses_estimator_is_shown_by_its_code() -> None:
    assert tollwords("en").reason("too_windy", {"knots": 40}).says == "too windy: knots 40"
