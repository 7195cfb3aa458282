"""Who speaks, and whose side they are on. Reliability belongs to the source, credibility to the claim."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Affiliation(StrEnum):
    """Where a source stands."""

    PARTY = "party"
    SPONSOR = "sponsor"
    NEUTRAL = "neutral"
    CIVIL_SOCIETY = "civil_society"
    MEDIA = "media"


class Reliability(StrEnum):
    """How far a source has proved reliable: the Admiralty letters (NATO AJP-2.1, annex on evaluation).

    F is "cannot be judged", not "bad".
    """

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"


class Repeats(StrEnum):
    """Whether two records of one source may be about the same thing.

    DISTINCT: never. MOSTLY: seldom, so it takes more evidence than between two sources. REPEATS: as readily
    as records of two sources.
    """

    DISTINCT = "distinct"
    MOSTLY = "mostly"
    REPEATS = "repeats"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Someone who says things.

    Attributes:
        id: Short name used in files.
        name: By language.
        affiliation: Where it stands.
        actor: The actor it speaks for; empty: none.
        reliability: F until someone has judged it.
        repeats: Whether its own records may be about one thing.
        basis: Why it is graded and placed so.
        aliases: Other names under which texts quote it.
    """

    id: str
    name: dict[str, str]
    affiliation: Affiliation
    actor: str = ""
    reliability: Reliability = Reliability.F
    repeats: Repeats = Repeats.REPEATS
    basis: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def interested(self) -> bool:
        """Return whether it is, or speaks for, a party or a sponsor."""
        return self.affiliation in (Affiliation.PARTY, Affiliation.SPONSOR)
