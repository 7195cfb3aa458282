"""The front matter of a text: what a person wrote above it about who published it and when.

It is no content: claims are never read from it, but their spans count its characters, so that a reader
finds them in the file as it is.
"""

from __future__ import annotations

import re

_FENCE = re.compile(r"\ufeff?---[ \t]*\r?\n")
_FIELD = re.compile(r"[a-z_]{2,20}:(?:[ \t]|\r?\n)")
_CLOSE = re.compile(r"^---[ \t]*(?:\r?\n|\Z)", re.MULTILINE)


def unclosed(text: str) -> bool:
    r"""Return whether a text opens front matter and never closes it.

    A first line of `---` that no field follows is a rule across the page, not front matter.

    >>> unclosed("---\nsource: un\nText."), unclosed("---\n\nText.")
    (True, False)
    """
    opened = _FENCE.match(text)
    return bool(opened and not _CLOSE.search(text, opened.end()) and _FIELD.match(text, opened.end()))


def split(text: str) -> tuple[str | None, int]:
    r"""Return the YAML between the first two `---` lines, and where the content begins.

    None: there is no front matter, or its fence is never closed, and the content begins at 0.

    >>> split("---\nsource: un\n---\nText.")
    ('source: un\n', 19)
    """
    opened = _FENCE.match(text)
    if not opened:
        return None, 0
    closed = _CLOSE.search(text, opened.end())
    if not closed:
        return None, 0
    return text[opened.end() : closed.start()], closed.end()
