"""Write docs/look-up/commands.md from the commands themselves: `python scripts/manual.py`.

tests/promises/test_manual.py fails if the page and the commands differ.
"""

from __future__ import annotations

import os
from pathlib import Path

import typer
from typer.testing import CliRunner

from holdfire.cli import app

PAGE = Path(__file__).resolve().parent.parent / "docs" / "look-up" / "commands.md"


def commands() -> tuple[str, ...]:
    """Return the name of every command, groups last, each in the order it was mounted."""
    return tuple(_names(app))


def _names(group: typer.Typer) -> list[str]:
    names = [c.name or str(c.callback and c.callback.__name__) for c in group.registered_commands]
    for inner in group.registered_groups:
        names += [
            f"{inner.name} {name}" for name in (_names(inner.typer_instance) if inner.typer_instance else [])
        ]
    return names


HEAD = """# Commands

Written by `python scripts/manual.py` from the commands themselves. Every command exits 0 when done, 1
when a check says no, 2 when the command or its input is wrong. `--json` prints JSON and nothing else.
Progress is drawn only on a terminal. `NO_COLOR` is respected. `holdfire --install-completion` adds
completion to your shell. `HOLDFIRE_BY` says who acts, as the ledger shall name them;
`SOURCE_DATE_EPOCH` fixes the clock, and `HOLDFIRE_NOW` sets it for an exercise, which every command then
says; `HOLDFIRE_VAULT_KEY` names the key file of a vault whose keys are wrapped; `HOLDFIRE_SITES` names the
folder of a store of protected sites.
"""


def page() -> str:
    """Return the page."""
    parts = [HEAD, f"## holdfire\n\n{_help([])}"]
    parts += [f"## holdfire {name}\n\n{_help(name.split())}" for name in commands()]
    return "\n".join(parts)


def _help(words: list[str]) -> str:
    os.environ |= {"COLUMNS": "110", "NO_COLOR": "1", "TERM": "dumb"}
    result = CliRunner().invoke(app, [*words, "--help"], prog_name="holdfire")
    text = "\n".join(line.rstrip() for line in result.output.strip().splitlines())
    return f"```text\n{text}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
