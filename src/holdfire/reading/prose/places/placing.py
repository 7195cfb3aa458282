"""Which places of a sentence are an event's own, the main one first."""

from __future__ import annotations

from collections.abc import Sequence

from holdfire.reading.prose.acts.scene import Scene, away, region_of
from holdfire.reading.prose.acts.triggers import Trigger
from holdfire.reading.prose.places.toponyms import Where
from holdfire.reading.prose.words.syntax import Range

_WIDE = ("country", "region")


def places_of(scene: Scene, trigger: Trigger, unit: Range, covering: Sequence[int]) -> list[Where]:
    """Return the places that are a trigger's own, the main one first; empty: its clause gives none.

    Args:
        scene: The sentence.
        trigger: Of the event.
        unit: Its clause.
        covering: Attributions whose content holds it.

    Returns:
        The main place, then those told with it ("in Homs, Hama and Idlib"), in the order of the text.
    """
    i, j = unit
    inside = [w for w in scene.wheres if i <= w.start and w.end <= j]
    if not inside:
        region = region_of(scene, trigger, covering)
        inside = [w for w in scene.wheres if region[0] <= w.start <= region[0] + 3 and w.end <= region[1]]
    if not inside:
        return []

    # What follows an act says where it was; what goes before it as often says whose.
    def order(w: Where) -> tuple[bool, int]:
        return w.level in _WIDE, away(scene.s, trigger, w.start, w.end) + 4 * (w.end <= trigger.start)

    main = min(inside, key=order)
    return [main, *_told_with(scene, main, inside)]


def nearest_where(scene: Scene, trigger: Trigger, unit: Range, covering: Sequence[int]) -> Where | None:
    """Return the place that is a trigger's own; None: its clause gives none."""
    found = places_of(scene, trigger, unit, covering)
    return found[0] if found else None


def _told_with(scene: Scene, main: Where, inside: Sequence[Where]) -> list[Where]:
    """Return the places in one list with the main one: apart by nothing but commas, "and", "in"."""
    held = {main.start}
    grown = True
    while grown:
        grown = False
        for w in inside:
            if w.start in held:
                continue
            for other in inside:
                if other.start in held and _listed(scene, *sorted((w, other), key=lambda each: each.start)):
                    held.add(w.start)
                    grown = True
                    break
    return [w for w in inside if w.start in held and w is not main]


def _listed(scene: Scene, one: Where, other: Where) -> bool:
    s = scene.s
    gap = s.words[one.end : other.start]
    if len(gap) > 4 or one.end > other.start:
        return False
    arabic = not gap and s.raws[other.start][0] == "و"
    return arabic or (bool(gap) and all(w in _BETWEEN for w in gap) and gap != ["in"])


_BETWEEN = frozenset(
    (",", "and", "or", "in", "near", "the", "et", "à", "и", "،", "و", "towns", "villages", "of", "as", "well")
)
