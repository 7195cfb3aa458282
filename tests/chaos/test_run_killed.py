"""A run that is killed at any moment leaves the case as it was or as it should be."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from casemaking import a_case, a_text

N = int(os.environ.get("HOLDFIRE_CHAOS_N", "0")) // 10 or 12
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


def test_a_killed_run_leaves_what_was_or_what_should_be(tmp_path: Path) -> None:
    env = {**os.environ, "SOURCE_DATE_EPOCH": "1935489600", "HOLDFIRE_BY": "tests"}
    case = tmp_path / "case"
    a_case(case, {f"{n}.md": a_text(n) for n in range(5)})
    whole = tmp_path / "whole"
    shutil.copytree(case, whole)
    begun = time.monotonic()
    subprocess.run([*COMMAND, str(whole)], check=True, env=env, capture_output=True)
    lasts = time.monotonic() - begun
    wanted, hand = site(whole), written(case)
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
        now = {name: content for name, content in site(case).items() if ".partial-" not in name}
        assert now in ({}, wanted), "a bulletin is half there"
        assert written(case) == hand
        states += bool(now)
        if now:
            shutil.rmtree(case / "bulletins")
            shutil.rmtree(case / ".holdfire")
    last = subprocess.run([*COMMAND, str(case)], env=env, capture_output=True, text=True, check=False)
    assert last.returncode == 0, last.stderr
    assert site(case) == wanted, "what comes after the kills is what would have come without them"
    assert killed, "no run was killed, so nothing was tried"
    print(f"{killed} kills, 0 lost: at most {3 / killed:.0%} at 95 %; {states} runs had finished")
