"""CSV blocks: the same cells as Python's own reader gives, whatever the block; or a refusal with a line."""

from __future__ import annotations

import csv
import io
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from holdfire.errors import BadInput
from holdfire.reading import separated
from holdfire.reading.separated import Sheet
from holdfire.reading.tabular import Faults
from tabling import held

CELLS = st.text(alphabet='ab,;"\n é', max_size=6)
TABLES = st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=12)


def cells(sample: bytes, separator: str = ",") -> tuple[list[int], list[list[str]]]:
    faults = Faults("table.csv")
    numbers, found = [], []
    with Sheet(held(sample), separator) as sheet:
        for batch in sheet.batches(sheet.header, faults):
            numbers += batch.numbers.tolist()
            found += [[value or "" for value in row.values()] for row in batch.cells.to_pylist()]
    faults.raise_any()
    return numbers, found


@given(TABLES, st.sampled_from([",", ";"]), st.integers(8, 60), st.sampled_from(["\n", "\r\n"]))
@settings(deadline=None)
def test_any_block_gives_the_cells_that_were_written(
    written: list[tuple[str, str, str]], separator: str, block: int, end: str
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator=end)
    writer.writerow(["x", "y", "z"])
    writer.writerows(written)
    before, separated.BLOCK = separated.BLOCK, block
    try:
        numbers, found = cells(text.getvalue().encode(), separator)
    finally:
        separated.BLOCK = before
    assert found == [list(row) for row in written]
    assert numbers == list(range(1, len(written) + 1))


@given(st.binary(max_size=60))
@example(b"\xef\xbb\xbf")
@example(b"\xef\xbb\xbf1,2\n")
@settings(deadline=None)
def test_any_bytes_are_read_or_refused(noise: bytes) -> None:
    with suppress(BadInput):
        cells(b"x,y\n" + noise)


def test_rows_of_other_lengths_are_named_and_the_rest_keep_their_numbers() -> None:
    sample = b"x,y\n1,2\n\n3\n4,5\n6,7,8\n9,9\n"
    faults = Faults("table.csv")
    with Sheet(held(sample)) as sheet:
        numbers = [n for batch in sheet.batches(["x"], faults) for n in batch.numbers.tolist()]
    assert numbers == [1, 3, 5]
    with pytest.raises(BadInput) as caught:
        faults.raise_any()
    assert [p.where for p in caught.value.problems] == ["table.csv, row 2", "table.csv, row 4"]


@pytest.mark.parametrize(
    ("row", "line", "problem"),
    [
        ('1,a "b" c\n', 2, "inside a cell that no quote opens"),
        ('1,"a" b\n', 2, "is not closed where the cell ends"),
        ('1,2\n3,"a\n4,5\n', 3, "is not closed where the cell ends"),
    ],
)
def test_quotes_that_make_rows_doubtful_are_refused(row: str, line: int, problem: str) -> None:
    with pytest.raises(BadInput, match=problem) as caught:
        cells(b"x,y\n" + row.encode())
    assert caught.value.problems[0].where == f"table.csv, line {line}"


def test_a_row_that_never_ends_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(separated, "LONGEST_ROW", 5 << 20)
    with pytest.raises(BadInput, match="a row is longer than 5 MiB"):
        cells(b'x,y\n1,"' + b"a\n" * (6 << 20) + b'"\n')


def test_the_header_is_read_to_its_end() -> None:
    assert cells(b'"two\nlines",y\n1,2\n')[1] == [["1", "2"]]
    with pytest.raises(BadInput, match="given twice"):
        cells(b"x,y,x\n1,2,3\n")
    with pytest.raises(BadInput, match="is empty"):
        cells(b"")
    with pytest.raises(BadInput, match="no rows"):
        cells(b"x,y\n\n")
    with pytest.raises(BadInput, match="carriage return"):
        cells(b"x,y\r1,2\r")


def test_lines_above_the_header_are_passed_over() -> None:
    with Sheet(held(b"A title\n\nx,y\n1,2\n"), header=3) as sheet:
        assert sheet.header == ["x", "y"]
