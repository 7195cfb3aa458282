"""Public names: whom each means on a day, and whom it does not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from holdfire.reading.dictionary import dictionary
from holdfire.reading.looking import held, look
from holdfire.reading.prose.names.nounphrases import is_label

RENAMED = date(2016, 7, 28)


def _who(name: str, on: date | None = date(2016, 7, 1)) -> str | None:
    found = dictionary().find(name, on)
    return found and found.entity.id


@pytest.mark.parametrize(
    ("name", "on", "entity"),
    [
        ("al-Nusra Front", date(2016, 7, 27), "nusra"),
        ("al-Nusra Front", RENAMED, "nusra"),  # texts went on using it
        ("Jabhat Fateh al-Sham", RENAMED - timedelta(days=1), None),
        ("Jabhat Fateh al-Sham", RENAMED, "nusra"),
        ("Hay'at Tahrir al-Sham", date(2017, 1, 27), None),
        ("Hay'at Tahrir al-Sham", date(2017, 1, 28), "hayat tahrir al-sham"),
        ("Islamic State", date(2014, 6, 28), None),
        ("Islamic State", date(2014, 6, 29), "daesh"),
        ("ISIL", date(2013, 4, 8), None),
        ("Syrian Democratic Forces", date(2015, 10, 9), None),
        ("Syrian Democratic Forces", date(2015, 10, 10), "syrian democratic forces"),
        ("Türkiye", date(2022, 6, 1), None),
        ("Türkiye", date(2022, 6, 2), "turkey"),
        ("Liwa al-Islam", date(2013, 9, 28), "jaysh al-islam"),
        ("Liwa al-Islam", date(2013, 9, 29), None),
    ],
)
def test_a_name_means_whom_it_meant_that_day(name: str, on: date, entity: str | None) -> None:
    assert _who(name, on) == entity


@pytest.mark.parametrize(
    "name", ["Daesh", "ISIS", "ISIL", "IS", "the Islamic State", "داعش", "État islamique", "ИГИЛ", "EI"]
)
def test_one_group_in_four_languages(name: str) -> None:
    assert _who(name) == "daesh"


@pytest.mark.parametrize(
    ("name", "entity"),
    [
        ("Хезболлы", "hezbollah"),
        ("Хезболлой", "hezbollah"),
        ("Сирией", "syria"),
        ("Исламского государства", "daesh"),
        ("Лавровым", "russia"),
        ("النظام السوري", "syria"),
        ("Observatoire syrien des droits de l’homme", "syrian observatory for human rights"),
        ("the Donetsk People’s Republic", "donetsk people's republic"),
        ("U.S.", "united states"),
    ],
)
def test_spellings_and_cases_are_seen_through(name: str, entity: str) -> None:
    assert _who(name) == entity


@pytest.mark.parametrize(
    ("office", "on", "holder"),
    [
        ("secretary of state", date(2016, 6, 15), "John Kerry"),
        ("Secretary of State", date(2013, 1, 31), "Hillary Clinton"),
        ("defense secretary", date(2016, 6, 15), "Ashton Carter"),
        ("president", date(2017, 1, 20), "Donald Trump"),
        ("president", date(2017, 1, 19), "Barack Obama"),
        ("president", date(2021, 1, 20), "Joe Biden"),
        ("president", date(2025, 1, 20), "Donald Trump"),
        ("secretary of state", date(2018, 4, 10), None),  # nobody confirmed in office
        ("postmaster", date(2016, 6, 15), None),
    ],
)
def test_an_office_and_a_day_give_its_holder(office: str, on: date, holder: str | None) -> None:
    assert held("US", office, on) == holder


def test_no_office_has_two_holders_on_any_day() -> None:
    for entity in dictionary().entities.values():
        terms = {
            (n.office, n.holder, n.start, n.until) for n in entity.names if n.part == "holder" and n.start
        }
        for office, holder, start, until in terms:
            for other, whom, begun, ended in terms:
                if other != office or whom == holder:
                    continue
                assert (ended is not None and ended <= start) or (until is not None and until <= begun), (
                    entity.id,
                    holder,
                    whom,
                )


def test_every_tie_is_to_an_entity_and_every_period_ends_after_it_starts() -> None:
    known = dictionary().entities
    for entity in known.values():
        for tie in entity.part_of:
            assert tie.to in known, (entity.id, tie)
            assert tie.start is None or tie.until is None or tie.start < tie.until
        assert not entity.of or entity.of in known, entity.id
        assert set(entity.formed_of) <= set(known), entity.id
        for name in entity.names:
            assert name.start is None or name.until is None or name.start < name.until, (entity.id, name)


def test_no_name_means_two_on_one_day() -> None:
    """A day is taken in each year, so a clash of any length above a year is met."""
    known = dictionary()
    for entity in known.entities.values():
        for name in entity.names:
            for year in range(2011, 2026):
                on = date(year, 7, 1)
                if name.borne(on):
                    found = known.find(name.text, on)
                    assert found is not None, (name, on)
                    assert found.entity.id == entity.id, (name, on, found.entity.id)


@pytest.mark.parametrize("label", ["terrorists", "takfiri", "mercenaries", "fascists", "orcs", "militants"])
def test_a_loaded_label_is_nobodys_name(label: str) -> None:
    assert is_label(label)
    assert dictionary().bearers(label) == []
    assert look(label, RENAMED).meant is None


def test_a_name_with_no_day_means_someone_only_if_it_always_did() -> None:
    assert _who("Jabhat Fateh al-Sham", None) == "nusra"
    assert _who("Prime Minister", None) is None


def test_a_look_says_what_a_name_meant_and_why() -> None:
    said = str(look("al-Nusra", date(2016, 9, 1)))
    assert "al-Nusra Front (group)" in said
    assert "then   called Jabhat Fateh al-Sham" in said
    before = look("Jabhat Fateh al-Sham", date(2016, 7, 1))
    assert before.meant is None
    assert [found.entity.id for found in before.others] == ["nusra"]
