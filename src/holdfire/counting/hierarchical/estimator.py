"""The hierarchical estimator: one model of all strata, draws of each, and their sums draw by draw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from holdfire.counting.diagnosing import FITS, checks, modes
from holdfire.counting.estimate import LEVEL, Check, Draws, Estimate, Model, Reason, Value, interval
from holdfire.counting.hierarchical.counted import Counted, counted
from holdfire.counting.hierarchical.labelled import Labelled, Stratum
from holdfire.counting.hierarchical.model import SPREAD, classes_of
from holdfire.counting.hierarchical.sampler import Drawn, Settings, drawn
from holdfire.counting.overlaps import Overlaps
from holdfire.counting.refusing import APART, WEIGHTY, of_draws, of_lists, of_table, taken
from holdfire.errors import BadInput

LEAST_OWN = 10
"""Fewest documented people of a stratum, at which a number of its own is stated."""
BROKEN = 0.01
"""Most share of paths that may break off."""
TIMES = (0.5, 2.0)
"""How much nearer and farther apart classes are also taken to be."""
MOVED = 0.25
"""Most that the number may move by that, as a share of the smaller."""


@dataclass(frozen=True)
class ByStratum:
    """What one model of all strata says.

    Attributes:
        whole: People of all strata; its draws are the sums of theirs.
        strata: People of each, by its labels; `documented` are those known to be of it. One that is refused
            has too few people of its own to be stated and is in the whole all the same.
    """

    whole: Estimate
    strata: Mapping[Stratum, Estimate]


@dataclass(frozen=True)
class Hierarchical:
    """Few latent classes in each stratum, with strata that are alike as far as the table says so.

    Attributes:
        classes: Classes of people in each stratum; 0: two for up to five lists, else three.
        chains: Chains, each from its own beginning.
        draws: Draws of each chain that count.
        warm: Draws of each before them.
        level: Of the interval.
        accept: Share of steps to accept: the nearer to 1, the shorter the steps.
        depth: Most doublings of a path.

    Assumes:
        The population is closed and records are linked rightly. Given stratum and class, being on one list
        says nothing of being on another. Classes are as far apart in every stratum. Effects of levels come
        from one normal distribution each. Whether a label is said depends on the lists that a person is on
        and on what is said, not on what is left out.

    References:
        Manrique-Vallier 2016, Biometrics 72 (latent classes). Fienberg, Johnson and Junker 1999, JRSS A 162
        (hierarchical models of several lists). Kallioinen et al. 2024, Statistics and Computing 34 (a prior
        made weaker by weighing draws). Hoffman and Gelman 2014, JMLR 15 (NUTS), by numpyro.
    """

    classes: int = 0
    chains: int = 4
    draws: int = 1000
    warm: int = 1000
    level: float = LEVEL
    accept: float = 0.9
    depth: int = 10
    name: str = "hierarchical"
    least_lists: int = 3
    most_lists: int = 10

    def estimate(self, overlaps: Overlaps, seed: int) -> Estimate:
        """Return the estimate of one table, of one stratum.

        Raises:
            BadInput: The table has fewer or more lists than the method takes.
            HoldfireError: numpyro is not installed; says what to install.
        """
        used = taken(overlaps, self)
        rows = [((), int(p), int(n)) for p, n in zip(used.patterns, used.counts, strict=True)]
        return self.by_stratum(Labelled.of(used.lists, (), rows), seed).whole

    def by_stratum(self, table: Labelled, seed: int) -> ByStratum:
        """Return the estimate of each stratum and of all.

        Args:
            table: Who was on which lists, and what is said of them.
            seed: Of whatever is drawn: see holdfire.counting.hierarchical.sampler for what it promises.

        Raises:
            BadInput: The table has fewer or more lists than the method takes, or one with nobody on it.
            HoldfireError: numpyro is not installed; says what to install.
        """
        used = taken(table.overlaps, self)
        if len(used.lists) < len(table.lists):
            raise BadInput("a list has nobody on it", hint="leave the list out")
        classes = self.classes or classes_of(len(table.lists))
        settings = Settings(self.chains, self.warm, self.draws, self.accept, self.depth)
        found = drawn(table, classes, settings, seed)
        people = counted(table, found, seed)
        whole = self._whole(table, found, people, classes, seed)
        strata = {
            name: self._stratum(table, s, name, found, people, whole) for s, name in enumerate(table.names)
        }
        return ByStratum(whole, strata)

    def _whole(self, table: Labelled, found: Drawn, people: Counted, classes: int, seed: int) -> Estimate:
        total = people.people.sum(axis=2).astype(float)
        middle, low, high = interval(total, self.level)
        heights = modes(total, found.fit, np.full(total.shape, float(classes)), self.level)
        others = tuple(_otherwise(total, found, self.level))
        moved = max((abs(np.log(each.total / middle)) for each in others), default=0.0)
        estimate = Estimate(
            method=self.name,
            documented=table.documented,
            middle=middle,
            low=low,
            high=high,
            level=self.level,
            draws=total,
            models=(
                *(
                    Model(
                        f"mode {number}", mode.middle, mode.low, mode.high, mode.weight,
                        {"kind": "mode", "likelihood": mode.likelihood},
                    )
                    for number, mode in enumerate(heights, 1)
                ),
                *others,
            ),
            checks=(
                *checks(total, found.fit, self.level),
                _fit(table, people),
                _at_most("broken_paths", float(found.diverged.mean()), BROKEN),
                _at_most("prior_moves", float(np.expm1(moved)), MOVED),
            ),
            notes=tuple(_notes(table)),
            settings={
                "classes": classes,
                "chains": self.chains,
                "draws": self.draws,
                "warm": self.warm,
                "accept": self.accept,
                "strata": len(table.strata),
                "seed": seed,
            },
        )  # fmt: skip
        return replace(estimate, refused=(*of_table(table.overlaps), *of_draws(estimate), *_own(estimate)))

    def _stratum(
        self, table: Labelled, s: int, name: Stratum, found: Drawn, people: Counted, whole: Estimate
    ) -> Estimate:
        drawn_people: Draws = people.people[:, :, s].astype(float)
        middle, low, high = interval(drawn_people, self.level)
        known = int(table.known[s].sum())
        likely = float(np.median(people.documented[:, :, s]))
        estimate = Estimate(
            method=self.name,
            documented=known,
            middle=middle,
            low=low,
            high=high,
            level=self.level,
            draws=drawn_people,
            checks=checks(np.maximum(drawn_people, 0.5), found.fit, self.level),
            notes=(Reason("strata_alike"),),
            settings={**whole.settings, "stratum": name, "documented_likely": likely},
        )
        why = [] if known >= LEAST_OWN else [Reason("too_few_own", {"documented": known, "least": LEAST_OWN})]
        # Those likely documented count against the upper end, whether their labels are said or not.
        why += of_draws(replace(estimate, documented=max(1, round(likely))))
        codes = {reason.code for reason in why}
        why += [reason for reason in whole.refused if reason.code not in codes]
        return replace(estimate, refused=tuple(why))


def _otherwise(total: Draws, found: Drawn, level: float) -> Iterator[Model]:
    """Yield the number were classes taken to be nearer, or farther apart, by weighing the same draws."""
    if found.apart is None:
        return
    squares = (found.apart / SPREAD) ** 2 / 2
    values = np.sort(total, axis=None)
    order = np.argsort(total, axis=None, kind="stable")
    for times in TIMES:
        logs = (squares * (1 - times**-2)).ravel()[order]
        weights = np.exp(logs - logs.max())
        weights /= weights.sum()
        at = np.cumsum(weights)
        low, middle, high = (
            float(values[min(int(np.searchsorted(at, q)), len(values) - 1)])
            for q in ((1 - level) / 2, 0.5, (1 + level) / 2)
        )
        facts: dict[str, Value] = {"kind": "spread", "times": times, "draws": float(1 / (weights**2).sum())}
        yield Model(f"spread {times * SPREAD:g}", middle, low, high, None, facts)


def _fit(table: Labelled, people: Counted) -> Check:
    """Return the least chance, either way, with which the model gives any of the table's sums as seen."""
    looked = np.append(people.above[np.triu_indices(len(table.lists))], people.alone)
    least = float(np.minimum(looked, 1 - looked).min()) * 2
    return Check("predictive", least, FITS / len(looked), least >= FITS / len(looked))


def _at_most(name: str, value: float, limit: float) -> Check:
    return Check(name, value, limit, value <= limit)


def _own(estimate: Estimate) -> Iterator[Reason]:
    """Yield why the number must not be used, by the checks that other methods do not have."""
    failed = {
        check.name: {"share": check.value, "limit": check.limit}
        for check in estimate.checks
        if not check.passed
    }
    if "broken_paths" in failed:
        yield Reason("broken_paths", failed["broken_paths"])
    if "prior_moves" in failed:
        yield Reason("prior_moves", failed["prior_moves"])
    heavy = [each.total for each in estimate.models if (each.weight or 0) > WEIGHTY]
    if heavy and max(heavy) > (1 + APART) * min(heavy):
        yield Reason("two_modes", {"modes": len(heavy), "least": min(heavy), "most": max(heavy)})


def _notes(table: Labelled) -> Iterator[Reason]:
    yield Reason("closed_population")
    yield Reason("classes_explain_overlap")
    if len(table.strata) > 1:
        yield Reason("strata_alike")
    if table.unsure:
        yield Reason("labels_summed_over", {"people": table.unsure, "documented": table.documented})
    yield from of_lists(table.overlaps)
