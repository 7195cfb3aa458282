"""The prose reader: a text becomes claims, each with who says it, through whom, and the words it rests on.

Deterministic, with no model: the words it knows are data files in `reading/lexicons`. English is read for
claims; of any other language `mentions` gives the names, numbers and dates, and no claim is made.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from holdfire.reading.format import Context
from holdfire.reading.prose import attribution, front
from holdfire.reading.prose.claims import READ_ZONES, read_claims
from holdfire.reading.prose.language import language_of, languages
from holdfire.reading.prose.mentions import Mention, mentions
from holdfire.reading.prose.tokens import sentences
from holdfire.reading.prose.zones import read_page
from holdfire.records.claim import CLAIM
from holdfire.records.report import Report

__all__ = ["Mention", "Said", "attributions", "language_of", "languages", "mentions", "read"]

VERSION = "prose-2"
"""Changes whenever the same text would give other claims."""


@dataclass(frozen=True, slots=True)
class Said:
    """One voice, its cue and what it says, as spans of the text.

    Attributes:
        source: Of the voice; empty: no one is named.
        cue: Of the words that tell of saying.
        content: Of what is said; may be in pieces.
        stance: What the cue does with its content, a value of Stance.
        rule: The construction it was found by.
        nested: Inside what another voice says, or inside a quotation.
    """

    source: tuple[tuple[int, int], ...]
    cue: tuple[tuple[int, int], ...]
    content: tuple[tuple[int, int], ...]
    stance: str
    rule: str
    nested: bool


def read(text: str, report: Report, context: Context) -> pa.Table:
    """Return the claims of a text, as a CLAIM table in the order of the text.

    Args:
        text: The text as received, front matter included; spans are code points of it.
        report: What was said of it when it came in: its publisher and date of publication above all.
        context: The names, places, sources and time zone of the case.

    Raises:
        BadInput: An HTML text is nested too deep or has too many tags.
    """
    _, start = front.split(text)
    page = read_page(text, start, context.file or report.name)
    if language_of(page.shadow.text, report.language) != "en":
        return CLAIM.empty()
    return read_claims(page, report, context)


def attributions(text: str, name: str = "") -> list[Said]:
    """Return who says what in an English text, in order.

    Args:
        text: The text as received.
        name: Its file name, by whose ending HTML is known.
    """
    _, start = front.split(text)
    page = read_page(text, start, name)
    found: list[Said] = []
    for number, part in enumerate(page.paragraphs):
        if part.zone not in READ_ZONES:
            continue
        for s in sentences(page.shadow.text, part.start, part.end, number, part.zone):
            spoken = attribution.attributions(s)
            for each in spoken:
                at = each.cues[0][0]
                inner = any(i <= at < j for other in spoken if other is not each for i, j in other.content)

                def spans(ranges: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
                    return tuple(page.shadow.span(s.starts[i], s.ends[j - 1]) for i, j in ranges if i < j)  # noqa: B023

                found.append(
                    Said(
                        spans([each.source] if each.source else []), spans(each.cues), spans(each.content),
                        each.cue.stance, each.rule, inner or s.quoted[at],
                    )
                )  # fmt: skip
    return found
