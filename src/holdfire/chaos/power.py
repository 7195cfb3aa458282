"""The power goes: what was not forced to the disk is dropped, or torn; what was said to be kept is there.

A writer is recorded by strace while it appends, issues bulletins, and closes and opens its ledger. The record
is played on a disk in memory (`disk`, `replay`) that knows what was forced, and the power is cut after a call
drawn by chance, many times in one record. What each cut leaves is written out, opened, and held against what
the writer had said by that call. The next writer starts from what one of the cuts left, so that what it does
to recover is recorded and cut too.

Everything follows from the seed but how SQLite's random numbers salt its log. No rights are needed, no file
system is mounted, and the order of words and calls is exact, because one process makes them all.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from holdfire.chaos import tracing
from holdfire.chaos.disk import read_in, write_out
from holdfire.chaos.forks import End, Forks
from holdfire.chaos.replay import MEMORY, Replay
from holdfire.chaos.told import Control, Told
from holdfire.chaos.tracing import Call
from holdfire.chaos.truth import look
from holdfire.chaos.writer import Said
from holdfire.errors import HoldfireError

CUTS = 20
"""Cuts of one record."""

LIVES = 6
"""Records after which a new folder is begun."""

ROUNDS = 30
"""Appends, bulletins, openings, puts and destructions in one record."""

MIX = (6, 3, 2, 4, 2)
WEAK = ("often",)
SEEN = (*Said._fields, "opened", "records", "calls")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """What the disk may hold after the power went, and what had been said before."""

    left: dict[str, bytes | None]
    said: Said


NOTHING = Cut(left={}, said=Said())


@dataclass(slots=True)
class _Run:
    """One chain of lives: what it is made of, and what has been counted."""

    forks: Forks
    work: Path
    chance: random.Random
    torn: bool
    bad: Counter[str]
    seen: Counter[str]
    details: list[str]
    failed: int = 0
    trials: int = 0


def power(n: int, seed: int, torn: bool) -> Told:
    """Cut the power `n` times and count what was lost.

    Args:
        n: How many cuts.
        seed: What every choice follows from.
        torn: Keep a random half of what was not forced, torn; else none of it.

    Raises:
        HoldfireError: strace is not there, or a record is not to be believed.
    """
    tracing.needed()
    begun = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="holdfire-chaos-", dir=tracing.memory()) as name,
        Forks() as forks,
    ):

        def trial(part: str, cuts: int, weak: Sequence[str]) -> _Run:
            work = Path(name) / part
            work.mkdir()
            chance = random.Random(f"{seed} {part}")  # noqa: S311 - repeatable, not secret
            run = _Run(forks, work, chance, torn, Counter(), Counter(), [])
            _lives(run, cuts, weak)
            return run

        main = trial("full", n, WEAK)
        few = min(max(n // 10, CUTS), 3 * CUTS)
        controls = tuple(
            Control(what=what, tried=(run := trial(weak, few, [weak])).trials, found=run.failed)
            for weak, what in (("normal", "synchronous=NORMAL"), ("folders", "names not forced"))
        )
    return Told(
        command="power --torn" if torn else "power",
        trials=main.trials,
        unit="cuts",
        seed=seed,
        bad={each: main.bad[each] for each in ("lost", "duplicated", "damaged")},
        failed=main.failed,
        seen={each: main.seen[each] for each in SEEN},
        controls=controls,
        seconds=time.monotonic() - begun,
        details=tuple(main.details),
    )


def cuts(
    calls: Sequence[Call], replay: Replay, start: Said, chance: random.Random, many: int, torn: bool
) -> Iterator[Cut]:
    """Yield what the disk may hold after `many` of the calls, drawn by chance; then play to the end."""
    at = {chance.randrange(len(calls)) for _ in range(many)} if calls else set()
    due = 0
    for number, call in enumerate(calls):
        changed = replay.do(call)
        due += number in at
        while due and (changed or number == len(calls) - 1):
            end = End(words=tuple(replay.words), status=0)
            yield Cut(left=replay.disk.left(chance, torn), said=end.said(start))
            due -= 1


def _lives(run: _Run, n: int, weak: Sequence[str]) -> None:
    """Record one writer after another, each from what a cut of the one before left, until `n` cuts."""
    from_cut = NOTHING
    life = 0
    while run.trials < n:
        if life % LIVES == 0:
            from_cut = NOTHING
        found = _life(run, f"{life}", from_cut, weak, min(CUTS, n - run.trials))
        from_cut = run.chance.choice(found) if found else NOTHING
        life += 1


def _life(run: _Run, name: str, start: Cut, weak: Sequence[str], many: int) -> list[Cut]:
    """Record one writer and cut it; return the cuts after which all was well."""
    before, folder = run.work / f"{name}-before", run.work / name
    _make(start, before, run.chance)
    _make(start, folder, None)
    for path in before.rglob(f"*{MEMORY}"):
        (folder / path.relative_to(before)).write_bytes(path.read_bytes())
    job = {
        "folder": str(folder),
        "said": start.said,
        "seed": run.chance.getrandbits(32),
        "mix": MIX,
        "rounds": ROUNDS,
        "repeatable": True,
        "weak": weak,
        "close": run.chance.random() < 1 / 2,
    }
    end, calls = tracing.traced(run.forks, job, run.work / f"{name}.strace")
    replay = Replay(before, folder)
    good = []
    for number, cut in enumerate(cuts(calls, replay, start.said, run.chance, many, run.torn)):
        if _opened(run, cut, f"{name}-{number}"):
            good.append(cut)
    if end.words[-1:] != ("done",):
        run.bad["damaged"] += 1
        run.failed += 1
        run.details.append(f"life {name}: a writer that went on after a cut: {end.words[-1:]}")
        return []
    _believe(replay, folder)
    run.seen["records"] += 1
    run.seen["calls"] += len(calls)
    now = end.said(start.said)
    for what in Said._fields:
        run.seen[what] += getattr(now, what) - getattr(start.said, what)
    return good


def _opened(run: _Run, cut: Cut, name: str) -> bool:
    """Write out what a cut left, hold it against what was said, and count."""
    folder = run.work / name
    _make(cut, folder, run.chance)
    found = look(folder, cut.said)
    run.trials += 1
    run.failed += found.bad
    run.bad["lost"] += found.lost
    run.bad["duplicated"] += found.doubled
    run.bad["damaged"] += found.damaged
    run.seen["opened"] += not found.damaged
    run.details += [f"cut {name}: {problem}" for problem in found.problems]
    return not found.bad


def _make(cut: Cut, folder: Path, chance: random.Random | None) -> None:
    """Write out what a cut left; shared memory, which nothing forces, holds whatever chance says."""
    write_out(cut.left, folder)
    if chance:
        for path in sorted(folder.rglob(f"*{MEMORY}")):
            path.write_bytes(chance.randbytes(32_768) if chance.random() < 1 / 2 else b"")


def _believe(replay: Replay, folder: Path) -> None:
    """Hold what the calls did in memory against what lies in the folder.

    Raises:
        HoldfireError: They differ, so the record misses something.
    """
    played, there = (
        {name: each for name, each in contents.items() if not name.endswith(MEMORY)}
        for contents in (replay.disk.seen(), read_in(folder))
    )
    if played != there:
        wrong = sorted(name for name in played.keys() | there.keys() if played.get(name) != there.get(name))
        raise HoldfireError(f"the record of calls does not lead to the folder: {', '.join(wrong)}")
