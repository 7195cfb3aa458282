"""Door to made-up worlds: `holdfire simulate`. What it writes says in every file that it is simulated."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from holdfire.doors.options import Json


def simulate(
    preset: Annotated[
        str, typer.Argument(help="One of ours by name, or a file of your own; `list` names ours.")
    ],
    folder: Annotated[
        Path | None, typer.Argument(help="Folder to make; it must not exist, or be empty.")
    ] = None,
    records: Annotated[
        int, typer.Option(help="About how many records its sources write, 100 to 10 million.")
    ] = 10_000,
    seed: Annotated[int, typer.Option(help="What every random choice follows from.")] = 1,
    threads: Annotated[
        int, typer.Option(min=1, max=64, help="Blocks of days made at once; the bytes are the same.")
    ] = 2,
    as_json: Json = False,
) -> None:
    """Make a country that does not exist, a war in it, and what sources make of that; the truth beside it."""
    from holdfire import worlds
    from holdfire.errors import BadInput

    if preset == "list":
        _list(as_json)
        return
    if folder is None:
        raise BadInput("no folder is named", "FOLDER", f"holdfire simulate {preset} FOLDER")
    shown = None if as_json or not sys.stderr.isatty() else _show
    worlds.make(preset, seed, records, folder, shown, threads)
    made = worlds.beside(folder)
    if as_json:
        typer.echo(json.dumps(made, ensure_ascii=False))
        return
    sizes = made["sizes"]
    typer.echo(f"{folder}: simulated; {preset}, seed {seed}")
    typer.echo(f"{sizes['incidents']} incidents, {sizes['rumours']} rumours, {sizes['records']} records")
    for source, count in sizes["by_source"].items():
        typer.echo(f"  {source:16} {count}")
    for name, count in made["lists"].items():
        typer.echo(f"  {name:16} {count} entries of the dead")
    if made["case"]:
        typer.echo(f"case: {made['case']['reports']} reports; holdfire run --case {folder / 'case'}")


def _list(as_json: bool) -> None:
    from holdfire import worlds

    found = {name: worlds.read(name).title["en"] for name in worlds.presets()}
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    for name, title in found.items():
        typer.echo(f"{name:16} {title}")


def _show(what: str, done: int, all_of: int) -> None:
    typer.echo(f"\r{what} {done} of {all_of}", err=True, nl=done == all_of)
