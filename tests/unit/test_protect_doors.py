"""A partition, a release and a check through the commands; the check where only published files are."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from holdfire.cli import app
from holdfire.errors import HoldfireError
from holdfire.precaution import released
from holdfire.protecting.check import CLEARANCE
from releasing import NOW, partition


def run(*words: object, code: int = 0) -> Result:
    result = CliRunner().invoke(app, [str(each) for each in words], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def refused(*words: object) -> str:
    with pytest.raises(HoldfireError) as raised:
        CliRunner().invoke(app, [str(each) for each in words], catch_exceptions=False)
    return f"{raised.value.exit_code} {raised.value}"


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with keys, a partition and a case whose editors fixed it and entered a release."""
    beside = tmp_path_factory.mktemp("begun")
    folder, draft = beside / "case", beside / "draft"
    folder.mkdir()
    (folder / "case.yaml").write_text("title: A case\n")
    (beside / "syr.json").write_bytes(partition().text())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
        said = [run("keys", "new", name, "--out", beside / name).stdout.strip() for name in ("Ada", "Ben")]
        run("keys", "draft", "--editor", said[0], "--editor", said[1], "--out", draft, "--case", folder)
        enter(draft, folder)
        run("protect", "propose", beside / "syr.json", "--out", draft, "--case", folder)
        enter(draft, folder)
        enter(draw(folder), folder)
    return beside


@pytest.fixture
def case(begun: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the case, its keys beside it; the clock stands."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
    shutil.copytree(begun, tmp_path, dirs_exist_ok=True)
    return tmp_path / "case"


def enter(draft: Path, case: Path) -> None:
    for name in ("Ada", "Ben"):
        run("sign", draft, "--key", draft.with_name(name))
    run("enter", draft, "--case", case)


def draw(case: Path, *more: object, codes: str = "SYR-0003\n") -> Path:
    beside = case.parent
    (beside / "codes").write_text(codes)
    words = (
        "protect",
        "release",
        "--partition",
        beside / "syr.json",
        "--codes",
        beside / "codes",
        "--sites",
        1,
    )
    run(*words, "--out", beside / "draft", "--case", case, "--limit", "0.5", *more)
    return beside / "draft"


def square(file: Path, lon: float, lat: float) -> Path:
    file.write_text(f"lat,lon\n{lat},{lon}\n{lat},{lon + 0.0103}\n{lat + 0.0103},{lon}\n")
    return file


def test_from_codes_to_an_answer_in_another_folder(case: Path, tmp_path: Path) -> None:
    out = run(
        "protect", "publish", tmp_path / "out", "--partition", tmp_path / "syr.json", "--case", case
    ).stdout
    mark = out.split("--trust ")[1].strip()
    away = tmp_path / "away"
    shutil.move(tmp_path / "out", away)
    shutil.rmtree(case)
    shown = run("protect", "show", away, "--trust", mark).stdout
    assert "signed by Ada, Ben" in shown
    assert "SYR-0003  precaution area; does not assert that a site is present" in shown
    assert ": not yet begun" in shown
    with pytest.MonkeyPatch.context() as later:
        later.setenv("HOLDFIRE_NOW", "2027-03-01T00:00Z")
        assert ": OVER, and says nothing of today" in run("protect", "show", away, "--trust", mark).stdout
    box = partition().by_code["SYR-0003"].box
    inside = square(tmp_path / "in.csv", box.west / 60 + 0.0123, box.south / 60 + 0.0123)
    when = ("--from", "2026-12-05", "--to", "2026-12-06", "--trust", mark)
    assert (
        run("protect", "check", away, "--area", inside, *when, code=1).stdout
        == "touches precaution area SYR-0003\n"
    )
    far = partition().cells[-1].box
    outside = square(tmp_path / "far.csv", far.west / 60 + 0.0123, far.south / 60 + 0.0123)
    assert run("protect", "check", away, "--area", outside, *when).stdout == f"{CLEARANCE}\n"
    told = json.loads(
        run("protect", "check", away / "release.json", "--area", inside, *when, "--json", code=1).stdout
    )
    assert told["areas"] == [{"area": "area 1", "touches": ["SYR-0003"], "zones": []}]
    assert "it is superseded" in refused(
        "protect", "check", away, "--area", inside, "--from", "2027-01-05", "--to", "2027-01-06"
    )
    assert refused("protect", "show", away, "--trust", "0" * 64).startswith(
        "1 error: this is of another record"
    )
    assert "do not rely on this release" in refused("protect", "show", away, "--trust", "0" * 64)
    assert "64 hexadecimal digits" in refused("protect", "show", away, "--trust", "abc")
    assert "does not end after it begins" in refused(
        "protect", "check", away, "--area", inside, "--from", "2026-12-06", "--to", "2026-12-05"
    )


def test_a_folder_holds_no_time_but_the_epochs(case: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        run("protect", "publish", tmp_path / name, "--partition", tmp_path / "syr.json", "--case", case)
    kept = {path.read_bytes() for path in (case / "precaution").iterdir()}
    assert kept == {(tmp_path / "one" / name).read_bytes() for name in ("release.json", "partition.json")}
    files = sorted(each.name for each in (tmp_path / "one").iterdir())
    assert {"index.html", "release.json", "partition.json", "zones.kml", "corners.csv"} <= set(files)
    for name in files:
        content = (tmp_path / "one" / name).read_bytes()
        assert content == (tmp_path / "two" / name).read_bytes()
        said = content.split(b'"form"')[0] if name == "release.json" else content  # keysets have times
        assert b"2026-11-23" not in said, name


def test_the_clock_is_held_against_the_epoch_when_a_draft_is_entered(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = draw(case)
    for name in ("Ada", "Ben"):
        run("sign", draft, "--key", tmp_path / name)
    late = datetime(2027, 1, 1, tzinfo=UTC)  # release 1 is in; this is the second
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(late.timestamp())))
    assert "while the draft was passed round" in refused("enter", draft, "--case", case)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert "it runs backwards" in refused("enter", draft, "--case", case)


def test_what_stands_in_the_way_is_not_overwritten(case: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    words = ("--partition", tmp_path / "syr.json", "--case", case)
    assert "holds no release" in refused("protect", "publish", tmp_path / "full", *words)
    assert (tmp_path / "full" / "mine.txt").read_text() == "mine"
    with pytest.raises(HoldfireError, match="cannot be read"):
        released.read(tmp_path / "full")


def test_convert_writes_what_it_read(tmp_path: Path) -> None:
    area = square(tmp_path / "a.csv", 37.1234, 36.1234)
    said = run("protect", "convert", area, "--as", "csv-mgrs").stdout
    assert said.splitlines()[0] == "area,ring,corner,mgrs"
    run("protect", "convert", area, "--as", "kml", "--out", tmp_path / "a.kml")
    back = run("protect", "convert", tmp_path / "a.kml", "--as", "csv-decimal").stdout
    assert "36.123400,37.123400" in back
    assert "no form is called" in refused("protect", "convert", area, "--as", "shp")


def test_the_number_of_places_need_not_stand_in_the_shells_history(begun: Path, tmp_path: Path) -> None:
    (tmp_path / "codes").write_text("SYR-0003\n")
    words = (
        "protect", "release", "--partition", begun / "syr.json", "--codes", tmp_path / "codes",
        "--out", tmp_path / "draft", "--case", begun / "case", "--limit", "0.5",
    )  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
        found = CliRunner().invoke(app, [str(each) for each in words], input="1\n", catch_exceptions=False)
    assert found.exit_code == 0, found.output
    assert "how many places" in found.output
    assert json.loads((tmp_path / "draft").read_bytes())["cells"] == ["SYR-0003"]
