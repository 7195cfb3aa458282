"""What a text can be compared by: hashes of its runs of five words, and of its spellings.

Only body text counts: titles, captions and site furniture are alike where no one copied anything.
Broder, A. Z. (1997), On the resemblance and containment of documents; near spellings by deletion after Bocek,
Hunt and Stiller (2007), Fast similarity search in large dictionaries.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from holdfire import times
from holdfire.reading.prose.page.zones import Page
from holdfire.records.report import Report

WORDS = 5
"""Words of a run."""

SHORTEST = 6
"""Fewest letters of a word whose spelling is looked at: short names differ by a letter for good reason."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_FACTORS = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5, 1], np.uint64
)


def shingled(page: Page, report: Report, zone: ZoneInfo) -> dict[str, Any]:
    """Return the row of records.shingle.SHINGLED of a page."""
    hashes: list[int] = []
    starts: list[int] = []
    runs: list[int] = []
    at: list[int] = []
    capitals: set[str] = set()
    for part in page.paragraphs:
        if part.zone != "body":
            continue
        hashes.clear()
        starts.clear()
        for found in _WORD.finditer(page.shadow.text, part.start, part.end):
            word = found[0]
            hashes.append(_hash(word.lower()))
            starts.append(found.start())
            if len(word) >= SHORTEST and word[0].isupper() and not word.isupper():
                capitals.add(word.lower())
        runs += _runs(hashes)
        at += [page.shadow.span(a, a + 1)[0] for a in starts[: len(hashes) - WORDS + 1]]
    spelled = sorted((_hash(word), word) for word in capitals)
    return {
        "report": report.id,
        "source": report.source,
        "wire": page.wire or None,
        "start": _start(report, zone),
        "shingles": runs,
        "begins": at,
        "spellings": [hashed for hashed, _ in spelled],
        "near": [_near(word) for _, word in spelled],
    }


def _runs(hashes: list[int]) -> list[int]:
    """Return one hash a run of `WORDS` words; a paragraph shorter than that has none."""
    count = len(hashes) - WORDS + 1
    if count <= 0:
        return []
    words = np.array(hashes, np.int64).view(np.uint64)
    # Unsigned arithmetic wraps, which is what is wanted here.
    made = sum(
        (words[k : k + count] * factor for k, factor in enumerate(_FACTORS)), np.zeros(count, np.uint64)
    )
    return [int(each) for each in (made ^ (made >> np.uint64(29))).view(np.int64)]


@lru_cache(maxsize=1 << 16)
def _hash(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big", signed=True)


def _near(word: str) -> list[int]:
    """Return the hashes of a word and of it with one inner letter left out; its ends are never touched.

    So a plural or an ending is no slip, and two words one inner letter apart share a hash.
    """
    return sorted({_hash(word), *(_hash(word[:k] + word[k + 1 :]) for k in range(1, len(word) - 1))})


def _start(report: Report, zone: ZoneInfo) -> datetime | None:
    return times.parse(report.published, zone)[0].start if report.published else None
