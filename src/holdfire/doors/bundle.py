"""Doors to bundles: `holdfire bundle` seals one, `holdfire verify` checks one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from holdfire.doors.keys import HERE, Where


def bundle(
    case: Where = HERE,
    mirror: Annotated[
        list[str] | None, typer.Option("--mirror", help="Address of a copy; may be given again.")
    ] = None,
    folder: Annotated[
        bool, typer.Option("--folder", help="Leave it as a folder; else also one zip.")
    ] = False,
) -> None:
    """Seal the last release that editors signed, and print where the bundle is."""
    from holdfire.case import Case

    typer.echo(Case.open(case).bundle(mirrors=tuple(mirror or ()), packed=not folder))


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
