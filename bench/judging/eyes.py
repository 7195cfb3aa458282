"""Records of a made conflict whose fighting or whose access doubles on a known day, and what is said."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from holdfire.judging.changes import course
from holdfire.records.change import Effort
from holdfire.records.sight import SIGHT
from holdfire.records.spell import DAILY

FIRST = date(2031, 1, 1)
DAYS, TURN = 160, 80


@dataclass(frozen=True)
class Scene:
    """What changes on day `TURN`, as factors.

    Attributes:
        fighting: Of fights that the agreement binds.
        access: Of the chance that each source hears of an incident.
        others: Of fights that it does not bind.
        sources: The chance, before, that each source hears of one; sources are independent but for `loud`.
        loud: Share of incidents of which every source hears.
        rate: Incidents a day before.
    """

    fighting: float = 1.0
    access: float = 1.0
    others: float = 1.0
    sources: tuple[float, ...] = (0.35, 0.3)
    loud: float = 0.0
    rate: float = 12.0


def records(scene: Scene, seed: int) -> tuple[pa.Table, pa.Table]:
    """Return a DAILY table of what is told of, and its SIGHT table."""
    chance = np.random.default_rng(seed)
    rows = []
    days = np.zeros(DAYS)
    for day in range(DAYS):
        later = day >= TURN
        for apart, factor, rate in (
            (False, scene.fighting, scene.rate),
            (True, scene.others, scene.rate / 2),
        ):
            mean = rate * (factor if later else 1.0)
            happened = chance.poisson(chance.gamma(8, mean / 8))
            hears = np.array(scene.sources) * (scene.access if later else 1.0)
            heard = chance.random((happened, len(hears))) < hears
            heard |= (chance.random(happened) < scene.loud)[:, None]
            known = heard.any(axis=1)
            days[day] += 0 if apart else known.sum()
            single = heard.sum(axis=1) == 1
            row = {"date": FIRST + timedelta(day), "area": "Northmark", "apart": apart}
            if known.any():
                rows.append({**row, "root": "", "told": int(known.sum()), "alone": 0})
            for number in range(len(hears)):
                if heard[:, number].any():
                    told, alone = heard[:, number].sum(), (heard[:, number] & single).sum()
                    rows.append({**row, "root": f"source-{number}", "told": int(told), "alone": int(alone)})
    series = [
        {
            "date": FIRST + timedelta(day),
            "incidents": int(each) * 1000,
            "silent": 0,
            "killed_low": 0,
            "killed_best": 0,
            "killed_high": None,
        }
        for day, each in enumerate(days)
    ]
    return DAILY.table(series), SIGHT.table(rows)


def said(scene: Scene, seeds: range) -> Counter[str]:
    """Return how often each thing is said of the change nearest the turn; `no change`: none is found."""
    found: Counter[str] = Counter()
    for seed in seeds:
        series, sights = records(scene, seed)
        changes = [
            change
            for change in course(series, "incidents", "Northmark", sights).changes
            if abs((change.day - FIRST).days - TURN) <= 6
        ]
        found[changes[0].seeing.effort.value if changes else "no change"] += 1
    return found


SCENES = {
    "access doubles, two sources": (Scene(access=2), Effort.EXPLAINS),
    "access doubles, two sources that hear the same loud ones": (Scene(access=2, loud=0.15), Effort.EXPLAINS),
    "access doubles, one source": (Scene(access=2, sources=(0.35,)), Effort.EXPLAINS),
    "access halves, two sources": (Scene(access=0.4, sources=(0.7, 0.6)), Effort.EXPLAINS),
    "fighting doubles, two sources": (Scene(fighting=2), Effort.STEADY),
    "fighting doubles, loud ones": (Scene(fighting=2, loud=0.15), Effort.STEADY),
    "fighting doubles, one source": (Scene(fighting=2, sources=(0.35,)), Effort.STEADY),
    "fighting falls to a third, two sources": (Scene(fighting=0.33, rate=20), Effort.STEADY),
    "both double, two sources": (Scene(fighting=2, access=2), Effort.CHANGED),
}
"""What is made, and what ought to be said of it."""
