"""Door to the reader: `claims`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from holdfire.doors.options import HERE, Json, Where

if TYPE_CHECKING:
    from collections.abc import Iterator

    from holdfire.claimlines import Said
    from holdfire.seconding import Second


def claims(  # noqa: PLR0913, PLR0917 - each is an option
    files: Annotated[
        list[Path] | None, typer.Argument(help="Reports; without any, the inbox.", exists=True)
    ] = None,
    source: Annotated[str, typer.Option(help="Source id of the publisher.")] = "",
    published: Annotated[str, typer.Option(help="When it was published, ISO 8601.")] = "",
    form: Annotated[str, typer.Option("--format", help="Format to read it with.")] = "",
    second_reader: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help="Ask a second reader that speaks the OpenAI chat protocol; texts are sent to it.",
        ),
    ] = "",
    model: Annotated[str, typer.Option(help="Model of the second reader.")] = "",
    spend_cap: Annotated[int, typer.Option(min=1, help="Most tokens to spend on it.")] = 1_000_000,
    wait: Annotated[float, typer.Option(min=0.1, help="Longest wait for one answer [s].")] = 120.0,
    case: Where = HERE,
    as_json: Json = False,
) -> None:
    """Print the claims that reports make, and write nothing.

    Outside a case the names are those of the shipped dictionaries. A second reader changes no claim: it is
    said of each whether it agrees. Its answers are kept in the case, and are asked for once.
    """
    from holdfire.claiming import of_files

    second = _second(second_reader, model, spend_cap, wait, case) if second_reader else None
    listed = (
        of_files(files, source, published, form, case, second, _notice) if files else _of_case(case, second)
    )
    for claim in listed:
        typer.echo(json.dumps(claim.json, ensure_ascii=False) if as_json else f"{claim}\n")
    if second is not None:
        told = ", ".join(f"{number} {what}" for what, number in sorted(second.counts.items())) or "nothing"
        typer.echo(f"second reader at {second.host}: {told}; {second.spent:,} tokens", err=True)


def _of_case(case: Path, second: Second | None) -> Iterator[Said]:
    """Return the claims of the inbox of a case; to open one takes more of the package than a file does."""
    from holdfire.case import Case
    from holdfire.claiming import of_inbox

    return of_inbox(Case.open(case), second)


def _notice(text: str) -> None:
    typer.echo(text, err=True)


def _second(url: str, model: str, cap: int, wait: float, case: Path) -> Second:
    from holdfire.seconding import KEY, Second, shelf_of

    return Second(url, model, shelf_of(case), key=os.environ.get(KEY, ""), cap=cap, wait=wait)
