"""A folder or a file is what it was or what it should be, wherever the writing of it stops."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from holdfire.errors import BadInput, HoldfireError
from holdfire.ledger import disk, shelf
from holdfire.ledger.shelf import Staged, inside, make_folder, replace_file, tidy

OLD = {"index.html": b"old", "d/1.html": b"old", "gone.html": b"old"}
NEW = {"index.html": b"new", "d/1.html": b"new", "d/2.html": b"new", "deep/er/x": b""}


def held(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def put(folder: Path, files: dict[str, bytes]) -> None:
    with Staged(folder) as staged:
        for name, content in files.items():
            staged.write(name, content)


@pytest.fixture(params=["one step", "two steps"])
def steps(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "two steps":
        monkeypatch.setattr(shelf, "exchange", lambda one, other: False)
    return str(request.param)


@pytest.mark.usefixtures("steps")
def test_a_folder_is_made_then_wholly_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "bulletins" / "2016-03-01"
    put(folder, OLD)
    assert held(folder) == OLD
    put(folder, NEW)
    assert held(folder) == NEW
    assert [path.name for path in folder.parent.iterdir()] == ["2016-03-01"]


@pytest.mark.usefixtures("steps")
def test_an_error_while_building_leaves_the_old_folder(tmp_path: Path) -> None:
    put(tmp_path / "b", OLD)
    with pytest.raises(BadInput):
        put(tmp_path / "b", {"index.html": b"new", "../climbs": b""})
    assert held(tmp_path / "b") == OLD
    assert [path.name for path in tmp_path.iterdir()] == ["b"]


class Killed(BaseException):
    """Stands for a kill: nothing after it runs."""


def stop_at(number: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let the `number`-th step of changing folders, counted from 0, and all after it, not happen."""
    taken: list[str] = []
    real = {"rename": os.rename, "rmtree": shelf.shutil.rmtree, "exchange": shelf.exchange}

    def step(name: str):  # type: ignore[no-untyped-def]
        def take(*paths: Path) -> object:
            if len(taken) >= number:
                raise Killed
            done = real[name](*paths)
            taken.append(name)
            return done

        return take

    monkeypatch.setattr(shelf.os, "rename", step("rename"))
    monkeypatch.setattr(shelf.shutil, "rmtree", step("rmtree"))
    if shelf.exchange is disk.exchange:
        monkeypatch.setattr(shelf, "exchange", step("exchange"))
    return taken


@pytest.mark.parametrize("before", [{}, OLD])
@pytest.mark.parametrize("number", range(6))
def test_stopped_at_each_step_it_is_old_or_new(
    tmp_path: Path, steps: str, before: dict[str, bytes], number: int
) -> None:
    folder = tmp_path / "b"
    if before:
        put(folder, before)
    with pytest.MonkeyPatch.context() as patch:
        if steps == "two steps":
            patch.setattr(shelf, "exchange", lambda one, other: False)
        stop_at(number, patch)
        try:
            put(folder, NEW)
        except Killed:
            if before and steps == "one step" and hasattr(disk._library(), "renameat2"):
                assert held(folder) in (before, NEW), "it is never away"
    tidy(tmp_path)
    assert held(folder) in (before, NEW) if folder.exists() else not before
    assert {path.name for path in tmp_path.iterdir()} <= {"b"}
    assert tidy(tmp_path) == []
    put(folder, NEW)
    assert held(folder) == NEW


def test_a_killed_run_is_tidied_by_the_table(tmp_path: Path) -> None:
    def there(*names: str) -> list[str]:
        for name in names:
            (tmp_path / name).mkdir()
            (tmp_path / name / "which").write_text(name)
        tidied = tidy(tmp_path)
        left = {path.name: (path / "which").read_text() for path in tmp_path.iterdir()}
        for path in tmp_path.iterdir():
            (path / "which").unlink()
            path.rmdir()
        return [*tidied, *(f"{name} is {which}" for name, which in sorted(left.items()))]

    assert there("b", "b.partial-new") == ["b", "b is b"]
    assert there("b", "b.partial-ready") == ["b", "b is b"]
    assert there("b", "b.partial-old") == ["b", "b is b"]
    assert there("b.partial-new") == ["b"]
    assert there("b.partial-ready") == ["b", "b is b.partial-ready"]
    assert there("b.partial-ready", "b.partial-old") == ["b", "b is b.partial-ready"]
    assert there("b.partial-old", "b.partial-new") == ["b", "b is b.partial-old"]
    assert there("a", "b") == ["a is a", "b is b"]


def test_tidying_touches_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "kept.partial-new").write_text("a file of the user's")
    (tmp_path / "x.partial-later").mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "link.partial-old").symlink_to(tmp_path / "outside")
    (tmp_path / ".a.txt.partial-12-0").write_text("left")
    assert tidy(tmp_path) == [".a.txt.partial-12-0"]
    assert {path.name for path in tmp_path.iterdir()} == {
        "kept.partial-new",
        "x.partial-later",
        "outside",
        "link.partial-old",
    }
    assert tidy(tmp_path / "not there") == []


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    replace_file(tmp_path / "a", b"one")
    replace_file(tmp_path / "a", b"two")
    assert held(tmp_path) == {"a": b"two"}


@pytest.mark.parametrize("what", ["_write_new", "force", "os.replace"])
def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    replace_file(tmp_path / "a", b"one")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    target, name = (shelf.os, "replace") if what == "os.replace" else (shelf, what)
    monkeypatch.setattr(target, name, full)
    with pytest.raises(HoldfireError) as caught:
        replace_file(tmp_path / "a", b"two")
    assert caught.value.problems[0].hint == "free some space"
    assert held(tmp_path) == {"a": b"one"}


@pytest.mark.parametrize(
    "name",
    [
        "../x",
        "a/../../x",
        "a/..",
        "/etc/x",
        "",
        ".",
        "a//b",
        "a/",
        "./a",
        "a\\..\\x",
        "C:/x",
        "c:x",
        "a\0b",
        "a\nb",
        "con",
        "NUL.txt",
        "a/com1.html",
        "a.",
        "a ",
        "x" * 300,
        "b.partial-new",
    ],
)
def test_a_name_that_climbs_out_or_cannot_be_kept_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput):
        inside(tmp_path, name)
    with pytest.raises(BadInput), Staged(tmp_path / "b") as staged:
        staged.write(name, b"")
    assert list(tmp_path.iterdir()) == []


def test_names_in_any_script_are_kept(tmp_path: Path) -> None:
    names = ["index.html", "ar/نشرة.html", "d-0123456789abcdef.html", ".nojekyll", "a b"]
    put(tmp_path / "b", dict.fromkeys(names, b""))
    assert sorted(held(tmp_path / "b")) == sorted(names)


def test_two_names_that_differ_in_case_only_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="one name on some systems"):
        put(tmp_path / "b", {"d/Index.html": b"", "d/index.html": b""})
    assert list(tmp_path.iterdir()) == []


def test_symbolic_links_are_refused_and_not_followed(tmp_path: Path) -> None:
    outside, case = tmp_path / "outside", tmp_path / "case"
    outside.mkdir()
    case.mkdir()
    (outside / "f").write_text("kept")
    (case / "b").symlink_to(outside)
    with pytest.raises(BadInput, match="symbolic link"), Staged(case / "b"):
        pass
    with pytest.raises(BadInput, match="symbolic link"):
        inside(case, "b/f")
    (case / "f").symlink_to(outside / "f")
    with pytest.raises(BadInput, match="symbolic link"):
        replace_file(case / "f", b"new")
    put(case / "c", OLD)
    (case / "c" / "way").symlink_to(outside)
    put(case / "c", NEW)
    assert held(outside) == {"f": b"kept"}


def test_what_stands_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="a file stands where a folder should be"), Staged(tmp_path / "file"):
        pass
    with pytest.raises(BadInput, match="a folder stands where a file should be"):
        replace_file(tmp_path, b"")
    with pytest.raises(HoldfireError, match="cannot be written"):
        make_folder(tmp_path / "file" / "b")


@pytest.mark.parametrize("files", [3, disk.MANY + 3])
def test_many_files_are_kept_as_few_are(tmp_path: Path, files: int) -> None:
    content = {f"d{number % 3}/{number}": b"%d" % number for number in range(files)}
    put(tmp_path / "b", content)
    assert held(tmp_path / "b") == content
