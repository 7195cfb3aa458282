"""What is kept of a text that was parsed is nobody's to change for the next who reads it."""

from __future__ import annotations

import pytest

from holdfire.documents import SHORT, Document, read
from holdfire.errors import BadInput


class Inner(Document):
    """Something within."""

    words: dict[str, str] = {}
    many: list[int] = []


class Outer(Document):
    """What a file holds."""

    inner: Inner
    note: str = ""


TEXT = "inner:\n  words: {en: one}\n  many: [1, 2]\n"


@pytest.mark.parametrize("text", [TEXT, TEXT + f"note: {'x' * SHORT}\n"], ids=["kept", "too long to keep"])
def test_two_who_read_one_text_have_values_of_their_own(text: str) -> None:
    first, second = read(Outer, text, "a.yaml"), read(Outer, text, "a.yaml")
    assert first == second
    first.inner.words["en"] = "two"
    first.inner.many.append(3)
    object.__setattr__(first, "note", "changed")
    assert second == read(Outer, text, "a.yaml")
    assert second.inner == Inner(words={"en": "one"}, many=[1, 2])


def test_a_text_that_is_wrong_is_wrong_each_time_and_says_in_which_file() -> None:
    for name in ("a.yaml", "b.yaml", "a.yaml"):
        with pytest.raises(BadInput, match="inner") as error:
            read(Outer, "innr: {}\n", name)
        assert error.value.problems[0].where.startswith(name)


def test_one_text_read_as_two_things_is_two_things() -> None:
    assert read(Inner, "many: [1]\n", "a.yaml") == Inner(many=[1])
    with pytest.raises(BadInput):
        read(Outer, "many: [1]\n", "a.yaml")
