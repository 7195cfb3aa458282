"""Words in all their forms, and phrases of them found in a line.

A member of a list is expanded once, when its page is read; to find phrases is then one look-up a reading of
a word, however many members there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from holdfire.reading.prose.words.tokens import TOKEN

Value = TypeVar("Value")

GAP = 10
"""Most words that `..` leaves out."""

Forms = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Class, letter, templates with `@` for the stem."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to take a word: its form, and what is written onto it before and after."""

    form: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Found(Generic[Value]):
    """A phrase found in a line.

    Attributes:
        start: First token.
        end: The token after the last.
        letter: Of the form of its first word: e past, z present, v plain, n participle, g -ing, N noun.
        before: What is written onto the first word.
        after: What is written onto the end of the last.
        value: What the phrase was learned with.
    """

    start: int
    end: int
    letter: str
    before: str
    after: str
    value: Value


@dataclass(frozen=True, slots=True)
class _Step:
    forms: Mapping[str, str]
    far: bool


class Phrases(Generic[Value]):
    """Phrases by their first word, the longest tried first."""

    def __init__(self) -> None:
        """Begin with none."""
        self._first: dict[str, list[tuple[str, tuple[_Step, ...], Value]]] = {}

    def add(self, steps: Sequence[tuple[Mapping[str, str], bool]], value: Value) -> None:
        """Learn a phrase: of each word its forms with their letters, and whether a gap is before it."""
        rest = tuple(_Step(forms, far) for forms, far in steps[1:])
        for form, letter in steps[0][0].items():
            held = self._first.setdefault(form, [])
            held.append((letter, rest, value))
            held.sort(key=lambda each: -len(each[1]))

    def at(self, readings: Sequence[Sequence[Reading]], k: int) -> list[Found[Value]]:
        """Return the phrases that begin at a token, the longest first."""
        out: list[Found[Value]] = []
        first = self._first
        for reading in readings[k]:
            if reading.form not in first:
                continue
            for letter, rest, value in first[reading.form]:
                tail = _follow(readings, k + 1, rest)
                if tail is not None:
                    end, after = tail
                    out.append(Found(k, end, letter, reading.before, after if rest else reading.after, value))
        if len(out) < 2:
            return out
        out.sort(key=lambda each: (-(each.end - each.start), len(each.before) + len(each.after)))
        return out

    def __contains__(self, form: str) -> bool:
        """Return whether a phrase begins with a form."""
        return form in self._first

    def letters(self) -> Iterable[tuple[str, str]]:
        """Yield the forms of first words with the letter of the first phrase they open."""
        for form, held in self._first.items():
            yield form, held[0][0]


def _follow(readings: Sequence[Sequence[Reading]], k: int, rest: Sequence[_Step]) -> tuple[int, str] | None:
    """Return the token after the last step and what is written onto it; None: a step is not met."""
    after = ""
    for step in rest:
        last = min(len(readings), k + (GAP + 1 if step.far else 1))
        hit = next(((m, r.after) for m in range(k, last) for r in readings[m] if r.form in step.forms), None)
        if hit is None:
            return None
        k, after = hit[0] + 1, hit[1]
    return k, after


def expand(
    member: str, forms: Forms, fold: Mapping[int, int], letter: str
) -> list[tuple[dict[str, str], bool]]:
    """Return the steps of a member of a list.

    Args:
        member: Words apart by spaces; `word/class` for all its forms, `..` for a gap.
        forms: The inflection classes.
        fold: Letters to compare by.
        letter: Of a word without a class.

    Raises:
        KeyError: A class is not among `forms`.
    """
    steps: list[tuple[dict[str, str], bool]] = []
    far = False
    for word in member.split():
        if word == "..":
            far = True
            continue
        written, _, name = word.partition("/")
        *whole, stem = _pieces(written)
        for part in whole:
            steps.append(({folded(part, fold): letter}, far))
            far = False
        made: dict[str, str] = {}
        if name:
            for mark, templates in forms[name].items():
                for template in templates:
                    made.setdefault(folded(template.replace("@", stem), fold), mark)
        else:
            made[folded(stem, fold)] = letter
        steps.append((made, far))
        far = False
    return steps


def _pieces(written: str) -> list[str]:
    """Return the tokens of a word of a list; an elided word alone ("d'") keeps its apostrophe."""
    if written.endswith("'"):
        return parts(written + "x")[:-1]
    return parts(written) or [written]


_ELIDED = re.compile(r"[^']+'|[^']+")


def parts(text: str) -> list[str]:
    """Return the tokens of a text: an elided word and its apostrophe stand apart from the word after.

    >>> parts("l'armée, porte-parole")
    ["l'", 'armée', ',', 'porte', '-', 'parole']
    """
    return [part for token in TOKEN.findall(text) for part in _ELIDED.findall(token) or [token]]


def folded(word: str, fold: Mapping[int, int]) -> str:
    """Return a word as it is compared."""
    return word.lower().translate(fold)
