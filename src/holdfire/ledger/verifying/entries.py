"""Entries of the log: read in their one canonical form, and who signed those that editors sign.

docs/format.md lists the fields. Of an entry that a bundle's checks rest on (keyset, release, redaction) every
field is looked at and any other refused; of the rest only the form and the kind.
tests/unit/test_verifying_entries.py tries each refusal.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from holdfire.ledger.verifying.ed25519 import verify
from holdfire.ledger.verifying.notes import Malformed, from_base64
from holdfire.ledger.verifying.shapes import SHAPES
from holdfire.ledger.verifying.trees import leaf_of

LONGEST_ENTRY = 65_535
"""Most bytes of an entry: C2SP tlog-tiles writes its length in 16 bits."""

MOST_INTEGER = 2**53 - 1

SIGNED_ENTRY = b"holdfire-entry/v1\n"
"""Stands before what an editor signs, so that no signature made for another purpose fits."""


class Keyset(NamedTuple):
    """Who may sign from one entry on."""

    leaf: str
    before: str
    number: int
    log: bytes
    editors: dict[str, bytes]
    threshold: int
    witnesses: dict[str, bytes]
    quorum: int
    fresh_hours: int


def entry_of(content: bytes) -> dict[str, Any]:
    """Return what an entry's bytes say.

    Raises:
        Malformed: They are not one canonical object with a kind, or too many.
    """
    if len(content) > LONGEST_ENTRY:
        raise Malformed(f"an entry has more than {LONGEST_ENTRY} bytes")
    try:
        value = json.loads(
            content.decode(), object_pairs_hook=_each_once, parse_float=_no_float, parse_constant=_no_float
        )
        again = canonical_json(value)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"an entry is not canonical JSON ({type(error).__name__})") from None
    if again != content or not isinstance(value, dict) or not isinstance(value.get("kind"), str):
        raise Malformed("an entry is not one canonical object with a kind")
    return value


def canonical_json(value: Any) -> bytes:
    """Return the one form in which a value is written.

    Raises:
        ValueError: It holds an integer that not every reader keeps, a key that is not ASCII, or half of a
            surrogate pair.
    """
    _refuse_numbers(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def editor_key_id(key: bytes) -> str:
    """Return the name of an editor's key (32 bytes) among signatures."""
    return hashlib.sha256(key).hexdigest()[:16]


def signers_of(value: Mapping[str, Any], keys: Iterable[bytes]) -> set[bytes]:
    """Return which of these keys signed an entry.

    Raises:
        Malformed: A signature is under none of them, or does not hold.
    """
    known = {editor_key_id(key): key for key in keys}
    said = SIGNED_ENTRY + canonical_json({k: v for k, v in value.items() if k != "signatures"})
    found = set()
    for name, signature in sorted(value["signatures"].items()):
        if name not in known:
            raise Malformed(f"a signature is under {name}, which is the key of no editor in force")
        if not verify(known[name], said, from_base64(signature)):
            raise Malformed(f"the signature under {name} does not hold")
        found.add(known[name])
    return found


def keyset_of(content: bytes) -> Keyset:
    """Return the keyset that an entry says; `keyset_breaks` says whether it may stand where it stands.

    Raises:
        Malformed: It is none, or a field is not in its form.
    """
    value = shaped(content, "keyset")
    return Keyset(
        leaf_of(content).hex(),
        value["before"],
        value["number"],
        from_base64(value["log"]),
        {name: from_base64(key) for name, key in value["editors"].items()},
        value["threshold"],
        {name: from_base64(key) for name, key in value["witnesses"].items()},
        value["quorum"],
        value["fresh_hours"],
    )


def keyset_breaks(content: bytes, old: Keyset | None) -> str:
    """Say which rule a keyset breaks after another, or as the first; empty: none."""
    new = keyset_of(content)
    return _breaks_alone(new) or _breaks_after(new, old) or _lacks(content, new, old)


def _breaks_alone(new: Keyset) -> str:
    keys = [new.log, *new.editors.values(), *new.witnesses.values()]
    if len(set(keys)) != len(keys):
        return "one key stands in it twice"
    if not 2 <= new.threshold <= len(new.editors):
        return f"its threshold is {new.threshold} of {len(new.editors)} editors"
    if new.quorum > len(new.witnesses):
        return f"its quorum is {new.quorum} of {len(new.witnesses)} witnesses"
    return ""


def _breaks_after(new: Keyset, old: Keyset | None) -> str:
    expected = (old.number + 1, old.leaf) if old else (1, "")
    if (new.number, new.before) != expected:
        return f"it does not follow the keyset before it: number {new.number} for {expected[0]}"
    return ""


def _lacks(content: bytes, new: Keyset, old: Keyset | None) -> str:
    sides = [old, new] if old else [new]
    try:
        found = signers_of(shaped(content, "keyset"), [k for side in sides for k in side.editors.values()])
    except Malformed as error:
        return str(error)
    for side in sides:
        have = len(found & set(side.editors.values()))
        if have < side.threshold:
            return f"{have} of {side.threshold} editors of keyset {side.number} signed it"
    return ""


def signature_breaks(value: Mapping[str, Any], keyset: Keyset | None) -> str:
    """Say what a release's or redaction's signatures lack under the keyset in force; empty: nothing."""
    if keyset is None:
        return "it stands before the first keyset"
    if value["keyset"] != keyset.leaf:
        return "it names another keyset than the one in force"
    try:
        found = signers_of(value, keyset.editors.values())
    except Malformed as error:
        return str(error)
    if len(found) < keyset.threshold:
        return f"{len(found)} of {keyset.threshold} editors signed it"
    return ""


def shaped(content: bytes, kind: str) -> dict[str, Any]:
    """Return an entry of one kind, every field in its form; kinds without a list of fields pass as they are.

    Raises:
        Malformed: It is of another kind, or a field is missing, unknown or in another form.
    """
    value = entry_of(content)
    if value["kind"] != kind:
        raise Malformed(f"the entry is of kind {value['kind'][:20]!r}, not {kind}")
    fields = SHAPES.get(kind)
    if fields is not None:
        if not {"kind", *fields} - {"by"} <= set(value) <= {"kind", *fields}:
            raise Malformed(f"a {kind} has other fields than it should")
        for name in sorted(set(value) - {"kind"}):
            fields[name](value[name], name)
    return value


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key is given twice")
    return value


def _no_float(text: str) -> Any:
    raise ValueError("a number is no integer")


def _refuse_numbers(value: Any) -> None:
    if isinstance(value, int) and abs(value) > MOST_INTEGER:
        raise ValueError("an integer is too large")
    if isinstance(value, dict):
        for name, inner in value.items():
            if not name.isascii():
                raise ValueError("a key is not ASCII")
            _refuse_numbers(inner)
    elif isinstance(value, list):
        for inner in value:
            _refuse_numbers(inner)
