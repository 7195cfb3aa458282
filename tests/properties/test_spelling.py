"""Whatever is written, forms are ASCII, nothing raises, and letters are a fixed point."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from holdfire.fusing.people.parts import PARTS, take_apart
from holdfire.fusing.people.words import words
from holdfire.fusing.places.naming import place_keys
from holdfire.fusing.spelling import forms, letters, of_letters

ARABIC = st.text(st.characters(min_codepoint=0x0600, max_codepoint=0x06FF), max_size=12)
ANY = st.one_of(st.text(max_size=20), ARABIC, st.text("abdhkgstuioeywlqcxzjnmr'- .", max_size=20))


@given(ANY)
@example("ß\u0640")
@example("ǅ\u0345")
@example("\ufdfa")
@example("İI")
@settings(max_examples=400, deadline=None)
def test_every_form_is_ascii_and_letters_are_their_own(text: str) -> None:
    found = forms(text)
    assert all(each.isascii() for each in found)
    assert of_letters(found.letters).letters == found.letters
    assert of_letters(found.letters) == found
    assert bool(found.letters) == bool(found.bones)


@given(st.text("abcdefghijklmnopqrstuvwxyzéèşçğıāū'- ", max_size=20))
def test_latin_letters_folded_twice_are_folded_once(text: str) -> None:
    assert letters(letters(text)) == letters(text)


@given(st.lists(st.one_of(st.none(), ANY, st.lists(ANY, max_size=6).map(" ".join)), max_size=12))
@example(
    ["abd", "abu", "abd al", "Abu Abu Abu", "al al", "din", "الله", "bin", "unknown", "( ) (", ", ,", "dr dr"]
)
@example([None])
@example([])
@settings(max_examples=200, deadline=None)
def test_any_names_are_taken_apart_and_none_makes_a_part_of_nothing(names: list[str | None]) -> None:
    found = take_apart(pa.array(names, pa.string()))
    assert found.codes.shape == (len(names), len(PARTS))
    assert found.codes.max(initial=-1) < len(found.words)
    for part in PARTS:
        assert len(found.column(part, "bones")) == len(names)
        assert "" not in found.column(part, "key").to_pylist()
    for name, codes in zip(names, found.codes, strict=True):
        if not any(letters(each) for each in (name or "")):
            assert (codes < 0).all()


@given(st.lists(ANY, min_size=1, max_size=8), st.randoms())
@settings(max_examples=100, deadline=None)
def test_what_a_name_is_taken_for_does_not_depend_on_the_names_beside_it(
    names: list[str], random: object
) -> None:
    together = take_apart(pa.array(names))
    for k, name in enumerate(names):
        alone = take_apart(pa.array([name]))
        for part in PARTS:
            assert together.column(part, "letters")[k] == alone.column(part, "letters")[0]


@given(ANY)
def test_no_word_loses_its_last_letters_to_an_article(text: str) -> None:
    exact = letters(text)
    assert bool(words().bare(exact)) == bool(exact)


@given(st.lists(st.one_of(st.none(), ANY), max_size=6))
def test_keys_of_places_are_ascii_or_nothing(names: list[str | None]) -> None:
    found = place_keys(pa.array(names, pa.string())).to_pylist()
    assert all(each is None or (each and each.isascii()) for each in found)
