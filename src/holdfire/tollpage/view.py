"""What the page shows of one table in one language: plain texts, rows and drawings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

import numpy as np
from markupsafe import Markup

from holdfire import tollshown
from holdfire.counting.assessing import RANGE_OF_MODELS, Assessment
from holdfire.counting.eachlist import EachList
from holdfire.counting.estimate import Estimate, Model
from holdfire.counting.refusing import WEIGHTY
from holdfire.counting.sensitivity import multiplied
from holdfire.counting.tabled.strata import Labels
from holdfire.eachlistshown import HEADS, rows, sentences
from holdfire.publishing.drawing.chains import agreement
from holdfire.publishing.drawing.density import Curve, densities
from holdfire.publishing.drawing.upset import MOST, upset
from holdfire.publishing.pages.tollwords import Said, TollWords, number, share
from holdfire.tolling import Account, Toll
from holdfire.tollshown import named, shown_ends

WHOLE = 12
"""Strata of an account that are shown whole; of more, a table alone."""
FORMS = ("wide", "narrow")

Row = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Method:
    """One method, for a statistician."""

    name: str
    assumes: str
    notes: list[str]
    checks: list[Row]
    models: list[Row]
    settings: str
    chains: Markup


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One stratum."""

    name: str
    place: str
    documented: str
    estimated: str
    interval: str
    spread: str
    stated: bool
    conditions: list[Said]
    refused: list[Said]
    notes: list[Said]
    sentence: str
    bound: str
    overlaps: Markup
    lists: list[Row]
    density: Markup
    methods_head: str
    methods: list[Row]
    details: list[str]
    statistician: list[Method]
    sensitivity: list[Row]
    each_list: list[Row]
    each_list_heads: list[str]
    each_list_said: list[str]
    digest: str


@dataclass(frozen=True, kw_only=True)
class AccountShown:
    """One account of the same people."""

    name: str
    table: list[Row]
    sum: str
    sums: list[Row]
    not_summed: str
    one_model: list[Row]
    independent: bool
    only_if: str
    strata: list[Shown]
    left: int


@dataclass(frozen=True, kw_only=True)
class View:
    """One table."""

    file: str
    place: str
    lists: str
    rows: str
    joined: list[str]
    attested: list[tuple[str, bool]]
    who: str
    accounts: list[AccountShown]
    accounts_said: list[str]
    seed: int


def view(toll: Toll, words: TollWords, place: str) -> View:
    """Return what is shown of one table.

    Args:
        toll: What was found.
        words: Of a language.
        place: An id that is free on the page; others are made of it.
    """
    asked = toll.asking.attested
    return View(
        file=toll.tabled.file,
        place=place,
        lists=words.listed(toll.tabled.lists),
        rows=words.sentence("rows_people" if toll.tabled.people else "rows_patterns"),
        joined=[words.sentence("joined", office=o, lists=tuple(j)) for o, j in toll.tabled.joined.items()],
        attested=[(words.label("closed"), asked.closed), (words.label("alike"), asked.alike)],
        who=words.sentence("attested", who=asked.by) if asked.by else words.sentence("nobody"),
        accounts=[_account(each, toll, words, f"{place}-{n}") for n, each in enumerate(toll.accounts, 1)],
        accounts_said=tollshown.accounts(toll, words),
        seed=toll.asking.seed,
    )


def _named(columns: Sequence[str], labels: Labels, words: TollWords) -> str:
    shown = (
        f"{c}: {words.label('not_said') if v is None else v}" for c, v in zip(columns, labels, strict=True)
    )
    return words.listed(shown)


def _account(account: Account, toll: Toll, words: TollWords, place: str) -> AccountShown:
    strata = account.strata
    table: list[Row] = []
    if len(strata) > 1:
        table = [_line(_named(toll.tabled.by, labels, words), found, words) for labels, found in strata]
    shown = strata if len(strata) <= WHOLE else ()
    conditions = {r.code: r for _, each in strata if each.stated is not None for r in each.conditions}
    only_if = ""
    if conditions and len(strata) > 1:
        held = [words.reason(code, each.facts).says for code, each in conditions.items()]
        only_if = words.sentence("only_if", conditions=words.joined(held))
    return AccountShown(
        name=_named(toll.tabled.apart, account.labels, words),
        table=table,
        sum=tollshown.summed(account, words),
        sums=[
            (words.of("estimators", name), shown_ends(each, words))
            for name, each in account.by_method.items()
        ],
        not_summed=tollshown.not_summed(account, words),
        one_model=_one_model(account, toll, words),
        independent=bool(account.sum and len(account.sum.strata) > 1),
        only_if=only_if,
        strata=[
            replace(
                _stratum(_named(toll.tabled.by, labels, words), found, words, f"{place}-{n}"),
                **_each_list(account.each_list.get(labels), words),
            )
            for n, (labels, found) in enumerate(shown, 1)
        ],
        left=len(strata) - len(shown),
    )


def _one_model(account: Account, toll: Toll, words: TollWords) -> list[Row]:
    found = account.one_model
    if found is None:
        return []
    strata = [
        tollshown.one_model_row(_named(toll.tabled.by, labels, words), each, words)
        for labels, each in found.strata.items()
    ]
    return [tollshown.one_model_row(words.label("all_strata"), found.whole, words), *strata]


def _line(name: str, found: Assessment, words: TollWords) -> Row:
    if found.stated is not None:
        return name, number(found.documented), shown_ends(found.stated, words), ""
    why = words.listed(words.of("shorts", reason.code) for reason in found.refused)
    return name, number(found.documented), words.label("refused"), why


def _stratum(name: str, found: Assessment, words: TollWords, place: str) -> Shown:
    stated = found.stated
    sentence = "" if stated is None else tollshown.stated(found, stated, words)
    several = sum(not each.refused for each in found.estimates) > 1
    ranged = stated is not None and stated.method == RANGE_OF_MODELS
    between = "" if stated is None else _range(max(stated.low, found.documented), stated.high, words)
    spread = _range(*found.spread, words) if found.spread and several and not ranged else ""
    return Shown(
        name=name,
        place=place,
        documented=number(found.documented),
        estimated="–" if stated is None else between if ranged else number(stated.middle),
        interval="" if ranged else between,
        spread=spread,
        stated=stated is not None,
        conditions=[words.reason(r.code, r.facts) for r in found.conditions],
        refused=[words.reason(r.code, r.facts) for r in found.refused],
        notes=[words.reason(r.code, r.facts) for r in found.notes],
        sentence=sentence,
        bound=_bound(found, words),
        overlaps=_overlaps(found, words, place),
        lists=_lists(found),
        density=_density(found, words, place),
        methods_head=words.label("each_method" if stated else "each_method_refused"),
        methods=[_method(each, words, stated is not None) for each in found.estimates],
        details=_details(found, words),
        statistician=[_statistician(each, words, place) for each in found.estimates],
        sensitivity=[_model(each, words)[:3] for each in multiplied(stated)] if stated else [],
        each_list=[],
        each_list_heads=[],
        each_list_said=[],
        digest=found.table.digest,
    )


def _each_list(found: EachList | None, words: TollWords) -> dict[str, Any]:
    if found is None:
        return {}
    heads = [words.label(head) for head in HEADS]
    return {
        "each_list": rows(found, words),
        "each_list_heads": heads,
        "each_list_said": sentences(found, words),
    }


def _bound(found: Assessment, words: TollWords) -> str:
    bound = found.bound
    if bound is None:
        return ""
    ends = {"middle": bound.middle, "low": bound.low, "high": bound.high}
    if len(found.used.lists) == 2:
        return words.sentence("two", **ends)
    below = tuple(words.of("estimators", e.method) for e in found.estimates if e.middle < bound.low)
    above = f" {words.sentence('bound_above', methods=below)}" if below else ""
    return words.sentence("bound", **ends) + above


def _overlaps(found: Assessment, words: TollWords, place: str) -> Markup:
    table = found.table
    cells = {tuple(bool(v) for v in on): int(n) for on, n in zip(table.on, table.counts, strict=True)}
    left = sorted(cells.values(), reverse=True)[MOST:]
    told = {
        "title": words.label("overlaps"),
        "empty_cell": words.sentence("empty_cell"),
        "more": words.sentence("more", n=len(left), people=sum(left)) if left else "",
    }
    rtl = words.direction == "rtl"
    return _drawn(upset(table.lists, cells, told, rtl, f"{place}-u{form}", form) for form in FORMS)


def _drawn(pictures: Iterable[str]) -> Markup:
    return Markup("".join(pictures))  # noqa: S704 - escaped where it was drawn


def _lists(found: Assessment) -> list[Row]:
    table = found.table
    alone = table.on.sum(axis=1) == 1
    rows: list[Row] = []
    for j, name in enumerate(table.lists):
        size = int(table.sizes[j])
        only = int(table.counts[alone & table.on[:, j]].sum())
        rows.append((name, number(size), number(only), share((size - only) / size)))
    return rows


def _density(found: Assessment, words: TollWords, place: str) -> Markup:
    stated = found.stated
    known = {each.method for each in found.estimates}
    together = [stated] if stated is not None and stated.method not in known else []
    shown = [*found.estimates, *together]
    no = f" ({words.label('stands_not')})"
    curves = [
        Curve(
            words.of("estimators", each.method) + (no if each.refused else ""),
            np.ravel(each.draws),
            each.low, None if each.method == RANGE_OF_MODELS else each.middle, each.high,
            not each.refused,
        )
        for each in shown
        if each.draws is not None and each.draws.size and isfinite(each.high)
    ]  # fmt: skip
    if not curves:
        return Markup()
    told = {"title": words.label("density"), "documented": words.label("documented")}
    rtl, n = words.direction == "rtl", found.used.documented
    return _drawn(densities(curves, n, told, rtl, f"{place}-d{form}", form) for form in FORMS)


def _method(each: Estimate, words: TollWords, stated: bool) -> Row:
    why = words.listed(dict.fromkeys(words.of("shorts", r.code) for r in each.refused))
    use = words.label("stands" if stated else "stands_alone")
    if each.refused:
        use = f"{words.label('stands_not')}: {why}"
    return words.of("estimators", each.method), number(each.middle), _range(each.low, each.high, words), use


def _details(found: Assessment, words: TollWords) -> list[str]:
    """Return the modes, and of three lists the range of their models."""
    said = []
    for each in found.estimates:
        heavy = [model for model in each.models if (model.weight or 0) > WEIGHTY]
        if each.method.startswith("latent_class") and len(heavy) > 1:
            for m in heavy:
                facts = {"weight": m.weight, "middle": m.total, "low": m.low, "high": m.high}
                said.append(f"{words.of('estimators', each.method)}: {words.sentence('modes', **facts)}")
            if any(reason.code == "chains_disagree" for reason in each.refused):
                said.append(words.sentence("modes_unsure"))
        totals = [model.total for model in each.models if isfinite(model.total)]
        if each.method == "log_linear" and len(found.used.lists) == 3 and totals:
            told = words.sentence("three_models", models=len(totals), low=min(totals), high=max(totals))
            said.append(f"{words.of('estimators', each.method)}: {told}")
    return said


def _statistician(each: Estimate, words: TollWords, place: str) -> Method:
    chains = Markup()
    if each.draws is not None and len(each.draws) > 1:
        told = {key: words.label(key) for key in ("trace", "ranks")} | {"title": words.label("chains")}
        rtl = words.direction == "rtl"
        chains = _drawn(agreement(each.draws, told, rtl, f"{place}-c{form}", form) for form in FORMS)
    return Method(
        name=words.of("estimators", each.method),
        assumes=words.of("assumes", each.method),
        notes=[words.reason(r.code, r.facts).says for r in each.notes],
        checks=[
            (
                words.of("checks", c.name),
                f"{c.value:.4g}",
                f"{c.limit:.4g}",
                words.label("yes" if c.passed else "no"),
            )
            for c in each.checks
        ],
        models=[_model(model, words) for model in each.models],
        settings=", ".join(
            f"{k} {' > '.join(v) if isinstance(v, tuple) else v}" for k, v in each.settings.items() if v != ""
        ),
        chains=chains,
    )


def _model(model: Model, words: TollWords) -> Row:
    ends = "" if model.low is None or model.high is None else _range(model.low, model.high, words)
    fate = model.facts.get("left_out")
    weight = "" if model.weight is None else share(model.weight)
    return (
        named(model, words),
        number(model.total),
        ends,
        weight or (words.of("fates", str(fate)) if fate else ""),
    )


def _range(low: float, high: float, words: TollWords) -> str:
    return words.sentence("range", low=low, high=high)
