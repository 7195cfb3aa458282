"""Doors that make a partition part of the record: `holdfire protect propose`, `attest`, `verify`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from holdfire.doors.handed import trusted
from holdfire.doors.options import HERE, Json, Where

File = Annotated[
    Path, typer.Argument(help="File that `holdfire protect partition` wrote.", exists=True, dir_okay=False)
]


def propose(
    file: File,
    out: Annotated[Path, typer.Option("--out", help="File to write the draft to.")],
    case: Where = HERE,
) -> None:
    """Draw up a partition's entry for the case's editors to sign; the log will hold the file's digest."""
    from holdfire.case import Case
    from holdfire.ledger.drafts import described
    from holdfire.sheltering import fixing

    for line in described(fixing.propose(Case.open(case), file, out)):
        typer.echo(line)
    typer.echo(f"its editors sign it: holdfire sign {out} --key FILE; then: holdfire enter {out}")


def attest(
    file: File,
    out: Annotated[Path, typer.Option("--out", help="File to write the signed entry to.")],
    case: Where = HERE,
) -> None:
    """Write who signed a partition that was entered, for strangers to check beside its file."""
    from holdfire import signing
    from holdfire.case import Case
    from holdfire.sheltering import fixing

    opened = Case.open(case)
    leaf = fixing.attest(opened, file, out)
    with opened.ledger() as ledger:
        mark = signing.fingerprint(ledger)
    typer.echo(f"entry {leaf}\ncheck it: holdfire protect verify {file} {out} --trust {mark}")


def verify(
    file: File,
    signed: Annotated[
        Path, typer.Argument(help="File that `holdfire protect attest` wrote.", exists=True, dir_okay=False)
    ],
    trust: Annotated[str, typer.Option(help="Fingerprint of the record, learned from elsewhere; or @FILE.")],
    as_json: Json = False,
) -> None:
    """Check that two editors of a record fixed exactly this partition; needs no case and no network."""
    from holdfire.sheltering import fixing

    found = fixing.verify(file, signed, trusted(trust))
    if as_json:
        typer.echo(
            json.dumps({"signers": found.signers, "keyset": found.keyset, "at": found.value["at"]}, indent=2)
        )
        return
    typer.echo(f"{file}: signed by {', '.join(found.signers)} (keyset {found.keyset}), {found.value['at']}")
    typer.echo("whether the log has it, and nothing later, its bundle shows: holdfire verify BUNDLE")
