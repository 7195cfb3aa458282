"""Whom words take up that name nobody: voices and actors, on short articles of our own, each mention marked.

A link is wrong if it names somebody else than a careful reader would, or anybody where a reader could not
say; a mention left open is no mistake, but no help either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.figures import Figure, bootstrap
from holdfire.digests import digest
from holdfire.engine import Engine
from holdfire.reading.format import Context
from holdfire.reading.prose.names.actors import Cast
from holdfire.reading.prose.names.coreference import Coreference
from holdfire.reading.prose.page.zones import Page, read_page
from holdfire.reading.prose.sayings.attribution import attributions
from holdfire.reading.prose.sayings.chains import Chains
from holdfire.reading.prose.sayings.links import Voice
from holdfire.reading.prose.words.tokens import Sentence, sentences
from holdfire.records.actor import Names, fold
from holdfire.records.casefile import Gazetteer
from holdfire.records.report import Report

FOLDER = Path(__file__).resolve().parents[2] / "tests" / "reading"
SETS = {
    "voices.txt": "rules were written beside this set",
    "voices_later.txt": "written after the rules; a first reading had 3 of 51 wrong and 4 open, mended since",
}
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


def articles(*names: str) -> list[Article]:
    """Return the articles of some sets; of all, without a name."""
    found = []
    texts = [(FOLDER / name).read_text(encoding="utf-8") for name in names or SETS]
    for part in (part for text in texts for part in re.split(r"(?m)^== ", text)[1:]):
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
    """Yield the shares of mentions that are right, wrong and left open, with intervals over articles."""
    del shared  # the sets are the project's own
    for name, note in SETS.items():
        read = [answers(article) for article in articles(name)]
        count = sum(map(len, read))
        for what, holds, reach in (
            ("right", _right, ""),
            ("wrong", _wrong, "≤ 0.03"),
            ("left open", _open, ""),
        ):
            low, high = bootstrap(read, holds)
            yield Figure(f"words that take up, {name}, {what}", holds(read), low, high, count, reach, note)


def _share(kept: Iterable[bool]) -> float:
    marks = list(kept)
    return sum(marks) / max(1, len(marks))


def _right(read: Sequence[Sequence[Answer]]) -> float:
    return _share(a.right for each in read for a in each)


def _wrong(read: Sequence[Sequence[Answer]]) -> float:
    return _share(a.wrong for each in read for a in each)


def _open(read: Sequence[Sequence[Answer]]) -> float:
    return _share(not a.right and not a.wrong for each in read for a in each)
