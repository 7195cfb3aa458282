"""Tables of who was on which lists: each shape found by itself, each fault said with its row."""

from __future__ import annotations

import json
import random
from itertools import product
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest

from holdfire.counting.tabled import ListsFile, Within
from holdfire.errors import BadInput
from holdfire.overlapping import mapping, read

LISTS = "hospital,survey,press"
PATTERNS = [marks for marks in product((0, 1), repeat=3) if any(marks)]
ROWS = [(*marks, 10 * n + 3) for n, marks in enumerate(PATTERNS)]
HEAD = f"{LISTS},n"


def text(rows: list[tuple[object, ...]] | None = None, head: str = HEAD) -> str:
    given = ROWS if rows is None else rows
    return "\n".join([head, *(",".join(map(str, row)) for row in given)]) + "\n"


def written(folder: Path, held: str | bytes, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(held.encode() if isinstance(held, str) else held)
    return path


def problems(path: Path, how: ListsFile | None = None) -> str:
    with pytest.raises(BadInput) as caught:
        read(path, how or ListsFile())
    return str(caught.value)


def columns() -> dict[str, list[int]]:
    return dict(zip(HEAD.split(","), map(list, zip(*ROWS, strict=True)), strict=True))


def workbook(path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (HEAD.split(","), *ROWS):
        book.active.append(list(row))
    book.save(path)


WRITERS = {
    "a.csv": lambda path: path.write_text(text()),
    "quoted.csv": lambda path: path.write_text(text(head=",".join(f'"{c}"' for c in HEAD.split(",")))),
    "a.tsv": lambda path: path.write_text(text().replace(",", "\t")),
    "a.jsonl": lambda path: path.write_text(
        "\n".join(json.dumps(dict(zip(HEAD.split(","), row, strict=True))) for row in ROWS)
    ),
    "a.xlsx": workbook,
    "a.parquet": lambda path: pa.parquet.write_table(pa.table(columns()), path),
    "a.feather": lambda path: pa.feather.write_feather(pa.table(columns()), path, compression="zstd"),
}


@pytest.mark.parametrize("name", sorted(WRITERS))
def test_every_kind_of_file_gives_the_same_overlaps(name: str, tmp_path: Path) -> None:
    WRITERS[name](tmp_path / name)
    found = read(tmp_path / name, ListsFile())
    (stratum,) = found.strata
    assert found.lists == tuple(LISTS.split(","))
    assert not found.people
    wanted = {sum(bit << j for j, bit in enumerate(row[:3])): row[3] for row in ROWS}
    assert dict(zip(stratum.table.patterns.tolist(), stratum.table.counts.tolist(), strict=True)) == wanted


def test_a_stream_of_arrow_is_read(tmp_path: Path) -> None:
    table = pa.table(columns())
    with pa.OSFile(str(tmp_path / "a.arrows"), "wb") as sink, pa.ipc.new_stream(sink, table.schema) as out:
        out.write_table(table)
    assert read(tmp_path / "a.arrows", ListsFile()).strata[0].table.documented == sum(r[3] for r in ROWS)


def test_a_pattern_column_is_lists(tmp_path: Path) -> None:
    rows = [("".join(map(str, row[:3])), row[3]) for row in ROWS]
    path = written(tmp_path, text(rows, "pattern,n"))
    assert read(path, ListsFile()).lists == ("list1", "list2", "list3")
    found = read(path, ListsFile(names=tuple(LISTS.split(","))))
    direct = read(written(tmp_path, text(), "b.csv"), ListsFile())
    assert found.strata[0].table.digest == direct.strata[0].table.digest


def test_a_row_may_be_one_person(tmp_path: Path) -> None:
    rows = [row[:3] for row in ROWS for _ in range(row[3])]
    random.Random(4).shuffle(rows)
    found = read(written(tmp_path, text(rows, LISTS)), ListsFile())
    counted = read(written(tmp_path, text(), "b.csv"), ListsFile())
    assert found.people
    assert found.strata[0].table.digest == counted.strata[0].table.digest


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    rows = [(*row, place) for row in ROWS for place in ("north", "south", "")]
    how = ListsFile(by=("place",))
    one = read(written(tmp_path, text(rows, f"{HEAD},place")), how)
    random.Random(3).shuffle(rows)
    other = read(written(tmp_path, text(rows, f"{HEAD},place"), "b.csv"), how)
    assert [s.labels for s in one.strata] == [s.labels for s in other.strata]
    assert [s.table.digest for s in one.strata] == [s.table.digest for s in other.strata]


def test_a_missing_label_is_a_stratum_of_its_own(tmp_path: Path) -> None:
    labels = ("10", "2", "-", "")
    rows = [(*row, label) for row in ROWS for label in labels]
    path = written(tmp_path, text(rows, f"{HEAD},month"))
    found = read(path, ListsFile(by=("month",), missing=("-",), pool=True))
    assert [s.labels for s in found.strata] == [("2",), ("10",), (None,)]
    held = sum(row[3] for row in ROWS)
    assert [s.table.documented for s in found.strata] == [held, held, 2 * held]


def test_accounts_of_the_same_people_are_kept_apart(tmp_path: Path) -> None:
    rows = [(*row, threshold) for row in ROWS for threshold in (1, 2)]
    found = read(written(tmp_path, text(rows, f"{HEAD},threshold")), ListsFile(apart=("threshold",)))
    assert [(s.apart, s.labels) for s in found.strata] == [(("1",), ()), (("2",), ())]


def test_a_mapping_says_what_columns_are(tmp_path: Path) -> None:
    rows = [(*row, place) for row in ROWS for place in ("a", "b")]
    path = written(tmp_path, text(rows, "x,y,z,dead,ort"))
    how = mapping(written(tmp_path, "lists: [x, y, z]\ncount: dead\nby: [ort]\n", "lists.yaml"))
    assert [s.labels for s in read(path, how).strata] == [("a",), ("b",)]
    with pytest.raises(BadInput, match="kount"):
        mapping(written(tmp_path, "kount: n\n", "bad.yaml"))


def test_lists_of_one_office_are_joined_or_refused(tmp_path: Path) -> None:
    path = written(tmp_path, text())
    how = ListsFile(offices={"Ministry": ("hospital", "survey")})
    assert "kept by one office" in problems(path, how)
    found = read(path, how.model_copy(update={"join": True}))
    assert found.lists == ("Ministry", "press")
    assert found.strata[0].table.documented == sum(row[3] for row in ROWS)


def changed(at: int, place: int, value: object) -> list[tuple[object, ...]]:
    rows = [list(row) for row in ROWS]
    rows[at][place] = value
    return [tuple(row) for row in rows]


BAD = {
    "negative": (text(changed(2, 3, -4)), "n is -4: fewer than nobody", "row 4"),
    "part": (text(changed(2, 3, 4.5)), "n is 4.5: part of a person", "row 4"),
    "no number": (text(changed(2, 3, "Amina")), "n is no number", "row 4"),
    "no count": (text(changed(2, 3, "")), "n is empty", "row 4"),
    "unknown cell": (text([*ROWS, (0, 0, 0, 900)]), "people on no list are given a number: 900", "row 9"),
    "twice": (text([*ROWS, ROWS[1]]), "a pattern is given more than once, 010", "rows 3 and 9"),
    "other than 0 and 1": (text(changed(1, 1, 2)), "the list survey is 2, not 0 or 1", "row 3"),
    "a name in a list": (text(changed(1, 1, "Amina")), "the list survey is no number", "row 3"),
    "no list": ("place,n\nnorth,4\nsouth,5\n", "no list is in this table", ""),
    "empty": ("", "the file is empty", ""),
    "no rows": (HEAD + "\n", "", ""),
    "one name": (text(head="hospital,press,press,n"), 'the column "press" is given twice', "cells 2 and 3"),
    "nobody": (text([(*row[:3], 0) for row in ROWS]), "nobody is on any list", ""),
    "lost zeros": ("pattern,n\n110,4\n101,5\n11,6\n", "the pattern is not of 3 lists", "row 4"),
    "no pattern": ("pattern,n\n110,4\n1a1,5\n", "the pattern holds other than 0 and 1", "row 3"),
    "unknown cell not known": (text([*ROWS, (0, 0, 0, "NA")]), "people on no list have a row", "row 9"),
    "unknown cell empty": (text([*ROWS, (0, 0, 0, "")]), "people on no list have a row", "row 9"),
    "a true minus": (text(changed(2, 3, "\u22124")), "n is \u22124: fewer than nobody", "row 4"),
    "thousands": (text(changed(2, 3, '"1,200"')), "n is 1,200\n", "row 4"),
    "more than all": (text(changed(2, 3, 10**18)), "more than there are people", "row 4"),
    "too few cells": (text([*ROWS[:2], (1, 0)]), "a row has 2 cells; the header has 4", "row 4"),
    "one column and no count": ("place,on\na,1\nb,0\n", "the table has no count", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(BAD))
def test_bad_input_is_a_clear_word_and_never_a_number(name: str, tmp_path: Path) -> None:
    held, said, where = BAD[name]
    message = problems(written(tmp_path, held))
    assert said in message
    assert where in message
    assert "Amina" not in message, "a cell that is no number may be a name"


def test_65_lists_are_refused_and_64_are_read(tmp_path: Path) -> None:
    def wide(lists: int) -> Path:
        rows = [[int(k in (j, (j + 1) % lists)) for k in range(lists)] + [5] for j in range(lists)]
        head = ",".join([*(f"l{j}" for j in range(lists)), "n"])
        return written(tmp_path, text([tuple(row) for row in rows], head))

    assert "65 lists are more than 64" in problems(
        wide(65), ListsFile(lists=tuple(f"l{j}" for j in range(65)))
    )
    assert len(read(wide(64), ListsFile(lists=tuple(f"l{j}" for j in range(64)))).lists) == 64


def test_an_unknown_cell_of_nobody_is_read(tmp_path: Path) -> None:
    (stratum,) = read(written(tmp_path, text([*ROWS, (0, 0, 0, 0)])), ListsFile()).strata
    assert stratum.table.documented == sum(row[3] for row in ROWS)


def test_all_problems_of_a_file_come_at_once(tmp_path: Path) -> None:
    rows = changed(2, 3, -4)
    rows[4] = (1, 7, 0, "0.5")
    rows += [(0, 0, 0, 900), ROWS[0], ROWS[0]]
    message = problems(written(tmp_path, text(rows)))
    assert message.startswith("error: 5 problems")
    assert message.count("  at   table.csv, row ") == 4
    assert "rows 2 and 10: a pattern is given more than once, 001" in message
    head = ",".join([*(f"l{j}" for j in range(65)), "n"])
    wide = [(*[int(j == k) for j in range(65)], 5) for k in range(65)] + [(*[1] * 65, -2), (*[0] * 65, 9)]
    message = problems(written(tmp_path, text(wide, head)))
    for said in ("65 lists are more than 64", "row 67: n is -2", "row 68: people on no list"):
        assert said in message


def test_offices_that_cannot_be_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, text())
    both = ListsFile(offices={"Ministry": ("hospital", "survey"), "Bureau": ("hospital", "pres")}, join=True)
    message = problems(path, both)
    assert '"hospital" is said to be kept by two offices' in message
    assert '"Bureau" is said to keep "pres", which is no list' in message


def test_a_pattern_given_twice_asks_which_columns_tell_people_apart(tmp_path: Path) -> None:
    rows = [(*row, place) for row in ROWS for place in ("north", "south")]
    path = written(tmp_path, text(rows, f"{HEAD},place"))
    message = problems(path)
    assert "--by place" in message
    assert "--apart" in message
    assert "--pool" in message
    whole = read(path, ListsFile(pool=True)).strata[0].table.documented
    assert whole == 2 * sum(row[3] for row in ROWS)


def test_the_same_people_linked_more_and_less_strictly_are_never_added(tmp_path: Path) -> None:
    rows = [(*row, cause, strict) for row in ROWS for cause in ("all", "injury") for strict in (1, 2)]
    path = written(tmp_path, text(rows, f"{HEAD},cause,match_threshold"))
    message = problems(path)
    assert "`--apart match_threshold`" in message
    assert "`--by cause` too" in message
    assert "--pool" not in message
    for how in (ListsFile(pool=True), ListsFile(by=("cause", "match_threshold"))):
        assert "match_threshold is one of linkage" in problems(path, how)
    found = read(path, ListsFile(by=("cause",), apart=("match_threshold",)))
    assert len(found.strata) == 4
    one = [row for row in rows if row[-1] == 1]
    alone = written(tmp_path, text(one, f"{HEAD},cause,match_threshold"), "one.csv")
    assert read(alone, ListsFile(pool=True)).strata[0].table.documented == sum(row[3] for row in one)


def test_people_outside_the_window_are_refused(tmp_path: Path) -> None:
    days = ["2023-10-07", "2024-06-30", "2023-10-06", "", "2024-01-01T08:00", "2024-01-41", "7 March"]
    rows = [(*row, day) for row, day in zip(ROWS, days, strict=True)]
    within = Within(column="died", first="2023-10-07", last="2024-06-30")
    message = problems(written(tmp_path, text(rows, f"{HEAD},died")), ListsFile(within=within))
    assert "died lies outside 2023-10-07 to 2024-06-30" in message
    assert "row 4" in message
    assert "row 5: died is not said" in message
    assert "rows 7, 8: died is no day" in message
    days = ["2023-10-07", "2024-06-30", *["2024-01-01"] * 5]
    path = written(tmp_path, text([(*row, day) for row, day in zip(ROWS, days, strict=True)], f"{HEAD},died"))
    months = Within(column="died", first="2023-10", last="2024-06")
    for window in (within, months):
        found = read(path, ListsFile(within=window))
        assert found.strata[0].table.documented == sum(row[3] for row in ROWS)
    turned = Within(column="died", first="2024-06-30", last="2023-10-07")
    assert "the window ends 2023-10-07, before it begins" in problems(path, ListsFile(within=turned))


def test_a_column_that_may_hold_names_makes_no_strata(tmp_path: Path) -> None:
    rows = [(*PATTERNS[n % 7], f"Amina {n}") for n in range(60)]
    message = problems(written(tmp_path, text(rows, f"{LISTS},who")), ListsFile(by=("who",)))
    assert "who has 60 labels in 60 rows: it may hold names" in message
    assert "Amina" not in message


def test_a_column_that_is_not_there_offers_the_nearest(tmp_path: Path) -> None:
    assert '"hospital"? known' in problems(written(tmp_path, text()), ListsFile(by=("hospitals",)))


@pytest.mark.parametrize(
    ("name", "how", "lists", "strata", "documented"),
    [
        ("kosovo_1999_4lists", {}, 4, 1, 4400),
        ("gaza_2024_3lists_reported", {}, 3, 1, 29271),
        ("new_orleans_8lists", {}, 8, 1, 185),
        ("scotland_pwid_4lists_by_region_sex_age", {"by": ("Region", "Gender", "Age")}, 4, 8, 5670),
        ("colombia_recruitment_R1_34lists_by_year_sex_ethnicity", {"pool": True}, 34, 1, 16378),
        ("sudan_khartoum_3lists_d3o3_by_month_sex_age_cause", {"by": ("cause",), "pool": True}, 3, 4, 2664),
    ],
)
def test_public_tables_are_read_as_they_are(
    shared_data: Path, name: str, how: dict[str, object], lists: int, strata: int, documented: int
) -> None:
    found = read(shared_data / "lists" / "mse" / f"{name}.csv", ListsFile.model_validate(how))
    assert len(found.lists) == lists
    assert len(found.strata) == strata
    assert sum(each.table.documented for each in found.strata) == documented
