"""What tables allow to be said where imputations and linkages are drawn: strata summed, then all mixed.

Five rules hold, and tests/unit/test_across.py tries to break each:

* a stratum that is refused under more than a few draws is documented only, under all of them;
* nothing refused is added to a number, and each documented person is in the number documented;
* a model that does not stand throughout is left out throughout, and named, with why and how often;
* chains that disagree under a few draws alone are run again, as a single table's are, before that is said;
* the same tables and seed give the same answer; equal tables are looked at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, is_dataclass, replace
from typing import NamedTuple

import numpy as np

from holdfire.counting.assessing import Assessment, Attestation, assess_all
from holdfire.counting.diagnosing import LEAST_DRAWS
from holdfire.counting.estimate import Draws, Estimator, Reason
from holdfire.counting.graphs import DecomposableGraphs
from holdfire.counting.latent.estimator import LatentClass, seldom
from holdfire.counting.loglinear import LogLinear
from holdfire.counting.mixing import Mixture, Under, mix
from holdfire.counting.overlaps import Overlaps
from holdfire.counting.pooling import pool
from holdfire.counting.refusing import WEIGHTY
from holdfire.counting.sensitivity import of_three
from holdfire.errors import BadInput

SILENT = Attestation()
"""Nobody says anything of the lists."""
AGAIN = 0.25
"""Share of the draws up to which chains that disagree under them are run again.

Under so few, short chains may have been unlucky. What fails under more of them fails by the lists, and longer
chains under each would cost hours to say the same.
"""


class Draw(NamedTuple):
    """One imputation of what was missing, and one linkage of the lists, by their numbers."""

    imputation: int
    linkage: int


@dataclass(frozen=True)
class Across:
    """What tables allow to be said, over all draws of them.

    Attributes:
        documented: People on any list under each draw, refused strata included [people].
        strata: Documented people of each stratum under each draw.
        included: Strata that a number was estimated for.
        apart: Strata that are documented only, with why; a reason tells under how many draws it held.
        mixture: The number in all of the included strata; None: nothing stands.
        refused: Why no number is stated; empty: one is.
        conditions: What the number rests on that nobody attested.
        models: Models that were mixed, the one that is stated of a single table first.
        left_out: Models that do not stand throughout, with why; a reason tells under how many draws it held.
        dropped: Draws that were left out, as a stratum was refused under them alone.
        tables: Who was on which lists under each draw, by stratum.
        ranged: Whether the ends of the mixture are the least and greatest of all models under any of the
            draws, as some of what is included has three lists, which cannot choose among them.
    """

    documented: Mapping[Draw, int]
    strata: Mapping[str, Mapping[Draw, int]]
    included: tuple[str, ...]
    apart: Mapping[str, tuple[Reason, ...]]
    mixture: Mixture | None
    refused: tuple[Reason, ...]
    conditions: tuple[Reason, ...]
    models: tuple[str, ...]
    left_out: Mapping[str, tuple[Reason, ...]]
    dropped: tuple[Draw, ...]
    tables: Mapping[Draw, Mapping[str, Overlaps]]
    ranged: bool

    @property
    def draws(self) -> int:
        """Return how many draws there were."""
        return len(self.tables)

    @property
    def middle(self) -> Draw:
        """Return the draw under which the number documented is the middle one."""
        ordered = sorted(self.documented, key=lambda draw: (self.documented[draw], draw))
        return ordered[(len(ordered) - 1) // 2]

    @property
    def stated(self) -> Mixture | None:
        """Return the number that is stated, if any is."""
        return None if self.refused else self.mixture

    @property
    def outside(self) -> int:
        """Return how many people are documented in strata that are in no number: the median over draws."""
        sums = [sum(self.strata[name].get(draw, 0) for name in self.apart) for draw in self.documented]
        return int(np.median(sums))


def few(lists: int, threads: int = 0) -> tuple[Estimator, ...]:
    """Return the estimators asked under each of many draws: few draws of each, which are pooled."""
    every: tuple[Estimator, ...] = (
        of_three(draws=400),
        LatentClass(draws=400, warm=800, threads=threads, escalate=False),
        seldom(draws=400, warm=800, threads=threads, escalate=False),
        DecomposableGraphs(draws=400),
        LogLinear(draws=400),
    )
    return tuple(each for each in every if each.least_lists <= lists <= each.most_lists)


def assess_across(
    tables: Mapping[Draw, Mapping[str, Overlaps]],
    seed: int,
    attested: Attestation = SILENT,
    chosen: Sequence[Estimator] | None = None,
    done: Callable[[], None] | None = None,
) -> Across:
    """Return what tables allow to be said over all draws of them.

    Args:
        tables: For each draw, who was on which lists, by stratum. Imputations and linkages are crossed.
        seed: Of whatever is drawn.
        attested: What a person says of the lists.
        chosen: Estimators to ask, the one to state first; None: `few`.
        done: Called as each chain of the latent-class estimator is done.

    Raises:
        BadInput: There are no tables, or imputations and linkages are not crossed.
    """
    sides = [sorted({draw[side] for draw in tables}) for side in (0, 1)]
    if not tables or len(tables) != len(sides[0]) * len(sides[1]):
        raise BadInput(
            f"{len(tables)} draws are not every imputation with every linkage",
            hint="draw the linkages once, and impute each the same number of times",
        )
    found = _assessed(tables, seed, attested, chosen, done)
    names = sorted({name for each in tables.values() for name in each})
    apart = _apart(found, names)
    included = [name for name in names if name not in apart]
    dropped = _dropped(found, included)
    kept = {draw: each for draw, each in found.items() if draw not in dropped}
    models, left_out = _models(kept, included)
    ranged = any(len(each[name].used.lists) == 3 for each in kept.values() for name in included)
    mixture = None
    if included and models:
        drawn = {
            Under(*draw, model): _summed({name: each[name] for name in included}, model, seed)
            for draw, each in kept.items()
            for model in models
        }
        mixture = mix(drawn)
        if ranged:
            ends = [each[1:] for each in mixture.by_model.values()]
            ends += [_ends({name: each[name] for name in included}, seed) for each in kept.values()]
            mixture = replace(mixture, low=min(e[0] for e in ends), high=max(e[1] for e in ends))
    refused: tuple[Reason, ...] = mixture.refused if mixture else ()
    if mixture is None:
        refused = _common(apart) or (Reason("no_model_stands", {"models": tuple(left_out)}),)
    elif few_draws := _too_few(kept, included):
        refused = (*refused, few_draws)
    strata = {
        name: {draw: each[name].documented if name in each else 0 for draw, each in tables.items()}
        for name in names
    }
    return Across(
        {draw: sum(each.documented for each in tables[draw].values()) for draw in sorted(tables)},
        strata, tuple(included), apart, mixture, refused, _conditions(attested), models, left_out,
        dropped, tables, ranged,
    )  # fmt: skip


def _assessed(
    tables: Mapping[Draw, Mapping[str, Overlaps]],
    seed: int,
    attested: Attestation,
    chosen: Sequence[Estimator] | None,
    done: Callable[[], None] | None,
) -> dict[Draw, dict[str, Assessment]]:
    """Return the assessment of each table; equal tables are assessed once."""
    distinct = {table.digest: table for each in tables.values() for table in each.values()}
    asked: dict[tuple[Estimator, ...], dict[str, Overlaps]] = {}
    for name, table in sorted(distinct.items()):
        wanted = tuple(chosen) if chosen is not None else few(len(table.usable().lists))
        asked.setdefault(wanted, {})[name] = table
    known: dict[str, Assessment] = {}
    for wanted, group in asked.items():
        known.update(assess_all(group, seed, attested, wanted, done))
    unlucky = _unlucky(tables, known)
    for wanted, group in asked.items():
        if again := {name: table for name, table in group.items() if name in unlucky}:
            known.update(assess_all(again, seed, attested, tuple(map(_harder, wanted)), done))
    return {
        draw: {name: _forgiven(known[table.digest]) for name, table in each.items()}
        for draw, each in tables.items()
    }


def _unlucky(tables: Mapping[Draw, Mapping[str, Overlaps]], known: Mapping[str, Assessment]) -> set[str]:
    """Return the tables whose chains disagree where those of nearly all draws of the same stratum agree."""
    of: dict[str, list[str]] = {}
    for each in tables.values():
        for name, table in each.items():
            of.setdefault(name, []).append(table.digest)
    found: set[str] = set()
    for digests in of.values():
        for method in {each.method for digest in digests for each in known[digest].estimates}:
            failed = [digest for digest in digests if _disagree(known[digest], method)]
            if len(failed) <= max(1, AGAIN * len(digests)):
                found.update(failed)
    return found


def _disagree(found: Assessment, method: str) -> bool:
    reasons = (each for e in found.estimates if e.method == method for each in e.refused)
    return any(each.code == "chains_disagree" for each in reasons)


def _harder(estimator: Estimator) -> Estimator:
    """Return an estimator that goes on where its chains disagree, if it can."""
    if not is_dataclass(estimator) or isinstance(estimator, type) or not hasattr(estimator, "escalate"):
        return estimator
    made: Estimator = replace(estimator, escalate=True)
    return made


def _forgiven(found: Assessment) -> Assessment:
    """Return an assessment that is not refused for few draws: they are pooled, and counted together."""
    estimates = tuple(replace(each, refused=_not_few(each.refused)) for each in found.estimates)
    return replace(found, refused=_not_few(found.refused), estimates=estimates)


def _not_few(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    return tuple(each for each in reasons if each.code != "too_few_draws")


def _apart(
    found: Mapping[Draw, Mapping[str, Assessment]], names: Sequence[str]
) -> dict[str, tuple[Reason, ...]]:
    """Return the strata that are refused, or not there, under more than a few draws, and why."""
    apart: dict[str, tuple[Reason, ...]] = {}
    for name in names:
        there = [each[name].refused if name in each else (Reason("nobody"),) for each in found.values()]
        if sum(bool(reasons) for reasons in there) <= WEIGHTY * len(found):
            continue
        apart[name] = _counted(there)
    return apart


def _counted(there: Sequence[Sequence[Reason]]) -> tuple[Reason, ...]:
    """Return each reason once, as first given, with under how many of the draws it held."""
    first: dict[str, Reason] = {}
    for reason in (each for reasons in there for each in reasons):
        first.setdefault(reason.code, reason)
    times = Counter(code for reasons in there for code in {each.code for each in reasons})
    return tuple(
        Reason(code, {**reason.facts, "draws": times[code], "of": len(there)})
        for code, reason in first.items()
    )


def _dropped(found: Mapping[Draw, Mapping[str, Assessment]], included: Sequence[str]) -> tuple[Draw, ...]:
    """Return the draws that go with a linkage, else an imputation, under which an included stratum is not."""
    bad = [
        draw
        for draw, each in found.items()
        if any(name not in each or each[name].refused for name in included)
    ]
    side = 1 if len({draw.linkage for draw in found}) > 1 else 0
    gone = {draw[side] for draw in bad}
    return tuple(sorted(draw for draw in found if draw[side] in gone))


def _models(
    kept: Mapping[Draw, Mapping[str, Assessment]], included: Sequence[str]
) -> tuple[tuple[str, ...], dict[str, tuple[Reason, ...]]]:
    """Return the models that stand and have draws throughout, in their order, and why the others do not."""
    cells = {draw: [each[name] for name in included] for draw, each in kept.items()}
    every = list(
        dict.fromkeys(e.method for there in cells.values() for cell in there for e in cell.estimates)
    )
    why = {
        model: _counted([[r for cell in there for r in _against(cell, model)] for there in cells.values()])
        for model in every
    }
    return (
        tuple(model for model in every if not why[model]),
        {model: why[model] for model in every if why[model]},
    )


def _against(found: Assessment, model: str) -> tuple[Reason, ...]:
    """Return why a model cannot be drawn from for a table; empty: it can."""
    for each in found.estimates:
        if each.method == model:
            return each.refused or (() if each.draws is not None else (Reason("no_draws"),))
    return (Reason("not_asked"),)


def _summed(cells: Mapping[str, Assessment], model: str, seed: int) -> Draws:
    """Return the sum over strata, draw by draw, of what a model says."""
    stated = {
        name: next(each for each in cell.estimates if each.method == model) for name, cell in cells.items()
    }
    # Those on lists that were left out are documented all the same.
    return pool(stated, {}, seed, floors={name: cell.documented for name, cell in cells.items()}).draws


def _ends(cells: Mapping[str, Assessment], seed: int) -> tuple[float, float]:
    """Return the ends of the sum over strata of what is stated of each under one draw."""
    stated = {name: cell.stated for name, cell in cells.items() if cell.stated is not None}
    whole = pool(stated, {}, seed, floors={name: cell.documented for name, cell in cells.items()})
    return whole.low, whole.high


def _too_few(kept: Mapping[Draw, Mapping[str, Assessment]], included: Sequence[str]) -> Reason | None:
    """Return that the draws of all tables together are too few, if they are."""
    worst = None
    for name in included:
        for check in ("ess_bulk", "ess_tail"):
            tables = {each[name].table.digest: each[name] for each in kept.values()}
            sums = [
                c.value for a in tables.values() for e in a.estimates for c in e.checks if c.name == check
            ]
            if sums and sum(sums) < LEAST_DRAWS and (worst is None or sum(sums) < worst):
                worst = sum(sums)
    return None if worst is None else Reason("too_few_draws", {"draws": worst, "least": LEAST_DRAWS})


def _common(apart: Mapping[str, tuple[Reason, ...]]) -> tuple[Reason, ...]:
    """Return each reason for which strata are refused, where all are."""
    if len(apart) == 1:
        return next(iter(apart.values()))
    strata: dict[str, list[str]] = {}
    for name, reasons in apart.items():
        for reason in reasons:
            strata.setdefault(reason.code, []).append(name)
    return tuple(
        Reason("every_stratum", {"why": code, "strata": tuple(names)}) for code, names in strata.items()
    )


def _conditions(attested: Attestation) -> tuple[Reason, ...]:
    said = {"closed_not_attested": attested.closed, "alike_not_attested": attested.alike}
    return tuple(Reason(code) for code, held in said.items() if not held)
