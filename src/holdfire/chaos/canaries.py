"""Words that are planted to be destroyed, and the search for what is left of them.

A needle is looked for in every file under a folder, in the forms in which programs write things down: UTF-8,
UTF-16 either way round, base64 (in each of its three alignments, both alphabets), hexadecimal, percent and
JSON escapes. Files are searched as they lie, which takes in free pages, journals and write-ahead logs of
databases, and once more as what they hold: members of zips, gzip streams, columns of Parquet files, rows of
SQLite databases. So are the names of files and where links lead.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import os
import sqlite3
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

SHORTEST = 8
"""Fewest bytes of a needle: a shorter one would be found by chance."""
DEPTH = 3
"""How many containers deep a file is opened."""
LARGEST = 1 << 28
"""Most bytes that a container may unpack to; larger ones are searched as they lie."""


@dataclass(slots=True)
class Searched:
    """What was searched, and what was found.

    Attributes:
        files: How many files.
        size: How many bytes, unpacked ones too.
        found: Where which needle was found, in words that do not say it.
    """

    files: int = 0
    size: int = 0
    found: list[str] = field(default_factory=list)


def forms(needle: str | bytes) -> dict[str, bytes]:
    """Return each form of a needle by its name.

    >>> [name for name in sorted(forms("mill at dusk")) if name.startswith("base64 ")]
    ['base64 +0', 'base64 +1', 'base64 +2']
    """
    plain = needle.encode() if isinstance(needle, str) else needle
    if len(plain) < SHORTEST:
        raise ValueError("too short a needle is found by chance")
    found = {"bytes": plain, "hex": plain.hex().encode(), "HEX": plain.hex().upper().encode()}
    for shift in range(3):
        # The first and last characters depend on the neighbours; what lies between does not.
        coded = base64.b64encode(bytes(shift) + plain)
        inner = coded[4 if shift else 0 : -4]
        found[f"base64 +{shift}"] = inner
        found[f"base64url +{shift}"] = inner.translate(bytes.maketrans(b"+/", b"-_"))
    if isinstance(needle, str):
        found |= {
            "UTF-16LE": needle.encode("utf-16-le"),
            "UTF-16BE": needle.encode("utf-16-be"),
            "percent": quote(needle, safe="").encode(),
            "JSON": json.dumps(needle)[1:-1].encode(),
        }
    return found


def search(folders: Iterable[Path], needles: Mapping[str, str | bytes]) -> Searched:
    """Search every file under some folders.

    Args:
        folders: Where to look; links are not followed, but where they lead is read.
        needles: What to look for, by a name that may be printed.
    """
    searched = Searched()
    wanted = sorted(
        {(form, name, how) for name, each in needles.items() for how, form in forms(each).items()}
    )
    for folder in folders:
        for at, names, files in os.walk(folder):
            for name in sorted([*names, *files]):
                path = Path(at) / name
                shown = path.relative_to(folder)
                _look(os.fsencode(name), wanted, f"the name of {shown}", searched)
                if path.is_symlink():
                    _look(os.fsencode(os.readlink(path)), wanted, f"the link {shown}", searched)
                elif path.is_file():
                    searched.files += 1
                    for where, content in _views(path):
                        _look(content, wanted, where, searched)
    return searched


def _look(content: bytes, wanted: list[tuple[bytes, str, str]], where: str, searched: Searched) -> None:
    searched.size += len(content)
    searched.found += [f"{name} as {how} in {where}" for form, name, how in wanted if form in content]


def _views(path: Path) -> Iterator[tuple[str, bytes]]:
    content = path.read_bytes()
    yield path.name, content
    if content.startswith(b"SQLite format 3\0"):
        yield f"the rows of {path.name}", b"\n".join(_rows(path))
    elif content.startswith(b"PAR1"):
        yield f"the columns of {path.name}", _columns(content)
    else:
        yield from _inside(path.name, content, DEPTH)


def _inside(name: str, content: bytes, depth: int) -> Iterator[tuple[str, bytes]]:
    if not depth:
        return
    for inner, unpacked in _unpacked(content):
        where = f"{inner} in {name}"
        yield where, unpacked
        yield from _inside(where, unpacked, depth - 1)


def _unpacked(content: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        if content.startswith(b"\x1f\x8b"):
            with gzip.open(io.BytesIO(content)) as file:
                yield "gzip", file.read(LARGEST)
        elif content.startswith(b"PK\x03\x04"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for member in archive.infolist():
                    if not member.is_dir() and member.file_size <= LARGEST:
                        yield member.filename, archive.read(member)
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError):
        return  # not what it looks like: it was searched as it lies


def _rows(path: Path) -> Iterator[bytes]:
    """Yield every value of a database, overflow pages joined; a damaged one was searched as it lies."""
    database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in database.execute(f'SELECT * FROM "{table}"'):
                for value in row:
                    yield value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogateescape")
    except sqlite3.Error:
        return
    finally:
        database.close()


def _columns(content: bytes) -> bytes:
    import pyarrow.parquet as pq

    table = pq.read_table(io.BytesIO(content))
    return json.dumps(table.to_pylist(), ensure_ascii=False, default=str).encode("utf-8", "surrogateescape")
