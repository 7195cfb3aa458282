"""Who and whom, by the words that name them, and what is neither."""

from __future__ import annotations

import pytest

from prosing import one, read


def _named(text: str, event_type: str, role: str) -> list[str]:
    """Return the words that a role was read from."""
    return [text[a:b] for a, b in one(text, event_type)["reading"][role]]


@pytest.mark.parametrize(
    ("text", "event_type", "actors", "targets"),
    [
        ("The Northern Army shelled Marrow.", "attack.shelling", ["Northern Army"], ["Marrow"]),
        ("Marrow was shelled by the Northern Army.", "attack.shelling", ["Northern Army"], ["Marrow"]),
        (
            "The Northern Army's shelling of Marrow killed two.",
            "attack.shelling",
            ["Northern Army"],
            ["Marrow"],
        ),
        (
            "The shelling of Marrow by the Northern Army killed two.",
            "attack.shelling",
            ["Northern Army"],
            ["Marrow"],
        ),
        (
            "Clashes between the River Brigade and the Northern Army broke out.",
            "attack.armed_clash",
            ["River Brigade"],
            ["Northern Army"],
        ),
        ("Russia made an offer to the United States.", "diplomacy.offer", ["Russia"], ["United States"]),
        ("The North fired rockets at the River Brigade.", "attack.shelling", ["North"], ["River Brigade"]),
        ("Two patients killed in Tarn were buried on Friday.", "attack.violence", [], ["Two patients"]),
    ],
)
def test_roles_are_where_they_are_named(
    text: str, event_type: str, actors: list[str], targets: list[str]
) -> None:
    assert [
        name.removeprefix("the ").removeprefix("The ") for name in _named(text, event_type, "actors")
    ] == actors
    assert [name.removeprefix("the ") for name in _named(text, event_type, "targets")] == targets


def test_a_denial_takes_its_roles_from_the_charge() -> None:
    text = (
        "The River Brigade accused the Northern Army of shelling Marrow. "
        "The Northern Army denied the accusation."
    )
    charge, denial = (row for row in read(text) if row["event_type"] == "attack.shelling")
    assert (charge["stance"], denial["stance"]) == ("accuses", "denies")
    assert denial["reading"]["actors"] == charge["reading"]["actors"]


@pytest.mark.parametrize(
    ("text", "event_type"),
    [
        ("The Northern Army seized the town of Marrow on Friday.", "control.territory"),
        ("The Northern Army took control of part of the town.", "control.territory"),
        ("The Northern Army captured two soldiers near Marrow.", "detention.arrest"),
        ("The Northern Army dropped two barrel bombs on Tarn.", "attack.airstrike"),
        ("The North fired rockets at Tarn on Friday.", "attack.shelling"),
        ("Helicopters hit the market in Tarn on Friday.", "attack.airstrike"),
    ],
)
def test_the_type_goes_by_what_is_used_and_what_is_taken(text: str, event_type: str) -> None:
    assert event_type in {row["event_type"] for row in read(text)}


@pytest.mark.parametrize(
    "text",
    [
        "The Northern Army seized three tons of documents in Tarn.",
        "A new council is taking shape in the area.",
        "The Front for the National Liberation of Varn met in Tarn.",
        "He attacked the proposal.",
    ],
)
def test_what_is_no_ground_and_no_attack_is_left(text: str) -> None:
    assert [
        row["event_type"] for row in read(text) if row["event_type"].startswith(("control.", "attack."))
    ] == []
