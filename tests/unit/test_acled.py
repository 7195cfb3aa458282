"""ACLED: its order of actors says nothing, and a zero may mean that no one said."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from holdfire.errors import BadInput
from holdfire.reading import layout
from holdfire.reading.formats.acled import Acled
from holdfire.testing import check_format
from tabling import acled, context, day, held, one, read

FORM = Acled()
OLD = {
    "event_type": "Battle-No change of territory",
    "event_date": "02/05/2031",
    "inter1": "1",
    "inter2": "2",
}


def test_it_holds_to_the_promises_of_a_format() -> None:
    for release in layout.load("acled").layouts:
        change = OLD if release.startswith("up to") else {}
        claims = check_format(FORM, "acled.csv", acled(change, change, release=release))
        assert claims.num_rows == 2


def test_upper_case_and_a_byte_order_mark_are_the_same_file() -> None:
    sample = acled(OLD, release="up to version 8")
    header, rows = sample.split(b"\n", 1)
    upper = b"\xef\xbb\xbf" + header.upper() + b"\n" + rows
    assert FORM.recognises("x.csv", upper)
    assert read(FORM, upper).drop(["claim_id", "report"]) == read(FORM, sample).drop(["claim_id", "report"])


SHELLED = {"event_type": "Explosions/Remote violence", "sub_event_type": "Shelling/artillery/missile attack"}
UNARMED = {"actor2": "Civilians (Strip)", "inter2": "Civilians"}
PROTEST = {"event_type": "Protests", "actor1": "Protesters (Strip)", "inter1": "Protesters"}
LONE = {"actor2": "", "inter2": ""}


@pytest.mark.parametrize(
    ("change", "kind", "actors", "targets", "directed"),
    [
        ({}, "attack.armed_clash", ["~military forces of north"], ["south"], False),
        (SHELLED, "attack.shelling", ["~military forces of north"], ["south"], False),
        ({**SHELLED, **UNARMED}, "attack.shelling", ["~military forces of north"], ["civilians"], True),
        ({**SHELLED, **LONE}, "attack.shelling", ["~military forces of north"], None, True),
        (
            {"event_type": "Violence against civilians", "sub_event_type": "Attack", **UNARMED},
            "attack.violence", ["~military forces of north"], ["civilians"], True,
        ),
        (
            {"event_type": "Violence against civilians", "sub_event_type": "Abduction/forced disappearance"},
            "detention.abduction", ["~military forces of north"], ["civilians"], True,
        ),
        (
            {**PROTEST, "sub_event_type": "Excessive force against protesters", "actor2": "South Front"},
            "attack.violence", ["south"], ["civilians"], True,
        ),
        (
            {**PROTEST, "sub_event_type": "Peaceful protest", **LONE},
            "protest.demonstration", ["civilians"], None, True,
        ),
        (
            {"event_type": "Strategic developments", "sub_event_type": "Agreement"},
            "diplomacy.agreement", ["~military forces of north"], ["south"], False,
        ),
        (
            {"event_type": "Strategic developments", "sub_event_type": "Arrests", **UNARMED},
            "detention.arrest", ["~military forces of north"], ["civilians"], True,
        ),
    ],
)  # fmt: skip
def test_who_acted_is_said_only_where_it_is(
    change: dict[str, str], kind: str, actors: Any, targets: Any, directed: bool
) -> None:
    claim = one(FORM, acled(change), context())
    assert (claim["event_type"], claim["actors"], claim["targets"], claim["directed"]) == (
        kind, actors, targets, directed,
    )  # fmt: skip


def test_allies_act_with_the_actor_and_are_named_with_it() -> None:
    claim = one(FORM, acled({"assoc_actor_2": "Hill Brigade; River Brigade"}), context())
    assert claim["targets"] == ["south", "~hill brigade", "~river brigade"]
    assert claim["targets_text"] == "South Front; Hill Brigade; River Brigade"


@pytest.mark.parametrize(("written", "low", "best"), [("3", 3, 3), ("0", 0, None)])
def test_no_one_says_how_many_at_most_and_zero_may_be_silence(
    written: str, low: int, best: int | None
) -> None:
    claim = one(FORM, acled({"fatalities": written}))
    assert (claim["killed_low"], claim["killed_best"], claim["killed_high"]) == (low, best, None)
    assert claim["civilians_low"] is None


@pytest.mark.parametrize(
    ("release", "written"),
    [
        ("up to version 8", "02/05/2031"),
        ("2019 to 2022", "02 May 2031"),
        ("2019 to 2022", "2 May 2031"),
        ("since 2023", "2031-05-02"),
    ],
)
def test_the_date_is_read_as_each_export_writes_it(release: str, written: str) -> None:
    change = OLD if release.startswith("up to") else {}
    claim = one(FORM, acled({**change, "event_date": written}, release=release))
    assert (claim["start"], claim["end"]) == day(date(2031, 5, 2))


@pytest.mark.parametrize(
    ("code", "first", "last", "precision"),
    [
        ("1", date(2031, 5, 14), date(2031, 5, 14), "day"),
        ("2", date(2031, 5, 10), date(2031, 5, 18), "week"),
        ("3", date(2031, 5, 1), date(2031, 5, 31), "month"),
    ],
)
def test_a_date_is_as_wide_as_its_code(code: str, first: date, last: date, precision: str) -> None:
    claim = one(FORM, acled({"event_date": "14 May 2031", "time_precision": code}))
    assert (claim["start"], claim["end"]) == day(first, last)
    assert (claim["time_precision"], claim["time_native"]) == (precision, code)


def test_numbers_and_words_of_inter_are_the_same_and_others_are_refused() -> None:
    word, number = acled({}), acled({"inter1": "1", "inter2": "2"})
    assert read(FORM, word).drop(["claim_id", "report"]) == read(FORM, number).drop(["claim_id", "report"])
    with pytest.raises(BadInput) as caught:
        read(FORM, acled({"inter1": "Rebel grup"}, {"sub_event_type": "Armed clas"}, {"year": "2030"}))
    assert [p.where for p in caught.value.problems] == [f"table.csv, row {n}" for n in (1, 2, 3)]
    assert caught.value.problems[0].hint.startswith('"Rebel group"?')
    assert caught.value.problems[1].hint.startswith('"Armed clash"?')


def test_notes_are_never_shown() -> None:
    sample = acled({"notes": "Someone Invented"})
    (fields,) = FORM.excerpts(held(sample), [1]).values()
    assert "Someone" not in str(fields)
    assert "latitude" not in fields
    assert fields["event_type"] == "Battles"


def test_every_type_of_event_is_of_a_family() -> None:
    kinds = layout.load("acled").values["event_type"]
    families = {kind.split(".")[0] for subs in kinds.values() for kind in subs.values()}
    assert families == {"attack", "control", "detention", "diplomacy", "other", "protest", "riot"}
