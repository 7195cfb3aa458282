"""One entry of a list of the dead, as the list gives it.

Its table holds names. It lives in memory and nowhere else: it is read anew from the vault's bytes when it is
needed, and no table of it, nor of anything made of a name, is written to a disk (docs/decisions/0021). What
may be kept are ids: an entry's is made of its report's, which is a salted commitment, and of its row.
"""

from __future__ import annotations

from enum import StrEnum

from holdfire.digests import Digest, digest
from holdfire.tables import DATE, INTEGER, TEXT, Column, Schema


class Sex(StrEnum):
    """What a list says of someone's sex."""

    FEMALE = "female"
    MALE = "male"


class Status(StrEnum):
    """What a list says someone was; `unknown` is a list's own word, null is its silence."""

    CIVILIAN = "civilian"
    COMBATANT = "combatant"
    UNKNOWN = "unknown"


NAMES = ("name", "name_other", "given", "father", "grandfather", "family")
"""Columns that hold names."""

DEATH = Schema(
    "death",
    (
        Column("entry_id", TEXT, "`e-` and 16 hex digits, of the report's id and the row"),
        Column("report", TEXT, "id of the report the list came in"),
        Column("source", TEXT, "id of the source that keeps the list"),
        Column("row", INTEGER, "number of the record in its report, from 1, header not counted"),
        Column("own_id", TEXT, "the list's own id of the entry; may be that of a person", "it gives none"),
        Column("name", TEXT, "full name as written", "the list gives its parts, or none"),
        Column("name_other", TEXT, "the same name in a second script or spelling", "none is given"),
        Column("given", TEXT, "given name", "not said as a part"),
        Column("father", TEXT, "father's given name", "not said as a part"),
        Column("grandfather", TEXT, "grandfather's given name", "not said as a part"),
        Column("family", TEXT, "family name", "not said as a part"),
        Column("sex", TEXT, "female or male", "not said"),
        Column("age_low", INTEGER, "least age at death [completed years]", "no age is said"),
        Column("age_high", INTEGER, "greatest age at death [completed years]", "no age, or no limit"),
        Column("born_first", DATE, "first day on which the person may be born", "not said"),
        Column("born_last", DATE, "last such day, included", "not said"),
        Column("died_first", DATE, "first local day on which the person may have died", "not said"),
        Column("died_last", DATE, "last such day, included", "not said"),
        Column("place", TEXT, "place of death as written", "not said"),
        Column("admin1", TEXT, "governorate, by the id of the case's gazetteer or as written", "not said"),
        Column("status", TEXT, "civilian, combatant or unknown, as the list says", "the list does not say"),
    ),
    key=("report", "row"),
)


def entry_id(report: Digest, row: int) -> str:
    """Return the id of an entry. The report's id is salted, so it names nobody.

    >>> entry_id("0" * 64, 1)
    'e-021f8672d5f3519c'
    """
    return f"e-{digest(f'{report} {row}'.encode())[:16]}"
