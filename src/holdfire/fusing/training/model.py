"""A profile as a model of Splink, which trains it and draws its charts.

Splink is loaded here and in learning.py only, and only when asked: to weigh pairs takes
none of it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from holdfire.fusing.parameters import Parameters
from holdfire.fusing.profile import Comparison, Profile

if TYPE_CHECKING:
    from splink import Linker

    from holdfire.engine import Session


def model(profile: Profile, parameters: Parameters | None = None) -> dict[str, Any]:
    """Return the settings of Splink that compare as the profile does, without its term frequencies.

    Args:
        profile: What is compared.
        parameters: m and u of each level; None: Splink's own first guesses, to train from.
    """
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "record",
        "retain_matching_columns": False,
        "comparisons": [_comparison(each, parameters) for each in profile.comparisons],
    }


def _comparison(comparison: Comparison, parameters: Parameters | None) -> dict[str, Any]:
    levels: list[dict[str, Any]] = []
    for number, level in enumerate(comparison.levels):
        said: dict[str, Any] = {"sql_condition": level.when or "ELSE", "label_for_charts": level.name}
        if level.silent:
            said["is_null_level"] = True
        elif parameters:
            odds = parameters.levels[comparison.name][number]
            said |= {"m_probability": odds.m, "u_probability": odds.u}
        levels.append(said)
    return {
        "output_column_name": comparison.name,
        "comparison_description": comparison.says,
        "comparison_levels": levels,
    }


def side(condition: str, profile: Profile) -> str:
    """Return a condition over `day_l` and `day_r` as one over `l.day` and `r.day`, as Splink joins.

    >>> from holdfire.fusing.profile import read_profile
    >>> text = "{name: x, says: x, columns: {day: DATE}, comparisons: [{name: day, says: x, levels: "
    >>> text += "[{name: a, when: day_l = day_r}, {name: b}]}], training: [day], "
    >>> text += "blocking: [{name: x, keys: [day], order: [day]}]}"
    >>> side("day_l = day_r", read_profile(text))
    'l.day = r.day'
    """
    names = "|".join(map(re.escape, profile.columns))
    return re.sub(rf"\b({names})_([lr])\b", r"\2.\1", condition)


@contextmanager
def linker(session: Session, settings: dict[str, Any], features: str = "features") -> Iterator[Linker]:
    """Give a linker of Splink over a table of features, silent while it is held."""
    from splink import DuckDBAPI, Linker

    logger = logging.getLogger("splink")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        table = DuckDBAPI(connection=session.connection).register(features, table_name="records")
        yield Linker(table, settings, log_level=None)
    finally:
        logger.setLevel(before)
