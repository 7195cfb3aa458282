"""The form of each field of the entries that a bundle's checks rest on.

docs/format.md lists them. A field in another form, and one that is not listed, makes the entry Malformed.
"""

from __future__ import annotations

import calendar
import re
import time
from collections.abc import Callable
from typing import Any

from holdfire.ledger.verifying.notes import Malformed, from_base64, valid_name

DIGEST_FORM = re.compile("[0-9a-f]{64}")
_KEY_FORM = re.compile("[0-9a-f]{16}")
_INSTANT_FORM = re.compile("([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2})(:[0-9]{2})?Z")


def instant_of(text: str) -> int:
    """Return an instant in UTC as POSIX time [s].

    Raises:
        Malformed: It is not written `2016-02-27T00:00:00Z`, the seconds optional, or is no such time.
    """
    found = _INSTANT_FORM.fullmatch(text)
    if not found:
        raise Malformed("an instant is not written 2016-02-27T00:00:00Z")
    try:
        parts = time.strptime(found.group(1) + (found.group(2) or ":00"), "%Y-%m-%dT%H:%M:%S")
    except ValueError:
        raise Malformed("an instant is no time of the calendar") from None
    if parts.tm_sec > 59:
        raise Malformed("an instant is no time of the calendar")
    return calendar.timegm(parts)


def _ask(holds: bool, name: str) -> None:
    if not holds:
        raise Malformed(f'"{name}" is not in its form')


def _text(value: Any, name: str) -> None:
    _ask(isinstance(value, str), name)


def _count(value: Any, name: str) -> None:
    _ask(isinstance(value, int) and not isinstance(value, bool) and value >= 0, name)


def _digest(value: Any, name: str) -> None:
    _ask(isinstance(value, str) and bool(DIGEST_FORM.fullmatch(value)), name)


def _digest_or_none(value: Any, name: str) -> None:
    if value != "":
        _digest(value, name)


def _instant(value: Any, name: str) -> None:
    _ask(isinstance(value, str), name)
    instant_of(value)


def _sized(length: int) -> Callable[[Any, str], None]:
    def check(value: Any, name: str) -> None:
        _ask(isinstance(value, str) and len(from_base64(value)) == length, name)

    return check


def _mapping(fits: Callable[[str], bool], length: int) -> Callable[[Any, str], None]:
    inner = _sized(length)

    def check(value: Any, name: str) -> None:
        _ask(isinstance(value, dict) and all(fits(key) for key in value), name)
        for each in value.values():
            inner(each, name)

    return check


_SIGNATURES = _mapping(lambda name: bool(_KEY_FORM.fullmatch(name)), 64)

SHAPES: dict[str, dict[str, Callable[[Any, str], None]]] = {
    "keyset": {
        "number": _count,
        "at": _instant,
        "log": _sized(32),
        "editors": _mapping(bool, 32),
        "threshold": _count,
        "witnesses": _mapping(valid_name, 32),
        "quorum": _count,
        "fresh_hours": _count,
        "before": _digest_or_none,
        "signatures": _SIGNATURES,
    },
    "release": {
        "period": _text,
        "number": _count,
        "version": _count,
        "bulletin": _digest,
        "size": _count,
        "manifest": _digest,
        "contents": _digest,
        "keyset": _digest,
        "at": _instant,
        "expires": _instant,
        "before": _digest_or_none,
        "signatures": _SIGNATURES,
    },
    "redaction": {
        "of": _digest,
        "reason": _text,
        "at": _instant,
        "by": _text,  # may be absent
        "keyset": _digest,
        "signatures": _SIGNATURES,
    },
}
"""Check of each field, by kind."""
