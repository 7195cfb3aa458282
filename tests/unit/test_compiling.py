"""What is compiled and kept is compiled anew when any text that it draws on has changed."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from holdfire import compiling
from holdfire.compiling import compiled, drawn_on

INNER = 'def inner(x):\n    return x + {more}\n\n\nLOOPS = ("inner",)\n'
OUTER = (
    "from {inner} import inner\n\n{head}\n\n"
    'def outer(x):\n    return 10 * inner(x) + STEP\n\n\nLOOPS = ("inner", "outer")\n'
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a folder that modules are imported from, and leave none of them behind."""
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        if name.startswith("loops_of_"):
            del sys.modules[name]
    compiled.cache_clear()


def write(folder: Path, more: int, step: str = "STEP = 0") -> None:
    """Write the inner module, as an editor would, and leave the outer one alone if it is as it should be."""
    (folder / "loops_of_inner.py").write_text(INNER.format(more=more), encoding="utf-8")
    outer, text = folder / "loops_of_outer.py", OUTER.format(inner="loops_of_inner", head=step)
    if not outer.exists() or outer.read_text(encoding="utf-8") != text:
        outer.write_text(text, encoding="utf-8")


def afresh() -> Any:
    """Return the outer module's loops as a new process would."""
    for name in ("loops_of_inner", "loops_of_outer"):
        sys.modules.pop(name, None)
        for kept in Path(sys.path[0]).glob(f"__pycache__/{name}.*.pyc"):
            kept.unlink()
    importlib.invalidate_caches()
    compiled.cache_clear()
    return compiled("loops_of_outer").outer


def test_a_change_of_what_is_called_is_met(folder: Path) -> None:
    write(folder, 1)
    assert afresh()(5) == 60
    write(folder, 2)
    assert afresh()(5) == 70


def test_keeping_by_a_functions_own_file_alone_would_miss_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiling, "drawn_on", lambda _: "0" * 64)
    write(folder, 1)
    assert afresh()(5) == 60
    write(folder, 2)
    assert afresh()(5) == 60  # stale: this is what the digest is for


def test_what_is_kept_is_used_again(folder: Path) -> None:
    write(folder, 1)
    afresh()(5)
    again = afresh()
    assert again(5) == 60
    assert sum(again.stats.cache_hits.values()) == 1
    assert not again.stats.cache_misses


def test_the_digest_tells_all_that_is_drawn_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def found() -> str:
        afresh()
        return drawn_on("loops_of_outer")

    write(folder, 1)
    first = found()
    assert found() == first
    write(folder, 2)
    assert found() != first
    (folder / "loops_of_step.py").write_text("STEP = 3\n", encoding="utf-8")
    write(folder, 1, "from loops_of_step import STEP")
    imported = found()
    (folder / "loops_of_step.py").write_text("STEP = 4\n", encoding="utf-8")
    sys.modules.pop("loops_of_step")
    for kept in folder.glob("__pycache__/loops_of_step.*.pyc"):
        kept.unlink()
    assert found() not in {first, imported}
    monkeypatch.setattr(compiling.metadata, "version", lambda _: "0")
    assert found() != first
