"""Numbers of the dead that stand each by itself: quoted from elsewhere, or made of the case's own lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Words = Mapping[str, str]
"""A text by language code, such as {"en": ..., "ar": ...}."""
Ends = tuple[int, int, int]
"""Lower end, middle and upper end [people]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Toll:
    """One toll quoted whole. Tolls of different populations are never added or set on one line.

    Attributes:
        kind: What sort of number it is.
        low: Deaths, at least; None: it gives no lower figure.
        best: Deaths, its own figure; None: it gives none.
        high: Deaths, at most; None: it gives no upper figure.
        who: Who counts, by language.
        population: Whose deaths, by language.
        place: Where, by language.
        start: First day of its window, as written; empty: not said.
        end: Last day, as written; empty: not said.
        cite: Where it was read.
        claims: Claims it rests on, if it was read from a report of the case.
    """

    kind: Literal["documented", "reported_range", "external_estimate", "modelled"]
    low: int | None
    best: int | None
    high: int | None
    who: Words
    population: Words
    place: Words = field(default_factory=dict)
    start: str = ""
    end: str = ""
    cite: str = ""
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One list, as it was counted.

    Attributes:
        source: Who keeps it, a source id.
        lists: How many lists it was made of.
        people: People on it [people].
        who: Whom it counts, in its keepers' words; empty: not written down.
        where: Of what area, in their words.
        when: Of what time, in their words.
    """

    source: str
    lists: int
    people: int
    who: str = ""
    where: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attested:
    """What someone who knows the lists says of them.

    Attributes:
        what: `closed` or `alike`.
        by: Who.
        at: When, as written.
        reason: Why, by language.
    """

    what: Literal["closed", "alike"]
    by: str
    at: str
    reason: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCount:
    """How many died as far as the lists of the case say, signed by a person.

    Attributes:
        by: Who signed it.
        made: When, as written.
        lists: What it was made of.
        documented: People on any list, over drawn linkages.
        called: Whom of those on the lists it counts, by what lists call them; empty: everyone.
        first: First day of death counted, as written; empty: not asked.
        last: Last such day, included.
        left_out: Who is not counted: what was asked, why, and how many people.
        imputed: The same in strata, after labels that were missing were drawn; None: they were not.
        unnamed: Entries that name no one, in no number.
        estimated: In all; None: there is no number.
        level: Per cent of draws that its interval holds.
        outside: Documented people who are not in the estimated number.
        models: Least and greatest end of the intervals of the methods; None: there is none.
        ranged: Whether the ends of `estimated` are those of all models, and of no one interval.
        refused: Why there is no number, by language.
        conditions: What the number rests on that nobody attested, by language.
        attested: What someone did.
        draws: How many linkages were drawn.
    """

    by: str
    made: str
    lists: tuple[Kept, ...]
    documented: Ends
    called: tuple[str, ...] = ()
    first: str = ""
    last: str = ""
    left_out: tuple[tuple[str, str, int], ...] = ()
    imputed: Ends | None = None
    unnamed: int = 0
    estimated: Ends | None = None
    level: int = 95
    outside: int = 0
    models: tuple[int, int] | None = None
    ranged: bool = False
    refused: tuple[Words, ...] = ()
    conditions: tuple[Words, ...] = ()
    attested: tuple[Attested, ...] = ()
    draws: int = 1

    @property
    def scope(self) -> tuple[str, str, str] | None:
        """Return who, where and when all its lists count; None: they do not say the same, or nothing.

        Some of the people of lists are not those that their keepers' words mean: of them nobody said it.
        """
        if self.called or self.first or self.last:
            return None
        said = {tuple(_plain(part) for part in (each.who, each.where, each.when)) for each in self.lists}
        if len(said) != 1:
            return None
        who, where, when = next(iter(said))
        return (who, where, when) if who else None

    def alike(self, toll: Toll) -> bool:
        """Return whether a toll is of the same people, place and time: only then one axis may hold both."""
        if self.scope is None:
            return False
        who, where, when = self.scope
        windows = {_plain(f"{toll.start}{between}{toll.end}") for between in ("/", " to ", " – ", " - ")}
        return (
            who in {_plain(words) for words in toll.population.values()}
            and where in ({_plain(words) for words in toll.place.values()} or {""})
            and when in (windows if toll.start or toll.end else {""})
        )


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
