"""Our account of what several claims describe. It drops no claim, and is as wide as they are."""

from __future__ import annotations

from enum import StrEnum

from holdfire.tables import BOOLEAN, INSTANT, INTEGER, NUMBER, TEXT, TEXTS, Column, Schema


class Part(StrEnum):
    """What a claim does in an incident."""

    SUPPORTS = "supports"
    DENIES = "denies"
    ADMITS = "admits"
    PLEADS = "pleads"


HARM = (
    "killed_low",
    "killed_best",
    "killed_high",
    "civilians_low",
    "civilians_high",
    "injured_low",
    "injured_high",
)
"""Columns of deaths and injuries, of a claim and of an incident alike."""

INCIDENT = Schema(
    "incident",
    (
        Column("incident_id", TEXT, "i- and sixteen digits, made from its first claim"),
        Column("event_type", TEXT, "family.kind that its claims share, or family.unspecified"),
        Column(
            "actors", TEXTS, "every actor any claim says acted; undirected: the first side", "no claim says"
        ),
        Column("targets", TEXTS, "every actor any claim says was acted on", "no claim says"),
        Column(
            "actors_text",
            TEXT,
            "as the reports name them, joined by ` / ` where they differ",
            "no claim says",
        ),
        Column("targets_text", TEXT, "as the reports name them", "no claim says"),
        Column("directed", BOOLEAN, "true: some claim says who acted"),
        Column("start", INSTANT, "of its finest claim, or of any that disagrees", "open, or not said"),
        Column("end", INSTANT, "of its finest claim, or of any that disagrees", "open, or not said"),
        Column("time_precision", TEXT, "of its finest claim; range where claims disagree"),
        Column("place", TEXT, "the finest place any claim names", "no claim says"),
        Column("admin1", TEXT, "governorate, where its claims agree", "they differ or are silent"),
        Column("lat", NUMBER, "centre of the finest claim's disc [degrees]", "not located"),
        Column("lon", NUMBER, "centre of the disc [degrees]", "not located"),
        Column("radius", NUMBER, "of the disc, widened to hold every claim that disagrees [m]", "no bound"),
        Column("geo_precision", TEXT, "of its finest claim"),
        Column("killed_low", INTEGER, "the lowest lower figure", "no claim says"),
        Column("killed_best", INTEGER, "median of the best figures, lower one of two", "no claim gives one"),
        Column("killed_high", INTEGER, "the highest upper figure", "no bound"),
        Column("civilians_low", INTEGER, "the lowest lower figure", "no claim says"),
        Column("civilians_high", INTEGER, "the highest upper figure", "no bound"),
        Column("injured_low", INTEGER, "the lowest lower figure", "no claim says"),
        Column("injured_high", INTEGER, "the highest upper figure", "no bound"),
        Column("claims", INTEGER, "how many claims"),
        Column("reports", INTEGER, "how many reports"),
        Column("roots", INTEGER, "how many independent roots support it"),
    ),
    key=("incident_id",),
)

MEMBER = Schema(
    "member",
    (
        Column("incident_id", TEXT, "the incident"),
        Column("claim_id", TEXT, "the claim; each is in exactly one incident"),
        Column("part", TEXT, "Part"),
    ),
    key=("incident_id", "claim_id"),
)

BELONGING = Schema(
    "belonging",
    (
        Column("incident_id", TEXT, "the incident"),
        Column("claim_id", TEXT, "a claim of it that is linked to another; one that stands alone has no row"),
        Column("confidence", INTEGER, "the best of its links to other claims of the incident [thousandths]"),
    ),
    key=("incident_id", "claim_id"),
)
"""Not of the log, which has the links: one that is weighed anew changes this, and not the incident."""
