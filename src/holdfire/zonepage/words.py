"""What the page says, in both languages."""

from __future__ import annotations

import json
from importlib.resources import files

from holdfire.protecting.cells import Cell
from holdfire.protecting.grid import HALF, ROUND

LANGUAGES = ("en", "ar")
DIRECTION = {"en": "ltr", "ar": "rtl"}

WORDS: dict[str, dict[str, str]] = json.loads(
    files("holdfire.zonepage").joinpath("words.json").read_text(encoding="utf-8")
)


def row(cell: Cell, language: str) -> tuple[str, str, str]:
    """Return a cell's code and its zone's sides in whole minutes, in Western digits as the UN prints."""
    zone = cell.zone
    dash = "–" if language == "en" else " – "
    east = zone.east - ROUND if zone.east > HALF else zone.east
    return (
        cell.code,
        f"{_angle(zone.south, 'NS')}{dash}{_angle(zone.north, 'NS')}",
        f"{_angle(zone.west, 'EW')}{dash}{_angle(east, 'EW')}",
    )


def _angle(minutes: int, letters: str) -> str:
    degrees, rest = divmod(abs(minutes), 60)
    return f"{degrees}°{rest:02d}′{letters[minutes < 0]}"
