"""What each kind of evidence weighs, as learnt on made worlds: `weights.json`, never trained in a run.

`python -m bench.judging.strengths --write` makes the file and says how; its digest is part of the method's.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from holdfire.documents import Document, read


class Margins(Document):
    """How far the truth lies beyond the figures told: their interval is widened by this.

    Attributes:
        share: Of the figure [thousandths].
        people: Beyond that [people].
    """

    share: int
    people: int


class Weights(Document):
    """What evidence weighs.

    Attributes:
        made: What on, and how.
        occurrence: Log odds that it happened, by kind of evidence; `prior` with none [thousandths of a nat].
        attribution: Log odds that this set did it, by kind of evidence [thousandths of a nat].
        killed: How far the truth lies beyond what is told, by who tells: one, several, or parties alone.
    """

    made: str
    occurrence: dict[str, int]
    attribution: dict[str, int]
    killed: dict[str, Margins]


@cache
def weights() -> Weights:
    """Return the weights that come with Holdfire."""
    text = files("holdfire.judging").joinpath("weights.json").read_text(encoding="utf-8")
    return read(Weights, text, "weights.json")
