"""Where the sentences of a paragraph end, and which of its tokens stand inside quotation marks."""

from __future__ import annotations

from collections.abc import Iterator

from holdfire.reading.prose.words.lexicon import lexicon, word_set

LONGEST = 240
"""Most tokens of a sentence; a longer one is cut, so that no step is quadratic in a hostile line."""

_ENDERS = frozenset(".!?…؟。") | {"..."}
_CLOSERS = frozenset("\"')]") | {"''"}
_ABBREVIATED = word_set(
    "mr mrs ms dr prof gen col lt sgt capt maj brig cmdr adm st sen rep gov jr sr no vs etc inc ltd co "
    "corp jan feb mar apr jun jul aug sep sept oct nov dec fig approx dept est hon rev ft mt art para op "
    "al lieut pres sec supt messrs cf ca pp vol"
)


def quotations(text: str, raws: list[str], starts: list[int], ends: list[int]) -> list[bool]:
    """Return whether each token lies inside quotation marks; a mark never closed opens nothing."""
    inside = [False] * len(raws)
    if '"' not in raws and "''" not in raws:
        return inside
    opened = -1
    for i, raw in enumerate(raws):
        if raw not in ('"', "''"):
            continue
        before = text[starts[i] - 1] if starts[i] else " "
        after = text[ends[i]] if ends[i] < len(text) else " "
        if opened >= 0 and not (before.isspace() and not after.isspace()):
            inside[opened : i + 1] = [True] * (i + 1 - opened)
            opened = -1
        elif not after.isspace():
            opened = i
    if opened == 0:  # a quotation that goes on in the next paragraph opens again there
        inside = [True] * len(raws)
    elif opened > 0 and raws[opened - 1] in (",", ":"):
        inside[opened:] = [True] * (len(raws) - opened)
    return inside


def cuts(
    raws: list[str], starts: list[int], ends: list[int], quoted: list[bool]
) -> Iterator[tuple[int, int]]:
    """Yield where each sentence of a paragraph begins, and the token after its last."""
    first, i, count = 0, 0, len(raws)
    while i < count:
        raw = raws[i]
        if i - first >= LONGEST:
            yield first, i
            first = i
        ender = raw in _ENDERS or (len(raw) > 2 and raw[-1] == "." and raw[1:2] == ".")
        if not ender:
            i += 1
            continue
        j = i + 1
        while j < count and raws[j] in _CLOSERS and starts[j] == ends[j - 1] and j - first < LONGEST:
            j += 1
        if j < count and _ends_here(raws, starts, ends, quoted, i, j):
            yield first, j
            first = j
        i = j
    if first < count:
        yield first, count


def _ends_here(  # noqa: PLR0911 - each return is one rule
    raws: list[str], starts: list[int], ends: list[int], quoted: list[bool], i: int, j: int
) -> bool:
    following = raws[j]
    if starts[j] == ends[j - 1]:
        return False
    if quoted[i] and j < len(quoted) and quoted[j] and raws[j - 1] not in ('"', "''"):
        return False  # inside one quotation
    if following[0].islower():
        return False
    if raws[i] in "?!" and raws[j - 1] in ('"', "''") and _asks(raws[j : j + 6]):
        return False
    before = raws[i - 1] if i else ""
    if raws[i] == "." and starts[i] == (ends[i - 1] if i else -1):
        if before.lower() in _ABBREVIATED and not (before.lower() in ("no", "al") and following[0].isupper()):
            return False
        if len(before) == 1 and before.isupper():
            return False
    if len(raws[i]) > 2 and raws[i] != "...":  # initials end a sentence only before a word that begins one
        return following.lower() in lexicon().classes
    return True


def _asks(following: list[str]) -> bool:
    """Return whether "X asked" goes on after a quotation that ends with its own mark."""
    for raw in following:
        if not raw[0].isalnum():
            return False
        verb = lexicon().verbs.get(raw)
        if verb and verb[1] in "zek":
            return any("q" in cue.frames for cue in lexicon().cues.get(verb[0], ()))
    return False
