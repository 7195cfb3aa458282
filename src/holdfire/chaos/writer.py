"""The writer that chaos breaks: it appends, issues bulletins, keeps and destroys blobs, and says so.

It goes through `Ledger.append`, `Staged`, `replace_file` and `Vault`, as the desk does. What it writes
follows from numbers, so whoever looks at the folder afterwards knows what should be there: entry n is
`entry(n)`, bulletin n is `PAGES` pages of `page(n)` beside a file `latest` of the same bytes, and blob n is
`blob(n)`.

It runs in a process of its own, forked by `forks`. A word is one short write to a pipe, so it is said whole
or not at all: `entries N` (the first N are kept), `bulletin N`, `blobs N` (the first N were put), `gone N`
(the first N of those were destroyed), `refused` and `failed` with the reason.
"""

from __future__ import annotations

import ctypes
import os
import random
import signal
import sqlite3
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from holdfire.errors import HoldfireError
from holdfire.ledger import shelf
from holdfire.ledger.log import Ledger
from holdfire.ledger.vault import Vault

LEDGER = "ledger.sqlite"
BULLETIN = "bulletin"
LATEST = "latest"
VAULT = "vault"
PAGES = 5
CHECKPOINT = 30
"""Pages of the write-ahead log after which SQLite copies them: often, so that the copying is broken too."""

LARGE = 90
"""Entries of a large group."""

TRACED = signal.SIGUSR1 if hasattr(signal, "SIGUSR1") else signal.SIGTERM
"""What a writer that was told to wait goes on at."""

Job = dict[str, Any]


class Said(NamedTuple):
    """What a writer has said is done."""

    entries: int = 0
    bulletins: int = 0
    blobs: int = 0
    gone: int = 0


def entry(number: int) -> dict[str, Any]:
    """Return what entry `number` says; all differ, and some are longer than a page of the database."""
    reason = "r" * (4000 if number % 17 == 16 else 120 + number % 7 * 40)
    return {"kind": "retraction", "of": f"{number:064x}", "at": "2031-05-01T00:00Z", "reason": reason}


def page(number: int) -> bytes:
    """Return the bytes of each page of bulletin `number`, several blocks of a disk long."""
    return b"%d " % number * 3000


def group(number: int) -> range:
    """Return the entries that are appended together from `number` on; the same for a retry.

    Some groups are large, so that tiles of 256 entries fill, and are cut, killed and refused while they do.
    """
    return range(number, number + (LARGE if number % 8 == 5 else 1 + number % 5))


def blob(number: int) -> bytes:
    """Return the bytes of blob `number`; some are longer than a chunk of a sealed file."""
    return b"report %d\n" % number * (8_000 if number % 11 == 10 else 5 + number % 4 * 300)


def batch(number: int) -> range:
    """Return the blobs that are put together from `number` on; the same for a retry."""
    return range(number, number + 1 + number % 3)


def say(word: str) -> None:
    """Say one word in one write."""
    os.write(1, word.encode() + b"\n")


def run(job: Job) -> None:
    """Do a job and say what was done.

    Args:
        job: `folder`; `said`, the numbers from which to go on; `seed`; `mix`, the weights of append,
            bulletin, opening anew, put and destroy; `rounds` (0: for ever); `weak`, the defences to take
            out; `close`: close everything at the end; `wait`: go on when `TRACED` comes; `repeatable`: let
            keys and salts follow from the seed, which must be another for each job in one folder.
    """
    for defence in job.get("weak", ()):
        _WEAK[defence]()
    if job.get("wait"):
        _let_anyone_trace()
        signal.pthread_sigmask(signal.SIG_BLOCK, {TRACED})
    say(f"begun {os.getpid()}")
    if job.get("wait"):
        signal.sigwait({TRACED})
    try:
        _write(job)
    except HoldfireError as error:
        say(f"refused {error.problems[0].problem[:200]}")
    except Exception as error:  # whatever is not told in our words is counted as such
        say(f"failed {type(error).__name__}: {str(error)[:200]}")


@dataclass
class _State:
    folder: Path
    ledger: Ledger
    vault: Vault | None
    random: Callable[[int], bytes]
    entries: int
    bulletins: int
    blobs: int
    gone: int
    early: bool


def _write(job: Job) -> None:
    chance = random.Random(job["seed"])  # noqa: S311 - repeatable, not secret
    folder = Path(job["folder"])
    shelf.tidy(folder)
    weak, mix = job.get("weak", ()), job["mix"]
    ledger = Ledger.open(folder / LEDGER, write=True)
    drawn = random.Random(f"vault {job['seed']}")  # noqa: S311 - keys of invented bytes
    randbytes = drawn.randbytes if job.get("repeatable") else os.urandom
    vault = Vault.open(folder / VAULT, write=True, random=randbytes) if any(mix[3:]) else None
    state = _State(
        folder=folder,
        ledger=ledger,
        vault=vault,
        random=randbytes,
        early="early" in weak,
        **Said(*job["said"])._asdict(),
    )
    acts = (_append, _plain if "plain" in weak else _issue, _again, _put, _destroy)[: len(mix)]
    done = 0
    while not job["rounds"] or done < job["rounds"]:
        chance.choices(acts, mix)[0](state)
        done += 1
    if job.get("close"):
        state.ledger.close()
        if state.vault:
            state.vault.close()
    say("done")


def _append(state: _State) -> None:
    numbers = group(state.entries)
    if state.early:
        say(f"entries {numbers.stop}")
    state.ledger.append([entry(number) for number in numbers])
    state.entries = numbers.stop
    say(f"entries {state.entries}")


def _issue(state: _State) -> None:
    number = state.bulletins + 1
    with shelf.Staged(state.folder / BULLETIN) as staged:
        for place in range(PAGES):
            staged.write(f"d/{place}.html", page(number))
    shelf.replace_file(state.folder / LATEST, page(number))
    state.bulletins = number
    say(f"bulletin {number}")
    _append(state)


def _plain(state: _State) -> None:
    """Issue as one would at first: in place."""
    number = state.bulletins + 1
    (state.folder / BULLETIN / "d").mkdir(parents=True, exist_ok=True)
    for place in range(PAGES):
        (state.folder / BULLETIN / "d" / f"{place}.html").write_bytes(page(number))
    (state.folder / LATEST).write_bytes(page(number))
    state.bulletins = number
    say(f"bulletin {number}")


def _again(state: _State) -> None:
    """Close what is open, which copies SQLite's log into its database, and open it anew."""
    state.ledger.close()
    state.ledger = Ledger.open(state.folder / LEDGER, write=True)
    if state.vault:
        state.vault.close()
        state.vault = Vault.open(state.folder / VAULT, write=True, random=state.random)


def _put(state: _State) -> None:
    if state.vault:
        numbers = batch(state.blobs)
        state.vault.put_many([(blob(number), {"file": f"{number}"}) for number in numbers])
        state.blobs = numbers.stop
        say(f"blobs {state.blobs}")


def _destroy(state: _State) -> None:
    """Destroy the oldest blob; if a writer that was stopped has, say so."""
    if state.vault and state.gone < state.blobs:
        if (held := state.vault.find(blob(state.gone))) is not None:
            state.vault.destroy(held)
        state.gone += 1
        say(f"gone {state.gone}")


def _let_anyone_trace() -> None:
    """Let a process that is not our parent trace us, where the kernel asks for that (Yama)."""
    library = ctypes.CDLL(None, use_errno=True)
    if hasattr(library, "prctl"):
        library.prctl(0x59616D61, ctypes.c_ulong(-1 & (2**64 - 1)), 0, 0, 0)  # PR_SET_PTRACER, anyone


# What follows takes a defence out of this process alone. No setting of Holdfire can do it.


def _settings(changed: Callable[[str], str], first: str = "") -> None:
    """Let every statement to SQLite pass through `changed`, and run `first` on each connection."""
    connect = sqlite3.connect

    class Changed(sqlite3.Connection):
        def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
            return super().execute(changed(sql), *values)

    def opened(*places: Any, **settings: Any) -> sqlite3.Connection:
        database: sqlite3.Connection = connect(*places, **{**settings, "factory": Changed})
        if first:
            sqlite3.Connection.execute(database, first)
        return database

    sqlite3.connect = opened  # type: ignore[assignment]


def _normal() -> None:
    def changed(sql: str) -> str:
        return sql.replace("FULL", "NORMAL") if "synchronous" in sql else sql

    _settings(changed)


def _often() -> None:
    _settings(
        lambda sql: "SELECT 0" if "wal_autocheckpoint" in sql else sql,
        f"PRAGMA wal_autocheckpoint = {CHECKPOINT}",
    )


def _unforced() -> None:
    force = os.fsync

    def files_only(file: int) -> None:
        if not stat.S_ISDIR(os.fstat(file).st_mode):
            force(file)

    os.fsync = files_only  # type: ignore[assignment]


def _two_steps() -> None:
    setattr(shelf, "exchange", lambda one, other: False)  # noqa: B010 - shelf does not export it


def _nothing() -> None:
    """Early and plain are ways of writing, looked at where they are taken."""


_WEAK: dict[str, Callable[[], None]] = {
    "normal": _normal,  # SQLite forces its log only when it copies it
    "often": _often,  # no defence less: the log is copied often
    "folders": _unforced,  # names in folders are not forced to the disk
    "two-steps": _two_steps,  # no defence less: a system that cannot exchange two names
    "early": _nothing,  # it says that entries are kept before they are
    "plain": _nothing,  # it writes bulletins in place
}
