"""The log that a killed writer left: was it cut short by the kill, or damaged since?

SQLite reads its write-ahead log up to the first frame whose sum is wrong, and takes that for the end: after a
power cut it must. So one bit that flips in a log that lies there takes every later commit with it, and what
is left agrees with itself. But each of our commits is forced to the disk before the next is begun
(`synchronous=FULL`), and a log is emptied whenever the ledger is opened to write. So if a frame is wrong and
its commit is followed by frames of a later one, that commit was whole once, and it was damaged since.

What cannot be told apart is a power cut in the last commit, which nobody was told of, and damage to it; a
remembered head can tell. tests/unit/test_ledger_leftover.py flips bits in every frame; `holdfire chaos power`
holds the rule against what power cuts leave.

Layout and sums of the log: sqlite.org/fileformat2.html#walformat.
"""

from __future__ import annotations

import sys
import time
from array import array
from collections.abc import Iterator
from pathlib import Path

from holdfire.errors import BadInput, HoldfireError
from holdfire.ledger.stored import COPY

HEADER, FRAME = 32, 24
MAGIC = 0x377F0682
"""With its last bit set the sums are over big-endian words, else over little-endian ones."""

LOOKS = 4
PAUSE = 0.05
"""A writer may be at work while a reader looks. What is damaged looks so again after a pause [s]."""


def hold(database: Path) -> None:
    """Return if the log beside a database is whole as far as it must be.

    Raises:
        BadInput: It was damaged after it was written.
        HoldfireError: The disk refuses.
    """
    log = database.with_name(database.name + "-wal")
    for look in range(LOOKS):
        if look:
            time.sleep(PAUSE)
        try:
            content = log.read_bytes()
        except FileNotFoundError:
            return
        except OSError as error:
            raise HoldfireError(
                f"the log beside the ledger cannot be read: {error.strerror}", str(log), "is the disk there?"
            ) from error
        if not damaged(content):
            return
    raise BadInput("the log that a stopped writer left is damaged", str(log), COPY)


def damaged(content: bytes) -> bool:
    """Return whether a log holds a commit that was whole once and is not now."""
    if len(content) < HEADER or not any(content[:HEADER]):
        return False
    size = _word(content, 8)
    sums = _sums(content[:24], (0, 0), _word(content, 0) & 1)
    if _word(content, 0) & ~1 != MAGIC or sums != (_word(content, 24), _word(content, 28)):
        return True  # the header is one sector, written whole and forced before any frame
    wrong = committed = False
    for start, found in _frames(content, size, sums):
        if committed and _fresh(content, start):
            return True
        if not wrong and (not _fresh(content, start) or found != _summed(content, start)):
            wrong = True
        if wrong and _word(content, start + 4):
            committed = True  # the frame closes a commit: it says how large the database is after it
    return False


def _frames(content: bytes, size: int, sums: tuple[int, int]) -> Iterator[tuple[int, tuple[int, int]]]:
    """Yield where each frame starts, and the sums up to its end."""
    if size < 512:
        return
    for start in range(HEADER, len(content) - FRAME - size + 1, FRAME + size):
        page = content[start : start + 8] + content[start + FRAME : start + FRAME + size]
        sums = _sums(page, sums, _word(content, 0) & 1)
        yield start, sums


def _fresh(content: bytes, start: int) -> bool:
    """Return whether a frame is of this log and not of one that was begun before it in the same file."""
    return content[start + 8 : start + 16] == content[16:24]


def _summed(content: bytes, start: int) -> tuple[int, int]:
    return _word(content, start + 16), _word(content, start + 20)


def _sums(content: bytes, sums: tuple[int, int], big: int) -> tuple[int, int]:
    words = array("I", content)
    if big != (sys.byteorder == "big"):
        words.byteswap()
    one, other = sums
    for first, second in zip(words[::2], words[1::2], strict=True):
        one = (one + first + other) & 0xFFFFFFFF
        other = (other + second + one) & 0xFFFFFFFF
    return one, other


def _word(content: bytes, place: int) -> int:
    return int.from_bytes(content[place : place + 4], "big")
