"""Every name of a place in a text, wherever it stands and whatever it stands for."""

from __future__ import annotations

from dataclasses import dataclass

from holdfire.reading.format import Context
from holdfire.reading.prose.names.actors import Cast
from holdfire.reading.prose.page.front import split
from holdfire.reading.prose.page.zones import Page, read_page
from holdfire.reading.prose.places.toponyms import named_places, of_atlas, of_case, survey
from holdfire.reading.prose.places.widening import Where
from holdfire.reading.prose.words.tokens import Sentence, sentences


@dataclass(frozen=True, slots=True)
class Toponym:
    """A name of a place in a text, wherever it stands: a government's too.

    Attributes:
        span: [start, end) code points of the text as received.
        text: As the text has it.
        id: Of the place; empty: it cannot be told which.
        lat: Its centre [degrees]; None: not placed.
        lon: Its centre [degrees].
        radius: Of its disc [m].
        level: Of the place.
    """

    span: tuple[int, int]
    text: str
    id: str
    lat: float | None
    lon: float | None
    radius: float | None
    level: str


def toponyms(text: str, context: Context, name: str = "") -> list[Toponym]:
    """Return every name of a place in a text of any language, in order, without judging what it stands for.

    Args:
        text: The text as received.
        context: The names and places of the case.
        name: Its file name, by whose ending HTML is known.

    Raises:
        BadInput: An HTML text is nested too deep or has too many tags.
    """
    page = read_page(text, split(text)[1], name)
    cast = Cast(context, "")
    read = [
        s
        for number, part in enumerate(page.paragraphs)
        if part.zone != "furniture"
        for s in sentences(page.shadow.text, part.start, part.end, number, part.zone)
    ]
    survey(cast, read)
    found: list[Toponym] = []
    for s in read:
        for match in cast.matches(s):
            if "place" in match.kinds:
                where = of_case(s, match, context.gazetteer)
                found.append(_toponym(page, s, match.start, match.end, where))
        names = named_places(s, cast)
        found += [_toponym(page, s, each.start, each.end, of_atlas(s, each, cast)) for each in names]
    return sorted(found, key=lambda each: each.span)


def _toponym(page: Page, s: Sentence, i: int, j: int, where: Where) -> Toponym:
    span = page.shadow.span(s.starts[i], s.ends[j - 1])
    return Toponym(span, s.text(i, j), where.id, where.lat, where.lon, where.radius, where.level)
