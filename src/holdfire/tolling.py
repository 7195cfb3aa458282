"""What tables of overlapping lists allow to be said: each stratum, each account of the same people, and sums.

Strata are different people and are added draw by draw; a refused one is documented only and never added in.
Accounts are of the same people, such as one for each linkage threshold, and are never added.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import partial
from typing import Any, Literal

from holdfire import plugins, tollplain
from holdfire.counting.assessing import Assessment, Attestation, assess_all
from holdfire.counting.eachlist import EachList, each_list
from holdfire.counting.estimate import Estimate, Estimator, Reason
from holdfire.counting.hierarchical import Hierarchical, Labelled
from holdfire.counting.hierarchical.estimator import ByStratum
from holdfire.counting.linkages import Band, threshold
from holdfire.counting.overlaps import Overlaps
from holdfire.counting.pooling import Pooled, pool
from holdfire.counting.tabled import Tabled
from holdfire.counting.tabled.strata import Labels, Stratum
from holdfire.errors import BadInput, nearest
from holdfire.version import VERSION

FIRST = ("highest_interaction", "latent_class", "latent_class_seldom", "decomposable_graphs", "log_linear")
"""The first that takes a table's lists must stand for a number to be stated; others follow by name."""
LEAST_DRAWS = 1000
FEW_STRATA = 12
"""Strata up to which each list is left out and predicted without being asked to."""
SILENT = Attestation()
"""Nobody says anything of the lists."""


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What is asked of the tables.

    Attributes:
        attested: What a person who knows the lists says of them.
        seed: Of whatever is drawn.
        draws: Draws of each estimator; 0: as its maker sets it.
        threads: Threads; 0: as many as there are processors. No number depends on it.
        estimators: Names of those to ask, the one that must stand first; empty: all that are registered.
        hierarchical: Whether one model of all strata is asked too, in which what is not said is summed over.
        ordered: Columns whose neighbouring labels are near, such as months; for that model.
        each_list: Whether each list is left out, and its people predicted by the others: `quick`, by methods
            without chains, of tables with few strata; `full`, by all that are asked; or `no`.
    """

    attested: Attestation = SILENT
    seed: int = 1
    draws: int = 0
    threads: int = 0
    estimators: tuple[str, ...] = ()
    hierarchical: bool = False
    ordered: tuple[str, ...] = ()
    each_list: Literal["quick", "full", "no"] = "quick"


@dataclass(frozen=True)
class Account:
    """One account of the people of a table.

    Attributes:
        labels: Which, by the columns that tell accounts apart; None: not said.
        strata: What is said of each stratum, with its labels.
        sum: The sum of the strata that have a number; None: there is one stratum.
        by_method: The same sum by each method that stands in all of them.
        not_summed: Methods that stand in some of them and not in all, so that they have no sum.
        one_model: What one model of all strata says; None: it was not asked, or there is one stratum.
        each_list: What each list does to the answer, of strata of which it was asked.
    """

    labels: Labels
    strata: tuple[tuple[Labels, Assessment], ...]
    sum: Pooled | None
    by_method: Mapping[str, Pooled]
    not_summed: tuple[str, ...] = ()
    one_model: ByStratum | None = None
    each_list: Mapping[Labels, EachList] = field(default_factory=dict)

    @property
    def documented(self) -> int:
        """Return how many people are on any list, in all strata."""
        return sum(each.documented for _, each in self.strata)

    @property
    def ends(self) -> tuple[float, float] | None:
        """Return the interval of all that is stated; None: nothing is, or not all."""
        if self.sum is not None:
            return None if self.sum.left_out else (self.sum.low, self.sum.high)
        stated = self.strata[0][1].stated
        return None if stated is None else (stated.low, stated.high)


@dataclass(frozen=True)
class Toll:
    """What one table allows to be said.

    Attributes:
        tabled: The table.
        accounts: Accounts of the same people; one, unless columns tell them apart.
        asking: What was asked.
    """

    tabled: Tabled
    accounts: tuple[Account, ...]
    asking: Asking

    @property
    def refused(self) -> bool:
        """Return whether any stratum has no number, or thresholds of linkage leave none."""
        return bool(self.linkage) or any(
            found.refused for account in self.accounts for _, found in account.strata
        )

    @property
    def linkage(self) -> tuple[Reason, ...]:
        """Return why no account may be picked: thresholds of linkage move the number more than models do.

        Accounts that columns of other names tell apart are looked at separately, such as causes of death; the
        fact `of` says which these are.
        """
        if any(len(account.strata) != 1 for account in self.accounts):
            return ()
        strict = [threshold(name) for name in self.tabled.apart]
        bands: dict[Labels, dict[tuple[int, ...], Assessment]] = {}
        for number, account in enumerate(self.accounts):
            others = tuple(each for each, is_one in zip(account.labels, strict, strict=True) if not is_one)
            bands.setdefault(others, {})[(number,)] = account.strata[0][1]
        return tuple(
            replace(reason, facts={**reason.facts, "of": tuple(each or "" for each in others)})
            for others, found in bands.items()
            if len(found) > 1 and any(strict)
            for reason in Band(
                {at: each.documented for at, each in found.items()},
                {at: each.estimates for at, each in found.items() if each.estimates},
            ).refused
        )

    @property
    def json(self) -> dict[str, Any]:
        """Return all of it as plain values; a number that is none is null."""
        return {
            "file": self.tabled.file,
            "lists": list(self.tabled.lists),
            "rows": "people" if self.tabled.people else "patterns",
            "joined": {office: list(lists) for office, lists in self.tabled.joined.items()},
            "by": list(self.tabled.by),
            "apart": list(self.tabled.apart),
            "attested": {
                "closed": self.asking.attested.closed,
                "same_definitions": self.asking.attested.alike,
                "by": self.asking.attested.by,
            },
            "seed": self.asking.seed,
            "version": VERSION,
            "linkage": [{"code": each.code, **each.facts} for each in self.linkage],
            "accounts": [self._account(account) for account in self.accounts],
        }

    def _account(self, account: Account) -> dict[str, Any]:
        return {
            "apart": dict(zip(self.tabled.apart, account.labels, strict=True)),
            "documented": account.documented,
            "strata": [
                {
                    "by": dict(zip(self.tabled.by, labels, strict=True)),
                    **tollplain.assessed(found),
                    "each_list": tollplain.by_list(account.each_list.get(labels)),
                }
                for labels, found in account.strata
            ],
            "sum": tollplain.pooled(account.sum),
            "sum_by_method": {name: tollplain.pooled(each) for name, each in account.by_method.items()},
            "not_summed": list(account.not_summed),
            "one_model": account.one_model and self._one_model(account.one_model),
        }

    def _one_model(self, found: ByStratum) -> dict[str, Any]:
        return {
            "whole": tollplain.estimated(found.whole),
            "strata": [
                {"by": dict(zip(self.tabled.by, labels, strict=True)), **tollplain.estimated(each)}
                for labels, each in found.strata.items()
            ],
        }


def toll(tabled: Tabled, asking: Asking, tell: Callable[[int, int], None] = lambda done, total: None) -> Toll:
    """Return what a table allows to be said.

    Args:
        tabled: The table.
        asking: What is asked of it.
        tell: Called with chains done and chains begun.

    Raises:
        BadInput: An estimator that is asked for is not registered, or too few draws are asked for; one model
            of all strata is asked of a table without any.
        HoldfireError: numpyro is not installed, and one model of all strata is asked.
    """
    chosen = asked(asking)
    if asking.hierarchical:
        _check_strata(tabled, asking)
    tables = {str(n): stratum.table for n, stratum in enumerate(tabled.strata)}
    chains, done = sum(getattr(each, "chains", 0) for each in chosen) * len(tables), 0

    def one() -> None:
        nonlocal done
        done += 1
        tell(done, max(done, chains))

    found = assess_all(tables, asking.seed, asking.attested, chosen, one)
    accounts: dict[Labels, list[tuple[Stratum, Assessment]]] = {}
    for name, stratum in zip(tables, tabled.strata, strict=True):
        accounts.setdefault(stratum.apart, []).append((stratum, found[name]))
    made = [_account(labels, strata, asking.seed) for labels, strata in accounts.items()]
    if asking.hierarchical:
        made = [
            replace(one, one_model=_one_model(tabled, strata, asking))
            for one, strata in zip(made, accounts.values(), strict=True)
        ]
    if asking.each_list == "full" or (asking.each_list == "quick" and len(tables) <= FEW_STRATA):
        by = partial(
            each_list, seed=asking.seed, chosen=chosen if asking.each_list == "full" else None, done=one
        )
        made = [
            replace(account, each_list=_by_list(strata, by))
            for account, strata in zip(made, accounts.values(), strict=True)
        ]
    return Toll(tabled, tuple(made), asking)


def _by_list(
    strata: Sequence[tuple[Stratum, Assessment]], by: Callable[[Overlaps], EachList | None]
) -> dict[Labels, EachList]:
    """Return what each list does to the answer of each stratum that an estimator was asked of."""
    found = {stratum.labels: by(assessed.used) for stratum, assessed in strata if assessed.estimates}
    return {labels: each for labels, each in found.items() if each is not None}


def _check_strata(tabled: Tabled, asking: Asking) -> None:
    if not tabled.by:
        raise BadInput(
            "one model of all strata needs columns that tell them apart", tabled.file, "name them in --by"
        )
    if unknown := [name for name in asking.ordered if name not in tabled.by]:
        raise BadInput(
            f"{unknown[0]} is none of the columns of --by", "--ordered", nearest(unknown[0], tabled.by)
        )


def _one_model(
    tabled: Tabled, strata: Sequence[tuple[Stratum, Assessment]], asking: Asking
) -> ByStratum | None:
    """Return what one model of all strata of an account says; of one stratum, nothing."""
    if len(strata) < 2:
        return None
    rows = [
        (stratum.labels, int(pattern), int(people))
        for stratum, _ in strata
        for pattern, people in zip(stratum.table.patterns, stratum.table.counts, strict=True)
    ]
    table = Labelled.of(strata[0][0].table.lists, tabled.by, rows, ordered=asking.ordered)
    asked_of = Hierarchical()
    if asking.draws:
        asked_of = replace(asked_of, draws=-(-asking.draws // asked_of.chains))
    return asked_of.by_stratum(table, asking.seed)


def asked(asking: Asking) -> tuple[Estimator, ...]:
    """Return the estimators that are asked, set as asked, the one that must stand first.

    Raises:
        BadInput: One is not registered, or too few draws are asked for.
    """
    known = plugins.estimators()
    for name in asking.estimators:
        if name not in known:
            raise BadInput(f'there is no estimator "{name}"', hint=nearest(name, known))
    if asking.draws and asking.draws < LEAST_DRAWS:
        raise BadInput(
            f"{asking.draws} draws cannot tell the ends of an interval", hint=f"{LEAST_DRAWS} or more"
        )
    ours = [name for name in FIRST if name in known]
    wanted = asking.estimators or (*ours, *sorted(set(known) - set(ours)))
    return tuple(_set(known[name], asking) for name in wanted)


def _set(estimator: Estimator, asking: Asking) -> Estimator:
    """Return an estimator with the draws and threads asked for, where it has such settings."""
    if not is_dataclass(estimator) or isinstance(estimator, type):
        return estimator
    has = {each.name for each in fields(estimator)}
    given: dict[str, int] = {}
    if "threads" in has:
        given["threads"] = asking.threads
    if "draws" in has and asking.draws:
        given["draws"] = -(-asking.draws // getattr(estimator, "chains", 1))
    made: Estimator = replace(estimator, **given)
    return made


def _account(labels: Labels, found: Sequence[tuple[Stratum, Assessment]], seed: int) -> Account:
    strata = tuple((stratum.labels, assessed) for stratum, assessed in found)
    if len(strata) < 2:
        return Account(labels, strata, None, {})
    named = {"\x1f".join(each or "" for each in key): assessed for key, assessed in strata}
    stated = {name: each.stated for name, each in named.items() if each.stated is not None}
    others = {name: each.documented for name, each in named.items() if name not in stated}
    floors = {name: each.documented for name, each in named.items()}
    by_method = {}
    for method in _throughout([named[name] for name in stated]):
        drawn = {name: _of(named[name], method) for name in stated}
        by_method[method] = pool(drawn, others, seed, floors=floors)
    whole = pool(stated, others, seed, floors=floors)
    if whole.ranged and by_method:
        each = [whole, *by_method.values()]
        whole = replace(whole, low=min(e.low for e in each), high=max(e.high for e in each))
    some = dict.fromkeys(e.method for name in stated for e in named[name].standing)
    return Account(labels, strata, whole, by_method, tuple(each for each in some if each not in by_method))


def _throughout(found: Sequence[Assessment]) -> list[str]:
    """Return the methods that stand, with draws, in every stratum that has a number."""
    if not found:
        return []
    stand = [{e.method for e in each.estimates if not e.refused and e.draws is not None} for each in found]
    return [e.method for e in found[0].estimates if all(e.method in each for each in stand)]


def _of(found: Assessment, method: str) -> Estimate:
    return next(each for each in found.estimates if each.method == method)
