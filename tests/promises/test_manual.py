"""The manual is true: every command, setting and example in it is real."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from holdfire import cli, plugins
from holdfire.records.casefile import Settings


def load(path: Path) -> object:
    spec = importlib.util.spec_from_file_location("manual", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_of_commands_is_what_the_commands_say(root: Path) -> None:
    manual = load(root / "scripts" / "manual.py")
    assert manual.PAGE.read_text(encoding="utf-8") == manual.page()  # type: ignore[attr-defined]


def test_every_command_is_in_the_manual(root: Path) -> None:
    page = (root / "docs" / "look-up" / "commands.md").read_text(encoding="utf-8")
    listed = cli.app.registered_commands
    names = {c.name or c.callback.__name__ for c in listed if c.callback}
    for group in cli.app.registered_groups:
        inner = group.typer_instance.registered_commands if group.typer_instance else []
        names |= {f"{group.name} {c.name or c.callback.__name__}" for c in inner if c.callback}
    assert len(names) > 30
    assert {name for name in names if f"## holdfire {name}\n" not in page} == set()


def test_every_setting_is_in_the_manual(root: Path) -> None:
    page = (root / "docs" / "look-up" / "case-folder.md").read_text(encoding="utf-8")
    missing = [name for name in Settings.model_fields if f"`{name}`" not in page and f"{name}:" not in page]
    assert not missing


def test_every_format_and_kind_is_in_the_manual(root: Path) -> None:
    formats = (root / "docs" / "look-up" / "formats.md").read_text(encoding="utf-8")
    assert not [name for name in plugins.formats() if name not in formats]
    terms = (root / "docs" / "look-up" / "case-folder.md").read_text(encoding="utf-8")
    assert not [name for name in plugins.kinds() if name not in terms]


def pages(root: Path) -> list[Path]:
    return [root / "README.md", root / "CONTRIBUTING.md", *sorted((root / "docs").rglob("*.md"))]


def test_every_link_of_the_docs_leads_somewhere(root: Path) -> None:
    assert not [
        f"{page.relative_to(root)}: {target}"
        for page in pages(root)
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]


@pytest.mark.parametrize("word", ["/home/", "/Users/", "localhost:"])
def test_no_page_speaks_of_a_machine(root: Path, word: str) -> None:
    assert not [p.name for p in pages(root) if word in p.read_text(encoding="utf-8")]
