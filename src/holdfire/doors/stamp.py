"""`holdfire stamp`: keep a time-stamping token beside the report it stamps, and say what it says.

A token is never a gate: these commands end with 0 whatever it says, but for one that cannot be read.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from holdfire.doors.options import HERE, Json, Where

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Keep tokens of time-stamping services beside reports.",
)


@app.command("add")
def add(
    report: Annotated[str, typer.Argument(help="First digits of the report's id.")],
    file: Annotated[Path, typer.Argument(help="An RFC 3161 token (.tsr) or OpenTimestamps proof (.ots).")],
    over: Annotated[
        Path | None, typer.Option(help="What it stamps, if that is a list that names the report's digest.")
    ] = None,
    root: Annotated[
        list[Path] | None, typer.Option(help="Certificate of an authority you know, PEM; may be given again.")
    ] = None,
    case: Where = HERE,
    as_json: Json = False,
) -> None:
    """Check a token without any network, and keep it beside its report."""
    from holdfire import stamps
    from holdfire.case import Case
    from holdfire.holdings import one_report, reports
    from holdfire.times import utc

    opened = Case.open(case)
    token = stamps.token_file(file)
    listed = stamps.token_file(over) if over else None
    roots = [stamps.token_file(each) for each in root or ()]
    with opened.ledger(write=True) as ledger, opened.vault(write=True) as vault:
        of = one_report(reports(ledger).values(), report).id
        stamp = stamps.attach(
            ledger, vault, of, token,
            at=utc(opened.now()), by=opened.by, over=listed, roots=roots, file=file.name,
        )  # fmt: skip
    if as_json:
        said = {"report": of, "kind": stamp.kind, "matches": stamp.matches.value, "when": stamp.when}
        typer.echo(json.dumps({**said, "standing": stamp.standing.value, "says": stamp.says}, indent=2))
        return
    typer.echo(f"kept beside report {of[:8]}: {stamp.says}")


@app.command("list")
def list_(
    report: Annotated[str, typer.Argument(help="First digits of the report's id.")],
    case: Where = HERE,
    as_json: Json = False,
) -> None:
    """Show the tokens that are kept beside a report, each checked anew."""
    from holdfire import stamps
    from holdfire.case import Case
    from holdfire.holdings import one_report, reports

    opened = Case.open(case)
    with opened.ledger() as ledger, opened.vault() as vault:
        of = one_report(reports(ledger).values(), report).id
        found = [(entry, stamps.again(ledger, vault, entry)) for entry in stamps.attached(ledger, of)]
    if as_json:
        listed = [
            {
                "kind": entry["type"],
                "at": entry["at"],
                "then": entry.get("says", ""),
                "now": stamp.says if stamp else "",
            }
            for entry, stamp in found
        ]
        typer.echo(json.dumps(listed, indent=2))
        return
    for entry, stamp in found:
        typer.echo(f"{entry['at']}  {entry['type']}: {stamp.says if stamp else 'its bytes are gone'}")
    if not found:
        typer.echo(f"no token is kept beside report {of[:8]}")
