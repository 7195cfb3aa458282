"""What the agreement says about one incident, and why.

Three axes are kept apart: did it happen (occurrence), who did it (attribution), does the agreement bind
it (coverage). The verdict is derived from them by a numbered rule. Values are those of WORDS.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from holdfire.tables import BOOLEAN, INTEGER, TEXT, TEXTS, Column, Schema


class Strength(StrEnum):
    """How strong the evidence is: the words of the UN board of inquiry (S/2020/278), strongest first."""

    HIGHLY_PROBABLE = "highly_probable"
    PROBABLE = "probable"
    PLAUSIBLE = "plausible"
    UNKNOWN = "unknown"


class Coverage(StrEnum):
    """Whether the agreement binds the act. Dyadic: perpetrator and target are each tested."""

    COVERED = "covered"
    EXCLUDED_GROUP = "excluded_group"
    NOT_A_PARTY = "not_a_party"
    OUTSIDE_WINDOW = "outside_window"
    OUTSIDE_AREA = "outside_area"
    PERMITTED_ACT = "permitted_act"
    UNDETERMINED = "undetermined"


class Verdict(StrEnum):
    """What follows from the axes. `breach` is used for a published verdict only."""

    BREACH = "breach"
    NOT_COVERED = "not_covered"
    DISPUTED = "disputed"
    INSUFFICIENT_EVIDENCE = "insufficient_evidence"
    PERMITTED_CONDUCT = "permitted_conduct"
    REFUTED = "refuted"


class Status(StrEnum):
    """Where the work on a determination stands."""

    RECEIVED = "received"
    UNDER_REVIEW = "under_review"
    VERIFIED = "verified"
    SUSPENDED = "suspended"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class Asked(StrEnum):
    """The coverage questions, in the order they are asked."""

    WINDOW = "window"
    AREA = "area"
    ACT = "act"
    PERPETRATOR = "perpetrator"
    TARGET = "target"
    EXCLUDED = "excluded"
    SELF_DEFENCE = "self_defence"
    EXCEPTION = "exception"


DETERMINATION = Schema(
    "determination",
    (
        Column("determination_id", TEXT, "d- and sixteen digits, made from incident and agreement"),
        Column("incident_id", TEXT, "the incident it speaks of"),
        Column("occurrence", BOOLEAN, "did it happen", "unclear"),
        Column("occurrence_strength", TEXT, "Strength"),
        Column("attribution", TEXTS, "candidate actors", "no claim says who"),
        Column("attribution_strength", TEXT, "Strength"),
        Column("attribution_contested", BOOLEAN, "claims of comparable strength name other actors"),
        Column("window", BOOLEAN, "was it in the window", "unclear"),
        Column("area", BOOLEAN, "was it in the area", "unclear"),
        Column("act", BOOLEAN, "was it a prohibited act", "unclear"),
        Column("perpetrator", BOOLEAN, "was the perpetrator bound", "unclear"),
        Column("target", BOOLEAN, "was the target bound, or protected", "unclear"),
        Column("excluded", BOOLEAN, "was an excluded group present, by evidence of its own", "unclear"),
        Column("self_defence", BOOLEAN, "is it claimed as self-defence or proportionate response", "unclear"),
        Column("exception", BOOLEAN, "does another clause permit it", "unclear"),
        Column("coverage", TEXT, "Coverage"),
        Column("verdict", TEXT, "Verdict"),
        Column("rule", TEXT, "the rule it follows from, R1 to R6"),
        Column("term", TEXT, "the term whose answer decided", "no term speaks of such an act"),
        Column("clauses", TEXTS, "clauses the answers rest on, in the order asked; empty text: none"),
        Column("change", TEXT, "key of the one fact that would change this verdict"),
        Column("denials", INTEGER, "claims that deny it"),
        Column("admissions", INTEGER, "claims by the perpetrator that admit it"),
        Column("occurrence_probability", INTEGER, "that it happened [thousandths]", "not weighed"),
        Column(
            "attribution_probability", INTEGER, "that these did it, if it happened [thousandths]", "no set"
        ),
        Column("killed_least", INTEGER, "low end of the 90 % interval of deaths", "no claim says"),
        Column("killed_most", INTEGER, "high end of that interval", "no bound"),
        Column("grades", TEXTS, "claim:B2, its source's letter and its own number, by claim", "not weighed"),
        Column("overruled", TEXTS, "what people overruled in this finding", "nothing"),
    ),
    key=("determination_id",),
)

PROBABILITIES = ("occurrence_probability", "attribution_probability")

MOVED = 20
"""From this on a probability has moved [thousandths]; by less it is what it was.

What any one report says moves what each source was borne out in, and so every probability a little; made
worlds cannot tell 1 or 2 in 100 apart (docs/decisions/0034-when-a-probability-has-moved.md).
"""


def moved(old: int | None, new: int | None) -> bool:
    """Return whether a probability is not what it was [thousandths]; None: there was or is none.

    >>> moved(930, 949), moved(930, 950), moved(None, 930), moved(None, None)
    (False, True, True, False)
    """
    return old != new if old is None or new is None else abs(old - new) >= MOVED


def says_the_same(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Return whether of two determinations nothing differs but probabilities that have not moved."""
    same = all(old.get(k) == new.get(k) for k in old.keys() | new.keys() if k not in PROBABILITIES)
    return same and not any(moved(old.get(k), new.get(k)) for k in PROBABILITIES)
