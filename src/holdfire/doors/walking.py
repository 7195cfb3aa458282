"""One thing after another on a terminal, one key a judgement: back, next and leave are everywhere alike."""

from __future__ import annotations

from collections.abc import Callable

import typer
from rich.console import Console, RenderableType
from rich.text import Text

from holdfire.errors import HoldfireError

LEAVE = ("x", "q", "\x03", "\x04")
"""Keys that leave; a door may give `q` to something else."""


def walk(
    count: int,
    shown: Callable[[int], RenderableType],
    act: Callable[[int, str], bool | None],
    getkey: Callable[[], str] = typer.getchar,
    leave: tuple[str, ...] = LEAVE,
) -> int:
    """Show things until they end or the reviewer leaves; return how many were judged.

    Args:
        count: How many there are.
        shown: Returns what the screen shows of one.
        act: Does what a key says of one; True: it is judged, go on; False: it is judged, stay; None: the
            key judges nothing.
        getkey: Returns the next key.
        leave: Keys that leave.
    """
    console = Console()
    judged: set[int] = set()
    at = 0
    while 0 <= at < count:
        console.clear()
        console.print(shown(at))
        key = getkey()
        if key in leave:
            break
        if key in (" ", "\r", "\n"):
            at += 1
        elif key == "b":
            at = max(0, at - 1)
        else:
            done = _tried(act, at, key, console, getkey)
            if done is not None:
                judged.add(at)
            at += bool(done)
    return len(judged)


def _tried(
    act: Callable[[int, str], bool | None], at: int, key: str, console: Console, getkey: Callable[[], str]
) -> bool | None:
    try:
        return act(at, key)
    except HoldfireError as error:
        console.print(Text(str(error), style="bold"))
        getkey()
        return None
