"""Which method made a number: one digest of the code and words of Holdfire that is running.

Two installations with the same digest give the same bytes from the same ledger; a change of a single
rule, sentence or template changes it, so nothing made by another method is taken for this one's.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from holdfire.digests import Digest, canonical, digest

ENDINGS = (".py", ".yaml", ".html", ".css", ".js", ".json", ".tsv")

APART = ("chaos/", "doors/", "ledger/", "mirroring/", "starter/")
"""What can change nothing that a bulletin says: commands, drills, keeping, copying, a case to begin from."""

CODED = ("ledger/coded.py", "ledger/codedlinks.py")
"""Of the ledger, what claims, determinations and links are in the log."""


@cache
def method() -> Digest:
    """Return the digest of every file of the package that can change what it says."""
    named: dict[str, str] = {}
    _walk(files("holdfire"), "", named)
    named |= {name: digest(files("holdfire").joinpath(name).read_bytes()) for name in CODED}
    return digest(canonical(named))


def _walk(folder: Traversable, prefix: str, named: dict[str, str]) -> None:
    for entry in folder.iterdir():
        name = f"{prefix}{entry.name}"
        if entry.is_dir():
            if entry.name != "__pycache__" and f"{name}/" not in APART:
                _walk(entry, f"{name}/", named)
        elif entry.name.endswith(ENDINGS):
            named[name] = digest(entry.read_bytes())
