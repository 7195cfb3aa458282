"""Run one text of a loop in two ways: as plain Python for little work, compiled by numba for much.

Loading numba takes a third of a second and compiling several more, so a case of a few hundred pairs never
meets it. Both ways run the same source, on whole numbers only, so they cannot differ but by a fault of the
compiler; tests/properties/test_clustering.py compares them. What is compiled is kept beside the package, or
where that cannot be written, for the life of the process.

numba looks only at a function's own file to tell whether what it kept is still what the text says, though a
function takes in whatever it calls from other files. So each is kept under a name that holds a digest of all
the text it draws on, and text that has changed is compiled anew (tests/unit/test_compiling.py).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module, metadata
from pathlib import Path
from types import CodeType, FunctionType, SimpleNamespace
from typing import Any

from holdfire.digests import digest

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
    space, text = dict(vars(plain)), drawn_on(module)
    for name in plain.LOOPS:
        made_in = space[name].__module__
        space[name] = (
            _compile(FunctionType(space[name].__code__, space, name), text)
            if made_in == module
            else getattr(compiled(made_in), name)
        )
    return SimpleNamespace(**{name: space[name] for name in plain.LOOPS})


def drawn_on(module: str) -> str:
    """Return a digest of all that the compiled functions of a module are made from.

    That is the text of the module, and of each whose functions or types its loops name, in turn; what else
    they name from outside, such as a number; and the versions of Python, numpy and numba.

    Args:
        module: Full name of a module with `LOOPS`.
    """
    texts: dict[str, str] = {}
    outside: set[str] = set()
    ahead = [module]
    while ahead:
        name = ahead.pop()
        if name in texts:
            continue
        found = import_module(name)
        texts[name] = digest(Path(found.__file__ or "").read_bytes()) if found.__file__ else ""
        for loop in getattr(found, "LOOPS", ()):
            for used in _named(getattr(found, loop).__code__):
                value = vars(found).get(used)
                if isinstance(value, (int, float, str, tuple)):
                    outside.add(f"{name}.{used} = {value!r}")
                elif isinstance(getattr(value, "__module__", None), str):
                    ahead.append(value.__module__)
    versions = (sys.version, *(f"{each} {metadata.version(each)}" for each in ("numba", "numpy")))
    return digest("\n".join([*map(str, sorted(texts.items())), *sorted(outside), *versions]).encode())


def _named(code: CodeType) -> Iterator[str]:
    """Yield the names from outside that a function uses, those of functions within it among them."""
    yield from code.co_names
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield from _named(part)


def _compile(function: FunctionType, text: str) -> Callable[..., Any]:
    from numba import njit

    # numba names what it keeps by the qualified name, and looks at a function's own file alone for changes.
    function.__qualname__ = f"{function.__name__}_{text[:16]}"
    try:
        made: Callable[..., Any] = njit(cache=True, nogil=True)(function)
    except RuntimeError:  # numba finds no folder that it may write to
        made = njit(nogil=True)(function)
    return made
