"""What one table of overlaps allows to be said: a number and its spread over methods, or why there is none.

Four rules hold, and tests/unit/test_assessing.py tries to break each:

* the documented number stands beside everything, and is never above what is stated;
* what is refused is refused with its reason, and no number stands in its place;
* of three lists a range over all models is stated, never one model's interval;
* what rests on an assumption that nobody attested is said to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from holdfire.counting.estimate import Estimate, Estimator, Model, Reason
from holdfire.counting.graphs import DecomposableGraphs
from holdfire.counting.latent.estimator import LatentClass, seldom
from holdfire.counting.loglinear import LogLinear, LowerBound
from holdfire.counting.mixing import Under, mix
from holdfire.counting.overlaps import Overlaps
from holdfire.counting.refusing import LOG_LINEAR, of_end, of_lists, of_several, of_table
from holdfire.counting.sensitivity import of_three

MIXTURE = "mixture"
"""Method of what is stated where several estimates stand."""
RANGE_OF_MODELS = "range_of_models"
"""Method of what is stated of three lists."""
EVEN = 4000
"""Draws of each estimate in a mixture: its quantiles, evenly."""
NO_BOUND = frozenset({"islands", "copy", "part"})
"""What leaves Chao's bound nothing to stand on.

Lists that share nobody may shun one another, and that breaks it. A list that is a copy of another, or taken
from it, is no second witness: what the two share says nothing, and the bound would lie far too low.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """What a person who knows the lists says of them; silence is no yes.

    Attributes:
        closed: Everyone of the population could have been on any of the lists: nobody entered or left it
            between them.
        alike: All lists mean the same people: the same definition, area and time.
        by: Who says so.
    """

    closed: bool = False
    alike: bool = False
    by: str = ""


@dataclass(frozen=True)
class Assessment:
    """What a table allows to be said.

    Attributes:
        table: Who was on which lists, of all lists with anyone on them.
        used: The same of the lists that were estimated from: a list of one person says nothing.
        refused: Why no number is stated; empty: one is.
        conditions: What the number rests on that nobody attested. With any, it is shown as "if".
        notes: What its reader must know.
        bound: Chao's lower bound; None: there is no overlap to tell it from, lists share nobody, or one list.
        estimates: Every estimate made. If the first does not stand, nothing is stated.
    """

    table: Overlaps
    used: Overlaps
    refused: tuple[Reason, ...]
    conditions: tuple[Reason, ...]
    notes: tuple[Reason, ...]
    bound: Estimate | None
    estimates: tuple[Estimate, ...]

    @property
    def documented(self) -> int:
        """Return how many people are on any list."""
        return self.table.documented

    @property
    def standing(self) -> tuple[Estimate, ...]:
        """Return the estimates that nothing speaks against and that have draws."""
        return tuple(each for each in self.estimates if not each.refused and each.draws is not None)

    @cached_property
    def stated(self) -> Estimate | None:
        """Return what is stated, if anything is: the equal mixture of the estimates that stand.

        Of three lists, which cannot choose among models, its ends are those of every model that fits.
        """
        if self.refused:
            return None
        return ranged(self.standing) if len(self.used.lists) == 3 else mixed(self.standing)

    @property
    def spread(self) -> tuple[float, float] | None:
        """Return least lower and greatest upper end over the estimates that stand; None: none does."""
        stand = [each for each in self.estimates if not each.refused]
        if self.refused or not stand:
            return None
        # Those on lists that were left out are documented all the same.
        return max(self.documented, min(each.low for each in stand)), max(each.high for each in stand)


def mixed(standing: Sequence[Estimate]) -> Estimate:
    """Return the equal mixture of estimates of one table, or the estimate itself where there is one.

    Nobody knows which model of the undocumented is right, so their interval is that of all together; which
    share of its width is between them is said in a note.

    Args:
        standing: Estimates with draws, at least one.
    """
    if len(standing) == 1:
        return standing[0]
    level = standing[0].level
    drawn = {each.method: np.ravel(each.draws) for each in standing if each.draws is not None}
    found = mix({Under(0, 0, method): draws for method, draws in drawn.items()}, level)
    even = [np.quantile(draws, (np.arange(EVEN) + 0.5) / EVEN) for draws in drawn.values()]
    return Estimate(
        MIXTURE,
        standing[0].documented,
        found.middle,
        found.low,
        found.high,
        level,
        np.concatenate(even)[None, :],
        tuple(Model(e.method, e.middle, e.low, e.high, 1 / len(standing)) for e in standing),
        notes=(Reason("whence_width", {"share": found.shares.models}),),
        settings={"methods": tuple(drawn)},
    )


def ranged(standing: Sequence[Estimate]) -> Estimate:
    """Return a mixture whose ends are the least and greatest of all estimates and of the models they weigh.

    Weights by fit prefer models with few terms, and where a term was left out that is there, each of the
    intervals is wrong in the same way. Lists of known size, predicted by three others, were held by such a
    mixture 6 times of 10, and by the range 9 times (docs/understand/counting.md).

    Args:
        standing: Estimates with draws, at least one.
    """
    found = mixed(standing)
    models = [each for estimate in standing if estimate.method == LOG_LINEAR for each in estimate.models]
    lows = [*(each.low for each in standing), *(each.low or each.total for each in models)]
    highs = [*(each.high for each in standing), *(each.high or each.total for each in models)]
    return replace(
        found,
        method=RANGE_OF_MODELS,
        low=max(float(found.documented), float(np.nanmin(lows))),
        high=float(np.nanmax(highs)),
        notes=(),
    )


def estimators(
    lists: int, threads: int = 0, given: Sequence[Estimator] | None = None
) -> tuple[Estimator, ...]:
    """Return the estimators asked about a table of so many lists, the one that must stand first.

    Args:
        lists: Lists with anyone on them.
        threads: Threads of those that are ours.
        given: Estimators to choose among, such as all that are registered; None: ours.
    """
    ours: tuple[Estimator, ...] = (
        of_three(),
        LatentClass(threads=threads),
        seldom(threads=threads),
        DecomposableGraphs(),
        LogLinear(),
    )
    every = ours if given is None else given
    return tuple(each for each in every if each.least_lists <= lists <= each.most_lists)


def assess(
    table: Overlaps,
    seed: int,
    attested: Attestation = Attestation(),
    chosen: Sequence[Estimator] | None = None,
) -> Assessment:
    """Return what one table allows to be said.

    Args:
        table: Who was on which lists.
        seed: Of whatever is drawn.
        attested: What a person says of the lists.
        chosen: Estimators to ask, the one that must stand first; None: ours.
    """
    return assess_all({"": table}, seed, attested, chosen)[""]


def assess_all(
    tables: Mapping[str, Overlaps],
    seed: int,
    attested: Attestation = Attestation(),
    chosen: Sequence[Estimator] | None = None,
    done: Callable[[], None] | None = None,
) -> dict[str, Assessment]:
    """Return what each table, such as each stratum, allows to be said.

    Args:
        tables: Who was on which lists, by stratum.
        seed: Of whatever is drawn.
        attested: What a person says of the lists.
        chosen: Estimators to ask, the one that must stand first; None: ours. One that does not take as many
            lists as a table has is not asked about it.
        done: Called as each chain of the latent-class estimator is done.
    """
    used = {name: _used(table) for name, table in tables.items()}
    refused = {name: of_table(table) for name, table in used.items()}
    asked = {
        name: estimators(len(table.lists), given=chosen) for name, table in used.items() if not refused[name]
    }
    found: dict[str, dict[str, Estimate]] = {name: {} for name in asked}
    together: dict[Estimator, list[str]] = {}
    for name, each in asked.items():
        for estimator in each:
            together.setdefault(estimator, []).append(name)
    for estimator, names in together.items():
        strata = [used[name] for name in names]
        if isinstance(estimator, LatentClass):
            made = estimator.estimates(strata, seed, done)
        else:
            made = [estimator.estimate(stratum, seed) for stratum in strata]
        for name, estimate in zip(names, made, strict=True):
            found[name][estimator.name] = estimate
    return {
        name: _said(
            tables[name].usable(),
            table,
            refused[name],
            attested,
            tuple(found.get(name, {}).values()),
            _bound(table, refused[name], seed),
        )
        for name, table in used.items()
    }


def _used(table: Overlaps) -> Overlaps:
    """Return the table of the lists with more than one person on them, if there are any."""
    return table.usable(2) if (table.sizes > 1).any() else table.usable()


def _said(
    table: Overlaps,
    used: Overlaps,
    refused: tuple[Reason, ...],
    attested: Attestation,
    estimates: tuple[Estimate, ...],
    bound: Estimate | None,
) -> Assessment:
    why = list(refused)
    estimates = (*estimates[:1], *(_far_and_kept(each) for each in estimates[1:]))
    alone = tuple(name for name in table.lists if name not in used.lists)
    notes = [Reason("single_record", {"lists": alone})] if alone else []
    notes += of_lists(used)
    if estimates:
        why += estimates[0].refused
        why += of_several(list(estimates))
        if len(used.lists) == 3:
            notes.append(Reason("three_lists"))
            # Weights cannot speak for one of them, so that all must lie within a factor.
            apart = [r for each in estimates for r in each.refused if r.code == "models_disagree"]
            why += [] if any(r.code == "models_disagree" for r in why) else apart[:1]
    if not why and not estimates:
        why.append(Reason("no_estimator", {"lists": len(used.lists)}))
    conditions = []
    if not attested.closed:
        conditions.append(Reason("closed_not_attested"))
    if not attested.alike:
        conditions.append(Reason("alike_not_attested"))
    found = Assessment(table, used, tuple(why), tuple(conditions), tuple(notes), bound, estimates)
    if found.stated is not None and (far := of_end(found.stated)):
        found = replace(found, refused=far)
    if found.stated is not None:
        notes += [note for note in found.stated.notes if note.code == "whence_width"]
        found = replace(found, notes=tuple(notes))
    return found


def _far_and_kept(estimate: Estimate) -> Estimate:
    """Return an estimate that stands though its upper end is far out, which a note says.

    To leave out a method because it says that the number may be very great would make what is stated surer
    than the methods are. Whether the end of all together is too far out is asked of all together.
    """
    far = tuple(each for each in estimate.refused if each.code == "upper_end_far")
    kept = tuple(each for each in estimate.refused if each.code != "upper_end_far")
    return replace(estimate, refused=kept, notes=(*estimate.notes, *far))


def _bound(table: Overlaps, refused: tuple[Reason, ...], seed: int) -> Estimate | None:
    if len(table.lists) < 2 or int(table.captured[2:].sum()) == 0:
        return None
    if any(reason.code in NO_BOUND for reason in refused):
        return None
    return LowerBound().estimate(table, seed)
