"""Whom phrases name: the case first, then the dictionaries, and never by a loaded label."""

from __future__ import annotations

import pytest

from holdfire.reading import prose
from holdfire.records.actor import Actor, ActorKind, Names
from prosing import ALWAYS, NAMES, Alias, context, read, report


def _actors(text: str, published: str = "2016-07-01") -> list[str] | None:
    (row,) = [r for r in read(text, published=published) if r["event_type"].startswith("attack.")]
    return row["actors"]  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("doer", "ids"),
    [
        ("Hezbollah", ["~hezbollah"]),
        ("The Syrian Democratic Forces", ["~syrian democratic forces"]),
        ("The al-Qaeda-affiliated al-Nusra Front terrorist group", ["~al nusra front"]),
        ("Houthi forces", ["~houthis"]),
        ("The Saudi-led coalition", ["~saudi led coalition"]),
        ("The Rapid Support Forces", ["~rapid support forces"]),
        ("The Kremlin", ["russia"]),
        ("President Vladimir Putin", ["russia"]),
        ("Hezbollah and al-Nusra Front", ["~al nusra front", "~hezbollah"]),
        ("The River Brigade and Hezbollah", ["river", "~hezbollah"]),
    ],
)
def test_public_names_are_found_outside_the_case(doer: str, ids: list[str]) -> None:
    found = _actors(f"{doer} shelled Marrow.")
    assert sorted(found or []) == sorted(ids)


@pytest.mark.parametrize(
    "doer",
    [
        "Takfiri mercenaries",
        "The regime's thugs",
        "The terrorists",
        "Assad's thugs",
        "The fascists",
        "Orcs",
        "The Zionist entity",
    ],
)
def test_a_loaded_label_names_no_group(doer: str) -> None:
    assert _actors(f"{doer} shelled Marrow.") is None


@pytest.mark.parametrize(
    "doer",
    ["Anti-Houthi fighters", "A splinter of nobody", "Hezbollah-backed fighters", "Pro-Russian fighters"],
)
def test_a_modifier_is_not_whom_it_modifies(doer: str) -> None:
    found = _actors(f"{doer} shelled Marrow.") or []
    assert not {"~hezbollah", "~houthis", "russia"} & set(found)


def test_the_name_of_the_day() -> None:
    text = "Jabhat Fateh al-Sham shelled Marrow."
    assert _actors(text, "2016-09-01") == ["~al nusra front"]
    assert _actors(text, "2016-07-27") is None
    assert _actors(text, "2016-07") is None  # renamed within the month: nobody can say


def test_an_entity_is_the_actor_of_the_case_that_shares_a_name() -> None:
    mine = Actor("lebanese", {"en": "Hizbullah"}, ActorKind.GROUP, (Alias("Hizbullah", ALWAYS),))
    names = Names([*NAMES.actors.values(), mine])
    text = "Hezbollah shelled Marrow."
    table = prose.read(text, report(text, "2016-07-01"), context(names=names))
    assert table["actors"].to_pylist() == [["lebanese"]]


def test_a_short_name_of_the_case_goes_before_a_public_one() -> None:
    assert _actors("IS shelled Marrow.") == ["is"]  # the case's Iron Sons


@pytest.mark.parametrize("verb", ["recorded", "documented", "heard", "confirmed", "counted"])
def test_who_tells_of_attacks_did_not_attack(verb: str) -> None:
    told = read(f"Hezbollah {verb} 35 attacks in Marrow on 30 June 2016.", published="2016-07-01")
    assert told
    assert all(r["actors"] is None for r in told)


def test_who_launches_attacks_did() -> None:
    told = read("Hezbollah launched 35 attacks in Marrow on 30 June 2016.", published="2016-07-01")
    assert [r["actors"] for r in told] == [["~hezbollah"]]  # control: the verb decides, not the name
