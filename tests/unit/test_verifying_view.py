"""A bundle as one view: limits, names, links, and reading what a folder or a zip holds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from attacks.zipping import FOLDER, Member, deflated, zipped
from holdfire.ledger.verifying import archive
from holdfire.ledger.verifying.archive import View
from holdfire.ledger.verifying.findings import Refused, shown
from holdfire.ledger.verifying.logs import entries_in, tile_path, tiles_of
from holdfire.ledger.verifying.names import path_breaks, twins_of
from holdfire.ledger.verifying.notes import Malformed


def _zip(folder: Path, *members: Member) -> View:
    (folder / "x.zip").write_bytes(zipped(members))
    return View(str(folder / "x.zip"))


def _codes(view: View) -> set[str]:
    return view.findings.codes()


def test_a_folder_and_a_zip_show_the_same(tmp_path: Path) -> None:
    files = {"a": b"1", "b/c": b"22", "b/d/é": b"", "z.bin": os.urandom(3 * 2**20)}
    for path, content in files.items():
        (tmp_path / "f" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "f" / path).write_bytes(content)
    members = [Member(name=path.encode(), content=files[path], flags=0x0800) for path in files]
    members.append(Member(name=b"b/", outer=FOLDER, method=0))
    for view in (View(str(tmp_path / "f")), _zip(tmp_path, *members)):
        assert not view.findings.all
        assert {path: view.read(path) for path in view.sizes} == files
        assert list(view.sizes) == sorted(files)
        assert view.digest("a") == "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"
        with pytest.raises(Refused, match="missing"):
            view.read("nowhere")


def test_limits_of_files_and_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(5):
        (tmp_path / str(n)).write_bytes(b"x" * 10)
    assert _codes(View(str(tmp_path))) == set()
    for name, most, codes in (
        ("MOST_FILES", 5, set()), ("MOST_FILES", 4, {"size"}),
        ("MOST_BYTES", 50, set()), ("MOST_BYTES", 49, {"size"}),
        ("LARGEST_FILE", 10, set()), ("LARGEST_FILE", 9, {"size"}),
    ):  # fmt: skip
        with monkeypatch.context() as patch:
            patch.setattr(archive, name, most)
            assert _codes(View(str(tmp_path))) == codes, (name, most)
    assert (archive.MOST_FILES, archive.MOST_BYTES, archive.LARGEST_FILE) == (200_000, 4 * 2**30, 512 * 2**20)


def test_a_file_may_unpack_to_a_thousand_times_its_size_and_a_small_one_to_any(tmp_path: Path) -> None:
    def of(size: int, packed: int) -> View:
        return _zip(tmp_path, Member(name=b"a", size=size, packed=b"x" * packed))

    assert _codes(of(2**20, 1)) == set()
    assert _codes(of(2**20 + 1, 1)) == {"size"}
    assert _codes(of(2_000_000, 2000)) == set()
    assert _codes(of(2_000_001, 2000)) == {"size"}


def test_what_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    for now in (b"123456", b"1234", b""):
        view = View(str(tmp_path))
        (tmp_path / "a").write_bytes(now)
        with pytest.raises(Refused, match="changed"):
            view.read("a")
        (tmp_path / "a").write_bytes(b"12345")
    view = View(str(tmp_path))
    (tmp_path / "a").unlink()
    (tmp_path / "a").symlink_to("/etc/hostname")
    with pytest.raises(Refused, match="missing"):
        view.read("a")
    (tmp_path / "a").unlink()
    os.mkfifo(tmp_path / "a")
    with pytest.raises(Refused, match="no plain file"):
        view.read("a")


def test_a_file_is_opened_with_the_flags_that_the_system_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    true_open, given = os.open, []

    def opened(path: str, flags: int) -> int:
        given.append(flags)
        return true_open(path, flags)

    monkeypatch.setattr(archive.os, "open", opened)
    monkeypatch.setattr(archive.os, "O_BINARY", os.O_SYNC, raising=False)  # a flag without effect here
    assert View(str(tmp_path)).read("a") == b"12345"
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"):
        monkeypatch.delattr(archive.os, name)
    assert View(str(tmp_path)).read("a") == b"12345"
    assert given[1] == os.O_RDONLY
    monkeypatch.undo()
    assert given[0] == os.O_NOFOLLOW | os.O_NONBLOCK | os.O_SYNC


def test_a_file_is_read_in_pieces_of_a_mebibyte(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(2**21 + 1))
    assert [len(piece) for piece in View(str(tmp_path)).chunks("a")] == [2**20, 2**20, 1]


def test_walking_stops_where_there_are_too_many_files_and_not_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in ("a", "b", "sub/c"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(b"x")
    (tmp_path / "sub" / "link").symlink_to("c")
    for most, codes in ((3, ["link"]), (2, ["link", "size"]), (1, ["size"])):
        monkeypatch.setattr(archive, "MOST_FILES", most)
        assert [each.code for each in View(str(tmp_path)).findings.all] == codes


def test_a_folder_that_cannot_be_read_is_said_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in ("A", "a", "sub/c"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(b"x")
    true_scan = os.scandir

    def scan(place: str) -> object:
        if place.rstrip("/").endswith("sub"):
            raise PermissionError(13, "Permission denied")
        return true_scan(place)

    monkeypatch.setattr(archive.os, "scandir", scan)
    assert View(str(tmp_path)).findings.all == [
        ("missing", "sub/", "the folder cannot be read: Permission denied")
    ]


def test_each_bad_name_is_said_once_and_is_no_twin(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "f").mkdir()
    view = _zip(tmp_path / "x", Member(name=b"a:b"), Member(name=b"A:b"), Member(name=b"c"))
    assert [each[:2] for each in view.findings.all] == [("path", "a:b"), ("path", "A:b")]
    for name in ("a:b", "A:b", "c", "C", "d:e/inside"):
        (tmp_path / "f" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "f" / name).write_bytes(b"x")
    found = [each[:2] for each in View(str(tmp_path / "f")).findings.all]
    assert sorted(found) == [("path", "A:b"), ("path", "a:b"), ("path", "c"), ("path", "d:e")]


def test_a_name_that_is_not_utf_8_is_refused_on_disk(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff")).write_bytes(b"x")
    assert _codes(View(str(tmp_path))) == {"path"}


def test_all_links_are_found_and_none_is_followed(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "loop").symlink_to(".")
    (tmp_path / "sub").mkdir()
    os.mkfifo(tmp_path / "sub" / "pipe")
    assert [each[:2] for each in View(str(tmp_path)).findings.all] == [
        ("link", "a"),
        ("link", "loop"),
        ("link", "sub/pipe"),
    ]


@pytest.mark.parametrize("path", ["a", "a/b", "é/ü", "a b", "-", "...", "a..b", ".a", "x" * 240, "نشرة.html"])
def test_good_paths(path: str) -> None:
    assert path_breaks(path) == ("", "")


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("", "path"), ("/", "path"), ("/a", "path"), ("a/", "path"), ("a//b", "path"), (".", "path"),
        ("..", "path"), ("a/..", "path"), ("./a", "path"), ("a\\b", "path"), ("a:b", "path"),
        ("a\nb", "path"), ("a\x00", "path"), ("a\x1f", "path"), ("a\x7f", "path"), ("\udcff", "path"),
        ("x" * 241, "size"), ("é" * 121, "size"), ("/".join(["x" * 100] * 4), "size"),
    ],
)  # fmt: skip
def test_bad_paths(path: str, code: str) -> None:
    assert path_breaks(path)[0] == code


def test_a_path_of_400_bytes_is_the_longest() -> None:
    assert path_breaks("/".join(["x" * 199] * 2) + "/")[0] == "path"
    assert path_breaks("x" * 199 + "/" + "y" * 200) == ("", "")
    assert path_breaks("x" * 200 + "/" + "y" * 200)[0] == "size"


def test_twins() -> None:
    assert twins_of(["a", "b", "a/c"]) == ["a/c"]
    assert twins_of(["a", "A"]) == ["a"]
    assert twins_of(["caf\u00e9", "cafe\u0301"]) == ["caf\u00e9"]
    assert twins_of(["dir/x", "Dir/y"]) == ["dir/x"]
    assert twins_of(["stra\u00dfe", "STRASSE"]) == ["stra\u00dfe"]
    assert twins_of(["a/b", "a/c", "ab", "b/a"]) == []
    assert twins_of(["a/b/c/d", "a/b"]) == ["a/b/c/d"]


def test_a_name_is_shown_without_what_moves_a_cursor() -> None:
    assert shown("a/é نشرة") == "a/é نشرة"
    assert shown("a\x1b[2Jb\n\x7f\x9b\udcff") == "a\\x1b[2Jb\\n\\x7f\\x9b\\udcff"


def test_a_zip_bomb_is_stopped_where_it_passes_its_size(tmp_path: Path) -> None:
    view = _zip(tmp_path, Member(name=b"a", content=b"x" * 10, packed=deflated(bytes(64 * 2**20))))
    taken: list[bytes] = []
    with pytest.raises(Refused, match="more than it says"):
        taken.extend(view.chunks("a"))
    assert sum(map(len, taken)) <= 10


@pytest.mark.parametrize("size", [0, 1, 2**16 - 1, 2**16, 2**16 + 1, 2**20, 2**20 + 1, 3 * 2**20])
@pytest.mark.parametrize("method", [0, 8])
def test_members_of_any_size_are_unpacked_whole(tmp_path: Path, size: int, method: int) -> None:
    content = bytes(range(256)) * (size // 256) + bytes(size % 256)
    view = _zip(tmp_path, Member(name=b"a", content=content, method=method), Member(name=b"b", content=b"b"))
    assert not view.findings.all
    assert view.read("a") == content
    assert view.read("b") == b"b"


def test_an_archive_without_members_is_empty(tmp_path: Path) -> None:
    assert _zip(tmp_path).sizes == {}
    assert _codes(_zip(tmp_path)) == set()


def test_an_archive_that_is_gone_is_said_so(tmp_path: Path) -> None:
    assert _codes(View(str(tmp_path / "nowhere"))) == {"zip"}


def test_tiles_are_those_of_tlog_tiles() -> None:
    assert tile_path("0", 1234067, 256) == "log/tile/0/x001/x234/067"
    assert tile_path("entries", 0, 1) == "log/tile/entries/000.p/1"
    assert tile_path("1", 999, 255) == "log/tile/1/999.p/255"
    assert tile_path("1", 1000, 256) == "log/tile/1/x001/000"
    assert list(tiles_of(0)) == []
    assert list(tiles_of(1)) == [("entries", 0, 1), ("0", 0, 1)]
    assert list(tiles_of(256)) == [("entries", 0, 256), ("0", 0, 256), ("1", 0, 1)]
    assert list(tiles_of(257)) == [
        ("entries", 0, 256), ("0", 0, 256), ("entries", 1, 1), ("0", 1, 1), ("1", 0, 1),
    ]  # fmt: skip
    assert [tile for tile in tiles_of(70_000) if tile[0] in ("1", "2")] == [
        ("1", 0, 256), ("1", 1, 17), ("2", 0, 1),
    ]  # fmt: skip


def test_entries_of_a_tile() -> None:
    assert entries_in(b"\x00\x01a\x00\x00\x00\x02bc", 3) == [b"a", b"", b"bc"]
    assert entries_in(b"\x01\x00" + b"x" * 256, 1) == [b"x" * 256]
    for wrong, width in (
        (b"", 1), (b"\x00", 1), (b"\x00\x02a", 1), (b"\x00\x01ab", 1), (b"\x00\x01a\x00", 1),
        (b"\x00\x01a", 2),
    ):  # fmt: skip
        with pytest.raises(Malformed):
            entries_in(wrong, width)
