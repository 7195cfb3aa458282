"""The page on profiles names every field, its example weighs pairs, and its figures are those of the code."""

from __future__ import annotations

import re
from typing import Any

import pyarrow as pa
import pytest
import sqlglot

from holdfire.engine import Engine
from holdfire.fusing.comparing.blocking import USUAL
from holdfire.fusing.comparing.scoring import pairs, weighing
from holdfire.fusing.parameters import BORROWED, Odds, Parameters, Trained, compared, read_parameters
from holdfire.fusing.profile import Comparison, Level, Profile, Rule, read_profile


@pytest.fixture(scope="module")
def page(root: Any) -> str:
    return str((root / "docs/look-up/profiles.md").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def example(page: str) -> Profile:
    return read_profile(re.search(r"```yaml\n(.*?)```", page, re.S)[1])  # type: ignore[index]


def test_every_field_is_named(page: str) -> None:
    named = set(re.findall(r"`([a-z]+)`", page))
    for model in (Profile, Comparison, Level, Rule, Parameters, Odds, Trained):
        assert set(model.model_fields) <= named, model


def test_figures_are_those_of_the_code(page: str) -> None:
    assert f"more than {USUAL.block} records" in page
    assert f"meets {USUAL.near} on either side" in page
    assert f"at least {BORROWED}" in page
    assert f"(N + {BORROWED}) / (n + {BORROWED} share)" in page


def _even(profile: Profile) -> Parameters:
    """Return parameters of the example: the best levels tell most."""
    levels = {}
    for each in profile.comparisons:
        told = [level for level in each.levels if not level.silent]
        m = [2.0 ** -(k + 1) for k in range(len(told) - 1)]
        shares = {level.name: share for level, share in zip(told, [*m, 1 - sum(m)], strict=True)}
        u = dict(zip(shares, reversed(list(shares.values())), strict=True))
        levels[each.name] = [
            Odds(level=level.name, m=shares.get(level.name), u=u.get(level.name)) for level in each.levels
        ]
    return Parameters(
        profile=profile.name,
        compared=compared(profile),
        partners=1,
        shares=dict.fromkeys(profile.terms, 0.1),
        levels=levels,
        trained=Trained(on="nothing", how="by hand", records=0, pairs=0),
    )


def test_example_weighs_pairs_as_the_page_says(example: Profile) -> None:
    rows = [
        {"town": "hill", "day": 1, "minutes": 10, "words": ["siren"]},
        {"town": "hill", "day": 1, "minutes": 12, "words": ["siren", "dawn"]},
        {"town": None, "day": 2, "minutes": None, "words": ["siren"]},  # by word and next day: silent else
        {"town": "vale", "day": 9, "minutes": 5, "words": None},
    ]
    records = [{"record": k, "source": k, "apart": False, **row} for k, row in enumerate(rows)]
    parameters = read_parameters(_even(example).text(), example)
    with Engine(1, 256).session() as session:
        session.give("features", pa.Table.from_pylist(records))
        found = pairs(session, example, parameters, -(10**9)).pairs.to_pylist()
    assert [(pair["a"], pair["b"]) for pair in found] == [(0, 1), (0, 2), (1, 2)]
    assert found[0]["weight"] > found[1]["weight"] == found[2]["weight"]


def test_statement_of_the_example_is_one_that_spark_reads(example: Profile) -> None:
    sql = weighing("met", example, _even(example), -10_000, 0)
    spark = sqlglot.transpile(sql, read="duckdb", write="spark")[0]
    assert sqlglot.parse_one(spark, read="spark")
    assert "levenshtein" in spark.lower()
    assert "size(array_intersect(" in spark.lower()


def test_what_the_page_warns_of_does_not_reach_spark() -> None:
    spark = sqlglot.transpile("list_has_any(a, b) AND len(c) = 0", read="duckdb", write="spark")[0]
    assert "&&" in spark
    assert "LENGTH(c)" in spark  # of a text, where the length of a list is meant


def test_quotients_of_negative_numbers_round_as_the_page_says() -> None:
    assert Engine(1, 64).sql("SELECT -1 // 8 AS n")["n"].to_pylist() == [0]
