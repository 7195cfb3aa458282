"""Make small cases of the invented agreement, with reports we write.

A run takes seconds and a copy of what it made takes milliseconds, so `made_once` lets a process make a case
once and gives each test a copy of its own. Every copy is the same, whichever test asks first: a copy goes on
with the clock and the source of bytes where the making of the case left them.
"""

from __future__ import annotations

import atexit
import hashlib
import shutil
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from tempfile import mkdtemp
from typing import Concatenate, ParamSpec

from holdfire.case import Case
from holdfire.folder import Folder

AGREEMENT = Path(__file__).parent / "agreements" / "example-2031"
NOW = datetime(2031, 5, 10, 12, tzinfo=UTC)
P = ParamSpec("P")

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
    return Case(Folder(folder), now=lambda: NOW, by="tests", random=Fixed())


def copied(case: Case, folder: Path) -> Case:
    """Return a copy of a case in a new folder, with all that runs have made, to write into."""
    shutil.copytree(case.folder.path, folder)
    return replace(case, folder=Folder(folder), random=copy(case.random))


def made_once(make: Callable[Concatenate[Path, P], Case]) -> Callable[Concatenate[Path, P], Case]:
    """Let a process make a case once for each set of arguments, and give copies of it to write into.

    What is made may depend on nothing but the arguments: on no fixture, no variable of the environment.
    """
    kept: dict[str, Case] = {}

    @wraps(make)
    def made(folder: Path, *given: P.args, **named: P.kwargs) -> Case:
        key = repr((given, sorted(named.items())))
        if key not in kept:
            home = Path(mkdtemp(prefix="holdfire-case-"))
            atexit.register(shutil.rmtree, home, ignore_errors=True)
            kept[key] = make(home / "case", *given, **named)
        return copied(kept[key], folder)

    return made


@made_once
def a_run(folder: Path, texts: dict[str, str] | None = None, period: str = "") -> Case:
    """Return a case like `a_case`, after one run of a period."""
    made = a_case(folder, texts)
    made.run(period)
    return made


@dataclass
class Fixed:
    """A source of bytes that is the same each time, so that cases can be compared byte for byte.

    Attributes:
        number: How often it gave some.
    """

    number: int = 0

    def __call__(self, size: int) -> bytes:
        """Return so many bytes, unlike those before."""
        self.number += 1
        return hashlib.shake_256(f"tests {self.number - 1}".encode()).digest(size)


def a_text(number: int) -> str:
    """Return one more report, like no other."""
    day = 1 + number % 9
    return TEXT.replace("at least two", f"at least {number + 3}").replace("2 May 2031", f"{day} May 2031")
