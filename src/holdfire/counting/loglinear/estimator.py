"""The estimator: models weighed, one chosen stepwise, or one named.

Every model that was looked at is in `models`, with its number or with why it has none. Where models that fit
about equally well are more than a factor of two apart, or none but independence can be fitted, or the best of
them would hardly make such a table, the number is refused: the lists do not say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.random import default_rng

from holdfire.counting.estimate import LEVEL, Check, Estimate, Model, Reason, Value
from holdfire.counting.loglinear.goodness import LEAST, chance_of
from holdfire.counting.loglinear.models import PAIRS_UP_TO, Floats, Hierarchy, all_models, parse
from holdfire.counting.loglinear.profiling import Confidence, profiles, weighed
from holdfire.counting.loglinear.resampling import Bootstrap, bootstrap
from holdfire.counting.loglinear.selecting import THRESHOLD, Fitted, fits, stepwise, weights
from holdfire.counting.overlaps import Overlaps
from holdfire.counting.refusing import RANGE, of_draws, taken

Select = Literal["bic", "aicc", "stepwise"]
MOST = 0.95
"""Models that make up this much of the weight fit about equally well (Burnham and Anderson 2002, 4.5)."""
LIGHT = 1e-4
"""A model with less weight is shown without an interval and moves none."""
MOST_LISTS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLinear:
    """Fit Poisson log-linear models of 3 to 10 lists.

    Attributes:
        select: `bic` or `aicc` weigh all models (up to 5 lists), `stepwise` chooses one; None: `bic` up to 5
            lists, else `stepwise`.
        model: One model in the field's notation, such as [A·B][B·C], in place of a choice; None: choose.
        threshold: Chance below which stepwise choice adds a pair.
        interval: `profile` of the likelihood, models weighed; `bootstrap` redoes the choice for drawn tables;
            None: `bootstrap` where chosen stepwise, else `profile`, as a profile knows nothing of a choice.
        tables: Tables that a bootstrap draws.
        draws: How many draws of the number in all.
        level: Share that the interval is to hold.

    Assumes:
        The population is closed, records are linked rightly, everyone has the same chances of being on each
        list, dependent as a model says, and no term holds all lists together.

    References:
        Fienberg 1972, Biometrika 59:591-603; Cormack 1989, Biometrics 45:395-413; the modules named in the
        package for each step.

    Examples:
        >>> table = Overlaps.of("ABC", {1: 400, 2: 300, 3: 90, 4: 250, 5: 80, 6: 60, 7: 25})
        >>> found = LogLinear().estimate(table, 1)
        >>> found.documented, len(found.models), round(found.low) < round(found.middle) < round(found.high)
        (1205, 8, True)
    """

    select: Select | None = None
    model: str | None = None
    threshold: float = THRESHOLD
    interval: Literal["profile", "bootstrap"] | None = None
    tables: int = 500
    draws: int = 4000
    level: float = LEVEL
    name: str = "log_linear"
    least_lists: int = 3
    most_lists: int = MOST_LISTS

    def estimate(self, overlaps: Overlaps, seed: int) -> Estimate:
        """Return the estimate of one table; the same table and seed give the same estimate.

        Raises:
            BadInput: The table has fewer or more lists than are fitted, or the model named is none of them.
        """
        overlaps = taken(overlaps, self)
        found = self._choose(overlaps)
        if not found.fitted:
            return self._none(overlaps, found, seed)
        sure = profiles(overlaps.cube().astype(np.float64), found.heavy)
        whole = weighed(sure, np.array([found.shares[each.model] for each in found.heavy]))
        how = self.interval or ("bootstrap" if found.select == "stepwise" else "profile")
        again = self._again(overlaps, found, seed) if how == "bootstrap" else None
        tail, n = (1 - self.level) / 2, overlaps.documented
        quantile = (
            # Tables drawn again have fewer people now and then, and those documented are there all the same.
            (lambda shares: np.maximum(again.quantile(shares), n))
            if again
            else (lambda shares: n + whole.quantile(shares))
        )
        low, middle, high = (float(each) for each in quantile(np.array([tail, 0.5, 1 - tail])))
        if again or len(found.heavy) == 1:
            middle = found.total
        chance = default_rng([seed, 1])
        even = (np.arange(self.draws) + chance.random(self.draws)) / max(self.draws, 1)
        estimate = Estimate(
            self.name, n, middle, min(low, middle), max(high, middle), self.level,
            chance.permutation(quantile(even))[None, :], tuple(self._models(overlaps, found, sure)),
            tuple(_checks(overlaps, found, again, seed)), tuple(_refusals(overlaps, found)),
            tuple(self._notes(overlaps, found)),
            self._settings(found, how, seed),
        )  # fmt: skip
        return replace(estimate, refused=(*estimate.refused, *of_draws(estimate)))

    def _choose(self, overlaps: Overlaps) -> _Choice:
        """Return the models of a table with their weights."""
        lists, counts = len(overlaps.lists), overlaps.cube().astype(np.float64)
        if self.model is not None:
            return _alone("named", counts, [parse(self.model, overlaps.lists)])
        select = self.select or ("bic" if lists <= PAIRS_UP_TO else "stepwise")
        if select == "stepwise":
            return _alone(select, counts, stepwise(counts[None], self.threshold).models[0][::-1])
        fitted, failed = fits(counts, all_models(lists))
        if not fitted:
            return _Choice(select, [], failed, {})
        shares = dict(
            zip((f.model for f in fitted), weights([getattr(f, select) for f in fitted]), strict=True)
        )
        fitted.sort(key=lambda each: -shares[each.model])
        return _Choice(select, fitted, failed, {model: float(share) for model, share in shares.items()})

    def _again(self, overlaps: Overlaps, found: _Choice, seed: int) -> Bootstrap:
        """Return the choice made again for drawn tables; of weighed models, among those of any weight."""
        among = [each.model for each in found.heavy]

        def totals(counts: Floats) -> Floats:
            if found.select == "stepwise":
                missing = stepwise(counts, self.threshold).missing
                return np.asarray(counts.sum(axis=1) + missing, np.float64)
            return np.array([_weighed_total(table, among, found.select) for table in counts])

        counts = overlaps.cube().astype(np.float64)
        return bootstrap(counts, found.total, totals, self.tables, seed)

    def _models(self, overlaps: Overlaps, found: _Choice, sure: Sequence[Confidence]) -> Iterator[Model]:
        """Yield every model looked at, those with a number first."""
        tail, n = (1 - self.level) / 2, overlaps.documented
        ends = {
            each.model: n + one.quantile(np.array([tail, 1 - tail]))
            for each, one in zip(found.heavy, sure, strict=True)
        }
        for each in found.fitted:
            low, high = (float(end) for end in ends.get(each.model, (np.nan, np.nan)))
            facts: dict[str, Value] = {
                "kind": "model", "bic": each.bic, "aicc": each.aicc, "standard_error": each.error,
                "minus_infinity": tuple(_joined(term, overlaps.lists) for term in each.ground.gone),
            }  # fmt: skip
            has = each.model in ends
            yield Model(
                each.model.named(overlaps.lists), each.total, low if has else None, high if has else None,
                found.shares[each.model], facts,
            )  # fmt: skip
        for model, fate in sorted(found.failed.items()):
            yield Model(model.named(overlaps.lists), float("nan"), facts={"kind": "model", "left_out": fate})

    def _notes(self, overlaps: Overlaps, found: _Choice) -> Iterator[Reason]:
        """Yield what a reader must know."""
        yield from (Reason("closed_population"), Reason("right_links"), Reason("same_chances"))
        yield Reason("no_term_of_all_lists")
        if len(overlaps.lists) == 3:
            yield Reason("three_lists", _range(found.fitted))
        if found.select in ("bic", "aicc"):
            yield Reason("weighted_mean", {"total": found.total, "criterion": found.select})

    def _none(self, overlaps: Overlaps, found: _Choice, seed: int) -> Estimate:
        """Return an estimate that has no number."""
        n, nothing = overlaps.documented, float("nan")
        return Estimate(
            self.name, n, nothing, float(n), float("inf"), self.level, None,
            tuple(self._models(overlaps, found, ())), (), tuple(_refusals(overlaps, found)), (),
            self._settings(found, "none", seed),
        )  # fmt: skip

    def _settings(self, found: _Choice, how: str, seed: int) -> Mapping[str, Value]:
        return {
            "select": found.select, "model": self.model or "", "threshold": self.threshold, "interval": how,
            "tables": self.tables, "draws": self.draws, "seed": seed,
        }  # fmt: skip


@dataclass(frozen=True)
class _Choice:
    """What was fitted and what it weighs.

    Attributes:
        select: How it was chosen.
        fitted: Models with a number, greatest weight first; for stepwise, the one chosen and those before it.
        failed: Why the others have none.
        shares: Weights.
    """

    select: str
    fitted: list[Fitted]
    failed: dict[Hierarchy, str]
    shares: dict[Hierarchy, float] = field(default_factory=dict)

    @property
    def heavy(self) -> list[Fitted]:
        """Return the models that weigh anything."""
        return [each for each in self.fitted if self.shares[each.model] >= LIGHT]

    @property
    def total(self) -> float:
        """Return the weighed mean of the numbers in all."""
        return sum(self.shares[each.model] * each.total for each in self.fitted)

    @property
    def about(self) -> list[Fitted]:
        """Return the models that fit about equally well, greatest weight first."""
        sums = np.cumsum([self.shares[each.model] for each in self.fitted])
        return self.fitted[: int(np.searchsorted(sums, MOST)) + 1]


def _alone(select: str, counts: Floats, models: Sequence[Hierarchy]) -> _Choice:
    """Return the first of some models as the one chosen; of three lists, all others beside it."""
    lists = models[0].lists
    beside = [*models[1:], *(all_models(3) if lists == 3 else ())]
    fitted, failed = fits(counts, list(dict.fromkeys([models[0], *beside])))
    shares = {each.model: float(each.model == models[0]) for each in fitted}
    return _Choice(select, fitted if models[0] in shares else [], failed, shares)


def _weighed_total(counts: Floats, among: Sequence[Hierarchy], select: str) -> float:
    fitted, _ = fits(counts, among)
    if not fitted:
        return float("nan")
    shares = weights([each.aicc if select == "aicc" else each.bic for each in fitted])
    return float(sum(share * each.total for share, each in zip(shares, fitted, strict=True)))


def _range(fitted: Sequence[Fitted]) -> dict[str, Value]:
    totals = [each.total for each in fitted]
    return {"models": len(totals), "least": min(totals), "most": max(totals)}


def _joined(term: int, names: Sequence[str]) -> str:
    return "·".join(name for j, name in enumerate(names) if term >> j & 1)


def _compared(overlaps: Overlaps, found: _Choice) -> list[Fitted]:
    """Return the models whose numbers must not be far apart: of three lists all, as data cannot choose."""
    return found.fitted if len(overlaps.lists) == 3 else found.about


def _refusals(overlaps: Overlaps, found: _Choice) -> Iterator[Reason]:
    """Yield why the number must not be used."""
    if not any(set(each.model.interactions) - set(each.ground.gone) for each in found.fitted):
        tried = {fate: sum(each == fate for each in found.failed.values()) for fate in found.failed.values()}
        if found.failed or not found.fitted:
            yield Reason("no_model", dict(sorted(tried.items())))
    compared = _compared(overlaps, found)
    if compared and max(e.total for e in compared) > RANGE * min(e.total for e in compared):
        yield Reason("models_disagree", {**_range(compared), "times": RANGE})


def _checks(overlaps: Overlaps, found: _Choice, again: Bootstrap | None, seed: int) -> Iterator[Check]:
    """Yield whether the best model fits, how far models are apart, how many drawn tables had no answer."""
    chance = chance_of(overlaps.cube().astype(np.float64), found.fitted[0], default_rng([seed, 2]))
    yield Check("predictive", chance, LEAST, chance >= LEAST)
    about = found.about
    if len(about) > 1:
        ratio = max(each.total for each in about) / min(each.total for each in about)
        yield Check("models_apart", ratio, RANGE, ratio <= RANGE)
    if again is not None:
        lost = again.lost / (again.lost + len(again.totals))
        yield Check("lost_tables", lost, 0.05, lost <= 0.05)
