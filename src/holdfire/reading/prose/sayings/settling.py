"""Which voice holds which, where two of one sentence reach into each other.

A cue after or amid what it says ("..., X said") speaks for the whole of it, so a voice inside it ends where
that content ends. Afterwards no two contents hold each other's cue.
"""

from __future__ import annotations

from collections.abc import Sequence

from holdfire.reading.prose.sayings.voices import Attribution
from holdfire.reading.prose.words.lexicon import word_set
from holdfire.reading.prose.words.syntax import Range
from holdfire.reading.prose.words.tokens import Sentence

AMID = frozenset(("content-first", "inserted", "inverted", "according-to", "as-noted", "headline"))
"""Rules of cues that stand after or amid what they say."""

_SUBORDINATE = word_set(
    "as when while if although though because after before since until once whereas unless"
)


def settled(s: Sentence, found: list[Attribution]) -> list[Attribution]:
    """Return the attributions of a sentence, each content cut where a voice around it ends."""
    if len(found) < 2:
        return [each for each in found if each.content]
    for outer in found:
        if outer.rule not in AMID:
            for inner in found:
                if inner is not outer and inner.cues[0][0] > outer.cues[-1][0]:
                    _part(s, outer, inner)
            continue
        for inner in found:
            if inner is outer:
                continue
            piece = _piece(outer, inner.cues[0][0])
            if piece is None or not _reaches(inner, outer):
                continue
            if _opened(s, inner, outer):
                _confine(outer, inner.content[0][0], inner.content[-1][1])
            else:
                _confine(inner, *piece)
    return [each for each in found if each.content]


_TURNS = word_set("while whereas although though")
_OPENING = word_set(
    "as when while if although though because after before since until once whereas unless despite"
)


def _part(s: Sentence, outer: Attribution, inner: Attribution) -> None:
    """End what one voice says where another begins a clause of its own."""
    at = inner.cues[0][0]
    piece = _piece(outer, at)
    if piece is None or s.quoted[at]:
        return
    start = at
    if inner.source is not None and piece[0] < inner.source[0] < at:
        start = inner.source[0]
    while start > piece[0] and s.tags[start - 1] in "BX":
        start -= 1
    if start - piece[0] < 1:
        return
    mark = start - 1
    end = (
        _joined(s, piece[0], mark, own=start < at)
        or _led(s, outer, piece[0], mark)
        or _aside(s, outer, mark)
        or _main(s, outer, inner, piece)
    )
    if end is not None and end > piece[0]:
        _confine(outer, outer.content[0][0], end)


def _joined(s: Sentence, first: int, mark: int, *, own: bool) -> int | None:
    """Return where a clause ends that another is set beside: "..., but X denied", "... while Y says"."""
    if not own or mark <= first:
        return None
    if s.tags[mark] == "C" and s.words[mark] in ("and", "but") and s.tags[mark - 1] in ',"':
        return mark if s.tags[mark - 1] == '"' else mark - 1
    if s.words[mark] in _TURNS:
        return mark - 1 if s.tags[mark - 1] == "," else mark
    return None


def _led(s: Sentence, outer: Attribution, first: int, mark: int) -> int | None:
    """Return where a clause ends that leads up to another: "When X spoke of ..., Y said"."""
    begins = min([outer.cues[0][0]] + ([outer.source[0]] if outer.source else []))
    k = 1 if s.tags[:1] == "C" else 0
    led = s.words[k] in _OPENING or s.tags[k] in "gP" or (s.tags[k] == "e" and outer.cues[0][0] == k)
    if not led or s.tags[mark] != "," or s.quoted[mark]:
        return None
    if any(s.tags[j] == "," for j in range(k, begins)):
        return None
    return mark


_OF_THINGS = frozenset(
    ("noun-phrase", "particle", "agentless", "object", "accuse-of", "noun-about", "describe-as")
)


def _aside(s: Sentence, outer: Attribution, mark: int) -> int | None:
    """Return where a phrase ends that another voice speaks of: "criticised cuts, which X said were"."""
    if outer.rule not in _OF_THINGS or s.tags[mark] != "W":
        return None
    comma = mark - 2 if s.tags[mark - 1] == "P" else mark - 1
    return comma if s.tags[comma] == "," else None


def _main(s: Sentence, outer: Attribution, inner: Attribution, piece: Range) -> int | None:
    """Return where a relative clause ends before its main verb: "those who praised X warned that"."""
    first, at = outer.cues[0][0], inner.cues[0][0]
    if not first or s.words[first - 1] != "who" or s.tags[at] not in "zekbh" or first < 2:
        return None
    between = s.tags[outer.cues[-1][1] : at]
    if s.tags[first - 2] == "," or not between or not set("CSWH,;:_").isdisjoint(between):
        return None
    finite = any(letter in "zekbhM" for letter in between)
    if finite == (outer.rule in _OF_THINGS):
        return None
    if outer.source is not None:
        inner.source = (outer.source[0], at)
    return at


def nested(found: Sequence[Attribution], each: Attribution) -> bool:
    """Return whether another voice of the sentence says this one."""
    at = each.cues[0][0]
    return any(_piece(other, at) is not None for other in found if other is not each)


def _piece(a: Attribution, at: int) -> Range | None:
    return next(((i, j) for i, j in a.content if i <= at < j), None)


def _reaches(inner: Attribution, outer: Attribution) -> bool:
    """Return whether the content of `inner` takes in the cue or the voice of `outer`."""
    marks = [outer.cues[0][0]] + ([outer.source[0]] if outer.source else [])
    return any(i <= mark < j for i, j in inner.content for mark in marks)


def _opened(s: Sentence, inner: Attribution, outer: Attribution) -> bool:
    """Return whether `outer` only breaks into what `inner` says: "reported that, according to X, ..."."""
    start = min([outer.cues[0][0]] + ([outer.source[0]] if outer.source else []))
    between = s.tags[inner.cues[-1][1] : start]
    return inner.cues[0][0] < start and all(letter in "H,BT" for letter in between)


def _confine(a: Attribution, first: int, last: int) -> None:
    a.content = [(max(i, first), min(j, last)) for i, j in a.content if max(i, first) < min(j, last)]


def embedded_end(s: Sentence, start: int, source: Range | None, after: int) -> int | None:
    """Return where a clause hung on another ends: "As X said ..., ", "X, who say ..., "; None: not hung.

    Args:
        s: The sentence.
        start: First token of the verb group.
        source: The voice.
        after: The token after the cue.
    """
    relative = start > 1 and s.tags[start - 1] == "W" and s.tags[start - 2] == ","
    first = source[0] - 1 if source is not None and source[1] <= start else -1
    hung = first >= 0 and s.tags[first] == "S" and s.words[first] in _SUBORDINATE
    opens = start <= 3 and s.tags[after - 1] in "ge" and all(letter in "SPBC" for letter in s.tags[:start])
    hung = hung or (opens and source is None)  # "Asked whether ..., X said"
    if not relative and not hung:
        return None
    commas = (k for k in range(after, len(s)) if s.tags[k] == "," and not s.quoted[k])
    end = next(commas, None)
    if relative:
        return len(s) if end is None else end
    main = end is not None and any(letter in "zekbhM" for letter in s.tags[end:])
    return end if main else None
