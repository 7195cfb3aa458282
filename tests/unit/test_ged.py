"""UCDP GED: every row a claim, in both layouts, as wide as the file says."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.errors import BadInput
from holdfire.reading import layout, separated
from holdfire.reading.formats.ged import UcdpGed
from holdfire.records.claim import CLAIM
from holdfire.tables import stack
from holdfire.testing import check_format, plain_context
from tabling import GED, context, day, ged, held, one, packed, read, report, stored

FORM = UcdpGed()


def test_it_holds_to_the_promises_of_a_format() -> None:
    for release in ("19.1", "23.1"):
        claims = check_format(FORM, "ged.csv", ged({}, {"type_of_violence": "3"}, release=release))
        assert claims.num_rows == 2


def test_two_sides_that_fought_did_not_attack_one_another() -> None:
    claim = one(FORM, ged({"side_b": "South Front, Hill Brigade"}), context())
    assert (claim["event_type"], claim["directed"]) == ("attack.armed_clash", False)
    assert (claim["actors"], claim["targets"]) == (["north"], ["south", "~hill brigade"])
    assert claim["targets_text"] == "South Front, Hill Brigade"


def test_one_sided_violence_says_who_acted_and_on_whom() -> None:
    claim = one(FORM, ged({"type_of_violence": "3", "side_b": "Civilians"}), context())
    assert (claim["event_type"], claim["directed"]) == ("attack.violence", True)
    assert (claim["actors"], claim["targets"]) == (["north"], ["civilians"])


@pytest.mark.parametrize(("published", "actor"), [("2031-05-09", "~new raiders"), ("2031-05-11", "raiders")])
def test_a_name_means_what_it_meant_when_the_dataset_was_published(published: str, actor: str) -> None:
    sample = ged({"side_a": "New Raiders"})
    (claims,) = FORM.claims(report(sample, published=published), held(sample), context())
    assert claims["actors"].to_pylist() == [[actor]]


@pytest.mark.parametrize(
    ("start", "end", "code", "span", "precision"),
    [
        ("2031-05-02", "2031-05-02", "1", (date(2031, 5, 2), date(2031, 5, 2)), "day"),
        ("2031-05-02", "2031-05-04", "1", (date(2031, 5, 2), date(2031, 5, 4)), "range"),
        ("2031-05-02", "2031-05-04", "2", (date(2031, 5, 2), date(2031, 5, 4)), "range"),
        ("2031-05-12", "2031-05-12", "2", (date(2031, 5, 7), date(2031, 5, 17)), "range"),
        ("2031-05-02", "2031-05-08", "3", (date(2031, 5, 2), date(2031, 5, 8)), "week"),
        ("2031-05-12", "2031-05-12", "3", (date(2031, 5, 6), date(2031, 5, 18)), "week"),
        ("2031-05-12", "2031-05-12", "4", (date(2031, 5, 1), date(2031, 5, 31)), "month"),
        ("2031-05-12", "2031-06-11", "4", (date(2031, 5, 12), date(2031, 6, 11)), "month"),
        ("2031-05-12", "2031-05-12", "5", (date(2031, 1, 1), date(2031, 12, 31)), "year"),
    ],
)
def test_a_date_is_as_wide_as_the_file_says(
    start: str, end: str, code: str, span: tuple[date, date], precision: str
) -> None:
    claim = one(FORM, ged({"date_start": start, "date_end": end, "date_prec": code}))
    assert (claim["start"], claim["end"]) == day(*span)
    assert (claim["time_precision"], claim["time_native"]) == (precision, code)


@pytest.mark.parametrize(
    ("code", "radius", "precision"),
    [
        ("1", 2_500, "settlement"),
        ("2", 25_000, "near"),
        ("3", 35_000, "district"),
        ("4", 120_000, "governorate"),
        ("5", 120_000, "line"),
        ("6", None, "country"),
        ("7", None, "unknown"),
    ],
)
def test_a_place_is_as_wide_as_the_file_says(code: str, radius: float | None, precision: str) -> None:
    claim = one(FORM, ged({"where_prec": code}))
    assert (claim["radius"], claim["geo_precision"], claim["geo_native"]) == (radius, precision, code)
    assert (claim["lat"] is None) == (radius is None)
    assert claim["place"] == "Marrow town"


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        # low best high civilians unknown -> low best high, civilians at least and at most
        ((3, 3, 3, 0, 0), (3, 3, 3, 0, 0)),
        ((3, 3, 3, 2, 0), (3, 3, 3, 2, 2)),
        ((3, 3, 3, 2, 1), (3, 3, 3, 2, None)),
        ((1, 5, 9, 5, 0), (1, 5, 9, 1, None)),
        ((2, 16, 2, 0, 0), (2, 16, 16, 0, 0)),
        ((4, 3, 4, 1, 0), (3, 3, 4, 1, None)),
    ],
)
def test_deaths_keep_their_bounds(figures: tuple[int, ...], expected: tuple[Any, ...]) -> None:
    names = ("low", "best", "high", "deaths_civilians", "deaths_unknown")
    claim = one(FORM, ged(dict(zip(names, map(str, figures), strict=True))))
    found = [
        claim[n] for n in ("killed_low", "killed_best", "killed_high", "civilians_low", "civilians_high")
    ]
    assert tuple(found) == expected
    ordered = figures[0] <= figures[1] <= figures[2]
    assert claim["rules"] == (None if ordered else ["ged.bounds_widened"])


@pytest.mark.parametrize(
    ("offices", "root", "voice"),
    [
        ("Strip Watch", "source:watch", "watch"),
        ("SW;SW", "source:watch", "watch"),
        ("Hill Radio", "office:hill radio", None),
        ("Strip Watch;Hill Radio", "office:hill radio + source:watch", None),
        ("", "source:sample", None),
    ],
)
def test_rows_that_rest_on_one_office_share_a_root(offices: str, root: str, voice: str | None) -> None:
    claim = one(FORM, ged({"source_office": offices}), context())
    assert (claim["root"], claim["voice"]) == (root, voice)


def test_a_governorate_is_named_as_the_case_names_it() -> None:
    assert one(FORM, ged({}), context())["admin1"] == "The Strip"


def test_both_layouts_any_order_and_r_s_way_of_writing_give_the_same_claims() -> None:
    sample = ged({}, {"gwnob": ""})
    header, *lines = list(csv.reader(io.StringIO(sample.decode())))
    turned = "\n".join(",".join(row[::-1]) for row in (header, *lines)).encode()
    written_by_r = sample.replace(b",2031,1,1,", b",2031.0,1.0,1.0,")
    wanted = read(FORM, sample).drop(["claim_id", "report"])
    for other in (turned, written_by_r, ged({}, {}, release="23.1"), sample.replace(b"\n", b"\r\n")):
        assert read(FORM, other).drop(["claim_id", "report"]).equals(wanted)
    assert read(FORM, packed(sample)).drop(["claim_id", "report"]).equals(wanted)


def test_ten_mistakes_show_ten_each_with_its_row() -> None:
    sample = ged(
        {"where_prec": "8"},
        {"date_prec": "day"},
        {"type_of_violence": "4"},
        {"date_end": "2031-04-30"},
        {"latitude": "95.1"},
        {"longitude": "-181"},
        {"best": "many"},
        {"low": "-1"},
        {"date_start": "2031-02-30"},
        {"event_clarity": "3"},
    )
    with pytest.raises(BadInput) as caught:
        read(FORM, sample)
    assert [p.where for p in caught.value.problems] == [f"table.csv, row {n}" for n in range(1, 11)]
    assert caught.value.problems[0].problem == 'where_prec is "8"'
    assert "known: 1, 2, 3, 4, 5, 6, 7" in caught.value.problems[0].hint


def test_a_thousand_mistakes_are_kept_and_the_rest_counted() -> None:
    with pytest.raises(BadInput) as caught:
        read(FORM, ged(*[{"where_prec": "8"}] * 1200))
    assert len(caught.value.problems) == 1001
    assert caught.value.problems[-1].problem == "200 more problems were found in its rows"


def test_several_mistakes_of_one_row_are_all_shown() -> None:
    with pytest.raises(BadInput) as caught:
        read(FORM, ged({"low": "", "best": "x", "where_prec": "9", "latitude": "north"}))
    assert [p.problem for p in caught.value.problems] == [
        'where_prec is "9"',
        "latitude is text of 5 characters; decimal degrees are expected",
        "low is empty",
        "best is text of 1 characters; a whole number is expected",
    ]


def test_a_name_that_slipped_into_a_number_is_not_repeated() -> None:
    with pytest.raises(BadInput) as caught:
        read(FORM, ged({"best": "Someone Invented", "date_start": "Someone Invented", "latitude": "Someone"}))
    assert "Someone" not in str(caught.value)


def test_columns_that_are_unknown_or_missing_are_all_listed() -> None:
    sample = ged({}).replace(b"where_prec", b"where_precision").replace(b",low,", b",lower,")
    assert FORM.recognises("x.csv", sample)
    with pytest.raises(BadInput) as caught:
        read(FORM, sample)
    assert len(caught.value.problems) == 4
    assert '"where_prec"' in caught.value.problems[0].hint


def test_a_record_that_stands_twice_is_refused() -> None:
    with pytest.raises(BadInput) as caught:
        read(FORM, ged({"id": "7"}, {"id": "8"}, {"id": "7"}))
    assert caught.value.problems[0].problem == "id is that of row 1 again"
    assert caught.value.problems[0].where == "table.csv, row 3"


def test_latitude_and_longitude_in_each_other_s_place_are_refused() -> None:
    swapped = {"latitude": "11.25", "longitude": "30.5"}
    with pytest.raises(BadInput, match="change places"):
        read(FORM, ged(*[swapped] * 6), context())
    assert read(FORM, ged(*[swapped] * 6, *[{}] * 6), context()).num_rows == 12
    assert read(FORM, ged(swapped), context()).num_rows == 1


def test_nothing_is_handed_out_after_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(separated, "BLOCK", 4096)
    sample = ged(*[{}] * 60, {"best": "x"}, *[{}] * 90)
    tables = FORM.claims(report(sample), held(sample), plain_context())
    assert 0 < next(tables).num_rows <= 60
    with pytest.raises(BadInput, match="row 61"):
        assert sum(claims.num_rows for claims in tables) < 60


@given(st.lists(st.sampled_from(["1", "2", "4"]), min_size=1, max_size=40), st.integers(300, 5000))
@settings(deadline=None, max_examples=40)
def test_rows_in_are_claims_out_whatever_the_block(codes: list[str], block: int) -> None:
    sample = ged(*({"date_prec": code, "source_headline": "two\nlines" * 3} for code in codes))
    whole = read(FORM, sample)
    before, separated.BLOCK = separated.BLOCK, block
    try:
        pieces = stack(CLAIM, list(FORM.claims(report(sample), held(sample), plain_context("Asia/Damascus"))))
    finally:
        separated.BLOCK = before
    assert pieces.equals(whole)
    assert whole["row"].to_pylist() == list(range(1, len(codes) + 1))


def test_excerpts_show_the_row_without_free_text_or_exact_place() -> None:
    sample = ged({}, {"source_headline": "Someone Invented", "side_a": "Hill Brigade"}, {})
    (found,) = FORM.excerpts(held(sample), [2]).items()
    assert found[0] == 2
    assert found[1]["side_a"] == "Hill Brigade"
    assert found[1]["best"] == "3"
    assert not {"source_headline", "source_article", "source_original", "latitude", "geom_wkt"} & set(
        found[1]
    )
    assert int(found[1][""]) == len(layout.load("ged").layouts["19.1"]) - len(layout.load("ged").show)
    assert "Someone" not in str(found)


def test_every_column_we_know_is_read_shown_or_left_out_on_purpose() -> None:
    for dataset in ("ged", "acled", "airwars"):
        known = layout.load(dataset)
        columns = {name for release in known.layouts.values() for name in release}
        assert set(known.read) <= columns
        assert set(known.show) <= columns
    assert set(GED) <= set(layout.load("ged").layouts["19.1"])


@pytest.mark.shared
def test_the_syria_release_gives_one_claim_a_row(shared_data: Path) -> None:
    source = stored(shared_data / "events/ucdp_ged_syria/ged_syria_2016_2019.csv.gz")
    claims = stack(CLAIM, list(FORM.claims(report(), source, plain_context("Asia/Damascus"))))
    assert claims.num_rows == 16_566
    assert pc.sum(claims["killed_best"]).as_py() == 112_337
    assert pc.sum(pc.equal(claims["root"], "office:sohr")).as_py() > 12_221
    assert _in_order(claims)
    assert claims["rules"].null_count == 16_566 - 101


@pytest.mark.shared
def test_the_2023_layout_gives_one_claim_a_row(shared_data: Path) -> None:
    source = stored(shared_data / "events/ucdp_ged_syria/ged_global_2023release_sample1000.csv.gz")
    claims = stack(CLAIM, list(FORM.claims(report(), source, plain_context("Asia/Damascus"))))
    assert claims.num_rows == 1000
    assert _in_order(claims)


def _in_order(claims: pa.Table) -> bool:
    """Return whether low <= best <= high, and civilians within, in every row."""
    low, best, high = (claims[f"killed_{end}"] for end in ("low", "best", "high"))
    bounds = pc.and_(pc.less_equal(low, best), pc.less_equal(best, high))
    civilians = pc.less_equal(claims["civilians_low"], high)
    return bool(pc.all(pc.and_(bounds, civilians)).as_py())
