"""Where events are said to be: words that widen, several places, other languages, spellings, homonyms."""

from __future__ import annotations

import pytest

from holdfire.places import ACLED, UCDP, GeoPrecision
from holdfire.reading import prose
from holdfire.reading.gazetteer.atlas import Atlas
from holdfire.reading.gazetteer.building import gazetteer
from holdfire.reading.gazetteer.countries import world
from holdfire.reading.gazetteer.sources import places_of
from holdfire.reading.prose.names.actors import Cast
from holdfire.reading.prose.places.geoparsing import toponyms
from holdfire.reading.prose.places.toponyms import Where, places, survey
from holdfire.reading.prose.words.tokens import sentences
from holdfire.records.casefile import Gazetteer, PlaceNote
from holdfire.tables import rows
from prosing import context, report

TABLE = """level,name_en,name_ar,alt,pcode,adm1,lat,lon,population,country
settlement,Saraqiya,السراقية,Саракия|Saraquié,SY9901,Idlib,35.86,36.80,40000,SY
settlement,Tell Amran,تل عمران,Тель-Амран,SY9902,Idlib,35.70,36.70,9000,SY
settlement,Marzuq,مرزوق,Марзук,SY9903,Homs,34.60,36.90,60000,SY
settlement,Marzuq,مرزوق,,SY9904,Aleppo,36.50,37.30,1000,SY
settlement,Kafr Zayn,كفر زين,,SY9905,Hama,35.20,36.60,3000,SY
settlement,Damascus,دمشق,Дамаск|Damas,SY9906,Damascus,33.51,36.29,1700000,SY
settlement,Homs,حمص,Хомс,SY9907,Homs,34.73,36.72,775000,SY
settlement,Lesser Paris,,Paris,XX01,Other,1.0,1.0,20000,XX
"""
ATLAS = Atlas(gazetteer([places_of(TABLE.encode(), "t.csv")]), above=world())


NOWHERE = Gazetteer()
HOME = Gazetteer([PlaceNote(id="syria", name={"en": "Syria"}, level="country", lat=35.0, lon=38.0)])


def found(text: str, atlas: Atlas = ATLAS, gazetteer: Gazetteer = NOWHERE) -> list[Where]:
    cast = Cast(context(gazetteer=gazetteer, atlas=atlas), "2031-03-06")
    read = list(sentences(text, 0, len(text), 0, "body"))
    survey(cast, read)
    return [where for s in read for where in places(s, cast)]


@pytest.mark.parametrize(
    ("words", "precision", "radius"),
    [
        ("in Saraqiya", "settlement", 2_500),
        ("in the town of Saraqiya", "settlement", 2_500),
        ("near Saraqiya", "near", 25_000),
        ("on the outskirts of Saraqiya", "near", 25_000),
        ("in the countryside of Saraqiya", "near", 25_000),
        ("north of Saraqiya", "near", 25_000),
        ("on the road to Saraqiya", "near", 25_000),
        ("40 km north of Saraqiya", "near", 46_820),
        ("in Idlib province", "governorate", 60_000),
        ("in northern Syria", "country", None),
    ],
)
def test_words_widen(words: str, precision: str, radius: float | None) -> None:
    (where,) = found(f"Shells fell {words} on Saturday.")
    assert where.precision == precision
    assert where.radius is None if radius is None else where.radius == pytest.approx(radius, rel=0.12)
    assert where.id


@pytest.mark.parametrize("words", ["between Saraqiya and Tell Amran", "on the Saraqiya-Tell Amran highway"])
def test_between_two_places_lies_what_lies_between(words: str) -> None:
    (where,) = found(f"The column was hit {words}.")
    assert where.precision == GeoPrecision.NEAR
    assert where.lat == pytest.approx(35.78, abs=0.01)
    assert where.radius is not None
    assert where.radius > 11_000


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Shells fell in Marzuq, Aleppo, on Saturday.", "Aleppo"),
        ("Fighting went on in Homs. A mortar hit Marzuq.", "Homs"),
        ("Shells fell on Kafr Zayn in Hama province.", "Hama"),
    ],
)
def test_of_two_places_of_a_name_the_text_decides(text: str, unit: str) -> None:
    assert found(text)[-1].admin1 == unit


def test_a_place_no_gazetteer_knows_stays_a_string() -> None:
    (where,) = found("Shells fell in the village of Umm Qandil.")
    assert (where.text, where.lat, where.precision, where.id) == ("Umm Qandil", None, "unknown", "")


def test_another_spelling_after_a_word_for_town_is_found() -> None:
    (where, *_) = found("In Syria, shells fell on the town of Kafar Zein.")[1:]
    assert where.id == "settlement-SY9905"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("قصفت الطائرات بلدة السراقية أمس.", "SY9901"),
        ("وقع انفجار في دمشق.", "SY-DI"),
        ("وقع انفجار بدمشق أمس.", "SY-DI"),
        ("سقطت قذائف على ريف حمص الشمالي.", "SY9907"),
        ("Взрыв прогремел в Дамаске.", "SY-DI"),
        ("Обстрелян город Хомс.", "SY9907"),
        ("Бои идут около Хомса.", "SY9907"),
        ("Une explosion a eu lieu à Damas.", "SY-DI"),
        ("Des obus sont tombés près de Saraquié.", "SY9901"),
    ],
)
def test_names_with_what_is_written_onto_them_and_in_other_cases(text: str, place: str) -> None:
    assert [where.id.removeprefix("settlement-") for where in found(text)] == [place]


def test_near_in_other_languages_widens() -> None:
    for text in (
        "سقطت قذائف على ريف حمص الشمالي.",
        "Бои идут под Хомсом.",
        "Des obus sont tombés près de Homs.",
    ):
        (where,) = found(text)
        assert where.radius is not None
        assert where.radius >= 25_000, text


def test_several_places_of_one_claim_the_main_one_first() -> None:
    text = "The army shelled Saraqiya, Tell Amran and Kafr Zayn on Saturday."
    table = prose.read(text, report(text), context(gazetteer=Gazetteer(), atlas=ATLAS))
    (row,) = [row for row in rows(table) if row["event_type"] == "attack.shelling"]
    assert row["place"] == "Saraqiya"
    assert [text[slice(*each["span"])] for each in row["reading"]["places"]] == [
        "Saraqiya",
        "Tell Amran",
        "Kafr Zayn",
    ]


def test_a_dateline_is_where_it_was_filed_and_not_where_it_happened() -> None:
    text = "DAMASCUS, March 5 (Wire) - Shells killed two people in Saraqiya on Friday.\n\nNo one claimed it."
    table = prose.read(text, report(text), context(gazetteer=Gazetteer(), atlas=ATLAS))
    assert {row["place"] for row in rows(table) if row["place"]} == {"Saraqiya"}


def test_every_name_is_listed_with_its_span() -> None:
    text = "Syria and Iraq agreed. The convoy left Damascus for Homs."
    listed = toponyms(text, context(gazetteer=Gazetteer(), atlas=ATLAS))
    assert [text[slice(*each.span)] for each in listed] == ["Syria", "Iraq", "Damascus", "Homs"]


def test_a_hundred_thousand_words_of_names_take_time_in_proportion() -> None:
    import time

    def seconds(count: int) -> float:
        text = "Saraqiya and Marzuq near Damascus. " * count
        started = time.perf_counter()
        toponyms(text, context(gazetteer=Gazetteer(), atlas=ATLAS))
        return time.perf_counter() - started

    seconds(50)
    one, ten = seconds(200), seconds(2000)
    assert ten < 25 * one + 0.5


def test_classes_have_the_codes_of_ucdp_and_acled() -> None:
    for precision in GeoPrecision:
        assert (precision in UCDP) == (precision != GeoPrecision.UNKNOWN)
        assert (precision in ACLED) == (precision in UCDP)
    assert list(UCDP.values()) == sorted(UCDP.values())


def test_a_piece_of_a_name_and_the_name_of_a_gas_are_no_places() -> None:
    table = TABLE + "settlement,Khan,خان,,SY9908,Idlib,35.1,36.1,900,SY\n"
    table += "settlement,Sarin,,,SY9909,Aleppo,36.1,37.1,900,SY\n"
    atlas = _atlas(table)
    text = "Sarin gas was used in Khan on Monday."
    assert not [where for where in found(text, atlas, HOME) if where.id]


def test_a_governorate_of_the_case_is_known_by_a_near_spelling() -> None:
    table = TABLE + "governorate,Bayr ez-Zur,بير الزور,,SY99,Bayr ez-Zur,35.3,40.1,,SY\n"
    text = "Shells hit houses in Bayr al-Zour on Monday."
    units = [where.admin1 for where in found(text, _atlas(table), HOME)]
    assert units == ["Bayr ez-Zur"]
    assert [where.admin1 for where in found(text, _atlas(table))] == [None]


def _atlas(table: str) -> Atlas:
    return Atlas(gazetteer([places_of(table.encode(), "t.csv")]), above=world())
