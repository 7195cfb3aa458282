"""What did not happen makes no incident, however loudly it is named."""

from __future__ import annotations

import pytest

from prosing import incidents, one, read

HAPPENED = [
    "The Northern Army shelled Marrow on Saturday.",
    "Russian warplanes carried out airstrikes on Tarn on Friday, killing five people.",
    "Shelling by the Northern Army killed two people in Tarn.",
    "There were clashes between the Northern Army and the River Brigade near Marrow.",
    "The River Brigade accused the Northern Army of shelling Marrow.",
    "The Northern Army admitted that it had struck the market in Marrow.",
    "A car bomb exploded in Varn city on Sunday.",
    "The River Brigade captured Marrow on Friday.",
    "The Northern Army continued to bomb Tarn on Monday.",
    "Twelve people were killed when shells hit a bakery in Marrow.",
    "Residents said a rocket had landed in Tarn, killing a child.",
    "An aid convoy was hit near Marrow on Friday.",
    "The Northern Army arrested 14 people in Tarn on Thursday.",
    "Fighting raged in Tarn on Friday between the Northern Army and the River Brigade.",
    "A suicide bomber blew himself up in Tarn, killing three soldiers.",
    "An explosion was heard in Tarn.",
    "The Strip Monitor reported five airstrikes on Marrow on Friday.",
    "Airstrikes reportedly hit Marrow on Friday.",
    "The group claimed responsibility for the bombing that killed five in Tarn on Friday.",
    "The Northern Army turned back an aid convoy at Marrow on Friday.",
    "Shells fired by the Northern Army hit a school in Marrow, and two children died.",
]

DID_NOT = [
    # habits and what nobody could bear out
    "The Northern Army regularly bombs Tarn.",
    "Artillery pounds Tarn at night, residents say.",
    "The Northern Army has repeatedly shelled Tarn.",
    "The Northern Army shelled Tarn almost daily.",
    "The Monitor could not confirm a report that the Northern Army had shelled Tarn.",
    "The Northern Army neither confirmed nor denied claims that it had bombed Tarn.",
    # plans, offers, pledges, requests, conditions
    "The Northern Army plans to shell Marrow on Saturday.",
    "The Northern Army threatened to bomb Marrow.",
    "Russia offered to bomb the River Brigade.",
    "The proposal would let both sides strike the Iron Sons together.",
    "The Northern Army pledged to stop shelling Marrow.",
    "The Northern Army promised airstrikes on Tarn.",
    "The minister called on the Northern Army to bomb Tarn.",
    "The River Brigade urged the Northern Army to halt the shelling of Tarn.",
    "If attacked, the Northern Army will shell Marrow.",
    "The Northern Army will bomb Tarn unless the River Brigade withdraws.",
    "The Northern Army could attack Tarn within days.",
    "The Northern Army should not have to shell Tarn.",
    "Under the plan, Russian warplanes would strike the Iron Sons near Marrow.",
    "The Monitor warned of airstrikes on Tarn.",
    "It was ready to attack Tarn.",
    "The parties must cease attacks with any weapon.",
    # what only dates another thing, and totals since then
    "More than 44,000 people have been killed since the fighting began, according to rights groups.",
    "At least 357 people have died since the beginning of the shelling.",
    # negations and refusals
    "The Northern Army did not shell Marrow on Saturday.",
    "No airstrikes were reported in Tarn on Sunday.",
    "No one was killed in Tarn on Sunday.",
    "There were no clashes near Marrow on Friday.",
    "The Northern Army refused to bomb Tarn.",
    "Neither side attacked Marrow.",
    "The convoy left without being attacked.",
    # denials
    "The Northern Army denied shelling Marrow on Saturday.",
    "The Northern Army denied that it had bombed Tarn.",
    # presupposed: named, not told
    "The minister condemned the airstrikes on Tarn.",
    "The Strip Monitor criticised Russia's airstrikes against the River Brigade.",
    "Officials voiced concern about the shelling of Tarn.",
    "The Northern Army agreed to investigate the attack on the market.",
    "The groups should leave the areas held by the Iron Sons and targeted in the Russian air campaign.",
    # other things
    "Workers went on a hunger strike in Tarn on Saturday.",
    "The two sides struck a deal in Tarn on Saturday.",
    "The meeting took place in Marrow on Sunday.",
    "He died of a heart attack in Marrow.",
    "The agreement left the river in the hands of the council.",
    "Human rights violations were discussed in Tarn.",
    "Critics attacked the deal.",
    "Mr Shell attacked the plan in a speech in Tarn on Friday.",
    # doubt over the whole sentence
    "Had the army attacked Tarn, many would have died.",
    "Was Marrow shelled on Friday?",
    "There was no evidence that the Northern Army shelled Marrow.",
    "The report that the Northern Army shelled Marrow is false.",
    "It is unclear whether the Northern Army shelled Marrow.",
    "The Northern Army shelled neither Marrow nor Tarn.",
    "The Northern Army was about to shell Marrow.",
    "The general ordered his troops to shell Marrow.",
    "The airstrike that was planned for Friday was called off.",
    "An attack on Tarn was foiled on Friday.",
    "A ban on airstrikes took effect on Friday.",
    # tallies and tolls are of no one event
    "Some 300 people have been arrested since March.",
    "The war has killed 250,000 people.",
    "Some 11.5 per cent of the population had been killed or injured.",
]


@pytest.mark.parametrize("text", HAPPENED)
def test_what_is_told_as_having_happened_makes_one_incident(text: str) -> None:
    assert len(incidents(text)) == 1, read(text)


@pytest.mark.parametrize("text", DID_NOT)
def test_what_is_not_told_as_having_happened_makes_none(text: str) -> None:
    assert incidents(text) == []


def test_a_denial_keeps_what_is_denied() -> None:
    claim = one("The Northern Army denied shelling Marrow on Saturday.", "attack.shelling")
    assert (claim["stance"], claim["modality"], claim["negated"]) == ("denies", "actual", False)
    assert claim["actors"] == ["north"]
    assert claim["place"] == "Marrow"


def test_a_denied_claim_is_the_last_one_made() -> None:
    text = "The River Brigade said the Northern Army had shelled Marrow. The Northern Army denied the claim."
    first, second = [row for row in read(text) if row["event_type"] == "attack.shelling"]
    assert (first["stance"], second["stance"]) == ("asserts", "denies")
    assert second["actors"] == ["north"]
    assert second["chain"][-1]["source"] == "north"


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("The Northern Army plans to shell Marrow.", "intended"),
        ("The Northern Army will shell Marrow.", "intended"),
        ("The Northern Army pledged to withdraw from Marrow.", "pledged"),
        ("Russia proposed that the Northern Army withdraw from Marrow.", "proposed"),
        ("Russia called on the Northern Army to withdraw from Marrow.", "requested"),
        ("The Northern Army must withdraw from Marrow.", "obligation"),
        ("The Northern Army would withdraw from Marrow.", "conditional"),
        ("If agreed, the Northern Army has to withdraw from Marrow.", "obligation"),
        ("The Northern Army withdrew from Marrow.", "actual"),
    ],
)
def test_modality(text: str, modality: str) -> None:
    kind = "attack.shelling" if "shell" in text else "military.withdraw"
    assert one(text, kind)["modality"] == modality


@pytest.mark.parametrize(
    ("verb", "stance"),
    [
        ("said", "asserts"),
        ("admitted", "admits"),
        ("denied", "denies"),
        ("warned", "warns"),
        ("alleged", "accuses"),
        ("insisted", "asserts"),
        ("claimed", "asserts"),
    ],
)
def test_stance_follows_the_cue(verb: str, stance: str) -> None:
    claim = one(f"The River Brigade {verb} that the Northern Army had shelled Marrow.", "attack.shelling")
    assert claim["stance"] == stance
    assert claim["modality"] == "actual"


def test_a_word_that_keeps_its_distance_is_noted_and_not_a_denial() -> None:
    claim = one("The River Brigade claimed the Northern Army had shelled Marrow.", "attack.shelling")
    assert claim["stance"] == "asserts"
    assert "distanced" in claim["rules"]


def test_a_caption_makes_no_new_event() -> None:
    text = (
        "Talks go on\n\n"
        "This file photo shows a jet after it bombed Marrow. (AP)\n\n"
        "Talks went on in Tarn on Monday."
    )
    (claim,) = [row for row in read(text) if row["event_type"].startswith("attack.")]
    assert claim["kind"] == "caption"


def test_a_title_does_not_tell_the_same_event_twice() -> None:
    text = (
        "Shelling kills five in Marrow\n\nThe Northern Army shelled Marrow on Saturday, killing five people."
    )
    assert len(incidents(text)) == 1


def test_self_defence_is_a_plea() -> None:
    claim = one(
        "The Northern Army said it responded to fire from the River Brigade.", "position.self_defence"
    )
    assert (claim["actors"], claim["modality"]) == (["north"], "actual")


def test_who_claims_responsibility_admits() -> None:
    claim = one("The River Brigade claimed responsibility for the ambush in Tarn on Friday.", "attack.ambush")
    assert (claim["stance"], claim["actors"]) == ("admits", ["river"])
