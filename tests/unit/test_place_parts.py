"""Keys of place names: one place in two spellings or scripts is one, two places mostly two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.fusing.places.naming import place_parts as keys

SAME = [
    ("Kafr Zayta town", "كفر زيتا"),
    ("Kafar Zita", "Kafr Zayta"),
    ("Deir ez-Zor", "دير الزور"),
    ("Dayr az Zawr", "Deir ez-Zor"),
    ("Ra's al-'Ayn", "رأس العين"),
    ("Shaykh Maskin", "الشيخ مسكين"),
    ("Khan Shaykhun", "خان شيخون"),
    ("Halab", "حلب"),
    ("İZMİR", "Izmir"),
    ("Ad-Dumayr", "Dumayr"),
    ("Al-Sukkari", "السكري"),
    ("eastern countryside of Homs", "ريف حمص الشرقي"),
    ("Rural Damascus", "ريف دمشق"),
    ("Aleppo", "حلب"),
    ("At-Tabqah", "الطبقة"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert keys(one) == keys(other) != []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kafr Zayta", "Kafr Nabl"),
        ("Deir ez-Zor", "Deir Hafir"),
        ("حلب", "حمص"),
        ("Khan Shaykhun", "Shaykhun"),
        ("Idlib", "Douma"),
    ],
)
def test_two_names_have_two_keys(one: str, other: str) -> None:
    assert not set(keys(one)) & set(keys(other))


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Al-Sukkari, Aleppo", ["Al-Sukkari", "Aleppo"]),
        ("حي الوعر - حمص", ["الوعر", "حمص"]),
        ("Douma (Rif Dimashq)", ["Douma", "Rif Dimashq"]),
        ("Hama / Idlib", ["Hama", "Idlib"]),
        ("near Idlib", ["Idlib"]),
        ("كفر زيتا، حماة", ["كفر زيتا", "حماة"]),
    ],
)
def test_a_place_string_has_a_key_for_each_part_in_its_order(name: str, parts: list[str]) -> None:
    assert keys(name) == [key for part in parts for key in keys(part)]
    assert len(keys(name)) == len(parts)


@pytest.mark.parametrize(
    "name", ["", "  ", "town", "13", "…", "قرية", "near the city of", "eastern countryside"]
)
def test_a_string_without_a_name_has_no_key(name: str) -> None:
    assert keys(name) == []


def test_a_part_that_is_said_twice_counts_once() -> None:
    assert keys("Aleppo, Aleppo city, حلب") == keys("Aleppo")


def test_an_article_that_is_the_whole_name_stays() -> None:
    assert keys("Al") == ["l"]
    assert keys("Al-Bab") == keys("Bab") == keys("الباب")


@pytest.mark.parametrize(
    "dressed", ["Kafr\u00a0Zayta", "KAFR ZAYTA", "Kafr Zaytā", "«Kafr Zayta»", "كَفْر زيتا", "كفـر زيتا"]
)
def test_case_marks_and_stretching_change_nothing(dressed: str) -> None:
    assert keys(dressed) == keys("Kafr Zayta")


def test_a_name_in_another_script_is_equal_to_itself_alone() -> None:
    assert keys("Московская") == keys("московская") != []
    assert not set(keys("Московская")) & set(keys("Тверская"))


def test_a_town_and_what_lies_around_it_are_two() -> None:
    assert not set(keys("Rif Dimashq")) & set(keys("Dimashq"))


@given(st.text(max_size=40))
def test_keys_are_ascii_and_none_comes_twice(name: str) -> None:
    found = keys(name)
    assert all(key and key.isascii() for key in found)
    assert len(found) == len(set(found))
    assert found == keys(name)
