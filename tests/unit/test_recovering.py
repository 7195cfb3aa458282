"""A lost log comes back from a bundle, whole and in order, or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from attacks.honest import Bundle
from holdfire.doors import recover as door
from holdfire.errors import BadInput, CheckFailed
from holdfire.ledger.log import Ledger
from holdfire.recovering import recover
from mirrored import Growing


@pytest.fixture(scope="module")
def issues() -> list[Bundle]:
    growing = Growing(upto=300, each=250, pages=2)
    return [growing.one_more(), growing.one_more()]


def laid(folder: Path, bundle: Bundle) -> Path:
    for name, content in bundle.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def entries(made: Path) -> list[bytes]:
    with Ledger.open(made / "ledger.sqlite") as ledger:
        assert ledger.check() == []
        return [entry.content for entry in ledger.entries()]


def test_every_entry_and_checkpoint_comes_back(issues: list[Bundle], tmp_path: Path) -> None:
    made, bundle = tmp_path / "made", issues[1]
    back = recover(made, laid(tmp_path / "bundle", bundle), bundle.fingerprint)
    assert entries(made) == bundle.contents
    assert (back.size, back.added) == (len(bundle.contents), len(bundle.contents))
    assert back.checkpoints == 2
    assert sorted(path.name for path in (made / "checkpoints").iterdir() if path.name.isdecimal()) == sorted(
        str(len(each.contents)) for each in issues
    )
    again = recover(made, tmp_path / "bundle", bundle.fingerprint)
    assert (again.added, again.root) == (0, back.root)


def test_it_goes_on_where_a_killed_run_stopped(issues: list[Bundle], tmp_path: Path) -> None:
    made = tmp_path / "made"
    recover(made, laid(tmp_path / "one", issues[0]), issues[0].fingerprint)
    back = recover(made, laid(tmp_path / "two", issues[1]), issues[1].fingerprint)
    assert entries(made) == issues[1].contents
    assert back.added == len(issues[1].contents) - len(issues[0].contents)
    with pytest.raises(BadInput, match="the bundle"):
        recover(made, tmp_path / "one", issues[0].fingerprint)


def test_another_log_is_left_alone(issues: list[Bundle], tmp_path: Path) -> None:
    made = tmp_path / "made"
    value: dict[str, Any] = {"kind": "retraction", "of": "0" * 64, "at": "2031-05-01T00:00Z", "reason": "r"}
    with Ledger.open(made / "ledger.sqlite", write=True) as ledger:
        ledger.append([value])
    with pytest.raises(BadInput, match="another one"):
        recover(made, laid(tmp_path / "bundle", issues[0]), issues[0].fingerprint)
    assert len(entries(made)) == 1


def test_a_bundle_that_is_not_true_brings_nothing_back(issues: list[Bundle], tmp_path: Path) -> None:
    folder = laid(tmp_path / "bundle", issues[0])
    with pytest.raises(CheckFailed, match="foreign"):
        recover(tmp_path / "made", folder, "0" * 64)
    path = next(each for each in sorted(folder.rglob("*")) if "entries" in str(each) and each.is_file())
    path.write_bytes(path.read_bytes().replace(b"claim", b"clalm", 1))
    with pytest.raises(CheckFailed):
        recover(tmp_path / "made", folder, issues[0].fingerprint)
    assert not (tmp_path / "made").exists()


def test_the_door(issues: list[Bundle], tmp_path: Path) -> None:

    app = typer.Typer()
    app.command()(door.restore)
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / "case.yaml").write_text("title: Example\n")
    folder = laid(tmp_path / "bundle", issues[0])
    words = [str(folder), "--trust", issues[0].fingerprint, "--case", str(tmp_path / "case")]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert f"{len(issues[0].contents):,} entries" in done.output
    with pytest.raises(BadInput, match="fingerprint"):
        CliRunner().invoke(app, [*words[:2], "short", *words[3:]], catch_exceptions=False)
