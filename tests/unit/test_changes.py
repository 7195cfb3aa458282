"""Where a series stands on its last day, by the rule the module states; and both truces of 2016 in GED."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest

from holdfire.engine import Engine
from holdfire.judging.changes import course
from holdfire.judging.daily import daily
from holdfire.records.change import Change
from holdfire.records.spell import DAILY
from recorded import ged

FIRST = date(2031, 1, 1)


def series(*means_and_days: tuple[float, int], seed: int = 3) -> pa.Table:
    chance = np.random.default_rng(seed)
    means = np.concatenate([np.full(days, mean) for mean, days in means_and_days])
    counts = chance.poisson(chance.gamma(8, means / 8))
    rows = [
        {
            "date": FIRST + timedelta(place),
            "incidents": 0,
            "silent": 0,
            "killed_low": 0,
            "killed_best": int(each) * 1000,
            "killed_high": None,
        }
        for place, each in enumerate(counts)
    ]
    return DAILY.table(rows)


@pytest.mark.parametrize(
    ("days", "state", "since", "beside"),
    [
        ([(40, 50), (8, 30), (40, 50)], "returned", 80, 50),
        ([(40, 50), (5, 30), (20, 60)], "partly", 80, 50),
        ([(40, 50), (8, 30)], "quiet", 50, None),
        ([(10, 50), (40, 50)], "risen", 50, None),
        ([(40, 120), (26, 120)], "fallen", 120, None),
        ([(40, 120)], "steady", None, None),
    ],
)
def test_a_state_is_said_by_its_rule(
    days: list[tuple[float, int]], state: str, since: int | None, beside: int | None
) -> None:
    found = course(series(*days), area="Northmark")
    assert (found.state, found.area) == (state, "Northmark")
    for change, expected in ((found.since, since), (found.beside, beside)):
        assert (change is None) == (expected is None)
        if change is not None and expected is not None:
            assert abs((change.day - FIRST).days - expected) <= 4
            assert change.earliest <= change.day <= change.latest
            assert 50 <= change.chance <= 100


def test_a_change_that_is_not_sure_is_told_of_only_where_a_spell_turns() -> None:
    found = course(series((40, 50), (8, 30), (40, 50)))
    change = found.changes[0]
    unsure = {name: getattr(change, name) for name in Change.__dataclass_fields__} | {"chance": 20}
    assert Change(**unsure).told
    assert not Change(**unsure | {"bounds": False}).told
    assert not Change(**unsure | {"chance": 9}).told


# What people recorded of Syria in 2016.


def government_and_insurgents(row: dict[str, str]) -> bool:
    return row["dyad_new_id"] == "11973"


def without_the_excluded(row: dict[str, str]) -> bool:
    return not any(name in row["dyad_name"] for name in ("IS", "Jabhat Fateh al-Sham"))


TRUCES = [date(2016, 2, 27), date(2016, 4, 1), date(2016, 9, 12), date(2016, 9, 19)]
"""When the two began and, by the record of many, ended; the first has no day on which it broke down."""


@pytest.mark.shared
@pytest.mark.parametrize(("keep", "most"), [(government_and_insurgents, 4), (without_the_excluded, 5)])
def test_both_truces_of_2016_and_few_other_changes(
    shared_data: Path, keep: Callable[[dict[str, str]], bool], most: int
) -> None:
    rows = ged(shared_data, keep)
    span = (date(2016, 2, 1), date(2016, 9, 30))
    found = course(daily(rows, ZoneInfo("Asia/Damascus"), *span, Engine()))
    told = [change for change in found.changes if change.told]
    for truce in TRUCES:
        assert any(abs((change.day - truce).days) <= 4 for change in told), truce
    others = [c for c in told if all(abs((c.day - truce).days) > 4 for truce in TRUCES)]
    assert len(others) <= most
    assert found.state == "returned"


@pytest.mark.shared
def test_in_aleppo_both_truces_are_sure(shared_data: Path) -> None:
    rows = ged(shared_data, lambda row: without_the_excluded(row) and "Aleppo" in row["adm_1"])
    span = (date(2016, 2, 1), date(2016, 9, 30))
    found = course(daily(rows, ZoneInfo("Asia/Damascus"), *span, Engine()), area="Aleppo")
    sure = {change.day: change for change in found.changes if change.chance >= 90}
    for day, late in (
        (date(2016, 2, 27), 4),
        (date(2016, 4, 7), 2),
        (date(2016, 9, 12), 1),
        (date(2016, 9, 19), 1),
    ):
        (change,) = [change for at, change in sure.items() if abs((at - day).days) <= late]
        assert (change.latest - change.earliest).days <= 4
    assert found.since is not None
    assert (found.state, found.since.day) == ("returned", date(2016, 9, 19))
