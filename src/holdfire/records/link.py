"""That two records are about one thing: how sure that is, who decided it, and what people said of it.

A person's judgement is a line of JSON in `hand/links.jsonl`, added and never edited. It names each side by
its report and by the row, or the words, it was read from, so that it holds when a better reader gives the
claim another id. It holds no word of any text and no name of anyone. What a person said last of a pair is
what they say; where two persons differ, or what people say of several pairs cannot all be true, it is shown
and joins or parts nothing until one of them says otherwise. The form follows the judgements of nomenklatura
(OpenSanctions): positive, negative, unsure, never inferred.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, NamedTuple

from pydantic import Field, model_validator

from holdfire.documents import Document, lines
from holdfire.tables import INTEGER, TEXT, Column, Schema

CERTAIN = 1000
"""Confidence of a link that a person made [thousandths]; of one that a person parted it is 0."""

BAND = (200, 800)
"""Least and greatest confidence of a pair that might go either way [thousandths]."""

SAME_AS = Schema(
    "same_as",
    (
        Column("one", TEXT, "claim id, or id of an entry of a list; one < other"),
        Column("other", TEXT, "of the same kind of record"),
        Column("confidence", INTEGER, "how surely they are about one thing [thousandths]"),
        Column("weight", INTEGER, "log2 of the odds that they are [millibits]", "no rule compared them"),
        Column("by", TEXT, "who decided: a person, or the digest of the parameters that weighed the pair"),
        Column("at", TEXT, "when a person said so, ISO 8601 in UTC", "the run that found it"),
    ),
    key=("one", "other"),
)
"""Pairs that are, or may be, about one thing: every pair that was weighed above the floor, or judged."""


class Said(StrEnum):
    """What a person finds of a pair."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


class Linked(StrEnum):
    """What kind of record is linked."""

    INCIDENT = "incident"
    PERSON = "person"


Side = Annotated[str, Field(pattern=r"^[0-9a-f]{64}(#\d+|@\d+-\d+/[a-z_.]*(~\d+)?)$")]
"""A record by where it stands: REPORT#ROW, or REPORT@START-END/TYPE of the words that tell of the event.

Where several claims of one type rest on the same words, ~2 is the second of them.
"""

_HINT = "say otherwise with `holdfire review links`; lines are added, never edited"

_WORDS = re.compile(r"([0-9a-f]{64})@(\d+)-(\d+)/([a-z_.]*)(?:~(\d+))?")


def row_side(report: str, seq: int) -> str:
    """Return the name of a row of a dataset or of a list."""
    return f"{report}#{seq}"


def words_side(report: str, trigger: tuple[int, int], event_type: str, nth: int = 1) -> str:
    """Return the name of a claim that was read from words: where those that tell of the event stand."""
    return f"{report}@{trigger[0]}-{trigger[1]}/{event_type}" + (f"~{nth}" if nth > 1 else "")


class Words(NamedTuple):
    """What the name of a claim of a text says."""

    report: str
    trigger: tuple[int, int]
    event_type: str
    nth: int


def words_of(side: str) -> Words | None:
    """Return what the name of a claim of a text says; None: it names a row."""
    found = _WORDS.fullmatch(side)
    if found is None:
        return None
    return Words(found[1], (int(found[2]), int(found[3])), found[4], int(found[5] or 1))


class Judgement(Document):
    """What one person said of one pair.

    Attributes:
        at: When, ISO 8601 in UTC.
        by: Who.
        kind: What kind of record the two are.
        one: The side whose name comes first.
        other: The other side.
        said: What was found.
        why: In words that name no person; empty: not said.
    """

    at: str
    by: str = Field(min_length=1)
    kind: Linked = Linked.INCIDENT
    one: Side
    other: Side
    said: Said
    why: Annotated[str, Field(max_length=200)] = ""

    @model_validator(mode="after")
    def _ordered(self) -> Judgement:
        if self.one >= self.other:
            raise ValueError("`one` comes before `other`, and they are two")
        return self

    @property
    def line(self) -> str:
        """Return the line of the file."""
        given = {k: v for k, v in self.model_dump(mode="json").items() if v}
        return json.dumps(given, ensure_ascii=False) + "\n"


def judgements(text: str, file: str) -> tuple[Judgement, ...]:
    """Return the judgements of a file, in order.

    Raises:
        HoldfireError: Every line that is none, with its number.
    """
    return lines(Judgement, text, file, "judgement of a link", _HINT)


Pair = tuple[str, str]
"""Two names of records, the smaller first."""


class Decided(NamedTuple):
    """What people decided of a pair, and who did so last, and when."""

    said: Said
    by: str
    at: str


@dataclass(frozen=True)
class Settled:
    """What judgements come to.

    Attributes:
        decided: Pairs that those who judged them, the unsure left out, agree on; never `unsure`.
        disputed: Pairs of which one person says same and another different.
        contradicted: Pairs that were decided and cannot all be so: A is B, B is C, and A is not C.
        unsure: Pairs of which nobody says more than that they are unsure.
    """

    decided: Mapping[Pair, Decided]
    disputed: tuple[Pair, ...] = ()
    contradicted: tuple[Pair, ...] = ()
    unsure: tuple[Pair, ...] = ()

    def pairs(self, said: Said) -> tuple[Pair, ...]:
        """Return the pairs that were decided so, in order: what must be one, or cannot be."""
        return tuple(sorted(pair for pair, each in self.decided.items() if each.said is said))


def latest(listed: Iterable[Judgement]) -> dict[tuple[str, str, str], Judgement]:
    """Return what each person said last of each pair, by (one, other, by)."""
    return {(each.one, each.other, each.by): each for each in listed}


def settle(listed: Iterable[Judgement], name: Callable[[str], str | None] = lambda side: side) -> Settled:
    """Return what judgements, in order of the file, come to.

    Args:
        listed: Judgements of one kind.
        name: Returns the id of the record that a side names; None: there is none any more, and judgements of
            it are left out.
    """
    said: dict[Pair, dict[str, Decided]] = {}
    for each in listed:
        ends = name(each.one), name(each.other)
        if ends[0] is None or ends[1] is None or ends[0] == ends[1]:
            continue
        pair = (min(ends[0], ends[1]), max(ends[0], ends[1]))
        said.setdefault(pair, {})[each.by] = Decided(each.said, each.by, each.at)
    decided: dict[Pair, Decided] = {}
    disputed, unsure = [], []
    for pair, by in sorted(said.items()):
        sure = [each for each in by.values() if each.said is not Said.UNSURE]
        if len({each.said for each in sure}) > 1:
            disputed.append(pair)
        elif sure:
            decided[pair] = max(sure, key=lambda each: (each.at, each.by))
        else:
            unsure.append(pair)
    against = _contradicted(decided)
    kept = {pair: each for pair, each in decided.items() if pair not in against}
    return Settled(kept, tuple(disputed), tuple(sorted(against)), tuple(unsure))


def _contradicted(decided: Mapping[Pair, Decided]) -> set[Pair]:
    """Return the pairs on each chain of `same` between two that are `different`, and the `different` one.

    The shortest chain is set aside first, then what still contradicts, so that as little as need be is.
    """
    near: dict[str, set[str]] = {}
    for (a, b), each in decided.items():
        if each.said is Said.SAME:
            near.setdefault(a, set()).add(b)
            near.setdefault(b, set()).add(a)
    against: set[Pair] = set()
    for pair in sorted(pair for pair, each in decided.items() if each.said is Said.DIFFERENT):
        while chain := _chain(near, *pair):
            against.add(pair)
            for a, b in chain:
                against.add((min(a, b), max(a, b)))
                near[a].discard(b)
                near[b].discard(a)
    return against


def _chain(near: Mapping[str, set[str]], start: str, end: str) -> list[tuple[str, str]]:
    """Return the steps of a shortest way from one record to another, the same one each time; else none."""
    before: dict[str, str] = {start: start}
    waiting = deque([start])
    while waiting and end not in before:
        at = waiting.popleft()
        for each in sorted(near.get(at, ())):
            if each not in before:
                before[each] = at
                waiting.append(each)
    if end not in before:
        return []
    steps, at = [], end
    while at != start:
        steps.append((before[at], at))
        at = before[at]
    return steps
