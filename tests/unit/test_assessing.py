"""What a table allows to be said: refusals give no number, methods that fall give none of theirs."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from holdfire.counting.assessing import RANGE_OF_MODELS, Attestation, assess, mixed
from holdfire.counting.estimate import Estimate, Reason
from holdfire.counting.loglinear import LogLinear
from holdfire.counting.overlaps import Overlaps
from holdfire.counting.refusing import of_draws

GOOD = {1: 100, 2: 80, 3: 20, 4: 60, 5: 9, 6: 8, 7: 4}
FOUR = {**GOOD, 8: 70, 9: 9, 10: 8, 12: 9}
KNOWN = Attestation(closed=True, alike=True, by="an office")


@dataclass(frozen=True)
class Says:
    """Says one number, or that it must not be used."""

    name: str
    total: float
    falls: bool = False
    least_lists: int = 3
    most_lists: int = 64

    def estimate(self, overlaps: Overlaps, seed: int) -> Estimate:
        draws = self.total * np.exp(0.05 * np.random.default_rng(seed).normal(size=(2, 1000)))
        low, middle, high = np.quantile(draws, [0.025, 0.5, 0.975])
        why = (Reason("chains_disagree", {"rhat": 2.0, "limit": 1.05}),) if self.falls else ()
        return Estimate(self.name, overlaps.documented, middle, low, high, draws=draws, refused=why)


def test_what_is_stated_is_all_that_stands_together() -> None:
    table = Overlaps.of("ABCD", FOUR)
    found = assess(table, 1, KNOWN, [Says("one", 600), Says("other", 900), Says("third", 5000, falls=True)])
    assert not found.refused
    assert found.stated is not None
    assert [model.name for model in found.stated.models] == ["one", "other"]
    assert found.estimates[0].low <= found.stated.low <= 600
    assert 900 <= found.stated.high <= found.estimates[1].high
    assert found.stated.middle == pytest.approx(720, abs=100)
    assert found.documented <= found.stated.low
    assert found.spread == (found.estimates[0].low, found.estimates[1].high)
    share = next(note for note in found.notes if note.code == "whence_width").facts["share"]
    assert isinstance(share, float)
    assert 0.9 < share <= 1.0


def test_one_that_stands_alone_is_stated_as_it_is() -> None:
    table = Overlaps.of("ABCD", FOUR)
    found = assess(table, 1, KNOWN, [Says("one", 600), Says("other", 900, falls=True)])
    assert found.stated is found.estimates[0]
    assert mixed(found.standing) is found.estimates[0]


def test_of_three_lists_the_range_of_all_models_is_stated() -> None:
    table = Overlaps.of("ABC", {1: 200, 2: 180, 3: 60, 4: 150, 5: 50, 6: 45, 7: 18})
    found = assess(table, 1, KNOWN, [Says("one", 1300), LogLinear()])
    assert found.stated is not None
    assert found.stated.method == RANGE_OF_MODELS
    said = [model for model in found.estimates[1].models if model.weight is not None]
    assert len(said) == 8
    for model in said:
        assert found.stated.low <= model.total <= found.stated.high
    # Control: weighed by fit, the model with every pair counts for next to nothing.
    full = min(said, key=lambda model: model.weight or 0)
    assert full.name.count("·") == 3
    assert full.high is None or found.stated.high >= full.high
    assert mixed(found.standing).high < found.stated.high


def test_three_lists_whose_models_are_far_apart_state_nothing() -> None:
    heterogeneous = {1: 400, 2: 350, 3: 90, 4: 300, 5: 90, 6: 80, 7: 60}
    found = assess(Overlaps.of("ABC", heterogeneous), 1, KNOWN, [Says("one", 1900), LogLinear()])
    assert "models_disagree" in {reason.code for reason in found.estimates[1].refused}
    assert "models_disagree" in {reason.code for reason in found.refused}
    assert found.stated is None


@dataclass(frozen=True)
class Far(Says):
    """Says a number whose upper end is far out, and is refused for that alone."""

    def estimate(self, overlaps: Overlaps, seed: int) -> Estimate:
        found = super().estimate(overlaps, seed)
        draws = np.linspace(self.total, 4000, 2000)[None, :]
        low, middle, high = np.quantile(draws, [0.025, 0.5, 0.975])
        far = Estimate(self.name, found.documented, middle, low, high, draws=draws)
        return replace(far, refused=of_draws(far))


def test_a_method_is_not_left_out_for_saying_that_the_number_may_be_great() -> None:
    table = Overlaps.of("ABCD", FOUR)
    far = Far("far", 900).estimate(table, 1)
    assert {reason.code for reason in far.refused} == {"upper_end_far"}
    alone = assess(table, 1, KNOWN, [Says("one", 1800)]).stated
    others = [Says("one", 1800), Says("two", 1900), Says("three", 1700)]
    found = assess(table, 1, KNOWN, [*others, Far("far", 900)])
    assert alone is not None
    assert found.stated is not None
    assert found.stated.high > 1.5 * alone.high  # Control: left out, it would be that of the others.
    assert found.estimates[-1].notes[-1].code == "upper_end_far"
    both = assess(table, 1, KNOWN, [Says("one", 1800), Far("far", 900)])
    assert both.stated is None
    assert {reason.code for reason in both.refused} == {"upper_end_far"}


def test_if_the_first_falls_nothing_is_stated() -> None:
    found = assess(Overlaps.of("ABC", GOOD), 1, KNOWN, [Says("one", 600, falls=True), Says("other", 900)])
    assert {reason.code for reason in found.refused} == {"chains_disagree"}
    assert found.stated is None
    assert found.spread is None


def test_methods_far_apart_state_nothing_and_near_ones_do() -> None:
    far = assess(Overlaps.of("ABC", GOOD), 1, KNOWN, [Says("one", 600), Says("other", 1400)])
    assert {reason.code for reason in far.refused} == {"models_disagree"}
    assert far.stated is None
    assert assess(Overlaps.of("ABC", GOOD), 1, KNOWN, [Says("one", 600), Says("other", 1100)]).stated


@pytest.mark.parametrize(
    "counts", [{1: 100, 2: 80, 3: 20}, {1: 100, 2: 80, 4: 60}, {1: 9, 2: 8, 3: 7, 4: 6, 5: 5, 6: 4}]
)
def test_a_refused_table_is_asked_of_no_method(counts: dict[int, int]) -> None:
    found = assess(Overlaps.of("ABC", counts), 1, KNOWN, [Says("one", 600)])
    assert found.refused
    assert found.estimates == ()
    assert found.stated is None
    assert found.documented == sum(counts.values())


def test_what_nobody_attested_is_a_condition() -> None:
    said = assess(Overlaps.of("ABC", GOOD), 1, Attestation(alike=True), [Says("one", 600)])
    assert [reason.code for reason in said.conditions] == ["closed_not_attested"]
    assert assess(Overlaps.of("ABC", GOOD), 1, KNOWN, [Says("one", 600)]).conditions == ()


def test_a_list_of_one_person_is_left_out_and_its_person_counted() -> None:
    found = assess(Overlaps.of("ABCD", GOOD | {8: 1}), 1, KNOWN, [Says("one", 600)])
    assert found.used.lists == ("A", "B", "C")
    assert found.documented == found.used.documented + 1
    assert "single_record" in {note.code for note in found.notes}
