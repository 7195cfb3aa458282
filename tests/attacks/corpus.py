"""Every attack as a folder or a zip on the disk, with what a reader brings and what it must say.

`corpus(folder)` writes them all and returns them; both verifiers and the page are held against the same
files. What a file system cannot hold is left out (`needs` of its kind). The modules imported here for their
own sake register their attacks.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from attacks import on_files, on_forms, on_history, on_packing, on_signing, on_witnesses  # noqa: F401
from attacks.honest import Bundle, honest
from attacks.registering import KINDS, Kind


@dataclass(frozen=True, kw_only=True)
class Attack:
    """One hostile bundle.

    Attributes:
        name: What was done, in words.
        path: Folder or zip.
        codes: What a reader that checks every step says: all of these, and the Python one no other.
        fingerprint: What the reader trusts; None: nothing.
        memory: Size and root that the reader saw last.
        at: The reader's time [s since 1970].
        needs: What the system must have to hold it: empty for plain files.
    """

    name: str
    path: Path
    codes: frozenset[str]
    fingerprint: str | None
    memory: tuple[int, bytes] | None
    at: int
    needs: str


def corpus(folder: Path) -> list[Attack]:
    """Write every attack under `folder` and return them, in order."""
    base = honest()
    found = []
    for number, kind in enumerate(KINDS.values()):
        if _able(kind):
            found.append(_written(kind, base, folder / f"{number:03d}-{kind.slug[:60]}"))
    return found


def put(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write files under a folder and return it."""
    for path, content in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return folder


def _written(kind: Kind, base: Bundle, place: Path) -> Attack:
    bundle = deepcopy(base)
    made = kind.make(bundle) if kind.make else None
    if isinstance(made, bytes):
        place = place.with_name(place.name + ".zip")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(made)
    else:
        bundle = made or bundle
        put(place, bundle.files)
        if kind.shape:
            kind.shape(place, bundle)
    return Attack(
        name=kind.name,
        path=place,
        codes=kind.codes,
        fingerprint=bundle.fingerprint if kind.fingerprint else None,
        memory=bundle.memory,
        at=bundle.at,
        needs=kind.needs,
    )


def _able(kind: Kind) -> bool:
    if kind.needs == "case":
        return sys.platform == "linux"
    return kind.needs != "mkfifo" or hasattr(os, "mkfifo")
