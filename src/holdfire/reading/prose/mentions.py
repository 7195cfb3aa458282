"""Names, places, dates and numbers in a text of any language: what can be found without reading it.

A text in a language that is not read for claims still says who and where it speaks of; a person who reads it
is told where to look. Nothing here says that anything happened.
"""

from __future__ import annotations

from dataclasses import dataclass

from holdfire.reading.format import Context
from holdfire.reading.prose.acts.dates import dates
from holdfire.reading.prose.names.actors import Cast
from holdfire.reading.prose.page import front
from holdfire.reading.prose.page.language import language_of
from holdfire.reading.prose.page.zones import Page, read_page
from holdfire.reading.prose.places.toponyms import named_places
from holdfire.reading.prose.words.amounts import amounts
from holdfire.reading.prose.words.tokens import Sentence, sentences
from holdfire.reading.time.days import anchor
from holdfire.records.report import Report
from holdfire.times import Interval


@dataclass(frozen=True, slots=True)
class Mention:
    """A name, a date or a number in a text.

    Attributes:
        kind: actor, place, source, date or number.
        span: [start, end) code points of the text as received.
        value: Actor id, or the folded name, or the number; of a date its words.
        when: Of a date, what it names; None: no date, or it cannot be said.
    """

    kind: str
    span: tuple[int, int]
    value: str
    when: Interval | None = None


def mentions(text: str, report: Report, context: Context) -> list[Mention]:
    """Return the names, dates and numbers of a text, in order.

    Args:
        text: The text as received, front matter included.
        report: What was said of it when it came in.
        context: The names, places, sources and time zone of the case.

    Raises:
        BadInput: An HTML text is nested too deep or has too many tags.
    """
    page = read_page(text, front.split(text)[1], context.file or report.name)
    published = report.published or page.published
    cast = Cast(context, published)
    where = anchor(published, context.zone)
    code = language_of(page.shadow.text)  # by its words: a note may be wrong, and nothing is claimed
    found: list[Mention] = []
    for number, part in enumerate(page.paragraphs):
        if part.zone == "furniture":
            continue
        for s in sentences(page.shadow.text, part.start, part.end, number, part.zone):
            held = dates(s, where, code)
            taken = {k for when in held for k in range(when.start, when.end)}
            found += [
                Mention("date", _span(page, s, w.start, w.end), s.text(w.start, w.end), w.interval)
                for w in held
            ]
            found += [
                Mention("number", _span(page, s, a.start, a.end), str(a.value)) for a in amounts(s, taken)
            ]
            found += _names(page, s, cast)
    return sorted(found, key=lambda each: (each.span, each.kind))


def _names(page: Page, s: Sentence, cast: Cast) -> list[Mention]:
    found = []
    for match in cast.matches(s):
        span = _span(page, s, match.start, match.end)
        for kind in sorted(match.kinds):
            known = cast.meant(match) if kind == "actor" else None
            found.append(Mention(kind, span, known or match.key))
    places = (Mention("place", _span(page, s, n.start, n.end), n.key) for n in named_places(s, cast))
    return [*found, *places]


def _span(page: Page, s: Sentence, i: int, j: int) -> tuple[int, int]:
    return page.shadow.span(s.starts[i], s.ends[j - 1])
