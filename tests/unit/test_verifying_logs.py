"""A log from its tiles, with tiles of four so that a small log has many levels."""

from __future__ import annotations

from pathlib import Path

import pytest

from attacks.assembling import canonical, leaf, root
from attacks.corpus import put
from holdfire.ledger.verifying import logs
from holdfire.ledger.verifying.archive import View
from holdfire.ledger.verifying.findings import Findings
from holdfire.ledger.verifying.logs import Log, read_log
from holdfire.ledger.verifying.notes import Checkpoint

WIDTH = 4


@pytest.fixture(autouse=True)
def _narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    assert logs.WIDTH == 256
    monkeypatch.setattr(logs, "WIDTH", WIDTH)


def _entries(size: int) -> list[bytes]:
    kinds = ("case", "keyset", "claim", "release", "redaction", "bulletin")
    return [canonical({"kind": kinds[n % 6], "n": n}) for n in range(size)]


def _tiles(contents: list[bytes]) -> dict[str, bytes]:
    """Return the tiles of a log, written plainly: each level is the roots of full tiles below it."""
    files: dict[str, bytes] = {}

    def cut(level: str, items: list[bytes]) -> None:
        for number in range(-(-len(items) // WIDTH)):
            some = items[number * WIDTH : number * WIDTH + WIDTH]
            end = "" if len(some) == WIDTH else f".p/{len(some)}"
            files[f"log/tile/{level}/{number:03d}{end}"] = b"".join(some)

    cut("entries", [len(each).to_bytes(2, "big") + each for each in contents])
    level, hashes = 0, [leaf(each) for each in contents]
    while hashes:
        cut(str(level), hashes)
        hashes = [root(hashes[n : n + WIDTH]) for n in range(0, len(hashes) - WIDTH + 1, WIDTH)]
        level += 1
    return files


def _read(
    folder: Path, files: dict[str, bytes], contents: list[bytes], wanted: set[int] | None = None
) -> tuple[Log | None, list[tuple[str, str]]]:
    findings = Findings()
    view = View(str(put(folder, files or {"x": b""})))
    checkpoint = Checkpoint("log", len(contents), root([leaf(each) for each in contents]))
    log = read_log(view, checkpoint, wanted or set(), findings)
    return log, [(each.code, each.where) for each in findings.all]


def test_logs_of_many_sizes_are_read(tmp_path: Path) -> None:
    for size in (*range(22), 63, 64, 65, 85):
        contents = _entries(size)
        wanted = set(range(0, size + 1, 3)) | {size, size + 1}
        log, found = _read(tmp_path / str(size), _tiles(contents), contents, wanted)
        assert found == []
        assert log is not None
        leaves = [leaf(each) for each in contents]
        assert log.roots == {each: root(leaves[:each]) for each in wanted if each <= size}
        kept = [n for n in range(size) if n % 6 in (1, 3, 4, 5)]
        assert [each.place for each in log.kept] == kept
        for each in log.kept:
            assert (each.content, each.leaf) == (contents[each.place], leaves[each.place].hex())
            assert each.value["n"] == each.place


def test_a_byte_changed_in_any_tile_is_found_there(tmp_path: Path) -> None:
    contents = _entries(70)
    files = _tiles(contents)
    put(tmp_path, files)
    for path, content in files.items():
        for at in (0, len(content) - 1):
            changed = bytearray(content)
            changed[at] ^= 1
            log, found = _read(tmp_path, {path: bytes(changed)}, contents)
            assert log is None, path
            if path.startswith("log/tile/entries"):
                assert ("log", path.replace("entries", "0")) in found or ("log", path) in found
            else:
                assert found == [("log", path)]
        put(tmp_path, {path: content})


def test_entries_that_lead_elsewhere_are_no_log(tmp_path: Path) -> None:
    contents = _entries(9)
    log, found = _read(tmp_path, _tiles([*contents[:8], contents[0]]), [*contents[:8], b"x"])
    assert log is None
    assert found == [("log", "entry 8"), ("log", "log/tile")]


def test_an_entry_that_stands_twice_or_is_none_is_said_where_it_stands(tmp_path: Path) -> None:
    for other, code in ((_entries(1)[0], "log"), (b"{}", "entry")):
        contents = [*_entries(6), other, *_entries(9)[7:]]
        log, found = _read(tmp_path / code, _tiles(contents), contents)
        assert found == [(code, "entry 6")]
        assert log is not None
        assert [each.place for each in log.kept] == [1, 3, 4, 5, 7]


def test_tiles_that_are_missing_or_too_many_are_said_up_to_twenty(tmp_path: Path) -> None:
    contents = _entries(70)
    files = _tiles(contents)
    extra = {f"log/more/{n:02d}": b"x" for n in range(25)}
    log, found = _read(tmp_path / "more", {**files, **extra}, contents)
    assert log is not None
    assert found == [("unlisted", path) for path in sorted(extra)[:20]]
    log, found = _read(tmp_path / "none", {}, contents)
    assert log is None
    assert found == [("missing", path) for path in sorted(files)[:20]]
    one = "log/tile/1/002"
    log, found = _read(tmp_path / "one", {k: v for k, v in files.items() if k != one}, contents)
    assert log is None
    assert found == [("missing", one)]


def test_a_log_of_more_tiles_than_files_may_be_there_is_not_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = _entries(11)
    files = _tiles(contents)
    monkeypatch.setattr(logs, "MOST_FILES", 2)
    assert _read(tmp_path, files, contents)[1] == []
    monkeypatch.setattr(logs, "MOST_FILES", 1)
    log, found = _read(tmp_path, files, contents)
    assert log is None
    assert found == [("missing", "log/tile")]


def test_a_tile_of_entries_that_ends_elsewhere_is_refused(tmp_path: Path) -> None:
    contents = _entries(6)
    for more in (b"\x00", b""):
        files = _tiles(contents)
        path = "log/tile/entries/001.p/2"
        files[path] = files[path] + more if more else files[path][:-1]
        log, found = _read(tmp_path / str(len(more)), files, contents)
        assert log is None
        assert found == [("log", path)]
