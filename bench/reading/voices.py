"""Whom words take up that name nobody: voices and actors, on short articles of our own, each mention marked.

A link is wrong if it names somebody else than a careful reader would, or anybody where a reader could not
say; a mention left open is no mistake, but no help either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.reading.figures import Figure, bootstrap
from holdfire.digests import digest
from holdfire.engine import Engine
from holdfire.reading.format import Context
from holdfire.reading.prose.actors import Cast
from holdfire.reading.prose.attribution import attributions
from holdfire.reading.prose.chains import Chains
from holdfire.reading.prose.coreference import Coreference
from holdfire.reading.prose.links import Voice
from holdfire.reading.prose.tokens import Sentence, sentences
from holdfire.reading.prose.zones import Page, read_page
from holdfire.records.actor import Names, fold
from holdfire.records.casefile import Gazetteer
from holdfire.records.report import Report

SET = Path(__file__).resolve().parents[2] / "tests" / "reading" / "voices.txt"
NOBODY = "-"

_MARK = re.compile(r"\{([^=}]+)=([^}]+)\}")


@dataclass(frozen=True)
class Marked:
    """A marked mention.

    Attributes:
        start: First code point.
        end: The code point after the last.
        whom: Whom it takes up; "-": nobody can say.
    """

    start: int
    end: int
    whom: str


@dataclass(frozen=True)
class Article:
    """A short article with its marks."""

    name: str
    published: str
    source: str
    text: str
    marks: tuple[Marked, ...]


@dataclass(frozen=True)
class Answer:
    """What the reader made of a mention.

    Attributes:
        words: The mention.
        whom: As marked.
        found: As read; "-": left open.
        rule: Of a voice, by which rule.
    """

    words: str
    whom: str
    found: str
    rule: str

    @property
    def right(self) -> bool:
        """Return whether it is as marked."""
        return self.found == self.whom

    @property
    def wrong(self) -> bool:
        """Return whether it names somebody it does not take up."""
        return self.found not in (self.whom, NOBODY)


def articles(file: Path = SET) -> list[Article]:
    """Return the articles of a file."""
    found = []
    for part in re.split(r"(?m)^== ", file.read_text(encoding="utf-8"))[1:]:
        head, _, body = part.partition("\n")
        name, published, source = head.split()
        text, marks, at = "", [], 0
        body = body.strip()
        for mark in _MARK.finditer(body):
            text += body[at : mark.start()]
            marks.append(Marked(len(text), len(text) + len(mark[1]), mark[2]))
            text += mark[1]
            at = mark.end()
        found.append(Article(name, published, source, text + body[at:], tuple(marks)))
    return found


def answers(article: Article) -> list[Answer]:
    """Return what the reader makes of each mark of an article, outside any case."""
    context = Context(ZoneInfo("UTC"), Names([]), {}, Gazetteer(), Engine(1, 256))
    page = read_page(article.text, 0, "")
    cast = Cast(context, article.published)
    report = Report(
        id=digest(article.text.encode()), source=article.source, format="text", published=article.published
    )
    chains = Chains(cast, report, page.shadow)
    read = [
        s
        for number, part in enumerate(page.paragraphs)
        for s in sentences(page.shadow.text, part.start, part.end, number, part.zone)
    ]
    chains.begin(read)
    out = []
    for s in read:
        voices = chains.voices(s, attributions(s))
        for mark in article.marks:
            if s.start <= mark.start < s.end:
                found, rule = _found(s, page, chains.known, list(voices.values()), mark)
                out.append(Answer(article.text[mark.start : mark.end], mark.whom, found, rule))
    return out


def _key(voice: Voice) -> str:
    return "+".join(sorted(map(fold, voice.text.split(" and ")))) if voice.rule == "pair" else voice.key


def _found(s: Sentence, page: Page, known: Coreference, voices: list[Voice], mark: Marked) -> tuple[str, str]:
    words = page.shadow.text[mark.start : mark.end]
    for voice in voices:
        if voice.span is None or (mark.start, mark.end) != voice.span:
            continue
        itself = not voice.rule and not voice.known and fold(voice.text) == fold(words)
        if voice.rule == "open" or itself:
            return NOBODY, voice.rule
        return _key(voice), voice.rule or "named"
    tokens = [k for k in range(len(s)) if s.starts[k] < mark.end and mark.start < s.ends[k]]
    taken = known.stands(s, (tokens[0], tokens[-1] + 1))
    if taken is not None:
        return _key(taken), taken.rule
    parties = known.cast.who(s, (tokens[0], tokens[-1] + 1))
    ids = sorted({each.removeprefix("~") for party in parties for each in party.ids})
    itself = ids == [fold(words)] or ids == [fold(words).removeprefix("the ")]
    return ("+".join(ids) if ids and not (itself and words[0].islower()) else NOBODY), "role"


def measure(shared: Path) -> Iterator[Figure]:
    """Yield the shares of mentions that are right, wrong and left open."""
    del shared  # the set is the project's own
    read = [answers(article) for article in articles()]
    for name, holds, reach in (
        ("right", lambda a: a.right, ""),
        ("wrong", lambda a: a.wrong, "≤ 0.03"),
        ("left open", lambda a: not a.right and not a.wrong, ""),
    ):

        def part(each: object, holds=holds) -> float:  # type: ignore[no-untyped-def]
            marks = [holds(a) for answered in each for a in answered]  # type: ignore[attr-defined]
            return sum(marks) / max(1, len(marks))

        low, high = bootstrap(read, part)
        count = sum(len(each) for each in read)
        yield Figure(
            f"voices and actors taken up, {name}",
            part(read),
            low,
            high,
            count,
            reach,
            f"{len(read)} articles",
        )
