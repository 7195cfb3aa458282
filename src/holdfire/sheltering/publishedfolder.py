"""The folder of a release: each of its files is a function of the release, so each can be held against it.

Signatures stand in one file. Most people open another: the page, or what their map program reads. Whoever
copies a folder on could change those; made again, they must be the same. tests/unit/test_publishedfolder.py
changes every file.
"""

from __future__ import annotations

import io
import warnings
from pathlib import Path

from holdfire.errors import CheckFailed, Problem
from holdfire.precaution.released import PARTITION, RELEASE, Released, bytes_of
from holdfire.protecting.exports import exports
from holdfire.protecting.release import Published
from holdfire.version import VERSION
from holdfire.zonepage import zone_page

PAGE = "index.html"


def made(content: bytes, found: Released, published: Published) -> dict[str, bytes]:
    """Return every file of a release's folder by its name.

    Args:
        content: The release's own file.
        found: What that says, and who signed it.
        published: The release beside its partition.
    """
    files = {RELEASE: content, PARTITION: published.partition.text(), **exports(published)}
    page = zone_page(published, fingerprint=found.fingerprint, signers=found.signers, others=list(files))
    return {**files, PAGE: page}


def held(folder: Path, found: Released, published: Published) -> int:
    """Hold the files of a folder against its release, and return how many there are.

    A file may be missing: one who asks needs two of them. Names that begin with a dot are left to the system.

    Raises:
        CheckFailed: Every file that says something else than the release, or is none of its files.
    """
    files = sorted(each for each in folder.iterdir() if not each.name.startswith("."))
    expected = made(bytes_of(folder / RELEASE), found, published)
    problems = [problem for each in files if (problem := _wrong(each, expected)) is not None]
    if problems:
        raise CheckFailed.of(problems)
    return len(files)


def _wrong(file: Path, expected: dict[str, bytes]) -> Problem | None:
    if file.name not in expected or not file.is_file():
        return Problem("this is no file of the release", str(file), "keep what is yours in another folder")
    content = bytes_of(file)
    if file.name == PARTITION:
        content = content.removesuffix(b"\n")
    if content == expected[file.name] or _says_the_same(file.name, content, expected[file.name]):
        return None
    hint = f"do not use it: get the folder again (what another Holdfire than {VERSION} made may differ too)"
    return Problem("this is not what the release makes: it was changed", str(file), hint)


def _says_the_same(name: str, content: bytes, expected: bytes) -> bool:
    """Return whether a table holds the same rows, as another version of a library may have written them."""
    try:
        if name.endswith(".parquet"):
            return _parquet(content) == _parquet(expected)
        return name.endswith(".gpkg") and _geopackage(content) == _geopackage(expected)
    except Exception:  # a changed file may break its reader anywhere
        return False


def _parquet(content: bytes) -> object:
    import pyarrow.parquet as pq

    table = pq.read_table(io.BytesIO(content))
    return table.schema.metadata, table.schema.names, table.to_pylist()


def _geopackage(content: bytes) -> object:
    from pyogrio import list_layers
    from pyogrio.raw import read

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that the bytes are in memory and have no name
        layers = list_layers(content).tolist()
        meta, _, shapes, columns = read(content)
    return layers, meta["fields"].tolist(), meta["crs"], shapes.tolist(), [each.tolist() for each in columns]
