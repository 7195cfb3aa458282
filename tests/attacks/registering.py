"""How an attack is written down: a function or a class, its name, and the codes a reader must give."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from attacks.honest import Bundle, Making

Change = Callable[[Bundle], Any]
Shape = Callable[[Path, Bundle], None]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of attack.

    Attributes:
        name: What it does, in words.
        codes: What a reader that checks every step says, no more and no less.
        make: Changes the honest bundle in place, or returns another, or returns the bytes of a zip.
        shape: Changes the folder it was written to.
        fingerprint: Whether the reader brings one.
    """

    name: str
    codes: frozenset[str]
    make: Change | None = None
    shape: Shape | None = None
    fingerprint: bool = True
    needs: str = field(default="")

    @property
    def slug(self) -> str:
        """Return the name as a file has it."""
        return re.sub("[^a-z0-9]+", "-", self.name.lower()).strip("-")


KINDS: dict[str, Kind] = {}
"""By name, in the order in which they are written down."""


def _keep(kind: Kind) -> None:
    """Register a kind; a module that is imported a second time changes nothing."""
    where = KINDS.setdefault(kind.name, kind)
    if (where.codes, where.slug) != (kind.codes, kind.slug):
        raise ValueError(f"two attacks are named {kind.name}")


def attack(name: str, *codes: str, fingerprint: bool = True) -> Callable[[Change], Change]:
    """Register a change to the files of the honest bundle, to its reader, or a whole other bundle or zip."""

    def register(make: Change) -> Change:
        _keep(Kind(name=name, codes=frozenset(codes), make=make, fingerprint=fingerprint))
        return make

    return register


def shaping(name: str, *codes: str, needs: str = "") -> Callable[[Shape], Shape]:
    """Register a change to the folder that holds the honest bundle; `needs` is what the system must have."""

    def register(shape: Shape) -> Shape:
        _keep(Kind(name=name, codes=frozenset(codes), shape=shape, needs=needs))
        return shape

    return register


def made(name: str, *codes: str) -> Callable[[type[Making]], type[Making]]:
    """Register a making whose own fingerprint the reader trusts."""

    def register(making: type[Making]) -> type[Making]:
        _keep(Kind(name=name, codes=frozenset(codes), make=lambda _: making().bundle()))
        return making

    return register
