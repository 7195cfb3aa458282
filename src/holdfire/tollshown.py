"""What a table of lists allows to be said, on a terminal: plain words first, a statistician's after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import isfinite
from textwrap import wrap

from holdfire.counting.assessing import RANGE_OF_MODELS, Assessment
from holdfire.counting.eachlist import MOST_QUICK, EachList
from holdfire.counting.estimate import Estimate, Model, Reason
from holdfire.counting.hierarchical.estimator import ByStratum
from holdfire.counting.linkages import threshold
from holdfire.counting.pooling import Pooled
from holdfire.counting.refusing import LATENT, SELDOM, WEIGHTY
from holdfire.counting.sensitivity import multiplied
from holdfire.counting.tabled.strata import Labels
from holdfire.eachlistshown import HEADS, rows, sentences
from holdfire.publishing.pages.tollwords import Said, TollWords, number, share, tollwords
from holdfire.tolling import Account, Toll

WIDTH = 100
SHOWN = 8
"""Models shown of a method under `--full`."""
FEW = 3
"""Strata up to which each is told whole; of more, a table."""


def lines(toll: Toll, language: str = "en", full: bool = False) -> Iterator[str]:
    """Yield what a table allows to be said.

    Args:
        toll: What was found.
        language: In which language.
        full: Whether to say what a statistician asks, of every stratum.
    """
    words = tollwords(language)
    tabled = toll.tabled
    yield tabled.file
    rows = words.sentence("rows_people" if tabled.people else "rows_patterns")
    yield from _text(f"{words.label('lists')} ({len(tabled.lists)}): {words.listed(tabled.lists)}. {rows}", 2)
    for office, joined in tabled.joined.items():
        yield from _text(words.sentence("joined", office=office, lists=tuple(joined)), 2)
    if toll.asking.attested.by and (toll.asking.attested.closed or toll.asking.attested.alike):
        said = [words.label(what) for what, held in _attested(toll) if held]
        yield from _text(f"{words.sentence('attested', who=toll.asking.attested.by)} {' '.join(said)}", 2)
    several = len(toll.accounts) > 1
    if len(toll.accounts) > FEW and not full and all(len(each.strata) == 1 for each in toll.accounts):
        apart = [(account.labels, account.strata[0][1]) for account in toll.accounts]
        yield from _table(tabled.apart, apart, words)
        yield from _conditions([found for _, found in apart], words, 2)
        yield from _accounts(toll, words)
        return
    for account in toll.accounts:
        if several:
            yield ""
            yield f"  {_named(tabled.apart, account.labels, words)}"
        yield from _account(account, toll, words, full)
    if several:
        yield ""
        yield from _accounts(toll, words)


def _accounts(toll: Toll, words: TollWords) -> Iterator[str]:
    for said in accounts(toll, words):
        yield from _text(said, 2)


def accounts(toll: Toll, words: TollWords) -> list[str]:
    """Return what is said of several accounts of the same people; of one, nothing."""
    return [_band(toll, words), *_linkage(toll, words)] if len(toll.accounts) > 1 else []


def _attested(toll: Toll) -> tuple[tuple[str, bool], ...]:
    return ("closed", toll.asking.attested.closed), ("alike", toll.asking.attested.alike)


def _linkage(toll: Toll, words: TollWords) -> Iterator[str]:
    """Yield why no account may be picked, for each group of accounts that thresholds alone tell apart."""
    others = [name for name in toll.tabled.apart if not threshold(name)]
    for each in toll.linkage:
        of = each.facts["of"]
        labels = tuple(label or None for label in of) if isinstance(of, tuple) else ()
        where = f"{_named(others, labels, words)}: " if others else ""
        yield where + _means_and_helps(words.reason(each.code, each.facts), words, says=True)


def _means_and_helps(said: Said, words: TollWords, says: bool = False) -> str:
    helps = f"{words.label('helps')}: {said.helps}" if said.helps else ""
    return " ".join(part for part in (said.says if says else "", said.means, helps) if part)


def _band(toll: Toll, words: TollWords) -> str:
    ends = [each.ends for each in toll.accounts if each.ends is not None]
    if not ends:
        return words.sentence("accounts_none")
    return words.sentence("accounts", low=min(low for low, _ in ends), high=max(high for _, high in ends))


def _account(account: Account, toll: Toll, words: TollWords, full: bool) -> Iterator[str]:
    strata = account.strata
    if len(strata) == 1 and not strata[0][0]:
        yield from assessed(strata[0][1], words, full)
        yield from _each_list(account.each_list.get(()), strata[0][1], toll, words)
        return
    if full or len(strata) <= FEW:
        for labels, found in strata:
            yield f"  {_named(toll.tabled.by, labels, words)}"
            yield from (f"  {line}" if line else "" for line in assessed(found, words, full))
            told = _each_list(account.each_list.get(labels), found, toll, words)
            yield from (f"  {line}" for line in told)
    else:
        yield from _table(toll.tabled.by, strata, words)
    if account.sum is not None:
        yield from _sum(account, words)
    if account.one_model is not None:
        yield from _one_model(account.one_model, toll, words)


def _one_model(found: ByStratum, toll: Toll, words: TollWords) -> Iterator[str]:
    """Yield what one model of all strata says: beside the others, and never mixed with them."""
    yield from _text(words.sentence("one_model"), 2)
    yield from _columns([one_model_row(words.label("all_strata"), found.whole, words)], 4)
    if len(found.strata) <= FEW:
        rows = [
            one_model_row(_named(toll.tabled.by, labels, words), each, words)
            for labels, each in found.strata.items()
        ]
        yield from _columns(rows, 4)


def one_model_row(name: str, found: Estimate, words: TollWords) -> tuple[str, str, str, str]:
    """Return a stratum's name, documented people, number and whether it stands."""
    stands = words.label("stands")
    if found.refused:
        stands = f"{words.label('stands_not')}: {_first(found, words)}"
    return name, number(found.documented), shown_ends(found, words), stands


def _named(columns: Sequence[str], labels: Labels, words: TollWords) -> str:
    shown = (
        f"{c} {words.label('not_said') if v is None else v}" for c, v in zip(columns, labels, strict=True)
    )
    return words.listed(shown)


def _table(
    columns: Sequence[str], found: Sequence[tuple[Labels, Assessment]], words: TollWords
) -> Iterator[str]:
    """Yield a line for each stratum or account, and each reason once."""
    rows = [(words.listed(columns), words.label("documented"), words.label("estimated"))]
    told: dict[str, Reason] = {}
    times: Counter[str] = Counter()
    for labels, each in found:
        shown = words.listed(words.label("not_said") if label is None else label for label in labels)
        said = words.label("stands_not") + ": " + _first(each, words)
        rows.append(
            (shown, number(each.documented), said if each.stated is None else shown_ends(each.stated, words))
        )
        for reason in each.refused:
            told.setdefault(reason.code, reason)
            times[reason.code] += 1
    yield from _columns(rows, 2)
    for code, count in times.most_common():
        meant = _means_and_helps(words.reason(code, told[code].facts), words)
        yield from _text(f"{words.of('shorts', code)} ({count}): {meant}", 2)


def _first(found: Assessment | Estimate, words: TollWords) -> str:
    """Return the reason that a reader should know first, and how many more there are."""
    codes = list(dict.fromkeys(reason.code for reason in found.refused))
    first = "too_few_people" if "too_few_people" in codes else next(iter(codes), "")
    more = f" + {len(codes) - 1}" if len(codes) > 1 else ""
    return words.of("shorts", first) + more


def _sum(account: Account, words: TollWords) -> Iterator[str]:
    yield from _text(summed(account, words), 2)
    if account.sum is None or not account.sum.strata:
        return
    rows = [
        (words.of("estimators", name), shown_ends(each, words)) for name, each in account.by_method.items()
    ]
    yield from _columns(rows, 4)
    if account.not_summed:
        yield from _text(not_summed(account, words), 4, 6)
    if len(account.sum.strata) > 1:
        yield from _text(words.sentence("sum_independent"), 2)
    yield from _conditions([each for _, each in account.strata if each.stated is not None], words, 2)


def summed(account: Account, words: TollWords) -> str:
    """Return the sum of an account's strata in words; of one stratum, nothing."""
    found = account.sum
    if found is None:
        return ""
    if not found.strata:
        return words.sentence("sum_none", documented=account.documented)
    ends = {"low": found.low, "high": found.high, "middle": found.middle}
    between = words.sentence("range_of_models" if found.ranged else "interval", **ends)
    facts = {"strata": len(found.strata), "between": between, "documented": found.documented}
    if found.left_out:
        return words.sentence("sum", **facts, beside=found.beside, others=len(found.left_out))
    return words.sentence("sum_all", **facts)


def not_summed(account: Account, words: TollWords) -> str:
    """Return which methods have no sum, as they do not stand in every stratum; none: nothing."""
    if not account.not_summed:
        return ""
    names = tuple(words.of("estimators", each) for each in account.not_summed)
    return words.sentence("not_summed", methods=names)


def _conditions(found: Sequence[Assessment], words: TollWords, indent: int) -> Iterator[str]:
    conditions = {reason.code: reason for each in found for reason in each.conditions}
    if conditions and any(each.stated is not None for each in found):
        held = [words.reason(code, each.facts).says for code, each in conditions.items()]
        yield from _text(words.sentence("only_if", conditions=words.joined(held)), indent)


def assessed(found: Assessment, words: TollWords, full: bool = False) -> Iterator[str]:
    """Yield what is said of one stratum."""
    if found.stated is not None:
        yield from _text(stated(found, found.stated, words), 2)
        if found.stated.method == RANGE_OF_MODELS:
            pass  # the spread is what is stated
        elif found.spread is not None and len([e for e in found.estimates if not e.refused]) > 1:
            yield from _text(words.sentence("spread", low=found.spread[0], high=found.spread[1]), 2)
        elif len(found.estimates) > 1:
            yield from _text(words.sentence("spread_one"), 2)
    else:
        yield from _text(words.sentence("refused", documented=found.documented), 2)
        for reason in found.refused:
            yield from _reason(reason, words)
    yield from _bound(found, words)
    yield from _methods(found, words, full)
    for reason in found.notes:
        said = words.reason(reason.code, reason.facts)
        yield from _text(f"{words.label('notes')}: {said.says} {said.means}", 2)
    if full:
        yield from _full(found, words)


def stated(found: Assessment, number: Estimate, words: TollWords) -> str:
    """Return the sentence in which the number of a stratum is stated, with its conditions."""
    facts = {"low": max(number.low, found.documented), "high": number.high, "middle": number.middle}
    between = words.sentence("range_of_models" if number.method == RANGE_OF_MODELS else "interval", **facts)
    documented = words.sentence("documented", documented=found.documented)
    if not found.conditions:
        return f"{documented} {words.sentence('stated', between=between)}"
    held = words.joined([words.reason(each.code, each.facts).says for each in found.conditions])
    return f"{documented} {words.sentence('conditional', conditions=held, between=between)}"


def _each_list(asked: EachList | None, found: Assessment, toll: Toll, words: TollWords) -> Iterator[str]:
    """Yield what each list does to the answer, or that it was not asked."""
    if asked is None:
        if found.estimates and len(found.used.lists) > MOST_QUICK and toll.asking.each_list == "quick":
            yield from _text(words.sentence("each_not_asked"), 2)
        return
    yield from _text(f"{words.label('each_list')}. {words.sentence('each_list')}", 2)
    yield from _columns([tuple(words.label(head) for head in HEADS), *rows(asked, words)], 4)
    for said in sentences(asked, words):
        yield from _text(said, 4, 6)


def _reason(reason: Reason, words: TollWords) -> Iterator[str]:
    said = words.reason(reason.code, reason.facts)
    yield from _text(f"- {said.says} {said.means}", 4, 6)
    if said.helps:
        yield from _text(f"{words.label('helps')}: {said.helps}", 6)


def _bound(found: Assessment, words: TollWords) -> Iterator[str]:
    bound = found.bound
    if bound is None:
        return
    ends = {"middle": bound.middle, "low": bound.low, "high": bound.high}
    if len(found.used.lists) == 2:
        yield from _text(words.sentence("two", **ends), 2)
        return
    yield from _text(words.sentence("bound", **ends), 2)
    below = [each for each in found.estimates if each.middle < bound.low]
    if below:
        methods = tuple(words.of("estimators", each.method) for each in below)
        yield from _text(words.sentence("bound_above", methods=methods), 2)


def _methods(found: Assessment, words: TollWords, full: bool) -> Iterator[str]:
    if not found.estimates:
        return
    heading = words.label("each_method" if found.stated is not None else "each_method_refused")
    yield from _text(heading, 2)
    rows = []
    for each in found.estimates:
        use = words.label("stands" if found.stated is not None else "stands_alone")
        if each.refused:
            use = f"{words.label('stands_not')}: {_first(each, words)}"
        rows.append((words.of("estimators", each.method), shown_ends(each, words), use))
    yield from _columns(rows, 4)
    for each in found.estimates:
        heavy = [model for model in each.models if (model.weight or 0) > WEIGHTY]
        if each.method in {LATENT, SELDOM} and len(heavy) > 1:
            for model in heavy:
                facts = {"weight": model.weight, "middle": model.total, "low": model.low, "high": model.high}
                said = words.sentence("modes", **facts)
                yield from _text(f"{words.of('estimators', each.method)}: {said}", 4, 6)
            if any(reason.code == "chains_disagree" for reason in each.refused):
                yield from _text(words.sentence("modes_unsure"), 6)
        if each.method == "log_linear" and len(found.used.lists) == 3:
            totals = [model.total for model in each.models if isfinite(model.total)]
            if totals:
                facts = {"models": len(totals), "low": min(totals), "high": max(totals)}
                said = words.sentence("three_models", **facts)
                yield from _text(f"{words.of('estimators', each.method)}: {said}", 4, 6)


def _full(found: Assessment, words: TollWords) -> Iterator[str]:
    """Yield what a statistician asks of every method."""
    for each in found.estimates:
        yield f"  {words.of('estimators', each.method)}"
        yield from _text(words.of("assumes", each.method), 4)
        for reason in each.notes:
            yield from _text(words.reason(reason.code, reason.facts).says, 4)
        checks = [
            (words.of("checks", c.name), f"{c.value:.4g}", f"{words.label('limit')} {c.limit:.4g}",
             words.label("yes" if c.passed else "no"))
            for c in each.checks
        ]  # fmt: skip
        yield from _columns(checks, 4)
        always = [model for model in each.models if model.facts.get("kind") == "delta"]
        others = [model for model in each.models if model not in always]
        yield from _columns([_model(model, words) for model in [*others[:SHOWN], *always]], 4)
        if len(others) > SHOWN:
            yield f"    + {len(others) - SHOWN}"
        settings = ", ".join(
            f"{name} {_setting(value)}" for name, value in each.settings.items() if value != ""
        )
        yield from _text(settings, 4)
    if found.stated is not None:
        yield from _text(words.sentence("sensitivity"), 2)
        rows = [(each.name, number(each.total), words.sentence("range", low=each.low, high=each.high))
                for each in multiplied(found.stated)]  # fmt: skip
        yield from _columns(rows, 4)
    yield f"  {words.label('digest')}: {found.table.digest}"


def _setting(value: object) -> str:
    return " > ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def named(model: Model, words: TollWords) -> str:
    """Return what a model is called; a mode is counted in the language of the page."""
    kind, _, count = model.name.partition(" ")
    return f"{words.label('mode')} {count}" if kind == "mode" else model.name


def _model(model: Model, words: TollWords) -> tuple[str, ...]:
    ends = (
        ""
        if model.low is None or model.high is None
        else words.sentence("range", low=model.low, high=model.high)
    )
    weight = "" if model.weight is None else share(model.weight)
    fate = model.facts.get("left_out")
    return (
        named(model, words),
        number(model.total),
        ends,
        weight,
        words.of("fates", str(fate)) if fate else "",
    )


def shown_ends(found: Estimate | Pooled, words: TollWords) -> str:
    """Return a number with its interval; a range of models has no middle."""
    between = words.sentence("range", low=found.low, high=found.high)
    if isinstance(found, Estimate) and found.method == RANGE_OF_MODELS:
        return between
    return f"{number(found.middle)} ({between})"


def _text(text: str, indent: int, hang: int | None = None) -> Iterator[str]:
    first, rest = " " * indent, " " * (indent if hang is None else hang)
    yield from wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _columns(rows: Sequence[Sequence[str]], indent: int) -> Iterator[str]:
    """Yield rows with columns under each other, the first and the last to the left."""
    if not rows:
        return
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        cells = [
            cell.ljust(width) if at in {0, len(row) - 1} else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield (" " * indent + "  ".join(cells)).rstrip()
