"""Of which kinds the entries of a bundle are, as it stands beside the bundle in the database.

It is written in runs (`claim 250,determination 6`), so that who asks for one kind need not read the
others. A flipped bit there could hide an entry, so a mark is kept with it: a hash over the bundle's number
and the runs. `Ledger.check` reads the kinds from the entries themselves.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from itertools import groupby

_NAMED = re.compile(rb'"kind":"([a-z_]+)"')
_RUNS = re.compile(r"[a-z_]+ [1-9]\d{0,2}(,[a-z_]+ [1-9]\d{0,2})*")


def kind_of(content: bytes) -> str:
    """Return the kind that a canonical entry names.

    A quotation mark inside a string stands behind a backslash, so the name is found without reading the
    whole; only an object inside could have a key of that name too, and then the whole is read.
    """
    found = _NAMED.findall(content)
    return str(found[0], "ascii") if len(found) == 1 else str(json.loads(content)["kind"])


def names(content: bytes, kind: str) -> bool:
    """Return whether an entry is of a kind, for who has been told so."""
    return b'"kind":"%b"' % kind.encode() in content


def in_runs(kinds: Sequence[str]) -> str:
    """Return kinds as they stand beside a bundle.

    >>> in_runs(["claim", "claim", "run"])
    'claim 2,run 1'
    """
    return ",".join(f"{kind} {len(list(run))}" for kind, run in groupby(kinds))


def out_of_runs(runs: str) -> list[str]:
    """Return the kinds that stand beside a bundle, one for each entry.

    Raises:
        ValueError: It is not written so.

    >>> out_of_runs("claim 2,run 1")
    ['claim', 'claim', 'run']
    """
    if not _RUNS.fullmatch(runs):
        raise ValueError("the kinds of a bundle are not written in runs")
    found: list[str] = []
    for run in runs.split(","):
        kind, count = run.split(" ")
        found += [kind] * int(count)
    return found


def mark_of(number: int, runs: str) -> bytes:
    """Return the mark that holds runs to their bundle (32 bytes)."""
    return hashlib.sha256(f"{number} {runs}".encode()).digest()
