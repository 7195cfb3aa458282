"""Attacks on who saw the newest checkpoint: too few witnesses, one twice, lines of something else."""

# ruff: noqa: N801 (an attack is known by the words above it)

from __future__ import annotations

from attacks.assembling import line, log_line, text_of, witness_line
from attacks.honest import DAY, NOON, Making
from attacks.registering import made


class _Lines(Making):
    """Makes the newest checkpoint line by line."""

    def lines(self, text: str) -> list[str]:
        return [witness_line(text, name, self.key(name), NOON) for name in ("north", "south")]

    def newest(self) -> bytes:
        text = text_of(self.origin, self.contents)
        lines = [log_line(text, self.origin, self.key("log-2")), *self.lines(text)]
        return (text + "\n" + "".join(lines)).encode()


@made("one witness where two must have cosigned", "witnesses")
class _(_Lines):
    def lines(self, text: str) -> list[str]:
        return super().lines(text)[:1]


@made("no witness at all", "witnesses")
class _(_Lines):
    def lines(self, text: str) -> list[str]:
        return []


@made("one witness twice", "witnesses")
class _(_Lines):
    def lines(self, text: str) -> list[str]:
        return [witness_line(text, "north", self.key("north"), NOON + n) for n in (0, 1)]


@made("one witness's key under two names", "witnesses")
class _(_Lines):
    def lines(self, text: str) -> list[str]:
        return [witness_line(text, name, self.key("north"), NOON) for name in ("north", "south")]


@made("witnesses that no keyset names", "witnesses")
class _(_Lines):
    def lines(self, text: str) -> list[str]:
        return [witness_line(text, name, self.key(name), NOON) for name in ("north", "stranger")]


@made("forged line of a witness", "signature", "witnesses")
class _(_Lines):
    def lines(self, text: str) -> list[str]:
        forged = witness_line("another\n1\ntext\n", "south", self.key("south"), NOON)
        return [*super().lines(text)[:1], forged]


@made("forged line of a third witness beside two true ones", "signature")
class _(_Lines):
    def lines(self, text: str) -> list[str]:
        forged = witness_line("another\n1\ntext\n", "mission", self.key("mission"), NOON)
        return [*super().lines(text), forged]


@made("true line of a witness after a forged one", "signature")
class _(_Lines):
    def lines(self, text: str) -> list[str]:
        return [witness_line("another\n1\ntext\n", "south", self.key("south"), NOON), *super().lines(text)]


@made("cosignature of an older checkpoint under the newest", "signature", "witnesses")
class _(_Lines):
    def lines(self, text: str) -> list[str]:
        old = text_of(self.origin, self.contents[:200])
        return [witness_line(old, name, self.key(name), NOON) for name in ("north", "south")]


@made("cosignatures without their time", "signature", "witnesses")
class _(_Lines):
    def lines(self, text: str) -> list[str]:
        return [line(n, 4, self.key(n), self.key(n).sign(text.encode())) for n in ("north", "south")]


@made("cosignature of days to come", "future")
class _(_Lines):
    def lines(self, text: str) -> list[str]:
        return [witness_line(text, name, self.key(name), NOON + 3 * DAY) for name in ("north", "south")]


@made("true signature of the log after a forged one", "signature")
class _(_Lines):
    def newest(self) -> bytes:
        content = super().newest()
        text = content.split(b"\n\n")[0].decode() + "\n"
        forged = log_line("another\n1\ntext\n", self.origin, self.key("log-2"))
        return content.replace(b"\n\n", b"\n\n" + forged.encode(), 1) if text else content
