"""A writer is killed at random moments; what it said was kept is kept, once.

Each trial forks a writer that opens the ledger and appends, or issues bulletins, again and again, and says so
after each. It is killed (SIGKILL) after a random while, its last words are read, and what it left is held
against them. The next writer goes on from the last word, so a group that was cut off is appended again and
must not be there twice. One trial in four issues bulletins by two renames, as where no two names can be
exchanged.

A kill leaves the system's cache, so this says nothing of power cuts; `power` does.
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
from holdfire.chaos.truth import Seen, look

LONGEST = 0.06
"""Longest that a writer lives after it began [s]: opening takes about 3 ms, a commit 3, a bulletin 20."""

SHARED = 20
"""Kills after which a new folder is begun, so that reading it stays quick."""

APPEND, ISSUE = (1, 0, 0), (1, 1, 0)
MOST_CONTROLS = 60


def kill(n: int, seed: int) -> Told:
    """Kill a writer `n` times and count what was lost.

    Raises:
        HoldfireError: The system cannot fork.
    """
    begun = time.monotonic()
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    bad, seen, details = Counter[str](), Counter[str](), []
    failed = 0
    with tempfile.TemporaryDirectory(prefix="holdfire-chaos-") as name, Forks() as forks:
        folder, said = Path(name), (0, 0)
        for trial in range(n):
            if trial % SHARED == 0:
                folder, said = Path(name) / str(trial), (0, 0)
                folder.mkdir()
            weak = ["often"] if trial % 4 < 2 else ["two-steps"] if trial % 4 == 3 else []
            mix = APPEND if trial % 2 == 0 else ISSUE
            before = said
            said = _killed(forks, folder, said, chance, mix, weak)
            found = look(folder, *said)
            _count(found, said, bad, seen)
            seen["acknowledged"] += said[0] - before[0]
            failed += found.bad
            details += [f"kill {trial}: {problem}" for problem in found.problems]
            if found.bad:  # what follows would only find the same again
                folder, said = Path(name) / f"{trial}-after", (0, 0)
                folder.mkdir()
        controls = tuple(
            _control(forks, Path(name) / weak, chance, n, weak, words)
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


def _killed(
    forks: Forks,
    folder: Path,
    said: tuple[int, int],
    chance: random.Random,
    mix: Sequence[int],
    weak: Sequence[str],
) -> tuple[int, int]:
    """Start a writer from what was said, kill it after a while, return what has been said since."""
    writer = forks.start(
        {
            "folder": str(folder),
            "entries": said[0],
            "bulletins": said[1],
            "seed": chance.getrandbits(32),
            "mix": mix,
            "rounds": 0,
            "weak": weak,
        }
    )
    time.sleep(chance.uniform(0, LONGEST))
    with suppress(ProcessLookupError):
        os.kill(writer.pid, signal.SIGKILL)
    end = writer.end()
    if end.status != -signal.SIGKILL:
        raise RuntimeError(f"the writer ended by itself: {end.words[-1:]}")
    return end.last("entries", said[0]), end.last("bulletin", said[1])


def _count(found: Seen, said: tuple[int, int], bad: Counter[str], seen: Counter[str]) -> None:
    bad["lost"] += found.lost
    bad["duplicated"] += found.doubled
    bad["damaged"] += found.damaged
    seen["kept but not yet said"] += found.entries > said[0]


def _control(forks: Forks, folder: Path, chance: random.Random, n: int, weak: str, words: str) -> Control:
    """Kill a writer that lacks a defence, each time in a new folder."""
    found = 0
    tried = min(max(n // 10, 20), MOST_CONTROLS)
    for trial in range(tried):
        at = folder / str(trial)
        at.mkdir(parents=True)
        mix = APPEND if weak == "early" else (0, 1, 0)
        said = _killed(forks, at, (0, 0), chance, mix, [weak])
        found += look(at, *said).bad
    return Control(what=words, tried=tried, found=found)
