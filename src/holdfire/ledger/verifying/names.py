r"""Which names files in a bundle may have, and what two names are one.

A bundle is read on systems that fold case, compose accents, or take `\` and `:` for their own; a name that
means something else there, or two names that are one there, would show other readers another bundle.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

LONGEST_PATH = 400
"""Most bytes of a path."""

LONGEST_PART = 240
"""Most bytes of one part of a path; file systems keep 255."""


def path_breaks(path: str) -> tuple[str, str]:
    """Return the code and words of what is wrong with a path; empty code: nothing."""
    parts = path.split("/")
    if any(part in ("", ".", "..") for part in parts):
        return "path", "the name climbs out, is absolute, or has an empty part"
    if any(c in "\\:\x7f" or c < " " for c in path):
        return "path", "the name holds a backslash, a colon or a control character"
    try:
        lengths = [len(part.encode()) for part in parts]
    except UnicodeEncodeError:
        return "path", "the name is not UTF-8"
    if len(path.encode()) > LONGEST_PATH or max(lengths) > LONGEST_PART:
        return "size", "the name is too long"
    return "", ""


def twins_of(paths: Iterable[str]) -> list[str]:
    """Return the paths that on some systems are one with another, or lead through a file, in order."""
    spelled: dict[str, str] = {}
    files = set()
    found = []
    for path in sorted(paths):
        files.add(path)
        parts = path.split("/")
        ways = ["/".join(parts[: n + 1]) for n in range(len(parts))]
        one = any(spelled.setdefault(_folded(way), way) != way for way in ways)
        if one or any(way in files for way in ways[:-1]):
            found.append(path)
    return found


def _folded(path: str) -> str:
    composed = unicodedata.normalize("NFC", path).casefold()
    return unicodedata.normalize("NFC", composed)
