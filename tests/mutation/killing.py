"""Run the tests of the verifier against one mutant, in a process of its own."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import io
import json
import os
import resource
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

PACKAGE = "holdfire.ledger.verifying"
PATIENCE = 10
"""Processor time after which a mutant is taken for one that never ends, and counts as found [s]."""

PATIENCE_WITH_CASES = 60


class _Loader(importlib.abc.Loader):
    def __init__(self, text: str, path: Path) -> None:
        self.text, self.path = text, path

    def exec_module(self, module: ModuleType) -> None:
        module.__file__ = str(self.path)
        exec(compile(self.text, str(self.path), "exec"), module.__dict__)  # noqa: S102 (our own text)


class _Finder(importlib.abc.MetaPathFinder):
    """Gives a module's text with a mistake in it where the module is asked for."""

    def __init__(self, name: str, text: str, path: Path) -> None:
        self.name, self.loader = f"{PACKAGE}.{name}", _Loader(text, path)

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:
        return importlib.machinery.ModuleSpec(fullname, self.loader) if fullname == self.name else None


def killed(name: str, text: str, path: Path, tests: Sequence[Path], cases: Path | None) -> bool:
    """Return whether the tests notice a mutant.

    The process is split off from this one, which must not have imported the verifier.
    """
    child = os.fork()
    if child == 0:
        os._exit(_tried(name, text, path, tests, cases))
    _, status = os.waitpid(child, 0)
    return status != 0


def _tried(name: str, text: str, path: Path, tests: Sequence[Path], cases: Path | None) -> int:
    most = PATIENCE if cases is None else PATIENCE_WITH_CASES
    resource.setrlimit(resource.RLIMIT_CPU, (most, most))
    sys.meta_path.insert(0, _Finder(name, text, path))
    words = io.StringIO()
    try:
        with redirect_stdout(words), redirect_stderr(words):
            wrong = _tests_wrong(tests) or _cases_wrong(cases)
    except BaseException:
        return 1
    return int(wrong)


def _tests_wrong(tests: Sequence[Path]) -> bool:
    if not tests:
        return False
    import pytest

    options = [
        "-x",
        "-q",
        "--tb=no",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "-p",
        "no:hypothesispytest",
        "-o",
        "addopts=--import-mode=importlib",
    ]
    return pytest.main([*options, *map(str, tests)]) != 0


def _cases_wrong(cases: Path | None) -> bool:
    """Return whether the corpus and the honest bundles come out otherwise than they should."""
    if cases is None:
        return False
    from holdfire.ledger.verifying.archive import View
    from holdfire.ledger.verifying.checks import Memory, check

    for case in json.loads(cases.read_text()):
        memory = Memory(case["memory"][0], bytes.fromhex(case["memory"][1])) if case["memory"] else None
        answer = check(View(case["path"]), case["fingerprint"], memory, case["at"])
        if sorted({each.code for each in answer.findings}) != case["codes"]:
            return True
        if not case["codes"] and answer.facts.as_json() != case["facts"]:
            return True
    return False
