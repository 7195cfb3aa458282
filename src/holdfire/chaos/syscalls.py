"""Each system call of an append and of a bulletin fails, or is the last; nothing that was said is lost.

As Tessera's fault tests do (transparency-dev/tessera, integration/fault), the calls that touch the folder
are listed first. Then, for each of them, the same work is done anew from the same folder, and strace lets
that one call fail with EIO, fail with ENOSPC, or kills the writer on entering it. What is left is opened,
checked and held against what the writer said; then the work is tried again without a fault and must come
out right, once.

    tolerated        it was done all the same, and acknowledged
    refused          an error in our words; nothing was acknowledged, and nothing is there
    refused, kept    an error in our words; it is there all the same, and the retry finds it
    killed before    nothing of it is there
    killed after     it is there, and the retry finds it
    untold           as refused, but in the system's words and not in ours
"""

from __future__ import annotations

import random
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from holdfire.chaos import tracing
from holdfire.chaos.forks import End, Forks
from holdfire.chaos.told import Control, Told
from holdfire.chaos.tracing import Call
from holdfire.chaos.truth import Seen, look
from holdfire.chaos.writer import Job, Said, batch, group
from holdfire.errors import HoldfireError

FAULTS = ("error=EIO", "error=ENOSPC", "signal=SIGKILL")
OUTCOMES = ("tolerated", "refused", "refused, kept", "killed before", "killed after", "untold")
ENOUGH, MOST_CONTROLS = 3, 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One piece of work whose calls are broken, and the folder it begins from.

    Attributes:
        name: What it is.
        before: The folder it begins from.
        said: What is there, and acknowledged.
        mix: What is done, as the writer has it: append, issue a bulletin and append, put, or destroy.
        weak: Defences taken out.
    """

    name: str
    before: Path
    said: Said
    mix: tuple[int, ...]
    weak: tuple[str, ...] = ()

    @property
    def wanted(self) -> Said:
        """Return what is there when it is done."""
        append, issue, _, put, destroy = (*self.mix, 0, 0)[:5]
        return Said(
            entries=group(self.said.entries).stop if append or issue else self.said.entries,
            bulletins=self.said.bulletins + issue,
            blobs=batch(self.said.blobs).stop if put else self.said.blobs,
            gone=self.said.gone + destroy,
        )

    def job(self, folder: Path) -> Job:
        """Return the job for a writer."""
        return {
            "folder": str(folder),
            "said": self.said,
            "seed": 0,
            "mix": self.mix,
            "rounds": 1,
            "weak": self.weak,
            "close": True,
        }


@dataclass(slots=True)
class _Run:
    forks: Forks
    at: Path
    bad: Counter[str]
    seen: Counter[str]
    details: list[str]
    trials: int = 0
    failed: int = 0


def syscalls(seed: int, n: int = 0) -> Told:
    """Break each call of each piece of work in each way, and count what was lost.

    Args:
        seed: Which faults are tried, if not all.
        n: How many faults; 0: every one.

    Raises:
        HoldfireError: strace is not there, or the calls cannot be listed.
    """
    tracing.needed()
    begun = time.monotonic()
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    with (
        tempfile.TemporaryDirectory(prefix="holdfire-chaos-", dir=tracing.memory()) as name,
        Forks() as forks,
    ):
        run = _Run(forks, Path(name), Counter(), Counter(), [])
        works = _works(forks, Path(name))
        faults = [(work, fault) for work in works for fault in _faults(forks, work, Path(name))]
        chosen = sorted(chance.sample(range(len(faults)), min(n, len(faults)))) if n else range(len(faults))
        for place in chosen:
            _trial(run, *faults[place])
        control = _control(forks, Path(name), works[0], chance)
    return Told(
        command="syscalls",
        trials=run.trials,
        unit=f"faults of {len(faults):,}",
        seed=seed,
        bad={each: run.bad[each] for each in ("lost", "duplicated", "damaged", "retried wrongly")},
        failed=run.failed,
        seen={each: run.seen[each] for each in (*OUTCOMES, "not reached")},
        controls=(control,),
        seconds=time.monotonic() - begun,
        details=tuple(run.details),
    )


def _works(forks: Forks, at: Path) -> list[Work]:
    """Make the folders that work begins from, and return the pieces of work."""
    empty, closed, killed = (at / name for name in ("empty", "closed", "killed"))
    said = {empty: Said()}
    empty.mkdir()
    for folder, rounds in ((closed, 9), (killed, 10)):
        folder.mkdir()
        first = Work(name="", before=empty, said=Said(), mix=(0, 2, 0, 4, 1))
        job = {**first.job(folder), "rounds": rounds, "close": folder == closed, "weak": ["often"]}
        said[folder] = forks.start(job).end().said(Said())
    append, issue, put, destroy = (1, 0, 0), (0, 1, 0), (0, 0, 0, 1, 0), (0, 0, 0, 0, 1)
    return [
        Work(name=name, before=before, said=said[before], mix=mix, weak=weak)
        for name, before, mix, weak in (
            ("append", closed, append, ()),
            ("append to a new ledger", empty, append, ()),
            ("append after a kill", killed, append, ()),
            ("bulletin", closed, issue, ()),
            ("first bulletin", empty, issue, ()),
            ("bulletin by two renames", closed, issue, ("two-steps",)),
            ("put", closed, put, ()),
            ("put into a new vault", empty, put, ()),
            ("destroy", closed, destroy, ()),
        )
    ]


def _faults(forks: Forks, work: Work, at: Path) -> list[str]:
    """Return each fault: a call by its name and which of that name, and what happens to it."""
    folder = _fresh(work, at)
    end, calls = tracing.traced(forks, work.job(folder), at / "strace")
    if end.words[-1:] != ("done",):
        raise HoldfireError(f"{work.name} does not work without a fault: {end.words[-1:]}")
    return [f"{name}:{fault}:when={number}" for name, number in _numbered(calls, folder) for fault in FAULTS]


def _numbered(calls: Sequence[Call], folder: Path) -> Iterator[tuple[str, int]]:
    """Yield the calls that touch a folder, counted as strace counts: by name, all that there are."""
    count = Counter[str]()
    for call in calls:
        count[call.name] += 1
        if call.touches(folder):
            yield call.name, count[call.name]


def _trial(run: _Run, work: Work, fault: str) -> bool:
    """Do one piece of work with one fault, count the outcome, and return whether all was well."""
    folder = _fresh(work, run.at)
    end, calls = tracing.traced(run.forks, work.job(folder), run.at / "strace", [fault])
    reached = end.status == -signal.SIGKILL or any(call.injected and call.touches(folder) for call in calls)
    if not reached:
        run.seen["not reached"] += 1
        return True
    said = end.said(work.said)
    found = look(folder, said)
    problems = [*found.problems, *_again(run, work, folder, said)]
    run.bad["lost"] += found.lost
    run.bad["duplicated"] += found.doubled
    run.bad["damaged"] += found.damaged
    run.seen[_outcome(work, end, said, found)] += 1
    run.trials += 1
    run.failed += bool(problems)
    run.details += [f"{work.name}, {fault}: {problem}" for problem in problems]
    return not problems


def _outcome(work: Work, end: End, said: Said, found: Seen) -> str:
    """Return which of `OUTCOMES` it was."""
    if said == work.wanted:
        return "tolerated" if end.status == 0 else "killed after"
    there = (found.entries, found.blobs)
    kept = there != (work.said.entries, work.said.blobs - work.said.gone)
    if end.status == -signal.SIGKILL:
        return "killed after" if kept else "killed before"
    if end.why("failed"):
        return "untold"
    return "refused, kept" if kept else "refused"


def _again(run: _Run, work: Work, folder: Path, said: Said) -> list[str]:
    """Do the work anew without a fault, unless it was done, and return what is wrong then."""
    if said == work.wanted:
        return []
    end = run.forks.start(work.job(folder)).end()
    found, wanted = look(folder, end.said(work.said)), work.wanted
    there = (found.entries, found.bulletin, found.latest, found.blobs)
    right = (wanted.entries, wanted.bulletins, wanted.bulletins, wanted.blobs - wanted.gone)
    if end.words[-1:] == ("done",) and there == right and not found.bad:
        return []
    run.bad["retried wrongly"] += 1
    return [f"retried: {end.words[-1:]}, {there}, not {right}", *found.problems]


def _control(forks: Forks, at: Path, work: Work, chance: random.Random) -> Control:
    """Break the calls of a writer that says entries are kept before they are, until it is found out."""
    weak = replace(work, name="control", weak=("early",))
    run = _Run(forks, at, Counter(), Counter(), [])
    faults = _faults(forks, weak, at)
    for fault in chance.sample(faults, len(faults)):
        if run.failed == ENOUGH or run.trials == MOST_CONTROLS:
            break
        _trial(run, weak, fault)
    return Control(what="says before it keeps", tried=run.trials, found=run.failed)


def _fresh(work: Work, at: Path) -> Path:
    """Return a folder as it is before the work."""
    folder = at / "work"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(work.before, folder)
    return folder
