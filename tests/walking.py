"""A page of docs/learn walked as it is written: its commands are run, and what they print is held against it.

A console block holds commands, each after `$ `, and below each what it prints; `...` stands for lines left
out. Numbers that differ each time are masked. A word in capitals stands for one that was printed before.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
import typer
from typer import testing

from holdfire.cli import app
from holdfire.doors import keys, notify, storekeys
from holdfire.errors import HoldfireError
from holdfire.sheltering import officers

PASSPHRASE = "five words that nobody guesses"  # noqa: S105 - of keys that a test makes
ASKED = re.compile(r"sign this\? \[y/N\]: y")
"""Asked at a terminal alone, and there is none here."""

_RANDOM = re.compile(r"\b[0-9a-f]{12,64}\b|[A-Za-z0-9+/]{43}=|\b\d{5}-\d{5}-\d{5}-\d{4}\b")
_COMMAND = re.compile(r"\$ (.*)\n((?:(?!\$ ).*\n)*)")


@dataclass(frozen=True)
class Step:
    """One command of a page, and what the page shows below it."""

    command: str
    shown: tuple[str, ...]


def steps(page: str) -> list[Step]:
    """Return the commands of a page's console blocks, in order."""
    blocks = re.findall(r"```console\n(.*?)```", page, re.DOTALL)
    found = [each for block in blocks for each in _COMMAND.findall(block)]
    return [Step(command, tuple(shown.splitlines())) for command, shown in found]


def differs(shown: tuple[str, ...], printed: str) -> str:
    """Return the first line in which a page and a command part; empty: they do not."""
    lines = [_RANDOM.sub("#", each.rstrip()) for each in printed.splitlines()]
    at, gap = 0, False
    for each in shown:
        if each == "...":
            gap = True
            continue
        if ASKED.fullmatch(each):
            continue
        said = _RANDOM.sub("#", each.rstrip())
        if gap and said in lines[at:]:
            at = lines.index(said, at)
        if at == len(lines) or lines[at] != said:
            return f"shown: {each!r}; printed: {lines[at] if at < len(lines) else 'nothing more'!r}"
        at, gap = at + 1, False
    return "" if gap or at == len(lines) else f"printed and not shown: {lines[at]!r}"


@dataclass
class Walk:
    """A walker in a folder, with one passphrase for every key.

    Attributes:
        patch: Sets the environment, the folder and the prompt.
        home: Stands for the page's `/tmp/...` folder, by that name.
        named: By word in capitals, how the number is found in what is printed.
        code: What the last command exited with.
        numbers: The numbers found so far.
    """

    patch: pytest.MonkeyPatch
    home: dict[str, str]
    named: dict[str, str]
    code: int = 0
    numbers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for door in (keys, notify, storekeys):
            self.patch.setattr(door, "passphrase", self._asked)
        # To put all commands together is most of what a short one costs: it is done once.
        whole = typer.main.get_command(app)
        self.patch.setattr(testing, "_get_command", lambda _: whole, raising=False)
        # A passphrase costs a thief a quarter of a second a guess, and the walk asks for thirty.
        self.patch.setattr(officers, "write", partial(officers.write, rounds=1_000))
        self.patch.setenv("COLUMNS", "200")

    def run(self, command: str) -> str:
        """Run a command as a shell would, and return what it prints."""
        for said, meant in {**self.home, **self.numbers}.items():
            command = re.sub(rf"(?<!\w){re.escape(said)}\b", lambda _, to=meant: to, command)
        words = [each for word in shlex.split(command) for each in _globbed(word)]
        printed = self._holdfire(words[1:]) if words[0] == "holdfire" else self._shell(words)
        for word, pattern in self.named.items():
            if word not in self.numbers and (found := re.search(pattern, printed)):
                self.numbers[word] = found[1]
        return printed

    def _shell(self, words: list[str]) -> str:
        """Do what the few words of a shell do that pages use."""
        match words:
            case ["export", pair]:
                self.patch.setenv(*pair.split("=", 1))
            case ["cd", folder]:
                self.patch.chdir(folder)
            case ["mkdir", folder]:
                Path(folder).mkdir()
            case ["cp", "-r", *paths, out]:
                _copied([Path(each) for each in paths], Path(out))
            case ["echo", said, ">", file]:
                Path(file).write_text(f"{said}\n", encoding="utf-8")
            case ["echo", "$?"]:
                return f"{self.code}\n"
            case _:
                raise AssertionError(f"the page asks for more than this walker knows: {words}")
        return ""

    def _holdfire(self, words: list[str]) -> str:
        twice = f"{PASSPHRASE}\n{PASSPHRASE}\n"
        result = testing.CliRunner().invoke(app, words, input=twice)
        self.code, printed = result.exit_code, result.output
        if isinstance(result.exception, HoldfireError):
            self.code, printed = result.exception.exit_code, f"{printed}{result.exception}\n"
        elif result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return printed

    @staticmethod
    def _asked(path: Path) -> str:
        typer.echo(f"passphrase of {path.name}: ", err=True)
        return PASSPHRASE


def _globbed(word: str) -> Iterator[str]:
    found = sorted(str(each) for each in Path().glob(word)) if "*" in word else []
    yield from found or [word]


def _copied(paths: list[Path], out: Path) -> None:
    for path in paths:
        to = out / path.name if out.is_dir() else out
        if path.is_dir():
            shutil.copytree(path, to)
        else:
            shutil.copyfile(path, to)


def root() -> Path:
    """Return the folder of the project, from which pages begin."""
    return Path(os.path.abspath(__file__)).parents[1]
