"""Which place of a sentence is an event's own."""

from __future__ import annotations

from collections.abc import Sequence

from holdfire.reading.prose.scene import Scene, away, region_of
from holdfire.reading.prose.syntax import Range
from holdfire.reading.prose.toponyms import Where
from holdfire.reading.prose.triggers import Trigger


def nearest_where(scene: Scene, trigger: Trigger, unit: Range, covering: Sequence[int]) -> Where | None:
    """Return the place that is a trigger's own; None: its clause gives none."""
    i, j = unit
    inside = [w for w in scene.wheres if i <= w.start and w.end <= j]
    if not inside:
        region = region_of(scene, trigger, covering)
        inside = [w for w in scene.wheres if region[0] <= w.start <= region[0] + 3 and w.end <= region[1]]
    if not inside:
        return None

    # What follows an act says where it was; what goes before it as often says whose.
    def order(w: Where) -> tuple[bool, int]:
        return w.level == "country", away(scene.s, trigger, w.start, w.end) + 4 * (w.end <= trigger.start)

    return min(inside, key=order)
