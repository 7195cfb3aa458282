"""When no number may be given, and why: rules of the table, of one estimate, and of several side by side.

Thresholds are argued in docs/understand/counting.md and tuned on made populations whose size is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse.csgraph import connected_components
from scipy.stats import binom

from holdfire.counting.estimate import Estimate, Reason
from holdfire.counting.overlaps import Overlaps
from holdfire.errors import BadInput

if TYPE_CHECKING:
    from holdfire.counting.estimate import Estimator

LATENT, SELDOM = "latent_class", "latent_class_seldom"
"""Names of the latent-class estimator under its two priors."""
LOG_LINEAR = "log_linear"
"""Name of the estimator whose models are all compared where there are three lists."""
FEWEST = 50
"""Fewest documented people of a table from which a number is estimated."""
FEWEST_SHARED = 10
"""Fewest people on more than one list."""
COPY = 0.95
"""Share of the people of two lists who are on both, at which one is taken for a copy of the other."""
PART = 10
"""Fewest people of a list that is taken for a copy or a part of another: few agree by chance."""
CHANCE = 1e-6
"""Most chance of so many of a list being on another, were they so no more often than all others are."""
HELD = 0.9
"""Share of a list that another holds, past all chance, at which a reader is told."""
APART = 0.25
"""Two modes are two answers where their numbers differ by more than this share of the smaller."""
WEIGHTY = 0.05
"""Least weight of a mode that is an answer."""
FAR = 10.0
"""Upper end over documented people, at which the table says next to nothing of the undocumented."""
RANGE = 2.0
"""Greatest over least of what defensible models say, at which they do not agree."""


def taken(table: Overlaps, estimator: Estimator) -> Overlaps:
    """Return a table without empty lists, if an estimator takes as many lists.

    Raises:
        BadInput: It does not.
    """
    used = table.usable()
    lists = len(used.lists)
    if lists < estimator.least_lists:
        raise BadInput(
            f"{estimator.name} needs {estimator.least_lists} lists with people on them, and {lists} have any",
            hint="two lists give a number only if being on one says nothing of being on the other",
        )
    if lists > estimator.most_lists:
        raise BadInput(
            f"{estimator.name} takes up to {estimator.most_lists} lists, and there are {lists}",
            hint="join lists, or use latent_class",
        )
    return used


def of_table(table: Overlaps) -> tuple[Reason, ...]:
    """Return why no number may be estimated from a table, whatever the method; empty: nothing forbids it."""
    used = table.usable()
    lists, pairs = len(used.lists), used.pairs
    found = []
    if lists < 3:
        found.append(Reason("too_few_lists", {"lists": lists}))
    shared = int(used.captured[2:].sum())
    if shared == 0 and lists > 1:
        found.append(Reason("no_overlap", {"lists": used.lists}))
    elif lists > 1:
        count, of = connected_components(pairs > 0, directed=False)
        if count > 1:
            smallest = int(np.argmin(np.bincount(of)))
            apart = tuple(used.lists[j] for j in range(lists) if of[j] == smallest)
            found.append(Reason("islands", {"islands": int(count), "apart": apart}))
        if shared < FEWEST_SHARED:
            found.append(Reason("little_overlap", {"shared": shared, "least": FEWEST_SHARED}))
    if used.documented < FEWEST:
        found.append(Reason("too_few_people", {"documented": used.documented, "least": FEWEST}))
    found += [reason for reason in _held(used) if reason.code in {"copy", "part"}]
    return tuple(found)


def of_lists(table: Overlaps) -> tuple[Reason, ...]:
    """Return what a reader must know of the lists themselves: those that nearly lie within another."""
    return tuple(reason for reason in _held(table.usable()) if reason.code == "held")


def _held(table: Overlaps) -> Iterator[Reason]:
    """Yield which lists are copies of others, parts of them, or nearly so."""
    pairs, sizes, people = table.pairs, table.sizes, table.documented
    for i, j in np.argwhere(pairs >= HELD * sizes[:, None]):
        if i == j or sizes[i] > sizes[j] or (sizes[i] == sizes[j] and i > j):
            continue
        both, small, great = int(pairs[i, j]), int(sizes[i]), int(sizes[j])
        facts = {"one": table.lists[i], "other": table.lists[j], "both": both, "size": small}
        others = people - small
        rate = (great - both) / others if others else 1.0
        if small < PART:
            continue
        if both >= COPY * (small + great - both):
            yield Reason("copy", facts)
        elif binom.sf(both - 1, small, rate) < CHANCE:
            yield Reason("part" if both == small else "held", facts)


def of_draws(estimate: Estimate) -> tuple[Reason, ...]:
    """Return why the number of one estimate may not be used, by its diagnostics and its modes."""
    found = []
    failed = {check.name: check for check in estimate.checks if not check.passed}
    for name in ("rhat", "rhat_likelihood"):
        if name in failed:
            found.append(Reason("chains_disagree", {"rhat": failed[name].value, "limit": failed[name].limit}))
            break
    for name in ("ess_bulk", "ess_tail"):
        if name in failed:
            found.append(Reason("too_few_draws", {"draws": failed[name].value, "least": failed[name].limit}))
            break
    if "predictive" in failed:
        found.append(Reason("does_not_fit", {"chance": failed["predictive"].value}))
    heavy = [model for model in estimate.models if (model.weight or 0) > WEIGHTY]
    if len(heavy) > 1 and estimate.method in {LATENT, SELDOM}:
        least, most = min(m.total for m in heavy), max(m.total for m in heavy)
        if most > (1 + APART) * least:
            found.append(Reason("two_modes", {"modes": len(heavy), "least": least, "most": most}))
    return (*found, *of_end(estimate))


def of_end(estimate: Estimate) -> tuple[Reason, ...]:
    """Return that the upper end is so far above the documented that the number is no finding, if it is."""
    if estimate.high <= FAR * estimate.documented:
        return ()
    facts = {"high": estimate.high, "documented": estimate.documented, "times": FAR}
    return (Reason("upper_end_far", facts),)


def of_several(estimates: list[Estimate]) -> tuple[Reason, ...]:
    """Return why several estimates side by side give no one number: they differ by more than a factor."""
    stand = [each for each in estimates if not each.refused]
    if len(stand) < 2:
        return ()
    least, most = min(e.middle for e in stand), max(e.middle for e in stand)
    if most <= RANGE * least:
        return ()
    return (Reason("models_disagree", {"least": least, "most": most, "times": RANGE}),)
