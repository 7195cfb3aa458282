"""bench/RESULTS.md, section by section: a command replaces its own section and leaves the others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

RESULTS = Path(__file__).resolve().parent / "RESULTS.md"


def replace_section(
    name: str, lines: Sequence[str], head: Sequence[str], rows: Sequence[Sequence[str]]
) -> None:
    """Write the section `name`: some lines, then a table."""
    heading = f"## {name}\n"
    title, *sections = RESULTS.read_text(encoding="utf-8").split("\n## ")
    kept = [f"## {each.strip()}\n" for each in sections if not f"## {each}".startswith(heading)]
    body = [
        "", *lines, "", f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]  # fmt: skip
    page = "\n".join([title.strip() + "\n", *kept, heading + "\n".join(body) + "\n"])
    RESULTS.write_text(page, encoding="utf-8")
