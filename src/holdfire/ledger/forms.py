"""Whether entries are canonical, for a million at once.

For most kinds the canonical form can be written as one regular expression: keys in order, each value in
the form its check asks for. What matches is canonical and of that kind, with every needed field and no
other; RE2 says so for a table of entries at about a microsecond each. What does not match is read one by
one by `entry.decode`, which has the last word and says what is wrong. Kinds with fields for which
no expression is written here, such as signatures, are always read so.

tests/properties/test_ledger_forms.py holds both ways against each other.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from holdfire.errors import BadInput, Problem, nearest
from holdfire.ledger import kinds
from holdfire.ledger.entry import LARGEST, decode, encode
from holdfire.ledger.kinds import KINDS, Check

AT_ONCE = 16_384
"""Entries looked at together: 1 GiB of the largest, 5 MB of usual ones."""

FEW = 50
"""Entries that are read one by one sooner than an expression is compiled (1 ms)."""

# RFC 8259 section 7, and of the escapes only those that format.md asks for.
_TEXT = r'"(?:[^"\\\x00-\x1f]|\\["\\bfnrt]|\\u00(?:0[0-7bef]|1[0-9a-f]))*"'
_COUNT = "(?:0|[1-9][0-9]{0,14})"  # the sixteenth digit could pass 2^53: one by one then

_WRITTEN: Mapping[Check, str] = {
    kinds.text: _TEXT,
    kinds.count: _COUNT,
    kinds.whole: "(?:0|-?[1-9][0-9]{0,14})",
    kinds.flag: "(?:true|false)",
    kinds.digest: '"[0-9a-f]{64}"',
    kinds.key_id: '"[0-9a-f]{16}"',
    kinds.instant: '"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?Z"',
}
_TYPES: Mapping[Check, str] = {
    **dict.fromkeys((kinds.text, kinds.digest, kinds.key_id, kinds.instant), "VARCHAR"),
    **dict.fromkeys((kinds.count, kinds.whole), "BIGINT"),
    kinds.flag: "BOOLEAN",
}
_MANY = kinds.many(kinds.text)  # every list check shares its code


def encoded(values: Iterable[Mapping[str, Any]]) -> tuple[list[bytes], list[str]]:
    """Return the bytes and the kind of each value.

    Raises:
        BadInput: Every problem of the values.
    """
    contents: list[bytes] = []
    kinds: list[str] = []
    found: list[Problem] = []
    for place, value in enumerate(values, 1):
        try:
            contents.append(encode(value, f"entry {place}"))
            kinds.append(str(value["kind"]))
        except BadInput as error:
            found += error.problems
    if found:
        raise BadInput.of(found)
    return contents, kinds


def looked_at(contents: Sequence[bytes]) -> tuple[list[str], dict[int, BadInput]]:
    """Return the kind of each entry, and by place what is wrong with those that are not canonical.

    The kind of an entry that is not canonical is given as "".
    """
    named: list[str] = []
    wrong: dict[int, BadInput] = {}
    for at in range(0, len(contents), AT_ONCE):
        kinds_of_part, faults = _part(contents[at : at + AT_ONCE])
        named += kinds_of_part
        wrong.update({at + place: error for place, error in faults.items()})
    return named, wrong


def _part(contents: Sequence[bytes]) -> tuple[list[str], dict[int, BadInput]]:
    named = [""] * len(contents)
    wrong: dict[int, BadInput] = {}
    strings = _strings(contents)
    left = np.arange(len(contents))
    tried: set[str] = set()
    while len(left):
        first, left = int(left[0]), left[1:]
        try:
            kind = str(decode(contents[first])["kind"])
        except BadInput as error:
            wrong[first] = error
            continue
        named[first] = kind
        if strings is not None and len(left) > FEW and kind not in tried and (form := written(kind)):
            tried.add(kind)
            matches = pc.match_substring_regex(strings.take(left), form).to_numpy(zero_copy_only=False)
            if matches.all() and len(left) == len(contents) - first - 1:
                named[first + 1 :] = [kind] * len(left)  # as it mostly is: a group of one kind
                break
            for place in left[matches].tolist():
                named[place] = kind
            left = left[~matches]
    return named, wrong


@cache
def written(kind: str) -> str:
    """Return the expression that only canonical entries of a kind match; empty: there is none."""
    fields = KINDS[kind]
    checks = {**fields.allowed, **fields.needed}
    before, after = "", ""
    for name in sorted({*checks, "kind"}):
        if name == "kind":
            before, after = before + '"kind":' + json.dumps(kind), "after"
            continue
        form = _form(checks[name])
        if not form and name in fields.needed:
            return ""
        if not form:
            continue  # an entry that has it is read by itself
        field = f"{json.dumps(name)}:{form}"
        field = f",{field}" if after else f"{field},"
        before += field if name in fields.needed else f"(?:{field})?"
    return rf"\A\{{{before}\}}\z"


def column(kind: str, field: str) -> str:
    """Return the DuckDB type of a field.

    Raises:
        BadInput: There is no such kind or field, or the field is an object, which has no one type.
    """
    fields = KINDS.get(kind)
    checks = {**fields.needed, **fields.allowed} if fields else {}
    found = _column(checks[field]) if field in checks else ""
    if not found:
        raise BadInput(
            f'"{field}" of a {kind} entry is no field that a column can hold', hint=nearest(field, checks)
        )
    return found


def _form(check: Check) -> str:
    if check in _WRITTEN:
        return _WRITTEN[check]
    inner = _form(of) if (of := _items(check)) else ""
    return rf"\[(?:{inner}(?:,{inner})*)?\]" if inner else ""


def _column(check: Check) -> str:
    if check in _TYPES:
        return _TYPES[check]
    inner = _column(of) if (of := _items(check)) else ""
    return f"{inner}[]" if inner else ""


def _items(check: Check) -> Check | None:
    """Return what a list check asks of each item; None: it is no list check."""
    if getattr(check, "__code__", None) is not _MANY.__code__:
        return None
    items: Check = inspect.getclosurevars(check).nonlocals["inner"]
    return items


def _strings(contents: Sequence[bytes]) -> pa.StringArray | None:
    """Return entries as a column; None: one is too large, or no UTF-8."""
    sizes = np.fromiter(map(len, contents), np.int64, len(contents))
    if not len(contents) or sizes.max() > LARGEST:
        return None
    ends = np.zeros(len(contents) + 1, np.int32)
    np.cumsum(sizes, out=ends[1:])
    joined = [None, pa.py_buffer(ends), pa.py_buffer(b"".join(contents))]
    try:
        return pa.Array.from_buffers(pa.binary(), len(contents), joined).cast(pa.string())
    except pa.ArrowInvalid:
        return None
