"""Lists of the dead: every row is an entry or the list is refused, and no message repeats a name."""

from __future__ import annotations

import io
import json
import re
from datetime import date

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.errors import BadInput
from holdfire.reading.cells import CellError
from holdfire.reading.deaths import age, days
from holdfire.reading.draftlist import draft
from holdfire.reading.formats.mapped import Mapped
from holdfire.reading.listmapping import ListFile, read_table
from holdfire.reading.mapping import Rule
from holdfire.tables import rows
from holdfire.testing import check_format
from listing import HEADER, MAPPING, SOMEONE, a_list, deaths, entries
from tabling import ZONE, context, held, read, table

CANARY = "Zubekalori"
"""A name no one bears, looked for in every message."""


def said_of(sample: bytes) -> str:
    """Return what is said of a list, refused or not."""
    try:
        deaths(sample)
    except BadInput as error:
        return f"{error} {error.args!r}"
    return ""


def problems(sample: bytes, mapping: str = MAPPING, name: str = "list.csv") -> str:
    with pytest.raises(BadInput) as caught:
        deaths(sample, mapping, name)
    return "\n".join(str(problem) for problem in caught.value.problems)


def test_a_whole_entry_is_read() -> None:
    (entry,) = entries({})
    assert entry["entry_id"].startswith("e-")
    assert (entry["row"], entry["own_id"], entry["name"]) == (1, "1", SOMEONE["Name"])
    assert (entry["name_other"], entry["sex"], entry["status"]) == (SOMEONE["Arabic"], "male", "civilian")
    assert (entry["age_low"], entry["age_high"]) == (34, 34)
    assert (entry["born_first"], entry["born_last"]) == (date(1996, 11, 1), date(1996, 11, 30))
    assert entry["died_first"] == entry["died_last"] == date(2031, 5, 2)


def test_an_empty_cell_says_nothing() -> None:
    (entry,) = entries(dict.fromkeys(HEADER[1:], ""))
    silent = {name for name, value in entry.items() if value is None}
    assert {"name", "name_other", "sex", "age_low", "born_first", "died_last", "place", "status"} <= silent


@pytest.mark.parametrize("cell", ["unknown", "مجهول الهوية", "Unidentified body", "---", "؟", "N/A"])
def test_words_that_name_nobody_are_no_name(cell: str) -> None:
    assert [e["name"] for e in entries({"Name": cell}, {})] == [None, SOMEONE["Name"]]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("34", (34, 34)), ("٣٤", (34, 34)), ("34.0", (34, 34)), ("0", (0, 0)), ("30-40", (30, 40)),
        ("30 to 40", (30, 40)), ("60+", (60, None)), (">=60", (60, None)), ("<18", (0, 17)),
        ("8 months", (0, 0)), ("18 أشهر", (1, 1)), ("3 days", (0, 0)), ("34 years", (34, 34)),
    ],
)  # fmt: skip
def test_an_age_is_as_wide_as_it_is_written(cell: str, expected: tuple[int, int | None]) -> None:
    assert age(cell) == expected


@pytest.mark.parametrize("cell", ["340", "-3", "40-30", "thirty", "3 4", "1996", "", "3/"])
def test_what_is_no_age_is_refused(cell: str) -> None:
    with pytest.raises(CellError):
        age(cell)


@pytest.mark.parametrize(
    ("form", "cell", "first", "last"),
    [
        ("%d/%m/%Y", "02/05/2031", "2031-05-02", "2031-05-02"),
        ("%d/%m/%Y", "05/2031", "2031-05-01", "2031-05-31"),
        ("%d/%m/%Y", "00/05/2031", "2031-05-01", "2031-05-31"),
        ("%d/%m/%Y", "??/05/2031", "2031-05-01", "2031-05-31"),
        ("%d/%m/%Y", "xx/xx/2031", "2031-01-01", "2031-12-31"),
        ("%d/%m/%Y", "2031", "2031-01-01", "2031-12-31"),
        ("", "2031-05", "2031-05-01", "2031-05-31"),
        ("", "2031-00-00", "2031-01-01", "2031-12-31"),
        ("", "2031-05-xx", "2031-05-01", "2031-05-31"),
        ("", "2031-05-30/2031-06-02", "2031-05-30", "2031-06-02"),
    ],
)
def test_a_date_may_lack_a_part(form: str, cell: str, first: str, last: str) -> None:
    span = days(Rule(column="Died", format=form), ZONE)(cell)
    assert [day.isoformat() for day in span] == [first, last]


@pytest.mark.parametrize("cell", ["05/02/2031x", "31/02/2031", "2/2031/05", "??/??/??", "02-05-2031", "31"])
def test_what_is_no_date_in_the_order_stated_is_refused(cell: str) -> None:
    with pytest.raises(CellError):
        days(Rule(column="Died", format="%d/%m/%Y"), ZONE)(cell)


def test_all_problems_come_at_once_with_row_and_column_and_no_name() -> None:
    sample = a_list(
        {"Sex": CANARY, "Age": f"{CANARY} 3", "Died": f"{CANARY} 31"},
        {"Status": f"{CANARY}", "Born": f'{CANARY} "3" 4', "Name": "44"},
        {},
    )
    said = problems(sample)
    assert CANARY not in said
    for row, column in ((1, "Sex"), (1, "Age"), (1, "Died"), (2, "Status"), (2, "Born"), (2, "Name")):
        assert re.search(rf"error: {column} is [^\n]*\n  at   [^\n]*, row {row}\b", said)
    assert said.count("error:") == 6


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(HEADER[:-1]),
    st.sampled_from(["{}", "{} 3", '"{}" 4', "3 {}", "12/{}/2031", "<{}", "{}\n{}", "{}-{}", " {} "]),
)
def test_no_message_repeats_a_word_wherever_it_stands(column: str, shape: str) -> None:
    sample = a_list({}, {column: shape.replace("{}", CANARY)})
    assert CANARY not in said_of(sample)


def test_a_list_whose_header_is_not_where_it_should_be_is_refused_without_its_cells() -> None:
    one = table([CANARY, "Solmadi", "m", "34"], [dict.fromkeys([CANARY, "Solmadi", "m", "34"], "x")])
    said = problems(one)
    assert CANARY not in said
    assert "Solmadi" not in said
    assert "the mapping names a column" in said
    assert "`header:` says which" in said
    twice = f"{CANARY},{CANARY},m\n{CANARY},x,f\n".encode()
    assert CANARY not in problems(twice)
    assert "given twice" in problems(twice)
    keyed = json.dumps({CANARY: {"a": [[1]]}}).encode() + b"\n"
    assert CANARY not in problems(keyed, name="list.jsonl")


def test_the_control_a_table_of_claims_repeats_the_cell() -> None:
    """The same search finds a word that a message does repeat, so it can fail."""
    claims = "claims:\n  event_type: {column: Kind, values: {a: attack.shelling}}\n"
    sample = table(["Kind"], [{"Kind": CANARY}])
    with pytest.raises(BadInput) as caught:
        read(Mapped(), sample, context(mapping=claims))
    assert CANARY in str(caught.value)


@pytest.mark.parametrize("name", ["list.csv", "list.tsv", "list.xlsx", "list.jsonl"])
def test_every_kind_of_table_gives_the_same_entries(name: str) -> None:
    wanted = [
        {k: v for k, v in e.items() if k not in ("entry_id", "report")} for e in entries({}, {"Age": "5"})
    ]
    given = [SOMEONE, {**SOMEONE, "No": "2", "Age": "5"}]
    if name.endswith(".xlsx"):
        book = openpyxl.Workbook()
        book.active.append(list(HEADER))
        for each in given:
            book.active.append([each[column] for column in HEADER])
        made = io.BytesIO()
        book.save(made)
        sample = made.getvalue()
    elif name.endswith(".jsonl"):
        sample = "".join(json.dumps(each) + "\n" for each in given).encode()
    else:
        sample = table(HEADER, given, "\t" if name.endswith(".tsv") else ",")
    found = [
        {k: v for k, v in e.items() if k not in ("entry_id", "report")}
        for e in rows(deaths(sample, name=name))
    ]
    assert found == wanted


def test_a_list_makes_no_claims_and_shows_no_cell() -> None:
    sample = a_list({}, {})
    assert check_format(Mapped(), "list.csv", sample, context(mapping=MAPPING)).num_rows == 0
    assert Mapped().lists(held(sample, "list.csv", MAPPING))
    assert Mapped().excerpts(held(sample, "list.csv", MAPPING), [1]) == {1: {"": str(len(HEADER))}}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("deaths: {age: Age}", "no column names anyone"),
        ("deaths: {given: A}", "no column names anyone"),
        ("deaths: {nmae: A}", '"deaths.nmae" is not a field here'),
        ("deaths: {name: {value: x}}", "not the same for every row"),
        ("deaths: {name: A, sex: {column: S, values: {x: woman}}}", 'sex is "woman"'),
        ("deaths: {name: A, age: B, age_low: C}", 'is given beside "age"'),
        ("deaths: {name: A, died_until: C}", 'needs "died"'),
        ("deaths: {name: {column: A, split: ' '}}", "nothing splits it"),
        ("deaths: {name: A, died: {column: B, format: '%d'}}", "a date needs its year"),
        ("deaths: {name: A}\nclaims: {event_type: {value: a.b}}", "not both"),
        ("deaths: {name: A}\nshow: [A]", '"show" is not a field here'),
    ],
)
def test_a_mapping_that_cannot_stand_is_refused(text: str, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_table(text)
    assert said in str(caught.value)


def test_the_scope_is_kept_as_it_is_written() -> None:
    mapping = read_table(MAPPING)
    assert isinstance(mapping, ListFile)
    assert str(mapping.scope) == "people killed by violence, civilian or not; the Strip; May 2031"


def test_a_list_without_rows_is_refused() -> None:
    assert "header and no rows" in problems(table(HEADER, []))


def test_ids_of_entries_differ_between_lists_and_stay_for_one() -> None:
    one, other = deaths(a_list({}, {})), deaths(a_list({}, {"Age": "5"}))
    assert not set(one["entry_id"].to_pylist()) & set(other["entry_id"].to_pylist())
    assert one.equals(deaths(a_list({}, {})))


def test_a_draft_of_a_list_reads_that_list() -> None:
    sample = a_list(
        {}, {"Sex": "f", "Status": "مقاتل", "Died": "23/05/2031"}, {"Age": "8 months", "Died": "05/2031"}
    )
    found = list(rows(deaths(sample, draft(held(sample, "list.csv")))))
    wanted = list(rows(deaths(sample)))
    assert found == wanted


def test_a_draft_says_what_is_unsure_and_repeats_no_cell() -> None:
    drawn = draft(held(a_list({}, {"Sex": CANARY, "Age": f"{CANARY} 3", "Status": CANARY}), "list.csv"))
    assert CANARY not in drawn
    assert drawn.count("# UNSURE:") == 5  # scope, sex, age, a date that reads two ways, status
    assert "no age" in drawn
    lines = [line for line in drawn.splitlines() if line.strip().startswith(("age:", "died:"))]
    assert lines == []


def test_a_table_of_incidents_is_drafted_as_claims_though_a_column_names_victims() -> None:
    header = ["Date", "Place", "Type", "Killed", "Name", "Age"]
    sample = table(
        header, [dict(zip(header, ["2031-05-02", "Mill", "shelling", "3", CANARY, "4"], strict=True))]
    )
    drawn = draft(held(sample, "table.csv"))
    assert "claims:" in drawn
    assert CANARY not in drawn
