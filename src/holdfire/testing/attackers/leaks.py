"""Find what a release, an export or a log gives away beside the cells that are on.

Two ways. What the release alone makes is made again, and a file that is the same byte for byte holds nothing
else. Every other file is read as text, whatever its form, and what no release says is told: a position, a
point or a digit that is no zone's corner; a moment finer than the epoch; an identity, a count, a category; an
order of areas that is not that of their codes. Leaks are told by file, line and kind and never quoted: what
is printed of a leak must not be one. tests/attacks/test_leaks.py plants each in copies of clean files.
"""

from __future__ import annotations

import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import shapely

from holdfire.digests import canonical
from holdfire.errors import BadInput
from holdfire.protecting import release as releases
from holdfire.protecting.exports import exports
from holdfire.protecting.release import Published
from holdfire.testing.attackers.tokens import Facts

KINDS = {
    "position": "a position that is no corner of a published area",
    "digits": "more digits than the corner of a published area has, or others",
    "point": "a point or a circle: areas are whole cells",
    "count": "a count of sites",
    "category": "what kind of place is meant",
    "identity": "an identity finer than the code of an area",
    "time": "a moment finer than the epoch",
    "written": "a file that was written at another time than those beside it",
    "order": "areas in another order than that of their codes",
    "field": "a field that no release has",
    "differs": "bytes that the release alone does not make",
}
"""Kinds of leak, in words."""

APART = 3600
"""Files of one release that are written further apart than this were written for a reason [s]."""

LARGEST = 256 << 20
"""Most bytes that are read as text."""

_LOGS = (".log", ".out", ".err")
_STAMPED = re.compile(r"^\W{0,2}(?:\w+\s+)?\d{4}-\d\d-\d\d[T ][\d:.,]+\s*(?:Z|[+-]\d\d:?\d\d)?\W*")
_AREA = re.compile(r"(?:\"id\"\s*:\s*\"|Placemark id=\"|<areaDesc>)([A-Z][A-Z0-9]{1,11}-\d{4,})")


@dataclass(frozen=True, slots=True, order=True)
class Leak:
    """One thing that is given away; what it is stands in the file and not here.

    Attributes:
        file: Where.
        line: Line of it, from 1; 0: the file as a whole.
        kind: Key of `KINDS`.
    """

    file: str
    line: int
    kind: str

    def __str__(self) -> str:
        """Return where it is and of what kind."""
        where = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{where}: {KINDS[self.kind]}"


def find(
    files: Mapping[str, bytes],
    published: Sequence[Published],
    *,
    made: Mapping[str, bytes] | None = None,
    written: Mapping[str, float] | None = None,
) -> list[Leak]:
    """Return what files give away beside the releases they are of, in order of file and line.

    Args:
        files: What is to go out, by name.
        published: The releases.
        made: More that the releases make, such as their page, by name.
        written: When each file was last written [s since 1970]; empty: not asked.

    Raises:
        BadInput: There is no release, or a file is too large to be read.
    """
    if not published:
        raise BadInput("leaks are looked for beside a release", hint="give the release too")
    expected: dict[str, set[bytes]] = {name: {content} for name, content in (made or {}).items()}
    for each in published:
        for name, content in exports(each).items():
            expected.setdefault(name, set()).add(content)
    signed = [content for content in files.values() if _is_release(content)]
    facts = Facts.of(published, signed)
    clean = set().union(*expected.values())
    partitions = {each.partition.text() for each in published}
    found: set[Leak] = set()
    for name, content in files.items():
        if len(content) > LARGEST:
            raise BadInput(f"the file has {len(content):,} bytes; at most {LARGEST:,} are read", name)
        base = name.rsplit("/", 1)[-1]
        if content.removesuffix(b"\n") in partitions or content in clean:
            continue
        if base in expected:
            found.add(Leak(name, 0, "differs"))
        found |= set(_in_file(name, content, facts))
    return sorted(found | set(_written(written or {})))


def _in_file(name: str, content: bytes, facts: Facts) -> Iterator[Leak]:
    if content[:4] == b"PK\x03\x04":
        yield from _in_zip(name, content, facts)
        return
    said = _json(content)
    if isinstance(said, dict) and releases.KIND in {said.get("kind"), _entry(said).get("kind")}:
        yield from _in_release(name, content, said)
        return
    table, text = _text(name, content)
    log = name.endswith(_LOGS)
    codes: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        # A log says when it was written; where it names an area it says when that changed.
        stamped = log and not re.search(r"[A-Z][A-Z0-9]{1,11}-B?\d{3,}", line)
        kinds = set(facts.found(_STAMPED.sub("", line) if stamped else line, timed=True))
        kinds |= set(facts.header(line)) if number == 1 and (table or name.endswith(".csv")) else set()
        yield from (Leak(name, number, kind) for kind in sorted(kinds))
        codes += _AREA.findall(line)
    if isinstance(said, (dict, list)):
        codes = _codes(said)
        for kind in _shaped(said):
            yield Leak(name, 0, kind)
    codes = _once(codes)
    if not log and codes != sorted(codes):
        yield Leak(name, 0, "order")
    if len(set(codes)) < len(codes):
        yield Leak(name, 0, "identity")  # an area that stands twice stands for two sites


def _once(codes: list[str]) -> list[str]:
    """Return codes as they stand once, where the whole list is told again, as in a second language."""
    length = len(set(codes))
    whole = length > 0 and len(codes) % length == 0 and codes == codes[:length] * (len(codes) // length)
    return codes[:length] if whole and length > 1 else codes


def _in_release(name: str, content: bytes, said: Mapping[str, Any]) -> Iterator[Leak]:
    """Hold a release to its form: what reads it refuses a field, an order and a wording of its own."""
    entry = said if said.get("kind") == releases.KIND else _entry(said)
    unknown = set(entry) - {"kind", "signatures", *releases.Release.__slots__}
    if unknown or (entry is not said and set(said) - {"form", "entry", "keysets"}):
        yield Leak(name, 0, "field")
    cells = entry.get("cells")
    if not isinstance(cells, list) or cells != sorted(cells):
        yield Leak(name, 0, "order")
    elif len(set(cells)) < len(cells):
        yield Leak(name, 0, "identity")
    try:
        releases.read({key: value for key, value in entry.items() if key not in unknown}, name)
    except BadInput:
        yield Leak(name, 0, "differs")
    if content.removesuffix(b"\n") != canonical(said):
        yield Leak(name, 0, "differs")


def _in_zip(name: str, content: bytes, facts: Facts) -> Iterator[Leak]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        times = {f"{name}/{each.filename}": datetime(*each.date_time, tzinfo=UTC).timestamp()
                 for each in packed.infolist() if not each.is_dir()}  # fmt: skip
        if sum(each.file_size for each in packed.infolist()) > LARGEST:
            raise BadInput("the archive unpacks to too much", name)
        for each in packed.infolist():
            if not each.is_dir():
                yield from _in_file(f"{name}/{each.filename}", packed.read(each), facts)
    yield from _written(times)


def _written(times: Mapping[str, float]) -> Iterator[Leak]:
    """Yield the files of each folder that were written at another time than most of those beside them."""
    folders: dict[str, dict[str, float]] = {}
    for name, at in times.items():
        folders.setdefault(name.rpartition("/")[0], {})[name] = at
    for held in folders.values():
        usual = sorted(held.values())[(len(held) - 1) // 2]
        yield from (Leak(name, 0, "written") for name, at in held.items() if abs(at - usual) > APART)


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _entry(said: Mapping[str, Any]) -> Mapping[str, Any]:
    entry = said.get("entry")
    return entry if isinstance(entry, dict) else {}


def _is_release(content: bytes) -> bool:
    said = _json(content) if len(content) < LARGEST else None
    return isinstance(said, dict) and releases.KIND in {said.get("kind"), _entry(said).get("kind")}


def _codes(said: Any) -> list[str]:
    """Return the codes of areas in the order in which a JSON value lists them."""
    listed = said.get("features", []) if isinstance(said, dict) else said
    found = []
    for each in listed if isinstance(listed, list) else []:
        code = (
            each
            if isinstance(each, str)
            else each.get("id", each.get("code"))
            if isinstance(each, dict)
            else None
        )
        if isinstance(code, str):
            found.append(code)
    return found


_KNOWN = frozenset(
    {"code", "says", "says_ar", "starts", "ends", "partition", "release", "digest", "id", "bbox"}
)
_FORM = frozenset(
    {"type", "features", "geometry", "coordinates", "properties", "time", "interval", "place", "featureType",
     "conformsTo", "geometryDimension", "name", "crs"}
)  # fmt: skip


def _shaped(said: Any) -> Iterator[str]:
    """Yield the kinds of fields that no feature of ours has."""
    features = said.get("features") if isinstance(said, dict) else None
    for each in features if isinstance(features, list) else []:
        given = each if isinstance(each, dict) else {}
        properties = given.get("properties")
        fields = {*given, *(properties if isinstance(properties, dict) else ())}
        if fields - _KNOWN - _FORM:
            yield "field"
    if isinstance(said, dict) and isinstance(features, list) and set(said) - _KNOWN - _FORM:
        yield "field"


def _text(name: str, content: bytes) -> tuple[bool, str]:
    """Return whether a file is a table, and all that stands in it as text."""
    if content[:4] == b"PAR1":
        import pyarrow.parquet as pq

        table = pq.read_table(io.BytesIO(content))
        held = [",".join(table.column_names)]
        held += [_row(row.values()) for row in table.to_pylist()]
        extra = table.schema.metadata or {}
        own = [
            value.decode("utf-8", "replace") for key, value in extra.items() if key not in {b"ARROW:schema"}
        ]
        return True, "\n".join([*held, *own])
    if content[:15] == b"SQLite format 3":
        with closing(sqlite3.connect(":memory:")) as base:
            base.deserialize(content)
            names = [row[0] for row in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            rows = [row for each in names for row in base.execute(f'SELECT * FROM "{each}"')]
        return True, "\n".join(_row(row) for row in rows)
    return False, content.decode("utf-8", "replace")


def _row(values: Any) -> str:
    return " | ".join(_value(each) for each in values)


def _value(value: Any) -> str:
    if isinstance(value, bytes):
        start = 8 + (0, 32, 48, 48, 64)[min(4, value[3] >> 1 & 7)] if value[:2] == b"GP" else 0
        try:
            return str(shapely.to_wkt(shapely.from_wkb(value[start:]), rounding_precision=9, trim=True))
        except (shapely.GEOSException, ValueError):
            return ""
    if isinstance(value, dict):
        return _row(value.values())
    return str(value)
