"""French and Russian: what no list of words can say, and the sentences of tests/tongues as a floor."""

from __future__ import annotations

from typing import Any

import pytest
from bench.reading.french_russian import happened, marks, read, sentences

from holdfire.reading.prose.tongues import tongue
from holdfire.reading.prose.tongues.french import hearsay, letter
from holdfire.reading.prose.tongues.lines import Line
from holdfire.reading.prose.tongues.lines import sentences as lines

PUBLISHED = "2024-03-07"


def line(code: str, text: str) -> Line:
    return next(lines(code, text, 0, len(text), 0, "body"))


def only(code: str, text: str, kind: str) -> Any:
    found = [row for row in read(code, text, PUBLISHED) if row["event_type"] == kind]
    assert len(found) == 1, [row["event_type"] for row in read(code, text, PUBLISHED)]
    return found[0]


@pytest.mark.parametrize("code", ["fr", "ru"])
def test_what_only_threatens_or_is_denied_never_happened(code: str) -> None:
    wrong = [
        each["n"]
        for each in sentences(code)["sentences"]
        if each.get("none") and any(happened(row) for row in read(code, each["text"], PUBLISHED))
    ]
    assert len(wrong) <= 2, wrong


@pytest.mark.parametrize("code", ["fr", "ru"])
def test_most_fields_of_the_sentences_are_read(code: str) -> None:
    right = [
        right
        for each in sentences(code)["sentences"]
        for right in marks(each["text"], each, read(code, each["text"], PUBLISHED)).values()
    ]
    assert sum(right) >= 0.85 * len(right)


# French ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("L'armée a bombardé la ville.", "bombardé", "e"),
        ("La ville a été bombardée.", "bombardée", "p"),
        ("Les soldats se sont retirés.", "retirés", "e"),
        ("Ils sont tombés.", "tombés", "e"),
        ("L'armée aura bombardé la ville.", "bombardé", "f"),
        ("La ville a été atteinte par le convoi attaqué.", "attaqué", "n"),
        ("Ils peuvent avoir été tués.", "tués", "c"),
    ],
)
def test_a_participle_is_what_its_auxiliaries_make_of_it(text: str, word: str, expected: str) -> None:
    made = line("fr", text)
    assert letter(made.words, made.tags, made.words.index(word), "n") == expected


def test_the_past_conditional_is_hearsay_and_a_condition_is_not() -> None:
    told = line("fr", "Le drone aurait tué trois miliciens.")
    assert hearsay(told.words, told.tags)
    supposed = line("fr", "S'il avait attaqué, le drone aurait tué trois miliciens.")
    assert not hearsay(supposed.words, supposed.tags)
    row = only("fr", "Le drone aurait tué trois miliciens à Sinjar.", "attack.violence")
    assert "fr:distanced" in row["rules"]
    assert (row["killed_low"], row["killed_high"]) == (3, 3)


def test_capitals_without_accents_are_read() -> None:
    row = only("fr", "L'ARMEE A BOMBARDE LA VILLE DE TARN", "attack.bombardment")
    assert row["kind"] == "narrated"


def test_a_turned_verb_holds_its_own_voice() -> None:
    row = only("fr", "« Ils ont bombardé le camp », a-t-elle ajouté.", "attack.bombardment")
    assert row["chain"][-1]["text"] == "elle"


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("L'attaque a tué plus de 3 000 civils.", 3000, None),
        ("L'attaque a tué dix-sept civils.", 17, 17),
        ("L'attaque a tué une vingtaine de civils.", 20, None),
        ("L'attaque a tué vingt et un civils.", 21, 21),
        ("L'attaque a tué soixante-quinze soldats.", 75, 75),
    ],
)
def test_french_numbers_keep_their_bound(text: str, low: int, high: int | None) -> None:
    row = only("fr", text, "attack.violence")
    assert (row["killed_low"] or row["killed_best"], row["killed_high"]) == (low, high)


# Russian --------------------------------------------------------------------------------------------------


def test_the_instrumental_says_who_acted() -> None:
    row = only("ru", "Город был обстрелян повстанцами.", "attack.shelling")
    assert (row["actors_text"], row["targets_text"]) == ("повстанцами", "Город")


@pytest.mark.parametrize("case", ["обстрел", "обстрела", "обстрелу", "обстрелом", "обстреле", "обстрелы"])
def test_every_case_of_a_noun_is_known(case: str) -> None:
    held = line("ru", f"Речь об {case}.")
    assert any(tongue("ru").triggers.at(held.readings, k) for k in range(len(held)))


def test_the_letter_yo_may_be_written_without_its_dots() -> None:
    dotted = only("ru", "Солдаты попали под миномётный обстрел, сообщил штаб.", "attack.shelling")
    plain = only("ru", "Солдаты попали под минометный обстрел, сообщил штаб.", "attack.shelling")
    assert (dotted["kind"], dotted["modality"]) == (plain["kind"], plain["modality"])


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("Погибли пять человек.", 5, 5),
        ("Погибли более 20 мирных жителей.", 20, None),
        ("Погибли двадцать пять солдат.", 25, 25),
        ("Погибли не менее 1 200 человек.", 1200, None),
    ],
)
def test_russian_numbers_keep_their_bound(text: str, low: int, high: int | None) -> None:
    row = only("ru", text, "attack.violence")
    assert (row["killed_low"], row["killed_high"]) == (low, high)
