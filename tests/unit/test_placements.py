"""A report is placed in a case that was run: the answer is that of the next run, and nothing changes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from casemaking import a_case, a_run, a_text
from holdfire.case import Case
from holdfire.cli import app
from holdfire.errors import BadInput, HoldfireError
from holdfire.fusing.incidents import placing
from holdfire.placements import place_files, ready
from holdfire.redacting import destroyer
from holdfire.tables import rows
from listing import SOMEONE, a_list, list_case
from weighing import again


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return again(a_run(tmp_path / "case", {f"{n}.md": a_text(n) for n in range(4)}))


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """A report of another source about what one of the case tells."""
    file = tmp_path / "more.md"
    text = a_text(1).replace("source: news", "source: wire").replace("The mission", "Officials")
    file.write_text(text, encoding="utf-8")
    return file


def contents(case: Case) -> dict[str, bytes]:
    """Return every file of a case but what placing keeps for itself, and SQLite of what it reads."""
    files = (file for file in case.folder.path.rglob("*") if file.is_file())
    own = ("standing.duckdb", "ledger.sqlite-shm", "ledger.sqlite-wal")
    return {str(file): file.read_bytes() for file in files if file.name not in own}


def test_a_report_goes_where_the_next_run_puts_it_and_nothing_changes(case: Case, report: Path) -> None:
    before = contents(case)
    told: list[str] = []
    found = place_files(case, [report], tell=told.append)
    assert told
    assert contents(case) == before
    homes = [home for home in found.placed.homes if home.part == "supports"]
    assert homes
    case.add([report], {})
    case.run()
    after = again(case).found()
    by_claim = {row["claim_id"]: row["incident_id"] for row in rows(after.fused.members)}
    new = {row["claim_id"] for row in rows(after.claims) if row["source"] == "wire"}
    for home in homes:
        joined = {by_claim[claim] for claim in home.beside}
        alone = [claim for claim in new if claim in by_claim and by_claim[claim] not in joined]
        assert len(joined) == 1 or (not joined and alone)
    incidents = {row["claims"] for row in rows(found.placed.incidents)}
    assert incidents <= {row["claims"] for row in rows(after.fused.incidents)}


def test_it_is_made_ready_once_after_each_run(case: Case, report: Path) -> None:
    told: list[str] = []
    place_files(case, [report], tell=told.append)
    file = ready(case, told.append)
    told.clear()
    place_files(again(case), [report], tell=told.append)
    assert told == []
    case.add([report], {})
    case.run()
    assert not file.exists()


def test_a_damaged_standing_is_made_anew(case: Case, report: Path) -> None:
    whole = place_files(case, [report]).placed
    ready(case).write_bytes(b"no database")
    told: list[str] = []
    mended = place_files(again(case), [report], tell=told.append).placed
    assert told
    assert mended == whole


def test_where_all_are_fused_again_the_answer_is_the_same(
    case: Case, report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = place_files(case, [report])
    monkeypatch.setattr("holdfire.placements.place", lambda *_, **__: placing.Placed(due="asked for"))
    slow = place_files(case, [report])
    assert (quick.whole, slow.whole) == (False, True)
    assert quick.placed == slow.placed


def test_a_report_the_case_holds_is_said_so(case: Case) -> None:
    held = next(case.folder.inbox())
    found = place_files(case, [held])
    assert found.known == (held.name,)
    assert not found.placed.homes
    assert "holds this report already" in found.lines()[0]


def test_a_case_that_changed_or_was_never_run_is_refused(tmp_path: Path, case: Case, report: Path) -> None:
    (case.folder.path / "inbox" / "late.md").write_text(a_text(8), encoding="utf-8")
    with pytest.raises(HoldfireError, match="changed since the last run"):
        place_files(again(case), [report])
    with pytest.raises(HoldfireError, match="never run"):
        place_files(a_case(tmp_path / "other"), [report])


def test_a_report_that_no_one_published_is_refused(case: Case, tmp_path: Path) -> None:
    file = tmp_path / "bare.txt"
    file.write_text("Shelling killed two people in Mill on 2 May 2031.", encoding="utf-8")
    with pytest.raises(BadInput, match="no one says who published it"):
        place_files(case, [file], dated="2031-05-03")


def test_a_redaction_destroys_what_stands(case: Case, report: Path) -> None:
    file = ready(case)
    assert file.exists()
    held = case.held()[0].report.id
    with case.ledger(write=True) as ledger, case.vault(write=True) as vault:
        destroyer(case.folder, ledger, vault)(held)
    assert not file.exists()


def test_what_stands_names_no_one_of_a_list_of_the_dead(tmp_path: Path) -> None:
    made = list_case(tmp_path / "listed", {"one.csv": ("mission", a_list({}, {"Name": "Kelo Vatumi"}))})
    (made.folder.path / "inbox" / "one.md").write_text(a_text(1), encoding="utf-8")
    made.run()
    whole = ready(again(made)).read_bytes()
    assert b"Mill" in whole  # what is there is not hidden by how it is written
    for name in (SOMEONE["Name"], "Vatumi", SOMEONE["Arabic"]):
        for word in name.split():
            assert word.encode() not in whole


def test_the_command_prints_where_each_claim_goes(case: Case, report: Path) -> None:
    place = ["place", str(report), "--case", str(case.folder.path)]
    shown = CliRunner().invoke(app, place)
    assert shown.exit_code == 0, shown.output
    assert "would " in shown.stdout
    said = json.loads(CliRunner().invoke(app, [*place, "--json"]).stdout)
    assert [each["claim"] for each in said["claims"]]
    assert said["fused_again"] is False
