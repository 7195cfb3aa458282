"""Doors to mirrors: `holdfire mirror sync`."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from holdfire.mirroring import Synced
    from holdfire.mirroring.logs import Tell

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Keep a copy of a record that anyone may check."
)


@app.callback()
def door() -> None:
    """Keep a copy of a record that anyone may check."""


@app.command("sync")
def sync(
    places: Annotated[
        list[str], typer.Argument(metavar="SOURCE... DEST", help="Where from, in order; last, the mirror.")
    ],
    trust: Annotated[
        str, typer.Option(metavar="FINGERPRINT", help="Of the record: 64 digits, or @ and a file.")
    ],
    memory: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="What was said yes to last.", show_default="DEST.memory"),
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow", help="Ask the addresses that the mirror's own bundle names, too.")
    ] = False,
    at: Annotated[
        str, typer.Option(metavar="INSTANT", help="Your time, 2016-02-27T00:00:00Z.", show_default="now")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")] = False,
) -> None:
    """Bring a mirror up to date; nothing is put in place that does not verify.

    SOURCE is an http or https address, a folder, or a packed bundle. The first that has something new and
    true is followed. An older bundle, another history, a mix of two or one that expired is refused, and the
    mirror stays as it was.
    """
    from holdfire.errors import BadInput
    from holdfire.ledger.verifying.command import AskedWrongly, read_fingerprint
    from holdfire.ledger.verifying.notes import Malformed
    from holdfire.ledger.verifying.shapes import instant_of
    from holdfire.mirroring import sync as bring

    *sources, folder = places
    if not sources and not follow:
        raise BadInput(
            "a source and a mirror are needed", hint="holdfire mirror sync https://… copy --trust …"
        )
    if folder.startswith(("http://", "https://")):
        raise BadInput("the mirror comes last and is a folder", folder)
    try:
        fingerprint = read_fingerprint(trust)
        now = instant_of(at) if at else int(time.time())
    except (AskedWrongly, Malformed, OSError) as error:
        raise BadInput(str(error), hint="the editors give the fingerprint out on paper or by radio") from None
    with _progress(as_json) as tell:
        synced = bring(sources, Path(folder), fingerprint, memory=memory, now=now, follow=follow, tell=tell)
    _told(synced, now, as_json)


def _told(synced: Synced, now: int, as_json: bool) -> None:
    """Print what came of it."""
    from holdfire.ledger.verifying.command import answer_json, lines_of

    counts = {
        "source": synced.source,
        "changed": synced.changed,
        "files": synced.files,
        "kept": synced.kept,
        "received": synced.received,
        "requests": synced.requests,
        "refused": [f"{each.source}: {each}" for each in synced.refused],
    }
    if as_json:
        typer.echo(json.dumps({**answer_json(synced.answer), **counts}, ensure_ascii=False, indent=2))
        return
    for line in lines_of(synced.answer, now):
        typer.echo(line)
    for refused in synced.refused:
        typer.echo(f"refused  {refused.source}: {refused}", err=True)
    if not synced.changed:
        typer.echo(f"nothing new at {synced.source}")
        return
    typer.echo(
        f"from {synced.source}: {synced.files:,} files and {synced.received:,} bytes came;"
        f" {synced.kept:,} files were here"
    )


@contextmanager
def _progress(as_json: bool) -> Iterator[Tell]:
    """Draw a bar for each step on a terminal; elsewhere tell no one."""
    if as_json or not sys.stderr.isatty():
        yield lambda what, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

    columns = (TextColumn("{task.description:>7}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        steps: dict[str, TaskID] = {}

        def tell(what: str, done: int, total: int) -> None:
            if what not in steps:
                steps[what] = bars.add_task(what, total=total)
            bars.update(steps[what], completed=done + 1, total=total)

        yield tell
