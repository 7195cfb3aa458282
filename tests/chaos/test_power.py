"""The power goes; what was forced to the disk is there. The long form: make chaos."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

import pytest

from holdfire.chaos.disk import PAGE, SECTOR, Disk, File, Folder, read_in, write_out
from holdfire.chaos.power import power
from holdfire.chaos.replay import Replay
from holdfire.chaos.told import Told
from holdfire.chaos.tracing import Call, calls, needed
from holdfire.errors import HoldfireError
from straced import needs_strace

SEED = 2016


@cache
def cut(n: int, torn: bool) -> Told:
    return power(n, SEED, torn)


@pytest.mark.parametrize(("n", "torn"), [(20, True), (20, False)])
def test_nothing_acknowledged_is_lost(n: int, torn: bool, capsys: pytest.CaptureFixture[str]) -> None:
    needs_strace()
    told = cut(n, torn)
    with capsys.disabled():
        print(f"\n{told}")
    assert not told.details
    assert told.passed, "nothing lost, and each control found out"
    assert told.seen["opened"] == n
    assert all(told.seen[each] > 1 for each in ("entries", "bulletins", "blobs", "gone"))


def test_the_same_seed_cuts_at_the_same_places() -> None:
    needs_strace()
    assert power(20, SEED, torn=True).seen == cut(20, True).seen


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    (tmp_path / "kept").write_bytes(b"kept")
    return Disk(tmp_path)


def made(disk: Disk, name: str, content: bytes) -> File:
    file = File()
    disk.change([(disk.root, name, file)])
    file.write(0, content)
    return file


def dropped(disk: Disk) -> dict[str, bytes | None]:
    return disk.left(random.Random(1), torn=False)


def torn(disk: Disk, times: int = 200) -> list[dict[str, bytes | None]]:
    chance = random.Random(1)
    return [disk.left(chance, torn=True) for _ in range(times)]


def test_what_was_not_forced_is_not_certain(disk: Disk) -> None:
    made(disk, "new", b"new")
    assert disk.seen() == {"kept": b"kept", "new": b"new"}
    assert dropped(disk) == {"kept": b"kept"}


def test_forcing_a_file_makes_its_bytes_certain_and_not_its_name(disk: Disk) -> None:
    file = made(disk, "new", b"new")
    disk.force(file)
    assert dropped(disk) == {"kept": b"kept"}
    assert {each.get("new") for each in torn(disk)} == {None, b"new"}


def test_forcing_a_folder_makes_names_certain_and_not_bytes(disk: Disk) -> None:
    made(disk, "new", b"new")
    disk.force(disk.root)
    assert dropped(disk)["new"] == b""
    disk.force_all()
    assert dropped(disk)["new"] == b"new"
    assert all(each == {"kept": b"kept", "new": b"new"} for each in torn(disk))


def test_a_change_of_names_is_whole_or_not_at_all(disk: Disk) -> None:
    one, other = made(disk, "one", b"1"), made(disk, "other", b"2")
    disk.force_all()
    disk.change([(disk.root, "one", other), (disk.root, "other", one)])
    found = {(each["one"], each["other"]) for each in torn(disk)}
    assert found == {(b"1", b"2"), (b"2", b"1")}


def test_a_later_change_of_names_may_be_there_without_an_earlier(disk: Disk) -> None:
    below = Folder()
    disk.change([(disk.root, "below", below)])
    made(disk, "new", b"")
    found = {("below" in each, "new" in each) for each in torn(disk)}
    assert found == {(False, False), (False, True), (True, False), (True, True)}


def test_a_folder_that_is_forced_takes_earlier_changes_of_the_same_names_along(disk: Disk) -> None:
    below, file = Folder(), made(disk, "first", b"1")
    disk.change([(disk.root, "below", below)])
    disk.force_all()
    disk.change([(disk.root, "first", None), (disk.root, "second", file)])
    disk.change([(disk.root, "second", None), (below, "third", file)])
    disk.force(below)
    assert dropped(disk) == {"below": None, "below/third": b"1", "kept": b"kept"}


def test_pages_are_torn_by_sectors_and_never_within_one(disk: Disk) -> None:
    file = made(disk, "new", b"a" * 4 * PAGE)
    disk.force_all()
    file.write(0, b"b" * 3 * PAGE)
    pieces = set()
    for each in torn(disk):
        content = each["new"]
        assert content is not None
        sectors = [content[at : at + SECTOR] for at in range(0, len(content), SECTOR)]
        assert all(len(set(sector)) == 1 for sector in sectors)
        assert content[3 * PAGE :] == b"a" * PAGE, "what was not written to is as it was"
        pieces.add(tuple(sector[:1] for sector in sectors[: PAGE // SECTOR]))
    assert len(pieces) > 10
    assert (b"a",) * 8 in pieces
    assert (b"b",) * 8 in pieces


def test_a_cut_is_done_or_not_and_a_length_may_be_there_without_its_bytes(disk: Disk) -> None:
    file = made(disk, "new", b"a" * 100)
    disk.force_all()
    file.cut(10)
    file.write(50, b"b" * 50)
    found = {each["new"] for each in torn(disk)}
    assert found == {b"a" * 100, b"a" * 10, b"a" * 10 + bytes(90), b"a" * 10 + bytes(40) + b"b" * 50}


def test_what_is_written_out_is_what_was_left(disk: Disk, tmp_path: Path) -> None:
    below = Folder()
    disk.change([(disk.root, "below", below)])
    disk.change([(below, "file", File(bytearray(b"1"), b"1"))])
    disk.force_all()
    write_out(dropped(disk), tmp_path / "out")
    assert read_in(tmp_path / "out") == dropped(disk)


def call(name: str, *args: str, result: int = 0) -> Call:
    return Call(name=name, args=args, result=result)


def test_a_call_that_is_not_known_is_refused(tmp_path: Path) -> None:
    replay = Replay(tmp_path, tmp_path)
    path = f'"{"".join(f"{chr(92)}x{byte:02x}" for byte in str(tmp_path / "new").encode())}"'
    with pytest.raises(HoldfireError, match="symlinkat is not known"):
        replay.do(call("symlinkat", '"x"', "AT_FDCWD", path))
    with pytest.raises(HoldfireError, match="O_SYNC"):
        replay.do(call("openat", "AT_FDCWD", path, "O_WRONLY|O_CREAT|O_SYNC", "0666", result=5))
    assert replay.do(call("openat", "AT_FDCWD", path, "O_WRONLY|O_CREAT", "0666", result=5))
    assert replay.do(call("write", "5<>", r'"\x61\x62"', "2", result=1)), "a short write"
    assert replay.disk.seen() == {"new": b"a"}
    with pytest.raises(HoldfireError, match="maps a file"):
        replay.do(call("mmap", "NULL", "4096", "PROT_WRITE", "MAP_SHARED", f"5<{tmp_path}/new>", "0"))
    assert not replay.do(call("mmap", "NULL", "4096", "PROT_READ", "MAP_SHARED", f"5<{tmp_path}/new>", "0"))
    assert not replay.do(call("mmap", "NULL", "4096", "PROT_WRITE", "MAP_SHARED", f"5<{tmp_path}-shm>", "0"))


def test_a_line_of_strace_that_is_not_understood_is_refused() -> None:
    assert calls("12  fsync(3) = -1 EIO (Input/output error) (INJECTED)\n")[0].injected
    assert calls("12 +++ killed by SIGKILL +++\n") == []
    with pytest.raises(HoldfireError, match="not understood"):
        calls("12  pwrite64(3, <unfinished ...>\n")


def test_without_strace_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(HoldfireError, match="apt-get install strace"):
        needed()
    monkeypatch.setattr("sys.platform", "darwin")
    with pytest.raises(HoldfireError, match="needs Linux"):
        needed()
