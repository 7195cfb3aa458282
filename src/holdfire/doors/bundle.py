"""Doors to bundles: `holdfire bundle` seals one, `holdfire verify` checks one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from holdfire.doors.options import HERE, Where


def bundle(
    out: Annotated[
        Path | None,
        typer.Argument(help="Folder to write, or a file that ends in .zip.", show_default="in the case"),
    ] = None,
    case: Where = HERE,
    packed: Annotated[bool, typer.Option("--zip", help="Pack it as one zip.")] = False,
) -> None:
    """Seal the last release that editors signed, and print where the bundle is."""
    from holdfire.case import Case
    from holdfire.releasing import write_bundle

    written = write_bundle(Case.open(case), out, packed)
    typer.echo(f"{written.path}: {written.files:,} files, {written.size:,} bytes")
    typer.echo(f"bulletin {written.name}, under a checkpoint of {written.entries:,} entries")
    typer.echo(f"check it: holdfire verify {written.path} --trust {written.fingerprint}")


def verify(
    path: Annotated[Path, typer.Argument(help="A bundle: folder or zip.")],
    trust: Annotated[
        str, typer.Option(help="Fingerprint of the record, 64 digits; or @ and a file that begins with it.")
    ] = "",
    memory: Annotated[
        Path | None, typer.Option(help="File that keeps what you saw last; written only after a yes.")
    ] = None,
    at: Annotated[
        str, typer.Option(help="Your time, such as 2016-02-27T00:00:00Z.", show_default="now")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")] = False,
) -> None:
    """Check a bundle against a fingerprint: exit 0 for yes, 1 for no with every reason, 2 asked wrongly.

    It needs no case and no network. The same check lies in every bundle as verify.py and verify.html.
    """
    from holdfire.ledger.verifying.command import verify_command

    raise typer.Exit(verify_command(str(path), trust, str(memory or ""), at, as_json, typer.echo))
