"""The features of list entries that the profile `person` compares: ASCII text and whole numbers only.

Each part of a name has a `key` (the common name it is, else its bones), `bones` and `others`, and for given
and family name the exact letters in either script. Where an entry has its name in two scripts, Arabic letters
say what the bones are, for they are written in one way. A birthday is eight digits; an age is a range, made
of birth and death where the list gives none; a death has the first and last day it may have been, and, where
that is one day, an `event`: the place and the day, which are one piece of evidence and not two.

No column is text that was written: still, bones of a name point to a name, so the table lives in memory only.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from holdfire.fusing.people.parts import PARTS, Parts, take_apart, take_words
from holdfire.fusing.places.naming import place_keys
from holdfire.fusing.spelling import Forms

Numbers = npt.NDArray[np.int64]

SAID_APART = ("given", "father", "grandfather", "family")
"""Parts that a list may give in columns of their own."""

_PLAIN = (
    ("father", "key"),
    ("father", "bones"),
    ("grandfather", "key"),
    ("grandfather", "bones"),
    ("kunya", "key"),
)
_FULL = ("given", "family")


def features(entries: pa.Table, source: npt.ArrayLike, apart: npt.ArrayLike) -> pa.Table:
    """Return the features of list entries, in the order of the entries.

    Args:
        entries: Table with columns of records.death.DEATH; those that are not there are taken as silent.
        source: Code of the source of each (n).
        apart: Whether the entries of that source are distinct persons (n).

    Returns:
        Columns record, source, apart and those of profiles/person.yaml.
    """
    count = len(entries)
    names = _names(entries)
    born, died = _days(entries, "born_first", "born_last"), _days(entries, "died_first", "died_last")
    low, high = _ages(entries, born, died)
    place, admin1 = place_keys(_text(entries, "place")), place_keys(_text(entries, "admin1"))
    return pa.table(
        {
            "record": pa.array(np.arange(count), pa.int64()),
            "source": pa.array(source, pa.int32()),
            "apart": pa.array(apart, pa.bool_()),
            **names,
            "sex": pc.utf8_slice_codeunits(_text(entries, "sex"), 0, 1),
            "birth": _birthday(*born),
            "age_low": low,
            "age_high": high,
            "died_low": died[0],
            "died_high": died[1],
            "place": place,
            "admin1": admin1,
            "event": _event(place, *died),
        }
    )


def _text(entries: pa.Table, name: str) -> pa.Array:
    """Return a column of text; silence where it is not there."""
    if name not in entries.column_names:
        return pa.nulls(len(entries), pa.string())
    return pa.chunked_array(entries[name]).cast(pa.string()).combine_chunks()


def _names(entries: pa.Table) -> dict[str, pa.Array]:
    """Return the columns of names."""
    found = [_said_apart(entries)]
    for name in ("name", "name_other"):
        written = _text(entries, name)
        if written.null_count < len(written):
            found.append(take_apart(written))
    both = [each for each in found if each is not None] or [take_apart(_text(entries, "name"))]
    arabic, latin, either = _by_script(both)
    columns = {}
    for part in _FULL:
        columns[part] = either.column(part, "key")
        columns[f"{part}_bones"] = either.column(part, "bones")
        columns[f"{part}_others"] = _others(either, latin, part)
        columns[f"{part}_ar"] = arabic.column(part, "letters")
        columns[f"{part}_la"] = latin.column(part, "sound")
    for part, form in _PLAIN:
        columns[part if form == "key" else f"{part}_{form}"] = either.column(part, form)
    return {name: _named(columns, name) for name in columns}


def _others(either: Parts, latin: Parts, part: str) -> pa.Array:
    """Return the other bones of a part: of its Latin letters where they differ, as a slip makes them."""
    bones, spelled = either.column(part, "bones"), latin.column(part, "bones")
    differ = pc.fill_null(pc.not_equal(bones, spelled), False)
    return pc.if_else(differ, spelled, either.column(part, "others"))


def _named(columns: dict[str, pa.Array], name: str) -> pa.Array:
    """Return a column of a part, silent where the part is an initial, which names nobody."""
    part = name.split("_", maxsplit=1)[0]
    return pc.if_else(pc.is_valid(columns[part]), columns[name], pa.scalar(None, pa.string()))


def _said_apart(entries: pa.Table) -> Parts | None:
    """Return the parts of names that lists give in columns of their own; None: none does."""
    texts = {part: _text(entries, part) for part in SAID_APART}
    texts = {part: text for part, text in texts.items() if text.null_count < len(text)}
    if not texts:
        return None
    codes = np.full((len(entries), len(PARTS)), -1, np.int64)
    words: list[Forms] = []
    keys: list[str] = []
    for part, text in texts.items():
        found = take_words(text)
        codes[:, PARTS.index(part)] = np.where(found.codes[:, 0] >= 0, found.codes[:, 0] + len(words), -1)
        words += found.words
        keys += found.keys
    return Parts(codes, words, keys)


def _by_script(found: Sequence[Parts]) -> tuple[Parts, Parts, Parts]:
    """Return the first parts in Arabic letters, the first in Latin ones, and the better of the two.

    That is the Arabic, whose bones are written in one way, unless only the Latin one is a common name.
    """
    words = [word for each in found for word in each.words]
    keys = [key for each in found for key in each.keys]
    arabic = np.array([not word.letters.islower() for word in words] + [False])
    first = {True: np.full_like(found[0].codes, -1), False: np.full_like(found[0].codes, -1)}
    shift = 0
    for each in found:
        codes = np.where(each.codes >= 0, each.codes + shift, -1)
        for script, kept in first.items():
            fits = (codes >= 0) & (arabic[codes] == script) & (kept < 0)
            kept[fits] = codes[fits]
        shift += len(each.words)
    common = np.array([bool(key) and not key.startswith(".") for key in keys] + [False])
    latin = (first[False] >= 0) & ((first[True] < 0) | (common[first[False]] & ~common[first[True]]))
    either = np.where(latin, first[False], first[True])
    return Parts(first[True], words, keys), Parts(first[False], words, keys), Parts(either, words, keys)


def _days(entries: pa.Table, first: str, last: str) -> tuple[pa.Array, pa.Array]:
    """Return the first and last day as days since 1970, each silent where either is."""
    ends = []
    for name in (first, last):
        if name in entries.column_names:
            ends.append(entries[name].cast(pa.date32()).cast(pa.int32()).combine_chunks())
        else:
            ends.append(pa.nulls(len(entries), pa.int32()))
    known = pc.and_(pc.is_valid(ends[0]), pc.is_valid(ends[1]))
    none = pa.scalar(None, pa.int32())
    return pc.if_else(known, ends[0], none), pc.if_else(known, ends[1], none)


def _birthday(first: pa.Array, last: pa.Array) -> pa.Array:
    """Return the day of birth as eight digits, year first; silent where it is not one day."""
    return _digits(pc.if_else(pc.equal(first, last), first, pa.scalar(None, pa.int32())))


def _digits(day: pa.Array) -> pa.Array:
    """Return days as eight digits, each distinct day written once."""
    coded = day.dictionary_encode()
    written = pc.strftime(coded.dictionary.cast(pa.date32()), format="%Y%m%d")
    return written.take(coded.indices)


def _event(place: pa.Array, first: pa.Array, last: pa.Array) -> pa.Array:
    """Return place and day of a death as one text; silent where either is not known."""
    day = pc.if_else(pc.equal(first, last), first, pa.scalar(None, pa.int32())).cast(pa.string())
    return pc.binary_join_element_wise(place, day, "|")


def _ages(
    entries: pa.Table, born: tuple[pa.Array, pa.Array], died: tuple[pa.Array, pa.Array]
) -> tuple[pa.Array, pa.Array]:
    """Return least and greatest age in completed years: as said, else as birth and death allow."""
    said = [
        entries[name].cast(pa.int32()).combine_chunks()
        if name in entries.column_names
        else pa.nulls(len(entries), pa.int32())
        for name in ("age_low", "age_high")
    ]
    low = pc.coalesce(said[0], _years(born[1], died[0]))
    high = pc.coalesce(said[1], _years(born[0], died[1]))
    # One end alone says a range that is open on one side: 120 years is the longest life on record, about.
    known = pc.or_(pc.is_valid(low), pc.is_valid(high))
    none = pa.scalar(None, pa.int32())
    return pc.if_else(known, pc.fill_null(low, 0), none), pc.if_else(known, pc.fill_null(high, 120), none)


def _years(born: pa.Array, died: pa.Array) -> pa.Array:
    """Return completed years between two days; silent where they are none."""
    days = pc.subtract(died, born)
    years = pc.divide(pc.multiply(days.cast(pa.int64()), 4), 1461).cast(pa.int32())
    return pc.if_else(pc.less(days, 0), pa.scalar(None, pa.int32()), years)
