"""`holdfire count`: how many died, from the lists of a case: documented, and estimated in all; no name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from holdfire.doors.options import HERE, Json, Where

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from holdfire.counted import Counted
    from holdfire.counting.estimate import Reason
    from holdfire.records.decided import AmongNote

ATTEST = "say so in hand/counting.yaml, with name, date and reason, if you know it"
HELPS = {
    "closed_not_attested": ATTEST,
    "alike_not_attested": ATTEST,
    "copy": "find out which came first; leave the other out of the case, or give both as of one source",
    "part": "ask how it was made; if it was taken from the other, give both as lists of one source",
    "chains_disagree": "fewer lists; strata that are more alike",
    "too_few_draws": "more linkages (`--draws`)",
}
"""What would help, in the words of this command, where those of `holdfire toll` are of its own flags."""


class WhoStatus(StrEnum):
    """Whom lists call what."""

    CIVILIAN = "civilian"
    COMBATANT = "combatant"
    UNKNOWN = "unknown"
    NOT_SAID = "not_said"


CALLED = {
    "civilian": "whom lists call civilians",
    "combatant": "whom lists call combatants",
    "unknown": "whom lists call unknown, in their own word",
    "not_said": "of whom no list says who they were",
}
CALLED_SHORT = {"not_said": "not said", "disputed": "lists disagree"}
WHY = {
    ("status", "civilian"): "called civilians",
    ("status", "combatant"): "called combatants",
    ("status", "unknown"): "called unknown, in a list's own word",
    ("status", "not_said"): "no list says who they were",
    ("status", "disputed"): "lists disagree on who they were",
    ("died", "outside"): "died on other days",
    ("died", "vague"): "may have died on these days or others",
    ("died", "not_said"): "no list says when they died",
    ("died", "disputed"): "lists disagree on whether they died on these days",
    ("all", "no_entry_says_all"): "no one entry says all that is asked",
}
"""Why somebody is left out, by what is asked of everyone."""


def count(
    case: Where = HERE,
    draws: Annotated[int, typer.Option(min=1, help="Linkages of the lists to draw.")] = 20,
    seed: Annotated[int, typer.Option(min=0, help="Of all that is drawn.")] = 1,
    status: Annotated[
        list[WhoStatus] | None,
        typer.Option(
            help="Count those whom lists call so; may be repeated; not_said: of whom no list says it."
        ),
    ] = None,
    since: Annotated[str, typer.Option("--from", help="First day of death counted.")] = "",
    until: Annotated[str, typer.Option(help="Last day of death counted, included.")] = "",
    sign: Annotated[
        str, typer.Option(help="Your name: write what is found into hand/counts.yaml, for the bulletin.")
    ] = "",
    to: Annotated[
        Path | None,
        typer.Option(
            "--overlaps", help="Write who is on which lists, in numbers, as a table for `holdfire toll`."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Count the people of the lists of the dead: documented, and in all, or why there is no number."""
    from holdfire.case import Case
    from holdfire.counted import of_case, overlaps, signed

    opened = Case.open(case)
    found = of_case(opened, seed, draws, among=_among(status or [], since, until))
    if sign:
        signed(opened, found, sign)
    if to is not None:
        to.write_text(overlaps(found), encoding="utf-8")
    if as_json:
        typer.echo(json.dumps(plain(found), ensure_ascii=False, indent=2))
        return
    for line in told(found):
        typer.echo(line)
    if sign:
        typer.echo(f"signed by {sign} in hand/counts.yaml: `holdfire run` puts it into the bulletin")
    if to is not None:
        typer.echo(f"overlaps: {to}, of one of the drawn linkages: `holdfire toll {to.name}`")


def _among(status: Sequence[WhoStatus], since: str, until: str) -> AmongNote | None:
    """Return whom the words of the command ask for; None: it asks for nobody, so the case says it."""
    from holdfire.records.decided import AmongNote

    if not (status or since or until):
        return None
    return AmongNote.model_construct(
        status=[each.value for each in status], starts=since or None, until=until or None
    )


def told(found: Counted) -> Iterator[str]:
    """Yield what was found, in lines."""
    yield from _lists(found)
    yield from who(found)
    middle, low, high = found.documented
    yield f"documented: {middle:,} people ({low:,} to {high:,} over {found.draws} drawn linkages)"
    yield from left_out(found)
    if found.imputed:
        middle, low, high = found.imputed
        shares = ", ".join(f"{name} of {share:.1%}" for name, share in found.missing.items())
        yield f"documented in strata, missing labels drawn: {middle:,} ({low:,} to {high:,})"
        yield f"  drawn {found.asked.imputations} times from the other labels and the lists: {shares}"
    if found.unnamed:
        yield f"  {found.unnamed:>9,}  entries name no one; they are in no number here"
    yield from _in_run(found)
    if found.outside:
        shares = ", ".join(f"{name} of {share:.1%}" for name, share in found.missing.items())
        yield f"  {found.outside:>9,}  of them are in no stratum: missing are {shares}"
    if found.across is not None:
        yield from _strata(found)
        yield from _estimated(found)
    yield from _reasons("to know", found.notes)
    yield from _reasons("no number", found.refused)
    if found.across is not None and found.across.stated is not None:
        yield from _reasons("only if", found.conditions)
    for name in ("closed", "alike"):
        if note := getattr(found.asked, name):
            words = note.reason.get("en") or next(iter(note.reason.values()))
            yield f"attested ({name}): {note.by}, {note.at}: {words}"


def who(found: Counted) -> Iterator[str]:
    """Yield whom the count is of."""
    whom = found.whom
    if not whom.asked:
        yield "counted: everyone on these lists, as their keepers say who that is"
    else:
        called = " or ".join(CALLED[each] for each in whom.among.status)
        said = [f"people {called}"] if called else []
        if whom.days:
            first, last = whom.days
            said.append(f"who died {_days(first, last)}")
        yield f"counted: {', '.join(said) if called else 'people ' + said[0]}"
        middle, low, high = whom.everyone
        yield f"  of {middle:,} people on any list ({low:,} to {high:,})"
    told = [f"{CALLED_SHORT.get(name, name)} {n:,}" for name, n in whom.statuses.items()]
    yield f"  what lists say of all of them: {', '.join(told)}"
    if whom.died:
        undated = f"; of {whom.undated:,} no list says it" if whom.undated else ""
        yield f"  they died from {whom.died[0]} to {whom.died[1]}{undated}"


def _days(first: date, last: date) -> str:
    from datetime import date as day

    if first == day.min:
        return f"until {last}"
    return f"from {first}" if last == day.max else f"from {first} to {last}"


def left_out(found: Counted) -> Iterator[str]:
    """Yield who on the lists is not counted, and why."""
    for key, people in found.whom.left_out.items():
        yield f"  {people:>9,}  people left out: {WHY[key]}"
    for source, entries in found.whom.unused.items():
        yield f"  {entries:>9,}  entries of {source} do not say it of someone counted, and find nobody"


def _in_run(found: Counted) -> Iterator[str]:
    """Yield why the last run gives another number of people, where it does."""
    everyone = found.whom.everyone[0]
    run, alone = found.in_run - found.unnamed, found.unnamed
    if run == everyone and not alone:
        return
    yield f"on all lists `holdfire run` gives {found.in_run:,} people, and here they are {everyone:,}:"
    if alone:
        yield f"  {alone:>9,}  entries that name no one are each a person there, and none here"
    if run != everyone:
        fewer = "fewer" if run < everyone else "more"
        kept = f"where one grouping is kept; here {found.draws} are drawn"
        yield f"  {abs(run - everyone):>9,}  {fewer} there, {kept}"


def _lists(found: Counted) -> Iterator[str]:
    yield f"{'list':<20} {'entries':>9} {'people':>9}"
    for each in found.witnesses:
        yield f"{each.source:<20} {each.entries:>9,} {each.people:>9,}"
    for each in found.witnesses:
        joined = f" ({each.reports} lists, counted as one)" if each.reports > 1 else ""
        yield f"{each.source}{joined}: {each.scope or 'who is on it is not said: `scope:` of its mapping'}"
        for other in each.copied:
            yield f"  a list of {other} stands in it nearly word for word: the two are one witness"


def _strata(found: Counted) -> Iterator[str]:
    assert found.across is not None  # noqa: S101
    for name, reasons in found.across.apart.items():
        if name:
            codes = ", ".join(each.code for each in reasons)
            yield f"  {name}: documented only, {max(found.across.strata[name].values()):,} ({codes})"


def _estimated(found: Counted) -> Iterator[str]:
    from holdfire.publishing.pages.tollwords import tollwords

    assert found.across is not None  # noqa: S101
    words, stated = tollwords("en"), found.across.stated
    if stated is None:
        return
    ends = f"{stated.low:,.0f} to {stated.high:,.0f}"
    if found.across.ranged:
        yield f"estimated in all: {ends}, the range of all models: three lists cannot choose among them"
    else:
        yield f"estimated in all: {stated.middle:,.0f} ({ends}, {100 * stated.level:.0f} %)"
    if found.across.outside + found.outside:
        yield f"  {found.across.outside + found.outside:>9,}  documented people are not in it"
    for name, (_, low, high) in stated.by_model.items():
        yield f"  {words.of('estimators', name)}: {low:,.0f} to {high:,.0f}"
    shares = stated.shares
    yield (
        f"  of its width: {shares.within:.0%} within a model, {shares.linkages:.0%} linkages, "
        f"{shares.imputations:.0%} imputations, {shares.models:.0%} models, {shares.together:.0%} together"
    )
    for name, reasons in found.across.left_out.items():
        why = "; ".join(
            f"{words.of('shorts', each.code)}, under {each.facts['draws']} of {each.facts['of']} draws"
            for each in reasons
        )
        yield f"  left out throughout: {words.of('estimators', name)} ({why})"


def _reasons(what: str, reasons: Sequence[Reason]) -> Iterator[str]:
    from holdfire.publishing.pages.tollwords import tollwords

    for each in reasons:
        said = tollwords("en").reason(each.code, each.facts)
        yield f"{what}: {said.says}"
        if helps := HELPS.get(each.code, said.helps):
            yield f"  try  {helps}"


def plain(found: Counted) -> dict[str, Any]:
    """Return what was found as plain values."""
    stated = found.across.stated if found.across else None
    return {
        "lists": [
            {
                "source": w.source,
                "lists": w.reports,
                "entries": w.entries,
                "people": w.people,
                "copied": list(w.copied),
                "scope": w.scope,
            }
            for w in found.witnesses
        ],
        "entries": found.entries,
        "unnamed": found.unnamed,
        "documented": dict(zip(("middle", "low", "high"), found.documented, strict=True)),
        "imputed": found.imputed and dict(zip(("middle", "low", "high"), found.imputed, strict=True)),
        "missing": dict(found.missing),
        "outside": found.outside + (found.across.outside if found.across else 0),
        "estimated": None
        if stated is None
        else {
            "middle": round(stated.middle),
            "low": round(stated.low),
            "high": round(stated.high),
            "level": stated.level,
            "ranged": found.across is not None and found.across.ranged,
            "models": {name: [round(x) for x in ends] for name, ends in stated.by_model.items()},
            "shares": {name: round(getattr(stated.shares, name), 4) for name in stated.shares.__slots__},
        },
        "refused": [{"code": each.code, **each.facts} for each in found.refused],
        "conditions": [each.code for each in found.conditions],
        "notes": [{"code": each.code, **each.facts} for each in found.notes],
        "among": found.whom.among.model_dump(mode="json", by_alias=True, exclude_defaults=True),
        "everyone": dict(zip(("middle", "low", "high"), found.whom.everyone, strict=True)),
        "left_out": [
            {"asked": name, "why": why, "people": n} for (name, why), n in found.whom.left_out.items()
        ],
        "unused": dict(found.whom.unused),
        "statuses": dict(found.whom.statuses),
        "died": found.whom.died and [day.isoformat() for day in found.whom.died],
        "undated": found.whom.undated,
        "in_run": found.in_run,
        "draws": found.draws,
        "seed": found.seed,
    }
