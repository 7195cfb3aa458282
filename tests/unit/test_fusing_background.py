"""What is known before claims are compared: sides, civilians, direction, means; each rule can be broken."""

from __future__ import annotations

from typing import Any

import pytest

from builders import an_actor
from holdfire.fusing.incidents.background import GENERIC, Background
from holdfire.reading.types import event_types
from holdfire.records.actor import CIVILIANS, Actor
from holdfire.records.claim import OCCURRENCES
from holdfire.records.source import Affiliation, Repeats, Source


def party(
    actors: list[str] | None,
    targets: list[str] | None,
    *,
    directed: bool = True,
    known: Background | None = None,
) -> dict[str, Any]:
    row = {"key": "k", "actors": actors, "targets": targets, "directed": directed}
    found: list[dict[str, Any]] = (known or Background()).parties([row]).to_pylist()
    return found[0]


def sides(*actors: Actor) -> dict[str, frozenset[str]]:
    return dict(Background.of([], actors).sides)


def actor(name: str, **more: Any) -> Actor:
    return an_actor(name, name, name, **more)


def test_who_acts_is_told_from_who_is_acted_on_only_where_the_claim_tells() -> None:
    directed = party(["north"], ["south"])
    assert (directed["acts"], directed["whom"], directed["who"]) == (["north"], ["south"], "north")
    fought = party(["north"], ["south"], directed=False)
    assert (fought["acts"], fought["whom"], fought["who"]) == (["north", "south"], None, "north,south")
    assert directed["dyad"] == fought["dyad"] == party(["south"], ["north"])["dyad"] == "north,south"


def test_civilians_tell_no_two_claims_apart() -> None:
    found = party(["north"], [CIVILIANS])
    assert (found["acts"], found["whom"], found["dyad"]) == (["north"], None, None)
    assert party([CIVILIANS], None)["acts"] is None
    assert party(["north"], [CIVILIANS, "south"])["whom"] == ["south"]


@pytest.mark.parametrize("said", [None, []])
def test_silence_is_null_and_not_an_empty_list(said: list[str] | None) -> None:
    found = party(said, said)
    assert [found[name] for name in ("acts", "sides", "whom", "who", "dyad")] == [None] * 5
    assert party(["north"], said)["dyad"] is None


def test_an_actor_is_beside_what_it_is_part_of_at_every_height_and_not_beside_its_parts() -> None:
    found = sides(actor("army"), actor("corps", part_of=("army",)), actor("unit", part_of=("corps",)))
    assert found["unit"] == {"corps", "army"}
    assert found["army"] == frozenset()


def test_a_label_and_what_it_covers_are_beside_each_other_and_fellows_are_as_they_say() -> None:
    found = sides(actor("label", covers=("one", "two")), actor("one"), actor("two", beside=("guest",)))
    assert found["label"] == {"one", "two"}
    assert found["one"] == {"label"}
    assert found["two"] == {"label", "guest"}


def test_a_circle_of_parts_ends_and_no_one_is_beside_itself() -> None:
    found = sides(actor("a", part_of=("b",)), actor("b", part_of=("a",)), actor("c", part_of=("nobody",)))
    assert found == {"a": {"b"}, "b": {"a"}, "c": {"nobody"}}


def test_sides_widen_who_may_have_acted_and_never_who_did() -> None:
    known = Background(sides={"unit": frozenset({"army"})})
    found = party(["unit"], ["south"], known=known)
    assert (found["acts"], found["sides"], found["who"]) == (["unit"], ["army", "unit"], "unit")


def test_types_have_a_family_and_means_where_they_name_one() -> None:
    known = Background(means={"attack.shelling": "heavy-weapons"})
    fine, coarse = known.types(["attack.shelling", "control.unspecified"]).to_pylist()
    assert fine == {
        "type": "attack.shelling", "family": "attack", "means": "heavy-weapons", "generic": False
    }  # fmt: skip
    assert coarse == {"type": "control.unspecified", "family": "control", "means": None, "generic": True}


def test_every_generic_type_is_of_the_taxonomy_or_says_nothing_but_its_family() -> None:
    bare = {f"{family}.unspecified" for family in OCCURRENCES}
    assert set(GENERIC) <= {each.name for each in event_types().values()} | bare


def test_how_sources_behave_is_what_they_say_of_themselves() -> None:
    said = [
        Source(id=each.value, name={"en": each.value}, affiliation=Affiliation.MEDIA, repeats=each)
        for each in Repeats
    ]
    assert Background.of(said).repeats == {each.value: each for each in Repeats}
