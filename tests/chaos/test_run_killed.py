"""A run that is killed at any moment leaves the case as it was or as it should be.

HOLDFIRE_CHAOS_N sets ten times how many runs are killed; without it they are few, and `make chaos` kills 100.
"""

from __future__ import annotations

import hashlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from casemaking import a_case, a_text
from holdfire.case import Case
from holdfire.recomputing import again

N = int(os.environ.get("HOLDFIRE_CHAOS_N", "0")) // 10 or 6
PERIOD = "2031-05-01/2031-05-09"
COMMAND = [sys.executable, "-c", "from holdfire.cli import main; main()", "run", "--period", PERIOD, "--case"]


def site(case: Path) -> dict[str, bytes]:
    folder = case / "bulletins"
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def written(case: Path) -> dict[str, bytes]:
    """What people wrote: a run never touches it."""
    return {
        str(p.relative_to(case)): p.read_bytes()
        for p in sorted(case.rglob("*"))
        if p.is_file() and not {".holdfire", "bulletins"} & set(p.relative_to(case).parts)
    }


def is_whole(bulletin: Path) -> bool:
    """Return whether every file that a bulletin's manifest lists is there, byte for byte, and no other."""
    lines = (bulletin / "manifest.txt").read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    there = {p.relative_to(bulletin).as_posix(): p for p in bulletin.rglob("*") if p.is_file()}
    there.pop("manifest.txt")
    return {name: hashlib.sha256(p.read_bytes()).hexdigest() for name, p in there.items()} == listed


def test_a_killed_run_leaves_what_was_or_what_should_be(tmp_path: Path) -> None:
    env = {**os.environ, "SOURCE_DATE_EPOCH": "1935489600", "HOLDFIRE_BY": "tests"}
    case, whole = tmp_path / "case", tmp_path / "whole"
    a_case(case, {f"{n}.md": a_text(n) for n in range(5)})
    shutil.copytree(case, whole)
    begun = time.monotonic()
    subprocess.run([*COMMAND, str(whole)], check=True, env=env, capture_output=True)
    lasts = time.monotonic() - begun
    wanted, hand = set(site(whole)), written(case)
    draw = random.Random(2031)
    killed = states = 0
    for _ in range(N):
        process = subprocess.Popen(
            [*COMMAND, str(case)], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            process.wait(draw.uniform(0.2, 1.0) * lasts)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            killed += 1
        now = [p for p in (case / "bulletins").glob("*") if ".partial-" not in p.name]
        assert all(map(is_whole, now)), "a bulletin is half there"
        assert written(case) == hand
        states += bool(now)
        if now:
            shutil.rmtree(case / "bulletins")
            shutil.rmtree(case / ".holdfire")
    last = subprocess.run([*COMMAND, str(case)], env=env, capture_output=True, text=True, check=False)
    assert last.returncode == 0, last.stderr
    # Ids hold salts, so names of pages differ from case to case; what kinds of file there are does not.
    assert {re.sub("[0-9a-f]{12,}", "ID", name) for name in site(case)} == {
        re.sub("[0-9a-f]{12,}", "ID", name) for name in wanted
    }
    assert not Case.open(case).fsck()[1], "what comes after the kills is whole"
    assert [each.same for each in again(case, None, "", None)] == [True]
    assert killed, "no run was killed, so nothing was tried"
    print(f"{killed} kills, 0 lost: at most {3 / killed:.0%} at 95 %; {states} runs had finished")
