"""Whether time grows with the length of a text and no faster, on texts made to be slow.

Each shape is read at one size and at eight times that size; linear growth takes eight times as long. The
figure is the exponent, the logarithm to base 8 of the ratio of processor times.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure
from holdfire.digests import digest
from holdfire.reading import prose
from holdfire.records.report import Report
from holdfire.testing import plain_context

SIZE = 40_000
"""Characters of the smaller text."""
FACTOR = 8

ARTICLE = (
    "The army said on Monday that rebels had shelled the market in the town, killing at least five people "
    "and wounding dozens, according to residents. The rebels denied the claim. “We fired at no one,” a "
    "spokesman said. "
)
SHAPES = {
    "an article, again and again, a paragraph each": ARTICLE + "\n\n",
    "one line of sentences": ARTICLE,
    "one line without an end of sentence": "the army said that ",
    "quotation marks": '"',
    "opened quotation marks": "“a ",
    "brackets": "(a [b ",
    "right-to-left marks": "\u200f\u202bقال\u202c ",
    "commas and capitals": "Aleppo, Homs, ",
    "numbers": "12 ",
    "months": "March 3, ",
    "dashes": "a — ",
    "Arabic sentences": "قال الجيش إن المسلحين قصفوا السوق يوم الاثنين، ما أدى إلى مقتل خمسة أشخاص. ",
    "tags": "<b>a",
}


def measure(shared: Path) -> Iterator[Figure]:
    """Yield the exponent of each shape, and the slowest speed."""
    slowest, worst = float("inf"), ""
    for name, shape in SHAPES.items():
        short, long = (_spent(_text(shape, SIZE * n)) for n in (1, FACTOR))
        speed = SIZE * FACTOR / max(long, 1e-9) / 1e6
        if speed < slowest:
            slowest, worst = speed, name
        yield Figure(
            f"growth of {name}", math.log(long / max(short, 1e-9), FACTOR), reach="1",
            note=f"{speed:.2f} million characters a second",
        )  # fmt: skip
    yield Figure("slowest, million characters a second", slowest, note=worst)


def _text(shape: str, size: int) -> str:
    return (shape * (size // len(shape) + 1))[:size]


def _spent(text: str) -> float:
    """Return the processor time of reading a text, the better of two [s]."""
    report = Report(id=digest(text[:99].encode()), source="x", format="text", published="2031-03-05")
    best = float("inf")
    for _ in range(2):
        started = time.process_time()
        prose.read(text, report, plain_context())
        best = min(best, time.process_time() - started)
    return best
