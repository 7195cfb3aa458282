"""What a text can be compared by without its words: hashes of its runs of five words, and of its spellings.

Two reports with many runs in common are one text; a spelling that only two of them share is a slip that one
took from the other. Nothing here can be read back as words.
"""

from __future__ import annotations

import pyarrow as pa

from holdfire.tables import INSTANT, INTEGER, TEXT, Column, Schema

SHINGLED = Schema(
    "shingled text",
    (
        Column("report", TEXT, "digest of the report"),
        Column("source", TEXT, "source id of the publisher"),
        Column("wire", TEXT, "the agency it credits", "none"),
        Column("start", INSTANT, "it was published at or after this", "not said"),
        Column("shingles", pa.list_(INTEGER), "hash of each run of five words of the body, in order"),
        Column("begins", pa.list_(INTEGER), "first code point of each run in the text as received"),
        Column("spellings", pa.list_(INTEGER), "hash of each distinct capitalised word, smallest first"),
        Column(
            "near",
            pa.list_(pa.list_(INTEGER)),
            "for each spelling, the hashes of it with one inner letter left out: near spellings share one",
        ),
    ),
    key=("report",),
)

LINEAGE = Schema(
    "lineage",
    (
        Column("report", TEXT, "digest of the report that rests on another"),
        Column("original", TEXT, "digest of the report it rests on"),
        Column("whole", pa.bool_(), "all of it does; false: only the claims whose words stand there too"),
        Column("shared", INTEGER, "runs of five words that both hold"),
        Column("runs", INTEGER, "runs of five words of the report, boilerplate left out"),
        Column("slips", INTEGER, "rare spellings that both hold and no careful text would"),
    ),
    key=("report", "original"),
)
