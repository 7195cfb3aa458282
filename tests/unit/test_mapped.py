"""Any table through a mapping: what is stated is read, what is not is refused, nothing is guessed."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.errors import BadInput
from holdfire.reading import workbook
from holdfire.reading.drafting import draft
from holdfire.reading.figures import bounds
from holdfire.reading.formats.mapped import Mapped
from holdfire.reading.mapping import read_mapping
from holdfire.tables import rows
from holdfire.testing import check_format
from tabling import acled, airwars, context, day, ged, held, packed, read, table

FORM = Mapped()
PLAIN = """
claims:
  event_type: {value: attack.shelling}
  start: Date
  place: Place
"""
WHOLE = """
separator: ";"
decimal: comma
missing: ["-"]
claims:
  event_type: {column: Type, values: {Frappe: attack.airstrike, Tir: attack.shelling}}
  start: {column: Jour, format: "%d/%m/%Y"}
  place: Lieu
  admin1: Gouvernorat
  lat: Lat
  lon: Lon
  geo_precision: {column: Exact, values: {oui: point, non: near}}
  actors: {column: Auteur, split: ","}
  targets: {column: Cible, values: {Civils: civilians, Sud: south}}
  killed: Morts
  injured_low: Blesses
  office: Source
"""
FRENCH = {
    "Type": "Tir", "Jour": "02/05/2031", "Lieu": "Marrow", "Gouvernorat": "Strip", "Lat": "30,5",
    "Lon": "11,25", "Exact": "non", "Auteur": "Government of North, Inconnus", "Cible": "Civils",
    "Morts": "3-5", "Blesses": "-", "Source": "SW", "Nom": "Someone Invented",
}  # fmt: skip


def french(**changes: str) -> bytes:
    return table(list(FRENCH), [{**FRENCH, **changes}], ";")


def claims(sample: bytes, mapping: str, name: str = "table.csv") -> list[dict[str, Any]]:
    return list(rows(read(FORM, sample, context(mapping=mapping), name)))


def problems(sample: bytes, mapping: str, name: str = "table.csv") -> list[str]:
    with pytest.raises(BadInput) as caught:
        claims(sample, mapping, name)
    return [f"{p.where}: {p.problem}" for p in caught.value.problems]


def test_it_holds_to_the_promises_of_a_format() -> None:
    assert check_format(FORM, "table.csv", french(), context(mapping=WHOLE)).num_rows == 1


def test_a_whole_row_is_read() -> None:
    (claim,) = claims(french(), WHOLE)
    assert (claim["event_type"], claim["directed"]) == ("attack.shelling", True)
    assert (claim["start"], claim["end"]) == day(date(2031, 5, 2))
    assert (claim["time_precision"], claim["time_native"]) == ("day", "02/05/2031")
    assert (claim["place"], claim["admin1"]) == ("Marrow", "The Strip")
    assert (claim["lat"], claim["lon"], claim["radius"]) == (30.5, 11.25, 25_000)
    assert (claim["geo_precision"], claim["geo_native"]) == ("near", "non")
    assert (claim["actors"], claim["targets"]) == (["north", "~inconnus"], ["civilians"])
    assert (claim["killed_low"], claim["killed_best"], claim["killed_high"]) == (3, None, 5)
    assert (claim["injured_low"], claim["injured_high"]) == (None, None)
    assert (claim["root"], claim["voice"]) == ("source:watch", "watch")


def test_without_a_mapping_nothing_is_read() -> None:
    assert problems(french(), "") == [
        "table.csv: this table needs a mapping, which says what its columns mean"
    ]


def test_it_leaves_known_datasets_to_their_own_formats() -> None:
    assert FORM.recognises("table.csv.gz", b"a,b\n")
    assert FORM.recognises("table.xlsx", b"PK\x03\x04")
    assert not FORM.recognises("report.txt", b"a,b\n")
    for sample in (ged({}), acled({}), airwars({})):
        assert not FORM.recognises("table.csv", sample)


@pytest.mark.parametrize(
    ("written", "form", "start", "precision"),
    [
        ("2031-05-02", "", day(date(2031, 5, 2)), "day"),
        ("2031-05", "", day(date(2031, 5, 1), date(2031, 5, 31)), "month"),
        ("02.05.2031", "%d.%m.%Y", day(date(2031, 5, 2)), "day"),
        ("05/2031", "%m/%Y", day(date(2031, 5, 1), date(2031, 5, 31)), "month"),
        ("2031", "%Y", day(date(2031, 1, 1), date(2031, 12, 31)), "year"),
        ("٠٢/٠٥/٢٠٣١", "%d/%m/%Y", day(date(2031, 5, 2)), "day"),
        ("2031-05-02T14:30", "", (datetime(2031, 5, 2, 11, 30, tzinfo=UTC),) * 2, "minute"),
        ("2/5/2031 14:30", "%d/%m/%Y %H:%M", (datetime(2031, 5, 2, 11, 30, tzinfo=UTC),) * 2, "minute"),
        (
            "2/5/2031 14h", "%d/%m/%Y %Hh",
            (datetime(2031, 5, 2, 11, tzinfo=UTC), datetime(2031, 5, 2, 12, tzinfo=UTC)), "hour",
        ),
    ],
)  # fmt: skip
def test_a_date_is_read_in_its_one_format_and_no_finer(
    written: str, form: str, start: Any, precision: str
) -> None:
    mapping = PLAIN.replace("start: Date", f'start: {{column: Date, format: "{form}"}}')
    (claim,) = claims(table(["Date", "Place"], [{"Date": written, "Place": "Marrow"}]), mapping)
    assert (claim["start"], claim["end"]) == start
    assert claim["time_precision"] == precision


def test_a_stated_precision_widens_and_an_end_spans() -> None:
    mapping = (
        PLAIN + "  end: Until\n  time_precision: {column: Exact, values: {w: week, d: day, '?': unknown}}\n"
    )
    given = [
        {"Date": "2031-05-12", "Exact": "w"},
        {"Date": "2031-05-12", "Until": "2031-05-14", "Exact": "d"},
        {"Date": "2031-05-12", "Exact": "?"},
        {"Until": "2031-05-14"},
        {},
    ]
    found = claims(
        table(["Date", "Until", "Exact", "Place"], [{"Place": "x", **row} for row in given]), mapping
    )
    assert [(c["start"], c["end"]) for c in found] == [
        day(date(2031, 5, 6), date(2031, 5, 18)),
        day(date(2031, 5, 12), date(2031, 5, 14)),
        (None, None),
        (None, day(date(2031, 5, 14))[1]),
        (None, None),
    ]
    assert [c["time_precision"] for c in found] == ["week", "range", "unknown", "range", "unknown"]


def test_two_times_of_one_day_stand_as_they_are_and_two_of_several_days_span_them() -> None:
    mapping = PLAIN + "  end: Until\n"
    written = [
        {"Date": "2031-05-02T06:00", "Until": "2031-05-02T08:00", "Place": "Marrow"},
        {"Date": "2031-05-02T06:00", "Until": "2031-05-04T08:00", "Place": "Marrow"},
    ]
    short, long = claims(table(["Date", "Until", "Place"], written), mapping)
    assert short["time_precision"] == "hour"
    assert short["end"] - short["start"] <= timedelta(hours=2, minutes=1)
    assert long["time_precision"] == "range"
    assert timedelta(days=2) < long["end"] - long["start"] <= timedelta(days=3)


@pytest.mark.parametrize("cell", ["3", "٣", "3-5", "3 – 5", "3+"])
def test_counts_are_read_as_people_write_them(cell: str) -> None:
    assert bounds(cell) in ((3, 3, 3), (3, None, 5), (3, None, None))


@given(st.integers(0, 999), st.integers(0, 999))
def test_a_range_holds_both_its_ends_or_is_refused(low: int, high: int) -> None:
    try:
        assert bounds(f"{low}-{high}")[::2] == (low, high)
        assert low <= high
    except ValueError:
        assert low > high


def test_every_row_that_departs_from_the_format_is_listed() -> None:
    written = ["02/05/2031", "2031-05-03", "04/05/2031", "May 5, 2031", "31/02/2031"]
    sample = table(["Date", "Place"], [{"Date": d, "Place": "x"} for d in written])
    mapping = PLAIN.replace("start: Date", 'start: {column: Date, format: "%d/%m/%Y"}')
    found = problems(sample, mapping)
    assert [f.split(":")[0] for f in found] == [f"table.csv, row {n}" for n in (2, 4, 5)]


def test_all_mistakes_of_a_row_come_with_the_nearest_known_value() -> None:
    with pytest.raises(BadInput) as caught:
        claims(french(Type="Tirs", Lat="30.5", Exact="ouï", Morts="5-3", Cible="Nord", Lon=""), WHOLE)
    assert len(caught.value.problems) == 6
    assert caught.value.problems[0].hint.startswith('"Tir"?')
    assert {p.where for p in caught.value.problems} == {"table.csv, row 1"}


def test_bounds_that_fall_are_refused() -> None:
    mapping = PLAIN + "  killed_low: Low\n  killed_best: Best\n  killed_high: High\n"
    sample = table(
        ["Date", "Place", "Low", "Best", "High"], [{"Date": "2031-05-02", "Low": "4", "Best": "3"}]
    )
    assert problems(sample, mapping) == ["table.csv, row 1: Low is 4, more than Best 3"]


def test_a_quantity_needs_its_counting_rule() -> None:
    rule = "  quantity: N\n  counting_rule: {value: violation}\n"
    sample = table(["Date", "Place", "N"], [{"Date": "2031-05-02", "N": "12"}, {"Date": "2031-05-02"}])
    counted, silent = claims(sample, PLAIN + rule)
    assert (counted["quantity"], counted["quantity_bound"], counted["counting_rule"]) == (
        12,
        "exact",
        "violation",
    )
    assert silent["counting_rule"] is None
    with pytest.raises(BadInput, match='"quantity" needs "counting_rule"'):
        read_mapping(PLAIN + "  quantity: N\n")


def test_excerpts_show_mapped_columns_only() -> None:
    given = held(french(), mapping=WHOLE)
    assert FORM.excerpts(given, [1]) == {
        1: {
            "Type": "Tir", "Jour": "02/05/2031", "Lieu": "Marrow", "Gouvernorat": "Strip", "Exact": "non",
            "Auteur": "Government of North, Inconnus", "Cible": "Civils", "Morts": "3-5", "Blesses": "-",
            "Source": "SW", "": "3",
        }
    }  # fmt: skip
    assert FORM.excerpts(replace(given, mapping=""), [1]) == {1: {"": "13"}}


def book(cells: list[list[Any]], title: str = "Incidents") -> bytes:
    made = openpyxl.Workbook()
    made.active.title = title
    for row in cells:
        made.active.append(row)
    made.create_sheet("Other").append(["x"])
    held_ = io.BytesIO()
    made.save(held_)
    return held_.getvalue()


SHEET = PLAIN + "  killed: Killed\n  lat: Lat\n  lon: Lon\n  radius: {value: 900}\n"
HEADER = ["Date", "Place", "Killed", "Lat", "Lon", None]


def test_a_workbook_is_read_by_its_values() -> None:
    sample = book(
        [
            HEADER,
            [datetime(2031, 5, 2), "Marrow", 3, 30.5, 11.25],
            [],
            [date(2031, 5, 3), " Town 1 ", "3-5", 30.5, 11.25],
        ]
    )
    comma = "decimal: comma\nsheet: Incidents\n" + SHEET.replace(
        "start: Date", 'start: {column: Date, format: "%d/%m/%Y"}'
    )
    for mapping in (SHEET, comma):
        found = claims(sample, mapping, "table.xlsx")
        assert [c["row"] for c in found] == [1, 3]
        assert [c["start"] for c in found] == [day(date(2031, 5, d))[0] for d in (2, 3)]
        assert [(c["killed_low"], c["lat"], c["radius"]) for c in found] == [(3, 30.5, 900)] * 2
        assert found[1]["place"] == "Town 1"
        assert found[0]["geo_precision"] == "settlement"
    excerpt = FORM.excerpts(held(sample, "table.xlsx", SHEET), [1])
    assert excerpt == {1: {"Date": "2031-05-02", "Place": "Marrow", "Killed": "3", "": "2"}}


def test_formulas_and_error_values_are_refused_by_the_name_of_their_cell() -> None:
    sample = book([HEADER, [date(2031, 5, 2), "Marrow", "=1+2", 30.5, 11.25], [date(2031, 5, 2), "#REF!", 1]])
    found = problems(sample, SHEET, "table.xlsx")
    assert found == [
        "table.csv, row 1: cell C2 holds a formula".replace("table.csv", "table.xlsx"),
        "table.xlsx, row 2: cell B3 holds the error #REF!",
    ]


def test_a_cell_right_of_the_header_is_refused() -> None:
    sample = book([["Date", "Place"], ["2031-05-02", "Marrow", "more"]])
    assert "in column C" in problems(sample, PLAIN, "table.xlsx")[0]


@pytest.mark.parametrize(
    ("sample", "problem"),
    [
        (b"PK\x03\x04 garbage", "no Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "locked with a password"),
        (book([]), "the sheet is empty"),
        (book([["Date", "Place"]]), "no rows"),
        (book([["Date", "Date"]]), "given twice"),
    ],
)
def test_what_is_no_sheet_is_refused(sample: bytes, problem: str) -> None:
    assert problem in problems(sample, PLAIN, "table.xlsx")[0]


def test_a_sheet_that_is_not_there_is_named_with_the_nearest() -> None:
    with pytest.raises(BadInput) as caught:
        claims(book([["Date", "Place"], ["2031-05-02", "x"]]), "sheet: Incident\n" + PLAIN, "table.xlsx")
    assert caught.value.problems[0].hint.startswith('"Incidents"?')


def repacked(sample: bytes, part: str, change: Any) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sample)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, change(old.read(info)) if info.filename == part else old.read(info))
    return made.getvalue()


def test_a_workbook_that_is_a_bomb_or_defines_entities_is_refused() -> None:
    sample = book([["Date", "Place"], ["2031-05-02", "x"]])
    bomb = repacked(sample, "xl/styles.xml", lambda old: old + b" " * (64 << 20))
    assert "unpacks to 64 MiB" in problems(bomb, PLAIN, "table.xlsx")[0]
    entity = repacked(
        sample,
        "xl/worksheets/sheet1.xml",
        lambda old: b'<!DOCTYPE x [<!ENTITY a "b">]>' + old.split(b"?>")[-1],
    )
    assert "defines XML entities" in problems(entity, PLAIN, "table.xlsx")[0]


def test_a_sheet_that_claims_to_be_wide_is_read_as_wide_as_it_is() -> None:
    sample = repacked(
        book([["Date", "Place"], ["2031-05-02", "x"]]),
        "xl/worksheets/sheet1.xml",
        lambda old: old.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"'),
    )
    assert len(claims(sample, PLAIN, "table.xlsx")) == 1


@given(
    st.one_of(st.integers(-(10**6), 10**6), st.floats(allow_nan=False, allow_infinity=False), st.booleans())
)
def test_a_value_of_a_workbook_has_one_way_of_being_written(value: Any) -> None:
    text = workbook.written(value).removeprefix(workbook.TYPED)
    assert text in ("true", "false") if isinstance(value, bool) else float(text) == value


def test_json_lines_keep_numbers_as_written_and_lay_objects_flat() -> None:
    lines = [
        {
            "when": "2031-05-02",
            "at": {"name": "Marrow", "lat": 30.50, "lon": 11.25},
            "by": ["South Front", "B"],
            "n": 3,
        },
        {"when": "2031-05-03", "at": {"name": "Town 1"}, "later": True},
    ]
    sample = b"\n".join(json.dumps(line).encode() for line in lines) + b"\n\n"
    mapping = """
decimal: comma
claims:
  event_type: {value: attack.shelling}
  start: {column: when}
  place: at.name
  lat: at.lat
  lon: at.lon
  geo_precision: {value: point}
  actors: {column: by, split: ";"}
  killed: n
  cumulative: {column: later, values: {"true": true}}
"""
    with pytest.raises(BadInput, match="later is empty"):
        claims(sample, mapping, "table.jsonl")
    first, second = claims(sample, mapping.replace("  cumulative", "#"), "table.jsonl")
    assert (first["lat"], first["actors"], first["killed_low"]) == (30.5, ["south", "~b"], 3)
    assert (second["lat"], second["actors"], second["place"]) == (None, None, "Town 1")
    assert claims(packed(sample), mapping.replace("  cumulative", "#"), "t.jsonl.gz")[1]["row"] == 2


def test_lines_that_are_no_objects_are_all_listed() -> None:
    sample = b'{"when": "2031-05-02"}\n{"when": \n[1]\n{"a": 1, "a": 2}\n{"n": NaN}\n{"n": [[1]]}\n'
    mapping = "claims:\n  event_type: {value: attack.shelling}\n  start: {column: when}\n"
    assert [p.split(": ", 1)[1] for p in problems(sample, mapping, "table.jsonl")] == [
        "the line is not JSON",
        "the line is no object",
        'the key "a" is given twice',
        "a value is NaN, which is no number",
        'the key "n" holds a list of lists or objects',
    ]
    deep = b'{"a":' * 5000 + b"1" + b"}" * 5000
    assert "table.jsonl, row 2" in problems(b'{"when": "2031-05-02"}\n' + deep, mapping, "table.jsonl")[0]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("claims:\n  event_type: {value: attack}\n", "family.kind is expected"),
        ("claims:\n  event_type: Type\n", 'needs "values"'),
        ("claims:\n  event_type: {column: T, value: attack.x}\n", "one of the two"),
        ("claims:\n  event_type: {value: attack.x}\n  lat: A\n", '"lat" needs "lon"'),
        ("claims:\n  event_type: {value: attack.x}\n  lat: A\n  lon: B\n", "how far off"),
        ("claims:\n  event_type: {value: attack.x}\n  end: B\n", '"end" needs "start"'),
        ("claims:\n  event_type: {value: attack.x}\n  killed: A\n  killed_low: B\n", "the one or the others"),
        ("claims:\n  event_type: {value: attack.x}\n  stance: {value: denys}\n", '"denies"?'),
        (
            "claims:\n  event_type: {value: attack.x}\n  start: {column: D, format: '%d/%m'}\n",
            "needs its year",
        ),
        ("claims:\n  event_type: {value: attack.x}\n  start: {column: D, format: '%Y %q'}\n", "is no sign"),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused(text: str, problem: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_mapping(text)
    assert problem in str(caught.value)


def test_a_misspelt_field_and_a_column_that_is_not_there_get_the_nearest() -> None:
    with pytest.raises(BadInput) as caught:
        read_mapping("claims:\n  event_type: {value: attack.x}\n  plaec: Lieu\nseperator: ';'\n")
    hints = {p.problem: p.hint.split("?")[0] for p in caught.value.problems}
    assert hints == {
        '"claims.plaec" is not a field here': '"place"',
        '"seperator" is not a field here': '"separator"',
    }
    with pytest.raises(BadInput) as caught:
        claims(table(["Date", "Palce"], [{"Date": "2031-05-02"}]), PLAIN)
    assert caught.value.problems[0].hint.startswith('"Palce"?')


def test_a_draft_of_a_clear_table_can_be_used_once_it_is_decided() -> None:
    sample = table(
        ["Date", "Lieu", "Latitude", "Longitude", "Type", "Auteur", "Morts", "Nom"],
        [
            {"Date": "27/05/2031", "Lieu": "Marrow", "Latitude": "30,5", "Longitude": "11,2",
             "Type": "Frappe", "Auteur": "North", "Morts": "3-5", "Nom": "Someone Invented"},
            {"Date": "02/06/2031", "Lieu": "Town 1", "Latitude": "30,6", "Longitude": "11,3",
             "Type": "Autre", "Auteur": "", "Morts": "", "Nom": "Someone Else"},
        ],
        ";",
    )  # fmt: skip
    drafted = draft(held(sample))
    assert "Someone" not in drafted
    assert "may name people" in drafted
    with pytest.raises(BadInput, match="how far off"):
        read_mapping(drafted)
    decided = drafted.replace("# geo_precision", "geo_precision").replace('# UNSURE: "Autre"', '"Autre"')
    one, two = claims(sample, decided)
    assert (one["event_type"], two["event_type"]) == ("attack.airstrike", "attack.unspecified")
    assert (one["start"], one["lat"], one["killed_high"]) == (day(date(2031, 5, 27))[0], 30.5, 5)


def test_a_draft_never_decides_between_day_and_month() -> None:
    sample = table(["date", "kind"], [{"date": "02/05/2031", "kind": "shelling"}])
    drafted = draft(held(sample))
    assert "reads in 2 ways" in drafted
    assert "\n  start:" not in drafted
    assert (claims(sample, drafted)[0]["start"]) is None


@pytest.mark.parametrize(
    "header",
    [
        ["Дата", "Место", "Широта", "Долгота", "Тип", "Погибло"],
        ["التاريخ", "الموقع", "خط العرض", "خط الطول", "نوع الحادث", "القتلى"],
        ["Event_Date", "Location", "LAT", "LNG", "Incident type", "Fatalities"],
        ["Date de l'incident", "Localité", "Latitude", "Longitude", "Catégorie", "Tués"],
    ],
)
def test_a_draft_knows_headers_in_four_languages(header: list[str]) -> None:
    cells = ["2031-05-02", "Marrow", "30.5", "11.2", "IED", "3"]
    drafted = draft(held(table(header, [dict(zip(header, cells, strict=True))])))
    mapping = read_mapping(drafted.replace("# geo_precision", "geo_precision"))
    assert set(mapping.columns()) == set(header)
    assert mapping.claims.event_type.values == {"IED": "attack.bombing"}


def test_a_draft_warns_of_latitudes_that_cannot_be() -> None:
    sample = table(["date", "lat", "lon"], [{"date": "2031-05-02", "lat": "131.2", "lon": "30.5"}])
    assert "may be swapped" in draft(held(sample))


def test_a_draft_says_when_none_is_needed() -> None:
    assert "columns of UCDP GED" in draft(held(ged({})))


HEADS = st.lists(
    st.text(st.characters(codec="utf-8", exclude_characters="\x00\n\r"), max_size=8), min_size=1, max_size=4
)


@given(HEADS, st.lists(st.text("0123456789/.-,abä;", max_size=10), max_size=4))
@settings(deadline=None)
def test_any_table_is_drafted_or_refused(names: list[str], cells: list[str]) -> None:
    sample = table(names, [dict(zip(names, cells, strict=False))])
    try:
        drafted = draft(held(sample))
    except BadInput:
        return
    assert drafted.startswith("# A draft")
    try:
        read_mapping(drafted)
    except BadInput as error:
        # A draft may want a decision, never a repair.
        assert "this is not YAML" not in str(error)  # noqa: PT017
