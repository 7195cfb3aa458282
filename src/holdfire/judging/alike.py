"""Actors that no question tells apart.

A question asks each actor of a list for its standing, so two actors that are answered in the same words by
all questions can be put for each other, and ten million incidents come down to some thousands of cases. Only
the text of the questions counts: nothing is evaluated, so nothing that an answer depends on is missed. Where
a question does anything else with a list than ask each of it, no two actors are alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from holdfire.judging.expressions import FALSE, TRUE, UNCLEAR, each, some

_WORD = re.compile(r"'(?:[^']|'')*'|\w+|\S")
_ONE = "one"
_PLACE = "answered"
_OTHERS = "\0"
LISTS = ("actors", "targets")
"""Columns that are lists of actors."""


def alike(questions: Iterable[str], actors: Iterable[str]) -> Mapping[str, str]:
    """Return for each actor the first, by name, that every question answers in the same words.

    Args:
        questions: Expressions over a row (expressions.py).
        actors: All that may be named.
    """
    named = sorted(actors)
    answers: dict[str, list[str]] = {each_: [] for each_ in named}
    for text in sorted(set(questions)):
        words, rest = _WORD.findall(text), list[str]()
        at = 0
        while at < len(words):
            if words[at : at + 2] == ["CASE", _ONE]:
                told, otherwise, at = _answers(words, at + 2)
                for name in named:
                    answers[name].append(told.get(name, otherwise))
                rest.append(_PLACE)
            else:
                rest.append(words[at])
                at += 1
        if _used(" ".join(rest)):
            return {name: name for name in named}
    first: dict[tuple[str, ...], str] = {}
    return {name: first.setdefault(tuple(answers[name]), name) for name in named}


def _answers(words: Sequence[str], at: int) -> tuple[dict[str, str], str, int]:
    """Return what an expression of `status` says of each actor and of all others, and where it ends."""
    told: dict[str, str] = {}
    said: list[str] = []
    name, depth = "", 1
    while depth:
        word = words[at]
        depth += (word == "CASE") - (word == "END")
        if depth == 0 or (depth == 1 and word in {"WHEN", "ELSE"}):
            if name:
                told.setdefault(name, " ".join(said))
            said = []
            if word == "WHEN":
                name = words[at + 1][1:-1].replace("''", "'")
                at += 2  # past the name and THEN
            else:
                name = _OTHERS
        else:
            said.append(word)
        at += 1
    return told, told.pop(_OTHERS, ""), at


def _used(rest: str) -> bool:
    """Return whether a list is used in any other way than to ask each of it."""
    for column in LISTS:
        for asked in (each, some):
            for answer in (_PLACE, TRUE, FALSE, UNCLEAR):
                rest = rest.replace(" ".join(_WORD.findall(asked(column, answer))), "")
    return any(re.search(rf"\b{column}\b", rest) for column in LISTS)
