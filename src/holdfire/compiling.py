"""Run one text of a loop in two ways: as plain Python for little work, compiled by numba for much.

Loading numba takes a third of a second and compiling several more, so a case of a few hundred pairs never
meets it. Both ways run the same source, on whole numbers only, so they cannot differ but by a fault of the
compiler; tests/properties/test_clustering.py compares them. What is compiled is kept beside the package, or
where that cannot be written, for the life of the process.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from types import FunctionType, SimpleNamespace
from typing import Any

LITTLE = 3000
"""Most pairs that plain Python takes on; more are worth loading the compiler for."""


def loops(module: str, work: int) -> Any:
    """Return the functions named in a module's `LOOPS`, compiled where there is more than a little work.

    Args:
        module: Full name of a module whose `LOOPS` lists its functions, each after those that it calls.
        work: Pairs at hand.
    """
    return import_module(module) if work <= LITTLE else compiled(module)


@cache
def compiled(module: str) -> Any:
    """Return the functions named in a module's `LOOPS`, compiled; they let other threads run."""
    plain = import_module(module)
    space = dict(vars(plain))
    for name in plain.LOOPS:
        made_in = space[name].__module__
        space[name] = (
            _compile(FunctionType(space[name].__code__, space, name))
            if made_in == module
            else getattr(compiled(made_in), name)
        )
    return SimpleNamespace(**{name: space[name] for name in plain.LOOPS})


def _compile(function: FunctionType) -> Callable[..., Any]:
    from numba import njit

    try:
        made: Callable[..., Any] = njit(cache=True, nogil=True)(function)
    except RuntimeError:  # numba finds no folder that it may write to
        made = njit(nogil=True)(function)
    return made
