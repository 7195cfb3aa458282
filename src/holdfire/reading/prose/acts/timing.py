"""Which time of a sentence is an event's own, and which is the time of saying.

The time of the event, of the saying and of the report are three fields. A time inside what is said is never
that of the saying, and a time beside the voice or its cue is never that of the event.
"""

from __future__ import annotations

from collections.abc import Sequence

from holdfire.reading.prose.acts.dates import When
from holdfire.reading.prose.acts.scene import Event, Scene, away, region_of
from holdfire.reading.prose.acts.triggers import Trigger
from holdfire.reading.prose.sayings.voices import Attribution
from holdfire.reading.prose.words.lexicon import word_set
from holdfire.reading.prose.words.syntax import Range
from holdfire.reading.prose.words.tokens import Sentence


def nearest_when(scene: Scene, trigger: Trigger, unit: Range, covering: Sequence[int]) -> When | None:
    """Return the time that is a trigger's own; None: its clause gives none."""
    i, j = unit
    inside = [w for w in scene.whens if i <= w.start and w.end <= j]
    region = region_of(scene, trigger, covering)
    if not inside:
        inside = [w for w in scene.whens if region[0] <= w.start <= region[0] + 2 and w.end <= region[1]]
    inside = [
        w
        for w in inside
        if w.kind != "as_of" and not _of_saying(scene, w, trigger) and not _apart(scene.s, trigger, w)
    ]
    if not inside:
        return None
    return min(inside, key=lambda w: (away(scene.s, trigger, w.start, w.end), w.start))


_ORDERS = word_set("after before following since until ahead")
"""Words that put what follows them at another time: "was made Monday after weeks of talks"."""


def _apart(s: Sentence, trigger: Trigger, when: When) -> bool:
    """Return whether a time stands in a clause that the trigger is outside of, or at another time than it."""
    if any(s.tags[k] == "W" and s.words[k] in ("which", "who") for k in range(trigger.end, when.start)):
        return True
    if when.end <= trigger.start and not _ORDERS.isdisjoint(s.words[when.end : trigger.start]):
        return True
    for k in range(when.start - 1, max(-1, when.start - 16), -1):
        if s.tags[k] == "W" and when.end <= trigger.start:
            return "," in s.tags[when.end : trigger.start]  # "the truce, which began on ..., has held"
    return False


def time_of_saying(scene: Scene, covering: Sequence[int]) -> When | None:
    """Return when the innermost voice of a claim spoke, as its sentence says; None: it does not say.

    "Earlier in June, X warned", "X said on Monday that", "..., X said on Monday", "a February report by X",
    "X said in a statement on Monday". The day of publication is for the caller to fall back on.

    Args:
        scene: The sentence with what was found in it.
        covering: The attributions whose content holds the claim, outermost first.
    """
    if not covering:
        return None
    inner = scene.spoken[covering[-1]]
    held = [w for w in scene.whens if w.kind in ("at", "as_of") and not w.total]
    return next((w for w in held if _says_when(scene.s, inner, w)), None)


def time_of_number(scene: Scene, event: Event) -> When | None:
    """Return when the number of an event stands: as of what its words say, else as of its toll's saying.

    "as of 3 May, 470 had been killed"; "according to a February report, over 470,000 have died".
    """
    i, j = event.unit
    stated = [w for w in scene.whens if w.kind == "as_of"]
    own = [w for w in stated if i <= w.start < j] or stated
    if own and (event.count is not None or event.harm.killed is not None):
        return own[0]
    return event.saying if event.type.startswith("toll.") and event.cumulative else None


def _says_when(s: Sentence, a: Attribution, when: When) -> bool:
    """Return whether a time is that of one voice speaking."""
    if a.source is not None and a.source[0] <= when.start and when.end <= a.source[1]:
        return not any(s.tags[k] in "Wg" for k in range(a.source[0], when.start))
    if _opens_content(s, a, when):
        return True
    if any(i <= when.start < j for i, j in a.content):
        return False
    i, j = a.cues[0][0], a.cues[-1][1]
    if when.start >= j:
        return when.start - j <= _BESIDE and not _turns(s, j, when.start)
    first = min(i, a.source[0]) if a.source is not None else i
    if when.start >= first or when.end == i:
        # "The ministry on Tuesday said", and not "those who fled on Tuesday said".
        left = max(0, when.start - _BESIDE) if when.start < first else when.end
        return not _turns(s, left, i)
    # "Earlier in June, X warned": at the front of the clause, with nothing but its comma before the voice.
    return first - when.end <= 2 and not _turns(s, when.end, first) and _fronted(s, when.start)


_BESIDE = 7
"""Most words between a cue and its time: "told reporters in the capital on Monday"."""


def _turns(s: Sentence, i: int, j: int) -> bool:
    """Return whether another clause begins between two places."""
    return any(s.tags[k] in 'WHS;:zekbhMd"' for k in range(i, j))


def _fronted(s: Sentence, i: int) -> bool:
    """Return whether a time stands at the front of a clause, its preposition passed over."""
    while i and s.tags[i - 1] in "PBD":
        i -= 1
    if (
        i > 1 and s.tags[i - 1] in "en" and s.words[i - 2] in _REPORTS
    ):  # "in an interview published on Monday"
        return True
    return i == 0 or s.tags[i - 1] in ',;:_"C('


def _opens_content(s: Sentence, a: Attribution, when: When) -> bool:
    """Return whether a time stands between a cue and the clause it opens: "said Monday that"."""
    if a.rule in ("according-to", "noun-that", "noun-of"):
        return False
    begun = when.start - (1 if when.start and s.tags[when.start - 1] == "P" else 0)
    if not any(begun == j for _, j in a.cues):
        return False
    if not any(when.start < y and x <= when.start for x, y in a.content):
        return False
    return s.tags[begun] == "T" and (begun + 1 >= len(s) or s.tags[when.end : when.end + 1] in ("H", ","))


_REPORTS = word_set("report reports statement statements study interview letter briefing speech communique")
_WHOSE = word_set("a the its their his her this that")


def _of_saying(scene: Scene, when: When, trigger: Trigger) -> bool:
    """Return whether a time is that of a voice speaking, or of a report, and so none of an event."""
    s = scene.s
    for a in scene.spoken:
        if _opens_content(s, a, when):
            return True
        if a.source is None or a.source[0] <= trigger.start < a.source[1]:
            continue
        if a.source[0] <= when.start and when.end <= a.source[1]:
            return True
    if (
        when.start
        and when.end < len(s)
        and s.words[when.start - 1] in ("a", "the", "its", "their", "his", "her")
    ):
        return s.words[when.end] in _REPORTS
    return False
