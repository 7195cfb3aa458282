"""The system calls of a writer, recorded or made to fail by strace (https://strace.io).

strace is attached to a writer that waits, so what a process does while it starts is not in the record. A
record holds every byte that was written, in the order of the calls. A fault is put in by strace itself: the
call of a given name and number fails with an error, or the process is killed on entering it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from holdfire.chaos.forks import End, Forks
from holdfire.chaos.writer import TRACED, Job
from holdfire.errors import HoldfireError

CALLS = "%file,%desc,sync"
LONGEST = 1 << 24
"""Most bytes of one string that strace writes down."""

PATIENCE = 20
"""How long strace may take to attach [s]."""

_LINE = re.compile(r"\d+ +(?P<name>\w+)\((?P<args>.*)\) += (?P<result>-?\d+|\?|0x[0-9a-f]+)(?P<rest>.*)")
_KILLED = re.compile(r"\d+ +(?P<name>\w+)\((?P<args>.*)\) += \? <unavailable>|\d+ +\+\+\+ .*")
_BYTE = re.compile(r"\\x([0-9a-f]{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One system call.

    Attributes:
        name: Its name.
        args: Its arguments as strace writes them, strings as bytes in hexadecimal.
        result: What it returned; -1: an error.
        injected: Whether the fault was put in here.
    """

    name: str
    args: tuple[str, ...]
    result: int
    injected: bool = False

    def touches(self, folder: Path) -> bool:
        """Return whether an argument is, or is an open file of, something in a folder."""
        return any(str(folder) in unhex(each) for each in self.args)


def needed() -> str:
    """Return where strace is.

    Raises:
        HoldfireError: It is not there, or this is not Linux.
    """
    if sys.platform != "linux":
        raise HoldfireError("this trial needs Linux", hint="kill and bitflip run on macOS too")
    if (path := shutil.which("strace")) is None:
        raise HoldfireError("this trial needs strace, which is not installed", hint="apt-get install strace")
    return path


def memory() -> str | None:
    """Return a folder that lies in memory, if there is one: what the disk does is decided elsewhere."""
    return next((each for each in ("/dev/shm",) if os.access(each, os.W_OK | os.X_OK)), None)  # noqa: S108


def traced(forks: Forks, job: Job, log: Path, faults: Sequence[str] = ()) -> tuple[End, list[Call]]:
    """Run a job under strace, and return how it ended and what it called.

    Args:
        forks: Where writers come from.
        job: What to do.
        log: Where strace writes.
        faults: What strace's `inject` takes, such as `fsync:error=EIO:when=2`.

    Raises:
        HoldfireError: strace is not there or may not attach; a call cannot be read.
    """
    writer = forks.start({**job, "wait": True})
    command = [needed(), "-f", "-y", "-qq", "-xx", "-s", str(LONGEST), "-o", str(log), "-e", f"trace={CALLS}"]
    for fault in faults:
        command += ["-e", f"inject={fault}"]
    tracer = subprocess.Popen(  # noqa: S603 - no shell, our own words
        [*command, "-p", str(writer.pid)], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    try:
        _wait(writer.pid, tracer)
    finally:
        os.kill(writer.pid, TRACED)
    end = writer.end()
    tracer.communicate()
    return end, calls(log.read_text(encoding="ascii"))


def calls(log: str) -> list[Call]:
    """Return the calls of a log that strace wrote.

    Raises:
        HoldfireError: A line is none that we know, so something might be missed.
    """
    found = []
    for line in log.splitlines():
        if match := _LINE.fullmatch(line):
            number = match["result"]
            result = 0 if number in "?" or number.startswith("0x") else int(number)
            found.append(
                Call(
                    name=match["name"],
                    args=tuple(match["args"].split(", ")),
                    result=result,
                    injected="(INJECTED)" in match["rest"],
                )
            )
        elif not _KILLED.fullmatch(line):
            raise HoldfireError(f"a line of strace is not understood: {unhex(line)[:200]}")
    return found


def unhex(text: str) -> str:
    """Return text with each byte that strace wrote in hexadecimal as its character."""
    return _BYTE.sub(lambda match: chr(int(match[1], 16)), text)


def content(arg: str) -> bytes:
    """Return the bytes of a string argument.

    Raises:
        HoldfireError: strace cut it short.
    """
    if not (arg.startswith('"') and arg.endswith('"')):
        raise HoldfireError("strace has cut a write short", hint="write less at once")
    return bytes.fromhex(arg[1:-1].replace("\\x", ""))


def _wait(pid: int, tracer: subprocess.Popen[str]) -> None:
    """Return when strace is attached."""
    until = time.monotonic() + PATIENCE
    while "TracerPid:\t0\n" in Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace"):
        if tracer.poll() is not None or time.monotonic() > until:
            tracer.kill()
            said = tracer.communicate()[1].strip()
            raise HoldfireError(f"strace may not attach: {said}", hint="kernel.yama.ptrace_scope, seccomp")
        time.sleep(0.001)
