"""Log-linear models: published figures, existence and identifiability, choice, intervals, the lower bound."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.random import default_rng
from scipy.optimize import minimize

from holdfire.counting.loglinear import LogLinear, LowerBound
from holdfire.counting.loglinear.existence import FINE, NO_MAXIMUM, NOT_IDENTIFIED, ground
from holdfire.counting.loglinear.models import all_models, design, parse
from holdfire.counting.loglinear.profiling import profiles
from holdfire.counting.loglinear.selecting import bits, fits, stepwise
from holdfire.counting.overlaps import Overlaps
from holdfire.counting.refusing import of_table
from holdfire.errors import BadInput
from overlapping import chained, classes, read

KOSOVO = "[EXH·ABA·OSCE][EXH·HRW][OSCE·HRW]"


def counts(table: Overlaps) -> np.ndarray:
    return table.cube().astype(float)


def test_there_are_as_many_models_as_the_literature_counts() -> None:
    assert [len(all_models(lists)) for lists in (3, 4, 5)] == [8, 113, 1024]
    assert len(set(all_models(4))) == 113


def test_a_model_is_written_and_read_in_the_fields_notation() -> None:
    names = ["EXH", "ABA", "OSCE", "HRW"]
    assert parse(KOSOVO, names).named(names) == KOSOVO
    assert parse("[HRW.EXH] [OSCE*HRW][ABA:EXH:OSCE]", names).named(names) == KOSOVO
    assert parse("[EXH·ABA]", names).named(names) == "[EXH·ABA][HRW][OSCE]"


@pytest.mark.parametrize(
    ("text", "said"),
    [("A·B", "no log-linear model"), ("[A·X]", "names X"), ("[A·B·C]", "all lists together"), ("", "no log")],
)
def test_a_model_that_cannot_be_is_refused(text: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        parse(text, ["A", "B", "C"])


def test_kosovo_is_that_of_2002(shared_data: Path) -> None:
    table = read(shared_data, "kosovo_1999_4lists")
    [found], _ = fits(counts(table), [parse(KOSOVO, table.lists)])
    assert round(found.total, 1) == 10356.5
    assert round(found.error) == 786


def test_the_six_best_models_of_kosovo_are_a_factor_of_two_apart(shared_data: Path) -> None:
    found = LogLinear(draws=0).estimate(read(shared_data, "kosovo_1999_4lists"), 1)
    assert len(found.models) == 113
    by_bic = sorted(found.models, key=lambda each: each.facts["bic"])  # type: ignore[arg-type,return-value]
    assert [round(each.total / 1000, 1) for each in by_bic[:6]] == [10.4, 12.7, 18.4, 9.8, 19.2, 12.8]
    mean = next(note for note in found.notes if note.code == "weighted_mean")
    assert round(float(mean.facts["total"]) / 1000, 1) == 13.2  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "total"),
    [
        ("kosovo_1999_4lists", 14342),
        ("uk_slavery_2013_4lists", 11015),
        ("uk_slavery_2013_5lists", 11313),
        ("uk_slavery_2013_6lists", 11418),
        ("netherlands_trafficking_5lists", 121522),
        ("new_orleans_5lists", 1034),
        ("western_us_5lists", 2483),
        ("australia_slavery_4lists", 6496),
    ],
)
def test_stepwise_chooses_what_sparsemse_chooses(shared_data: Path, name: str, total: int) -> None:
    table = read(shared_data, name)
    assert round(table.documented + stepwise(counts(table)[None]).missing[0]) == total


def test_gaza_shows_the_whole_range_of_eight(shared_data: Path) -> None:
    table = read(shared_data, "gaza_2024_3lists_reported")
    for select in ("bic", "stepwise"):
        found = LogLinear(select=select, draws=0, tables=20).estimate(table, 1)
        note = next(each for each in found.notes if each.code == "three_lists")
        assert (note.facts["models"], round(note.facts["least"], -2), round(note.facts["most"], -2)) == (  # type: ignore[call-overload]
            8,
            50600,
            79700,
        )
        every = {each.name: each.total for each in found.models}
        assert round(every["[list1·list2][list1·list3][list2·list3]"]) == 64696


def test_the_artificial_table_is_refused_and_says_why(shared_data: Path) -> None:
    table = read(shared_data, "artificial_3lists_nonidentified")
    fates = {model.named(table.lists): ground(model, bits(counts(table))).fate for model in all_models(3)}
    assert fates["[A·B][C]"] == NO_MAXIMUM
    assert fates["[A·B][A·C][B·C]"] == NOT_IDENTIFIED
    assert fates["[A][B][C]"] == FINE
    for select in ("bic", "stepwise"):
        found = LogLinear(select=select, draws=0, tables=20).estimate(table, 1)
        reasons = {each.code: dict(each.facts) for each in found.refused}
        assert reasons["no_model"] == {"no_maximum": 3, "not_identified": 1}
        assert "islands" in {each.code for each in of_table(table)}
        left_out = {each.name: each.facts.get("left_out") for each in found.models}
        assert left_out["[A·B][C]"] == "no_maximum"


def test_a_table_pooled_over_places_that_lists_share_out_is_refused() -> None:
    """As in Peru: each list is strong elsewhere and people differ, so models say a third or seven times."""
    places = [
        classes([9000], [each], seed, "ABC")
        for seed, each in enumerate([[0.5, 0.02, 0.25], [0.03, 0.4, 0.02], [0.3, 0.3, 0.5]])
    ]
    pooled = Overlaps.of_cells(
        "ABC", np.concatenate([p.on for p in places]), np.concatenate([p.counts for p in places])
    )
    found = LogLinear(draws=0).estimate(pooled, 1)
    assert [each.code for each in found.refused] == ["models_disagree"]
    facts = found.refused[0].facts
    assert float(facts["most"]) > 2 * float(facts["least"])  # type: ignore[arg-type]
    for place in places[2:]:
        assert not LogLinear(draws=0).estimate(place, 1).refused


def test_a_fit_is_the_top_of_the_likelihood() -> None:
    table = chained(800, [0.3, 0.2, 0.4, 0.3], 0.5, 5)
    model = parse("[A·B][B·C][D]", table.lists)
    [found], _ = fits(counts(table), [model])
    rows = design(4)[1:][:, [0, *model.terms]]
    seen = counts(table)[1:]

    def depth(beta: np.ndarray) -> float:
        return float(np.exp(rows @ beta).sum() - seen @ (rows @ beta))

    start = np.zeros(rows.shape[1])
    best = minimize(depth, start, jac=lambda b: rows.T @ (np.exp(rows @ b) - seen), method="BFGS", tol=1e-9)
    assert found.missing == pytest.approx(np.exp(best.x[0]), rel=1e-4)


def test_one_dependence_less_has_a_closed_form() -> None:
    table = chained(800, [0.4, 0.3, 0.4], 0.5, 6)
    seen = counts(table)
    [found], _ = fits(seen, [parse("[A·C][B·C]", table.lists)])
    assert found.missing == pytest.approx(seen[1] * seen[2] / seen[3])


def test_batches_are_as_single_fits_to_the_byte() -> None:
    table = classes([700, 300], [[0.2] * 4, [0.6] * 4], 7)
    together, _ = fits(counts(table), all_models(4))
    for each in together[::17]:
        [single], _ = fits(counts(table), [each.model])
        assert single.missing == pytest.approx(each.missing, rel=1e-12)


def test_the_linear_programme_agrees_with_what_a_fit_does() -> None:
    """Where it says there is no maximum, the fit runs away; where it says there is one, it comes to rest."""
    chance, seen = default_rng(11), {FINE: 0, NO_MAXIMUM: 0}
    rows = design(3)
    for _ in range(60):
        table = np.array([0, *chance.poisson(0.9, 7)], float)
        if (table @ rows)[[1, 2, 4]].min() == 0:
            continue
        for model in all_models(3):
            found = ground(model, bits(table))
            if found.fate == NOT_IDENTIFIED:
                continue
            x, n = rows[found.cells][:, found.terms], table[found.cells]
            beta = np.linalg.lstsq(x, np.log(n + 0.5), rcond=None)[0]
            for _ in range(25):  # Newton, damped: one that runs away gains as much at each step
                mu = np.exp(x @ beta)
                step = np.linalg.lstsq(x.T @ (x * mu[:, None]), x.T @ (n - mu), rcond=None)[0]
                beta = beta + np.clip(step, -1.5, 1.5)
            runs_away = np.exp(x @ beta).min() < 1e-5
            assert runs_away == (found.fate == NO_MAXIMUM)
            seen[found.fate] += 1
    assert min(seen.values()) > 10


def test_a_pair_that_shares_nobody_is_minus_infinity_and_said_so() -> None:
    table = Overlaps.of("ABCD", {1: 60, 2: 50, 4: 40, 8: 30, 3: 12, 5: 9, 10: 8, 12: 6, 7: 2, 6: 5})
    assert table.pairs[0, 3] == 0
    found = LogLinear(model="[A·D][B][C]", draws=0).estimate(table, 1)
    assert found.models[0].facts["minus_infinity"] == ("A·D",)
    free = LogLinear(model="[A][B][C][D]", draws=0).estimate(table, 1)
    assert found.middle < free.middle  # two lists that shun each other hide nobody


def test_the_profile_is_as_deep_as_the_normal_says() -> None:
    """Two lists in the form of three: a closed multinomial likelihood to compare with."""
    table = chained(900, [0.4, 0.3, 0.4], 0.3, 8)
    fitted, _ = fits(counts(table), [parse("[A][B][C]", table.lists)])
    ends = profiles(counts(table), fitted)[0].quantile(np.array([0.025, 0.5, 0.975]))

    def height(missing: float) -> float:
        """Multinomial likelihood under independence, whose shares are the lists' sizes over N."""
        n = table.documented + missing
        share = table.sizes / n
        from scipy.special import gammaln

        return float(
            gammaln(n + 1) - gammaln(missing + 1) + (table.sizes * np.log(share)).sum()
            + ((n - table.sizes) * np.log(1 - share)).sum()
        )  # fmt: skip

    top = max(height(x) for x in np.linspace(ends[0], ends[2], 2000))
    assert 2 * (top - height(ends[0])) == pytest.approx(1.96**2, abs=0.02)
    assert 2 * (top - height(ends[2])) == pytest.approx(1.96**2, abs=0.02)
    assert height(ends[1]) == pytest.approx(top, abs=1e-3)


@pytest.mark.parametrize("interval", ["profile", "bootstrap"])
def test_the_same_table_and_seed_give_the_same_bytes(interval: str) -> None:
    table = chained(600, [0.3, 0.2, 0.4, 0.3], 0.5, 5)
    estimator = LogLinear(interval=interval, tables=30, draws=200, select="stepwise")  # type: ignore[arg-type]
    one, again, other = (estimator.estimate(table, seed) for seed in (1, 1, 2))
    assert one.draws is not None
    assert again.draws is not None
    assert other.draws is not None
    assert one.draws.tobytes() == again.draws.tobytes() != other.draws.tobytes()
    assert (one.low, one.middle, one.high) == (again.low, again.middle, again.high)
    assert np.quantile(one.draws, [0.025, 0.975]) == pytest.approx([one.low, one.high], rel=0.02)


def test_stepwise_for_many_tables_is_stepwise_for_each() -> None:
    tables = np.array([counts(chained(500, [0.3, 0.2, 0.4, 0.3], 0.5, seed)) for seed in range(8)])
    together = stepwise(tables)
    for k, table in enumerate(tables):
        assert stepwise(table[None]).models[0] == together.models[k]


def test_a_named_model_alone_is_what_it_says() -> None:
    table = chained(600, [0.3, 0.2, 0.4, 0.3], 0.5, 5)
    found = LogLinear(model="[A·B][C][D]", draws=0).estimate(table, 1)
    assert [each.name for each in found.models] == ["[A·B][C][D]"]
    assert found.middle == found.models[0].total


def test_a_named_model_that_has_no_answer_gives_no_number(shared_data: Path) -> None:
    table = read(shared_data, "artificial_3lists_nonidentified")
    found = LogLinear(model="[A·B][C]", draws=0).estimate(table, 1)
    assert np.isnan(found.middle)
    assert "no_model" in {each.code for each in found.refused}


@pytest.mark.parametrize("lists", [2, 11])
def test_too_few_or_too_many_lists_are_refused(lists: int) -> None:
    with pytest.raises(BadInput, match="needs 3 lists" if lists == 2 else "up to 10 lists"):
        LogLinear().estimate(chained(50, [0.5] * 3, 0.6, 1).keep([0, 1]) if lists == 2 else many(), 1)


def many() -> Overlaps:
    return Overlaps.of([f"l{k}" for k in range(11)], {1 << k: 3 for k in range(11)})


def test_the_lower_bound_of_two_lists_is_chapmans() -> None:
    found = LowerBound().estimate(Overlaps.of("AB", {1: 40, 2: 30, 3: 9}), 1)
    assert found.middle == pytest.approx(50 * 40 / 10 - 1)


def test_the_lower_bound_of_lists_alike_is_chaos() -> None:
    table = Overlaps.of("ABC", {1: 50, 2: 50, 4: 50, 3: 10, 5: 10, 6: 10, 7: 4})
    once, twice = 150, 30
    expected = 184 + 2 / 3 * once**2 / (2 * (twice + 1))
    found = LowerBound().estimate(table, 1)
    assert found.middle == pytest.approx(expected)
    assert found.models[0].total == pytest.approx(expected * 1, rel=0.01)


def test_nobody_on_two_lists_still_gives_a_bound() -> None:
    found = LowerBound().estimate(Overlaps.of("AB", {1: 5, 2: 5}), 1)
    assert found.low <= found.middle == 35 <= found.high < np.inf


def test_one_list_gives_no_bound() -> None:
    with pytest.raises(BadInput, match="one list"):
        LowerBound().estimate(Overlaps.of("A", {1: 5}), 1)


def test_no_end_of_tables_drawn_again_lies_below_those_documented() -> None:
    on = np.random.default_rng(3).random((300, 4)) < 0.7
    table = Overlaps.of_people("ABCD", on[on.any(axis=1)])
    found = LogLinear(select="stepwise", tables=100).estimate(table, 1)
    assert found.draws is not None
    assert found.low >= table.documented
    assert found.draws.min() >= table.documented
