"""Who says what in a text, as spans of it: the sentences' attributions, joined where speech goes on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from holdfire.reading.prose.page.shadow import Shadow
from holdfire.reading.prose.sayings import settling, speeches
from holdfire.reading.prose.sayings.voices import ANNOUNCED, Attribution
from holdfire.reading.prose.words.tokens import Sentence


@dataclass(frozen=True, slots=True)
class Said:
    """One voice, its cue and what it says, as spans of the text.

    Attributes:
        source: Of the voice; empty: no one is named.
        cue: Of the words that tell of saying.
        content: Of what is said; may be in pieces.
        stance: What the cue does with its content, a value of Stance.
        rule: The construction it was found by.
        group: The kind of cue, a heading of `lexicons/cues.yaml`.
        nested: Inside what another voice says, or inside a quotation.
    """

    source: tuple[tuple[int, int], ...]
    cue: tuple[tuple[int, int], ...]
    content: tuple[tuple[int, int], ...]
    stance: str
    rule: str
    group: str
    nested: bool


def said(shadow: Shadow, read: Sequence[Sentence], spoken: Sequence[Sequence[Attribution]]) -> Iterator[Said]:
    """Yield the attributions of a text as spans, what goes on in later sentences joined to its voice.

    Args:
        shadow: The text the sentences were read from, with its offsets.
        read: Sentences, in order.
        spoken: The attributions of each.
    """
    spoken = [[each for each in held if not each.cue.mute] for held in spoken]
    more: dict[speeches.Place, list[tuple[int, int]]] = {}
    for n, place in enumerate(speeches.held_over(read, spoken)):
        if place is not None:
            more.setdefault(place, []).append(shadow.span(read[n].start, read[n].end))
    for n, s in enumerate(read):
        for m, each in enumerate(spoken[n]):
            later = more.get((n, m), [])
            if later or each.rule != ANNOUNCED:
                nested = settling.nested(spoken[n], each) or s.quoted[each.cues[0][0]]
                yield _spans(shadow, s, each, later, nested=nested)


def _spans(
    shadow: Shadow, s: Sentence, each: Attribution, later: Sequence[tuple[int, int]], *, nested: bool
) -> Said:
    def spans(ranges: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
        return tuple(shadow.span(s.starts[i], s.ends[j - 1]) for i, j in ranges if i < j)

    content = () if each.rule == ANNOUNCED else spans(each.content)
    source = spans([each.source] if each.source else [])
    stance, group = each.cue.stance, each.cue.group
    return Said(source, spans(each.cues), (*content, *later), stance, each.rule, group, nested)
