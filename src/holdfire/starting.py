"""Begin: a case folder with every file people write, explained where they stand; a draft of a mapping."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

from holdfire import times
from holdfire.errors import BadInput
from holdfire.ledger.shelf import replace_file
from holdfire.reading.draftlist import draft
from holdfire.reading.unpacking import content

LARGEST = 4 << 30
"""Most bytes that a table to be mapped may unpack to."""

EMPTY = ("inbox", "mappings", "agreement/zones", "agreement/lists")
IGNORED = """# Secrets, and what `holdfire run` makes again; the log and its exhibits are not among it.
.holdfire/vault/
.holdfire/keys/
.holdfire/seen.json
.holdfire/claims/
.holdfire/found/
.holdfire/scratch/
.holdfire/second/
proposals/
"""


def start(folder: Path, title: str, timezone: str) -> list[Path]:
    """Write the files of a new case, and return their paths.

    Args:
        folder: Where; it must not exist, or be empty.
        title: Title of the case.
        timezone: IANA name of the zone in which its days are counted.

    Raises:
        BadInput: The folder holds something, or the zone is unknown.
    """
    times.zone(timezone)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput("the folder is not empty", str(folder), "name one that does not exist yet")
    for name in EMPTY:
        (folder / name).mkdir(parents=True, exist_ok=True)
    words = {"title": title.replace("\\", "\\\\").replace('"', '\\"'), "timezone": timezone}
    written = []
    for name, text in sorted(_texts(files("holdfire") / "starter", "")):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, Template(text).safe_substitute(words).encode())
        written.append(path)
    replace_file(folder / ".gitignore", IGNORED.encode())
    return written


def _texts(folder: Traversable, prefix: str) -> Iterator[tuple[str, str]]:
    for entry in folder.iterdir():
        name = f"{prefix}{entry.name}"
        if entry.is_dir():
            yield from _texts(entry, f"{name}/")
        elif entry.name.endswith(".yaml"):
            yield name, entry.read_text(encoding="utf-8")


def suggested(file: Path) -> str:
    """Return a draft of a mapping file for a table."""
    return draft(content(file.name, lambda: file.open("rb"), file.stat().st_size, LARGEST))
