"""Cues that stand after or amid what they say: "..., X said", "X, they say, is ...", "which they say is ...".

Each function gives the construction filled, or None where it is not there.
"""

from __future__ import annotations

from holdfire.reading.prose.sayings.ends import clause_end
from holdfire.reading.prose.sayings.frames import Filled
from holdfire.reading.prose.sayings.voices import voice_after
from holdfire.reading.prose.words.lexicon import Cue
from holdfire.reading.prose.words.syntax import (
    Group,
    Range,
    clause_at,
    phrase_left,
    phrase_right,
    quotation_end,
    sentence_end,
    subject,
)
from holdfire.reading.prose.words.tokens import Sentence

_FINITE = "zekbhMd"


def inverted(  # noqa: PLR0911 - each return is one rule
    s: Sentence, i: int, g: Group, cues: tuple[Cue, ...]
) -> Filled | None:
    """Read "..., said X" and "Said X, ..."."""
    cue = next((c for c in cues if set(c.frames) & set("cq")), None)
    if cue is None or g.start != i or s.tags[i] not in "zekv":
        return None
    if i == 0:
        voice = phrase_right(s, 1)
        rest = _resumed(s, voice[1]) if voice else []
        return Filled(cue, rest, 1, "inverted", source=voice) if rest else None
    if s.tags[i - 1] != '"' and not (
        s.tags[i - 1] in ",_" and s.tags[i + 1 : i + 2] in ("E", "D", "N", "J", "R")
    ):
        return None
    voice = voice_after(s, i + 1)
    if voice is None or s.quoted[i]:
        return None
    if s.tags[i - 1] in ",_" and subject(s, i) is not None and voice[1] < sentence_end(s):
        return None
    said = _before(s, i) or _part_before(s, i, voice[1])
    if said is None or not _fits(s, cue, said):
        return None
    return Filled(cue, [said, *_rest(s, said, voice[1])], i + 1, "inverted", source=voice)


def as_noted(s: Sentence, i: int, g: Group, source: Range | None, cues: tuple[Cue, ...]) -> Filled | None:
    """Read "As X noted, ..." and "..., as X noted"."""
    cue = next((c for c in cues if "c" in c.frames), None)
    if cue is None or source is None or source[0] == 0 or s.words[source[0] - 1] != "as" or g.infinitive:
        return None
    end = sentence_end(s)
    after = i + 1
    if after < end and s.tags[after] not in ",.PTB;_)-":
        return None  # "as he explained how ..."
    while after < end and s.tags[after] != "," and after - i < 10:
        after += 1
    first = source[0] - 1
    if after < end and (first == 0 or (first < 4 and all(letter in "CBP,N" for letter in s.tags[:first]))):
        return Filled(cue, [(after, end)], i + 1, "as-noted")  # "But as X noted, ..."
    if first >= 4 and s.tags[first - 1] == ",":
        return Filled(cue, [(0, first), *([(after, end)] if after < end else [])], i + 1, "as-noted")
    return None


def content_first(s: Sentence, i: int, g: Group, cues: tuple[Cue, ...]) -> Filled | None:
    """Read "..., X said" and "X, they said, is ..."."""
    cue = next((c for c in cues if set(c.frames) & set("cq")), None)
    if cue is None or g.infinitive:
        return None
    source = subject(s, g.start)
    if source is None or source[0] == 0 or not _done(s, i, bool(set("io") & set(cue.frames))):
        return None
    after = _after_cue(s, i)
    said = _before(s, source[0]) or _part_before(s, source[0], after)
    if said is None or not _fits(s, cue, said):
        return None
    rest = _rest(s, said, after)
    amid = bool(rest) and not _clausal(s, *said)
    return Filled(cue, [said, *rest], i + 1, "inserted" if amid else "content-first")


def gapped(s: Sentence, i: int, g: Group, source: Range | None, cues: tuple[Cue, ...]) -> Filled | None:
    """Read "which they say is ...", "a move he said would ...": what is spoken of stands before the voice."""
    if source is None or g.infinitive or source[0] == 0:
        return None
    made = _called(s, i, source, cues) or _object_before(s, i, source, cues)
    cue = next((c for c in cues if "c" in c.frames), None)
    if made is not None or cue is None:
        return made
    k = i + 1
    while k < len(s) and s.tags[k] == "B":
        k += 1
    if k >= len(s) or s.tags[k] not in _FINITE:
        return None
    first = source[0] - 1
    if s.tags[first] == "W" or (s.tags[first] == "H" and first and s.tags[first - 1] in "NE,_"):
        about: Range | None = (first, first + 1)
    elif s.tags[source[0]] in "RDNE" and s.tags[first] in "NE":
        about = phrase_left(s, source[0])
    else:
        return None
    return None if about is None else Filled(cue, [about, (i + 1, _gap_end(s, i + 1))], i + 1, "gapped")


def _called(s: Sentence, i: int, source: Range, cues: tuple[Cue, ...]) -> Filled | None:
    """Read "what they call a siege", "whom he described as ...", "which they blame on ..."."""
    cue = next((c for c in cues if set(c.frames) & set("sf")), None)
    first = source[0] - 1
    if cue is None or not (s.tags[first] == "W" or (s.tags[first] == "H" and s.tags[first - 1] in "NE,_")):
        return None
    k = i + 1
    if k >= len(s) or not (
        s.words[k] in ("as", "of", "on", "for") or (s.words[first] == "what" and s.tags[k] in 'DNEJ"#')
    ):
        return None
    return Filled(cue, [(first, first + 1), (k, _gap_end(s, k))], i + 1, "called")


def _object_before(s: Sentence, i: int, source: Range, cues: tuple[Cue, ...]) -> Filled | None:
    """Read "a plan that they support", "which he denied": the content is the noun before the voice."""
    cue = next((c for c in cues if "n" in c.frames), None)
    first = source[0] - 1
    k = i + 1
    while k < len(s) and s.tags[k] == "B":
        k += 1
    if cue is None or first < 1 or (k < len(s) and s.tags[k] not in ',.;_STC)"'):
        return None
    relative = s.words[first] in ("which", "whom", "what") or (
        s.tags[first] == "H" and s.tags[first - 1] in "NE"
    )
    if relative:
        return Filled(cue, [(first, first + 1)], i + 1, "object-before")
    if s.tags[source[0]] != "R" or s.tags[first] not in "N":
        return None
    about = phrase_left(s, source[0])
    return None if about is None else Filled(cue, [about], i + 1, "object-before")


def _fits(s: Sentence, cue: Cue, said: Range) -> bool:
    """Return whether a cue that takes nothing but a quotation has one before it."""
    return "c" in cue.frames or any(s.quoted[k] for k in range(max(said[0], said[1] - 3), said[1]))


def _gap_end(s: Sentence, k: int) -> int:
    end = clause_end(s, k)
    return next((j for j in range(k, end) if s.tags[j] in ",_" and not s.quoted[j]), end)


def _done(s: Sentence, i: int, told: bool) -> bool:
    """Return whether nothing that the cue could say follows it: time, place, manner or hearer at most."""
    k = i + 1
    while k < len(s) and s.tags[k] == "B":
        k += 1
    if k >= len(s) or s.tags[k] not in "DRNEJ#gvWX":
        return True
    if s.tags[k] in "DJ#" and "T" in s.tags[k + 1 : k + 4]:
        return True  # "said last week"
    return told and s.tags[k] in "DRNEJ"


def _after_cue(s: Sentence, i: int) -> int:
    """Return where the words that go with the cue end: "X said on Monday, ..."."""
    end = sentence_end(s)
    after = i + 1
    while after < end and s.tags[after] not in ',"_;:' and after - i < 24:
        after += 1
    return after


def _clausal(s: Sentence, i: int, j: int) -> bool:
    return any(letter in _FINITE for letter in s.tags[i:j])


def _before(s: Sentence, k: int) -> Range | None:
    """Return the content that ends before token `k` at a comma or a quotation mark."""
    if k < 2 or s.tags[k - 1] not in ',"_':
        return None
    if s.tags[k - 1] == '"' or (k >= 2 and s.tags[k - 2] == '"'):
        return 0, k
    if not any(letter in "zekbhMdng" for letter in s.tags[: k - 1]):
        return None
    return 0, k - 1


def _part_before(s: Sentence, k: int, after: int) -> Range | None:
    """Return the beginning of a clause that a voice breaks into: "The plan, X said, is ..."."""
    end = sentence_end(s)
    broken = s.tags[k - 1 : k] in (",", "_") and after + 1 < end and s.tags[after] == s.tags[k - 1]
    return (0, k - 1) if broken and k >= 2 and _clausal(s, after, end) else None


def _rest(s: Sentence, said: Range, k: int) -> list[Range]:
    """Return what is said after the cue: all of it where the clause has not had its verb before."""
    end = sentence_end(s)
    breaks = k + 1 < end and s.tags[k] in ",_" and s.tags[k + 1] != '"' and not s.quoted[said[0]]
    if breaks and not _clausal(s, *said) and _clausal(s, k, end):
        return [(k + 1, end)]
    return _resumed(s, k)


def _resumed(s: Sentence, k: int) -> list[Range]:
    """Return the rest of a quotation that goes on after "X said,"."""
    end = sentence_end(s)
    if k < end and s.tags[k] in ",_:" and k + 1 < end:
        if s.tags[k + 1] == '"':
            return [(k + 1, quotation_end(s, k + 1))]
        if s.tags[k] in ",_" and s.tags[k + 1] in "CSBP" and clause_at(s, k + 2):
            return [(k + 1, end)]
    return []
