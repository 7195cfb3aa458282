"""What is done in words and what is done in deeds, by the classes of PLOVER."""

from __future__ import annotations

import pytest

from holdfire.reading.prose.acts.plover import class_of_claim, current, main_event, marked_class
from holdfire.reading.prose.words.lexicon import page, words
from holdfire.reading.prose.words.tokens import Sentence, sentences
from holdfire.reading.types import event_types

SAID = [
    ("AGREE", "The two governments agreed to withdraw their troops from the valley."),
    ("AGREE", "Norland will send food and tents to the refugees, its embassy said."),
    ("AGREE", "The rebels offered to release the hostages."),
    ("CONSULT", "The foreign minister met his counterpart in the capital on Friday."),
    ("CONSULT", "An envoy resumed talks with the rebels."),
    ("SUPPORT", "The president praised the efforts of the mission."),
    ("SUPPORT", "The two states signed a treaty of friendship."),
    ("COOPERATE", "The two navies held joint exercises off the coast."),
    ("AID", "The agency donated medicine to the clinics."),
    ("AID", "Norland sent aid to the flooded valley."),
    ("CONCEDE", "The government lifted the state of emergency."),
    ("CONCEDE", "The union called the strike off."),
    ("RETREAT", "The army withdrew its troops from the valley."),
    ("RETREAT", "The rebels released twelve prisoners."),
    ("RETREAT", "The council lifted the embargo."),
    ("DEMAND", "The opposition demanded the release of its leader."),
    ("DEMAND", "The mission urged both sides to stop shelling the town."),
    ("DISAPPROVE", "The ministry accused the army of bombing a school."),
    ("DISAPPROVE", "The bishop called for sanctions against the regime."),
    ("INVESTIGATE", "The court opened an inquiry into the killings."),
    ("REJECT", "The rebels refused to meet the mediator."),
    ("REJECT", "The government will not accept foreign observers."),
    ("REJECT", "The rebels have not signed the accord."),
    ("THREATEN", "The general threatened to shell the city."),
    ("THREATEN", "Norland will suspend aid unless the prisoners are freed."),
    ("PROTEST", "Thousands of workers went on strike over pay."),
    ("PROTEST", "Villagers blocked the road to the mine."),
    ("MOBILIZE", "Norland sent troops to the border."),
    ("SANCTION", "Norland recalled its ambassador."),
    ("SANCTION", "The bank suspended loans to the ministry."),
    ("COERCE", "Police arrested forty students."),
    ("COERCE", "The governor imposed a curfew on the city."),
    ("ASSAULT", "A suicide bomber killed three officers at the gate."),
    ("ASSAULT", "Gunmen kidnapped an engineer."),
    ("FIGHT", "The army shelled rebel positions on the ridge."),
    ("FIGHT", "Soldiers killed five guerrillas in a clash."),
    ("FIGHT", "Both sides violated the ceasefire."),
]


def _read(text: str) -> Sentence:
    return next(iter(sentences(text, 0, len(text), 0, "body")))


@pytest.mark.parametrize(("name", "text"), SAID)
def test_the_main_event_has_its_class(name: str, text: str) -> None:
    found = main_event(_read(text))
    assert found is not None
    assert found[0] == name


def test_the_mark_decides_which_event_is_meant() -> None:
    s = _read("The rebels released the envoy and shelled the town.")
    assert marked_class(s, [(2, 3)]) == "RETREAT"
    assert marked_class(s, [(6, 7)]) == "FIGHT"


def test_what_says_nothing_has_no_class() -> None:
    s = _read("The lake is blue.")
    assert main_event(s) is None
    assert marked_class(s, [(2, 3)]) is None


def test_every_class_is_of_the_codebook() -> None:
    kinds = page("plover")["kind"]
    ours = {*words(kinds["coop"]), *words(kinds["conflict"]), "DEMAND"}
    assert {name for name, _ in SAID} == ours
    assert {each.plover for each in event_types().values() if each.plover} <= {current(name) for name in ours}


@pytest.mark.parametrize(
    ("event_type", "stance", "modality", "negated", "name"),
    [
        ("attack.shelling", "asserts", "actual", False, "ASSAULT"),
        ("attack.shelling", "admits", "actual", False, "ASSAULT"),
        ("attack.shelling", "accuses", "actual", False, "ACCUSE"),
        ("attack.shelling", "denies", "actual", False, None),
        ("attack.shelling", "asserts", "actual", True, None),
        ("attack.shelling", "asserts", "intended", False, "THREATEN"),
        ("attack.shelling", "pledges", "pledged", True, "AGREE"),
        ("attack.shelling", "demands", "requested", True, "REQUEST"),
        ("military.withdraw", "pledges", "pledged", False, "AGREE"),
        ("military.withdraw", "asserts", "actual", False, "RETREAT"),
        ("military.withdraw", "asserts", "intended", True, "REJECT"),
        ("aid.delivered", "asserts", "conditional", False, None),
        ("conflict.ongoing", "asserts", "actual", False, None),
    ],
)
def test_a_claim_has_the_class_of_what_is_done(
    event_type: str, stance: str, modality: str, negated: bool, name: str | None
) -> None:
    plover = event_types()[event_type].plover
    assert class_of_claim(plover, stance, modality, negated=negated) == name
