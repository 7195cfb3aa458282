"""Each bad data file of tests/wrong/data comes back as its whole message, byte for byte.

`mistake.format.ext` is read by the format it names; a `table` is read through `mistake.mapping.yaml` if that
stands beside it, else through `PLAIN`. A `note` is a report's note, and a `mapping` alone reads `TABLE`.
What is too large or too odd to keep is made here, in `MADE`. To renew: HOLDFIRE_RENEW=1, then read the diff.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from holdfire import documents
from holdfire.errors import HoldfireError
from holdfire.folder import Folder
from holdfire.reading.format import Format
from holdfire.reading.formats.acled import Acled
from holdfire.reading.formats.airwars import Airwars
from holdfire.reading.formats.ged import UcdpGed
from holdfire.reading.formats.mapped import Mapped
from holdfire.records.casefile import About
from tabling import PLAIN, context, ged, held, packed, report

WRONG = Path(__file__).parent / "wrong" / "data"
CASE = Path(__file__).parent / "agreements" / "example-2031"
FORMATS: dict[str, Format] = {"ged": UcdpGed(), "acled": Acled(), "airwars": Airwars(), "table": Mapped()}
TABLE = b"Date,Place,Type,Lat,Lon,Low,Best,High\n02/05/2031,Marrow,strike,30.5,11.25,1,2,3\n"
DATA = [f for f in sorted(WRONG.iterdir()) if f.suffix != ".txt" and not f.name.endswith(".mapping.yaml")]
MAPPINGS = [
    f for f in sorted(WRONG.glob("*.mapping.yaml")) if not list(WRONG.glob(f"{f.name.split('.')[0]}.table.*"))
]


def _sheet(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in (["Date", "Place", "Type", "Lat", "Lon", "Low", "Best", "High"], *rows):
        book.active.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


MADE: dict[str, Callable[[], bytes]] = {
    "gzip_cut_short.ged.csv.gz": lambda: packed(ged(*[{}] * 50))[:-12],
    "long_line.ged.csv": lambda: ged({})[:-1] + b"x" * (17 << 20),
    "formulas.table.xlsx": lambda: _sheet(
        ["02/05/2031", "Marrow", "strike", 30.5, 11.25, "=1+1", 2, 3],
        ["03/05/2031", '=HYPERLINK("x")', "strike", 30.5, 11.25, 1, 2, 3],
    ),
    "a_zip.ged.csv": _sheet,
}


@pytest.mark.parametrize("file", DATA, ids=lambda file: file.name)
def test_file(file: Path) -> None:
    _compare(file.name, lambda: _read(file.name, file.read_bytes()))


@pytest.mark.parametrize("name", MADE)
def test_made(name: str) -> None:
    _compare(name, lambda: _read(name, MADE[name]()))


@pytest.mark.parametrize("file", MAPPINGS, ids=lambda file: file.name)
def test_mapping(file: Path) -> None:
    name = f"{file.name.split('.')[0]}.table.csv"
    _compare(file.name, lambda: _read(name, TABLE))


def _read(name: str, sample: bytes) -> None:
    mistake, kind = name.split(".")[:2]
    if kind == "note":
        about = documents.read(About, sample.decode(), name)
        Folder(CASE).mapping(about.mapping)
        return
    beside = WRONG / f"{mistake}.mapping.yaml"
    mapping = beside.read_text(encoding="utf-8") if beside.exists() else PLAIN
    given = context(mapping="" if mistake == "no_mapping" else mapping, file=name)
    for _ in FORMATS[kind].claims(report(sample), held(sample, name), given):
        pass


def _compare(name: str, read: Callable[[], None]) -> None:
    with pytest.raises(HoldfireError) as caught:
        read()
    message = f"{caught.value}\n"
    expected = WRONG / f"{name}.txt"
    if os.environ.get("HOLDFIRE_RENEW"):
        expected.write_text(message, encoding="utf-8")
    assert message == expected.read_text(encoding="utf-8")
    assert caught.value.exit_code == 2
    assert "Invented" not in message  # the name that some of the files hold


def test_the_table_that_is_spoiled_is_sound() -> None:
    (claims,) = Mapped().claims(report(TABLE), held(TABLE), context(mapping=PLAIN))
    assert claims.num_rows == 1


def test_every_message_belongs_to_a_mistake() -> None:
    bad = {f.name for f in (*DATA, *MAPPINGS)} | set(MADE)
    assert {f"{name}.txt" for name in bad} == {f.name for f in WRONG.glob("*.txt")}
    assert len(bad) >= 40
