"""Each bad archive comes back as its whole message, byte for byte, and never with a name or an address in it.

The archives are made here; beside stands `tests/wrong/archives/MISTAKE.message`. To renew: HOLDFIRE_RENEW=1,
then read the diff.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import archiving as make
from archiving import ADDRESS, CAPTURED, STORY
from holdfire.errors import BadInput
from holdfire.reading import archives

WRONG = Path(__file__).parent / "wrong" / "archives"
STRANGE = "https://news.example/a-name"


def page(body: bytes = STORY) -> bytes:
    return make.record(ADDRESS, make.response(body))


def lies_of_its_digests() -> bytes:
    resources = [
        {"path": "archive/data.warc.gz", "hash": make.sha256(b"other")},
        {"path": "archive/gone.warc.gz", "hash": make.sha256(b"")},
        {"path": "pages/pages.jsonl", "hash": "crc32:00"},
    ]
    listed = [{"url": STRANGE}, {"url": STRANGE, "ts": "a-name"}]
    return make.wacz(
        [page()],
        listed,
        more={"archive/a-name.warc.gz": b""},
        package={"resources": resources},
        digest={"hash": make.sha256(b"another")},
    )


def climbing() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        for name in ("../a-name", "/a-name", "a:name", "ok/a-name", "OK/A-NAME"):
            packed.writestr(zipfile.ZipInfo(name, (2031, 5, 3, 0, 0, 0)), b"x")
    return held.getvalue()


def two_bad_files() -> bytes:
    files = {
        "archive/1.warc.gz": gzip.compress(page(), 0, mtime=0)[:-20],
        "archive/2.warc": page() + b"a-name",
        "pages/pages.jsonl": make.pages([{"url": ADDRESS, "ts": CAPTURED}]),
    }
    resources = [{"path": n, "hash": make.sha256(c)} for n, c in files.items()]
    files["datapackage.json"] = archives_json({"resources": resources})
    return make.zipped(files)


def archives_json(value: object) -> bytes:
    return json.dumps(value).encode()


MADE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "lies_of_its_digests": ("x.wacz", lies_of_its_digests),
    "climbing_names": ("x.zip", climbing),
    "two_bad_files": ("x.wacz", two_bad_files),
    "another_zip": ("x.zip", lambda: make.zipped({"a-name.txt": b"x"})),
    "no_zip": ("x.wacz", lambda: b"PK\x03\x04 a-name"),
    "cut_record": ("x.warc", lambda: page()[:-60]),
    "page_as_warc": ("x.warc", lambda: STORY),
    "printed_otherwise": (
        "db.csv",
        lambda: make.table([make.metadata(address=STRANGE)] * 3).replace(b"datetime.datetime(", b"a_name("),
    ),
    "entry_of_nowhere": ("metadata.json", lambda: archives_json(make.metadata(address=""))),
}


@pytest.mark.parametrize("mistake", MADE)
def test_mistake(mistake: str) -> None:
    name, made = MADE[mistake]
    content = made()
    with pytest.raises(BadInput) as caught:
        list(archives.items(name, io.BytesIO(content), len(content)))
    message = f"{caught.value}\n"
    expected = WRONG / f"{mistake}.message"
    if os.environ.get("HOLDFIRE_RENEW"):
        expected.write_text(message, encoding="utf-8")
    assert message == expected.read_text(encoding="utf-8")
    assert "name" not in message.replace("a file name", "").replace("it has the name of", "").replace(
        "names", ""
    ).replace("named", "")
    assert ADDRESS not in message


def test_every_message_belongs_to_a_mistake() -> None:
    assert set(MADE) == {file.stem for file in WRONG.glob("*.message")}
