"""A log that a stopped writer left: what a power cut leaves is read, what was damaged since is told."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from holdfire.errors import BadInput, HoldfireError
from holdfire.ledger import leftover
from holdfire.ledger.log import Ledger

GROUPS = 6


def value(number: int) -> dict[str, object]:
    return {"kind": "retraction", "of": f"{number:064x}", "at": "2031-05-01T00:00Z", "reason": "r" * 300}


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return the files of a ledger whose writer was stopped after six commits, and its log after each."""
    folder = tmp_path_factory.mktemp("left")
    files: dict[str, bytes] = {}
    with Ledger.open(folder / "ledger.sqlite", write=True) as ledger:
        for group in range(GROUPS):
            ledger.append([value(4 * group + each) for each in range(4)])
            files[f"{group}"] = (folder / "ledger.sqlite-wal").read_bytes()
        files["ledger.sqlite"] = (folder / "ledger.sqlite").read_bytes()
    assert len({len(files[f"{group}"]) for group in range(GROUPS)}) == GROUPS, "each commit made it longer"
    return files


def ledger_of(folder: Path, left: dict[str, bytes], log: bytes) -> Path:
    path = folder / "ledger.sqlite"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    path.write_bytes(left["ledger.sqlite"])
    path.with_name("ledger.sqlite-wal").write_bytes(log)
    return path


def frames(left: dict[str, bytes]) -> list[int]:
    log = left[f"{GROUPS - 1}"]
    size = leftover.FRAME + int.from_bytes(log[8:12], "big")
    return list(range(leftover.HEADER, len(log) - size + 1, size))


def test_a_log_that_is_whole_is_read_and_emptied_by_the_next_writer(
    left: dict[str, bytes], tmp_path: Path
) -> None:
    path = ledger_of(tmp_path / "it", left, left[f"{GROUPS - 1}"])
    with Ledger.open(path) as ledger:
        assert ledger.size == 4 * GROUPS
    with Ledger.open(path, write=True) as ledger:
        assert ledger.size == 4 * GROUPS
        assert path.with_name("ledger.sqlite-wal").stat().st_size == 0


@pytest.mark.parametrize("write", [False, True])
def test_a_bit_that_flips_in_any_earlier_commit_is_told(
    left: dict[str, bytes], tmp_path: Path, write: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leftover, "PAUSE", 0)
    chance = random.Random(5)
    log = left[f"{GROUPS - 1}"]
    for start in [0, *(each for each in frames(left) if each < len(left[f"{GROUPS - 2}"]))]:
        long = leftover.HEADER if start == 0 else frames(left)[1] - frames(left)[0]
        bit = chance.randrange(long * 8)
        changed = bytearray(log)
        changed[start + bit // 8] ^= 1 << bit % 8
        path = ledger_of(tmp_path / "it", left, bytes(changed))
        with pytest.raises(BadInput, match="damaged"), Ledger.open(path, write=write):
            pass


def test_what_a_power_cut_leaves_of_the_last_commit_is_read_as_the_one_before(
    left: dict[str, bytes], tmp_path: Path
) -> None:
    before, after = left[f"{GROUPS - 2}"], left[f"{GROUPS - 1}"]
    chance = random.Random(6)
    for _ in range(40):
        torn = bytearray(after)
        for at in range(len(before), len(after), 512):
            if chance.random() < 1 / 2:
                torn[at : at + 512] = bytes(len(torn[at : at + 512]))
        path = ledger_of(tmp_path / "it", left, bytes(torn))
        with Ledger.open(path) as ledger:
            assert ledger.size == (4 * GROUPS if bytes(torn) == after else 4 * GROUPS - 4)
            assert ledger.check() == []


def test_a_log_that_was_begun_anew_over_an_older_one_is_whole(left: dict[str, bytes]) -> None:
    log = left[f"{GROUPS - 1}"]
    older = bytearray(log)
    for start in frames(left):
        older[start + 8 : start + 16] = b"older so"
    one = frames(left)[1]
    first = next(len(left[f"{group}"]) for group in range(GROUPS) if len(left[f"{group}"]) > one)
    assert not leftover.damaged(log[:first] + bytes(older[first:]))
    assert leftover.damaged(log[:one] + bytes(older[one : frames(left)[2]]) + log[frames(left)[2] :])


def test_a_log_that_cannot_be_read_is_told(left: dict[str, bytes], tmp_path: Path) -> None:
    path = ledger_of(tmp_path / "it", left, b"")
    path.with_name("ledger.sqlite-wal").unlink()
    path.with_name("ledger.sqlite-wal").mkdir()
    with pytest.raises(HoldfireError, match="cannot be read"), Ledger.open(path):
        pass


@pytest.mark.parametrize("log", [b"", b"short", bytes(32), bytes(10_000)])
def test_a_log_that_was_hardly_begun_is_whole(log: bytes) -> None:
    assert not leftover.damaged(log)
