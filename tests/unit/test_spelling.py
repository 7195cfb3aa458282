"""Two spellings of a word meet, and two words do not."""

from __future__ import annotations

import pytest

from holdfire.fusing.spelling import Forms, forms, letters, of_letters

SPELLINGS = {
    "محمد": "Mohammed Muhammad Mohamad Mohamed Muhammed",
    "محمود": "Mahmoud Mahmud Mahmood",
    "فتحي": "Fathi Fathy",
    "صهيب": "Suhaib Sohayb Suhayb",
    "خديجة": "Khadija Khadidja Khadeejeh",
    "عثمان": "Othman Osman Uthman",
    "منذر": "Munther Monzer Mundhir",
    "جمال": "Gamal Jamal Djamel Cemal",
    "قاسم": "Qasim Kassem Gasim Qassem",
    "يوسف": "Yousef Youssef Yusuf",
    "وليد": "Walid Oualid Waleed",
    "رشيد": "Rachid Rasheed Raşid",
    "رضا": "Reda Rida Ridha Reza Riza",
    "ياسين": "Yassin Yacine Yaseen",
    "شيخ": "Cheikh Sheikh Shaykh",
    "حسين": "Hussein Husayn Hocine Houssain",
    "يحيى": "Yahya Yehia",
    "ضياء": "Diaa Dhiya Ziya",
    "فاطمة": "Fatima Fatmeh Fatimah Fatma",
    "آية": "Aya Ayah",
    "إياد": "Iyad Eyad Ayad",
    "لؤي": "Luay Loay Louai",
    "پروین": "Parvin Perwin",
    "گلستان": "Gulistan",
    "ژیان": "Jiyan Zhiyan",
    "هاشم": "Hashem Hachem Hashim",
    "غسان": "Ghassan Gassan",
    "ماجد": "Majed Macid",
    "جاسم": "Jasim Casim",
    "عادل": "Adel ʿĀdil",
    "آمنة": "Amna Amina Amine",
}


@pytest.mark.parametrize(("arabic", "latin"), SPELLINGS.items())
def test_the_bones_of_an_arabic_word_and_its_romanisations_meet(arabic: str, latin: str) -> None:
    one = forms(arabic)
    for word in latin.split():
        other = forms(word)
        assert {one.bones, one.others} & {other.bones, other.others}, (word, one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mohammed", "Mahdi"),
        ("Samir", "Nasser"),
        ("كريم", "رحيم"),
        ("Khalid", "Walid"),
        ("فاطمة", "Rim"),
        ("Ali", "Aya"),
    ],
)
def test_two_names_do_not_meet(one: str, other: str) -> None:
    first, second = forms(one), forms(other)
    assert not {first.bones, first.others} & {second.bones, second.others}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("أحمد", "احمد"),
        ("مُسْلِم", "مسلم"),
        ("محـــمد", "محمد"),
        ("على", "علي"),
        ("فاطمه", "فاطمة"),
        ("کریم", "كريم"),
        ("ﻣﺤﻤﺪ", "محمد"),
        ("José", "jose"),
        ("O'Hara", "ohara"),
        ("Ｓａｍｉｒ", "samir"),
        ("ʾIsmāʿīl", "ismail"),
        ("ʿĪsā", "Isa"),
        ("Duʻāʼ", "dua"),
    ],
)
def test_letters_written_either_way_are_the_same(one: str, other: str) -> None:
    assert letters(one) == letters(other)


def test_one_arabic_letter_is_one_character_so_edits_are_counted_right() -> None:
    assert [len(letters(word)) for word in ("محمد", "محمود", "شش")] == [4, 5, 2]
    assert letters("محمود").replace("W", "") == letters("محمد")


@pytest.mark.parametrize("nothing", ["", " ", "'", "123", "-", "\u0640", "\u064b", "。"])
def test_what_has_no_letter_has_no_form(nothing: str) -> None:
    assert forms(nothing) == Forms("", "", "", "")


@pytest.mark.parametrize("weak", ["Aya", "آية", "Eiou", "او", "ي", "a", "ا", "w", "Yau"])
def test_a_word_of_weak_letters_only_keeps_something(weak: str) -> None:
    assert forms(weak).bones


def test_a_word_in_two_scripts_and_one_in_a_script_not_read_are_taken_as_they_are() -> None:
    assert forms("Samirسمير").letters.isascii()
    assert forms("李").bones == forms("李").letters != forms("张").bones


def test_sound_tells_vowels_that_bones_leave_out() -> None:
    assert forms("Omar").sound == forms("Umar").sound != forms("Amir").sound
    assert forms("Hussein").sound == forms("Husayn").sound != forms("Hassan").sound
    assert forms("Noureddine").sound == forms("Nureddin").sound


def test_a_very_long_word_is_cut() -> None:
    assert len(forms("a" * 100_000 + "b").letters) <= 60
    assert of_letters("") == Forms("", "", "", "")
