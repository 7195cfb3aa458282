"""The features of names of places that the profile `place` compares: ASCII text and whole numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from holdfire.fusing.places.naming import place_forms, place_head, place_keys
from holdfire.fusing.spelling import Forms

METRES = 111_195
"""Metres in a degree of a great circle, on a sphere of 6,371 km."""


def features(names: pa.Table, source: npt.ArrayLike, apart: npt.ArrayLike) -> pa.Table:
    """Return the features of names of places, in their order.

    Args:
        names: Columns name and name_other (as written, in any script), admin1 (as written), lat and lon
            [degrees], radius [m]; each but `name` may be left out or silent.
        source: Code of the source of each (n).
        apart: Whether the names of that source are distinct places (n).

    Returns:
        Columns record, source, apart and those of profiles/place.yaml; `north` and `east` are metres from the
        equator and along the place's own parallel, good for places within some tens of kilometres.
    """
    count = len(names)
    written = [_text(names, column) for column in ("name", "name_other")]
    forms = [_both(*each) for each in zip(*written, strict=True)]
    heads = [[text and place_head(text) for text in column] for column in written]
    first = [_both(*each) for each in zip(*heads, strict=True)]
    north, east, radius = _metres(names)
    return pa.table(
        {
            "record": pa.array(np.arange(count), pa.int64()),
            "source": pa.array(source, pa.int32()),
            "apart": pa.array(apart, pa.bool_()),
            "name": pa.array([_run(either, "bones") for either, _, _ in first], pa.string()),
            "words": pa.array([_words(either) for either, _, _ in forms], pa.list_(pa.string())),
            "sound": pa.array([_run(latin, "sound") for _, latin, _ in first], pa.string()),
            "arabic": pa.array([_run(arabic, "letters") for _, _, arabic in first], pa.string()),
            "admin1": place_keys(pa.array(_text(names, "admin1"), pa.string())),
            "north": north,
            "east": east,
            "radius": radius,
        }
    )


def _text(names: pa.Table, column: str) -> list[str | None]:
    if column not in names.column_names:
        return [None] * len(names)
    found: list[str | None] = names[column].to_pylist()
    return found


def _both(name: str | None, other: str | None) -> tuple[list[Forms], list[Forms], list[Forms]]:
    """Return the words of the name that says more of its consonants, of the Latin, and of the Arabic one."""
    latin: list[Forms] = []
    arabic: list[Forms] = []
    for text in (name, other):
        found = place_forms(text) if text else []
        if found and all(each.letters.islower() for each in found):
            latin = latin or found
        else:
            arabic = arabic or found
    return arabic or latin, latin, arabic


def _run(words: Sequence[Forms], form: str) -> str | None:
    """Return a form of all words, run together; None: there is nothing."""
    return "".join(getattr(each, form) for each in words) or None


def _words(words: Sequence[Forms]) -> list[str]:
    return list(dict.fromkeys(each.bones for each in words if each.bones))


def _metres(names: pa.Table) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Return where each place lies and how well that is known [m]; silent where it is not."""
    lat, lon, radius = (_number(names, column) for column in ("lat", "lon", "radius"))
    known = ~(np.isnan(lat) | np.isnan(lon))
    north = np.where(known, lat * METRES, 0).round().astype(np.int64)
    east = (
        np.where(known, lon * METRES * np.cos(np.radians(np.where(known, lat, 0))), 0)
        .round()
        .astype(np.int64)
    )
    wide = np.nan_to_num(radius, nan=0.0).round().astype(np.int32)
    return pa.array(north, mask=~known), pa.array(east, mask=~known), pa.array(wide)


def _number(names: pa.Table, column: str) -> npt.NDArray[np.float64]:
    if column not in names.column_names:
        return np.full(len(names), np.nan)
    return np.asarray(names[column].to_numpy(zero_copy_only=False), np.float64)
