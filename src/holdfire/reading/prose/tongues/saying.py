"""Who says what, in a language that has a page: the cue, whose it is, and what is said.

A cue counts only where its frame is filled: a complementiser, a quotation, a colon, or what its group asks
for. The voice stands after its verb in a verb-first language, before it in a subject-first one, and after it
everywhere once a quotation has come first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from holdfire.reading.prose.sayings.voices import SAYS, Attribution
from holdfire.reading.prose.tongues.forms import Found
from holdfire.reading.prose.tongues.habits import habits
from holdfire.reading.prose.tongues.lines import Line
from holdfire.reading.prose.tongues.phrases import (
    FINITE,
    called,
    clause_end,
    group_start,
    left_phrase,
    negated,
    right_phrase,
)
from holdfire.reading.prose.tongues.words import Tongue, tongue
from holdfire.reading.prose.words.lexicon import Cue
from holdfire.reading.prose.words.syntax import Range

_FAR = 30
"""Most tokens between a verb and what opens its content."""


@dataclass(slots=True)
class _Saying:
    """One line while its voices are gathered."""

    line: Line
    known: Tongue
    found: list[Attribution] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    unnamed: Sequence[Range] = ()

    def add(
        self,
        cue: Cue,
        cues: Range,
        source: Range | None,
        content: list[Range],
        rule: str,
        *,
        no: bool = False,
    ) -> bool:
        filled = [r for r in (_trim(self.line, *r) for r in content) if r[0] < r[1]]
        if not filled or self.used.intersection(range(*cues)):
            return False
        self.used.update(range(*cues))
        source = _voice(self.line, *_trim(self.line, *source)) if source else None
        source = source if source and source[0] < source[1] else None
        self.found.append(Attribution(cue, [cues], source, filled, rule, no))
        return True


def attributions(line: Line) -> list[Attribution]:
    """Return the attributions of one sentence, in the order of their cues."""
    made = _Saying(line, tongue(line.code), unnamed=habits(line.code).hearsay(line.words, line.tags))
    for k in range(len(line)):
        _according(made, k)
        _hearsay(made, k)
        if k not in made.used:
            for found in made.known.cues.at(line.readings, k):
                if _reduced(made, found):
                    continue
                if not _verbal(made.known, found) or _verb(made, found):
                    break
        if k not in made.used:
            _noun(made, k)
    _headline(made)
    return sorted(made.found, key=lambda each: each.cues[0])


def carries(line: Line, spoken: Sequence[Attribution]) -> bool:
    """Return whether a sentence without a voice goes on with what the last one was saying."""
    first = next((k for k in range(len(line)) if line.tags[k] not in "\"'(,-_"), 0)
    if first < len(line) and line.at("pronouns_subject", first):
        return True
    return bool(spoken) and spoken[0].source is None and spoken[0].cues[0][0] <= first + 2


def with_names(line: Line, spoken: Sequence[Attribution]) -> None:
    """Mark the names of voices in a script that has no capitals.

    There a voice that is more than a description ("sources", "an official") is taken to be named: the last
    word of its phrase gets the letter of a name, which chains go by.
    """
    known = tongue(line.code)
    if any(raw[0].isupper() for raw in line.raws) and known.code != "ar":
        return
    tags = list(line.tags)
    for each in spoken:
        if each.source is None or line.at("people.unnamed", each.source[0]):
            continue
        last = max((k for k in range(*each.source) if tags[k] == "N"), default=-1)
        if last > 0 and each.source[1] - each.source[0] > 1:
            tags[last] = "E"
    line.tags = "".join(tags)


def _verbal(known: Tongue, found: Found[Cue]) -> bool:
    """Return whether what is written onto a form leaves it a finite verb."""
    return all(mark in known.verbal for mark in found.before)


def _reduced(r: _Saying, found: Found[Cue]) -> bool:
    """Return whether a form is a participle beside its noun, and so nobody speaks: "nos tranchées"."""
    line = r.line
    return found.letter == "n" and habits(line.code).letter(line.words, line.tags, found.start, "n") == "n"


def _verb(r: _Saying, found: Found[Cue]) -> bool:
    """Read a verb of saying by what stands around it."""
    line, cue = r.line, found.value
    start = group_start(line, found.start)
    if found.letter == "v" and not r.known.verb_first:
        if not set("cq") & set(cue.frames):
            return False  # "asked X to condemn": nobody has said it
        start = _finite_before(line, start)
    no = negated(line, found.start)
    opened = _opened(r, found.end, cue.frames)
    cues = (start, found.end)
    left = left_phrase(line, start)
    if opened is not None:
        m, content, rule = opened
        right = (found.end, _before_another(r, found.end, m)) if m > found.end else None
        source = (right or left) if r.known.verb_first else (left or None)
        if rule == "quotation" and start and line.tags[start - 1] == '"':
            source = right or source
        return r.add(cue, cues, source, [content], rule, no=no)
    if left is not None and left[1] == start and called(line, start - 1, -1) >= 0:
        return _governed(r, cues, cue, left, no=no)  # «Хезболла» заявила
    quoted = (bool(start) and line.tags[start - 1] in '"-_') or (start > 1 and line.tags[start - 2] == '"')
    closed = not r.known.verb_first and _closes(line, found.end)
    says = set("cq") & set(cue.frames) and (quoted or cue.stance == "asserts" or closed)
    if says and (turned := _turned(r, start, found.end)) is not None:
        return r.add(cue, cues, turned[0], turned[1], "inverted", no=no)
    return _governed(r, cues, cue, left, no=no)


def _closes(line: Line, k: int) -> bool:
    """Return whether the phrase after a verb ends its sentence, as a voice does: "..., a prévenu X."."""
    voice = right_phrase(line, k)
    return voice is not None and (voice[1] >= clause_end(line, k) or line.tags[voice[1]] == ",")


def _finite_before(line: Line, k: int) -> int:
    """Return where the verb group begins that an infinitive hangs on: "a tenu à préciser"."""
    for m in range(k - 1, max(-1, k - 8), -1):
        if line.tags[m] in ",;:.HW":
            break
        if line.tags[m] in FINITE or line.tags[m] in "bhM":
            return group_start(line, m)
    return k


def _opened(r: _Saying, k: int, frames: str) -> tuple[int, Range, str] | None:
    """Return where a content opens after a verb, its tokens, and the construction."""
    line = r.line
    for m in range(k, min(len(line), k + _FAR)):
        letter = line.tags[m]
        if letter == "H" and "c" in frames:
            return m, (m + 1, clause_end(line, m + 1)), "that"
        if letter == '"' and m and line.quoted[m - 1] and not r.known.verb_first:
            continue  # it closes
        if letter in ':"' and "q" in frames:
            first = m + 1 if letter == ":" and line.tags[m + 1 : m + 2] == '"' else m
            return m, (first + 1, clause_end(line, first + 1)), "quotation" if letter == '"' else "colon"
        if letter in ".;":
            return None
        if line.at("cues.according", m):
            continue
        if m > k and m not in r.used and any(_verbal(r.known, f) for f in r.known.cues.at(line.readings, m)):
            return None
    return None


def _before_another(r: _Saying, i: int, j: int) -> int:
    """Return where a voice ends: before the one it quotes, "the paper, citing an officer"."""
    held = r.known.list("cues.according")
    return next((k for k in range(i, j) if held.at(r.line.readings, k)), j)


def _turned(r: _Saying, start: int, end: int) -> tuple[Range | None, list[Range]] | None:
    """Return who spoke and what, of a verb after its content: "...", said X."""
    line = r.line
    k = start
    while k and line.tags[k - 1] in "-_,":
        k -= 1
    if k < 2 or (k == start and line.tags[k - 1] != '"'):
        return None
    voice = habits(line.code).voice(line.words, start, end) or _stripped(r, right_phrase(line, end))
    if not r.known.verb_first and voice is None:
        return None
    rest: list[Range] = []
    after = voice[1] if voice else end
    if after + 1 < len(line) and line.tags[after] in ",." and line.quoted[after + 1]:
        rest = [(after + 1, clause_end(line, after + 2))]
    return voice, [(0, k), *rest]


def _stripped(r: _Saying, voice: Range | None) -> Range | None:
    """Return a voice after its verb without words of time and a preposition before it."""
    if voice is None or r.known.verb_first:
        return voice
    i, j = voice
    while i < j - 1 and (r.line.tags[i] in "PB" or r.line.at("time.words", i)):
        i += 1
    return i, j


def _governed(r: _Saying, cues: Range, cue: Cue, left: Range | None, *, no: bool) -> bool:
    """Read a verb whose content is an act: denied the attack, called on X to stop, accused X of."""
    if not r.known.verb_first:
        return left is not None and _followed(r, cues, cue, left, no=no)
    line, end = r.line, cues[1]
    if not set("noa") & set(cue.frames):
        return False
    stop = clause_end(line, end)
    to = next((m for m in range(end, min(stop, end + _FAR)) if _is_to(r, m)), None)
    if "a" in cue.frames and to is not None:
        split = _second(r, end, to)
        return r.add(cue, cues, (end, split) if split > end else left, [(split, stop)], "accuse", no=no)
    if "o" in cue.frames and to is not None:
        return r.add(cue, cues, (end, to) if to > end else left, [(to, stop)], "infinitive", no=no)
    at = _act(r, end, stop)
    source = (end, at) if at > end else left
    return "n" in cue.frames and r.add(cue, cues, source, [(at, stop)], "noun-phrase", no=no)


def _followed(r: _Saying, cues: Range, cue: Cue, left: Range, *, no: bool) -> bool:
    """Read a verb that stands between its voice and what is said: all that follows it is content."""
    line, end = r.line, cues[1]
    stop = clause_end(line, end)
    first = next((m for m in range(end, stop) if line.tags[m] not in "XB"), stop)
    bare = first < stop and line.tags[first] in "hbv"
    about = line.at("cues.about", end) if end < stop else []
    to = any(_is_to(r, m) for m in range(end, min(stop, end + _FAR)))
    if "p" in cue.frames and bare:
        return r.add(cue, cues, left, [(end, stop)], "infinitive", no=no)
    if _passive(r, cues, cue, left, no=no):
        return True
    if "b" in cue.frames and about:
        return r.add(cue, cues, left, [(about[0].end, stop)], "about", no=no)
    for frame, rule, opens in (("a", "accuse", to), ("o", "infinitive", to), ("n", "noun-phrase", True)):
        if frame in cue.frames and opens:
            return r.add(cue, cues, left, [(end, stop)], rule, no=no)
    return False


def _passive(r: _Saying, cues: Range, cue: Cue, left: Range, *, no: bool) -> bool:
    """Read "were counted by X": a passive of saying with its agent."""
    line = r.line
    if "b" not in line.tags[cues[0] : cues[1]]:
        return False
    for m in range(cues[1], min(len(line), cues[1] + 8)):
        if line.tags[m] in ",;:.":
            return False
        for found in line.at("roles.by", m):
            return r.add(cue, cues, right_phrase(line, found.end), [left], "passive-by", no=no)
    return False


def _is_to(r: _Saying, m: int) -> bool:
    """Return whether a token opens what is asked or charged."""
    after = r.known.list("cues.after_to")
    if after.at(r.line.readings, m) or (r.line.tags[m] == "v" and not r.known.verb_first):
        return True
    return any(mark in after for reading in r.line.readings[m][1:] for mark in reading.before[:1])


def _second(r: _Saying, i: int, j: int) -> int:
    """Return where the second of two noun phrases begins: who is accused, after who accuses."""
    line = r.line
    named = [k for k in range(i + 1, j) if line.at("people.agents", k)]
    named += [k for k in range(i + 1, j) if r.known.states.at(line.readings, k)]
    firsts = [k for k in sorted(named) if line.tags[k] not in "PC"]
    return firsts[0] if firsts else min(j, i + 1)


def _act(r: _Saying, i: int, j: int) -> int:
    """Return the first token of an act that is named between two tokens; `i` where there is none."""
    return next((k for k in range(i, j) if r.known.triggers.at(r.line.readings, k)), i)


def _according(r: _Saying, k: int) -> None:
    line = r.line
    for found in line.at("cues.according", k):
        voice = right_phrase(line, found.end)
        if voice is None:
            continue
        end = clause_end(line, 0)
        if line.tags[voice[1] : voice[1] + 1] == "H":  # the one quoted by a voice before
            if r.add(SAYS, (k, found.end), voice, [(voice[1] + 1, end)], "according-to"):
                return
            continue
        after = voice[1] + (line.tags[voice[1] : voice[1] + 1] in (",", ":"))
        if k <= 1:
            content = [(after, end)]
        else:
            content = [(0, k)] + ([(after, end)] if line.tags[voice[1] : voice[1] + 1] == "," else [])
        if r.add(SAYS, (k, found.end), voice, content, "according-to"):
            return


_HEARSAY = Cue("hearsay", "asserts", "", "c", distant=True)


def _hearsay(r: _Saying, k: int) -> None:
    line = r.line
    if (k, k + 1) in r.unnamed:
        r.add(_HEARSAY, (k, k + 1), None, [_around(line, Found(k, k + 1, "N", "", "", ""))], "hearsay")
        return
    opens = not k or line.tags[k - 1] in ',;:."-_'
    for name in ("cues.hearsay", "cues.passive") if opens else ("cues.hearsay",):
        for found in line.at(name, k):
            content = (
                (found.end, clause_end(line, found.end)) if name == "cues.passive" else _around(line, found)
            )
            r.add(_HEARSAY if name == "cues.hearsay" else SAYS, (k, found.end), None, [content], "hearsay")
            return


def _around(line: Line, found: Found[str]) -> Range:
    first = found.start
    while first and line.tags[first - 1] not in ',;:"H.':
        first -= 1
    return first, clause_end(line, found.end)


def _noun(r: _Saying, k: int) -> None:
    """Read a noun of saying before its that-clause: the claim that ..."""
    line = r.line
    for found in r.known.cue_nouns.at(line.readings, k):
        if line.tags[found.end : found.end + 1] == "H":
            content = (found.end + 1, clause_end(line, found.end + 1))
            r.add(found.value, (k, found.end), None, [content], "noun-that")
            return


def _headline(r: _Saying) -> None:
    """Read "X: ..." at the head of a title."""
    line = r.line
    if line.zone not in ("title", "heading") or r.found:
        return
    k = next((m for m in range(1, min(len(line), 8)) if line.tags[m] == ":"), 0)
    if k and not any(letter in "ez" for letter in line.tags[:k]):
        r.add(SAYS, (k, k + 1), (0, k), [(k + 1, clause_end(line, k + 1))], "headline")


def _trim(line: Line, i: int, j: int) -> Range:
    while i < j and line.tags[i] in ',:;_-"':
        i += 1
    while j > i and line.tags[j - 1] in ',;_:-."':
        j -= 1
    return i, j


def _voice(line: Line, i: int, j: int) -> Range:
    """Return a voice without the preposition that its verb has after it: "warned of"."""
    while j > i and line.tags[j - 1] == "P":
        j -= 1
    return i, j
