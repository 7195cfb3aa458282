"""Whatever is done to the bytes of an archive or a token, it is read or refused, and never crashes.

Each round changes an honest file in a few places, also inside a zip whose digests are then made right again,
so that what lies deeper is reached.
"""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Mapping

import pytest

import archiving as make
from archiving import ADDRESS, CAPTURED, STORY
from holdfire.errors import BadInput
from holdfire.reading import archives

ROUNDS = 400
VIDEO = b"invented" * 40
PAGES = [make.record(ADDRESS, make.response(STORY)), make.record(ADDRESS + "/2", make.response(STORY))]
LISTED = [{"url": ADDRESS, "ts": CAPTURED}, {"url": ADDRESS + "/2", "ts": CAPTURED}]
ENTRY = make.metadata([make.medium("a.mp4", VIDEO)])
INSERTED = (
    b"\xff" * 8,
    b"\0" * 4,
    b"[[[[",
    b"{",
    b"}",
    b"null",
    b"-1",
    b"9" * 11,
    b'"',
    b"\r\n\r\n",
    b"NaN",
    b"\xed\xa0\x80",
)

HONEST = {
    "a.wacz": make.wacz(PAGES, LISTED),
    "a.warc": b"".join(PAGES),
    "a.warc.gz": make.warc(PAGES),
    "db.csv": make.table([ENTRY] * 2),
    "metadata.json": json.dumps(ENTRY).encode(),
    "run.zip": make.zipped({"metadata.json": json.dumps(ENTRY).encode(), "a.mp4": VIDEO}),
}


def changed(content: bytes, luck: random.Random) -> bytes:
    """Return the bytes with one to five places changed."""
    found = bytearray(content)
    for _ in range(luck.choice([1, 1, 2, 5])):
        at = luck.randrange(len(found))
        match luck.randrange(5):
            case 0:
                found[at] ^= 1 << luck.randrange(8)
            case 1:
                del found[at : at + luck.randrange(1, 40)]
            case 2:
                found[at:at] = luck.randbytes(luck.randrange(1, 10))
            case 3:
                found[at:at] = luck.choice(INSERTED)
            case _:
                found = found[:at] + found[luck.randrange(len(found)) :]
        found = found or bytearray(b"x")
    return bytes(found)


def changed_within(content: bytes, luck: random.Random) -> bytes:
    """Return a zip with one of its files changed, and the digests that name it made right."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    name = luck.choice(sorted(files))
    files[name] = changed(files[name], luck)
    if "pages/pages.jsonl" in files and not name.startswith("datapackage"):
        package = json.loads(files["datapackage.json"])
        for each in package["resources"]:
            each.update(hash=make.sha256(files[each["path"]]), bytes=len(files[each["path"]]))
        files["datapackage.json"] = json.dumps(package).encode()
        named: Mapping[str, str] = {"hash": make.sha256(files["datapackage.json"])}
        files["datapackage-digest.json"] = json.dumps(named).encode()
    return make.zipped(files)


@pytest.mark.parametrize("name", HONEST)
def test_a_changed_archive_is_read_or_refused(name: str) -> None:
    luck = random.Random(name)
    refused = 0
    for _ in range(ROUNDS):
        deep = name.endswith(("wacz", "zip")) and luck.random() < 0.8
        content = (changed_within if deep else changed)(HONEST[name], luck)
        try:
            list(archives.items(name, io.BytesIO(content), len(content)))
        except BadInput:
            refused += 1
    assert refused > ROUNDS // 4


def test_the_control_is_read() -> None:
    for name, content in HONEST.items():
        assert list(archives.items(name, io.BytesIO(content), len(content)))
