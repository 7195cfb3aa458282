"""How far two people agree: known values, what chance explains, how often the interval holds the truth."""

from __future__ import annotations

import random

import pytest

from holdfire.counting.agreeing import agreement, wilson


def table(both_yes: int, yes_no: int, no_yes: int, both_no: int) -> list[tuple[str, str]]:
    return (
        [("yes", "yes")] * both_yes
        + [("yes", "no")] * yes_no
        + [("no", "yes")] * no_yes
        + [("no", "no")] * both_no
    )


def test_kappa_is_that_of_the_textbook() -> None:
    found = agreement(table(20, 5, 10, 15))
    assert found.kappa is not None
    assert found.raw is not None
    assert found.raw[0] == pytest.approx(0.7)
    assert found.kappa[0] == pytest.approx(0.4)
    assert found.kappa[1] < 0.4 < found.kappa[2]


def test_blind_answers_agree_by_chance_alone() -> None:
    found = agreement(table(25, 25, 25, 25))
    assert found.kappa is not None
    assert found.kappa[0] == pytest.approx(0)


def test_one_answer_everywhere_says_nothing_of_agreement() -> None:
    assert agreement(table(30, 0, 0, 0)).kappa is None
    assert agreement([]).raw is None


def test_full_agreement_on_little_is_not_certainty() -> None:
    few, many = (agreement(table(n, 0, 0, n)).kappa for n in (3, 300))
    assert few is not None
    assert many is not None
    assert few[1] < 0.3
    assert many[1] > 0.95


def test_wilson_is_wilson() -> None:
    assert wilson(0, 10) == pytest.approx((0, 0.2775), abs=1e-4)
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)


@pytest.mark.parametrize(("n", "share", "slip"), [(40, 0.5, 0.1), (60, 0.3, 0.05), (100, 0.2, 0.15)])
def test_the_interval_holds_the_true_kappa_about_as_often_as_it_says(
    n: int, share: float, slip: float
) -> None:
    draw = random.Random(n)
    said = share * (1 - slip) + (1 - share) * slip
    alike = (1 - slip) ** 2 + slip**2
    chance = said**2 + (1 - said) ** 2
    true = (alike - chance) / (1 - chance)
    held, narrow, tries = 0, 0, 1500
    for _ in range(tries):
        found = agreement(_two(draw, share, slip) for _ in range(n)).kappa
        if found is None:
            continue
        held += found[1] <= true <= found[2]
        quarter = (found[2] - found[1]) / 8
        narrow += abs(found[0] - true) <= quarter
    assert 0.92 <= held / tries <= 0.985
    assert narrow / tries < 0.7, "an interval a quarter as wide does not hold it: the count can fail"


def _two(draw: random.Random, share: float, slip: float) -> tuple[str, str]:
    truth = draw.random() < share
    one, other = (truth != (draw.random() < slip) for _ in range(2))
    return str(one), str(other)
