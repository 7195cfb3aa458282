"""One link of a chain: who says something, in which words, and why we hold that they do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from holdfire.records.actor import UNDESCRIBED, fold

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Voice:
    """Someone who says something.

    Attributes:
        text: As the text names them; of a word that takes up another, what it stands for.
        known: Source id, or actor id; empty: neither is known.
        source: Source id; empty: not a source of the case.
        named: Whether a name is given. Unnamed officials are not.
        span: Of the words here, in the text as received; None: not in it.
        cues: Spans of the cue; empty: none.
        implicit: Carried over from a sentence before.
        rule: By which rule the words were taken for someone named elsewhere; empty: they name them.
        holder: Full name of who held the office named, by the day; empty: no office.
        paper: It is a plan or an agreement that speaks for its makers, and not they themselves.
    """

    text: str
    known: str = ""
    source: str = ""
    named: bool = False
    span: Span | None = None
    cues: tuple[Span, ...] = ()
    implicit: bool = False
    rule: str = ""
    holder: str = ""
    paper: bool = False

    @property
    def key(self) -> str:
        """Return who they are, for comparing: a source, an actor, or the words that name them."""
        return self.source or self.known.removeprefix(UNDESCRIBED) or name_of(self.text)

    def link(self) -> dict[str, Any]:
        """Return the row of records.claim.LINK."""
        return {
            "source": self.known or None,
            "text": self.text,
            "span": list(self.span) if self.span else None,
            "cues": [list(cue) for cue in self.cues],
            "implicit": self.implicit,
        }


_ARTICLES = ("the", "a", "an")
_RANKS = (
    "mr",
    "mrs",
    "ms",
    "dr",
    "gen",
    "general",
    "col",
    "colonel",
    "lt",
    "maj",
    "major",
    "capt",
    "captain",
    "prof",
)
_OWNED = re.compile("['’]s? ")
_WRAPPED = (
    "report",
    "article",
    "story",
    "newspaper",
    "study",
    "survey",
    "statement",
    "news agency",
    "agency",
)


@lru_cache(maxsize=8192)
def name_of(text: str) -> str:
    """Return the name inside the words of a voice: without an article or the paper it stands in.

    >>> name_of("the Northern Herald report"), name_of("The Northern Herald's")
    ('northern herald', 'northern herald')
    """
    name = fold(_OWNED.sub(" ", f"{text} "))
    for before in (*_ARTICLES, *_RANKS):
        name = name.removeprefix(f"{before} ")
    for last in _WRAPPED:
        bare = name.removesuffix(f" {last}")
        if bare != name and not bare.endswith(("latest", "new")):
            return bare
    return name
