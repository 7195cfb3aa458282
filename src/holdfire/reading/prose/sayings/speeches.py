"""Speech that goes on: in the next sentence of a quotation, or in the paragraph after "X said:".

A sentence that stands whole in quotation marks, right after a quotation that has a voice, is that voice's
too; a colon at the end of a paragraph hands the next one to its voice. Nothing else is carried here.
"""

from __future__ import annotations

from collections.abc import Sequence

from holdfire.reading.prose.sayings.settling import nested
from holdfire.reading.prose.sayings.voices import ANNOUNCED, Attribution
from holdfire.reading.prose.words.syntax import sentence_end
from holdfire.reading.prose.words.tokens import Sentence

Place = tuple[int, int]
"""Number of a sentence, and of an attribution in it."""


def held_over(read: Sequence[Sentence], spoken: Sequence[Sequence[Attribution]]) -> list[Place | None]:
    """Return for each sentence the attribution of an earlier one that it goes on with; None: it stands alone.

    Args:
        read: Sentences of a text, in order.
        spoken: The attributions of each.
    """
    found: list[Place | None] = []
    speaking: Place | None = None
    for n, s in enumerate(read):
        before = read[n - 1] if n else None
        if speaking is not None and not (
            before is not None
            and s.zone == before.zone
            and _goes_on(before, s, spoken[speaking[0]][speaking[1]], spoken[n])
        ):
            speaking = None
        found.append(speaking)
        if speaking is None:
            speaking = _speaker(n, s, spoken[n])
        elif before is not None and s.paragraph != before.paragraph and not s.quoted[0]:
            speaking = None  # a block after a colon is one paragraph
    return found


def _speaker(n: int, s: Sentence, spoken: Sequence[Attribution]) -> Place | None:
    """Return the outermost voice of a sentence whose words stand in quotation marks or are still to come."""
    for m in range(len(spoken) - 1, -1, -1):
        each = spoken[m]
        if s.quoted[each.cues[0][0]] or nested(spoken, each):
            continue
        if each.rule == ANNOUNCED or any(s.quoted[i] or s.quoted[j - 1] for i, j in each.content):
            return n, m
    return None


def _goes_on(before: Sentence, s: Sentence, voice: Attribution, spoken: Sequence[Attribution]) -> bool:
    announced = voice.rule == ANNOUNCED and before.tags[-1] == ":"
    if any(not s.quoted[each.cues[0][0]] for each in spoken):
        return announced and s.paragraph == before.paragraph + 1 and not s.quoted[0] and s.tags[0] != '"'
    if s.paragraph == before.paragraph:
        return _whole(s)
    if s.paragraph != before.paragraph + 1:
        return False
    return announced or (_whole(s) and before.quoted[-1] and before.tags[-1] != '"')


def _whole(s: Sentence) -> bool:
    """Return whether all of a sentence stands in quotation marks."""
    end = sentence_end(s)
    return bool(end) and s.quoted[0] and all(s.quoted[:end])
