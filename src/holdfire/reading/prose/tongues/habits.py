"""What a language does that no list of words can say: hooks that the engine calls, each with a plain default.

A language needs none of them. It has a module of its own here only where its grammar asks for one: French for
its compound tenses and its turned questions, Russian for its cases.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from holdfire.reading.prose.tongues import french, russian
from holdfire.reading.prose.words.syntax import Range


def _as_tagged(words: Sequence[str], tags: list[str]) -> None:
    """Leave the letters of a sentence as they are."""


def _as_found(words: Sequence[str], tags: str, k: int, letter: str) -> str:
    """Return the letter of a verb form as its paradigm gives it."""
    return letter


def _none(words: Sequence[str], tags: str) -> list[Range]:
    """Return no hearsay."""
    return []


def _no_voice(words: Sequence[str], start: int, end: int) -> Range | None:
    """Return no pronoun within a verb of saying."""
    return None


def _no_agent(words: Sequence[str], tags: str, i: int, j: int) -> Range | None:
    """Return no phrase whose form alone says that it acts."""
    return None


@dataclass(frozen=True, slots=True)
class Habits:
    """The hooks of one language; of each, words are folded and in lower case, tags as in `tokens`.

    Attributes:
        retag: Changes the letters of a sentence in place, before anything else reads it.
        letter: (words, tags, token, letter) gives the letter of a verb form where it stands: a French
            participle is a past after "a", a passive after "a été".
        hearsay: (words, tags) gives the tokens that put their clause in an unnamed mouth.
        voice: (words, start, end) gives the pronoun that stands inside a verb of saying: "a-t-il ajouté".
        agent: (words, tags, from, to) gives the phrase that acts, where a case ending says so.
    """

    retag: Callable[[Sequence[str], list[str]], None] = _as_tagged
    letter: Callable[[Sequence[str], str, int, str], str] = _as_found
    hearsay: Callable[[Sequence[str], str], list[Range]] = _none
    voice: Callable[[Sequence[str], int, int], Range | None] = _no_voice
    agent: Callable[[Sequence[str], str, int, int], Range | None] = _no_agent


_PLAIN = Habits()
_HELD = {
    "fr": Habits(retag=french.retag, letter=french.letter, hearsay=french.hearsay, voice=french.voice),
    "ru": Habits(letter=russian.letter, agent=russian.agent),
}


def habits(code: str) -> Habits:
    """Return the hooks of a language; plain ones where it has none of its own."""
    return _HELD.get(code, _PLAIN)
