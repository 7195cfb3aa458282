"""Missing labels are drawn: known ones stay, seeds tell draws apart, and intervals hold what was hidden."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.counting.imputing import impute
from holdfire.counting.membership import MISSING, Grouped, Sheet
from holdfire.errors import HoldfireError

pytest.importorskip("sklearn")
SHEET = Sheet(
    ("a", "b", "c"),
    np.zeros(0, np.int64),
    {},
    {"place": ("north", "south", "west"), "sex": ("female", "male")},
)


def people(n: int, seed: int) -> Grouped:
    """Return people whose lists say something of where they died, and that of their sex."""
    rng = np.random.default_rng(seed)
    place = rng.choice(3, n, p=[0.5, 0.3, 0.2])
    sex = (rng.random(n) < np.array([0.3, 0.6, 0.8])[place]).astype(np.int64)
    on = rng.random((n, 3)) < np.array([[0.7, 0.2, 0.3], [0.2, 0.7, 0.3], [0.4, 0.4, 0.8]])[place]
    on[~on.any(axis=1), 0] = True
    return Grouped((on * [1, 2, 4]).sum(axis=1).astype(np.uint64), {"place": place, "sex": sex})


def hidden(whole: Grouped, share: float, seed: int) -> Grouped:
    """Return people with labels hidden, oftener for those on the first list: it depends on what is known."""
    rng = np.random.default_rng([seed, 1])
    first = whole.patterns & np.uint64(1) > 0
    labels = {
        name: np.where(rng.random(whole.people) < share * np.where(first, 1.5, 0.5), MISSING, codes)
        for name, codes in whole.labels.items()
    }
    return Grouped(whole.patterns, labels)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 999), st.integers(5, 90), st.sampled_from([0.0, 0.2, 0.6]))
def test_known_labels_stay_and_drawn_ones_are_those_that_somebody_bears(
    seed: int, n: int, share: float
) -> None:
    given_ = hidden(people(n, seed), share, seed)
    found = impute(given_, SHEET, ("place", "sex"), 2, seed)
    for drawn in found.draws:
        for name, codes in given_.labels.items():
            known = codes != MISSING
            assert (drawn[name][known] == codes[known]).all()
            if known.any():
                assert set(drawn[name].tolist()) <= set(codes[known].tolist())
    again = impute(given_, SHEET, ("place", "sex"), 2, seed)
    for one, other in zip(found.draws, again.draws, strict=True):
        assert all((one[name] == other[name]).all() for name in one)
    assert found.missing == {name: float((codes == MISSING).mean()) for name, codes in given_.labels.items()}
    assert found.used == ("place", "sex", "lists")


def test_draws_differ_where_something_is_missing_and_nowhere_else() -> None:
    whole = people(300, 1)
    some = impute(hidden(whole, 0.4, 1), SHEET, ("place",), 3, 1).draws
    assert not (some[0]["place"] == some[1]["place"]).all()
    none = impute(whole, SHEET, ("place",), 3, 1).draws
    assert all((each["place"] == whole.labels["place"]).all() for each in none)


def test_numbers_help_and_a_missing_number_is_no_zero() -> None:
    rng = np.random.default_rng(3)
    place = rng.integers(0, 2, 400)
    codes = np.where(rng.random(400) < 0.3, MISSING, place)
    age = np.where(rng.random(400) < 0.2, np.nan, 30 + 30 * place + rng.normal(0, 3, 400))
    lone = Grouped(np.ones(400, np.uint64), {"place": codes})
    told = impute(lone, SHEET, ("place",), 1, 1, {"age": age}).draws[0]["place"]
    blind = impute(lone, SHEET, ("place",), 1, 1).draws[0]["place"]
    known = (codes == MISSING) & np.isfinite(age)
    assert (told[known] == place[known]).mean() > 0.95
    assert (blind[known] == place[known]).mean() < 0.65


def test_drawn_numbers_of_a_stratum_hold_what_was_hidden() -> None:
    """How many are in a stratum is within the draws as often as they say; filled in once, it is not."""
    held, control, bias = 0, 0, []
    for seed in range(40):
        whole = people(400, seed)
        truth = int((whole.labels["place"] == 1).sum())
        gone = hidden(whole, 0.3, seed)
        draws = impute(gone, SHEET, ("place",), 8, seed).draws
        counts = np.array([(each["place"] == 1).sum() for each in draws])
        # Eight draws: their spread, and t of seven degrees, allow for so few (Rubin 1987, 3.3.5).
        half = 2.36 * np.sqrt(counts.var(ddof=1) * (1 + 1 / 8)) + 0.5
        held += abs(counts.mean() - truth) <= half
        control += abs(counts[0] - truth) <= 0.5
        bias.append(counts.mean() - truth)
    assert 0.88 <= held / 40 <= 1
    assert control / 40 < 0.3
    assert abs(np.mean(bias)) < 2


def test_without_the_library_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.linear_model", None)
    with pytest.raises(HoldfireError, match="scikit-learn"):
        impute(hidden(people(100, 1), 0.3, 1), SHEET, ("place",), 1, 1)
    assert impute(people(100, 1), SHEET, ("place",), 1, 1).draws
