"""The prose reader: a text becomes claims, each with who says it, through whom, and the words it rests on.

Deterministic, with no model: the words it knows are data files in `reading/lexicons`. English and the
languages of `tongues` are read for claims, a mixed text paragraph by paragraph; of any other language
`mentions` gives the names, numbers and dates, and no claim is made. `languages` says which is which.

    page/      what a text is before it is read      words/    sentences, phrases, numbers
    sayings/   who says what, through whom           names/    whom a phrase names, or takes up
    acts/      what is told, how it stands, when     places/   where, and how wide
    tongues/   Arabic, French, Russian               claims.py every stage in order
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pyarrow as pa

from holdfire.reading.format import Context
from holdfire.reading.prose import tongues
from holdfire.reading.prose.claims import READ_ZONES, read_claims
from holdfire.reading.prose.mentions import Mention, mentions
from holdfire.reading.prose.page import front
from holdfire.reading.prose.page.language import by_language, language_of, languages
from holdfire.reading.prose.page.zones import Page, read_page
from holdfire.reading.prose.sayings import attribution, measuring
from holdfire.reading.prose.sayings.measuring import measured
from holdfire.reading.prose.sayings.said import Said, said
from holdfire.reading.prose.words.tokens import Sentence, sentences
from holdfire.records.claim import CLAIM
from holdfire.records.report import Report

__all__ = [
    "Mention",
    "Said",
    "attributions",
    "dated",
    "language_of",
    "languages",
    "measured",
    "mentions",
    "read",
]

VERSION = "prose-3"
"""Changes whenever the same text would give other claims."""


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
    found = []
    for code, part in by_language(page, report.language):
        if code == "en":
            found.append(read_claims(part, report, context))
        elif code in tongues.TONGUES:
            found.append(tongues.read_claims(code, part, report, context))
    return _in_order(found)


def _in_order(found: list[pa.Table]) -> pa.Table:
    """Return the claims of all languages of a text in the order of the text."""
    if len(found) < 2:
        return found[0] if found else CLAIM.empty()
    rows = [row for table in found for row in table.to_pylist()]
    rows.sort(key=lambda row: (row["spans"][0], row["claim_id"]))
    return CLAIM.table([{**row, "seq": seq} for seq, row in enumerate(rows, 1)])


def dated(text: str, name: str = "") -> date | None:
    """Return the day that a text's own first words give it, as published or filed; None: they give none.

    Args:
        text: The text as received.
        name: Its file name, by whose ending HTML is known.
    """
    _, start = front.split(text)
    return read_page(text, start, name).day


def attributions(text: str, name: str = "", *, precise: bool = False) -> list[Said]:
    """Return who says what in a text, in order; nothing in a language that is not read for claims.

    Args:
        text: The text as received.
        name: Its file name, by whose ending HTML is known.
        precise: Keep only what was found by rules measured to be right often (English; the rules of other
            languages are not measured); see `measuring`.
    """
    _, start = front.split(text)
    page = read_page(text, start, name)
    found: list[Said] = []
    for code, held in by_language(page):
        if code == "en":
            read_ = list(_sentences(page, held))
            given = said(page.shadow, read_, [attribution.attributions(s) for s in read_])
            found += [e for e in given if not precise or measuring.precise(e.rule, e.group)]
        elif code in tongues.TONGUES and not precise:
            lines = list(tongues.lines(code, held))
            found += said(page.shadow, lines, [tongues.attributions(line) for line in lines])
    return sorted(found, key=lambda each: each.cue)


def _sentences(page: Page, held: Page) -> Iterator[Sentence]:
    for number, part in enumerate(held.paragraphs):
        if part.zone in READ_ZONES:
            yield from sentences(page.shadow.text, part.start, part.end, number, part.zone)
