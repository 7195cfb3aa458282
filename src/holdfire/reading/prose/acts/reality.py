"""How an event stands in its sentence, and the words that decide it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from holdfire.reading.prose.words.lexicon import page, plural_of, words
from holdfire.records.claim import Kind, Modality


@dataclass(frozen=True, slots=True)
class Reality:
    """How an event stands in its sentence.

    Attributes:
        modality: Whether it is said to have happened.
        negated: It is said not to be so.
        kind: reported stands for told as an event; presupposed and attributive for mentioned in passing.
        verb: The verb that tells it; -1: none.
        rules: Guards that fired.
    """

    modality: Modality
    negated: bool = False
    kind: Kind = Kind.REPORTED
    verb: int = -1
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Governing:
    """Words that keep an event from having happened, by what they do; see `lexicons/guards.yaml`."""

    governors: Mapping[str, str]
    refusing: frozenset[str]
    stopping: frozenset[str]
    presupposing: frozenset[str]
    happening: frozenset[str]
    committing: frozenset[str]
    unreal: frozenset[str]
    habit: frozenset[str]
    repeated: frozenset[str]
    recurring: tuple[list[str], ...]


@lru_cache(maxsize=1)
def governing() -> Governing:
    """Return the words, read once."""
    given = page("guards")
    governors: dict[str, str] = {}
    for modality, listed in given["governors"].items():
        for word in words(listed):
            governors.setdefault(word, modality)
            governors.setdefault(plural_of(word), modality)

    def both(key: str) -> frozenset[str]:
        return frozenset(f for w in words(given[key]) for f in (w, plural_of(w)))

    def single(key: str) -> frozenset[str]:
        return frozenset(w.split()[0] for w in words(given[key]))

    return Governing(
        governors, both("refusing"), both("stopping"), both("presupposing"), single("happening"),
        single("committing"), frozenset(words(given["unreal"])),
        frozenset(words(given["habit"])), frozenset(words(given["repeated"])),
        tuple(each.split() for each in words(given["recurring"])),
    )  # fmt: skip


MODALS = {
    **dict.fromkeys(("will", "'ll", "shall", "won't", "shan't"), Modality.INTENDED),
    **dict.fromkeys(("should", "must", "ought", "shouldn't", "mustn't"), Modality.OBLIGATION),
}
"""What a modal makes of its verb; any other modal makes it conditional."""
