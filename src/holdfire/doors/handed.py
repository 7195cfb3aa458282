"""What people hand to each other: a line to paste, or `@` and the file that was carried over."""

from __future__ import annotations

from pathlib import Path

import typer


def line_of(said: str, option: str) -> str:
    """Return what was given: the words themselves, or of `@` and a file its first line.

    Raises:
        BadInput: The file cannot be read, or begins with an empty line.
    """
    from holdfire.errors import BadInput

    if not said.startswith("@"):
        return said
    try:
        with Path(said[1:]).open(encoding="utf-8-sig") as file:
            line = file.readline(1_000).strip()
    except (OSError, UnicodeDecodeError):
        line = ""
    if not line:
        hint = "@ and a file whose first line is meant, such as the .pub file beside a key"
        raise BadInput("the file cannot be read, or says nothing", f"{option} {said}", hint)
    return line


def trusted(said: str) -> str:
    """Return the fingerprint that was given, or that stands first in the file after `@`; empty: none was.

    Raises:
        BadInput: It is no fingerprint.
    """
    from holdfire.sheltering import asking

    return asking.trusted(said)


def hand_over(key: Path, line: str) -> None:
    """Write the public half of a key to a file beside it, to be handed over, and say so."""
    from holdfire.ledger.shelf import replace_file

    public = key.with_name(f"{key.name}.pub")
    replace_file(public, f"{line}\n".encode())
    typer.echo(f"hand over {public}, which says the same; {key} stays with you alone", err=True)
