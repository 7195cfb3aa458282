"""Every error we raise on purpose.

    HoldfireError          something a person can act on; exit code 2
    ├── BadInput           what was given cannot be read; a wrong number would follow
    ├── CheckFailed        a check was asked for and says no; exit code 1
    └── Busy               another Holdfire is writing to the same case

An error says what is wrong, where, and what to try. It gives every problem of a file at once and
holds no name of a dead person: `where` is a file, a line, a row, a field, and `problem` quotes only
values of closed lists, numbers and dates.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from traceback import extract_tb

SHOWN = 50
"""How many problems one message lists; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where it is, and what to try."""

    problem: str
    where: str = ""
    hint: str = ""

    def __str__(self) -> str:
        """Return the three lines a person reads."""
        lines = [f"error: {self.problem}"]
        if self.where:
            lines.append(f"  at   {self.where}")
        if self.hint:
            lines.append(f"  try  {self.hint}")
        return "\n".join(lines)


class HoldfireError(Exception):
    """Base of all errors raised on purpose; carries one or more problems."""

    exit_code = 2

    def __init__(self, problem: str, where: str = "", hint: str = "") -> None:
        self.problems: tuple[Problem, ...] = (Problem(problem, where, hint),)
        super().__init__(problem)

    @classmethod
    def of(cls, problems: Iterable[Problem]) -> HoldfireError:
        """Return one error that carries several problems, in the order given."""
        found = tuple(problems)
        error = cls(found[0].problem, found[0].where, found[0].hint)
        error.problems = found
        return error

    def __str__(self) -> str:
        """Return every problem, as the command line prints them."""
        if len(self.problems) == 1:
            return str(self.problems[0])
        lines = [f"error: {len(self.problems)} problems"]
        for each in self.problems[:SHOWN]:
            lines.append(f"  at   {each.where}: {each.problem}" if each.where else f"  {each.problem}")
            if each.hint:
                lines.append(f"  try  {each.hint}")
        if len(self.problems) > SHOWN:
            lines.append(f"  and {len(self.problems) - SHOWN} more")
        return "\n".join(lines)


class BadInput(HoldfireError):
    """What was given cannot be read, and guessing would make a wrong number."""


class CheckFailed(HoldfireError):
    """A check was asked for and its answer is no."""

    exit_code = 1


class Busy(HoldfireError):
    """Another process is writing to the same case."""


@contextmanager
def nameless(what: str) -> Iterator[None]:
    """Say of a fault of ours where it is and not what it is: a library's message may quote a name.

    Args:
        what: What could not be done, in words.

    Raises:
        HoldfireError: Anything that is no HoldfireError was raised, with the line that did.
    """
    try:
        yield
    except HoldfireError:
        raise
    except Exception as error:
        steps = extract_tb(error.__traceback__)
        ours = [step for step in steps if "holdfire" in step.filename] or list(steps)
        at = f"{ours[-1].filename.rpartition('/')[2]}, line {ours[-1].lineno}"
        raise HoldfireError(
            f"{what}: a fault of Holdfire, {type(error).__name__}",
            at,
            "tell its makers; what was found there is not shown, since it may be a name",
        ) from None


class Problems:
    """Gathers the problems of one file, then raises them all at once.

    >>> problems = Problems("list.csv")
    >>> problems.add("latitude 361 is outside -90..90", "row 3")
    >>> problems.raise_any()
    Traceback (most recent call last):
    ...
    holdfire.errors.BadInput: error: latitude 361 is outside -90..90
      at   list.csv, row 3
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self._found: list[Problem] = []

    def add(self, problem: str, where: str = "", hint: str = "") -> None:
        """Note one problem; `where` is a place inside the file."""
        place = f"{self.file}, {where}" if where else self.file
        self._found.append(Problem(problem, place, hint))

    def extend(self, others: Iterable[Problem]) -> None:
        """Note problems found elsewhere, as they are."""
        self._found.extend(others)

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def raise_any(self) -> None:
        """Raise BadInput with all of them; return if there are none."""
        if self._found:
            raise BadInput.of(self._found)


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a hint that offers the closest known word, or lists the known ones.

    >>> nearest("no-fly", ["no-fire", "withdrawal"])
    '"no-fire"? known: no-fire, withdrawal'
    """
    names = sorted({str(name) for name in known})
    close = get_close_matches(word, names, n=1, cutoff=0.5)
    listed = ", ".join(names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
    return f'"{close[0]}"? known: {listed}' if close else f"known: {listed}"
