"""`holdfire count`: how many died, from the lists of a case: documented, and estimated in all; no name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from holdfire.doors.options import HERE, Json, Where

if TYPE_CHECKING:
    from collections.abc import Sequence

    from holdfire.counted import Counted
    from holdfire.counting.estimate import Reason

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


def count(
    case: Where = HERE,
    draws: Annotated[int, typer.Option(min=1, help="Linkages of the lists to draw.")] = 20,
    seed: Annotated[int, typer.Option(min=0, help="Of all that is drawn.")] = 1,
    sign: Annotated[
        str, typer.Option(help="Your name: write what is found into hand/counts.yaml, for the bulletin.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Count the people of the lists of the dead: documented, and in all, or why there is no number."""
    from holdfire.case import Case
    from holdfire.counted import of_case, signed

    opened = Case.open(case)
    found = of_case(opened, seed, draws)
    if sign:
        signed(opened, found, sign)
    if as_json:
        typer.echo(json.dumps(plain(found), ensure_ascii=False, indent=2))
        return
    for line in told(found):
        typer.echo(line)
    if sign:
        typer.echo(f"signed by {sign} in hand/counts.yaml: `holdfire run` puts it into the bulletin")


def told(found: Counted) -> Iterator[str]:
    """Yield what was found, in lines."""
    yield from _lists(found)
    middle, low, high = found.documented
    yield f"documented: {middle:,} people ({low:,} to {high:,} over {found.draws} drawn linkages)"
    if found.imputed:
        middle, low, high = found.imputed
        shares = ", ".join(f"{name} of {share:.1%}" for name, share in found.missing.items())
        yield f"documented in strata, missing labels drawn: {middle:,} ({low:,} to {high:,})"
        yield f"  drawn {found.asked.imputations} times from the other labels and the lists: {shares}"
    if found.unnamed:
        yield f"  {found.unnamed:>9,}  entries name no one; they are in no number here"
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
    assert found.across is not None  # noqa: S101
    stated = found.across.stated
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
        yield f"  {name.replace('_', ' ')}: {low:,.0f} to {high:,.0f}"
    shares = stated.shares
    yield (
        f"  of its width: {shares.within:.0%} within a model, {shares.linkages:.0%} linkages, "
        f"{shares.imputations:.0%} imputations, {shares.models:.0%} models, {shares.together:.0%} together"
    )
    if found.across.left_out:
        yield f"  left out, as they do not stand throughout: {', '.join(found.across.left_out)}"


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
        "draws": found.draws,
        "seed": found.seed,
    }
