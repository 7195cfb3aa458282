"""The walk from a list of places to a proof is true: its commands print what it shows, on both sides.

The second side has a folder with published files alone: everything else is deleted before it begins. The
control: with one byte changed in any file of that folder, the same commands of the same page say no.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from walking import Step, Walk, differs, root, steps

PAGE = (root() / "docs/learn/shelter-and-notify.md").read_text(encoding="utf-8")
STEPS = steps(PAGE)
_AT = [each.command for each in STEPS].index("cd elsewhere")
OURS, THEIRS = STEPS[:_AT], STEPS[_AT + 1 :]
NUMBERS = {
    "FINGERPRINT": r"fingerprint +([0-9a-f]{64})",
    "STORE": r"\bstore ([0-9a-f]{64})",
    "SITE": r"site ([0-9a-f]{16}) is kept",
    "NOTICE": r"now hand it over: holdfire notify send ([0-9a-f]{12})",
    "WITHDRAWAL": r"those who were told: holdfire notify send ([0-9a-f]{12})",
}


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    home = tmp_path_factory.mktemp("walk") / "shelter"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root())
        yield Walk(patch, {"/tmp/shelter": str(home)}, NUMBERS)  # noqa: S108 - the page's own folder


@pytest.fixture(scope="module")
def office(walk: Walk) -> list[str]:
    """Walk the first side, and return where page and commands part."""
    return parted(walk, OURS)


@pytest.fixture(scope="module")
def elsewhere(walk: Walk, office: list[str]) -> Path:
    """Return the folder of published files, when nothing else is left of the office."""
    folder = Path("elsewhere").absolute()
    for each in folder.parent.iterdir():
        if each != folder and each.is_dir():
            shutil.rmtree(each)
        elif each != folder:
            each.unlink()
    walk.patch.chdir(folder)
    return folder


def parted(walk: Walk, asked: list[Step]) -> list[str]:
    found = [(each.command, differs(each.shown, walk.run(each.command))) for each in asked]
    return [f"{command}: {how}" for command, how in found if how]


def test_each_command_of_the_office_prints_what_the_page_shows(office: list[str]) -> None:
    assert office == []
    assert len(OURS) > 50


def test_a_stranger_with_published_files_alone_is_answered_as_the_page_shows(
    walk: Walk, elsewhere: Path
) -> None:
    assert parted(walk, THEIRS) == []
    assert [int(each.shown[0]) for each in THEIRS if each.command == "echo $?"] == [1, 0, 2]


def test_published_files_say_nothing_of_the_clinic(elsewhere: Path) -> None:
    files = [each for each in elsewhere.rglob("*") if each.is_file() and each.name != "made-up-places.csv"]
    said = b"\n".join(each.read_bytes() for each in files)
    assert len(files) > 12
    assert not [
        word for word in (b"Saffron", b"clinic", b"86.052", b"31.078", b"water tower") if word in said
    ]


@pytest.mark.parametrize(
    "name", ["release.json", "partition.json", "index.html", "zones.kml", "zones.geojson", "corners.csv"]
)
def test_a_changed_byte_in_the_published_folder_is_found(walk: Walk, elsewhere: Path, name: str) -> None:
    (show,) = (each for each in THEIRS if "protect show" in each.command)
    assert "error: " in after_a_change(walk, elsewhere / "published" / name, show.command)


@pytest.mark.parametrize("name", ["told.json", "log/log/tile/entries/000.p/*"])
def test_a_changed_byte_in_a_proof_is_found(walk: Walk, elsewhere: Path, name: str) -> None:
    (verify,) = (each for each in THEIRS if "notify verify" in each.command)
    (file,) = (elsewhere / "proof").glob(name)
    assert "error: " in after_a_change(walk, file, verify.command)


def after_a_change(walk: Walk, file: Path, command: str) -> str:
    """Return what a command says when a byte of a file was changed, and put it back."""
    whole = file.read_bytes()
    changed = bytearray(whole)
    changed[len(whole) // 2] ^= 1
    file.write_bytes(bytes(changed))
    try:
        said = walk.run(command)
    finally:
        file.write_bytes(whole)
    assert walk.code in (1, 2)
    assert walk.run(command), "as it was, it holds"
    assert walk.code == 0
    return said


@pytest.mark.parametrize(
    ("shown", "parts"),
    [
        (("a 1", "b"), ""),
        (("...", "b"), ""),
        (("a 1", "..."), ""),
        (("a 1",), "printed and not shown"),
        (("b",), "shown: 'b'"),
        (("a 1", "b", "c"), "nothing more"),
        (("a 2", "b"), "shown: 'a 2'"),
    ],
)
def test_a_page_that_shows_something_else_is_found(shown: tuple[str, ...], parts: str) -> None:
    found = differs(shown, "a 1\nb\n")
    assert (parts in found) if parts else not found
