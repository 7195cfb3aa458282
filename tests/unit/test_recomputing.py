"""A bulletin is made again byte for byte from the log and its exhibits, by anyone, anywhere."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from casemaking import a_text
from holdfire import recomputing
from holdfire.case import Case
from holdfire.errors import BadInput
from holdfire.recomputing import again, bulletins
from holdfire.releasing import write_bundle
from recordmaking import NAME, PERIOD, a_record, released

MAIN = "from holdfire.cli import main; main()"


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    made = a_record(tmp_path_factory.mktemp("recompute") / "case")
    (made.folder.path / "inbox" / "new.md").write_text(a_text(7), encoding="utf-8")
    Case.open(made.folder.path).run(PERIOD)
    Case.open(made.folder.path).run("2031-05-02", daily=True)
    return Case.open(made.folder.path)


def test_every_bulletin_comes_out_the_same_also_one_that_no_longer_stands(case: Case) -> None:
    rebuilt = list(again(case.folder.path, None, "", None))
    assert [each.name for each in rebuilt] == [f"{NAME} v1", f"{NAME} v2", "2031-05-02 v1"]
    assert all(each.same for each in rebuilt), [each.why for each in rebuilt]


@pytest.mark.parametrize(
    ("zone", "seed", "language"), [("Pacific/Auckland", "7", "C"), ("America/Lima", "2031", "ar_SY.UTF-8")]
)
def test_without_vault_inbox_bulletins_and_in_another_place(
    case: Case, tmp_path: Path, zone: str, seed: str, language: str
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(case.folder.path, copy)
    for name in ("inbox", "bulletins", ".holdfire/vault", ".holdfire/claims", ".holdfire/found", "agreement"):
        shutil.rmtree(copy / name)
    (copy / "actors.yaml").unlink()
    env = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": language, "SOURCE_DATE_EPOCH": "1"}
    ran = subprocess.run(
        [sys.executable, "-c", MAIN, "recompute", "--json", "--case", str(copy)],
        env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert [each["same"] for each in json.loads(ran.stdout)] == [True, True, True]


def test_what_is_made_again_can_be_laid_beside_what_was_issued(case: Case, tmp_path: Path) -> None:
    list(again(case.folder.path, None, f"{PERIOD}@2", tmp_path))
    issued = case.bulletins / NAME
    files = [p.relative_to(issued) for p in issued.rglob("*") if p.is_file()]
    assert len(files) > 50
    for name in files:
        assert (tmp_path / NAME / name).read_bytes() == (issued / name).read_bytes(), name


def test_a_bundle_alone_is_enough(case: Case, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(case.folder.path, copy)
    opened = Case.open(copy)
    released(opened)
    write_bundle(opened, tmp_path / "bundle")
    shutil.rmtree(copy)
    assert [each.same for each in again(Path(), tmp_path / "bundle", "", None)] == [True]


def test_an_exhibit_that_changed_is_refused(case: Case, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(case.folder.path, copy)
    opened = Case.open(copy)
    with opened.ledger() as ledger:
        name = bulletins(ledger)[0].value["extracts"]
    path = opened.exhibits.folder / name
    path.write_bytes(path.read_bytes().replace(b"mission", b"missive"))
    with pytest.raises(BadInput, match="does not match its name"):
        list(again(copy, None, "", None))
    path.unlink()
    with pytest.raises(BadInput, match="is not there"):
        list(again(copy, None, "", None))


def test_another_manifest_is_seen(case: Case, tmp_path: Path) -> None:
    """The control: a bulletin whose entry names other bytes than the log gives does not pass."""
    copy = tmp_path / "copy"
    shutil.copytree(case.folder.path, copy)
    with Case.open(copy).ledger(write=True) as ledger:
        body = bulletins(ledger)[-1].value
        ledger.append([{**body, "manifest": "0" * 64}])
    rebuilt = list(again(copy, None, "2031-05-02", None))
    assert [each.same for each in rebuilt] == [True, False]
    assert "issued was 000000000000" in rebuilt[1].why


def test_another_method_is_named(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recomputing, "method", lambda: "f" * 64)
    monkeypatch.setattr("holdfire.issuing.method", lambda: "f" * 64)
    (each,) = again(case.folder.path, None, "2031-05-02", None)
    assert not each.same
    assert "another method" in each.why


def test_no_such_bulletin_says_which_there_are(case: Case) -> None:
    with pytest.raises(BadInput) as caught:
        list(again(case.folder.path, None, "2031-06-01", None))
    assert NAME in caught.value.problems[0].hint
