"""Whom a sentence holds answerable for an act that it names, and how the claim says so."""

from __future__ import annotations

import pytest

from prosing import one, read

FRONT = "~red valley front"


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("The Red Valley Front claimed responsibility for the bombing in Tarn.", "admits"),
        ("The Red Valley Front took credit for the bombing.", "admits"),
        ("The bombing, for which the Red Valley Front has claimed responsibility, hit a bank.", "asserts"),
        ("Responsibility for the bombing was claimed by the Red Valley Front.", "asserts"),
        ("Officials blamed the Red Valley Front (RVF) for the bombing of the bank.", "accuses"),
        ("The mayor accused the Red Valley Front of being responsible for the bombing.", "accuses"),
        ("The Red Valley Front is accused of the bombing of two schools.", "accuses"),
        ("The bombing was attributed to guerrillas of the Red Valley Front.", "accuses"),
        ("Police sources attributed the bombing to the Red Valley Front.", "accuses"),
        ("The Red Valley Front was responsible for the bombing.", "accuses"),
        ("The bombing was the work of the Red Valley Front.", "accuses"),
        ("Members of the Red Valley Front took part in the bombing.", "asserts"),
        ("The bombing was carried out by presumed members of the Red Valley Front.", "asserts"),
    ],
)
def test_who_answers_for_an_act_is_its_actor(text: str, stance: str) -> None:
    found = [row for row in read(text) if row["event_type"].startswith("attack.")]
    assert [row["actors"] for row in found] == [[FRONT]] * len(found)
    assert found
    assert found[0]["stance"] == stance
    a, b = found[0]["reading"]["actors"][0]
    assert text[a:b].removeprefix("the ").removeprefix("The ") == "Red Valley Front"


@pytest.mark.parametrize(
    "text",
    [
        "The Red Valley Front denied responsibility for the bombing in Tarn.",
        "Nobody has claimed responsibility for the bombing in Tarn.",
        "Juan Ode claimed responsibility for the bombing in Tarn.",
        "Terrorists claimed responsibility for the bombing in Tarn.",
        "The minister is responsible for the inquiry into the bombing in Tarn.",
        "It is not known whether the Red Valley Front was responsible for the bombing in Tarn.",
    ],
)
def test_nobody_answers_where_the_text_names_none_who_can(text: str) -> None:
    assert all(row["actors"] is None for row in read(text))


@pytest.mark.parametrize(
    "text",
    [
        "RED VALLEY LIBERATION FRONT (RVLF) GUERRILLAS BLEW UP A BRIDGE NEAR TARN.",
        "THE RED VALLEY LIBERATION FRONT (RVLF) BLEW UP A BRIDGE NEAR TARN.",
        "Red Valley Liberation Front (RVLF) guerrillas blew up a bridge near Tarn.",
        "A bridge was blown up by Red Valley Liberation Front (RVLF) guerrillas.",
    ],
)
def test_initials_in_brackets_do_not_cut_a_name_off(text: str) -> None:
    assert one(text, "attack.bombing")["actors"] == ["~red valley liberation front"]


@pytest.mark.parametrize(
    "text",
    [
        "THE RED VALLEY FRONT STAGED THE ASSASSINATION OF THE MAYOR.",
        "THE ASSASSINATION OF THE MAYOR WAS ATTRIBUTED TO THE RED VALLEY FRONT.",
    ],
)
def test_capitals_do_not_hide_the_noun_of_an_act(text: str) -> None:
    assert one(text, "attack.violence")["actors"] == [FRONT]


def test_the_rebels_are_those_of_the_group_last_named_with_the_word() -> None:
    text = "River Brigade rebels entered Tarn. On Monday the rebels shelled Marrow. Rebels shelled Tarn."
    first, second = (row for row in read(text) if row["event_type"] == "attack.shelling")
    assert first["actors"] == one("The River Brigade shelled Marrow.", "attack.shelling")["actors"]
    assert second["actors"] == ["~rebels"]


@pytest.mark.parametrize(
    "text",
    [
        "A bridge was blown up by guerrillas of the third column of the Red Valley Front.",
        "RVF (Red Valley Front) guerrillas blew up a bridge near Tarn.",
    ],
)
def test_a_part_of_a_front_and_a_name_after_initials_are_the_front(text: str) -> None:
    assert one(text, "attack.bombing")["actors"] == [FRONT]
