"""A release's folder is what its release makes, file by file; each file is changed here in turn."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from holdfire.errors import CheckFailed
from holdfire.precaution import released
from holdfire.sheltering import releasing
from holdfire.sheltering.publishedfolder import held
from releasing import begun, entered, partition

FILES = (
    "corners.csv", "index.html", "partition.json", "release.json", "zones.cap.xml", "zones.fg.json",
    "zones.geojson", "zones.gpkg", "zones.kml", "zones.parquet",
)  # fmt: skip
AREA = "SYR-0003"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    (folder / "syr.json").write_bytes(partition().text())
    with begun(folder) as ledger:
        entered(ledger, codes=(AREA,))
        releasing.publish(ledger, folder / "syr.json", folder / "out")
    return folder / "out"


@pytest.fixture
def copy(out: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(out, tmp_path / "copy"))


def checked(folder: Path) -> int:
    return held(folder, *released.read(folder))


def test_an_honest_folder_holds_also_in_part(copy: Path) -> None:
    assert tuple(sorted(each.name for each in copy.iterdir())) == FILES
    assert checked(copy) == len(FILES)
    (copy / "zones.gpkg").unlink()
    (copy / ".DS_Store").write_bytes(b"a Mac was here")
    assert checked(copy) == len(FILES) - 1


@pytest.mark.parametrize("name", [each for each in FILES if each not in ("release.json", "partition.json")])
def test_a_changed_area_is_found_in_every_file(copy: Path, name: str) -> None:
    content = (copy / name).read_bytes()
    if name.endswith(".parquet"):  # packed: the code does not stand in it as text
        table = pq.read_table(io.BytesIO(content))
        kept = io.BytesIO()
        pq.write_table(table.slice(0, 0), kept)
        changed = kept.getvalue()
    else:
        changed = content.replace(b"0003", b"0004", 1)
    assert changed != content
    (copy / name).write_bytes(changed)
    with pytest.raises(CheckFailed, match="it was changed") as raised:
        checked(copy)
    assert [each.where for each in raised.value.problems] == [str(copy / name)]


def test_a_table_of_another_librarys_version_says_the_same(copy: Path) -> None:
    table = pq.read_table(copy / "zones.parquet")
    pq.write_table(table, copy / "zones.parquet", compression="snappy")
    assert checked(copy) == len(FILES)


def test_a_file_put_beside_is_named(copy: Path) -> None:
    (copy / "zones-2.kml").write_bytes((copy / "zones.kml").read_bytes())
    with pytest.raises(CheckFailed, match="no file of the release"):
        checked(copy)
