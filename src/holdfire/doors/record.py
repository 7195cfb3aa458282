"""Doors to the record: `recompute`, `diff`, `trace`, `retract`, `redact`, `release`, `checkpoint`."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from holdfire.doors.options import HERE, Json, Where

if TYPE_CHECKING:
    from holdfire.differing import Difference, Totals
    from holdfire.ledger.drafts import Draft

Keys = Annotated[
    list[Path] | None, typer.Option("--key", help="Sign at once with this private key; may be given again.")
]
SHOWN = 40
"""How many changes `diff` prints before it counts the rest."""


def recompute(
    bulletin: Annotated[
        str, typer.Argument(help="Period A/B, or A/B@VERSION; without it, every bulletin.")
    ] = "",
    out: Annotated[Path | None, typer.Option(help="Write the bulletin made again into this folder.")] = None,
    bundle: Annotated[
        Path | None, typer.Option(help="Work from a bundle (folder) instead of a case.")
    ] = None,
    case: Where = HERE,
    as_json: Json = False,
) -> None:
    """Make bulletins again from the log alone, and compare them byte for byte with what was issued."""
    from holdfire.recomputing import again

    rebuilt = list(again(case, bundle, bulletin, out))
    if as_json:
        listed = [
            {"bulletin": r.name, "same": r.same, "why": r.why, "files": r.files, "bytes": r.size}
            for r in rebuilt
        ]
        typer.echo(json.dumps(listed, indent=2))
    else:
        for each in rebuilt:
            what = "the same, byte for byte" if each.same else f"NOT the same: {each.why}"
            typer.echo(f"{each.name}: {what} ({each.files} files, {each.size:,} bytes)")
        typer.echo(f"{len(rebuilt)} bulletins made again, {sum(not r.same for r in rebuilt)} differ")
    if not all(each.same for each in rebuilt):
        raise typer.Exit(1)


def diff(
    first: Annotated[str, typer.Argument(help="The earlier: a bulletin (A/B or A/B@1), a place in the log.")],
    second: Annotated[str, typer.Argument(help="The later; `now` is the whole log.")] = "now",
    case: Where = HERE,
    as_json: Json = False,
) -> None:
    """Show what changed between two states of the record, and which entries did it."""
    from holdfire import differing
    from holdfire.case import Case

    opened = Case.open(case)
    with opened.ledger() as ledger:
        places = [differing.place(ledger, name) for name in (first, second)]
        found = differing.difference(ledger, opened.engine, *places)
    if as_json:
        typer.echo(json.dumps(differing.as_json(found), ensure_ascii=False, indent=2))
    else:
        _tell(found)


def _tell(found: Difference) -> None:
    before, after = found.before, found.after
    typer.echo(f"as of {found.sizes[0]:,} entries, and as of {found.sizes[1]:,}")
    typer.echo(f"  incidents  {before.incidents:,} -> {after.incidents:,}")
    for verdict in sorted({*before.verdicts, *after.verdicts}):
        pair = before.verdicts.get(verdict, 0), after.verdicts.get(verdict, 0)
        typer.echo(f"  {verdict.replace('_', ' ')}  {pair[0]:,} -> {pair[1]:,}")
    typer.echo(f"  deaths  {_deaths(before)} -> {_deaths(after)}")
    kinds = sorted(set(found.causes.values()))
    counted = ", ".join(f"{sum(k == kind for k in found.causes.values()):,} {kind}" for kind in kinds)
    typer.echo(f"entries in between: {counted or 'none'}")
    typer.echo(f"determinations that differ: {len(found.changes):,}")
    for change in found.changes[:SHOWN]:
        state = "came" if not change.before else "went" if not change.after else "changed"
        fields = "; ".join(f"{name} {_said(a)} -> {_said(b)}" for name, (a, b) in change.fields.items())
        typer.echo(f"{change.id}  {state}: {fields or 'its place, time or members'}")
        typer.echo(f"  by entries {', '.join(map(str, change.entries)) or 'of the run'}")
    if len(found.changes) > SHOWN:
        typer.echo(f"and {len(found.changes) - SHOWN:,} more; --json gives all")


def _deaths(totals: Totals) -> str:
    low, best, high = totals.killed
    return (
        f"at least {low:,}"
        + (f", best {best:,}" if best is not None else "")
        + (f", at most {high:,}" if high is not None else "")
    )


def _said(value: Any) -> str:
    return (
        "not said" if value is None else ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    )


def trace(
    bulletin: Annotated[str, typer.Argument(help="Period A/B; without it, the newest bulletin.")] = "",
    every: Annotated[bool, typer.Option("--all", help="Trace every bulletin that stands.")] = False,
    case: Where = HERE,
    as_json: Json = False,
) -> None:
    """Walk every number of a bulletin back to entries and bytes, and count what is reached."""
    from holdfire.tracing import standing

    results = standing(case, bulletin, every)
    if as_json:
        typer.echo(json.dumps([{"bulletin": name, **vars(t)} for name, t in results], indent=2))
    for name, traced in results if not as_json else ():
        typer.echo(
            f"{name}: {traced.reached:,} of {traced.figures:,} numbers lead to entries; "
            f"{traced.claims:,} claims of {traced.reports:,} reports; "
            f"{traced.opened:,} reports lead to bytes, {traced.redacted:,} redacted"
        )
        for line in traced.lost[:SHOWN]:
            typer.echo(f"  {line}", err=True)
    if not all(traced.whole for _, traced in results):
        raise typer.Exit(1)


def retract(
    report: Annotated[str, typer.Argument(help="Id of the report, or its beginning; or of the source.")],
    reason: Annotated[str, typer.Option(help="Why; it is published, so name nobody and quote nothing.")],
    source: Annotated[bool, typer.Option("--source", help="Take out all reports of a source.")] = False,
    case: Where = HERE,
    as_json: Json = False,
) -> None:
    """Take a report, or a whole source, out of the case; the ledger keeps that it was in, and why it went."""
    from holdfire.case import Case
    from holdfire.versions.withdrawing import naming

    opened = Case.open(case)
    taken = opened.retract(report, reason, source=source)
    leaning = sorted({name for each in taken for name in each.leaning})
    with opened.ledger() as ledger:
        repeated = naming(ledger, opened.engine, report) if source else []
    if as_json:
        ids = [each.report.id for each in taken]
        typer.echo(json.dumps({"retracted": ids, "leaning": leaning, "repeated_by": repeated}, indent=2))
        return
    for each in taken:
        typer.echo(f"{each.report.id[:8]}  {each.report.name} is retracted; its file may leave the inbox")
    typer.echo(f"{len(leaning):,} determinations lean on it, and are judged without it by the next run")
    for name in leaning[:SHOWN]:
        typer.echo(f"  {name}")
    if len(leaning) > SHOWN:
        typer.echo(f"  and {len(leaning) - SHOWN:,} more; --json gives all")
    if repeated:
        typer.echo(f"{len(repeated):,} claims in reports of others repeat it, and stand: look at them")


def redact(
    report: Annotated[str, typer.Argument(help="Id of the report, or its beginning.")],
    reason: Annotated[str, typer.Option(help="Why; it is published, so name nobody and quote nothing.")],
    out: Annotated[Path, typer.Option(help="File to write the draft to.")] = Path("redaction.draft"),
    key: Keys = None,
    case: Where = HERE,
) -> None:
    """Draw up the destruction of a report's bytes; it is done when two editors have signed and it is entered.

    With two `--key` it is signed and entered at once.
    """
    from holdfire import signing
    from holdfire.case import Case
    from holdfire.holdings import one_report, reports
    from holdfire.times import utc

    opened = Case.open(case)
    with opened.ledger() as ledger:
        found = one_report(reports(ledger).values(), report)
        drawn = signing.draft_redaction(
            ledger, of=found.id, reason=reason, at=utc(opened.now()), by=opened.by
        )
    pass_on(drawn, out, key, case)


def release(
    bulletin: Annotated[str, typer.Argument(help="Period A/B; without it, the last bulletin issued.")] = "",
    days: Annotated[int, typer.Option(min=1, help="Days until readers should look for a newer one.")] = 30,
    out: Annotated[Path, typer.Option(help="File to write the draft to.")] = Path("release.draft"),
    key: Keys = None,
    case: Where = HERE,
) -> None:
    """Draw up the release of a bulletin, for two editors to sign; then `enter` it and make a `bundle`."""
    from holdfire import releasing
    from holdfire.case import Case

    opened = Case.open(case)
    with opened.ledger() as ledger:
        entry = releasing.the_bulletin(ledger, bulletin)
        drawn = releasing.draft(opened, ledger, entry, timedelta(days=days))
    pass_on(drawn, out, key, case)


def pass_on(drawn: Draft, out: Path, keys: list[Path] | None, case: Path) -> None:
    """Save a draft for its editors, or sign and enter it where their keys were given."""
    from holdfire.doors.keys import enter, passphrase
    from holdfire.ledger import drafts, keyfiles

    for line in drafts.described(drawn):
        typer.echo(line)
    for path in keys or ():
        drawn = drafts.add_signature(drawn, keyfiles.read(path, passphrase))
    drafts.save(out, drawn)
    if keys:
        enter(out, case)
        out.unlink()
    else:
        typer.echo(f"two editors sign it: holdfire sign {out} --key FILE; then: holdfire enter {out}")


def checkpoint(
    case: Where = HERE, out: Annotated[Path | None, typer.Option(help="Also write it here.")] = None
) -> None:
    """Sign the log as it stands, for witnesses to cosign; print the checkpoint."""
    from holdfire import releasing
    from holdfire.case import Case

    opened = Case.open(case)
    with opened.ledger() as ledger:
        note = releasing.covering(opened, ledger, ledger.size)
    if out is not None:
        out.write_bytes(note)
    typer.echo(note.decode(), nl=False)
