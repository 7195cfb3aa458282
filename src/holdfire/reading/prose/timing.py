"""Which time of a sentence is an event's own, and which is the time of saying."""

from __future__ import annotations

from collections.abc import Sequence

from holdfire.reading.prose.dates import When
from holdfire.reading.prose.scene import Scene, away, region_of
from holdfire.reading.prose.syntax import Range
from holdfire.reading.prose.tokens import Sentence
from holdfire.reading.prose.triggers import Trigger


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
        if w.kind != "as_of" and not _of_saying(scene, w) and not _apart(scene.s, trigger, w)
    ]
    if not inside:
        return None
    return min(inside, key=lambda w: (away(scene.s, trigger, w.start, w.end), w.start))


def _apart(s: Sentence, trigger: Trigger, when: When) -> bool:
    """Return whether a time stands in a relative clause that the trigger is outside of."""
    if any(s.tags[k] == "W" and s.words[k] in ("which", "who") for k in range(trigger.end, when.start)):
        return True
    for k in range(when.start - 1, max(-1, when.start - 16), -1):
        if s.tags[k] == "W" and when.end <= trigger.start:
            return "," in s.tags[when.end : trigger.start]  # "the truce, which began on ..., has held"
    return False


def _of_saying(scene: Scene, when: When) -> bool:
    """Return whether a time stands beside a cue, and so is the time of saying."""
    s = scene.s
    for a in scene.spoken:
        for _, j in a.cues:
            if a.rule in ("according-to", "noun-that", "noun-of"):
                continue
            begun = when.start - (1 if when.start and s.tags[when.start - 1] == "P" else 0)
            if begun == j and any(when.start < y and x <= when.start for x, y in a.content):
                return s.tags[begun] == "T" and (
                    begun + 1 >= len(s) or s.tags[when.end : when.end + 1] in ("H", ",")
                )
    if when.start and s.words[when.start - 1] in ("a", "the") and when.end < len(s):
        return s.words[when.end] in ("report", "statement", "study", "interview")
    return False
