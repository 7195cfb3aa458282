"""Progress of a command: a bar for each stage on a terminal, and nothing elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holdfire.readings import Tell


@contextmanager
def progress(as_json: bool) -> Iterator[Tell]:
    """Draw a bar for each stage on a terminal; elsewhere tell no one."""
    if as_json or not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    with Progress(
        TextColumn("{task.description:>11}"), BarColumn(), TimeElapsedColumn(), console=Console(stderr=True)
    ) as bars:
        stages: dict[str, TaskID] = {}

        def tell(stage: str, done: int, total: int) -> None:
            for other, task in stages.items():
                if other != stage:
                    bars.update(task, total=1, completed=1)
            if stage not in stages:
                stages[stage] = bars.add_task(stage, total=total or None)
            bars.update(stages[stage], completed=done, total=total or None)

        yield tell
        for task in stages.values():
            bars.update(task, total=1, completed=1)
