"""How many people a phrase lists, and the lots of people in the gist of an article."""

from __future__ import annotations

import pytest

from holdfire.reading.prose.acts.befallen import befallen
from holdfire.reading.prose.gist import gist
from prosing import read


@pytest.mark.parametrize(
    ("phrase", "counts"),
    [
        ("the mayor and two guards", [1, 2]),
        ("his wife and two children", [1, 2]),
        ("Mayor Juan Ode and two others", [1, 2]),
        ("Juan Ode and Ana Marr", [1, 1]),
        ("SIX TEACHERS AND TWO GIRLS", [6, 2]),
        ("about 50 peasants of various ages", [50]),
        ("a judge, a lawyer and three guards", [1, 1, 3]),
        ("the villagers", []),
        ("a convoy of trucks", []),
        ("the headquarters", []),
        ("the Tarn Workers Union", []),
        ("several soldiers", []),
    ],
)
def test_each_part_that_gives_a_number_counts(phrase: str, counts: list[int]) -> None:
    assert befallen(phrase, named=True) == counts


def test_a_bare_name_is_a_person_only_where_the_act_is_done_to_people() -> None:
    assert befallen("Juan Ode", named=True) == [1]
    assert befallen("Juan Ode", named=False) == []


def test_a_gist_lists_each_lot_of_people_once() -> None:
    text = "Gunmen kidnapped the mayor and two guards in Tarn on Monday. They abducted the mayor at noon."
    assert gist(read(text)).befallen == (1, 2)
