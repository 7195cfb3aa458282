"""Every command of notices is killed before and after every durable step, and run again: nothing is lost.

The process ends there and then, with nothing closed. What is durable is a commit of the log, a blob and its
key in the vault, and a file that takes its name. At each fault the record is held against two rules: what was
handed out is in the log, and what the log says was sent is here, to the byte. Then the same command is run
again and must come to what it comes to undisturbed.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from holdfire.digests import digest
from holdfire.ledger.log import Ledger
from holdfire.ledger.vault import Vault
from holdfire.precaution import notified
from holdfire.sheltering import handing, noticed, notifying
from noticing import START, Scene

KILLED = 70
"""Exit status of a process that was ended at a moment."""

STEPS = ((Ledger, "append"), (Vault, "put"), (handing, "replace_file"))


@contextmanager
def stopping(monkeypatch: pytest.MonkeyPatch, at: int) -> Iterator[list[str]]:
    """End the process at the `at`-th moment: each durable step has one before and one after; -1: never."""
    passed: list[str] = []

    def moment(name: str) -> None:
        passed.append(name)
        if len(passed) - 1 == at:
            os._exit(KILLED)

    def around(owner: Any, name: str) -> Callable[..., Any]:
        real = getattr(owner, name)

        def called(*words: Any, **named: Any) -> Any:
            moment(f"before {name}")
            found = real(*words, **named)
            moment(f"after {name}")
            return found

        return called

    with monkeypatch.context() as patch:
        for owner, name in STEPS:
            patch.setattr(owner, name, around(owner, name))
        yield passed


def killed(scene: Scene, name: str, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """Run a command in a process of its own, which ends at a moment."""
    child = os.fork()
    if not child:
        try:
            with stopping(monkeypatch, at):
                commands(scene)[name]()
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == KILLED


def commands(scene: Scene) -> dict[str, Callable[[], object]]:
    """Return what is done to a notice, in order; each can be run again."""

    def notice() -> str:
        return next(iter(noticed.status(scene.case)))[0]

    def newest() -> str:
        return noticed.status(scene.case)[-1][0]

    out = scene.path / "out"
    return {
        "consent": lambda: scene.consent("north"),
        "draft": lambda: notifying.draft(scene.case, scene.asked(), ["north"]),
        "send": lambda: handing.send(scene.case, notice(), out),
        "enter": lambda: handing.enter(scene.case, scene.answer(handing.send(scene.case, notice(), out)[0])),
        "renew": lambda: notifying.renew(
            scene.case,
            notice(),
            starts=START,
            ends=START + timedelta(days=60),
            reply_by=START + timedelta(days=2),
        ),
        "send the renewal": lambda: handing.send(scene.case, newest(), out),
        "withdraw": lambda: notifying.withdraw(scene.case, notice()),
        "send the word": lambda: handing.send(scene.case, newest(), out),
    }


def lost(scene: Scene) -> list[str]:
    """Return what was handed out and is not in the log, and what the log says was sent and is not here."""
    with scene.case.ledger() as ledger:
        assert ledger.check() == []
        sent = set(notified.register(ledger).envelopes.values())
    with scene.case.vault() as vault, scene.case.ledger() as ledger:
        told = notified.register(ledger)
        gone = [each for each in told.events if each not in vault]
        gone += [name for name, *_ in told.consents if name not in vault]
    outside = {digest(path.read_bytes()) for path in (scene.path / "out").glob("*.notice")}
    kept = {digest(path.read_bytes()) for path in (scene.case.folder.made / "notices").glob("*.notice")}
    return gone + sorted(outside - sent) + sorted(sent - kept)


@pytest.mark.skipif(sys.platform == "win32", reason="it has no fork")
def test_killed_at_every_step_nothing_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene.made(tmp_path / "scene", ("north",))
    faults, gone = 0, []
    for name in commands(scene):
        before = tmp_path / "before"
        shutil.copytree(scene.path, before)
        with stopping(monkeypatch, -1) as steps:
            commands(scene)[name]()
        whole = states(scene)
        for at in range(len(steps)):
            shutil.rmtree(scene.path)
            shutil.copytree(before, scene.path)
            killed(scene, name, monkeypatch, at)
            faults += 1
            gone += [f"{name}, {steps[at]}: {each}" for each in lost(scene)]
            commands(scene)[name]()
            gone += [f"{name}, again: {each}" for each in lost(scene)]
            if states(scene) != whole:
                gone.append(f"{name}, {steps[at]}: it came to something else")
        shutil.rmtree(before)
    print(f"{faults} faults, {len(gone)} lost")
    assert faults >= 40
    assert gone == []


def states(scene: Scene) -> list[list[str]]:
    """Return how everything stands, without digests, which differ by salt."""
    return [[each.state.value for each in told] for _, _, told in noticed.status(scene.case)]


def test_the_wrong_order_would_be_found(tmp_path: Path) -> None:
    """A control: what is handed out before the log has it, or logged before it is kept, counts as lost."""
    scene = Scene.made(tmp_path, ("north",))
    notice = scene.drafted(["north"])
    handing.send(scene.case, notice, scene.path / "out")
    assert lost(scene) == []
    (scene.path / "out" / "early.notice").write_bytes(b"handed out first")
    assert len(lost(scene)) == 1
    for path in (scene.case.folder.made / "notices").glob("*.notice"):
        path.unlink()
    assert len(lost(scene)) == 2
