"""What a check found: a code, where, and words. docs/format.md lists the codes."""

from __future__ import annotations

from typing import NamedTuple


class Finding(NamedTuple):
    """One reason to say no."""

    code: str
    where: str
    words: str


class Refused(Exception):
    """Something cannot be read further; carries why."""

    def __init__(self, code: str, where: str, words: str) -> None:
        self.finding = Finding(code, where, words)
        super().__init__(f"{code}: {where}: {words}")


class Findings:
    """All that was found, in the order it was found."""

    def __init__(self) -> None:
        self.all: list[Finding] = []

    def add(self, code: str, where: str, words: str) -> None:
        """Note one."""
        self.all.append(Finding(code, where, words))

    def codes(self) -> set[str]:
        """Return the codes found so far."""
        return {each.code for each in self.all}


def shown(path: str) -> str:
    """Return a path as it may be printed."""
    return ascii(path)[1:-1] if any(c < " " or "\x7f" <= c < "\xa0" or c >= "\ud800" for c in path) else path
