"""Tables whose linkages or imputations are drawn: strata summed, refusals kept out, draws mixed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from holdfire.counting.across import Across, Draw, _harder, assess_across, few
from holdfire.counting.assessing import Attestation
from holdfire.counting.estimate import Check, Estimate, Reason
from holdfire.counting.graphs import DecomposableGraphs
from holdfire.counting.loglinear import LogLinear
from holdfire.counting.overlaps import Overlaps
from holdfire.errors import BadInput

QUICK = (DecomposableGraphs(draws=200), LogLinear(draws=200))
"""Nothing of these is compiled."""


def linked(people: int, chance: float, missed: float, seed: int) -> Overlaps:
    """Return four lists of which a share of links was missed: who is on two is then two people."""
    rng = np.random.default_rng(seed)
    on = rng.random((people, 4)) < chance
    on = on[on.any(axis=1)]
    split = (on.sum(axis=1) > 1) & (rng.random(len(on)) < missed)
    first = on[split].argmax(axis=1)
    alone = np.zeros((int(split.sum()), 4), bool)
    alone[np.arange(len(first)), first] = True
    rest = on[split] & ~alone
    return Overlaps.of_people("ABCD", np.concatenate([on[~split], alone, rest]))


def drawn(missed: list[float]) -> dict[Draw, dict[str, Overlaps]]:
    return {Draw(0, k): {"all": linked(1500, 0.35, share, 5)} for k, share in enumerate(missed)}


def test_the_shares_say_that_linkages_made_the_width() -> None:
    same = assess_across(drawn([0.02, 0.02, 0.02]), 1, chosen=QUICK)
    moved = assess_across(drawn([0.0, 0.03, 0.06]), 1, chosen=QUICK)
    assert same.stated
    assert moved.stated
    assert same.stated.shares.linkages < 0.05
    assert moved.stated.shares.linkages > 0.5
    assert moved.stated.high - moved.stated.low > same.stated.high - same.stated.low
    assert set(moved.documented.values()) != set(same.documented.values())


def test_strata_are_summed_and_a_refused_one_is_documented_only() -> None:
    good, thin = linked(1500, 0.35, 0, 5), linked(30, 0.35, 0, 6)
    one = assess_across({Draw(0, 0): {"north": good}}, 1, chosen=QUICK)
    both = assess_across({Draw(0, 0): {"north": good, "south": linked(1500, 0.35, 0, 7)}}, 1, chosen=QUICK)
    with_thin = assess_across({Draw(0, 0): {"north": good, "east": thin}}, 1, chosen=QUICK)
    assert one.stated
    assert both.stated
    assert with_thin.stated
    assert both.stated.middle == pytest.approx(2 * one.stated.middle, rel=0.05)
    assert with_thin.included == ("north",)
    assert with_thin.stated.middle == one.stated.middle
    assert with_thin.outside == thin.documented
    assert with_thin.documented[Draw(0, 0)] == good.documented + thin.documented
    assert {each.code for each in with_thin.apart["east"]} >= {"too_few_people"}


def test_a_stratum_refused_under_one_draw_of_few_is_refused_under_all() -> None:
    good, thin = linked(1500, 0.35, 0, 5), linked(30, 0.35, 0, 6)
    found = assess_across({Draw(0, k): {"all": thin if k == 1 else good} for k in range(4)}, 1, chosen=QUICK)
    assert found.stated is None
    (reason,) = (each for each in found.refused if each.code == "too_few_people")
    assert (reason.facts["draws"], reason.facts["of"]) == (1, 4)


def test_a_stratum_refused_under_one_of_many_drops_that_draw_alone() -> None:
    good, thin = linked(1500, 0.35, 0, 5), linked(30, 0.35, 0, 6)
    found = assess_across({Draw(0, k): {"all": thin if k == 1 else good} for k in range(24)}, 1, chosen=QUICK)
    assert found.stated
    assert found.dropped == (Draw(0, 1),)


def test_nothing_stands_where_every_stratum_is_refused() -> None:
    thin = {name: linked(30, 0.35, 0, seed) for seed, name in enumerate(["north", "south"])}
    found = assess_across({Draw(0, 0): thin}, 1, chosen=QUICK)
    assert found.mixture is None
    assert {each.code for each in found.refused} == {"every_stratum"}
    assert sum(found.documented.values()) == found.outside


def test_conditions_are_those_that_nobody_attested() -> None:
    def codes(attested: Attestation) -> set[str]:
        return {each.code for each in assess_across(drawn([0.1]), 1, attested, QUICK).conditions}

    assert codes(Attestation()) == {"closed_not_attested", "alike_not_attested"}
    assert codes(Attestation(closed=True, alike=True, by="a person")) == set()


def test_draws_that_are_not_crossed_are_refused() -> None:
    table = linked(1500, 0.35, 0, 5)
    with pytest.raises(BadInput, match="not every imputation with every linkage"):
        assess_across({Draw(0, 0): {"": table}, Draw(1, 1): {"": table}}, 1, chosen=QUICK)


def test_the_same_seed_gives_the_same_answer_in_any_order() -> None:
    def run(tables: dict[Draw, dict[str, Overlaps]]) -> Across:
        return assess_across(tables, 3, chosen=QUICK)

    tables = drawn([0.0, 0.03, 0.06])
    assert run(tables).mixture == run(dict(reversed(tables.items()))).mixture


class Sampled:
    """Draws of a fixed law, of which each table has fewer than one alone would need."""

    name, least_lists, most_lists = "sampled", 1, 64

    def __init__(self, effective: float) -> None:
        self.effective = effective

    def estimate(self, overlaps: Overlaps, seed: int) -> Estimate:
        draws = np.random.default_rng(seed).normal(3000, 50, (2, 40))
        return Estimate(
            "sampled", overlaps.documented, 3000, 2900, 3100, draws=draws,
            checks=(Check("ess_tail", self.effective, 400, False),),
            refused=(Reason("too_few_draws", {"draws": self.effective, "least": 400}),),
        )  # fmt: skip


def test_few_draws_of_each_table_do_where_all_together_are_enough() -> None:
    tables = drawn([0.0, 0.03, 0.06])
    enough = assess_across(tables, 1, chosen=(Sampled(150),))
    assert enough.stated
    short = assess_across(tables, 1, chosen=(Sampled(50),))
    assert [each.code for each in short.refused] == ["too_few_draws"]
    same = assess_across(drawn([0.1] * 3), 1, chosen=(Sampled(150),))
    assert same.stated is None, "three times the same table has no more draws than once"


@dataclass(frozen=True)
class Unlucky:
    """Chains that disagree about some tables until they are run longer, or ever."""

    short_of: tuple[str, ...]
    name: str = "unlucky"
    ever: bool = False
    escalate: bool = False
    least_lists: int = 3
    most_lists: int = 64

    def estimate(self, overlaps: Overlaps, seed: int) -> Estimate:
        fails = overlaps.digest in self.short_of and (self.ever or not self.escalate)
        draws = np.random.default_rng(seed).normal(1900, 50, (2, 40))
        return Estimate(
            self.name, overlaps.documented, 1900, 1800, 2000, draws=draws,
            refused=(Reason("chains_disagree", {"rhat": 1.2, "limit": 1.05}),) if fails else (),
        )  # fmt: skip


def of_many(failing: int, *, ever: bool = False) -> Across:
    """Return what is said of twelve linkages, under some of which chains disagree."""
    tables = drawn([0.005 * k for k in range(12)])
    short_of = tuple(each["all"].digest for each in list(tables.values())[:failing])
    return assess_across(tables, 1, chosen=(DecomposableGraphs(draws=200), Unlucky(short_of, ever=ever)))


def test_chains_that_disagree_under_few_draws_are_run_again_longer() -> None:
    found = of_many(2)
    assert found.models == ("decomposable_graphs", "unlucky")
    assert not found.left_out


def test_what_disagrees_under_many_draws_or_however_long_is_left_out_with_how_often() -> None:
    for failing, ever in ((6, False), (2, True)):
        found = of_many(failing, ever=ever)
        assert found.models == ("decomposable_graphs",)
        (reason,) = found.left_out["unlucky"]
        assert (reason.code, reason.facts["draws"], reason.facts["of"]) == ("chains_disagree", failing, 12)


def test_a_number_is_stated_where_the_first_method_was_unlucky_under_a_few_draws() -> None:
    tables = drawn([0.005 * k for k in range(12)])
    short_of = tuple(each["all"].digest for each in list(tables.values())[:3])
    assert assess_across(tables, 1, chosen=(Unlucky(short_of),)).stated
    assert assess_across(tables, 1, chosen=(Unlucky(short_of, ever=True),)).stated is None


def test_the_estimators_of_many_draws_that_sample_chains_can_be_asked_for_more() -> None:
    hard = {each.name: _harder(each) for each in few(4)}
    assert {name for name, each in hard.items() if getattr(each, "escalate", False)} == {
        "latent_class", "latent_class_seldom",
    }  # fmt: skip


def test_of_three_lists_the_range_is_of_every_model_under_every_draw() -> None:
    tables = {draw: {"all": each["all"].keep([0, 1, 2])} for draw, each in drawn([0.0, 0.03, 0.06]).items()}
    found = assess_across(tables, 1, chosen=QUICK)
    assert found.stated
    assert found.ranged
    for each in tables.values():
        alone = assess_across({Draw(0, 0): each}, 1, chosen=QUICK)
        assert alone.stated
        assert found.stated.low <= alone.stated.low < alone.stated.high <= found.stated.high
    ends = found.stated.by_model.values()
    assert found.stated.high > max(high for _, _, high in ends), (
        "models are weighed, and all are in the range"
    )
