"""Names, dates and numbers of a text in a language that is not read for claims."""

from __future__ import annotations

from holdfire.reading.prose import languages, mentions
from holdfire.records.actor import Actor, ActorKind, Alias, Names
from holdfire.records.casefile import Gazetteer, PlaceNote
from prosing import ALWAYS, context, report

HERE = context(
    names=Names(
        [
            Actor(
                "north",
                {"ar": "القوات الشمالية"},
                ActorKind.STATE,
                (Alias("القوات الشمالية", ALWAYS), Alias("Northern Army", ALWAYS)),
            )
        ]
    ),
    gazetteer=Gazetteer(
        [PlaceNote(id="marrow", name={"en": "Marrow", "ar": "مارو"}, level="settlement", lat=35.8, lon=36.8)]
    ),
)


def _found(text: str) -> list[tuple[str, str, str]]:
    return [(m.kind, text[slice(*m.span)], m.value) for m in mentions(text, report(text), HERE)]


def test_arabic_names_dates_and_numbers() -> None:
    text = "سجل المرصد 20 خرقاً للقوات الشمالية في بلدة مارو يوم 27 شباط 2031."
    assert _found(text) == [
        ("number", "20", "20"),
        ("actor", "للقوات الشمالية", "north"),
        ("place", "مارو", "مارو"),
        ("date", "27 شباط 2031", "27 شباط 2031"),
    ]


def test_words_written_onto_a_name_are_seen_through() -> None:
    assert ("place", "بمارو", "مارو") in _found("وقع انفجار بمارو.")
    assert ("actor", "والقوات الشمالية", "north") in _found("انسحب المسلحون والقوات الشمالية.")


def test_a_date_is_an_interval_of_the_case() -> None:
    (when,) = [m.when for m in mentions("يوم 27 شباط 2031", report(""), HERE) if m.kind == "date"]
    assert when is not None
    assert when.start is not None
    assert when.start.isoformat() == "2031-02-26T21:00:00+00:00"


def test_a_language_says_whether_it_is_read_for_claims() -> None:
    assert (languages()["en"], languages()["ar"]) == ("read for claims", "read for claims")
    assert languages()["*"].startswith("not read for claims")
