"""What the tests of verify.html ask for: an honest bundle, and a browser that reaches a listener alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from attacks.honest import NOON, Bundle, honest
from browser.checking import Listener, Reader, zipped

CLOCK = f"Date.now = () => {NOON + 3600}000"


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return honest()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.close()


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory, listener: Listener) -> Iterator[Reader]:
    """Return a browser whose every connection, to wherever, ends at the listener."""
    found = Reader(tmp_path_factory.mktemp("page"), f"--host-resolver-rules=MAP * 127.0.0.1:{listener.port}")
    found.browser.order("Page.addScriptToEvaluateOnNewDocument", source=CLOCK)
    yield found
    found.close()


@pytest.fixture
def packed(bundle: Bundle, tmp_path: Path) -> Path:
    place = tmp_path / "bundle.zip"
    place.write_bytes(zipped(bundle.files))
    return place
