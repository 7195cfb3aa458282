"""Levels and quiet spells: by hand, and in the record of Syria in 2016."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest

from holdfire.engine import Engine
from holdfire.errors import HoldfireError
from holdfire.judging import cutting
from holdfire.judging.changes import course
from holdfire.judging.cutting import cut
from holdfire.judging.daily import daily
from holdfire.judging.trend import explained, levels, spells, stretches
from holdfire.records.change import Effort, Seeing
from holdfire.records.spell import DAILY, Level
from recorded import recorded

FIRST = date(2016, 1, 1)
DAMASCUS = ZoneInfo("Asia/Damascus")


def series(deaths: list[float], incidents: list[int] | None = None) -> pa.Table:
    rows = [
        {
            "date": FIRST + timedelta(place),
            "incidents": 1000 * (incidents[place] if incidents else 3),
            "silent": 0,
            "killed_low": 0,
            "killed_best": round(each * 1000),
            "killed_high": None,
        }
        for place, each in enumerate(deaths)
    ]
    return DAILY.table(rows)


def wavy(mean: float, days: int) -> list[float]:
    """Return days that scatter about a mean, always the same way."""
    pattern = [1.0, 1.5, 0.5, 1.7, 0.3, 1.2, 0.8]
    return [mean * pattern[place % 7] for place in range(days)]


def test_a_fall_and_a_rise_are_found_to_the_day() -> None:
    found = levels(series(wavy(50, 42) + wavy(10, 35) + wavy(50, 42)))
    assert [(level.start - FIRST).days for level in found] == [0, 42, 77]
    assert [round(level.per_day) for level in found] == [50, 10, 50]
    (spell,) = spells(found)
    assert (spell.start, spell.end) == (FIRST + timedelta(42), FIRST + timedelta(76))
    assert (spell.days, round(spell.per_day), round(spell.ratio, 1)) == (35, 10, 0.2)
    assert spell.returned == FIRST + timedelta(77)


def test_a_week_of_quiet_in_a_long_level_is_a_spell() -> None:
    found = levels(series(wavy(50, 98) + wavy(8, 7) + wavy(50, 98)))
    assert [(level.start - FIRST).days for level in found] == [0, 98, 105]
    assert len(spells(found)) == 1


def test_a_series_of_one_level_is_one_level() -> None:
    (level,) = levels(series(wavy(50, 200)))
    assert (level.days, level.total, level.empty) == (200, sum(round(v * 1000) for v in wavy(50, 200)), 0)
    assert spells([level]) == []


@pytest.mark.parametrize("days", [0, 1, 4, 9, 10, 11])
def test_short_and_empty_series_have_one_level_or_none(days: int) -> None:
    assert len(levels(series([0.0] * days))) == min(days, 1)
    assert len(levels(series(wavy(50, days)))) == min(days, 1)


def test_levels_hold_every_day_once_and_all_that_was_counted() -> None:
    deaths = wavy(50, 42) + [0.0] * 9 + wavy(50, 42)
    found = levels(series(deaths))
    assert [level.start for level in found[1:]] == [level.end + timedelta(1) for level in found[:-1]]
    assert sum(level.days for level in found) == len(deaths)
    assert sum(level.total for level in found) == sum(round(each * 1000) for each in deaths)
    assert [level.empty for level in found] == [0, 9, 0]
    assert spells(found)[0].empty == 9


def test_one_terrible_day_is_no_level_and_hides_no_truce() -> None:
    deaths = wavy(50, 42) + wavy(10, 35) + wavy(50, 42)
    quiet = [(level.start, level.end) for level in levels(series(deaths))]
    deaths[20], deaths[60] = 1400.0, 300.0
    assert [(level.start, level.end) for level in levels(series(deaths))] == quiet


def exhaustive(counts: np.ndarray[Any, Any], price: float) -> float:
    """Return the least cost over every way to cut, by trying them all."""
    kept = cutting.held(counts)
    cost = cutting._Cost(kept, cutting.dispersion(kept))
    each = price * math.log(len(counts))

    def least(start: int) -> float:
        if start == len(counts):
            return 0.0
        ends = range(start + cutting.SHORTEST, len(counts) + 1)
        tried = [float(cost.between(np.array([start]), end)[0]) + each + least(end) for end in ends]
        return min(tried, default=math.inf)

    return least(0)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("price", [0.0, 0.3, 2.0])
def test_no_other_way_to_cut_costs_less(seed: int, price: float) -> None:
    chance = np.random.default_rng(seed)
    counts = chance.poisson(chance.choice([2, 20, 60], 5).repeat(5)).astype(float)
    cuts = cut(counts, price)
    kept = cutting.held(counts)
    cost = cutting._Cost(kept, cutting.dispersion(kept))
    ends = [*cuts[1:], len(counts)]
    mine = sum(
        float(cost.between(np.array([start]), end)[0]) + price * math.log(len(counts))
        for start, end in zip(cuts, ends, strict=True)
    )
    assert all(end - start >= cutting.SHORTEST for start, end in zip(cuts, ends, strict=True))
    assert mine == pytest.approx(exhaustive(counts, price), abs=1e-6)


def run_of(*means: float) -> list[Level]:
    """Return levels of ten days with these means."""
    return [
        Level(
            start=FIRST + timedelta(10 * place),
            end=FIRST + timedelta(10 * place + 9),
            total=round(mean * 10_000),
            empty=0,
        )
        for place, mean in enumerate(means)
    ]


@pytest.mark.parametrize(
    ("means", "expected"),
    [
        ((50, 10, 50), [(1, 1)]),
        ((50, 10, 12, 50), [(1, 2)]),  # one spell of two levels
        ((50, 30, 50), [(1, 1)]),  # sixty in a hundred is still quiet
        ((50, 31, 50), []),
        ((10, 50, 10), [(2, 2)]),  # the start has no before; the end is quiet so far
        ((50, 10, 15), [(1, 2)]),  # no return worth the name: quiet so far, both
        ((50, 40, 35, 20), [(3, 3)]),  # only the last falls by two fifths at once
        ((50, 10, 50, 5, 50), [(1, 1), (3, 3)]),
        ((100, 50, 10, 50, 100), [(2, 2)]),  # the deepest of nested runs
        ((60, 10, 30, 8), [(1, 1), (3, 3)]),  # a return that was found is not hidden by quiet so far
        ((50, 0, 50), [(1, 1)]),
        ((0, 0, 0), []),
        ((50,), []),
        ((), []),
    ],
)
def test_which_runs_are_spells(means: tuple[float, ...], expected: list[tuple[int, int]]) -> None:
    found = spells(run_of(*means))
    assert [((s.start - FIRST).days // 10, (s.end - FIRST).days // 10) for s in found] == expected


def test_a_spell_without_a_return_says_so() -> None:
    (spell,) = spells(run_of(50, 10))
    assert (spell.after, spell.returned, spell.ratio) == (None, None, 0.2)


def test_the_bulletin_is_given_each_stretch_with_both_means() -> None:
    table = series(wavy(50, 42) + wavy(10, 35) + wavy(50, 42), [7] * 42 + [2] * 35 + [6] * 42)
    shown = stretches(table)
    assert [each.kind for each in shown] == ["level", "quiet", "return"]
    assert [round(each.deaths_per_day) for each in shown] == [50, 10, 50]
    assert [each.incidents_per_day for each in shown] == [7, 2, 6]
    assert {each.basis for each in shown} == {"deaths"}
    assert [each.kind for each in stretches(table, "incidents")] == ["level", "quiet", "return"]


def test_a_spell_of_two_levels_is_shown_as_one_stretch() -> None:
    deaths = wavy(80, 42) + wavy(20, 42) + wavy(4, 42) + wavy(80, 42)
    assert len(levels(series(deaths))) == 4
    assert [each.kind for each in stretches(series(deaths))] == ["level", "quiet", "return"]
    assert [(each.start - FIRST).days for each in stretches(series(deaths))] == [0, 42, 126]


def test_a_spell_that_effort_explains_is_no_quiet_and_what_follows_no_return() -> None:
    table = series(wavy(50, 42) + wavy(10, 35) + wavy(50, 42))
    shown = stretches(table)
    changes = course(table).changes
    assert explained(shown, changes) == shown
    gap = replace(changes[1], seeing=Seeing(effort=Effort.EXPLAINS))
    for found in ((gap,), (changes[0], gap)):
        assert [each.kind for each in explained(shown, found)] == ["level", "unseen", "level"]


def test_a_series_with_a_hole_is_refused() -> None:
    with pytest.raises(HoldfireError, match="no number on 30 days"):
        levels(series(wavy(50, 30)), "killed_high")
    with pytest.raises(HoldfireError, match="not a count for each of the days"):
        levels(pa.concat_tables([series(wavy(50, 30)).slice(0, 10), series(wavy(50, 30)).slice(11)]))


# What people recorded of Syria in 2016.


@pytest.fixture(scope="module")
def ged(shared_data: Path) -> Callable[[Callable[[dict[str, str]], bool]], pa.Table]:
    path = shared_data / "events" / "ucdp_ged_syria" / "ged_syria_2016_2019.csv.gz"
    return lambda keep: recorded(path, keep, "date_start", "date_end", "best")


def government_and_insurgents(row: dict[str, str]) -> bool:
    return row["dyad_new_id"] == "11973"


def without_the_excluded(row: dict[str, str]) -> bool:
    return not any(name in row["dyad_name"] for name in ("IS", "Jabhat Fateh al-Sham"))


TO_SEPTEMBER = (date(2016, 2, 1), date(2016, 9, 30))
SPANS = [TO_SEPTEMBER, (date(2016, 1, 1), date(2016, 12, 31)), (date(2016, 1, 1), date(2019, 11, 30))]


@pytest.mark.shared
@pytest.mark.parametrize("span", SPANS, ids=["to September", "one year", "four years"])
@pytest.mark.parametrize("keep", [government_and_insurgents, without_the_excluded])
def test_both_truces_of_2016_are_found_in_the_deaths_alone(
    ged: Callable[..., pa.Table], keep: Callable[[dict[str, str]], bool], span: tuple[date, date]
) -> None:
    found = spells(levels(daily(ged(keep), DAMASCUS, *span, Engine())))
    spring = [s for s in found if abs((s.start - date(2016, 2, 27)).days) <= 4]
    autumn = [s for s in found if s.start in (date(2016, 9, 12), date(2016, 9, 13))]
    assert len(spring) == len(autumn) == 1
    assert abs((spring[0].end - date(2016, 3, 31)).days) <= 2
    assert autumn[0].returned is not None
    assert date(2016, 9, 18) <= autumn[0].returned <= date(2016, 9, 19)
    for spell in (*spring, *autumn):
        assert spell.ratio < 0.51
        assert spell.empty == 0
        assert spell.after is not None


@pytest.mark.shared
def test_few_other_changes_are_found_and_a_gap_in_the_record_says_so(ged: Callable[..., pa.Table]) -> None:
    shown = stretches(daily(ged(government_and_insurgents), DAMASCUS, *TO_SEPTEMBER, Engine()))
    truces = [date(2016, 3, 1), date(2016, 4, 2), date(2016, 9, 13), date(2016, 9, 18)]
    others = [each.start for each in shown[1:] if each.start not in truces]
    assert set(truces) <= {each.start for each in shown}
    assert len(others) <= 4
    # From 20 to 26 May the record is all but empty, five days of seven wholly so.
    gap = next(each for each in shown if each.start == date(2016, 5, 20))
    assert (gap.end, gap.kind, gap.empty) == (date(2016, 5, 26), "quiet", 5)


@pytest.mark.shared
def test_it_works_on_all_deaths_and_on_airwars_incidents(
    ged: Callable[..., pa.Table], shared_data: Path
) -> None:
    everything = levels(daily(ged(lambda row: True), DAMASCUS, *SPANS[1], Engine()))
    assert date(2016, 3, 1) in [level.start for level in everything]
    assert len(everything) <= 8
    path = shared_data / "events" / "airwars_syria" / "airwars_syria_incidents.csv.gz"
    airwars = recorded(path, lambda row: True, "date", "date_end", "")
    found = levels(daily(airwars, DAMASCUS, *TO_SEPTEMBER, Engine()), "incidents")
    falls = [
        (one.per_day, other.per_day)
        for one, other in pairwise(found)
        if abs((other.start - date(2016, 2, 27)).days) <= 4
    ]
    assert falls
    assert falls[0][1] < falls[0][0] / 2
