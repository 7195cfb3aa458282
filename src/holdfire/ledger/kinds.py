"""The kinds of entry and the fields each may have; a field that is not listed is refused.

So no name of a person, no exact place and no report text can come into the record by accident: there is
no field for it. Words that a bulletin prints lie in exhibits beside the log, named by digest, where they
can be taken away; report bytes lie in the vault, named by commitment. docs/format.md says which of these
a reader of bundles needs.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from holdfire.records.incident import HARM

MOST = 2**53 - 1
"""Largest integer that every JSON reader keeps exactly (RFC 7493 section 2.2)."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
_KEY_ID = re.compile(r"[0-9a-f]{16}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?Z")

Check = Callable[[Any], str]
"""Returns what is wrong with a value; empty: nothing."""


def text(value: Any) -> str:
    """Say what keeps a value from being a string that UTF-8 can hold."""
    if not isinstance(value, str):
        return "is not a string"
    try:
        value.encode()
    except UnicodeEncodeError:
        return "holds half of a surrogate pair"
    return ""


def whole(value: Any) -> str:
    """Say what keeps a value from being an integer every reader keeps."""
    if not isinstance(value, int) or isinstance(value, bool):
        return "is not an integer"
    return "" if abs(value) <= MOST else f"is outside -{MOST}..{MOST}"


def count(value: Any) -> str:
    """Say what keeps a value from being a count."""
    return whole(value) or ("" if value >= 0 else "is negative")


def flag(value: Any) -> str:
    """Say what keeps a value from being true or false."""
    return "" if isinstance(value, bool) else "is not true or false"


def matching(pattern: re.Pattern[str], expected: str) -> Check:
    """Return the check that a string has one form."""

    def check(value: Any) -> str:
        fits = isinstance(value, str) and pattern.fullmatch(value)
        return "" if fits else f"is not {expected}"

    return check


def one_of(*known: str) -> Check:
    """Return the check that a string is one of a few."""
    return lambda value: "" if value in known else f"is not one of {', '.join(known)}"


def many(inner: Check) -> Check:
    """Return the check of a list of values."""

    def check(value: Any) -> str:
        if not isinstance(value, list):
            return "is not a list"
        return next((f"has a value that {why}" for each in value if (why := inner(each))), "")

    return check


def ascii_text(value: Any) -> str:
    """Say what keeps a value from being a key: readers refuse any that is not ASCII."""
    return text(value) or ("" if value.isascii() else "is not ASCII")


def each(inner: Check, key: Check = ascii_text) -> Check:
    """Return the check of an object: what its keys and its values must be."""

    def check(value: Any) -> str:
        if not isinstance(value, Mapping):
            return "is not a mapping"
        wrong = (
            f'has "{name}", which {why}'
            for name, v in sorted(value.items(), key=str)
            if (why := key(name) or inner(v))
        )
        return next(wrong, "")

    return check


def sized(length: int) -> Check:
    """Return the check that a string is base64, in its one spelling, of so many bytes."""

    def check(value: Any) -> str:
        try:
            content = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
        except (binascii.Error, ValueError):
            content = b""
        fits = len(content) == length and base64.b64encode(content).decode() == value
        return "" if fits else f"is not base64 of {length} bytes"

    return check


def either(*checks: Check) -> Check:
    """Return the check that one of several passes; the first says what is wrong."""
    return lambda value: "" if any(not check(value) for check in checks) else checks[0](value)


digest = matching(_DIGEST, "a digest of 64 lower-case hexadecimal digits")
instant = matching(_INSTANT, "an instant in UTC such as 2016-02-27T00:00Z")
key_id = matching(_KEY_ID, "a key id of 16 lower-case hexadecimal digits")
nothing = one_of("")
pairs = many(many(text))
spans = many(many(count))


@dataclass(frozen=True, slots=True)
class Fields:
    """Fields an entry of one kind must have, and those it may have."""

    needed: Mapping[str, Check]
    allowed: Mapping[str, Check] = field(default_factory=dict)


_HARM = dict.fromkeys(HARM, count)
_WHEN_AND_WHERE = {
    "start": instant,
    "end": instant,
    "admin1": text,
    "lat_e2": whole,  # hundredths of a degree, on the grid of the case
    "lon_e2": whole,
    "radius": count,  # [m], holding the rounding
}
_SIDES = {"actors": many(text), "targets": many(text)}
_ASKED = ("window", "area", "act", "perpetrator", "target", "excluded", "self_defence", "exception")
_SIGNED = {"keyset": digest, "signatures": each(sized(64), key_id)}
_ACT = {"at": instant, "reason": text}

_NOTICE = ("drafted", "sent", "revealed", "withdrawn", "expired")

KINDS: Mapping[str, Fields] = {
    "report": Fields(
        {"report": digest, "source": text, "received": instant, "format": text},
        {
            "published": text,
            "language": text,
            "by": text,
            "mapping": text,
            "reprint": flag,
            "archive": digest,  # the report it was taken out of
        },
    ),
    "attachment": Fields(
        {"of": digest, "blob": digest, "type": text, "at": instant}, {"by": text, "says": text}
    ),
    "case": Fields({"files": pairs, "at": instant}, {"by": text}),  # path and digest of each
    "grade": Fields(
        {"source": text, "affiliation": text, "reliability": text, "at": instant}, {"by": text, "basis": text}
    ),
    "claim": Fields(
        {
            "claim_id": text,
            "report": digest,
            "seq": count,
            "source": text,
            "root": text,
            "kind_of": text,
            "stance": text,
            "modality": text,
            "negated": flag,
            "directed": flag,
            "time_precision": text,
            "geo_precision": text,
            "cumulative": flag,
        },
        {
            **_WHEN_AND_WHERE,
            **_HARM,
            **_SIDES,
            "chain": many(text),
            "voice": text,
            "event_type": text,
            "quantity": whole,
            "quantity_bound": text,
            "counting_rule": text,
            "spans": spans,
            "row": count,
            "rules": many(text),
        },
    ),
    "determination": Fields(
        {
            "determination_id": text,
            "incident_id": text,
            "members": pairs,  # claim id and the part it plays
            "event_type": text,
            "directed": flag,
            "time_precision": text,
            "geo_precision": text,
            "claims": count,
            "reports": count,
            "roots": count,
            "occurrence_strength": text,
            "attribution_strength": text,
            "attribution_contested": flag,
            "coverage": text,
            "verdict": text,
            "rule": text,
            "clauses": many(text),
            "change": text,
            "denials": count,
            "admissions": count,
        },
        {
            **_WHEN_AND_WHERE,
            **_HARM,
            **_SIDES,
            **dict.fromkeys(_ASKED, flag),
            "occurrence": flag,
            "attribution": many(text),
            "term": text,
            "occurrence_probability": count,
            "attribution_probability": count,
            "killed_least": count,
            "killed_most": count,
            "grades": many(text),
            "overruled": many(text),
        },
    ),
    "version": Fields(  # a determination that takes the place of others; no entry: none stands any more
        {
            "of": text,
            "number": count,
            "supersedes": pairs,  # determination id and leaf hash
            "why": many(text),
            "entries": many(count),
            "after": count,
        },
        {"entry": digest},
    ),
    "link": Fields(  # how surely two claims, or two entries of lists, are of one thing
        {"link_id": text, "one": text, "other": text, "confidence": count, "by": text}, {"at": instant}
    ),
    "standing": Fields(  # which of these no longer stand, and which stand again
        {"of": one_of("claim", "determination", "link"), "after": count, "at": instant},
        {"gone": many(text), "back": many(digest)},
    ),
    "review": Fields(
        {"of": text, "entry": digest, "status": text, "at": instant, "by": text},
        {"reason": text, "signatures": each(sized(64), key_id)},
    ),
    "run": Fields({"at": instant, "method": digest, "key": digest, "counts": each(count)}, {"version": text}),
    "bulletin": Fields(
        {"number": count, "period": text, "manifest": digest},
        {
            "version": count,
            "at": instant,
            "run": digest,
            "size": count,
            "method": digest,
            "case": digest,
            "extracts": digest,
        },
    ),
    "retraction": Fields({"of": digest, **_ACT}, {"by": text}),
    "correction": Fields({"of": digest, **_ACT}, {"by": text, "instead": digest}),
    "redaction": Fields({"of": digest, **_ACT, **_SIGNED}, {"by": text}),
    "keyset": Fields(
        {
            "number": count,
            "at": instant,
            "log": sized(32),
            "editors": each(sized(32)),
            "threshold": count,
            "witnesses": each(sized(32)),
            "quorum": count,
            "fresh_hours": count,
            "before": either(digest, nothing),
            "signatures": each(sized(64), key_id),
        }
    ),
    "release": Fields(
        {
            "period": text,
            "number": count,
            "version": count,
            "bulletin": digest,
            "size": count,
            "manifest": digest,
            "contents": digest,
            "at": instant,
            "expires": instant,
            "before": either(digest, nothing),
            **_SIGNED,
        }
    ),
    "partition": Fields(  # land cut into cells of public places: the file itself stands beside the log
        {
            "name": text,
            "partition": digest,
            "candidates": digest,
            "places": count,
            "cells": count,
            "at": instant,
            "before": either(digest, nothing),
            **_SIGNED,
        }
    ),
    "zones": Fields(  # cells of a partition that are on for an epoch; it has no time of its own
        {
            "partition": digest,
            "name": text,
            "number": count,
            "starts": instant,
            "ends": instant,
            "cells": many(text),
            "before": either(digest, nothing),
            "wording": text,
            **_SIGNED,
        }
    ),
    "finding": Fields(  # an incident was reported inside areas that were public; whole cells, never its place
        {"of": text, "at": instant, "inside": one_of("yes", "unclear", "no"), "cells": pairs},
        {"areas": many(text)},
    ),
    # Who was told of a place, and when. What was said lies in the vault, behind a salted commitment.
    "recipient": Fields(  # `card` is the recipient's own signature: the opening key is theirs too
        {"name": text, "signs": sized(32), "opens": sized(32), "card": sized(64), "at": instant, **_SIGNED},
        {"step": one_of("withdrawn")},  # of a card that was entered before: nothing is sealed to it any more
    ),
    "consent": Fields({"consent": digest, "to": key_id, "step": one_of("given", "revoked"), "at": instant}),
    "notice": Fields(
        {"notice": digest, "step": one_of(*_NOTICE), "at": instant},
        {"to": many(key_id), "reply_by": instant, "before": digest, "envelope": digest},
    ),
    "receipt": Fields(
        {
            "notice": digest,
            "envelope": digest,  # of the bytes that were received
            "record": digest,  # fingerprint of the record that sent them
            "step": one_of("delivered", "acknowledged"),
            "by": key_id,
            "at": instant,  # by the recipient's clock
            "signature": sized(64),
            "entered": instant,
        }
    ),
}
"""Fields by kind."""
