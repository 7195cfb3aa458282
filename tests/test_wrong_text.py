"""Each bad text of tests/wrong/text comes back as its whole message, byte for byte.

Beside `mistake.txt` or `mistake.md` stands `mistake.message`. What is too large to keep is made here, in
`MADE`. To renew: HOLDFIRE_RENEW=1, then read the diff.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from holdfire.errors import BadInput
from holdfire.reading.formats.text import LARGEST, Text
from holdfire.reading.unpacking import content
from prosing import context, report

WRONG = Path(__file__).parent / "wrong" / "text"
FILES = [file for file in sorted(WRONG.iterdir()) if file.suffix != ".message"]

MADE: dict[str, Callable[[], bytes]] = {
    "html_nested_deep.html": lambda: b"<div>" * 300 + b"The army left.",
    "html_of_endless_tags.html": lambda: b"<b></b>" * 200_001,
    "longest_line.txt": lambda: b"x" * (17 << 20),
    "too_large.txt": lambda: b"The army left.\n" * (LARGEST // 15 + 1),
}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_file(file: Path) -> None:
    _compare(file.name, file.read_bytes())


@pytest.mark.parametrize("name", MADE)
def test_made(name: str) -> None:
    _compare(name, MADE[name]())


def _compare(name: str, sample: bytes) -> None:
    held = content(name, lambda: io.BytesIO(sample), len(sample), 1 << 30)
    with pytest.raises(BadInput) as caught:
        list(Text().claims(report(""), held, context(file=name)))
    message = f"{caught.value}\n"
    expected = WRONG / f"{Path(name).stem}.message"
    if os.environ.get("HOLDFIRE_RENEW"):
        expected.write_text(message, encoding="utf-8")
    assert message == expected.read_text(encoding="utf-8")
    assert caught.value.exit_code == 2


def test_every_message_belongs_to_a_mistake() -> None:
    stems = {file.stem for file in FILES} | {Path(name).stem for name in MADE}
    assert stems == {file.stem for file in WRONG.glob("*.message")}
