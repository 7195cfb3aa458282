"""Whom words take up that name nobody: marked articles, and what a change elsewhere must leave alone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from bench.reading.voices import answers, articles
from hypothesis import given
from hypothesis import strategies as st

from holdfire.reading.looking import held
from holdfire.reading.prose.sayings import chains as chains_
from prosing import one, read

ARTICLES = articles()


def _chain(row: dict[str, Any]) -> list[tuple[str | None, str]]:
    return [(link["source"], link["text"]) for link in row["chain"]]


@pytest.mark.parametrize("article", ARTICLES, ids=[each.name for each in ARTICLES])
def test_a_marked_mention_takes_up_whom_it_is_marked_with(article: Any) -> None:
    assert [a for a in answers(article) if a.wrong] == []


def test_few_mentions_stay_open() -> None:
    found = [a for article in ARTICLES for a in answers(article)]
    assert len(found) >= 120
    assert sum(a.right for a in found) >= 0.9 * len(found)


def test_a_set_with_wrong_marks_is_seen_through() -> None:
    """The measure can fail: told that everybody is somebody else, it says that all links are wrong."""
    (article,) = [each for each in ARTICLES if each.name == "yemen-1"]
    swapped = [a.found not in ("nobody else", "-") for a in answers(article)]
    assert sum(swapped) >= 8


# What stays open -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Hezbollah and Hamas issued statements. The group said that shelling hit Marrow.",
        "Anna Sorn met Petra Sorn. Sorn said that shelling hit Marrow.",
        "Hezbollah and Hamas met. The latter said that shelling hit Marrow.",
        "It said that shelling hit Marrow.",
        "The group said that shelling hit Marrow.",
        "The Strip Monitor said nothing.\n\n## Elsewhere\n\nIt said that shelling hit Marrow.",
    ],
)
def test_where_two_compete_or_nobody_was_named_it_stays_open(text: str) -> None:
    row = one(text, "attack.shelling", published="2031-03-06")
    assert _chain(row)[1][0] is None
    assert not any(rule.startswith("takes-up-") for rule in row["rules"])
    assert row["root"] in ("source:wire", "voice:sorn")


# What is taken up ----------------------------------------------------------------------------------------


def test_a_resolved_mention_keeps_its_own_words_and_says_by_which_rule() -> None:
    text = "Hezbollah issued a statement. The group said that shelling hit Marrow."
    row = one(text, "attack.shelling", published="2016-07-01")
    link = row["chain"][-1]
    assert (link["source"], link["text"]) == ("~hezbollah", "Hezbollah")
    assert text[slice(*link["span"])] == "The group"
    assert not link["implicit"]
    assert "takes-up-the-group" in row["rules"]
    assert row["root"] == "voice:hezbollah"


def test_an_acronym_in_parentheses_is_whom_it_shortens() -> None:
    text = "The Vale Relief Committee (VRC) opened a camp. The VRC said that shelling hit Marrow."
    assert _chain(one(text, "attack.shelling"))[-1] == (None, "Vale Relief Committee")


def test_an_acronym_that_shortens_nothing_is_itself() -> None:
    text = "The Vale Relief Committee (HQ) opened a camp. The VRC said that shelling hit Marrow."
    assert _chain(one(text, "attack.shelling"))[-1][1] == "The VRC"


def test_a_surname_is_whom_it_was_said_of() -> None:
    text = "Ilia Varga, a medic, said beds were full. Varga said that shelling hit Marrow."
    assert _chain(one(text, "attack.shelling"))[-1] == (None, "Ilia Varga")


def test_an_office_is_the_state_and_its_holder_is_known_by_the_day() -> None:
    row = one(
        "The US secretary of state said that shelling hit Marrow.", "attack.shelling", published="2016-06-20"
    )
    assert row["chain"][-1]["source"] == "us"
    assert held("US", "secretary of state", date(2016, 6, 20)) == "John Kerry"


def test_the_two_sides_are_the_two_that_were_named() -> None:
    text = "Russia and the River Brigade met in Tarn. The two sides shelled Marrow."
    row = one(text, "attack.shelling")
    assert row["actors"] == ["river", "russia"]
    three = "Russia, Israel and the River Brigade met in Tarn. The two sides shelled Marrow."
    assert not {"river", "russia", "~israel"} & set(one(three, "attack.shelling")["actors"] or ())


def test_an_actor_is_taken_up_from_the_sentence_before() -> None:
    assert one("The River Brigade left Tarn. It shelled Marrow.", "attack.shelling")["actors"] == ["river"]
    assert one("It shelled Marrow.", "attack.shelling")["actors"] is None


def test_unnamed_officials_are_no_root() -> None:
    row = one(
        "US military officials said that shelling hit Marrow.", "attack.shelling", published="2016-07-01"
    )
    assert row["chain"][-1]["source"] == "us"
    assert row["root"] == "source:wire"


def test_two_links_of_one_state_stay_two() -> None:
    text = "The Kremlin said that Russian officials had said that shelling hit Marrow."
    row = one(text, "attack.shelling", published="2016-07-01")
    assert [link["text"] for link in row["chain"]] == ["Wire", "The Kremlin", "Russian officials"]


def test_a_report_of_the_title_is_the_one_named_below() -> None:
    text = (
        "Army shelled Marrow: Report\n\nA camp in Marrow was shelled on Saturday, a new report says.\n\n"
        "The army shelled the camp twice, according to the Morning Gazette report.\n"
    )
    rows = [row for row in read(text) if row["event_type"] == "attack.shelling"]
    assert {link["source"] for row in rows for link in row["chain"][1:]} == {"gazette"}


# A voice that is carried ---------------------------------------------------------------------------------

OFFERED = "The Morning Gazette reported that a new offer was made."


def test_a_carried_voice_is_marked() -> None:
    row = one(f"{OFFERED} Under the offer, the army would withdraw from Marrow.", "military.withdraw")
    assert [(link["source"], link["implicit"]) for link in row["chain"]] == [
        ("wire", False),
        ("gazette", True),
    ]
    assert "carried-over" in row["rules"]


@pytest.mark.parametrize(
    "between",
    [
        "\n\n## Elsewhere\n\n",
        " Rain fell in the hills all day. ",
        "\n\nRain fell.\n\nSnow fell in the hills.\n\n",
    ],
)
def test_a_voice_is_not_carried_past_a_heading_or_the_text_s_own_words(between: str) -> None:
    text = f"A title\n\n{OFFERED}{between}Under the offer, the army would withdraw from Marrow. So it goes."
    assert [link["source"] for link in one(text, "military.withdraw")["chain"]] == ["wire"]


def test_carrying_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    made = chains_.Chains.__init__

    def without(self: Any, *given_: Any, **named: Any) -> None:
        made(self, *given_, **{**named, "carry": False})

    monkeypatch.setattr(chains_.Chains, "__init__", without)
    row = one(f"{OFFERED} Under the offer, the army would withdraw from Marrow.", "military.withdraw")
    assert [link["source"] for link in row["chain"]] == ["wire"]


# Properties ----------------------------------------------------------------------------------------------

TEXT = (
    "The Strip Monitor said shelling hit Tarn. It said that the Northern Army had shelled Marrow. "
    "Hezbollah denied that it had shelled Esk. The group said that airstrikes hit Varn."
)
TAILS = [
    "Rain fell in the hills.",
    "The Morning Gazette said that schools were closed.",
    "He said so.",
    "The two sides met again.",
    "A new report says so.",
    "Ilia Varga (IV), a medic, said it was late.",
]


def _plain(text: str) -> list[tuple[Any, ...]]:
    fields = ("event_type", "actors", "targets", "root", "stance")
    return [(*(row[f] for f in fields), _chain(row)) for row in read(text, published="2016-07-01")]


@given(st.lists(st.sampled_from(TAILS), min_size=1, max_size=3))
def test_a_sentence_at_the_end_changes_no_earlier_claim(tails: list[str]) -> None:
    before = _plain(TEXT)
    assert _plain(" ".join([TEXT, *tails]))[: len(before)] == before


@given(st.sampled_from(["Hamas", "Jaysh al-Islam", "Ahrar al-Sham"]))
def test_renaming_a_voice_changes_that_voice_and_no_other(name: str) -> None:
    before, after = _plain(TEXT), _plain(TEXT.replace("Hezbollah", name))
    assert len(before) == len(after)

    def renamed(value: Any) -> Any:
        if isinstance(value, str):
            key = name.lower().replace("-", " ")
            return value.replace(name, "Hezbollah").replace(key, "hezbollah")
        if isinstance(value, list | tuple):
            return type(value)(renamed(each) for each in value)
        return value

    assert [renamed(row) for row in after] == before
    assert after != before
