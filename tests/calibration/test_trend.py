"""How often the trend finds a change where there is none, and a dip where there is one.

Series are drawn from a negative binomial, seeded: `k` is its dispersion (records of deaths in Syria have
3 to 5, of incidents 5 to 8), `mean` the level. A dip is found if a quiet spell begins and ends within the
days given of where it was put. Rates are printed; HOLDFIRE_SIMULATIONS sets how many series each (100).
The control is the same search at no price for a cut: it must see changes everywhere.
"""

from __future__ import annotations

import os
from datetime import date, timedelta

import numpy as np
import pytest

from holdfire.judging.cutting import SHORTEST, cut
from holdfire.judging.trend import levels, spells
from holdfire.records.spell import DAILY

RUNS = int(os.environ.get("HOLDFIRE_SIMULATIONS", "100"))
FIRST = date(2016, 1, 1)


def drawn(means: np.ndarray, k: float, chance: np.random.Generator) -> np.ndarray:  # type: ignore[type-arg]
    return chance.poisson(chance.gamma(k, means / k)).astype(float)


def said(capsys: pytest.CaptureFixture[str], text: str) -> None:
    with capsys.disabled():
        print(f"\n{text} ({RUNS} series)", end="")


@pytest.mark.parametrize(("days", "mean", "k"), [(243, 45, 4), (243, 45, 2), (243, 4, 8), (120, 20, 4)])
def test_a_flat_series_seldom_has_a_change(
    capsys: pytest.CaptureFixture[str], days: int, mean: float, k: float
) -> None:
    chance = np.random.default_rng(2016)
    alarms = sum(len(cut(drawn(np.full(days, mean), k, chance))) > 1 for _ in range(RUNS))
    said(capsys, f"flat, {days} days of {mean}, k {k}: a change in {alarms / RUNS:.0%}")
    # One in twenty is what we promise; three standard errors above it is what chance explains.
    assert alarms / RUNS <= 0.05 + 3 * (0.05 * 0.95 / RUNS) ** 0.5 + 0.03


def test_the_control_without_a_price_sees_changes_everywhere(capsys: pytest.CaptureFixture[str]) -> None:
    chance = np.random.default_rng(2016)
    alarms = sum(len(cut(drawn(np.full(243, 45.0), 4, chance), price=0)) > 1 for _ in range(RUNS))
    said(capsys, f"flat, no price: a change in {alarms / RUNS:.0%}")
    assert alarms / RUNS > 0.95


@pytest.mark.parametrize(
    ("length", "part", "mean", "k", "near", "least"),
    [
        (30, 1 / 3, 45, 4, 4, 0.88),
        (30, 1 / 3, 45, 2, 4, 0.70),
        (30, 1 / 3, 6, 8, 4, 0.80),
        (6, 1 / 4, 45, 4, 2, 0.65),
        (6, 1 / 4, 45, 8, 2, 0.92),
    ],
)
def test_a_dip_is_found_where_it_is(
    capsys: pytest.CaptureFixture[str],
    length: int,
    part: float,
    mean: float,
    k: float,
    near: int,
    least: float,
) -> None:
    chance = np.random.default_rng(1983)
    means = np.full(243, float(mean))
    means[120 : 120 + length] *= part
    found = sum(has_spell(drawn(means, k, chance), 120, 120 + length, near) for _ in range(RUNS))
    said(
        capsys,
        f"{length} days at {part:.2f} of {mean}, k {k}: found within {near} days in {found / RUNS:.0%}",
    )
    assert found / RUNS >= least


def has_spell(counts: np.ndarray, start: int, after: int, near: int) -> bool:  # type: ignore[type-arg]
    rows = [
        {
            "date": FIRST + timedelta(day),
            "killed_best": int(1000 * each),
            "incidents": 0,
            "silent": 0,
            "killed_low": 0,
        }
        for day, each in enumerate(counts)
    ]
    return any(
        abs((spell.start - FIRST).days - start) <= near
        and spell.returned is not None
        and abs((spell.returned - FIRST).days - after) <= near
        for spell in spells(levels(DAILY.table(rows)))
    )


def test_days_that_hang_together_a_little_seldom_make_a_spell(capsys: pytest.CaptureFixture[str]) -> None:
    """Bad days come in rows. The search takes days as independent, so this is where it is weakest."""
    chance = np.random.default_rng(2016)
    rates = []
    for kept in (0.1, 0.3):
        found = 0
        for _ in range(RUNS):
            strength = chance.gamma(4, 45 / 4, 243)
            for day in range(1, 243):  # one day in ten is as strong as the day before
                if chance.random() < kept:
                    strength[day] = strength[day - 1]
            found += has_spell(chance.poisson(strength).astype(float), 120, 120, 243)
        rates.append(found / RUNS)
    said(capsys, f"flat, days correlated 0.1 and 0.3: a spell in {rates[0]:.0%} and {rates[1]:.0%}")
    assert rates[0] <= 0.12
    assert rates[1] > rates[0], "the weakness is known; if it is gone, say so in the decision"


def test_three_days_of_quiet_are_not_called_a_level() -> None:
    chance = np.random.default_rng(7)
    means = np.full(243, 45.0)
    means[120:123] *= 0.1
    for _ in range(20):
        cuts = cut(drawn(means, 4, chance))
        assert all(after - start >= SHORTEST for start, after in zip(cuts, [*cuts[1:], 243], strict=True))
