"""What was destroyed is looked for in every byte that is left; see holdfire.chaos.redact.

HOLDFIRE_CHAOS_N sets how many redactions (10), HOLDFIRE_CHAOS_SEED the seed (2016).
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import os
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from holdfire.chaos.canaries import forms, search
from holdfire.chaos.redact import redact

N = int(os.environ.get("HOLDFIRE_CHAOS_N", "10"))
SEED = int(os.environ.get("HOLDFIRE_CHAOS_SEED", "2016"))
WORD = "kamoriشاtazuvélo"


def test_nothing_of_what_was_redacted_is_left() -> None:
    told = redact(N, SEED)
    print(f"\n{told}")
    assert told.passed, told.details


def zipped(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner/x.gz", gzip.compress(content))
    return file.getvalue()


WAYS: dict[str, Callable[[str], bytes]] = {
    "plain": lambda word: f"a {word} b".encode(),
    "UTF-16": lambda word: word.encode("utf-16"),
    "hex": lambda word: b"x" + word.encode().hex().encode(),
    "JSON": lambda word: json.dumps({"q": word}).encode(),
    "base64 after one byte": lambda word: base64.b64encode(b"?" + word.encode() + b"??"),
    "base64 after two bytes": lambda word: base64.urlsafe_b64encode(b"??" + word.encode() + b"?"),
    "base64 after three bytes": lambda word: base64.b64encode(b"???" + word.encode()),
    "gzip in a zip": lambda word: zipped(word.encode() * 3),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_search_finds_a_word_however_it_was_written(tmp_path: Path, way: str) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_bytes(b"\0" * 500 + WAYS[way](WORD) + b"\0")
    assert not search([tmp_path], {"other": "kamorikamori"}).found
    if way == "gzip in a zip":
        (tmp_path / "deep" / "file").write_bytes(WAYS[way](WORD))
    assert search([tmp_path], {"word": WORD}).found


def test_the_search_reads_names_links_rows_and_columns(tmp_path: Path) -> None:
    (tmp_path / WORD).mkdir()
    assert "the name of" in search([tmp_path], {"word": WORD}).found[0]
    (tmp_path / WORD).rmdir()
    (tmp_path / "link").symlink_to(WORD)
    assert "the link" in search([tmp_path], {"word": WORD}).found[0]
    (tmp_path / "link").unlink()
    database = sqlite3.connect(tmp_path / "d.sqlite")
    database.execute("CREATE TABLE t (x)")
    # Longer than a page, so that the word may be cut in two by the chain of overflow pages.
    for start in range(4060, 4100, 4):
        database.execute("INSERT INTO t VALUES (?)", ("x" * start + WORD,))
    database.commit()
    database.close()
    assert "the rows of" in search([tmp_path], {"word": WORD}).found[-1]
    (tmp_path / "d.sqlite").unlink()
    pq.write_table(
        pa.table({"q": [WORD] * 50}), tmp_path / "t.parquet", compression="zstd", use_dictionary=True
    )
    assert "the columns of" in search([tmp_path], {"word": WORD}).found[-1]


def test_a_needle_that_chance_would_find_is_refused() -> None:
    with pytest.raises(ValueError, match="too short"):
        forms("mill")
