"""Each bad case file of tests/wrong/case comes back as its whole message, byte for byte.

`mistake.part.yaml` is put in the place that `part` names, in a copy of the invented case, and the case is
checked as every command checks it. To renew the messages: HOLDFIRE_RENEW=1, then read the diff.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from holdfire import documents
from holdfire.errors import HoldfireError
from holdfire.folder import Folder
from holdfire.plugins import kinds
from holdfire.records import decided

WRONG = Path(__file__).parent / "wrong" / "case"
CASE = Path(__file__).parent / "agreements" / "example-2031"

PLACES = {
    "case": "case.yaml",
    "actors": "actors.yaml",
    "places": "places.yaml",
    "agreement": "agreement/agreement.yaml",
    "parties": "agreement/parties.yaml",
    "exclusions": "agreement/exclusions.yaml",
    "instrument": "agreement/instruments/{}.yaml",
    "term": "agreement/terms/{}.yaml",
    "list": "agreement/lists/{}.yaml",
    "zone": "agreement/zones/{}.geojson",
}
"""Where each part of a case stands; a file that stands beside others keeps its own name."""

DECIDED = {"obligations": decided.Obligations, "tolls": decided.Tolls}


@pytest.mark.parametrize(
    "file", [f for f in sorted(WRONG.iterdir()) if f.suffix != ".txt"], ids=lambda file: file.name
)
def test_message(file: Path, tmp_path: Path) -> None:
    with pytest.raises(HoldfireError) as caught:
        _check(file, tmp_path / "case")
    message = f"{caught.value}\n"
    expected = file.with_suffix(".txt")
    if os.environ.get("HOLDFIRE_RENEW"):
        expected.write_text(message, encoding="utf-8")
    assert message == expected.read_text(encoding="utf-8")
    assert caught.value.exit_code == 2


def _check(file: Path, folder: Path) -> None:
    mistake, part, _ = file.name.split(".")
    shutil.copytree(CASE, folder)
    if part == "note":
        Folder(folder).note(file.read_text(encoding="utf-8"), f"inbox/{mistake}.md (front matter)")
    elif part in DECIDED:
        documents.read(DECIDED[part], file.read_text(encoding="utf-8"), f"hand/{part}.yaml")
    else:
        shutil.copyfile(file, folder / PLACES[part].format(mistake))
        Folder(folder).check(kinds())


def test_the_case_that_is_spoiled_is_sound(tmp_path: Path) -> None:
    shutil.copytree(CASE, tmp_path / "case")
    Folder(tmp_path / "case").check(kinds())


def test_every_message_belongs_to_a_file() -> None:
    bad = {f.stem for f in WRONG.iterdir() if f.suffix != ".txt"}
    assert bad == {f.stem for f in WRONG.iterdir() if f.suffix == ".txt"}
    assert len(bad) >= 40
