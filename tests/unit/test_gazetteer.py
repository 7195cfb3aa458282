"""A gazetteer is built from files of places, found by any spelling, and never guessed from."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from holdfire.errors import BadInput
from holdfire.reading.gazetteer import geonames
from holdfire.reading.gazetteer.atlas import Atlas
from holdfire.reading.gazetteer.building import gazetteer
from holdfire.reading.gazetteer.choosing import Setting, chosen
from holdfire.reading.gazetteer.countries import world
from holdfire.reading.gazetteer.learning import Pair, learn
from holdfire.reading.gazetteer.sources import places_of
from holdfire.reading.gazetteer.spelling import bones, key, unlikeness
from holdfire.reading.gazetteer.strings import locate

TABLE = """level,name_en,name_ar,alt,pcode,adm1,lat,lon,population,country
settlement,Kafr Marrow,كفر مارو,Kafr Maro|Kfar Marou,XX01,Varn,35.80,36.80,4000,XX
settlement,Marrow,مارو,,XX02,Varn,35.90,36.60,90000,XX
settlement,Marrow,مارو,,XX03,Esk,33.10,36.10,2000,XX
settlement,Tall Sarrin,تل سرين,,XX04,Varn,35.50,36.95,1000,XX
settlement,Tall Zarrin,تل زرين,,XX05,Esk,33.20,36.30,1000,XX
neighbourhood,Old Mill,الطاحونة القديمة,,XX06,Varn,35.905,36.61,,XX
governorate,Varn,فارن,,XX,,35.7,36.7,,XX
governorate,Esk,إسك,,XX,,33.2,36.2,,XX
"""


def atlas() -> Atlas:
    return Atlas(gazetteer([places_of(TABLE.encode(), "places.csv")]))


def test_one_name_in_many_spellings_has_one_key_or_the_same_bones() -> None:
    assert key("Ma’arrat  an-Nu‘mān") == key("Maarrat an Numan")
    assert key("الرّقّة") == key("الرقه")
    for one, other in (
        ("Dayr az-Zawr", "Deir Ezzor"),
        ("Kafr Takharim", "Kfar Takhareem"),
        ("Tell Rifaat", "Tal Refa'at"),
        ("al-Qusayr", "Qusair"),
        ("ash-Shaykh Miskin", "Al-Sheikh Meskeen"),
        ("Jisr ash-Shughur", "جسر الشغور"),
        ("Saraqib", "سراقب"),
    ):
        assert bones(one) == bones(other), (one, other)
        assert unlikeness(one, other) < 0.75, (one, other, unlikeness(one, other))


def test_other_names_lie_far_apart() -> None:
    for one, other in (("Homs", "Hama"), ("Raqqa", "Rastan"), ("Idlib", "Azaz")):
        assert unlikeness(one, other) >= 1


def test_a_name_is_found_by_any_spelling_and_in_either_script() -> None:
    found = atlas()
    for text in ("Kafr Marrow", "Kfar Marou", "Kafr-Maro", "كفر مارو", "كفرمارو"):
        place = locate(text, found)
        assert place is not None, text
        assert place.spot.id == "settlement-XX01"


def test_a_name_that_is_not_there_is_not_guessed() -> None:
    assert locate("Qandil Heights", atlas()) is None
    assert atlas().called(key("Qandil Heights")) == []


def test_two_places_of_one_name_are_told_apart_by_what_is_named_beside_them() -> None:
    found = atlas()
    places = [locate(text, found) for text in ("Marrow, Esk", "Marrow, Varn")]
    assert [p and p.spot.admin1 for p in places] == ["Esk", "Varn"]


def test_two_places_that_cannot_be_told_apart_are_not_chosen_between() -> None:
    some = [(0.0, spot) for spot in (*atlas().called("tall sarrin"), *atlas().called("tall zarrin"))]
    assert len(some) == 2
    assert chosen(some) is None
    assert chosen(some, Setting(units=frozenset({"esk"}))) is not None


def test_a_part_of_town_that_is_not_known_is_as_wide_as_the_town() -> None:
    place = locate("Lamp street, Marrow, Varn", atlas())
    assert place is not None
    assert (place.spot.name, place.whole) == ("Marrow", False)
    assert place.radius >= 10_000


def test_between_two_places_is_a_disc_over_both() -> None:
    place = locate("the area between Kafr Marrow and Tall Sarrin", atlas())
    assert place is not None
    assert place.radius > 15_000
    assert 35.5 < place.lat < 35.8


def test_a_dump_of_geonames_with_its_alternate_names() -> None:
    line = "\t".join(
        [
            "9000001",
            "Testholm",
            "Testholm",
            "Testolmo",
            "10.5",
            "20.5",
            "P",
            "PPL",
            "XX",
            "_",
            "01",
            "_",
            "_",
            "_",
            "1234",
            "_",
            "5",
            "UTC",
            "2020-01-01",
        ]
    )
    names = "1\t9000001\tfr\tTestaulme\n2\t9000001\tlink\thttps://example.org\n3\t9000001\tar\tتستهولم\n"
    assert geonames.is_alternates(names)
    made = Atlas(gazetteer([places_of(line.encode(), "XX.txt")], geonames.alternate_names(names)))
    (spot,) = made.called(key("Testaulme"))
    assert (spot.id, spot.population) == ("gn9000001", 1234)
    assert ("تستهولم", "ar") in made.names_of("gn9000001")
    assert not made.has("https://example.org")


def test_outlines_give_points_their_units() -> None:
    square = {"type": "Polygon", "coordinates": [[[36, 35], [37, 35], [37, 36], [36, 36], [36, 35]]]}
    unit = {"type": "Feature", "properties": {"shapeName": "Varn"}, "geometry": square}
    drawn = json.dumps({"type": "FeatureCollection", "features": [unit]}).encode()
    points = "name_en,lat,lon\nTarn,35.2,36.9\n"
    made = gazetteer(
        [places_of(gzip.compress(drawn), "syr_adm1.geojson.gz"), places_of(points.encode(), "p.csv")]
    )
    (tarn,) = Atlas(made).called("tarn")
    assert (tarn.country, tarn.admin1) == ("", "Varn")


def test_one_place_of_two_sources_is_one() -> None:
    other = "name_en,lat,lon,population\nKafar Maru,35.801,36.801,4100\n"
    made = Atlas(gazetteer([places_of(TABLE.encode(), "a.csv"), places_of(other.encode(), "b.csv")]))
    (spot,) = made.called("kafar maru")
    assert (spot.id, spot.name, spot.population) == ("settlement-XX01", "Kafr Marrow", 4100)


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"a,b\n1,2\n", "x.csv"), (b"{}", "x.geojson"), (b"PAR1", "x.parquet"), (b"one\ttwo\n", "x.txt")],
)
def test_a_file_of_no_known_kind_is_refused(content: bytes, name: str) -> None:
    with pytest.raises(BadInput):
        places_of(content, name)


def test_bytes_that_are_no_gazetteer_are_refused_when_asked() -> None:
    with pytest.raises(BadInput, match="no gazetteer"):
        Atlas(b"nothing").called("x")


def test_the_same_sources_give_the_same_bytes() -> None:
    one, other = (gazetteer([places_of(TABLE.encode(), "places.csv")]) for _ in range(2))
    assert one == other


def test_differences_are_learned_and_no_name_is_kept() -> None:
    pairs = [Pair(f"{stem}ath", f"{stem}as") for stem in ("mor", "bal", "fir", "kos", "lum", "nab")]
    made = learn(pairs)
    assert made["likes"]["Ts"] < 0.3
    assert "moras" not in json.dumps(made)


def test_the_world_is_known_without_any_file() -> None:
    for text, code in (("Syria", "SY"), ("سوريا", "SY"), ("Сирия", "SY"), ("Syrie", "SY"), ("U.S.", "US")):
        assert [spot.country for spot in world().called(key(text))] == [code]
    assert {s.level for s in world().called("aleppo")} == {"governorate"}
    assert len([s for s in world().spots("governorate") if s.country == "SY"]) == 14


def test_of_a_large_gazetteer_only_what_is_asked_for_is_made(shared_data: Path) -> None:
    """So it loads at once, however many places it has."""
    files = ("syr_adm1.parquet", "syr_places.parquet")
    atlas = Atlas(gazetteer([places_of((shared_data / "geo" / f).read_bytes(), f) for f in files]))
    assert atlas.table.num_rows > 5_000
    found = atlas.called("damascus")
    assert found
    assert len(atlas._spots) == len(found)
    assert not atlas._groups, "no two names were compared"


def test_a_code_that_is_no_pcode_says_no_country() -> None:
    rows = ("place,Tarn,geonames:17,09,35.2,36.9", "place,Esk,SY0203,Varn,35.1,36.8")
    table = "\n".join(("level,name_en,pcode,adm1,lat,lon", *rows))
    tarn, esk = (Atlas(gazetteer([places_of(table.encode(), "t.csv")])).called(n)[0] for n in ("tarn", "esk"))
    assert (tarn.country, tarn.admin1) == ("", "")
    assert (esk.country, esk.admin1) == ("SY", "Varn")


def test_the_exact_spelling_comes_before_one_that_sounds_alike() -> None:
    table = "name_en,lat,lon\nFadmi,35.2,36.9\nFadmiyeh,33.1,36.8\n"
    found = Atlas(gazetteer([places_of(table.encode(), "t.csv")]))
    place = locate("Fadmi", found)
    assert place is not None
    assert place.spot.name == "Fadmi"
