"""A writer is killed at random moments; what it said was kept is kept, once.

Each trial forks a writer that opens the ledger and appends, or issues bulletins, again and again, and says so
after each. It is killed (SIGKILL) after a random while, its last words are read, and what it left is held
against them. The next writer goes on from the last word, so a group that was cut off is appended again and
must not be there twice. One trial in four issues bulletins by two renames, as where no two names can be
exchanged.

A kill leaves the system's cache, so this says nothing of power cuts; `power` does. Folders lie on the disk
and in memory in turn: on a disk a writer is nearly always killed while it waits for it, when what it wrote is
kept though not yet said to be; in memory it is killed everywhere else.
"""

from __future__ import annotations

import os
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from holdfire.chaos.forks import Forks
from holdfire.chaos.told import Control, Told
from holdfire.chaos.tracing import memory
from holdfire.chaos.truth import Seen, look
from holdfire.chaos.writer import Said

ROUNDS = 5
"""Rounds of work within which a writer is killed. How long they take here is measured, and again at times."""

SHORTEST = 0.02
"""Least time within which a writer is killed [s]."""

SHARED = 20
"""Kills after which a new folder is begun, so that reading it stays quick."""

APPEND, ISSUE, KEEP = (1, 0, 0), (1, 1, 0), (1, 0, 0, 2, 1)
ENOUGH, MOST_CONTROLS = 3, 200


def kill(n: int, seed: int) -> Told:
    """Kill a writer `n` times and count what was lost.

    Raises:
        HoldfireError: The system cannot fork.
    """
    begun = time.monotonic()
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    bad, seen, details = Counter[str](), Counter[str](), []
    failed = 0
    with _folder(None) as disk, _folder(memory()) as ram, Forks() as forks:
        folder, said, pace = Path(disk), Said(), SHORTEST
        for trial in range(n):
            if trial % SHARED == 0:
                base = Path(disk if trial // SHARED % 2 == 0 else ram)
                folder, said = base / str(trial), Said()
                folder.mkdir()
                pace = _pace(forks, base / f"{trial}-pace")
            weak = ["often"] if trial % 4 < 2 else ["two-steps"] if trial % 4 == 3 else []
            mix = (APPEND, ISSUE, KEEP, ISSUE)[trial % 4]
            before = said
            said = _killed(forks, folder, said, chance.uniform(0, pace), mix, weak)
            found = look(folder, said)
            _count(found, said, bad, seen)
            seen["acknowledged"] += said.entries - before.entries
            failed += found.bad
            details += [f"kill {trial}: {problem}" for problem in found.problems]
            if found.bad:  # what follows would only find the same again
                folder, said = Path(disk) / f"{trial}-after", Said()
                folder.mkdir()
        controls = tuple(
            _control(forks, Path(ram) / weak, chance, weak, words)
            for weak, words in (("early", "says before it keeps"), ("plain", "writes in place"))
        )
    return Told(
        command="kill",
        trials=n,
        unit="kills",
        seed=seed,
        bad={each: bad[each] for each in ("lost", "duplicated", "damaged")},
        failed=failed,
        seen={each: seen[each] for each in ("acknowledged", "kept but not yet said")},
        controls=controls,
        seconds=time.monotonic() - begun,
        details=tuple(details),
    )


def _folder(at: str | None) -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="holdfire-chaos-", dir=at)


def _killed(
    forks: Forks,
    folder: Path,
    said: Said,
    wait: float,
    mix: Sequence[int],
    weak: Sequence[str],
) -> Said:
    """Start a writer from what was said, kill it after a while, return what has been said since."""
    writer = forks.start(
        {
            "folder": str(folder),
            "said": said,
            "seed": sum(said),
            "mix": mix,
            "rounds": 0,
            "weak": weak,
        }
    )
    time.sleep(wait)
    with suppress(ProcessLookupError):
        os.kill(writer.pid, signal.SIGKILL)
    end = writer.end()
    if end.status != -signal.SIGKILL:
        raise RuntimeError(f"the writer ended by itself: {end.words[-1:]}")
    return end.said(said)


def _count(found: Seen, said: Said, bad: Counter[str], seen: Counter[str]) -> None:
    bad["lost"] += found.lost
    bad["duplicated"] += found.doubled
    bad["damaged"] += found.damaged
    seen["kept but not yet said"] += found.entries > said.entries


def _pace(forks: Forks, folder: Path) -> float:
    """Return how long a writer takes to open a ledger and do a few rounds, here and now [s]."""
    begun = time.monotonic()
    job = {"folder": str(folder), "said": Said(), "seed": 0, "mix": ISSUE, "rounds": ROUNDS}
    forks.start(job).end()
    return max(time.monotonic() - begun, SHORTEST)


def _control(forks: Forks, folder: Path, chance: random.Random, weak: str, words: str) -> Control:
    """Kill a writer that lacks a defence, each time in a new folder, until it is found out a few times."""
    found = tried = 0
    while found < ENOUGH and tried < MOST_CONTROLS:
        at = folder / str(tried)
        pace = _pace(forks, folder / f"{tried}-pace")
        at.mkdir()
        mix = APPEND if weak == "early" else (0, 1, 0)
        said = _killed(forks, at, Said(), chance.uniform(0, pace), mix, [weak])
        found += look(at, said).bad
        tried += 1
    return Control(what=words, tried=tried, found=found)
