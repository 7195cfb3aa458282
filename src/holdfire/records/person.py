"""Who several list entries are about, without names: ids, and how sure we are that they are one.

A person here is a group of entries of lists. Nothing in it was ever a name, an age or a day, so it may be
kept beside incidents; what its entries say is read again from the vault. Pairs of entries are kept as
`records.link.SAME_AS`.
"""

from __future__ import annotations

from holdfire.tables import INTEGER, TEXT, TEXTS, Column, Schema

PERSON = Schema(
    "person",
    (
        Column("person_id", TEXT, "`p-` and 16 hex digits, of the first entry's id"),
        Column("entries", TEXTS, "ids of the list entries, sorted"),
        Column("lists", TEXTS, "ids of the reports whose lists they stand in, each once, sorted"),
        Column("sources", TEXTS, "ids of the sources that keep these lists, each once, sorted"),
        Column(
            "confidence",
            INTEGER,
            "share of posterior draws in which all entries are one [thousandths]",
            "one entry alone, or no draws were made",
        ),
    ),
    key=("person_id",),
)
