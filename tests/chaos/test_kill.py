"""A writer is killed at random moments; what it said was kept is kept, once. The long form: make chaos."""

from __future__ import annotations

from pathlib import Path

import pytest

from holdfire.chaos.forks import Forks
from holdfire.chaos.kill import kill
from holdfire.chaos.truth import look
from holdfire.chaos.writer import BULLETIN, LATEST, LEDGER, VAULT, Said, blob, group, page
from holdfire.ledger.log import Ledger
from holdfire.ledger.vault import Vault

KILLS = 25
SEED = 2016


def test_nothing_acknowledged_is_lost_or_there_twice(capsys: pytest.CaptureFixture[str]) -> None:
    told = kill(KILLS, SEED)
    with capsys.disabled():
        print(f"\n{told}")
    assert not told.details
    assert told.passed, "nothing lost, and each control found out"
    assert told.seen["acknowledged"] > KILLS, "the writer must have come to write"


def written(folder: Path, mix: tuple[int, ...] = (0, 1, 0), rounds: int = 4) -> Said:
    """Let a writer work and end well; return what it said."""
    job = {"folder": str(folder), "said": Said(), "seed": 1, "mix": mix, "rounds": rounds, "close": True}
    with Forks() as forks:
        end = forks.start(job).end()
    assert end.words[-1] == "done"
    return end.said(Said())


def test_a_writer_that_is_left_alone_leaves_what_it_said(tmp_path: Path) -> None:
    said = written(tmp_path)
    seen = look(tmp_path, said)
    assert not seen.bad
    assert (seen.entries, seen.bulletin, seen.latest) == (said.entries, said.bulletins, said.bulletins)
    assert said.entries == len(group(0)) + len(group(1)) + len(group(3)) + len(group(7))


def test_the_check_sees_a_lost_entry_and_a_lost_bulletin(tmp_path: Path) -> None:
    said = written(tmp_path)
    assert look(tmp_path, said._replace(entries=said.entries + 2)).lost == 2
    more = said._replace(bulletins=said.bulletins + 1)
    assert look(tmp_path, more).lost == 2, "the folder and the file beside it"


def test_the_check_sees_a_lost_blob_and_one_that_came_back(tmp_path: Path) -> None:
    said = written(tmp_path, (0, 0, 0, 3, 2), 12)
    assert said.blobs > said.gone + 1
    assert said.gone > 0
    assert not look(tmp_path, said).bad
    assert look(tmp_path, said._replace(blobs=said.blobs + 2)).lost == 2
    with Vault.open(tmp_path / VAULT, write=True) as vault:
        vault.put(blob(0), {"file": "0"})
    assert look(tmp_path, said).problems == ["blob 0 was destroyed, and is there"]
    with Vault.open(tmp_path / VAULT, write=True) as vault:
        vault.put(b"planted", {})
    assert look(tmp_path, said).damaged == 1


def test_the_check_sees_what_is_there_and_was_never_appended(tmp_path: Path) -> None:
    said = written(tmp_path)
    with Ledger.open(tmp_path / LEDGER, write=True) as ledger:
        value = {"kind": "retraction", "of": "f" * 64, "at": "2031-05-01T00:00Z", "reason": "planted"}
        ledger.append([value])
    assert look(tmp_path, said).damaged


@pytest.mark.parametrize("harm", ["other", "half", "absent", "beside"])
def test_the_check_sees_a_bulletin_in_pieces(tmp_path: Path, harm: str) -> None:
    said = written(tmp_path)
    one = tmp_path / BULLETIN / "d" / "3.html"
    match harm:
        case "other":
            one.write_bytes(page(said.bulletins - 1))
        case "half":
            one.write_bytes(page(said.bulletins)[:4096])
        case "absent":
            one.unlink()
        case "beside":
            (tmp_path / f"{LATEST}.tmp").write_bytes(b"")
    assert look(tmp_path, said).damaged


def test_the_check_sees_a_ledger_that_does_not_open(tmp_path: Path) -> None:
    said = written(tmp_path)
    (tmp_path / LEDGER).write_bytes(b"not a database, but long enough to be read as one" * 100)
    seen = look(tmp_path, said)
    assert seen.damaged
    assert seen.lost == said.entries
