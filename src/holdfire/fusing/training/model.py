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

from holdfire.fusing.parameters import LEAST_U, Parameters
from holdfire.fusing.profile import Comparison, Profile

if TYPE_CHECKING:
    from splink import Linker
    from splink.internals.splink_dataframe import SplinkDataFrame

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
    from splink.internals import expectation_maximisation

    logger = logging.getLogger("splink")
    before, found = logger.level, expectation_maximisation.compute_proportions_for_new_parameters

    def bounded(df_params: SplinkDataFrame) -> list[dict[str, Any]]:
        """Return what a step of EM found, none of it below what Splink 5.0 takes: at 1e-300 it stops."""
        sides = ("m_probability", "u_probability")
        return [
            {**row, **{side: max(row[side], LEAST_U) for side in sides if isinstance(row[side], float)}}
            for row in found(df_params)
        ]

    logger.setLevel(logging.CRITICAL)
    expectation_maximisation.compute_proportions_for_new_parameters = bounded
    try:
        table = DuckDBAPI(connection=session.connection).register(features, table_name="records")
        yield Linker(table, settings, log_level=None)
    finally:
        logger.setLevel(before)
        expectation_maximisation.compute_proportions_for_new_parameters = found
