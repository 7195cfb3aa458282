"""Writers forked from one process that has everything loaded, so that a thousand can be killed in a minute.

    with Forks() as forks:
        writer = forks.start(job)  # holdfire.chaos.writer says what a job is
        os.kill(writer.pid, signal.SIGKILL)
        end = writer.end()  # every word it said, and how it ended

The forking process reads one job a line, forks, and waits; so only one writer lives at a time. Its words
and the line about its end come through one pipe, each in one write, so the end is the last line.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, cast

from holdfire.chaos.writer import Job, Said, run
from holdfire.errors import HoldfireError


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """What a writer said, and how it ended: 0, or minus the signal."""

    words: tuple[str, ...]
    status: int

    def said(self, start: Said) -> Said:
        """Return what has been said, by it and, where it said nothing, before it."""
        last = dict(zip(("entries", "bulletin", "blobs", "gone"), start, strict=True))
        for name, _, number in (word.partition(" ") for word in self.words):
            if name in last:
                last[name] = int(number)
        return Said(*last.values())

    def why(self, name: str) -> str:
        """Return what it said after `name`: `refused` or `failed`; empty: it did not say it."""
        return next((word[len(name) + 1 :] for word in self.words if word.startswith(f"{name} ")), "")


class Fork:
    """One writer at work."""

    def __init__(self, pid: int, forks: Forks) -> None:
        self.pid = pid
        self._forks = forks

    def end(self) -> End:
        """Wait until it has ended, and return what it said."""
        words: list[str] = []
        while not (word := self._forks.heard()).startswith("ended "):
            words.append(word)
        return End(words=tuple(words), status=int(word.split()[1]))


class Forks:
    """The process that forks writers; a context manager."""

    def __init__(self) -> None:
        if not hasattr(os, "fork"):
            raise HoldfireError(
                "chaos needs a system that forks", hint="use Linux; macOS for kill and bitflip"
            )
        server = subprocess.Popen(
            [sys.executable, "-c", "from holdfire.chaos.forks import serve; serve()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
        self._server = server
        self._jobs, self._words = cast(IO[str], server.stdin), cast(IO[str], server.stdout)

    def start(self, job: Job) -> Fork:
        """Fork a writer, and return when it has said that it begins."""
        self._jobs.write(json.dumps(job) + "\n")
        self._jobs.flush()
        return Fork(int(self.heard().split()[1]), self)

    def heard(self) -> str:
        """Return the next word."""
        line = self._words.readline()
        if not line.endswith("\n"):
            raise HoldfireError("the process that forks writers has ended", hint="run it again")
        return line[:-1]

    def __enter__(self) -> Forks:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._jobs.close()
        self._server.wait()
        self._words.close()


def serve() -> None:
    """Fork a writer for each line of standard input, wait for it, and say how it ended."""
    while line := _line():
        pid = os.fork()
        if not pid:
            run(json.loads(line))
            os._exit(0)
        _, status = os.waitpid(pid, 0)
        os.write(1, b"ended %d\n" % os.waitstatus_to_exitcode(status))


def _line() -> bytes:
    """Return one line of standard input, unbuffered: a child must not inherit half a job."""
    line = b""
    while not line.endswith(b"\n"):
        if not (byte := os.read(0, 1)):
            return b""
        line += byte
    return line
