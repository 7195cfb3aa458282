"""The plain part of YAML that our own data files are written in, read quickly.

A full YAML reader takes half a second for our word lists, which everyone who starts a command would wait
for. Here are mappings, lists, quoted and unquoted values, and texts over several lines (`>` and `|`); of
anything else, or anything doubtful, `plain` says None, and the file is for the full reader. It checks
nothing, so no file that people write by hand is read here; tests/unit/test_plainyaml.py holds it to the
full reader on every file of ours.
"""

from __future__ import annotations

import json
import re
from typing import Any

_KEY = re.compile(
    r"""(?P<key>"[^"\\]*"|'[^']*'|[^\s\-?:,\[\]{}#&*!|>'"%@`][^:#]*?|-[^\s:#][^:#]*?)"""
    r""":(?:[ ]+(?P<value>.*))?$"""
)
"""A key and what stands on its line after it."""
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_NUMBERLIKE = re.compile(r"[-+]?\.?[0-9][0-9a-fA-FxoeE_.:+-]*|[-+]?\.(?:inf|nan)", re.IGNORECASE)
_WORDS = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_COMMENT = re.compile(r"[ ]+#.*$")
_FLOW = re.compile(r"""[ ]*(?:(?P<mark>[\[\]{},])|(?P<double>"(?:[^"\\]|\\.)*")|(?P<single>'(?:[^']|'')*')"""
                   r"""|(?P<plain>[^\s\[\]{},"'&*!|>%@`#?][^\[\]{},#]*?)(?=[ ]*(?:[\[\]{},]|:[ ]|:$|$)))"""
                   r"""(?P<colon>:(?=[ ]|$))?""")  # fmt: skip
"""One mark, key or value of a list or mapping in brackets."""


class _BeyondError(Exception):
    """The text is not plain, or may not be."""


def plain(text: str) -> dict[str, Any] | None:
    """Return the mapping that a plain YAML text holds; None: it may hold more than is read here."""
    odd = any(mark in text for mark in ("\t", "\r", "\n---", "\n...", "\x85", "\u2028", "\u2029"))
    if odd or not text.endswith("\n") or text.startswith(("---", "...", "%", "\ufeff")):
        return None
    reader = _Reader(text.split("\n"))
    try:
        found = reader.mapping(0)
        return found if reader.indent() < 0 else None
    except _BeyondError:
        return None


class _Reader:
    """The lines of a text while they are read."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.at = 0

    def indent(self) -> int:
        """Return how far the next line with something on it is set in; -1: there is none."""
        while self.at < len(self.lines):
            line = self.lines[self.at]
            bare = line.lstrip(" ")
            if bare and bare[0] != "#":
                return len(line) - len(bare)
            self.at += 1
        return -1

    def mapping(self, indent: int) -> dict[Any, Any]:
        """Return the mapping whose keys are set in so far."""
        out: dict[Any, Any] = {}
        while self.indent() == indent:
            found = _KEY.match(self.lines[self.at], indent)
            if found is None:
                raise _BeyondError
            key = _scalar(found["key"].rstrip(" "))
            if key in out or key in ("<<", "=") or not isinstance(key, (str, int)):
                raise _BeyondError
            self.at += 1
            out[key] = self.value(found["value"] or "", indent, nested=True)
        if self.indent() > indent:
            raise _BeyondError
        return out

    def sequence(self, indent: int) -> list[Any]:
        """Return the list whose dashes are set in so far."""
        out: list[Any] = []
        while self.indent() == indent and self.lines[self.at][indent : indent + 2] == "- ":
            line = self.lines[self.at][indent + 2 :].strip()
            if line[:1] not in "'\"[{" and _KEY.match(line):
                raise _BeyondError
            self.at += 1
            out.append(self.value(line, indent, nested=False))
        return out

    def value(self, given: str, indent: int, *, nested: bool) -> Any:
        """Return what a key or a dash set in so far holds, from the rest of its line on."""
        given = given.strip(" ")
        if given[:1] in ("[", "{"):
            return self.flow(given, indent)
        if given[:1] not in ("'", '"'):
            given = "" if given[:1] == "#" else _COMMENT.sub("", given)
        if given in (">", ">-", "|", "|-"):
            return self.block(given, indent)
        deeper = self.indent()
        if not given and nested:
            if deeper >= indent and self.lines[self.at][deeper : deeper + 2] == "- ":
                return self.sequence(deeper)
            if deeper > indent and self.lines[self.at][deeper] in "[{":
                self.at += 1
                return self.flow(self.lines[self.at - 1].strip(" "), indent)
            return self.mapping(deeper) if deeper > indent else None
        if deeper > indent:
            raise _BeyondError  # a value over several lines
        return _scalar(given)

    def block(self, style: str, above: int) -> str:
        """Return a text over several lines: of `>` one line, of `|` as they stand."""
        begun = self.at
        while self.at < len(self.lines) and not self.lines[self.at].strip(" "):
            self.at += 1
        if self.at != begun or self.at == len(self.lines):
            raise _BeyondError
        first = self.lines[self.at]
        indent = len(first) - len(first.lstrip(" "))
        if indent <= above:
            raise _BeyondError
        held: list[str] = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if line.strip(" ") and line[:indent].strip(" "):
                break
            held.append(line[indent:])
            self.at += 1
        while held and not held[-1].strip(" "):
            held.pop()
        if style[0] == ">" and any(not line or line[0] == " " for line in held):
            raise _BeyondError
        if self.indent() > above:
            raise _BeyondError
        whole = (" " if style[0] == ">" else "\n").join(held)
        return whole if style[1:] == "-" else whole + "\n"

    def flow(self, given: str, above: int) -> Any:
        """Return a list or mapping in brackets, over as many lines as it takes."""
        given = given if _open(given) else _COMMENT.sub("", given)
        while _open(given):
            if self.indent() <= above:
                raise _BeyondError
            given += " " + self.lines[self.at].strip(" ")  # a comment there is beyond `_tokens`
            self.at += 1
        tokens = _tokens(given)
        tokens.reverse()
        made = _flow(tokens)
        if tokens or self.indent() > above:
            raise _BeyondError
        return made


def _scalar(text: str) -> Any:
    """Return the value of a word or a quoted text."""
    if text[:1] == '"':
        try:
            return json.loads(text)
        except ValueError:
            raise _BeyondError from None
    if text[:1] == "'":
        inner = text[1:-1].replace("''", "\0")
        if len(text) < 2 or text[-1] != "'" or "'" in inner:
            raise _BeyondError
        return inner.replace("\0", "'")
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    doubtful = (
        text[0] in "&*!|>%@`?[]{},#"
        or text in ("=", "-")
        or text.startswith("- ")
        or ": " in text
        or text[-1] == ":"
    )
    if doubtful or _NUMBERLIKE.fullmatch(text):
        raise _BeyondError
    return text


def _open(text: str) -> bool:
    """Return whether brackets are still open at the end of a text."""
    bare = re.sub(r""""(?:[^"\\]|\\.)*"|(?<![\w])'(?:[^']|'')*'""", "", text)
    return sum(map(bare.count, "[{")) > sum(map(bare.count, "]}"))


def _tokens(text: str) -> list[tuple[str, str]]:
    """Return the marks, keys and values of a text in brackets, each with its sort."""
    out: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        found = _FLOW.match(text, at)
        if found is None or found.end() == at or (found["mark"] and found["colon"]):
            raise _BeyondError
        sort = str(found.lastgroup if found.lastgroup != "colon" else "key")
        token = found["mark"] or found["double"] or found["single"] or found["plain"]
        out.append(("mark" if found["mark"] else sort if sort == "key" else "value", token))
        at = found.end()
    return out


def _flow(tokens: list[tuple[str, str]]) -> Any:
    """Return the value that comes next; the tokens are kept last first."""
    if not tokens:
        raise _BeyondError
    sort, opened = tokens.pop()
    if sort == "value":
        return _scalar(opened)
    if sort != "mark" or opened not in "[{":
        raise _BeyondError
    close = "]" if opened == "[" else "}"
    listed: list[Any] = []
    keyed: dict[Any, Any] = {}
    while tokens and tokens[-1] != ("mark", close):
        if opened == "{":
            kind, key = tokens.pop()
            name = _scalar(key)
            if kind != "key" or name in keyed:
                raise _BeyondError
            keyed[name] = _flow(tokens)
        else:
            listed.append(_flow(tokens))
        if tokens and tokens[-1] == ("mark", ","):
            tokens.pop()
        elif not tokens or tokens[-1] != ("mark", close):
            raise _BeyondError
    if not tokens:
        raise _BeyondError
    tokens.pop()
    return keyed if opened == "{" else listed
