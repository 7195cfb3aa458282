"""Sentences of a language that has a page, in the tokens the English reader uses, with readings added.

The letters of `tokens` mean the same here: e a finite past, z a finite present, v a plain form, n a
participle, N any other word, E a name with a capital. Work grows with the length of the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from holdfire.reading.prose.tongues.forms import Found, Reading, folded, parts
from holdfire.reading.prose.tongues.habits import habits
from holdfire.reading.prose.tongues.words import Tongue, tongue
from holdfire.reading.prose.words.cutting import LONGEST, quotations
from holdfire.reading.prose.words.tokens import TOKEN, Sentence

_ENDERS = frozenset(".!?…؟۔。") | {"..."}
_CLOSERS = frozenset("\"')]") | {"''"}
_MARKS = {
    **dict.fromkeys((",", "،"), ","), ":": ":", **dict.fromkeys((";", "؛"), ";"),
    **dict.fromkeys("([", "("), **dict.fromkeys(")]", ")"), **dict.fromkeys(('"', "''"), '"'),
    **dict.fromkeys(("—", "–", "--"), "_"), "-": "-",
    **dict.fromkeys((".", "!", "?", "؟", "…", "..."), "."),
}  # fmt: skip
_SHORT = 3
"""Most letters of a word that a full stop may abbreviate."""


@dataclass(slots=True)
class Line(Sentence):
    """A sentence whose words may be taken in several ways.

    Attributes:
        code: Its language.
        readings: Of each token, the ways to take it, the least changed first.
        opens: Of each token, the lists of the page that have a phrase beginning with one of its readings.
    """

    code: str = ""
    readings: Sequence[tuple[Reading, ...]] = ()
    opens: Sequence[frozenset[str]] = ()
    _found: dict[str, frozenset[int]] = field(default_factory=dict)

    def at(self, name: str, k: int) -> Sequence[Found[str]]:
        """Return the phrases of a list of the page that begin at a token, the longest first."""
        return tongue(self.code).list(name).at(self.readings, k) if name in self.opens[k] else ()

    def where(self, name: str) -> frozenset[int]:
        """Return the tokens at which a list of the page has a phrase; looked for once."""
        found = self._found.get(name)
        if found is None:
            found = self._found[name] = frozenset(k for k in range(len(self)) if self.at(name, k))
        return found


def sentences(code: str, text: str, start: int, end: int, paragraph: int, zone: str) -> Iterator[Line]:
    """Yield the sentences of one paragraph of a shadow text."""
    raws: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for found in TOKEN.finditer(text, start, end):
        at = found.start()
        for part in parts(found[0]):
            raws.append(part)
            starts.append(at)
            at += len(part)
            ends.append(at)
    quoted = quotations(text, raws, starts, ends)
    known = tongue(code)
    for i, j in _cuts(raws, starts, ends):
        made = [_readings(code, raw) for raw in raws[i:j]]
        words = [readings[0].form for readings in made]
        letters = list(_letters(known, raws, starts, ends, i, j, made))
        habits(code).retag(words, letters)
        tags = "".join(letters)
        yield Line(
            starts[i], ends[j - 1], paragraph, zone, raws[i:j], words, starts[i:j], ends[i:j], tags, words,
            quoted[i:j], code, made, [_opens(code, raw) for raw in raws[i:j]],
        )  # fmt: skip


@lru_cache(maxsize=65536)
def _readings(code: str, raw: str) -> tuple[Reading, ...]:
    """Return the ways to take a word: as it stands, and without what may be written onto it."""
    known = tongue(code)
    word = folded(raw, known.fold)
    if not word[0].isalpha() or not (known.before or known.after):
        marked = known.bare.get(word, ()) if raw.isupper() else ()
        return (Reading(word), *(Reading(form) for form in marked))
    fronts = _fronts(known, word)
    out = [Reading(form, before) for form, before in fronts]
    for form, before in fronts:
        for mark in known.after:
            if raw.endswith("ة"):
                break  # a ta marbuta is no pronoun, though it folds to the same letter
            if form.endswith(mark) and len(form) - len(mark) >= known.shortest:
                out.append(Reading(form[: -len(mark)], before, mark))
                stem = form[: -len(mark)]
                if stem.endswith("ت"):  # a ta marbuta opens to a plain t before what is written onto it
                    out.append(Reading(stem[:-1] + "ه", before, mark))
    return tuple(dict.fromkeys(out))


@lru_cache(maxsize=65536)
def _opens(code: str, raw: str) -> frozenset[str]:
    """Return the lists of a page that have a phrase beginning with a word."""
    openers = tongue(code).openers
    return frozenset(name for reading in _readings(code, raw) for name in openers.get(reading.form, ()))


def _fronts(known: Tongue, word: str) -> list[tuple[str, str]]:
    """Return a word without each row of what may be written onto its front, and what that was."""
    fronts = [(word, "")]
    for form, before in fronts:  # grows while it is read: one clitic after another
        for mark in known.before:
            rest = form[len(mark) :]
            if form.startswith(mark) and mark not in before and len(rest) >= known.shortest:
                fronts.append((rest, before + mark))
    return fronts


def _cuts(raws: list[str], starts: list[int], ends: list[int]) -> Iterator[tuple[int, int]]:
    first, i, count = 0, 0, len(raws)
    while i < count:
        if i - first >= LONGEST:
            yield first, i
            first = i
        if raws[i] not in _ENDERS:
            i += 1
            continue
        j = i + 1
        while j < count and raws[j] in _CLOSERS and starts[j] == ends[j - 1] and j - first < LONGEST:
            j += 1
        if j < count and _ends_here(raws, starts, ends, i, j):
            yield first, j
            first = j
        i = j
    if first < count:
        yield first, count


def _ends_here(raws: list[str], starts: list[int], ends: list[int], i: int, j: int) -> bool:
    following = raws[j]
    if starts[j] == ends[j - 1] or following[0].islower():
        return False
    before = raws[i - 1] if i and starts[i] == ends[i - 1] else ""
    if raws[i] == "." and before.isalpha() and before.isascii() and before.isupper() and len(before) == 1:
        return False  # an initial
    return not (
        raws[i] == "."
        and before.islower()
        and len(before) <= _SHORT
        and before[0] not in "аеёиоуыэюя"
        and following[0].isdecimal()
    )  # "г. 2016", "no. 5"


def _letters(
    known: Tongue, raws: list[str], starts: list[int], ends: list[int], i: int, j: int,
    readings: list[tuple[Reading, ...]],
) -> Iterator[str]:  # fmt: skip
    shouted = sum(raw.isupper() and len(raw) > 1 for raw in raws[i:j]) > 0.5 * (j - i)
    for k in range(i, j):
        raw = raws[k]
        if raw in _MARKS or not raw[0].isalnum():
            mark = _MARKS.get(raw, "'" if raw == "'" else ":")
            apart = mark == "-" and not (k and starts[k] == ends[k - 1])
            yield "_" if apart else mark
            continue
        if raw[0].isdecimal():
            yield "#"
            continue
        letter = next((known.tags[r.form] for r in readings[k - i] if r.form in known.tags), "")
        if (
            raw[0].isupper()
            and ((k > i and not shouted) or not letter)
            and letter not in ("D", "R", "P", "C")
        ):
            letter = "E"
        yield letter or "N"
