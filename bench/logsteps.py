"""The steps of `bench log`, each in a process of its own.

`python -m bench.logsteps STEP FOLDER COUNT` prints what it took as JSON, and stops where the answer is wrong.
"""

from __future__ import annotations

import hashlib
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

SEED = 2031
PROOFS = 3000
THEIR_PROOFS = 30
"""A proof of pymerkle's over SQLite reads every leaf."""

Took = dict[str, float]
"""Seconds by name; `peak` is MiB."""


def value(number: int) -> dict[str, Any]:
    """Return entry `number`: a claim of about 330 bytes, and one in a thousand a retraction."""
    name = hashlib.sha256(b"%d" % number).hexdigest()
    if number % 1000 == 999:
        return {
            "kind": "retraction",
            "of": name,
            "at": "2031-05-01T00:00Z",
            "reason": "withdrawn by its source " * 8,
        }
    return {
        "kind": "claim",
        "claim_id": f"c-{name[:16]}",
        "report": hashlib.sha256(b"r%d" % (number // 50)).hexdigest(),
        "seq": number % 50,
        "source": "monitors",
        "root": f"r-{number // 50}",
        "kind_of": "reported",
        "stance": "asserts",
        "modality": "actual",
        "negated": False,
        "directed": False,
        "time_precision": "day",
        "geo_precision": "admin1",
        "cumulative": False,
    }


FIELDS = {"claim": [name for name in value(0) if name != "kind"]}


def make(folder: Path, count: int) -> Took:
    """Write the entries, one a line."""
    from holdfire.ledger.entry import encode

    with (folder / "entries").open("wb") as file:
        file.writelines(encode(value(number)) + b"\n" for number in range(count))
    return {}


def _entries(folder: Path) -> list[bytes]:
    return (folder / "entries").read_bytes().split(b"\n")[:-1]


def _timed(name: str, what: Callable[[], object]) -> Took:
    wall, cpu = time.perf_counter(), time.process_time()
    what()
    return {name: time.perf_counter() - wall, f"{name} cpu": time.process_time() - cpu}


def append(folder: Path, count: int, batch: int = 100_000, name: str = "log.sqlite") -> Took:
    """Append them all, each batch durable before the next."""
    from holdfire.ledger.log import Ledger

    contents = _entries(folder)

    def all_of_them() -> None:
        with Ledger.open(folder / name, write=True) as ledger:
            for start in range(0, count, batch):
                ledger.append_encoded(contents[start : start + batch])
            _must(ledger.size == count)

    return _timed("append", all_of_them)


def append_by_ten_thousand(folder: Path, count: int) -> Took:
    """Append them in smaller batches."""
    took = append(folder, count, 10_000, "smaller.sqlite")
    (folder / "smaller.sqlite").unlink()
    return took


def append_by_thousand(folder: Path, count: int) -> Took:
    """Append them in small batches."""
    took = append(folder, count, 1000, "small.sqlite")
    (folder / "small.sqlite").unlink()
    return took


def their_append(folder: Path, count: int) -> Took:
    """Append them to pymerkle's tree."""
    from pymerkle import SqliteTree

    contents = _entries(folder)

    def all_of_them() -> None:
        with SqliteTree(str(folder / "pymerkle.sqlite")) as tree:
            for start in range(0, count, 100_000):
                tree.append_entries(contents[start : start + 100_000])
            _must(tree.get_size() == count)

    return _timed("append", all_of_them)


def _asked(count: int, proofs: int, seed: int = SEED) -> Iterator[tuple[int, int]]:
    """Yield a place and a size, the size random and full in turn."""
    chance = np.random.default_rng(seed)
    for number in range(proofs):
        size = int(chance.integers(1, count + 1)) if number % 2 else count
        yield int(chance.integers(size)), size


def _spread(name: str, times: list[tuple[float, float]]) -> Took:
    """Return median and p99 of elapsed and of processor time; they part where others use the machine."""
    found: Took = {}
    for kind, each in (("", sorted(wall for wall, _ in times)), (" cpu", sorted(cpu for _, cpu in times))):
        found[f"{name} p50{kind}"] = each[len(each) // 2]
        found[f"{name} p99{kind}"] = each[len(each) * 99 // 100]
    return found


def _must(holds: bool) -> None:
    if not holds:
        raise SystemExit("the answer is wrong, so its time says nothing")


def _clock(times: list[tuple[float, float]], what: Callable[..., Any], *given: Any) -> Any:
    wall, cpu = time.perf_counter(), time.thread_time()
    found = what(*given)
    times.append((time.perf_counter() - wall, time.thread_time() - cpu))
    return found


def prove(folder: Path, count: int) -> Took:
    """Make and check proofs, each checked against the root of its size."""
    from holdfire.ledger.log import Ledger
    from holdfire.ledger.tree import consistent, included

    times: dict[str, list[tuple[float, float]]] = {name: [] for name in ("i", "c", "vi", "vc", "h")}
    ledger = Ledger.open(folder / "log.sqlite")
    _clock(times["h"], lambda: (ledger.size, ledger.head))
    ledger.inclusion(0, count)  # the tiles above, which every proof needs
    unhex = bytes.fromhex
    fresh = Ledger.open(folder / "log.sqlite")  # which has not read the tiles that the roots are made of
    fresh.consistency(1, count)
    for seq, size in _asked(count, PROOFS):
        proof = list(map(unhex, _clock(times["i"], ledger.inclusion, seq, size)))
        leaf, root = unhex(ledger.entry(seq).leaf), unhex(ledger.root(size))
        _must(_clock(times["vi"], included, leaf, seq, size, proof, root))
    for seq, size in _asked(count, PROOFS, SEED + 1):
        old, was, root = seq + 1, unhex(ledger.root(seq + 1)), unhex(ledger.root(size))
        proof = list(map(unhex, _clock(times["c"], fresh.consistency, old, size)))
        _must(_clock(times["vc"], consistent, old, size, proof, was, root))
    return {
        **_spread("inclusion", times["i"]),
        **_spread("consistency", times["c"]),
        **_spread("verify inclusion", times["vi"]),
        **_spread("verify consistency", times["vc"]),
        "head": times["h"][0][0],
    }


def their_prove(folder: Path, count: int) -> Took:
    """Make and check pymerkle's proofs."""
    from pymerkle import SqliteTree, verify_consistency, verify_inclusion

    times: dict[str, list[tuple[float, float]]] = {name: [] for name in ("i", "c", "vi", "vc")}
    with SqliteTree(str(folder / "pymerkle.sqlite")) as tree:
        for seq, size in _asked(count, THEIR_PROOFS):
            proof = _clock(times["i"], tree.prove_inclusion, seq + 1, size)
            leaf, root = tree.get_leaf(seq + 1), tree.get_root(size)
            _clock(times["vi"], verify_inclusion, leaf, root, proof)
            proof = _clock(times["c"], tree.prove_consistency, seq + 1, size)
            was = tree.get_root(seq + 1)
            _clock(times["vc"], verify_consistency, was, root, proof)
    return {
        **_spread("inclusion", times["i"]),
        **_spread("consistency", times["c"]),
        **_spread("verify inclusion", times["vi"]),
        **_spread("verify consistency", times["vc"]),
    }


def audit(folder: Path, count: int) -> Took:
    """Open to write, which reads every entry."""
    from holdfire.ledger.log import Ledger

    def opened() -> None:
        with Ledger.open(folder / "log.sqlite", write=True) as ledger:
            _must(ledger.size == count)

    return _timed("audit", opened)


def check(folder: Path, count: int) -> Took:
    """Look for everything that could be wrong."""
    from holdfire.ledger.log import Ledger

    def checked() -> None:
        with Ledger.open(folder / "log.sqlite") as ledger:
            _must(ledger.check() == [])

    return _timed("check", checked)


def rebuild(folder: Path, count: int) -> Took:
    """Make DuckDB tables of the entries."""
    from holdfire.engine import Engine
    from holdfire.ledger.columns import rebuild as tables
    from holdfire.ledger.log import Ledger

    with Ledger.open(folder / "log.sqlite") as ledger, Engine().session() as session:
        took = _timed("rebuild", lambda: tables(session, ledger, FIELDS))
        took |= _timed("few", lambda: tables(session, ledger, {"retraction": ["of"]}))
        (rows,) = session.sql(
            "SELECT (SELECT count(claim_id) FROM claim) + (SELECT count(of) FROM retraction) n"
        )["n"]
        _must(rows.as_py() == count)
    return took


def commits(folder: Path, count: int) -> Took:
    """Let many threads append, each waiting for its own."""
    from holdfire.ledger.commits import Commits
    from holdfire.ledger.log import Ledger

    with Ledger.open(folder / "commits.sqlite", write=True) as ledger, ThreadPoolExecutor(64) as threads:
        together = Commits(ledger)

        def all_of_them() -> None:
            for _ in threads.map(lambda number: together.append([value(number)]), range(20_000)):
                pass

        took = _timed("commits", all_of_them)
        _must(ledger.size == 20_000)
    return took


STEPS = (
    make,
    append,
    append_by_ten_thousand,
    append_by_thousand,
    their_append,
    prove,
    their_prove,
    audit,
    check,
    rebuild,
    commits,
)

if __name__ == "__main__":
    taken = {step.__name__: step for step in STEPS}[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
    scale = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale / 2**20
    print(json.dumps({**taken, "peak": peak}))
