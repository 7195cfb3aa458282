"""Make small cases of the invented agreement, with reports we write."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from holdfire.case import Case
from holdfire.folder import Folder

AGREEMENT = Path(__file__).parent / "agreements" / "example-2031"
NOW = datetime(2031, 5, 10, 12, tzinfo=UTC)

TEXT = """---
source: news
published: 2031-05-03
---
The mission said on 3 May 2031 that shelling killed at least two people in Mill on 2 May 2031.
North denied the claim.
"""


def a_case(folder: Path, texts: dict[str, str] | None = None) -> Case:
    """Return a case of the invented agreement with these texts in its inbox."""
    shutil.copytree(AGREEMENT, folder)
    (folder / "inbox").mkdir(exist_ok=True)
    for name, text in (texts if texts is not None else {"one.md": TEXT}).items():
        (folder / "inbox" / name).write_text(text, encoding="utf-8")
    return Case(Folder(folder), now=lambda: NOW, by="tests", random=fixed())


def copied(case: Case, folder: Path) -> Case:
    """Return a copy of a case in a new folder, with all that runs have made, to write into."""
    shutil.copytree(case.folder.path, folder)
    return replace(case, folder=Folder(folder))


def fixed() -> Callable[[int], bytes]:
    """Return a source of bytes that is the same each time, so that cases can be compared byte for byte."""
    number = count()
    return lambda size: hashlib.shake_256(f"tests {next(number)}".encode()).digest(size)


def a_text(number: int) -> str:
    """Return one more report, like no other."""
    day = 1 + number % 9
    return TEXT.replace("at least two", f"at least {number + 3}").replace("2 May 2031", f"{day} May 2031")
