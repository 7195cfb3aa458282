"""One entry of the ledger: what may stand in it, and the hash that names it.

An entry is canonical JSON of strings and integers, at most `LARGEST` bytes. Which fields a kind has is
listed here once; any other field is refused. So no name of a person, no coordinate and no report text
can come into the record by accident: there is no field for it. What the record points to (reports,
manifests, other entries) it names by digest.

The leaf hash is SHA-256(0x00 || bytes), as RFC 6962 section 2.1 has it. It is the entry's name, and
appending the same bytes twice is one entry. tests/unit/test_ledger_entry.py tries each refusal.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from holdfire.digests import Digest, canonical
from holdfire.errors import BadInput, Problem, nearest

LARGEST = 65_535
"""Most bytes of an entry: C2SP tlog-tiles writes its length in 16 bits."""

MOST = 2**53 - 1
"""Largest integer that every JSON reader keeps exactly (RFC 7493 section 2.2)."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What was appended, where it stands, and its name.

    Attributes:
        seq: Place in the ledger, from 0.
        leaf: Leaf hash [64 hexadecimal digits].
        content: The bytes that were hashed.
    """

    seq: int
    leaf: Digest
    content: bytes

    @property
    def value(self) -> dict[str, Any]:
        """Return what the entry says."""
        value: dict[str, Any] = json.loads(self.content)
        return value

    @property
    def kind(self) -> str:
        """Return its kind: report, run, bulletin, retraction or correction."""
        return str(self.value["kind"])


def leaf_hash(content: bytes) -> bytes:
    """Return the RFC 6962 leaf hash of an entry's bytes (32 bytes)."""
    return hashlib.sha256(b"\x00" + content).digest()


Check = Callable[[Any], str]
"""Returns what is wrong with a value; empty: nothing."""


def _text(value: Any) -> str:
    if not isinstance(value, str):
        return "is not a string"
    try:
        value.encode()
    except UnicodeEncodeError:
        return "holds half of a surrogate pair"
    return ""


def _whole(value: Any) -> str:
    if not isinstance(value, int) or isinstance(value, bool):
        return "is not an integer"
    return "" if abs(value) <= MOST else f"is outside -{MOST}..{MOST}"


def _count(value: Any) -> str:
    return _whole(value) or ("" if value >= 0 else "is negative")


def _matching(pattern: re.Pattern[str], expected: str) -> Check:
    def check(value: Any) -> str:
        fits = isinstance(value, str) and pattern.fullmatch(value)
        return "" if fits else f"is not {expected}"

    return check


def _each(inner: Check) -> Check:
    def check(value: Any) -> str:
        if not isinstance(value, Mapping):
            return "is not a mapping"
        wrong = [
            f'has "{key}", which {why}' for key, v in sorted(value.items(), key=str) if (why := _pair(key, v))
        ]
        return wrong[0] if wrong else ""

    def _pair(key: Any, value: Any) -> str:
        return _text(key) or inner(value)

    return check


_digest = _matching(_DIGEST, "a digest of 64 lower-case hexadecimal digits")
_instant = _matching(_INSTANT, "an instant in UTC such as 2016-02-27T00:00Z")


@dataclass(frozen=True, slots=True)
class _Fields:
    needed: dict[str, Check]
    allowed: dict[str, Check]


_KINDS = {
    "report": _Fields(
        {
            "digest": _digest,
            "name": _text,
            "source": _text,
            "received": _instant,
            "format": _text,
            "size": _count,
        },
        {"published": _text, "licence": _text, "cite": _text, "language": _text, "added_by": _text},
    ),
    "run": _Fields(
        {
            "at": _instant,
            "versions": _each(_text),
            "settings": _digest,
            "agreement": _digest,
            "counts": _each(_count),
        },
        {"inputs": _each(_digest), "period": _text},
    ),
    "bulletin": _Fields(
        {"number": _count, "period": _text, "manifest": _digest},
        {"version": _count, "at": _instant, "run": _digest},
    ),
    "retraction": _Fields({"of": _digest, "at": _instant, "reason": _text}, {"by": _text}),
    "correction": _Fields(
        {"of": _digest, "at": _instant, "reason": _text}, {"by": _text, "instead": _digest}
    ),
}

KINDS = tuple(_KINDS)


def encode(value: Mapping[str, Any], where: str = "entry") -> bytes:
    """Return the bytes of an entry.

    Raises:
        BadInput: Every problem of the value: no such kind, a field missing, unknown or of another
            type, or more than `LARGEST` bytes.
    """
    if found := list(_problems(value, where)):
        raise BadInput.of(found)
    content = canonical(dict(value))
    if len(content) > LARGEST:
        raise BadInput(f"the entry has {len(content)} bytes; at most {LARGEST} are kept", where)
    return content


def decode(content: bytes) -> dict[str, Any]:
    """Return what an entry's bytes say.

    Raises:
        BadInput: The bytes are not the canonical form of an entry.
    """
    try:
        value = json.loads(content, object_pairs_hook=_once, parse_float=_none, parse_constant=_none)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"an entry is not canonical JSON: {error}") from None
    if not isinstance(value, dict) or encode(value) != content:
        raise BadInput("an entry is not written in canonical form")
    return value


def _problems(value: Mapping[str, Any], where: str) -> Iterable[Problem]:
    kind = value.get("kind")
    if not isinstance(kind, str) or kind not in _KINDS:
        yield Problem("the entry has no known kind", f"{where}, kind", nearest(str(kind), KINDS))
        return
    fields = _KINDS[kind]
    known = {**fields.needed, **fields.allowed}
    for name in fields.needed:
        if name not in value:
            yield Problem(f'a {kind} entry lacks "{name}"', where)
    for name in sorted(set(value) - {"kind"}, key=str):
        if name not in known:
            yield Problem(f'a {kind} entry has no field "{name}"', where, nearest(str(name), known))
        elif why := known[name](value[name]):
            yield Problem(f'"{name}" {why}', f"{where}, {name}")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key is given twice")
    return value


def _none(text: str) -> Any:
    raise ValueError(f"{text[:20]} is no integer")
