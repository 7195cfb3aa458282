"""`holdfire protect attack` on files: a clean release passes, and what is wrong with another is said."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from holdfire.cli import app
from holdfire.ledger import drafts
from holdfire.protecting.cells import Partition, Settings
from holdfire.protecting.release import Release, epoch
from holdfire.sheltering import attacked, partitioning, releasing
from protecting import scattered
from releasing import begun, entered, fixed

SETTINGS = Settings(block_share=20)


def layer(folder: Path, many: int = 2500) -> Path:
    lon, lat, _ = scattered(5, many)
    path = folder / "places.csv"
    path.write_text("lon,lat\n" + "".join(f"{x},{y}\n" for x, y in zip(lon, lat, strict=True)))
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Partition]:
    """Return a folder with a layer, its partition, and a published release of its heaviest cell."""
    folder = tmp_path_factory.mktemp("attack")
    found = partitioning.make("MADE", [layer(folder)], SETTINGS)
    partitioning.save(found, folder / "made.json")
    heavy = max(found.cells, key=lambda cell: cell.numbers["count"].mass)
    with begun(folder) as ledger:
        fixed(ledger, found)
        entered(ledger, [heavy.code], partition=found)
        releasing.publish(ledger, folder / "made.json", folder / "out")
    return folder, found


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["protect", "attack", *map(str, words)])


def test_a_published_release_passes_no_limit(made: tuple[Path, Partition]) -> None:
    folder, _ = made
    found = run(folder / "out", "--candidates", folder / "places.csv", "--sites", 1)
    assert found.exit_code == 0, found.output
    assert "no limit is passed, and nothing leaks that is looked for" in found.output
    told = json.loads(run(folder / "out", "--candidates", folder / "places.csv", "--json").stdout)
    assert told["releases"] == 1
    assert told["passed"] is False
    assert {each["attacker"] for each in told["attackers"]} >= {"inversion", "movement", "questions"}


def test_a_draft_is_attacked_before_anyone_signs(made: tuple[Path, Partition], tmp_path: Path) -> None:
    folder, found = made
    starts, ends = epoch(found.settings, "2027-01-10")
    said = Release(
        partition=found.digest, name=found.name, number=1, starts=starts, ends=ends,
        cells=tuple(cell.code for cell in found.cells), before="", keyset="0" * 64,
    )  # fmt: skip
    drafts.save(tmp_path / "draft.json", drafts.checked(said.value))
    words = (
        tmp_path / "draft.json",
        "--partition",
        folder / "made.json",
        "--candidates",
        folder / "places.csv",
    )
    told = run(*words)
    assert told.exit_code == 1
    assert "above the limit" in told.output
    assert "guesses" in told.output
    assert run(*words, "--limit", "1", "--sites", "60").exit_code == 0
    few = run(words[0], "--candidates", folder / "places.csv")
    assert few.exit_code != 0
    assert "which is not given" in str(few.exception)


def test_leaks_in_the_folder_and_beside_it_are_told(made: tuple[Path, Partition], tmp_path: Path) -> None:
    folder, found = made
    log = tmp_path / "case.log"
    box = max(found.cells, key=lambda cell: cell.numbers["count"].mass).box
    log.write_text(f"DEBUG opened {box.west / 60 + 0.01234:.5f},{box.south / 60 + 0.02345:.5f}\n")
    words = (folder / "out", "--candidates", folder / "places.csv", "--sites", 1)
    told = run(*words, "--beside", log)
    assert told.exit_code == 1
    assert "leak: case.log, line 1: a position that is no corner of a published area" in told.output
    page = folder / "out" / "index.html"
    before = page.stat()
    os.utime(page, (before.st_atime, before.st_mtime + 86_400))
    assert "out/index.html: a file that was written at another time" in run(*words).output
    os.utime(page, (before.st_atime, before.st_mtime))
    page.write_bytes(page.read_bytes() + b"<!-- 2 hospitals -->")
    assert "out/index.html" in run(*words).output
    page.write_bytes(page.read_bytes().removesuffix(b"<!-- 2 hospitals -->"))
    os.utime(page, (before.st_atime, before.st_mtime))
    assert run(*words).exit_code == 0


def test_a_register_is_said_honestly(made: tuple[Path, Partition], tmp_path: Path) -> None:
    folder, found = made
    heavy = max(found.cells, key=lambda cell: cell.numbers["count"].mass).box
    register = tmp_path / "register.csv"
    register.write_text(f"lon,lat\n{heavy.west / 60 + 0.01:.4f},{heavy.south / 60 + 0.01:.4f}\n")
    told = run(folder / "out", "--candidates", folder / "places.csv", "--sites", 1, "--register", register)
    assert told.exit_code == 1
    assert "knows from elsewhere that the site is in this register" in told.output


def test_other_layers_are_refused(made: tuple[Path, Partition], tmp_path: Path) -> None:
    folder, _ = made
    other = layer(tmp_path, 2400)
    told = run(folder / "out", "--candidates", other)
    assert "not the layer that the partition names" in str(told.exception)
    strange = tmp_path / "strange.csv"
    strange.write_text("lon,lat\n38.1234,35.1234\n")
    told = run(folder / "out", "--candidates", folder / "places.csv", "--candidates", strange)
    assert "no partition of these releases names this layer" in str(told.exception)


def test_a_release_that_too_few_signed_is_refused(made: tuple[Path, Partition], tmp_path: Path) -> None:
    folder, _ = made
    said = json.loads((folder / "out" / "release.json").read_bytes())
    said["entry"]["signatures"].popitem()
    broken = tmp_path / "release.json"
    broken.write_text(json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n")
    told = run(broken, "--partition", folder / "made.json", "--candidates", folder / "places.csv")
    assert told.exit_code != 0
    assert told.exception is not None


def test_what_is_said_is_for_machines_too() -> None:
    empty = attacked.Attacked(1, (), ())
    assert empty.value == {"releases": 1, "passed": False, "attackers": [], "leaks": []}
    assert replace(empty, leaks=(attacked.Leak("a.log", 3, "time"),)).passed
