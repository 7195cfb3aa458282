"""A run of incidents between the same parties, in one area, none long after another. It merges none of them.

An incident is in one episode at most. One whose parties, time or place are not known well enough is in none,
and so is one that stands alone: an episode holds two incidents or more.
"""

from __future__ import annotations

from holdfire.tables import INSTANT, INTEGER, TEXT, TEXTS, Column, Schema

EPISODE = Schema(
    "episode",
    (
        Column("episode_id", TEXT, "ep- and sixteen digits, made from the id of its first incident by id"),
        Column("incidents", INTEGER, "how many incidents"),
        Column("parties", TEXTS, "every actor that any of its incidents names, on either side"),
        Column("areas", TEXTS, "governorates of its incidents", "of none of them is one known"),
        Column("start", INSTANT, "where its earliest incident may begin"),
        Column("end", INSTANT, "where its latest incident may end"),
        Column("killed_low", INTEGER, "sum of what its incidents say at least", "none of them says"),
        Column("killed_high", INTEGER, "sum of what they say at most", "one of them has no bound"),
        Column("silent", INTEGER, "incidents of which no claim says how many were killed"),
    ),
    key=("episode_id",),
)

EPISODE_MEMBER = Schema(
    "episode_member",
    (
        Column("episode_id", TEXT, "the episode"),
        Column("incident_id", TEXT, "the incident; each is in one episode at most"),
    ),
    key=("episode_id", "incident_id"),
)
