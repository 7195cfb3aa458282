"""Who, whom, where and through whom: the fields of a claim, and what changes when one word does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from holdfire.reading.prose import read as read_prose
from holdfire.records.claim import CLAIM
from prosing import context, one, read, report, words


def test_the_table_has_the_schema_and_its_order() -> None:
    text = "The Northern Army shelled Marrow on Saturday. The River Brigade captured Tarn on Sunday."
    table = read_prose(text, report(text), context())
    assert table.schema.equals(CLAIM.arrow)
    assert table["seq"].to_pylist() == [1, 2]
    assert table["row"].to_pylist() == [None, None]


# Who and whom --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "actors", "targets", "directed"),
    [
        (
            "The Northern Army shelled the River Brigade in Marrow.",
            "attack.shelling",
            ["north"],
            ["river"],
            True,
        ),
        (
            "The River Brigade was shelled by the Northern Army.",
            "attack.shelling",
            ["north"],
            ["river"],
            True,
        ),
        ("Russian airstrikes hit Marrow.", "attack.airstrike", ["russia"], None, True),
        ("Russia's airstrikes hit the River Brigade.", "attack.airstrike", ["russia"], ["river"], True),
        ("Airstrikes by Russia hit Marrow.", "attack.airstrike", ["russia"], None, True),
        (
            "Russia carried out airstrikes on the River Brigade.",
            "attack.airstrike",
            ["russia"],
            ["river"],
            True,
        ),
        (
            "Clashes between the River Brigade and the Northern Army broke out.",
            "attack.armed_clash",
            ["river"],
            ["north"],
            False,
        ),
        (
            "The River Brigade clashed with the Northern Army.",
            "attack.armed_clash",
            ["river"],
            ["north"],
            False,
        ),
        ("Shelling killed five civilians in Marrow.", "attack.shelling", None, ["civilians"], True),
        ("Gunmen attacked a school in Marrow.", "attack.violence", ["~gunmen"], None, True),
        (
            "The River Brigade accused the Northern Army of shelling Marrow.",
            "attack.shelling",
            ["north"],
            None,
            True,
        ),
        (
            "The River Brigade said the Northern Army had shelled it.",
            "attack.shelling",
            ["north"],
            ["river"],
            True,
        ),
        ("US-backed fighters shelled Marrow.", "attack.shelling", ["~us backed fighters"], None, True),
    ],
)
def test_roles(
    text: str, kind: str, actors: list[str] | None, targets: list[str] | None, directed: bool
) -> None:
    row = one(text, kind)
    assert (row["actors"], row["targets"], row["directed"]) == (actors, targets, directed)


@pytest.mark.parametrize("label", ["terrorists", "takfiri militants", "firebrands", "extremists"])
def test_a_loaded_label_stays_text_and_names_no_group(label: str) -> None:
    row = one(f"The {label} shelled Marrow.", "attack.shelling")
    assert row["actors"] is None
    assert row["actors_text"].removeprefix("The ") == label


def test_a_name_means_what_it_meant_when_the_text_was_published() -> None:
    text = "The Free Lantern shelled Marrow."
    assert one(text, "attack.shelling", published="2031-08-01")["actors"] == ["lantern"]
    assert one(text, "attack.shelling", published="2031-07-01")["actors"] == ["~free lantern"]
    assert one(text, "attack.shelling", published="2031-07")["actors"] == ["~free lantern"]


def test_a_short_name_in_capitals_is_no_verb() -> None:
    assert one("IS shelled Marrow.", "attack.shelling")["actors"] == ["is"]
    assert one("It is shelling Marrow again.", "attack.shelling")["actors"] is None


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("Moscow shelled Marrow.", "russia"),
        ("The Kremlin's forces shelled Marrow.", "russia"),
        ("Russian troops shelled Marrow.", "russia"),
        ("Syrian troops shelled Marrow.", "syria-gov"),
        ("American forces shelled Marrow.", "us"),
    ],
)
def test_a_state_by_its_capital_house_or_demonym(text: str, actor: str) -> None:
    assert one(text, "attack.shelling")["actors"] == [actor]


def test_a_state_no_one_has_described_stays_so() -> None:
    assert one("French troops shelled Marrow.", "attack.shelling")["actors"] == ["~france"]


# Where ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words_", "place", "precision", "radius", "admin1"),
    [
        ("in Marrow", "Marrow", "settlement", 2500, "Varn"),
        ("near Marrow", "near Marrow", "near", 25000, "Varn"),
        ("north of Marrow", "north of Marrow", "near", 25000, "Varn"),
        ("40 km north of Marrow", "40 km north of Marrow", "near", 46500, "Varn"),
        ("in Varn", "Varn", "governorate", 90000, "Varn"),
        ("in Varn province", "Varn province", "governorate", 90000, "Varn"),
        ("in Varn city", "Varn city", "settlement", 2500, "Varn"),
        ("around Varn", "around Varn", "near", 25000, "Varn"),
        ("in Marrow in Varn province", "Marrow in Varn province", "settlement", 2500, "Varn"),
        ("in Esk", "Esk", "district", 35000, None),
        ("in the village of Nowhere", "Nowhere", "unknown", None, None),
        ("in Nowhere in Varn province", "Nowhere in Varn province", "governorate", 90000, "Varn"),
    ],
)
def test_place(words_: str, place: str, precision: str, radius: float | None, admin1: str | None) -> None:
    row = one(f"The Northern Army shelled a camp {words_} on Saturday.", "attack.shelling")
    found = (row["place"], row["geo_precision"], row["radius"], row["admin1"])
    assert found == (place, precision, radius, admin1)


def test_between_two_places_is_a_disc_that_holds_both() -> None:
    row = one("Shelling hit a road between Marrow and Tarn.", "attack.shelling")
    assert row["geo_precision"] == "near"
    assert (row["lat"], row["lon"]) == (pytest.approx(35.5), pytest.approx(36.85))
    assert row["radius"] > 33_000


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Damascus accused the Northern Army of shelling Marrow.", "Marrow"),
        ("Damascus said the Northern Army had shelled a camp.", None),
        ("The Northern Army shelled Damascus.", "Damascus"),
        ("Shells fired by the Northern Army hit a school in Damascus.", "Damascus"),
    ],
)
def test_a_capital_that_stands_for_its_government_is_no_place(text: str, place: str | None) -> None:
    (row,) = [r for r in read(text) if r["event_type"].startswith("attack.")]
    assert row["place"] == place


def test_a_dateline_is_where_the_reporter_sat() -> None:
    text = "TARN (Reuters) - The Northern Army shelled a camp on Saturday."
    row = one(text, "attack.shelling")
    assert row["place"] is None
    assert row["root"] == "wire:reuters"


# When ----------------------------------------------------------------------------------------------------


def test_the_time_of_saying_is_not_the_time_of_the_event() -> None:
    assert one("The army said on Sunday that rebels had shelled Marrow.", "attack.shelling")["start"] is None
    row = one("The army said on Sunday that rebels had shelled Marrow on Friday.", "attack.shelling")
    assert row["start"].isoformat() == "2031-02-27T21:00:00+00:00"
    assert (row["time_precision"], row["time_native"]) == ("day", "Friday")
    late = one("Rebels shelled Marrow, the army said on Sunday.", "attack.shelling")
    assert (late["start"], late["time_precision"]) == (None, "unknown")


# Through whom --------------------------------------------------------------------------------------------


def _chain(row: dict[str, Any]) -> list[tuple[str | None, str]]:
    return [(link["source"], link["text"]) for link in row["chain"]]


def test_the_publisher_comes_first_and_the_last_holds_the_stance() -> None:
    text = "The Morning Gazette reported that the Northern Army denied it had shelled Marrow."
    row = one(text, "attack.shelling")
    assert _chain(row) == [
        ("wire", "Wire"),
        ("gazette", "The Morning Gazette"),
        ("north", "the Northern Army"),
    ]
    assert (row["stance"], row["root"], row["voice"]) == ("denies", "voice:north", None)
    spans = [link["span"] for link in row["chain"]]
    assert spans[0] is None
    assert [text[a:b] for a, b in spans[1:]] == ["The Morning Gazette", "the Northern Army"]
    assert [text[slice(*link["cues"][0])] for link in row["chain"][1:]] == ["reported", "denied"]


def test_a_publisher_that_speaks_of_itself_is_one_link() -> None:
    row = one(
        "The Strip Monitor said that it had recorded 49 violations of the truce.",
        "ceasefire.violation",
        source="monitor",
    )
    assert _chain(row) == [("monitor", "Strip Monitor")]
    assert (row["root"], row["voice"]) == ("source:monitor", "monitor")


def test_an_unnamed_voice_is_no_root() -> None:
    row = one(
        "The Morning Gazette quoted an official as saying the army had shelled Marrow.", "attack.shelling"
    )
    assert [link["text"] for link in row["chain"]][-1] == "an official"
    assert row["root"] == "source:gazette"
    assert one("Activists said the army had shelled Marrow.", "attack.shelling")["root"] == "source:wire"


def test_it_goes_on_with_the_voice_before_and_says_so() -> None:
    text = (
        "The Morning Gazette reported that a new offer was made. "
        "Under the offer, the Northern Army would withdraw from Marrow."
    )
    row = one(text, "military.withdraw")
    assert _chain(row)[-1] == ("gazette", "The Morning Gazette")
    assert row["chain"][-1]["implicit"]
    assert "carried-over" in row["rules"]


def test_the_text_takes_its_own_voice_up_again() -> None:
    text = "The Morning Gazette reported that a new offer was made. The Northern Army withdrew from Marrow."
    assert len(one(text, "military.withdraw")["chain"]) == 1


def test_a_pronoun_stands_for_whoever_spoke_last() -> None:
    text = (
        "The Strip Monitor said shelling hit Tarn. It said that the Northern Army had withdrawn from Marrow."
    )
    assert _chain(one(text, "military.withdraw"))[-1] == ("monitor", "The Strip Monitor")


def test_a_wire_credit_is_a_root() -> None:
    text = "The army shelled Marrow on Saturday, killing five.\n\n--Reuters"
    assert one(text, "attack.shelling")["root"] == "wire:reuters"


# Identity and spans --------------------------------------------------------------------------------------


def test_a_span_holds_the_words_of_the_claim() -> None:
    front = "---\nsource: wire\n---\n"
    text = f"{front}Talks went on. The “Northern Army” shelled Marrow on Saturday, and it rained.\n"
    row = one(text, "attack.shelling")
    assert words(text, row) == "The “Northern Army” shelled Marrow on Saturday"


def test_an_id_stays_while_the_words_do_and_differs_by_report() -> None:
    text = "The Northern Army shelled Marrow. It shelled Tarn."
    again = [row["claim_id"] for row in read(text)]
    assert again == [row["claim_id"] for row in read(text)]
    assert len(set(again)) == len(again)
    assert not set(again) & {row["claim_id"] for row in read(text + " ")}


# One word changes one field -------------------------------------------------------------------------------

BASE = "The Northern Army shelled the River Brigade in Marrow on Saturday, killing five people."
PLAIN = {
    key: value
    for key, value in one(BASE, "attack.shelling").items()
    if key not in ("claim_id", "report", "spans", "reading")
}


@pytest.mark.parametrize(
    ("text", "published", "fields"),
    [
        (BASE.replace("Marrow", "Tarn"), "2031-03-06", {"place", "lat", "lon"}),
        (BASE.replace("River Brigade", "Iron Sons"), "2031-03-06", {"targets", "targets_text"}),
        (BASE.replace("five", "six"), "2031-03-06", {"killed_low", "killed_best", "killed_high"}),
        (BASE.replace("on Saturday", "on 2 March"), "2031-03-06", {"start", "end", "time_native"}),
        (BASE, "2031-03-13", {"start", "end"}),
        (BASE.replace("shelled", "did not shell"), "2031-03-06", {"negated"}),
        (
            "According to the Strip Monitor, the" + BASE[3:],
            "2031-03-06",
            {"chain", "root", "voice", "kind", "rules"},
        ),
        ("The River Brigade said the" + BASE[3:], "2031-03-06", {"chain", "root", "voice", "kind", "rules"}),
    ],
)
def test_a_mutation_changes_its_field_and_no_other(text: str, published: str, fields: set[str]) -> None:
    row = one(text, "attack.shelling", published=published)
    changed = {key for key, value in PLAIN.items() if row[key] != value}
    assert changed == fields


def test_another_masthead_changes_the_source_and_nothing_of_the_event() -> None:
    row = one(BASE, "attack.shelling", source="gazette")
    assert {key for key, value in PLAIN.items() if row[key] != value} == {"source", "chain", "root", "voice"}


def test_a_language_without_a_reader_is_not_read_for_claims() -> None:
    text = "Die Armee hat die Stadt am Samstag beschossen und fünf Menschen wurden bei dem Angriff getötet."
    said = replace(report(text), language="de")
    assert read_prose(text, said, context()).num_rows == 0
    unsaid = replace(report(text), language="")
    assert read_prose(text, unsaid, context()).num_rows == 0


# Three times ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "event", "said"),
    [
        (
            "The Strip Monitor said on Tuesday that the Northern Army shelled Marrow on Saturday.",
            "Saturday",
            "Tuesday",
        ),
        (
            "On Tuesday, the Strip Monitor said the Northern Army shelled Marrow on Saturday.",
            "Saturday",
            "Tuesday",
        ),
        ("The Northern Army shelled Marrow on Saturday.", "Saturday", None),
        ("The Strip Monitor said the Northern Army shelled Marrow on Saturday.", "Saturday", None),
        ("The Strip Monitor said on Tuesday that the Northern Army shelled Marrow.", None, "Tuesday"),
    ],
)
def test_the_time_of_the_event_and_of_the_saying_are_two_fields(
    text: str, event: str | None, said: str | None
) -> None:
    row = one(text, "attack.shelling")
    told = row["reading"]["said"]
    assert (row["time_native"], text[slice(*told)] if told else None) == (event, said)
    assert (row["reading"]["said_start"] is None) == (said is None)


def test_a_toll_stands_as_of_the_report_that_gives_it() -> None:
    said = "According to a February report by the Strip Monitor, "
    text = f"{said}over 470,000 people have been killed since 2011."
    row = one(text, "toll.deaths")
    reading = row["reading"]
    assert (row["quantity"], row["quantity_bound"], reading["low"], reading["high"]) == (
        470000,
        "lower",
        470000,
        None,
    )
    assert (reading["as_of_start"].month, reading["as_of_end"].month) in {(1, 2), (2, 2), (2, 3)}
    assert text[slice(*reading["number"])] == "over 470,000"


# Only the surest ------------------------------------------------------------------------------------------


def test_what_an_unsure_voice_says_is_left_out_and_never_the_publishers_word(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from holdfire.reading.prose import claims as room

    text = "The Strip Monitor said the Northern Army shelled Marrow. The River Brigade captured Tarn."
    here = replace(context(), precise=True)
    monkeypatch.setattr(room, "precise", lambda rule, group: False)
    kept = read_prose(text, report(text), here).to_pylist()
    assert [(row["event_type"], len(row["chain"])) for row in kept] == [("control.territory", 1)]
    monkeypatch.setattr(room, "precise", lambda rule, group: True)
    assert read_prose(text, report(text), here).num_rows == 2
