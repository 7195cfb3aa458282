"""docs/look-up/claims.md names every field that `holdfire claims --json` writes, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from holdfire.claimlines import Said
from holdfire.reading.prose import read
from holdfire.tables import rows
from prosing import context, report

PAGE = Path(__file__).resolve().parents[2] / "docs" / "look-up" / "claims.md"


def test_the_page_names_every_field_of_a_claim() -> None:
    text = "The Strip Monitor said on Monday that the Northern Army shelled Marrow, killing five people."
    (row, *_) = rows(read(text, report(text), context()))
    written = Said(row).json
    named = re.findall(r"^\| (.+?) \|", PAGE.read_text(encoding="utf-8"), flags=re.M)[1:]
    fields = [field for cell in named for field in re.findall(r"`(\w+)`", cell)]
    assert fields == list(written)
