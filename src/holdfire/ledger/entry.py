"""One entry of the ledger: what may stand in it, and the hash that names it.

An entry is canonical JSON of strings and integers, at most `LARGEST` bytes. Which fields a kind has is
listed in `kinds`; any other field is refused. What the record points to (reports, manifests, exhibits, other
entries) it names by commitment or digest.

The leaf hash is SHA-256(0x00 || bytes), as RFC 6962 section 2.1 has it. It is the entry's name, and
appending the same bytes twice is one entry. tests/unit/test_ledger_entry.py tries each refusal.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from holdfire.digests import Digest, canonical
from holdfire.errors import BadInput, Problem, nearest
from holdfire.ledger.kinds import KINDS

LARGEST = 65_535
"""Most bytes of an entry: C2SP tlog-tiles writes its length in 16 bits."""


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
        """Return its kind, one of `KINDS`."""
        return str(self.value["kind"])


def leaf_hash(content: bytes) -> bytes:
    """Return the RFC 6962 leaf hash of an entry's bytes (32 bytes)."""
    return hashlib.sha256(b"\x00" + content).digest()


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
    if not isinstance(kind, str) or kind not in KINDS:
        yield Problem("the entry has no known kind", f"{where}, kind", nearest(str(kind), KINDS))
        return
    fields = KINDS[kind]
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
