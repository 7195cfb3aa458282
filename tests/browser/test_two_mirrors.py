"""The drill: one record on two plain web servers, one of them hostile, and a reader with a saved page.

Everything is the real thing: a case, its bulletin, two editors, a witness, `mirror sync`, servers over plain
http, the page in Chromium.
"""

from __future__ import annotations

import functools
import shutil
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from browser.checking import Reader
from browsing import binary
from holdfire import signing
from holdfire.errors import CheckFailed
from holdfire.mirroring import sync
from holdfire.releasing import write_bundle
from recordmaking import COSIGNED, a_record, released

NOW = COSIGNED + 60


needs_chromium = pytest.mark.skipif(binary() is None, reason="needs a Chromium on the machine")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *told: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder over plain http on loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def mirrors(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """An honest mirror, a hostile one, and the fingerprint: each a folder with the bundle and its zip."""
    made = tmp_path_factory.mktemp("mirrors")
    case = a_record(made / "case", 3)
    released(case)
    for name in ("honest", "hostile"):
        write_bundle(case, made / name / "record")
    write_bundle(case, made / "honest" / "record.zip")
    page = made / "hostile" / "record" / "bulletin" / "index.html"
    page.write_bytes(page.read_bytes().replace(b"insufficient", b"sufficient"))
    shutil.make_archive(str(made / "hostile" / "record"), "zip", made / "hostile" / "record")
    lying = made / "hostile" / "record" / "verify.html"
    lying.write_bytes(b"<!doctype html><title>Yes</title><h1>Yes</h1>")
    with case.ledger() as ledger:
        return made / "honest", made / "hostile", signing.fingerprint(ledger)


@needs_chromium
def test_the_saved_page_tells_the_honest_mirror_from_the_hostile(
    mirrors: tuple[Path, Path, str], tmp_path: Path
) -> None:
    honest, hostile, fingerprint = mirrors
    reader = Reader(tmp_path)
    try:
        for folder, ok, codes in ((honest, True, set()), (hostile, False, {"digest"})):
            with served(folder) as address, urllib.request.urlopen(f"{address}record.zip") as got:  # noqa: S310 - loopback
                packed = got.read()
            reader.open()
            answer = reader.check(packed, fingerprint, NOW)
            assert answer["ok"] is ok, answer["findings"]
            assert {each["code"] for each in answer["findings"]} == codes
            if ok:
                assert answer["facts"]
    finally:
        reader.close()


@needs_chromium
def test_the_page_that_the_honest_mirror_serves_works_there_too(
    mirrors: tuple[Path, Path, str], tmp_path: Path
) -> None:
    honest, _, fingerprint = mirrors
    reader = Reader(tmp_path)
    try:
        with served(honest) as address:
            reader.visit(f"{address}record/verify.html")
            answer = reader.check((honest / "record.zip").read_bytes(), fingerprint, NOW)
        assert answer["ok"], answer["findings"]
    finally:
        reader.close()


def test_a_third_mirror_takes_from_the_honest_and_refuses_the_hostile(
    mirrors: tuple[Path, Path, str], tmp_path: Path
) -> None:
    honest, hostile, fingerprint = mirrors
    with served(honest) as good, served(hostile) as bad:
        with pytest.raises(CheckFailed, match="digest"):
            sync([f"{bad}record/"], tmp_path / "mirror", fingerprint, now=NOW)
        assert not (tmp_path / "mirror").exists()
        sync([f"{bad}record/", f"{good}record/"], tmp_path / "mirror", fingerprint, now=NOW)
    assert (tmp_path / "mirror" / "bulletin" / "index.html").read_bytes() == (
        honest / "record" / "bulletin" / "index.html"
    ).read_bytes()
