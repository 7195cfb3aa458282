"""Doors to breaking the record on purpose: `holdfire chaos`.

Each prints one line of counts and exits 0 if nothing was lost and the control found its loss, 1 if not, and 2
where the trial cannot be run here. No case is touched: each works in a folder of its own.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from holdfire.doors.options import Json

if TYPE_CHECKING:
    from holdfire.chaos.told import Told

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Break a record of invented entries on purpose, and count what was lost. No case is touched.",
)

Seed = Annotated[int, typer.Option(help="What every random choice follows from.")]
SEED = 2016
SHOWN = 20


@app.command("kill")
def kill(
    n: Annotated[int, typer.Option("--n", min=1, help="How many kills.")] = 1000,
    vault: Annotated[bool, typer.Option("--vault", help="Of a writer of the vault, not of the log.")] = False,
    seed: Seed = SEED,
    as_json: Json = False,
) -> None:
    """Kill a writer at random moments; what it said was kept must be there, once."""
    from holdfire.chaos.kill import kill as of_log
    from holdfire.chaos.vaultkill import vault_kill as of_vault

    _say((of_vault if vault else of_log)(n, seed), as_json)


@app.command("power")
def power(
    n: Annotated[int, typer.Option("--n", min=1, help="How many power cuts.")] = 500,
    torn: Annotated[
        bool, typer.Option("--torn", help="Keep a random half of what was not forced to the disk, torn.")
    ] = False,
    seed: Seed = SEED,
    as_json: Json = False,
) -> None:
    """Cut the power under a writer; needs Linux and strace."""
    from holdfire.chaos.power import power as trial

    _say(trial(n, seed, torn), as_json)


@app.command("syscalls")
def syscalls(
    n: Annotated[int, typer.Option("--n", min=0, help="How many faults, drawn by the seed; 0: all.")] = 0,
    seed: Seed = SEED,
    as_json: Json = False,
) -> None:
    """Let each system call of an append and of a bulletin fail, or be the last; needs Linux and strace."""
    from holdfire.chaos.syscalls import syscalls as trial

    _say(trial(seed, n), as_json)


@app.command("bitflip")
def bitflip(
    n: Annotated[int, typer.Option("--n", min=1, help="How many flips.")] = 1000,
    bundle: Annotated[
        Path | None,
        typer.Option(help="An unpacked bundle whose bits are flipped too, in a copy.", exists=True),
    ] = None,
    trust: Annotated[str, typer.Option(help="The bundle's fingerprint.")] = "",
    at: Annotated[str, typer.Option(help="When it is read, such as 2031-05-09T00:00:00Z.")] = "",
    seed: Seed = SEED,
    as_json: Json = False,
) -> None:
    """Flip a bit of a ledger, a vault or a bundle; whoever reads must be told, or read what was there."""
    from holdfire.chaos.bitflip import Bundle
    from holdfire.chaos.bitflip import bitflip as trial
    from holdfire.errors import BadInput

    if bundle and not (trust and at):
        raise BadInput("a bundle is checked with a fingerprint and a time", str(bundle), "--trust and --at")
    _say(trial(n, seed, Bundle(bundle, trust, at) if bundle else None), as_json)


@app.command("redact")
def redact(
    n: Annotated[int, typer.Option("--n", min=1, help="How many redactions.")] = 200,
    bare: Annotated[
        bool, typer.Option("--bare", help="Of a vault and a log alone, not of whole cases: quicker.")
    ] = False,
    seed: Seed = SEED,
    as_json: Json = False,
) -> None:
    """Destroy planted words in whole cases, and look for them in every byte that is left."""
    from holdfire.chaos.casescene import InCase
    from holdfire.chaos.redact import redact as trial

    _say(trial(n, seed, None if bare else InCase), as_json)


def _say(told: Told, as_json: bool) -> None:
    """Print what was counted, and what was lost in lines of its own; exit 1 if it did not pass."""
    if as_json:
        typer.echo(json.dumps(told.as_json()))
    else:
        typer.echo(str(told))
        for detail in told.details[:SHOWN]:
            typer.echo(f"  {detail}", err=True)
        if (more := len(told.details) - SHOWN) > 0:
            typer.echo(f"  and {more} more", err=True)
        for control in told.controls:
            if not control.found:
                typer.echo(f"  {control}: these checks cannot see a loss", err=True)
    if not told.passed:
        sys.exit(1)
